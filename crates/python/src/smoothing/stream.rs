//! Samples that come in pieces.

use numpy::{PyArray1, PyReadonlyArray1, PyUntypedArrayMethods};
use pyo3::{Bound, PyResult, Python, pyclass, pymethods};

use super::options::SmoothSettings;
use crate::arrays::{array, column};
use crate::run::{detached, refused};

/// A smoother of samples that come in pieces.
#[pyclass(module = "hexad._hexad")]
pub(crate) struct SmoothStream {
    stream: hexad_smoothing::SmoothStream,
    bound: f64,
}

#[pymethods]
impl SmoothStream {
    #[new]
    fn new(step: f64, asked: &Bound<'_, SmoothSettings>) -> PyResult<Self> {
        let asked = asked.get();
        let stream =
            hexad_smoothing::SmoothStream::new(step, asked.sigma, &asked.options).map_err(refused)?;
        Ok(Self { stream, bound: 0.0 })
    }

    /// Takes samples; what can be given now.
    fn push<'py>(
        &mut self,
        py: Python<'py>,
        y: PyReadonlyArray1<'py, f64>,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let values = column(&y)?;
        let mut out = Vec::new();
        let bound = detached(py, y.len(), || self.stream.push(values, &mut out))?;
        self.bound = self.bound.max(bound);
        Ok(array(py, out))
    }

    /// What is left; the stream is then as new.
    fn finish<'py>(&mut self, py: Python<'py>) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let mut out = Vec::new();
        let bound = self.stream.finish(&mut out).map_err(refused)?;
        self.bound = self.bound.max(bound);
        Ok(array(py, out))
    }

    /// The largest error bound of what was given.
    #[getter]
    fn error_bound(&self) -> f64 {
        self.bound
    }
}
