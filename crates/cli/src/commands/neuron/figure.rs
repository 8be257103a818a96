//! When which neurons fired, and how often they did.

use super::envelope::Curve;
use super::recording::{Group, Raster, Recording, Setting};
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
        raster.chain([rates(setting, recording)]).chain(potentials(setting, recording)).collect();
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
    let labels = labels(setting, recording);
    let series = |(index, label)| {
        Series::new(label, rates.times_ms(), rates.rates_hz(index), Style::Line(hue(setting, index)))
    };
    Panel {
        height: 192,
        has_x_labels: false,
        is_named_above: true,
        is_from_zero: true,
        ..Panel::new(
            Axis::linear(format!("rate [Hz], bins of {} ms", four_digits(rates.bin_ms))),
            labels.into_iter().enumerate().map(series).collect(),
        )
    }
}

/// Names of the groups with their rates and intervals, as far as there is room for them in a line.
fn labels(setting: &Setting, recording: &Recording) -> Vec<String> {
    const ROOM: usize = 120;
    const KEY: usize = 8;
    let label = |group: &Group, detail: usize| {
        let firing = recording.statistics.firing(group.neurons.clone());
        let name = if group.name.is_empty() { "all" } else { &group.name };
        match (detail, firing.isi_cv) {
            (0, _) => name.to_string(),
            (2, Some(cv)) => format!("{name}: {:.1} Hz, CV {cv:.2}", firing.rate_hz),
            _ => format!("{name}: {:.1} Hz", firing.rate_hz),
        }
    };
    let all = |detail| setting.groups.iter().map(|group| label(group, detail)).collect::<Vec<_>>();
    let fits =
        |labels: &Vec<String>| labels.iter().map(|label| label.chars().count() + KEY).sum::<usize>() <= ROOM;
    if let Some(labels) = [2, 1, 0].into_iter().map(all).find(fits) {
        return labels;
    }
    // Nameless where there are too many.
    let mut room = ROOM;
    let mut cut = |label: String| {
        room = room.saturating_sub(label.chars().count() + KEY);
        if room > 0 { label } else { String::new() }
    };
    all(0).into_iter().map(&mut cut).collect()
}

/// V of the first recorded neurons.
fn potentials<'a>(setting: &Setting, recording: &Recording) -> Option<Panel<'a>> {
    const HUES: [Hue; 3] = [Hue::Ink, Hue::Vermillion, Hue::Blue];
    let groups: Vec<usize> = recording.curves.iter().map(|(neuron, _)| setting.group_of(*neuron)).collect();
    let are_apart = setting.groups.len() > 1 && (1..groups.len()).all(|i| !groups[..i].contains(&groups[i]));
    let curve = |(index, (neuron, curve)): (usize, &(usize, Curve))| {
        let hue = if are_apart { hue(setting, groups[index]) } else { HUES[index] };
        Series::new(format!("neuron {neuron}"), curve.time_ms.clone(), curve.value.clone(), Style::Line(hue))
    };
    let series: Vec<Series> = recording.curves.iter().enumerate().map(curve).collect();
    let height = 200;
    let panel = Panel::new(Axis::linear("V [mV]"), series);
    (!panel.series.is_empty()).then_some(Panel { height, is_named_above: true, has_x_labels: false, ..panel })
}

/// One group is ink, several have colours of their own.
fn hue(setting: &Setting, index: usize) -> Hue {
    const HUES: [Hue; 5] = [Hue::Blue, Hue::Vermillion, Hue::Green, Hue::Purple, Hue::Orange];
    if setting.groups.len() == 1 { Hue::Ink } else { HUES[index % HUES.len()] }
}
