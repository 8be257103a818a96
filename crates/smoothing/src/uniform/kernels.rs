//! The hot loops on evenly spaced samples.

mod decimate;
mod interpolate;
mod slide;

use hexad_core::simd::{Kernel, Lane, Simd, Vector, exp};

pub use decimate::Decimate;
pub use interpolate::Interpolate;
use slide::{FLIGHT, Numbers, slide_all};

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
    use hexad_core::simd::{dispatch, dispatch_widest, run_portable};
    use hexad_testkit::{Random, assert_close};

    fn rounded<T: Lane<L>, const L: usize>(values: &[f64]) -> Vec<T> {
        values.iter().map(|value| T::from_f64(*value)).collect()
    }

    fn as_f64<T: Lane<L>, const L: usize>(values: &[T]) -> Vec<f64> {
        values.iter().map(|value| value.to_f64()).collect()
    }

    /// Runs a kernel both ways, checks that the bits agree, and returns the output.
    macro_rules! both {
        ($out:expr, $t:ty, $lanes:literal, $kernel:expr) => {{
            let (mut wide, mut portable) = (vec![<$t>::default(); $out], vec![<$t>::default(); $out]);
            dispatch::<$t, $lanes, _>($kernel(&mut wide));
            run_portable::<$t, $lanes, _>($kernel(&mut portable));
            assert!(wide.iter().zip(&portable).all(|(a, b)| a.to_bits() == b.to_bits()));
            as_f64::<$t, $lanes>(&wide)
        }};
    }

    macro_rules! kernels_are_their_sums {
        ($name:ident, $t:ty, $lanes:literal, $epsilon:expr) => {
            #[test]
            fn $name() {
                let mut random = Random::new(7);
                for (taps, outputs) in [(1, 1), (5, 3), (81, 200), (13, 64), (40, 99)] {
                    let taps: Vec<$t> = rounded::<$t, $lanes>(&random.vector(taps, -1.0, 1.0));
                    let input: Vec<$t> =
                        rounded::<$t, $lanes>(&random.vector(outputs + taps.len() - 1, -1.0, 1.0));
                    let sums: Vec<f64> = (0..outputs)
                        .map(|i| {
                            0.5 + taps
                                .iter()
                                .zip(&input[i..])
                                .map(|(a, b)| f64::from(*a) * f64::from(*b))
                                .sum::<f64>()
                        })
                        .collect();
                    let got = both!(outputs, $t, $lanes, |out| Convolve {
                        taps: &taps,
                        input: &input,
                        offset: 0.5,
                        out
                    });
                    assert_close(&got, &sums, $epsilon * taps.len() as f64);
                }
                for (width, block, blocks) in [(4, 8, 1), (7, 8, 19), (6, 24, 8), (15, 64, 3), (5, 32, 17)] {
                    let window: Vec<$t> = rounded::<$t, $lanes>(&random.vector(width * block, -1.0, 1.0));
                    let input: Vec<$t> =
                        rounded::<$t, $lanes>(&random.vector((width + blocks - 1) * block, -1.0, 1.0));
                    let sums: Vec<f64> = (0..blocks)
                        .map(|m| {
                            let terms = window.iter().zip(&input[m * block..]);
                            terms.map(|(a, b)| f64::from(*a) * (f64::from(*b) - 0.5)).sum()
                        })
                        .collect();
                    // The vectors that stand a block apart come first.
                    let step = block / $lanes;
                    let order = (0..step).flat_map(|first| (first..width * step).step_by(step));
                    let table: Vec<$t> = order
                        .flat_map(|vector| window[vector * $lanes..][..$lanes].iter().copied())
                        .collect();
                    let got = both!(blocks, $t, $lanes, |cells| Decimate {
                        window: &table,
                        block,
                        stride: 1,
                        input: &input,
                        offset: 0.5,
                        cells
                    });
                    assert_close(&got, &sums, $epsilon * window.len() as f64);

                    let cells = &input[..blocks + width - 1];
                    let sums: Vec<f64> = (0..blocks * block)
                        .map(|i| {
                            let (b, vector, lane) = (i / block, i % block / $lanes, i % $lanes);
                            let spread = |t: usize| f64::from(window[(vector * width + t) * $lanes + lane]);
                            0.5 + (0..width).map(|t| spread(t) * f64::from(cells[b + t])).sum::<f64>()
                        })
                        .collect();
                    let got = both!(blocks * block, $t, $lanes, |out| Interpolate {
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
    kernels_are_their_sums!(wide_f64_kernels_are_their_sums, f64, 8, 2.3e-16);
    kernels_are_their_sums!(f32_kernels_are_their_sums, f32, 8, 1.2e-7);

    #[test]
    fn subtract_sees_what_is_not_finite() {
        for (place, value) in [(0, f64::NAN), (5, f64::INFINITY), (9, f64::NEG_INFINITY), (10, f64::NAN)] {
            let mut source = vec![3.0; 11];
            let mut out = vec![0.0; 11];
            assert!(dispatch_widest(Subtract { source: &source, offset: 1.0, out: &mut out }));
            assert_eq!(out, [2.0; 11]);
            source[place] = value;
            assert!(!dispatch_widest(Subtract { source: &source, offset: 1.0, out: &mut out }));
            assert!(!dispatch::<f64, 4, _>(Subtract { source: &source, offset: 1.0, out: &mut out }));
        }
    }

    #[test]
    fn decimate_sees_what_is_not_finite() {
        let window = [1.0; 24];
        for (place, value) in [(0, f64::NAN), (90, f64::INFINITY), (119, f64::NEG_INFINITY)] {
            let mut source = vec![3.0; 120];
            let mut cells = vec![0.0; 13];
            let (input, offset) = (&source[..], 1.0);
            let decimate =
                Decimate { window: &window, block: 8, stride: 1, input, offset, cells: &mut cells };
            assert!(dispatch_widest(decimate));
            assert_eq!(cells, [48.0; 13]);
            source[place] = value;
            let (input, cells) = (&source[..], &mut cells);
            let decimate = Decimate { window: &window, block: 8, stride: 1, input, offset, cells };
            assert!(!dispatch_widest(decimate));
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
