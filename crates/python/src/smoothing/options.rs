//! How to smooth, under Python's names.

use hexad_smoothing::{Boundary, Fit, Method, Missing, Side, SmoothOptions, Truncation};
use pyo3::{PyResult, pyclass, pymethods};

use crate::named::{Named, named};

/// How to smooth, under Python's names.
#[pyclass(module = "hexad._hexad", frozen)]
pub(crate) struct SmoothSettings {
    pub sigma: f64,
    truncate: Option<f64>,
    reach: Option<f64>,
    boundary: String,
    cval: f64,
    method: String,
    tolerance: f64,
    derivative: usize,
    fit: String,
    nan: String,
    min_weight: f64,
    causal: bool,
    pub statistics: bool,
}

#[pymethods]
impl SmoothSettings {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "as many as there are")]
    fn new(
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
        min_weight: f64,
        causal: bool,
        statistics: bool,
    ) -> Self {
        Self {
            sigma,
            truncate,
            reach,
            boundary,
            cval,
            method,
            tolerance,
            derivative,
            fit,
            nan,
            min_weight,
            causal,
            statistics,
        }
    }
}

impl SmoothSettings {
    pub(super) fn options(&self) -> PyResult<SmoothOptions> {
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
            .with_min_weight(self.min_weight)
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

pub(super) fn boundary(name: &str, cval: f64) -> PyResult<Boundary> {
    Ok(match named("mode", BOUNDARIES, name)? {
        Boundary::Constant(_) => Boundary::Constant(cval),
        boundary => boundary,
    })
}
