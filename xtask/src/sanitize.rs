//! `cargo xtask sanitize`: the one module with `unsafe`, and crates that lean on it, under the address sanitizer.

use std::process::{Command, Stdio};

use crate::workspace::{root, target};
use crate::{Outcome, step};

/// The sanitizer wants a target by name, and `unsafe` is for this kind of processor alone.
const TARGET: &str = "x86_64-unknown-linux-gnu";
const PACKAGES: [&str; 3] = ["hexad-core", "hexad-smoothing", "hexad-density"];

/// Runs the unit tests of some crates with every access to memory watched. Needs a nightly toolchain.
pub(crate) fn run() -> Outcome {
    let mut probe = nightly();
    probe.arg("--version").stdout(Stdio::null()).stderr(Stdio::null());
    if !probe.status().is_ok_and(|status| status.success()) {
        return Err("the sanitizer needs a nightly toolchain: rustup toolchain install nightly".into());
    }
    let mut tests = nightly();
    tests.args(["test", "--lib", "--target", TARGET, "--target-dir"]).arg(target().join("sanitize"));
    PACKAGES.iter().for_each(|name| _ = tests.args(["--package", name]));
    step::run("address sanitizer", tests.env("RUSTFLAGS", "-Zsanitizer=address"))
}

fn nightly() -> Command {
    let mut command = Command::new("rustup");
    command.args(["run", "nightly", "cargo"]).current_dir(root());
    // Cargo has set these for the toolchain that runs this task.
    ["CARGO", "RUSTC", "RUSTUP_TOOLCHAIN"].iter().for_each(|name| _ = command.env_remove(name));
    command
}
