"""hexad.smoothing: SciPy's filters to 1e-13, and `smooth` against its definition."""

import itertools

import numpy as np
import pytest
from scipy import ndimage

from hexad.smoothing import (
    GaussianFilter2d,
    SmoothStream,
    auto_sigma,
    box_filter,
    gaussian_filter,
    gaussian_filter1d,
    gaussian_filter2d,
    gaussian_flatten,
    sigma_from_cutoff,
    sigma_from_fwhm,
    smooth,
)

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


@pytest.mark.parametrize("sigma", [0, 1.0, [1.0, 1.0], [2.0, 0.0], 5.0])
@pytest.mark.parametrize("output", [None, np.float32, np.float64])
@pytest.mark.parametrize("dtype", [np.int8, np.uint8, np.int32, np.float32, np.float64])
def test_types_of_scipys_own_tests(sigma, output, dtype):
    array = np.arange(100 * 100).reshape(100, 100).astype(dtype)
    if output is None and np.issubdtype(dtype, np.integer):
        # Rounded once here, cut off after every axis there: within one.
        tolerance, settings = 1.0 + len(array.shape), {}
    else:
        tolerance, settings = 1e-6, {"output": output}
    expected = ndimage.gaussian_filter(array, sigma, **settings)
    found = gaussian_filter(array, sigma, **settings)
    assert found.dtype == expected.dtype and found.shape == expected.shape
    difference = np.abs(found.astype(float) - expected.astype(float)).max()
    assert difference <= tolerance * max(np.abs(array.astype(float)).max(), 1.0 / tolerance)


@pytest.mark.parametrize("sigma", [1.0, [1.0, 1.0], [1.5, 0.4]])
@pytest.mark.parametrize("order", [0, 1, [1, 1], [0, 2], [3, 1]])
@pytest.mark.parametrize("mode", ["reflect", ["reflect", "wrap"], ["nearest", "constant"], "mirror"])
@pytest.mark.parametrize("extent", [dict(truncate=2.0), dict(truncate=3.5), dict(radius=4), dict(radius=[3, 0])])
def test_arguments_of_scipys_own_tests(sigma, order, mode, extent):
    array = RANDOM.normal(size=(13, 17))
    settings = dict(order=order, mode=mode, cval=1.0, **extent)
    expected = ndimage.gaussian_filter(array, sigma, **settings)
    assert np.abs(gaussian_filter(array, sigma, **settings) - expected).max() < 1e-13 * np.abs(array).max()


@pytest.mark.parametrize("axes", [0, 1, -1, (0,), (0, 1), (0, -1), (1, 2), (-2, -1), (0, 1, 2), None])
@pytest.mark.parametrize("size", [(1, 7, 5), (6, 8, 9), (2, 1, 3)])
def test_axes_of_scipys_own_tests(axes, size):
    array = RANDOM.normal(size=size)
    expected = ndimage.gaussian_filter(array, 1.7, axes=axes)
    assert np.abs(gaussian_filter(array, 1.7, axes=axes) - expected).max() < 1e-13 * np.abs(array).max()


@pytest.mark.parametrize("length", [1, 2, 3, 10])
@pytest.mark.parametrize("mode", MODES)
def test_kernels_longer_than_the_signal(length, mode):
    array = RANDOM.normal(size=length)
    for sigma in (1.0, 10.0):
        expected = ndimage.gaussian_filter1d(array, sigma, mode=mode, cval=2.0)
        assert np.abs(gaussian_filter1d(array, sigma, mode=mode, cval=2.0) - expected).max() < 1e-13 * 2.0


def test_output_may_be_the_input():
    array = RANDOM.normal(size=(30, 30))
    expected = ndimage.gaussian_filter(array, 1.0)
    gaussian_filter(array, 1.0, output=array)
    assert np.abs(array - expected).max() < 1e-13


@pytest.mark.parametrize("radius", [-1, 1.1])
def test_a_radius_is_a_whole_number(radius):
    for filtered in (gaussian_filter1d, gaussian_filter):
        with pytest.raises(ValueError, match="radius must be a whole number"):
            filtered(np.ones(8), 1.0, radius=radius)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("sigma", [0.8, 3.0, (20.0, 7.0)])
def test_images_are_smoothed_without_truncation(dtype, sigma):
    image = RANDOM.normal(size=(90, 70)).astype(dtype)
    expected = ndimage.gaussian_filter(image.astype(np.float64), sigma, truncate=9.0)
    blur = GaussianFilter2d(image.shape, sigma, dtype=dtype)
    found = blur(image)
    assert found.dtype == dtype and found.flags.c_contiguous
    assert np.abs(found - expected).max() <= blur.error_bound * np.abs(image).max()
    assert np.array_equal(found, gaussian_filter2d(image, sigma))
    assert np.array_equal(found, blur(np.asfortranarray(image)))
    out = np.empty_like(found)
    assert blur(image, out=out) is out and np.array_equal(found, out)
    fine = gaussian_filter2d(image.astype(np.float64), sigma, boundary="wrap", tolerance=1e-11)
    expected = ndimage.gaussian_filter(image.astype(np.float64), sigma, truncate=9.0, mode="wrap")
    assert np.abs(fine - expected).max() <= 1e-11 * np.abs(image).max()


def test_images_of_another_shape_or_type_are_refused():
    blur, image = GaussianFilter2d((4, 5), 1.0), np.ones((4, 5))
    with pytest.raises(ValueError, match=r"image must have shape \(4, 5\), got \(5, 4\)"):
        blur(np.ones((5, 4)))
    with pytest.raises(ValueError, match=r"out must have shape \(4, 5\), got \(5, 4\)"):
        blur(image, out=np.ones((5, 4)))
    with pytest.raises(ValueError, match="out must be writeable and share no memory with image"):
        blur(image, out=image)
    with pytest.raises(TypeError):
        blur(image, out=np.ones((4, 5), dtype=np.float32))
    with pytest.raises(TypeError, match="dtype must be float64 or float32"):
        GaussianFilter2d((4, 5), 1.0, dtype=int)
    with pytest.raises(ValueError, match="NaN"):
        gaussian_filter2d(np.full((4, 5), np.nan), 1.0)


@pytest.mark.parametrize("size", [1, 3, 7, 31])
@pytest.mark.parametrize("mode", ["reflect", "mirror", "nearest", "wrap", "constant"])
def test_odd_boxes_are_scipys_uniform_filter(size, mode):
    array = RANDOM.normal(size=(23, 19))
    expected = ndimage.uniform_filter(array, size, mode=mode, cval=0.5)
    assert np.abs(box_filter(array, size, boundary=mode, cval=0.5) - expected).max() < 1e-13 * np.abs(array).max()
    expected = ndimage.uniform_filter1d(array, size, axis=0, mode=mode, cval=0.5)
    found = box_filter(array, size, boundary=mode, cval=0.5, axes=0)
    assert np.abs(found - expected).max() < 1e-13 * np.abs(array).max()


def test_boxes_of_a_sigma_have_it():
    impulse = np.zeros(401)
    impulse[200] = 1.0
    for passes in (1, 3, 5):
        found = box_filter(impulse, sigma=11.3, passes=passes)
        assert abs(np.sqrt((found * np.arange(-200.0, 201.0) ** 2).sum()) - 11.3) < 1e-10
    with pytest.raises(ValueError, match="one of width and sigma"):
        box_filter(impulse)


def test_the_programs_quirks_are_kept():
    x = np.sort(RANDOM.uniform(0.0, 50.0, 120))
    y = RANDOM.normal(size=120)
    reach, sigma = 0.1, 4.0
    radius = sigma * np.sqrt(-2.0 * np.log(reach))
    expected = np.zeros(120)
    for i in range(120):
        start, end = np.abs(x - (x[i] - radius)).argmin(), np.abs(x - (x[i] + radius)).argmin()
        j = np.arange(start, end)
        weights = np.exp(-((j - i) ** 2) / (2.0 * sigma**2))
        expected[i] = weights @ y[j] / weights.sum() if len(j) else 0.0
    assert np.abs(gaussian_flatten(x, y, reach, sigma, 0.3, 2.0) - expected).max() < 1e-13


def test_each_signal_is_smoothed_by_itself():
    x = np.sort(RANDOM.uniform(0, 50, 200))
    table = RANDOM.normal(size=(200, 3, 2))
    table[5, 1, 1] = np.nan
    found = smooth(table, x, sigma=2.0, axis=0, stderr=True)
    assert found.y.shape == found.standard_error.shape == table.shape
    assert found.residual_sd.shape == (3, 2)
    assert found.missing == 1
    for i, j in np.ndindex(3, 2):
        alone = smooth(table[:, i, j], x, sigma=2.0, stderr=True)
        assert np.array_equal(found.y[:, i, j], alone.y)
        assert found.residual_sd[i, j] == alone.residual_sd
    at = smooth(table, x, sigma=2.0, axis=0, at=[1.0, 2.0, 3.0, 4.0])
    assert at.y.shape == (4, 3, 2)
    with pytest.raises(ValueError, match="one dimension"):
        smooth(table, x, sigma="auto", axis=0)


def test_a_width_can_be_told_in_four_ways():
    y = RANDOM.normal(size=300)
    assert np.array_equal(smooth(y, fwhm=10.0).y, smooth(y, sigma=sigma_from_fwhm(10.0)).y)
    assert np.array_equal(smooth(y, cutoff=0.05).y, smooth(y, sigma=sigma_from_cutoff(0.05)).y)
    assert abs(sigma_from_fwhm(10.0) - 10.0 / np.sqrt(8.0 * np.log(2.0))) < 1e-14
    chosen = auto_sigma(y)
    assert smooth(y, sigma="auto").sigma == chosen.sigma
    assert chosen.score == chosen.scores.min() and np.all(np.diff(chosen.tried) >= 0)
    for settings in (dict(), dict(sigma=1.0, fwhm=2.0), dict(sigma="auto", cutoff=1.0), dict(sigma="wide")):
        with pytest.raises(ValueError, match="sigma"):
            smooth(y, **settings)


def test_auto_sigma_has_the_smallest_leave_one_out_error():
    x = np.linspace(0.0, 10.0, 80)
    y = np.sin(x) + 0.3 * RANDOM.normal(size=80)

    def error(sigma):
        kernel = np.exp(-((x[:, None] - x) ** 2) / (2.0 * sigma**2))
        np.fill_diagonal(kernel, 0.0)
        return np.mean((y - kernel @ y / kernel.sum(axis=1)) ** 2)

    found = auto_sigma(y, x, truncate=None)
    assert abs(found.score - error(found.sigma)) < 1e-9
    assert all(error(found.sigma) <= error(found.sigma * factor) + 1e-9 for factor in (0.8, 0.95, 1.05, 1.25))


@pytest.mark.parametrize("settings", [dict(), dict(truncate=None), dict(boundary="reflect", derivative=1)])
def test_a_stream_gives_the_bits_of_the_whole(settings):
    y = RANDOM.normal(size=30_000)
    whole = smooth(y, sigma=7.0, **settings)
    stream = SmoothStream(sigma=7.0, **settings)
    for _ in range(2):
        pieces = [stream.push(piece) for piece in np.array_split(y, 11)]
        assert np.array_equal(np.concatenate([*pieces, stream.finish()]), whole.y)
    assert stream.error_bound <= 1e-10
    with pytest.raises(ValueError, match="wrap"):
        SmoothStream(sigma=1.0, boundary="wrap")


def test_ctrl_c_stops_many_signals(ctrl_c_ends):
    # Whole, this takes minutes.
    setup = "import numpy as np; from hexad.smoothing import smooth; x = np.arange(10_000.0) ** 1.1"
    ctrl_c_ends(setup, 'smooth(np.ones((2_000, 10_000)), x, sigma=300.0, truncate=None, method="direct")')
