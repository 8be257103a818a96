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
    /// Powers of this normalization do not tell how probable they are by themselves.
    #[error("a false-alarm probability needs another normalization than amplitude")]
    NoProbability,
    /// Text that names no window.
    #[error(
        "no such window; boxcar, hann, hamming, blackman, blackmanharris, nuttall, flattop, hft70, hft95, \
         hft248d, tukey=TAPER, kaiser=BETA, gaussian=SIGMA and dpss=HALF_BANDWIDTH are there"
    )]
    UnknownWindow,
    /// Text that names no scaling.
    #[error("no such scaling; amplitude, rms, power, density, energy and transform are there")]
    UnknownScaling,
    /// Nothing has been averaged yet.
    #[error("no segment has been averaged yet")]
    NoAverage,
    /// Sums over segments that do not follow each other.
    #[error(
        "the sums to append must begin with block {wanted}, behind whole blocks, but begin with block {got}"
    )]
    NotNeighbours {
        /// Number of the block that follows.
        wanted: u64,
        /// Number of the block given.
        got: u64,
    },
    /// Numbers that are no sums over segments.
    #[error("these numbers were not written by SegmentSums::to_numbers")]
    NotSums,
    /// A median needs all segments at once.
    #[error("streams and cross-spectra have means only: a median needs all segments at once")]
    MeanOnly,
    /// Averages of other segments, windows, trends, sides or sample rates.
    #[error("averages of different plans cannot be merged")]
    DifferentPlans,
    /// The coherence of one segment is 1 whatever the signals.
    #[error("coherence needs at least 2 segments: with one it is 1 whatever the signals")]
    OneSegment,
    /// Windows that follow each other do not reach every sample.
    #[error(
        "sample {place} of every {hop} is reached by no window, so frames cannot be inverted; take a smaller hop"
    )]
    NotInvertible {
        /// Samples between windows.
        hop: usize,
        /// The first such sample of a hop.
        place: usize,
    },
}
