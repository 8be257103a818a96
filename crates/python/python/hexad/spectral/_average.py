"""Spectra of one segment and of many."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hexad import _hexad
from hexad._arrays import Numbers, Reals, axis_last, column, complexes, signals
from hexad._results import Result, new_axes
from hexad.spectral._options import Asked, Average, Detrend, Scaling, asked, place
from hexad.spectral._windows import Window

if TYPE_CHECKING:
    from matplotlib.axes import Axes

UNITS = {
    "amplitude": "amplitude, V",
    "rms": "rms amplitude, V",
    "power": "power, V²",
    "spectrum": "power, V²",
    "density": "density, V²/Hz",
    "energy": "energy, V² s/Hz",
    "transform": "transform, V/Hz",
}
SQUARES = ("power", "spectrum", "density", "energy")


@dataclass(frozen=True, repr=False)
class Spectrum(Result):
    """A spectrum; unpacks as ``f, values = spectrum``. The unit of the signal is called V."""

    f: Reals
    """Frequencies, in Hz."""
    values: Reals
    """By frequency, along `axis`, in the unit of `scaling`."""
    scaling: str
    """What the values are: see `spectrum`."""
    fs: float
    """Samples a second."""
    window: str
    """What each segment was multiplied with."""
    nperseg: int
    """Samples of a segment."""
    segments: int
    """Segments averaged."""
    effective_segments: float
    """As many independent segments would spread as much as the overlapping ones did."""
    enbw_hz: float
    """Equivalent noise bandwidth: the power of a bin over its density."""
    parseval_residual: float
    """How far the sum of the squares of all bins is from that of the samples, relative to it: rounding."""
    peak: tuple[float, float] | None = None
    """Frequency and value of the largest value but that at frequency 0 and what leaks from it, of a single signal."""
    phase: Reals | None = None
    """Of a cosine at the first sample, in rad; none of an average."""
    transform: NDArray[np.complex128] | None = None
    """The Fourier transform, in V/Hz, with the phases of time 0; none of an average."""
    lower: Reals | None = None
    """Lower end of the interval that holds the true value with the probability `confidence`."""
    upper: Reals | None = None
    """Its upper end."""
    confidence: float | None = None
    """Probability of the interval."""
    axis: int = -1
    """Which axis of `values` is that of `f`."""

    def __iter__(self) -> Iterator[Reals]:
        yield self.f
        yield self.values

    @property
    def pxx(self) -> Reals:
        """SciPy's name of `values`."""
        return self.values

    def plot(self, ax: Axes | None = None) -> Axes:
        ax = new_axes() if ax is None else ax
        order = np.argsort(self.f, kind="stable")
        f = self.f[order]

        def curves(values: Reals) -> Reals:
            return np.moveaxis(values, self.axis, 0)[order].reshape(len(f), -1)

        values = curves(self.values)
        ax.plot(f, values, linewidth=1.0)
        if self.lower is not None and self.upper is not None and values.shape[1] == 1:
            label = f"holds the truth with {100.0 * (self.confidence or 0.0):g} %"
            ax.fill_between(f, curves(self.lower)[:, 0], curves(self.upper)[:, 0], alpha=0.3, label=label)
            ax.legend()
        if self.scaling in SQUARES and np.any(values > 0.0):
            ax.set_yscale("log")
            # Zeros, but for rounding, are not to squeeze the rest.
            ax.set_ylim(bottom=max(values[values > 0.0].min(), 1e-16 * values.max()))
        ax.set_xlabel("frequency, Hz")
        ax.set_ylabel(UNITS[self.scaling])
        return ax


def spectrum(
    x: Numbers,
    fs: float = 1.0,
    window: Window = "boxcar",
    nfft: int | None = None,
    detrend: Detrend = False,
    return_onesided: bool = True,
    scaling: Scaling = "amplitude",
    axis: int = -1,
    *,
    start: float = 0.0,
    confidence: float | None = None,
) -> Spectrum:
    """The spectrum of one record, with amplitudes that are right.

    Parameters
    ----------
    x : array-like
        Samples along `axis`. Complex ones have a two-sided spectrum.
    fs : float
        Samples a second.
    window : str, tuple or float
        What the samples are multiplied with: see `get_window`.
    nfft : int, optional
        Length of the transform: zeros are put behind the samples up to it.
    detrend : {False, "constant", "linear"}
        What is taken off before.
    return_onesided : bool
        From 0 to half the sample rate, or all bins, from the lowest negative frequency up.
    scaling : str
        With the windowed transform X, the window w, dt = 1 / fs, and c = 2, but 1 at 0 and at half the sample rate and
        in a two-sided spectrum:

        "amplitude"
            ``c |X| / sum(w)``: the peak amplitude of a tone, in V.
        "rms"
            The root of the power.
        "power" or "spectrum"
            ``c |X|**2 / sum(w)**2``: the power of a tone, in V².
        "density"
            ``c |X|**2 dt / sum(w**2)``: power per frequency, for noise, in V²/Hz.
        "energy"
            The density times the record's length in time, for a pulse, in V² s/Hz.
        "transform"
            ``dt |X|``: the size of the Fourier transform, for a pulse, in V/Hz.
    axis : int
        Axis of x along which time runs.
    start : float
        Time of the first sample, to which the phases of `Spectrum.transform` refer.
    confidence : float, optional
        Probability of the intervals to be computed, such as 0.95.

    Returns
    -------
    Spectrum

    Examples
    --------
    >>> import numpy as np
    >>> tone = 3.0 * np.cos(2 * np.pi * 50.0 * np.arange(1000) / 500.0)
    >>> frequency, amplitude = spectrum(tone, fs=500.0, window="hann").peak
    >>> round(frequency, 6), round(amplitude, 6)
    (50.0, 3.0)
    """
    samples, compute = _samples(x, axis)
    length = samples.shape[-1]
    request = asked(
        length,
        fs,
        window,
        length,
        0,
        nfft,
        detrend=detrend,
        onesided=return_onesided and compute is _hexad.spectrum,
        scaling=scaling,
        start=start,
        confidence=confidence,
        phases=True,
    )
    return spectrum_result(compute(samples, request), request, axis)


def periodogram(
    x: Numbers,
    fs: float = 1.0,
    window: Window = "boxcar",
    nfft: int | None = None,
    detrend: Detrend = "constant",
    return_onesided: bool = True,
    scaling: Scaling = "density",
    axis: int = -1,
) -> Spectrum:
    """`scipy.signal.periodogram`, argument for argument, to 1e-13: ``f, pxx = periodogram(x, fs)``.

    `scaling` may be any of those of `spectrum`.

    Deviation
    ---------
    Windows are given by name and trends are "constant", "linear" or False. float32 gives float64. NaN and infinity, and
    empty arrays, are refused.

    Examples
    --------
    >>> f, pxx = periodogram([1.0, 3.0, 2.0, 0.0], fs=4.0)
    >>> f, pxx.round(4)
    (array([0., 1., 2.]), array([0.  , 1.25, 0.  ]))
    """
    samples, compute = _samples(x, axis)
    length = samples.shape[-1]
    if nfft is not None and nfft < length:
        length = nfft
        samples = np.ascontiguousarray(samples[..., :length])
    request = asked(
        length,
        fs,
        window,
        length,
        0,
        nfft,
        detrend=detrend,
        onesided=return_onesided and compute is _hexad.spectrum,
        scaling=scaling,
    )
    return spectrum_result(compute(samples, request), request, axis, from_zero=True)


def welch(
    x: Numbers,
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
    *,
    confidence: float | None = None,
) -> Spectrum:
    """`scipy.signal.welch`, argument for argument, to 1e-13: ``f, pxx = welch(x, fs)``.

    Parameters
    ----------
    scaling : str
        Any of those of `spectrum`; SciPy has "density" and "spectrum".
    confidence : float, optional
        Probability, such as 0.95, of the intervals to be computed: `Spectrum.lower`, `Spectrum.upper`. They allow for
        the overlap of the segments (Welch 1967).

    Returns
    -------
    Spectrum

    Deviation
    ---------
    Windows are given by name and trends are "constant", "linear" or False. Complex signals are refused. float32 gives
    float64. NaN and infinity, and empty arrays, are refused.

    Examples
    --------
    >>> import numpy as np
    >>> noise = np.random.default_rng(1).normal(size=100_000)
    >>> found = welch(noise, fs=1000.0, nperseg=1000, confidence=0.95)
    >>> f, pxx = found
    >>> print(f"{pxx.mean():.5f}, {found.effective_segments:.1f} of {found.segments} segments")
    0.00198, 188.6 of 199 segments
    """
    samples = signals(x, "x", axis)
    request = asked(
        samples.shape[-1],
        fs,
        window,
        nperseg,
        noverlap,
        nfft,
        detrend=detrend,
        onesided=return_onesided,
        scaling=scaling,
        average=average,
        confidence=confidence,
    )
    return spectrum_result(_hexad.welch(samples, request), request, axis, from_zero=True)


class WelchStream:
    """The mean spectrum of a signal that comes in pieces: bit for bit that of `welch` on the whole.

    Parameters
    ----------
    fs, window, nperseg, noverlap, nfft, detrend, return_onesided, scaling, confidence
        As in `welch`.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.random.default_rng(1).normal(size=10_000)
    >>> stream = WelchStream(nperseg=256)
    >>> for piece in np.array_split(x, 7):
    ...     stream.push(piece)
    >>> np.array_equal(stream.spectrum().values, welch(x, nperseg=256).values)
    True
    """

    def __init__(
        self,
        fs: float = 1.0,
        window: Window = "hann_periodic",
        nperseg: int = 256,
        noverlap: int | None = None,
        nfft: int | None = None,
        detrend: Detrend = "constant",
        return_onesided: bool = True,
        scaling: Scaling = "density",
        *,
        confidence: float | None = None,
    ) -> None:
        self._request = asked(
            nperseg,
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
        self._stream = _hexad.WelchStream(self._request)

    def push(self, x: Numbers) -> None:
        """Goes on with the next samples, any number of them."""
        self._stream.push(column(x, "x"))

    def merge(self, other: WelchStream) -> None:
        """Takes in the average of another stretch of signal, made with the same settings."""
        self._stream.merge(other._stream)

    def spectrum(self) -> Spectrum:
        """The average so far."""
        return spectrum_result(self._stream.spectrum(), self._request, -1, from_zero=True)

    @property
    def segments(self) -> int:
        """Segments averaged so far."""
        return self._stream.segments


def _samples(x: Numbers, axis: int) -> tuple[NDArray[Any], Callable[..., dict[str, Any]]]:
    """The signals, and what makes spectra of their kind."""
    try:
        return signals(x, "x", axis), _hexad.spectrum
    except TypeError:
        return axis_last(complexes(x, "x"), "x", axis), _hexad.spectrum_of_complex


def spectrum_result(found: dict[str, Any], request: Asked, axis: int, from_zero: bool = False) -> Spectrum:
    """What the compiled half found, as Python names it.

    `from_zero` has two-sided frequencies in the order of transforms, as SciPy's.
    """
    place(found, ("values", "phase", "transform", "lower", "upper"), axis, from_zero and not request.onesided)
    return Spectrum._of(found)
