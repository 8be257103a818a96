//! Thresholds, rates and statistics.

use hexad_neuro_hh::{
    FiPoint, PhasePlane, fano_factor, fi_curve, instantaneous_threshold_mv, interval_statistics,
    rest_loses_stability, rheobase, spike_triggered_average,
};
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::{Bound, PyResult, Python, pyfunction};

use super::model::NeuronModel;
use crate::arrays::column;
use crate::run::{detached, refused};

type Column<'py> = Bound<'py, PyArray1<f64>>;

/// Steps of neurons between two looks at Ctrl-C.
const PORTION: f64 = 2e7;

/// Rates and numbers of spikes at some currents.
#[pyfunction]
pub(crate) fn neuron_fi_curve<'py>(
    py: Python<'py>,
    model: &Bound<'_, NeuronModel>,
    currents: PyReadonlyArray1<'py, f64>,
    duration_ms: f64,
    dt_ms: f64,
) -> PyResult<(Column<'py>, Bound<'py, PyArray1<u64>>)> {
    let (model, currents) = (model.get().model, column(&currents)?);
    hexad_core::check_finite("currents", currents).map_err(refused)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within bounds")]
    let portion = (PORTION * dt_ms / duration_ms).clamp(512.0, 1e6) as usize;
    let mut points: Vec<FiPoint> = Vec::with_capacity(currents.len());
    // A neuron fires as it would alone.
    for part in currents.chunks(portion) {
        py.check_signals()?;
        points.extend(detached(py, usize::MAX, || fi_curve(&model, part, duration_ms, dt_ms))?);
    }
    let rates: Vec<f64> = points.iter().map(|point| point.rate_hz).collect();
    let spikes: Vec<u64> = points.iter().map(|point| point.spikes as u64).collect();
    Ok((rates.into_pyarray(py), spikes.into_pyarray(py)))
}

/// The least current that makes a neuron spike.
#[pyfunction]
pub(crate) fn neuron_rheobase(
    py: Python<'_>,
    model: &Bound<'_, NeuronModel>,
    up_to_ua_cm2: f64,
) -> PyResult<f64> {
    let model = model.get().model;
    detached(py, usize::MAX, || rheobase(&model, up_to_ua_cm2))
}

/// The least jump of V from rest that makes a neuron spike.
#[pyfunction]
pub(crate) fn neuron_instantaneous_threshold(
    py: Python<'_>,
    model: &Bound<'_, NeuronModel>,
    up_to_mv: f64,
) -> PyResult<f64> {
    let model = model.get().model;
    detached(py, usize::MAX, || instantaneous_threshold_mv(&model, up_to_mv))
}

/// The least current at which rest is no longer stable.
#[pyfunction]
pub(crate) fn neuron_rest_loses_stability(
    py: Python<'_>,
    model: &Bound<'_, NeuronModel>,
    up_to_ua_cm2: f64,
) -> PyResult<Option<f64>> {
    let model = model.get().model;
    detached(py, usize::MAX, || rest_loses_stability(&model, up_to_ua_cm2))
}

/// Count, mean, standard deviation and coefficient of variation of intervals.
#[pyfunction]
pub(crate) fn neuron_interval_statistics(
    spikes_ms: PyReadonlyArray1<'_, f64>,
) -> PyResult<(usize, f64, f64, f64)> {
    let found = interval_statistics(column(&spikes_ms)?);
    Ok((found.count, found.mean_ms, found.sd_ms, found.cv))
}

/// Variance over mean of counts in windows.
#[pyfunction]
pub(crate) fn neuron_fano(
    spikes_ms: PyReadonlyArray1<'_, f64>,
    window_ms: f64,
    duration_ms: f64,
) -> PyResult<f64> {
    fano_factor(column(&spikes_ms)?, window_ms, duration_ms).map_err(refused)
}

/// Lags, means, and number of spikes of the mean of a signal around spikes.
#[pyfunction]
pub(crate) fn neuron_triggered_average<'py>(
    py: Python<'py>,
    signal: PyReadonlyArray1<'py, f64>,
    dt_ms: f64,
    spikes_ms: PyReadonlyArray1<'py, f64>,
    before_ms: f64,
    after_ms: f64,
) -> PyResult<(Column<'py>, Column<'py>, usize)> {
    let (signal, times_ms) = (column(&signal)?, column(&spikes_ms)?);
    let work = || spike_triggered_average(signal, dt_ms, times_ms, before_ms, after_ms);
    let found = detached(py, signal.len(), work)?;
    Ok((found.lag_ms.into_pyarray(py), found.mean.into_pyarray(py), found.spikes))
}

/// Nullclines of n and of V (NaN where there is none), and the flow of V and n at points of the plane.
#[pyfunction]
pub(crate) fn neuron_phase_plane<'py>(
    py: Python<'py>,
    model: &Bound<'_, NeuronModel>,
    current_ua_cm2: f64,
    v_mv: PyReadonlyArray1<'py, f64>,
    flow_v_mv: PyReadonlyArray1<'py, f64>,
    flow_n: PyReadonlyArray1<'py, f64>,
) -> PyResult<[Column<'py>; 4]> {
    let plane = PhasePlane::new(&model.get().model, current_ua_cm2);
    let v_mv = column(&v_mv)?;
    let points = column(&flow_v_mv)?.iter().zip(column(&flow_n)?);
    let (flow_v, flow_n): (Vec<f64>, Vec<f64>) = points.map(|(v, n)| plane.flow(*v, *n)).unzip();
    let resting_n: Vec<f64> = v_mv.iter().map(|v| plane.n_nullcline(*v)).collect();
    let resting_v: Vec<f64> = v_mv.iter().map(|v| plane.v_nullcline(*v).unwrap_or(f64::NAN)).collect();
    Ok([resting_n, resting_v, flow_v, flow_n].map(|values| values.into_pyarray(py)))
}
