//! The workspace as cargo sees it.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// Folder of the root manifest: every task works from there, whatever the current folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// Where everything that is made goes: `target` in the root, or what `CARGO_TARGET_DIR` says.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), |path| root().join(path))
}

/// A cargo command in the root.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// One package of the workspace or of its dependencies.
#[derive(Debug, Clone)]
pub(crate) struct Package {
    id: String,
    pub name: String,
    pub version: String,
    /// `major.minor[.patch]`, if stated.
    pub rust_version: Option<String>,
    /// As SPDX has it; empty if not stated.
    pub license: String,
    /// Where it comes from, if not from this workspace.
    pub source: Option<String>,
    pub folder: PathBuf,
    pub is_member: bool,
    pub is_published: bool,
    /// Ids of the packages it builds upon, dev-dependencies left out.
    dependencies: Vec<String>,
}

/// The workspace and all that it builds upon.
pub(crate) struct Packages(Vec<Package>);

impl Packages {
    /// All packages that `cargo metadata` names.
    pub fn read() -> Result<Self, Box<dyn Error>> {
        let output = cargo().args(["metadata", "--format-version", "1", "--all-features"]).output()?;
        if !output.status.success() {
            return Err(String::from_utf8_lossy(&output.stderr).trim().to_owned().into());
        }
        let metadata: Value = serde_json::from_slice(&output.stdout)?;
        Ok(Self(array(&metadata["packages"]).map(|package| read_package(package, &metadata)).collect()))
    }

    /// Those of this workspace, and all that they build upon.
    pub fn all(&self) -> impl Iterator<Item = &Package> {
        self.0.iter()
    }

    /// Those of this workspace.
    pub fn members(&self) -> impl Iterator<Item = &Package> {
        self.0.iter().filter(|package| package.is_member)
    }

    /// What `member` asks for itself.
    pub fn directly_below<'a>(&'a self, member: &'a Package) -> impl Iterator<Item = &'a Package> {
        self.0.iter().filter(|other| member.dependencies.contains(&other.id))
    }

    /// All that `member` builds upon, at any depth, itself included; dependencies first.
    pub fn below<'a>(&'a self, member: &'a Package) -> Vec<&'a Package> {
        fn visit<'a>(packages: &'a Packages, package: &'a Package, found: &mut Vec<&'a Package>) {
            if found.iter().any(|other| other.id == package.id) {
                return;
            }
            for dependency in packages.directly_below(package) {
                visit(packages, dependency, found);
            }
            found.push(package);
        }
        let mut found = Vec::new();
        visit(self, member, &mut found);
        found
    }

    /// The published crates, each after those it builds upon.
    pub fn published(&self) -> Vec<&Package> {
        let mut ordered: Vec<&Package> = Vec::new();
        for member in self.members().filter(|package| package.is_published) {
            let below = self.below(member).into_iter().filter(|package| package.is_member);
            let new: Vec<_> =
                below.filter(|package| !ordered.iter().any(|other| other.id == package.id)).collect();
            ordered.extend(new);
        }
        ordered
    }
}

fn read_package(package: &Value, metadata: &Value) -> Package {
    let text = |key: &str| package[key].as_str().unwrap_or_default().to_owned();
    let node = array(&metadata["resolve"]["nodes"]).find(|node| node["id"] == package["id"]);
    let builds_upon = |dependency: &&Value| {
        array(&dependency["dep_kinds"]).any(|kind| kind["kind"].as_str() != Some("dev"))
    };
    let dependencies = node.into_iter().flat_map(|node| array(&node["deps"])).filter(builds_upon);
    Package {
        id: text("id"),
        name: text("name"),
        version: text("version"),
        rust_version: package["rust_version"].as_str().map(str::to_owned),
        license: text("license"),
        source: package["source"].as_str().map(str::to_owned),
        folder: Path::new(&text("manifest_path")).parent().unwrap_or(root()).to_owned(),
        is_member: array(&metadata["workspace_members"]).any(|id| *id == package["id"]),
        // `publish = false` reads as an empty list of registries.
        is_published: package["publish"].as_array().is_none_or(|registries| !registries.is_empty()),
        dependencies: dependencies.filter_map(|node| node["pkg"].as_str().map(str::to_owned)).collect(),
    }
}

/// The elements of a JSON array; none if it is something else.
fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}
