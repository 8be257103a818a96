//! One file per command.

mod completions;
mod smooth;

use crate::args::Command;
use crate::error::Outcome;

/// Does what the command line asks.
pub fn run(command: Command) -> Outcome<()> {
    match command {
        Command::Smooth(args) => smooth::run(&args),
        Command::Completions { shell } => completions::run(shell),
    }
}
