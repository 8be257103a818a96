//! hexad-smoothing.

mod filters;
mod image;
mod options;
mod part;
mod stream;

pub(crate) use filters::{box_filter, gaussian_filter, gaussian_flatten};
pub(crate) use image::ImageFilter;
pub(crate) use options::SmoothSettings;
pub(crate) use part::{smooth_part, smooth_part_layout};
pub(crate) use stream::SmoothStream;

use hexad_smoothing::{SmoothError, Smoother};
use numpy::{PyArray1, PyReadonlyArray1, PyReadonlyArrayDyn};
use pyo3::types::{PyDict, PyDictMethods};
use pyo3::{Bound, PyResult, Python, pyfunction};

use crate::arrays::{array, column, optional, restored, signals};
use crate::found::found;
use crate::run::{detached, each};

/// Smooths signals at `x`, or numbered from 0: see `hexad.smoothing.Smooth`.
#[pyfunction]
pub(crate) fn smooth<'py>(
    py: Python<'py>,
    y: PyReadonlyArrayDyn<'py, f64>,
    x: Option<PyReadonlyArray1<'py, f64>>,
    weights: Option<PyReadonlyArray1<'py, f64>>,
    at: Option<PyReadonlyArray1<'py, f64>>,
    asked: &Bound<'py, SmoothSettings>,
) -> PyResult<Bound<'py, PyDict>> {
    let asked = asked.get();
    let signals = signals(&y)?;
    let places = at.as_ref().or(x.as_ref()).map(|given| (**given).clone());
    let (x, weights, at) = (optional(x.as_ref())?, optional(weights.as_ref())?, optional(at.as_ref())?);
    let plan = detached(py, signals.len, || match (x, at) {
        (Some(x), Some(at)) => Smoother::at(x, at, asked.sigma, &asked.options),
        (Some(x), None) => Smoother::new(x, asked.sigma, &asked.options),
        (None, _) => Smoother::uniform(signals.len, 1.0, asked.sigma, &asked.options),
    })?;
    let smooths = each(
        py,
        signals.count,
        signals.len.max(plan.output_len()),
        || plan.make_scratch(),
        |scratch, index| {
            let mut out = vec![0.0; plan.output_len()];
            let report = plan.apply_into(signals.one(index), weights, &mut out, scratch)?;
            let statistics = asked.statistics.then(|| plan.statistics(signals.one(index), weights));
            Ok::<_, SmoothError>((out, report, statistics.transpose()?))
        },
    )?;
    let (mut smooth, mut error_bound, mut missing) = (Vec::new(), 0.0_f64, 0);
    let (mut residual_sd, mut standard_error, mut effective_n) = (Vec::new(), Vec::new(), Vec::new());
    for (out, report, statistics) in smooths {
        smooth.push(out);
        error_bound = error_bound.max(report.error_bound);
        missing += report.missing;
        if let Some(statistics) = statistics {
            residual_sd.push(statistics.residual_sd);
            standard_error.push(statistics.standard_error);
            effective_n.push(statistics.effective_n);
        }
    }
    let fields = found!(py, {
        x: places.unwrap_or_else(|| array(py, (0..signals.len).map(|place| place as f64).collect())),
        y: restored(py, signals.outer, smooth)?,
        sigma: asked.sigma,
        step: plan.axis().map(|axis| axis.step),
        method: plan.method().name(),
        error_bound: error_bound,
        missing: missing,
    });
    if asked.statistics {
        let spreads = found!(py, {
            residual_sd: array(py, residual_sd),
            standard_error: restored(py, signals.outer, standard_error)?,
            effective_n: restored(py, signals.outer, effective_n)?,
        });
        fields.update(spreads.as_mapping())?;
    }
    Ok(fields)
}

/// See `hexad.smoothing.AutoSigma`.
#[derive(pyo3::IntoPyObject)]
pub(crate) struct Chosen<'py> {
    sigma: f64,
    score: f64,
    tried: Bound<'py, PyArray1<f64>>,
    scores: Bound<'py, PyArray1<f64>>,
}

/// The sigma with the smallest leave-one-out error; the sigma asked for does not matter.
#[pyfunction]
pub(crate) fn auto_sigma<'py>(
    py: Python<'py>,
    y: PyReadonlyArray1<'py, f64>,
    x: PyReadonlyArray1<'py, f64>,
    weights: Option<PyReadonlyArray1<'py, f64>>,
    asked: &Bound<'py, SmoothSettings>,
) -> PyResult<Chosen<'py>> {
    let options = &asked.get().options;
    let (y, x, weights) = (column(&y)?, column(&x)?, optional(weights.as_ref())?);
    let found = detached(py, y.len(), || hexad_smoothing::auto_sigma(x, y, weights, options))?;
    let (tried, scores): (Vec<_>, Vec<_>) = found.tried.into_iter().unzip();
    Ok(Chosen { sigma: found.sigma, score: found.score, tried: array(py, tried), scores: array(py, scores) })
}

/// Sigma of the Gaussian with this full width at half maximum.
#[pyfunction]
pub(crate) fn sigma_from_fwhm(fwhm: f64) -> f64 {
    hexad_smoothing::sigma_from_fwhm(fwhm)
}

/// Sigma of the Gaussian that passes 1 / sqrt(2) of the amplitude at this frequency.
#[pyfunction]
pub(crate) fn sigma_from_cutoff(frequency: f64) -> f64 {
    hexad_smoothing::sigma_from_cutoff(frequency)
}
