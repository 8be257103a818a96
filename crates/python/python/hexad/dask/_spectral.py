"""Averages of spectra over chunked signals."""

from __future__ import annotations

from collections.abc import Callable
from inspect import signature
from typing import Any

import dask.array
import numpy as np
from dask.base import compute
from numpy.typing import NDArray

from hexad import _hexad
from hexad._arrays import Reals, reals
from hexad.dask._arrays import DaskArray, beside, piece_length, signals, whole_lines
from hexad.dask._cluster import task, tree
from hexad.spectral._average import Spectrum, spectrum_result
from hexad.spectral._cross import (
    Coherence,
    CrossSpectrum,
    coherence_result,
    cross_result,
    has_several,
)
from hexad.spectral._options import Asked, Detrend, Scaling, asked
from hexad.spectral._windows import Window

Sums = Callable[..., Reals]


def welch(
    x: DaskArray,
    fs: float = 1.0,
    window: Window = "hann_periodic",
    nperseg: int | None = None,
    noverlap: int | None = None,
    nfft: int | None = None,
    detrend: Detrend = "constant",
    return_onesided: bool = True,
    scaling: Scaling = "density",
    axis: int = -1,
    *,
    confidence: float | None = None,
) -> Spectrum:
    """`hexad.spectral.welch` of signals in a Dask array.

    A task sums over the segments of a chunk, or of as many short ones as are 16 million samples together; sums are
    joined as a tree, in the order of the segments. Their average is the mean: a median needs all segments at once.

    Parameters
    ----------
    x : dask.array.Array
        Real signals along `axis`.
    fs, window, nperseg, noverlap, nfft, detrend, return_onesided, scaling, axis, confidence
        As in `hexad.spectral.welch`.

    Returns
    -------
    hexad.spectral.Spectrum

    Examples
    --------
    >>> import dask.array
    >>> from hexad import spectral
    >>> noise = np.random.default_rng(1).normal(size=100_000)
    >>> there = welch(dask.array.from_array(noise, chunks=30_000), nperseg=500)
    >>> np.array_equal(there.values, spectral.welch(noise, nperseg=500).values)
    True
    """
    lines = signals(x, "x", axis)
    request = asked(
        lines.shape[-1],
        fs,
        window,
        nperseg,
        noverlap,
        nfft,
        detrend=detrend,
        onesided=return_onesided,
        scaling=scaling,
        confidence=confidence,
    )
    sums = _sums([lines], request, _hexad.welch_sums)
    return spectrum_result(_hexad.welch_of_sums(sums, request), request, axis, from_zero=True)


def cross_spectrum(
    x: DaskArray,
    y: DaskArray,
    fs: float = 1.0,
    window: Window = "hann_periodic",
    nperseg: int | None = None,
    noverlap: int | None = None,
    nfft: int | None = None,
    detrend: Detrend = "constant",
    return_onesided: bool = True,
    scaling: Scaling = "density",
    axis: int = -1,
) -> CrossSpectrum:
    """`hexad.spectral.cross_spectrum` of signals in Dask arrays: as `welch`.

    Examples
    --------
    >>> import dask.array
    >>> x, y = dask.array.from_array(np.random.default_rng(1).normal(size=(2, 50_000)), chunks=(1, 20_000))
    >>> cross_spectrum(x, x + y, nperseg=500).coherence.shape
    (251,)
    """
    lines = _matched(x, y, axis)
    length = lines[0].shape[-1]
    request = asked(
        length, fs, window, nperseg, noverlap, nfft, detrend=detrend, onesided=return_onesided, scaling=scaling
    )
    found = _cross(lines, request, 0.05 if has_several(request, length) else None)
    return cross_result(found, request, axis)


def csd(
    x: DaskArray,
    y: DaskArray,
    fs: float = 1.0,
    window: Window = "hann_periodic",
    nperseg: int | None = None,
    noverlap: int | None = None,
    nfft: int | None = None,
    detrend: Detrend = "constant",
    return_onesided: bool = True,
    scaling: Scaling = "density",
    axis: int = -1,
) -> CrossSpectrum:
    """`hexad.spectral.csd` of signals in Dask arrays: as `welch`.

    Examples
    --------
    >>> import dask.array
    >>> x = dask.array.from_array(np.random.default_rng(1).normal(size=10_001), chunks=4_000)
    >>> f, pxy = csd(x[1:], x[:-1], nperseg=100)
    >>> print(f"{np.angle(pxy[25], deg=True):.0f} degrees")
    -90 degrees
    """
    lines = _matched(x, y, axis)
    length = lines[0].shape[-1]
    request = asked(
        length, fs, window, nperseg, noverlap, nfft, detrend=detrend, onesided=return_onesided, scaling=scaling
    )
    return cross_result(_cross(lines, request, None), request, axis)


def coherence(
    x: DaskArray,
    y: DaskArray,
    fs: float = 1.0,
    window: Window = "hann_periodic",
    nperseg: int | None = None,
    noverlap: int | None = None,
    nfft: int | None = None,
    detrend: Detrend = "constant",
    axis: int = -1,
) -> Coherence:
    """`hexad.spectral.coherence` of signals in Dask arrays: as `welch`.

    Examples
    --------
    >>> import dask.array
    >>> x, noise = dask.array.from_array(np.random.default_rng(1).normal(size=(2, 100_000)), chunks=(1, 30_000))
    >>> print(f"{coherence(x, x + noise).cxy.mean():.2f}")
    0.50
    """
    lines = _matched(x, y, axis)
    length = lines[0].shape[-1]
    request = asked(length, fs, window, nperseg, noverlap, nfft, detrend=detrend)
    return coherence_result(_cross(lines, request, 0.05), axis)


def _cross(lines: list[DaskArray], request: Asked, chance: float | None) -> dict[str, Any]:
    """What the compiled half makes of two signals; with `chance` their coherence too."""
    return _hexad.cross_of_sums(_sums(lines, request, _hexad.cross_sums), request, chance)


def _matched(x: DaskArray, y: DaskArray, axis: int) -> list[DaskArray]:
    """Both as signals with the same chunks; where one has fewer of them they are broadcast."""
    first, second = signals(x, "x", axis), signals(y, "y", axis)
    if first.shape[-1] != second.shape[-1]:
        raise ValueError(f"x and y must be of one length, got {first.shape[-1]} and {second.shape[-1]}")
    if first.shape != second.shape:
        if axis >= 0:
            raise ValueError(f"x and y must have shapes that match, got {first.shape} and {second.shape}")
        first, second = dask.array.broadcast_arrays(first, second)
    return [first, second.rechunk(first.chunks)]


def _sums(arrays: list[DaskArray], request: Asked, sums: Sums) -> NDArray[np.float64]:
    """Sums over all segments of each signal, along the last axis."""
    length = arrays[0].shape[-1]
    if arrays[0].size == 0:
        raise ValueError(f"signals must not be empty, got shape {arrays[0].shape}")
    block, beyond = _hexad.welch_layout(request)
    piece = piece_length(arrays[0], block)
    arrays = [beside(array, min(piece, length)) for array in arrays]
    hop = request.nperseg - request.noverlap
    segments = (length - request.nperseg) // hop + 1
    blocks = -(-segments * hop // block)
    parts = []
    for first in range(0, blocks, piece // block):
        last = first + piece // block
        until = length if last >= blocks else last * block + beyond
        stretches = [whole_lines(array[..., first * block : until]) for array in arrays]
        # Unfused, so that a chunk that two stretches share is made once.
        delayed = [stretch.to_delayed(optimize_graph=False).ravel() for stretch in stretches]
        parts.append((first, delayed))
    # Settings travel as what they are made of.
    fields = {name: getattr(request, name) for name in signature(_hexad.SpectrumSettings).parameters}
    joined = []
    for index in range(parts[0][1][0].size):
        own = [task(_part, sums, fields, first, *(one[index] for one in delayed)) for first, delayed in parts]
        joined.append(tree(own, _joined))
    return _assembled(compute(*joined), arrays[0])


def _part(sums: Sums, fields: dict[str, Any], first_block: int, *stretches: Reals) -> Reals:
    return sums(*(reals(stretch, "x") for stretch in stretches), _hexad.SpectrumSettings(**fields), first_block)


def _joined(parts: list[Reals]) -> Reals:
    return _hexad.joined_sums([reals(part, "sums") for part in parts])


def _assembled(found: tuple[Reals, ...], lines: DaskArray) -> Reals:
    """The sums of all signals from those of each chunk of the other axes."""
    width = found[0].shape[-1]
    whole = np.empty((*lines.shape[:-1], width))
    outer = lines.chunks[:-1]
    edges = [np.cumsum((0, *lengths)) for lengths in outer]
    for part, place in zip(found, np.ndindex(*map(len, outer)), strict=True):
        own = tuple(slice(edge[index], edge[index + 1]) for edge, index in zip(edges, place, strict=True))
        whole[own] = part
    return whole
