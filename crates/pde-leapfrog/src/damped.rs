//! The hot loop of absorbing layers: `memory = b memory + a d`, `out -= factor (s d + memory)`, d being the difference
//! of a field along one axis.

use hexad_core::simd::{Kernel, Simd, Vector};

use crate::kernel::{Rate, Source, Staggered, weighted};
use crate::real::sealed::Sealed;

/// A row of a field in a layer. All that is not the memory's stands as the fields do.
#[derive(Debug)]
pub struct Damped<'a, T> {
    /// What is updated, from the first cell on.
    pub out: &'a mut [T],
    /// The memory of each cell.
    pub memory: &'a mut [T],
    /// From a cell to the next.
    pub stride: usize,
    /// The factor.
    pub rate: Rate<'a, T>,
    /// The field whose differences are taken.
    pub source: Source<'a, T>,
    /// Where the differences are, seen from a cell.
    pub staggered: Staggered,
    /// c_k.
    pub weights: &'a [T],
    /// b, a and s, by cell of the row if they are not the same.
    pub damping: [Rate<'a, T>; 3],
}

/// The same with R weights.
#[derive(Debug)]
pub struct DampedRow<'a, T, const R: usize> {
    job: Damped<'a, T>,
    ahead: [&'a [T]; R],
    behind: [&'a [T]; R],
    weights: [T; R],
}

impl<'a, T: Sealed, const R: usize> DampedRow<'a, T, R> {
    /// A job with R weights.
    #[inline]
    pub fn new(job: Damped<'a, T>) -> Self {
        let Source { field, first, stride } = job.source;
        let (mut ahead, mut behind): ([&[T]; R], [&[T]; R]) = ([&[]; R], [&[]; R]);
        let mut weights = [T::default(); R];
        weights.copy_from_slice(job.weights);
        for k in 0..R {
            let (up, down) = job.staggered.reach(k);
            ahead[k] = &field[first + up * stride..];
            behind[k] = &field[first - down * stride..];
        }
        Self { job, ahead, behind, weights }
    }
}

impl<T: Sealed, const L: usize, const R: usize> Kernel<T, L> for DampedRow<'_, T, R> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<T, L>>(self, simd: S) {
        let Self { job: Damped { out, memory, stride, rate, damping, .. }, ahead, behind, weights } = self;
        let vectors = if stride == 1 { memory.len() / L } else { 0 };
        let mut spread = [simd.splat(T::default()); R];
        for k in 0..R {
            spread[k] = simd.splat(weights[k]);
        }
        let [mut decay, mut gain, mut stretch] =
            [start(simd, damping[0]), start(simd, damping[1]), start(simd, damping[2])];
        let mut factor = start(simd, rate);
        for index in 0..vectors {
            let mut differences = spread;
            for k in 0..R {
                differences[k] = load(simd, ahead[k], index) - load(simd, behind[k], index);
            }
            let difference = weighted(differences, spread);
            refresh(simd, &mut decay, damping[0], index);
            refresh(simd, &mut gain, damping[1], index);
            refresh(simd, &mut stretch, damping[2], index);
            refresh(simd, &mut factor, rate, index);
            let kept = decay * load(simd, memory, index) + gain * difference;
            store(kept, memory, index);
            let value = load(simd, out, index) - factor * (stretch * difference + kept);
            store(value, out, index);
        }
        for (index, kept) in memory.iter_mut().enumerate().skip(vectors * L) {
            let at = index * stride;
            let mut differences = weights;
            for k in 0..R {
                differences[k] = ahead[k][at] - behind[k][at];
            }
            let difference = weighted(differences, weights);
            let [decay, gain, stretch] =
                [of(damping[0], index), of(damping[1], index), of(damping[2], index)];
            *kept = decay * *kept + gain * difference;
            out[at] = out[at] - of(rate, at) * (stretch * difference + *kept);
        }
    }
}

#[inline(always)]
fn load<T: Sealed, S: Simd<T, L>, const L: usize>(simd: S, values: &[T], index: usize) -> S::V {
    simd.load(&values.as_chunks().0[index])
}

#[inline(always)]
fn store<T: Sealed, V: Vector<T, L>, const L: usize>(vector: V, values: &mut [T], index: usize) {
    vector.store(&mut values.as_chunks_mut().0[index]);
}

/// What is the same in all vectors.
#[inline(always)]
fn start<T: Sealed, S: Simd<T, L>, const L: usize>(simd: S, rate: Rate<'_, T>) -> S::V {
    simd.splat(if let Rate::Same(value) = rate { value } else { T::default() })
}

/// What is not.
#[inline(always)]
fn refresh<T: Sealed, S: Simd<T, L>, const L: usize>(
    simd: S,
    vector: &mut S::V,
    rate: Rate<'_, T>,
    index: usize,
) {
    if let Rate::PerCell(values) = rate {
        *vector = load(simd, values, index);
    }
}

#[inline(always)]
fn of<T: Sealed>(rate: Rate<'_, T>, at: usize) -> T {
    match rate {
        Rate::Same(value) => value,
        Rate::PerCell(values) => values[at],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexad_core::simd::{dispatch, dispatch_eight, run_portable};

    fn numbers(seed: usize) -> Vec<f64> {
        (0..400).map(|index| (((index + 400 * seed) * 7919 + 13) % 1009) as f64 / 504.5 - 1.0).collect()
    }

    /// 21 cells at order 4, with a damping for each.
    fn after(run: impl Fn(DampedRow<'_, f64, 2>), per_cell: bool, stride: usize) -> [Vec<f64>; 2] {
        let [mut out, mut memory, source, rates, decay, gain, stretch] = [0, 1, 2, 3, 4, 5, 6].map(numbers);
        let each = |values, same| if per_cell { Rate::PerCell(values) } else { Rate::Same(same) };
        run(DampedRow::new(Damped {
            out: &mut out[100..],
            memory: &mut memory[50..71],
            stride,
            rate: each(&rates[100..], 0.3),
            source: Source { field: &source, first: 100, stride },
            staggered: Staggered::Ahead,
            weights: &[9.0 / 8.0, -1.0 / 24.0],
            damping: [each(&decay, 0.9), each(&gain, -0.1), each(&stretch, 0.2)],
        }));
        [out, memory]
    }

    #[test]
    fn every_width_of_vectors_gives_the_same_bits() {
        for (per_cell, stride) in [(false, 1), (true, 1), (false, 8), (true, 8)] {
            let portable = after(|job| run_portable::<f64, 4, _>(job), per_cell, stride);
            assert_eq!(after(|job| dispatch::<f64, 4, _>(job), per_cell, stride), portable);
            assert_eq!(after(|job| dispatch_eight(job), per_cell, stride), portable);
            assert_eq!(after(|job| run_portable::<f64, 8, _>(job), per_cell, stride), portable);
            for (values, seed) in portable.iter().zip(0..) {
                let changed = values.iter().zip(numbers(seed)).filter(|(after, before)| **after != *before);
                assert_eq!(changed.count(), 21);
            }
        }
    }
}
