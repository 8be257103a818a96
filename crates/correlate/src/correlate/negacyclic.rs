//! Correlation on a circle on which what passes the end comes back with the opposite sign.
//!
//! Of N samples, `z_n = (x_n - i x_(n+N/2)) exp(-i pi n / N)` has the transform
//! `Z_k = sum_n x_n exp(-i pi n (4 k + 1) / N)`: half of the bins of such a circle, the others being their conjugates.
//! The product of two is that of their correlation (the right-angle transform: R. Crandall and B. Fagin, Math.
//! Comp. 62, 1994, section 3).

use hexad_core::simd::{Kernel, Simd, Vector};
use hexad_core::{Complex64, turns};

use super::Part;
use hexad_core::simd::complex::{conjugate, times, times_conj};
use hexad_core::simd::dispatch_widest;

/// `exp(-i pi n / N)` for n < N / 2.
#[derive(Debug, Clone)]
pub(super) struct Negacyclic(Vec<Complex64>);

impl Negacyclic {
    /// For `pairs = N / 2`.
    pub fn new(pairs: usize) -> Self {
        Self(turns(pairs, 4 * pairs).iter().map(Complex64::conj).collect())
    }

    /// Writes the z of a signal that may go round once.
    pub fn pack(&self, signal: Part, z: &mut [Complex64]) {
        let pairs = z.len();
        let mut quarters = signal.samples.chunks(pairs);
        let mut next = || quarters.next().unwrap_or(&[]);
        let [first, second, third, fourth] = [next(), next(), next(), next()];
        let whole = second.len();
        dispatch_widest(Twist {
            low: &first[..whole],
            high: second,
            mean: signal.mean,
            turns: &self.0[..whole],
            z: &mut z[..whole],
        });
        for ((z, x), turn) in z[whole..].iter_mut().zip(&first[whole..]).zip(&self.0[whole..]) {
            *z = turn * (x - signal.mean);
        }
        z[first.len()..].fill(Complex64::default());
        for ((z, x), turn) in z.iter_mut().zip(third).zip(&self.0) {
            *z -= turn * (x - signal.mean);
        }
        for ((z, x), turn) in z.iter_mut().zip(fourth).zip(&self.0) {
            *z += turn * Complex64::new(0.0, x - signal.mean);
        }
    }

    /// Writes the N samples of a z.
    pub fn unpack(&self, z: &[Complex64], samples: &mut [f64]) {
        let (low, high) = samples.split_at_mut(z.len());
        dispatch_widest(Untwist { z, turns: &self.0, low, high });
    }
}

/// Over `a`: products with the conjugates of `b`.
pub(super) fn multiply_conj(a: &mut [Complex64], b: &[Complex64]) {
    dispatch_widest(MultiplyConj { a, b });
}

struct Twist<'a> {
    low: &'a [f64],
    high: &'a [f64],
    mean: f64,
    turns: &'a [Complex64],
    z: &'a mut [Complex64],
}

impl<const L: usize> Kernel<f64, L> for Twist<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, L>>(self, simd: S) {
        let Self { low, high, mean, turns, z } = self;
        let (low, low_rest) = low.as_chunks::<L>();
        let (high, high_rest) = high.as_chunks::<L>();
        let (z, z_rest) = z.split_at_mut(low.len() * L);
        let (turns, turns_rest) = turns.split_at(z.len());
        let (signs, means) = (simd.load(&conjugate()), simd.splat(mean));
        let (z, _) = bytemuck::cast_slice_mut::<_, f64>(z).as_chunks_mut::<L>();
        let (turns, _) = bytemuck::cast_slice::<_, f64>(turns).as_chunks::<L>();
        let turned = turns.chunks_exact(2).zip(z.chunks_exact_mut(2));
        for ((low, high), (turns, z)) in low.iter().zip(high).zip(turned) {
            let (first, second) = simd.interleave(simd.load(low) - means, means - simd.load(high));
            times(first, simd.load(&turns[0]), signs).store(&mut z[0]);
            times(second, simd.load(&turns[1]), signs).store(&mut z[1]);
        }
        for (((low, high), turn), z) in low_rest.iter().zip(high_rest).zip(turns_rest).zip(z_rest) {
            *z = turn * Complex64::new(low - mean, mean - high);
        }
    }
}

struct Untwist<'a> {
    z: &'a [Complex64],
    turns: &'a [Complex64],
    low: &'a mut [f64],
    high: &'a mut [f64],
}

impl<const L: usize> Kernel<f64, L> for Untwist<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, L>>(self, simd: S) {
        let Self { z, turns, low, high } = self;
        let (low, low_rest) = low.as_chunks_mut::<L>();
        let (high, high_rest) = high.as_chunks_mut::<L>();
        let (z, z_rest) = z.split_at(low.len() * L);
        let (turns, turns_rest) = turns.split_at(z.len());
        let signs = simd.load(&conjugate());
        let (z, _) = bytemuck::cast_slice::<_, f64>(z).as_chunks::<L>();
        let (turns, _) = bytemuck::cast_slice::<_, f64>(turns).as_chunks::<L>();
        let turned = turns.chunks_exact(2).zip(z.chunks_exact(2));
        for ((low, high), (turns, z)) in low.iter_mut().zip(high).zip(turned) {
            let first = times_conj(simd.load(&z[0]), simd.load(&turns[0]), signs);
            let second = times_conj(simd.load(&z[1]), simd.load(&turns[1]), signs);
            let (re, im) = simd.deinterleave(first, second);
            re.store(low);
            (-im).store(high);
        }
        for (((low, high), turn), z) in low_rest.iter_mut().zip(high_rest).zip(turns_rest).zip(z_rest) {
            let value = z * turn.conj();
            (*low, *high) = (value.re, -value.im);
        }
    }
}

struct MultiplyConj<'a> {
    a: &'a mut [Complex64],
    b: &'a [Complex64],
}

impl<const L: usize> Kernel<f64, L> for MultiplyConj<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, L>>(self, simd: S) {
        let signs = simd.load(&conjugate());
        let (a, a_rest) = self.a.split_at_mut(self.a.len() / (L / 2) * (L / 2));
        let (b, b_rest) = self.b.split_at(a.len());
        let (a, _) = bytemuck::cast_slice_mut::<_, f64>(a).as_chunks_mut::<L>();
        let (b, _) = bytemuck::cast_slice::<_, f64>(b).as_chunks::<L>();
        for (a, b) in a.iter_mut().zip(b) {
            times_conj(simd.load(a), simd.load(b), signs).store(a);
        }
        for (a, b) in a_rest.iter_mut().zip(b_rest) {
            *a *= b.conj();
        }
    }
}
