//! Correlations by lag.

use hexad_core::Complex64;
use hexad_correlate::{
    ComplexCorrelator, CorrelateOptions, Correlator, Lags, Mean, Method, Normalization, Peak,
};
use numpy::{
    PyArray1, PyArray2, PyArrayDyn, PyReadonlyArray1, PyReadonlyArray2, PyReadonlyArrayDyn,
    PyUntypedArrayMethods,
};
use pyo3::{Bound, FromPyObject, PyResult, Python, pyfunction};

use crate::arrays::{array, column, handed, rows, stacked};
use crate::named::{Named, named};
use crate::run::{detached, refused};

/// Mode, largest lag, first and last lag, normalization, whether means are removed, method, least overlap.
#[derive(FromPyObject)]
pub(crate) struct Asked(String, Option<usize>, Option<(i64, i64)>, String, bool, String, f64);

impl Asked {
    fn lags(&self) -> PyResult<Lags> {
        let Self(mode, max_lag, range, ..) = self;
        Ok(match (range, max_lag) {
            (Some((first, last)), _) => Lags::Range(*first, *last),
            (None, Some(max_lag)) => Lags::Within(*max_lag),
            (None, None) => named("mode", MODES, mode)?,
        })
    }

    fn options(&self) -> PyResult<CorrelateOptions> {
        let Self(.., normalization, remove_mean, method, min_overlap) = self;
        Ok(CorrelateOptions::default()
            .with_normalization(named("normalization", NORMALIZATIONS, normalization)?)
            .with_mean(if *remove_mean { Mean::Removed } else { Mean::Kept })
            .with_method(named("method", METHODS, method)?)
            .with_min_overlap(*min_overlap))
    }
}

const MODES: Named<Lags> = &[("full", Lags::Full), ("same", Lags::Same), ("valid", Lags::Valid)];
const NORMALIZATIONS: Named<Normalization> = &[
    ("raw", Normalization::Raw),
    ("biased", Normalization::Biased),
    ("unbiased", Normalization::Unbiased),
    ("coefficient", Normalization::Coefficient),
    ("overlap", Normalization::Overlap),
];
const METHODS: Named<Method> = &[
    ("auto", Method::Auto),
    ("direct", Method::Direct),
    ("fft", Method::Fft),
    ("segmented", Method::Segmented),
];

/// Values, the first lag, and lag and value of the largest value and of the largest size.
#[derive(pyo3::IntoPyObject)]
pub(crate) struct Found<'py> {
    values: Bound<'py, PyArray1<f64>>,
    first_lag: i64,
    peak: Option<(i64, f64)>,
    peak_of_size: Option<(i64, f64)>,
}

/// The correlation of two real signals.
#[pyfunction]
pub(crate) fn correlate<'py>(
    py: Python<'py>,
    a: PyReadonlyArray1<'py, f64>,
    b: PyReadonlyArray1<'py, f64>,
    asked: Asked,
    peaks: bool,
) -> PyResult<Found<'py>> {
    let (lags, options) = (asked.lags()?, asked.options()?);
    let (a, b) = (column(&a)?, column(&b)?);
    let found = detached(py, a.len() + b.len(), || hexad_correlate::correlate(a, b, lags, &options))?;
    let of = |peak: Option<Peak>| peak.map(|peak| (peak.lag, peak.value));
    let [peak, peak_of_size] = if peaks { [of(found.peak()), of(found.peak_of_size())] } else { [None; 2] };
    Ok(Found { first_lag: found.first_lag, values: array(py, found.values), peak, peak_of_size })
}

/// Values, the first lag, and lag and value (both parts) of the largest size.
type FoundComplex<'py> = (Bound<'py, PyArray1<Complex64>>, i64, Option<(i64, f64, f64)>);

/// The correlation of two complex signals.
#[pyfunction]
pub(crate) fn correlate_complex<'py>(
    py: Python<'py>,
    a: PyReadonlyArray1<'py, Complex64>,
    b: PyReadonlyArray1<'py, Complex64>,
    asked: Asked,
) -> PyResult<FoundComplex<'py>> {
    let (lags, options) = (asked.lags()?, asked.options()?);
    let (a, b) = (column(&a)?, column(&b)?);
    let work = || ComplexCorrelator::new(a.len(), b.len(), lags, &options)?.apply(a, b);
    let found = detached(py, a.len() + b.len(), work)?;
    let peak = found.peak_of_size().map(|peak| (peak.lag, peak.value.re, peak.value.im));
    Ok((array(py, found.values), found.first_lag, peak))
}

/// The correlation of two real arrays of as many axes, along all of them.
#[pyfunction]
pub(crate) fn correlate_arrays<'py>(
    py: Python<'py>,
    a: PyReadonlyArrayDyn<'py, f64>,
    b: PyReadonlyArrayDyn<'py, f64>,
    mode: &str,
) -> PyResult<Bound<'py, PyArrayDyn<f64>>> {
    let (lags, elements) = (named("mode", MODES, mode)?, a.len() + b.len());
    let (a, b) = (a.as_array(), b.as_array());
    Ok(handed(py, detached(py, elements, || hexad_correlate::correlate_arrays(&a, &b, lags))?))
}

/// The same of complex arrays.
#[pyfunction]
pub(crate) fn correlate_complex_arrays<'py>(
    py: Python<'py>,
    a: PyReadonlyArrayDyn<'py, Complex64>,
    b: PyReadonlyArrayDyn<'py, Complex64>,
    mode: &str,
) -> PyResult<Bound<'py, PyArrayDyn<Complex64>>> {
    let (lags, elements) = (named("mode", MODES, mode)?, a.len() + b.len());
    let (a, b) = (a.as_array(), b.as_array());
    Ok(handed(py, detached(py, elements, || hexad_correlate::correlate_complex_arrays(&a, &b, lags))?))
}

/// The correlations of all pairs of channels, which are rows, and their first lag.
#[pyfunction]
pub(crate) fn all_pairs<'py>(
    py: Python<'py>,
    channels: PyReadonlyArray2<'py, f64>,
    asked: Asked,
) -> PyResult<(Bound<'py, PyArray2<f64>>, i64)> {
    let (lags, options) = (asked.lags()?, asked.options()?);
    let channels = rows(&channels)?;
    let all: Vec<&[f64]> = (0..channels.count).map(|index| channels.row(index)).collect();
    let plan = Correlator::new(channels.len, channels.len, lags, &options).map_err(refused)?;
    // Its own threads have to be those of the pool, however little there is to do.
    let found = detached(py, usize::MAX, || plan.all_pairs(&all))?;
    let values = found.into_iter().map(|pair| pair.correlation.values).collect();
    Ok((stacked(py, values)?, *plan.lags().start()))
}

/// The same of some pairs of the channels.
#[pyfunction]
pub(crate) fn some_pairs<'py>(
    py: Python<'py>,
    channels: PyReadonlyArray2<'py, f64>,
    pairs: Vec<[usize; 2]>,
    asked: Asked,
) -> PyResult<(Bound<'py, PyArray2<f64>>, i64)> {
    let (lags, options) = (asked.lags()?, asked.options()?);
    let channels = rows(&channels)?;
    let all: Vec<&[f64]> = (0..channels.count).map(|index| channels.row(index)).collect();
    let plan = Correlator::new(channels.len, channels.len, lags, &options).map_err(refused)?;
    let found = detached(py, usize::MAX, || plan.pairs(&all, &pairs))?;
    let values = found.into_iter().map(|pair| pair.correlation.values).collect();
    Ok((stacked(py, values)?, *plan.lags().start()))
}

/// The first and the last lag.
#[pyfunction]
pub(crate) fn correlation_lags(len_a: usize, len_b: usize, mode: &str) -> PyResult<(i64, i64)> {
    let lags = named("mode", MODES, mode)?;
    let range = hexad_correlate::correlation_lags(len_a, len_b, lags).map_err(refused)?;
    Ok((*range.start(), *range.end()))
}
