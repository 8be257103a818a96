#![doc = include_str!("../README.md")]

mod analysis;
mod checkpoint;
mod current;
pub mod direct;
mod error;
mod gate_table;
mod input;
mod integrators;
mod math;
mod model;
mod network;
mod neuron;
mod population;
mod random;
mod rates;
mod spikes;
mod state;
mod time;

pub use analysis::{
    FiPoint, IntervalStatistics, PhasePlane, TriggeredAverage, fano_factor, fi_curve,
    instantaneous_threshold_mv, interval_histogram, interval_statistics, intervals_ms, rest_loses_stability,
    rheobase, spike_triggered_average,
};
pub use current::{Between, Current, Waveform};
pub use error::NeuroError;
pub use input::{Arrival, Arrivals, Drawing, PoissonGroup, bombardment};
pub use integrators::Integrator;
pub use model::Model;
pub use network::{Connections, Projection};
pub use neuron::{Firing, Neuron, NeuronOptions, Recording, Sample, Synapse, SynapticInput, Traces};
pub use population::{Population, PopulationOptions, Precision, Record, Recorder, SynapseKind};
pub use random::{Stream, StreamKey};
pub use rates::{Rate, RateForm};
pub use spikes::{Spike, Threshold, spike_times_ms};
pub use state::{PHYSICAL_RANGE_MV, State};
