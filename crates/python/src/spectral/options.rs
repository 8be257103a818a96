//! How to make spectra, under Python's names.

use std::sync::Arc;

use hexad_spectral::{
    Average, CrossPlan, Detrend, Edges, Padding, Scaling, Sides, SpectrumOptions, SpectrumPlan, StftOptions,
    StftPlan, WelchOptions, WelchPlan, Window,
};
use numpy::PyArray1;
use pyo3::{Bound, PyResult, Python, pyclass, pyfunction, pymethods};

use crate::arrays::array;
use crate::named::{Named, named};
use crate::plans::Kept;
use crate::run::refused;

/// How to make a spectrum of segments.
#[pyclass(module = "hexad._hexad", frozen)]
pub(crate) struct SpectrumSettings {
    #[pyo3(get)]
    pub fs: f64,
    #[pyo3(get)]
    pub window: String,
    #[pyo3(get)]
    pub nperseg: usize,
    #[pyo3(get)]
    noverlap: usize,
    #[pyo3(get)]
    nfft: usize,
    #[pyo3(get)]
    detrend: String,
    #[pyo3(get)]
    onesided: bool,
    #[pyo3(get)]
    pub scaling: String,
    #[pyo3(get)]
    average: String,
    /// Time of the first sample.
    #[pyo3(get)]
    start: f64,
    /// Probability with which an interval holds the truth.
    #[pyo3(get)]
    pub confidence: Option<f64>,
    /// Whether phases are wanted.
    #[pyo3(get)]
    pub phases: bool,
    /// Whether segments reach beyond the ends.
    #[pyo3(get)]
    edges: String,
    of_one: Kept<SpectrumPlan>,
    of_many: Kept<WelchPlan>,
    of_pairs: Kept<CrossPlan>,
    of_frames: Kept<StftPlan>,
}

#[pymethods]
impl SpectrumSettings {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "as many as there are")]
    fn new(
        fs: f64,
        window: String,
        nperseg: usize,
        noverlap: usize,
        nfft: usize,
        detrend: String,
        onesided: bool,
        scaling: String,
        average: String,
        start: f64,
        confidence: Option<f64>,
        phases: bool,
        edges: String,
    ) -> Self {
        Self {
            fs,
            window,
            nperseg,
            noverlap,
            nfft,
            detrend,
            onesided,
            scaling,
            average,
            start,
            confidence,
            phases,
            edges,
            of_one: Kept::default(),
            of_many: Kept::default(),
            of_pairs: Kept::default(),
            of_frames: Kept::default(),
        }
    }
}

impl SpectrumSettings {
    pub(super) fn scaling(&self) -> PyResult<Scaling> {
        named("scaling", SCALINGS, &self.scaling)
    }

    /// Whether the values of cross-spectra are densities, not powers.
    pub(super) fn is_density(&self) -> PyResult<bool> {
        named("scaling", CROSS_SCALINGS, &self.scaling)
    }

    /// The plan of spectra of one segment.
    pub(super) fn of_one(&self) -> PyResult<Arc<SpectrumPlan>> {
        self.of_one.get(self.nfft, || {
            SpectrumPlan::new(self.nperseg, self.fs, &self.options_of_one()?).map_err(refused)
        })
    }

    /// The plan of averages.
    pub(super) fn of_many(&self) -> PyResult<Arc<WelchPlan>> {
        self.of_many.get(self.nfft, || {
            WelchPlan::new(self.nperseg, self.fs, &self.options_of_many()?).map_err(refused)
        })
    }

    /// The plan of averages of two signals.
    pub(super) fn of_pairs(&self) -> PyResult<Arc<CrossPlan>> {
        self.of_pairs.get(self.nfft, || {
            CrossPlan::new(self.nperseg, self.fs, &self.options_of_many()?).map_err(refused)
        })
    }

    /// The plan of short-time transforms.
    pub(super) fn of_frames(&self) -> PyResult<Arc<StftPlan>> {
        self.of_frames.get(self.nfft, || {
            // A hop of 0 is refused by the crate.
            let hop = self.nperseg.saturating_sub(self.noverlap);
            StftPlan::new(self.nperseg, hop, self.fs, &self.options_of_frames()?).map_err(refused)
        })
    }

    pub(super) fn options_of_one(&self) -> PyResult<SpectrumOptions> {
        Ok(SpectrumOptions::default()
            .with_window(parsed(&self.window)?)
            .with_detrend(named("detrend", DETRENDS, &self.detrend)?)
            .with_sides(self.sides())
            .with_padding(self.padding())
            .with_start_s(self.start))
    }

    pub(super) fn options_of_many(&self) -> PyResult<WelchOptions> {
        Ok(WelchOptions::default()
            .with_window(parsed(&self.window)?)
            .with_overlap(self.noverlap as f64 / self.nperseg as f64)
            .with_detrend(named("detrend", DETRENDS, &self.detrend)?)
            .with_average(named("average", AVERAGES, &self.average)?)
            .with_sides(self.sides())
            .with_padding(self.padding()))
    }

    fn options_of_frames(&self) -> PyResult<StftOptions> {
        Ok(StftOptions::default()
            .with_window(parsed(&self.window)?)
            .with_padding(self.padding())
            .with_edges(named("boundary", EDGES, &self.edges)?)
            .with_start_s(self.start))
    }

    /// What values of unscaled short-time transforms are divided by, to be what SciPy calls its scalings.
    pub(super) fn divisor(&self, plan: &StftPlan) -> PyResult<f64> {
        Ok(match named("scaling", &[("spectrum", true), ("psd", false)], &self.scaling)? {
            true => plan.window_sum().abs(),
            false => (self.fs * plan.window_square_sum()).sqrt(),
        })
    }

    fn sides(&self) -> Sides {
        if self.onesided { Sides::One } else { Sides::Two }
    }

    fn padding(&self) -> Padding {
        if self.nfft == self.nperseg { Padding::None } else { Padding::To(self.nfft) }
    }
}

const SCALINGS: Named<Scaling> = &[
    ("amplitude", Scaling::Amplitude),
    ("rms", Scaling::Rms),
    ("power", Scaling::Power),
    ("density", Scaling::Density),
    ("energy", Scaling::Energy),
    ("transform", Scaling::Transform),
    // SciPy's name of the power.
    ("spectrum", Scaling::Power),
];
const CROSS_SCALINGS: Named<bool> = &[("density", true), ("spectrum", false), ("power", false)];
pub(super) const DETRENDS: Named<Detrend> =
    &[("none", Detrend::None), ("constant", Detrend::Constant), ("linear", Detrend::Linear)];
const AVERAGES: Named<Average> = &[("mean", Average::Mean), ("median", Average::Median)];
const EDGES: Named<Edges> = &[("zeros", Edges::Zeros), ("inside", Edges::Inside)];

/// A window as text: `hann`, `kaiser=14`.
pub(super) fn parsed(text: &str) -> PyResult<Window> {
    text.parse().map_err(refused)
}

/// The samples of a window.
#[pyfunction]
pub(crate) fn window<'py>(py: Python<'py>, name: &str, len: usize) -> PyResult<Bound<'py, PyArray1<f64>>> {
    Ok(array(py, parsed(name)?.samples(len).map_err(refused)?))
}

/// See `hexad.spectral.WindowConstants`.
#[derive(pyo3::IntoPyObject)]
pub(crate) struct Constants {
    coherent_gain: f64,
    enbw_bins: f64,
    scalloping_db: f64,
    recommended_overlap: f64,
}

/// The numbers that describe a window.
#[pyfunction]
pub(crate) fn window_constants(name: &str, len: usize) -> PyResult<Constants> {
    let found = parsed(name)?.constants(len).map_err(refused)?;
    Ok(Constants {
        coherent_gain: found.coherent_gain,
        enbw_bins: found.enbw_bins,
        scalloping_db: found.scalloping_db,
        recommended_overlap: found.recommended_overlap,
    })
}
