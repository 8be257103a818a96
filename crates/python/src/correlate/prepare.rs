//! What is done to records before or after.

use hexad_correlate::{Missing, Preprocess, PreprocessOptions};
use hexad_spectral::Detrend;
use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::{Bound, FromPyObject, PyResult, Python, pyfunction};

use crate::arrays::{array, column};
use crate::named::{Named, named};
use crate::run::{detached, refused};

/// A record moved earlier by a delay.
#[pyfunction]
pub(crate) fn align<'py>(
    py: Python<'py>,
    b: PyReadonlyArray1<'py, f64>,
    delay_s: f64,
    fs: f64,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let b = column(&b)?;
    Ok(array(py, detached(py, b.len(), || hexad_correlate::align(b, delay_s, fs))?))
}

/// A signal at another sample rate.
#[pyfunction]
pub(crate) fn resample<'py>(
    py: Python<'py>,
    x: PyReadonlyArray1<'py, f64>,
    from_hz: f64,
    to_hz: f64,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let x = column(&x)?;
    Ok(array(py, detached(py, x.len(), || hexad_correlate::resample(x, from_hz, to_hz))?))
}

/// A signal without the lines at multiples of a frequency.
#[pyfunction]
pub(crate) fn remove_harmonics<'py>(
    py: Python<'py>,
    x: PyReadonlyArray1<'py, f64>,
    fs: f64,
    fundamental_hz: f64,
    count: usize,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let x = column(&x)?;
    let work = || hexad_correlate::remove_harmonics(x, fs, fundamental_hz, count);
    Ok(array(py, detached(py, x.len(), work)?))
}

/// What to do to a record, under Python's names.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Asked {
    detrend: String,
    band: Option<(f64, f64)>,
    order: usize,
    harmonics: Option<(f64, usize)>,
    nan: String,
    longest_gap: usize,
    taper: f64,
}

impl Asked {
    fn options(&self) -> PyResult<PreprocessOptions> {
        let missing = match named("nan", MISSING, &self.nan)? {
            Missing::Interpolate { .. } => Missing::Interpolate { at_most: self.longest_gap },
            other => other,
        };
        let mut options = PreprocessOptions::default()
            .with_missing(missing)
            .with_detrend(named("detrend", DETRENDS, &self.detrend)?)
            .with_order(self.order)
            .with_taper(self.taper);
        if let Some((fundamental_hz, count)) = self.harmonics {
            options = options.with_harmonics(fundamental_hz, count);
        }
        if let Some((low, high)) = self.band {
            options = options.with_band_hz(low, high);
        }
        Ok(options)
    }
}

const MISSING: Named<Missing> = &[
    ("error", Missing::Refuse),
    ("skip", Missing::LeftOut),
    ("interpolate", Missing::Interpolate { at_most: 0 }),
];
const DETRENDS: Named<Detrend> =
    &[("none", Detrend::None), ("constant", Detrend::Constant), ("linear", Detrend::Linear)];

/// A record, prepared.
#[pyfunction]
pub(crate) fn preprocess<'py>(
    py: Python<'py>,
    x: PyReadonlyArray1<'py, f64>,
    fs: f64,
    asked: Asked,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let plan = Preprocess::new(fs, &asked.options()?).map_err(refused)?;
    let x = column(&x)?;
    Ok(array(py, detached(py, x.len(), || plan.apply(x))?))
}
