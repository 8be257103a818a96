//! The lines of a signal that are kept, by the library.

use hexad_spectral::{
    ErrorNorm, FitLinesOptions, FitUntil, FittedLine, Line, LineFit, Rebuild, RebuildPlan, Selection,
    SpectralError, fit_lines,
};
use serde::Serialize;

use crate::args::rebuild::{LineKind, Norm, RebuildArgs};
use crate::error::{Failure, Outcome};
use crate::signal::{Signal, refused};

/// Most tones that are fitted for an error: every one more settles all of them again.
const MOST_FITTED: usize = 100;

/// The lines kept and their sum.
pub struct Kept {
    /// The largest amplitude first.
    pub lines: Vec<KeptLine>,
    /// How many lines there were to choose from; `None` for fitted ones.
    pub lines_total: Option<usize>,
    /// Terms of the complex sum: two a line, one at 0 and at half the sample rate.
    pub complex_bins: usize,
    pub relative_l2_error: f64,
    pub relative_max_error: f64,
    pub energy_fraction: f64,
    pub samples: Vec<f64>,
    pub residual: Vec<f64>,
}

/// `amplitude cos(2 pi frequency x + phase)`, x from the first sample.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct KeptLine {
    pub frequency: f64,
    pub amplitude: f64,
    pub phase: f64,
    #[serde(flatten)]
    pub deviations: Option<Deviations>,
}

/// Standard deviations of a fitted line.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Deviations {
    pub frequency_sd: f64,
    pub amplitude_sd: f64,
    pub phase_sd: f64,
}

impl Kept {
    /// Finds the lines that `args` ask for.
    pub fn find(args: &RebuildArgs, signal: &Signal) -> Outcome<Self> {
        match args.lines {
            LineKind::Bins => find_bins(args, signal),
            LineKind::Fitted => find_tones(args, signal),
        }
    }
}

/// All bins, the lowest frequency first.
pub fn all_bins(args: &RebuildArgs, signal: &Signal) -> Outcome<Vec<Line>> {
    let everything = plan(args, signal)?.apply(&signal.y.values, Selection::Threshold(0.0));
    let mut lines = everything.map_err(|error| refused(&args.signal, &error))?.lines;
    lines.sort_by_key(|line| line.bin);
    Ok(lines)
}

fn find_bins(args: &RebuildArgs, signal: &Signal) -> Outcome<Kept> {
    let plan = plan(args, signal)?;
    let selection = selection(args, signal, plan.lines())?;
    let found: Rebuild =
        plan.apply(&signal.y.values, selection).map_err(|error| refused(&args.signal, &error))?;
    Ok(Kept {
        lines: found.lines.iter().map(KeptLine::from).collect(),
        lines_total: Some(plan.lines()),
        complex_bins: found.complex_bins,
        relative_l2_error: found.relative_l2_error,
        relative_max_error: found.relative_max_error,
        energy_fraction: found.energy_fraction,
        samples: found.samples,
        residual: found.residual,
    })
}

fn plan(args: &RebuildArgs, signal: &Signal) -> Outcome<RebuildPlan> {
    RebuildPlan::new(signal.len(), signal.sample_rate).map_err(|error| refused(&args.signal, &error))
}

/// What the library keeps; what no signal of this length and rate has is wrong use.
fn selection(args: &RebuildArgs, signal: &Signal, lines: usize) -> Outcome<Selection> {
    let asked = &args.selection;
    if let Some(count) = asked.keep {
        if count > lines {
            let samples = signal.len();
            return Err(Failure::usage(format!(
                "--keep {count}: {samples} samples have {lines} lines; keep at most those"
            )));
        }
        return Ok(Selection::Count(count));
    }
    if let Some((low_hz, high_hz)) = asked.band {
        let highest = 0.5 * signal.sample_rate;
        if high_hz > highest {
            let unit = &signal.cycle.frequency;
            return Err(Failure::usage(format!(
                "--band {low_hz},{high_hz}: frequencies end at half the sample rate, {highest} {unit}; stay below"
            )));
        }
        return Ok(Selection::Band { low_hz, high_hz });
    }
    Ok(match (asked.error, asked.threshold) {
        (Some(relative), _) => Selection::Error { relative, norm: norm(args) },
        (None, amplitude) => Selection::Threshold(amplitude.unwrap_or(0.0)),
    })
}

fn norm(args: &RebuildArgs) -> ErrorNorm {
    match args.norm {
        None | Some(Norm::L2) => ErrorNorm::L2,
        Some(Norm::Max) => ErrorNorm::Max,
    }
}

fn find_tones(args: &RebuildArgs, signal: &Signal) -> Outcome<Kept> {
    let until = match (args.selection.keep, args.selection.error) {
        (Some(count), _) => FitUntil::Count(count),
        (None, relative) => {
            FitUntil::Error { relative: relative.unwrap_or(0.0), norm: norm(args), at_most: MOST_FITTED }
        }
    };
    let fit = fit_lines(&signal.y.values, signal.sample_rate, until, &FitLinesOptions::default());
    let found: LineFit = fit.map_err(|error| match (&error, args.selection.keep) {
        (SpectralError::Input(input), Some(count)) if !input.is_about_data() => Failure::usage(format!(
            "--keep {count}: {} samples do not tell so many fitted lines apart, of 3 numbers each; keep fewer",
            signal.len()
        )),
        (SpectralError::LinesNotEnough { .. }, _) => Failure::work(format!(
            "{}: {error}; give a larger --error, or --lines bins",
            args.signal.input.name()
        )),
        _ => refused(&args.signal, &error),
    })?;
    Ok(Kept {
        lines_total: None,
        complex_bins: found.lines.iter().map(|line| if line.frequency_hz > 0.0 { 2 } else { 1 }).sum(),
        lines: found.lines.iter().map(KeptLine::from).collect(),
        relative_l2_error: found.relative_l2_error,
        relative_max_error: found.relative_max_error,
        energy_fraction: found.energy_fraction,
        samples: found.samples,
        residual: found.residual,
    })
}

impl From<&Line> for KeptLine {
    fn from(line: &Line) -> Self {
        Self { frequency: line.frequency_hz, amplitude: line.amplitude, phase: line.phase, deviations: None }
    }
}

impl From<&FittedLine> for KeptLine {
    fn from(line: &FittedLine) -> Self {
        Self {
            frequency: line.frequency_hz,
            amplitude: line.amplitude,
            phase: line.phase,
            deviations: Some(Deviations {
                frequency_sd: line.frequency_sd_hz,
                amplitude_sd: line.amplitude_sd,
                phase_sd: line.phase_sd,
            }),
        }
    }
}
