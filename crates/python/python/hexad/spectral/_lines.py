"""Signals as few lines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from hexad import _hexad
from hexad._arrays import Numbers, Reals, column
from hexad._results import Result, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Norm = Literal["l2", "max"]


@dataclass(frozen=True, repr=False)
class _Lines(Result):
    """Lines ``amplitude * cos(2 pi f t + phase)`` and their sum."""

    f: Reals
    """Frequencies, in Hz, the line of the largest amplitude first; the constant has 0."""
    amplitude: Reals
    """Peak amplitudes, in the unit of the signal."""
    phase: Reals
    """Phases of the cosines at the first sample, in rad."""
    relative_l2_error: float
    """Root mean square of the residual over that of the signal."""
    relative_max_error: float
    """Largest residual over the largest sample."""
    energy_fraction: float
    """Energy of the lines over that of the signal."""
    y: Reals
    """The sum of the lines, as long as the signal."""
    residual: Reals
    """Signal minus `y`."""
    fs: float
    """Samples a second."""

    def __len__(self) -> int:
        return len(self.f)

    def plot(self, ax: Axes | None = None) -> Axes:
        ax = new_axes() if ax is None else ax
        time = np.arange(len(self.y)) / self.fs
        ax.plot(time, self.y + self.residual, color="gray", linewidth=2.5, alpha=0.5, label="signal")
        lines = "1 line" if len(self) == 1 else f"{len(self)} lines"
        ax.plot(time, self.y, linewidth=1.0, label=f"{lines}, error {self.relative_l2_error:.2g}")
        ax.set_xlabel("time, s")
        ax.legend()
        return ax


@dataclass(frozen=True, repr=False)
class Rebuild(_Lines):
    """A signal rebuilt from some of its lines, and how far it is from the signal."""

    bins: NDArray[np.uint64]
    """Indices of the lines: cycles in the length of the signal."""
    complex_bins: int
    """Complex bins they stand for: two a line, one at 0 and at half the sample rate."""


@dataclass(frozen=True, repr=False)
class LineFit(_Lines):
    """Lines fitted to a signal, with one standard deviation of each."""

    f_sd: Reals
    """Standard deviations of `f`."""
    amplitude_sd: Reals
    """Standard deviations of `amplitude`."""
    phase_sd: Reals
    """Standard deviations of `phase`."""
    residual_sd: float
    """Standard deviation of the noise."""


def rebuild(
    x: Numbers,
    fs: float = 1.0,
    *,
    error: float | None = None,
    norm: Norm = "l2",
    count: int | None = None,
    threshold: float | None = None,
    band: tuple[float, float] | None = None,
) -> Rebuild:
    """Rebuilds a signal from the fewest lines of its spectrum for an error, or from those of another choice.

    The lines of n samples are the bins 0 to n / 2 of their transform; all together give the signal back to rounding.
    For `norm` "l2" no smaller set of bins has the error asked for.

    Parameters
    ----------
    x : array-like, shape (n,)
        The signal.
    fs : float
        Samples a second.
    error : float
        Largest relative error allowed, from 0 to below 1.
    norm : {"l2", "max"}
        Root mean square, or largest.
    count : int
        In place of `error`: the number of lines, those of the largest energy.
    threshold : float
        In place of `error`: the smallest amplitude of a line.
    band : (float, float)
        In place of `error`: lowest and highest frequency, both included.

    Returns
    -------
    Rebuild

    Examples
    --------
    How many frequencies does a Gaussian need?

    >>> import numpy as np
    >>> t = np.arange(4096) / 409.6
    >>> found = rebuild(np.exp(-0.5 * (t - 5.0) ** 2), fs=409.6, error=0.01)
    >>> len(found), found.complex_bins
    (5, 9)
    """
    given = sum(choice is not None for choice in (error, count, threshold, band))
    if given != 1:
        raise ValueError(f"one of error, count, threshold and band must be given, got {given}")
    asked = {"error": error, "norm": norm, "count": count, "threshold": threshold, "band": band}
    found, bins, complex_bins = _hexad.rebuild(column(x, "x"), fs, asked)
    return Rebuild(fs=fs, bins=bins, complex_bins=complex_bins, **found)


def fit_lines(
    x: Numbers,
    fs: float = 1.0,
    *,
    count: int | None = None,
    error: float | None = None,
    norm: Norm = "l2",
    at_most: int = 100,
    constant: bool = True,
) -> LineFit:
    """Fits tones of any frequency, also between the bins, by joint least squares, with their uncertainties.

    Parameters
    ----------
    x : array-like, shape (n,)
        The signal, 8 samples or more.
    fs : float
        Samples a second.
    count : int
        Lines to fit, the constant among them.
    error : float
        In place of `count`: lines are added until their sum is within this relative error of the signal.
    norm : {"l2", "max"}
        Root mean square, or largest.
    at_most : int
        With `error`: most lines to try.
    constant : bool
        Whether a constant, the line of frequency 0, is fitted too.

    Returns
    -------
    LineFit

    Raises
    ------
    ValueError
        For arguments out of range, and where the error is not reached.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.arange(500) / 1000.0
    >>> fit = fit_lines(2.0 + 3.0 * np.cos(2 * np.pi * 20.37 * t + 0.5), fs=1000.0, count=2)
    >>> fit.f.round(9), fit.amplitude.round(9), fit.phase.round(9)
    (array([20.37,  0.  ]), array([3., 2.]), array([0.5, 0. ]))
    """
    if (count is None) == (error is None):
        raise ValueError("one of count and error must be given")
    found, deviations = _hexad.fit_lines(
        column(x, "x"), fs, count, 0.0 if error is None else error, norm, at_most, constant
    )
    f_sd, amplitude_sd, phase_sd, residual_sd = deviations
    return LineFit(
        fs=fs, f_sd=f_sd, amplitude_sd=amplitude_sd, phase_sd=phase_sd, residual_sd=residual_sd, **found
    )
