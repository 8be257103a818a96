"""What can be asked of a spectrum, by name."""

from __future__ import annotations

import warnings
from functools import lru_cache
from typing import Any, Literal, TypeAlias

import numpy as np

from hexad import _hexad
from hexad.spectral._windows import Window, name_of

Scaling: TypeAlias = Literal["amplitude", "rms", "power", "density", "energy", "transform", "spectrum"]
Detrend: TypeAlias = Literal["constant", "linear", False]
Average: TypeAlias = Literal["mean", "median"]


Asked: TypeAlias = _hexad.SpectrumSettings
"""How to make a spectrum, as the compiled half takes it."""


def asked(
    length: int,
    fs: float,
    window: Window,
    nperseg: int | None,
    noverlap: int | None,
    nfft: int | None,
    *,
    detrend: Detrend = False,
    onesided: bool = True,
    scaling: str = "density",
    average: str = "mean",
    start: float = 0.0,
    confidence: float | None = None,
    phases: bool = False,
    edges: str = "zeros",
) -> Asked:
    """What SciPy makes of these arguments for signals of `length` samples."""
    segment = 256 if nperseg is None else nperseg
    if segment > length > 0:
        warnings.warn(f"nperseg is {segment}, more than the {length} samples, which are used", stacklevel=3)
        segment = length
    # Windows that are no windows, such as arrays, cannot be looked up.
    name = window if type(window) is str else name_of(window)
    return _settings(
        float(fs), name, segment, noverlap, nfft, detrend, onesided, scaling, average, start, confidence, phases, edges
    )


@lru_cache(maxsize=64)
def _settings(
    fs: float, window: str, nperseg: int, noverlap: int | None, nfft: int | None, detrend: Detrend, *others: Any
) -> Asked:
    """Kept, and with them what prepares the transforms, for many calls ask for the same."""
    shared = nperseg // 2 if noverlap is None else noverlap
    if not 0 <= shared < max(nperseg, 1):
        raise ValueError(f"noverlap must be 0 or more and less than nperseg, got {shared} for {nperseg}")
    padded = nperseg if nfft is None else nfft
    if padded < nperseg:
        raise ValueError(f"nfft must be nperseg or more, got {padded} for {nperseg}")
    if callable(detrend):
        raise TypeError("detrend must be 'constant', 'linear' or False, got a function")
    return _hexad.SpectrumSettings(fs, name_of(window), nperseg, shared, padded, detrend or "none", *others)


def place(found: dict[str, Any], tables: tuple[str, ...], axis: int, from_zero: bool) -> None:
    """Puts the tables that were found along the axis where the signals ran; `from_zero` has two-sided frequencies in
    the order of transforms, as SciPy's."""
    found["axis"] = axis
    if from_zero:
        found["f"] = np.fft.ifftshift(found["f"])
    elif axis == -1:
        return
    for name in tables:
        if (table := found[name]) is not None:
            found[name] = np.moveaxis(np.fft.ifftshift(table, axes=-1) if from_zero else table, -1, axis)
