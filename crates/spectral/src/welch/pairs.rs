//! Means: two neighbouring segments in one complex transform.
//!
//! With real segments a and b, `z = a + i b` has `|A_k|^2 + |B_k|^2 = (|Z_k|^2 + |Z_(M-k)|^2) / 2`. The squares
//! of the real and of the imaginary parts of Z are added up bin by bin, and folded once for many pairs.

use hexad_core::{Complex64, ComplexFft, Sum, Workspace, check_finite};

use super::Layout;
use super::kernels::{BINS, Line, add_squares, pack, sum};
use crate::spectrum::{Spectrum, residual};
use crate::sums::{SEGMENTS_IN_BLOCK, SegmentSums, Tree};
use crate::{Detrend, SpectralError};

/// Pairs added plainly before they are folded into the compensated sums.
const BLOCK: usize = SEGMENTS_IN_BLOCK / 2;

/// The transform of pairs of segments.
#[derive(Debug, Clone)]
pub(super) struct Pairs {
    fft: ComplexFft,
}

/// Sums over the segments so far.
#[derive(Debug, Clone, Default)]
pub(super) struct PairSums {
    block: Vec<Line>,
    block_squares: f64,
    pairs_in_block: usize,
    /// Over each block: `|X_k|^2` of the lower half of the bins, and the squares of the windowed samples.
    blocks: Tree,
    /// The same over stretches merged; empty without.
    merged: Vec<Sum>,
    /// The same over all, as far as it was asked for.
    totals: Vec<Sum>,
    segments: u64,
}

/// Buffers; their contents never matter.
#[derive(Debug, Clone, Default)]
pub(super) struct PairScratch {
    complex: Workspace<Complex64>,
    real: Workspace<f64>,
}

impl Pairs {
    pub(super) fn new(fft: ComplexFft) -> Self {
        Self { fft }
    }

    /// Adds all pairs of segments of `signal`; returns where the first segment left over begins.
    pub(super) fn add_pairs(
        &self,
        layout: &Layout,
        signal: &[f64],
        sums: &mut PairSums,
        scratch: &mut PairScratch,
    ) -> Result<usize, SpectralError> {
        let PairScratch { complex, real } = scratch;
        let [z, work] = complex.fields([self.fft.len(), self.fft.scratch_len()]);
        let mut start = 0;
        while let Some(span) = signal.get(start..start + layout.span()) {
            let squares = load(layout, span, layout.hop, z, real);
            if !squares.is_finite() {
                check_finite("signal", &signal[..start + span.len()])?;
            }
            self.fft.forward(z, work)?;
            sums.add(z, squares, 2);
            start += 2 * layout.hop;
        }
        Ok(start)
    }

    /// Adds the segment that was left over, if there is one, and closes the sums. Samples behind it are left
    /// out.
    pub(super) fn finish(
        &self,
        layout: &Layout,
        rest: &[f64],
        sums: &mut PairSums,
        scratch: &mut PairScratch,
    ) -> Result<(), SpectralError> {
        if let Some(segment) = rest.get(..layout.frame.len) {
            let PairScratch { complex, real } = scratch;
            let [z, work] = complex.fields([self.fft.len(), self.fft.scratch_len()]);
            let squares_of_twins = load(layout, segment, 0, z, real);
            z.iter_mut().for_each(|value| value.im = 0.0);
            self.fft.forward(z, work)?;
            sums.add(z, 0.5 * squares_of_twins, 1);
        }
        if sums.pairs_in_block > 0 {
            sums.close_block(self.fft.len());
        }
        Ok(())
    }
}

/// Writes the segments that begin at 0 and at `shift` of `span`, windowed and without their trends, as real and
/// imaginary parts, and zeros behind them; returns the sum of the squares of both.
fn load(
    layout: &Layout,
    span: &[f64],
    shift: usize,
    z: &mut [Complex64],
    detrended: &mut Workspace<f64>,
) -> f64 {
    let len = layout.frame.len;
    let (a, b) = (&span[..len], &span[shift..]);
    let (z, padding) = z.split_at_mut(len);
    padding.fill(Complex64::default());
    match layout.frame.detrend {
        Detrend::None => pack(a, b, [0.0; 2], &layout.window, z),
        Detrend::Constant => {
            let shared = sum(&span[shift..len]);
            let means = [sum(&span[..shift]) + shared, shared + sum(&span[len..])];
            pack(a, b, means.map(|sum| sum / len as f64), &layout.window, z)
        }
        Detrend::Linear => {
            let [flat_a, flat_b] = detrended.fields([len, len]);
            Detrend::Linear.apply(a, flat_a);
            Detrend::Linear.apply(b, flat_b);
            pack(flat_a, flat_b, [0.0; 2], &layout.window, z)
        }
    }
}

impl PairSums {
    /// Without segments.
    pub(super) fn clear(&mut self, layout: &Layout) {
        self.begin(layout, 0);
    }

    /// Without segments; the next one is the first of a block.
    pub(super) fn begin(&mut self, layout: &Layout, first_block: u64) {
        self.block.clear();
        self.block.resize(layout.frame.transform_len.div_ceil(BINS), Line::default());
        (self.block_squares, self.pairs_in_block) = (0.0, 0);
        self.blocks.clear(first_block);
        self.merged.clear();
        self.segments = 0;
    }

    pub(super) fn segments(&self) -> u64 {
        self.segments
    }

    fn add(&mut self, z: &[Complex64], squares: f64, segments: u64) {
        add_squares(z, &mut self.block);
        self.block_squares += squares;
        self.segments += segments;
        self.pairs_in_block += 1;
        if self.pairs_in_block == BLOCK {
            self.close_block(z.len());
        }
    }

    fn close_block(&mut self, len: usize) {
        let block = &self.block;
        let power = |bin| 0.5 * (Line::bin(block, bin) + Line::bin(block, (len - bin) % len));
        self.blocks.push((0..=len / 2).map(power).chain([self.block_squares]));
        self.block.fill(Line::default());
        (self.block_squares, self.pairs_in_block) = (0.0, 0);
    }

    /// Adds the sums of `other`, which are closed.
    pub(super) fn merge(&mut self, mut other: Self) {
        other.add_up();
        // None, if the other has no segment.
        self.merged.resize(self.merged.len().max(other.totals.len()), Sum::default());
        for (sum, other) in self.merged.iter_mut().zip(&other.totals) {
            sum.merge(*other);
        }
        self.segments += other.segments;
    }

    /// Writes the means of closed sums.
    pub(super) fn write(&mut self, layout: &Layout, out: &mut Spectrum) {
        self.add_up();
        write_means(layout, &self.totals, self.segments, out);
    }

    fn add_up(&mut self) {
        self.blocks.total_into(&mut self.totals);
        self.totals.resize(self.totals.len().max(self.merged.len()), Sum::default());
        for (sum, merged) in self.totals.iter_mut().zip(&self.merged) {
            sum.merge(*merged);
        }
    }

    /// Closed sums, without those merged.
    pub(super) fn into_segment_sums(self) -> SegmentSums {
        SegmentSums { tree: self.blocks, segments: self.segments }
    }
}

/// Numbers of a block.
pub(super) fn width(layout: &Layout) -> usize {
    layout.frame.transform_len / 2 + 2
}

/// Writes the means of sums over bins, behind which stands that of the squares.
pub(super) fn write_means(layout: &Layout, totals: &[Sum], segments: u64, out: &mut Spectrum) {
    let count = segments as f64;
    let bin = |bin: usize| totals.get(bin).map_or(0.0, |sum| sum.total());
    layout.write(|index| bin(index) / count, out);
    let squares = totals.last().map_or(0.0, |sum| sum.total());
    out.parseval_residual = residual(&layout.frame, layout.bin_squares(bin), squares);
}
