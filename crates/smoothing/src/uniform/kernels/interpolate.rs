//! Back from the coarse grid.

use hexad_core::simd::{Kernel, Lane, Simd, Vector};

use super::slide::{FLIGHT, Numbers, slide_all};

/// `out[b group + k] = offset + sum_t spread(k, t) cells[b stride + t]`: the way back from the coarse grid, in
/// groups of samples that are whole vectors and stand on `stride` cells. `spread` holds, for each vector of a
/// group, one vector for each of the `width` cells that it reaches, from the cell of its first sample on.
/// `out` is whole groups, and `cells` reaches to the end of the last one's window.
pub struct Interpolate<'a, T> {
    pub spread: &'a [T],
    pub width: usize,
    pub block: usize,
    pub stride: usize,
    pub cells: &'a [T],
    pub offset: T,
    pub out: &'a mut [T],
}

impl<T: Lane<L>, const L: usize> Kernel<T, L> for Interpolate<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<T, L>>(self, simd: S) {
        // A vector is a power of two, and so is the least number of blocks that makes whole ones.
        match self.stride {
            1 => self.by_stride::<L, S, 1>(simd),
            2 => self.by_stride::<L, S, 2>(simd),
            4 => self.by_stride::<L, S, 4>(simd),
            _ => self.by_stride::<L, S, 8>(simd),
        }
    }
}

impl<T> Interpolate<'_, T> {
    #[inline(always)]
    fn by_stride<const L: usize, S: Simd<T, L>, const STRIDE: usize>(self, simd: S)
    where
        T: Lane<L>,
    {
        let Interpolate { spread, width, block, cells, offset, out, .. } = self;
        let (shift, group) = (simd.splat(offset), block * STRIDE);
        let spread = spread.as_chunks::<L>().0;
        let mut at = 0;
        let mut wide = out.chunks_exact_mut(FLIGHT * group);
        for out in &mut wide {
            let out = out.as_chunks_mut::<L>().0;
            for (vector, rows) in spread.chunks_exact(width).enumerate() {
                let cells = Numbers::<T, STRIDE>(&cells[at + first_cell::<L, STRIDE>(vector, block)..]);
                let sums: [_; FLIGHT] = spread_cells(simd, rows, cells);
                for (i, sum) in sums.iter().enumerate() {
                    (*sum + shift).store(&mut out[i * (group / L) + vector]);
                }
            }
            at += FLIGHT * STRIDE;
        }
        for out in wide.into_remainder().chunks_exact_mut(group) {
            let out = out.as_chunks_mut::<L>().0;
            for ((vector, rows), out) in spread.chunks_exact(width).enumerate().zip(out) {
                let cells = Numbers::<T, STRIDE>(&cells[at + first_cell::<L, STRIDE>(vector, block)..]);
                let [sum] = spread_cells(simd, rows, cells);
                (sum + shift).store(out);
            }
            at += STRIDE;
        }
    }
}

/// The first cell of a group that a vector of it reaches.
#[inline(always)]
fn first_cell<const L: usize, const STRIDE: usize>(vector: usize, block: usize) -> usize {
    // Where blocks are whole vectors, all stand on the first cell; a division would cost as much as the rest.
    if STRIDE == 1 { 0 } else { vector * L / block }
}

/// One vector of `N` neighbouring groups.
#[inline(always)]
fn spread_cells<T: Lane<L>, const L: usize, S: Simd<T, L>, const STRIDE: usize, const N: usize>(
    simd: S,
    rows: &[[T; L]],
    cells: Numbers<'_, T, STRIDE>,
) -> [S::V; N] {
    let mut sums = [simd.splat(T::default()); N];
    if STRIDE == 1 {
        slide_all(simd, rows, cells, &mut sums);
        return sums;
    }
    for (t, row) in rows.iter().enumerate() {
        let (row, cells) = (simd.load(row), &cells.0[t..][..(N - 1) * STRIDE + 1]);
        for (group, sum) in sums.iter_mut().enumerate() {
            *sum = simd.splat(cells[group * STRIDE]).mul_add(row, *sum);
        }
    }
    sums
}
