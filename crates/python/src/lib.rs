//! The extension module `hexad._hexad`: each function checks, converts, releases the interpreter lock and calls a
//! crate. What people call stands in `python/hexad`.

mod arrays;
mod correlate;
mod density;
mod found;
mod interrupt;
mod named;
mod neurons;
mod plans;
mod run;
mod smoothing;
mod spectral;
mod waves;

use pyo3::pymodule;

#[global_allocator]
static ALLOCATOR: hexad_core::LargePages = hexad_core::LargePages;

/// The compiled half of hexad.
#[pymodule]
mod _hexad {
    #[pymodule_export]
    use crate::correlate::{
        DelaySettings, align, all_pairs, correlate, correlate_arrays, correlate_complex,
        correlate_complex_arrays, correlation_lags, delay, drift, preprocess, remove_harmonics, resample,
        some_pairs, templates, tone_delay,
    };
    #[pymodule_export]
    use crate::density::{
        DensityRaster, DensitySettings, density_contours, density_hot_spots, density_map, mercator,
    };
    #[pymodule_export]
    use crate::neurons::{
        NeuronModel, NeuronPopulation, neuron_current_at, neuron_fano, neuron_fi_curve,
        neuron_instantaneous_threshold, neuron_interval_statistics, neuron_models, neuron_noise,
        neuron_phase_plane, neuron_random_connections, neuron_rest_loses_stability, neuron_resting_state,
        neuron_rheobase, neuron_run, neuron_triggered_average,
    };
    #[pymodule_export]
    use crate::run::{set_threads, threads};
    #[pymodule_export]
    use crate::smoothing::{
        ImageFilter, SmoothSettings, SmoothStream, auto_sigma, box_filter, gaussian_filter, gaussian_flatten,
        sigma_from_cutoff, sigma_from_fwhm, smooth, smooth_part, smooth_part_layout,
    };
    #[pymodule_export]
    use crate::spectral::{
        Periodogram, SpectrumSettings, WelchStream, chirp_z, cross, cross_of_sums, cross_sums, fftn,
        fit_lines, goertzel, ifftn, irfftn, istft, joined_sums, rebuild, rfftn, skew_normal_pulse,
        spectrogram, spectrum, spectrum_of_complex, stft, uniform_time_axis, welch, welch_layout,
        welch_of_sums, welch_sums, window, window_constants,
    };
    #[pymodule_export]
    use crate::waves::{
        WaveModel, WaveSimulation, wave_advice, wave_grid, wave_points_for, wave_study, wave_study_of_grids,
        wave_velocity_errors,
    };
}
