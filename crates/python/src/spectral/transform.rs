//! Transforms.

use hexad_core::Complex64;
use hexad_spectral::{ChirpZ, Goertzel};
use numpy::{IntoPyArray, PyArrayDyn, PyReadonlyArray1, PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::{Bound, PyAny, PyResult, Python, pyfunction};

use super::kept;
use crate::arrays::{column, restored, signals};
use crate::run::{detached, each, refused};

/// The transform of a complex array along `axes`.
#[pyfunction]
pub(crate) fn fftn<'py>(
    py: Python<'py>,
    array: PyReadonlyArrayDyn<'py, Complex64>,
    axes: Vec<usize>,
) -> PyResult<Bound<'py, PyArrayDyn<Complex64>>> {
    let view = array.as_array();
    Ok(detached(py, array.len(), || hexad_spectral::fftn(&view, &axes))?.into_pyarray(py))
}

/// The complex array with this transform along `axes`.
#[pyfunction]
pub(crate) fn ifftn<'py>(
    py: Python<'py>,
    array: PyReadonlyArrayDyn<'py, Complex64>,
    axes: Vec<usize>,
) -> PyResult<Bound<'py, PyArrayDyn<Complex64>>> {
    let view = array.as_array();
    Ok(detached(py, array.len(), || hexad_spectral::ifftn(&view, &axes))?.into_pyarray(py))
}

/// The transform of a real array along `axes`, the last of them halved.
#[pyfunction]
pub(crate) fn rfftn<'py>(
    py: Python<'py>,
    array: PyReadonlyArrayDyn<'py, f64>,
    axes: Vec<usize>,
) -> PyResult<Bound<'py, PyArrayDyn<Complex64>>> {
    let view = array.as_array();
    if let (1, [0], Some(signal @ [_, ..])) = (array.ndim(), &axes[..], view.as_slice()) {
        let values = detached(py, array.len(), || kept::rfft(signal))?;
        return Ok(hexad_core::ndarray::Array1::from(values).into_dyn().into_pyarray(py));
    }
    Ok(detached(py, array.len(), || hexad_spectral::rfftn(&view, &axes))?.into_pyarray(py))
}

/// The real array with this transform along `axes`, `len` long along the last of them.
#[pyfunction]
pub(crate) fn irfftn<'py>(
    py: Python<'py>,
    array: PyReadonlyArrayDyn<'py, Complex64>,
    axes: Vec<usize>,
    len: usize,
) -> PyResult<Bound<'py, PyArrayDyn<f64>>> {
    let view = array.as_array();
    if let (1, [0], Some(values)) = (array.ndim(), &axes[..], view.as_slice()) {
        let signal = detached(py, len, || hexad_spectral::irfft(values, len))?;
        return Ok(hexad_core::ndarray::Array1::from(signal).into_dyn().into_pyarray(py));
    }
    Ok(detached(py, array.len(), || hexad_spectral::irfftn(&view, &axes, len))?.into_pyarray(py))
}

/// The transform of each signal at a few frequencies.
#[pyfunction]
pub(crate) fn goertzel<'py>(
    py: Python<'py>,
    x: PyReadonlyArrayDyn<'py, f64>,
    frequencies: PyReadonlyArray1<'py, f64>,
    fs: f64,
) -> PyResult<Bound<'py, PyAny>> {
    let signals = signals(&x)?;
    let plan = Goertzel::new(fs, column(&frequencies)?).map_err(refused)?;
    let found = each(py, signals.count, signals.len, || (), |(), index| plan.apply(signals.one(index)))?;
    restored(py, signals.outer, found)
}

/// The transform of each signal at `points` frequencies from `low` to `high`, both included.
#[pyfunction]
pub(crate) fn chirp_z<'py>(
    py: Python<'py>,
    x: PyReadonlyArrayDyn<'py, f64>,
    fs: f64,
    low: f64,
    high: f64,
    points: usize,
) -> PyResult<Bound<'py, PyAny>> {
    let signals = signals(&x)?;
    let plan = ChirpZ::new(signals.len, fs, low, high, points).map_err(refused)?;
    let found = each(py, signals.count, signals.len, || (), |(), index| plan.apply(signals.one(index)))?;
    restored(py, signals.outer, found)
}
