//! `hexad wave`.

mod converge;
mod run;

use crate::args::wave::{WaveArgs, WaveCommand};
use crate::error::Outcome;

/// Does what the command line asks.
pub fn run(args: &WaveArgs) -> Outcome<()> {
    match &args.command {
        WaveCommand::Run(args) => run::run(args),
        WaveCommand::Converge(args) => converge::run(args),
    }
}
