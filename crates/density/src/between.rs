//! Values between the samples of a smooth function: a sinc under a Gaussian.

use std::f64::consts::PI;

/// Samples per standard deviation, at least, of the Gaussian that the function was smoothed with.
pub(crate) const FINENESS: f64 = 3.0;

/// Weights that read a smooth function between its samples.
///
/// With F samples per standard deviation the function's frequencies w are below `exp(-(F w)^2 / 2)`, and a window
/// of s samples blurs the sinc's edge at pi by 1 / s: what is lost is largest where the two meet, as large as
/// `exp(-(pi^2 / 2) s^2 F^2 / (s^2 + F^2))`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Between {
    /// Samples on either side of a place.
    pub reach: usize,
    spread: f64,
}

impl Between {
    /// For an error of `tolerance` of the peak of a lone Gaussian.
    pub fn new(tolerance: f64) -> Self {
        let exponent = (4.0 / tolerance).ln();
        let spread = (PI * PI / (2.0 * exponent) - FINENESS.powi(-2)).sqrt().recip();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some tens")]
        let reach = (spread * (2.0 * exponent).sqrt()).ceil() as usize;
        Self { reach, spread }
    }

    pub fn taps(&self) -> usize {
        2 * self.reach
    }

    /// The weights of the samples from `reach - 1` below the one at or below the place, which is `fraction`
    /// above that; they sum to 1.
    pub fn weights_into(&self, fraction: f64, weights: &mut [f64]) {
        let mut off = fraction + (self.reach as f64 - 1.0);
        let per_variance = self.spread.powi(-2);
        // The window from tap to tap, where `off` is less by 1, and how much more it grows from step to step.
        let mut window = (-0.5 * off * off * per_variance).exp();
        let mut growth = ((off - 0.5) * per_variance).exp();
        let slowing = (-per_variance).exp();
        let mut sine = (PI * fraction).sin() / PI;
        if self.reach.is_multiple_of(2) {
            sine = -sine;
        }
        let mut sum = 0.0;
        for weight in weights.iter_mut() {
            let sinc = if off.abs() < 1e-12 { 1.0 } else { sine / off };
            *weight = sinc * window;
            sum += *weight;
            off -= 1.0;
            window *= growth;
            growth *= slowing;
            sine = -sine;
        }
        weights.iter_mut().for_each(|weight| *weight /= sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gaussian_is_read_within_the_tolerance() {
        for exponent in 3..=10 {
            let tolerance = 10_f64.powi(-exponent);
            let between = Between::new(tolerance);
            let mut weights = vec![0.0; between.taps()];
            let mut worst = 0.0_f64;
            for step in 0..50 {
                let fraction = f64::from(step) / 50.0;
                between.weights_into(fraction, &mut weights);
                for off in -200..=200 {
                    let centre = f64::from(off) / 10.0;
                    let gauss = |x: f64| (-0.5 * ((x - centre) / FINENESS).powi(2)).exp();
                    let first = 1.0 - between.reach as f64;
                    let read: f64 =
                        weights.iter().enumerate().map(|(t, w)| w * gauss(first + t as f64)).sum();
                    worst = worst.max((read - gauss(fraction)).abs());
                }
            }
            assert!(worst <= tolerance, "{tolerance:e}: {worst:e} with {} samples", between.taps());
        }
    }
}
