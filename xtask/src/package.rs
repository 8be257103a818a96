//! `cargo xtask package`: does each published crate stand alone?

use std::path::PathBuf;

use crate::Outcome;
use crate::step;
use crate::workspace::{Packages, cargo, target};

/// Packages the published crates and builds them from their packages, in order, each upon the
/// packages before it; then builds and tests each alone, with all features and with none.
pub(crate) fn run() -> Outcome {
    let packages = Packages::read()?;
    let published = packages.published();
    let names: Vec<&str> = published.iter().map(|package| package.name.as_str()).collect();
    println!("in order: {}", names.join(", "));
    forget_earlier_runs(&names)?;
    // Cargo unpacks each tarball and builds it, with the packaged siblings as its registry.
    let mut package = cargo();
    package.args(["package", "--allow-dirty", "--target-dir"]).arg(fresh_folder()?);
    names.iter().for_each(|name| _ = package.args(["--package", name]));
    step::run("package", &mut package)?;
    for name in names {
        step::run(&format!("{name} alone"), cargo().args(["test", "--package", name]))?;
        let minimal = ["build", "--package", name, "--no-default-features"];
        step::run(&format!("{name}, minimal features"), cargo().args(minimal))?;
    }
    Ok(())
}

/// A folder for what is built from packages: in one with the siblings of an earlier run cargo would not build
/// them again.
fn fresh_folder() -> Result<PathBuf, Box<dyn std::error::Error>> {
    let folder = target().join("from-packages");
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
