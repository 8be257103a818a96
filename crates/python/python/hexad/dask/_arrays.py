"""Dask arrays of signals."""

from __future__ import annotations

import math
from typing import Any, TypeAlias

import numpy as np

from hexad.dask._cluster import SAMPLES_OF_A_TASK

try:
    import dask.array
    from dask.array.core import normalize_chunks
except ImportError as error:
    raise ImportError("hexad.dask needs Dask with arrays: pip install 'dask[array]'") from error

DaskArray: TypeAlias = Any
"""`dask.array.Array`, which has no types."""


def signals(values: Any, name: str, axis: int) -> DaskArray:
    """Real signals, with their axis last, as float64."""
    array = dask.array.asarray(values)
    if array.dtype.kind not in "fiub":
        raise TypeError(f"{name} must hold real numbers, got {array.dtype}")
    if not -array.ndim <= axis < array.ndim:
        raise ValueError(f"axis must be one of the {array.ndim} of {name}, got {axis}")
    if any(math.isnan(length) for length in array.shape):
        raise ValueError(f"{name} has chunks of unknown size: call its compute_chunk_sizes() first")
    return dask.array.moveaxis(array, axis, -1).astype(np.float64)


def piece_length(array: DaskArray, unit: int) -> int:
    """How much of the last axis a task takes: a chunk, or as many as are worth it; whole units."""
    chunks = array.chunks
    beside = max(1, math.prod(max(lengths) for lengths in chunks[:-1]))
    # More than a chunk would not fit where a chunk just does.
    worth: int = max(max(chunks[-1], default=1), SAMPLES_OF_A_TASK // beside, 1)
    return -(-worth // unit) * unit


def beside(array: DaskArray, length: int) -> DaskArray:
    """The array with the chunks of its other axes cut or joined, so that `length` samples of each fit in a task."""
    most = max(SAMPLES_OF_A_TASK, math.prod(max(lengths, default=1) for lengths in array.chunks))
    now = length * math.prod(max(lengths, default=1) for lengths in array.chunks[:-1])
    if array.ndim == 1 or array.size == 0 or SAMPLES_OF_A_TASK // 2 <= now <= 2 * most:
        return array
    wanted = normalize_chunks(
        ("auto",) * (array.ndim - 1) + (length,), shape=array.shape, limit=8 * most, dtype=np.dtype(np.float64)
    )
    return array.rechunk(dict(enumerate(wanted[:-1])))


def whole_lines(array: DaskArray) -> DaskArray:
    """The array with one chunk along its last axis."""
    return array if len(array.chunks[-1]) == 1 else array.rechunk({array.ndim - 1: -1})
