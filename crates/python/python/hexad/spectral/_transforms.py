"""Transforms of whole signals and arrays, and at chosen frequencies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hexad import _hexad
from hexad._arrays import Numbers, Reals, column, complexes, is_complex, reals, signals

Complexes = NDArray[np.complex128]


def rfft(a: Numbers, n: int | None = None, axis: int = -1) -> Complexes:
    """`numpy.fft.rfft`: the transform of real signals, unscaled.

    Examples
    --------
    >>> rfft([1.0, 2.0, 3.0])
    array([ 6. +0.j       , -1.5+0.8660254j])
    """
    return rfftn(a, None if n is None else (n,), (axis,))


def irfft(a: Numbers, n: int | None = None, axis: int = -1) -> Reals:
    """`numpy.fft.irfft`: the real signals of `n` samples with this transform; twice the bins less 2 without `n`.

    Examples
    --------
    >>> irfft(rfft([1.0, 2.0, 3.0]), 3).round(12)
    array([1., 2., 3.])
    """
    return irfftn(a, None if n is None else (n,), (axis,))


def fft(a: Numbers, n: int | None = None, axis: int = -1) -> Complexes:
    """`numpy.fft.fft`: the transform of complex signals, unscaled.

    Examples
    --------
    >>> fft([1.0, 2.0, 3.0])
    array([ 6. +0.j       , -1.5+0.8660254j, -1.5-0.8660254j])
    """
    return fftn(a, None if n is None else (n,), (axis,))


def ifft(a: Numbers, n: int | None = None, axis: int = -1) -> Complexes:
    """`numpy.fft.ifft`: the complex signals with this transform."""
    return ifftn(a, None if n is None else (n,), (axis,))


def rfftn(a: Numbers, s: Sequence[int] | None = None, axes: Sequence[int] | None = None) -> Complexes:
    """`numpy.fft.rfftn`: the transform of a real array along `axes`, the last of them halved.

    Deviation
    ---------
    Without `norm`: forward transforms are unscaled, inverse ones divided by the number of elements.
    """
    array = reals(a, "a")
    chosen = _axes(array, s, axes)
    return _hexad.rfftn(_sized(array, s, chosen), chosen)


def irfftn(a: Numbers, s: Sequence[int] | None = None, axes: Sequence[int] | None = None) -> Reals:
    """`numpy.fft.irfftn`: the real array of shape `s` along `axes` with this transform. Deviation as `rfftn`."""
    array = complexes(a, "a")
    chosen = _axes(array, s, axes)
    lengths = [array.shape[axis] for axis in chosen] if s is None else list(s)
    if s is None:
        lengths[-1] = 2 * (lengths[-1] - 1)
    bins = [*lengths[:-1], lengths[-1] // 2 + 1]
    return _hexad.irfftn(_sized(array, bins, chosen), chosen, lengths[-1])


def fftn(a: Numbers, s: Sequence[int] | None = None, axes: Sequence[int] | None = None) -> Complexes:
    """`numpy.fft.fftn`: the transform of a complex array along `axes`. Deviation as `rfftn`."""
    array = complexes(a, "a")
    chosen = _axes(array, s, axes)
    return _hexad.fftn(_sized(array, s, chosen), chosen)


def ifftn(a: Numbers, s: Sequence[int] | None = None, axes: Sequence[int] | None = None) -> Complexes:
    """`numpy.fft.ifftn`: the complex array with this transform along `axes`. Deviation as `rfftn`."""
    array = complexes(a, "a")
    chosen = _axes(array, s, axes)
    return _hexad.ifftn(_sized(array, s, chosen), chosen)


def goertzel(x: Numbers, f: Numbers, fs: float = 1.0, axis: int = -1) -> Complexes:
    """The transform at a few frequencies: ``sum(x[n] * exp(-2j pi f n / fs))``.

    Parameters
    ----------
    x : array-like
        Real samples along `axis`.
    f : array-like, shape (m,)
        Frequencies of at most half the sample rate, of either sign.
    fs : float
        Samples a second.

    Examples
    --------
    >>> import numpy as np
    >>> abs(goertzel(np.cos(2 * np.pi * 0.1 * np.arange(1000)), [0.1, 0.1005])).round(3)
    array([500.   , 318.997])
    """
    found = _hexad.goertzel(signals(x, "x", axis), column(f, "f"), fs)
    return np.moveaxis(found, -1, axis)


def zoom_fft(
    x: Numbers,
    fn: float | Sequence[float],
    m: int | None = None,
    *,
    fs: float = 2.0,
    endpoint: bool = False,
    axis: int = -1,
) -> Complexes:
    """`scipy.signal.zoom_fft`: the transform at `m` even frequencies of a band, by the chirp-z algorithm.

    Deviation
    ---------
    The band rises, lies within half the sample rate on either side, and has 2 frequencies or more.

    Examples
    --------
    >>> import numpy as np
    >>> tone = np.cos(2 * np.pi * 70.03 * np.arange(1000) / 1000.0)
    >>> zoom = zoom_fft(tone, [69.0, 71.0], 201, fs=1000.0, endpoint=True)
    >>> print(f"{np.linspace(69.0, 71.0, 201)[abs(zoom).argmax()]:.2f}")
    70.03
    """
    low, high = (0.0, fn) if isinstance(fn, (int, float)) else (float(fn[0]), float(fn[1]))
    if is_complex(x):
        parts = complexes(x, "x")
        settings: dict[str, Any] = {"m": m, "fs": fs, "endpoint": endpoint, "axis": axis}
        return zoom_fft(parts.real, fn, **settings) + 1j * zoom_fft(parts.imag, fn, **settings)
    samples = signals(x, "x", axis)
    points = samples.shape[-1] if m is None else m
    last = high if endpoint or points < 2 else low + (high - low) * (points - 1) / points
    return np.moveaxis(_hexad.chirp_z(samples, fs, low, last, points), -1, axis)


def _axes(array: NDArray[Any], s: Sequence[int] | None, axes: Sequence[int] | None) -> list[int]:
    if axes is None:
        axes = range(array.ndim) if s is None else range(array.ndim - len(s), array.ndim)
    for axis in axes:
        if not -array.ndim <= axis < array.ndim:
            raise ValueError(f"axes must be among the {array.ndim} of the array, got {axis}")
    if s is not None and len(s) != len(axes):
        raise ValueError(f"s and axes must be of one length, got {len(s)} and {len(axes)}")
    return [axis % array.ndim for axis in axes]


def _sized(array: NDArray[Any], lengths: Sequence[int] | None, axes: Sequence[int]) -> NDArray[Any]:
    """The array cut, or with zeros behind it, to these lengths along the axes."""
    if lengths is None:
        return array
    for axis, length in zip(axes, lengths, strict=True):
        if length < 1:
            raise ValueError(f"a transform needs 1 sample or more, got {length}")
        if length < array.shape[axis]:
            array = np.take(array, range(length), axis)
        elif length > array.shape[axis]:
            behind = [(0, 0)] * array.ndim
            behind[axis] = (0, length - array.shape[axis])
            array = np.pad(array, behind)
    return np.ascontiguousarray(array)
