//! Many neurons, wired or not.

use std::ops::ControlFlow;

use hexad_neuro_hh::{
    Connections, NeuroError, Population, PopulationOptions, Precision, Projection, Recorder, Spike,
    SynapseKind, Threshold,
};
use numpy::{IntoPyArray, PyArray1, PyArray2, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::types::{PyAny, PyBytes};
use pyo3::{Bound, FromPyObject, PyResult, Python, pyclass, pyfunction, pymethods};

use hexad_core::ndarray::Array2;

use super::drive::{Group, Term, current, groups};
use super::model::{NeuronModel, numbers, state};
use crate::arrays::column;
use crate::interrupt::in_portions;
use crate::run::{detached, refused};

/// What `hexad.neurons` hands over.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Asked<'py> {
    model: Bound<'py, NeuronModel>,
    neurons: usize,
    dt_ms: f64,
    current: Vec<Term<'py>>,
    currents: Option<PyReadonlyArray1<'py, f64>>,
    inputs: Vec<Vec<Group<'py>>>,
    input_of: Vec<usize>,
    /// Rows of V, m, h, n: none, one for all, or one each.
    start: Option<PyReadonlyArray2<'py, f64>>,
    threshold_mv: f64,
    rearm_mv: f64,
    seed: u64,
    first: u64,
    repetition: u64,
    record: Vec<usize>,
    record_every: u64,
    single: bool,
    wiring: Vec<Wires<'py>>,
}

/// Connections of one kind.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Wires<'py> {
    synapse: String,
    tau_ms: f64,
    reversal_mv: f64,
    sources: PyReadonlyArray1<'py, u64>,
    targets: PyReadonlyArray1<'py, u64>,
    weights: PyReadonlyArray1<'py, f64>,
    delays_ms: PyReadonlyArray1<'py, f64>,
}

impl Wires<'_> {
    fn projection(&self) -> PyResult<Projection> {
        let Self { tau_ms, reversal_mv, .. } = *self;
        let synapse = match self.synapse.as_str() {
            "exponential" => SynapseKind::ExponentialCurrent { tau_ms },
            "alpha" => SynapseKind::AlphaCurrent { tau_ms },
            "conductance" => SynapseKind::Conductance { tau_ms, reversal_mv },
            _ => SynapseKind::Delta,
        };
        let connections = Connections {
            sources: indices(&self.sources)?,
            targets: indices(&self.targets)?,
            weights: column(&self.weights)?.to_vec(),
            delays_ms: column(&self.delays_ms)?.to_vec(),
        };
        Ok(Projection { synapse, connections })
    }
}

fn indices(array: &PyReadonlyArray1<'_, u64>) -> PyResult<Vec<usize>> {
    Ok(column(array)?.iter().map(|index| usize::try_from(*index).unwrap_or(usize::MAX)).collect())
}

impl Asked<'_> {
    fn options(&self) -> PyResult<PopulationOptions> {
        let mut options = PopulationOptions::default()
            .with_current(current(&self.current)?)
            .with_threshold(Threshold { level_mv: self.threshold_mv, rearm_mv: self.rearm_mv })
            .with_seed(self.seed)
            .with_run(self.repetition)
            .with_first(self.first);
        if let Some(currents) = &self.currents {
            options = options.with_currents(column(currents)?.to_vec());
        }
        if !self.inputs.is_empty() {
            let inputs = self.inputs.iter().map(|input| groups(input)).collect::<PyResult<Vec<_>>>()?;
            options = options.with_inputs(inputs, self.input_of.clone());
        }
        if let Some(start) = &self.start {
            let rows = start.as_array();
            let starts = rows.rows().into_iter().map(|row| state((row[0], row[1], row[2], row[3])));
            options = options.with_starts(starts.collect());
        }
        if !self.record.is_empty() {
            options = options.with_record(self.record.clone(), self.record_every);
        }
        Ok(options)
    }

    fn population<T: Precision>(&self) -> PyResult<Population<T>> {
        let new = Population::new(&self.model.get().model, self.neurons, self.dt_ms, &self.options()?)
            .map_err(refused)?;
        if self.wiring.is_empty() {
            return Ok(new);
        }
        let wiring = self.wiring.iter().map(Wires::projection).collect::<PyResult<Vec<_>>>()?;
        new.connected(&wiring).map_err(refused)
    }
}

/// Keeps spikes and potentials.
#[derive(Default)]
struct Kept {
    spikes: Vec<Spike>,
    t_ms: Vec<f64>,
    v_mv: Vec<f64>,
}

impl Recorder for Kept {
    fn spikes(&mut self, spikes: &[Spike]) -> ControlFlow<()> {
        self.spikes.extend_from_slice(spikes);
        ControlFlow::Continue(())
    }

    fn potentials(&mut self, time_ms: f64, v_mv: &[f64]) -> ControlFlow<()> {
        self.t_ms.push(time_ms);
        self.v_mv.extend_from_slice(v_mv);
        ControlFlow::Continue(())
    }
}

/// What a run found, as Python names it: see `hexad.neurons.Spikes`.
#[derive(pyo3::IntoPyObject)]
pub(crate) struct Found<'py> {
    neuron: Bound<'py, PyArray1<u64>>,
    t_ms: Bound<'py, PyArray1<f64>>,
    v_t_ms: Bound<'py, PyArray1<f64>>,
    v_mv: Bound<'py, PyArray2<f64>>,
    /// The step of each spike, and where in it, by which they are sorted.
    order: Option<Order<'py>>,
}

type Order<'py> = (Bound<'py, PyArray1<u64>>, Bound<'py, PyArray1<f64>>);

/// A population of either precision.
enum Either {
    Double(Box<Population<f64>>),
    Single(Box<Population<f32>>),
}

/// The same for a population of either precision.
macro_rules! either {
    ($population:expr, $one:ident => $work:expr) => {
        match $population {
            Either::Double($one) => $work,
            Either::Single($one) => $work,
        }
    };
}

/// Neurons that have run so far.
#[pyclass]
pub(crate) struct NeuronPopulation {
    population: Either,
    dt_ms: f64,
    recorded: usize,
}

#[pymethods]
impl NeuronPopulation {
    #[new]
    fn new(asked: Asked<'_>) -> PyResult<Self> {
        let population = if asked.single {
            Either::Single(Box::new(asked.population()?))
        } else {
            Either::Double(Box::new(asked.population()?))
        };
        Ok(Self { population, dt_ms: asked.dt_ms, recorded: asked.record.len() })
    }

    /// Makes `steps` steps more; `ordered` tells what spikes are sorted by.
    fn run<'py>(
        &mut self,
        py: Python<'py>,
        steps: u64,
        progress: Option<&Bound<'py, PyAny>>,
        ordered: bool,
    ) -> PyResult<Found<'py>> {
        let (mut kept, dt_ms) = (Kept::default(), self.dt_ms);
        let population = &mut self.population;
        let neurons = either!(&*population, population => population.neurons());
        in_portions(
            py,
            steps,
            neurons,
            progress,
            |steps| either!(&mut *population, population => population.run(steps as f64 * dt_ms, &mut kept)),
        )?;
        let Kept { spikes, t_ms, v_mv } = kept;
        let potentials = Array2::from_shape_vec((t_ms.len(), self.recorded), v_mv).map_err(refused)?;
        let order = || {
            let (step, offset) = spikes.iter().map(|spike| (spike.step, spike.offset)).unzip();
            (Vec::into_pyarray(step, py), Vec::into_pyarray(offset, py))
        };
        Ok(Found {
            order: ordered.then(order),
            neuron: spikes.iter().map(|spike| spike.neuron as u64).collect::<Vec<_>>().into_pyarray(py),
            t_ms: spikes.iter().map(|spike| spike.time_ms).collect::<Vec<_>>().into_pyarray(py),
            v_t_ms: t_ms.into_pyarray(py),
            v_mv: potentials.into_pyarray(py),
        })
    }

    fn steps(&self) -> u64 {
        either!(&self.population, population => population.steps())
    }

    /// Rows of V, m, h, n.
    fn states<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyArray2<f64>>> {
        let states = either!(&self.population, population => population.states());
        let values: Vec<f64> = states.iter().flat_map(|state| <[f64; 4]>::from(numbers(state))).collect();
        Ok(Array2::from_shape_vec((states.len(), 4), values).map_err(refused)?.into_pyarray(py))
    }

    fn checkpoint<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let bytes = py.detach(|| either!(&self.population, population => population.checkpoint()));
        PyBytes::new(py, &bytes)
    }

    fn resume(&mut self, py: Python<'_>, checkpoint: &[u8]) -> PyResult<()> {
        detached(py, usize::MAX, || -> Result<(), NeuroError> {
            either!(&mut self.population, population => population.resume(checkpoint))
        })
    }
}

/// Sources and targets of the pairs of two different neurons that chance connects.
#[pyfunction]
pub(crate) fn neuron_random_connections<'py>(
    py: Python<'py>,
    sources: (usize, usize),
    targets: (usize, usize),
    probability: f64,
    seed: u64,
) -> PyResult<[Bound<'py, PyArray1<u64>>; 2]> {
    let (sources, targets) = (sources.0..sources.1, targets.0..targets.1);
    let pairs =
        detached(py, usize::MAX, || Connections::random(sources, targets, probability, 0.0, 0.0, seed))?;
    let array = |indices: Vec<usize>| {
        indices.into_iter().map(|index| index as u64).collect::<Vec<_>>().into_pyarray(py)
    };
    Ok([array(pairs.sources), array(pairs.targets)])
}
