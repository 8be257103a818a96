//! hexad-spectral.

mod average;
mod frames;
mod kept;
mod lines;
mod options;
mod sums;
mod transform;
mod uneven;

pub(crate) use average::{WelchStream, cross, spectrum, spectrum_of_complex, welch};
pub(crate) use frames::{istft, spectrogram, stft};
pub(crate) use lines::{fit_lines, rebuild};
pub(crate) use options::{SpectrumSettings, window, window_constants};
pub(crate) use sums::{cross_of_sums, cross_sums, joined_sums, welch_layout, welch_of_sums, welch_sums};
pub(crate) use transform::{chirp_z, fftn, goertzel, ifftn, irfftn, rfftn};
pub(crate) use uneven::{Periodogram, skew_normal_pulse, uniform_time_axis};
