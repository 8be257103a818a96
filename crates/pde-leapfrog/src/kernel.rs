//! The one hot loop: `out -= factor sum_k c_k sum_axes (ahead_k - behind_k)`.
//!
//! It updates the pressure, with the velocity along each axis, and each velocity, with the pressure along one. The
//! differences of all axes are added first, slowest axis last, then weighed by k. Nothing is fused: every machine
//! and the direct loops give the same bits.

use std::ops::{Add, Mul, Sub};

use hexad_core::simd::{Kernel, Simd, Vector};

use crate::real::sealed::Sealed;

/// What the sum of differences is multiplied with.
#[derive(Debug, Clone, Copy)]
pub enum Rate<'a, T> {
    /// The same everywhere.
    Same(T),
    /// Of each cell; stands as the fields do.
    PerCell(&'a [T]),
}

/// Some rows of a field to update. They are compiled once for each number of axes and order, whatever else is
/// generic.
#[derive(Debug)]
pub struct Job<'a, T> {
    /// What is updated, from the first cell on.
    pub out: &'a mut [T],
    /// How many rows.
    pub rows: usize,
    /// From one row to the next.
    pub stride: usize,
    /// Cells of a row.
    pub width: usize,
    /// The factor.
    pub rate: Rate<'a, T>,
    /// One for each axis.
    pub sources: &'a [Source<'a, T>],
    /// Where the differences are, seen from a cell.
    pub staggered: Staggered,
    /// c_k.
    pub weights: &'a [T],
}

/// A field whose differences are taken.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a, T> {
    /// The field.
    pub field: &'a [T],
    /// Index in it of the first cell to update.
    pub first: usize,
    /// From a cell to the next along the axis.
    pub stride: usize,
}

/// Where the differences of a field are, seen from its own index: a face is half a cell ahead of its cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Staggered {
    /// Faces, seen from a cell.
    Behind,
    /// Cells, seen from a face.
    Ahead,
}

impl Staggered {
    /// How many places ahead and behind term `k` is.
    #[inline]
    pub fn reach(self, k: usize) -> (usize, usize) {
        match self {
            Self::Behind => (k, k + 1),
            Self::Ahead => (k + 1, k),
        }
    }
}

/// Some rows of a field, each `width` long and `stride` after the one before. All slices start at the first cell of
/// the first row, or at the neighbours of it.
#[derive(Debug)]
pub struct Update<'a, T, const D: usize, const R: usize> {
    /// What is updated.
    pub out: &'a mut [T],
    /// How many rows.
    pub rows: usize,
    /// From one row to the next.
    pub stride: usize,
    /// Cells of a row.
    pub width: usize,
    /// The factor.
    pub rate: Rate<'a, T>,
    /// By axis and k.
    pub ahead: [[&'a [T]; R]; D],
    /// By axis and k.
    pub behind: [[&'a [T]; R]; D],
    /// c_k.
    pub weights: [T; R],
}

impl<'a, T: Sealed, const D: usize, const R: usize> Update<'a, T, D, R> {
    /// A job with D sources and R weights.
    #[inline]
    pub fn new(job: Job<'a, T>) -> Self {
        let mut ahead: [[&[T]; R]; D] = [[&[]; R]; D];
        let mut behind = ahead;
        let mut weights = [T::default(); R];
        weights.copy_from_slice(job.weights);
        for (axis, source) in job.sources.iter().enumerate() {
            for k in 0..R {
                let (up, down) = job.staggered.reach(k);
                ahead[axis][k] = &source.field[source.first + up * source.stride..];
                behind[axis][k] = &source.field[source.first - down * source.stride..];
            }
        }
        let Job { out, rows, stride, width, rate, .. } = job;
        Self { out, rows, stride, width, rate, ahead, behind, weights }
    }
}

impl<T: Sealed, const L: usize, const D: usize, const R: usize> Kernel<T, L> for Update<'_, T, D, R> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T, L>>(self, simd: S) {
        for row in 0..self.rows {
            let at = row * self.stride;
            let out = &mut self.out[at..at + self.width];
            let (mut ahead, mut behind) = (self.ahead, self.behind);
            for axis in 0..D {
                for k in 0..R {
                    ahead[axis][k] = &ahead[axis][k][at..at + self.width];
                    behind[axis][k] = &behind[axis][k][at..at + self.width];
                }
            }
            match self.rate {
                Rate::Same(rate) => {
                    update::<T, S, L, D, R, false>(simd, out, rate, &[], ahead, behind, self.weights)
                }
                Rate::PerCell(rates) => {
                    let rates = &rates[at..at + self.width];
                    update::<T, S, L, D, R, true>(
                        simd,
                        out,
                        T::default(),
                        rates,
                        ahead,
                        behind,
                        self.weights,
                    );
                }
            }
        }
    }
}

/// One row. All slices have its length; `rates` counts if `PER_CELL`, `rate` otherwise.
#[inline(always)]
fn update<T: Sealed, S: Simd<T, L>, const L: usize, const D: usize, const R: usize, const PER_CELL: bool>(
    simd: S,
    out: &mut [T],
    rate: T,
    rates: &[T],
    ahead: [[&[T]; R]; D],
    behind: [[&[T]; R]; D],
    weights: [T; R],
) {
    let (vectors, rest) = out.as_chunks_mut::<L>();
    let count = vectors.len();
    let mut ahead_vectors: [[&[[T; L]]; R]; D] = [[&[]; R]; D];
    let mut behind_vectors: [[&[[T; L]]; R]; D] = [[&[]; R]; D];
    for axis in 0..D {
        for k in 0..R {
            ahead_vectors[axis][k] = &ahead[axis][k].as_chunks().0[..count];
            behind_vectors[axis][k] = &behind[axis][k].as_chunks().0[..count];
        }
    }
    let rate_vectors = if PER_CELL { &rates.as_chunks().0[..count] } else { &[] };
    let (same, mut spread) = (simd.splat(rate), [simd.splat(T::default()); R]);
    for k in 0..R {
        spread[k] = simd.splat(weights[k]);
    }
    for index in 0..count {
        let mut differences = spread;
        for k in 0..R {
            for axis in 0..D {
                let difference =
                    simd.load(&ahead_vectors[axis][k][index]) - simd.load(&behind_vectors[axis][k][index]);
                differences[k] = if axis == 0 { difference } else { differences[k] + difference };
            }
        }
        let rate = if PER_CELL { simd.load(&rate_vectors[index]) } else { same };
        (simd.load(&vectors[index]) - rate * weighted(differences, spread)).store(&mut vectors[index]);
    }
    let from = count * L;
    for (index, out) in (from..).zip(rest) {
        let mut differences = weights;
        for k in 0..R {
            for axis in 0..D {
                let difference = ahead[axis][k][index] - behind[axis][k][index];
                differences[k] = if axis == 0 { difference } else { differences[k] + difference };
            }
        }
        let rate = if PER_CELL { rates[index] } else { rate };
        *out = *out - rate * weighted(differences, weights);
    }
}

/// `sum_k weights_k differences_k`, in that order; of a single difference, whose weight is 1, itself.
#[inline(always)]
pub(crate) fn weighted<V, const R: usize>(differences: [V; R], weights: [V; R]) -> V
where
    V: Copy + Add<Output = V> + Sub<Output = V> + Mul<Output = V>,
{
    if R == 1 {
        return differences[0];
    }
    let mut sum = weights[0] * differences[0];
    for k in 1..R {
        sum = sum + weights[k] * differences[k];
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexad_core::simd::{dispatch, dispatch_eight, run_portable};

    /// A number that no other index has.
    fn number(index: usize) -> f64 {
        ((index * 7919 + 13) % 1009) as f64 / 504.5 - 1.0
    }

    /// 3 rows of 21 cells, 32 apart, with two sources at order 4.
    fn after(run: impl Fn(Update<'_, f64, 2, 2>), per_cell: bool) -> Vec<f64> {
        let field = |place: usize| (0..400).map(|index| number(index + 400 * place)).collect::<Vec<_>>();
        let (mut out, x, y, rates) = (field(0), field(1), field(2), field(3));
        let source = |field, stride| Source { field, first: 100, stride };
        let job = Job {
            out: &mut out[100..],
            rows: 3,
            stride: 32,
            width: 21,
            rate: if per_cell { Rate::PerCell(&rates[100..]) } else { Rate::Same(0.3) },
            sources: &[source(&x, 1), source(&y, 32)],
            staggered: Staggered::Behind,
            weights: &[9.0 / 8.0, -1.0 / 24.0],
        };
        run(Update::new(job));
        out
    }

    #[test]
    fn every_width_of_vectors_gives_the_same_bits() {
        for per_cell in [false, true] {
            let portable = after(|job| run_portable::<f64, 4, _>(job), per_cell);
            assert_eq!(after(|job| dispatch::<f64, 4, _>(job), per_cell), portable);
            assert_eq!(after(|job| dispatch_eight(job), per_cell), portable);
            assert_eq!(after(|job| run_portable::<f64, 8, _>(job), per_cell), portable);
            let changed = portable.iter().enumerate().filter(|(index, value)| **value != number(*index));
            assert_eq!(changed.count(), 63);
        }
    }
}
