//! Between the transform of a real signal of N samples and that of its N / 2 pairs of neighbours.
//!
//! With `Z` the transform of `z_n = x_2n + i x_(2n+1)`, `M = N / 2` and `t_k = -i/2 exp(-2 pi i k / N)`:
//! `X_k = h + t_k d` and `X_(M-k) = conj(h - t_k d)`, where `h = (Z_k + conj Z_(M-k)) / 2` and
//! `d = Z_k - conj Z_(M-k)` (Cooley, Lewis and Welch, J. Sound Vib. 12(3), 1970). Several such pairs of
//! bins are worked on at a time, from both ends towards the middle.

use num_complex::Complex64;

use crate::fft::turns;
use crate::simd::complex::{conjugate, times};
use crate::simd::{Kernel, Simd, Vector};

/// `-i/2 exp(-2 pi i k / len)` for the bins below `len / 4` but 0.
pub(super) fn half_turns(len: usize) -> Vec<Complex64> {
    let turns = turns(len.div_ceil(4), len).into_iter();
    turns.skip(1).map(|turn| Complex64::new(-0.5 * turn.im, -0.5 * turn.re)).collect()
}

/// Turns bins 1 to M - 1 of the pairs into those of the samples.
pub(super) struct Split<'a> {
    pub inner: &'a mut [Complex64],
    pub turns: &'a [Complex64],
}

/// Turns bins 1 to M - 1 of the samples into twice those of the pairs.
pub(super) struct Join<'a> {
    pub inner: &'a mut [Complex64],
    pub turns: &'a [Complex64],
}

impl<const L: usize> Kernel<f64, L> for Split<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, L>>(self, simd: S) {
        let conjugate = simd.load(&conjugate());
        let half = simd.splat(0.5);
        from_both_ends(
            self.inner,
            self.turns,
            #[inline(always)]
            |low, high, turn| {
                let (a, b) = (simd.load(low), simd.load(high).reverse_pairs());
                let h = b.mul_add(conjugate, a) * half;
                let d = b.mul_add(-conjugate, a);
                let td = times(d, simd.load(turn), conjugate);
                (h + td).store(low);
                ((h - td) * conjugate).reverse_pairs().store(high);
            },
            |low, high, turn| {
                let h = (*low + high.conj()) * 0.5;
                let td = (*low - high.conj()) * turn;
                (*low, *high) = (h + td, (h - td).conj());
            },
            |middle| *middle = middle.conj(),
        );
    }
}

impl<const L: usize> Kernel<f64, L> for Join<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, L>>(self, simd: S) {
        let conjugate = simd.load(&conjugate());
        let two = simd.splat(2.0);
        from_both_ends(
            self.inner,
            self.turns,
            #[inline(always)]
            |low, high, turn| {
                let (a, b) = (simd.load(low), simd.load(high).reverse_pairs());
                let h = b.mul_add(conjugate, a);
                let d = b.mul_add(-conjugate, a) * two;
                let td = times(d, simd.load(turn) * conjugate, conjugate);
                (h + td).store(low);
                ((h - td) * conjugate).reverse_pairs().store(high);
            },
            |low, high, turn| {
                let h = *low + high.conj();
                let td = (*low - high.conj()) * turn.conj() * 2.0;
                (*low, *high) = (h + td, (h - td).conj());
            },
            |middle| *middle = middle.conj() * 2.0,
        );
    }
}

/// Calls `many` for bins from the front and those that mirror them, `one` for single such pairs that are left
/// towards the middle, and `middle` for the bin that mirrors itself.
#[inline(always)]
fn from_both_ends<const L: usize>(
    inner: &mut [Complex64],
    turns: &[Complex64],
    mut many: impl FnMut(&mut [f64; L], &mut [f64; L], &[f64; L]),
    one: impl Fn(&mut Complex64, &mut Complex64, Complex64),
    middle: impl Fn(&mut Complex64),
) {
    let (low, high) = inner.split_at_mut(inner.len() / 2);
    let (own, high) = high.split_at_mut(high.len() - low.len());
    own.iter_mut().for_each(middle);
    let vectors = low.len() / (L / 2);
    let (low, low_rest) = low.split_at_mut(vectors * (L / 2));
    let (high_rest, high) = high.split_at_mut(low_rest.len());
    let (turns, turns_rest) = turns.split_at(low.len());
    for ((low, high), turn) in low_rest.iter_mut().zip(high_rest.iter_mut().rev()).zip(turns_rest) {
        one(low, high, *turn);
    }
    let (low, _) = bytemuck::cast_slice_mut::<_, f64>(low).as_chunks_mut::<L>();
    let (high, _) = bytemuck::cast_slice_mut::<_, f64>(high).as_chunks_mut::<L>();
    let (turns, _) = bytemuck::cast_slice::<_, f64>(turns).as_chunks::<L>();
    for ((low, high), turn) in low.iter_mut().zip(high.iter_mut().rev()).zip(turns) {
        many(low, high, turn);
    }
}
