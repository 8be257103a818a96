//! The picture of a run: voltage, currents, gates and what drives them, above each other.

use hexad_neuro_hh::{Firing, Waveform, spike_times_ms};

use super::arrivals;
use super::envelope::Curve;
use super::watch::Seen;
use crate::args::neuron::run::RunArgs;
use crate::error::Outcome;
use crate::plot::{Axis, Figure, Hue, Panel, Series, Style};
use crate::units::four_digits;

/// The picture.
pub fn figure<'a>(args: &RunArgs, firing: &Firing, seen: &'a Seen) -> Outcome<Figure<'a>> {
    let end_ms = seen.extremes.end_ms;
    let Some([v, i_na, i_k, i_l, m, h, n]) = &seen.curves else { return Ok(nothing()) };
    let currents = [("I_Na", i_na, Hue::Vermillion), ("I_K", i_k, Hue::Blue), ("I_L", i_l, Hue::Green)];
    let gates = [("m", m, Hue::Vermillion), ("h", h, Hue::Orange), ("n", n, Hue::Blue)];
    let mut panels = vec![
        voltage(args, firing, v, end_ms),
        stacked("current [\u{b5}A/cm\u{b2}]", 190, currents.map(line).into()),
        stacked("gating value", 170, gates.map(line).into()),
    ];
    panels.extend(injected(args, end_ms));
    panels.extend(arrivals::panel(args, firing, end_ms)?);
    if let Some(last) = panels.last_mut() {
        last.has_x_labels = true;
        last.height += 48;
    }
    Ok(Figure { title: title(args, firing, end_ms), x: Axis::linear("time [ms]"), panels })
}

fn nothing() -> Figure<'static> {
    Figure { title: String::new(), x: Axis::linear("time [ms]"), panels: Vec::new() }
}

fn title(args: &RunArgs, firing: &Firing, end_ms: f64) -> String {
    let spikes = firing.spikes.len();
    let spikes = if spikes == 1 { "1 spike".to_string() } else { format!("{spikes} spikes") };
    let current = if is_steady(args) {
        format!("{} \u{b5}A/cm\u{b2}", four_digits(args.injected().at(0.0)))
    } else {
        "a changing current".to_string()
    };
    let input = match (args.excitatory, args.inhibitory) {
        (0, 0) => String::new(),
        (excitatory, inhibitory) => {
            let rate = four_digits(args.sources.rate);
            format!(" and {excitatory} + {inhibitory} Poisson inputs of {rate} Hz")
        }
    };
    format!("{}: {current}{input}, {spikes} in {} ms", args.membrane.words(), four_digits(end_ms))
}

fn is_steady(args: &RunArgs) -> bool {
    args.current.iter().all(|term| matches!(term.waveform, Waveform::Constant(_)))
}

fn voltage<'a>(args: &RunArgs, firing: &Firing, v: &'a Curve, end_ms: f64) -> Panel<'a> {
    let (level, times) = (args.threshold.threshold, spike_times_ms(&firing.spikes));
    let levels = vec![level; times.len()];
    let series = vec![
        line(("V", v, Hue::Ink)),
        Series::new("threshold", vec![0.0, end_ms], vec![level; 2], Style::Rule),
        Series::new("spike", times, levels, Style::Dots(Hue::Vermillion)),
    ];
    stacked("membrane potential [mV]", 230, series)
}

/// A panel of the injected current, unless it never changes.
fn injected(args: &RunArgs, end_ms: f64) -> Option<Panel<'static>> {
    const POINTS: u32 = 4000;
    if is_steady(args) {
        return None;
    }
    let current = args.injected();
    let times: Vec<f64> = (0..=POINTS).map(|point| end_ms * f64::from(point) / f64::from(POINTS)).collect();
    let values: Vec<f64> = times.iter().map(|time_ms| current.at(*time_ms)).collect();
    let series = Series::new("I, injected", times, values, Style::Line(Hue::Purple));
    Some(stacked("current [\u{b5}A/cm\u{b2}]", 130, vec![series]))
}

fn stacked<'a>(label: &str, height: u32, series: Vec<Series<'a>>) -> Panel<'a> {
    let panel = Panel::new(Axis::linear(label), series);
    Panel { height, is_named_above: true, has_x_labels: false, ..panel }
}

fn line<'a>((name, curve, hue): (&str, &'a Curve, Hue)) -> Series<'a> {
    Series::new(name, curve.time_ms.as_slice(), curve.value.as_slice(), Style::Line(hue))
}
