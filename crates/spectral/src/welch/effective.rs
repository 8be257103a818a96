//! How many independent segments would spread as much as overlapping ones.

use std::f64::consts::LN_2;

use crate::spectrum::Averaging;

/// Correlation of the powers of segments 1, 2, ... hops apart: the squares of `rho_j`, the correlation of the
/// window with itself `j` hops on.
#[derive(Debug, Clone)]
pub(crate) struct Correlations(Vec<f64>);

impl Correlations {
    pub(super) fn new(window: &[f64], hop: usize) -> Self {
        let square_sum: f64 = window.iter().map(|w| w * w).sum();
        let squared = |shift: usize| {
            let shared: f64 = window.iter().zip(&window[shift..]).map(|(a, b)| a * b).sum();
            (shared / square_sum).powi(2)
        };
        Self((hop..window.len()).step_by(hop).map(squared).collect())
    }

    /// Variance of the sum of the powers of `segments` over that of one: `K + 2 sum_j (K - j) rho_j^2`.
    pub(super) fn spread(&self, segments: u64) -> f64 {
        spread(segments, self.0.iter().copied())
    }

    /// `n_d = K^2 / spread` (Welch 1967).
    pub(crate) fn of_mean(&self, segments: u64) -> Averaging {
        Averaging { segments, effective: (segments as f64).powi(2) / self.spread(segments) }
    }

    /// For the median of independent segments its exact variance as an order statistic; the overlap reduces
    /// that as it reduces the share of segments above the median, whose spread decides that of a median.
    pub(super) fn of_median(&self, segments: usize) -> Averaging {
        let correlations = self.0.iter().map(|squared| sign_correlation(*squared));
        let shared = spread(segments as u64, correlations) / segments as f64;
        Averaging { segments: segments as u64, effective: independent_median(segments) / shared }
    }
}

fn spread(segments: u64, correlations: impl Iterator<Item = f64>) -> f64 {
    let pairs = (1..segments).rev().map(|pairs| pairs as f64);
    segments as f64 + 2.0 * correlations.zip(pairs).map(|(c, pairs)| c * pairs).sum::<f64>()
}

/// The first values of `1/K, 1/(K-1), ...`, which are the mean gaps between the sorted powers of `segments`
/// of unit mean: the gaps are independent and exponential (A. Renyi, 1953). The median is their sum, for an
/// even number with half the last.
fn gaps(segments: usize) -> impl Iterator<Item = f64> {
    let last = segments / 2;
    let half = if segments.is_multiple_of(2) { 0.5 } else { 1.0 };
    (0..=last).map(move |index| {
        let share = if index == last { half } else { 1.0 };
        share / (segments - index) as f64
    })
}

/// Expectation of the median of the powers of `segments` independent segments of unit mean: from 1 down to
/// ln 2 (Allen et al. 2012, eq. B12, with even numbers as well).
pub(super) fn median_bias(segments: usize) -> f64 {
    gaps(segments).sum()
}

/// Segments whose mean spreads as much, relative to its size, as the median of `segments` independent ones.
fn independent_median(segments: usize) -> f64 {
    let variance: f64 = gaps(segments).map(|gap| gap * gap).sum();
    median_bias(segments).powi(2) / variance
}

/// Correlation of the signs of `power - median` of two powers whose own correlation is `squared`: their joint
/// density is a series in Laguerre polynomials (W. F. Kibble, Sankhya 5, 1941), and
/// `integral_0^m L_l(x) exp(-x) dx = exp(-m) (L_(l-1)(m) - L_l(m))`.
fn sign_correlation(squared: f64) -> f64 {
    let (mut before, mut laguerre) = (1.0, 1.0 - LN_2);
    let (mut power, mut sum) = (squared, 0.0);
    let mut order = 1.0;
    while power > 1e-12 && order < 1e4 {
        sum += power * (before - laguerre) * (before - laguerre);
        let next = ((2.0 * order + 1.0 - LN_2) * laguerre - order * before) / (order + 1.0);
        (before, laguerre) = (laguerre, next);
        power *= squared;
        order += 1.0;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Window;

    #[test]
    fn many_segments_are_worth_the_known_shares() {
        for (window, hop, share) in [
            (Window::Hann, 512, 0.9474),
            (Window::Hann, 256, 0.5196),
            (Window::Boxcar, 512, 0.6667),
            (Window::Hamming, 512, 0.9015),
            (Window::BlackmanHarris, 256, 0.7013),
            (Window::Boxcar, 1024, 1.0),
        ] {
            let found = Correlations::new(&window.samples(1024).unwrap(), hop).of_mean(1_000_000);
            assert!((found.effective / 1e6 - share).abs() < 1e-4, "{window}: {found:?}");
        }
    }

    #[test]
    fn the_bias_of_a_median_is_the_alternating_sum() {
        for (segments, wanted) in [(1, 1.0), (2, 1.0), (3, 5.0 / 6.0), (4, 5.0 / 6.0), (5, 47.0 / 60.0)] {
            assert!((median_bias(segments) - wanted).abs() < 1e-15);
        }
        assert!((median_bias(1_000_001) - LN_2).abs() < 1e-6);
        assert!((independent_median(1) - 1.0).abs() < 1e-15 && (independent_median(2) - 2.0).abs() < 1e-15);
        // 1 / (n f(m)^2 4) over m^2, with f the density at the median.
        assert!((independent_median(1_000_001) / 1e6 - LN_2 * LN_2).abs() < 1e-5);
    }

    #[test]
    fn signs_are_correlated_between_not_at_all_and_fully() {
        assert_eq!(sign_correlation(0.0), 0.0);
        let slope = sign_correlation(1e-6) / 1e-6;
        assert!((slope - LN_2 * LN_2).abs() < 1e-5);
        // The series at 1 converges as the root of its length.
        assert!((sign_correlation(1.0) - 1.0).abs() < 0.01);
    }
}
