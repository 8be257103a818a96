"""Gaussian smoothing of samples, even or uneven, and SciPy's Gaussian filters.

>>> from hexad.smoothing import smooth
>>> smooth([1.0, 2.0, 9.0, 4.0, 5.0], sigma=1.0).y.round(2)
array([1.98, 3.67, 5.42, 5.41, 4.94])
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

from hexad import _hexad
from hexad._arrays import Numbers, Reals, column, coordinates, optional_column, reals
from hexad._results import Result, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Smooth", "gaussian_filter", "gaussian_filter1d", "smooth"]

Mode: TypeAlias = Literal[
    "reflect", "mirror", "nearest", "wrap", "constant", "grid-mirror", "grid-wrap", "grid-constant"
]
Boundary: TypeAlias = Literal["renormalize", "reflect", "mirror", "nearest", "wrap", "constant"]
Method: TypeAlias = Literal["auto", "direct", "fft", "recursive", "decimate"]


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
    residual_sd: float | None = None
    """Standard deviation of the samples about the smooth, with ``stderr=True``."""
    standard_error: Reals | None = None
    """Standard error of the smooth, with ``stderr=True``."""
    effective_n: Reals | None = None
    """Effective number of samples (Kish 1965), with ``stderr=True``."""

    def plot(self, ax: Axes | None = None) -> Axes:
        ax = new_axes() if ax is None else ax
        order = np.argsort(self.x)
        x, y = self.x[order], self.y[order]
        ax.plot(x, y, label=f"smooth, sigma {self.sigma:.4g}")
        if self.standard_error is not None:
            width = self.standard_error[order]
            ax.fill_between(x, y - width, y + width, alpha=0.3, label="one standard error")
        ax.set_xlabel("x")
        ax.legend()
        return ax


def smooth(
    y: Numbers,
    x: Numbers | None = None,
    *,
    sigma: float,
    at: Numbers | None = None,
    weights: Numbers | None = None,
    truncate: float | None = 4.0,
    reach: float | None = None,
    boundary: Boundary = "renormalize",
    cval: float = 0.0,
    method: Method = "auto",
    tolerance: float = 1e-10,
    derivative: int = 0,
    fit: Literal["constant", "linear"] = "constant",
    nan: Literal["skip", "propagate", "error"] = "skip",
    causal: bool = False,
    stderr: bool = False,
) -> Smooth:
    """Smooth samples with a Gaussian.

    At each x stands the mean of the samples in reach, weighted with ``exp(-(x_j - x)**2 / (2 sigma**2))``
    (Nadaraya 1964, Watson 1964), or the value of the line through them with ``fit="linear"``.

    Parameters
    ----------
    y : array-like, shape (n,)
        Samples. NaN and infinity are missing: see `nan`.
    x : array-like, shape (n,), optional
        Their places, in any order and with any spacing; dates are days. Without it: 0, 1, 2, ...
    sigma : float
        Standard deviation of the kernel, in units of x.
    at : array-like, shape (m,), optional
        Other places to smooth at, in any order; needs x and ``boundary="renormalize"``.
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
    """
    values = column(y, "y")
    places = None if x is None else coordinates(x, "x")
    targets = None if at is None else coordinates(at, "at")
    if targets is not None and places is None:
        places = np.arange(len(values), dtype=np.float64)
    asked = {
        "sigma": sigma,
        "truncate": truncate if reach is None else None,
        "reach": reach,
        "boundary": boundary,
        "cval": cval,
        "method": method,
        "tolerance": tolerance,
        "derivative": derivative,
        "fit": fit,
        "nan": nan,
        "causal": causal,
        "statistics": stderr,
    }
    found = _hexad.smooth(values, places, optional_column(weights, "weights"), targets, asked)
    where = targets if targets is not None else places
    return Smooth(x=np.arange(len(values), dtype=np.float64) if where is None else where, sigma=sigma, **found)


def gaussian_filter1d(
    input: Numbers,
    sigma: float,
    axis: int = -1,
    order: int = 0,
    output: NDArray[Any] | DTypeLike | None = None,
    mode: Mode = "reflect",
    cval: float = 0.0,
    truncate: float = 4.0,
    *,
    radius: int | None = None,
) -> NDArray[Any]:
    """`scipy.ndimage.gaussian_filter1d`, argument for argument, to 1e-13.

    Deviation
    ---------
    Orders above 3 are refused, and infinities spread as NaN.

    Examples
    --------
    >>> gaussian_filter1d([1.0, 2.0, 3.0, 4.0, 5.0], 1).round(6)
    array([1.427041, 2.067822, 3.      , 3.932178, 4.572959])
    """
    array = np.asarray(input)
    sigmas, orders = [0.0] * array.ndim, [0] * array.ndim
    if not -array.ndim <= axis < array.ndim:
        raise ValueError(f"axis must be between {-array.ndim} and {array.ndim - 1}, got {axis}")
    sigmas[axis], orders[axis] = float(sigma), order
    return _filtered(array, sigmas, orders, [mode] * array.ndim, cval, truncate, radius, output)


def gaussian_filter(
    input: Numbers,
    sigma: float | Sequence[float],
    order: int | Sequence[int] = 0,
    output: NDArray[Any] | DTypeLike | None = None,
    mode: Mode | Sequence[Mode] = "reflect",
    cval: float = 0.0,
    truncate: float = 4.0,
    *,
    radius: int | Sequence[int] | None = None,
    axes: int | Sequence[int] | None = None,
) -> NDArray[Any]:
    """`scipy.ndimage.gaussian_filter`, argument for argument, to 1e-13.

    Deviation
    ---------
    Orders above 3 are refused, and infinities spread as NaN. All axes are filtered in float64 before the result is
    rounded to the type of `output`, where SciPy rounds (and cuts off integers) after every axis.
    """
    array = np.asarray(input)
    chosen = _axes(axes, array.ndim)

    def each(values: Any, name: str, default: Any) -> list[Any]:
        many = list(values) if isinstance(values, Sequence) and not isinstance(values, str) else [values] * len(chosen)
        if len(many) != len(chosen):
            raise ValueError(f"{name} must hold one value for each of the {len(chosen)} axes, got {len(many)}")
        spread = [default] * array.ndim
        for axis, value in zip(chosen, many, strict=True):
            spread[axis] = value
        return spread

    radii = None if radius is None else each(radius, "radius", 0)
    sigmas, orders = each(np.asarray(sigma).tolist(), "sigma", 0.0), each(order, "order", 0)
    return _filtered(array, sigmas, orders, each(mode, "mode", "reflect"), cval, truncate, radii, output)


def _axes(axes: int | Sequence[int] | None, ndim: int) -> list[int]:
    if axes is None:
        return list(range(ndim))
    chosen = [axes] if isinstance(axes, int) else list(axes)
    for axis in chosen:
        if not -ndim <= axis < ndim:
            raise ValueError(f"axes must be between {-ndim} and {ndim - 1}, got {axis}")
    chosen = [axis % ndim for axis in chosen]
    if len(set(chosen)) != len(chosen):
        raise ValueError(f"axes must be different, got {axes}")
    return chosen


def _filtered(
    array: NDArray[Any],
    sigmas: list[float],
    orders: list[int],
    modes: list[str],
    cval: float,
    truncate: float,
    radii: list[int] | int | None,
    output: NDArray[Any] | DTypeLike | None,
) -> NDArray[Any]:
    if array.dtype.kind == "c":
        parts = [
            _filtered(part, sigmas, orders, modes, level, truncate, radii, np.float64)
            for part, level in ((array.real, np.real(cval)), (array.imag, np.imag(cval)))
        ]
        return _delivered(parts[0] + 1j * parts[1], array.dtype, output)
    smooth = reals(array, "input")
    if array.size:
        for axis, sigma in enumerate(sigmas):
            # SciPy leaves such an axis as it is, whatever the order.
            if sigma <= 1e-15:
                continue
            one_sigma, one_order = [0.0] * array.ndim, [0] * array.ndim
            one_sigma[axis], one_order[axis] = sigma, orders[axis]
            reach = truncate
            if radii is not None:
                reach = (radii if isinstance(radii, int) else radii[axis]) / sigma
            smooth = _hexad.gaussian_filter(smooth, one_sigma, one_order, modes[axis], cval, reach)
    return _delivered(smooth, array.dtype, output)


def _delivered(
    smooth: NDArray[Any], like: np.dtype[Any], output: NDArray[Any] | DTypeLike | None
) -> NDArray[Any]:
    """`smooth` as the type of `output` or into it; of the input's type without it."""
    if isinstance(output, np.ndarray):
        if output.shape != smooth.shape:
            raise ValueError(f"output must have shape {smooth.shape}, got {output.shape}")
        output[...] = _rounded(smooth, output.dtype)
        return output
    return _rounded(smooth, like if output is None else np.dtype(output))


def _rounded(smooth: NDArray[Any], dtype: np.dtype[Any]) -> NDArray[Any]:
    if dtype.kind in "iub":
        smooth = np.rint(smooth)
    return smooth.astype(dtype, copy=False)
