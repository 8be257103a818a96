//! Tasks that need the crates themselves: built optimized, and only when asked for.

use crate::Outcome;
use crate::workspace::cargo;

/// Runs the task of `arguments` again in a release build with the feature `measure`.
pub(crate) fn run(arguments: &[&str]) -> Outcome {
    let status = cargo()
        .args(["run", "--quiet", "--release", "--package", "xtask", "--features", "measure", "--"])
        .args(arguments)
        .status()?;
    // The task has said what is wrong; its exit code is ours.
    std::process::exit(status.code().unwrap_or(1))
}
