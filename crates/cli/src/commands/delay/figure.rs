//! Two signals beside each other, and their correlation.

use std::f64::consts::TAU;
use std::ops::Range;

use hexad_correlate::{CorrelateError, align};

use super::curve::Curves;
use super::found::Pair;
use super::records::Records;
use super::skew::Skew;
use crate::error::Outcome;
use crate::plot::{Axis, Band, Figure, Mark, Panel, Series, Style};

/// Most cycles that are told apart across the picture.
const MOST_CYCLES: f64 = 100.0;
/// Cycles of an excerpt.
const EXCERPT_CYCLES: f64 = 30.0;
/// Standard deviations to either end of the interval that holds the delay with 95 % probability.
const DEVIATIONS: f64 = 1.96;
/// Lags that a strong line still tells apart.
const MOST_STRONG: usize = 400;
/// Lags beyond which a peak is shown once more from near.
const MOST_LAGS: usize = 100;
/// Share of a panel's width below which an interval cannot be seen.
const NARROWEST: f64 = 1e-3;
/// Lags to either side of a peak that is shown from near.
const NEAR_LAGS: f64 = 20.5;

/// The signals aligned, their correlation, its peak from near, and the delay along the signals.
pub fn figure<'a>(
    records: &'a Records,
    curves: &'a Curves,
    pair: &Pair,
    skew: Option<&'a Skew>,
) -> Outcome<Figure<'a>> {
    let lag = format!("lag [{}], positive where {} is late", records.cycle.period, records.title(1));
    let mut panels = vec![aligned(records, curves, pair)?, correlation(records, curves, pair)];
    panels.extend(near(records, curves, pair));
    panels.extend(skew.and_then(|skew| changing(records, skew)));
    Ok(Figure { title: title(records, pair), x: Axis::linear(lag), panels })
}

fn title(records: &Records, pair: &Pair) -> String {
    let [a, b] = [0, 1].map(|index| records.title(index));
    let unit = &records.cycle.period;
    let perhaps = if pair.verdict == "ambiguous" { "perhaps " } else { "" };
    let size = pair.delay();
    let size = size.strip_prefix('-').unwrap_or(&size);
    match pair.leading {
        "a" => format!("{b} is {perhaps}{size} {unit} behind {a}"),
        "b" => format!("{a} is {perhaps}{size} {unit} behind {b}"),
        _ if pair.is_found() => format!("no delay between {a} and {b}"),
        _ => format!("{a} and {b}: no more in common than by chance"),
    }
}

/// Both signals as far as they overlap, in standard deviations: all of it, or an excerpt where the cycles
/// would run together.
fn aligned<'a>(records: &'a Records, curves: &Curves, pair: &Pair) -> Outcome<Panel<'a>> {
    let (a, b) = (&curves.signals[0], &curves.signals[1]);
    let delay = if pair.is_found() { pair.delay_s } else { 0.0 };
    let moved = align(b, delay, records.sample_rate);
    let moved = moved.map_err(|error: CorrelateError| records.refused(&error))?;
    let overlap = overlap(a.len(), &moved);
    let (a, b) = (standard(&a[overlap.clone()], 1), standard(&moved[overlap.clone()], pair.polarity));
    let shown = excerpt(&a);
    let x = &records.x.values[overlap.start + shown.start..overlap.start + shown.end];
    let upside_down = if pair.polarity < 0 { ", upside down" } else { "" };
    let label = match pair.is_found() && pair.delay_s != 0.0 {
        true => format!("{}, moved{upside_down}", records.title(1)),
        false => format!("{}{upside_down}", records.title(1)),
    };
    let excerpt = if shown.len() < overlap.len() { ", an excerpt" } else { "" };
    let series = vec![
        Series::new(records.title(0), x, a[shown.clone()].to_vec(), Style::Data),
        Series::new(label, x, b[shown].to_vec(), Style::Result),
    ];
    Ok(Panel {
        x: Some(Axis::linear_or_dates(format!("{}{excerpt}", records.x_label), records.x.dates)),
        height: 300,
        has_headroom: true,
        ..Panel::new(Axis::linear("standard deviations"), series)
    })
}

/// The samples of a at which b has moved.
fn overlap(len: usize, moved: &[f64]) -> Range<usize> {
    let is_there = |n: &usize| moved[*n].is_finite();
    let both = len.min(moved.len());
    match ((0..both).find(is_there), (0..both).rfind(is_there)) {
        (Some(first), Some(last)) => first..last + 1,
        _ => 0..both,
    }
}

/// About their mean, over their standard deviation.
fn standard(values: &[f64], polarity: i32) -> Vec<f64> {
    let len = values.len() as f64;
    let mean = values.iter().sum::<f64>() / len;
    let deviation = (values.iter().map(|value| (value - mean).powi(2)).sum::<f64>() / len).sqrt();
    let scale = if deviation > 0.0 { f64::from(polarity) / deviation } else { 0.0 };
    values.iter().map(|value| scale * (value - mean)).collect()
}

/// The samples about the largest, as far as their cycles can be told apart.
fn excerpt(values: &[f64]) -> Range<usize> {
    let len = values.len() as f64;
    let changes: f64 = values.windows(2).map(|pair| (pair[1] - pair[0]).powi(2)).sum();
    let size: f64 = values.iter().map(|value| value * value).sum();
    let cycles = len * (changes / size).sqrt() / TAU;
    // What does not vary has no cycles: NaN.
    if cycles.is_nan() || cycles <= MOST_CYCLES {
        return 0..values.len();
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "less than the samples")]
    let shown = (len * EXCERPT_CYCLES / cycles).ceil() as usize;
    let largest = (0..values.len()).max_by(|&i, &j| values[i].abs().total_cmp(&values[j].abs())).unwrap_or(0);
    let start = largest.saturating_sub(shown / 2).min(values.len() - shown);
    start..start + shown
}

/// The correlation over all lags searched.
fn correlation<'a>(records: &Records, curves: &'a Curves, pair: &Pair) -> Panel<'a> {
    let lags = curves.lag_s.len();
    let style = if lags <= MOST_STRONG { Style::Result } else { Style::Curve };
    let series = Series::new("", &curves.lag_s, &curves.coefficients[0], style);
    Panel {
        height: 300,
        band: if lags <= MOST_LAGS { interval(pair, &series) } else { None },
        marks: mark(records, pair).into_iter().collect(),
        ..Panel::new(Axis::linear("correlation coefficient"), vec![series])
    }
}

/// The peak and its interval from near, where there are too many lags to see them.
fn near<'a>(records: &Records, curves: &'a Curves, pair: &Pair) -> Option<Panel<'a>> {
    let mark = mark(records, pair).filter(|_| curves.lag_s.len() > MOST_LAGS)?;
    let reach = (4.0 * pair.uncertainty_s? * records.sample_rate).max(NEAR_LAGS);
    let is_near = |lag: &f64| (lag - pair.delay_s).abs() * records.sample_rate <= reach;
    let first = curves.lag_s.iter().position(is_near)?;
    let last = curves.lag_s.iter().rposition(is_near)?;
    let y = &curves.coefficients[0][first..=last];
    let series = Series::new("", &curves.lag_s[first..=last], y, Style::Result);
    Some(Panel {
        x: Some(Axis::linear(format!("lag [{}], about the peak", records.cycle.period))),
        height: 260,
        band: interval(pair, &series),
        marks: vec![mark],
        ..Panel::new(Axis::linear("correlation coefficient"), vec![series])
    })
}

/// The delay, if there is one.
fn mark(records: &Records, pair: &Pair) -> Option<Mark> {
    let label = format!("{} {}", pair.delay(), records.cycle.period);
    pair.is_found().then_some(Mark { at: (pair.delay_s, pair.coefficient), label })
}

/// The interval that holds the delay with 95 % probability, from the lowest to the highest of a curve; none
/// where it is too narrow to be seen.
fn interval<'a>(pair: &Pair, curve: &Series) -> Option<Band<'a>> {
    let reach = DEVIATIONS * pair.uncertainty_s.filter(|_| pair.is_found())?;
    let width = curve.x.last()? - curve.x.first()?;
    if 2.0 * reach < NARROWEST * width {
        return None;
    }
    let finite = || curve.y.iter().copied().filter(|value| value.is_finite()).chain([pair.coefficient]);
    let (low, high) = (finite().fold(f64::MAX, f64::min), finite().fold(f64::MIN, f64::max));
    Some(Band {
        label: "95 % interval".to_string(),
        x: vec![pair.delay_s - reach, pair.delay_s + reach].into(),
        lower: vec![low; 2],
        upper: vec![high; 2],
    })
}

/// The delay in windows, and the line through them.
fn changing<'a>(records: &Records, skew: &Skew) -> Option<Panel<'a>> {
    let line = skew.line?;
    let clear: Vec<_> = skew.windows.iter().filter(|window| window.verdict == "clear").collect();
    let time: Vec<f64> = clear.iter().map(|window| window.time_s).collect();
    let at = |time: &f64| line.delay_at_start_s + 1e-6 * line.skew_ppm * time;
    let ends = vec![*time.first()?, *time.last()?];
    let fitted = ends.iter().map(at).collect::<Vec<_>>();
    let delays: Vec<f64> = clear.iter().map(|window| window.delay_s).collect();
    let unit = &records.cycle.period;
    Some(Panel {
        x: Some(Axis::linear(format!("time from the first sample [{unit}]"))),
        height: 260,
        has_headroom: true,
        ..Panel::new(
            Axis::linear(format!("delay [{unit}]")),
            vec![
                Series::new("windows", time, delays, Style::Data),
                Series::new(skew.words(), ends, fitted, Style::Result),
            ],
        )
    })
}
