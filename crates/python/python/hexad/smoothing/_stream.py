"""Samples that come in pieces."""

from __future__ import annotations

from hexad import _hexad
from hexad._arrays import Numbers, Reals, column
from hexad.smoothing._options import Boundary, Fit, Method, Missing, settings


class SmoothStream:
    """Smooths evenly spaced samples that come in pieces of any size.

    What comes out is, bit for bit, what `smooth` gives for the whole signal.

    Parameters
    ----------
    sigma : float
        Standard deviation of the kernel, in the unit of `step`.
    step : float
        Distance between samples.
    boundary : str
        As in `smooth`, but not "wrap", which needs the end first.
    truncate, reach, cval, method, tolerance, derivative, fit, nan, min_weight, causal
        As in `smooth`.

    Examples
    --------
    >>> import numpy as np
    >>> y = np.sin(np.arange(10_000.0))
    >>> stream = SmoothStream(sigma=5.0)
    >>> pieces = [stream.push(piece) for piece in np.array_split(y, 7)] + [stream.finish()]
    >>> from hexad.smoothing import smooth
    >>> np.array_equal(np.concatenate(pieces), smooth(y, sigma=5.0).y)
    True
    """

    def __init__(
        self,
        sigma: float,
        step: float = 1.0,
        *,
        truncate: float | None = 4.0,
        reach: float | None = None,
        boundary: Boundary = "renormalize",
        cval: float = 0.0,
        method: Method = "auto",
        tolerance: float = 1e-10,
        derivative: int = 0,
        fit: Fit = "constant",
        nan: Missing = "skip",
        min_weight: float = 1e-6,
        causal: bool = False,
    ) -> None:
        end = truncate if reach is None else None
        request = settings(
            sigma, end, reach, boundary, cval, method, tolerance, derivative, fit, nan, min_weight, causal, False
        )
        self._stream = _hexad.SmoothStream(step, request)

    def push(self, y: Numbers) -> Reals:
        """Takes the next samples; returns what can be given now, maybe nothing."""
        return self._stream.push(column(y, "y"))

    def finish(self) -> Reals:
        """Returns what is left. The stream is then as new."""
        return self._stream.finish()

    @property
    def error_bound(self) -> float:
        """Largest bound so far of the error against the direct sum, in units of the largest abs(y)."""
        return self._stream.error_bound
