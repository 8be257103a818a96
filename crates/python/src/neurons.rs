//! hexad-neuro-hh.

mod analysis;
mod drive;
mod model;
mod neuron;
mod population;

pub(crate) use analysis::{
    neuron_fano, neuron_fi_curve, neuron_instantaneous_threshold, neuron_interval_statistics,
    neuron_phase_plane, neuron_rest_loses_stability, neuron_rheobase, neuron_triggered_average,
};
pub(crate) use drive::{neuron_current_at, neuron_noise};
pub(crate) use model::{NeuronModel, neuron_models, neuron_resting_state};
pub(crate) use neuron::neuron_run;
pub(crate) use population::{NeuronPopulation, neuron_random_connections};
