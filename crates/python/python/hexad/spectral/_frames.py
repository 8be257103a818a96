"""Short-time transforms and spectrograms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from hexad import _hexad
from hexad._arrays import Numbers, Reals, S, complexes, signals
from hexad._results import Result, new_axes
from hexad.spectral._average import SQUARES, UNITS
from hexad.spectral._options import Asked, Scaling, asked
from hexad.spectral._windows import Window

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, repr=False)
class Stft(Result):
    """A short-time transform; unpacks as ``f, t, zxx = stft``."""

    f: Reals
    """Frequencies, in Hz."""
    t: Reals
    """Times of the segments' middles, in s."""
    zxx: NDArray[np.complex128]
    """By frequency and, along the last axis, time."""

    def __iter__(self) -> Iterator[NDArray[Any]]:
        yield self.f
        yield self.t
        yield self.zxx

    def plot(self, ax: Axes | None = None) -> Axes:
        return _image(ax, self.f, self.t, np.abs(self.zxx), "size of the transform")


@dataclass(frozen=True, repr=False)
class Spectrogram(Result):
    """Spectra of segments; unpacks as ``f, t, values = spectrogram``."""

    f: Reals
    """Frequencies, in Hz."""
    t: Reals
    """Times of the segments' middles, in s."""
    values: Reals
    """By frequency and, along the last axis, time, in the unit of `scaling`."""
    scaling: str
    """What the values are: see `spectrum`."""

    def __iter__(self) -> Iterator[Reals]:
        yield self.f
        yield self.t
        yield self.values

    def plot(self, ax: Axes | None = None) -> Axes:
        return _image(ax, self.f, self.t, self.values, UNITS[self.scaling], self.scaling in SQUARES)


def stft(
    x: Numbers,
    fs: float = 1.0,
    window: Window = "hann_periodic",
    nperseg: int = 256,
    noverlap: int | None = None,
    nfft: int | None = None,
    detrend: Literal[False] = False,
    return_onesided: bool = True,
    boundary: Literal["zeros"] | None = "zeros",
    padded: bool = True,
    axis: int = -1,
    scaling: Literal["spectrum", "psd"] = "spectrum",
) -> Stft:
    """`scipy.signal.stft`, argument for argument, to 1e-13: ``f, t, zxx = stft(x, fs)``.

    Deviation
    ---------
    Signals are real and extended with zeros (``boundary="zeros", padded=True``) or not at all
    (``boundary=None, padded=False``); nothing is taken off; one side is returned. Of an odd number of samples the times
    are those of the middles, half a sample later than SciPy says with ``boundary="zeros"``.

    Examples
    --------
    >>> import numpy as np
    >>> tone = 2.0 * np.cos(2 * np.pi * 50.0 * np.arange(4000) / 1000.0)
    >>> f, t, zxx = stft(tone, fs=1000.0, nperseg=200)
    >>> f[10], t[20], abs(zxx[10, 20]).round(6)
    (np.float64(50.0), np.float64(2.0), np.float64(1.0))
    """
    if detrend is not False or not return_onesided:
        raise ValueError("detrend must be False and return_onesided True: one side of signals as they are")
    samples, request = _request(
        x, fs, window, nperseg, noverlap, nfft, _edges(boundary == "zeros", padded, boundary), scaling, axis
    )
    f, t, zxx = _hexad.stft(samples, request)
    return Stft._of({"f": f, "t": t, "zxx": _placed(zxx, axis)})


def istft(
    Zxx: Numbers,
    fs: float = 1.0,
    window: Window = "hann_periodic",
    nperseg: int | None = None,
    noverlap: int | None = None,
    nfft: int | None = None,
    input_onesided: bool = True,
    boundary: bool = True,
    time_axis: int = -1,
    freq_axis: int = -2,
    scaling: Literal["spectrum", "psd"] = "spectrum",
    *,
    length: int | None = None,
) -> tuple[Reals, Reals]:
    """`scipy.signal.istft`, argument for argument, to 1e-13: ``t, x = istft(zxx, fs)``.

    Of values that are no signal's transform, as after a change, it is the signal whose transform is nearest (Griffin
    and Lim 1984, eq. 6).

    Parameters
    ----------
    length : int, optional
        Samples of the signal: without it as many as there can be, which is more than there were if the last segment
        reached beyond the end.

    Deviation
    ---------
    As `stft`; a window whose squares leave samples out is refused, where SciPy warns.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.random.default_rng(1).normal(size=1000)
    >>> t, back = istft(stft(x, nperseg=100).zxx, nperseg=100)
    >>> bool(np.abs(back - x).max() < 1e-14)
    True
    """
    if not input_onesided:
        raise ValueError("input_onesided must be True")
    values = np.moveaxis(complexes(Zxx, "Zxx"), (time_axis, freq_axis), (-2, -1))
    frames, bins = values.shape[-2:]
    segment = 2 * (bins - 1) if nperseg is None else nperseg
    padded = segment if nfft is None else nfft
    if nfft is None and nperseg is not None and bins != nperseg // 2 + 1:
        padded = 2 * (bins - 1)
    shared = segment // 2 if noverlap is None else noverlap
    lead = segment // 2 if boundary else 0
    whole = (frames - 1) * (segment - shared) + segment - 2 * lead if length is None else length
    request = asked(
        segment, fs, window, segment, shared, padded, scaling=scaling, edges="zeros" if boundary else "inside"
    )
    return np.arange(whole) / fs, _hexad.istft(np.ascontiguousarray(values), whole, request)


def spectrogram(
    x: Numbers,
    fs: float = 1.0,
    window: Window = "hann_periodic",
    nperseg: int = 256,
    noverlap: int | None = None,
    nfft: int | None = None,
    scaling: Scaling = "density",
    axis: int = -1,
    *,
    boundary: Literal["zeros"] | None = None,
    start: float = 0.0,
) -> Spectrogram:
    """Which frequencies a signal has, and when: the spectrum of each of many overlapping segments.

    Parameters
    ----------
    x, fs, window, nperseg, noverlap, nfft, axis
        As in `stft`.
    scaling : str
        Any of those of `spectrum`.
    boundary : {None, "zeros"}
        None has segments within the signal only; "zeros" lets the first begin half a segment before it.
    start : float
        Time of the first sample.

    Returns
    -------
    Spectrogram

    Deviation
    ---------
    `scipy.signal.spectrogram` takes a Tukey window, an eighth of overlap and the mean off each segment unless told
    otherwise; here they are Hann, half, and nothing is taken off. With the same settings values agree to 1e-13.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.arange(4000) / 1000.0
    >>> chirp = 2.0 * np.cos(2 * np.pi * (50.0 * t + 20.0 * t**2))
    >>> f, t, values = spectrogram(chirp, fs=1000.0, scaling="amplitude")
    >>> f[values.argmax(axis=0)][[0, -1]].round(1)
    array([ 54.7, 203.1])
    """
    edges = "zeros" if boundary == "zeros" else "inside"
    samples, request = _request(x, fs, window, nperseg, noverlap, nfft, edges, scaling, axis, start)
    f, t, values = _hexad.spectrogram(samples, request)
    return Spectrogram._of({"f": f, "t": t, "values": _placed(values, axis), "scaling": scaling})


def _edges(extended: bool, padded: bool, boundary: str | None) -> str:
    if extended != padded or boundary not in ("zeros", None):
        raise ValueError("boundary must be 'zeros' with padded=True, or None with padded=False")
    return "zeros" if extended else "inside"


def _request(
    x: Numbers,
    fs: float,
    window: Window,
    nperseg: int,
    noverlap: int | None,
    nfft: int | None,
    edges: str,
    scaling: str,
    axis: int,
    start: float = 0.0,
) -> tuple[Reals, Asked]:
    samples = signals(x, "x", axis)
    return samples, asked(
        samples.shape[-1], fs, window, nperseg, noverlap, nfft, scaling=scaling, edges=edges, start=start
    )


def _placed(values: NDArray[S], axis: int) -> NDArray[S]:
    """Frequency, which is last but one, where the signals ran, as SciPy has it; time stays last."""
    return values if axis == -1 else np.moveaxis(values, -2, axis - 1 if axis < 0 else axis)


def _image(
    ax: Axes | None, f: Reals, t: Reals, values: Reals, label: str, logarithmic: bool = False
) -> Axes:
    ax = new_axes() if ax is None else ax
    if values.ndim != 2:
        raise ValueError(f"a plot shows a single signal, got values of shape {values.shape}")
    norm: Any = None
    if logarithmic and values.max() > 0.0:
        from matplotlib.colors import LogNorm

        norm = LogNorm(vmin=1e-8 * values.max(), vmax=values.max(), clip=True)
    mesh = ax.pcolormesh(t, f, values, shading="nearest", norm=norm, rasterized=True)
    ax.figure.colorbar(mesh, ax=ax, label=label)
    ax.set_xlabel("time, s")
    ax.set_ylabel("frequency, Hz")
    return ax
