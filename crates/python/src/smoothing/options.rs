//! How to smooth, under Python's names.

use hexad_smoothing::{Boundary, Fit, Method, Missing, Side, SmoothOptions, Truncation};
use pyo3::{PyResult, pyclass, pymethods};

use crate::named::{Named, named};

/// How to smooth.
#[pyclass(module = "hexad._hexad", frozen)]
pub(crate) struct SmoothSettings {
    pub sigma: f64,
    pub options: SmoothOptions,
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
        boundary: &str,
        cval: f64,
        method: &str,
        tolerance: f64,
        derivative: usize,
        fit: &str,
        nan: &str,
        min_weight: f64,
        causal: bool,
        statistics: bool,
    ) -> PyResult<Self> {
        let truncation = match (truncate, reach) {
            (Some(sigmas), _) => Truncation::Sigmas(sigmas),
            (None, Some(reach)) => Truncation::Reach(reach),
            (None, None) => Truncation::Exact,
        };
        let options = SmoothOptions::default()
            .with_truncation(truncation)
            .with_boundary(self::boundary(boundary, cval)?)
            .with_method(named("method", METHODS, method)?)
            .with_tolerance(tolerance)
            .with_derivative(derivative)
            .with_fit(named("fit", FITS, fit)?)
            .with_missing(named("nan", MISSING, nan)?)
            .with_min_weight(min_weight)
            .with_side(if causal { Side::Past } else { Side::Both });
        Ok(Self { sigma, options, statistics })
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
