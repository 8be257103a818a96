//! Signals as few lines.

use hexad_spectral::{ErrorNorm, FitLinesOptions, FitUntil, LineConstant, Selection};
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::{Bound, FromPyObject, PyResult, Python, pyfunction};

use crate::arrays::column;
use crate::named::{Named, named};
use crate::run::detached;

const NORMS: Named<ErrorNorm> = &[("l2", ErrorNorm::L2), ("max", ErrorNorm::Max)];

/// What both give back: see `hexad.spectral.Rebuild` and `hexad.spectral.LineFit`.
#[derive(pyo3::IntoPyObject)]
pub(crate) struct Found<'py> {
    f: Bound<'py, PyArray1<f64>>,
    amplitude: Bound<'py, PyArray1<f64>>,
    phase: Bound<'py, PyArray1<f64>>,
    relative_l2_error: f64,
    relative_max_error: f64,
    energy_fraction: f64,
    y: Bound<'py, PyArray1<f64>>,
    residual: Bound<'py, PyArray1<f64>>,
}

/// Which lines to keep: one of these.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Asked {
    count: Option<usize>,
    threshold: Option<f64>,
    band: Option<(f64, f64)>,
    error: Option<f64>,
    norm: String,
}

impl Asked {
    fn selection(&self) -> PyResult<Selection> {
        let norm = named("norm", NORMS, &self.norm)?;
        Ok(match *self {
            Self { count: Some(count), .. } => Selection::Count(count),
            Self { threshold: Some(amplitude), .. } => Selection::Threshold(amplitude),
            Self { band: Some((low_hz, high_hz)), .. } => Selection::Band { low_hz, high_hz },
            Self { error, .. } => Selection::Error { relative: error.unwrap_or(0.0), norm },
        })
    }
}

/// A signal rebuilt from some of its lines; with it the bins and the number of complex ones.
#[pyfunction]
pub(crate) fn rebuild<'py>(
    py: Python<'py>,
    x: PyReadonlyArray1<'py, f64>,
    fs: f64,
    asked: Asked,
) -> PyResult<(Found<'py>, Bound<'py, PyArray1<u64>>, usize)> {
    let (signal, selection) = (column(&x)?, asked.selection()?);
    let found = detached(py, signal.len(), || hexad_spectral::rebuild(signal, fs, selection))?;
    let array = |values: Vec<f64>| values.into_pyarray(py);
    let bins: Vec<u64> = found.lines.iter().map(|line| line.bin as u64).collect();
    let result = Found {
        f: array(found.lines.iter().map(|line| line.frequency_hz).collect()),
        amplitude: array(found.lines.iter().map(|line| line.amplitude).collect()),
        phase: array(found.lines.iter().map(|line| line.phase).collect()),
        relative_l2_error: found.relative_l2_error,
        relative_max_error: found.relative_max_error,
        energy_fraction: found.energy_fraction,
        y: array(found.samples),
        residual: array(found.residual),
    };
    Ok((result, bins.into_pyarray(py), found.complex_bins))
}

/// Standard deviations of frequencies, amplitudes and phases, and that of the residual.
type Deviations<'py> = (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>, f64);

/// Tones of any frequency, fitted; and how sure they are.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "as many as there are")]
pub(crate) fn fit_lines<'py>(
    py: Python<'py>,
    x: PyReadonlyArray1<'py, f64>,
    fs: f64,
    count: Option<usize>,
    error: f64,
    norm: &str,
    at_most: usize,
    constant: bool,
) -> PyResult<(Found<'py>, Deviations<'py>)> {
    let signal = column(&x)?;
    let until = match count {
        Some(count) => FitUntil::Count(count),
        None => FitUntil::Error { relative: error, norm: named("norm", NORMS, norm)?, at_most },
    };
    let constant = if constant { LineConstant::Fitted } else { LineConstant::Zero };
    let options = FitLinesOptions::default().with_constant(constant);
    let found = detached(py, signal.len(), || hexad_spectral::fit_lines(signal, fs, until, &options))?;
    let array = |values: Vec<f64>| values.into_pyarray(py);
    let deviations = (
        array(found.lines.iter().map(|line| line.frequency_sd_hz).collect()),
        array(found.lines.iter().map(|line| line.amplitude_sd).collect()),
        array(found.lines.iter().map(|line| line.phase_sd).collect()),
        found.residual_sd,
    );
    let result = Found {
        f: array(found.lines.iter().map(|line| line.frequency_hz).collect()),
        amplitude: array(found.lines.iter().map(|line| line.amplitude).collect()),
        phase: array(found.lines.iter().map(|line| line.phase).collect()),
        relative_l2_error: found.relative_l2_error,
        relative_max_error: found.relative_max_error,
        energy_fraction: found.energy_fraction,
        y: array(found.samples),
        residual: array(found.residual),
    };
    Ok((result, deviations))
}
