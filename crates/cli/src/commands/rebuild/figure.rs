//! A signal and its rebuild, their lines, and what is left.

use std::ops::Range;

use hexad_spectral::Line;

use super::kept::{Kept, KeptLine};
use crate::args::rebuild::{Norm, RebuildArgs};
use crate::plot::{Axis, Figure, Mark, Panel, Series, Style};
use crate::signal::Signal;
use crate::units::{self, four_digits};

/// Largest ratio of amplitudes that a linear axis shows.
const LINEAR_RATIO: f64 = 100.0;
/// Fewest lines that are shown.
const FEWEST_SHOWN: usize = 20;
/// Most cycles that are told apart across the picture.
const MOST_CYCLES: f64 = 150.0;
/// Cycles of an excerpt.
const EXCERPT_CYCLES: f64 = 40.0;

/// The signal and its rebuild; their lines; the residual.
pub fn figure<'a>(args: &RebuildArgs, signal: &'a Signal, kept: &'a Kept, bins: &[Line]) -> Figure<'a> {
    let residual = Series::new("", &signal.x.values, &kept.residual, Style::Curve);
    let residual_axis = Axis::linear(units::label_like("residual", &signal.y.name));
    Figure {
        title: title(args, signal, kept),
        x: Axis::linear_or_dates(&signal.x_label, signal.x.dates),
        panels: vec![
            comparison(signal, kept),
            lines(signal, kept, bins),
            Panel { height: 240, ..Panel::new(residual_axis, vec![residual]) },
        ],
    }
}

fn title(args: &RebuildArgs, signal: &Signal, kept: &Kept) -> String {
    let of = kept.lines_total.map_or("fitted".to_string(), |total| format!("of {total}"));
    let (norm, error) = match args.norm {
        None | Some(Norm::L2) => ("L2", kept.relative_l2_error),
        Some(Norm::Max) => ("largest", kept.relative_max_error),
    };
    let name = units::title(&signal.y.name);
    format!("{name} rebuilt from {} {of} lines, {norm} error {}", kept.lines.len(), four_digits(error))
}

/// The signal below its rebuild: all of it, or an excerpt where the cycles would run together.
fn comparison<'a>(signal: &'a Signal, kept: &'a Kept) -> Panel<'a> {
    let shown = excerpt(signal, kept);
    let part = |y: &'a [f64], label: &str, style| {
        Series::new(label, &signal.x.values[shown.clone()], &y[shown.clone()], style)
    };
    let series =
        vec![part(&signal.y.values, "data", Style::Data), part(&kept.samples, "rebuilt", Style::Result)];
    let is_excerpt = shown.len() < signal.len();
    let label = format!("{}, an excerpt", signal.x_label);
    Panel {
        x: is_excerpt.then(|| Axis::linear_or_dates(label, signal.x.dates)),
        height: 300,
        has_headroom: true,
        ..Panel::new(Axis::linear(units::label(&signal.y.name)), series)
    }
}

/// The samples about the largest, as far as their cycles can be told apart.
fn excerpt(signal: &Signal, kept: &Kept) -> Range<usize> {
    let moment = |order| -> f64 {
        let tones = kept.lines.iter().filter(|line| line.frequency > 0.0);
        tones.map(|line| (line.amplitude * line.frequency.powi(order)).powi(2)).sum()
    };
    let len = signal.len() as f64;
    let cycles = len * (moment(1) / moment(0)).sqrt() / signal.sample_rate;
    // Without tones there are no cycles: NaN.
    if cycles.is_nan() || cycles <= MOST_CYCLES {
        return 0..signal.len();
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "less than the samples")]
    let shown = (len * EXCERPT_CYCLES / cycles).ceil() as usize;
    let size = |index: &usize| signal.y.values[*index].abs();
    let largest = (0..signal.len()).max_by(|a, b| size(a).total_cmp(&size(b))).unwrap_or(0);
    let start = largest.saturating_sub(shown / 2).min(signal.len() - shown);
    start..start + shown
}

/// Amplitudes of the lines, up to some way beyond the highest that is kept.
fn lines<'a>(signal: &Signal, kept: &Kept, bins: &[Line]) -> Panel<'a> {
    let highest = kept.lines.iter().map(|line| line.frequency).fold(0.0, f64::max);
    let shown = bins.partition_point(|line| line.frequency_hz <= 4.0 * highest);
    let shown = &bins[..shown.max(FEWEST_SHOWN).min(bins.len())];
    let label = format!("frequency [{}]", signal.cycle.frequency);
    let label = if shown.len() < bins.len() {
        format!("{label}, the lowest {} of {} lines", shown.len(), bins.len())
    } else {
        label
    };
    let column = |value: fn(&Line) -> f64| shown.iter().map(value).collect::<Vec<_>>();
    let of_kept = |value: fn(&KeptLine) -> f64| kept.lines.iter().map(value).collect::<Vec<_>>();
    let [all, marked] = if kept.lines_total.is_some() { ["all", "kept"] } else { ["bins", "fitted"] };
    let all = Series::new(all, column(|line| line.frequency_hz), column(|line| line.amplitude), Style::Curve);
    let marked =
        Series::new(marked, of_kept(|line| line.frequency), of_kept(|line| line.amplitude), Style::Stems);
    Panel {
        x: Some(Axis::linear(label)),
        height: 300,
        has_headroom: true,
        marks: strongest(signal, kept).into_iter().collect(),
        ..Panel::new(amplitude_axis(signal, &all.y, &marked.y), vec![all, marked])
    }
}

/// The strongest line that is not the constant, by its frequency in Hz or its period in other units.
fn strongest(signal: &Signal, kept: &Kept) -> Option<Mark> {
    let line = kept.lines.iter().find(|line| line.frequency > 0.0)?;
    let label = match signal.cycle.frequency.as_str() {
        "Hz" => format!("{} Hz", four_digits(line.frequency)),
        _ => format!("period {} {}", four_digits(1.0 / line.frequency), signal.cycle.period),
    };
    Some(Mark { at: (line.frequency, line.amplitude), label })
}

/// Logarithmic if the amplitudes have it, from somewhat below the smallest that is kept.
fn amplitude_axis(signal: &Signal, all: &[f64], kept: &[f64]) -> Axis {
    let label = units::label_like("amplitude", &signal.y.name);
    let both = || all.iter().chain(kept).copied();
    let largest = both().fold(0.0, f64::max);
    let smallest = both().filter(|amplitude| *amplitude > 0.0).fold(f64::MAX, f64::min);
    if largest <= LINEAR_RATIO * smallest {
        return Axis::linear(label);
    }
    let smallest_kept = kept.iter().copied().filter(|amplitude| *amplitude > 0.0).fold(largest, f64::min);
    let floor = (0.1 * smallest_kept).min(1e-3 * largest);
    Axis::log(label, Some(floor))
}
