//! Where formulas are 0 / 0, and where no neuron should be.

use std::error::Error;

use hexad_neuro_hh::{
    Arrival, Current, Integrator, Model, NeuroError, Neuron, NeuronOptions, Population, PopulationOptions,
    Precision, State, direct,
};

use crate::validate::claim::{Bound, Claim, Outcome};

/// `x / (1 - exp(-x))` by its series: Bernoulli numbers; at |x| < 0.02 what is left out is below 1e-19.
fn series(x: f64) -> f64 {
    let square = x * x;
    1.0 + x / 2.0 + square / 12.0 * (1.0 - square / 60.0 * (1.0 - square / 42.0))
}

pub(super) fn removable() -> Outcome {
    let model = Model::classic();
    let mut worst = 0.0_f64;
    for step in -400_i32..=400 {
        // Down to 1e-18 mV on both sides, and 0.
        let away =
            if step == 0 { 0.0 } else { f64::from(step.signum()) * 10_f64.powi(-step.abs() / 24) * 0.1 };
        for (rate, by_definition, place_mv, factor) in [
            (0, direct::alpha_m as fn(f64) -> f64, -40.0, 1.0),
            (4, direct::alpha_n as fn(f64) -> f64, -55.0, 0.1),
        ] {
            let v_mv: f64 = place_mv + away;
            let wanted = factor * series((v_mv - place_mv) / 10.0);
            for got in [model.rates[rate].at(v_mv), by_definition(v_mv)] {
                worst = worst.max((got / wanted - 1.0).abs());
            }
        }
    }
    let mut moved = 0.0_f64;
    for v_mv in [-40.0, -55.0] {
        let start = model.steady_state(v_mv);
        moved = moved.max(apart::<f64>(&model, start)?.abs());
    }
    Ok(Claim::new(
        "The rates alpha_m at -40 mV and alpha_n at -55 mV are 0 / 0 as written, 1 and 0.1 per ms in the limit, and whole \
         all around. Measured: the largest difference from the series over itself, from 0.1 mV down to 1e-18 mV on \
         both sides and at the place. The bound is eight roundings, of an exponential, a difference and a quotient.",
        worst,
        Bound::AtMost(8.0 * f64::EPSILON),
    )
    .formula("x / (1 - exp(-x)) = 1 + x / 2 + x^2 / 12 - x^4 / 720 + ...")
    .note(format!("populations started there are {moved:.1e} mV from a single neuron after 5 ms")))
}

const DT_MS: f64 = 0.005;
const DURATION_MS: f64 = 5.0;

/// How far the kernel is from one neuron, stepped alike with rates right to 1e-11, after 5 ms, in mV.
fn apart<T: Precision>(model: &Model, start: State) -> Result<f64, Box<dyn Error>> {
    let options = NeuronOptions::default().with_start(start).with_every(u64::MAX);
    let alone = Neuron::new(model, DT_MS, &options)?.run(DURATION_MS)?.firing.end.ok_or("no end")?;
    let options = PopulationOptions::default().with_start(start);
    let mut population = Population::<T>::new(model, 1, DT_MS, &options)?;
    population.run(DURATION_MS, &mut Vec::new())?;
    Ok((population.states()[0].v_mv - alone.v_mv).abs())
}

pub(super) fn far_out() -> Outcome {
    let model = Model::classic();
    // Rates are those of the centre of a cell of 2^-20 or 2^-12 mV: half a cell over the shortest scale of 10 mV, as a
    // share of time, for 5 ms, times 400 mV per ms, the steepest that a spike rises. In f32 also rounding of V, which
    // is up to 160 mV from where it is counted, at each of 1,000 steps.
    let cell = |bits: i32| 0.5 * 2_f64.powi(-bits) / 10.0 * DURATION_MS * 400.0;
    let bounds = [cell(20), cell(12) + 1000.0 * 160.0 * f64::from(f32::EPSILON) / 2.0];
    let (mut worst, mut notes) = (0.0_f64, Vec::new());
    for start_mv in [-195.0, -170.0, -150.0, -120.0, -101.0, 61.0, 70.0, 90.0, 115.0] {
        let start = State { v_mv: start_mv, ..model.resting_state() };
        let found = [apart::<f64>(&model, start)?, apart::<f32>(&model, start)?];
        worst = found.iter().zip(bounds).fold(worst, |worst, (found, bound)| worst.max(found / bound));
        notes.push(format!("from {start_mv} mV: f64 {:.1e} mV, f32 {:.1e} mV", found[0], found[1]));
    }
    let claim = Claim::new(
        "Polynomials end where they were fitted. Started between -195 and 115 mV, outside what a neuron does by itself, \
         both kernels are after 5 ms where one neuron with rates right to 1e-11 is. Measured: the largest difference over what \
         the kernels' cells of V and the rounding of f32 can make of it.",
        worst,
        Bound::AtMost(1.0),
    )
    .note(format!("allowed: f64 {:.1e} mV, f32 {:.1e} mV", bounds[0], bounds[1]));
    Ok(notes.into_iter().fold(claim, Claim::note))
}

pub(super) fn stopped() -> Outcome {
    let model = Model::classic();
    let (mut runs, mut wrong) = (0, 0_usize);
    let mut judge = |stopped: bool| {
        runs += 1;
        wrong += usize::from(!stopped);
    };
    for integrator in [
        Integrator::Euler,
        Integrator::Rk4,
        Integrator::Strang,
        Integrator::Staggered,
        Integrator::Exponential,
    ] {
        for weight_mv in [-500.0, 500.0] {
            let arrivals = vec![Arrival { time_ms: 12.5, weight_mv, group: 0, source: None }];
            let options = NeuronOptions::default().with_integrator(integrator).with_arrivals(arrivals);
            let neuron = Neuron::new(&model, 0.01, &options.with_neuron(7))?;
            let mut recording = hexad_neuro_hh::Recording::default();
            let error = neuron.run_into(100.0, &mut recording);
            let kept = recording.samples.time_ms.len() >= 1250;
            judge(kept && is_of(error, 7, 12.5));
        }
    }
    for current in [-4000.0, 4000.0] {
        let mut currents = vec![0.0; 600];
        currents[401] = current;
        let options = PopulationOptions::default().with_currents(currents);
        let double = Population::<f64>::new(&model, 600, 0.01, &options)?.run(50.0, &mut Vec::new());
        let single = Population::<f32>::new(&model, 600, 0.01, &options)?.run(50.0, &mut Vec::new());
        // 135 mV down or 185 up at 4 mV per us, less what the membrane lets through.
        judge(is_of(double, 401, 0.04));
        judge(is_of(single, 401, 0.04));
    }
    let steady = NeuronOptions::default().with_current(Current::constant(10.0));
    judge(Neuron::new(&model, 0.01, &steady)?.run(200.0).is_ok());
    Ok(Claim::new(
        "A potential below -200 or above 120 mV stops a run, with neuron and time, and keeps what was recorded: all \
         integrators after a jump of 500 mV, both kernels at 4,000 uA/cm2 into one neuron of 600; one that stays inside \
         runs on. Measured: runs that did otherwise.",
        wrong as f64,
        Bound::AtMost(0.0),
    )
    .note(format!("{runs} runs")))
}

/// Whether a run was stopped because of `neuron`, within a few steps of `when_ms`.
fn is_of(outcome: Result<(), NeuroError>, neuron: usize, when_ms: f64) -> bool {
    let Err(NeuroError::LeftRange { neuron: found, time_ms, v_mv }) = outcome else { return false };
    found == neuron && (time_ms - when_ms).abs() < 0.05 && !(-200.0..=120.0).contains(&v_mv)
}
