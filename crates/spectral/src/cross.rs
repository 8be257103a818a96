//! What two signals have in common, by frequency.

mod result;

pub use result::CrossSpectrum;

use hexad_core::{Complex64, RealFft, Sum, Workspace, check_length};

use crate::welch::{Layout, add_cross, check_all_finite, windowed_into};
use crate::{Average, SpectralError, WelchOptions};

/// Segments added plainly before they go into the compensated sums.
const BLOCK: usize = 64;

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
    sums: CrossSums,
}

/// Sums over all segments.
#[derive(Debug, Clone, Default)]
struct CrossSums {
    /// As in a block.
    bins: Vec<[Sum; 4]>,
    /// Squares of the windowed samples of a and of b.
    squares: [Sum; 2],
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
        self.sum(a, b, scratch)?;
        let averaging = self.layout.correlations.of_mean(self.segments(a.len()));
        out.fill(&self.layout, averaging, &scratch.sums);
        Ok(())
    }

    /// Sums over all segments.
    fn sum(&self, a: &[f64], b: &[f64], scratch: &mut CrossScratch) -> Result<(), SpectralError> {
        let CrossScratch { real, complex, block, sums } = scratch;
        let Layout { frame, window, hop, .. } = &self.layout;
        let (bins, work_len) = (self.fft.spectrum_len(), self.fft.scratch_len());
        let [samples] = real.fields([frame.transform_len]);
        let [of_a, of_b, work] = complex.fields([bins, bins, work_len]);
        block.clear();
        block.resize(bins, [0.0; 4]);
        sums.bins.clear();
        sums.bins.resize(bins, [Sum::default(); 4]);
        sums.squares = [Sum::default(); 2];
        let segments = |signal| <[f64]>::windows(signal, frame.len).step_by(*hop);
        for (index, (a, b)) in segments(a).zip(segments(b)).enumerate() {
            sums.squares[0].add(windowed_into(a, frame.detrend, window, samples));
            self.fft.forward(samples, of_a, work)?;
            sums.squares[1].add(windowed_into(b, frame.detrend, window, samples));
            self.fft.forward(samples, of_b, work)?;
            add_cross(of_a, of_b, block);
            if (index + 1).is_multiple_of(BLOCK) {
                close_block(block, &mut sums.bins);
            }
        }
        close_block(block, &mut sums.bins);
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

fn close_block(block: &mut [[f64; 4]], sums: &mut [[Sum; 4]]) {
    for (values, sums) in block.iter_mut().zip(sums) {
        for (value, sum) in values.iter_mut().zip(sums) {
            sum.add(std::mem::take(value));
        }
    }
}
