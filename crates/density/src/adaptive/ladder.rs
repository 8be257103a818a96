//! Widths on a geometric ladder, and how a kernel between two rungs is made of those on six.

/// Rungs that a width is shared among, counted from the one at or below it.
pub(super) const STENCIL: [i64; 2] = [-2, 3];
/// Error of a kernel over its peak, in units of the sixth power of the step (see the tests).
const LAW: f64 = 3.8;

/// Factors `exp(rung * step)`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ladder {
    step: f64,
}

impl Ladder {
    /// For an error of `tolerance` of a kernel's peak.
    pub fn new(tolerance: f64) -> Self {
        Self { step: (tolerance / LAW).powf(1.0 / 6.0) }
    }

    /// The rung at or below `factor`, and how far it is above, from 0 to 1.
    pub fn place(&self, factor: f64) -> (i64, f64) {
        let place = factor.ln() / self.step;
        #[expect(clippy::cast_possible_truncation, reason = "the logarithm of a number over a hundredth")]
        let rung = place.floor() as i64;
        (rung, place - place.floor())
    }

    pub fn factor(&self, place: f64) -> f64 {
        (place * self.step).exp()
    }
}

/// Lagrange's polynomial of the rung `rung` of the stencil at `above`: the shares of all six sum to 1.
pub(super) fn share(rung: i64, above: f64) -> f64 {
    let mut product = 1.0;
    for other in STENCIL[0]..=STENCIL[1] {
        if other != rung {
            product *= (above - other as f64) / (rung - other) as f64;
        }
    }
    product
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_sum_to_one_and_rungs_are_themselves() {
        for step in 0..=10 {
            let above = f64::from(step) / 10.0;
            let sum: f64 = (STENCIL[0]..=STENCIL[1]).map(|rung| share(rung, above)).sum();
            assert!((sum - 1.0).abs() < 1e-15);
        }
        assert_eq!([share(0, 0.0), share(1, 0.0), share(1, 1.0), share(-2, 1.0)], [1.0, 0.0, 1.0, 0.0]);
    }

    /// Largest error over a kernel's peak, and the sum of the sizes of the shares times their peaks over its own.
    fn worst(ladder: Ladder) -> (f64, f64) {
        let (mut error, mut sizes) = (0.0_f64, 0.0_f64);
        for step in 0..=32 {
            let above = f64::from(step) / 32.0;
            // Rung 0 is at 1; kernels over the peak of the one in question.
            let own = ladder.factor(above);
            let shares: Vec<(f64, f64)> = (STENCIL[0]..=STENCIL[1])
                .map(|rung| {
                    let width = ladder.factor(rung as f64);
                    (width, share(rung, above) * (own / width).powi(2))
                })
                .collect();
            sizes = sizes.max(shares.iter().map(|(_, share)| share.abs()).sum());
            for far in 0..=400 {
                let square = f64::from(far) * 0.15;
                let kernel = |width: f64| (-0.5 * square / (width * width)).exp();
                let sum: f64 = shares.iter().map(|(width, share)| share * kernel(*width)).sum();
                error = error.max((sum - kernel(own)).abs());
            }
        }
        (error, sizes)
    }

    #[test]
    fn kernels_between_rungs_are_within_the_tolerance() {
        for exponent in 3..=9 {
            let tolerance = 0.5 * 10_f64.powi(-exponent);
            let (error, sizes) = worst(Ladder::new(tolerance));
            assert!(error <= tolerance && error > 0.5 * tolerance, "{tolerance:e}: {error:e}");
            assert!(sizes < 1.5, "{sizes}");
        }
    }
}
