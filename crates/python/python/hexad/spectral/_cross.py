"""What two signals have in common, by frequency."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hexad import _hexad
from hexad._arrays import Numbers, Reals, axis_last, reals
from hexad._results import Result, new_axes
from hexad.spectral._options import Asked, Average, Detrend, Scaling, asked, place
from hexad.spectral._windows import Window

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, repr=False)
class CrossSpectrum(Result):
    """Averages of ``conj(X) Y`` over segments; unpacks as ``f, pxy = cross_spectrum``.

    A positive phase means that y leads.
    """

    f: Reals
    """Frequencies, in Hz."""
    pxy: NDArray[np.complex128]
    """Cross-spectral density, or cross-power with ``scaling="spectrum"``."""
    transfer: NDArray[np.complex128]
    """What a linear system turns x into y with, if all noise is in y ("H1"). NaN where x has nothing."""
    segments: int
    """Segments averaged."""
    effective_segments: float
    """As many independent segments would spread as much as the overlapping ones did."""
    coherence: Reals | None = None
    """Share of y's power that a linear system explains by x, from 0 to 1; of two segments or more."""
    coherence_level: float | None = None
    """Coherence that two unrelated noises exceed at a bin once in 20."""
    axis: int = -1
    """Which axis of the values is that of `f`."""

    def __iter__(self) -> Iterator[NDArray[Any]]:
        yield self.f
        yield self.pxy

    def plot(self, ax: Axes | None = None) -> Axes:
        ax = new_axes() if ax is None else ax
        f, phase = _curves(self.f, np.angle(self.pxy, deg=True), self.axis)
        ax.plot(f, phase, ".", markersize=3)
        ax.set_xlabel("frequency, Hz")
        ax.set_ylabel("phase of y minus that of x, degrees")
        ax.set_ylim(-185.0, 185.0)
        return ax


@dataclass(frozen=True, repr=False)
class Coherence(Result):
    """How much of one signal a linear system explains by another; unpacks as ``f, cxy = coherence``."""

    f: Reals
    """Frequencies, in Hz."""
    cxy: Reals
    """From 0 to 1."""
    level: float
    """What two unrelated noises exceed at a bin once in 20 (Goodman 1957)."""
    segments: int
    """Segments averaged."""
    effective_segments: float
    """As many independent segments would spread as much as the overlapping ones did."""
    axis: int = -1
    """Which axis of `cxy` is that of `f`."""

    def __iter__(self) -> Iterator[Reals]:
        yield self.f
        yield self.cxy

    def plot(self, ax: Axes | None = None) -> Axes:
        ax = new_axes() if ax is None else ax
        f, values = _curves(self.f, self.cxy, self.axis)
        ax.plot(f, values, linewidth=1.0)
        ax.axhline(self.level, linestyle=":", color="gray", label="exceeded by chance at 5 % of the bins")
        ax.set_ylim(0.0, 1.05)
        ax.set_xlabel("frequency, Hz")
        ax.set_ylabel("coherence")
        ax.legend()
        return ax


def cross_spectrum(
    x: Numbers,
    y: Numbers,
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
    """What two signals have in common: cross-spectrum, transfer function and coherence at once.

    The arguments are those of `csd`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.random.default_rng(1).normal(size=50_002)
    >>> found = cross_spectrum(x[2:], 0.5 * x[:-2], fs=1000.0, nperseg=500)
    >>> print(f"{abs(found.transfer[50]):.2f}, {np.angle(found.transfer[50], deg=True):.0f} degrees")
    0.50, -72 degrees
    """
    request, first, second = _request(
        x, y, fs, window, nperseg, noverlap, nfft, detrend, return_onesided, scaling, axis
    )
    chance = 0.05 if has_several(request, first.shape[-1]) else None
    return cross_result(_hexad.cross(first, second, request, chance), request, axis)


def csd(
    x: Numbers,
    y: Numbers,
    fs: float = 1.0,
    window: Window = "hann_periodic",
    nperseg: int | None = None,
    noverlap: int | None = None,
    nfft: int | None = None,
    detrend: Detrend = "constant",
    return_onesided: bool = True,
    scaling: Scaling = "density",
    axis: int = -1,
    average: Average = "mean",
) -> CrossSpectrum:
    """`scipy.signal.csd`, argument for argument, to 1e-13: ``f, pxy = csd(x, y, fs)``.

    `scaling` is "density" or "spectrum" ("power").

    Deviation
    ---------
    As `welch`; and signals must be of one length, and their average is the mean.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.random.default_rng(1).normal(size=10_001)
    >>> f, pxy = csd(x[1:], x[:-1], nperseg=100)
    >>> print(f"{np.angle(pxy[25], deg=True):.0f} degrees")
    -90 degrees
    """
    request, first, second = _request(
        x, y, fs, window, nperseg, noverlap, nfft, detrend, return_onesided, scaling, axis, average
    )
    return cross_result(_hexad.cross(first, second, request, None), request, axis)


def coherence(
    x: Numbers,
    y: Numbers,
    fs: float = 1.0,
    window: Window = "hann_periodic",
    nperseg: int | None = None,
    noverlap: int | None = None,
    nfft: int | None = None,
    detrend: Detrend = "constant",
    axis: int = -1,
) -> Coherence:
    """`scipy.signal.coherence`, argument for argument, to 1e-13: ``f, cxy = coherence(x, y, fs)``.

    Deviation
    ---------
    As `csd`; one segment, whose coherence is 1 whatever the signals, is refused, and where a signal has no power at
    all the coherence is 0, not NaN.

    Examples
    --------
    >>> import numpy as np
    >>> x, noise = np.random.default_rng(1).normal(size=(2, 100_000))
    >>> found = coherence(x, x + noise)
    >>> print(f"{found.cxy.mean():.2f}, by chance {found.level:.4f}")
    0.50, by chance 0.0041
    """
    request, first, second = _request(x, y, fs, window, nperseg, noverlap, nfft, detrend, True, "density", axis)
    return coherence_result(_hexad.cross(first, second, request, 0.05), axis)


def _request(
    x: Numbers,
    y: Numbers,
    fs: float,
    window: Window,
    nperseg: int | None,
    noverlap: int | None,
    nfft: int | None,
    detrend: Detrend,
    onesided: bool,
    scaling: str,
    axis: int,
    average: str = "mean",
) -> tuple[Asked, Reals, Reals]:
    first, second = _matched(reals(x, "x"), reals(y, "y"), axis)
    request = asked(
        first.shape[-1],
        fs,
        window,
        nperseg,
        noverlap,
        nfft,
        detrend=detrend,
        onesided=onesided,
        scaling=scaling,
        average=average,
    )
    return request, first, second


def has_several(request: Asked, length: int) -> bool:
    """Whether there is more than one segment."""
    return length - request.nperseg >= request.nperseg - request.noverlap


def _matched(x: Reals, y: Reals, axis: int) -> tuple[Reals, Reals]:
    """Both as signals along the last axis; where one has fewer of them they are broadcast."""
    if axis == -1 and x.shape == y.shape != ():
        return x, y
    if x.shape != y.shape:
        if x.shape[axis] != y.shape[axis]:
            raise ValueError(f"x and y must be of one length, got {x.shape[axis]} and {y.shape[axis]}")
        if axis < 0:
            x, y = (np.ascontiguousarray(one) for one in np.broadcast_arrays(x, y))
    first, second = axis_last(x, "x", axis), axis_last(y, "y", axis)
    if first.shape != second.shape:
        raise ValueError(f"x and y must have shapes that match, got {x.shape} and {y.shape}")
    return first, second


def coherence_result(found: dict[str, Any], axis: int) -> Coherence:
    """What the compiled half found, as Python names it."""
    place(found, ("coherence",), axis, from_zero=False)
    return Coherence(
        f=found["f"],
        cxy=found["coherence"],
        level=found["coherence_level"],
        segments=found["segments"],
        effective_segments=found["effective_segments"],
        axis=axis,
    )


def cross_result(found: dict[str, Any], request: Asked, axis: int) -> CrossSpectrum:
    """What the compiled half found, as Python names it."""
    place(found, ("pxy", "transfer", "coherence"), axis, from_zero=not request.onesided)
    return CrossSpectrum._of(found)


def _curves(f: Reals, values: Reals, axis: int) -> tuple[Reals, Reals]:
    order = np.argsort(f, kind="stable")
    return f[order], np.moveaxis(values, axis, 0)[order].reshape(len(f), -1)
