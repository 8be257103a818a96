//! `cargo xtask package`: does each published crate stand alone?

use crate::Outcome;
use crate::step;
use crate::workspace::{Packages, cargo};

/// Packages the published crates and builds them from their packages, in order, each upon the
/// packages before it; then builds and tests each alone, with all features and with none.
pub(crate) fn run() -> Outcome {
    let packages = Packages::read()?;
    let published = packages.published();
    let names: Vec<&str> = published.iter().map(|package| package.name.as_str()).collect();
    println!("in order: {}", names.join(", "));
    // Cargo unpacks each tarball and builds it, with the packaged siblings as its registry.
    let mut package = cargo();
    package.args(["package", "--allow-dirty"]);
    names.iter().for_each(|name| _ = package.args(["--package", name]));
    step::run("package", &mut package)?;
    for name in names {
        step::run(&format!("{name} alone"), cargo().args(["test", "--package", name]))?;
        let minimal = ["build", "--package", name, "--no-default-features"];
        step::run(&format!("{name}, minimal features"), cargo().args(minimal))?;
    }
    Ok(())
}
