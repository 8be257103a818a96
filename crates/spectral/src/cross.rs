//! What two signals have in common, by frequency.

mod result;

pub use result::CrossSpectrum;

use hexad_core::{Complex64, RealFft, Sum, Workspace, check_length};

use crate::sums::{SEGMENTS_IN_BLOCK, SegmentSums, Tree};
use crate::welch::{Layout, add_cross, check_all_finite, windowed_into};
use crate::{Average, SpectralError, WelchOptions};

/// Cross-spectra of two signals: averages over overlapping segments of `conj(A) B`, `|A|^2` and `|B|^2`.
///
/// Segments are those of [`crate::WelchPlan`]. Each signal has transforms of its own, so that a loud one does not
/// round off a quiet one.
///
/// **Sign.** The phase is that of b minus that of a: positive where b leads. A delay of b by `t` seconds is the
/// phase `-2 pi f t`.
///
/// # Examples
///
/// ```
/// use hexad_spectral::{CrossPlan, WelchOptions};
/// let tone = |n: i32, late: f64| (0.2 * std::f64::consts::PI * (f64::from(n) - late)).cos();
/// let a: Vec<f64> = (0..10_000).map(|n| tone(n, 0.0)).collect();
/// let b: Vec<f64> = (0..10_000).map(|n| 0.5 * tone(n, 2.0)).collect();
/// let cross = CrossPlan::new(500, 1000.0, &WelchOptions::default())?.apply(&a, &b)?;
/// let at_100_hz = cross.transfer()[50];
/// assert!((at_100_hz.norm() - 0.5).abs() < 1e-12);
/// assert!((at_100_hz.arg() + 0.4 * std::f64::consts::PI).abs() < 1e-12);
/// # Ok::<(), hexad_spectral::SpectralError>(())
/// ```
///
/// # References
///
/// J. S. Bendat and A. G. Piersol, Random Data, 4th ed., 2010, section 11.6; `scipy.signal.csd` and
/// `scipy.signal.coherence`, whose sign this is.
#[derive(Debug, Clone)]
pub struct CrossPlan {
    layout: Layout,
    fft: RealFft,
}

/// Buffers of [`CrossPlan::apply_into`]; their contents never matter.
#[derive(Debug, Clone, Default)]
pub struct CrossScratch {
    real: Workspace<f64>,
    complex: Workspace<Complex64>,
    /// Per bin `|A|^2`, `|B|^2` and the parts of `conj(A) B`, of the segments of a block.
    block: Vec<[f64; 4]>,
    /// The same over each block, and the squares of the windowed samples of a and of b.
    blocks: Tree,
    totals: Vec<Sum>,
}

impl CrossPlan {
    /// Plans for segments of `segment_len` samples at `sample_rate_hz`.
    ///
    /// # Errors
    ///
    /// As [`crate::WelchPlan::new`]; [`SpectralError::MeanOnly`] for a median.
    pub fn new(
        segment_len: usize,
        sample_rate_hz: f64,
        options: &WelchOptions,
    ) -> Result<Self, SpectralError> {
        if options.average != Average::Mean {
            return Err(SpectralError::MeanOnly);
        }
        let layout = Layout::new(segment_len, sample_rate_hz, options)?;
        Ok(Self { fft: RealFft::new(layout.frame.transform_len)?, layout })
    }

    /// Number of whole segments of signals of `len` samples.
    #[must_use]
    pub fn segments(&self, len: usize) -> usize {
        self.layout.segments(len)
    }

    /// Buffers for [`CrossPlan::apply_into`].
    #[must_use]
    pub fn make_scratch(&self) -> CrossScratch {
        CrossScratch::default()
    }

    /// The cross-spectrum of `a` and `b`, of the same length.
    ///
    /// # Errors
    ///
    /// [`hexad_core::InputError::TooFew`] for signals shorter than a segment,
    /// [`hexad_core::InputError::LengthMismatch`] for a `b` of another length than `a`,
    /// [`hexad_core::InputError::NotFinite`] for the first NaN or infinity.
    pub fn apply(&self, a: &[f64], b: &[f64]) -> Result<CrossSpectrum, SpectralError> {
        let mut out = CrossSpectrum::empty(self.layout.frame);
        self.apply_into(a, b, &mut out, &mut self.make_scratch())?;
        Ok(out)
    }

    /// As [`CrossPlan::apply`], into any cross-spectrum, whose vectors are reused. Does not allocate in a second
    /// call with the same buffers.
    ///
    /// # Errors
    ///
    /// As [`CrossPlan::apply`].
    pub fn apply_into(
        &self,
        a: &[f64],
        b: &[f64],
        out: &mut CrossSpectrum,
        scratch: &mut CrossScratch,
    ) -> Result<(), SpectralError> {
        self.layout.check_long_enough("a", a)?;
        check_length("b", b.len(), a.len())?;
        check_all_finite("a", a)?;
        check_all_finite("b", b)?;
        self.sum(a, b, 0, scratch)?;
        scratch.blocks.total_into(&mut scratch.totals);
        let averaging = self.layout.correlations.of_mean(self.segments(a.len()) as u64);
        out.fill(&self.layout, averaging, &scratch.totals);
        Ok(())
    }

    /// Sums over the segments of a stretch of two signals: as [`crate::WelchPlan::sums`].
    ///
    /// # Errors
    ///
    /// As [`CrossPlan::apply`], with indices in the whole signals.
    pub fn sums(&self, a: &[f64], b: &[f64], first_block: u64) -> Result<SegmentSums, SpectralError> {
        self.layout.check_long_enough("a", a)?;
        check_length("b", b.len(), a.len())?;
        for (name, samples) in [("a", a), ("b", b)] {
            check_all_finite(name, samples).map_err(|error| self.layout.in_whole(error, first_block))?;
        }
        let mut scratch = CrossScratch::default();
        self.sum(a, b, first_block, &mut scratch)?;
        Ok(SegmentSums { tree: scratch.blocks, segments: self.segments(a.len()) as u64 })
    }

    /// The averages over the segments of `sums`.
    ///
    /// # Errors
    ///
    /// [`SpectralError::DifferentPlans`] for sums over another number of bins.
    pub fn finish(&self, sums: &SegmentSums) -> Result<CrossSpectrum, SpectralError> {
        if sums.tree.width() != 4 * self.fft.spectrum_len() + 2 {
            return Err(SpectralError::DifferentPlans);
        }
        let (mut out, mut totals) = (CrossSpectrum::empty(self.layout.frame), Vec::new());
        sums.tree.total_into(&mut totals);
        out.fill(&self.layout, self.layout.correlations.of_mean(sums.segments), &totals);
        Ok(out)
    }

    /// Sums over all segments.
    fn sum(
        &self,
        a: &[f64],
        b: &[f64],
        first_block: u64,
        scratch: &mut CrossScratch,
    ) -> Result<(), SpectralError> {
        let CrossScratch { real, complex, block, blocks, .. } = scratch;
        let Layout { frame, window, hop, .. } = &self.layout;
        let (bins, work_len) = (self.fft.spectrum_len(), self.fft.scratch_len());
        let [samples] = real.fields([frame.transform_len]);
        let [of_a, of_b, work] = complex.fields([bins, bins, work_len]);
        block.clear();
        block.resize(bins, [0.0; 4]);
        blocks.clear(first_block);
        let mut squares = [0.0; 2];
        let mut in_block = 0;
        let segments = |signal| <[f64]>::windows(signal, frame.len).step_by(*hop);
        for (a, b) in segments(a).zip(segments(b)) {
            squares[0] += windowed_into(a, frame.detrend, window, samples);
            self.fft.forward(samples, of_a, work)?;
            squares[1] += windowed_into(b, frame.detrend, window, samples);
            self.fft.forward(samples, of_b, work)?;
            add_cross(of_a, of_b, block);
            in_block += 1;
            if in_block == SEGMENTS_IN_BLOCK {
                close_block(block, &mut squares, blocks);
                in_block = 0;
            }
        }
        if in_block > 0 {
            close_block(block, &mut squares, blocks);
        }
        Ok(())
    }
}

/// One-off [`CrossPlan::apply`].
///
/// # Errors
///
/// As [`CrossPlan::new`] and [`CrossPlan::apply`].
pub fn cross_spectrum(
    a: &[f64],
    b: &[f64],
    sample_rate_hz: f64,
    segment_len: usize,
    options: &WelchOptions,
) -> Result<CrossSpectrum, SpectralError> {
    CrossPlan::new(segment_len, sample_rate_hz, options)?.apply(a, b)
}

fn close_block(block: &mut [[f64; 4]], squares: &mut [f64; 2], blocks: &mut Tree) {
    blocks.push(block.iter().flatten().chain(&*squares).copied());
    block.fill([0.0; 4]);
    squares.fill(0.0);
}
