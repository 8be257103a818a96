//! One neuron.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use hexad_neuro_hh::{
    Arrival, Integrator, NeuroError, Neuron, NeuronOptions, Recording, Sample, Synapse, Threshold,
    spike_times_ms,
};
use numpy::PyReadonlyArray1;
use pyo3::types::PyDict;
use pyo3::{Bound, PyResult, Python, pyfunction};

use super::drive::{self, Group, Term, groups};
use super::model::{NeuronModel, Numbers, numbers, state};
use crate::arrays::{array, column};
use crate::found::found;
use crate::interrupt::stoppable;
use crate::named::{Named, named};
use crate::run::refused;

/// Times and weights.
type Arrivals<'py> = (PyReadonlyArray1<'py, f64>, PyReadonlyArray1<'py, f64>);

const INTEGRATORS: Named<Integrator> = &[
    ("staggered", Integrator::Staggered),
    ("euler", Integrator::Euler),
    ("rk4", Integrator::Rk4),
    ("strang", Integrator::Strang),
    ("exponential", Integrator::Exponential),
    ("auto", Integrator::Auto { tolerance_ms: 0.0 }),
];
const SYNAPSES: Named<Synapse> = &[("delta", Synapse::Delta), ("seed", Synapse::Seed)];

/// Shorter runs are over before a thread for them has started.
const SHORT: f64 = 1e5;

/// Plays one neuron: see `hexad.neurons.Recording`.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "as many as there are")]
pub(crate) fn neuron_run<'py>(
    py: Python<'py>,
    duration_ms: f64,
    dt_ms: f64,
    model: &Bound<'py, NeuronModel>,
    current: Vec<Term<'py>>,
    poisson: Vec<Group<'py>>,
    arrivals: Option<Arrivals<'py>>,
    integrator: &str,
    tolerance_ms: f64,
    start: Option<Numbers>,
    synapse: &str,
    threshold_mv: f64,
    rearm_mv: f64,
    record_every: u64,
    seed: u64,
    repetition: u64,
    neuron: u64,
) -> PyResult<Bound<'py, PyDict>> {
    let integrator = match named("integrator", INTEGRATORS, integrator)? {
        Integrator::Auto { .. } => Integrator::Auto { tolerance_ms },
        integrator => integrator,
    };
    let mut options = NeuronOptions::default()
        .with_integrator(integrator)
        .with_current(drive::current(&current)?)
        .with_synapse(named("synapse", SYNAPSES, synapse)?)
        .with_threshold(Threshold { level_mv: threshold_mv, rearm_mv })
        .with_every(record_every)
        .with_seed(seed)
        .with_run(repetition)
        .with_neuron(neuron);
    if let Some(start) = start.map(state).or_else(|| model.get().rest()) {
        options = options.with_start(start);
    }
    if let Some(arrivals) = &arrivals {
        options = options.with_arrivals(given(arrivals)?);
    } else if !poisson.is_empty() {
        options = options.with_poisson(groups(&poisson)?);
    }
    let neuron = Neuron::new(&model.get().model, dt_ms, &options).map_err(refused)?;
    let recording = if duration_ms / dt_ms < SHORT {
        neuron.run(duration_ms).map_err(refused)?
    } else {
        listened(py, &neuron, duration_ms)?
    };
    let Recording { samples, firing } = recording;
    Ok(found!(py, {
        t_ms: array(py, samples.time_ms),
        v_mv: array(py, samples.v_mv),
        m: array(py, samples.m),
        h: array(py, samples.h),
        n: array(py, samples.n),
        i_na_ua_cm2: array(py, samples.i_na),
        i_k_ua_cm2: array(py, samples.i_k),
        i_l_ua_cm2: array(py, samples.i_l),
        synaptic_mv: array(py, samples.synaptic_mv),
        spikes_ms: array(py, spike_times_ms(&firing.spikes)),
        arrivals: array(py, firing.arrivals),
        end: firing.end.as_ref().map(numbers),
    }))
}

fn given((t_ms, weight_mv): &Arrivals<'_>) -> PyResult<Vec<Arrival>> {
    let pairs = column(t_ms)?.iter().zip(column(weight_mv)?);
    let arrival =
        |(t, weight): (&f64, &f64)| Arrival { time_ms: *t, weight_mv: *weight, group: 0, source: None };
    Ok(pairs.map(arrival).collect())
}

/// A run that Ctrl-C ends.
fn listened(py: Python<'_>, neuron: &Neuron, duration_ms: f64) -> PyResult<Recording> {
    let stop = AtomicBool::new(false);
    stoppable(
        py,
        || stop.store(true, Ordering::Relaxed),
        || {
            let Recording { mut samples, mut firing } = Recording::default();
            neuron.run_with(duration_ms, &mut firing, |sample: &Sample| {
                samples.push(sample);
                if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
            })?;
            Ok::<_, NeuroError>(Recording { samples, firing })
        },
    )
}
