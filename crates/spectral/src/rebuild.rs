//! A signal rebuilt from some of its lines.

mod select;
mod trial;

pub use select::{Cut, LineSelector};

use hexad_core::{
    Complex64, InputError, RealFft, Workspace, check_finite, check_length, check_not_negative, check_positive,
};

use crate::SpectralError;
use trial::{Keep, Trial};

/// Which error of a rebuild counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorNorm {
    /// Root mean square of the residual over that of the signal.
    L2,
    /// Largest residual over the largest sample, in size.
    Max,
}

/// Which lines a rebuild keeps.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Selection {
    /// The given number of lines: those of the largest energy.
    Count(usize),
    /// Lines of at least this amplitude, in the unit of the signal.
    Threshold(f64),
    /// Lines from `low_hz` to `high_hz`, both included.
    Band {
        /// Lowest frequency kept.
        low_hz: f64,
        /// Highest frequency kept.
        high_hz: f64,
    },
    /// The fewest lines whose sum is within this error of the signal, `0 <= relative < 1`.
    Error {
        /// Largest relative error allowed.
        relative: f64,
        /// In which norm.
        norm: ErrorNorm,
    },
}

/// One line of a signal: `amplitude cos(2 pi frequency_hz n / sample_rate + phase)` at sample n.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// Index of the bin: cycles in the length of the signal.
    pub bin: usize,
    /// Frequency.
    pub frequency_hz: f64,
    /// Peak amplitude, in the unit of the signal; at 0 and at half the sample rate the size of the term.
    pub amplitude: f64,
    /// Phase of the cosine at sample 0, in rad.
    pub phase: f64,
}

/// A signal rebuilt from some of its lines, and how far it is from the signal.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Rebuild {
    /// The lines kept, the largest amplitude first; equal ones by bin.
    pub lines: Vec<Line>,
    /// The complex bins they stand for: two a line, one at 0 and at half the sample rate.
    pub complex_bins: usize,
    /// `||residual|| / ||signal||`; 0 for a signal of zeros.
    pub relative_l2_error: f64,
    /// `max |residual| / max |signal|`; 0 for a signal of zeros.
    pub relative_max_error: f64,
    /// Energy of the lines kept over that of all; 1 for a signal of zeros.
    pub energy_fraction: f64,
    /// The sum of the lines, as long as the signal and in its unit.
    pub samples: Vec<f64>,
    /// Signal minus `samples`.
    pub residual: Vec<f64>,
}

/// Rebuilds real signals of one length from some of their lines.
///
/// The lines of N samples are the bins `0..=N/2` of their transform, each with its mirror image: the
/// constant is a line, and K lines are 2 K - 1 complex bins if the constant is among them. All of them
/// together give the signal back to rounding.
///
/// The lines are orthogonal, so the energy of a residual is the sum of what the lines left out have
/// (Parseval), and the fewest lines for an error in [`ErrorNorm::L2`] are those of the largest energy: no
/// smaller set exists. In [`ErrorNorm::Max`] lines are taken in the same order; their number is found by
/// bisection, every step of which is decided by a bound or by the rebuild itself. It never rises with the
/// error allowed, and one line less is too few; another set of fewer lines may exist.
///
/// # Examples
///
/// How many frequencies does a Gaussian need?
///
/// ```
/// use hexad_core::UniformAxis;
/// use hexad_spectral::{ErrorNorm, RebuildPlan, Selection, SkewNormalPulse};
/// let axis = UniformAxis { start: 0.0, step: 10.0 / 4096.0, len: 4096 };
/// let signal = SkewNormalPulse::new(5.0, 1.0, 0.0)?.sample(&axis);
/// let plan = RebuildPlan::new(4096, 409.6)?;
/// let rebuilt = plan.apply(&signal, Selection::Error { relative: 0.01, norm: ErrorNorm::L2 })?;
/// assert_eq!(rebuilt.lines.len(), 5);
/// # Ok::<(), hexad_spectral::SpectralError>(())
/// ```
#[derive(Debug, Clone)]
pub struct RebuildPlan {
    fft: RealFft,
    sample_rate_hz: f64,
}

/// Buffers of [`RebuildPlan::apply_into`]; their contents never matter.
#[derive(Debug, Clone, Default)]
pub struct RebuildScratch {
    complex: Workspace<Complex64>,
    real: Workspace<f64>,
    selector: LineSelector,
}

impl RebuildPlan {
    /// Plans for signals of `len` samples.
    ///
    /// # Errors
    ///
    /// [`InputError::TooFew`] for fewer than 2 samples, [`InputError::OutOfRange`] for a sample rate that is
    /// not positive.
    pub fn new(len: usize, sample_rate_hz: f64) -> Result<Self, SpectralError> {
        check_positive("sample_rate_hz", sample_rate_hz)?;
        if len < 2 {
            return Err(InputError::TooFew { argument: "signal", needed: 2, got: len }.into());
        }
        Ok(Self { fft: RealFft::new(len)?, sample_rate_hz })
    }

    /// Number of samples.
    #[must_use]
    pub fn len(&self) -> usize {
        self.fft.len()
    }

    /// Never: a plan has at least two samples.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Number of lines there are: `len / 2 + 1`.
    #[must_use]
    pub fn lines(&self) -> usize {
        self.fft.spectrum_len()
    }

    /// Buffers for [`RebuildPlan::apply_into`].
    #[must_use]
    pub fn make_scratch(&self) -> RebuildScratch {
        let mut scratch = RebuildScratch::default();
        self.buffers(&mut scratch);
        scratch
    }

    /// Rebuilds `signal` from the lines of `selection`.
    ///
    /// # Errors
    ///
    /// [`InputError`] for a signal of another length than planned or with a NaN or infinity, a count of 0 or
    /// above [`RebuildPlan::lines`], a negative threshold, a band that is empty or outside `0..=sample_rate / 2`,
    /// an error that is not in `0..1`.
    pub fn apply(&self, signal: &[f64], selection: Selection) -> Result<Rebuild, SpectralError> {
        let mut out = Rebuild::default();
        self.apply_into(signal, selection, &mut out, &mut self.make_scratch())?;
        Ok(out)
    }

    /// As [`RebuildPlan::apply`], into `out`, whose vectors are reused: once they are long enough, nothing is
    /// allocated.
    ///
    /// # Errors
    ///
    /// As [`RebuildPlan::apply`].
    pub fn apply_into(
        &self,
        signal: &[f64],
        selection: Selection,
        out: &mut Rebuild,
        scratch: &mut RebuildScratch,
    ) -> Result<(), SpectralError> {
        check_length("signal", signal.len(), self.len())?;
        check_finite("signal", signal)?;
        self.check(selection)?;
        let largest = signal.iter().fold(0.0_f64, |largest, x| largest.max(x.abs()));
        let scale = power_of_two_near(largest);
        let Buffers { spectrum, kept, fft, samples, weights, selector } = self.buffers(scratch);
        for (sample, x) in samples.iter_mut().zip(signal) {
            *sample = x / scale;
        }
        self.fft.forward(samples, spectrum, fft)?;
        self.weigh(spectrum, weights);

        let mut trial = Trial { plan: self, signal, scale, spectrum, kept, fft, samples, weights };
        let keep = match selection {
            Selection::Count(count) => Keep::Cut(selector.largest(trial.weights, count)?),
            Selection::Threshold(amplitude) => Keep::Above(amplitude / scale),
            Selection::Band { low_hz, high_hz } => Keep::Between(low_hz, high_hz),
            Selection::Error { relative, norm: ErrorNorm::L2 } => {
                Keep::Cut(selector.fewest(trial.weights, relative)?)
            }
            Selection::Error { relative, norm: ErrorNorm::Max } => {
                Keep::Cut(trial.fewest_in_max_norm(selector, relative, largest)?)
            }
        };
        trial.finish(keep, out)
    }

    fn check(&self, selection: Selection) -> Result<(), InputError> {
        let refuse = |argument, value, allowed| Err(InputError::OutOfRange { argument, value, allowed });
        match selection {
            Selection::Count(count) if count == 0 || count > self.lines() => {
                refuse("count", count as f64, "from 1 to half the samples plus 1")
            }
            Selection::Threshold(amplitude) if !(amplitude.is_finite() && amplitude >= 0.0) => {
                refuse("threshold", amplitude, "finite and >= 0")
            }
            Selection::Band { low_hz, .. } if !(low_hz >= 0.0 && low_hz <= 0.5 * self.sample_rate_hz) => {
                refuse("low_hz", low_hz, "from 0 to half the sample rate")
            }
            Selection::Band { low_hz, high_hz }
                if !(high_hz >= low_hz && high_hz <= 0.5 * self.sample_rate_hz) =>
            {
                refuse("high_hz", high_hz, "from low_hz to half the sample rate")
            }
            Selection::Error { relative, .. } if !(0.0..1.0).contains(&relative) => {
                refuse("error", relative, ">= 0 and < 1")
            }
            _ => Ok(()),
        }
    }

    /// Energy of each line times N: `c |X|^2`, c = 2 but 1 at 0 and at half the sample rate.
    fn weigh(&self, spectrum: &[Complex64], weights: &mut [f64]) {
        for (weight, value) in weights.iter_mut().zip(spectrum) {
            *weight = 2.0 * value.norm_sqr();
        }
        weights[0] *= 0.5;
        if self.len().is_multiple_of(2) {
            weights[self.len() / 2] *= 0.5;
        }
    }

    fn line(&self, bin: usize, value: Complex64, scale: f64) -> Line {
        let images = self.images(bin) as f64;
        Line {
            bin,
            frequency_hz: bin as f64 * self.sample_rate_hz / self.len() as f64,
            amplitude: images * value.norm() / self.len() as f64 * scale,
            phase: value.arg(),
        }
    }

    /// Complex bins of a line.
    fn images(&self, bin: usize) -> usize {
        if bin == 0 || 2 * bin == self.len() { 1 } else { 2 }
    }

    fn buffers<'a>(&self, scratch: &'a mut RebuildScratch) -> Buffers<'a> {
        let lines = self.lines();
        let [spectrum, kept, fft] = scratch.complex.fields([lines, lines, self.fft.scratch_len()]);
        let [samples, weights] = scratch.real.fields([self.len(), lines]);
        Buffers { spectrum, kept, fft, samples, weights, selector: &mut scratch.selector }
    }
}

struct Buffers<'a> {
    spectrum: &'a mut [Complex64],
    kept: &'a mut [Complex64],
    fft: &'a mut [Complex64],
    samples: &'a mut [f64],
    weights: &'a mut [f64],
    selector: &'a mut LineSelector,
}

/// The power of two at or below `value`, within what squares of spectra can bear; 1 for 0.
pub(crate) fn power_of_two_near(value: f64) -> f64 {
    if value == 0.0 {
        return 1.0;
    }
    let exponent = value.max(f64::MIN_POSITIVE).to_bits() >> 52;
    f64::from_bits(exponent << 52)
}

/// One-off [`RebuildPlan`].
///
/// # Errors
///
/// As [`RebuildPlan::new`] and [`RebuildPlan::apply`].
pub fn rebuild(signal: &[f64], sample_rate_hz: f64, selection: Selection) -> Result<Rebuild, SpectralError> {
    RebuildPlan::new(signal.len(), sample_rate_hz)?.apply(signal, selection)
}

/// Checks for the selection on weights, which is public by itself.
fn check_weights(weights: &[f64]) -> Result<(), InputError> {
    check_not_negative("weights", weights)
}
