//! `cargo xtask package`: does each published crate stand alone?

use std::error::Error;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Instant;

use crate::Outcome;
use crate::step;
use crate::workspace::{Packages, cargo, root, target};

const NO_COMPARER: &str = "cargo-semver-checks is not installed: cargo install --locked cargo-semver-checks";

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
    match last_release()? {
        Some(last) if !can_compare() => println!("--- interface: not compared with {last}; {NO_COMPARER}"),
        _ => interface()?,
    }
    print!("{table}");
    Ok(())
}

/// Looks for breaks of the interface since the last tag, where there is one, that the versions do not own up to.
pub(crate) fn interface() -> Outcome {
    let Some(last) = last_release()? else {
        println!("--- interface: there is no release to compare with");
        return Ok(());
    };
    if !can_compare() {
        return Err(NO_COMPARER.into());
    }
    let mut compare = cargo();
    compare.args(["semver-checks", "--workspace", "--baseline-rev", &last]);
    // Those that the release did not have yet would stop it.
    for package in Packages::read()?.published() {
        if !is_in(&last, &package.name)? {
            compare.args(["--exclude", &package.name]);
        }
    }
    step::run("interface", &mut compare)
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

/// The newest tag of a version.
fn last_release() -> Result<Option<String>, Box<dyn Error>> {
    let tags = git(&["tag", "--list", "v*", "--sort=-version:refname"])?;
    Ok(tags.lines().next().map(str::to_owned))
}

/// Whether a release has a package of that name.
fn is_in(release: &str, name: &str) -> Result<bool, Box<dyn Error>> {
    let names = git(&["grep", "-h", "^name = ", release, "--", "*Cargo.toml"])?;
    Ok(names.lines().any(|line| line == format!("name = \"{name}\"")))
}

/// What git prints.
fn git(arguments: &[&str]) -> Result<String, Box<dyn Error>> {
    let output = Command::new("git").args(arguments).current_dir(root()).output()?;
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Whether the tool that compares interfaces is installed.
fn can_compare() -> bool {
    let mut probe = cargo();
    probe.args(["semver-checks", "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    probe.status().is_ok_and(|status| status.success())
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
