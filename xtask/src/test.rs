//! `cargo xtask test`: everything that must hold before a change is shared.

use std::process::{Command, Stdio};

use crate::Outcome;
use crate::workspace::cargo;
use crate::{links, manifests, python, step};

/// Runs the steps, quick ones first.
pub(crate) fn run() -> Outcome {
    step::run("format", cargo().args(["fmt", "--all", "--check"]))?;
    step::check("manifests", manifests::check)?;
    if has("deny") {
        let deny = ["deny", "--offline", "check", "bans", "licenses", "sources"];
        step::run("dependencies", cargo().args(deny))?;
    } else {
        println!("--- dependencies: skipped, for cargo-deny is not installed");
    }
    step::check("links", links::check)?;
    // xtask has two faces: with what it measures and without.
    step::run("lints", cargo().args(["clippy", "--package", "xtask", "--", "-D", "warnings"]))?;
    let lints = ["clippy", "--workspace", "--all-targets", "--all-features", "--", "-D", "warnings"];
    step::run("lints, all features", cargo().args(lints))?;
    step::run("tests", tests().envs(STRICT))?;
    step::run("doctests", cargo().args(["test", "--workspace", "--all-features", "--doc"]).envs(STRICT))?;
    let docs = ["doc", "--workspace", "--all-features", "--no-deps", "--document-private-items"];
    step::run("docs", cargo().args(docs).env("RUSTDOCFLAGS", "-D warnings"))?;
    python::test()
}

/// Snapshots are compared, never accepted.
const STRICT: [(&str, &str); 2] = [("CI", "true"), ("INSTA_UPDATE", "no")];

/// nextest where it is installed, else cargo's own runner.
fn tests() -> Command {
    let mut command = cargo();
    if has("nextest") {
        command.args(["nextest", "run", "--workspace", "--all-features"]);
    } else {
        command.args(["test", "--workspace", "--all-features", "--lib", "--bins", "--tests"]);
    }
    command
}

/// Whether cargo has a command that comes apart from it.
fn has(command: &str) -> bool {
    let mut probe = cargo();
    probe.args([command, "--version"]).stdout(Stdio::null()).stderr(Stdio::null());
    probe.status().is_ok_and(|status| status.success())
}
