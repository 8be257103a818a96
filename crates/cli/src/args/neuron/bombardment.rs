//! Poisson spike trains from many sources.

use clap::Args;
use hexad_neuro_hh::{PoissonGroup, bombardment};

use crate::args::values;

/// What a source does, and what its spikes do.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Input")]
pub struct SourceArgs {
    /// Rate of each source, in Hz
    #[arg(long, value_name = "HZ", default_value_t = 10.0, allow_hyphen_values = true, value_parser = values::not_negative)]
    pub rate: f64,
    /// Probability that a spike is transmitted, 0 to 1
    #[arg(long, value_name = "P", default_value_t = 0.5, allow_hyphen_values = true, value_parser = values::probability)]
    pub release: f64,
    /// How far a spike from an excitatory source moves V, in mV, at its own time and whatever --dt is
    #[arg(long, value_name = "MV", default_value_t = 1.0, allow_hyphen_values = true, value_parser = values::not_negative)]
    pub weight: f64,
    /// A spike from an inhibitory source moves V down by this times --weight
    #[arg(long, value_name = "X", default_value_t = 4.0, allow_hyphen_values = true, value_parser = values::not_negative)]
    pub inhibitory_scale: f64,
}

impl SourceArgs {
    /// The trains of so many sources: the excitatory group, then the inhibitory one.
    pub fn groups(&self, excitatory: usize, inhibitory: usize) -> Vec<PoissonGroup> {
        let Self { rate, release, weight, inhibitory_scale } = *self;
        bombardment(excitatory, inhibitory, rate, release, weight, inhibitory_scale)
    }
}
