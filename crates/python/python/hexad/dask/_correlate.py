"""All pairs of many channels, blocks of them for each task."""

from __future__ import annotations

import math
from typing import Any

import dask.array
import numpy as np
from dask.base import compute
from numpy.typing import NDArray

from hexad import _hexad
from hexad._arrays import Reals, reals
from hexad.correlate._delay import Delay, Subsample, Weighting
from hexad.correlate._delay import delay as local_delay
from hexad.correlate._lags import Method, Normalization, _asked
from hexad.dask._arrays import DaskArray, signals
from hexad.dask._cluster import task

_SAMPLES_OF_PAIRS = 1 << 25
"""Channels are taken together until so many samples of pairs are correlated by a task: a quarter of a second."""
_SAMPLES_OF_DELAYS = 1 << 23
"""The same of delays, which take longer."""

Pairs = NDArray[np.int64]


def all_pairs(
    channels: DaskArray,
    *,
    max_lag: int | None = None,
    lags: tuple[int, int] | None = None,
    normalization: Normalization = "coefficient",
    remove_mean: bool = True,
    min_overlap: float = 0.5,
    method: Method = "auto",
) -> tuple[Pairs, NDArray[np.int64], DaskArray]:
    """`hexad.correlate.all_pairs` of the rows of a Dask array; the values are not computed yet.

    A task has two blocks of whole channels and correlates each of one with each of the other. Blocks are of as many
    channels as make 32 million samples of pairs.

    Parameters
    ----------
    channels : dask.array.Array, shape (channels, samples)
        Real signals of one length.
    max_lag, lags, normalization, remove_mean, min_overlap, method
        As in `hexad.correlate.all_pairs`.

    Returns
    -------
    pairs : ndarray, shape (pairs, 2)
        Indices of a and b: (0, 1), (0, 2), ..., (1, 2), ...
    lags : ndarray, shape (lags,)
        In samples.
    values : dask.array.Array, shape (pairs, lags)

    Examples
    --------
    >>> import dask.array
    >>> source = np.random.default_rng(1).normal(size=1010)
    >>> channels = dask.array.stack([source[10:], source[5:-5], source[:-10]])
    >>> pairs, lags, values = all_pairs(channels, max_lag=20)
    >>> [(int(a), int(b), int(lags[row.argmax()])) for (a, b), row in zip(pairs, values.compute())]
    [(0, 1, -5), (0, 2, -10), (1, 2, -5)]
    """
    request = _asked("full", method, max_lag, lags, normalization, remove_mean, min_overlap)
    blocks, edges = _blocks(channels, _SAMPLES_OF_PAIRS)
    count, length = int(edges[-1]), channels.shape[1]
    # Refuses what the local call does.
    _, first_lag = _hexad.some_pairs(np.empty((0, length)), [], request)
    width = lags[1] - lags[0] + 1 if lags else 2 * (length - 1 if max_lag is None else max_lag) + 1
    rows = []
    for block, channel in enumerate(blocks):
        sizes = np.diff(edges[block:]).tolist()
        pairs = _count(count - int(edges[block])) - _count(count - int(edges[block + 1]))
        if pairs:
            others = enumerate(blocks[block:])
            parts = [task(_correlated, channel, other, index == 0, request) for index, other in others]
            rows.append(dask.array.from_delayed(task(_in_order, parts, sizes), (pairs, width), np.float64))
    pairs_of_all = np.array(np.triu_indices(count, 1), dtype=np.int64).T
    values = dask.array.concatenate(rows) if rows else dask.array.zeros((0, width))
    return pairs_of_all, np.arange(first_lag, first_lag + width), values


def all_delays(
    channels: DaskArray,
    fs: float = 1.0,
    *,
    max_lag_s: float | None = None,
    band: tuple[float, float] | None = None,
    weighting: Weighting = "none",
    subsample: Subsample = "weighted",
    min_overlap: float = 0.5,
    taper: float = 1.0,
    regularization: float = 0.01,
) -> tuple[Pairs, list[Delay]]:
    """`hexad.correlate.delay` of each two rows of a Dask array: that of the later row behind the earlier.

    Tasks are those of `all_pairs`, of 8 million samples of pairs.

    Parameters
    ----------
    channels : dask.array.Array, shape (channels, samples)
        Records of one length, from the same time on.
    fs, max_lag_s, band, weighting, subsample, min_overlap, taper, regularization
        As in `hexad.correlate.delay`.

    Returns
    -------
    pairs : ndarray, shape (pairs, 2)
        Indices of a and b: (0, 1), (0, 2), ..., (1, 2), ...
    delays : list of hexad.correlate.Delay
        One for each pair.

    Examples
    --------
    >>> import dask.array
    >>> source = np.random.default_rng(1).normal(size=4100)
    >>> channels = dask.array.stack([source[100:], source[60:-40], source[:-100]])
    >>> pairs, delays = all_delays(channels, fs=1000.0, max_lag_s=0.2)
    >>> [round(found.delay_s, 3) for found in delays]
    [0.04, 0.1, 0.06]
    """
    settings: dict[str, Any] = {
        "fs": fs,
        "max_lag_s": max_lag_s,
        "band": band,
        "weighting": weighting,
        "subsample": subsample,
        "min_overlap": min_overlap,
        "taper": taper,
        "regularization": regularization,
    }
    blocks, edges = _blocks(channels, _SAMPLES_OF_DELAYS)
    places = [(block, other) for block in range(len(blocks)) for other in range(block, len(blocks))]
    tasks = (task(_delayed, blocks[block], blocks[other], block == other, settings) for block, other in places)
    found: dict[tuple[int, int], Delay] = {}
    for (block, other), delays in zip(places, compute(*tasks), strict=True):
        for (first, second), one in delays.items():
            found[int(edges[block]) + first, int(edges[other]) + second] = one
    pairs = np.array(np.triu_indices(int(edges[-1]), 1), dtype=np.int64).T
    return pairs, [found[int(first), int(second)] for first, second in pairs]


def _blocks(channels: DaskArray, samples: int) -> tuple[list[Any], NDArray[np.int64]]:
    """Blocks of whole channels, delayed, and the numbers of their first channels and of one behind the last."""
    array = signals(channels, "channels", -1)
    if array.ndim != 2:
        raise ValueError(f"channels must have two dimensions, got shape {array.shape}")
    together = max(1, math.isqrt(samples // max(array.shape[1], 1)))
    array = array.rechunk({0: together, 1: -1})
    edges = np.cumsum((0, *array.chunks[0]))
    return list(array.to_delayed(optimize_graph=False).ravel()), edges


def _count(channels: int) -> int:
    """Pairs of so many channels."""
    return channels * (channels - 1) // 2


def _pairs(first: int, second: int, is_same: bool) -> list[tuple[int, int]]:
    """Pairs of a channel of one block and a later one of the other."""
    return [(one, other) for one in range(first) for other in range(one + 1 if is_same else 0, second)]


def _correlated(block: Reals, other: Reals, is_same: bool, request: Any) -> Reals:
    pairs = _pairs(len(block), len(other), is_same)
    both = reals(block if is_same else np.concatenate([block, other]), "channels")
    shift = 0 if is_same else len(block)
    return _hexad.some_pairs(both, [(first, second + shift) for first, second in pairs], request)[0]


def _in_order(parts: list[Reals], sizes: list[int]) -> Reals:
    """Pairs of a block with itself and all later ones, channel by channel."""
    own = [_pairs(sizes[0], size, index == 0) for index, size in enumerate(sizes)]
    keys = [(first, index, second) for index, pairs in enumerate(own) for first, second in pairs]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    return np.concatenate([part for part, pairs in zip(parts, own, strict=True) if pairs])[order]


def _delayed(block: Reals, other: Reals, is_same: bool, settings: dict[str, Any]) -> dict[tuple[int, int], Delay]:
    pairs = _pairs(len(block), len(other), is_same)
    return {(first, second): local_delay(block[first], other[second], **settings) for first, second in pairs}
