"""Whatever holds numbers, as the C-contiguous NumPy array that the compiled half takes; no copy where it is one."""

from __future__ import annotations

from typing import Any, TypeAlias, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

FLOAT64 = np.dtype(np.float64)

Reals: TypeAlias = NDArray[np.float64]
"""An array of float64."""

S = TypeVar("S", bound=np.generic)

Numbers: TypeAlias = ArrayLike | Any
"""Anything that NumPy, pandas, polars or Arrow can show as an array of real numbers."""


def reals(values: Numbers, name: str) -> Reals:
    """`values` as a contiguous array of float64, whatever its shape; what is missing becomes NaN."""
    if type(values) is np.ndarray and values.dtype is FLOAT64 and values.flags.carray:
        return values
    # What other processes send may stand anywhere in a message.
    return np.require(_numeric(values, name), dtype=np.float64, requirements=["C", "A"])


def column(values: Numbers, name: str) -> Reals:
    """`reals` of one dimension."""
    array = reals(values, name)
    if array.ndim != 1:
        raise ValueError(f"{name} must have one dimension, got shape {array.shape}")
    return array


def optional_column(values: Numbers | None, name: str) -> Reals | None:
    """`column`, unless it is left out."""
    return None if values is None else column(values, name)


def signals(values: Numbers, name: str, axis: int) -> Reals:
    """`reals` whose last axis is `axis` of the values: that of the signals."""
    array = reals(values, name)
    return array if axis == -1 and array.ndim else axis_last(array, name, axis)


def axis_last(array: NDArray[S], name: str, axis: int) -> NDArray[S]:
    """A contiguous array with one of its axes last."""
    dimensions = array.ndim
    if not -dimensions <= axis < dimensions:
        raise ValueError(f"axis must be one of the {dimensions} of {name}, got {axis}")
    return np.ascontiguousarray(np.moveaxis(array, axis, -1))


def is_complex(values: Numbers) -> bool:
    """Whether `values` hold complex numbers."""
    return (values if type(values) is np.ndarray else np.asarray(values)).dtype.kind == "c"


def complexes(values: Numbers, name: str) -> NDArray[np.complex128]:
    """`values` as a contiguous array of complex128, whatever its shape."""
    array = np.asarray(values)
    if array.dtype.kind == "c":
        return np.ascontiguousarray(array, dtype=np.complex128)
    return reals(values, name).astype(np.complex128)


def coordinates(values: Numbers, name: str) -> Reals:
    """`column`; dates are days since 1970-01-01."""
    array = np.asarray(values)
    if array.dtype.kind == "M":
        days = array.astype("datetime64[ns]").astype(np.int64) / 86_400e9
        return column(np.where(np.isnat(array), np.nan, days), name)
    return column(values, name)


def _numeric(values: Numbers, name: str) -> NDArray[Any]:
    if isinstance(values, np.ma.MaskedArray):
        return np.ma.filled(values.astype(np.float64), np.nan)
    array = np.asarray(values)
    if array.dtype.kind == "O":
        # Columns with None or pandas.NA among their numbers.
        present = [np.nan if _is_missing(value) else value for value in array.ravel()]
        array = np.asarray(present).reshape(array.shape)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name} must hold real numbers, got {array.dtype}")
    return array


def _is_missing(value: object) -> bool:
    return value is None or type(value).__name__ in ("NAType", "NaTType")
