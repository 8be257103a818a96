//! How fast a neuron fires, and from which current on.

use std::error::Error;

use hexad_neuro_hh::{
    Current, Model, Neuron, NeuronOptions, Population, PopulationOptions, Spike, State, fi_curve, rheobase,
};

use super::by_neuron;
use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Outcome};

/// Where firing begins to exist, and where rest ceases to be stable, in uA/cm2.
const FOLD: f64 = 6.26;
const HOPF: f64 = 9.78;

pub(super) fn onset() -> Outcome {
    let model = Model::classic();
    let sweep = |from: f64, step: f64, points: u32| -> Result<_, Box<dyn Error>> {
        let currents: Vec<f64> = (0..points).map(|point| from + step * f64::from(point)).collect();
        Ok(fi_curve(&model, &currents, 1000.0, 0.025)?)
    };
    let curve = sweep(0.0, 0.25, 241)?;
    let near = sweep(6.0, 0.01, 101)?;
    let first = near.iter().find(|point| point.rate_hz > 0.0).ok_or("no current fires")?;
    let falls = curve.windows(2).filter(|pair| pair[0].rate_hz > pair[1].rate_hz).count();
    let at_ten = curve.iter().find(|point| point.current == 10.0).ok_or("no point at 10")?;
    let once = curve.iter().filter(|point| point.spikes > 0 && point.rate_hz == 0.0);
    let firing = curve.iter().chain(&near).filter(|point| point.rate_hz > 0.0);
    let mut firing: Vec<_> = firing.copied().collect();
    firing.sort_by(|a, b| a.current.total_cmp(&b.current));
    let chart = Chart::new("Steady rate at a current that is switched on at rest", "uA/cm2", "Hz")
        .line("fires for ever", firing.iter().map(|point| (point.current, point.rate_hz)))
        .dots("fires and stops", once.map(|point| (point.current, 0.0)));
    Ok(Claim::new(
        "Firing that lasts begins at once with a high rate, excitability of the second class, within the currents at \
         which rest and firing are both stable. Measured: the least current of a step from rest after which the neuron \
         goes on firing, in steps of 0.01 uA/cm2; the bounds are published to 0.005.",
        first.current,
        Bound::Between(FOLD - 0.005, HOPF + 0.005),
    )
    .source(
        "A. L. Hodgkin, J. Physiol. 107:165, 1948, the second class; J. Rinzel and R. N. Miller 1980, \
         doi:10.1016/0025-5564(80)90109-1, the currents",
    )
    .note(format!("rate there: {:.2} Hz", first.rate_hz))
    .note(format!("one spike at least: from {:.5} uA/cm2 on", rheobase(&model, 10.0)?))
    .note(format!("at 10 uA/cm2: {:.3} Hz, 1000 / 14.636210 is 68.324", at_ten.rate_hz))
    .note(format!("{falls} currents up to 60 uA/cm2 with a lower rate than the one before"))
    .chart(chart))
}

pub(super) fn bistable() -> Outcome {
    let model = Model::classic();
    let spiking = amid_a_spike(&model)?;
    let going: Vec<_> = grid(FOLD).map(|current| (current, spiking)).collect();
    // A hundredth of a mV from where it would stay for ever.
    let leaving: Vec<_> =
        grid(HOPF).map(|current| (current, rest_at(&model, current).jumped(0.01))).collect();
    let fold = least_that_fires(&model, &going, 4000.0)?;
    let hopf = least_that_fires(&model, &leaving, 60_000.0)?;
    Ok(Claim::new(
        "A neuron that fires goes on down to 6.26 uA/cm2, one at rest stays there up to 9.78: in between it does \
         either. Populations of 61 started amid a spike and beside rest. Measured: the larger difference from the \
         published currents; the bound is half their last digit, half a step of 0.005, and 0.3 times 0.014 mV by which \
         published leaks differ.",
        (fold - FOLD).abs().max((hopf - HOPF).abs()),
        Bound::AtMost(0.005 + 0.0025 + 0.0042),
    )
    .source("J. Rinzel and R. N. Miller 1980, doi:10.1016/0025-5564(80)90109-1; B. Hassard, J. Theor. Biol. 71:401, 1978")
    .note(format!("firing goes on from {fold:.4} uA/cm2 on, rest is left from {hopf:.4} on")))
}

/// Currents 0.005 apart around one.
fn grid(middle: f64) -> impl Iterator<Item = f64> {
    (-30..=30).map(move |step| middle + 0.005 * f64::from(step))
}

/// Midway between the currents at which a neuron is silent and at which it fires, in the last quarter of the run.
fn least_that_fires(model: &Model, starts: &[(f64, State)], duration_ms: f64) -> Result<f64, Box<dyn Error>> {
    let (currents, states): (Vec<f64>, Vec<State>) = starts.iter().copied().unzip();
    let options = PopulationOptions::default().with_currents(currents.clone()).with_starts(states);
    let mut spikes: Vec<Spike> = Vec::new();
    Population::<f64>::new(model, currents.len(), 0.025, &options)?.run(duration_ms, &mut spikes)?;
    let trains = by_neuron(currents.len(), &spikes);
    let fires = |train: &Vec<f64>| train.last().is_some_and(|last| *last > 0.75 * duration_ms);
    let first = trains.iter().position(fires).ok_or("none fires")?;
    let alike = trains[first..].iter().all(fires);
    if first == 0 || !alike {
        return Err("no single current from which on it fires".into());
    }
    Ok(0.5 * (currents[first - 1] + currents[first]))
}

/// A neuron that fires for ever, at the top of a spike: between spikes a smaller current would let it rest.
fn amid_a_spike(model: &Model) -> Result<State, Box<dyn Error>> {
    let options = NeuronOptions::default().with_current(Current::constant(7.0));
    let traces = Neuron::new(model, 0.025, &options)?.run(200.0)?.samples;
    let late = traces.v_mv.len() / 2..traces.v_mv.len();
    let top = late.max_by(|a, b| traces.v_mv[*a].total_cmp(&traces.v_mv[*b])).ok_or("no samples")?;
    Ok(State { v_mv: traces.v_mv[top], m: traces.m[top], h: traces.h[top], n: traces.n[top] })
}

/// Where the membrane holds still at `current`, which need not be stable.
fn rest_at(model: &Model, current: f64) -> State {
    let (mut low, mut high) = (-65.0, -50.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        if model.steady_current(middle) < current { low = middle } else { high = middle }
    }
    model.steady_state(0.5 * (low + high))
}
