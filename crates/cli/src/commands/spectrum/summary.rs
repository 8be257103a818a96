//! What `hexad spectrum` says about its work.

use std::fmt;

use serde::Serialize;

use super::found::{Found, Kind};
use super::wording;
use crate::args::spectrum::SpectrumArgs;
use crate::report::Written;
use crate::units::{Cycle, four_digits};

/// The JSON object, and in words. A Lomb-Scargle spectrum has null for what only transforms have.
#[derive(Debug, Serialize)]
pub struct Summary {
    n: usize,
    sample_rate: Option<f64>,
    frequency_unit: String,
    resolution_hz: f64,
    window: Option<String>,
    enbw_hz: Option<f64>,
    scaling: &'static str,
    unit: String,
    unit_note: String,
    segments: Option<u64>,
    effective_segments: Option<f64>,
    parseval_residual: Option<f64>,
    peak_frequency: Option<f64>,
    peak_value: Option<f64>,
    #[serde(flatten)]
    lomb: Option<Lomb>,
    outputs: Vec<Written>,
    #[serde(skip)]
    cycle: Cycle,
}

/// What only a Lomb-Scargle spectrum has.
#[derive(Debug, Serialize)]
struct Lomb {
    false_alarm_probability: Option<f64>,
    missing: usize,
    span: f64,
}

impl Summary {
    /// What is known of a spectrum.
    pub fn new(args: &SpectrumArgs, found: &Found, outputs: Vec<Written>) -> Self {
        let mut summary = Self {
            n: found.len,
            sample_rate: None,
            frequency_unit: found.cycle.frequency.clone(),
            resolution_hz: found.resolution,
            window: None,
            enbw_hz: None,
            scaling: args.scaling().name(),
            unit: wording::unit(args, found),
            unit_note: wording::note(args, found),
            segments: None,
            effective_segments: None,
            parseval_residual: None,
            peak_frequency: found.peak.map(|(frequency, _)| frequency),
            peak_value: found.peak.map(|(_, value)| value),
            lomb: None,
            outputs,
            cycle: found.cycle.clone(),
        };
        match found.kind {
            Kind::Transform {
                sample_rate, enbw, segments, effective_segments, parseval_residual, ..
            } => {
                summary.sample_rate = Some(sample_rate);
                summary.window = Some(args.window().to_string());
                summary.enbw_hz = Some(enbw);
                summary.segments = Some(segments);
                summary.effective_segments = Some(effective_segments);
                summary.parseval_residual = Some(parseval_residual);
            }
            Kind::Lomb { missing, span, false_alarm, .. } => {
                summary.lomb = Some(Lomb { false_alarm_probability: false_alarm, missing, span });
            }
        }
        summary
    }

    fn write_peak(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Some(frequency), Some(value)) = (self.peak_frequency, self.peak_value) else { return Ok(()) };
        let Cycle { frequency: unit, period } = &self.cycle;
        let value_unit = if self.unit == "1" { String::new() } else { format!(" {}", self.unit) };
        writeln!(
            f,
            "peak        {} {unit}, period {} {period}: {} {}{value_unit}",
            four_digits(frequency),
            four_digits(1.0 / frequency),
            self.scaling,
            four_digits(value),
        )
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Cycle { frequency: unit, period } = &self.cycle;
        match (self.sample_rate, &self.lomb) {
            (Some(rate), _) => writeln!(f, "samples     {}, {} per {period}", self.n, four_digits(rate))?,
            (None, Some(Lomb { missing: 0, span, .. })) => {
                writeln!(f, "samples     {} over {} {period}", self.n, four_digits(*span))?;
            }
            (None, Some(Lomb { missing, span, .. })) => {
                writeln!(
                    f,
                    "samples     {} over {} {period}, {missing} left out",
                    self.n,
                    four_digits(*span)
                )?;
            }
            (None, None) => {}
        }
        self.write_peak(f)?;
        if let Some(Lomb { false_alarm_probability: Some(probability), .. }) = self.lomb {
            writeln!(f, "false alarm {}", four_digits(probability))?;
        }
        writeln!(f, "resolution  {} {unit}", four_digits(self.resolution_hz))?;
        if let (Some(window), Some(enbw)) = (&self.window, self.enbw_hz) {
            writeln!(f, "window      {window}, noise bandwidth {} {unit}", four_digits(enbw))?;
        }
        if let (Some(segments), Some(effective)) = (self.segments, self.effective_segments)
            && segments > 1
        {
            writeln!(f, "segments    {segments}, worth {} independent ones", four_digits(effective))?;
        }
        if let Some(residual) = self.parseval_residual {
            writeln!(f, "parseval    {residual:.1e}")?;
        }
        let first = self.unit_note.split(';').next().unwrap_or(&self.unit_note);
        writeln!(f, "values      {first}")?;
        self.outputs.iter().try_for_each(|output| writeln!(f, "wrote       {}", output.path))
    }
}
