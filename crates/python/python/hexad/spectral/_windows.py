"""Windows by name, as SciPy names them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, TypeAlias

import numpy as np

from hexad import _hexad
from hexad._arrays import Reals
from hexad._results import Result

Window: TypeAlias = str | float | tuple[str] | tuple[str, float]
"""A name, a name with its parameter, or the beta of a Kaiser window."""

ALIASES = {
    "box": "boxcar",
    "ones": "boxcar",
    "rect": "boxcar",
    "rectangular": "boxcar",
    "han": "hann",
    "hamm": "hamming",
    "ham": "hamming",
    "black": "blackman",
    "blk": "blackman",
    "blackharr": "blackmanharris",
    "bkh": "blackmanharris",
    "nutl": "nuttall",
    "nut": "nuttall",
    "flat": "flattop",
    "flt": "flattop",
    "tuk": "tukey",
    "ksr": "kaiser",
    "gauss": "gaussian",
    "gss": "gaussian",
}


@dataclass(frozen=True, repr=False)
class WindowConstants(Result):
    """What a window does to lines and noise."""

    coherent_gain: float
    """Mean of the window: what a line on a bin is multiplied with."""
    enbw_bins: float
    """Equivalent noise bandwidth, in bins."""
    scalloping_db: float
    """What a line half way between two bins shows of its amplitude, in dB: 0 or less."""
    recommended_overlap: float
    """Share by which segments should overlap (Heinzel 2002, section 10)."""


def get_window(window: Window, Nx: int, fftbins: bool = True) -> Reals:
    """`scipy.signal.get_window`: the samples of a window, periodic, or symmetric with ``fftbins=False``.

    Deviation
    ---------
    There are boxcar, hann, hamming, blackman, blackmanharris, nuttall, flattop, tukey, kaiser, gaussian and dpss, and
    the flat tops hft70, hft95 and hft248d of Heinzel (2002), whose mean is 1. A DPSS has a peak of 1; SciPy's is
    lower by about its NW over the square of its length where that is odd (even with ``fftbins=False``).

    Examples
    --------
    >>> get_window("hann", 4)
    array([0. , 0.5, 1. , 0.5])
    >>> get_window(("kaiser", 14.0), 4).round(4)
    array([0.    , 0.1649, 1.    , 0.1649])
    """
    name, symmetric = _parts(window)
    if Nx <= 1:
        return np.ones(Nx)
    if (symmetric or (symmetric is None and not fftbins)):
        shape = _hexad.window(name, Nx - 1)
        return np.append(shape, shape[0])
    return _hexad.window(name, Nx)


def window_constants(window: Window, Nx: int) -> WindowConstants:
    """The numbers that describe a window of `Nx` samples.

    Examples
    --------
    >>> window_constants("hann", 1024)
    WindowConstants(coherent_gain=0.5, enbw_bins=1.5, scalloping_db=-1.42362, recommended_overlap=0.5)
    """
    return WindowConstants(**_hexad.window_constants(name_of(window), Nx))


def name_of(window: Window | Any) -> str:
    """The window as the compiled half takes it, periodic."""
    return _periodic(window) if isinstance(window, (str, tuple)) else _parts(window)[0]


@cache
def _periodic(window: str | tuple[Any, ...]) -> str:
    name, symmetric = _parts(window)
    if symmetric:
        raise ValueError(f"windows of spectra are periodic, got {window!r}")
    return name


def _parts(window: Window | Any) -> tuple[str, bool | None]:
    """Name with parameter, and whether it was called symmetric, if it says so."""
    if isinstance(window, (int, float)):
        return f"kaiser={float(window)!r}", None
    if isinstance(window, np.ndarray) or not isinstance(window, (str, tuple)):
        raise TypeError(f"window must be a name or a tuple of a name and a parameter, got {type(window).__name__}")
    full, *parameters = (window,) if isinstance(window, str) else window
    name = full.removesuffix("_periodic").removesuffix("_symmetric")
    text = "=".join([ALIASES.get(name, name), *(repr(float(parameter)) for parameter in parameters)])
    return text, None if name == full else full.endswith("_symmetric")
