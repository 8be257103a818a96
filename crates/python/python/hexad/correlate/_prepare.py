"""What is done to records before their delay is sought."""

from __future__ import annotations

from typing import Literal

from hexad import _hexad
from hexad._arrays import Numbers, Reals, column


def preprocess(
    x: Numbers,
    fs: float = 1.0,
    *,
    nan: Literal["error", "skip", "interpolate"] = "error",
    longest_gap: int = 10,
    detrend: Literal["constant", "linear", False] = "constant",
    harmonics: tuple[float, int] | None = None,
    band: tuple[float, float] | None = None,
    order: int = 4,
    taper: float = 0.0,
) -> Reals:
    """Prepares a record, without delaying any frequency: missing samples, trend, narrow lines, band and ends.

    Parameters
    ----------
    x : array-like, shape (n,)
        The record.
    fs : float
        Samples a second.
    nan : {"error", "skip", "interpolate"}
        Missing samples are refused, left out (0 in the result), or replaced by a line in gaps of at most `longest_gap`.
    detrend : {"constant", "linear", False}
        What is taken off.
    harmonics : (float, int), optional
        A fundamental in Hz, known to half a bin, and how many of its multiples are taken off.
    band : (float, float), optional
        Lowest and highest frequency kept, in Hz, by a Butterworth filter run forwards and backwards: that of
        ``scipy.signal.sosfiltfilt``.
    order : int
        Of that filter, 1 to 12.
    taper : float
        Share of the record that is cosine ramps.

    Examples
    --------
    >>> import numpy as np
    >>> hum = 7.0 + np.sin(2 * np.pi * 60.0 * np.arange(2000) / 1000.0)
    >>> bool(np.abs(preprocess(hum, fs=1000.0, harmonics=(60.0, 3))).max() < 1e-9)
    True
    """
    asked = {
        "detrend": detrend or "none",
        "band": band,
        "order": order,
        "harmonics": harmonics,
        "nan": nan,
        "longest_gap": longest_gap,
        "taper": taper,
    }
    return _hexad.preprocess(column(x, "x"), fs, asked)


def remove_harmonics(x: Numbers, fs: float, fundamental_hz: float, count: int = 1) -> Reals:
    """The signal without the lines at a frequency, known to half a bin, and its multiples, `count` in all.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.arange(2000) / 1000.0
    >>> rest = remove_harmonics(t + np.sin(2 * np.pi * 50.02 * t), 1000.0, 50.0)
    >>> bool(np.abs(rest - t).max() < 0.01)
    True
    """
    return _hexad.remove_harmonics(column(x, "x"), fs, fundamental_hz, count)


def resample(x: Numbers, from_hz: float, to_hz: float) -> Reals:
    """The signal at another sample rate, by band-limited interpolation: sample m at the time ``m / to_hz``.

    Frequencies up to 0.9 of half the lower rate pass to 1e-5.

    Examples
    --------
    >>> import numpy as np
    >>> resample(np.sin(0.1 * np.arange(1000.0)), 1.0, 0.5)[250].round(4) == np.sin(50.0).round(4)
    np.True_
    """
    return _hexad.resample(column(x, "x"), from_hz, to_hz)
