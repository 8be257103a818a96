//! The skew-normal pulse: a test signal whose spectrum has no peaks to pick.

use std::f64::consts::{FRAC_1_SQRT_2, FRAC_2_PI, FRAC_2_SQRT_PI, TAU};

use hexad_core::{InputError, UniformAxis, check_positive};

use crate::SpectralError;

/// A pulse in the shape of the skew-normal density, of unit area:
/// `2 phi(z) Phi(shape z) / scale` with `z = (x - location) / scale`.
///
/// Its unit is one over the unit of x. With a shape of 0 it is the Gaussian.
///
/// # Examples
///
/// ```
/// use hexad_spectral::SkewNormalPulse;
/// let pulse = SkewNormalPulse::new(5.0, 1.0, 0.0)?;
/// assert!((pulse.at(5.0) - 0.398_942_280_401_432_7).abs() < 1e-16);
/// # Ok::<(), hexad_spectral::SpectralError>(())
/// ```
///
/// # References
///
/// A. Azzalini, A class of distributions which includes the normal ones, Scand. J. Statist. 12, 1985.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SkewNormalPulse {
    location: f64,
    scale: f64,
    shape: f64,
}

impl SkewNormalPulse {
    /// A pulse at `location` of width `scale`, both in the unit of x; a positive `shape` has its long tail
    /// at large x.
    ///
    /// # Errors
    ///
    /// [`InputError::OutOfRange`] for a location or shape that is not finite or a scale that is not positive.
    pub fn new(location: f64, scale: f64, shape: f64) -> Result<Self, SpectralError> {
        for (argument, value) in [("location", location), ("shape", shape)] {
            if !value.is_finite() {
                return Err(InputError::OutOfRange { argument, value, allowed: "finite" }.into());
            }
        }
        check_positive("scale", scale)?;
        Ok(Self { location, scale, shape })
    }

    /// The pulse at `x`; NaN where `x` is.
    #[must_use]
    pub fn at(&self, x: f64) -> f64 {
        let z = (x - self.location) / self.scale;
        let normal = (-0.5 * z * z).exp() / TAU.sqrt();
        normal * complementary_error(-self.shape * z * FRAC_1_SQRT_2) / self.scale
    }

    /// The pulse at every place of `axis`.
    #[must_use]
    pub fn sample(&self, axis: &UniformAxis) -> Vec<f64> {
        (0..axis.len).map(|index| self.at(axis.at(index))).collect()
    }

    /// Centre of its area: `location + scale delta sqrt(2 / pi)`, `delta = shape / sqrt(1 + shape^2)`.
    #[must_use]
    pub fn mean(&self) -> f64 {
        self.location + self.scale * self.delta() * FRAC_2_PI.sqrt()
    }

    /// Standard deviation of its area about [`SkewNormalPulse::mean`]: `scale sqrt(1 - 2 delta^2 / pi)`.
    #[must_use]
    pub fn standard_deviation(&self) -> f64 {
        self.scale * (1.0 - self.delta() * self.delta() * FRAC_2_PI).sqrt()
    }

    fn delta(&self) -> f64 {
        self.shape / self.shape.hypot(1.0)
    }
}

/// `erfc(x)`, to about 1e-15 of 1 below 2.5 and relative to itself above.
///
/// Series of positive terms `erf(x) = 2 / sqrt(pi) exp(-x^2) sum_n 2^n x^(2n+1) / (2n+1)!!` and continued
/// fraction `erfc(x) = exp(-x^2) / sqrt(pi) / (x + (1/2) / (x + 1 / (x + (3/2) / (x + ...))))`: Abramowitz
/// and Stegun 7.1.6 and 7.1.14. statrs 0.19 is right to only 1e-10 in parts of this range.
fn complementary_error(x: f64) -> f64 {
    let bell = FRAC_2_SQRT_PI * (-x * x).exp();
    if x.abs() < 2.5 {
        let (mut term, mut sum) = (x, x);
        for odd in (3..=101).step_by(2) {
            term *= 2.0 * x * x / f64::from(odd);
            sum += term;
        }
        return 1.0 - bell * sum;
    }
    let mut tail = x.abs();
    for halves in (1..=80).rev() {
        tail = x.abs() + 0.5 * f64::from(halves) / tail;
    }
    let upper = 0.5 * bell / tail;
    if x > 0.0 { upper } else { 2.0 - upper }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn area_mean_and_width_are_those_of_the_formulas() {
        for shape in [-7.0, 0.0, 0.5, 4.0, 10.0] {
            let pulse = SkewNormalPulse::new(1.5, 2.0, shape).unwrap();
            let axis = UniformAxis { start: -30.0, step: 0.01, len: 6301 };
            let samples = pulse.sample(&axis);
            let moment = |order: i32| -> f64 {
                let terms = samples.iter().enumerate().map(|(i, y)| y * axis.at(i).powi(order));
                terms.sum::<f64>() * axis.step
            };
            // The trapezoidal rule of a smooth pulse that dies at both ends is exact to rounding.
            assert!((moment(0) - 1.0).abs() < 1e-12);
            assert!((moment(1) - pulse.mean()).abs() < 1e-12);
            let variance = moment(2) - moment(1) * moment(1);
            assert!((variance.sqrt() - pulse.standard_deviation()).abs() < 1e-11);
        }
    }

    #[test]
    fn complementary_error_is_that_of_scipy() {
        // scipy.special.erfc
        for (x, wanted) in [
            (0.0, 1.0),
            (0.1, 0.8875370839817152),
            (0.6, 0.3961439091520742),
            (0.7, 0.3221988061625817),
            (1.0, 0.15729920705028516),
            (2.0, 0.004677734981047266),
            (2.3, 0.0011431765973566523),
            (2.5, 0.00040695201744495886),
            (3.0, 2.2090496998585445e-05),
            (5.0, 1.5374597944280347e-12),
            (20.0, 5.395865611607901e-176),
        ] {
            assert!((complementary_error(x) / wanted - 1.0).abs() < 2e-14 + 1e-15 / wanted, "{x}");
            assert!((complementary_error(x) + complementary_error(-x) - 2.0).abs() < 2e-15);
        }
        assert!((complementary_error(2.5_f64.next_down()) / complementary_error(2.5) - 1.0).abs() < 5e-12);
    }

    #[test]
    fn mirrored_shape_is_the_mirrored_pulse() {
        let right = SkewNormalPulse::new(0.0, 1.0, 4.0).unwrap();
        let left = SkewNormalPulse::new(0.0, 1.0, -4.0).unwrap();
        for x in [-3.0, -0.1, 0.0, 0.7, 5.0] {
            assert!((right.at(x) - left.at(-x)).abs() < 1e-16);
        }
    }

    #[test]
    fn parameters_that_make_no_pulse_are_refused() {
        for (location, scale, shape) in
            [(0.0, 0.0, 0.0), (0.0, f64::NAN, 0.0), (f64::NAN, 1.0, 0.0), (0.0, 1.0, f64::INFINITY)]
        {
            assert!(SkewNormalPulse::new(location, scale, shape).is_err());
        }
    }
}
