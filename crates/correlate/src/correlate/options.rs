//! What is asked of a correlation.

/// Which lags are computed, in samples. With `len_a` and `len_b` samples they exist from `-(len_b - 1)` to
/// `len_a - 1`: at each some samples stand opposite each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lags {
    /// All that exist.
    #[default]
    Full,
    /// The middle `len_a` of them, from `(len_b - 1) / 2 - (len_b - 1)`: the values of SciPy's `same`.
    Same,
    /// Those at which the shorter signal stands opposite the longer with all its samples.
    Valid,
    /// Those from `-max_lag` to `max_lag` that exist.
    Within(usize),
    /// From the first to the last, both included.
    Range(i64, i64),
}

/// What a value of the correlation `c` is divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Normalization {
    /// Nothing.
    #[default]
    Raw,
    /// The samples of the longer signal.
    Biased,
    /// The samples opposite each other at the lag.
    Unbiased,
    /// `sqrt(E_a E_b)`, `E` being the sum of squares of a whole signal. Never above 1 in size; below it at
    /// lags other than 0 even for equal signals, because less than the whole stands opposite.
    Coefficient,
    /// Pearson's coefficient of the samples opposite each other at the lag, with their own means and energies:
    /// 1 where one signal is a shifted, louder and raised copy of the other. NaN where fewer samples stand
    /// opposite than [`CorrelateOptions::min_overlap`] asks for, and where one of the two stretches is constant
    /// up to rounding. Means are taken off first, so that an offset does no harm.
    Overlap,
}

/// What is taken off each signal before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Mean {
    /// Nothing: c is what its definition says.
    #[default]
    Kept,
    /// Its mean. Transforms lose the digits that an offset takes: this is the cure.
    Removed,
}

/// How the sums are computed. All give the same within rounding.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Method {
    /// The cheapest by a model of their costs.
    #[default]
    Auto,
    /// Sums as they are written, a few lags at a time: for few lags and for short signals.
    Direct,
    /// Transforms of the whole signals: for many lags. Memory goes with the signals.
    Fft,
    /// Transforms of pieces whose products are summed: for a range of lags that is short against the signals.
    /// Memory goes with the range.
    Segmented,
}

/// Optional settings of a correlation.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct CorrelateOptions {
    /// What values are divided by. Default [`Normalization::Raw`].
    pub normalization: Normalization,
    /// What is taken off each signal before. Default [`Mean::Kept`].
    pub mean: Mean,
    /// How the sums are computed. Default [`Method::Auto`].
    pub method: Method,
    /// For [`Normalization::Overlap`]: least share of the shorter signal that must stand opposite the other,
    /// from 0 to 1; two samples in any case. Default 0.5.
    pub min_overlap: f64,
}

impl Default for CorrelateOptions {
    fn default() -> Self {
        Self { normalization: Normalization::Raw, mean: Mean::Kept, method: Method::Auto, min_overlap: 0.5 }
    }
}

impl CorrelateOptions {
    /// With another normalization.
    #[must_use]
    pub fn with_normalization(mut self, normalization: Normalization) -> Self {
        self.normalization = normalization;
        self
    }

    /// With means kept or removed.
    #[must_use]
    pub fn with_mean(mut self, mean: Mean) -> Self {
        self.mean = mean;
        self
    }

    /// With another way of computing.
    #[must_use]
    pub fn with_method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// With another least overlap.
    #[must_use]
    pub fn with_min_overlap(mut self, min_overlap: f64) -> Self {
        self.min_overlap = min_overlap;
        self
    }

    pub(crate) fn removes_mean(&self) -> bool {
        self.mean == Mean::Removed || self.normalization == Normalization::Overlap
    }
}
