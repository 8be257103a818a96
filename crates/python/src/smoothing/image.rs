//! Images of one shape, in f64 or f32.

use std::sync::{Mutex, PoisonError};

use hexad_core::ndarray::Dimension;
use hexad_smoothing::{GaussianFilter2d, ImageOptions, ImageScratch, Pixel};
use numpy::{Element, PyArray2, PyArrayMethods};
use pyo3::exceptions::PyValueError;
use pyo3::{Bound, PyAny, PyResult, Python, pyclass, pymethods};

use super::options::boundary;
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

    /// Writes the image, smoothed, to `out`: both of the type that was planned.
    fn apply(&self, py: Python<'_>, image: Bound<'_, PyAny>, out: Bound<'_, PyAny>) -> PyResult<()> {
        match &self.plan {
            Plan::Double(plan) => plan.apply(py, self.shape, &image, &out),
            Plan::Single(plan) => plan.apply(py, self.shape, &image, &out),
        }
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

    fn apply(
        &self,
        py: Python<'_>,
        shape: (usize, usize),
        image: &Bound<'_, PyAny>,
        out: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        let (image, out): (&Bound<'_, PyArray2<T>>, &Bound<'_, PyArray2<T>>) = (image.cast()?, out.cast()?);
        check_shape("image", image, shape)?;
        check_shape("out", out, shape)?;
        let refuse = |_| PyValueError::new_err("out must be writeable and share no memory with image");
        let (image, mut out) = (image.readonly(), out.try_readwrite().map_err(refuse)?);
        let (pixels, out) = (image.as_slice()?, out.as_slice_mut()?);
        let mut scratch = self.kept().take().unwrap_or_else(|| self.plan.make_scratch());
        detached(py, out.len(), || self.plan.apply_into(pixels, out, &mut scratch))?;
        *self.kept() = Some(scratch);
        Ok(())
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, Option<ImageScratch<T>>> {
        self.scratch.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn check_shape<T: Element>(
    name: &str,
    array: &Bound<'_, PyArray2<T>>,
    shape: (usize, usize),
) -> PyResult<()> {
    let own = array.dims().into_pattern();
    if own == shape {
        return Ok(());
    }
    Err(PyValueError::new_err(format!("{name} must have shape {shape:?}, got {own:?}")))
}
