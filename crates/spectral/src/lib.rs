#![doc = include_str!("../README.md")]

mod bessel;
mod chirp_z;
mod cross;
mod detrend;
pub mod direct;
mod error;
mod fit_lines;
mod goertzel;
mod lomb_scargle;
mod pulse;
mod rebuild;
mod spectrum;
mod stft;
mod sum;
mod sums;
mod time_axis;
mod transform;
mod welch;
mod window;

pub use chirp_z::{ChirpZ, ChirpZScratch};
pub use cross::{CrossPlan, CrossScratch, CrossSpectrum, cross_spectrum};
pub use detrend::Detrend;
pub use error::SpectralError;
pub use fit_lines::{FitLinesOptions, FitUntil, FittedLine, LineConstant, LineFit, fit_lines};
pub use goertzel::{Goertzel, dtft, goertzel};
pub use lomb_scargle::{
    FrequencyGrid, LombLine, LombMean, LombMethod, LombMissing, LombNormalization, LombScargle,
    LombScargleOptions, LombScratch,
};
pub use pulse::SkewNormalPulse;
pub use rebuild::{
    Cut, ErrorNorm, Line, LineSelector, Rebuild, RebuildPlan, RebuildScratch, Selection, rebuild,
};
pub use spectrum::{
    Interval, Padding, Scaling, Sides, Spectrum, SpectrumOptions, SpectrumPlan, SpectrumScratch, spectrum,
    spectrum_of_complex,
};
pub use stft::{Edges, Stft, StftOptions, StftPlan, StftScratch};
pub use sums::SegmentSums;
pub use time_axis::uniform_time_axis;
pub use transform::{fft, fft_frequencies, fftn, ifft, ifftn, irfft, irfftn, rfft, rfft_frequencies, rfftn};
pub use welch::{Average, WelchOptions, WelchPlan, WelchScratch, WelchStream, welch};
pub use window::{Window, WindowConstants};
