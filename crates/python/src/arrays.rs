//! NumPy arrays as slices. `python/hexad/_arrays.py` has made them C-contiguous and of the right type.

use hexad_core::ndarray::{Array, Array2, Dimension};
use numpy::{
    Element, IntoPyArray, PyArray, PyArray1, PyArray2, PyArrayMethods, PyReadonlyArray1, PyReadonlyArray2,
    PyReadonlyArrayDyn, PyUntypedArrayMethods, ToPyArray,
};
use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::{Bound, PyAny, PyResult, Python};

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

/// The rows of a table: signals of one length.
#[derive(Clone, Copy)]
pub(crate) struct Rows<'a, T> {
    values: &'a [T],
    pub count: usize,
    pub len: usize,
}

impl<'a, T> Rows<'a, T> {
    /// All elements, row after row.
    pub(crate) fn all(&self) -> &'a [T] {
        self.values
    }

    pub(crate) fn row(&self, index: usize) -> &'a [T] {
        &self.values[index * self.len..(index + 1) * self.len]
    }
}

/// The rows of an array, without a copy.
pub(crate) fn rows<'a, T: Element>(array: &'a PyReadonlyArray2<'_, T>) -> PyResult<Rows<'a, T>> {
    let &[count, len] = array.shape() else {
        return Err(PyValueError::new_err("a table must have two dimensions"));
    };
    Ok(Rows { values: array.as_slice()?, count, len })
}

/// Signals of one length along the last axis of an array.
#[derive(Clone, Copy)]
pub(crate) struct Signals<'a, T> {
    values: &'a [T],
    /// Shape of the array but for that axis.
    pub outer: &'a [usize],
    pub count: usize,
    pub len: usize,
}

impl<'a, T> Signals<'a, T> {
    pub(crate) fn one(&self, index: usize) -> &'a [T] {
        &self.values[index * self.len..(index + 1) * self.len]
    }
}

/// The signals of an array, without a copy.
pub(crate) fn signals<'a, T: Element>(array: &'a PyReadonlyArrayDyn<'_, T>) -> PyResult<Signals<'a, T>> {
    let Some((&len, outer)) = array.shape().split_last() else {
        return Err(PyValueError::new_err("signals must have an axis"));
    };
    Ok(Signals { values: array.as_slice()?, outer, count: outer.iter().product(), len })
}

/// Fewer elements than this are copied sooner than handed over.
const WORTH_HANDING_OVER: usize = 1024;

/// A column as an array; a long one is not copied.
pub(crate) fn array<T: Element>(py: Python<'_>, values: Vec<T>) -> Bound<'_, PyArray1<T>> {
    if values.len() < WORTH_HANDING_OVER {
        PyArray1::from_slice(py, &values)
    } else {
        values.into_pyarray(py)
    }
}

/// What was found of each signal, along the last axis of an array of shape `outer` before it.
pub(crate) fn restored<'py, T: Element>(
    py: Python<'py>,
    outer: &[usize],
    mut rows: Vec<Vec<T>>,
) -> PyResult<Bound<'py, PyAny>> {
    if let ([], 1) = (outer, rows.len()) {
        return Ok(array(py, rows.remove(0)).into_any());
    }
    let shape = [outer, &[rows.first().map_or(0, Vec::len)]].concat();
    Ok(stacked(py, rows)?.reshape(shape)?.into_any())
}

/// Rows of one length as an array; a single long one is not copied.
pub(crate) fn stacked<T: Element>(py: Python<'_>, mut rows: Vec<Vec<T>>) -> PyResult<Bound<'_, PyArray2<T>>> {
    let shape = (rows.len(), rows.first().map_or(0, Vec::len));
    table(py, shape, if shape.0 == 1 { rows.remove(0) } else { rows.into_iter().flatten().collect() })
}

/// Values, row after row, as an array; many are not copied.
pub(crate) fn table<T: Element>(
    py: Python<'_>,
    shape: (usize, usize),
    values: Vec<T>,
) -> PyResult<Bound<'_, PyArray2<T>>> {
    let table = Array2::from_shape_vec(shape, values);
    Ok(handed(py, table.map_err(|error| PyRuntimeError::new_err(error.to_string()))?))
}

/// An array as NumPy's; a large one is not copied.
pub(crate) fn handed<T: Element, D: Dimension>(
    py: Python<'_>,
    array: Array<T, D>,
) -> Bound<'_, PyArray<T, D>> {
    if array.len() < WORTH_HANDING_OVER { array.to_pyarray(py) } else { array.into_pyarray(py) }
}
