"""Smoothing of chunked arrays."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import dask.array
import numpy as np
from numpy.typing import NDArray

from hexad import _hexad
from hexad._arrays import Reals, optional_column, reals
from hexad.dask._arrays import DaskArray, beside, piece_length, signals, whole_lines
from hexad.dask._cluster import on_worker, task
from hexad.smoothing._filters import _axes, _rounded, _whole
from hexad.smoothing._options import Boundary, Fit, Method, Missing, Mode
from hexad.smoothing._smooth import _width


def smooth(
    y: DaskArray,
    x: None = None,
    *,
    sigma: float | None = None,
    fwhm: float | None = None,
    cutoff: float | None = None,
    axis: int = -1,
    weights: Any = None,
    truncate: float | None = 4.0,
    reach: float | None = None,
    boundary: Boundary = "renormalize",
    cval: float = 0.0,
    method: Method = "auto",
    tolerance: float = 1e-10,
    derivative: int = 0,
    fit: Fit = "constant",
    nan: Missing = "skip",
    min_weight: float = 1e-6,
    causal: bool = False,
) -> DaskArray:
    """`hexad.smoothing.smooth` of evenly spaced samples in a Dask array: its ``y``, not computed yet.

    A task smooths a chunk, or as many short ones as are 16 million samples together, with the samples that the kernel
    reaches beyond. The first samples of the signals are looked at right now.

    Parameters
    ----------
    y : dask.array.Array
        Samples: one signal, or several of them along `axis`. NaN and infinity are missing: see `nan`.
    x : None
        Places of samples are refused: at uneven ones the sums of a chunk begin with those of all before it.
    sigma, fwhm, cutoff : float
        One of them, in samples (`cutoff` in cycles per sample).
    weights : array-like or dask.array.Array, shape (n,), optional
        Weight of each sample, 0 or more.
    method : str
        Not "recursive", whose sums run over the whole signal.
    axis, truncate, reach, boundary, cval, tolerance, derivative, fit, nan, min_weight, causal
        As in `hexad.smoothing.smooth`.

    Returns
    -------
    dask.array.Array
        Of float64. Chunks along `axis` end where those of the kernel do, others as before.

    Examples
    --------
    >>> import dask.array
    >>> from hexad import smoothing
    >>> line = np.random.default_rng(1).normal(size=100_000).cumsum()
    >>> there = smooth(dask.array.from_array(line, chunks=30_000), sigma=20.0)
    >>> np.array_equal(there.compute(), smoothing.smooth(line, sigma=20.0).y)
    True
    """
    if x is not None:
        raise ValueError(
            "x must be left out: sums at uneven x run along the whole line, which hexad.smoothing.smooth takes; "
            "where x is even, give sigma in samples"
        )
    asked = dict(
        sigma=_width(sigma, fwhm, cutoff),
        truncate=truncate if reach is None else None,
        reach=reach,
        boundary=boundary,
        cval=cval,
        method=method,
        tolerance=tolerance,
        derivative=derivative,
        fit=fit,
        nan=nan,
        min_weight=min_weight,
        causal=causal,
        statistics=False,
    )
    lines = signals(y, "y", axis)
    return dask.array.moveaxis(_smoothed(lines, _weights(weights, lines.shape[-1]), asked), -1, axis)


def gaussian_filter1d(
    input: DaskArray,
    sigma: float,
    axis: int = -1,
    order: int = 0,
    mode: Mode = "reflect",
    cval: float = 0.0,
    truncate: float = 4.0,
    *,
    radius: int | None = None,
) -> DaskArray:
    """`hexad.smoothing.gaussian_filter1d` of a Dask array, not computed yet.

    Chunks and tasks are those of `smooth`.

    Examples
    --------
    >>> import dask.array
    >>> gaussian_filter1d(dask.array.arange(1.0, 6.0, chunks=2), 1).compute().round(6)
    array([1.427041, 2.067822, 3.      , 3.932178, 4.572959])
    """
    array = dask.array.asarray(input)
    return _delivered(_along(array, axis, sigma, order, mode, cval, truncate, radius), array.dtype)


def gaussian_filter(
    input: DaskArray,
    sigma: float | Sequence[float],
    order: int | Sequence[int] = 0,
    mode: Mode | Sequence[Mode] = "reflect",
    cval: float = 0.0,
    truncate: float = 4.0,
    *,
    radius: int | Sequence[int] | None = None,
    axes: int | Sequence[int] | None = None,
) -> DaskArray:
    """`hexad.smoothing.gaussian_filter` of a Dask array, not computed yet: one axis after the other.

    Examples
    --------
    >>> import dask.array
    >>> from hexad import smoothing
    >>> image = np.random.default_rng(1).normal(size=(60, 50))
    >>> there = gaussian_filter(dask.array.from_array(image, chunks=(25, 50)), 2.0)
    >>> np.array_equal(there.compute(), smoothing.gaussian_filter(image, 2.0))
    True
    """
    array = dask.array.asarray(input)
    chosen = _axes(axes, array.ndim)
    smooth = array
    settings = [_each(values, name, chosen) for values, name in _named(sigma, order, mode, radius)]
    for axis, one_sigma, one_order, one_mode, one_radius in sorted(zip(chosen, *settings, strict=True)):
        smooth = _along(smooth, axis, one_sigma, one_order, one_mode, cval, truncate, one_radius)
    return _delivered(smooth, array.dtype)


def _named(sigma: Any, order: Any, mode: Any, radius: Any) -> list[tuple[Any, str]]:
    return [(np.asarray(sigma).tolist(), "sigma"), (order, "order"), (mode, "mode"), (radius, "radius")]


def _each(values: Any, name: str, axes: list[int]) -> list[Any]:
    many = list(values) if isinstance(values, Sequence) and not isinstance(values, str) else [values] * len(axes)
    if len(many) != len(axes):
        raise ValueError(f"{name} must hold one value for each of the {len(axes)} axes, got {len(many)}")
    return many


def _along(
    array: DaskArray,
    axis: int,
    sigma: float,
    order: int,
    mode: str,
    cval: float,
    truncate: float,
    radius: int | None,
) -> DaskArray:
    """What SciPy's filter does along an axis, in float64."""
    lines = signals(array, "input", axis)
    # SciPy leaves such an axis as it is, whatever the order.
    if sigma > 1e-15 and lines.size:
        asked = dict(
            sigma=float(sigma),
            truncate=truncate if radius is None else _whole(radius) / sigma,
            reach=None,
            boundary=mode,
            cval=cval,
            method="auto",
            tolerance=1e-13,
            derivative=order,
            fit="constant",
            nan="propagate",
            min_weight=1e-6,
            causal=False,
            statistics=False,
        )
        lines = _smoothed(lines, None, asked)
    return dask.array.moveaxis(lines, -1, axis)


def _delivered(smooth: DaskArray, dtype: np.dtype[Any]) -> DaskArray:
    return smooth.map_blocks(_rounded, dtype, dtype=dtype, meta=np.empty((0,) * smooth.ndim, dtype))


def _weights(weights: Any, length: int) -> DaskArray | None:
    if weights is None:
        return None
    if not isinstance(weights, dask.array.Array):
        weights = dask.array.from_array(optional_column(weights, "weights"))
    if weights.shape != (length,):
        raise ValueError(f"weights must have shape ({length},), got {weights.shape}")
    return weights.astype(np.float64)


def _smoothed(lines: DaskArray, weights: DaskArray | None, asked: dict[str, Any]) -> DaskArray:
    """The lines along the last axis, smoothed in pieces that begin where the kernel's chunks do."""
    length = lines.shape[-1]
    # Here it refuses what cannot be; there it may differ, where vectors are wider than here.
    _layout(length, asked)
    if lines.size == 0:
        return lines
    chunk, before, after = task(_layout, length, asked).compute()
    piece = piece_length(lines, chunk)
    lines = beside(lines, min(piece, length))
    outer = lines.chunks[:-1]
    offsets = dask.array.from_array(_first_finite(lines), chunks=(*outer, (1,)))
    largest = 1.0 if weights is None else float(weights.max().compute())
    pieces = []
    for start in range(0, length, piece):
        stop = min(start + piece, length)
        first, last = _needed(start - before, stop + after, length, asked["boundary"])
        inputs = [_taken(lines, first, last), offsets]
        if weights is not None:
            inputs.append(_taken(weights, first, last))
        place = {"length": length, "first": first, "outputs": (start, stop), "largest": largest, "asked": asked}
        pieces.append(
            dask.array.map_blocks(
                _piece,
                *inputs,
                place=place,
                chunks=(*outer, (stop - start,)),
                dtype=np.float64,
                meta=np.empty((0,) * lines.ndim),
            )
        )
    return dask.array.concatenate(pieces, axis=-1)


def _layout(length: int, asked: dict[str, Any]) -> tuple[int, int, int]:
    return _hexad.smooth_part_layout(length, _hexad.SmoothSettings(**asked))


def _needed(first: int, last: int, length: int, boundary: str) -> tuple[int, int]:
    """Which samples a piece takes, in a line that goes on with its other end where it is wrapped."""
    if last - first >= length:
        return 0, length
    if boundary in ("wrap", "grid-wrap"):
        return first, last
    return max(first, 0), min(last, length)


def _taken(lines: DaskArray, first: int, last: int) -> DaskArray:
    length = lines.shape[-1]
    parts = [lines[..., max(first, 0) : min(last, length)]]
    if first < 0:
        parts.insert(0, lines[..., first:])
    if last > length:
        parts.append(lines[..., : last - length])
    return whole_lines(parts[0] if len(parts) == 1 else dask.array.concatenate(parts, axis=-1))


def _piece(
    part: Reals, offsets: Reals, weights: Reals | None = None, *, place: dict[str, Any]
) -> NDArray[np.float64]:
    """Smooths the outputs of a piece."""
    return on_worker(_smooth_part, part, offsets, weights, **place)


def _smooth_part(
    part: Reals,
    offsets: Reals,
    weights: Reals | None,
    length: int,
    first: int,
    outputs: tuple[int, int],
    largest: float,
    asked: dict[str, Any],
) -> Reals:
    rows = reals(part, "y").reshape(-1, part.shape[-1])
    found = _hexad.smooth_part(
        rows,
        optional_column(weights, "weights"),
        length,
        first,
        outputs,
        reals(offsets, "offsets").ravel(),
        largest,
        _hexad.SmoothSettings(**asked),
    )
    return found.reshape(part.shape[:-1] + (outputs[1] - outputs[0],))


def _first_finite(lines: DaskArray) -> Reals:
    """The first finite sample of each line, 0 where there is none; most often the first sample."""
    found = np.full((*lines.shape[:-1], 1), np.nan)
    chunks = lines.chunks[-1]
    for start, stop in pairwise(np.unique([0, 1, *np.cumsum(chunks)]).tolist()):
        part = lines[..., start:stop]
        one = part.map_blocks(_first_of, chunks=(*lines.chunks[:-1], (1,)), meta=np.empty((0,) * lines.ndim))
        found = np.where(np.isnan(found), one.compute(), found)
        if not np.isnan(found).any():
            break
    return np.nan_to_num(found, nan=0.0)


def _first_of(part: Reals) -> Reals:
    finite = np.isfinite(part)
    place = finite.argmax(axis=-1, keepdims=True)
    return np.where(finite.any(axis=-1, keepdims=True), np.take_along_axis(part, place, -1), np.nan)
