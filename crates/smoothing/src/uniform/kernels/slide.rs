//! Sums `out(i) = sum_r row(r) source(i + r)` over neighbouring outputs `i`, where rows and sources are vectors or
//! single numbers. [`slide_all`] takes [`FLIGHT`] outputs and a few rows at a time, all in registers, so that a
//! source is loaded once for all of them. Every output adds its terms in the same order, whatever its place.

use hexad_core::simd::{Simd, Vector};

/// Outputs in flight: independent sums that hide the latency of the multiply-add.
pub(super) const FLIGHT: usize = 8;

/// A row of vectors, made from a slice.
pub(super) trait Series<T, const L: usize, S: Simd<T, L>>: Copy {
    fn count(self) -> usize;
    fn part(self, first: usize, count: usize) -> Self;
    fn get(self, simd: S, index: usize) -> S::V;
}

/// Vectors one after the other.
impl<T, const L: usize, S: Simd<T, L>> Series<T, L, S> for &[[T; L]] {
    #[inline(always)]
    fn count(self) -> usize {
        self.len()
    }
    #[inline(always)]
    fn part(self, first: usize, count: usize) -> Self {
        &self[first..][..count]
    }
    #[inline(always)]
    fn get(self, simd: S, index: usize) -> S::V {
        simd.load(&self[index])
    }
}

/// Every `STEP`-th number, in all lanes.
#[derive(Clone, Copy)]
pub(super) struct Numbers<'a, T, const STEP: usize>(pub &'a [T]);

impl<T: Copy, const L: usize, S: Simd<T, L>, const STEP: usize> Series<T, L, S> for Numbers<'_, T, STEP> {
    #[inline(always)]
    fn count(self) -> usize {
        self.0.len().div_ceil(STEP)
    }
    #[inline(always)]
    fn part(self, first: usize, count: usize) -> Self {
        Numbers(&self.0[first * STEP..][..(count - 1) * STEP + 1])
    }
    #[inline(always)]
    fn get(self, simd: S, index: usize) -> S::V {
        simd.splat(self.0[index * STEP])
    }
}

/// Every `STEP`-th vector, or every `step`-th where `STEP` is 0.
#[derive(Clone, Copy)]
pub(super) struct Column<'a, T, const L: usize, const STEP: usize> {
    pub vectors: &'a [[T; L]],
    pub step: usize,
}

impl<T, const L: usize, const STEP: usize> Column<'_, T, L, STEP> {
    #[inline(always)]
    fn step(self) -> usize
    where
        T: Copy,
    {
        if STEP == 0 { self.step } else { STEP }
    }
}

impl<T: Copy, const L: usize, S: Simd<T, L>, const STEP: usize> Series<T, L, S> for Column<'_, T, L, STEP> {
    #[inline(always)]
    fn count(self) -> usize {
        self.vectors.len().div_ceil(self.step())
    }
    #[inline(always)]
    fn part(self, first: usize, count: usize) -> Self {
        let vectors = &self.vectors[first * self.step()..][..(count - 1) * self.step() + 1];
        Self { vectors, step: self.step }
    }
    #[inline(always)]
    fn get(self, simd: S, index: usize) -> S::V {
        simd.load(&self.vectors[index * self.step()])
    }
}

/// A series with the same taken off every vector.
#[derive(Clone, Copy)]
pub(super) struct Less<R, V>(pub R, pub V);

impl<T, const L: usize, S: Simd<T, L>, R: Series<T, L, S>> Series<T, L, S> for Less<R, S::V> {
    #[inline(always)]
    fn count(self) -> usize {
        self.0.count()
    }
    #[inline(always)]
    fn part(self, first: usize, count: usize) -> Self {
        Less(self.0.part(first, count), self.1)
    }
    #[inline(always)]
    fn get(self, simd: S, index: usize) -> S::V {
        self.0.get(simd, index) - self.1
    }
}

/// `sums[i] += sum_r rows[r] sources[i + r]`.
#[inline(always)]
pub(super) fn slide_all<T, const L: usize, S: Simd<T, L>, const N: usize>(
    simd: S,
    rows: impl Series<T, L, S>,
    sources: impl Series<T, L, S>,
    sums: &mut [S::V; N],
) {
    let count = rows.count();
    let mut first = 0;
    while first + 4 <= count {
        slide::<T, L, S, N, 4>(simd, rows.part(first, 4), sources.part(first, N + 3), sums);
        first += 4;
    }
    match count - first {
        3 => slide::<T, L, S, N, 3>(simd, rows.part(first, 3), sources.part(first, N + 2), sums),
        2 => slide::<T, L, S, N, 2>(simd, rows.part(first, 2), sources.part(first, N + 1), sums),
        1 => slide::<T, L, S, N, 1>(simd, rows.part(first, 1), sources.part(first, N), sums),
        _ => {}
    }
}

/// [`slide_all`] for `R` rows: each source is loaded once for all of them.
#[inline(always)]
fn slide<T, const L: usize, S: Simd<T, L>, const N: usize, const R: usize>(
    simd: S,
    rows: impl Series<T, L, S>,
    sources: impl Series<T, L, S>,
    sums: &mut [S::V; N],
) {
    let mut held = [rows.get(simd, 0); R];
    for (row, held) in held.iter_mut().enumerate() {
        *held = rows.get(simd, row);
    }
    for place in 0..N + R - 1 {
        let source = sources.get(simd, place);
        for (row, held) in held.iter().enumerate() {
            if row <= place && place - row < N {
                sums[place - row] = source.mul_add(*held, sums[place - row]);
            }
        }
    }
}
