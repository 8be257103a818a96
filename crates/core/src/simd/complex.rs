//! Complex numbers in vectors: real and imaginary parts in turns.

use super::Vector;

/// The signs that conjugate: 1, -1, 1, -1, ...
#[must_use]
pub fn conjugate<const L: usize>() -> [f64; L] {
    std::array::from_fn(|lane| if lane % 2 == 0 { 1.0 } else { -1.0 })
}

/// Products of complex numbers; `conjugate` are [`conjugate`]'s signs.
#[inline(always)]
#[must_use]
pub fn times<V: Vector<f64, L>, const L: usize>(a: V, b: V, conjugate: V) -> V {
    let crossed = a.swap_pairs() * b.odd();
    // a.re b.re - a.im b.im, a.im b.re + a.re b.im
    crossed.mul_add(-conjugate, a * b.even())
}

/// Products with the second factor conjugated.
#[inline(always)]
#[must_use]
pub fn times_conj<V: Vector<f64, L>, const L: usize>(a: V, b: V, conjugate: V) -> V {
    let crossed = a.swap_pairs() * b.odd();
    // a.re b.re + a.im b.im, a.im b.re - a.re b.im
    crossed.mul_add(conjugate, a * b.even())
}
