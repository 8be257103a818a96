//! How far the true spectrum may be from the one measured.

use hexad_core::check_fraction;
use statrs::distribution::{ChiSquared, ContinuousCDF};

use super::{Scaling, Spectrum};
use crate::SpectralError;

/// Between which values the true one lies.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub lower: f64,
    /// Upper end.
    pub upper: f64,
}

impl Spectrum {
    /// For each bin the interval that holds the true value with probability `level`, of noise whose spectrum
    /// is smooth over a bin: `nu P / chi2` at both tails, `nu` being twice the effective number of segments,
    /// for real signals half of that at 0 and at half the sample rate.
    ///
    /// # Errors
    ///
    /// [`hexad_core::InputError::OutOfRange`] for a level that is not between 0 and 1.
    ///
    /// # References
    ///
    /// P. D. Welch, IEEE Trans. Audio Electroacoust. 15(2), 1967, doi:10.1109/TAU.1967.1161901; J. S. Bendat
    /// and A. G. Piersol, Random Data, 4th ed., 2010, eq. 8.162.
    pub fn confidence(&self, scaling: Scaling, level: f64) -> Result<Vec<Interval>, SpectralError> {
        check_fraction("level", level)?;
        let inner = Factors::new(2.0 * self.averaging.effective, level)?;
        let edge = Factors::new(self.averaging.effective, level)?;
        let interval = |bin: usize| {
            let is_real = self.frame.is_edge(bin) && !self.frame.is_complex;
            let factors = if is_real { edge } else { inner };
            factors.around(self.value(scaling, bin), scaling.is_square())
        };
        Ok((0..self.len()).map(interval).collect())
    }
}

/// Ends of the interval of a power, over the power.
#[derive(Debug, Clone, Copy)]
struct Factors {
    lower: f64,
    upper: f64,
}

impl Factors {
    fn new(freedom: f64, level: f64) -> Result<Self, SpectralError> {
        let tail = 0.5 * (1.0 - level);
        let chi = ChiSquared::new(freedom).map_err(|_| SpectralError::NoAverage)?;
        Ok(Self { lower: freedom / chi.inverse_cdf(1.0 - tail), upper: freedom / chi.inverse_cdf(tail) })
    }

    fn around(self, value: f64, is_square: bool) -> Interval {
        let Self { lower, upper } = self;
        let (lower, upper) = if is_square { (lower, upper) } else { (lower.sqrt(), upper.sqrt()) };
        Interval { lower: lower * value, upper: upper * value }
    }
}
