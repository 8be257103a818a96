//! Rows added up, tap by tap.

use hexad_core::simd::{Kernel, Lane, Simd, Vector};

/// `out[x] = offset + sum_k taps[k] rows[k][x]`.
pub struct RowSum<'a, T> {
    pub taps: &'a [T],
    pub rows: &'a [&'a [T]],
    pub offset: T,
    pub out: &'a mut [T],
}

impl<T: Lane<L>, const L: usize> Kernel<T, L> for RowSum<'_, T> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<T, L>>(self, simd: S) {
        const FLIGHT: usize = 8;
        let RowSum { taps, rows, offset, out } = self;
        let shift = simd.splat(offset);
        let mut at = 0;
        let mut wide = out.chunks_exact_mut(FLIGHT * L);
        for out in &mut wide {
            let sums: [_; FLIGHT] = summed(simd, taps, rows, at);
            for (sum, out) in sums.iter().zip(out.as_chunks_mut::<L>().0) {
                (*sum + shift).store(out);
            }
            at += FLIGHT * L;
        }
        let mut narrow = wide.into_remainder().chunks_exact_mut(L);
        for out in &mut narrow {
            let [sum] = summed(simd, taps, rows, at);
            (sum + shift).store(&mut out.as_chunks_mut::<L>().0[0]);
            at += L;
        }
        for out in narrow.into_remainder() {
            let mut sum = T::default();
            for (tap, row) in taps.iter().zip(rows) {
                sum = row[at].mul_add(*tap, sum);
            }
            *out = sum.add(offset);
            at += 1;
        }
    }
}

/// `N` vectors of sums, from element `at` on.
#[inline(always)]
fn summed<T: Lane<L>, const L: usize, S: Simd<T, L>, const N: usize>(
    simd: S,
    taps: &[T],
    rows: &[&[T]],
    at: usize,
) -> [S::V; N] {
    let mut sums = [simd.splat(T::default()); N];
    for (tap, row) in taps.iter().zip(rows) {
        let tap = simd.splat(*tap);
        let (row, _) = row[at..][..N * L].as_chunks::<L>();
        for (sum, row) in sums.iter_mut().zip(row) {
            *sum = simd.load(row).mul_add(tap, *sum);
        }
    }
    sums
}
