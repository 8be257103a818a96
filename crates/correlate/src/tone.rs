//! The delay between two records of one tone, by the phase of its line.

use std::f64::consts::{PI, TAU};

use hexad_core::{Complex64, check_positive};
use hexad_spectral::{FitLinesOptions, FitUntil, FittedLine, Goertzel, LineFit, fit_lines};

use crate::CorrelateError;

/// Cycles below which a tone cannot be told from a trend.
const FEWEST_CYCLES: f64 = 3.0;

/// How far beside a line, in bins, what is left is looked at, and by how much the line must stand above it.
const NEIGHBOURS: [f64; 12] = [-8.0, -7.0, -6.0, -5.0, -4.0, -3.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
const PROMINENCE: f64 = 30.0;

/// Standard deviations, and bins, by which the frequencies of both records may differ.
const FREQUENCY_DEVIATIONS: f64 = 4.0;
const FREQUENCY_BINS: f64 = 0.01;

/// The delay between two records of one tone.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct ToneDelay {
    /// Frequency of the tone.
    pub frequency_hz: f64,
    /// By how much b is behind a, in degrees, above -180 up to 180.
    pub phase_deg: f64,
    /// The delay of b behind a that is nearest to zero: positive where b is late.
    pub delay_s: f64,
    /// One standard deviation of `delay_s`.
    pub uncertainty_s: f64,
    /// The period of the tone: whole multiples of it can be added to the delay.
    pub alias_period_s: f64,
    /// Correlation coefficient of the records with the delay taken off: the root of the shares of their energy that
    /// the tone has.
    pub coefficient: f64,
}

/// The delay between `a` and `b` if both are one tone of the same frequency, beside a constant and noise.
///
/// A correlation of two tones has a peak every period, each pulled towards zero by the shrinking overlap; the phases
/// of the two lines have neither fault. `None` where the records have no line of the same frequency, one of fewer
/// than three cycles, or one that does not stand well above what is beside it.
///
/// # Examples
///
/// ```
/// use hexad_correlate::tone_delay;
/// let a: Vec<f64> = (0..1000).map(|n| (0.05 * f64::from(n)).sin()).collect();
/// let b: Vec<f64> = (0..1000).map(|n| 4.0 * (0.05 * f64::from(n) - 50_f64.to_radians()).sin()).collect();
/// let tone = tone_delay(&a, &b, 100.0)?.ok_or("no tone")?;
/// assert!((tone.phase_deg - 50.0).abs() < 1e-9);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// [`hexad_core::InputError`] for a sample rate that is not positive, for records of fewer than 8 samples or with a
/// NaN or infinity.
pub fn tone_delay(a: &[f64], b: &[f64], sample_rate_hz: f64) -> Result<Option<ToneDelay>, CorrelateError> {
    check_positive("sample_rate_hz", sample_rate_hz)?;
    tone_of([a, b], sample_rate_hz)
}

pub(crate) fn tone_of(
    records: [&[f64]; 2],
    sample_rate_hz: f64,
) -> Result<Option<ToneDelay>, CorrelateError> {
    let mut tones = [None, None];
    for (tone, record) in tones.iter_mut().zip(records) {
        *tone = Tone::of(record, sample_rate_hz)?;
    }
    let [Some(a), Some(b)] = tones else { return Ok(None) };
    let bin = sample_rate_hz / records[0].len().min(records[1].len()) as f64;
    let apart = (a.frequency_hz - b.frequency_hz).abs();
    let allowed = FREQUENCY_DEVIATIONS * a.frequency_sd_hz.hypot(b.frequency_sd_hz) + FREQUENCY_BINS * bin;
    Ok((apart <= allowed).then(|| ToneDelay::between(a, b)))
}

impl ToneDelay {
    fn between(a: Tone, b: Tone) -> Self {
        // Weighted by the inverse variances, which are 0 without noise.
        let [of_a, of_b] =
            [a, b].map(|tone| 1.0 / (tone.frequency_sd_hz / tone.frequency_hz).powi(2).max(1e-30));
        let frequency_hz = (of_a * a.frequency_hz + of_b * b.frequency_hz) / (of_a + of_b);
        let phase = turned(a.phase_at_start(frequency_hz) - b.phase_at_start(frequency_hz));
        let angular = TAU * frequency_hz;
        Self {
            frequency_hz,
            phase_deg: phase.to_degrees(),
            delay_s: phase / angular,
            uncertainty_s: a.phase_sd.hypot(b.phase_sd) / angular,
            alias_period_s: 1.0 / frequency_hz,
            coefficient: (a.share * b.share).sqrt(),
        }
    }
}

/// A tone of a record. Its phase is that in the middle, whose error is independent of that of the frequency.
#[derive(Debug, Clone, Copy)]
struct Tone {
    frequency_hz: f64,
    frequency_sd_hz: f64,
    middle_s: f64,
    phase: f64,
    phase_sd: f64,
    /// Of the energy about the mean.
    share: f64,
}

impl Tone {
    fn of(record: &[f64], sample_rate_hz: f64) -> Result<Option<Self>, CorrelateError> {
        let fit = fit_lines(record, sample_rate_hz, FitUntil::Count(2), &FitLinesOptions::default())?;
        let Some(line) = fit.lines.iter().find(|line| line.frequency_hz > 0.0).copied() else {
            return Ok(None);
        };
        let cycles = line.frequency_hz * record.len() as f64 / sample_rate_hz;
        if cycles < FEWEST_CYCLES || !stands_out(&fit, &line, sample_rate_hz)? {
            return Ok(None);
        }
        let middle_s = 0.5 * (record.len() - 1) as f64 / sample_rate_hz;
        let rest: f64 = fit.residual.iter().map(|x| x * x).sum();
        let energy = 0.5 * line.amplitude * line.amplitude * record.len() as f64;
        Ok(Some(Self {
            frequency_hz: line.frequency_hz,
            frequency_sd_hz: line.frequency_sd_hz,
            middle_s,
            phase: line.phase + TAU * line.frequency_hz * middle_s,
            phase_sd: line.amplitude_sd / line.amplitude,
            share: energy / (energy + rest),
        }))
    }

    /// Phase at the first sample of a tone of `frequency_hz` that has this one's phase in the middle.
    fn phase_at_start(self, frequency_hz: f64) -> f64 {
        self.phase - TAU * frequency_hz * self.middle_s
    }
}

/// Whether the line is well above what the fit leaves beside it.
fn stands_out(fit: &LineFit, line: &FittedLine, sample_rate_hz: f64) -> Result<bool, CorrelateError> {
    let len = fit.residual.len() as f64;
    let beside = NEIGHBOURS.map(|bins| line.frequency_hz + bins * sample_rate_hz / len);
    let inside: Vec<f64> = beside.into_iter().filter(|hz| *hz > 0.0 && *hz < 0.5 * sample_rate_hz).collect();
    if inside.is_empty() {
        return Ok(false);
    }
    let bins = Goertzel::new(sample_rate_hz, &inside)?.apply(&fit.residual)?;
    let left = bins.iter().map(Complex64::norm_sqr).sum::<f64>() / inside.len() as f64;
    let of_line = (0.5 * line.amplitude * len).powi(2);
    Ok(of_line >= PROMINENCE * left)
}

/// Within half a turn of 0, above -pi.
fn turned(phase: f64) -> f64 {
    let rest = phase - TAU * (phase / TAU).round();
    if rest <= -PI { rest + TAU } else { rest }
}
