//! A spectrum as it is written, drawn and told.

use crate::units::Cycle;

/// A spectrum and what must be known to read it.
pub struct Found {
    /// Name of the signal's column.
    pub name: String,
    /// Units of frequencies and periods.
    pub cycle: Cycle,
    /// Samples used.
    pub len: usize,
    /// Rising.
    pub frequency: Vec<f64>,
    /// In the scaling asked for.
    pub value: Vec<f64>,
    /// In rad, unless averaged.
    pub phase: Option<Vec<f64>>,
    /// Where the true values are, if asked for.
    pub band: Option<Interval>,
    /// Frequency and value of the highest point that is not the constant's.
    pub peak: Option<(f64, f64)>,
    /// Frequencies that differ by this can be told apart.
    pub resolution: f64,
    /// What only one kind of spectrum has.
    pub kind: Kind,
}

/// Ends of an interval, by frequency.
pub struct Interval {
    pub lower: Vec<f64>,
    pub upper: Vec<f64>,
}

/// How the spectrum was made.
pub enum Kind {
    /// By transforms of even samples.
    Transform {
        sample_rate: f64,
        enbw: f64,
        segment_len: usize,
        segments: u64,
        effective_segments: f64,
        parseval_residual: f64,
    },
    /// By fits of tones.
    Lomb {
        /// Samples left out.
        missing: usize,
        /// From the first to the last time.
        span: f64,
        /// Probability that noise has a peak as high; `None` of too few samples.
        false_alarm: Option<f64>,
        /// Powers that noise exceeds with these probabilities, in the standard scaling.
        levels: Vec<(f64, f64)>,
    },
}
