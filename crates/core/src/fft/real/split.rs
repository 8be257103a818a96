//! Between the transform of a real signal of N samples and that of its N / 2 pairs of neighbours.
//!
//! With `Z` the transform of `z_n = x_2n + i x_(2n+1)`, `M = N / 2` and `t_k = -i/2 exp(-2 pi i k / N)`:
//! `X_k = h + t_k d` and `X_(M-k) = conj(h - t_k d)`, where `h = (Z_k + conj Z_(M-k)) / 2` and
//! `d = Z_k - conj Z_(M-k)` (Cooley, Lewis and Welch, J. Sound Vib. 12(3), 1970). Two such pairs of bins are
//! worked on at a time, from both ends towards the middle.

use num_complex::Complex64;

use crate::simd::{Kernel, Simd, Vector};

/// `-i/2 exp(-2 pi i k / len)` for the bins below `len / 4` but 0.
pub(super) fn half_turns(len: usize) -> Vec<Complex64> {
    let turn = |k: usize| {
        let (sin, cos) = (std::f64::consts::TAU * k as f64 / len as f64).sin_cos();
        Complex64::new(-0.5 * sin, -0.5 * cos)
    };
    (1..len.div_ceil(4)).map(turn).collect()
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

/// Signs that conjugate.
const CONJUGATE: [f64; 4] = [1.0, -1.0, 1.0, -1.0];

impl Kernel<f64, 4> for Split<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) {
        let conjugate = simd.load(&CONJUGATE);
        let half = simd.splat(0.5);
        from_both_ends(
            self.inner,
            self.turns,
            #[inline(always)]
            |low, high, turn| {
                let (a, b) = (simd.load(low), simd.load(high).swap_halves());
                let h = b.mul_add(conjugate, a) * half;
                let d = b.mul_add(-conjugate, a);
                let td = times::<S>(d, simd.load(turn), conjugate);
                (h + td).store(low);
                ((h - td) * conjugate).swap_halves().store(high);
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

impl Kernel<f64, 4> for Join<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) {
        let conjugate = simd.load(&CONJUGATE);
        let two = simd.splat(2.0);
        from_both_ends(
            self.inner,
            self.turns,
            #[inline(always)]
            |low, high, turn| {
                let (a, b) = (simd.load(low), simd.load(high).swap_halves());
                let h = b.mul_add(conjugate, a);
                let d = b.mul_add(-conjugate, a) * two;
                let td = times::<S>(d, simd.load(turn) * conjugate, conjugate);
                (h + td).store(low);
                ((h - td) * conjugate).swap_halves().store(high);
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

/// Two complex products.
#[inline(always)]
fn times<S: Simd<f64, 4>>(a: S::V, b: S::V, conjugate: S::V) -> S::V {
    let crossed = a.swap_pairs() * b.odd();
    // a.re b.re - a.im b.im, a.im b.re + a.re b.im
    crossed.mul_add(-conjugate, a * b.even())
}

/// Calls `pairs` for two bins from the front and the two that mirror them, `one` for a single such pair that
/// is left and `middle` for the bin that mirrors itself.
#[inline(always)]
fn from_both_ends(
    inner: &mut [Complex64],
    turns: &[Complex64],
    mut pairs: impl FnMut(&mut [f64; 4], &mut [f64; 4], &[f64; 4]),
    one: impl FnOnce(&mut Complex64, &mut Complex64, Complex64),
    middle: impl FnOnce(&mut Complex64),
) {
    let (low, high) = inner.split_at_mut(inner.len() / 2);
    let (own, high) = if high.len() > low.len() {
        high.split_first_mut().map_or((None, &mut [][..]), |(own, high)| (Some(own), high))
    } else {
        (None, high)
    };
    if let Some(own) = own {
        middle(own);
    }
    if low.len() % 2 == 1
        && let (Some((low, _)), Some((high, _))) = (low.split_last_mut(), high.split_first_mut())
    {
        one(low, high, turns[turns.len() - 1]);
    }
    let (low, _) = bytemuck::cast_slice_mut::<_, f64>(low).as_chunks_mut::<4>();
    let (_, high) = bytemuck::cast_slice_mut::<_, f64>(high).as_rchunks_mut::<4>();
    let (turns, _) = bytemuck::cast_slice::<_, f64>(turns).as_chunks::<4>();
    for ((low, high), turn) in low.iter_mut().zip(high.iter_mut().rev()).zip(turns) {
        pairs(low, high, turn);
    }
}
