//! `cargo xtask package`: does each published crate stand alone?

use std::error::Error;
use std::path::PathBuf;
use std::process::Command;
use std::time::Instant;

use crate::Outcome;
use crate::step;
use crate::workspace::{Packages, cargo, root, target};

/// Packages the published crates and builds them from their packages, in order, each upon the
/// packages before it; then builds each alone from nothing, tests it, and builds it with minimal features; compares
/// with the last release, if there is one. Prints how many packages each needs and how long they take.
pub(crate) fn run() -> Outcome {
    let packages = Packages::read()?;
    let published = packages.published();
    let names: Vec<&str> = published.iter().map(|package| package.name.as_str()).collect();
    println!("in order: {}", names.join(", "));
    forget_earlier_runs(&names)?;
    // Cargo unpacks each tarball and builds it, with the packaged siblings as its registry.
    let mut package = cargo();
    package.args(["package", "--allow-dirty", "--target-dir"]).arg(fresh_folder("from-packages")?);
    names.iter().for_each(|name| _ = package.args(["--package", name]));
    step::run("package", &mut package)?;
    let mut table = String::from("| crate | packages of others | from nothing, s |\n|---|---|---|\n");
    for package in &published {
        let (others, seconds) = (others(&package.name)?, alone(&package.name)?);
        table += &format!("| `{}` | {others} | {seconds:.0} |\n", package.name);
    }
    compare_with_release()?;
    print!("{table}");
    Ok(())
}

/// How many packages of others are compiled for a crate, macros included.
fn others(name: &str) -> Result<usize, Box<dyn Error>> {
    let tree = ["tree", "--package", name, "--edges", "normal,build", "--prefix", "none", "--format", "{p}"];
    let output = cargo().args(tree).output()?;
    let text = String::from_utf8(output.stdout)?;
    let mut packages: Vec<&str> = text.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    packages.sort_unstable();
    packages.dedup();
    // Those of the workspace are named with their folder.
    packages.retain(|package| !package.is_empty() && !package.contains(&*root().to_string_lossy()));
    Ok(packages.len())
}

/// Builds a crate from nothing and says how long that took; tests it, with all features and with none.
fn alone(name: &str) -> Result<f64, Box<dyn Error>> {
    let folder = fresh_folder("alone")?;
    let start = Instant::now();
    let build = ["build", "--package", name, "--target-dir"];
    step::run(&format!("{name} from nothing"), cargo().args(build).arg(&folder))?;
    let seconds = start.elapsed().as_secs_f64();
    step::run(&format!("{name} alone"), cargo().args(["test", "--package", name, "--all-features"]))?;
    let minimal = ["build", "--package", name, "--no-default-features"];
    step::run(&format!("{name}, minimal features"), cargo().args(minimal))?;
    Ok(seconds)
}

/// Breaks of the interface since the last tag, where there is one.
fn compare_with_release() -> Outcome {
    let tags = Command::new("git")
        .args(["tag", "--list", "v*", "--sort=-version:refname"])
        .current_dir(root())
        .output()?;
    let tags = String::from_utf8_lossy(&tags.stdout).into_owned();
    let Some(last) = tags.lines().next() else {
        println!("--- interface: there is no release to compare with");
        return Ok(());
    };
    step::run("interface", cargo().args(["semver-checks", "--workspace", "--baseline-rev", last]))
}

/// An empty folder: in one with the siblings of an earlier run cargo would not build them again.
fn fresh_folder(name: &str) -> Result<PathBuf, Box<dyn Error>> {
    let folder = target().join(name);
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    Ok(folder)
}

/// Removes what cargo unpacked of our packages in an earlier run: it takes equal versions for equal sources.
fn forget_earlier_runs(names: &[&str]) -> Outcome {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home =
        home.or_else(|| Some(std::env::home_dir()?.join(".cargo"))).ok_or("there is no home folder")?;
    let Ok(registries) = std::fs::read_dir(home.join("registry/src")) else { return Ok(()) };
    for registry in registries {
        let registry = registry?;
        // Packages that are not published come from a registry without a host.
        if !registry.file_name().to_string_lossy().starts_with('-') {
            continue;
        }
        for package in std::fs::read_dir(registry.path())? {
            let package = package?;
            let folder = package.file_name().to_string_lossy().into_owned();
            let (name, _version) = folder.rsplit_once('-').unwrap_or((&folder, ""));
            if names.contains(&name) {
                std::fs::remove_dir_all(package.path())?;
            }
        }
    }
    Ok(())
}
