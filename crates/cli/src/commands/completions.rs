//! `hexad completions`: the completion script of a shell.

use clap::CommandFactory;
use clap_complete::Shell;

use crate::args::Cli;
use crate::error::{Failure, Outcome};
use crate::report;

/// Prints the script for `shell`.
pub fn run(shell: Shell) -> Outcome<()> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "hexad", &mut script);
    let script = String::from_utf8(script)
        .map_err(|error| Failure::work(format!("cannot write the script: {error}")))?;
    report::print_text(&script)
}
