//! Why a spectral call was refused.

use hexad_core::InputError;

/// Why a spectral call was refused.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SpectralError {
    /// An argument has the wrong length, is out of range or holds a value that cannot be used.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The samples are not evenly spaced in time.
    #[error(
        "x[{worst_index}] is {worst_deviation:.3e} steps off an even spacing; \
         a transform needs even samples: use Lomb-Scargle"
    )]
    NeedsUniformX {
        /// Index of the sample farthest from an even spacing.
        worst_index: usize,
        /// Its distance, in mean steps.
        worst_deviation: f64,
    },
}
