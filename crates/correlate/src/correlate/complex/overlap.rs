//! The coefficient of the samples opposite each other at each lag.

use std::ops::Range;

use hexad_core::{Complex64, Sum};

use super::super::layout::Layout;
use super::super::normalize::{LOST, exchange, long_enough};
use super::moments::Moments;

/// Makes coefficients of sums of products of signals without their means.
pub(super) fn divide(
    layout: &Layout,
    needed: usize,
    [a, b]: [&[Complex64]; 2],
    moments: &[Moments; 2],
    values: &mut [Complex64],
) {
    let lost = LOST * moments[0].energy.sqrt() * moments[1].energy.sqrt();
    let none = Complex64::new(f64::NAN, f64::NAN);
    let (first, values) = long_enough(layout, needed, values, none);
    let (in_a, in_b) = layout.opposite(first);
    let (mut of_a, mut of_b) = (Window::new(a, moments[0].mean, in_a), Window::new(b, moments[1].mean, in_b));
    for (value, lag) in values.iter_mut().zip(first..) {
        let (in_a, in_b) = layout.opposite(lag);
        let count = in_a.len() as f64;
        of_a.move_to(in_a);
        of_b.move_to(in_b);
        let size = (of_a.about_mean() * of_b.about_mean()).sqrt();
        let covariance = *value - of_a.sum() * of_b.sum().conj() / count;
        *value = if size > lost { covariance / size } else { none };
    }
}

/// Sums over a stretch that moves by a sample at each end at most.
struct Window<'a> {
    samples: &'a [Complex64],
    mean: Complex64,
    place: Range<usize>,
    parts: [Sum; 2],
    squares: Sum,
}

impl<'a> Window<'a> {
    fn new(samples: &'a [Complex64], mean: Complex64, place: Range<usize>) -> Self {
        let empty = place.start..place.start;
        let (parts, squares) = ([Sum::default(); 2], Sum::default());
        let mut window = Self { samples, mean, place: empty, parts, squares };
        window.move_to(place);
        window
    }

    fn move_to(&mut self, place: Range<usize>) {
        let old = std::mem::replace(&mut self.place, place.clone());
        exchange(&old, &place, |index, sign| self.add(index, sign));
    }

    fn add(&mut self, index: usize, sign: f64) {
        let z = self.samples[index] - self.mean;
        self.parts[0].add(sign * z.re);
        self.parts[1].add(sign * z.im);
        self.squares.add(sign * z.re * z.re);
        self.squares.add(sign * z.im * z.im);
    }

    fn sum(&self) -> Complex64 {
        Complex64::new(self.parts[0].total(), self.parts[1].total())
    }

    /// The sum of squared sizes about the mean of the stretch; 0 if that is rounding.
    fn about_mean(&self) -> f64 {
        let (count, squares) = (self.place.len() as f64, self.squares.total());
        let about_mean = squares - self.sum().norm_sqr() / count;
        let offset = f64::EPSILON * self.mean.norm();
        let rounding = 4.0 * f64::EPSILON * squares + offset * offset * count;
        if about_mean > rounding { about_mean } else { 0.0 }
    }
}
