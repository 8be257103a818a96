//! The kernels that a smooth of evenly spaced samples is made of.

use hexad_core::simd::dispatch;

use super::kernels::GaussianTable;
use crate::direct::derivative_factor;
use crate::options::Side;

/// A Gaussian times a polynomial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    /// `w(u) u^k`, `u = d / sigma`.
    Moment(usize),
    /// SciPy's derivative of order `k`, per sample.
    Derivative(usize),
}

impl Shape {
    /// The factor of the Gaussian at the offset `d`.
    pub fn factor(self, d: f64, sigma: f64) -> f64 {
        match self {
            Shape::Moment(0) => 1.0,
            Shape::Moment(power) => (d / sigma).powi(crate::convert::to_i32(power)),
            Shape::Derivative(order) => derivative_factor(d, sigma, order),
        }
    }

    /// The shape at the offset `d`, unscaled.
    #[cfg(test)]
    pub fn weight(self, d: f64, sigma: f64) -> f64 {
        self.factor(d, sigma) * (-0.5 * (d / sigma) * (d / sigma)).exp()
    }

    /// Whether it changes sign with `d`.
    pub fn is_odd(self) -> bool {
        let (Shape::Moment(k) | Shape::Derivative(k)) = self;
        k % 2 == 1
    }
}

/// A Gaussian cut at a whole number of samples: the source of taps and of sums over part of them.
#[derive(Debug, Clone)]
pub(crate) struct Taps {
    /// In samples.
    pub sigma: f64,
    /// `exp(-d^2 / (2 sigma^2))` for `0 <= d <= radius`.
    half: Vec<f64>,
    side: Side,
    /// Sum of all taps of the Gaussian itself, by which every shape is divided.
    pub total: f64,
}

impl Taps {
    pub fn new(sigma: f64, radius: usize, side: Side) -> Self {
        let mut half = vec![0.0; radius + 1];
        // A subnormal sigma must not turn 0 * infinity into NaN.
        let scale = (std::f64::consts::FRAC_1_SQRT_2 / sigma).min(f64::MAX);
        dispatch(GaussianTable { scale, out: &mut half });
        let one_sided = sum_smallest_first(&half[1..]);
        let total = if side == Side::Both { 2.0 * one_sided + 1.0 } else { one_sided + 1.0 };
        Self { sigma, half, side, total }
    }

    pub fn radius(&self) -> usize {
        self.half.len() - 1
    }

    /// Taps before and after the sample itself.
    pub fn reach(&self) -> (usize, usize) {
        (self.radius(), if self.side == Side::Both { self.radius() } else { 0 })
    }

    /// Taps of `shape` over [`Taps::total`], in the order of the samples they meet.
    pub fn of(&self, shape: Shape) -> Vec<f64> {
        let (before, after) = self.reach();
        let tap = |d: f64, weight: f64| shape.factor(d, self.sigma) * weight / self.total;
        let left = (1..=before).rev().map(|d| tap(-(d as f64), self.half[d]));
        left.chain((0..=after).map(|d| tap(d as f64, self.half[d]))).collect()
    }

    /// `sum_{0 <= d <= k} w(d) (d / sigma)^power` over [`Taps::total`], for every `k` up to the radius.
    pub fn partial_sums(&self, power: usize) -> Vec<f64> {
        let (mut sum, scale) = (0.0, self.total.recip());
        let mut add = |term: f64| {
            sum += term;
            sum * scale
        };
        if power == 0 {
            return self.half.iter().map(|weight| add(*weight)).collect();
        }
        let terms = self.half.iter().enumerate();
        terms.map(|(d, weight)| add(Shape::Moment(power).factor(d as f64, self.sigma) * weight)).collect()
    }
}

/// Sum of falling values, from their end, in four strands.
fn sum_smallest_first(values: &[f64]) -> f64 {
    let (strands, rest) = values.as_chunks::<4>();
    let mut sums = [0.0; 4];
    sums[..rest.len()].copy_from_slice(rest);
    for values in strands.iter().rev() {
        for (sum, value) in sums.iter_mut().zip(values) {
            *sum += value;
        }
    }
    (sums[3] + sums[2]) + (sums[1] + sums[0])
}
