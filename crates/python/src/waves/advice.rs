//! How fine a grid must be.

use hexad_pde_leapfrog::{Dispersion, Order, WaveError};
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::{Bound, PyResult, Python, pyfunction};

use crate::arrays::column;
use crate::run::refused;

fn dispersion(dims: usize, order: usize, courant: f64) -> Result<Dispersion, WaveError> {
    Dispersion::new(dims, Order::try_from(order)?, courant)
}

/// The largest error of the velocity of waves with so many points per wavelength, as a share of it.
#[pyfunction]
pub(crate) fn wave_velocity_errors<'py>(
    py: Python<'py>,
    dims: usize,
    order: usize,
    courant: f64,
    points: PyReadonlyArray1<'py, f64>,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let dispersion = dispersion(dims, order, courant).map_err(refused)?;
    let errors = column(&points)?.iter().map(|points| Ok(dispersion.advice(*points)?.velocity_error));
    let errors = errors.collect::<Result<Vec<_>, WaveError>>().map_err(refused)?;
    Ok(errors.into_pyarray(py))
}

/// The fewest points per wavelength from which on the velocity error stays within `error`.
#[pyfunction]
pub(crate) fn wave_points_for(dims: usize, order: usize, courant: f64, error: f64) -> PyResult<f64> {
    dispersion(dims, order, courant).and_then(|dispersion| dispersion.points_for(error)).map_err(refused)
}

/// What so many points per wavelength cost, in words.
#[pyfunction]
pub(crate) fn wave_advice(dims: usize, order: usize, courant: f64, points: f64) -> PyResult<String> {
    let advice = dispersion(dims, order, courant).and_then(|dispersion| dispersion.advice(points));
    Ok(advice.map_err(refused)?.to_string())
}
