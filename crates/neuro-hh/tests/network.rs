//! Synapses, delays and networks.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "indices and counts")]

use hexad_neuro_hh::{
    Connections, Model, NeuroError, PoissonGroup, Population, PopulationOptions, Projection, Recorder, Spike,
    State, SynapseKind, interval_statistics,
};
use std::ops::ControlFlow;

fn one(source: usize, target: usize, weight: f64, delay_ms: f64) -> Connections {
    Connections {
        sources: vec![source],
        targets: vec![target],
        weights: vec![weight],
        delays_ms: vec![delay_ms],
    }
}

#[derive(Default)]
struct Trace {
    spikes: Vec<Spike>,
    v_mv: Vec<(f64, f64)>,
}

impl Recorder for Trace {
    fn spikes(&mut self, spikes: &[Spike]) -> ControlFlow<()> {
        self.spikes.extend_from_slice(spikes);
        ControlFlow::Continue(())
    }

    fn potentials(&mut self, time_ms: f64, v_mv: &[f64]) -> ControlFlow<()> {
        self.v_mv.push((time_ms, v_mv[0]));
        ControlFlow::Continue(())
    }
}

/// When the one spike of neuron 0 arrives at neuron 1, and the potential there.
fn response(synapse: SynapseKind, weight: f64, dt_ms: f64) -> (f64, Vec<(f64, f64)>) {
    let active = Model::classic();
    let rest = active.resting_state();
    let starts = vec![rest.jumped(15.0), rest];
    let options = PopulationOptions::default().with_starts(starts).with_record(vec![1], 1);
    let population = Population::<f64>::new(&active, 2, dt_ms, &options).unwrap();
    let projection = Projection { synapse, connections: one(0, 1, weight, 2.013) };
    let mut trace = Trace::default();
    population.connected(&[projection]).unwrap().run(12.0, &mut trace).unwrap();
    assert_eq!(trace.spikes.len(), 1);
    (trace.spikes[0].time_ms + 2.013, trace.v_mv)
}

const KINDS: [(SynapseKind, f64); 4] = [
    (SynapseKind::Delta, 0.5),
    (SynapseKind::ExponentialCurrent { tau_ms: 2.0 }, 0.5),
    (SynapseKind::AlphaCurrent { tau_ms: 1.0 }, 0.5),
    (SynapseKind::Conductance { tau_ms: 3.0, reversal_mv: 0.0 }, 0.01),
];

#[test]
fn every_synapse_acts_at_the_spike_plus_the_delay_and_not_before() {
    for (synapse, weight) in KINDS {
        let (arrival_ms, trace) = response(synapse, weight, 0.01);
        let rest = trace[0].1;
        let moved = trace.iter().find(|(_, v)| (v - rest).abs() > 1e-5).unwrap().0;
        assert!(moved >= arrival_ms && moved < arrival_ms + 0.05, "{synapse:?}: {moved} {arrival_ms}");
        let peak = trace.iter().map(|(_, v)| v - rest).fold(0.0, f64::max);
        if synapse == SynapseKind::Delta {
            assert!((peak - 0.5).abs() < 0.01, "{peak}");
        }
        assert!(peak > 0.1 && peak < 2.0, "{synapse:?}: {peak}");
    }
}

#[test]
fn every_synapse_has_order_two() {
    for (synapse, weight) in KINDS {
        let end = |dt_ms: f64| {
            response(synapse, weight, dt_ms).1.iter().find(|(t, _)| (t - 8.0).abs() < 1e-9).unwrap().1
        };
        let truth = end(0.0005);
        let errors = [0.04, 0.01].map(|dt_ms| (end(dt_ms) - truth).abs());
        let order = (errors[0] / errors[1]).log2() / 2.0;
        assert!(order > 1.7, "{synapse:?}: order {order} from {errors:?}");
    }
}

#[test]
fn an_alpha_current_has_its_peak_one_time_constant_after_arrival_and_its_charge_is_that_of_the_formula() {
    // On a membrane that only integrates: no sodium, no potassium, hardly any leak.
    let mut model = Model::classic();
    (model.g_na_ms_cm2, model.g_k_ms_cm2, model.g_l_ms_cm2) = (1e-12, 1e-12, 1e-12);
    let start = State { v_mv: -60.0, m: 0.0, h: 1.0, n: 0.0 };
    for (synapse, charge) in [
        (SynapseKind::AlphaCurrent { tau_ms: 1.0 }, std::f64::consts::E),
        (SynapseKind::ExponentialCurrent { tau_ms: 1.0 }, 1.0),
        (SynapseKind::Delta, 1.0),
    ] {
        // So rare that a second one while the first is looked at would be bad luck: 2.5 %.
        let kick = PoissonGroup::new(1, 1.0, 100.0);
        let options = PopulationOptions::default()
            .with_start(start)
            .with_inputs(vec![vec![kick], vec![]], vec![0, 1])
            .with_record(vec![1], 1);
        let population = Population::<f64>::new(&model, 2, 0.1, &options).unwrap();
        let projection = Projection { synapse, connections: one(0, 1, 1.0, 0.37) };
        let mut population = population.connected(&[projection]).unwrap();
        let mut trace = Trace::default();
        let mut milliseconds = 0;
        while trace.spikes.is_empty() {
            population.run(1.0, &mut trace).unwrap();
            milliseconds += 1;
            assert!(milliseconds < 20_000);
        }
        population.run(25.0, &mut trace).ok();
        let rise = trace.v_mv[trace.v_mv.len() - 1].1 + 60.0;
        let count = trace.spikes.len() as f64;
        // exp(-25) of it is still to come; the leak takes 1e-10.
        assert!((rise / count - charge).abs() < 1e-6, "{synapse:?}: {rise} of {count}");
    }
}

#[test]
fn a_ring_of_neurons_passes_a_spike_on_for_ever() {
    let neurons = 20;
    let connections = Connections {
        sources: (0..neurons).collect(),
        targets: (0..neurons).map(|neuron| (neuron + 1) % neurons).collect(),
        weights: vec![15.0],
        delays_ms: vec![3.0],
    };
    let rest = Model::classic().resting_state();
    let mut starts = vec![rest; neurons];
    starts[0] = rest.jumped(15.0);
    let options = PopulationOptions::default().with_starts(starts);
    let population = Population::<f64>::new(&Model::classic(), neurons, 0.025, &options).unwrap();
    let projection = Projection { synapse: SynapseKind::Delta, connections };
    let mut spikes: Vec<Spike> = Vec::new();
    population.connected(&[projection]).unwrap().run(200.0, &mut spikes).unwrap();
    assert!(spikes.len() > 40);
    for (index, pair) in spikes.windows(2).enumerate() {
        assert_eq!(pair[1].neuron, (index + 1) % neurons);
        assert!(pair[1].time_ms - pair[0].time_ms > 3.0);
    }
    let laps: Vec<f64> = spikes.iter().filter(|spike| spike.neuron == 7).map(|spike| spike.time_ms).collect();
    assert!(interval_statistics(&laps).sd_ms < 0.01);
}

/// Brette et al. 2007, benchmark 3: 4,000 neurons, 2 % connected, left to themselves after a random start.
fn coba_hh(neurons: usize, probability: f64) -> Population<f64> {
    let model = Model::traub_miles();
    let excitatory = neurons * 4 / 5;
    let mut stream =
        hexad_neuro_hh::Stream::new(&hexad_neuro_hh::StreamKey { seed: 5, ..Default::default() });
    let starts =
        (0..neurons).map(|_| model.steady_state(-65.0 + 5.0 * stream.normal().clamp(-3.0, 3.0))).collect();
    let threshold = hexad_neuro_hh::Threshold { level_mv: -20.0, rearm_mv: -40.0 };
    // The conductances of the start, as a current that lasts for a few time constants.
    let onset = hexad_neuro_hh::Waveform::Step { from_ms: 0.0, until_ms: 20.0, value: 2.0 };
    let options = PopulationOptions::default()
        .with_starts(starts)
        .with_threshold(threshold)
        .with_current(hexad_neuro_hh::Current::default().plus(onset));
    let connect = |sources, weight, seed| {
        Connections::random(sources, 0..neurons, probability, weight, 0.1, seed).unwrap()
    };
    let population = Population::new(&model, neurons, 0.1, &options).unwrap();
    population
        .connected(&[
            Projection {
                synapse: SynapseKind::Conductance { tau_ms: 5.0, reversal_mv: 0.0 },
                connections: connect(0..excitatory, 0.03, 1),
            },
            Projection {
                synapse: SynapseKind::Conductance { tau_ms: 10.0, reversal_mv: -80.0 },
                connections: connect(excitatory..neurons, 0.335, 2),
            },
        ])
        .unwrap()
}

#[test]
fn coba_hh_goes_on_by_itself_irregularly() {
    let mut population = coba_hh(4000, 0.02);
    let connections = population.connections() as f64;
    // Binomial: 16e6 pairs less 4,000, 2 %; five standard deviations are 2,800.
    assert!((connections - 0.02 * (16e6 - 4e3)).abs() < 2800.0, "{connections}");
    let mut spikes: Vec<Spike> = Vec::new();
    population.run(500.0, &mut spikes).unwrap();
    let late: Vec<&Spike> = spikes.iter().filter(|spike| spike.time_ms >= 200.0).collect();
    let rate_hz = late.len() as f64 / 4000.0 / 0.3;
    let mut cv = Vec::new();
    for neuron in 0..4000 {
        let times: Vec<f64> = late.iter().filter(|s| s.neuron == neuron).map(|s| s.time_ms).collect();
        if times.len() > 4 {
            cv.push(interval_statistics(&times).cv);
        }
    }
    let mean = cv.iter().sum::<f64>() / cv.len() as f64;
    println!("COBA-HH: {rate_hz:.1} Hz, mean CV {mean:.2} of {}", cv.len());
    // Neither silent nor saturated long after the onset, and irregular.
    assert!(rate_hz > 5.0 && rate_hz < 50.0, "{rate_hz}");
    assert!(mean > 0.4, "{mean}");
}

#[test]
fn malformed_networks_are_refused() {
    let population =
        || Population::<f64>::new(&Model::classic(), 10, 0.025, &PopulationOptions::default()).unwrap();
    let connect =
        |synapse, connections| population().connected(&[Projection { synapse, connections }]).unwrap_err();
    let dangling = connect(SynapseKind::Delta, one(0, 10, 1.0, 1.0));
    assert_eq!(dangling.to_string(), "targets[0] is neuron 10, but there are 10",);
    assert!(matches!(
        connect(SynapseKind::Delta, one(11, 1, 1.0, 1.0)),
        NeuroError::Dangling { neuron: 11, .. }
    ));
    for delay_ms in [0.0, -1.0, 0.02] {
        let error = connect(SynapseKind::Delta, one(0, 1, 1.0, delay_ms));
        assert!(matches!(error, NeuroError::DelayTooShort { index: 0, .. }), "{error}");
    }
    connect(SynapseKind::Delta, one(0, 1, f64::NAN, 1.0));
    connect(SynapseKind::Delta, one(0, 1, 1.0, f64::INFINITY));
    connect(SynapseKind::AlphaCurrent { tau_ms: 0.0 }, one(0, 1, 1.0, 1.0));
    connect(SynapseKind::Conductance { tau_ms: 1.0, reversal_mv: f64::NAN }, one(0, 1, 1.0, 1.0));
    let mut uneven = one(0, 1, 1.0, 1.0);
    uneven.targets.push(2);
    connect(SynapseKind::Delta, uneven);
    let mut later = population();
    later.run(1.0, &mut Vec::new()).unwrap();
    assert!(later.connected(&[]).is_err());
    assert!(Connections::random(0..5, 0..5, 1.5, 1.0, 1.0, 0).is_err());
    let all = Connections::random(0..5, 0..5, 1.0, 1.0, 1.0, 0).unwrap();
    assert_eq!(all.sources.len(), 20);
    assert!(Connections::random(0..5, 0..5, 0.0, 1.0, 1.0, 0).unwrap().sources.is_empty());
}
