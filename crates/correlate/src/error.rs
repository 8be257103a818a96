//! Why a correlation or a delay was refused.

use hexad_core::InputError;
use hexad_spectral::SpectralError;

/// Why a correlation or a delay was refused.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CorrelateError {
    /// An argument has the wrong length, is out of range or holds a value that cannot be used.
    #[error(transparent)]
    Input(#[from] InputError),
    /// A spectrum or a line was refused.
    #[error(transparent)]
    Spectral(#[from] SpectralError),
    /// A signal does not vary: its correlation coefficient is not defined.
    #[error("{argument} is {value} throughout: a constant correlates with nothing")]
    Constant {
        /// Name of the argument.
        argument: &'static str,
        /// Its value.
        value: f64,
    },
    /// A record has nothing in the band.
    #[error("{argument} has nothing in the band: there is no delay to find")]
    NothingInBand {
        /// Name of the argument.
        argument: &'static str,
    },
    /// Records of different sample rates.
    #[error("the sample rates differ, {a} and {b} Hz: have the slower one resampled")]
    SampleRates {
        /// Of the first record, in Hz.
        a: f64,
        /// Of the second.
        b: f64,
    },
    /// A gap is longer than what may be interpolated.
    #[error(
        "{samples} samples are missing from index {index}: more than the {at_most} that may be interpolated"
    )]
    Gap {
        /// Index of the first missing sample.
        index: usize,
        /// Missing samples.
        samples: usize,
        /// Samples of the longest gap allowed.
        at_most: usize,
    },
    /// Too few windows have a clear delay for a line through them.
    #[error("{clear} windows have a clear delay: a drift needs at least {needed}")]
    TooFewWindows {
        /// Windows with a clear delay.
        clear: usize,
        /// Windows needed.
        needed: usize,
    },
}
