//! Spectra of one segment and of many.

use hexad_core::Complex64;
use hexad_spectral::{CrossSpectrum, Spectrum};
use numpy::{PyArray1, PyReadonlyArray1, PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::{Bound, Py, PyAny, PyResult, Python, pyclass, pyfunction, pymethods};

use super::options::SpectrumSettings;
use crate::arrays::{array, column, restored, signals};
use crate::run::{detached, each, refused};

/// Spectra of signals, as Python names it: see `hexad.spectral.Spectrum`.
#[derive(pyo3::IntoPyObject)]
pub(crate) struct Found<'py> {
    f: Bound<'py, PyArray1<f64>>,
    values: Bound<'py, PyAny>,
    phase: Option<Bound<'py, PyAny>>,
    transform: Option<Bound<'py, PyAny>>,
    lower: Option<Bound<'py, PyAny>>,
    upper: Option<Bound<'py, PyAny>>,
    segments: u64,
    effective_segments: f64,
    enbw_hz: f64,
    parseval_residual: f64,
    /// Frequency and value, of a single signal.
    peak: Option<(f64, f64)>,
    scaling: String,
    fs: f64,
    window: String,
    nperseg: usize,
    confidence: Option<f64>,
}

impl<'py> Found<'py> {
    /// `outer` is the shape of the signals' array but for their axis.
    pub(super) fn new(
        py: Python<'py>,
        asked: &SpectrumSettings,
        spectra: &[Spectrum],
        outer: &[usize],
    ) -> PyResult<Self> {
        let scaling = asked.scaling()?;
        let of_phases = if asked.phases { spectra } else { &[] };
        let phases: Option<Vec<_>> = of_phases.iter().map(Spectrum::phases).collect();
        let transforms: Option<Vec<_>> = of_phases.iter().map(Spectrum::fourier_transform).collect();
        let (lower, upper) = match asked.confidence {
            None => (None, None),
            Some(level) => {
                let intervals = spectra.iter().map(|spectrum| spectrum.confidence(scaling, level));
                let intervals = intervals.collect::<Result<Vec<_>, _>>().map_err(refused)?;
                let lower = intervals.iter().map(|bins| bins.iter().map(|bin| bin.lower).collect());
                let upper = intervals.iter().map(|bins| bins.iter().map(|bin| bin.upper).collect());
                (Some(restored(py, outer, lower.collect())?), Some(restored(py, outer, upper.collect())?))
            }
        };
        let first = spectra.first();
        let residual = spectra.iter().map(Spectrum::parseval_residual).fold(0.0, f64::max);
        Ok(Self {
            f: array(py, first.map_or_else(Vec::new, Spectrum::frequencies_hz)),
            values: restored(py, outer, spectra.iter().map(|one| one.values(scaling)).collect())?,
            phase: phases.filter(|_| asked.phases).map(|rows| restored(py, outer, rows)).transpose()?,
            transform: transforms
                .filter(|_| asked.phases)
                .map(|rows| restored(py, outer, rows))
                .transpose()?,
            lower,
            upper,
            segments: first.map_or(0, Spectrum::segments),
            effective_segments: first.map_or(0.0, Spectrum::effective_segments),
            enbw_hz: first.map_or(0.0, Spectrum::enbw_hz),
            parseval_residual: residual,
            peak: first.filter(|_| spectra.len() == 1).and_then(|one| one.peak(scaling)),
            scaling: asked.scaling.clone(),
            fs: asked.fs,
            window: asked.window.clone(),
            nperseg: asked.nperseg,
            confidence: asked.confidence,
        })
    }
}

/// The spectrum of each signal.
#[pyfunction]
pub(crate) fn spectrum<'py>(
    py: Python<'py>,
    x: PyReadonlyArrayDyn<'py, f64>,
    asked: &Bound<'py, SpectrumSettings>,
) -> PyResult<Found<'py>> {
    let (signals, asked) = (signals(&x)?, asked.get());
    let plan = asked.of_one()?;
    let spectra = each(py, signals.count, signals.len, || (), |(), index| plan.apply(signals.one(index)))?;
    Found::new(py, asked, &spectra, signals.outer)
}

/// The two-sided spectrum of each complex signal.
#[pyfunction]
pub(crate) fn spectrum_of_complex<'py>(
    py: Python<'py>,
    x: PyReadonlyArrayDyn<'py, Complex64>,
    asked: &Bound<'py, SpectrumSettings>,
) -> PyResult<Found<'py>> {
    let asked = asked.get();
    let (signals, options) = (signals(&x)?, asked.options_of_one()?);
    let one = |index| hexad_spectral::spectrum_of_complex(signals.one(index), asked.fs, &options);
    let spectra = each(py, signals.count, signals.len, || (), |(), index| one(index))?;
    Found::new(py, asked, &spectra, signals.outer)
}

/// The average spectrum of each signal.
#[pyfunction]
pub(crate) fn welch<'py>(
    py: Python<'py>,
    x: PyReadonlyArrayDyn<'py, f64>,
    asked: &Bound<'py, SpectrumSettings>,
) -> PyResult<Found<'py>> {
    let (signals, asked) = (signals(&x)?, asked.get());
    let plan = asked.of_many()?;
    let spectra = each(py, signals.count, signals.len, || (), |(), index| plan.apply(signals.one(index)))?;
    Found::new(py, asked, &spectra, signals.outer)
}

/// Cross-spectra of signals: see `hexad.spectral.CrossSpectrum`.
#[derive(pyo3::IntoPyObject)]
pub(crate) struct FoundCross<'py> {
    f: Bound<'py, PyArray1<f64>>,
    pxy: Bound<'py, PyAny>,
    transfer: Bound<'py, PyAny>,
    coherence: Option<Bound<'py, PyAny>>,
    coherence_level: Option<f64>,
    segments: u64,
    effective_segments: f64,
}

impl<'py> FoundCross<'py> {
    pub(super) fn new(
        py: Python<'py>,
        asked: &SpectrumSettings,
        found: &[CrossSpectrum],
        outer: &[usize],
        chance: Option<f64>,
    ) -> PyResult<Self> {
        let complex = |of: &dyn Fn(&CrossSpectrum) -> Vec<Complex64>| {
            restored(py, outer, found.iter().map(of).collect())
        };
        let (mut coherence, mut level) = (None, None);
        if let (Some(chance), Some(first)) = (chance, found.first()) {
            let shares = found.iter().map(|one| one.coherence()).collect::<Result<Vec<_>, _>>();
            coherence = Some(restored(py, outer, shares.map_err(refused)?)?);
            level = Some(first.coherence_level(chance).map_err(refused)?);
        }
        let first = found.first();
        Ok(Self {
            f: array(py, first.map_or_else(Vec::new, |one| one.frequencies_hz())),
            pxy: complex(if asked.is_density()? { &|one| one.densities() } else { &|one| one.powers() })?,
            transfer: complex(&|one| one.transfer())?,
            coherence,
            coherence_level: level,
            segments: first.map_or(0, |one| one.segments()),
            effective_segments: first.map_or(0.0, |one| one.effective_segments()),
        })
    }
}

/// What each signal of `a` has in common with the one of `b`, an array of the same shape. `chance` is that of the coherence's level; without it no
/// coherence is made.
#[pyfunction]
pub(crate) fn cross<'py>(
    py: Python<'py>,
    a: PyReadonlyArrayDyn<'py, f64>,
    b: PyReadonlyArrayDyn<'py, f64>,
    asked: &Bound<'py, SpectrumSettings>,
    chance: Option<f64>,
) -> PyResult<FoundCross<'py>> {
    let (a, b, asked) = (signals(&a)?, signals(&b)?, asked.get());
    let plan = asked.of_pairs()?;
    let one = |index| plan.apply(a.one(index), b.one(index));
    let found = each(py, a.count.min(b.count), a.len, || (), |(), index| one(index))?;
    FoundCross::new(py, asked, &found, a.outer, chance)
}

/// An average of a signal that comes in pieces.
#[pyclass(module = "hexad._hexad")]
pub(crate) struct WelchStream {
    stream: hexad_spectral::WelchStream,
    asked: Py<SpectrumSettings>,
}

#[pymethods]
impl WelchStream {
    #[new]
    fn new(asked: Py<SpectrumSettings>) -> PyResult<Self> {
        let SpectrumSettings { nperseg, fs, .. } = asked.get();
        let options = asked.get().options_of_many()?;
        let stream = hexad_spectral::WelchStream::new(*nperseg, *fs, &options).map_err(refused)?;
        Ok(Self { stream, asked })
    }

    /// Goes on with the next samples.
    fn push(&mut self, py: Python<'_>, x: PyReadonlyArray1<'_, f64>) -> PyResult<()> {
        let samples = column(&x)?;
        detached(py, x.len(), || self.stream.push(samples))
    }

    /// Takes in the average of another stretch.
    fn merge(&mut self, other: &Self) -> PyResult<()> {
        self.stream.merge(&other.stream).map_err(refused)
    }

    /// The average so far.
    fn spectrum<'py>(&self, py: Python<'py>) -> PyResult<Found<'py>> {
        Found::new(py, self.asked.get(), &[self.stream.spectrum().map_err(refused)?], &[])
    }

    /// Segments so far.
    #[getter]
    fn segments(&self) -> u64 {
        self.stream.segments()
    }
}
