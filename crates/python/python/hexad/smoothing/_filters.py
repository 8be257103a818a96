"""Filters of arrays with SciPy's arguments, and boxes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from hexad import _hexad
from hexad._arrays import Numbers, Reals, column, reals
from hexad.smoothing._options import Boundary, Mode


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


def box_filter(
    array: Numbers,
    width: float | None = None,
    *,
    sigma: float | None = None,
    passes: int = 1,
    boundary: Boundary = "reflect",
    cval: float = 0.0,
    axes: int | Sequence[int] | None = None,
) -> Reals:
    """The mean over a box about each element, along `axes`, `passes` times.

    Parameters
    ----------
    array : array-like
        Numbers, of any shape.
    width : float, optional
        Samples of the box, 1 or more. What it has beyond an odd number is shared by the samples at both ends.
    sigma : float, optional
        In place of `width`: the standard deviation, in samples, of all passes together. Three passes are within
        6 % of the Gaussian's peak, five within 4 %.
    passes : int
        How often.
    boundary : str
        As in `smooth`; `cval` is what stands outside with "constant".
    axes : int or ints, optional
        Along which; all if left out.

    Returns
    -------
    ndarray of float64
        Of the shape of `array`.

    Raises
    ------
    ValueError
        For NaN and infinity, for an empty array, and for arguments out of range.

    Notes
    -----
    With an odd width this is `scipy.ndimage.uniform_filter`; an even one has no middle sample, where SciPy takes one
    sample more on the left.

    Examples
    --------
    >>> box_filter([0.0, 0.0, 3.0, 0.0, 0.0], 3)
    array([0., 1., 1., 1., 0.])
    >>> box_filter([0.0, 0.0, 4.0, 0.0, 0.0], 2)
    array([0., 1., 2., 1., 0.])
    """
    if (width is None) == (sigma is None):
        raise ValueError("one of width and sigma must be given")
    values = reals(array, "array")
    return _hexad.box_filter(values, width, sigma, passes, boundary, cval, _axes(axes, values.ndim))


def gaussian_flatten(
    x: Numbers, y: Numbers, reach: float, sigma: float, phi: float = 0.0, amplitude: float = 1.0
) -> Reals:
    """The program ``GaussianFlattenData`` of the question that `smooth` answers, quirks included.

    For each sample it takes the window from the first x nearest ``x - R`` up to, but excluding, the first nearest
    ``x + R``, with ``R = sigma * sqrt(-2 * log(reach))``, and weighs it with a Gaussian of the distance in indices.
    So the window is one sample short on its right, and where it is empty the result is 0. `phi` and `amplitude`
    cancel. Without these quirks it is ``smooth(y, x, sigma=sigma, reach=reach)``.

    Parameters
    ----------
    x, y : array-like, shape (n,)
        Rising places, and the samples there.
    reach : float
        Share of the kernel's peak at which the window ends, between 0 and 1.
    sigma : float
        Standard deviation, in x for the window and in samples for the weights.

    Examples
    --------
    >>> gaussian_flatten([0.0, 1.0, 2.0, 3.0], [1.0, 2.0, 3.0, 4.0], 0.1, 0.7).round(4)
    array([1.2649, 2.    , 2.7138, 2.9553])
    """
    return _hexad.gaussian_flatten(column(x, "x"), column(y, "y"), reach, sigma, phi, amplitude)


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
                reach = _whole(radii[axis] if isinstance(radii, list) else radii) / sigma
            smooth = _hexad.gaussian_filter(smooth, one_sigma, one_order, modes[axis], cval, reach)
    return _delivered(smooth, array.dtype, output)


def _whole(radius: Any) -> int:
    if not isinstance(radius, (int, np.integer)) or radius < 0:
        raise ValueError(f"radius must be a whole number of samples, 0 or more, got {radius}")
    return int(radius)


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
