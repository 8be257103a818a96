//! One neuron.

use std::ops::ControlFlow;
use std::sync::atomic::{AtomicBool, Ordering};

use hexad_neuro_hh::{
    Arrival, Integrator, NeuroError, Neuron, NeuronOptions, Recording, Sample, Synapse, Threshold,
    spike_times_ms,
};
use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::{Bound, FromPyObject, PyResult, Python, pyfunction};

use super::drive::{Group, Term, current, groups};
use super::model::{Numbers, Parameters, numbers, state};
use crate::arrays::{array, column};
use crate::interrupt::stoppable;
use crate::named::{Named, named};
use crate::run::{detached, refused};

/// What `hexad.neurons.run` hands over.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Asked<'py> {
    model: Parameters,
    dt_ms: f64,
    current: Vec<Term<'py>>,
    poisson: Vec<Group<'py>>,
    /// Times and weights.
    arrivals: Option<(PyReadonlyArray1<'py, f64>, PyReadonlyArray1<'py, f64>)>,
    integrator: String,
    tolerance_ms: f64,
    start: Option<Numbers>,
    synapse: String,
    threshold_mv: f64,
    rearm_mv: f64,
    record_every: u64,
    seed: u64,
    repetition: u64,
    neuron: u64,
}

const INTEGRATORS: Named<Integrator> = &[
    ("staggered", Integrator::Staggered),
    ("euler", Integrator::Euler),
    ("rk4", Integrator::Rk4),
    ("strang", Integrator::Strang),
    ("exponential", Integrator::Exponential),
    ("auto", Integrator::Auto { tolerance_ms: 0.0 }),
];
const SYNAPSES: Named<Synapse> = &[("delta", Synapse::Delta), ("seed", Synapse::Seed)];

impl Asked<'_> {
    fn neuron(&self) -> PyResult<Neuron> {
        let integrator = match named("integrator", INTEGRATORS, &self.integrator)? {
            Integrator::Auto { .. } => Integrator::Auto { tolerance_ms: self.tolerance_ms },
            integrator => integrator,
        };
        let mut options = NeuronOptions::default()
            .with_integrator(integrator)
            .with_current(current(&self.current)?)
            .with_synapse(named("synapse", SYNAPSES, &self.synapse)?)
            .with_threshold(Threshold { level_mv: self.threshold_mv, rearm_mv: self.rearm_mv })
            .with_every(self.record_every)
            .with_seed(self.seed)
            .with_run(self.repetition)
            .with_neuron(self.neuron);
        if let Some(start) = self.start {
            options = options.with_start(state(start));
        }
        if let Some((t_ms, weight_mv)) = &self.arrivals {
            let pairs = column(t_ms)?.iter().zip(column(weight_mv)?);
            let arrival = |(t, weight): (&f64, &f64)| Arrival {
                time_ms: *t,
                weight_mv: *weight,
                group: 0,
                source: None,
            };
            options = options.with_arrivals(pairs.map(arrival).collect());
        } else if !self.poisson.is_empty() {
            options = options.with_poisson(groups(&self.poisson)?);
        }
        Neuron::new(&self.model.model()?, self.dt_ms, &options).map_err(refused)
    }
}

/// What a run found, as Python names it: see `hexad.neurons.Recording`.
#[derive(pyo3::IntoPyObject)]
pub(crate) struct Found<'py> {
    t_ms: Bound<'py, PyArray1<f64>>,
    v_mv: Bound<'py, PyArray1<f64>>,
    m: Bound<'py, PyArray1<f64>>,
    h: Bound<'py, PyArray1<f64>>,
    n: Bound<'py, PyArray1<f64>>,
    i_na_ua_cm2: Bound<'py, PyArray1<f64>>,
    i_k_ua_cm2: Bound<'py, PyArray1<f64>>,
    i_l_ua_cm2: Bound<'py, PyArray1<f64>>,
    synaptic_mv: Bound<'py, PyArray1<f64>>,
    spikes_ms: Bound<'py, PyArray1<f64>>,
    arrivals: Bound<'py, PyArray1<u64>>,
    end: Option<Numbers>,
}

/// Shorter runs are over before a thread for them has started.
const SHORT: f64 = 1e5;

/// Plays one neuron.
#[pyfunction]
pub(crate) fn neuron_run<'py>(py: Python<'py>, duration_ms: f64, asked: Asked<'py>) -> PyResult<Found<'py>> {
    let neuron = asked.neuron()?;
    let stop = AtomicBool::new(false);
    let work = || {
        let Recording { mut samples, mut firing } = Recording::default();
        neuron.run_with(duration_ms, &mut firing, |sample: &Sample| {
            samples.push(sample);
            if stop.load(Ordering::Relaxed) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        })?;
        Ok::<_, NeuroError>(Recording { samples, firing })
    };
    let recording = if duration_ms / asked.dt_ms < SHORT {
        detached(py, 0, work)?
    } else {
        stoppable(py, || stop.store(true, Ordering::Relaxed), work)?
    };
    let Recording { samples, firing } = recording;
    Ok(Found {
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
    })
}
