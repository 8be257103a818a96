//! The hot loops on evenly spaced samples.
//!
//! All are sums `out(i) = sum_r row(r) source(i + r)` over neighbouring outputs `i`, where rows and sources are
//! vectors or single numbers. [`slide`] takes [`FLIGHT`] outputs and up to four rows at a time, all in
//! registers: 32 multiply-adds for 15 loads. Every output adds its terms in the same order, whatever its place.

use hexad_core::simd::{Kernel, Lane, Simd, Vector, exp};

/// Outputs in flight: independent sums that hide the latency of the multiply-add.
const FLIGHT: usize = 8;

/// A row of vectors, made from a slice.
trait Series<T, const L: usize, S: Simd<T, L>>: Copy {
    fn count(self) -> usize;
    fn part(self, first: usize, count: usize) -> Self;
    fn get(self, simd: S, index: usize) -> S::V;
}

/// Vectors one after the other.
impl<T, const L: usize, S: Simd<T, L>> Series<T, L, S> for &[[T; L]] {
    #[inline(always)]
    fn count(self) -> usize {
        self.len()
    }
    #[inline(always)]
    fn part(self, first: usize, count: usize) -> Self {
        &self[first..][..count]
    }
    #[inline(always)]
    fn get(self, simd: S, index: usize) -> S::V {
        simd.load(&self[index])
    }
}

/// Every `STEP`-th number, in all lanes.
#[derive(Clone, Copy)]
struct Numbers<'a, T, const STEP: usize>(&'a [T]);

impl<T: Copy, const L: usize, S: Simd<T, L>, const STEP: usize> Series<T, L, S> for Numbers<'_, T, STEP> {
    #[inline(always)]
    fn count(self) -> usize {
        self.0.len().div_ceil(STEP)
    }
    #[inline(always)]
    fn part(self, first: usize, count: usize) -> Self {
        Numbers(&self.0[first * STEP..][..(count - 1) * STEP + 1])
    }
    #[inline(always)]
    fn get(self, simd: S, index: usize) -> S::V {
        simd.splat(self.0[index * STEP])
    }
}

/// `sums[i] += sum_r rows[r] sources[i + r]`.
#[inline(always)]
fn slide_all<T, const L: usize, S: Simd<T, L>, const N: usize>(
    simd: S,
    rows: impl Series<T, L, S>,
    sources: impl Series<T, L, S>,
    sums: &mut [S::V; N],
) {
    let count = rows.count();
    let mut first = 0;
    while first + 4 <= count {
        slide::<T, L, S, N, 4>(simd, rows.part(first, 4), sources.part(first, N + 3), sums);
        first += 4;
    }
    match count - first {
        3 => slide::<T, L, S, N, 3>(simd, rows.part(first, 3), sources.part(first, N + 2), sums),
        2 => slide::<T, L, S, N, 2>(simd, rows.part(first, 2), sources.part(first, N + 1), sums),
        1 => slide::<T, L, S, N, 1>(simd, rows.part(first, 1), sources.part(first, N), sums),
        _ => {}
    }
}

/// [`slide_all`] for `R` rows: each source is loaded once for all of them.
#[inline(always)]
fn slide<T, const L: usize, S: Simd<T, L>, const N: usize, const R: usize>(
    simd: S,
    rows: impl Series<T, L, S>,
    sources: impl Series<T, L, S>,
    sums: &mut [S::V; N],
) {
    let mut held = [rows.get(simd, 0); R];
    for (row, held) in held.iter_mut().enumerate() {
        *held = rows.get(simd, row);
    }
    for place in 0..N + R - 1 {
        let source = sources.get(simd, place);
        for (row, held) in held.iter().enumerate() {
            if row <= place && place - row < N {
                sums[place - row] = source.mul_add(*held, sums[place - row]);
            }
        }
    }
}

/// `out[i] = offset + sum_k taps[k] input[i + k]`; `input` has `taps - 1` elements more than `out`.
pub struct Convolve<'a, T> {
    pub taps: &'a [T],
    pub input: &'a [T],
    pub offset: T,
    pub out: &'a mut [T],
}

impl<T: Lane<L>, const L: usize> Kernel<T, L> for Convolve<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<T, L>>(self, simd: S) {
        let Convolve { taps, input, offset, out } = self;
        let shift = simd.splat(offset);
        assert_eq!(input.len() + 1, out.len() + taps.len());
        let mut at = 0;
        let mut wide = out.chunks_exact_mut(FLIGHT * L);
        for out in &mut wide {
            let sums: [_; FLIGHT] = convolved(simd, taps, &input[at..]);
            for (sum, out) in sums.iter().zip(out.as_chunks_mut::<L>().0) {
                (*sum + shift).store(out);
            }
            at += FLIGHT * L;
        }
        let mut narrow = wide.into_remainder().chunks_exact_mut(L);
        for out in &mut narrow {
            let [sum] = convolved(simd, taps, &input[at..]);
            (sum + shift).store(&mut out.as_chunks_mut::<L>().0[0]);
            at += L;
        }
        for out in narrow.into_remainder() {
            let mut sum = T::default();
            for phase in 0..L.min(taps.len()) {
                let sources = input[at + phase..].iter().step_by(L);
                for (tap, source) in taps[phase..].iter().step_by(L).zip(sources) {
                    sum = source.mul_add(*tap, sum);
                }
            }
            *out = sum.add(offset);
            at += 1;
        }
    }
}

/// `N` vectors of outputs. Taps that are `L` apart meet the same vectors of the input.
#[inline(always)]
fn convolved<T: Lane<L>, const L: usize, S: Simd<T, L>, const N: usize>(
    simd: S,
    taps: &[T],
    input: &[T],
) -> [S::V; N] {
    let mut sums = [simd.splat(T::default()); N];
    for phase in 0..L.min(taps.len()) {
        let rows = Numbers::<T, L>(&taps[phase..]);
        slide_all(simd, rows, input[phase..].as_chunks::<L>().0, &mut sums);
    }
    sums
}

/// `cells[m] = sum_k window[k] input[m block + k]`: gathers samples onto a coarse grid.
/// `window` is a multiple of `L` long; `input` reaches to the end of the last cell's window.
pub struct Decimate<'a, T> {
    pub window: &'a [T],
    pub block: usize,
    pub input: &'a [T],
    pub cells: &'a mut [T],
}

impl<T: Lane<L>, const L: usize> Kernel<T, L> for Decimate<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<T, L>>(self, simd: S) {
        let Decimate { window, block, input, cells } = self;
        let rows = window.as_chunks::<L>().0;
        let mut at = 0;
        let mut wide = cells.chunks_exact_mut(FLIGHT);
        for cells in &mut wide {
            let sums = if block == L {
                let mut sums = [simd.splat(T::default()); FLIGHT];
                slide_all(simd, rows, input[at..].as_chunks::<L>().0, &mut sums);
                sums
            } else {
                distant_cells(simd, rows, block, &input[at..])
            };
            for (sum, cell) in sums.iter().zip(cells) {
                *cell = sum.sum();
            }
            at += FLIGHT * block;
        }
        for cell in wide.into_remainder() {
            let mut sum = simd.splat(T::default());
            for (row, source) in rows.iter().zip(input[at..].as_chunks::<L>().0) {
                sum = simd.load(source).mul_add(simd.load(row), sum);
            }
            *cell = sum.sum();
            at += block;
        }
    }
}

/// The lanes of [`FLIGHT`] cells that share no vectors.
#[inline(always)]
fn distant_cells<T: Lane<L>, const L: usize, S: Simd<T, L>>(
    simd: S,
    rows: &[[T; L]],
    block: usize,
    input: &[T],
) -> [S::V; FLIGHT] {
    let [mut a, mut b, mut c, mut d] = [simd.splat(T::default()); 4];
    let [mut e, mut f, mut g, mut h] = [simd.splat(T::default()); 4];
    let (ya, _) = input[..rows.len() * L].as_chunks::<L>();
    let (yb, _) = input[block..][..rows.len() * L].as_chunks::<L>();
    let (yc, _) = input[2 * block..][..rows.len() * L].as_chunks::<L>();
    let (yd, _) = input[3 * block..][..rows.len() * L].as_chunks::<L>();
    let (ye, _) = input[4 * block..][..rows.len() * L].as_chunks::<L>();
    let (yf, _) = input[5 * block..][..rows.len() * L].as_chunks::<L>();
    let (yg, _) = input[6 * block..][..rows.len() * L].as_chunks::<L>();
    let (yh, _) = input[7 * block..][..rows.len() * L].as_chunks::<L>();
    let (first, second) = (rows.iter().zip(ya).zip(yb).zip(yc).zip(yd), ye.iter().zip(yf).zip(yg).zip(yh));
    for (((((row, ya), yb), yc), yd), (((ye, yf), yg), yh)) in first.zip(second) {
        let row = simd.load(row);
        a = simd.load(ya).mul_add(row, a);
        b = simd.load(yb).mul_add(row, b);
        c = simd.load(yc).mul_add(row, c);
        d = simd.load(yd).mul_add(row, d);
        e = simd.load(ye).mul_add(row, e);
        f = simd.load(yf).mul_add(row, f);
        g = simd.load(yg).mul_add(row, g);
        h = simd.load(yh).mul_add(row, h);
    }
    [a, b, c, d, e, f, g, h]
}

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
        let mut at = 0;
        let mut wide = out.chunks_exact_mut(FLIGHT * group);
        for out in &mut wide {
            for (vector, spread) in spread.chunks_exact(width * L).enumerate() {
                let cells = Numbers::<T, STRIDE>(&cells[at + vector * L / block..]);
                let sums: [_; FLIGHT] = spread_cells(simd, spread, cells);
                for (i, sum) in sums.iter().enumerate() {
                    (*sum + shift).store(&mut out[i * group + vector * L..][..L].as_chunks_mut::<L>().0[0]);
                }
            }
            at += FLIGHT * STRIDE;
        }
        for out in wide.into_remainder().chunks_exact_mut(group) {
            for (vector, spread) in spread.chunks_exact(width * L).enumerate() {
                let cells = Numbers::<T, STRIDE>(&cells[at + vector * L / block..]);
                let [sum] = spread_cells(simd, spread, cells);
                (sum + shift).store(&mut out[vector * L..][..L].as_chunks_mut::<L>().0[0]);
            }
            at += STRIDE;
        }
    }
}

/// One vector of `N` neighbouring groups.
#[inline(always)]
fn spread_cells<T: Lane<L>, const L: usize, S: Simd<T, L>, const STRIDE: usize, const N: usize>(
    simd: S,
    spread: &[T],
    cells: Numbers<'_, T, STRIDE>,
) -> [S::V; N] {
    let (mut sums, rows) = ([simd.splat(T::default()); N], spread.as_chunks::<L>().0);
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

/// `out = source - offset`; tells whether every value of `source` is finite.
pub struct Subtract<'a, T> {
    pub source: &'a [T],
    pub offset: T,
    pub out: &'a mut [T],
}

impl<T: Lane<L>, const L: usize> Kernel<T, L> for Subtract<'_, T> {
    type Output = bool;
    #[inline(always)]
    fn run<S: Simd<T, L>>(self, simd: S) -> bool {
        let (source, source_rest) = self.source.as_chunks::<L>();
        let (out, out_rest) = self.out.as_chunks_mut::<L>();
        let (offset, zero) = (simd.splat(self.offset), simd.splat(T::default()));
        // NaN and infinity times 0 are NaN, and NaN stays.
        let mut probe = zero;
        for (source, out) in source.iter().zip(out) {
            let value = simd.load(source);
            probe = value.mul_add(zero, probe);
            (value - offset).store(out);
        }
        let mut rest = probe.sum();
        for (source, out) in source_rest.iter().zip(out_rest) {
            rest = source.mul_add(T::default(), rest);
            *out = T::from_f64(source.to_f64() - self.offset.to_f64());
        }
        rest.to_f64() == 0.0
    }
}

/// `out[d] = exp(-(d scale)^2)` for whole `d`.
pub(crate) struct GaussianTable<'a> {
    pub scale: f64,
    pub out: &'a mut [f64],
}

impl Kernel<f64, 4> for GaussianTable<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) {
        let scale = simd.splat(self.scale);
        let mut d = simd.load(&[0.0, 1.0, 2.0, 3.0]);
        let (whole, rest) = self.out.as_chunks_mut::<4>();
        for out in whole {
            let u = d * scale;
            exp(simd, -(u * u)).store(out);
            d = d + simd.splat(4.0);
        }
        let (u, mut last) = (d * scale, [0.0; 4]);
        exp(simd, -(u * u)).store(&mut last);
        rest.copy_from_slice(&last[..rest.len()]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexad_core::simd::{dispatch, run_portable};
    use hexad_testkit::{Random, assert_close};

    fn rounded<T: Lane<L>, const L: usize>(values: &[f64]) -> Vec<T> {
        values.iter().map(|value| T::from_f64(*value)).collect()
    }

    fn as_f64<T: Lane<L>, const L: usize>(values: &[T]) -> Vec<f64> {
        values.iter().map(|value| value.to_f64()).collect()
    }

    /// Runs a kernel both ways, checks that the bits agree, and returns the output.
    macro_rules! both {
        ($out:expr, $t:ty, $kernel:expr) => {{
            let (mut wide, mut portable) = (vec![<$t>::default(); $out], vec![<$t>::default(); $out]);
            dispatch::<$t, _, _>($kernel(&mut wide));
            run_portable::<$t, _, _>($kernel(&mut portable));
            assert!(wide.iter().zip(&portable).all(|(a, b)| a.to_bits() == b.to_bits()));
            as_f64(&wide)
        }};
    }

    macro_rules! kernels_are_their_sums {
        ($name:ident, $t:ty, $lanes:literal, $epsilon:expr) => {
            #[test]
            fn $name() {
                let mut random = Random::new(7);
                for (taps, outputs) in [(1, 1), (5, 3), (81, 200), (13, 64), (40, 99)] {
                    let taps: Vec<$t> = rounded(&random.vector(taps, -1.0, 1.0));
                    let input: Vec<$t> = rounded(&random.vector(outputs + taps.len() - 1, -1.0, 1.0));
                    let sums: Vec<f64> = (0..outputs)
                        .map(|i| {
                            0.5 + taps
                                .iter()
                                .zip(&input[i..])
                                .map(|(a, b)| a.to_f64() * b.to_f64())
                                .sum::<f64>()
                        })
                        .collect();
                    let got =
                        both!(outputs, $t, |out| Convolve { taps: &taps, input: &input, offset: 0.5, out });
                    assert_close(&got, &sums, $epsilon * taps.len() as f64);
                }
                for (width, block, blocks) in [(4, 8, 1), (7, 8, 19), (6, 24, 8), (15, 64, 3)] {
                    let window: Vec<$t> = rounded(&random.vector(width * block, -1.0, 1.0));
                    let input: Vec<$t> = rounded(&random.vector((width + blocks - 1) * block, -1.0, 1.0));
                    let sums: Vec<f64> = (0..blocks)
                        .map(|m| {
                            let terms = window.iter().zip(&input[m * block..]);
                            terms.map(|(a, b)| a.to_f64() * b.to_f64()).sum()
                        })
                        .collect();
                    let got =
                        both!(blocks, $t, |cells| Decimate { window: &window, block, input: &input, cells });
                    assert_close(&got, &sums, $epsilon * window.len() as f64);

                    let cells = &input[..blocks + width - 1];
                    let sums: Vec<f64> = (0..blocks * block)
                        .map(|i| {
                            let (b, vector, lane) = (i / block, i % block / $lanes, i % $lanes);
                            let spread = |t: usize| window[(vector * width + t) * $lanes + lane].to_f64();
                            0.5 + (0..width).map(|t| spread(t) * cells[b + t].to_f64()).sum::<f64>()
                        })
                        .collect();
                    let got = both!(blocks * block, $t, |out| Interpolate {
                        spread: &window,
                        width,
                        block,
                        stride: 1,
                        cells,
                        offset: 0.5,
                        out
                    });
                    assert_close(&got, &sums, $epsilon * width as f64);
                }
            }
        };
    }
    kernels_are_their_sums!(f64_kernels_are_their_sums, f64, 4, 2.3e-16);
    kernels_are_their_sums!(f32_kernels_are_their_sums, f32, 8, 1.2e-7);

    #[test]
    fn subtract_sees_what_is_not_finite() {
        for (place, value) in [(0, f64::NAN), (5, f64::INFINITY), (9, f64::NEG_INFINITY), (10, f64::NAN)] {
            let mut source = vec![3.0; 11];
            let mut out = vec![0.0; 11];
            assert!(dispatch(Subtract { source: &source, offset: 1.0, out: &mut out }));
            assert_eq!(out, [2.0; 11]);
            source[place] = value;
            assert!(!dispatch(Subtract { source: &source, offset: 1.0, out: &mut out }));
        }
    }

    #[test]
    fn the_table_is_the_gaussian() {
        let mut out = vec![0.0; 103];
        dispatch(GaussianTable { scale: 0.05, out: &mut out });
        let wanted: Vec<f64> = (0..103).map(|d| (-(f64::from(d) * 0.05).powi(2)).exp()).collect();
        assert_close(&out, &wanted, 1e-15);
    }
}
