//! Networks that others have simulated.

use std::error::Error;

use hexad_neuro_hh::{
    Connections, Current, Model, Population, PopulationOptions, Projection, Spike, State, SynapseKind,
    Threshold, Waveform, interval_statistics,
};
use rayon::prelude::*;
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::by_neuron;
use super::generator::split_mix;
use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Outcome};
use crate::workspace::root;

const NEURONS: usize = 4000;
const EXCITATORY: usize = 3200;
const FROM_MS: f64 = 200.0;
const UNTIL_MS: f64 = 800.0;
const DT_MS: f64 = 0.05;

/// Mean rate and mean coefficient of variation of a network.
#[derive(Clone, Copy)]
struct Activity {
    rate_hz: f64,
    variation: f64,
}

pub(super) fn coba_hh() -> Outcome {
    let theirs = brian()?;
    let networks = 0..theirs.len() as u64;
    let runs = networks.into_par_iter().map(|network| simulated(network).map_err(|error| error.to_string()));
    let runs = runs.collect::<Result<Vec<_>, String>>()?;
    let ours: Vec<Activity> = runs.iter().map(|spikes| activity(spikes)).collect();
    let differences = |what: fn(&Activity) -> f64| -> Vec<f64> {
        ours.iter().zip(&theirs).map(|(ours, theirs)| what(ours) - what(theirs)).collect()
    };
    let rate = |one: &Activity| one.rate_hz;
    let variation = |one: &Activity| one.variation;
    let least = chance(&differences(rate))?.min(chance(&differences(variation))?);
    let note = |name: &str, what: fn(&Activity) -> f64| {
        let mean = |all: &[Activity]| all.iter().map(what).sum::<f64>() / all.len() as f64;
        let (mean_off, error) = mean_and_error(&differences(what));
        format!(
            "{name}: {:.3}, Brian 2 {:.3}, difference {mean_off:+.3} with a standard error of {error:.3}",
            mean(&ours),
            mean(&theirs)
        )
    };
    let shown =
        runs[0].iter().filter(|spike| spike.neuron % 20 == 0 && (200.0..500.0).contains(&spike.time_ms));
    let dot = |spike: &Spike| (spike.time_ms, spike.neuron as f64);
    let (inhibitory, excitatory): (Vec<&Spike>, Vec<&Spike>) =
        shown.partition(|spike| spike.neuron >= EXCITATORY);
    let chart = Chart::new("COBA-HH: spikes of every 20th neuron", "ms", "neuron")
        .dots("excitatory", excitatory.into_iter().map(dot))
        .dots("inhibitory", inhibitory.into_iter().map(dot));
    Ok(Claim::new(
        "4,000 Traub-Miles neurons, 2 % connected by conductances, go on firing by themselves, irregularly, as the same \
         networks do in Brian 2. Chaos parts single spikes within 20 ms; what stays is the mean rate and the mean \
         coefficient of variation of intervals, from 200 to 800 ms. Measured: the lesser of two probabilities, by \
         Student's test of the differences of five networks, of differences as large by chance. Below 0.001 it fails; \
         with other networks a right program would once in 500 times.",
        least,
        Bound::Between(1e-3, 1.0),
    )
    .source(
        "R. Brette et al. 2007, doi:10.1007/s10827-007-0038-6, benchmark 3; tests/reference/make_coba_hh.py, Brian 2.9.0",
    )
    .note(note("rate in Hz", rate))
    .note(note("coefficient of variation", variation))
    .note("the paper has no numbers for this network and does not say what a spike is: here V up through -20 mV, and \
           again after it was below -40 mV")
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

fn simulated(network: u64) -> Result<Vec<Spike>, Box<dyn Error>> {
    let model = Model::traub_miles();
    let first = (network << 40) + (1 << 39);
    let starts: Vec<State> =
        (first..).take(NEURONS).map(|number| model.steady_state(-75.0 + 20.0 * unit(number))).collect();
    let onset = Waveform::Step { from_ms: 0.0, until_ms: 20.0, value: 2.0 };
    let options = PopulationOptions::default()
        .with_starts(starts)
        .with_threshold(Threshold { level_mv: -20.0, rearm_mv: -40.0 })
        .with_current(Current::default().plus(onset));
    // 6 and 67 nS on 20,000 um^2.
    let wiring = [
        projection(network, 0..EXCITATORY, SynapseKind::Conductance { tau_ms: 5.0, reversal_mv: 0.0 }, 0.03),
        projection(
            network,
            EXCITATORY..NEURONS,
            SynapseKind::Conductance { tau_ms: 10.0, reversal_mv: -80.0 },
            0.335,
        ),
    ];
    let mut spikes = Vec::new();
    Population::<f64>::new(&model, NEURONS, DT_MS, &options)?
        .connected(&wiring)?
        .run(UNTIL_MS, &mut spikes)?;
    Ok(spikes)
}

/// Every pair of two different neurons whose number falls among the first 2 %; Brian's spikes arrive at the end of their
/// step.
fn projection(
    network: u64,
    sources: std::ops::Range<usize>,
    synapse: SynapseKind,
    weight: f64,
) -> Projection {
    let mut connections = Connections {
        sources: Vec::new(),
        targets: Vec::new(),
        weights: vec![weight],
        delays_ms: vec![DT_MS],
    };
    for source in sources {
        let first = (network << 40) + (NEURONS * source) as u64;
        for (target, number) in (0..NEURONS).zip(first..) {
            if target != source && unit(number) < 0.02 {
                connections.sources.push(source);
                connections.targets.push(target);
            }
        }
    }
    Projection { synapse, connections }
}

/// In [0, 1): SplitMix64's number after `number`, seeded with 0.
fn unit(number: u64) -> f64 {
    (split_mix((number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)) >> 11) as f64 / (1_u64 << 53) as f64
}

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

/// Probability of a mean as far from 0, by Student's test.
fn chance(differences: &[f64]) -> Result<f64, Box<dyn Error>> {
    let (mean, error) = mean_and_error(differences);
    let student = StudentsT::new(0.0, 1.0, differences.len() as f64 - 1.0)?;
    Ok(2.0 * student.sf((mean / error).abs()))
}

/// A mean and its standard error.
fn mean_and_error(values: &[f64]) -> (f64, f64) {
    let count = values.len() as f64;
    let mean = values.iter().sum::<f64>() / count;
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / (count - 1.0) / count).sqrt())
}
