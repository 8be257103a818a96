//! Options of `hexad neuron`: groups that several of its commands have, and one file per command.

pub mod bombardment;
pub mod current;
pub mod fi;
pub mod integrator;
pub mod membrane;
pub mod network;
pub mod population;
pub mod recording;
pub mod run;
pub mod threshold;

use clap::Subcommand;

/// What to simulate.
#[derive(Debug, Subcommand)]
pub enum NeuronCommand {
    /// One neuron with everything that can be seen of it, alone or under Poisson spike trains
    Run(Box<run::RunArgs>),
    /// The f-I curve: how fast a neuron fires at a constant current, and from where on
    Fi(Box<fi::FiArgs>),
    /// Thousands of neurons, each under its own Poisson spike trains
    Population(Box<population::PopulationArgs>),
    /// A recurrent network: populations, synapses and delays from a TOML file
    Network(Box<network::NetworkArgs>),
}
