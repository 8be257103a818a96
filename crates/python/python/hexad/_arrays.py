"""Whatever holds numbers, as the C-contiguous NumPy array that the compiled half takes; no copy where it is one."""

from __future__ import annotations

from typing import Any, TypeAlias

import numpy as np
from numpy.typing import ArrayLike, NDArray

Reals: TypeAlias = NDArray[np.float64]
"""An array of float64."""

Numbers: TypeAlias = ArrayLike | Any
"""Anything that NumPy, pandas, polars or Arrow can show as an array of real numbers."""


def reals(values: Numbers, name: str) -> Reals:
    """`values` as a contiguous array of float64, whatever its shape; what is missing becomes NaN."""
    if type(values) is np.ndarray and values.dtype == np.float64 and values.flags.c_contiguous:
        return values
    return np.asarray(_numeric(values, name), dtype=np.float64, order="C")


def column(values: Numbers, name: str) -> Reals:
    """`reals` of one dimension."""
    array = reals(values, name)
    if array.ndim != 1:
        raise ValueError(f"{name} must have one dimension, got shape {array.shape}")
    return array


def optional_column(values: Numbers | None, name: str) -> Reals | None:
    """`column`, unless it is left out."""
    return None if values is None else column(values, name)


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
