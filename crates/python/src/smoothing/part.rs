//! Parts of lines, which other machines have the rest of.

use hexad_smoothing::{Part, SmoothError, Smoother};
use numpy::{PyArray2, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::{Bound, PyResult, Python, pyfunction};

use super::options::SmoothSettings;
use crate::arrays::{column, optional, rows, stacked};
use crate::run::{each, refused};

/// What parts of lines of `len` samples begin at multiples of, and how many samples they need before and after.
#[pyfunction]
pub(crate) fn smooth_part_layout(
    len: usize,
    asked: &Bound<'_, SmoothSettings>,
) -> PyResult<(usize, usize, usize)> {
    let asked = asked.get();
    let plan = Smoother::uniform(len, 1.0, asked.sigma, &asked.options).map_err(refused)?;
    let layout = plan.part_layout().map_err(refused)?;
    Ok((layout.chunk, layout.before, layout.after))
}

/// Outputs `outputs.0..outputs.1` of lines of `len` samples; the samples given are those from `first` on.
#[pyfunction]
#[expect(clippy::too_many_arguments, reason = "as many as there are")]
pub(crate) fn smooth_part<'py>(
    py: Python<'py>,
    y: PyReadonlyArray2<'py, f64>,
    weights: Option<PyReadonlyArray1<'py, f64>>,
    len: usize,
    first: i64,
    outputs: (usize, usize),
    offsets: PyReadonlyArray1<'py, f64>,
    largest_weight: f64,
    asked: &Bound<'_, SmoothSettings>,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let asked = asked.get();
    let plan = Smoother::uniform(len, 1.0, asked.sigma, &asked.options).map_err(refused)?;
    let (values, weights, offsets) = (rows(&y)?, optional(weights.as_ref())?, column(&offsets)?);
    let count = outputs.1.saturating_sub(outputs.0);
    let found = each(
        py,
        values.count.min(offsets.len()),
        values.len,
        || plan.make_scratch(),
        |scratch, index| {
            let part = Part { y: values.row(index), weights, first, offset: offsets[index], largest_weight };
            let mut out = vec![0.0; count];
            plan.apply_part_into(&part, outputs.0, &mut out, scratch)?;
            Ok::<_, SmoothError>(out)
        },
    )?;
    stacked(py, found)
}
