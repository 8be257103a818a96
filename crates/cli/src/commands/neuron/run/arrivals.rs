//! The spikes that arrive, as a picture shows them.

use hexad_neuro_hh::{Arrivals, Firing, StreamKey};

use crate::args::neuron::run::RunArgs;
use crate::error::{Failure, Outcome};
use crate::plot::{Axis, Hue, Panel, Series, Style};

/// Most arrivals that are drawn one by one.
const MOST: u64 = 800;
/// Windows in which more are added up.
const WINDOWS: u32 = 240;

const KINDS: [(&str, Hue); 2] = [("excitatory", Hue::Vermillion), ("inhibitory", Hue::Blue)];

/// A panel of the arrivals until `end_ms`, if there are any: each, or what they move V by in windows.
pub fn panel(args: &RunArgs, firing: &Firing, end_ms: f64) -> Outcome<Option<Panel<'static>>> {
    let counts = [0, 1].map(|group| firing.arrivals.get(group).copied().unwrap_or(0));
    let total: u64 = counts.iter().sum();
    if total == 0 {
        return Ok(None);
    }
    let key = StreamKey { seed: args.seed, ..StreamKey::default() };
    let arrivals = Arrivals::new(&args.groups(), &key);
    let arrivals = arrivals.map_err(|error| Failure::usage(error.to_string()))?;
    let arrivals = arrivals.take_while(|arrival| arrival.time_ms < end_ms);
    let arrivals = arrivals.map(|arrival| (arrival.group, arrival.time_ms));
    let panel = if total <= MOST {
        each(args, arrivals)
    } else {
        summed(args, arrivals, end_ms / f64::from(WINDOWS))
    };
    let mut panel = Panel { height: 130, is_named_above: true, ..panel };
    for (series, count) in panel.series.iter_mut().zip(counts) {
        series.label = format!("{}: {count}", series.label);
    }
    Ok(Some(panel))
}

fn each(args: &RunArgs, arrivals: impl Iterator<Item = (usize, f64)>) -> Panel<'static> {
    let (jumps_mv, mut times) = (args.jumps_mv(), [Vec::new(), Vec::new()]);
    arrivals.for_each(|(group, time_ms)| times[group].push(time_ms));
    let kinds = KINDS.into_iter().zip(times).zip(jumps_mv);
    let series = kinds.map(|(((name, hue), times), jump_mv)| {
        let jumps = vec![jump_mv; times.len()];
        Series::new(name, times, jumps, Style::Bars(hue))
    });
    Panel::new(Axis::linear("jumps [mV]"), series.collect())
}

fn summed(args: &RunArgs, arrivals: impl Iterator<Item = (usize, f64)>, window_ms: f64) -> Panel<'static> {
    let jumps_mv = args.jumps_mv();
    let mut sums = [vec![0.0; WINDOWS as usize], vec![0.0; WINDOWS as usize]];
    for (group, time_ms) in arrivals {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
        let window = ((time_ms / window_ms) as usize).min(WINDOWS as usize - 1);
        sums[group][window] += jumps_mv[group] / window_ms;
    }
    let middles: Vec<f64> = (0..WINDOWS).map(|window| (f64::from(window) + 0.5) * window_ms).collect();
    let series = KINDS
        .into_iter()
        .zip(sums)
        .map(|((name, hue), sums)| Series::new(name, middles.clone(), sums, Style::Line(hue)));
    Panel::new(Axis::linear("drive [mV/ms]"), series.collect())
}
