//! Short-time transforms.

use hexad_core::Complex64;
use hexad_core::ndarray::Array3;
use hexad_spectral::{SpectralError, Stft, StftPlan};
use numpy::{
    Element, IntoPyArray, PyArray1, PyArray2, PyArray3, PyReadonlyArray2, PyReadonlyArray3,
    PyUntypedArrayMethods,
};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::{Bound, PyResult, Python, pyfunction};

use super::options::SpectrumSettings;
use crate::arrays::{array, rows, stacked};
use crate::run::{each, refused};

/// Frequencies, times, and frames by bins of each row.
type Frames<'py, T> = (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>, Bound<'py, PyArray3<T>>);

/// The short-time transform of each row, scaled as SciPy does.
#[pyfunction]
pub(crate) fn stft<'py>(
    py: Python<'py>,
    x: PyReadonlyArray2<'py, f64>,
    asked: &Bound<'py, SpectrumSettings>,
) -> PyResult<Frames<'py, Complex64>> {
    let asked = asked.get();
    let factor = 1.0 / asked.divisor()?;
    framed(py, &x, asked, |stft| stft.coefficients().iter().map(|z| z * factor).collect())
}

/// The spectrogram of each row.
#[pyfunction]
pub(crate) fn spectrogram<'py>(
    py: Python<'py>,
    x: PyReadonlyArray2<'py, f64>,
    asked: &Bound<'py, SpectrumSettings>,
) -> PyResult<Frames<'py, f64>> {
    let asked = asked.get();
    let scaling = asked.scaling()?;
    framed(py, &x, asked, |stft| stft.spectrogram(scaling).into_raw_vec_and_offset().0)
}

fn framed<'py, T: Element + Send>(
    py: Python<'py>,
    x: &PyReadonlyArray2<'py, f64>,
    asked: &SpectrumSettings,
    values: impl Fn(&Stft) -> Vec<T> + Sync + Send,
) -> PyResult<Frames<'py, T>> {
    let signals = rows(x)?;
    let options = asked.of_frames()?;
    let plan = StftPlan::new(asked.nperseg, asked.hop(), asked.fs, &options).map_err(refused)?;
    let one = |index: usize| {
        let stft = plan.forward(signals.row(index))?;
        let axes = (index == 0).then(|| (stft.frequencies_hz(), stft.times_s()));
        Ok::<_, SpectralError>((values(&stft), axes))
    };
    let mut found = each(py, signals.count, signals.len, || (), |(), index| one(index))?;
    let (f, t) = found.first_mut().and_then(|(_, axes)| axes.take()).unwrap_or_default();
    let shape = (found.len(), t.len(), f.len());
    let values = if shape.0 == 1 {
        found.remove(0).0
    } else {
        found.into_iter().flat_map(|(values, _)| values).collect()
    };
    let frames = Array3::from_shape_vec(shape, values);
    let frames = frames.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
    Ok((array(py, f), array(py, t), frames.into_pyarray(py)))
}

/// Signals of `len` samples from short-time transforms of frames by bins.
#[pyfunction]
pub(crate) fn istft<'py>(
    py: Python<'py>,
    z: PyReadonlyArray3<'py, Complex64>,
    len: usize,
    asked: &Bound<'py, SpectrumSettings>,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let asked = asked.get();
    let (values, factor) = (z.as_slice()?, asked.divisor()?);
    let options = asked.of_frames()?;
    let plan = StftPlan::new(asked.nperseg, asked.hop(), asked.fs, &options).map_err(refused)?;
    let &[count, frames, bins] = z.shape() else {
        return Err(PyValueError::new_err("Zxx must have frames and frequencies"));
    };
    let wanted = (plan.frames(len).map_err(refused)?, plan.bins());
    if (frames, bins) != wanted {
        let (frames_wanted, bins_wanted) = wanted;
        return Err(PyValueError::new_err(format!(
            "Zxx must have {bins_wanted} frequencies and {frames_wanted} times for these settings and {len} \
             samples, got {bins} and {frames}"
        )));
    }
    let one = |index: usize| {
        let mut stft = plan.forward(&vec![0.0; len])?;
        let from = &values[index * frames * bins..(index + 1) * frames * bins];
        for (out, z) in stft.coefficients_mut().iter_mut().zip(from) {
            *out = z * factor;
        }
        plan.inverse(&stft)
    };
    let signals = each(py, count, len, || (), |(), index| one(index))?;
    stacked(py, signals)
}
