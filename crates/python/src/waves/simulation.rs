//! Runs.

use hexad_pde_leapfrog::{Clock, Fields, Simulation, Start};
use numpy::{IntoPyArray, PyArray2, PyReadonlyArrayDyn};
use pyo3::exceptions::PyRuntimeError;
use pyo3::types::{PyAny, PyBytes};
use pyo3::{Bound, PyResult, Python, pyclass, pymethods};

use hexad_core::ndarray::Array2;

use super::model::WaveModel;
use crate::interrupt::in_portions;
use crate::named::{Named, named};
use crate::run::{detached, refused};

pub(super) const STARTS: Named<Start> = &[
    ("taylor2", Start::Taylor2),
    ("taylor1", Start::Taylor1),
    ("exact", Start::Exact),
    ("naive", Start::Naive),
];

/// A run in either precision.
enum Run {
    Double(Simulation<f64>),
    Single(Simulation<f32>),
}

/// The same for a run of either precision.
macro_rules! either {
    ($run:expr, $one:ident => $work:expr) => {
        match $run {
            Run::Double($one) => $work,
            Run::Single($one) => $work,
        }
    };
}

/// The state of a model in time.
#[pyclass]
pub(crate) struct WaveSimulation {
    run: Run,
    cells: usize,
}

#[pymethods]
impl WaveSimulation {
    /// At rest.
    #[new]
    fn new(py: Python<'_>, model: &WaveModel, dt: f64, single: bool) -> PyResult<Self> {
        let model = &model.model;
        let clock = Clock::new(dt, 0).map_err(refused)?;
        let cells = model.grid().cells().iter().product();
        let made = detached(py, cells, || {
            Ok::<_, hexad_pde_leapfrog::WaveError>(if single {
                Run::Single(Simulation::new(model, &clock)?)
            } else {
                Run::Double(Simulation::new(model, &clock)?)
            })
        });
        Ok(Self { run: made?, cells })
    }

    /// Sets the fields at time 0; velocities that are left out are 0.
    fn start_from(
        &mut self,
        py: Python<'_>,
        pressure: Option<PyReadonlyArrayDyn<'_, f64>>,
        velocity: Option<Vec<PyReadonlyArrayDyn<'_, f64>>>,
        start: &str,
    ) -> PyResult<()> {
        let start = named("start", STARTS, start)?;
        let mut fields = Fields::at_rest(either!(&self.run, run => run.model()));
        if let Some(pressure) = pressure {
            fields.pressure = pressure.as_array().to_owned();
        }
        if let Some(velocity) = velocity {
            fields.velocity = velocity.iter().map(|field| field.as_array().to_owned()).collect();
        }
        detached(py, self.cells, || either!(&mut self.run, run => run.start_from(&fields, start)))
    }

    fn advance(&mut self, py: Python<'_>, steps: u64, progress: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
        in_portions(
            py,
            steps,
            self.cells,
            progress,
            |steps| either!(&mut self.run, run => run.advance(steps)),
        )
    }

    fn jump(&mut self, py: Python<'_>, steps: u64) -> PyResult<()> {
        detached(py, self.cells, || either!(&mut self.run, run => run.jump(steps)))
    }

    fn pressure<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        either!(&self.run, run => Ok(run.pressure().map_err(refused)?.into_pyarray(py).into_any()))
    }

    fn velocity<'py>(&self, py: Python<'py>, axis: usize) -> PyResult<Bound<'py, PyAny>> {
        either!(&self.run, run => Ok(run.velocity(axis).map_err(refused)?.into_pyarray(py).into_any()))
    }

    /// What each receiver heard from step `first` on, in rows.
    fn traces<'py>(&self, py: Python<'py>, first: usize) -> PyResult<Bound<'py, PyArray2<f64>>> {
        let traces = either!(&self.run, run => run.traces());
        let tails: Vec<&[f64]> = traces.iter().map(|trace| trace.get(first..).unwrap_or(&[])).collect();
        let shape = (tails.len(), tails.first().map_or(0, |tail| tail.len()));
        let array = Array2::from_shape_vec(shape, tails.concat());
        Ok(array.map_err(|error| PyRuntimeError::new_err(error.to_string()))?.into_pyarray(py))
    }

    fn energy(&self, py: Python<'_>) -> f64 {
        py.detach(|| either!(&self.run, run => run.energy()))
    }

    /// Refuses a pressure that is not finite.
    fn check(&self, py: Python<'_>) -> PyResult<()> {
        detached(py, self.cells, || either!(&self.run, run => run.check()))
    }

    fn keep_every(&mut self, steps: u64) {
        either!(&mut self.run, run => run.keep_every(steps));
    }

    fn checkpoint<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = detached(py, self.cells, || either!(&self.run, run => run.checkpoint()))?;
        Ok(PyBytes::new(py, &bytes))
    }

    fn resume(&mut self, py: Python<'_>, checkpoint: &[u8]) -> PyResult<()> {
        detached(py, self.cells, || either!(&mut self.run, run => run.resume(checkpoint)))
    }

    fn step(&self) -> u64 {
        either!(&self.run, run => run.step())
    }

    fn time(&self) -> f64 {
        either!(&self.run, run => run.time())
    }

    fn dt(&self) -> f64 {
        either!(&self.run, run => run.dt())
    }
}
