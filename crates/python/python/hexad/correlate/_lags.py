"""Correlations by lag."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hexad import _hexad
from hexad._arrays import FLOAT64, Numbers, Reals, column, complexes, is_complex, reals
from hexad._results import Result, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Mode: TypeAlias = Literal["full", "same", "valid"]
Method: TypeAlias = Literal["auto", "direct", "fft", "segmented"]
Normalization: TypeAlias = Literal["raw", "biased", "unbiased", "coefficient", "overlap"]


Asked: TypeAlias = tuple[str, int | None, tuple[int, int] | None, str, bool, str, float]
"""Mode, largest lag, first and last lag, normalization, whether means are removed, method, least overlap: as the compiled
half takes them."""


@dataclass(frozen=True, repr=False)
class Correlation(Result):
    """A correlation by lag; unpacks as ``lags, values = correlation``.

    The peak stands at a positive lag where a is late.
    """

    lags: NDArray[np.int64]
    """In samples."""
    values: NDArray[Any]
    """By lag."""
    normalization: str
    """What values were divided by: see `cross_correlation`."""
    fs: float
    """Samples a second."""
    peak: tuple[int, float] | None
    """Lag and value of the largest value; of equal ones the lag nearest zero. None of complex signals."""
    peak_of_size: tuple[int, complex] | None
    """The same, whatever the sign."""

    def __iter__(self) -> Iterator[NDArray[Any]]:
        yield self.lags
        yield self.values

    @property
    def lags_s(self) -> Reals:
        """The lags in seconds."""
        return self.lags / self.fs

    def plot(self, ax: Axes | None = None) -> Axes:
        ax = new_axes() if ax is None else ax
        is_size = self.values.dtype.kind == "c"
        ax.plot(self.lags_s, np.abs(self.values) if is_size else self.values, linewidth=1.0)
        if self.peak_of_size is not None:
            lag = self.peak_of_size[0]
            ax.axvline(lag / self.fs, linestyle=":", color="gray", label=f"peak at lag {lag}")
            ax.legend()
        ax.set_xlabel("lag, s (positive: a is late)")
        ax.set_ylabel(f"{'size of the ' if is_size else ''}correlation, {self.normalization}")
        return ax


def correlate(in1: Numbers, in2: Numbers, mode: Mode = "full", method: Method = "auto") -> NDArray[Any]:
    """`scipy.signal.correlate`, argument for argument, to 1e-13 of the largest.

    Integers give integers, float32 gives float32, and complex signals complex values. `method` may be "segmented" too.
    The lags are those of `correlation_lags`; for fewer lags, other scalings and the peak: `cross_correlation`.

    Deviation
    ---------
    NaN and infinity are refused. Integers are rounded from float64: exact as long as their sums stay below 1e15. Images
    and volumes are correlated by transforms only, and "valid" takes the longer of both along each axis.

    Examples
    --------
    >>> correlate([1, 2, 3], [0, 1])
    array([1, 2, 3, 0])
    """
    first, second = np.asarray(in1), np.asarray(in2)
    if first.ndim != second.ndim:
        raise ValueError(f"in1 and in2 must have as many dimensions, got shapes {first.shape} and {second.shape}")
    if first.ndim == 0:
        return np.asarray(first * second.conj())
    if first.size == 0 or second.size == 0:
        return np.array([])
    kind: np.dtype[Any] = first.dtype if first.dtype == second.dtype else np.result_type(first, second)
    values = (_of_signals if first.ndim == 1 else _of_arrays)(first, second, kind.kind == "c", mode, method)
    if kind == FLOAT64:
        return values
    return (np.rint(values) if kind.kind in "iub" else values).astype(kind, copy=False)


def correlation_lags(in1_len: int, in2_len: int, mode: Mode = "full") -> NDArray[np.int64]:
    """`scipy.signal.correlation_lags`: the lags of the values of `correlate`, in samples.

    Deviation
    ---------
    Those of SciPy 1.17 with "same" are one too high where `in1_len` is odd and `in2_len` even.

    Examples
    --------
    >>> correlation_lags(3, 2)
    array([-1,  0,  1,  2])
    """
    first, last = _hexad.correlation_lags(in1_len, in2_len, mode)
    return np.arange(first, last + 1)


def cross_correlation(
    a: Numbers,
    b: Numbers,
    fs: float = 1.0,
    *,
    max_lag: int | None = None,
    lags: tuple[int, int] | None = None,
    normalization: Normalization = "coefficient",
    remove_mean: bool = True,
    min_overlap: float = 0.5,
    method: Method = "auto",
) -> Correlation:
    """The correlation ``sum(a[n + lag] * conj(b[n]))`` at the lags asked for, scaled, with its peak.

    Parameters
    ----------
    a, b : array-like, shapes (n,), (m,)
        Real or complex signals. Samples beyond their ends count as zero.
    fs : float
        Samples a second.
    max_lag : int, optional
        Lags from ``-max_lag`` to ``max_lag`` only; all that exist if left out.
    lags : (int, int), optional
        In place of `max_lag`: the first and the last lag. Only the lags asked for are computed, in memory of their
        number.
    normalization : str
        What values are divided by:

        "raw"
            Nothing.
        "biased"
            The samples of the longer signal.
        "unbiased"
            The samples opposite each other at the lag.
        "coefficient"
            The root of the product of both sums of squares.
        "overlap"
            None of them: Pearson's coefficient of the samples opposite each other at the lag, 1 where one signal is a
            shifted, louder and raised copy of the other. NaN where fewer stand opposite than `min_overlap` asks for.
    remove_mean : bool
        Whether the mean of each signal is taken off before.
    min_overlap : float
        With "overlap": least share of the shorter signal that must stand opposite the other.
    method : {"auto", "direct", "fft", "segmented"}
        How the sums are computed.

    Returns
    -------
    Correlation

    Examples
    --------
    >>> import numpy as np
    >>> source = np.random.default_rng(1).normal(size=1030)
    >>> found = cross_correlation(source[30:], 5.0 + 2.0 * source[:-30], max_lag=100, normalization="overlap")
    >>> found.peak[0], round(found.peak[1], 9)
    (-30, 1.0)
    """
    request = _asked("full", method, max_lag, lags, normalization, remove_mean, min_overlap)
    if is_complex(a) or is_complex(b):
        values, first, top = _hexad.correlate_complex(complexes(a, "a"), complexes(b, "b"), request)
        size = None if top is None else (top[0], complex(top[1], top[2]))
        return Correlation(np.arange(first, first + len(values)), values, normalization, fs, None, size)
    found = _hexad.correlate(column(a, "a"), column(b, "b"), request, True)
    first = found.pop("first_lag")
    found["lags"] = np.arange(first, first + len(found["values"]))
    found["normalization"] = normalization
    found["fs"] = fs
    return Correlation._of(found)


def all_pairs(
    channels: Numbers,
    *,
    max_lag: int | None = None,
    lags: tuple[int, int] | None = None,
    normalization: Normalization = "coefficient",
    remove_mean: bool = True,
    min_overlap: float = 0.5,
    method: Method = "auto",
) -> tuple[NDArray[np.int64], NDArray[np.int64], Reals]:
    """The correlation of each channel with each later one.

    Parameters
    ----------
    channels : array-like, shape (channels, samples)
        Real signals of one length.
    max_lag, lags, normalization, remove_mean, min_overlap, method
        As in `cross_correlation`.

    Returns
    -------
    pairs : ndarray, shape (pairs, 2)
        Indices of a and b: (0, 1), (0, 2), ..., (1, 2), ...
    lags : ndarray, shape (lags,)
        In samples.
    values : ndarray, shape (pairs, lags)

    Examples
    --------
    >>> import numpy as np
    >>> source = np.random.default_rng(1).normal(size=1010)
    >>> pairs, lags, values = all_pairs([source[10:], source[5:-5], source[:-10]], max_lag=20)
    >>> [(int(a), int(b), int(lags[row.argmax()])) for (a, b), row in zip(pairs, values)]
    [(0, 1, -5), (0, 2, -10), (1, 2, -5)]
    """
    table = _table(channels, "channels")
    request = _asked("full", method, max_lag, lags, normalization, remove_mean, min_overlap)
    values, first = _hexad.all_pairs(table, request)
    pairs = np.array(np.triu_indices(len(table), 1), dtype=np.int64).T
    return pairs, np.arange(first, first + values.shape[1]), values


def templates(record: Numbers, templates: Numbers) -> Reals:
    """Pearson's coefficient of each template with a record, at every position that holds the whole template.

    Parameters
    ----------
    record : array-like, shape (n,)
        The long record.
    templates : array-like, shape (count, m) or (m,)
        What is searched for.

    Returns
    -------
    ndarray, shape (count, n - m + 1) or (n - m + 1,)
        1 where the record holds a louder and raised copy of the template; NaN where it is constant.

    Examples
    --------
    >>> import numpy as np
    >>> record = np.random.default_rng(1).normal(size=5000)
    >>> found = templates(record, [record[700:800], record[3000:3100]])
    >>> found.argmax(axis=1)
    array([ 700, 3000])
    """
    single = np.ndim(templates) == 1
    found = _hexad.templates(column(record, "record"), _table([templates] if single else templates, "templates"))
    return found.reshape(found.shape[1:]) if single else found


def _of_signals(
    first: NDArray[Any], second: NDArray[Any], is_complex: bool, mode: Mode, method: Method
) -> NDArray[Any]:
    request = _asked(mode, method)
    if is_complex:
        return _hexad.correlate_complex(complexes(first, "in1"), complexes(second, "in2"), request)[0]
    values: Reals = _hexad.correlate(reals(first, "in1"), reals(second, "in2"), request, False)["values"]
    return values


def _of_arrays(
    first: NDArray[Any], second: NDArray[Any], is_complex: bool, mode: Mode, method: Method
) -> NDArray[Any]:
    if method not in ("auto", "fft"):
        raise ValueError(f"method must be auto or fft for arrays of {first.ndim} dimensions, got {method!r}")
    if is_complex:
        return _hexad.correlate_complex_arrays(complexes(first, "in1"), complexes(second, "in2"), mode)
    return _hexad.correlate_arrays(reals(first, "in1"), reals(second, "in2"), mode)


def _asked(
    mode: str,
    method: str,
    max_lag: int | None = None,
    lags: tuple[int, int] | None = None,
    normalization: str = "raw",
    remove_mean: bool = False,
    min_overlap: float = 0.5,
) -> Asked:
    if max_lag is not None and max_lag < 0:
        raise ValueError(f"max_lag must be 0 or more, got {max_lag}")
    return mode, max_lag, lags, normalization, remove_mean, method, min_overlap


def _table(values: Numbers, name: str) -> Reals:
    array = reals(values, name)
    if array.ndim != 2:
        raise ValueError(f"{name} must have two dimensions, got shape {array.shape}")
    return array
