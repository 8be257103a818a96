//! The loops over samples and bins.

use std::f64::consts::TAU;

use hexad_core::Complex64;
use hexad_core::simd::{Kernel, Simd, Vector, dispatch};

use super::coherence::Spectra;

/// Bins between exactly known phases.
const BLOCK: usize = 64;

/// Per bin `|x|^2`, `|y|^2` and the parts of `conj(x) y`, the latter times `sign`.
pub(super) fn products(x: &[Complex64], y: &[Complex64], sign: f64, out: &mut Spectra) {
    dispatch(Products { x, y, sign, xx: out.xx, yy: out.yy, re: out.re, im: out.im });
}

/// `x exp(-i k angle)` and `y exp(i k angle)` of every bin k.
pub(super) fn turn_apart(spectra: [&[Complex64]; 2], angle: f64, out: [&mut [Complex64]; 2]) {
    let [x, y] = spectra;
    let [out_x, out_y] = out;
    let fine = phases(angle);
    let blocks = x.chunks(BLOCK).zip(y.chunks(BLOCK));
    let outs = out_x.chunks_mut(BLOCK).zip(out_y.chunks_mut(BLOCK));
    for (block, ((x, y), (out_x, out_y))) in blocks.zip(outs).enumerate() {
        let seed = Complex64::cis(-angle * (block * BLOCK) as f64);
        dispatch(TurnApart { x, y, seed, fine: &fine, out_x, out_y });
    }
}

/// Calls `each(k, cos(2 pi k lag / len), sin(2 pi k lag / len))` for the bins from 0 to `bins`.
pub(super) fn for_each_phase(lag: i64, len: usize, bins: usize, mut each: impl FnMut(usize, f64, f64)) {
    let turn = |k: usize| TAU * (lag * k as i64).rem_euclid(len as i64) as f64 / len as f64;
    let mut fine = [Complex64::ONE; BLOCK];
    for (k, value) in fine.iter_mut().enumerate() {
        *value = Complex64::cis(turn(k));
    }
    for start in (0..bins).step_by(BLOCK) {
        let seed = Complex64::cis(turn(start));
        for (k, value) in fine.iter().enumerate().take(bins - start) {
            let phase = seed * value;
            each(start + k, phase.re, phase.im);
        }
    }
}

/// What decides the slope of a phase, over a range of bins.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct SlopeSums {
    /// `sum W w Im C`.
    pub turned: f64,
    /// `sum W w^2 Re C`.
    pub straight: f64,
    /// `sum e`.
    pub information: f64,
    /// `sum e^2`.
    pub information_squared: f64,
    /// `sum W^2 w^2 G_xx G_yy (1 - g)`.
    pub noise: f64,
}

/// Sums over the bins of a band, of which the first has the angular frequency `start` and the next one `step` more.
pub(super) fn slope_sums(band: &Spectra, start: f64, step: f64) -> SlopeSums {
    let [turned, straight, information, information_squared, noise] = dispatch(Slope { band, start, step });
    SlopeSums { turned, straight, information, information_squared, noise }
}

/// `exp(-i k angle)` of the bins of a block.
fn phases(angle: f64) -> [Complex64; BLOCK] {
    let mut phases = [Complex64::ONE; BLOCK];
    for (k, phase) in phases.iter_mut().enumerate() {
        *phase = Complex64::cis(-angle * k as f64);
    }
    phases
}

struct Products<'a> {
    x: &'a [Complex64],
    y: &'a [Complex64],
    sign: f64,
    xx: &'a mut [f64],
    yy: &'a mut [f64],
    re: &'a mut [f64],
    im: &'a mut [f64],
}

impl Kernel<f64, 4> for Products<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, _: S) {
        let Self { x, y, sign, xx, yy, re, im } = self;
        let outs = xx.iter_mut().zip(yy).zip(re.iter_mut().zip(im));
        for ((x, y), ((xx, yy), (re, im))) in x.iter().zip(y).zip(outs) {
            *xx = x.re * x.re + x.im * x.im;
            *yy = y.re * y.re + y.im * y.im;
            *re = sign * (x.re * y.re + x.im * y.im);
            *im = sign * (x.re * y.im - x.im * y.re);
        }
    }
}

struct TurnApart<'a> {
    x: &'a [Complex64],
    y: &'a [Complex64],
    seed: Complex64,
    fine: &'a [Complex64; BLOCK],
    out_x: &'a mut [Complex64],
    out_y: &'a mut [Complex64],
}

impl Kernel<f64, 4> for TurnApart<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, _: S) {
        let outs = self.out_x.iter_mut().zip(self.out_y);
        for (((x, y), fine), (out_x, out_y)) in self.x.iter().zip(self.y).zip(self.fine).zip(outs) {
            let phase = self.seed * fine;
            *out_x = x * phase;
            *out_y = y * phase.conj();
        }
    }
}

struct Slope<'a> {
    band: &'a Spectra<'a>,
    start: f64,
    step: f64,
}

impl Kernel<f64, 4> for Slope<'_> {
    type Output = [f64; 5];

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) -> [f64; 5] {
        let Self { band, start, step } = self;
        let (weights4, weights) = band.weights.as_chunks::<4>();
        let (re4, re) = band.re.as_chunks::<4>();
        let (im4, im) = band.im.as_chunks::<4>();
        let (information4, information) = band.information.as_chunks::<4>();
        let (noise4, noise) = band.noise.as_chunks::<4>();
        let lanes = simd.load(&[0.0, step, 2.0 * step, 3.0 * step]);
        let mut sums = [simd.splat(0.0); 5];
        for four in 0..weights4.len() {
            let w = simd.splat(start + step * (4 * four) as f64) + lanes;
            let weight = simd.load(&weights4[four]) * w;
            let e = simd.load(&information4[four]) * w * w;
            sums[0] = weight.mul_add(simd.load(&im4[four]), sums[0]);
            sums[1] = (weight * w).mul_add(simd.load(&re4[four]), sums[1]);
            sums[2] = sums[2] + e;
            sums[3] = e.mul_add(e, sums[3]);
            sums[4] = (w * w).mul_add(simd.load(&noise4[four]), sums[4]);
        }
        let mut totals = [sums[0].sum(), sums[1].sum(), sums[2].sum(), sums[3].sum(), sums[4].sum()];
        for k in 0..weights.len() {
            let w = start + step * (4 * weights4.len() + k) as f64;
            let (weight, e) = (weights[k] * w, information[k] * w * w);
            totals[0] = weight.mul_add(im[k], totals[0]);
            totals[1] = (weight * w).mul_add(re[k], totals[1]);
            totals[2] += e;
            totals[3] = e.mul_add(e, totals[3]);
            totals[4] = (w * w).mul_add(noise[k], totals[4]);
        }
        totals
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_are_those_of_their_bins() {
        let (len, bins) = (1000, 501);
        for lag in [-400, -1, 0, 3, 777] {
            let mut seen = 0;
            for_each_phase(lag, len, bins, |k, cos, sin| {
                let turn = TAU * (lag * k as i64) as f64 / len as f64;
                assert!((cos - turn.cos()).abs() < 1e-12 && (sin - turn.sin()).abs() < 1e-12, "{lag} {k}");
                seen += 1;
            });
            assert_eq!(seen, bins);
        }
    }

    #[test]
    fn both_records_are_turned_by_the_same_angle() {
        let ones = vec![Complex64::ONE; 200];
        let (mut x, mut y) = (ones.clone(), ones.clone());
        turn_apart([&ones, &ones], 0.01, [&mut x, &mut y]);
        for (k, (x, y)) in x.iter().zip(&y).enumerate() {
            assert!((x - Complex64::cis(-0.01 * k as f64)).norm() < 1e-14);
            assert_eq!(*x, y.conj());
        }
    }
}
