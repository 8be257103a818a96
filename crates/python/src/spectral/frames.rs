//! Short-time transforms.

use hexad_core::Complex64;
use hexad_core::ndarray::ArrayD;
use hexad_spectral::{SpectralError, Stft, StftPlan};
use numpy::{Element, PyArray1, PyArrayDyn, PyReadonlyArrayDyn, PyUntypedArrayMethods};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::{Bound, PyAny, PyResult, Python, pyfunction};

use super::options::SpectrumSettings;
use crate::arrays::{array, handed, restored, signals};
use crate::run::{each, refused};

/// Frequencies, times, and bins by frames of each signal.
type Frames<'py, T> = (Bound<'py, PyArray1<f64>>, Bound<'py, PyArray1<f64>>, Bound<'py, PyArrayDyn<T>>);

/// The short-time transform of each signal, scaled as SciPy does.
#[pyfunction]
pub(crate) fn stft<'py>(
    py: Python<'py>,
    x: PyReadonlyArrayDyn<'py, f64>,
    asked: &Bound<'py, SpectrumSettings>,
) -> PyResult<Frames<'py, Complex64>> {
    let asked = asked.get();
    let plan = asked.of_frames()?;
    let factor = 1.0 / asked.divisor(&plan)?;
    framed(py, &x, &plan, |mut stft| {
        stft.coefficients_mut().iter_mut().for_each(|z| *z *= factor);
        stft.into_coefficients()
    })
}

/// The spectrogram of each signal.
#[pyfunction]
pub(crate) fn spectrogram<'py>(
    py: Python<'py>,
    x: PyReadonlyArrayDyn<'py, f64>,
    asked: &Bound<'py, SpectrumSettings>,
) -> PyResult<Frames<'py, f64>> {
    let asked = asked.get();
    let scaling = asked.scaling()?;
    let plan = asked.of_frames()?;
    framed(py, &x, &plan, |stft| stft.spectrogram(scaling).into_raw_vec_and_offset().0)
}

fn framed<'py, T: Element + Send>(
    py: Python<'py>,
    x: &PyReadonlyArrayDyn<'py, f64>,
    plan: &StftPlan,
    values: impl Fn(Stft) -> Vec<T> + Sync + Send,
) -> PyResult<Frames<'py, T>> {
    let signals = signals(x)?;
    let one = |index: usize| {
        let stft = plan.forward(signals.one(index))?;
        let axes = (index == 0).then(|| (stft.frequencies_hz(), stft.times_s()));
        Ok::<_, SpectralError>((values(stft), axes))
    };
    let mut found = each(py, signals.count, signals.len, || (), |(), index| one(index))?;
    let (f, t) = found.first_mut().and_then(|(_, axes)| axes.take()).unwrap_or_default();
    let shape = [signals.outer, &[t.len(), f.len()]].concat();
    let values = if found.len() == 1 {
        found.remove(0).0
    } else {
        found.into_iter().flat_map(|(values, _)| values).collect()
    };
    let frames = ArrayD::from_shape_vec(shape, values);
    let mut frames = frames.map_err(|error| PyRuntimeError::new_err(error.to_string()))?;
    frames.swap_axes(signals.outer.len(), signals.outer.len() + 1);
    Ok((array(py, f), array(py, t), handed(py, frames)))
}

/// Signals of `len` samples from short-time transforms of frames by bins.
#[pyfunction]
pub(crate) fn istft<'py>(
    py: Python<'py>,
    z: PyReadonlyArrayDyn<'py, Complex64>,
    len: usize,
    asked: &Bound<'py, SpectrumSettings>,
) -> PyResult<Bound<'py, PyAny>> {
    let asked = asked.get();
    let plan = asked.of_frames()?;
    let (values, factor) = (z.as_slice()?, asked.divisor(&plan)?);
    let &[ref outer @ .., frames, bins] = z.shape() else {
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
        let coefficients = &values[index * frames * bins..(index + 1) * frames * bins];
        let unscaled = coefficients.iter().map(|z| z * factor).collect();
        plan.inverse(&plan.stft_of(unscaled, len)?)
    };
    let signals = each(py, outer.iter().product(), len, || (), |(), index| one(index))?;
    restored(py, outer, signals)
}
