//! Tones between the bins, fitted together, with their uncertainties.

mod descent;
mod dirichlet;
mod model;
mod normal;
mod peaks;
mod record;
mod samples;

use hexad_core::{InputError, check_finite, check_positive};

use crate::{ErrorNorm, SpectralError};
use model::PER_TONE;
use record::Record;

/// Fewest samples that are fitted.
const FEWEST_SAMPLES: usize = 8;

/// When no more lines are fitted.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum FitUntil {
    /// With this many lines, the constant among them.
    Count(usize),
    /// With the first that bring the sum of the lines within this error of the signal, `0 <= relative < 1`.
    Error {
        /// Largest relative error allowed.
        relative: f64,
        /// In which norm.
        norm: ErrorNorm,
        /// Most lines to try; never more than the samples allow.
        at_most: usize,
    },
}

/// What is fitted beside the tones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LineConstant {
    /// A constant: the line of frequency 0, present in every fit.
    #[default]
    Fitted,
    /// Nothing: the signal is meant to vary about 0.
    Zero,
}

/// Optional settings of [`fit_lines`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct FitLinesOptions {
    /// What is fitted beside the tones. Default [`LineConstant::Fitted`].
    pub constant: LineConstant,
}

impl FitLinesOptions {
    /// With another [`LineConstant`].
    #[must_use]
    pub fn with_constant(mut self, constant: LineConstant) -> Self {
        self.constant = constant;
        self
    }
}

/// A line of any frequency: `amplitude cos(2 pi frequency_hz n / sample_rate + phase)` at sample n, with one
/// standard deviation of each. The constant has frequency 0, phase 0 or pi, and no uncertainty of either.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FittedLine {
    /// Frequency, between 0 and half the sample rate; 0 for the constant only.
    pub frequency_hz: f64,
    /// Peak amplitude, in the unit of the signal.
    pub amplitude: f64,
    /// Phase of the cosine at sample 0, in rad, above -pi up to pi.
    pub phase: f64,
    /// Standard deviation of `frequency_hz`.
    pub frequency_sd_hz: f64,
    /// Standard deviation of `amplitude`.
    pub amplitude_sd: f64,
    /// Standard deviation of `phase`, in rad.
    pub phase_sd: f64,
}

/// Lines fitted to a signal, and how far their sum is from it.
#[derive(Debug, Clone, PartialEq)]
pub struct LineFit {
    /// The lines, the largest amplitude first.
    pub lines: Vec<FittedLine>,
    /// Standard deviation of the noise: the root of the residual's sum of squares over the samples less the
    /// parameters.
    pub residual_sd: f64,
    /// `||residual|| / ||signal||`; 0 for a signal of zeros.
    pub relative_l2_error: f64,
    /// `max |residual| / max |signal|`; 0 for a signal of zeros.
    pub relative_max_error: f64,
    /// The part of the signal's energy that the lines have; 1 for a signal of zeros.
    pub energy_fraction: f64,
    /// The sum of the lines, as long as the signal and in its unit.
    pub samples: Vec<f64>,
    /// Signal minus `samples`.
    pub residual: Vec<f64>,
}

/// Fits tones of any frequency to `signal` by joint least squares.
///
/// A tone that is not on a bin leaks into all of them; fitted, it is one line. Lines are added one at a time
/// at the peak of the residual's spectrum, and each time the frequencies of all are settled again, by Newton's
/// method on the exact sums over the samples, amplitudes and phases following them. A tone without noise comes
/// out to rounding.
///
/// The standard deviations are those of least squares, `s^2 (J^T J)^-1` with `s` the `residual_sd` and J the
/// derivatives of the lines: the inverse of the Fisher matrix of white noise. They hold where the residual is
/// such noise, that is, once every line has been fitted, and then cover the truth in 68 % of records, from a tone
/// as strong as the noise and little more than one cycle up.
///
/// Three parameters a tone and one for the constant must leave a sample over. Fewer lines than asked for are
/// returned where nothing but rounding is left, or where the record tells no further line from those there are:
/// tones a few hundredths of a bin (the sample rate over the samples) from each other, from 0 or from half the
/// sample rate. A slow trend is such a tone near 0, of large amplitude and larger uncertainty.
///
/// # Examples
///
/// ```
/// use hexad_spectral::{FitLinesOptions, FitUntil, fit_lines};
/// let signal: Vec<f64> = (0..500).map(|n| 2.0 + 3.0 * (0.1234 * f64::from(n) + 0.5).cos()).collect();
/// let fit = fit_lines(&signal, 1000.0, FitUntil::Count(2), &FitLinesOptions::default())?;
/// let hz = 0.1234 * 1000.0 / std::f64::consts::TAU;
/// assert!((fit.lines[0].frequency_hz - hz).abs() < 1e-9 * hz);
/// assert!((fit.lines[0].amplitude - 3.0).abs() < 1e-12 && (fit.lines[0].phase - 0.5).abs() < 1e-12);
/// assert!((fit.lines[1].amplitude - 2.0).abs() < 1e-12);
/// # Ok::<(), hexad_spectral::SpectralError>(())
/// ```
///
/// # Errors
///
/// [`InputError`] for fewer than 8 samples, a NaN or infinity, a sample rate that is not positive, a count of 0
/// or with as many parameters as samples, an error that is not in `0..1`;
/// [`SpectralError::LinesNotEnough`] where the error asked for is not reached.
///
/// # References
///
/// D. C. Rife and R. R. Boorstyn, Bell Syst. Tech. J. 55(9), 1976 (several tones); S. M. Kay, Fundamentals of
/// Statistical Signal Processing: Estimation Theory, 1993, example 3.14 (the Fisher matrix of one tone);
/// G. H. Golub and V. Pereyra, SIAM J. Numer. Anal. 10(2), 1973, doi:10.1137/0710036 (amplitudes that follow);
/// D. W. Marquardt, J. SIAM 11(2), 1963, doi:10.1137/0111030 (damped steps).
pub fn fit_lines(
    signal: &[f64],
    sample_rate_hz: f64,
    until: FitUntil,
    options: &FitLinesOptions,
) -> Result<LineFit, SpectralError> {
    check_positive("sample_rate_hz", sample_rate_hz)?;
    if signal.len() < FEWEST_SAMPLES {
        let (needed, got) = (FEWEST_SAMPLES, signal.len());
        return Err(InputError::TooFew { argument: "signal", needed, got }.into());
    }
    check_finite("signal", signal)?;
    let at_most = most_lines(signal.len(), until, options.constant)?;

    let mut record = Record::new(signal, sample_rate_hz);
    let fit = record.fit(until, at_most, options.constant)?;
    Ok(record.report(&fit))
}

/// Checks `until`; the most lines to fit.
fn most_lines(len: usize, until: FitUntil, constant: LineConstant) -> Result<usize, InputError> {
    let constants = usize::from(constant == LineConstant::Fitted);
    let most = constants + (len - 1 - constants) / PER_TONE;
    let refuse = |argument, value, allowed| Err(InputError::OutOfRange { argument, value, allowed });
    match until {
        FitUntil::Count(count) if count == 0 || count > most => {
            refuse("count", count as f64, "at least 1, with fewer parameters (3 a tone) than samples")
        }
        FitUntil::Count(count) => Ok(count),
        FitUntil::Error { relative, .. } if !(0.0..1.0).contains(&relative) => {
            refuse("error", relative, ">= 0 and < 1")
        }
        FitUntil::Error { at_most: 0, .. } => refuse("at_most", 0.0, "at least 1"),
        FitUntil::Error { at_most, .. } => Ok(at_most.min(most)),
    }
}
