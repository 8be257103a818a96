//! The Gaussian and the box: where they end, their taps and their moments.

use crate::{InputError, check_fraction, check_positive};

/// Full width at half maximum of a Gaussian with sigma 1: `2 sqrt(2 ln 2)`.
pub const FWHM_PER_SIGMA: f64 = 2.354_820_045_030_949_3;

/// Beyond this many sigmas a weight is below 2^-53 of the peak and no longer changes a sum.
const VISIBLE_SIGMAS: f64 = 8.571_674_348_652_905;

/// Sigma of the Gaussian with full width `fwhm` at half of its maximum.
#[must_use]
pub fn sigma_from_fwhm(fwhm: f64) -> f64 {
    fwhm / FWHM_PER_SIGMA
}

/// Sigma of the Gaussian filter that passes `1/sqrt(2)` of the amplitude (-3 dB) at `frequency`
/// cycles per unit of x: `sqrt(ln 2) / (2 pi frequency)`.
#[must_use]
pub fn sigma_from_cutoff(frequency: f64) -> f64 {
    std::f64::consts::LN_2.sqrt() / (std::f64::consts::TAU * frequency)
}

/// Where a Gaussian kernel ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Truncation {
    /// `|d| <= T sigma`, both ends included; `T` finite and >= 0.
    Sigmas(f64),
    /// Where the weight falls below this share of the peak: `|d| <= sigma sqrt(-2 ln R)`, `0 < R < 1`.
    Reach(f64),
    /// Nowhere.
    Exact,
}

impl Default for Truncation {
    /// Four sigmas, as in SciPy.
    fn default() -> Self {
        Truncation::Sigmas(4.0)
    }
}

impl Truncation {
    /// Half-width of the kernel in sigmas; infinite for [`Truncation::Exact`].
    #[must_use]
    pub fn sigmas(self) -> f64 {
        match self {
            Truncation::Sigmas(sigmas) => sigmas,
            Truncation::Reach(reach) => (-2.0 * reach.ln()).sqrt(),
            Truncation::Exact => f64::INFINITY,
        }
    }
}

/// The Gaussian `w(d) = exp(-d^2 / (2 sigma^2))` within its truncation, 0 outside.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GaussianKernel {
    sigma: f64,
    truncation: Truncation,
}

impl GaussianKernel {
    /// A kernel of standard deviation `sigma`, in the unit of x.
    ///
    /// # Errors
    ///
    /// [`InputError::OutOfRange`] unless `sigma` is finite and positive and the truncation is in range.
    pub fn new(sigma: f64, truncation: Truncation) -> Result<Self, InputError> {
        check_positive("sigma", sigma)?;
        match truncation {
            Truncation::Sigmas(value) if !(value.is_finite() && value >= 0.0) => {
                return Err(InputError::OutOfRange {
                    argument: "truncate",
                    value,
                    allowed: "finite and >= 0",
                });
            }
            Truncation::Reach(reach) => {
                check_fraction("reach", reach)?;
            }
            Truncation::Sigmas(_) | Truncation::Exact => {}
        }
        Ok(Self { sigma, truncation })
    }

    /// Standard deviation, in the unit of x.
    #[must_use]
    pub fn sigma(&self) -> f64 {
        self.sigma
    }

    /// Where the kernel ends.
    #[must_use]
    pub fn truncation(&self) -> Truncation {
        self.truncation
    }

    /// Half-width in the unit of x; infinite for [`Truncation::Exact`].
    #[must_use]
    pub fn radius(&self) -> f64 {
        self.sigma * self.truncation.sigmas()
    }

    /// Half-width beyond which no weight is above 2^-53 of the peak: the radius, or 8.57 sigma.
    #[must_use]
    pub fn visible_radius(&self) -> f64 {
        self.sigma * self.truncation.sigmas().min(VISIBLE_SIGMAS)
    }

    /// Weight at the distance `d`, both ends of the window included.
    #[must_use]
    pub fn weight(&self, d: f64) -> f64 {
        if d.abs() <= self.radius() { gaussian(d / self.sigma) } else { 0.0 }
    }

    /// SciPy's radius for a sigma in samples: `floor(truncate * sigma + 0.5)`; `None` for
    /// [`Truncation::Exact`].
    #[must_use]
    pub fn scipy_radius(&self) -> Option<f64> {
        self.truncation.sigmas().is_finite().then(|| (self.radius() + 0.5).floor())
    }
}

/// `exp(-u^2 / 2)`.
#[must_use]
pub(crate) fn gaussian(u: f64) -> f64 {
    (-0.5 * u * u).exp()
}

/// A box of `2 radius + 1` whole taps and a fractional tap of weight `edge` (0 <= edge < 1) at each end,
/// in samples: the extended box of Gwosdek, Grewenig, Bruhn and Weickert (SSVM 2011).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BoxKernel {
    /// Whole taps on each side of the centre.
    pub radius: usize,
    /// Weight of one further tap on each side, relative to a whole tap.
    pub edge: f64,
}

impl BoxKernel {
    /// The plain box of `width` samples.
    ///
    /// # Errors
    ///
    /// [`InputError::OutOfRange`] unless `width` is finite and at least 1.
    pub fn with_width(width: f64) -> Result<Self, InputError> {
        if !(width.is_finite() && width >= 1.0) {
            return Err(InputError::OutOfRange {
                argument: "width",
                value: width,
                allowed: "finite and >= 1 sample",
            });
        }
        let half = (width - 1.0) / 2.0;
        Ok(Self { radius: to_count(half.floor()), edge: half - half.floor() })
    }

    /// The box that, applied `passes` times, has the variance `sigma^2` (in samples).
    ///
    /// # Errors
    ///
    /// [`InputError::OutOfRange`] unless `sigma` is finite and positive and `passes` at least 1.
    pub fn with_sigma(sigma: f64, passes: usize) -> Result<Self, InputError> {
        check_positive("sigma", sigma)?;
        if passes == 0 {
            return Err(InputError::OutOfRange { argument: "passes", value: 0.0, allowed: ">= 1" });
        }
        let variance = sigma * sigma / passes as f64;
        // A box of 2r + 1 taps has the variance r (r + 1) / 3.
        let radius = ((0.25 + 3.0 * variance).sqrt() - 0.5).floor();
        // Adding a weight e at +-(r + 1): (V0 (2r+1) + 2 e (r+1)^2) / (2r + 1 + 2e) = variance.
        let taps = 2.0 * radius + 1.0;
        let missing = variance - radius * (radius + 1.0) / 3.0;
        let edge = taps * missing / (2.0 * ((radius + 1.0).powi(2) - variance));
        Ok(Self { radius: to_count(radius), edge: edge.clamp(0.0, 1.0) })
    }

    /// Sum of the taps: the width in samples.
    #[must_use]
    pub fn width(&self) -> f64 {
        2.0 * self.radius as f64 + 1.0 + 2.0 * self.edge
    }

    /// Variance of one pass, in samples squared.
    #[must_use]
    pub fn variance(&self) -> f64 {
        let radius = self.radius as f64;
        let whole = (2.0 * radius + 1.0) * radius * (radius + 1.0) / 3.0;
        (whole + 2.0 * self.edge * (radius + 1.0).powi(2)) / self.width()
    }
}

/// A whole, non-negative number as a count; saturates.
#[expect(
    clippy::cast_possible_truncation,
    reason = "callers pass whole non-negative numbers; `as` saturates"
)]
#[expect(clippy::cast_sign_loss, reason = "as above")]
fn to_count(value: f64) -> usize {
    value as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_convert() {
        let kernel = GaussianKernel::new(sigma_from_fwhm(3.0), Truncation::Exact).unwrap();
        assert!((kernel.weight(1.5) - 0.5).abs() < 1e-15);
        assert!((sigma_from_cutoff(0.132_505) - 1.0).abs() < 1e-5);
        // The transfer function at the cutoff is exp(-2 pi^2 f^2 sigma^2) = 1/sqrt 2.
        let (f, sigma) = (0.01, sigma_from_cutoff(0.01));
        let gain = (-2.0 * (std::f64::consts::PI * f * sigma).powi(2)).exp();
        assert!((gain - 0.5_f64.sqrt()).abs() < 1e-15);
    }

    #[test]
    fn the_window_is_closed_at_both_ends() {
        let kernel = GaussianKernel::new(2.0, Truncation::Sigmas(3.0)).unwrap();
        assert!(kernel.weight(6.0) > 0.0 && kernel.weight(-6.0) > 0.0);
        assert_eq!(kernel.weight(6.0 + 1e-14), 0.0);
        let reach = GaussianKernel::new(10.0, Truncation::Reach(0.1)).unwrap();
        assert!((reach.radius() - 21.459_660_262_893_473).abs() < 1e-13);
    }

    #[test]
    fn what_is_out_of_range_is_refused() {
        for sigma in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(GaussianKernel::new(sigma, Truncation::Exact).is_err());
        }
        for truncation in [0.0, 1.0, -0.1, f64::NAN].map(Truncation::Reach) {
            assert!(GaussianKernel::new(1.0, truncation).is_err());
        }
        for truncation in [-1.0, f64::NAN, f64::INFINITY].map(Truncation::Sigmas) {
            assert!(GaussianKernel::new(1.0, truncation).is_err());
        }
    }

    #[test]
    fn repeated_boxes_have_the_variance_asked_for() {
        for passes in 1..=6 {
            for sigma in [0.3, 0.8, 1.0, 2.5, 10.0, 333.3] {
                let kernel = BoxKernel::with_sigma(sigma, passes).unwrap();
                let variance = kernel.variance() * passes as f64;
                assert!((variance - sigma * sigma).abs() < 1e-11 * sigma * sigma, "{kernel:?}");
                assert!((0.0..1.0).contains(&kernel.edge), "{kernel:?}");
            }
        }
        assert_eq!(BoxKernel::with_width(5.0).unwrap(), BoxKernel { radius: 2, edge: 0.0 });
    }
}
