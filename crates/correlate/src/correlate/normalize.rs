//! From sums of products to what was asked for.

use std::ops::Range;

use hexad_core::{InputError, Sum};

use super::layout::Layout;
use super::moments::{Moments, exact_sums};
use super::{CorrelateOptions, Normalization};

/// Share of the energies of whole signals below which transforms leave no digit of a coefficient.
pub(super) const LOST: f64 = 1e-14;

pub(super) fn normalize(
    layout: &Layout,
    options: &CorrelateOptions,
    [a, b]: [&[f64]; 2],
    moments: &[Moments; 2],
    values: &mut [f64],
) {
    match options.normalization {
        Normalization::Overlap => {
            let needed = needed_overlap(a.len(), b.len(), options).unwrap_or(usize::MAX);
            overlap(layout, needed, [a, b], moments, values);
        }
        Normalization::Raw => {}
        other => {
            let divisor = divisor(other, layout, [moments[0].energy, moments[1].energy]);
            for (value, lag) in values.iter_mut().zip(layout.first..) {
                *value /= divisor(lag);
            }
        }
    }
}

/// What the value at a lag is divided by.
pub(super) fn divisor(
    normalization: Normalization,
    layout: &Layout,
    [energy_a, energy_b]: [f64; 2],
) -> impl Fn(i64) -> f64 {
    let coefficient = energy_a.sqrt() * energy_b.sqrt();
    let longer = layout.len_a.max(layout.len_b) as f64;
    move |lag| match normalization {
        Normalization::Biased => longer,
        Normalization::Unbiased => layout.opposite(lag).0.len() as f64,
        Normalization::Coefficient => coefficient,
        Normalization::Raw | Normalization::Overlap => 1.0,
    }
}

/// The fewest samples opposite each other for which there is a coefficient.
pub(crate) fn needed_overlap(
    len_a: usize,
    len_b: usize,
    options: &CorrelateOptions,
) -> Result<usize, InputError> {
    let share = options.min_overlap;
    if !(0.0..=1.0).contains(&share) {
        return Err(InputError::OutOfRange { argument: "min_overlap", value: share, allowed: "from 0 to 1" });
    }
    let shorter = len_a.min(len_b);
    // A share that is a whole number of samples but for rounding counts as that number.
    let wanted = share * shorter as f64 * (1.0 - f64::EPSILON);
    #[expect(clippy::cast_possible_truncation, reason = "at most the samples of a signal")]
    let whole = wanted.ceil() as usize;
    Ok(whole.max(2))
}

/// Pearson's coefficient at each lag, from sums of products of signals without their means.
fn overlap(layout: &Layout, needed: usize, [a, b]: [&[f64]; 2], moments: &[Moments; 2], values: &mut [f64]) {
    let lost = LOST * moments[0].energy.sqrt() * moments[1].energy.sqrt();
    let (first, values) = long_enough(layout, needed, values, f64::NAN);
    let (in_a, in_b) = layout.opposite(first);
    let mut of_a = Window::new(a, moments[0].mean, in_a);
    let mut of_b = Window::new(b, moments[1].mean, in_b);
    for (value, lag) in values.iter_mut().zip(first..) {
        let (in_a, in_b) = layout.opposite(lag);
        of_a.move_to(in_a);
        of_b.move_to(in_b);
        let count = of_a.place.len();
        let size = (of_a.about_mean() * of_b.about_mean()).sqrt();
        let covariance = *value - of_a.sum.total() * of_b.sum.total() / count as f64;
        *value = if size > lost { (covariance / size).clamp(-1.0, 1.0) } else { f64::NAN };
    }
}

/// The first lag with enough samples opposite each other and the values from there to the last such; the others
/// become `none`.
pub(super) fn long_enough<'a, T: Copy>(
    layout: &Layout,
    needed: usize,
    values: &'a mut [T],
    none: T,
) -> (i64, &'a mut [T]) {
    let is_short = |lag: &i64| layout.opposite(*lag).0.len() < needed;
    let last = layout.first + values.len() as i64 - 1;
    let before = (layout.first..=last).take_while(is_short).count();
    let behind = (layout.first..=last).rev().take_while(is_short).count().min(values.len() - before);
    let (short, rest) = values.split_at_mut(before);
    short.fill(none);
    let (values, short) = rest.split_at_mut(rest.len() - behind);
    short.fill(none);
    (layout.first + before as i64, values)
}

/// Calls `add(index, 1)` for what enters and `add(index, -1)` for what leaves when a stretch moves.
pub(super) fn exchange(old: &Range<usize>, new: &Range<usize>, mut add: impl FnMut(usize, f64)) {
    let entering = (new.start..old.start.min(new.end)).chain(old.end.max(new.start)..new.end);
    let leaving = (old.start..new.start.min(old.end)).chain(new.end.max(old.start)..old.end);
    entering.for_each(|index| add(index, 1.0));
    leaving.for_each(|index| add(index, -1.0));
}

/// Sums over a stretch that moves by a sample at each end at most.
struct Window<'a> {
    samples: &'a [f64],
    mean: f64,
    place: Range<usize>,
    sum: Sum,
    squares: Sum,
}

impl<'a> Window<'a> {
    fn new(samples: &'a [f64], mean: f64, place: Range<usize>) -> Self {
        let [sum, squares] = exact_sums(&samples[place.clone()], mean);
        Self { samples, mean, place, sum, squares }
    }

    fn move_to(&mut self, place: Range<usize>) {
        let old = std::mem::replace(&mut self.place, place.clone());
        exchange(&old, &place, |index, sign| self.add(index, sign));
    }

    fn add(&mut self, index: usize, sign: f64) {
        let x = self.samples[index] - self.mean;
        self.sum.add(sign * x);
        self.squares.add(sign * x * x);
    }

    /// The sum of squares about the mean of the stretch; 0 if that is rounding.
    fn about_mean(&self) -> f64 {
        let (count, sum, squares) = (self.place.len() as f64, self.sum.total(), self.squares.total());
        let about_mean = squares - sum * sum / count;
        let offset = f64::EPSILON * self.mean;
        let rounding = 4.0 * f64::EPSILON * squares + offset * offset * count;
        if about_mean > rounding { about_mean } else { 0.0 }
    }
}
