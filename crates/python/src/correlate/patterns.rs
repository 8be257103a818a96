//! Templates searched for in a long record.

use hexad_correlate::Templates;
use numpy::{PyArray2, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::{Bound, PyResult, Python, pyfunction};

use crate::arrays::{column, rows, stacked};
use crate::run::{detached, refused};

/// The coefficient of each template, which are rows, at every position of a record.
#[pyfunction]
pub(crate) fn templates<'py>(
    py: Python<'py>,
    record: PyReadonlyArray1<'py, f64>,
    templates: PyReadonlyArray2<'py, f64>,
) -> PyResult<Bound<'py, PyArray2<f64>>> {
    let (record, patterns) = (column(&record)?, rows(&templates)?);
    let all: Vec<&[f64]> = (0..patterns.count).map(|index| patterns.row(index)).collect();
    let plan = Templates::new(&all).map_err(refused)?;
    let found = detached(py, record.len(), || plan.apply(record))?;
    stacked(py, found.into_iter().map(|one| one.values).collect())
}
