//! One file per command.

mod completions;
mod delay;
mod density;
mod neuron;
mod rebuild;
mod smooth;
mod spectrum;
mod wave;

use crate::args::Command;
use crate::error::Outcome;

/// Does what the command line asks.
pub fn run(command: Command) -> Outcome<()> {
    match command {
        Command::Delay(args) => delay::run(&args),
        Command::Density(args) => density::run(&args),
        Command::Neuron(command) => neuron::run(&command),
        Command::Rebuild(args) => rebuild::run(&args),
        Command::Smooth(args) => smooth::run(&args),
        Command::Spectrum(args) => spectrum::run(&args),
        Command::Wave(args) => wave::run(&args),
        Command::Completions { shell } => completions::run(shell),
    }
}
