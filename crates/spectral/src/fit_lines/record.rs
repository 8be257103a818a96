//! From the signal to the fit in working units, and back to the units of the signal.

use std::f64::consts::{PI, TAU};

use nalgebra::{Matrix3, Vector3};

use super::descent::Fit;
use super::model::{PER_TONE, Tone};
use super::peaks::PeakFinder;
use super::samples::Samples;
use super::{FitUntil, FittedLine, LineConstant, LineFit};
use crate::rebuild::power_of_two_near;
use crate::{ErrorNorm, SpectralError};

/// A signal over `scale`, so that no square overflows.
#[derive(Debug)]
pub(super) struct Record {
    samples: Samples,
    /// The largest sample, in size.
    largest: f64,
    scale: f64,
    sample_rate_hz: f64,
}

impl Record {
    pub fn new(signal: &[f64], sample_rate_hz: f64) -> Self {
        let largest = signal.iter().fold(0.0_f64, |largest, x| largest.max(x.abs()));
        let scale = power_of_two_near(largest);
        let samples = Samples::new(signal.iter().map(|x| x / scale).collect());
        Self { samples, largest: largest / scale, scale, sample_rate_hz }
    }

    /// Adds lines up to `at_most`, which the samples allow.
    pub fn fit(
        &mut self,
        until: FitUntil,
        at_most: usize,
        constant: LineConstant,
    ) -> Result<Fit, SpectralError> {
        let mut peaks = PeakFinder::new(self.samples.len())?;
        let mut fit = Fit::without_tones(constant, &mut self.samples)?;
        while fit.model.lines() < at_most && !self.is_enough(&fit, until) {
            let Some(better) = fit.with_another_tone(&mut self.samples, &mut peaks)? else { break };
            fit = better;
        }
        match until {
            FitUntil::Error { relative, norm, .. } if !self.is_enough(&fit, until) => {
                let (lines, reached) = (fit.model.lines(), self.relative_error(&fit, norm));
                Err(SpectralError::LinesNotEnough { lines, reached, wanted: relative })
            }
            _ => Ok(fit),
        }
    }

    /// `fit` in the units of the signal.
    pub fn report(mut self, fit: &Fit) -> LineFit {
        // The last model tried need not be this one.
        self.samples.misfit(&fit.model);
        let relative_l2_error = self.relative_error(fit, ErrorNorm::L2);
        LineFit {
            lines: self.lines(fit),
            residual_sd: self.variance(fit).sqrt() * self.scale,
            relative_l2_error,
            relative_max_error: self.relative_error(fit, ErrorNorm::Max),
            energy_fraction: 1.0 - relative_l2_error * relative_l2_error,
            samples: self.samples.modelled().map(|x| x * self.scale).collect(),
            residual: self.samples.residual.iter().map(|x| x * self.scale).collect(),
        }
    }

    fn is_enough(&self, fit: &Fit, until: FitUntil) -> bool {
        match until {
            FitUntil::Count(_) => false,
            FitUntil::Error { relative, norm, .. } => self.relative_error(fit, norm) <= relative,
        }
    }

    fn relative_error(&self, fit: &Fit, norm: ErrorNorm) -> f64 {
        match norm {
            _ if self.largest == 0.0 => 0.0,
            ErrorNorm::L2 => (fit.misfit.squares / self.samples.energy).sqrt(),
            ErrorNorm::Max => fit.misfit.largest / self.largest,
        }
    }

    /// Of the noise: `s^2 = RSS / (N - p)`.
    fn variance(&self, fit: &Fit) -> f64 {
        fit.misfit.squares / (self.samples.len() - fit.model.parameters()) as f64
    }

    fn lines(&self, fit: &Fit) -> Vec<FittedLine> {
        let covariance = fit.normal.inverse() * self.variance(fit);
        let mut lines = Vec::with_capacity(fit.model.lines());
        lines.extend(fit.model.constant.map(|constant| self.constant(constant, covariance[(0, 0)])));
        for (index, tone) in fit.model.tones.iter().enumerate() {
            let at = fit.model.first_tone() + PER_TONE * index;
            lines.push(self.tone(tone, &covariance.fixed_view::<3, 3>(at, at).into_owned()));
        }
        lines.sort_by(|a, b| b.amplitude.total_cmp(&a.amplitude));
        lines
    }

    fn constant(&self, constant: f64, variance: f64) -> FittedLine {
        FittedLine {
            frequency_hz: 0.0,
            amplitude: constant.abs() * self.scale,
            phase: if constant < 0.0 { PI } else { 0.0 },
            frequency_sd_hz: 0.0,
            amplitude_sd: variance.sqrt() * self.scale,
            phase_sd: 0.0,
        }
    }

    /// `covariance` is that of cosine, sine and angle per sample.
    fn tone(&self, tone: &Tone, covariance: &Matrix3<f64>) -> FittedLine {
        let middle = 0.5 * (self.samples.len() - 1) as f64;
        let at_start = tone.at_start(middle);
        let amplitude = at_start.norm();
        let (cos, sin) = (tone.cos / amplitude, tone.sin / amplitude);
        let sd = |gradient: Vector3<f64>| gradient.dot(&(covariance * gradient)).max(0.0).sqrt();
        FittedLine {
            frequency_hz: tone.frequency * self.sample_rate_hz,
            amplitude: amplitude * self.scale,
            phase: if at_start.arg() <= -PI { PI } else { at_start.arg() },
            frequency_sd_hz: sd(Vector3::z()) / TAU * self.sample_rate_hz,
            amplitude_sd: sd(Vector3::new(cos, sin, 0.0)) * self.scale,
            phase_sd: sd(Vector3::new(sin / amplitude, -cos / amplitude, -middle)),
        }
    }
}
