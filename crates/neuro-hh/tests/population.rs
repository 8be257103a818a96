//! The fast kernels against Runge-Kutta at a hundredth of the step, and far from where neurons usually are.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]
#![allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "indices and counts")]

use hexad_neuro_hh::{
    Arrival, Current, Integrator, Model, NeuroError, Neuron, NeuronOptions, PoissonGroup, Population,
    PopulationOptions, Precision, Rate, Spike, State, bombardment, spike_times_ms,
};

fn spikes<T: Precision>(
    model: &Model,
    neurons: usize,
    dt_ms: f64,
    duration_ms: f64,
    options: &PopulationOptions,
) -> Vec<Spike> {
    let mut spikes = Vec::new();
    let mut population = Population::<T>::new(model, neurons, dt_ms, options).unwrap();
    population.run(duration_ms, &mut spikes).unwrap();
    spikes
}

fn times_of(neuron: usize, spikes: &[Spike]) -> Vec<f64> {
    spike_times_ms(&spikes.iter().copied().filter(|spike| spike.neuron == neuron).collect::<Vec<_>>())
}

fn alone(model: &Model, dt_ms: f64, duration_ms: f64, options: &NeuronOptions) -> Vec<f64> {
    let options = options.clone().with_every(u64::MAX);
    let run = Neuron::new(model, dt_ms, &options).unwrap().run(duration_ms).unwrap();
    spike_times_ms(&run.firing.spikes)
}

#[test]
fn a_population_is_many_staggered_neurons() {
    let groups = bombardment(102, 26, 5.0, 1.0, 3.0, 1.0);
    let options = PopulationOptions::default().with_poisson(groups.clone());
    let model = Model::classic();
    let together = spikes::<f64>(&model, 40, 0.025, 200.0, &options);
    let mut apart = Vec::new();
    for neuron in 0..40 {
        let one = NeuronOptions::default().with_poisson(groups.clone()).with_neuron(neuron as u64);
        let (a, b) = (times_of(neuron, &together), alone(&model, 0.025, 200.0, &one));
        assert_eq!(a.len(), b.len(), "neuron {neuron}");
        apart.extend(a.iter().zip(&b).map(|(a, b)| (a - b).abs()));
    }
    // Rates are moved by at most half a cell of 2^-20 mV; a spike near threshold magnifies that, how often is chance.
    apart.sort_by(f64::total_cmp);
    let (median, most, largest) =
        (apart[apart.len() / 2], apart[apart.len() * 98 / 100], apart[apart.len() - 1]);
    assert!(median < 1e-7 && most < 1e-5 && largest < 1e-3, "{median} {most} {largest} of {}", apart.len());
}

/// How spike times differ from the reference's, in ms, and how many have no partner within 2 ms.
struct Comparison {
    errors: Vec<f64>,
    missed: usize,
    extra: usize,
}

impl Comparison {
    fn new() -> Self {
        Self { errors: Vec::new(), missed: 0, extra: 0 }
    }

    fn add(&mut self, got: &[f64], truth: &[f64]) {
        let near = |time: f64, others: &[f64]| {
            others.iter().map(|other| (other - time).abs()).fold(f64::INFINITY, f64::min)
        };
        for time in truth {
            let error = near(*time, got);
            if error < 2.0 { self.errors.push(error) } else { self.missed += 1 }
        }
        self.extra += got.iter().filter(|time| near(**time, truth) >= 2.0).count();
    }

    fn quantile(&mut self, share: f64) -> f64 {
        self.errors.sort_by(f64::total_cmp);
        self.errors[(share * (self.errors.len() - 1) as f64) as usize]
    }
}

#[test]
fn spikes_under_frozen_bombardment_are_those_of_runge_kutta() {
    let (model, dt_ms, duration_ms, neurons) = (Model::classic(), 0.025, 400.0, 12);
    let groups = bombardment(102, 26, 5.0, 1.0, 3.0, 1.0);
    let options = PopulationOptions::default().with_poisson(groups.clone());
    let double = spikes::<f64>(&model, neurons, dt_ms, duration_ms, &options);
    let single = spikes::<f32>(&model, neurons, dt_ms, duration_ms, &options);
    let (mut in_double, mut in_single) = (Comparison::new(), Comparison::new());
    for neuron in 0..neurons {
        let one = NeuronOptions::default().with_poisson(groups.clone()).with_neuron(neuron as u64);
        let one = one.with_integrator(Integrator::Rk4);
        let truth = alone(&model, dt_ms / 100.0, duration_ms, &one);
        in_double.add(&times_of(neuron, &double), &truth);
        in_single.add(&times_of(neuron, &single), &truth);
    }
    for (name, mut found) in [("f64", in_double), ("f32", in_single)] {
        let (median, most) = (found.quantile(0.5), found.quantile(0.95));
        let count = found.errors.len();
        println!(
            "{name}: {count} spikes, {median:e} {most:e}, {} missed {} extra",
            found.missed, found.extra
        );
        assert!(count > 80);
        assert!(median < 0.003 && most < 0.02, "{name}: median {median}, 95 % {most}");
        // Near threshold a spike may come or not for any error whatever.
        assert!(found.missed + found.extra <= 1, "{name}: {} missed, {} extra", found.missed, found.extra);
    }
}

/// Error of the last spike in 400 ms at each current.
fn last_errors<T: Precision>(model: &Model, dt_ms: f64, currents: &[f64], truths: &[Vec<f64>]) -> Vec<f64> {
    let options = PopulationOptions::default().with_currents(currents.to_vec());
    let found = spikes::<T>(model, currents.len(), dt_ms, 400.0, &options);
    let error = |(neuron, truth): (usize, &Vec<f64>)| {
        let times = times_of(neuron, &found);
        assert_eq!(times.len(), truth.len(), "at {}", currents[neuron]);
        (times.last().unwrap() - truth.last().unwrap()).abs()
    };
    truths.iter().enumerate().map(error).collect()
}

fn truths(model: &Model, currents: &[f64]) -> Vec<Vec<f64>> {
    let train = |current: &f64| {
        let one = NeuronOptions::default().with_current(Current::constant(*current));
        alone(model, 0.001, 400.0, &one.with_integrator(Integrator::Rk4))
    };
    currents.iter().map(train).collect()
}

#[test]
fn the_kernels_have_order_two_from_7_to_50() {
    let model = Model::classic();
    let currents = [7.0, 10.0, 20.0, 35.0, 50.0];
    let truths = truths(&model, &currents);
    let in_double = [0.05, 0.025, 0.0125].map(|dt_ms| last_errors::<f64>(&model, dt_ms, &currents, &truths));
    println!("{in_double:?}");
    for neuron in 0..currents.len() {
        let [coarse, middle, fine] = [0, 1, 2].map(|step| in_double[step][neuron]);
        for order in [(coarse / middle).log2(), (middle / fine).log2()] {
            assert!((order - 2.0).abs() < 0.1, "at {}: order {order}", currents[neuron]);
        }
        // 0.07 ms in a second at dt 0.025 and I = 10.
        assert!(middle < 0.04, "at {}: {middle}", currents[neuron]);
    }
    let in_single = last_errors::<f32>(&model, 0.025, &currents, &truths);
    println!("{in_single:?}");
    for (single, double) in in_single.iter().zip(&in_double[1]) {
        // Rounding of f32 over 16,000 steps.
        assert!((single - double).abs() < 2e-3, "{single} {double}");
    }
}

#[test]
fn any_other_rates_take_the_general_kernel_and_it_is_right() {
    let model = Model::traub_miles();
    let currents = [3.0, 5.0, 10.0];
    let truths = truths(&model, &currents);
    assert!(truths.iter().all(|train| train.len() > 5), "{truths:?}");
    let errors = [0.05, 0.025, 0.0125].map(|dt_ms| last_errors::<f64>(&model, dt_ms, &currents, &truths));
    for neuron in 0..currents.len() {
        let order = (errors[0][neuron] / errors[2][neuron]).log2() / 2.0;
        assert!((order - 2.0).abs() < 0.15, "at {}: order {order} {errors:?}", currents[neuron]);
    }
    let single = last_errors::<f32>(&model, 0.025, &currents, &truths);
    for (single, double) in single.iter().zip(&errors[1]) {
        assert!((single - double).abs() < 5e-3, "{single} {double}");
    }
    // The classic rates, but for a hair, through the general kernel.
    let mut almost = Model::classic();
    almost.rates[1] = Rate::exponential(4.0, -65.0, -18.0 * (1.0 + 1e-15));
    assert_ne!(almost.rates, Model::classic().rates);
    let currents = [7.0, 20.0];
    let options = PopulationOptions::default().with_currents(currents.to_vec());
    let [a, b] = [almost, Model::classic()].map(|model| spikes::<f64>(&model, 2, 0.025, 400.0, &options));
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(&b) {
        // Both kernels round V to cells, of different widths, before 0 / 0: up to 5e-7 mV.
        assert!((a.time_ms - b.time_ms).abs() < 5e-5, "{a:?} {b:?}");
    }
}

#[test]
fn far_outside_the_usual_range_the_kernels_still_follow_runge_kutta() {
    let model = Model::classic();
    for start_mv in [-195.0, -170.0, -150.0, -120.0, 70.0, 90.0, 115.0] {
        let start = State { v_mv: start_mv, ..model.resting_state() };
        let one = NeuronOptions::default().with_start(start).with_integrator(Integrator::Strang);
        let exact = Neuron::new(&model, 0.0002, &one.with_every(u64::MAX)).unwrap().run(5.0).unwrap();
        let exact = exact.firing.end.unwrap();
        let options = PopulationOptions::default().with_start(start);
        let mut double = Population::<f64>::new(&model, 20, 0.005, &options).unwrap();
        let mut single = Population::<f32>::new(&model, 20, 0.005, &options).unwrap();
        double.run(5.0, &mut Vec::new()).unwrap();
        single.run(5.0, &mut Vec::new()).unwrap();
        for state in double.states().into_iter().chain(single.states()) {
            let error = (state.v_mv - exact.v_mv).abs();
            // Order 2 of an action potential of 100 mV whose upstroke lasts 0.3 ms.
            assert!(error < 0.05, "from {start_mv}: {state:?} {exact:?}");
            assert!((state.n - exact.n).abs() < 1e-3 && (state.h - exact.h).abs() < 1e-3);
        }
    }
}

#[test]
fn a_neuron_that_leaves_the_physical_range_stops_the_run_at_its_step() {
    let mut currents = vec![0.0; 600];
    currents[401] = 4000.0;
    let options = PopulationOptions::default().with_currents(currents);
    let mut population = Population::<f64>::new(&Model::classic(), 600, 0.01, &options).unwrap();
    let mut spikes = Vec::new();
    let error = population.run(50.0, &mut spikes).unwrap_err();
    let NeuroError::LeftRange { neuron: 401, time_ms, v_mv } = error else { panic!("{error}") };
    assert!(v_mv > 120.0 && time_ms < 1.0, "{error}");
    assert_eq!(population.run(1.0, &mut spikes).unwrap_err(), error);
    assert!(spikes.iter().all(|spike| spike.time_ms <= time_ms));
}

#[test]
fn malformed_populations_are_refused() {
    let model = Model::classic();
    let options = PopulationOptions::default();
    for (neurons, dt_ms, options) in [
        (0, 0.025, options.clone()),
        (4, 0.0, options.clone()),
        (4, f64::NAN, options.clone()),
        (4, 1.0, options.clone()),
        (4, 0.025, options.clone().with_block(100)),
        (4, 0.025, options.clone().with_block(0)),
        (4, 0.025, options.clone().with_currents(vec![1.0; 3])),
        (4, 0.025, options.clone().with_currents(vec![f64::NAN; 4])),
        (4, 0.025, options.clone().with_starts(vec![State::QUESTION; 3])),
        (4, 0.025, options.clone().with_record(vec![4], 1)),
        (4, 0.025, options.clone().with_record(vec![0], 0)),
        (4, 0.025, options.clone().with_inputs(vec![vec![]], vec![0, 0, 0, 1])),
        (4, 0.025, options.clone().with_poisson(vec![PoissonGroup::new(1, f64::NAN, 1.0)])),
    ] {
        assert!(Population::<f64>::new(&model, neurons, dt_ms, &options).is_err());
    }
    let mut broken = model;
    broken.capacitance_uf_cm2 = 0.0;
    assert!(Population::<f64>::new(&broken, 4, 0.025, &options).is_err());
    let unstable = Population::<f32>::new(&model, 4, 1.0, &options).unwrap_err();
    assert!(matches!(unstable, NeuroError::UnstableStep { integrator: "staggered", .. }), "{unstable}");
}

#[test]
fn one_jump_of_any_size_at_any_place_in_a_step_is_seen_by_the_gates_to_order_two() {
    // Three steps, jumps at odd places: the errors fall by 16 for a factor 4, as the single neuron's do.
    let model = Model::classic();
    let arrivals = [(1.337, 6.0), (1.3391, 4.0), (9.001, 12.0), (22.22, -8.0)];
    let arrivals =
        arrivals.map(|(time_ms, weight_mv)| Arrival { time_ms, weight_mv, group: 0, source: None });
    let one = NeuronOptions::default().with_arrivals(arrivals.to_vec());
    let end = |dt_ms: f64, integrator| {
        let run = Neuron::new(&model, dt_ms, &one.clone().with_integrator(integrator)).unwrap();
        run.run(30.0).unwrap().firing.end.unwrap().v_mv
    };
    let truth = end(0.0005, Integrator::Rk4);
    let errors = [0.08, 0.02, 0.005].map(|dt_ms| (end(dt_ms, Integrator::Staggered) - truth).abs());
    assert!(errors[2] < errors[0] / 60.0, "{errors:?}");
}
