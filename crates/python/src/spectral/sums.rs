//! Averages over stretches of signals, which other machines have the rest of. Sums travel as numbers, in
//! place of the samples of each signal.

use hexad_spectral::{SegmentSums, SpectralError};
use numpy::PyReadonlyArrayDyn;
use pyo3::{Bound, PyAny, PyResult, Python, pyfunction};

use super::average::{Found, FoundCross};
use super::options::SpectrumSettings;
use crate::arrays::{restored, signals};
use crate::run::{each, refused};

/// Samples of a block of segments, and how many more the last of them needs.
#[pyfunction]
pub(crate) fn welch_layout(asked: &Bound<'_, SpectrumSettings>) -> PyResult<(usize, usize)> {
    let asked = asked.get();
    let plan = asked.of_many()?;
    Ok((SegmentSums::BLOCK * plan.hop(), asked.nperseg - plan.hop()))
}

/// Sums over stretches of signals.
#[pyfunction]
pub(crate) fn welch_sums<'py>(
    py: Python<'py>,
    x: PyReadonlyArrayDyn<'py, f64>,
    asked: &Bound<'_, SpectrumSettings>,
    first_block: u64,
) -> PyResult<Bound<'py, PyAny>> {
    let signals = signals(&x)?;
    let asked = asked.get();
    let plan = asked.of_many()?;
    let one = |index| Ok::<_, SpectralError>(plan.sums(signals.one(index), first_block)?.to_numbers());
    let found = each(py, signals.count, signals.len, || (), |(), index| one(index))?;
    restored(py, signals.outer, found)
}

/// Sums over stretches of pairs of signals.
#[pyfunction]
pub(crate) fn cross_sums<'py>(
    py: Python<'py>,
    a: PyReadonlyArrayDyn<'py, f64>,
    b: PyReadonlyArrayDyn<'py, f64>,
    asked: &Bound<'_, SpectrumSettings>,
    first_block: u64,
) -> PyResult<Bound<'py, PyAny>> {
    let (a, b) = (signals(&a)?, signals(&b)?);
    let asked = asked.get();
    let plan = asked.of_pairs()?;
    let one =
        |index| Ok::<_, SpectralError>(plan.sums(a.one(index), b.one(index), first_block)?.to_numbers());
    let found = each(py, a.count.min(b.count), a.len, || (), |(), index| one(index))?;
    restored(py, a.outer, found)
}

/// The sums of stretches that follow each other.
#[pyfunction]
pub(crate) fn joined_sums<'py>(
    py: Python<'py>,
    parts: Vec<PyReadonlyArrayDyn<'py, f64>>,
) -> PyResult<Bound<'py, PyAny>> {
    let parts = parts.iter().map(signals).collect::<PyResult<Vec<_>>>()?;
    let count = parts.iter().map(|part| part.count).min().unwrap_or(0);
    let outer = parts.first().map_or(&[][..], |part| part.outer);
    let joined = |index| {
        let mut stretches = parts.iter().map(|part| SegmentSums::from_numbers(part.one(index)));
        let first = stretches.next().unwrap_or(Err(SpectralError::NotSums));
        let whole = stretches.try_fold(first?, |mut whole, next| {
            whole.append(&next?)?;
            Ok::<_, SpectralError>(whole)
        });
        whole.map(|whole| whole.to_numbers())
    };
    restored(py, outer, (0..count).map(joined).collect::<Result<Vec<_>, _>>().map_err(refused)?)
}

/// The average spectra that sums over whole signals hold.
#[pyfunction]
pub(crate) fn welch_of_sums<'py>(
    py: Python<'py>,
    sums: PyReadonlyArrayDyn<'py, f64>,
    asked: &Bound<'_, SpectrumSettings>,
) -> PyResult<Found<'py>> {
    let sums = signals(&sums)?;
    let asked = asked.get();
    let plan = asked.of_many()?;
    let one = |index| plan.finish(&SegmentSums::from_numbers(sums.one(index))?);
    let spectra = (0..sums.count).map(one).collect::<Result<Vec<_>, _>>().map_err(refused)?;
    Found::new(py, asked, &spectra, sums.outer)
}

/// The cross-spectra that sums over whole signals hold; `chance` as in `cross`.
#[pyfunction]
pub(crate) fn cross_of_sums<'py>(
    py: Python<'py>,
    sums: PyReadonlyArrayDyn<'py, f64>,
    asked: &Bound<'_, SpectrumSettings>,
    chance: Option<f64>,
) -> PyResult<FoundCross<'py>> {
    let sums = signals(&sums)?;
    let asked = asked.get();
    let plan = asked.of_pairs()?;
    let one = |index| plan.finish(&SegmentSums::from_numbers(sums.one(index))?);
    let found = (0..sums.count).map(one).collect::<Result<Vec<_>, _>>().map_err(refused)?;
    FoundCross::new(py, asked, &found, sums.outer, chance)
}
