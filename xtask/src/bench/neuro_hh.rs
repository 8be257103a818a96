//! The rows of hexad-neuro-hh. An item is a step of a neuron; the error is that of the last spike of a second at
//! 10 uA/cm2, in ms, unless a row says otherwise.

use std::any::TypeId;
use std::error::Error;

use hexad_neuro_hh::{
    Connections, Current, Integrator, Model, NeuroError, Neuron, NeuronOptions, Population,
    PopulationOptions, Precision, Projection, Recording, Spike, State, Stream, StreamKey, SynapseKind,
    Threshold, Waveform, bombardment,
};
use serde_json::{Value, json};

use super::clock::time;
use super::growth::Job;
use super::peers::Environment;
use super::row::{Make, Other, Row, Target, Work, pool, work};

const NEURONS: usize = 4096;
const DT_MS: f64 = 0.025;
/// Of a call.
const CALL_MS: f64 = 100.0;
/// In uA/cm2.
const CURRENT: f64 = 10.0;

pub(crate) fn rows() -> Vec<(String, Make)> {
    let mut rows: Vec<(String, Make)> = Vec::new();
    let mut add = |name: &str, make: Make| rows.push((name.to_owned(), make));
    let bombarded = "4,096 neurons x 128 Poisson inputs";
    add(&format!("{bombarded}, f64, two cores"), Box::new(|| real_time_row::<f64>(3.5)));
    add(&format!("{bombarded}, f32, two cores"), Box::new(|| real_time_row::<f32>(6.0)));
    add(&format!("{bombarded}, f64, two cores over one"), Box::new(cores_row::<f64>));
    add(&format!("{bombarded}, f32, two cores over one"), Box::new(cores_row::<f32>));
    add(&format!("{bombarded}, f64"), Box::new(|| brian_row::<f64>(20.0)));
    add(&format!("{bombarded}, f32"), Box::new(|| brian_row::<f32>(35.0)));
    for (call, scheme, other, goal) in [
        ("neuron", "default", "NEURON", 25.0),
        ("neuron", "second order", "NEURON, second order", 25.0),
        ("arbor", "", "Arbor", 8.0),
    ] {
        let name = format!("4,096 neurons, a current only, f64, beside {other}");
        add(&name, Box::new(move || current_row(call, scheme, other, goal)));
    }
    let question = "the question's neuron, 300 ms, 5,000 inputs";
    add(&format!("{question}, beside its program with 100"), Box::new(|| question_row(true)));
    add(&format!("{question}, 3 ms in all"), Box::new(|| question_row(false)));
    add("COBA-HH, 4,000 neurons, 2 % connected, dt 0.1 ms, f64", Box::new(network_row));
    rows
}

pub(crate) const GROWTH: Job = Job {
    what: "100 ms of 128 Poisson inputs each, f64, dt 0.025 ms",
    items: "neurons",
    sizes: [256, 1024, 4096, 16_384],
    run: |neurons| {
        let mut population =
            Population::<f64>::new(&Model::classic(), neurons, DT_MS, &bombardment_of_128())?;
        let mut spikes: Vec<Spike> = Vec::new();
        time(|| population.run(CALL_MS, &mut spikes).map_err(Into::into))
    },
};

/// Additions, multiplications and divisions of a step of a classic neuron, as `population/kernel.rs` writes them.
const FLOPS: f64 = 96.0;

/// Spike times of one neuron at a constant current, by Runge and Kutta at a hundredth of the step.
struct Truth {
    start: State,
    /// The number of spikes in a second, and when the last of them is.
    spikes: usize,
    last_ms: f64,
}

impl Truth {
    fn new() -> Result<Self, NeuroError> {
        let model = Model::classic();
        let options = NeuronOptions::default()
            .with_integrator(Integrator::Rk4)
            .with_current(Current::constant(CURRENT))
            .with_every(u64::MAX);
        let spikes = Neuron::new(&model, 0.01 * DT_MS, &options)?.run(1000.0)?.firing.spikes;
        let last_ms = spikes.last().map_or(f64::NAN, |spike| spike.time_ms);
        Ok(Self { start: model.resting_state(), spikes: spikes.len(), last_ms })
    }

    /// How far the same spike of a population is off, in ms.
    fn error_ms<T: Precision>(&self) -> Result<f64, NeuroError> {
        let options = PopulationOptions::default().with_current(Current::constant(CURRENT));
        let mut spikes: Vec<Spike> = Vec::new();
        Population::<T>::new(&Model::classic(), 1, DT_MS, &options)?.run(1100.0, &mut spikes)?;
        Ok((spikes[self.spikes - 1].time_ms - self.last_ms).abs())
    }

    /// What a peer needs to tell its own error.
    fn call(&self, call: &str) -> Value {
        let State { v_mv, m, h, n } = self.start;
        json!({
            "call": call, "neurons": NEURONS, "duration_ms": CALL_MS, "dt_ms": DT_MS, "start": [v_mv, m, h, n],
            "spike_ms": self.last_ms, "spikes": self.spikes,
        })
    }
}

/// Steps of all neurons in a call.
const ITEMS: usize = NEURONS * 4000;

/// A population that goes on for [`CALL_MS`] at every call.
fn going_on<T: Precision + 'static>(options: &PopulationOptions) -> Result<Work, NeuroError> {
    let mut population = Population::<T>::new(&Model::classic(), NEURONS, DT_MS, options)?;
    let mut spikes: Vec<Spike> = Vec::new();
    Ok(work(move || {
        spikes.clear();
        population.run(CALL_MS, &mut spikes)
    }))
}

fn bombarded<T: Precision + 'static>() -> Result<Work, NeuroError> {
    going_on::<T>(&bombardment_of_128())
}

fn bombardment_of_128() -> PopulationOptions {
    PopulationOptions::default().with_poisson(bombardment(102, 26, 5.0, 1.0, 2.0, 1.0))
}

/// The machine's limit is measured in f64.
fn flops<T: 'static>() -> Option<f64> {
    (TypeId::of::<T>() == TypeId::of::<f64>()).then_some(FLOPS)
}

fn bombarded_on_two_cores<T: Precision + 'static>() -> Result<Work, Box<dyn Error>> {
    let (two, mut one) = (pool(2)?, bombarded::<T>()?);
    let mut call = move || one().map_err(|error| error.to_string());
    Ok(work(move || two.install(&mut call)))
}

fn real_time_row<T: Precision + 'static>(goal: f64) -> Result<Row, Box<dyn Error>> {
    Ok(Row {
        items: ITEMS,
        ours: bombarded_on_two_cores::<T>()?,
        other: Other::Given("the time simulated", 1e-3 * CALL_MS),
        target: Target::OnTwoCores(goal),
        error: Truth::new()?.error_ms::<T>()?,
        flops: flops::<T>(),
    })
}

fn cores_row<T: Precision + 'static>() -> Result<Row, Box<dyn Error>> {
    Ok(Row {
        items: ITEMS,
        ours: bombarded_on_two_cores::<T>()?,
        other: Other::Ours("one core", bombarded::<T>()?),
        target: Target::OnTwoCores(1.9),
        error: Truth::new()?.error_ms::<T>()?,
        flops: flops::<T>(),
    })
}

fn brian_row<T: Precision + 'static>(goal: f64) -> Result<Row, Box<dyn Error>> {
    let truth = Truth::new()?;
    Ok(Row {
        items: ITEMS,
        ours: bombarded::<T>()?,
        other: Other::Peer(Environment::Brian, "Brian 2 in C++, PoissonInput", truth.call("bombarded")),
        target: Target::TimesFaster(goal),
        error: truth.error_ms::<T>()?,
        flops: flops::<T>(),
    })
}

fn current_row(call: &str, scheme: &str, other: &'static str, goal: f64) -> Result<Row, Box<dyn Error>> {
    let truth = Truth::new()?;
    let mut call = truth.call(call);
    call["scheme"] = scheme.into();
    let options = PopulationOptions::default().with_current(Current::constant(CURRENT));
    Ok(Row {
        items: ITEMS,
        ours: going_on::<f64>(&options)?,
        other: Other::Peer(Environment::Cables, other, call),
        target: Target::TimesFaster(goal),
        error: truth.error_ms::<f64>()?,
        flops: Some(FLOPS),
    })
}

/// The error is that of the one spike without input, in ms.
fn question_row(beside_program: bool) -> Result<Row, Box<dyn Error>> {
    /// By DOP853 at its tightest, see `tests/reference/make_neuron.py`.
    const SPIKE_MS: f64 = 4.834_759_513_877_040_5;
    const DT_MS: f64 = 0.01;
    let silent = NeuronOptions::default().with_start(State::QUESTION).with_current(Current::constant(3.0));
    let model = Model::classic();
    let spikes = Neuron::new(&model, DT_MS, &silent)?.run(10.0)?.firing.spikes;
    let options = silent.with_poisson(bombardment(4000, 1000, 10.0, 0.5, 1.0, 4.0));
    let mut recording = Recording::default();
    let call = json!({
        "call": "bombarded", "neurons": 100, "excitatory": 80, "duration_ms": 300.0, "dt_ms": DT_MS, "spike_ms": SPIKE_MS,
    });
    let other = Other::Peer(Environment::Common, "the question's program", call);
    Ok(Row {
        items: 30_000,
        ours: work(move || Neuron::new(&model, DT_MS, &options)?.run_into(300.0, &mut recording)),
        other: if beside_program { other } else { Other::Nothing },
        target: if beside_program { Target::TimesFaster(1000.0) } else { Target::NsPerItem(100.0) },
        error: spikes.first().map_or(f64::NAN, |spike| (spike.time_ms - SPIKE_MS).abs()),
        flops: None,
    })
}

/// Brette et al. 2007, benchmark 3. The peer tells by what share its mean rate differs from ours.
fn network_row() -> Result<Row, Box<dyn Error>> {
    const NEURONS: usize = 4000;
    const DT_MS: f64 = 0.1;
    const SETTLED_MS: f64 = 300.0;
    let model = Model::traub_miles();
    let mut stream = Stream::new(&StreamKey::default());
    let starts = (0..NEURONS).map(|_| model.steady_state(-65.0 + 5.0 * stream.normal())).collect();
    let onset = Waveform::Step { from_ms: 0.0, until_ms: 20.0, value: 2.0 };
    let options = PopulationOptions::default()
        .with_starts(starts)
        .with_threshold(Threshold { level_mv: -20.0, rearm_mv: -40.0 })
        .with_current(Current::default().plus(onset));
    let projection = |sources, tau_ms, reversal_mv, weight, seed| -> Result<Projection, NeuroError> {
        let connections = Connections::random(sources, 0..NEURONS, 0.02, weight, DT_MS, seed)?;
        Ok(Projection { synapse: SynapseKind::Conductance { tau_ms, reversal_mv }, connections })
    };
    let wiring = [projection(0..3200, 5.0, 0.0, 0.03, 1)?, projection(3200..NEURONS, 10.0, -80.0, 0.335, 2)?];
    let mut network = Population::<f64>::new(&model, NEURONS, DT_MS, &options)?.connected(&wiring)?;
    let mut spikes: Vec<Spike> = Vec::new();
    network.run(SETTLED_MS, &mut spikes)?;
    spikes.clear();
    network.run(1000.0, &mut spikes)?;
    let rate_hz = spikes.len() as f64 / NEURONS as f64;
    let call = json!({ "call": "network", "duration_ms": 1000.0, "dt_ms": DT_MS, "rate_hz": rate_hz });
    Ok(Row {
        items: NEURONS * 10_000,
        ours: work(move || {
            spikes.clear();
            network.run(1000.0, &mut spikes)
        }),
        other: Other::Peer(Environment::Brian, "Brian 2 in C++", call),
        target: Target::TimesFaster(5.0),
        error: f64::NAN,
        flops: None,
    })
}
