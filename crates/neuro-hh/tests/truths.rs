//! Numbers that are known: intervals, crossings, orders of convergence.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "indices and counts")]

use hexad_neuro_hh::{
    Arrival, Current, Integrator, Model, Neuron, NeuronOptions, PoissonGroup, State, Synapse, bombardment,
    direct, spike_times_ms,
};

fn times(dt_ms: f64, duration_ms: f64, options: &NeuronOptions) -> Vec<f64> {
    let neuron = Neuron::new(&Model::classic(), dt_ms, options).unwrap();
    spike_times_ms(&neuron.run(duration_ms).unwrap().firing.spikes)
}

fn driven(current: f64, integrator: Integrator) -> NeuronOptions {
    NeuronOptions::default().with_current(Current::constant(current)).with_integrator(integrator)
}

#[test]
fn the_steady_interval_at_10_is_the_known_one() {
    let spikes = times(0.005, 300.0, &driven(10.0, Integrator::Rk4));
    let interval = spikes[spikes.len() - 1] - spikes[spikes.len() - 2];
    assert!((interval - 14.636_210).abs() < 1e-6, "{interval}");
    assert!((spikes[0] - 1.901_232).abs() < 1e-6, "{}", spikes[0]);
}

#[test]
fn the_neuron_of_the_question_left_alone_fires_once() {
    let spikes = times(0.005, 300.0, &driven(3.0, Integrator::Rk4).with_start(State::QUESTION));
    assert_eq!(spikes.len(), 1);
    assert!((spikes[0] - 4.834_760).abs() < 1e-6, "{}", spikes[0]);
}

#[test]
fn euler_is_the_definition() {
    let model = Model::classic();
    let options = driven(10.0, Integrator::Euler).with_start(State::QUESTION);
    let recording = Neuron::new(&model, 0.01, &options).unwrap().run(100.0).unwrap();
    let mut state = State::QUESTION;
    for step in 0..10_000 {
        // Rounding errors grow little in 100 ms.
        assert!((recording.samples.v_mv[step] - state.v_mv).abs() < 1e-8, "step {step}");
        state = direct::euler(&model, &state, 10.0, 0.01);
    }
}

#[test]
fn staggered_is_crank_and_nicolson_with_the_rates_of_the_definition() {
    let far = [-195.0, -150.0, -101.0, 61.0, 90.0, 115.0].map(|v_mv| State { v_mv, ..State::QUESTION });
    for start in far.into_iter().chain([State::QUESTION]) {
        let options = driven(10.0, Integrator::Staggered).with_start(start);
        let recording = Neuron::new(&Model::classic(), 0.01, &options).unwrap().run(100.0).unwrap();
        assert!(recording.firing.spikes.len() > 5);
        let mut state = start;
        for step in 0..10_000 {
            // 1e-11 of a rate for 100 ms, times 400 mV per ms, the steepest that a spike rises.
            let error_mv = (recording.samples.v_mv[step] - state.v_mv).abs();
            assert!(error_mv < 4e-7, "from {start:?}: {error_mv} at step {step}");
            state = staggered_by_definition(&state, 0.01, if step == 0 { 0.005 } else { 0.01 });
        }
    }
}

/// A step of V, and one of the gates before it, at 10 uA/cm2.
fn staggered_by_definition(state: &State, dt_ms: f64, gates_ms: f64) -> State {
    let (model, v) = (Model::classic(), state.v_mv);
    let gate = |x: f64, alpha: f64, beta: f64| {
        (x + gates_ms * (alpha - 0.5 * (alpha + beta) * x)) / (1.0 + 0.5 * gates_ms * (alpha + beta))
    };
    let m = gate(state.m, direct::alpha_m(v), direct::beta_m(v));
    let h = gate(state.h, direct::alpha_h(v), direct::beta_h(v));
    let n = gate(state.n, direct::alpha_n(v), direct::beta_n(v));
    let middle = State { v_mv: v, m, h, n };
    let conductance = model.g_na_ms_cm2 * m.powi(3) * h + model.g_k_ms_cm2 * n.powi(4) + model.g_l_ms_cm2;
    let slope = 10.0 - model.currents(&middle).iter().sum::<f64>();
    State { v_mv: v + dt_ms * slope / (1.0 + 0.5 * dt_ms * conductance), ..middle }
}

#[test]
fn a_longer_run_begins_as_the_shorter_and_does_not_depend_on_what_is_recorded() {
    let options = driven(3.0, Integrator::Staggered)
        .with_start(State::QUESTION)
        .with_poisson(bombardment(4000, 1000, 10.0, 0.5, 1.0, 4.0));
    let run = |options: &NeuronOptions, duration_ms| {
        Neuron::new(&Model::classic(), 0.01, options).unwrap().run(duration_ms).unwrap()
    };
    let (short, long) = (run(&options, 60.0), run(&options, 120.0));
    assert!(long.firing.spikes.len() > short.firing.spikes.len() && !short.firing.spikes.is_empty());
    assert_eq!(short.firing.spikes[..], long.firing.spikes[..short.firing.spikes.len()]);
    assert_eq!(short.samples.v_mv[..], long.samples.v_mv[..short.samples.v_mv.len()]);
    let rarely = run(&options.with_every(7), 120.0);
    assert_eq!(rarely.firing, long.firing);
    assert!(rarely.samples.m.iter().eq(long.samples.m.iter().step_by(7)));
}

/// Largest error of a spike time against Runge-Kutta at a sixteenth of the shortest step.
fn errors(integrator: Integrator, options: &NeuronOptions, steps_ms: [f64; 3]) -> [f64; 3] {
    let truth = times(steps_ms[2] / 16.0, 40.0, &options.clone().with_integrator(Integrator::Rk4));
    steps_ms.map(|dt_ms| {
        let got = times(dt_ms, 40.0, &options.clone().with_integrator(integrator));
        assert_eq!(got.len(), truth.len(), "{integrator:?} at {dt_ms}");
        got.iter().zip(&truth).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max)
    })
}

fn assert_order(integrator: Integrator, options: &NeuronOptions, steps_ms: [f64; 3], tolerance: f64) {
    let errors = errors(integrator, options, steps_ms);
    for pair in errors.windows(2) {
        let order = (pair[0] / pair[1]).log2();
        let wanted = f64::from(integrator.order());
        assert!((order - wanted).abs() < tolerance, "{integrator:?}: order {order:.3} from {errors:?}");
    }
}

#[test]
fn every_integrator_has_its_order_at_a_constant_current() {
    let options = driven(10.0, Integrator::Rk4);
    assert_order(Integrator::Euler, &options, [0.01, 0.005, 0.0025], 0.1);
    assert_order(Integrator::Exponential, &options, [0.01, 0.005, 0.0025], 0.1);
    assert_order(Integrator::Strang, &options, [0.02, 0.01, 0.005], 0.1);
    assert_order(Integrator::Staggered, &options, [0.04, 0.02, 0.01], 0.1);
    assert_order(Integrator::Rk4, &options, [0.04, 0.02, 0.01], 0.3);
}

#[test]
fn every_integrator_keeps_its_order_under_bombardment_and_steps_of_current() {
    let arrival = |(time_ms, weight_mv)| Arrival { time_ms, weight_mv, group: 0, source: None };
    // Nowhere near a whole or half step, and never for long within a fixed part of it.
    let arrivals = [(1.234_567, 7.0), (3.718_281, 2.0), (9.331_313, -3.0), (12.777_77, 4.0), (20.123_4, 9.0)];
    let step = hexad_neuro_hh::Waveform::Step { from_ms: 8.111_1, until_ms: 21.937_5, value: 7.0 };
    let options = NeuronOptions::default()
        .with_arrivals(arrivals.map(arrival).to_vec())
        .with_current(Current::constant(2.0).plus(step));
    assert_order(Integrator::Euler, &options, [0.005, 0.0025, 0.001_25], 0.15);
    assert_order(Integrator::Exponential, &options, [0.005, 0.0025, 0.001_25], 0.15);
    assert_order(Integrator::Strang, &options, [0.02, 0.01, 0.005], 0.15);
    assert_order(Integrator::Rk4, &options, [0.04, 0.02, 0.01], 0.5);
    // The jumps' places within the step change with it, and the error with them: the order is that over all.
    let errors = errors(Integrator::Staggered, &options, [0.064, 0.016, 0.004]);
    let order = (errors[0] / errors[2]).log2() / 4.0;
    assert!((order - 2.0).abs() < 0.3, "{order} from {errors:?}");
}

#[test]
fn auto_holds_its_tolerance() {
    let groups = bombardment(80, 20, 10.0, 0.5, 2.0, 1.0);
    let options = driven(7.0, Integrator::Auto { tolerance_ms: 1e-6 }).with_poisson(groups);
    let automatic = times(0.025, 200.0, &options);
    let truth = times(0.0005, 200.0, &options.with_integrator(Integrator::Rk4));
    assert_eq!(automatic.len(), truth.len());
    assert!(truth.len() > 5);
    for (a, b) in automatic.iter().zip(&truth) {
        assert!((a - b).abs() < 1e-6, "{a} {b}");
    }
}

#[test]
fn a_jump_is_its_weight_whatever_the_step_and_in_seed_mode_its_weight_times_the_step() {
    let arrival = Arrival { time_ms: 5.0, weight_mv: 2.0, group: 0, source: None };
    for integrator in [Integrator::Euler, Integrator::Rk4, Integrator::Strang, Integrator::Exponential] {
        for dt_ms in [0.02, 0.01, 0.001] {
            let options = NeuronOptions::default().with_integrator(integrator).with_arrivals(vec![arrival]);
            let rise = |options: &NeuronOptions| {
                let run = Neuron::new(&Model::classic(), dt_ms, options).unwrap().run(10.0).unwrap();
                run.samples.v_mv.iter().copied().fold(f64::MIN, f64::max) - run.samples.v_mv[0]
            };
            // It decays by less than a fifth of its height per ms, and is seen within one step.
            assert!((rise(&options) - 2.0).abs() < 2.0 * dt_ms, "{integrator:?} {dt_ms}");
            let seed = rise(&options.with_synapse(Synapse::Seed));
            assert!((seed / (2.0 * dt_ms) - 1.0).abs() < 2.0 * dt_ms, "{integrator:?} {seed}");
        }
    }
}

#[test]
fn the_summed_jumps_of_the_question_have_mean_0_and_variance_600() {
    let groups = bombardment(80, 20, 10.0, 0.5, 1.0, 4.0);
    let runs = 4000;
    let (mut mean, mut square) = (0.0, 0.0);
    for run in 0..runs {
        let key = hexad_neuro_hh::StreamKey { run, ..Default::default() };
        let arrivals = hexad_neuro_hh::Arrivals::new(&groups, &key).unwrap();
        let sum: f64 = arrivals.take_while(|a| a.time_ms < 300.0).map(|a| a.weight_mv).sum();
        mean += sum / runs as f64;
        square += sum * sum / runs as f64;
    }
    // Standard errors: sqrt(600 / 4000) = 0.39 and 600 sqrt(2 / 4000) = 13.4; four of each.
    assert!(mean.abs() < 1.6, "{mean}");
    assert!((square - 600.0).abs() < 54.0, "{square}");
}

#[test]
fn traces_are_of_the_state_and_the_currents_balance() {
    let options = driven(10.0, Integrator::Staggered).with_every(4);
    let recording = Neuron::new(&Model::classic(), 0.01, &options).unwrap().run(30.0).unwrap();
    let traces = &recording.samples;
    assert_eq!(traces.time_ms.len(), 751);
    let model = Model::classic();
    for i in 0..traces.time_ms.len() {
        let state = State { v_mv: traces.v_mv[i], m: traces.m[i], h: traces.h[i], n: traces.n[i] };
        assert_eq!(model.currents(&state), [traces.i_na[i], traces.i_k[i], traces.i_l[i]]);
    }
    let end = recording.firing.end.unwrap();
    assert_eq!(end.v_mv, traces.v_mv[750]);
    assert_eq!(end.m, traces.m[750]);
    let exact = driven(10.0, Integrator::Rk4).with_every(4);
    let exact = Neuron::new(&Model::classic(), 0.01, &exact).unwrap().run(30.0).unwrap();
    for (a, b) in traces.m.iter().zip(&exact.samples.m) {
        assert!((a - b).abs() < 0.02, "{a} {b}");
    }
}

#[test]
fn a_step_that_is_too_long_is_refused_with_the_longest_safe_one() {
    let model = Model::classic();
    for integrator in [Integrator::Euler, Integrator::Rk4, Integrator::Staggered] {
        let options = driven(10.0, integrator);
        let Err(hexad_neuro_hh::NeuroError::UnstableStep { largest_ms, .. }) =
            Neuron::new(&model, 1.0, &options)
        else {
            panic!("{integrator:?} at 1 ms was accepted")
        };
        assert!(Neuron::new(&model, largest_ms, &options).is_ok());
        assert!(Neuron::new(&model, largest_ms * 1.001, &options).is_err());
        // What is called safe is.
        let run = Neuron::new(&model, largest_ms, &options).unwrap().run(200.0).unwrap();
        assert!(run.firing.spikes.len() > 10, "{integrator:?} at {largest_ms}");
    }
    for integrator in [Integrator::Strang, Integrator::Exponential] {
        assert!(Neuron::new(&model, 1.0, &driven(10.0, integrator)).unwrap().run(100.0).is_ok());
    }
}

#[test]
fn malformed_settings_are_refused() {
    let model = Model::classic();
    let new = |dt_ms, options: NeuronOptions| Neuron::new(&model, dt_ms, &options);
    for dt_ms in [0.0, -0.01, f64::NAN, f64::INFINITY] {
        assert!(new(dt_ms, NeuronOptions::default()).is_err());
    }
    let group = |rate_hz, weight_mv, release| {
        NeuronOptions::default()
            .with_poisson(vec![PoissonGroup::new(10, rate_hz, weight_mv).with_release(release)])
    };
    for options in [
        group(-1.0, 1.0, 0.5),
        group(f64::NAN, 1.0, 0.5),
        group(1.0, f64::INFINITY, 0.5),
        group(1.0, 1.0, 1.5),
        group(1.0, 1.0, -0.1),
        NeuronOptions::default().with_every(0),
        NeuronOptions::default().with_current(Current::constant(f64::NAN)),
        NeuronOptions::default().with_start(State { m: 1.5, ..State::QUESTION }),
        NeuronOptions::default().with_start(State { v_mv: 1e3, ..State::QUESTION }),
    ] {
        assert!(new(0.01, options).is_err());
    }
    assert!(new(0.01, NeuronOptions::default()).unwrap().run(-1.0).is_err());
    assert!(new(0.01, NeuronOptions::default()).unwrap().run(f64::NAN).is_err());
}

#[test]
fn a_neuron_that_leaves_the_physical_range_stops_and_keeps_what_it_had() {
    let arrivals = [(5.0, 10.0), (12.5, -500.0)];
    let arrivals =
        arrivals.map(|(time_ms, weight_mv)| Arrival { time_ms, weight_mv, group: 0, source: None }).to_vec();
    for integrator in [Integrator::Rk4, Integrator::Staggered, Integrator::Strang] {
        let options = NeuronOptions::default().with_arrivals(arrivals.clone()).with_integrator(integrator);
        let mut recording = hexad_neuro_hh::Recording::default();
        let error = Neuron::new(&Model::classic(), 0.01, &options.with_neuron(7))
            .unwrap()
            .run_into(100.0, &mut recording)
            .unwrap_err();
        let hexad_neuro_hh::NeuroError::LeftRange { neuron: 7, time_ms, .. } = error else {
            panic!("{error}")
        };
        assert!((time_ms - 12.5).abs() < 0.011, "{error}");
        assert!(recording.samples.time_ms.len() >= 1250);
        assert_eq!(recording.firing.spikes.len(), 1);
    }
}
