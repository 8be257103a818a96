//! NumPy arrays as slices. `python/hexad/_arrays.py` has made them C-contiguous and of the right type.

use numpy::{Element, PyReadonlyArray1};
use pyo3::PyResult;

/// The elements of a column, without a copy.
pub(crate) fn column<'a, T: Element>(array: &'a PyReadonlyArray1<'_, T>) -> PyResult<&'a [T]> {
    Ok(array.as_slice()?)
}

/// The elements of a column that may be left out.
pub(crate) fn optional<'a, T: Element>(
    array: Option<&'a PyReadonlyArray1<'_, T>>,
) -> PyResult<Option<&'a [T]>> {
    array.map(column).transpose()
}
