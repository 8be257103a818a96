//! Delays.

use std::ops::RangeInclusive;
use std::sync::Arc;

use hexad_correlate::{
    CorrelateError, DelayEstimate, DelayOptions, DelayPlan, Leading, Subsample, Verdict, Weighting,
};
use numpy::{PyArray1, PyReadonlyArray1};
use pyo3::{Bound, FromPyObject, PyResult, Python, pyclass, pyfunction, pymethods};

use crate::arrays::{array, column};
use crate::named::{Named, named};
use crate::plans::Kept;
use crate::run::detached;

/// Largest delay, band, weighting, regularization, how lags are refined, least overlap, taper.
#[derive(FromPyObject)]
pub(crate) struct Asked(Option<f64>, Option<(f64, f64)>, String, f64, String, f64, f64);

impl Asked {
    fn options(&self) -> PyResult<DelayOptions> {
        let Self(max_lag_s, band, weighting, regularization, subsample, min_overlap, taper) = self;
        let mut options = DelayOptions::default()
            .with_weighting(named("weighting", WEIGHTINGS, weighting)?)
            .with_regularization(*regularization)
            .with_subsample(named("subsample", SUBSAMPLES, subsample)?)
            .with_min_overlap(*min_overlap)
            .with_taper(*taper);
        if let Some(max_lag_s) = max_lag_s {
            options = options.with_max_lag_s(*max_lag_s);
        }
        if let Some((low, high)) = band {
            options = options.with_band_hz(*low, *high);
        }
        Ok(options)
    }
}

const WEIGHTINGS: Named<Weighting> = &[
    ("none", Weighting::None),
    ("phat", Weighting::Phat),
    ("scot", Weighting::Scot),
    ("roth", Weighting::Roth),
    ("ml", Weighting::Ml),
];
const SUBSAMPLES: Named<Subsample> = &[
    ("weighted", Subsample::Weighted),
    ("least-squares", Subsample::LeastSquares),
    ("parabolic", Subsample::Parabolic),
    ("none", Subsample::None),
];

/// See `hexad.correlate.Delay`.
#[derive(pyo3::IntoPyObject)]
pub(crate) struct Found {
    delay_s: f64,
    uncertainty_s: f64,
    verdict: &'static str,
    leading: &'static str,
    delay_samples: f64,
    lag_samples: i64,
    coefficient: f64,
    polarity: i32,
    uncertainty_is_lower_bound: bool,
    chance: f64,
    second_peak_ratio: f64,
    alias_period_s: Option<f64>,
    phase_deg: Option<f64>,
    searched_s: (f64, f64),
}

impl Found {
    fn new(found: &DelayEstimate, searched: RangeInclusive<i64>, fs: f64) -> Self {
        Self {
            delay_s: found.delay_s,
            uncertainty_s: found.uncertainty_s,
            verdict: verdict(found.verdict),
            leading: match found.leading {
                Leading::A => "a",
                Leading::B => "b",
                Leading::Neither => "neither",
            },
            delay_samples: found.delay_samples,
            lag_samples: found.lag_samples,
            coefficient: found.coefficient,
            polarity: found.polarity,
            uncertainty_is_lower_bound: found.uncertainty_is_lower_bound,
            chance: found.chance,
            second_peak_ratio: found.second_peak_ratio,
            alias_period_s: found.alias_period_s,
            phase_deg: found.phase_deg(),
            searched_s: (*searched.start() as f64 / fs, *searched.end() as f64 / fs),
        }
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Clear => "clear",
        Verdict::Ambiguous => "ambiguous",
        Verdict::None => "none",
    }
}

/// How to find the delay of records of two lengths.
#[pyclass(module = "hexad._hexad", frozen)]
pub(crate) struct DelaySettings {
    lengths: [usize; 2],
    fs: f64,
    options: DelayOptions,
    plan: Kept<DelayPlan>,
}

#[pymethods]
impl DelaySettings {
    #[new]
    fn new(a_length: usize, b_length: usize, fs: f64, asked: Asked) -> PyResult<Self> {
        let (lengths, options) = ([a_length, b_length], asked.options()?);
        Ok(Self { lengths, fs, options, plan: Kept::default() })
    }
}

impl DelaySettings {
    fn plan(&self) -> Result<Arc<DelayPlan>, CorrelateError> {
        let [a, b] = self.lengths;
        self.plan.get(a + b, || DelayPlan::new(a, b, self.fs, &self.options))
    }
}

/// The delay of `b` behind `a`.
#[pyfunction]
pub(crate) fn delay<'py>(
    py: Python<'py>,
    a: PyReadonlyArray1<'py, f64>,
    b: PyReadonlyArray1<'py, f64>,
    asked: &Bound<'py, DelaySettings>,
) -> PyResult<Found> {
    let (a, b, asked) = (column(&a)?, column(&b)?, asked.get());
    detached(py, a.len() + b.len(), || {
        let plan = asked.plan()?;
        plan.apply(a, b).map(|found| Found::new(&found, plan.lags(), asked.fs))
    })
}

/// See `hexad.correlate.Drift`.
#[derive(pyo3::IntoPyObject)]
pub(crate) struct FoundDrift<'py> {
    skew_ppm: f64,
    skew_low_ppm: f64,
    skew_high_ppm: f64,
    delay_at_start_s: f64,
    median_deviation_s: f64,
    clear: usize,
    aligned_by_samples: i64,
    time_s: Bound<'py, PyArray1<f64>>,
    delay_s: Bound<'py, PyArray1<f64>>,
    uncertainty_s: Bound<'py, PyArray1<f64>>,
    is_clear: Bound<'py, PyArray1<bool>>,
}

/// The line through the delays of windows.
#[pyfunction]
pub(crate) fn drift<'py>(
    py: Python<'py>,
    a: PyReadonlyArray1<'py, f64>,
    b: PyReadonlyArray1<'py, f64>,
    fs: f64,
    window_s: f64,
    asked: Asked,
) -> PyResult<FoundDrift<'py>> {
    let options = asked.options()?;
    let (a, b) = (column(&a)?, column(&b)?);
    let found = detached(py, a.len() + b.len(), || hexad_correlate::drift(a, b, fs, window_s, &options))?;
    let windows = || found.windows.iter();
    let is_clear: Vec<bool> = windows().map(|window| window.estimate.verdict == Verdict::Clear).collect();
    Ok(FoundDrift {
        skew_ppm: found.skew_ppm,
        skew_low_ppm: found.skew_low_ppm,
        skew_high_ppm: found.skew_high_ppm,
        delay_at_start_s: found.delay_at_start_s,
        median_deviation_s: found.median_deviation_s,
        clear: found.clear,
        aligned_by_samples: found.aligned_by_samples,
        time_s: array(py, windows().map(|window| window.time_s).collect()),
        delay_s: array(py, windows().map(|window| window.estimate.delay_s).collect()),
        uncertainty_s: array(py, windows().map(|window| window.estimate.uncertainty_s).collect()),
        is_clear: array(py, is_clear),
    })
}

/// See `hexad.correlate.ToneDelay`.
#[derive(pyo3::IntoPyObject)]
pub(crate) struct FoundTone {
    delay_s: f64,
    uncertainty_s: f64,
    phase_deg: f64,
    frequency_hz: f64,
    alias_period_s: f64,
    coefficient: f64,
}

/// The delay between two records of one tone, if they are that.
#[pyfunction]
pub(crate) fn tone_delay(
    py: Python<'_>,
    a: PyReadonlyArray1<'_, f64>,
    b: PyReadonlyArray1<'_, f64>,
    fs: f64,
) -> PyResult<Option<FoundTone>> {
    let (a, b) = (column(&a)?, column(&b)?);
    let found = detached(py, a.len() + b.len(), || hexad_correlate::tone_delay(a, b, fs))?;
    Ok(found.map(|found| FoundTone {
        delay_s: found.delay_s,
        uncertainty_s: found.uncertainty_s,
        phase_deg: found.phase_deg,
        frequency_hz: found.frequency_hz,
        alias_period_s: found.alias_period_s,
        coefficient: found.coefficient,
    }))
}
