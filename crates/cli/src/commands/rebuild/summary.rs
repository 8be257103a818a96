//! What `hexad rebuild` says about its work.

use std::fmt;

use serde::Serialize;

use super::kept::{Kept, KeptLine};
use crate::report::{Written, write_table};
use crate::signal::Signal;
use crate::units::{self, Cycle, four_digits};

/// Most lines in the JSON object.
const LISTED: usize = 1000;
/// Most lines in words.
const SHOWN: usize = 8;

/// The JSON object, and in words.
#[derive(Debug, Serialize)]
pub struct Summary {
    n: usize,
    sample_rate: f64,
    frequency_unit: String,
    lines_kept: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    lines_total: Option<usize>,
    complex_bins: usize,
    relative_l2_error: f64,
    relative_max_error: f64,
    energy_fraction: f64,
    lines: Vec<KeptLine>,
    outputs: Vec<Written>,
    #[serde(skip)]
    cycle: Cycle,
    #[serde(skip)]
    amplitude: String,
}

impl Summary {
    /// The first lines, and how good their sum is.
    pub fn new(signal: &Signal, kept: &Kept, outputs: Vec<Written>) -> Self {
        Self {
            n: signal.len(),
            sample_rate: signal.sample_rate,
            frequency_unit: signal.cycle.frequency.clone(),
            lines_kept: kept.lines.len(),
            lines_total: kept.lines_total,
            complex_bins: kept.complex_bins,
            relative_l2_error: kept.relative_l2_error,
            relative_max_error: kept.relative_max_error,
            energy_fraction: kept.energy_fraction,
            lines: kept.lines.iter().take(LISTED).copied().collect(),
            outputs,
            cycle: signal.cycle.clone(),
            amplitude: units::label_like("amplitude", &signal.y.name),
        }
    }

    /// Frequency, period, amplitude and phase of the largest lines.
    fn write_lines(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.lines.is_empty() {
            return Ok(());
        }
        let Cycle { frequency, period } = &self.cycle;
        let heads = [
            format!("frequency [{frequency}]"),
            format!("period [{period}]"),
            self.amplitude.clone(),
            "phase [rad]".to_string(),
        ];
        let shown = self.lines.iter().take(SHOWN).map(KeptLine::cells);
        let rows: Vec<_> = std::iter::once(heads).chain(shown).collect();
        write_table(f, &rows)?;
        if self.lines_kept > SHOWN {
            writeln!(f, "  and {} more; --json lists {LISTED}", self.lines_kept - SHOWN)?;
        }
        Ok(())
    }
}

impl KeptLine {
    /// As the columns of the table in words; a fitted line with its standard deviations.
    fn cells(&self) -> [String; 4] {
        let Self { frequency, amplitude, phase, deviations } = *self;
        let with = |value: f64, deviation: Option<f64>| match deviation {
            Some(deviation) if deviation > 0.0 => units::with_deviation(value, deviation),
            _ => four_digits(value),
        };
        let period = if frequency > 0.0 { four_digits(1.0 / frequency) } else { "-".to_string() };
        [
            with(frequency, deviations.map(|d| d.frequency_sd)),
            period,
            with(amplitude, deviations.map(|d| d.amplitude_sd)),
            with(phase, deviations.map(|d| d.phase_sd)),
        ]
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "samples  {}, {} per {}", self.n, four_digits(self.sample_rate), self.cycle.period)?;
        match self.lines_total {
            Some(total) => {
                writeln!(f, "lines    {} of {total}: {} complex bins", self.lines_kept, self.complex_bins)?;
            }
            None => writeln!(f, "lines    {}, fitted", self.lines_kept)?,
        }
        writeln!(
            f,
            "error    {} in L2, {} in max norm",
            four_digits(self.relative_l2_error),
            four_digits(self.relative_max_error)
        )?;
        self.write_lines(f)?;
        self.outputs.iter().try_for_each(|output| writeln!(f, "wrote    {}", output.path))
    }
}
