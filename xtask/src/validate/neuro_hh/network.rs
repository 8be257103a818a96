//! A network that others have simulated.

use std::error::Error;

use hexad_neuro_hh::{
    Connections, Current, Model, Population, PopulationOptions, Projection, Spike, Stream, StreamKey,
    SynapseKind, Threshold, Waveform, interval_statistics,
};
use rayon::prelude::*;

use super::by_neuron;
use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Outcome};
use crate::workspace::root;

const NEURONS: usize = 4000;
const EXCITATORY: usize = 3200;
const FROM_MS: f64 = 300.0;
const UNTIL_MS: f64 = 1300.0;
const SEEDS: u64 = 6;

/// Mean rate and mean coefficient of variation of one network.
#[derive(Clone, Copy)]
struct Activity {
    rate_hz: f64,
    variation: f64,
}

pub(super) fn coba_hh() -> Outcome {
    let theirs = brian()?;
    let runs = (1..=SEEDS).into_par_iter().map(|seed| simulated(seed).map_err(|error| error.to_string()));
    let runs = runs.collect::<Result<Vec<_>, String>>()?;
    let ours: Vec<Activity> = runs.iter().map(|spikes| activity(spikes)).collect();
    let of =
        |activities: &[Activity], what: fn(&Activity) -> f64| mean_and_error(activities.iter().map(what));
    let rates = [of(&ours, |one| one.rate_hz), of(&theirs, |one| one.rate_hz)];
    let variations = [of(&ours, |one| one.variation), of(&theirs, |one| one.variation)];
    let apart = |[a, b]: [(f64, f64); 2]| (a.0 - b.0).abs() / a.1.hypot(b.1);
    let shown =
        runs[0].iter().filter(|spike| spike.neuron % 20 == 0 && (300.0..600.0).contains(&spike.time_ms));
    let dot = |spike: &Spike| (spike.time_ms, (spike.neuron / 20) as f64);
    let (inhibitory, excitatory): (Vec<&Spike>, Vec<&Spike>) =
        shown.partition(|spike| spike.neuron >= EXCITATORY);
    let chart = Chart::new("COBA-HH: spikes of every 20th neuron", "ms", "neuron / 20")
        .dots("excitatory", excitatory.into_iter().map(dot))
        .dots("inhibitory", inhibitory.into_iter().map(dot));
    let note = |name: &str, unit: &str, [a, b]: [(f64, f64); 2]| {
        format!("{name}: {:.3} +- {:.3}{unit}, Brian 2 {:.3} +- {:.3}{unit}", a.0, a.1, b.0, b.1)
    };
    Ok(Claim::new(
        "4,000 Traub-Miles neurons, 2 % connected by conductances, go on firing by themselves, irregularly, as in Brian 2: \
         the mean rate and the mean coefficient of variation of intervals, from 300 to 1,300 ms, of 6 networks here and 10 \
         there. Measured: the larger difference of means in standard errors. Student's distribution for 5 degrees of \
         freedom, the fewest there are, exceeds 6.87 in one of 1,000 tests, here one of two.",
        apart(rates).max(apart(variations)),
        Bound::AtMost(6.87),
    )
    .source(
        "R. Brette et al. 2007, doi:10.1007/s10827-007-0038-6, benchmark 3; tests/reference/make_coba_hh.py, Brian 2.9.0",
    )
    .note(note("rate", " Hz", rates))
    .note(note("coefficient of variation", "", variations))
    .note("the paper gives no numbers for this network and does not say how spikes are told: V up through -20 mV here, \
           again after -40 mV")
    .chart(chart))
}

/// Runs by Brian 2.
fn brian() -> Result<Vec<Activity>, Box<dyn Error>> {
    let path = root().join("tests/reference/coba_hh.csv");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let run = |line: &str| -> Result<Activity, Box<dyn Error>> {
        let fields: Vec<f64> = line.split(',').map(str::parse).collect::<Result<_, _>>()?;
        let [_, rate_hz, variation, _] = fields[..] else { return Err(format!("{line:?} is no run").into()) };
        Ok(Activity { rate_hz, variation })
    };
    text.lines().skip(1).map(run).collect()
}

fn simulated(seed: u64) -> Result<Vec<Spike>, Box<dyn Error>> {
    let model = Model::traub_miles();
    let mut stream = Stream::new(&StreamKey { seed, ..StreamKey::default() });
    let starts = (0..NEURONS).map(|_| model.steady_state(-65.0 + 5.0 * stream.normal())).collect();
    // Where Brian's networks start with open synapses: what it takes to begin is forgotten at 300 ms.
    let onset = Waveform::Step { from_ms: 0.0, until_ms: 20.0, value: 2.0 };
    let options = PopulationOptions::default()
        .with_starts(starts)
        .with_threshold(Threshold { level_mv: -20.0, rearm_mv: -40.0 })
        .with_current(Current::default().plus(onset));
    let projection = |sources, tau_ms, reversal_mv, weight, which| -> Result<Projection, Box<dyn Error>> {
        // 6 and 67 nS on 20,000 um^2; Brian's spikes arrive at the end of their step.
        let connections = Connections::random(sources, 0..NEURONS, 0.02, weight, DT_MS, 2 * seed + which)?;
        Ok(Projection { synapse: SynapseKind::Conductance { tau_ms, reversal_mv }, connections })
    };
    let wiring = [
        projection(0..EXCITATORY, 5.0, 0.0, 0.03, 0)?,
        projection(EXCITATORY..NEURONS, 10.0, -80.0, 0.335, 1)?,
    ];
    let mut spikes = Vec::new();
    Population::<f64>::new(&model, NEURONS, DT_MS, &options)?
        .connected(&wiring)?
        .run(UNTIL_MS, &mut spikes)?;
    Ok(spikes)
}

const DT_MS: f64 = 0.05;

fn activity(spikes: &[Spike]) -> Activity {
    let late: Vec<Spike> = spikes.iter().copied().filter(|spike| spike.time_ms >= FROM_MS).collect();
    let trains = by_neuron(NEURONS, &late);
    let variations: Vec<f64> =
        trains.iter().filter(|train| train.len() > 5).map(|train| interval_statistics(train).cv).collect();
    Activity {
        rate_hz: late.len() as f64 / NEURONS as f64 / (1e-3 * (UNTIL_MS - FROM_MS)),
        variation: variations.iter().sum::<f64>() / variations.len() as f64,
    }
}

/// A mean and its standard error.
fn mean_and_error(values: impl Iterator<Item = f64> + Clone) -> (f64, f64) {
    let count = values.clone().count() as f64;
    let mean = values.clone().sum::<f64>() / count;
    let squares: f64 = values.map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / (count - 1.0) / count).sqrt())
}
