"""hexad.smoothing: SciPy's filters to 1e-13, and `smooth` against its definition."""

import itertools

import numpy as np
import pytest
from scipy import ndimage

from hexad.smoothing import gaussian_filter, gaussian_filter1d, smooth

RANDOM = np.random.default_rng(1)
MODES = ["reflect", "mirror", "nearest", "wrap", "constant", "grid-mirror", "grid-wrap", "grid-constant"]


@pytest.mark.parametrize(
    ("mode", "order", "truncate", "axis"), list(itertools.product(MODES, [0, 1, 2, 3], [2.0, 4.0], [0, -1]))
)
def test_gaussian_filter1d_is_scipys(mode, order, truncate, axis):
    array = RANDOM.normal(size=(37, 53))
    for sigma in (0.5, 1.0, 3.7, 12.0):
        settings = dict(axis=axis, order=order, mode=mode, cval=0.7, truncate=truncate)
        expected = ndimage.gaussian_filter1d(array, sigma, **settings)
        assert np.abs(gaussian_filter1d(array, sigma, **settings) - expected).max() < 1e-13 * np.abs(array).max()


@pytest.mark.parametrize(
    "settings",
    [
        dict(sigma=2.0),
        dict(sigma=[1.0, 0.0, 2.5]),
        dict(sigma=1.5, order=[0, 1, 2]),
        dict(sigma=1.5, mode=["wrap", "reflect", "constant"], cval=2.0),
        dict(sigma=2.0, radius=3),
        dict(sigma=2.0, radius=[2, 0, 5]),
        dict(sigma=1.5, axes=(0, -1)),
        dict(sigma=[1.5, 2.0], axes=(2, 0), order=[1, 0]),
    ],
)
def test_gaussian_filter_is_scipys(settings):
    array = RANDOM.normal(size=(9, 12, 15))
    expected = ndimage.gaussian_filter(array, **settings)
    assert np.abs(gaussian_filter(array, **settings) - expected).max() < 1e-13 * np.abs(array).max()


@pytest.mark.parametrize("dtype", [np.float32, np.float64, np.complex128])
def test_the_type_of_the_input_stays(dtype):
    array = RANDOM.normal(size=(20, 30)).astype(dtype)
    found = gaussian_filter(array, 2.0)
    assert found.dtype == dtype
    assert np.abs(found - ndimage.gaussian_filter(array, 2.0)).max() < 1e-6


def test_integers_are_rounded_once():
    array = RANDOM.integers(0, 1000, size=(20, 30))
    found = gaussian_filter(array, 2.0)
    assert found.dtype == array.dtype
    assert np.array_equal(found, np.rint(ndimage.gaussian_filter(array.astype(float), 2.0)))


def test_output_is_a_type_or_an_array():
    array = RANDOM.normal(size=50)
    assert gaussian_filter1d(array, 2.0, output=np.float32).dtype == np.float32
    into = np.zeros(50)
    assert gaussian_filter1d(array, 2.0, output=into) is into
    assert np.array_equal(into, gaussian_filter1d(array, 2.0))
    with pytest.raises(ValueError, match="output must have shape"):
        gaussian_filter1d(array, 2.0, output=np.zeros(49))


def test_empty_and_strided_arrays_are_filtered():
    assert gaussian_filter(np.zeros((0, 5)), 1.0).shape == (0, 5)
    array = np.asfortranarray(RANDOM.normal(size=(20, 30)))[::2, ::-3]
    expected = ndimage.gaussian_filter(array, 1.5)
    assert np.abs(gaussian_filter(array, 1.5) - expected).max() < 1e-13


def test_smooth_is_the_weighted_mean():
    x = np.sort(RANDOM.uniform(0, 50, 200))
    y = RANDOM.normal(size=200)
    weights = RANDOM.uniform(size=200)
    at = np.linspace(-1, 51, 33)
    kernel = np.exp(-((at[:, None] - x) ** 2) / (2 * 2.0**2)) * weights
    expected = kernel @ y / kernel.sum(axis=1)
    found = smooth(y, x, at=at, weights=weights, sigma=2.0, truncate=None)
    assert np.abs(found.y - expected).max() < 1e-9
    assert np.array_equal(found.x, at)
    with_errors = smooth(y, x, sigma=2.0, stderr=True)
    assert with_errors.standard_error.shape == (200,)
    assert "Smooth(" in repr(with_errors)
    assert "<table>" in with_errors._repr_html_()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (dict(sigma=-1.0), "sigma"),
        (dict(sigma=np.nan), "sigma"),
        (dict(sigma=1.0, boundary="mirrored"), "must be one of renormalize, reflect"),
        (dict(sigma=1.0, derivative=4), "derivative"),
        (dict(sigma=1.0, x=[1.0, 2.0]), "y"),
        (dict(sigma=1.0, weights=[1.0, -1.0, 1.0]), "weights"),
    ],
)
def test_bad_arguments_are_named(settings, message):
    with pytest.raises(ValueError, match=message):
        smooth([1.0, 2.0, 3.0], **settings)
