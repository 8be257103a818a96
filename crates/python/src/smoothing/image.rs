//! Images of one shape, in f64 or f32.

use std::sync::{Mutex, PoisonError};

use hexad_core::ndarray::Array2;
use hexad_smoothing::{GaussianFilter2d, ImageOptions, ImageScratch, Pixel};
use numpy::{Element, IntoPyArray, PyArray2, PyReadonlyArray2};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::types::PyAnyMethods;
use pyo3::{Bound, Py, PyAny, PyResult, Python, pyclass, pymethods};

use super::options::boundary;
use crate::arrays::rows;
use crate::run::{detached, refused};

/// A Gaussian filter of images of one shape.
#[pyclass(module = "hexad._hexad", frozen)]
pub(crate) struct ImageFilter {
    shape: (usize, usize),
    plan: Plan,
}

enum Plan {
    Double(Reused<f64>),
    Single(Reused<f32>),
}

/// A plan, and the buffers that the last call left.
struct Reused<T> {
    plan: GaussianFilter2d<T>,
    scratch: Mutex<Option<ImageScratch<T>>>,
}

#[pymethods]
impl ImageFilter {
    #[new]
    fn new(
        shape: (usize, usize),
        sigma: (f64, f64),
        mode: &str,
        cval: f64,
        tolerance: f64,
        single: bool,
    ) -> PyResult<Self> {
        let options = ImageOptions::default().with_boundary(boundary(mode, cval)?).with_tolerance(tolerance);
        let plan = if single {
            Plan::Single(Reused::new(shape, sigma, &options)?)
        } else {
            Plan::Double(Reused::new(shape, sigma, &options)?)
        };
        Ok(Self { shape, plan })
    }

    /// The image, smoothed: of the type that was planned.
    fn apply(&self, py: Python<'_>, image: Bound<'_, PyAny>) -> PyResult<Py<PyAny>> {
        Ok(match &self.plan {
            Plan::Double(plan) => plan.apply(py, self.shape, &image)?.into_any().unbind(),
            Plan::Single(plan) => plan.apply(py, self.shape, &image)?.into_any().unbind(),
        })
    }

    #[getter]
    fn error_bound(&self) -> f64 {
        match &self.plan {
            Plan::Double(plan) => plan.plan.error_bound(),
            Plan::Single(plan) => plan.plan.error_bound(),
        }
    }
}

impl<T: Pixel + Element> Reused<T> {
    fn new(shape: (usize, usize), sigma: (f64, f64), options: &ImageOptions) -> PyResult<Self> {
        let plan = GaussianFilter2d::new(shape.0, shape.1, [sigma.0, sigma.1], options).map_err(refused)?;
        Ok(Self { plan, scratch: Mutex::new(None) })
    }

    fn apply<'py>(
        &self,
        py: Python<'py>,
        shape: (usize, usize),
        image: &Bound<'py, PyAny>,
    ) -> PyResult<Bound<'py, PyArray2<T>>> {
        let image: PyReadonlyArray2<'py, T> = image.extract()?;
        let pixels = rows(&image)?;
        if (pixels.count, pixels.len) != shape {
            let (rows, columns) = (pixels.count, pixels.len);
            let message = format!("image must have shape {shape:?}, got ({rows}, {columns})");
            return Err(PyValueError::new_err(message));
        }
        let mut out = vec![T::default(); pixels.all().len()];
        let mut scratch = self.kept().take().unwrap_or_else(|| self.plan.make_scratch());
        detached(py, out.len(), || self.plan.apply_into(pixels.all(), &mut out, &mut scratch))?;
        *self.kept() = Some(scratch);
        let array = Array2::from_shape_vec(shape, out);
        Ok(array.map_err(|error| PyRuntimeError::new_err(error.to_string()))?.into_pyarray(py))
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Option<ImageScratch<T>>> {
        self.scratch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
