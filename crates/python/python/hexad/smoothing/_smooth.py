"""Smoothing of samples at any x, and the choice of sigma."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from hexad import _hexad
from hexad._arrays import Numbers, Reals, column, coordinates, optional_column, signals
from hexad._results import Result, new_axes
from hexad.smoothing._options import Boundary, Fit, Method, Missing, settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, repr=False)
class Smooth(Result):
    """What `smooth` found."""

    x: Reals
    """Where: the samples' x, or the targets."""
    y: Reals
    """The smooth (or its derivative) at x."""
    sigma: float
    """Standard deviation of the kernel, in units of x."""
    step: float | None
    """Distance between neighbouring x, if they are even."""
    method: str
    """How the sums were computed."""
    error_bound: float
    """Bound of the error against the direct sum, in units of the largest abs(y)."""
    missing: int
    """Samples whose y was NaN or infinite."""
    residual_sd: float | Reals | None = None
    """Standard deviation of the samples about the smooth, with ``stderr=True``; of each signal if y has several."""
    standard_error: Reals | None = None
    """Standard error of the smooth, with ``stderr=True``."""
    effective_n: Reals | None = None
    """Effective number of samples (Kish 1965), with ``stderr=True``."""
    axis: int = -1
    """Which axis of y is that of x."""

    def plot(self, ax: Axes | None = None) -> Axes:
        ax = new_axes() if ax is None else ax
        order = np.argsort(self.x)
        x, y = self.x[order], np.moveaxis(self.y, self.axis, 0)[order]
        ax.plot(x, y.reshape(len(x), -1))
        ax.set_title(f"smooth, sigma {self.sigma:.4g}")
        if self.standard_error is not None and y.ndim == 1:
            width = self.standard_error[order]
            ax.fill_between(x, y - width, y + width, alpha=0.3, label="one standard error")
            ax.legend()
        ax.set_xlabel("x")
        return ax


@dataclass(frozen=True, repr=False)
class AutoSigma(Result):
    """What `auto_sigma` found."""

    sigma: float
    """The sigma with the smallest leave-one-out error, in units of x."""
    score: float
    """Mean squared leave-one-out error there, in the unit of y squared."""
    tried: Reals
    """Every sigma tried, rising."""
    scores: Reals
    """Their errors."""

    def plot(self, ax: Axes | None = None) -> Axes:
        ax = new_axes() if ax is None else ax
        ax.loglog(self.tried, self.scores, ".-")
        ax.axvline(self.sigma, linestyle=":", label=f"sigma {self.sigma:.4g}")
        ax.set_xlabel("sigma")
        ax.set_ylabel("mean squared leave-one-out error")
        ax.legend()
        return ax


def smooth(
    y: Numbers,
    x: Numbers | None = None,
    *,
    sigma: float | Literal["auto"] | None = None,
    fwhm: float | None = None,
    cutoff: float | None = None,
    axis: int = -1,
    at: Numbers | None = None,
    weights: Numbers | None = None,
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
    stderr: bool = False,
) -> Smooth:
    """Smooths samples ``y`` at ``x`` with a Gaussian of standard deviation ``sigma``, in the unit of x.

    The result at each x is the mean of the samples in reach, weighted with ``exp(-(x_j - x)**2 / (2 sigma**2))``
    (Nadaraya 1964, Watson 1964), or the value of the line through them with ``fit="linear"``.

    Parameters
    ----------
    y : array-like
        Samples: one signal, or several of them along `axis`. NaN and infinity are missing: see `nan`.
    x : array-like, shape (n,), optional
        Their places, in any order and with any spacing; dates are days. Without it: 0, 1, 2, ...
    sigma : float or "auto"
        Standard deviation of the kernel, in units of x; "auto" has `auto_sigma` choose it.
    fwhm : float
        In place of `sigma`: full width of the kernel at half its peak.
    cutoff : float
        In place of `sigma`: frequency, in cycles per unit of x, of which 1 / sqrt(2) of the amplitude passes (-3 dB).
    axis : int
        Axis of y along which x runs.
    at : array-like, shape (m,), optional
        Other places to smooth at, in any order; needs ``boundary="renormalize"``.
    weights : array-like, shape (n,), optional
        Weight of each sample, 0 or more.
    truncate : float or None
        The kernel ends so many sigmas from its centre; None, without `reach`: nowhere.
    reach : float, optional
        The kernel ends where it falls below this share of its peak, in place of `truncate`.
    boundary : str
        "renormalize" uses the samples that exist; the others extend evenly spaced samples as SciPy's `mode` does.
    cval : float
        What stands outside with ``boundary="constant"``.
    method : str
        How the sums are computed; "auto" is the fastest that keeps the tolerance.
    tolerance : float
        Largest error against the direct sum, in units of the largest abs(y).
    derivative : int
        0 to 3: which derivative of the smooth by x.
    fit : {"constant", "linear"}
        Local constant or local linear.
    nan : {"skip", "propagate", "error"}
        What happens where y is missing.
    min_weight : float
        Outputs are NaN where the kernel weights present sum to less than this.
    causal : bool
        Whether only samples at or before x count.
    stderr : bool
        Whether to compute standard errors and effective numbers of samples.

    Returns
    -------
    Smooth

    Raises
    ------
    ValueError
        For arguments out of range, with the index and value where an array holds them.
    TypeError
        For arrays that do not hold real numbers.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.array([0.0, 1.0, 2.5, 3.0, 7.0])
    >>> found = smooth([1.0, 2.0, np.nan, 2.0, 5.0], x, sigma=1.0)
    >>> found.y.round(3)
    array([1.382, 1.652, 1.965, 1.991, 4.999])
    >>> found.missing
    1
    >>> columns = np.arange(12.0).reshape(4, 3) ** 2
    >>> smooth(columns, fwhm=2.0, axis=0).y.shape
    (4, 3)
    """
    samples = signals(y, "y", axis)
    places = None if x is None else coordinates(x, "x")
    targets = None if at is None else coordinates(at, "at")
    if targets is not None and places is None:
        places = np.arange(samples.shape[-1], dtype=np.float64)
    end = truncate if reach is None else None
    sample_weights = optional_column(weights, "weights")
    if sigma == "auto" and fwhm is None and cutoff is None:
        if samples.ndim > 1:
            raise ValueError("sigma='auto' needs a y of one dimension, and one sigma for all signals otherwise")
        rest = (method, tolerance, derivative, fit, nan, min_weight, causal, False)
        width = _chosen(samples, places, sample_weights, settings(1.0, end, reach, boundary, cval, *rest)).sigma
    else:
        width = _width(sigma, fwhm, cutoff)
    request = settings(
        width, end, reach, boundary, cval, method, tolerance, derivative, fit, nan, min_weight, causal, stderr
    )
    found = _hexad.smooth(samples, places, sample_weights, targets, request)
    if stderr:
        found["residual_sd"] = found["residual_sd"].reshape(samples.shape[:-1])[()]
    if samples.ndim > 1:
        found["axis"] = axis
        for name in ("y", "standard_error", "effective_n"):
            if name in found:
                found[name] = np.moveaxis(found[name], -1, axis)
    return Smooth._of(found)


def auto_sigma(
    y: Numbers,
    x: Numbers | None = None,
    *,
    weights: Numbers | None = None,
    truncate: float | None = 4.0,
    reach: float | None = None,
    method: Method = "auto",
    tolerance: float = 1e-10,
    fit: Fit = "constant",
    nan: Missing = "skip",
    min_weight: float = 1e-6,
    causal: bool = False,
) -> AutoSigma:
    """Chooses sigma by leave-one-out cross-validation: the one whose smooth best predicts each sample from the others.

    It is sought between the median spacing of x over 3 and half its range (Stone 1974).

    Parameters
    ----------
    y, x, weights, truncate, reach, method, tolerance, fit, nan, min_weight, causal
        As in `smooth`; the boundary is "renormalize".

    Returns
    -------
    AutoSigma

    Raises
    ------
    ValueError
        As `smooth`; where no sigma lets every sample be predicted.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.linspace(0.0, 10.0, 500)
    >>> noise = np.random.default_rng(1).normal(size=500)
    >>> found = auto_sigma(np.sin(x) + 0.3 * noise, x)
    >>> 0.1 < found.sigma < 0.5
    True
    """
    end = truncate if reach is None else None
    request = settings(
        1.0, end, reach, "renormalize", 0.0, method, tolerance, 0, fit, nan, min_weight, causal, False
    )
    places = None if x is None else coordinates(x, "x")
    return _chosen(column(y, "y"), places, optional_column(weights, "weights"), request)


def _chosen(y: Reals, x: Reals | None, weights: Reals | None, request: _hexad.SmoothSettings) -> AutoSigma:
    places = np.arange(len(y), dtype=np.float64) if x is None else x
    return AutoSigma._of(_hexad.auto_sigma(y, places, weights, request))


def _width(sigma: float | str | None, fwhm: float | None, cutoff: float | None) -> float:
    if (sigma is None) + (fwhm is None) + (cutoff is None) != 2:
        raise ValueError("one of sigma, fwhm and cutoff must be given")
    if fwhm is not None:
        return _hexad.sigma_from_fwhm(fwhm)
    if cutoff is not None:
        return _hexad.sigma_from_cutoff(cutoff)
    if not isinstance(sigma, str):
        return float(sigma or 0.0)
    raise ValueError(f"sigma must be a number or 'auto', got {sigma!r}")
