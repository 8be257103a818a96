//! Correlation as sums, a few lags at a time.

use hexad_core::Workspace;
use hexad_core::simd::{Kernel, Simd, Vector};

use super::Part;
use super::blocks::{Block, blocks};
use super::layout::Layout;
use hexad_core::simd::dispatch_widest;

/// Samples whose sums stay in the first cache.
pub(super) const PIECE: usize = 1024;
/// Lags in registers.
pub(super) const LAGS: usize = 8;
/// The most lanes of a vector.
pub(super) const LANES: usize = 8;

#[derive(Debug, Clone)]
pub(super) struct Sums {
    first: i64,
    lags: usize,
}

#[derive(Debug, Clone, Default)]
pub(super) struct SumsScratch(Workspace<f64>);

impl Sums {
    pub fn new(layout: &Layout) -> Self {
        Self { first: layout.inner_first, lags: layout.lags }
    }

    /// Writes the sums to `out`.
    pub fn run(&self, a: Part, b: Part, out: &mut [f64], SumsScratch(scratch): &mut SumsScratch) {
        let piece = PIECE.min(b.samples.len());
        let (padded, lags) = (piece.next_multiple_of(LANES), self.lags.next_multiple_of(LAGS));
        let [a_piece, b_piece, sums] = scratch.fields([padded + lags, padded, lags]);
        sums.fill(0.0);
        for block in blocks(a.samples.len(), b.samples.len(), self.first, self.lags, piece) {
            let Block { a: in_a, a_at, b: in_b } = block;
            shifted_into(&a.samples[in_a], a.mean, a_at, a_piece);
            shifted_into(&b.samples[in_b], b.mean, 0, b_piece);
            dispatch_widest(AddSums { a: a_piece, b: b_piece, sums });
        }
        out.copy_from_slice(&sums[..out.len()]);
    }
}

/// Writes samples less their mean from `at` on, and zeros before and behind.
fn shifted_into(samples: &[f64], mean: f64, at: usize, out: &mut [f64]) {
    let (before, rest) = out.split_at_mut(at);
    let (own, behind) = rest.split_at_mut(samples.len());
    before.fill(0.0);
    behind.fill(0.0);
    for (out, x) in own.iter_mut().zip(samples) {
        *out = x - mean;
    }
}

/// `sums[j] += sum_n a[n + j] b[n]`; a has the samples of b and as many more as there are sums.
pub(super) struct AddSums<'a> {
    pub a: &'a [f64],
    pub b: &'a [f64],
    pub sums: &'a mut [f64],
}

impl<const L: usize> Kernel<f64, L> for AddSums<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, L>>(self, simd: S) {
        let Self { a, b, sums } = self;
        let (b, _) = b.as_chunks::<L>();
        let (sums, _) = sums.as_chunks_mut::<LAGS>();
        let none = [0.0; L];
        for (group, sums) in sums.iter_mut().enumerate() {
            let mut totals = [simd.splat(0.0); LAGS];
            let windows = a[group * LAGS..].windows(LAGS + L - 1).step_by(L);
            for (b, window) in b.iter().zip(windows) {
                let b = simd.load(b);
                for lag in 0..LAGS {
                    let a = simd.load(window[lag..].first_chunk::<L>().unwrap_or(&none));
                    totals[lag] = a.mul_add(b, totals[lag]);
                }
            }
            for lag in 0..LAGS {
                sums[lag] += totals[lag].sum();
            }
        }
    }
}
