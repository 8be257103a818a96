//! The question's run.

use std::error::Error;

use hexad_neuro_hh::{
    Arrival, Current, Integrator, Model, Neuron, NeuronOptions, Recording, State, Synapse, bombardment,
};

use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Outcome};

const DT_MS: f64 = 0.01;

pub(super) fn input() -> Outcome {
    let mut worst = 0.0_f64;
    for dt_ms in [0.02, DT_MS, 0.001] {
        for weight_mv in [1.0, -4.0] {
            worst = worst.max((jump_mv(Synapse::Delta, dt_ms, weight_mv)? / weight_mv - 1.0).abs());
            worst = worst.max((jump_mv(Synapse::Seed, dt_ms, weight_mv)? / (weight_mv * dt_ms) - 1.0).abs());
        }
    }
    let left_alone = played(NeuronOptions::default())?;
    let groups = || NeuronOptions::default().with_poisson(bombardment(80, 20, 10.0, 0.5, 1.0, 4.0));
    let theirs = played(groups().with_synapse(Synapse::Seed))?;
    let right = played(groups())?;
    let spikes = |run: &Recording| run.firing.spikes.len();
    let arrivals: u64 = right.firing.arrivals.iter().sum();
    let trace = |run: &Recording| -> Vec<(f64, f64)> {
        run.samples.time_ms.iter().copied().zip(run.samples.v_mv.iter().copied()).collect()
    };
    let chart = Chart::new("The question's neuron: 80 and 20 inputs at 10 Hz, 3 uA/cm2", "ms", "V in mV")
        .line("its program", trace(&theirs))
        .line("jumps of 1 and -4 mV", trace(&right));
    let many = bombardment(4000, 1000, 10.0, 0.5, 1.0, 4.0);
    let five_thousand = played(NeuronOptions::default().with_poisson(many))?;
    Ok(Claim::new(
        "An arriving spike moves V by its weight, whatever the step. The question's program adds the weight to dV/dt \
         for one step and so moves V by weight times dt: at its dt of 0.01 ms a hundredth of what its formula, a delta \
         function, says. Measured: how far jumps are from the weight, and those of its program from weight times dt, as \
         a share, for weights of 1 and -4 mV and steps of 0.02, 0.01 and 0.001 ms; the bound is the rounding of 65 mV \
         over a jump of 0.001 mV, and what a jump decays by in the billionth of a step that is left of it.",
        worst,
        Bound::AtMost(1e-9),
    )
    .formula("C dV/dt = I + C w delta(t - t_k): V(t_k + 0) = V(t_k - 0) + w")
    .note(format!("left alone: {} spike in 300 ms", spikes(&left_alone)))
    .note(format!(
        "{arrivals} arrivals in its program's form: {} spike, V never {:.2} mV from that left alone",
        spikes(&theirs),
        farthest(&theirs, &left_alone)
    ))
    .note(format!(
        "the same arrivals as jumps: {} spikes, V up to {:.0} mV from it",
        spikes(&right),
        farthest(&right, &left_alone)
    ))
    .note(format!("5,000 inputs: {} spikes", spikes(&five_thousand)))
    .chart(chart))
}

/// How far an arrival at the very end of a step of forward Euler moves V.
fn jump_mv(synapse: Synapse, dt_ms: f64, weight_mv: f64) -> Result<f64, Box<dyn Error>> {
    let end_mv = |weight_mv| -> Result<f64, Box<dyn Error>> {
        let arrival = Arrival { time_ms: (500.0 - 1e-9) * dt_ms, weight_mv, group: 0, source: None };
        let options = NeuronOptions::default()
            .with_integrator(Integrator::Euler)
            .with_synapse(synapse)
            .with_arrivals(vec![arrival]);
        let run = Neuron::new(&Model::classic(), dt_ms, &options)?.run(500.0 * dt_ms)?;
        Ok(run.firing.end.ok_or("no end")?.v_mv)
    };
    Ok(end_mv(weight_mv)? - end_mv(0.0)?)
}

/// 300 ms of forward Euler at 3 uA/cm2, from the question's start, seen every 0.1 ms.
fn played(options: NeuronOptions) -> Result<Recording, Box<dyn Error>> {
    let options = options
        .with_integrator(Integrator::Euler)
        .with_start(State::QUESTION)
        .with_current(Current::constant(3.0))
        .with_every(10);
    Ok(Neuron::new(&Model::classic(), DT_MS, &options)?.run(300.0)?)
}

fn farthest(a: &Recording, b: &Recording) -> f64 {
    hexad_testkit::max_difference(&a.samples.v_mv, &b.samples.v_mv)
}
