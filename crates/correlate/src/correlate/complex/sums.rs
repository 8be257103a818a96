//! By the sums of the definition, a few lags at a time: real and imaginary parts by the real kernel.

use hexad_core::simd::dispatch_widest;
use hexad_core::{Complex64, Workspace};

use super::super::blocks::blocks;
use super::super::layout::Layout;
use super::super::sums::{AddSums, LAGS, LANES, PIECE};
use super::Part;

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
    pub fn run(&self, a: Part, b: Part, out: &mut [Complex64], SumsScratch(scratch): &mut SumsScratch) {
        let piece = PIECE.min(b.samples.len());
        let (padded, lags) = (piece.next_multiple_of(LANES), self.lags.next_multiple_of(LAGS));
        let [a_re, a_im, b_re, b_im, b_minus_im, re, im] =
            scratch.fields([padded + lags, padded + lags, padded, padded, padded, lags, lags]);
        re.fill(0.0);
        im.fill(0.0);
        for block in blocks(a.samples.len(), b.samples.len(), self.first, self.lags, piece) {
            split(&a.samples[block.a], a.mean, block.a_at, [a_re, a_im]);
            split(&b.samples[block.b], b.mean, 0, [b_re, b_im]);
            for (minus, x) in b_minus_im.iter_mut().zip(&*b_im) {
                *minus = -x;
            }
            dispatch_widest(AddSums { a: a_re, b: b_re, sums: re });
            dispatch_widest(AddSums { a: a_im, b: b_im, sums: re });
            dispatch_widest(AddSums { a: a_im, b: b_re, sums: im });
            dispatch_widest(AddSums { a: a_re, b: b_minus_im, sums: im });
        }
        for ((value, re), im) in out.iter_mut().zip(&*re).zip(&*im) {
            *value = Complex64::new(*re, *im);
        }
    }
}

/// Writes real and imaginary parts less their means from `at` on, and zeros before and behind.
fn split(samples: &[Complex64], mean: Complex64, at: usize, [re, im]: [&mut [f64]; 2]) {
    re.fill(0.0);
    im.fill(0.0);
    for ((z, re), im) in samples.iter().zip(&mut re[at..]).zip(&mut im[at..]) {
        (*re, *im) = (z.re - mean.re, z.im - mean.im);
    }
}
