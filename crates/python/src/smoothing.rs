//! hexad-smoothing.

use hexad_smoothing::scipy::{self, FilterOptions};
use hexad_smoothing::{
    Boundary, Fit, Method, Missing, Side, SmoothError, SmoothOptions, Smoother, Truncation,
};
use numpy::{IntoPyArray, PyArray1, PyArrayDyn, PyReadonlyArray1, PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::{Bound, FromPyObject, PyResult, Python, pyfunction};

use crate::arrays::{column, optional};
use crate::named::{Named, named};
use crate::run::detached;

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
    let smooth = detached(py, array.len(), || scipy::gaussian_filter(&view, &sigma, &order, &options))?;
    Ok(smooth.into_pyarray(py))
}

/// How to smooth, under Python's names.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Asked {
    sigma: f64,
    truncate: Option<f64>,
    reach: Option<f64>,
    boundary: String,
    cval: f64,
    method: String,
    tolerance: f64,
    derivative: usize,
    fit: String,
    nan: String,
    causal: bool,
    statistics: bool,
}

impl Asked {
    fn options(&self) -> PyResult<SmoothOptions> {
        let truncation = match (self.truncate, self.reach) {
            (Some(sigmas), _) => Truncation::Sigmas(sigmas),
            (None, Some(reach)) => Truncation::Reach(reach),
            (None, None) => Truncation::Exact,
        };
        Ok(SmoothOptions::default()
            .with_truncation(truncation)
            .with_boundary(boundary(&self.boundary, self.cval)?)
            .with_method(named("method", METHODS, &self.method)?)
            .with_tolerance(self.tolerance)
            .with_derivative(self.derivative)
            .with_fit(named("fit", FITS, &self.fit)?)
            .with_missing(named("nan", MISSING, &self.nan)?)
            .with_side(if self.causal { Side::Past } else { Side::Both }))
    }
}

const METHODS: Named<Method> = &[
    ("auto", Method::Auto),
    ("direct", Method::Direct),
    ("fft", Method::Fft),
    ("recursive", Method::Recursive),
    ("decimate", Method::Decimate),
];
const FITS: Named<Fit> = &[("constant", Fit::Constant), ("linear", Fit::Linear)];
const MISSING: Named<Missing> =
    &[("skip", Missing::Skip), ("propagate", Missing::Propagate), ("error", Missing::Error)];
const BOUNDARIES: Named<Boundary> = &[
    ("renormalize", Boundary::Renormalize),
    ("reflect", Boundary::Reflect),
    ("mirror", Boundary::Mirror),
    ("nearest", Boundary::Nearest),
    ("wrap", Boundary::Wrap),
    ("constant", Boundary::Constant(0.0)),
    // SciPy's other names.
    ("grid-mirror", Boundary::Reflect),
    ("grid-wrap", Boundary::Wrap),
    ("grid-constant", Boundary::Constant(0.0)),
];

fn boundary(name: &str, cval: f64) -> PyResult<Boundary> {
    Ok(match named("mode", BOUNDARIES, name)? {
        Boundary::Constant(_) => Boundary::Constant(cval),
        boundary => boundary,
    })
}

/// What a smooth found, as Python names it: see `hexad.smoothing.Smooth`.
#[derive(pyo3::IntoPyObject)]
pub(crate) struct Found<'py> {
    y: Bound<'py, PyArray1<f64>>,
    step: Option<f64>,
    method: &'static str,
    error_bound: f64,
    missing: usize,
    residual_sd: Option<f64>,
    standard_error: Option<Bound<'py, PyArray1<f64>>>,
    effective_n: Option<Bound<'py, PyArray1<f64>>>,
}

/// Smooths samples at `x`, or numbered from 0.
#[pyfunction]
pub(crate) fn smooth<'py>(
    py: Python<'py>,
    y: PyReadonlyArray1<'py, f64>,
    x: Option<PyReadonlyArray1<'py, f64>>,
    weights: Option<PyReadonlyArray1<'py, f64>>,
    at: Option<PyReadonlyArray1<'py, f64>>,
    asked: Asked,
) -> PyResult<Found<'py>> {
    let options = asked.options()?;
    let values = column(&y)?;
    let (x, weights, at) = (optional(x.as_ref())?, optional(weights.as_ref())?, optional(at.as_ref())?);
    let work = || {
        let plan = match (x, at) {
            (Some(x), Some(at)) => Smoother::at(x, at, asked.sigma, &options)?,
            (Some(x), None) => Smoother::new(x, asked.sigma, &options)?,
            (None, _) => Smoother::uniform(values.len(), 1.0, asked.sigma, &options)?,
        };
        let mut out = vec![0.0; plan.output_len()];
        let report = plan.apply_into(values, weights, &mut out, &mut plan.make_scratch())?;
        let statistics = asked.statistics.then(|| plan.statistics(values, weights)).transpose()?;
        Ok::<_, SmoothError>((out, report, statistics, plan.method().name(), plan.axis()))
    };
    let (out, report, statistics, method, axis) = detached(py, values.len(), work)?;
    let residual_sd = statistics.as_ref().map(|found| found.residual_sd);
    let (standard_error, effective_n) =
        statistics.map(|found| (found.standard_error, found.effective_n)).unzip();
    let array = |values: Vec<f64>| values.into_pyarray(py);
    Ok(Found {
        y: array(out),
        step: axis.map(|axis| axis.step),
        method,
        error_bound: report.error_bound,
        missing: report.missing,
        residual_sd,
        standard_error: standard_error.map(array),
        effective_n: effective_n.map(array),
    })
}
