//! Onto the coarse grid.

use hexad_core::simd::{Kernel, Lane, Simd, Vector};

use super::slide::{Column, FLIGHT, Less, slide_all};

/// `cells[m] = sum_k window[k] (input[m block + k] - offset)`: gathers samples onto a coarse grid, in groups of
/// `stride` blocks that are whole vectors. `window` holds, for each cell of a group, the vectors of the window from
/// the start of that in which it begins, with zeros around it: first those that stand a multiple of the group from
/// there, then those beside them, and so on. `cells` is whole groups, and `input` reaches to the end of the last one's
/// windows. Tells whether every cell is finite: whether every sample is, but for overflow.
pub struct Decimate<'a, T> {
    pub window: &'a [T],
    pub block: usize,
    pub stride: usize,
    pub input: &'a [T],
    pub offset: T,
    pub cells: &'a mut [T],
}

impl<T: Lane<L>, const L: usize> Kernel<T, L> for Decimate<'_, T> {
    type Output = bool;
    #[inline(always)]
    fn run<S: Simd<T, L>>(self, simd: S) -> bool {
        // The fewer vectors a group has, the more it costs to find out where they are.
        match self.block * self.stride / L {
            1 => self.by_step::<L, S, 1>(simd),
            2 => self.by_step::<L, S, 2>(simd),
            3 => self.by_step::<L, S, 3>(simd),
            _ => self.by_step::<L, S, 0>(simd),
        }
    }
}

impl<T> Decimate<'_, T> {
    /// `STEP` is the number of vectors in a group, or 0 for any.
    #[inline(always)]
    fn by_step<const L: usize, S: Simd<T, L>, const STEP: usize>(self, simd: S) -> bool
    where
        T: Lane<L>,
    {
        let Decimate { window, block, stride, input, offset, cells } = self;
        let step = if STEP == 0 { block * stride / L } else { STEP };
        let group = step * L;
        let (offset, zero) = (simd.splat(offset), simd.splat(T::default()));
        let windows = window.as_chunks::<L>().0;
        let reach = windows.len() / stride;
        // NaN and infinity times 0 are NaN, and NaN stays.
        let (mut probe, mut rest) = (zero, T::default());
        let mut at = 0;
        let mut wide = cells.chunks_exact_mut(FLIGHT * stride);
        for cells in &mut wide {
            for (place, rows) in windows.chunks_exact(reach).enumerate() {
                let sources = input[at + place * block / L * L..].as_chunks::<L>().0;
                let sums = gathered::<T, L, S, STEP, FLIGHT>(simd, rows, sources, step, offset);
                let mut totals = [T::default(); FLIGHT];
                probe = probe + sum_each(simd, &sums, &mut totals);
                if stride == 1 {
                    cells.copy_from_slice(&totals);
                } else {
                    for (cells, total) in cells.chunks_exact_mut(stride).zip(totals) {
                        cells[place] = total;
                    }
                }
            }
            at += FLIGHT * group;
        }
        for cells in wide.into_remainder().chunks_exact_mut(stride) {
            for ((place, rows), cell) in windows.chunks_exact(reach).enumerate().zip(cells) {
                let sources = input[at + place * block / L * L..].as_chunks::<L>().0;
                let [sum] = gathered::<T, L, S, STEP, 1>(simd, rows, sources, step, offset);
                *cell = sum.sum();
                rest = cell.mul_add(T::default(), rest);
            }
            at += group;
        }
        probe.sum().add(rest).to_f64() == 0.0
    }
}

/// The lanes of a cell of `N` neighbouring groups.
#[inline(always)]
fn gathered<T: Lane<L>, const L: usize, S: Simd<T, L>, const STEP: usize, const N: usize>(
    simd: S,
    rows: &[[T; L]],
    sources: &[[T; L]],
    step: usize,
    offset: S::V,
) -> [S::V; N] {
    let mut sums = [simd.splat(T::default()); N];
    let each = rows.len().div_ceil(step);
    for first in 0..step.min(rows.len()) {
        let rows = &rows[first * each..][..each];
        let vectors = &sources[first..];
        slide_all(simd, rows, Less(Column::<T, L, STEP> { vectors, step }, offset), &mut sums);
    }
    sums
}

/// [`Vector::sum`] of each vector into `out`; returns 0 if all are finite and NaN if not, spread over the lanes.
#[inline(always)]
fn sum_each<T: Lane<L>, const L: usize, S: Simd<T, L>>(
    simd: S,
    vectors: &[S::V; FLIGHT],
    out: &mut [T; FLIGHT],
) -> S::V {
    let mut probe = simd.splat(T::default());
    for (vectors, out) in vectors.as_chunks::<L>().0.iter().zip(out.as_chunks_mut::<L>().0) {
        let mut rows = simd.transpose(*vectors);
        let mut half = L / 2;
        while half > 0 {
            for row in 0..half {
                rows[row] = rows[row] + rows[row + half];
            }
            half /= 2;
        }
        rows[0].store(out);
        probe = rows[0].mul_add(simd.splat(T::default()), probe);
    }
    probe
}
