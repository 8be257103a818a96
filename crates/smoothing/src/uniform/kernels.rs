//! The hot loops on evenly spaced samples. Each works on eight vectors at a time: eight independent sums
//! hide the latency of the multiply-add, and one coefficient serves eight loads.

use hexad_core::simd::{Kernel, Lane, Simd, Vector, exp};

/// Vectors in flight.
const FLIGHT: usize = 8;

/// `out[i] = offset + sum_k taps[k] input[i + k]`; `input` has `taps - 1` elements more than `out`.
/// Every output adds its terms in the order of the taps, whatever its place.
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
            let mut sums = [simd.splat(T::default()); FLIGHT];
            for (k, tap) in taps.iter().enumerate() {
                let tap = simd.splat(*tap);
                let (source, _) = input[at + k..][..FLIGHT * L].as_chunks::<L>();
                for (sum, source) in sums.iter_mut().zip(source) {
                    *sum = simd.load(source).mul_add(tap, *sum);
                }
            }
            for (sum, out) in sums.iter().zip(out.as_chunks_mut::<L>().0) {
                (*sum + shift).store(out);
            }
            at += FLIGHT * L;
        }
        let mut narrow = wide.into_remainder().chunks_exact_mut(L);
        for out in &mut narrow {
            let mut sum = simd.splat(T::default());
            for (k, tap) in taps.iter().enumerate() {
                let (source, _) = input[at + k..][..L].as_chunks::<L>();
                sum = simd.load(&source[0]).mul_add(simd.splat(*tap), sum);
            }
            (sum + shift).store(&mut out.as_chunks_mut::<L>().0[0]);
            at += L;
        }
        for out in narrow.into_remainder() {
            let mut sum = T::default();
            for (tap, source) in taps.iter().zip(&input[at..]) {
                sum = source.mul_add(*tap, sum);
            }
            *out = sum.add(offset);
            at += 1;
        }
    }
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
        let (taps, _) = window.as_chunks::<L>();
        let mut at = 0;
        let mut wide = cells.chunks_exact_mut(FLIGHT);
        for cells in &mut wide {
            let [mut a, mut b, mut c, mut d] = [simd.splat(T::default()); 4];
            let [mut e, mut f, mut g, mut h] = [simd.splat(T::default()); 4];
            let (ya, _) = input[at..][..window.len()].as_chunks::<L>();
            let (yb, _) = input[at + block..][..window.len()].as_chunks::<L>();
            let (yc, _) = input[at + 2 * block..][..window.len()].as_chunks::<L>();
            let (yd, _) = input[at + 3 * block..][..window.len()].as_chunks::<L>();
            let (ye, _) = input[at + 4 * block..][..window.len()].as_chunks::<L>();
            let (yf, _) = input[at + 5 * block..][..window.len()].as_chunks::<L>();
            let (yg, _) = input[at + 6 * block..][..window.len()].as_chunks::<L>();
            let (yh, _) = input[at + 7 * block..][..window.len()].as_chunks::<L>();
            let first = taps.iter().zip(ya).zip(yb).zip(yc).zip(yd);
            let second = ye.iter().zip(yf).zip(yg).zip(yh);
            for (((((tap, ya), yb), yc), yd), (((ye, yf), yg), yh)) in first.zip(second) {
                let tap = simd.load(tap);
                a = simd.load(ya).mul_add(tap, a);
                b = simd.load(yb).mul_add(tap, b);
                c = simd.load(yc).mul_add(tap, c);
                d = simd.load(yd).mul_add(tap, d);
                e = simd.load(ye).mul_add(tap, e);
                f = simd.load(yf).mul_add(tap, f);
                g = simd.load(yg).mul_add(tap, g);
                h = simd.load(yh).mul_add(tap, h);
            }
            for (cell, sum) in cells.iter_mut().zip([a, b, c, d, e, f, g, h]) {
                *cell = sum.sum();
            }
            at += FLIGHT * block;
        }
        for cell in wide.into_remainder() {
            let mut sum = simd.splat(T::default());
            for (tap, y) in taps.iter().zip(input[at..][..window.len()].as_chunks::<L>().0) {
                sum = simd.load(y).mul_add(simd.load(tap), sum);
            }
            *cell = sum.sum();
            at += block;
        }
    }
}

/// `out[b group + k] = offset + sum_t spread[k, t] cells[b stride + t]`: the way back from the coarse grid, in
/// groups of samples that stand on `stride` cells. `spread` holds, for each vector of a group, `width`
/// vectors; `out` is whole groups and `cells` reaches to the end of the last one's window.
pub struct Interpolate<'a, T> {
    pub spread: &'a [T],
    pub width: usize,
    pub stride: usize,
    pub group: usize,
    pub cells: &'a [T],
    pub offset: T,
    pub out: &'a mut [T],
}

impl<T: Lane<L>, const L: usize> Kernel<T, L> for Interpolate<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<T, L>>(self, simd: S) {
        let Interpolate { spread, width, stride, group, cells, offset, out } = self;
        let shift = simd.splat(offset);
        let (spread, _) = spread.as_chunks::<L>();
        let mut at = 0;
        let mut wide = out.chunks_exact_mut(FLIGHT * group);
        for out in &mut wide {
            for (vector, spread) in spread.chunks_exact(width).enumerate() {
                let cells = &cells[at..][..(FLIGHT - 1) * stride + width];
                // Neighbouring cells are the rule; only then do the sums stay in registers.
                let sums = match stride {
                    1 => spread_cells::<T, L, S, true>(simd, spread, cells, 1),
                    _ => spread_cells::<T, L, S, false>(simd, spread, cells, stride),
                };
                for (sum, out) in sums.iter().zip(out.chunks_exact_mut(group)) {
                    (*sum + shift).store(&mut out[vector * L..][..L].as_chunks_mut::<L>().0[0]);
                }
            }
            at += FLIGHT * stride;
        }
        for out in wide.into_remainder().chunks_exact_mut(group) {
            for (out, spread) in out.as_chunks_mut::<L>().0.iter_mut().zip(spread.chunks_exact(width)) {
                let mut sum = simd.splat(T::default());
                for (spread, cell) in spread.iter().zip(&cells[at..]) {
                    sum = simd.splat(*cell).mul_add(simd.load(spread), sum);
                }
                (sum + shift).store(out);
            }
            at += stride;
        }
    }
}

/// `sum_t spread[t] cells[i stride + t]` for [`FLIGHT`] groups `i`.
#[inline(always)]
fn spread_cells<T: Lane<L>, const L: usize, S: Simd<T, L>, const UNIT: bool>(
    simd: S,
    spread: &[[T; L]],
    cells: &[T],
    stride: usize,
) -> [S::V; FLIGHT] {
    let mut sums = [simd.splat(T::default()); FLIGHT];
    for (t, spread) in spread.iter().enumerate() {
        let spread = simd.load(spread);
        if UNIT {
            for (sum, cell) in sums.iter_mut().zip(&cells[t..][..FLIGHT]) {
                *sum = simd.splat(*cell).mul_add(spread, *sum);
            }
        } else {
            for (i, sum) in sums.iter_mut().enumerate() {
                *sum = simd.splat(cells[t + i * stride]).mul_add(spread, *sum);
            }
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
                        stride: 1,
                        group: block,
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
