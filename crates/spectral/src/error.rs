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
    /// A fit did not get within the error asked for.
    #[error("{lines} fitted lines leave a relative error of {reached:.3e}, more than {wanted:.3e}")]
    LinesNotEnough {
        /// Lines fitted.
        lines: usize,
        /// Relative error they leave, in the norm asked for.
        reached: f64,
        /// Relative error asked for.
        wanted: f64,
    },
    /// Powers of this normalisation do not tell how probable they are by themselves.
    #[error("a false-alarm probability needs another normalisation than amplitude")]
    NoProbability,
}
