//! Correlation at a short range of lags, with memory that goes with the range.
//!
//! A block of b and the stretch of a opposite it are the imaginary and the real part of one signal. With its
//! transform Z of F bins, `A_k conj B_k = I_k / 2 + i D_k / 4`, where `I_k = Im(Z_k Z_(F-k))` and
//! `D_k = |Z_k|^2 - |Z_(F-k)|^2`. These are summed over the blocks; one inverse at the end gives the lags. b is
//! scaled to the energy of a, so that neither drowns in the rounding of the other.

use hexad_core::simd::{Kernel, Simd, Vector};
use hexad_core::{Complex64, ComplexFft, InputError, RealFft, Workspace};

use super::Part;
use super::blocks::{Block, blocks};
use super::cost;
use super::layout::Layout;
use hexad_core::simd::dispatch_widest;

#[derive(Debug, Clone)]
pub(super) struct Segments {
    fft: ComplexFft,
    inverse: RealFft,
    /// Samples of b in a block.
    block: usize,
    first: i64,
    lags: usize,
}

#[derive(Debug, Clone, Default)]
pub(super) struct SegmentsScratch {
    complex: Workspace<Complex64>,
    real: Workspace<f64>,
}

impl Segments {
    pub fn new(layout: &Layout) -> Result<Self, InputError> {
        let len = cost::segment_len(layout.b.len(), layout.lags);
        Ok(Self {
            fft: ComplexFft::new(len)?,
            inverse: RealFft::new(len)?,
            block: len + 1 - layout.lags,
            first: layout.inner_first,
            lags: layout.lags,
        })
    }

    /// Writes the sums to `out`.
    pub fn run(
        &self,
        a: Part,
        b: Part,
        out: &mut [f64],
        scratch: &mut SegmentsScratch,
    ) -> Result<(), InputError> {
        if a.energy == 0.0 || b.energy == 0.0 {
            out.fill(0.0);
            return Ok(());
        }
        let ratio = (a.energy / b.energy).sqrt();
        let scale = if ratio.is_normal() { ratio } else { 1.0 };
        let len = self.fft.len();
        let work = self.fft.scratch_len().max(self.inverse.scratch_len());
        let [z, work] = scratch.complex.fields([len, work]);
        let [products, differences, real] = scratch.real.fields([len / 2 + 1, len / 2 + 1, len]);
        products.fill(0.0);
        differences.fill(0.0);
        for block in blocks(a.samples.len(), b.samples.len(), self.first, self.lags, self.block) {
            pack(a, b, scale, &block, z);
            self.fft.forward(z, work)?;
            add_products(z, products, differences);
        }
        let unit = 1.0 / (scale * len as f64);
        let spectrum = &mut z[..=len / 2];
        for ((bin, product), difference) in spectrum.iter_mut().zip(&*products).zip(&*differences) {
            *bin = Complex64::new(0.5 * unit * product, 0.25 * unit * difference);
        }
        self.inverse.inverse(spectrum, real, work)?;
        out.copy_from_slice(&real[..self.lags]);
        Ok(())
    }
}

/// Writes the samples of a block, less their means, and zeros elsewhere.
fn pack(a: Part, b: Part, scale: f64, block: &Block, z: &mut [Complex64]) {
    let (a_samples, b_samples) = (&a.samples[block.a.clone()], &b.samples[block.b.clone()]);
    let a_end = block.a_at + a_samples.len();
    let both = block.a_at..a_end.min(b_samples.len()).max(block.a_at);
    z[..both.start].fill(Complex64::default());
    z[both.end..].fill(Complex64::default());
    dispatch_widest(Pack {
        a: &a_samples[..both.len()],
        b: &b_samples[both.start.min(b_samples.len())..both.end.min(b_samples.len())],
        means: [a.mean, b.mean],
        scale,
        out: &mut z[both.clone()],
    });
    for (z, x) in z[both.end..].iter_mut().zip(&a_samples[both.len()..]) {
        z.re = x - a.mean;
    }
    for alone in [0..both.start.min(b_samples.len()), both.end.min(b_samples.len())..b_samples.len()] {
        for (z, y) in z[alone.clone()].iter_mut().zip(&b_samples[alone]) {
            z.im = (y - b.mean) * scale;
        }
    }
}

/// Adds `Im(Z_k Z_(F-k))` and `|Z_k|^2 - |Z_(F-k)|^2` for each k up to F / 2.
fn add_products(z: &[Complex64], products: &mut [f64], differences: &mut [f64]) {
    let half = z.len() / 2;
    for own in [0, half] {
        products[own] += 2.0 * z[own].re * z[own].im;
    }
    dispatch_widest(AddProducts {
        low: &z[1..half],
        high: &z[half + 1..],
        products: &mut products[1..half],
        differences: &mut differences[1..half],
    });
}

struct Pack<'a> {
    a: &'a [f64],
    b: &'a [f64],
    means: [f64; 2],
    scale: f64,
    out: &'a mut [Complex64],
}

impl<const L: usize> Kernel<f64, L> for Pack<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, L>>(self, simd: S) {
        let Self { a, b, means, scale, out } = self;
        let (a_lanes, a_rest) = a.as_chunks::<L>();
        let (b_lanes, b_rest) = b.as_chunks::<L>();
        let (out, out_rest) = out.split_at_mut(a_lanes.len() * L);
        let (out, _) = bytemuck::cast_slice_mut::<_, f64>(out).as_chunks_mut::<L>();
        let [mean_a, mean_b] = [simd.splat(means[0]), simd.splat(means[1])];
        for ((a, b), out) in a_lanes.iter().zip(b_lanes).zip(out.chunks_exact_mut(2)) {
            let a = simd.load(a) - mean_a;
            let b = (simd.load(b) - mean_b) * simd.splat(scale);
            let (first, second) = simd.interleave(a, b);
            first.store(&mut out[0]);
            second.store(&mut out[1]);
        }
        for ((a, b), out) in a_rest.iter().zip(b_rest).zip(out_rest) {
            *out = Complex64::new(a - means[0], (b - means[1]) * scale);
        }
    }
}

/// Bins from the front and those that mirror them, at the end.
struct AddProducts<'a> {
    low: &'a [Complex64],
    high: &'a [Complex64],
    products: &'a mut [f64],
    differences: &'a mut [f64],
}

impl<const L: usize> Kernel<f64, L> for AddProducts<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, L>>(self, simd: S) {
        let Self { low, high, products, differences } = self;
        let whole = low.len() / L * L;
        let (low, low_rest) = low.split_at(whole);
        let (high_rest, high) = high.split_at(low_rest.len());
        let (products, products_rest) = products.as_chunks_mut::<L>();
        let (differences, differences_rest) = differences.as_chunks_mut::<L>();
        let (low, _) = bytemuck::cast_slice::<_, f64>(low).as_chunks::<L>();
        let (high, _) = bytemuck::cast_slice::<_, f64>(high).as_chunks::<L>();
        let bins = low.chunks_exact(2).zip(high.rchunks_exact(2));
        for ((low, high), (product, difference)) in bins.zip(products.iter_mut().zip(differences)) {
            let (re, im) = simd.deinterleave(simd.load(&low[0]), simd.load(&low[1]));
            let mirrored = (simd.load(&high[1]).reverse_pairs(), simd.load(&high[0]).reverse_pairs());
            let (other_re, other_im) = simd.deinterleave(mirrored.0, mirrored.1);
            let sum = re.mul_add(other_im, im.mul_add(other_re, simd.load(product)));
            sum.store(product);
            let sum = (re - other_re).mul_add(re + other_re, simd.load(difference));
            (im - other_im).mul_add(im + other_im, sum).store(difference);
        }
        let rest = low_rest.iter().zip(high_rest.iter().rev());
        for ((z, y), (product, difference)) in rest.zip(products_rest.iter_mut().zip(differences_rest)) {
            *product += z.re * y.im + z.im * y.re;
            *difference += (z.re - y.re) * (z.re + y.re) + (z.im - y.im) * (z.im + y.im);
        }
    }
}
