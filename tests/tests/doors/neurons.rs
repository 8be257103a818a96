use hexad_neuro_hh::{
    Arrival, Between, Connections, Current, Drawing, Integrator, Model, Neuron, NeuronOptions, PhasePlane,
    PoissonGroup, Population, PopulationOptions, Projection, Rate, Spike, State, Synapse, SynapseKind,
    Threshold, Waveform, fano_factor, fi_curve, instantaneous_threshold_mv, interval_histogram,
    interval_statistics, intervals_ms, rest_loses_stability, rheobase, spike_triggered_average,
};
use proptest::prelude::*;

use crate::awkward::{Draw, draws, few};

fn model(draw: &mut Draw) -> Model {
    let mut model = draw.pick(&[Model::classic(), Model::traub_miles()]);
    if draw.once_in(3) {
        let number = draw.number();
        match draw.below(6) {
            0 => model.capacitance_uf_cm2 = number,
            1 => model.g_na_ms_cm2 = number,
            2 => model.e_l_mv = number,
            3 => model.rate_factor = number,
            4 => model.rates[draw.below(6)] = Rate::linoid(number, draw.number(), draw.number()),
            _ => model.rates[draw.below(6)] = Rate::sigmoid(number, draw.number(), draw.number()),
        }
    }
    model
}

fn waveform(draw: &mut Draw) -> Waveform {
    let len = draw.length();
    match draw.below(5) {
        0 => Waveform::Constant(draw.number()),
        1 => Waveform::Step { from_ms: draw.number(), until_ms: draw.number(), value: draw.number() },
        2 => Waveform::Ramp { from_ms: draw.number(), until_ms: draw.number(), value: draw.number() },
        3 => Waveform::Sine {
            amplitude: draw.number(),
            frequency_hz: draw.number(),
            phase_turns: draw.number(),
        },
        _ => Waveform::Table {
            start_ms: draw.number(),
            step_ms: draw.number(),
            values: draw.signal(len),
            between: draw.pick(&[Between::Hold, Between::Line]),
        },
    }
}

fn state(draw: &mut Draw) -> State {
    let mut state = State::QUESTION;
    if draw.once_in(2) {
        (state.v_mv, state.m) = (draw.number(), draw.fraction());
    }
    state
}

/// Rates of at most a few arrivals a step, or such as are refused.
fn group(draw: &mut Draw) -> PoissonGroup {
    let rate = draw.pick(&[400.0, 0.0, -1.0, f64::NAN, f64::INFINITY, 1e-308]);
    let mut group = PoissonGroup::new(draw.pick(&[3, 0, 1, 10]), rate, draw.number());
    if draw.once_in(3) {
        group = group.with_release(draw.fraction());
    }
    if draw.once_in(4) {
        group = group.with_modulation(Waveform::Sine {
            amplitude: draw.fraction().min(10.0),
            frequency_hz: draw.number(),
            phase_turns: draw.number(),
        });
    }
    group.with_drawing(draw.pick(&[Drawing::Superposed, Drawing::PerSource]))
}

fn threshold(draw: &mut Draw) -> Threshold {
    if draw.once_in(3) {
        Threshold { level_mv: draw.number(), rearm_mv: -draw.number() }
    } else {
        Threshold::default()
    }
}

fn step_ms(draw: &mut Draw) -> f64 {
    draw.pick(&[0.025, 0.01, 0.1, 0.5, 5.0, 0.0, -1.0, f64::NAN, f64::INFINITY, 5e-324, 1e-308, 1e-9])
}

/// At most some hundred steps, or what is refused.
fn duration_ms(draw: &mut Draw, dt_ms: f64) -> f64 {
    draw.pick(&[100.0 * dt_ms, 0.0, -1.0, f64::NAN, f64::INFINITY, 2.5 * dt_ms])
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn neurons_run_or_are_refused(mut draw in draws()) {
        let (model, dt_ms) = (model(&mut draw), step_ms(&mut draw));
        let integrators = [
            Integrator::Strang,
            Integrator::Euler,
            Integrator::Rk4,
            Integrator::Staggered,
            Integrator::Exponential,
            Integrator::Auto { tolerance_ms: draw.pick(&[1e-3, 0.1, 0.0, -1.0, f64::NAN, f64::INFINITY]) },
        ];
        let mut options = NeuronOptions::default()
            .with_integrator(draw.pick(&integrators))
            .with_threshold(threshold(&mut draw))
            .with_every(draw.pick(&[1, 0, 7, u64::MAX]));
        if draw.once_in(2) {
            options = options.with_start(state(&mut draw));
        }
        if draw.once_in(2) {
            options = options.with_current(Current::default().plus(waveform(&mut draw)).plus(waveform(&mut draw)));
        }
        if draw.once_in(3) {
            options = options.with_poisson(vec![group(&mut draw), group(&mut draw)]);
        } else if draw.once_in(3) {
            let arrival = |draw: &mut Draw| Arrival { time_ms: draw.number(), weight_mv: draw.number(), group: draw.below(3), source: None };
            options = options.with_arrivals(vec![arrival(&mut draw), arrival(&mut draw)]);
        }
        if draw.once_in(3) {
            options = options.with_synapse(Synapse::Seed);
        }
        let Ok(neuron) = Neuron::new(&model, dt_ms, &options) else { return Ok(()) };
        if let Ok(recording) = neuron.run(duration_ms(&mut draw, dt_ms)) {
            prop_assert_eq!(recording.samples.v_mv.len(), recording.samples.time_ms.len());
        }
    }

    #[test]
    fn populations_run_or_are_refused(mut draw in draws()) {
        let (model, dt_ms, neurons) = (model(&mut draw), step_ms(&mut draw), draw.pick(&[13, 0, 1, 2, 64]));
        let mut options = PopulationOptions::default().with_threshold(threshold(&mut draw));
        if draw.once_in(3) {
            options = options.with_start(state(&mut draw));
        }
        if draw.once_in(3) {
            options = options.with_starts((0..draw.about(neurons)).map(|_| state(&mut draw)).collect());
        }
        if draw.once_in(3) {
            let len = draw.about(neurons);
            options = options.with_currents(draw.signal(len));
        }
        if draw.once_in(3) {
            options = options.with_current(Current::default().plus(waveform(&mut draw)));
        }
        if draw.once_in(2) {
            options = options.with_poisson(vec![group(&mut draw)]);
        } else if draw.once_in(3) {
            let inputs = (0..draw.about(neurons)).map(|_| draw.pick(&[0, 1, 2, usize::MAX])).collect();
            options = options.with_inputs(vec![vec![group(&mut draw)], vec![]], inputs);
        }
        if draw.once_in(3) {
            options = options.with_block(draw.pick(&[4, 0, 1, usize::MAX])).with_first(draw.pick(&[0, 5, u64::MAX]));
        }
        if draw.once_in(3) {
            options = options.with_record(vec![0, draw.count()], draw.pick(&[1, 0, u64::MAX]));
        }
        let Ok(mut population) = Population::<f64>::new(&model, neurons, dt_ms, &options) else { return Ok(()) };
        if draw.once_in(2) {
            let Ok(connected) = population.connected(&[projection(&mut draw, neurons, dt_ms)]) else { return Ok(()) };
            population = connected;
        }
        let mut spikes: Vec<Spike> = Vec::new();
        let _ = population.run(duration_ms(&mut draw, dt_ms), &mut spikes);
        prop_assert_eq!(population.states().len(), neurons);
        let bytes = draw.damaged(population.checkpoint());
        if population.resume(&bytes).is_ok() {
            let _ = population.run(2.0 * dt_ms, &mut spikes);
        }
    }

    #[test]
    fn statistics_have_the_promised_length(mut draw in draws()) {
        let (len, len_signal) = (draw.length(), draw.length());
        let (times, signal, bins) = (draw.places(len), draw.signal(len_signal), draw.length());
        prop_assert_eq!(intervals_ms(&times).len(), len.saturating_sub(1));
        let _ = interval_statistics(&times);
        if let Ok(counts) = interval_histogram(&times, draw.number(), bins) {
            prop_assert_eq!(counts.len(), bins);
        }
        let duration = draw.pick(&[100.0, 1.0, 0.0, f64::NAN, f64::INFINITY, -1.0, 1e-308]);
        let _ = fano_factor(&times, draw.pick(&[1.0, 0.1, 0.0, f64::NAN, 1e308, -1.0, 5e-324]), duration);
        if let Ok(average) = spike_triggered_average(&signal, draw.number(), &times, draw.number(), draw.number()) {
            prop_assert_eq!(average.mean.len(), average.lag_ms.len());
        }
        let _ = Waveform::noise(draw.number(), draw.number(), duration_ms(&mut draw, 0.1), 1);
        let _ = Waveform::correlated_noise(draw.number(), draw.number(), 0.1, duration_ms(&mut draw, 0.1), 1);
    }

    #[test]
    fn curves_of_a_model_are_given_or_refused(mut draw in draws()) {
        let (model, dt_ms) = (model(&mut draw), step_ms(&mut draw));
        let len = draw.length().min(3);
        let currents = draw.signal(len);
        if let Ok(curve) = fi_curve(&model, &currents, duration_ms(&mut draw, dt_ms), dt_ms) {
            prop_assert_eq!(curve.len(), len);
        }
        let _ = model.at_temperature(draw.number(), draw.number(), draw.number());
        let (v, current) = (draw.number(), draw.number());
        let _ = (model.steady_state(v), model.resting_state_at(current), rest_loses_stability(&model, current));
        let plane = PhasePlane::new(&model, current);
        let _ = (plane.v_nullcline(v), plane.n_nullcline(v), plane.flow(v, current));
    }
}

#[test]
fn thresholds_up_to_awkward_ends_are_refused() {
    for up_to in [0.0, -1.0, f64::NAN, f64::INFINITY, f64::MAX, 5e-324] {
        assert!(rheobase(&Model::classic(), up_to).is_err());
        assert!(instantaneous_threshold_mv(&Model::classic(), up_to).is_err());
    }
}

#[test]
fn more_values_than_fit_in_memory_are_refused() {
    assert!(Waveform::noise(1.0, 5e-324, 10.0, 1).is_err());
    assert!(fano_factor(&[1.0, 2.0], 5e-324, 1.0).is_err());
    assert!(spike_triggered_average(&[1.0, 2.0], 1e-18, &[0.5], 1.0, 1.0).is_err());
}

#[test]
fn a_checkpoint_of_a_step_that_no_run_reaches_is_refused() {
    let options = PopulationOptions::default();
    let mut population = Population::<f64>::new(&Model::classic(), 1, 0.025, &options).unwrap();
    let mut bytes = population.checkpoint();
    bytes[24..32].copy_from_slice(&u64::MAX.to_le_bytes());
    assert!(population.resume(&bytes).is_err());
}

#[test]
fn a_checkpoint_whose_arrivals_are_long_past_is_refused() {
    let options = PopulationOptions::default().with_poisson(vec![PoissonGroup::new(10, 400.0, 1.0)]);
    let population = Population::<f64>::new(&Model::classic(), 1, 0.025, &options).unwrap();
    let bytes = population.checkpoint();
    // Behind magic, neurons, fingerprint and step: five numbers of the neuron, and its next two arrivals.
    for (at, word) in [(24, 1 << 40), (72, (-1e300_f64).to_bits()), (72, f64::NAN.to_bits()), (80, 0)] {
        let mut damaged = bytes.clone();
        damaged[at..at + 8].copy_from_slice(&u64::to_le_bytes(word));
        assert!(population.clone().resume(&damaged).is_err(), "{at}");
    }
    assert!(population.clone().resume(&bytes).is_ok());
}

#[test]
fn a_delay_that_no_memory_holds_is_refused() {
    for delay_ms in [30_000.0, 1e9, 1e300] {
        let connections =
            Connections { sources: vec![0], targets: vec![1], weights: vec![1.0], delays_ms: vec![delay_ms] };
        let options = PopulationOptions::default();
        let population = Population::<f64>::new(&Model::classic(), 2, 0.025, &options).unwrap();
        let refused = population.connected(&[Projection { synapse: SynapseKind::Delta, connections }]);
        assert!(refused.unwrap_err().to_string().contains("at most 2^20 steps, 26214.4 ms"));
    }
}

fn projection(draw: &mut Draw, neurons: usize, dt_ms: f64) -> Projection {
    let tau_ms = draw.number();
    let delay_ms = draw.pick(&[2.0 * dt_ms, 0.0, dt_ms, -1.0, f64::NAN, 50.0 * dt_ms, f64::INFINITY]);
    let random =
        Connections::random(0..neurons, 0..draw.about(neurons), draw.fraction(), draw.number(), delay_ms, 1);
    let mut connections = random.unwrap_or(Connections {
        sources: vec![0],
        targets: vec![1],
        weights: vec![1.0],
        delays_ms: vec![delay_ms],
    });
    if draw.once_in(4) {
        let wrong = draw.count();
        match draw.below(4) {
            0 => connections.sources.push(wrong),
            1 => connections.targets.iter_mut().for_each(|target| *target = wrong),
            2 => connections.weights.truncate(wrong),
            _ => connections.delays_ms.iter_mut().for_each(|delay| *delay *= 1.5),
        }
    }
    let synapse = draw.pick(&[
        SynapseKind::Delta,
        SynapseKind::ExponentialCurrent { tau_ms },
        SynapseKind::AlphaCurrent { tau_ms },
        SynapseKind::Conductance { tau_ms, reversal_mv: 0.0 },
    ]);
    Projection { synapse, connections }
}
