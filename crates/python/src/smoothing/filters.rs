//! Filters of arrays, and the question's own program.

use hexad_core::ndarray::Array1;
use hexad_smoothing::scipy::{self, FilterOptions};
use hexad_smoothing::{BoxKernel, box_filter_nd, seed};
use numpy::{IntoPyArray, PyArray1, PyArrayDyn, PyReadonlyArray1, PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::{Bound, PyResult, Python, pyfunction};

use super::options::boundary;
use crate::arrays::{self, column};
use crate::run::{detached, refused};

/// `scipy.ndimage.gaussian_filter` of f64 with one sigma and one order for each axis.
#[pyfunction]
pub(crate) fn gaussian_filter<'py>(
    py: Python<'py>,
    array: PyReadonlyArrayDyn<'py, f64>,
    sigma: Vec<f64>,
    order: Vec<usize>,
    mode: &str,
    cval: f64,
    truncate: f64,
) -> PyResult<Bound<'py, PyArrayDyn<f64>>> {
    let options = FilterOptions::default().with_mode(boundary(mode, cval)?).with_truncate(truncate);
    let view = array.as_array();
    if let ([sigma], [order], Some(signal)) = (&sigma[..], &order[..], view.as_slice()) {
        let options = options.with_order(*order);
        let smooth = detached(py, signal.len(), || scipy::gaussian_filter1d(signal, *sigma, &options))?;
        return Ok(Array1::from(smooth).into_dyn().into_pyarray(py));
    }
    let smooth = detached(py, array.len(), || scipy::gaussian_filter(&view, &sigma, &order, &options))?;
    Ok(smooth.into_pyarray(py))
}

/// Passes of a box of `width` samples, or as wide as makes their sigma `sigma`.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "as many as there are")]
pub(crate) fn box_filter<'py>(
    py: Python<'py>,
    array: PyReadonlyArrayDyn<'py, f64>,
    width: Option<f64>,
    sigma: Option<f64>,
    passes: usize,
    mode: &str,
    cval: f64,
    axes: Vec<usize>,
) -> PyResult<Bound<'py, PyArrayDyn<f64>>> {
    let kernel = match (width, sigma) {
        (_, Some(sigma)) => BoxKernel::with_sigma(sigma, passes),
        (width, None) => BoxKernel::with_width(width.unwrap_or(1.0)),
    };
    let (kernel, boundary) = (kernel.map_err(refused)?, boundary(mode, cval)?);
    let view = array.as_array();
    let smooth = detached(py, array.len(), || box_filter_nd(&view, &axes, &kernel, passes, boundary))?;
    Ok(smooth.into_pyarray(py))
}

/// The question's own program.
#[pyfunction]
pub(crate) fn gaussian_flatten<'py>(
    py: Python<'py>,
    x: PyReadonlyArray1<'py, f64>,
    y: PyReadonlyArray1<'py, f64>,
    reach: f64,
    sigma: f64,
    phi: f64,
    amplitude: f64,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let (x, y) = (column(&x)?, column(&y)?);
    let flat = detached(py, x.len(), || seed::flatten(x, y, reach, sigma, phi, amplitude))?;
    Ok(arrays::array(py, flat))
}
