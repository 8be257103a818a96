//! When which neurons fired, and how often they did.

use super::envelope::Curve;
use super::recording::{Raster, Recording, Setting};
use crate::plot::{Axis, Figure, Hue, Panel, Series, Style};
use crate::units::four_digits;

/// What stands above a picture.
pub struct Words {
    pub title: String,
}

/// Spikes above, rates below, and potentials if there are any.
pub fn figure<'a>(words: &Words, setting: &Setting, recording: &Recording) -> Figure<'a> {
    let raster = recording.raster.iter().map(|raster| spikes(setting, raster));
    let mut panels: Vec<Panel> =
        raster.chain([rates(setting, recording)]).chain(potentials(recording)).collect();
    if let Some(last) = panels.last_mut() {
        last.has_x_labels = true;
        last.height += 48;
    }
    Figure { title: words.title.clone(), x: Axis::linear("time [ms]"), panels }
}

fn spikes<'a>(setting: &Setting, raster: &Raster) -> Panel<'a> {
    let group_of = |index: usize| {
        let neurons = &setting.groups[index].neurons;
        let own = raster.spikes.iter().filter(|(neuron, _)| neurons.contains(neuron));
        let (x, y): (Vec<f64>, Vec<f64>) = own.map(|(neuron, time_ms)| (*time_ms, *neuron as f64)).unzip();
        Series::new("", x, y, Style::Spikes(hue(setting, index), setting.neurons() / raster.stride))
    };
    let label = match raster.stride {
        1 => "neuron".to_string(),
        2 => "neuron, every 2nd".to_string(),
        stride => format!("neuron, every {stride}th"),
    };
    let height = 360;
    Panel {
        height,
        has_x_labels: false,
        ..Panel::new(Axis::linear(label), (0..setting.groups.len()).map(group_of).collect())
    }
}

fn rates<'a>(setting: &Setting, recording: &Recording) -> Panel<'a> {
    let rates = &recording.rates;
    let series = |(index, group): (usize, &super::recording::Group)| {
        let firing = recording.statistics.firing(group.neurons.clone());
        let cv = firing.isi_cv.map_or_else(String::new, |cv| format!(", CV {}", four_digits(cv)));
        let name = if group.name.is_empty() { "all" } else { &group.name };
        let label = format!("{name}: {} Hz{cv}", four_digits(firing.rate_hz));
        Series::new(label, rates.times_ms(), rates.rates_hz(index), Style::Line(hue(setting, index)))
    };
    Panel {
        height: 192,
        has_x_labels: false,
        is_named_above: true,
        is_from_zero: true,
        ..Panel::new(
            Axis::linear(format!("rate [Hz], bins of {} ms", four_digits(rates.bin_ms))),
            setting.groups.iter().enumerate().map(series).collect(),
        )
    }
}

/// V of the first recorded neurons.
fn potentials<'a>(recording: &Recording) -> Option<Panel<'a>> {
    const HUES: [Hue; 3] = [Hue::Ink, Hue::Vermillion, Hue::Blue];
    let curve = |((neuron, curve), hue): (&(usize, Curve), Hue)| {
        Series::new(format!("neuron {neuron}"), curve.time_ms.clone(), curve.value.clone(), Style::Line(hue))
    };
    let series: Vec<Series> = recording.curves.iter().zip(HUES).map(curve).collect();
    let height = 200;
    let panel = Panel::new(Axis::linear("V [mV]"), series);
    (!panel.series.is_empty()).then_some(Panel { height, is_named_above: true, has_x_labels: false, ..panel })
}

/// One group is ink, several have colours of their own.
fn hue(setting: &Setting, index: usize) -> Hue {
    const HUES: [Hue; 5] = [Hue::Blue, Hue::Vermillion, Hue::Green, Hue::Purple, Hue::Orange];
    if setting.groups.len() == 1 { Hue::Ink } else { HUES[index % HUES.len()] }
}
