//! What a correlation returns.

use std::ops::RangeInclusive;

use hexad_core::Complex64;

/// Values that differ by less than this share of the largest are equal for a peak: transforms round.
const TIE: f64 = 1e-12;

/// A correlation and its lags.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Correlation<T = f64> {
    /// By lag, from the first on.
    pub values: Vec<T>,
    /// Lag of the first value, in samples.
    pub first_lag: i64,
}

/// The lag of a largest value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Peak<T = f64> {
    /// In samples: positive where a is late.
    pub lag: i64,
    /// The value there.
    pub value: T,
    /// Its index in the values.
    pub index: usize,
}

impl<T: Copy> Correlation<T> {
    /// The lags of the values, in samples: the first and the last. Empty without values.
    #[must_use]
    pub fn lags(&self) -> RangeInclusive<i64> {
        self.first_lag..=self.first_lag + self.values.len() as i64 - 1
    }

    /// The lag of value `index`, in samples.
    #[must_use]
    pub fn lag(&self, index: usize) -> i64 {
        self.first_lag + index as i64
    }

    /// The lag of value `index`, in seconds.
    #[must_use]
    pub fn lag_s(&self, index: usize, sample_rate_hz: f64) -> f64 {
        self.lag(index) as f64 / sample_rate_hz
    }

    /// The value at a lag, if there is one.
    #[must_use]
    pub fn at(&self, lag: i64) -> Option<T> {
        self.values.get(usize::try_from(lag - self.first_lag).ok()?).copied()
    }

    fn peak_by(&self, size: impl Fn(T) -> f64) -> Option<Peak<T>> {
        let sizes = || self.values.iter().map(|value| size(*value));
        // max passes over NaN.
        let largest = sizes().fold(f64::NEG_INFINITY, f64::max);
        let least = largest - TIE * largest.abs();
        let near = |index: usize| {
            let lag = self.lag(index);
            (lag.unsigned_abs(), lag < 0)
        };
        let ties = sizes().enumerate().filter(|(_, size)| *size >= least);
        let (index, _) = ties.min_by_key(|(index, _)| near(*index))?;
        Some(Peak { lag: self.lag(index), value: self.values[index], index })
    }
}

impl Correlation {
    /// The largest value. Of values equal up to 1e-12 of it the one nearest lag zero counts, then the one at the
    /// positive lag. None where there is no number.
    #[must_use]
    pub fn peak(&self) -> Option<Peak> {
        self.peak_by(|value| value)
    }

    /// The value of largest size, whatever its sign: for signals that may be turned upside down. Ties as
    /// [`Correlation::peak`].
    #[must_use]
    pub fn peak_of_size(&self) -> Option<Peak> {
        self.peak_by(f64::abs)
    }
}

impl Correlation<Complex64> {
    /// The value of largest size. Ties as in a real correlation.
    #[must_use]
    pub fn peak_of_size(&self) -> Option<Peak<Complex64>> {
        self.peak_by(Complex64::norm)
    }
}
