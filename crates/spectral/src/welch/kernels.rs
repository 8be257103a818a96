//! The hot loops: sums, packing and accumulation.

use hexad_core::simd::{Kernel, Simd, Vector, dispatch};
use hexad_core::{Complex64, InputError, Sum, check_finite};

use crate::Detrend;

/// Samples summed plainly; sums of more are compensated.
const PIECE: usize = 2048;

/// The sum of `values`.
pub(super) fn sum(values: &[f64]) -> f64 {
    let mut total = Sum::default();
    for piece in values.chunks(PIECE) {
        total.add(dispatch(Total(piece)));
    }
    total.total()
}

/// Refuses the first NaN or infinity in `values`; quick if there is none.
pub(crate) fn check_all_finite(argument: &'static str, values: &[f64]) -> Result<(), InputError> {
    // Either makes a sum NaN or infinite. So does an overflow, which is no fault.
    if sum(values).is_finite() { Ok(()) } else { check_finite(argument, values) }
}

/// Writes `(a - means[0]) window` and `(b - means[1]) window` as real and imaginary parts; returns the sum of
/// the squares of both.
pub(super) fn pack(a: &[f64], b: &[f64], means: [f64; 2], window: &[f64], out: &mut [Complex64]) -> f64 {
    let mut squares = Sum::default();
    let pieces = a.chunks(PIECE).zip(b.chunks(PIECE)).zip(window.chunks(PIECE)).zip(out.chunks_mut(PIECE));
    for (((a, b), window), out) in pieces {
        squares.add(dispatch(Pack { a, b, means, window, out }));
    }
    squares.total()
}

/// Adds the squares of real and imaginary parts.
pub(super) fn add_squares(values: &[Complex64], lines: &mut [Line]) {
    dispatch(AddSquares { values, lines });
}

/// Writes `signal` without its trend, windowed, to `out` and zeros behind it; returns the sum of squares.
pub(crate) fn windowed_into(signal: &[f64], detrend: Detrend, window: &[f64], out: &mut [f64]) -> f64 {
    let (samples, padding) = out.split_at_mut(signal.len());
    padding.fill(0.0);
    match detrend {
        Detrend::None => samples.copy_from_slice(signal),
        Detrend::Constant => {
            let mean = sum(signal) / signal.len() as f64;
            for (sample, x) in samples.iter_mut().zip(signal) {
                *sample = x - mean;
            }
        }
        Detrend::Linear => detrend.apply(signal, samples),
    }
    let mut squares = Sum::default();
    for (window, samples) in window.chunks(PIECE).zip(samples.chunks_mut(PIECE)) {
        squares.add(dispatch(Multiply { window, samples }));
    }
    squares.total()
}

/// Adds `|a|^2`, `|b|^2` and the parts of `conj(a) b` to each bin's sums.
pub(crate) fn add_cross(a: &[Complex64], b: &[Complex64], sums: &mut [[f64; 4]]) {
    dispatch(AddCross { a, b, sums });
}

/// Four complex bins' sums of squared real and imaginary parts, on a cache line.
#[derive(Debug, Clone, Copy, Default)]
#[repr(align(64))]
pub(super) struct Line(pub [[f64; 4]; 2]);

/// Complex values on a line.
pub(super) const BINS: usize = 4;

impl Line {
    /// Sum of both squares of bin `index` of `lines`.
    pub(super) fn bin(lines: &[Self], index: usize) -> f64 {
        let Self(halves) = &lines[index / BINS];
        let (half, pair) = (&halves[index % BINS / 2], 2 * (index % 2));
        half[pair] + half[pair + 1]
    }
}

struct Total<'a>(&'a [f64]);

impl Kernel<f64, 4> for Total<'_> {
    type Output = f64;

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) -> f64 {
        let (fours, rest) = self.0.as_chunks::<4>();
        let (blocks, fours) = fours.as_chunks::<4>();
        let mut sums = [simd.splat(0.0); 4];
        for block in blocks {
            for (sum, four) in sums.iter_mut().zip(block) {
                *sum = *sum + simd.load(four);
            }
        }
        for four in fours {
            sums[0] = sums[0] + simd.load(four);
        }
        let mut total = ((sums[0] + sums[1]) + (sums[2] + sums[3])).sum();
        for value in rest {
            total += value;
        }
        total
    }
}

struct Pack<'a> {
    a: &'a [f64],
    b: &'a [f64],
    means: [f64; 2],
    window: &'a [f64],
    out: &'a mut [Complex64],
}

impl Kernel<f64, 4> for Pack<'_> {
    type Output = f64;

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) -> f64 {
        let Self { a, b, means, window, out } = self;
        let (a4, a) = a.as_chunks::<4>();
        let (b4, b) = b.as_chunks::<4>();
        let (w4, w) = window.as_chunks::<4>();
        let (out4, out) = out.as_chunks_mut::<4>();
        let (mean_a, mean_b) = (simd.splat(means[0]), simd.splat(means[1]));
        let mut squares = [simd.splat(0.0); 2];
        for (((a, b), w), out) in a4.iter().zip(b4).zip(w4).zip(out4) {
            let w = simd.load(w);
            let a = (simd.load(a) - mean_a) * w;
            let b = (simd.load(b) - mean_b) * w;
            squares[0] = a.mul_add(a, squares[0]);
            squares[1] = b.mul_add(b, squares[1]);
            let (mut re, mut im) = ([0.0; 4], [0.0; 4]);
            a.store(&mut re);
            b.store(&mut im);
            for (lane, out) in out.iter_mut().enumerate() {
                *out = Complex64::new(re[lane], im[lane]);
            }
        }
        let mut total = (squares[0] + squares[1]).sum();
        for (((a, b), w), out) in a.iter().zip(b).zip(w).zip(out) {
            *out = Complex64::new((a - means[0]) * w, (b - means[1]) * w);
            total += out.re.mul_add(out.re, out.im * out.im);
        }
        total
    }
}

struct AddSquares<'a> {
    values: &'a [Complex64],
    lines: &'a mut [Line],
}

impl Kernel<f64, 4> for AddSquares<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) {
        let (whole, rest) = self.values.as_chunks::<BINS>();
        let (lines, last) = self.lines.split_at_mut(whole.len());
        for (values, Line(sums)) in whole.iter().zip(lines) {
            for (half, sums) in sums.iter_mut().enumerate() {
                let [z, y] = [values[2 * half], values[2 * half + 1]];
                let parts = simd.load(&[z.re, z.im, y.re, y.im]);
                parts.mul_add(parts, simd.load(sums)).store(sums);
            }
        }
        for (index, value) in rest.iter().enumerate() {
            let sums = &mut last[0].0[index / 2][2 * (index % 2)..];
            sums[0] = value.re.mul_add(value.re, sums[0]);
            sums[1] = value.im.mul_add(value.im, sums[1]);
        }
    }
}

struct Multiply<'a> {
    window: &'a [f64],
    samples: &'a mut [f64],
}

impl Kernel<f64, 4> for Multiply<'_> {
    type Output = f64;

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) -> f64 {
        let (w4, w) = self.window.as_chunks::<4>();
        let (samples4, samples) = self.samples.as_chunks_mut::<4>();
        let mut squares = simd.splat(0.0);
        for (sample, w) in samples4.iter_mut().zip(w4) {
            let product = simd.load(sample) * simd.load(w);
            squares = product.mul_add(product, squares);
            product.store(sample);
        }
        let mut total = squares.sum();
        for (sample, w) in samples.iter_mut().zip(w) {
            *sample *= w;
            total = sample.mul_add(*sample, total);
        }
        total
    }
}

struct AddCross<'a> {
    a: &'a [Complex64],
    b: &'a [Complex64],
    sums: &'a mut [[f64; 4]],
}

impl Kernel<f64, 4> for AddCross<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, _: S) {
        for ((a, b), sums) in self.a.iter().zip(self.b).zip(self.sums) {
            sums[0] = a.re.mul_add(a.re, a.im.mul_add(a.im, sums[0]));
            sums[1] = b.re.mul_add(b.re, b.im.mul_add(b.im, sums[1]));
            sums[2] = a.re.mul_add(b.re, a.im.mul_add(b.im, sums[2]));
            sums[3] = a.re.mul_add(b.im, (-a.im).mul_add(b.re, sums[3]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexad_core::simd::run_portable;

    fn noise(len: usize) -> Vec<f64> {
        (0..len).map(|i| ((i * 7919 + 13) % 1009) as f64 / 504.5 - 1.0).collect()
    }

    #[test]
    fn wide_and_portable_give_the_same_bits() {
        for len in [1, 3, 4, 7, 16, 33, 100, 1001] {
            let [a, b, window] = [noise(len), noise(len + 5)[5..].to_vec(), noise(len + 9)[9..].to_vec()];
            assert_eq!(dispatch(Total(&a)).to_bits(), run_portable(Total(&a)).to_bits());
            let means = [0.1, -0.2];
            let mut out = [vec![Complex64::default(); len], vec![Complex64::default(); len]];
            let [wide, portable] = &mut out;
            let squares = pack(&a, &b, means, &window, wide);
            let twin = Pack { a: &a, b: &b, means, window: &window, out: portable };
            assert_eq!(squares.to_bits(), run_portable(twin).to_bits());
            assert_eq!(wide, portable);
            let mut lines =
                [vec![Line::default(); len.div_ceil(BINS)], vec![Line::default(); len.div_ceil(BINS)]];
            add_squares(wide, &mut lines[0]);
            run_portable(AddSquares { values: wide, lines: &mut lines[1] });
            for (bin, value) in wide.iter().enumerate() {
                assert_eq!(Line::bin(&lines[0], bin), Line::bin(&lines[1], bin));
                assert!((Line::bin(&lines[0], bin) - value.norm_sqr()).abs() <= 4e-16 * value.norm_sqr());
            }
        }
    }

    #[test]
    fn packed_and_single_segments_have_the_same_samples() {
        let (signal, window) = (noise(103), noise(110)[7..].to_vec());
        for detrend in [Detrend::None, Detrend::Constant, Detrend::Linear] {
            let mut samples = vec![f64::NAN; 120];
            let squares = windowed_into(&signal, detrend, &window, &mut samples);
            let mut wanted = vec![0.0; 103];
            detrend.apply(&signal, &mut wanted);
            let of_squares: f64 = samples.iter().map(|x| x * x).sum();
            assert!((squares / of_squares - 1.0).abs() < 1e-14);
            for ((sample, wanted), w) in samples.iter().zip(&wanted).zip(&window) {
                assert!((sample - wanted * w).abs() < 1e-15);
            }
            assert!(samples[103..].iter().all(|x| *x == 0.0));
        }
    }
}
