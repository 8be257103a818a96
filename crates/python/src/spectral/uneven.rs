//! Samples at any times.

use hexad_spectral::{
    FrequencyGrid, LombMean, LombMethod, LombMissing, LombNormalization, LombScargle, LombScargleOptions,
    SkewNormalPulse,
};
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::{Bound, PyResult, Python, pyclass, pyfunction, pymethods};

use super::options::DETRENDS;
use crate::arrays::{column, optional};
use crate::named::{Named, named};
use crate::run::{detached, refused};

const MEANS: Named<LombMean> =
    &[("floating", LombMean::Floating), ("subtracted", LombMean::Subtracted), ("zero", LombMean::Zero)];
const NORMALIZATIONS: Named<LombNormalization> = &[
    ("standard", LombNormalization::Standard),
    ("model", LombNormalization::Model),
    ("log", LombNormalization::Log),
    ("psd", LombNormalization::Psd),
    ("amplitude", LombNormalization::Amplitude),
];
const METHODS: Named<LombMethod> =
    &[("auto", LombMethod::Auto), ("direct", LombMethod::Direct), ("fast", LombMethod::Fast)];
const MISSING: Named<LombMissing> = &[("error", LombMissing::Refuse), ("skip", LombMissing::Omit)];

/// A Lomb-Scargle periodogram that can be asked.
#[pyclass(module = "hexad._hexad", frozen)]
pub(crate) struct Periodogram(LombScargle);

/// Frequencies and powers.
type Curve<'py> = (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>);

/// Offset, slope, amplitude, phase and power of a tone.
type Tone = (f64, f64, f64, f64, f64);

#[pymethods]
impl Periodogram {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "as many as there are")]
    fn new(
        py: Python<'_>,
        t: PyReadonlyArray1<'_, f64>,
        y: PyReadonlyArray1<'_, f64>,
        dy: Option<PyReadonlyArray1<'_, f64>>,
        mean: &str,
        normalization: &str,
        nan: &str,
        method: &str,
        detrend: &str,
    ) -> PyResult<Self> {
        let options = LombScargleOptions::default()
            .with_mean(named("mean", MEANS, mean)?)
            .with_normalization(named("normalization", NORMALIZATIONS, normalization)?)
            .with_missing(named("nan", MISSING, nan)?)
            .with_method(named("method", METHODS, method)?)
            .with_detrend(named("detrend", DETRENDS, detrend)?);
        let (t, y, dy) = (column(&t)?, column(&y)?, optional(dy.as_ref())?);
        Ok(Self(detached(py, t.len(), || LombScargle::new(t, y, dy, &options))?))
    }

    /// Frequencies fine enough for every peak, and the powers there.
    fn power_auto<'py>(
        &self,
        py: Python<'py>,
        samples_per_peak: f64,
        highest: Option<f64>,
    ) -> PyResult<Curve<'py>> {
        let grid = self.0.auto_grid(samples_per_peak, highest).map_err(refused)?;
        let frequencies: Vec<f64> = (0..grid.len()).map(|index| grid.at(index)).collect();
        Ok((frequencies.into_pyarray(py), self.on_grid(py, &grid)?))
    }

    /// The powers at `len` even frequencies.
    fn power_even<'py>(
        &self,
        py: Python<'py>,
        start: f64,
        step: f64,
        len: usize,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        self.on_grid(py, &FrequencyGrid::new(start, step, len).map_err(refused)?)
    }

    /// The powers at any frequencies.
    fn power_at<'py>(
        &self,
        py: Python<'py>,
        frequencies: PyReadonlyArray1<'py, f64>,
    ) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let frequencies = column(&frequencies)?;
        let elements = self.0.samples().saturating_mul(frequencies.len());
        Ok(detached(py, elements, || self.0.power_at(frequencies))?.into_pyarray(py))
    }

    /// The tone that fits best at a frequency.
    fn fit(&self, frequency: f64) -> PyResult<Tone> {
        let line = self.0.fit(frequency).map_err(refused)?;
        Ok((line.offset, line.slope, line.amplitude, line.phase, line.power))
    }

    fn false_alarm_probability(&self, power: f64, highest: f64) -> PyResult<f64> {
        self.0.false_alarm_probability(power, highest).map_err(refused)
    }

    fn false_alarm_level(&self, probability: f64, highest: f64) -> PyResult<f64> {
        self.0.false_alarm_level(probability, highest).map_err(refused)
    }

    #[getter]
    fn omitted(&self) -> usize {
        self.0.omitted()
    }

    #[getter]
    fn first_time(&self) -> f64 {
        self.0.first_time_s()
    }
}

impl Periodogram {
    fn on_grid<'py>(&self, py: Python<'py>, grid: &FrequencyGrid) -> PyResult<Bound<'py, PyArray1<f64>>> {
        let elements = self.0.samples().saturating_mul(grid.len());
        Ok(detached(py, elements, || self.0.power(grid))?.into_pyarray(py))
    }
}

/// Start and step of the even axis that `t` stands on.
#[pyfunction]
pub(crate) fn uniform_time_axis(t: PyReadonlyArray1<'_, f64>) -> PyResult<(f64, f64)> {
    let axis = hexad_spectral::uniform_time_axis(column(&t)?).map_err(refused)?;
    Ok((axis.start, axis.step))
}

/// A skew-normal pulse at `x`.
#[pyfunction]
pub(crate) fn skew_normal_pulse<'py>(
    py: Python<'py>,
    x: PyReadonlyArray1<'py, f64>,
    location: f64,
    scale: f64,
    shape: f64,
) -> PyResult<Bound<'py, PyArray1<f64>>> {
    let pulse = SkewNormalPulse::new(location, scale, shape).map_err(refused)?;
    let values: Vec<f64> = column(&x)?.iter().map(|x| pulse.at(*x)).collect();
    Ok(values.into_pyarray(py))
}
