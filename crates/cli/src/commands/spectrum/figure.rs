//! A spectrum, its interval and its peak.

use std::ops::Range;

use super::found::{Found, Kind};
use super::wording;
use crate::args::spectrum::{ScalingKind, SpectrumArgs};
use crate::plot::{Axis, Band, Figure, Mark, Panel, Series, Style};
use crate::units::{self, four_digits};

/// Largest ratio of values that a linear axis shows.
const LINEAR_RATIO: f64 = 100.0;
/// Fewest bins that a logarithmic axis of frequency shows.
const FEWEST_LOG: usize = 32;
/// Bins that a strong line still tells apart.
const MOST_STRONG: usize = 600;

/// The spectrum against frequency.
pub fn figure<'a>(args: &SpectrumArgs, found: &'a Found) -> Figure<'a> {
    let label = format!("frequency [{}]", found.cycle.frequency);
    let x = if is_log_in_frequency(args, found) { Axis::log(label, None) } else { Axis::linear(label) };
    let style = if found.value.len() <= MOST_STRONG { Style::Result } else { Style::Curve };
    let levels = levels(args, found);
    let needs_legend = found.band.is_some() || !levels.is_empty();
    let name = if needs_legend { args.scaling().name() } else { "" };
    let shown = shown(args, found);
    let mut series =
        vec![Series::new(name, &found.frequency[shown.clone()], &found.value[shown.clone()], style)];
    series.extend(levels);
    let band = found.band.as_ref().map(|band| Band {
        label: format!("{} % confidence", four_digits(100.0 * args.confidence.unwrap_or(0.0))),
        x: found.frequency[shown.clone()].into(),
        lower: band.lower[shown.clone()].to_vec(),
        upper: band.upper[shown.clone()].to_vec(),
    });
    let has_headroom = band.is_some() || series.len() > 1;
    let y = value_axis(args, found);
    let panel = Panel {
        height: 440,
        band,
        has_headroom,
        marks: mark(found, &y).into_iter().collect(),
        ..Panel::new(y, series)
    };
    Figure { title: title(args, found), x, panels: vec![panel] }
}

fn title(args: &SpectrumArgs, found: &Found) -> String {
    let name = units::title(&found.name);
    match found.kind {
        Kind::Lomb { .. } => format!("Lomb-Scargle spectrum of {name}, {} samples", found.len),
        Kind::Transform { segments: 1, .. } => {
            format!(
                "spectrum of {name}: {} of {} samples, {} window",
                args.scaling().name(),
                found.len,
                args.window()
            )
        }
        Kind::Transform { segments, segment_len, .. } => format!(
            "spectrum of {name}: {} over {segments} segments of {segment_len} samples, {} window",
            args.scaling().name(),
            args.window()
        ),
    }
}

/// The bins that are drawn: the constant has no place along a logarithmic axis, and a density at half the
/// sample rate is half of that beside it, which looks like a fault of the signal.
fn shown(args: &SpectrumArgs, found: &Found) -> Range<usize> {
    let bins = found.value.len();
    let ends_at_half = matches!(found.kind, Kind::Transform { segment_len, .. } if segment_len % 2 == 0);
    let is_peak = found.peak.is_some_and(|(frequency, _)| found.frequency.last() == Some(&frequency));
    let is_density = args.scaling == ScalingKind::Density;
    let end = if is_density && ends_at_half && !is_peak && bins > FEWEST_LOG { bins - 1 } else { bins };
    usize::from(is_log_in_frequency(args, found))..end
}

/// Densities spread over decades of frequency; tones stand where they are.
fn is_log_in_frequency(args: &SpectrumArgs, found: &Found) -> bool {
    args.segment.is_some() && args.scaling == ScalingKind::Density && found.value.len() > FEWEST_LOG
}

/// Logarithmic for squares and for what a linear axis does not show, without the deep notches between.
fn value_axis(args: &SpectrumArgs, found: &Found) -> Axis {
    let label = wording::label(args, found);
    let mut sizes: Vec<f64> = found.value.iter().copied().filter(|value| *value > 0.0).collect();
    sizes.sort_by(f64::total_cmp);
    let (Some(&largest), false) = (sizes.last(), sizes.len() < 2) else { return Axis::linear(label) };
    let (tenth, median) = (sizes[sizes.len() / 10], sizes[sizes.len() / 2]);
    let is_square = args.scaling().is_square();
    if args.lombscargle && largest <= LINEAR_RATIO * median {
        return Axis::linear(label);
    }
    if !is_square && largest <= LINEAR_RATIO * tenth {
        return Axis::linear(label);
    }
    let depth: f64 = if is_square { 1e-16 } else { 1e-8 };
    Axis::log(label, Some((0.1 * tenth).max(depth * largest)))
}

/// The powers that noise seldom exceeds, as lines across the picture.
fn levels<'a>(args: &SpectrumArgs, found: &Found) -> Vec<Series<'a>> {
    let Kind::Lomb { levels, .. } = &found.kind else { return Vec::new() };
    if args.scaling != ScalingKind::Power {
        return Vec::new();
    }
    let ends = [found.frequency.first(), found.frequency.last()].map(|end| end.copied().unwrap_or(0.0));
    let names = levels.iter().map(|(probability, _)| format!("{} %", four_digits(100.0 * probability)));
    let mut name = format!("false alarm {}", names.collect::<Vec<_>>().join(", "));
    let line = |(_, power): &(f64, f64)| {
        // One name for all: the higher the line, the smaller the probability.
        Series::new(std::mem::take(&mut name), ends.to_vec(), vec![*power; 2], Style::Result)
    };
    levels.iter().map(line).collect()
}

/// The peak, unless it is too low to be seen: rounding.
fn mark(found: &Found, y: &Axis) -> Option<Mark> {
    let (frequency, value) = found.peak.filter(|(_, value)| y.floor.is_none_or(|floor| *value > floor))?;
    let cycle = &found.cycle;
    let per = if cycle.frequency == "Hz" { "Hz".to_string() } else { format!("per {}", cycle.period) };
    let (shown, period) = (four_digits(frequency), four_digits(1.0 / frequency));
    let label = format!("{shown} {per}, period {period} {}", cycle.period);
    Some(Mark { at: (frequency, value), label })
}
