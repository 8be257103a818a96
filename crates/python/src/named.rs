//! Choices that Python makes by name.

use pyo3::PyResult;
use pyo3::exceptions::PyValueError;

/// Names and what they stand for.
pub(crate) type Named<T> = &'static [(&'static str, T)];

/// What `name` stands for; a `ValueError` that lists the names if it is none.
pub(crate) fn named<T: Copy>(argument: &str, choices: Named<T>, name: &str) -> PyResult<T> {
    if let Some((_, choice)) = choices.iter().find(|(known, _)| *known == name) {
        return Ok(*choice);
    }
    let known: Vec<_> = choices.iter().map(|(known, _)| *known).collect();
    Err(PyValueError::new_err(format!("{argument} must be one of {}, got {name:?}", known.join(", "))))
}
