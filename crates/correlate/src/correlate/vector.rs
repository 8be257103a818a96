//! What the vector loops share.

use hexad_core::simd::{Kernel, Vector, dispatch, dispatch_eight, has_eight_lanes};

/// Runs `kernel` with the widest vectors there are.
pub(crate) fn widest<K: Kernel<f64, 4, Output = ()> + Kernel<f64, 8, Output = ()>>(kernel: K) {
    if has_eight_lanes() { dispatch_eight(kernel) } else { dispatch::<f64, 4, K>(kernel) }
}

/// Signs that conjugate complex numbers.
pub(crate) fn conjugate<const L: usize>() -> [f64; L] {
    std::array::from_fn(|lane| if lane % 2 == 0 { 1.0 } else { -1.0 })
}

/// Complex products; `conjugate` are [`conjugate`]'s signs.
#[inline(always)]
pub(crate) fn times<V: Vector<f64, L>, const L: usize>(a: V, b: V, conjugate: V) -> V {
    let crossed = a.swap_pairs() * b.odd();
    // a.re b.re - a.im b.im, a.im b.re + a.re b.im
    crossed.mul_add(-conjugate, a * b.even())
}

/// Complex products with the second factor conjugated.
#[inline(always)]
pub(super) fn times_conj<V: Vector<f64, L>, const L: usize>(a: V, b: V, conjugate: V) -> V {
    let crossed = a.swap_pairs() * b.odd();
    // a.re b.re + a.im b.im, a.im b.re - a.re b.im
    crossed.mul_add(conjugate, a * b.even())
}
