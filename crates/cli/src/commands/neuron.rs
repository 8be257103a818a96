//! `hexad neuron`.

mod envelope;
mod fi;
mod figure;
mod limits;
mod network;
mod population;
mod rate_table;
mod recording;
mod refusal;
mod room;
mod run;
mod simulation;

use crate::args::neuron::NeuronCommand;
use crate::error::Outcome;

/// Simulates what is asked for.
pub fn run(command: &NeuronCommand) -> Outcome<()> {
    match command {
        NeuronCommand::Run(args) => run::run(args),
        NeuronCommand::Fi(args) => fi::run(args),
        NeuronCommand::Population(args) => population::run(args),
        NeuronCommand::Network(args) => network::run(args),
    }
}
