"""Images of float64 or float32."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

from hexad import _hexad
from hexad._arrays import Numbers, reals
from hexad.smoothing._options import Boundary


class GaussianFilter2d:
    """A Gaussian filter, without truncation, of images of one shape: planned once, applied to many.

    Parameters
    ----------
    shape : (int, int)
        Rows and columns.
    sigma : float or (float, float)
        Standard deviation in pixels, down and along.
    boundary : str
        How the image continues past its edges; `cval` is what stands there with "constant".
    tolerance : float
        Largest error against the direct sum, in units of the largest abs(pixel); float32 does not get below 2e-6.
    dtype : dtype
        float64 or float32: what comes in is made to it, and what goes out is of it.

    Examples
    --------
    >>> import numpy as np
    >>> blur = GaussianFilter2d((64, 48), sigma=(10.0, 6.0), dtype=np.float32)
    >>> smooth = blur(np.ones((64, 48), dtype=np.float32))
    >>> smooth.dtype
    dtype('float32')
    >>> blur(np.zeros((64, 48), dtype=np.float32), out=smooth) is smooth
    True
    """

    def __init__(
        self,
        shape: tuple[int, int],
        sigma: float | tuple[float, float],
        *,
        boundary: Boundary = "reflect",
        cval: float = 0.0,
        tolerance: float = 1e-6,
        dtype: DTypeLike = np.float64,
    ) -> None:
        self.dtype: np.dtype[Any] = np.dtype(dtype)
        if self.dtype not in (np.float64, np.float32):
            raise TypeError(f"dtype must be float64 or float32, got {self.dtype}")
        down, along = sigma if isinstance(sigma, tuple) else (sigma, sigma)
        rows, columns = shape
        single = self.dtype == np.float32
        self.shape = (rows, columns)
        self._plan = _hexad.ImageFilter((rows, columns), (down, along), boundary, cval, tolerance, single)

    def __call__(self, image: Numbers, out: NDArray[Any] | None = None) -> NDArray[Any]:
        """The image, smoothed: in `out`, a C-contiguous array of this shape and dtype, or in a new one.

        A large new array can cost as much as the filter: its pages come from the system.
        """
        array = np.asarray(image)
        if array.dtype != self.dtype:
            array = reals(image, "image").astype(self.dtype)
        smooth = np.empty(self.shape, self.dtype) if out is None else out
        self._plan.apply(np.ascontiguousarray(array), smooth)
        return smooth

    @property
    def error_bound(self) -> float:
        """Bound of the error against the direct sum, in units of the largest abs(pixel)."""
        return self._plan.error_bound


def gaussian_filter2d(
    image: Numbers,
    sigma: float | tuple[float, float],
    *,
    boundary: Boundary = "reflect",
    cval: float = 0.0,
    tolerance: float = 1e-6,
) -> NDArray[Any]:
    """Smooths an image with a Gaussian without truncation; float32 stays float32, all else becomes float64.

    The cost does not grow with sigma. For many images of one shape: `GaussianFilter2d`, whose parameters these are.

    Examples
    --------
    >>> import numpy as np
    >>> gaussian_filter2d(np.eye(4), 1.0).round(3)[0]
    array([0.502, 0.323, 0.134, 0.041])
    """
    array = np.asarray(image)
    if array.ndim != 2:
        raise ValueError(f"image must have two dimensions, got shape {array.shape}")
    dtype = np.float32 if array.dtype == np.float32 else np.float64
    rows, columns = array.shape
    blur = GaussianFilter2d((rows, columns), sigma, boundary=boundary, cval=cval, tolerance=tolerance, dtype=dtype)
    return blur(array)
