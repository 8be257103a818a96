//! `hexad wave`.

mod run;

use crate::args::wave::{WaveArgs, WaveCommand};
use crate::error::Outcome;

/// A run.
pub fn run(args: &WaveArgs) -> Outcome<()> {
    match &args.command {
        WaveCommand::Run(args) => run::run(args),
    }
}
