"""Gaussian smoothing of samples, even or uneven, and SciPy's Gaussian filters.

>>> from hexad.smoothing import smooth
>>> smooth([1.0, 2.0, 9.0, 4.0, 5.0], sigma=1.0).y.round(2)
array([1.98, 3.67, 5.42, 5.41, 4.94])

============================================  ===================================================
samples at any x, or at even steps            `smooth`
samples that come in pieces                   `SmoothStream`
no idea of sigma                              `auto_sigma`, or ``smooth(..., sigma="auto")``
code that calls SciPy                         `gaussian_filter1d`, `gaussian_filter`
images of float64 or float32                  `gaussian_filter2d`, `GaussianFilter2d`
boxes                                         `box_filter`
the question's own program                    `gaussian_flatten`
============================================  ===================================================
"""

from hexad._hexad import sigma_from_cutoff, sigma_from_fwhm
from hexad.smoothing._filters import box_filter, gaussian_filter, gaussian_filter1d, gaussian_flatten
from hexad.smoothing._images import GaussianFilter2d, gaussian_filter2d
from hexad.smoothing._smooth import AutoSigma, Smooth, auto_sigma, smooth
from hexad.smoothing._stream import SmoothStream

__all__ = [
    "AutoSigma",
    "GaussianFilter2d",
    "Smooth",
    "SmoothStream",
    "auto_sigma",
    "box_filter",
    "gaussian_filter",
    "gaussian_filter1d",
    "gaussian_filter2d",
    "gaussian_flatten",
    "sigma_from_cutoff",
    "sigma_from_fwhm",
    "smooth",
]
