//! Why a smoothing call was refused.

use hexad_core::InputError;

/// Why a smoothing call was refused.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SmoothError {
    /// An argument has the wrong length, is out of range or holds a value that cannot be used.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The boundary or method works on evenly spaced samples only.
    #[error(
        "{what} needs evenly spaced x, but x[{worst_index}] is {worst_deviation:.3e} steps off; \
         use boundary renormalize and method auto, direct or recursive"
    )]
    NeedsUniformX {
        /// The boundary or method asked for.
        what: &'static str,
        /// Index of the sample farthest from an even spacing.
        worst_index: usize,
        /// Its distance, in mean steps.
        worst_deviation: f64,
    },
    /// The method cannot compute what the other options ask for.
    #[error("method {method} cannot do {what}; use method auto")]
    MethodCannot {
        /// The method asked for.
        method: &'static str,
        /// What it lacks.
        what: &'static str,
    },
    /// The kernel has more taps than fit in memory.
    #[error(
        "sigma {sigma} samples needs a kernel of {taps:.3e} taps; use boundary renormalize or a smaller sigma"
    )]
    KernelTooLong {
        /// Standard deviation in samples.
        sigma: f64,
        /// Taps on each side.
        taps: f64,
    },
    /// `amplitude * cos(phi)` is 0, so that every weight is 0.
    #[error("amplitude * cos(phi) must not be 0, got amplitude {amplitude} and phi {phi}")]
    NoAmplitude {
        /// Peak of the kernel.
        amplitude: f64,
        /// Phase, in radians.
        phi: f64,
    },
    /// The data cannot be smoothed as they come, piece by piece.
    #[error("{what} cannot be streamed: it needs the whole signal")]
    NotStreamable {
        /// What needs the whole signal.
        what: &'static str,
    },
    /// Standard errors are not defined for what was asked.
    #[error("standard errors are not defined for {what}; use derivative 0 and boundary renormalize")]
    NoStatistics {
        /// What has none.
        what: &'static str,
    },
    /// SciPy has no boundary mode that renormalizes.
    #[error("SciPy has no mode renormalize; use reflect, mirror, nearest, wrap or constant, or a Smoother")]
    NotScipyMode,
    /// Cross-validation found no sigma.
    #[error("no sigma lets the samples be predicted from one another; give one")]
    NoSigma,
}
