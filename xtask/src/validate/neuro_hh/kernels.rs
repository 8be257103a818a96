//! The kernels of populations against Runge-Kutta at a hundredth of their step.

use std::sync::OnceLock;

use hexad_neuro_hh::{
    Current, Integrator, Model, NeuroError, NeuronOptions, Population, PopulationOptions, Precision, Spike,
    bombardment,
};
use rayon::prelude::*;

use super::{by_neuron, train_ms};
use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Effort, Outcome};

const DT_MS: f64 = 0.025;
/// Spikes farther apart are not the same one.
const PARTNER_MS: f64 = 2.0;

/// Trains of both kernels and what Runge-Kutta makes of the same input.
struct Trains {
    truth: Vec<Vec<f64>>,
    double: Vec<Vec<f64>>,
    single: Vec<Vec<f64>>,
}

/// Errors of the spikes that have a partner, in ms, in order; and those without one.
#[derive(Default)]
struct Comparison {
    errors: Vec<f64>,
    /// The largest error of a train's last spike over its time.
    drift: f64,
    missed: usize,
    extra: usize,
}

impl Trains {
    /// `neurons` of them by both kernels, and one by one.
    fn of(
        neurons: usize,
        duration_ms: f64,
        options: &PopulationOptions,
        alone: impl Fn(usize) -> NeuronOptions + Sync,
    ) -> Result<Self, NeuroError> {
        let model = Model::classic();
        let truth = |neuron| {
            let options = alone(neuron).with_integrator(Integrator::Rk4);
            train_ms(&model, DT_MS / 100.0, duration_ms, &options)
        };
        Ok(Self {
            truth: (0..neurons).into_par_iter().map(truth).collect::<Result<_, _>>()?,
            double: population::<f64>(&model, neurons, duration_ms, options)?,
            single: population::<f32>(&model, neurons, duration_ms, options)?,
        })
    }

    fn compared(&self) -> [(&'static str, Comparison); 2] {
        [("f64", &self.double), ("f32", &self.single)]
            .map(|(name, trains)| (name, Comparison::of([(&trains[..], &self.truth[..])])))
    }
}

impl Comparison {
    fn of<'a>(pairs: impl IntoIterator<Item = (&'a [Vec<f64>], &'a [Vec<f64>])>) -> Self {
        let mut all = Self::default();
        for (got, truth) in pairs {
            got.iter().zip(truth).for_each(|(got, truth)| all.add(got, truth));
        }
        all.errors.sort_by(f64::total_cmp);
        all
    }

    fn add(&mut self, got: &[f64], truth: &[f64]) {
        let distance = |time: f64, others: &[f64]| {
            others.iter().map(|other| (other - time).abs()).fold(f64::INFINITY, f64::min)
        };
        for time in truth {
            let error = distance(*time, got);
            if error < PARTNER_MS {
                self.errors.push(error);
            } else {
                self.missed += 1;
            }
        }
        if let (Some(got), Some(truth)) = (got.last(), truth.last()) {
            self.drift = self.drift.max((got - truth).abs() / truth);
        }
        self.extra += got.iter().filter(|time| distance(**time, truth) >= PARTNER_MS).count();
    }

    fn quantile_us(&self, share: f64) -> f64 {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
        let index = (share * (self.errors.len().max(1) - 1) as f64).round() as usize;
        self.errors.get(index).map_or(f64::NAN, |error| 1e3 * error)
    }

    fn note(&self, name: &str) -> String {
        format!(
            "{name}: {} spikes, median {:.2} us, 95 % below {:.2} us, largest {:.1} us, {} missed, {} extra",
            self.errors.len(),
            self.quantile_us(0.5),
            self.quantile_us(0.95),
            self.quantile_us(1.0),
            self.missed,
            self.extra
        )
    }

    /// Share of the spikes whose error is at most that many microseconds.
    fn shares(&self) -> impl Iterator<Item = (f64, f64)> {
        let count = self.errors.len() as f64;
        self.errors.iter().enumerate().map(move |(rank, error)| (1e3 * error, (rank + 1) as f64 / count))
    }
}

fn population<T: Precision>(
    model: &Model,
    neurons: usize,
    duration_ms: f64,
    options: &PopulationOptions,
) -> Result<Vec<Vec<f64>>, NeuroError> {
    let mut spikes: Vec<Spike> = Vec::new();
    Population::<T>::new(model, neurons, DT_MS, options)?.run(duration_ms, &mut spikes)?;
    Ok(by_neuron(neurons, &spikes))
}

pub(super) fn constant(effort: Effort) -> Outcome {
    let currents = [7.0, 8.0, 9.0, 10.0, 12.0, 15.0, 20.0, 25.0, 30.0, 35.0, 40.0, 45.0, 50.0];
    let currents: Vec<f64> = currents.into_iter().step_by(effort.pick(1, 4)).collect();
    let options = PopulationOptions::default().with_currents(currents.clone());
    let alone = |neuron: usize| NeuronOptions::default().with_current(Current::constant(currents[neuron]));
    let compared = Trains::of(currents.len(), 400.0, &options, alone)?.compared();
    let worst = compared.iter().map(|(_, comparison)| comparison.drift).fold(0.0, f64::max);
    let lost = compared.iter().map(|(_, comparison)| comparison.missed + comparison.extra).sum::<usize>();
    let claim = Claim::new(
        "At 13 constant currents from 7 to 50 uA/cm2, dt 0.025 ms, the spikes of 400 ms are those of Runge-Kutta at a \
         hundredth of the step. A regular train drifts. Measured: the largest error of a last spike over its time, \
         infinite if a spike is missed or too many. The bound is the drift of NEURON's scheme of the same order at the \
         same step, 0.153 ms in a second at 10 uA/cm2.",
        if lost == 0 { worst } else { f64::INFINITY },
        Bound::AtMost(1.53e-4),
    )
    .source("NEURON 9.0.2, hh, secondorder = 2, tables off; M. Hines 1984, doi:10.1016/0020-7101(84)90008-4");
    Ok(compared.iter().fold(claim, |claim, (name, comparison)| {
        claim.note(format!("{}, drift {:.1e}", comparison.note(name), comparison.drift))
    }))
}

/// Neurons and weights of the frozen trains.
const NEURONS: usize = 12;
const WEIGHTS_MV: [f64; 2] = [2.0, 3.0];

fn frozen(effort: Effort) -> Result<&'static [Trains], NeuroError> {
    static TRAINS: OnceLock<Result<Vec<Trains>, NeuroError>> = OnceLock::new();
    let run = |weight_mv| {
        let groups = bombardment(102, 26, 5.0, 1.0, weight_mv, 1.0);
        let options = PopulationOptions::default().with_poisson(groups.clone());
        let alone =
            |neuron: usize| NeuronOptions::default().with_poisson(groups.clone()).with_neuron(neuron as u64);
        Trains::of(effort.pick(NEURONS, 3), 400.0, &options, alone)
    };
    let trains = TRAINS.get_or_init(|| WEIGHTS_MV.into_iter().map(run).collect());
    trains.as_deref().map_err(|error| *error)
}

fn under_poisson(effort: Effort) -> Result<[(&'static str, Comparison); 2], NeuroError> {
    let trains = frozen(effort)?;
    let both = |of: fn(&Trains) -> &Vec<Vec<f64>>| {
        Comparison::of(trains.iter().map(|trains| (&of(trains)[..], &trains.truth[..])))
    };
    Ok([("f64", both(|trains| &trains.double)), ("f32", both(|trains| &trains.single))])
}

pub(super) fn poisson(effort: Effort) -> Outcome {
    let compared = under_poisson(effort)?;
    let worst = compared.iter().map(|(_, comparison)| comparison.quantile_us(0.5)).fold(0.0, f64::max);
    let chart = compared.iter().fold(
        Chart::new(
            "Errors of spike times under Poisson input, dt 0.025 ms",
            "error in us",
            "share of the spikes",
        )
        .log_x(),
        |chart, (name, comparison)| chart.line(name, comparison.shares()),
    );
    let claim = Claim::new(
        "Under frozen Poisson trains, 102 of 2 or 3 mV and 26 of as much downward at 5 Hz each, dt 0.025 ms, spikes \
         come when Runge-Kutta at a hundredth of the step has them, arrivals being anywhere within a step. Measured: \
         the median error in us of 12 neurons for 400 ms at each weight, of the worse kernel; the bound is the \
         project's promise.",
        worst,
        Bound::AtMost(3.0),
    );
    let claim = compared.iter().fold(claim, |claim, (name, comparison)| claim.note(comparison.note(name)));
    Ok(claim
        .note("near threshold any error is magnified: the largest are of spikes that hardly came")
        .chart(chart))
}

pub(super) fn lost(effort: Effort) -> Outcome {
    let compared = under_poisson(effort)?;
    let spikes = compared[0].1.errors.len() + compared[0].1.missed;
    let lost: usize = compared.iter().map(|(_, comparison)| comparison.missed + comparison.extra).sum();
    Ok(Claim::new(
        "Of the same trains no spike is missed and none is too many, in either kernel. Measured: spikes without a \
         partner within 2 ms.",
        lost as f64,
        Bound::AtMost(0.0),
    )
    .note(format!("of {spikes} spikes")))
}
