//! `hexad neuron`.

mod fi;
mod limits;
mod refusal;
mod run;

use crate::args::neuron::NeuronCommand;
use crate::error::Outcome;

/// Simulates what is asked for.
pub fn run(command: &NeuronCommand) -> Outcome<()> {
    match command {
        NeuronCommand::Run(args) => run::run(args),
        NeuronCommand::Fi(args) => fi::run(args),
    }
}
