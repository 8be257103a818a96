//! Currents and bombardment.

use hexad_neuro_hh::{Between, Current, Drawing, PoissonGroup, Waveform};
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::exceptions::PyValueError;
use pyo3::{Bound, FromPyObject, PyResult, Python, pyfunction};

use crate::arrays::column;
use crate::run::refused;

/// A waveform: its kind, its numbers, and the values of a table.
pub(crate) type Term<'py> = (String, Vec<f64>, Option<PyReadonlyArray1<'py, f64>>);

pub(super) fn waveform((kind, numbers, values): &Term<'_>) -> PyResult<Waveform> {
    Ok(match (kind.as_str(), numbers.as_slice(), values) {
        ("constant", &[value], None) => Waveform::Constant(value),
        ("step", &[from_ms, until_ms, value], None) => Waveform::Step { from_ms, until_ms, value },
        ("ramp", &[from_ms, until_ms, value], None) => Waveform::Ramp { from_ms, until_ms, value },
        ("sine", &[amplitude, frequency_hz, phase_turns], None) => {
            Waveform::Sine { amplitude, frequency_hz, phase_turns }
        }
        ("line" | "hold", &[start_ms, step_ms], Some(values)) => {
            let between = if kind == "line" { Between::Line } else { Between::Hold };
            Waveform::Table { start_ms, step_ms, values: column(values)?.to_vec(), between }
        }
        _ => return Err(PyValueError::new_err(format!("no waveform is {kind:?} with {numbers:?}"))),
    })
}

pub(super) fn current(terms: &[Term<'_>]) -> PyResult<Current> {
    terms.iter().try_fold(Current::default(), |sum, term| Ok(sum.plus(waveform(term)?)))
}

/// Values of a current at some times.
#[pyfunction]
pub(crate) fn neuron_current_at<'py>(
    py: Python<'py>,
    terms: Vec<Term<'py>>,
    t_ms: PyReadonlyArray1<'py, f64>,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let current = current(&terms)?;
    let values: Vec<f64> = column(&t_ms)?.iter().map(|time_ms| current.at(*time_ms)).collect();
    Ok(values.into_pyarray(py))
}

/// Frozen noise, white if `tau_ms` is 0.
#[pyfunction]
pub(crate) fn neuron_noise(
    py: Python<'_>,
    sd: f64,
    tau_ms: f64,
    interval_ms: f64,
    duration_ms: f64,
    seed: u64,
) -> PyResult<Bound<'_, PyArray1<f64>>> {
    match Waveform::correlated_noise(sd, tau_ms, interval_ms, duration_ms, seed).map_err(refused)? {
        Waveform::Table { values, .. } => Ok(values.into_pyarray(py)),
        _ => Err(PyValueError::new_err("noise is a table")),
    }
}

/// Poisson trains that act alike: see `hexad.neurons.Poisson`.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Group<'py> {
    sources: usize,
    rate_hz: f64,
    weight_mv: f64,
    release: f64,
    modulation: Option<Term<'py>>,
    per_source: bool,
}

pub(super) fn groups(asked: &[Group<'_>]) -> PyResult<Vec<PoissonGroup>> {
    asked.iter().map(Group::group).collect()
}

impl Group<'_> {
    fn group(&self) -> PyResult<PoissonGroup> {
        let drawing = if self.per_source { Drawing::PerSource } else { Drawing::Superposed };
        let group = PoissonGroup::new(self.sources, self.rate_hz, self.weight_mv)
            .with_release(self.release)
            .with_drawing(drawing);
        Ok(match &self.modulation {
            Some(term) => group.with_modulation(waveform(term)?),
            None => group,
        })
    }
}
