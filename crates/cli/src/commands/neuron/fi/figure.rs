//! The picture of an f-I curve.

use super::curve::Curve;
use crate::args::neuron::fi::FiArgs;
use crate::plot::{Axis, Band, Figure, Hue, Panel, Series, Style};
use crate::units::four_digits;

/// Most points that are drawn one by one.
const MOST: usize = 120;

/// The picture.
pub fn figure<'a>(args: &FiArgs, curve: &'a Curve) -> Figure<'a> {
    let (currents, rates) = line(curve);
    let mut series = vec![Series::new("steady rate", currents, rates, Style::Line(Hue::Blue))];
    if curve.currents.len() <= MOST {
        series.push(Series::new("", &curve.currents[..], &curve.rates_hz[..], Style::Dots(Hue::Blue)));
    }
    series.extend(marks(args, curve));
    let panel = Panel::new(Axis::linear("rate [Hz]"), series);
    let title = format!("{}: rate over current, switched on at rest", args.membrane.words());
    let panels = vec![Panel { band: band(curve), is_named_above: true, ..panel }];
    Figure { title, x: Axis::linear("current [\u{b5}A/cm\u{b2}]"), panels }
}

/// The curve with its onset, broken where it jumps.
fn line(curve: &Curve) -> (Vec<f64>, Vec<f64>) {
    let (mut currents, mut rates) = (Vec::new(), Vec::new());
    for (index, (current, rate)) in curve.currents.iter().zip(&curve.rates_hz).enumerate() {
        let rises = index > 0 && curve.rates_hz[index - 1] == 0.0 && *rate > 0.0;
        if let Some((onset, rate_hz)) = curve.onset
            && rises
            && onset <= *current
            && onset >= curve.currents[index - 1]
        {
            currents.extend([onset; 3]);
            rates.extend([0.0, f64::NAN, rate_hz]);
        }
        currents.push(*current);
        rates.push(*rate);
    }
    (currents, rates)
}

/// Where the neuron keeps firing or rests, as it came.
fn band(curve: &Curve) -> Option<Band<'static>> {
    let ((onset, _), end) = (curve.onset?, curve.rest_stable_below?);
    let last = *curve.currents.last()?;
    if end <= onset || onset >= last {
        return None;
    }
    let highest = curve.rates_hz.iter().copied().fold(0.0, f64::max);
    let label = format!("rest stable too, to {}", four_digits(end));
    Some(Band { label, x: vec![onset, end.min(last)].into(), lower: vec![0.0; 2], upper: vec![highest; 2] })
}

/// Rheobase and onset.
fn marks(args: &FiArgs, curve: &Curve) -> Vec<Series<'static>> {
    let shown = |current: &f64| (args.from..=args.to).contains(current);
    let mark = |name, (x, y), hue| Series::new(name, vec![x], vec![y], Style::Dots(hue));
    let rheobase = curve
        .rheobase
        .filter(shown)
        .map(|current| mark(format!("one spike from {}", four_digits(current)), (current, 0.0), Hue::Orange));
    let onset = curve.onset.map(|(current, rate_hz)| {
        let name = format!("keeps firing from {} ({} Hz)", four_digits(current), four_digits(rate_hz));
        mark(name, (current, rate_hz), Hue::Vermillion)
    });
    rheobase.into_iter().chain(onset).collect()
}
