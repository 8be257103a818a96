//! From the moments of cells to the sums of nodes.

use std::ops::Range;

use hexad_core::simd::{Kernel, Simd, Vector};

use super::{Cells, DEGREE, LANES, Moments, PRODUCTS, UNIT};

/// For each j the place of `P_0(t) P_j(u)`; `P_i(t) P_j(u)` is i further.
const FIRST: [usize; DEGREE + 1] = [0, 5, 9, 12, 14];

/// Moments become the nodes' sums, row by row of cells: first along x, then along y.
pub(super) struct Spread<'a> {
    pub cells: &'a Cells,
    pub moments: &'a Moments,
    /// For each degree along y, and each node of a spline, what it gets from the cell at which its spline starts; zeros
    /// before the first and at the end of each row, where nodes look for cells that are not there.
    pub shifted: &'a mut [f64],
    pub grid: &'a mut [f64],
}

macro_rules! spread {
    ($lanes:literal) => {
        impl Kernel<f64, $lanes> for Spread<'_> {
            type Output = ();
            #[inline(always)]
            fn run<S: Simd<f64, $lanes>>(self, simd: S) {
                self.all(simd);
            }
        }
    };
}
spread!(4);
spread!(8);

impl Spread<'_> {
    #[inline(always)]
    fn all<S: Simd<f64, L>, const L: usize>(mut self, simd: S) {
        let columns = self.cells.columns;
        let used = self.moments.used();
        for row in used.start / columns..used.end.div_ceil(columns) {
            let cells = row * columns..(row + 1) * columns;
            if cells.clone().any(|cell| self.moments.has_points(cell)) {
                self.along_x(simd, cells);
                self.along_y(simd, row);
            }
        }
    }

    #[inline(always)]
    fn along_x<S: Simd<f64, L>, const L: usize>(&mut self, simd: S, cells: Range<usize>) {
        let Cells { degree, stride, shares, .. } = self.cells;
        for (first, start) in (0..).step_by(L).zip(cells.clone().step_by(L)) {
            let group = start..(start + L).min(cells.end);
            if !group.clone().any(|cell| self.moments.has_points(cell)) {
                self.nothing_along_x::<L>(first);
                continue;
            }
            let products = products(simd, self.moments, group);
            for node in (0..).take(degree.div_ceil(2)) {
                for j in 0..DEGREE + 1 {
                    // The splines of the opposite node are these turned about.
                    let mut halves = [simd.splat(0.0); 2];
                    for i in 0..DEGREE + 1 - j {
                        let share = simd.splat(shares[i][node]);
                        halves[i % 2] = products[FIRST[j] + i].mul_add(share, halves[i % 2]);
                    }
                    let [even, odd] = halves;
                    for (node, sum) in [(node, even + odd), (degree - node, even - odd)] {
                        let place = LANES + (j * (degree + 1) + node) * stride + first;
                        let (out, _) = self.shifted[place..][..L].as_chunks_mut::<L>();
                        sum.store(&mut out[0]);
                    }
                }
            }
        }
    }

    #[inline(always)]
    fn nothing_along_x<const L: usize>(&mut self, first: usize) {
        for row in self.shifted[LANES..].chunks_exact_mut(self.cells.stride) {
            row[first..][..L].fill(0.0);
        }
    }

    #[inline(always)]
    fn along_y<S: Simd<f64, L>, const L: usize>(&mut self, simd: S, row: usize) {
        let Cells { degree, stride, shares, .. } = self.cells;
        for column in (0..*stride).step_by(L) {
            let mut sums = [simd.splat(0.0); DEGREE + 1];
            for (j, sum) in sums.iter_mut().enumerate() {
                for node in 0..degree + 1 {
                    let place = LANES + (j * (degree + 1) + node) * stride + column - node;
                    let (values, _) = self.shifted[place..][..L].as_chunks::<L>();
                    *sum = *sum + simd.load(&values[0]);
                }
            }
            let nodes = self.grid[row * stride..].chunks_exact_mut(*stride);
            for (node, nodes) in nodes.take(degree + 1).enumerate() {
                let (nodes, _) = nodes[column..][..L].as_chunks_mut::<L>();
                let mut total = simd.load(&nodes[0]);
                for j in 0..DEGREE + 1 {
                    total = sums[j].mul_add(simd.splat(shares[j][node]), total);
                }
                total.store(&mut nodes[0]);
            }
        }
    }
}

/// The products of up to `L` cells, those of one degree in a vector.
#[inline(always)]
fn products<S: Simd<f64, L>, const L: usize>(
    simd: S,
    moments: &Moments,
    cells: Range<usize>,
) -> [S::V; PRODUCTS] {
    let mut values = [[0.0; PRODUCTS]; L];
    for (values, cell) in values.iter_mut().zip(cells) {
        moments.values_into(cell, 1.0 / UNIT, values);
    }
    let mut products = [simd.splat(0.0); PRODUCTS];
    for part in 0..PRODUCTS / L {
        let mut rows = [simd.splat(0.0); L];
        for (row, values) in rows.iter_mut().zip(&values) {
            *row = simd.load(&values.as_chunks::<L>().0[part]);
        }
        products[part * L..(part + 1) * L].copy_from_slice(&simd.transpose(rows));
    }
    products[0] = products[0] * simd.splat(UNIT);
    products
}
