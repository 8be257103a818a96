//! From the grid to the pixels: sums over neighbouring rows, twice.

use hexad_core::Workspace;
use hexad_core::simd::{Kernel, Simd, Vector, dispatch_widest};
use rayon::prelude::*;

use super::axis::{GridAxis, Sums};
use super::spline::LANES;

/// Output rows that a thread works on at a time.
const ROWS: usize = 16;
/// Work below which one thread does it all.
const PARALLEL_WORK: usize = 1 << 22;

/// Writes the map of `grid`, row by row: first along x with the nodes' columns as rows, then along y. Nodes are
/// smoothed while they are few. Each value is multiplied by `factor`.
pub(crate) fn evaluate(
    grid: &[f64],
    [x, y]: [&GridAxis; 2],
    workspace: &mut Workspace<f64>,
    factor: f64,
    values: &mut [f64],
) {
    let (stride, width) = (x.padded(), x.pixels.starts.len());
    let padded_width = width.next_multiple_of(LANES);
    let height = y.on_nodes.as_ref().map_or(y.nodes, |sums| sums.starts.len());
    let padded_height = (height + LANES).next_multiple_of(LANES);
    let columns_kept = x.on_nodes.as_ref().map_or(0, |sums| sums.starts.len());
    let [smooth, columns, kept, wide, rows] = workspace.fields([
        if y.on_nodes.is_some() { stride * padded_height } else { 0 },
        stride * padded_height,
        columns_kept * padded_height,
        padded_width * padded_height,
        padded_width * padded_height,
    ]);
    let nodes = if let Some(sums) = &y.on_nodes {
        combine(grid, stride, sums, 1.0, &mut smooth[..stride * height], stride);
        &*smooth
    } else {
        grid
    };
    transpose(nodes, stride, columns, padded_height);
    let columns = if let Some(sums) = &x.on_nodes {
        combine(columns, padded_height, sums, 1.0, kept, padded_height);
        &*kept
    } else {
        &*columns
    };
    combine(columns, padded_height, &x.pixels, 1.0, &mut wide[..width * padded_height], padded_height);
    transpose(wide, padded_height, rows, padded_width);
    combine(rows, padded_width, &y.pixels, factor, values, width);
}

/// Whether a sum for each of so many pixels or nodes may be work for more than one thread.
pub(crate) fn is_shared(pixels: usize, axes: [&GridAxis; 2]) -> bool {
    let sums = axes.iter().flat_map(|axis| axis.on_nodes.iter().chain([&axis.pixels]));
    pixels * sums.map(|sums| sums.taps).max().unwrap_or(0) >= PARALLEL_WORK
}

/// Output row i is the sum of `taps` rows of `source`, from row `starts[i]` on, with `weights[i]`, times `factor`.
fn combine(source: &[f64], stride: usize, sums: &Sums, factor: f64, out: &mut [f64], width: usize) {
    let taps = sums.taps;
    let weights = sums.weights.par_chunks(ROWS * taps).zip(sums.starts.par_chunks(ROWS));
    let some = |out: &mut [f64], weights: &[f64], starts: &[usize]| {
        dispatch_widest(Combine { source, stride, weights, starts, factor, out, width });
    };
    if out.len() * taps < PARALLEL_WORK || rayon::current_num_threads() == 1 {
        some(out, &sums.weights, &sums.starts);
    } else {
        out.par_chunks_mut(ROWS * width)
            .zip(weights)
            .for_each(|(out, (weights, starts))| some(out, weights, starts));
    }
}

struct Combine<'a> {
    source: &'a [f64],
    stride: usize,
    weights: &'a [f64],
    starts: &'a [usize],
    factor: f64,
    out: &'a mut [f64],
    width: usize,
}

macro_rules! kernel {
    ($name:ident, $lanes:literal) => {
        impl Kernel<f64, $lanes> for $name<'_> {
            type Output = ();
            #[inline(always)]
            fn run<S: Simd<f64, $lanes>>(self, simd: S) {
                self.all(simd);
            }
        }
    };
}
kernel!(Combine, 4);
kernel!(Combine, 8);
kernel!(Transpose, 4);
kernel!(Transpose, 8);

impl Combine<'_> {
    #[inline(always)]
    fn all<S: Simd<f64, L>, const L: usize>(self, simd: S) {
        let taps = self.weights.len() / self.starts.len();
        let (mut starts, mut weights, mut out) = (self.starts, self.weights, self.out);
        while let Some(start) = starts.first() {
            let source = &self.source[start * self.stride..];
            // Pixels narrower than a cell: neighbours are sums of the same rows.
            let rows = starts.iter().take(4).take_while(|next| *next == start).count();
            let (own, rest) = out.split_at_mut(rows * self.width);
            let job = Strips {
                source,
                stride: self.stride,
                weights: &weights[..rows * taps],
                taps,
                factor: self.factor,
                width: self.width,
            };
            match rows {
                1 => job.all::<S, 1, 8, L>(simd, own),
                2 => job.all::<S, 2, 4, L>(simd, own),
                3 => job.all::<S, 3, 4, L>(simd, own),
                _ => job.all::<S, 4, 4, L>(simd, own),
            }
            (starts, weights, out) = (&starts[rows..], &weights[rows * taps..], rest);
        }
    }
}

/// Some output rows that are sums of the same source rows.
struct Strips<'a> {
    source: &'a [f64],
    stride: usize,
    weights: &'a [f64],
    taps: usize,
    factor: f64,
    width: usize,
}

impl Strips<'_> {
    #[inline(always)]
    fn all<S: Simd<f64, L>, const R: usize, const N: usize, const L: usize>(self, simd: S, out: &mut [f64]) {
        let mut column = 0;
        while column + N * L <= self.width {
            self.strip::<S, R, N, L>(simd, column, N * L, out);
            column += N * L;
        }
        if N > 4 && column + 4 * L <= self.width {
            self.strip::<S, R, 4, L>(simd, column, 4 * L, out);
            column += 4 * L;
        }
        if column + 2 * L <= self.width {
            self.strip::<S, R, 2, L>(simd, column, 2 * L, out);
            column += 2 * L;
        }
        while column < self.width {
            self.strip::<S, R, 1, L>(simd, column, L.min(self.width - column), out);
            column += L;
        }
    }

    /// `N` vectors of `R` output rows, of which `count` values are wanted.
    #[inline(always)]
    fn strip<S: Simd<f64, L>, const R: usize, const N: usize, const L: usize>(
        &self,
        simd: S,
        column: usize,
        count: usize,
        out: &mut [f64],
    ) {
        let mut sums = [[simd.splat(0.0); N]; R];
        for tap in 0..self.taps {
            let (source, _) = self.source[tap * self.stride + column..][..N * L].as_chunks::<L>();
            for (row, sums) in sums.iter_mut().enumerate() {
                let weight = simd.splat(self.weights[row * self.taps + tap]);
                for (sum, source) in sums.iter_mut().zip(source) {
                    *sum = simd.load(source).mul_add(weight, *sum);
                }
            }
        }
        let factor = simd.splat(self.factor);
        for (row, sums) in sums.iter_mut().enumerate() {
            for sum in sums.iter_mut() {
                *sum = *sum * factor;
            }
            let out = &mut out[row * self.width + column..][..count];
            let (whole, rest) = out.as_chunks_mut::<L>();
            for (out, sum) in whole.iter_mut().zip(&*sums) {
                sum.store(out);
            }
            if !rest.is_empty() {
                let mut lanes = [0.0; L];
                sums[whole.len()].store(&mut lanes);
                rest.copy_from_slice(&lanes[..rest.len()]);
            }
        }
    }
}

/// Rows of `from`, `from_stride` long, become columns of `to`; both are whole tiles.
fn transpose(from: &[f64], from_stride: usize, to: &mut [f64], to_stride: usize) {
    dispatch_widest(Transpose { from, from_stride, to, to_stride });
}

struct Transpose<'a> {
    from: &'a [f64],
    from_stride: usize,
    to: &'a mut [f64],
    to_stride: usize,
}

impl Transpose<'_> {
    #[inline(always)]
    fn all<S: Simd<f64, L>, const L: usize>(self, simd: S) {
        let Self { from, from_stride, to, to_stride } = self;
        for row in (0..from.len() / from_stride).step_by(L) {
            for column in (0..from_stride).step_by(L) {
                let mut tile = [simd.splat(0.0); L];
                for (index, line) in tile.iter_mut().enumerate() {
                    let (chunk, _) = from[(row + index) * from_stride + column..][..L].as_chunks::<L>();
                    *line = simd.load(&chunk[0]);
                }
                for (index, line) in simd.transpose(tile).into_iter().enumerate() {
                    let (chunk, _) = to[(column + index) * to_stride + row..][..L].as_chunks_mut::<L>();
                    line.store(&mut chunk[0]);
                }
            }
        }
    }
}
