//! The extension module `hexad._hexad`: each function checks, converts, releases the interpreter lock and calls a
//! crate. What people call stands in `python/hexad`.

mod arrays;
mod interrupt;
mod named;
mod neurons;
mod run;
mod smoothing;
mod waves;

use pyo3::pymodule;

/// The compiled half of hexad.
#[pymodule]
mod _hexad {
    #[pymodule_export]
    use crate::neurons::{
        NeuronPopulation, neuron_current_at, neuron_fano, neuron_fi_curve, neuron_instantaneous_threshold,
        neuron_interval_statistics, neuron_models, neuron_noise, neuron_phase_plane,
        neuron_random_connections, neuron_rest_loses_stability, neuron_resting_state, neuron_rheobase,
        neuron_run, neuron_triggered_average,
    };
    #[pymodule_export]
    use crate::run::{set_threads, threads};
    #[pymodule_export]
    use crate::smoothing::{gaussian_filter, smooth};
    #[pymodule_export]
    use crate::waves::{
        WaveModel, WaveSimulation, wave_advice, wave_points_for, wave_study, wave_velocity_errors,
    };
}
