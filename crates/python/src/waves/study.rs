//! Convergence studies.

use std::sync::{Mutex, PoisonError};

use hexad_pde_leapfrog::{
    Clock, ErrorTime, Measured, Model, Norms, PlaneWaves, Solution, StepRule, Stop, Study, StudyOptions,
    StudyRow, Verdict, WaveError, converge, converge_by_richardson, converge_grid,
    converge_grid_by_richardson,
};
use numpy::{IntoPyArray, PyArray1};
use pyo3::exceptions::PyRuntimeError;
use pyo3::types::{PyAny, PyAnyMethods, PyTuple};
use pyo3::{Bound, FromPyObject, Py, PyErr, PyRef, PyResult, Python, pyfunction};
use rayon::ThreadPoolBuilder;

use super::model::WaveModel;
use super::simulation::STARTS;
use crate::interrupt::stoppable;
use crate::named::{Named, named};
use crate::run::{pool, refused};

/// What `hexad.waves` asks of a study.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Asked {
    cells: Vec<usize>,
    courant: f64,
    duration: f64,
    start: String,
    error: String,
    step_rule: String,
    richardson: bool,
}

const ERRORS: Named<ErrorTime> = &[("largest", ErrorTime::Largest), ("end", ErrorTime::End)];
const STEP_RULES: Named<StepRule> = &[("courant", StepRule::Courant), ("matched", StepRule::Matched)];

impl Asked {
    fn options(&self) -> PyResult<StudyOptions> {
        Ok(StudyOptions::default()
            .with_cells(&self.cells)
            .with_courant(self.courant)
            .with_end_time(self.duration)
            .with_start(named("start", STARTS, &self.start)?)
            .with_error_time(named("error", ERRORS, &self.error)?)
            .with_step_rule(named("step_rule", STEP_RULES, &self.step_rule)?))
    }
}

/// A solution by name, or the two functions of one.
#[derive(FromPyObject)]
pub(crate) enum AskedSolution {
    Name(String),
    Functions(Py<PyAny>, Vec<Py<PyAny>>),
}

/// Python functions of `x, ..., t`, one for the velocity along each axis; the first error ends the study.
struct Called {
    pressure: Py<PyAny>,
    velocity: Vec<Py<PyAny>>,
    stop: Stop,
    error: Mutex<Option<PyErr>>,
}

impl Called {
    fn call(&self, function: &Py<PyAny>, x: &[f64], t: f64) -> f64 {
        let value = Python::attach(|py| {
            let arguments = PyTuple::new(py, x.iter().copied().chain([t]).collect::<Vec<_>>())?;
            function.bind(py).call1(arguments)?.extract::<f64>()
        });
        value.unwrap_or_else(|error| {
            self.stop.stop();
            self.error.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
            f64::NAN
        })
    }
}

impl Solution for Called {
    fn pressure(&self, x: &[f64], t: f64) -> f64 {
        self.call(&self.pressure, x, t)
    }

    fn velocity(&self, axis: usize, x: &[f64], t: f64) -> f64 {
        self.velocity.get(axis).map_or(f64::NAN, |function| self.call(function, x, t))
    }
}

/// What a study found, as Python names it: see `hexad.waves.Study`.
#[derive(pyo3::IntoPyObject)]
pub(crate) struct Found<'py> {
    cells: Bound<'py, PyArray1<u64>>,
    dx: Bound<'py, PyArray1<f64>>,
    dt: Bound<'py, PyArray1<f64>>,
    steps: Bound<'py, PyArray1<u64>>,
    error_p: Bound<'py, PyArray1<f64>>,
    error_u: Bound<'py, PyArray1<f64>>,
    l1_p: Bound<'py, PyArray1<f64>>,
    l1_u: Bound<'py, PyArray1<f64>>,
    max_p: Bound<'py, PyArray1<f64>>,
    max_u: Bound<'py, PyArray1<f64>>,
    order_p: Bound<'py, PyArray1<f64>>,
    order_u: Bound<'py, PyArray1<f64>>,
    observed_order_p: f64,
    observed_order_u: f64,
    expected_order: f64,
    verdict: &'static str,
    meaning: String,
    table: String,
}

/// A study of `models`, one for each of the grids.
#[pyfunction]
pub(crate) fn wave_study<'py>(
    py: Python<'py>,
    solution: AskedSolution,
    models: Vec<PyRef<'py, WaveModel>>,
    asked: Asked,
) -> PyResult<Found<'py>> {
    let grids = asked.cells.iter().copied().zip(models).collect();
    let job = Job::new(grids, &asked)?;
    Ok(found(py, &job.run(py, solution, Job::study)?))
}

/// What was measured on a grid: spacing, step, number of steps, L1, L2 and largest error of the pressure and of the
/// velocity, largest pressure.
type Numbers = (f64, f64, u64, [f64; 3], [f64; 3], f64);

/// What a study measures on grid `index`, from the models that it needs and their cells.
#[pyfunction]
pub(crate) fn wave_grid<'py>(
    py: Python<'py>,
    solution: AskedSolution,
    models: Vec<(usize, PyRef<'py, WaveModel>)>,
    asked: Asked,
    index: usize,
) -> PyResult<Numbers> {
    let found = Job::new(models, &asked)?.run(py, solution, |job, solution| job.grid(solution, index))?;
    let norms = |norms: Norms| [norms.l1, norms.l2, norms.max];
    let Measured { dx, clock, pressure, velocity, scale } = found;
    Ok((dx, clock.dt(), clock.steps(), norms(pressure), norms(velocity), scale))
}

/// The study of what was measured on its grids, the coarsest of which is that of `coarsest`.
#[pyfunction]
pub(crate) fn wave_study_of_grids<'py>(
    py: Python<'py>,
    coarsest: PyRef<'py, WaveModel>,
    measured: Vec<Numbers>,
    asked: Asked,
) -> PyResult<Found<'py>> {
    let norms = |[l1, l2, max]: [f64; 3]| Norms { l1, l2, max };
    let grid = |(dx, dt, steps, pressure, velocity, scale): Numbers| {
        let clock = Clock::new(dt, steps)?;
        Ok(Measured { dx, clock, pressure: norms(pressure), velocity: norms(velocity), scale })
    };
    let measured = measured.into_iter().map(grid).collect::<Result<Vec<_>, WaveError>>().map_err(refused)?;
    let options = asked.options()?;
    let study = if asked.richardson {
        Study::of_grids_by_richardson(&measured, &options)
    } else {
        Study::of_grids(&coarsest.model, &measured, &options)
    };
    Ok(found(py, &study.map_err(refused)?))
}

const SOLUTIONS: Named<fn(usize) -> PlaneWaves> =
    &[("one_wave", PlaneWaves::question), ("two_waves", PlaneWaves::two_waves)];

struct Job {
    /// By their cells.
    models: Vec<(usize, Model)>,
    options: StudyOptions,
    stop: Stop,
    richardson: bool,
}

impl Job {
    fn new(models: Vec<(usize, PyRef<'_, WaveModel>)>, asked: &Asked) -> PyResult<Self> {
        let stop = Stop::default();
        let options = asked.options()?.with_stop(&stop);
        let models = models.iter().map(|(cells, model)| (*cells, model.model.clone())).collect();
        Ok(Self { models, options, stop, richardson: asked.richardson })
    }

    /// Does `work`, which Ctrl-C and errors of the solution's functions end.
    fn run<R: Send>(
        &self,
        py: Python<'_>,
        solution: AskedSolution,
        work: impl Fn(&Self, &dyn Solution) -> Result<R, WaveError> + Sync,
    ) -> PyResult<R> {
        match solution {
            AskedSolution::Name(name) => {
                let dims = self.models.first().map_or(1, |(_, model)| model.grid().dims());
                let waves = named("solution", SOLUTIONS, &name)?(dims);
                let pool = pool()?;
                stoppable(py, || self.stop.stop(), || pool.install(|| work(self, &waves)))
            }
            AskedSolution::Functions(pressure, velocity) => {
                let called = Called { pressure, velocity, stop: self.stop.clone(), error: Mutex::default() };
                // Python calls one function at a time.
                let alone = ThreadPoolBuilder::new().num_threads(1).build();
                let alone = alone.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
                let work = || alone.install(|| Python::attach(|_| work(self, &called)));
                let found = stoppable(py, || self.stop.stop(), work);
                match called.error.into_inner().unwrap_or_else(PoisonError::into_inner) {
                    Some(error) => Err(error),
                    None => found,
                }
            }
        }
    }

    fn study(&self, solution: &dyn Solution) -> Result<Study, WaveError> {
        let model = |cells| self.model(cells);
        if self.richardson {
            converge_by_richardson(solution, model, &self.options)
        } else {
            converge(solution, model, &self.options)
        }
    }

    fn grid(&self, solution: &dyn Solution, index: usize) -> Result<Measured, WaveError> {
        let model = |cells| self.model(cells);
        if self.richardson {
            converge_grid_by_richardson(solution, model, &self.options, index)
        } else {
            converge_grid(solution, model, &self.options, index)
        }
    }

    fn model(&self, cells: usize) -> Result<Model, WaveError> {
        let found = self.models.iter().find(|(grid, _)| *grid == cells);
        let missing = WaveError::TooFewGrids { needed: self.options.cells.len(), got: self.models.len() };
        found.map(|(_, model)| model.clone()).ok_or(missing)
    }
}

fn found<'py>(py: Python<'py>, study: &Study) -> Found<'py> {
    let reals =
        |value: fn(&StudyRow) -> f64| study.rows.iter().map(value).collect::<Vec<_>>().into_pyarray(py);
    let counts =
        |value: fn(&StudyRow) -> u64| study.rows.iter().map(value).collect::<Vec<_>>().into_pyarray(py);
    let verdict = match study.verdict {
        Verdict::Confirmed => "confirmed",
        Verdict::Lower => "lower",
        Verdict::Higher => "higher",
        Verdict::MagicStep => "magic_step",
        _ => "rounding",
    };
    Found {
        cells: counts(|row| row.cells as u64),
        dx: reals(|row| row.dx),
        dt: reals(|row| row.dt),
        steps: counts(|row| row.steps),
        error_p: reals(|row| row.error_p.l2),
        error_u: reals(|row| row.error_u.l2),
        l1_p: reals(|row| row.error_p.l1),
        l1_u: reals(|row| row.error_u.l1),
        max_p: reals(|row| row.error_p.max),
        max_u: reals(|row| row.error_u.max),
        order_p: reals(|row| row.order_p.unwrap_or(f64::NAN)),
        order_u: reals(|row| row.order_u.unwrap_or(f64::NAN)),
        observed_order_p: study.observed_order_p,
        observed_order_u: study.observed_order_u,
        expected_order: study.expected_order,
        verdict,
        meaning: study.verdict.to_string(),
        table: study.to_string(),
    }
}
