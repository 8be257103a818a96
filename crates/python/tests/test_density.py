"""hexad.density: counts as NumPy's, maps as SciPy's and as their definition, rasters the same in any order."""

import itertools
import pickle
import subprocess
import sys

import numpy as np
import pytest
from scipy import ndimage, stats
from scipy.spatial import cKDTree

import hexad
from hexad.density import DensityMap, Raster, density_map, to_mercator

RANDOM = np.random.default_rng(1)
BBOX = (-2.0, -1.0, 2.0, 3.0)


def clustered(count):
    centres = RANDOM.uniform(-2, 3, size=(12, 2))
    return (centres[RANDOM.integers(0, 12, count)] + 0.4 * RANDOM.normal(size=(count, 2))).T.copy()


X, Y = clustered(20_000)
WEIGHTS = RANDOM.uniform(0, 3, size=20_000)


def numpys(x, y, shape, bbox=BBOX, weights=None):
    edges = ((bbox[1], bbox[3]), (bbox[0], bbox[2]))
    return np.histogram2d(y, x, bins=shape, range=edges, weights=weights)[0]


@pytest.mark.parametrize("shape", [(1, 1), (64, 64), (37, 113)])
def test_counts_are_numpys(shape):
    found = density_map(X, Y, bbox=BBOX, shape=shape, method="histogram", normalize="count")
    assert np.array_equal(found.values, numpys(X, Y, shape))
    assert found.inside == found.sum == found.values.sum()
    assert (found.points, found.missing, found.weight) == (20_000, 0, 20_000.0)


def test_points_on_edges_are_counted_as_numpy_does():
    x, y = RANDOM.integers(-7, 14, size=(2, 5000)) / 10.0
    bbox = (-0.7, -0.3, 1.3, 1.1)
    found = density_map(x, y, bbox=bbox, shape=(14, 20), method="histogram", normalize="count")
    assert np.array_equal(found.values, numpys(x, y, (14, 20), bbox))


def test_sums_of_weights_are_numpys_to_the_unit_of_weights():
    found = density_map(X, Y, WEIGHTS, bbox=BBOX, shape=64, method="histogram", normalize="count")
    expected = numpys(X, Y, 64, weights=WEIGHTS)
    # A weight is rounded to 2^-32 of the next power of two.
    assert np.abs(found.values - expected).max() <= 4 * 2.0**-32 * numpys(X, Y, 64).max()


def test_normalizations_differ_by_their_factors():
    area = 4.0 * 4.0 / (40 * 50)
    maps = {
        name: density_map(X, Y, bbox=BBOX, shape=(40, 50), bandwidth=0.3, normalize=name)
        for name in ("count", "density", "probability", "max")
    }
    counts = maps["count"].values
    assert np.allclose(maps["density"].values * area, counts, rtol=1e-14)
    assert np.allclose(maps["probability"].values * area * 20_000, counts, rtol=1e-14)
    assert maps["max"].max == 1.0 and np.allclose(maps["max"].values * counts.max(), counts, rtol=1e-14)


def test_gaussian_is_its_definition():
    x, y, weights = X[:500], Y[:500], WEIGHTS[:500]
    found = density_map(x, y, weights, bbox=BBOX, shape=(30, 40), bandwidth=(0.3, 0.2), tolerance=1e-8)
    px, py = np.meshgrid(-2 + (np.arange(40) + 0.5) * 0.1, -1 + (np.arange(30) + 0.5) * 4 / 30)
    squares = ((px[..., None] - x) / 0.3) ** 2 + ((py[..., None] - y) / 0.2) ** 2
    expected = (weights * np.exp(-0.5 * squares)).sum(-1) / (2 * np.pi * 0.3 * 0.2)
    peak = weights.sum() / (2 * np.pi * 0.3 * 0.2)
    assert found.error_bound <= 1e-8
    assert np.abs(found.values - expected).max() <= 1e-8 * peak
    exact = density_map(x, y, weights, bbox=BBOX, shape=(30, 40), bandwidth=(0.3, 0.2), method="exact")
    assert np.abs(exact.values - expected).max() <= 1e-13 * peak


def test_counts_at_pixel_centres_smooth_as_scipys_filter():
    x, y = (RANDOM.integers(20, 108, size=(2, 3000)) + 0.5).astype(np.float64)
    found = density_map(
        x, y, bbox=(0, 0, 128, 128), shape=128, bandwidth="6px", normalize="count", tolerance=1e-9
    ).values
    counts = numpys(x, y, 128, (0, 0, 128, 128))
    expected = ndimage.gaussian_filter(counts, 6.0, mode="constant", truncate=9.0)
    # SciPy's weights are normalized to their sum: another 1e-15 for a sigma of 6.
    assert np.abs(found - expected).max() <= 1e-9 * 3000 / (2 * np.pi * 36)


def test_scotts_tilted_rule_is_scipys_kde():
    x, y = X[:2000], (Y + 0.8 * X)[:2000]
    found = density_map(x, y, shape=40, bbox=BBOX, bandwidth="scott-tilted", normalize="probability", tolerance=1e-8)
    kde = stats.gaussian_kde([x, y])
    xx, xy, yy = found.bandwidth
    assert np.allclose([[xx, xy], [xy, yy]], kde.covariance, rtol=1e-12)
    centres = (np.arange(40) + 0.5) * 0.1
    px, py = np.meshgrid(-2 + centres, -1 + centres)
    expected = kde([px.ravel(), py.ravel()]).reshape(40, 40)
    peak = 1 / (2 * np.pi * np.sqrt(np.linalg.det(kde.covariance)))
    assert np.abs(found.values - expected).max() <= 1e-8 * peak
    named = density_map(x, y, shape=40, bbox=BBOX, bandwidth=kde.covariance, normalize="probability", tolerance=1e-8)
    assert np.abs(named.values - expected).max() <= 1e-8 * peak


@pytest.mark.parametrize("rule", ["scott", "silverman"])
def test_rules_are_those_of_one_axis_and_its_spread(rule):
    found = density_map(X, Y, bandwidth=rule)
    assert np.allclose(found.bandwidth, np.array([X.std(ddof=1), Y.std(ddof=1)]) * 20_000 ** (-1 / 6), rtol=1e-12)


def test_isj_tells_two_narrow_peaks_apart_where_scott_does_not():
    x = np.concatenate([RANDOM.normal(-5, 0.1, 3000), RANDOM.normal(5, 0.1, 3000)])
    y = RANDOM.normal(size=6000)
    narrow, wide = (density_map(x, y, bandwidth=rule).bandwidth[0] for rule in ("isj", "scott"))
    assert 0.01 < narrow < 0.05 < 1.0 < wide


def test_box_is_four_filters_of_scipys():
    found = density_map(X, Y, bbox=BBOX, shape=64, method="box", bandwidth="5px", normalize="count")
    # So wide a frame that the points outside, as far as boxes reach, are counted.
    frame = numpys(X, Y, 128, (-4.0, -3.0, 4.0, 5.0))
    radius = round((np.sqrt(12 * 25 / 4 + 1) - 1) / 2)
    for _ in range(4):
        frame = ndimage.uniform_filter(frame, 2 * radius + 1, mode="constant")
    assert np.abs(found.values - frame[32:96, 32:96]).max() < 1e-10
    width = 2 * radius + 1
    assert np.allclose(found.bandwidth, np.sqrt(4 * (width**2 - 1) / 12) * 4 / 64)


def test_neighbours_are_those_of_scipys_tree():
    centres = (np.arange(32) + 0.5) * 0.125
    px, py = np.meshgrid(-2 + centres, -1 + centres)
    distances = cKDTree(np.column_stack([X, Y])).query(np.column_stack([px.ravel(), py.ravel()]), 5)[0]
    score = density_map(X, Y, bbox=BBOX, shape=32, method="knn", decay=3.0)
    assert score.normalize == "score"
    assert np.allclose(score.values.ravel(), np.exp(-3.0 * distances**2).sum(1) / 5, rtol=1e-12)
    density = density_map(X, Y, bbox=BBOX, shape=32, method="knn", normalize="probability")
    assert np.allclose(density.values.ravel(), 4 / (20_000 * np.pi * distances[:, 4] ** 2), rtol=1e-12)


def test_adaptive_and_edge_keep_the_points():
    x, y = RANDOM.uniform(size=(2, 4000))
    adaptive = density_map(x, y, bbox=(-1, -1, 2, 2), bandwidth=0.1, method="adaptive", normalize="count")
    assert abs(adaptive.sum - 4000) < 1e-3 * 4000
    for edge in ("uniform", "diggle"):
        corrected = density_map(x, y, bbox=(0, 0, 1, 1), bandwidth=0.1, edge=edge, normalize="probability")
        assert abs(corrected.values.mean() - 1) < 0.02


@pytest.mark.parametrize("method", ["gaussian", "histogram", "box", "exact", "knn", "adaptive"])
def test_threads_and_steps_do_not_change_a_bit(method):
    before = hexad.threads()
    try:
        maps = []
        for threads in (1, 2, 3):
            hexad.set_threads(threads)
            maps.append(density_map(X, Y, bbox=BBOX, shape=48, method=method, bandwidth=0.2).values.tobytes())
        assert len(set(maps)) == 1
    finally:
        hexad.set_threads(before)


@pytest.mark.parametrize(("bandwidth", "weighted"), list(itertools.product([None, 0.05, 0.5], [False, True])))
def test_a_raster_is_the_map_in_any_order_and_division(bandwidth, weighted):
    weights = WEIGHTS * 10.0 ** RANDOM.integers(-9, 9, size=20_000) if weighted and bandwidth else WEIGHTS
    weights = weights if weighted else None
    largest = 3.0 if weighted and bandwidth is None else None
    order = RANDOM.permutation(20_000)
    rasters = [Raster(bbox=BBOX, shape=(64, 80), bandwidth=bandwidth, largest_weight=largest) for _ in range(3)]
    for index, part in enumerate(np.array_split(order, 17)):
        rasters[index % 3].add(X[part], Y[part], None if weights is None else weights[part])
    whole, second, third = (pickle.loads(pickle.dumps(raster)) for raster in rasters)
    assert whole == rasters[0] and whole != rasters[1]
    second.merge(third)
    whole.merge(second)
    for normalize in ("count", "density", "probability", "max"):
        method = "gaussian" if bandwidth else "histogram"
        expected = density_map(
            X, Y, weights, bbox=BBOX, shape=(64, 80), bandwidth=bandwidth or 1.0, method=method, normalize=normalize
        )
        found = whole.map(normalize)
        assert found.values.tobytes() == expected.values.tobytes()
        assert (found.weight, found.inside) == (expected.weight, expected.inside)
    assert (whole.points, whole.missing) == (20_000, 0)


def test_rasters_refuse_what_they_cannot_hold():
    counts, smooth = Raster(bbox=BBOX), Raster(bbox=BBOX, bandwidth=0.5)
    with pytest.raises(ValueError, match="largest_weight"):
        counts.add([0.0], [0.0], [1.0])
    with pytest.raises(ValueError, match="largest_weight"):
        counts.copy().add([0.0], [0.0], [1.0])
    with pytest.raises(TypeError, match="same bandwidth"):
        counts.merge(smooth)
    with pytest.raises(ValueError, match="same view"):
        counts.merge(Raster(bbox=BBOX, shape=10))
    with pytest.raises(ValueError, match="not a raster"):
        Raster.from_bytes(b"HXSMOOT1")
    with pytest.raises(ValueError, match="in data units or pixels"):
        Raster(bbox=BBOX, bandwidth="scott")
    with pytest.raises(ValueError, match="weights\\[1\\]"):
        Raster(bbox=BBOX, largest_weight=1.0).add([0.0, 0.0], [0.0, 0.0], [1.0, 2.0])


def test_lonlat_is_drawn_in_mercator_per_square_kilometre():
    lon, lat = RANDOM.uniform(-10, 30, 5000), RANDOM.uniform(35, 60, 5000)
    bbox = (-10.0, 35.0, 30.0, 60.0)
    found = density_map(lon, lat, bbox=bbox, shape=(60, 50), crs="lonlat", method="histogram")
    assert np.allclose(found.bbox, bbox, atol=1e-12)
    x, y = to_mercator(lon, lat)
    x0, y0, x1, y1 = found.bounds
    counts = numpys(x, y, (60, 50), found.bounds)
    edges = np.linspace(y0, y1, 61) / 6_378_137.0
    areas = 6378.137**2 * np.radians(40.0) / 50 * np.diff(np.tanh(edges))
    assert np.allclose(found.values, counts / areas[:, None], rtol=1e-11)
    planar = density_map(x, y, bbox=found.bounds, shape=(60, 50), crs="mercator", method="histogram")
    assert np.array_equal(planar.values, found.values)
    whole = found.contours([1e-300], of="height")["features"][0]["properties"]["area"]
    assert whole <= areas.sum() * 50 * (1 + 1e-9)


def test_points_beyond_the_date_line_and_the_pole():
    found = density_map(
        [178.44, -179.9, 0.0], [-18.14, -17.0, 90.0], bbox=(177, -20, -178, -16), shape=2, crs="lonlat",
        method="histogram", normalize="count",
    )  # fmt: skip
    assert (found.sum, found.inside, found.missing, found.beyond) == (2.0, 2, 1, 1)
    smooth = density_map([0.0], [60.0], bbox=(-5, 55, 5, 65), crs="lonlat", bandwidth="50km")
    assert abs(smooth.max / (1 / (2 * np.pi * 50**2)) - 1) < 0.01


def test_contours_and_hot_spots_are_geojson():
    x, y = np.concatenate([RANDOM.normal(0, 0.2, (300, 2)), RANDOM.normal(2, 0.2, (100, 2))]).T
    found = density_map(x, y, bbox=(-2, -2, 4, 4), bandwidth=0.2)
    spots = found.hot_spots(x, y, level=0.1)["features"]
    assert [spot["properties"]["points"] for spot in spots] == pytest.approx([300, 100], abs=8)
    assert spots[0]["properties"]["peak"] == found.max
    assert np.allclose(spots[0]["properties"]["peak_at"], found.peak_at)
    for spot in spots:
        (outer,) = spot["geometry"]["coordinates"]
        assert outer[0] == outer[-1] and spot["properties"]["area"] > 0
    shares = [feature["properties"]["mass"] for feature in found.contours([0.5, 0.9], of="mass")["features"]]
    assert np.allclose(shares, [0.5, 0.9], atol=0.01)
    with pytest.raises(ValueError, match="of must be"):
        found.contours(0.5, of="share")


def test_a_map_draws_itself():
    found = density_map(X, Y, bbox=BBOX, shape=(20, 30))
    matplotlib = pytest.importorskip("matplotlib")
    matplotlib.use("agg")
    image = found.plot().images[0]
    assert image.get_extent() == [-2.0, 2.0, -1.0, 3.0] and image.origin == "lower"
    assert "<img src=" in found._repr_html_() and "20 x 30" in repr(found)
    assert "degrees" not in density_map([0.0], [0.0], crs="lonlat", bbox=(-9, -9, 9, 9))._repr_html_()


def test_columns_of_any_kind_are_points():
    expected = density_map(X, Y, bbox=BBOX, shape=16).values
    strided = np.column_stack([X, Y])
    assert np.array_equal(density_map(strided[:, 0], strided[:, 1], bbox=BBOX, shape=16).values, expected)
    assert np.array_equal(density_map(list(X), list(Y), bbox=BBOX, shape=16).values, expected)
    frozen = X.copy()
    frozen.setflags(write=False)
    assert np.array_equal(density_map(frozen, Y, bbox=BBOX, shape=16).values, expected)


def test_nothing_makes_an_empty_map():
    assert density_map([], [], bbox=BBOX, shape=4).sum == 0.0
    found = density_map([np.nan, 1.0], [1.0, np.inf], bbox=BBOX, shape=4, method="exact", bandwidth=1.0)
    assert (found.sum, found.missing) == (0.0, 2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (dict(bbox=(0, 0, 0, 1)), "must end above"),
        (dict(bbox=(0, 0, 1)), "bbox must hold"),
        (dict(shape=0), "shape must hold"),
        (dict(bandwidth=-1.0), "bandwidth"),
        (dict(bandwidth="10furlongs"), "bandwidth must be"),
        (dict(bandwidth="5km"), "metres"),
        (dict(bandwidth="0.01px"), "a fifth of a pixel"),
        (dict(bandwidth="scott-tilted", method="exact"), "tilted"),
        (dict(method="magic"), "method must be one of"),
        (dict(normalize="score"), "knn"),
        (dict(tolerance=1.0), "tolerance"),
        (dict(weights=[1.0]), "weights"),
        (dict(crs="wgs84"), "crs must be one of"),
    ],
)
def test_wrong_arguments_are_refused_with_the_reason(arguments, message):
    with pytest.raises(ValueError, match=message):
        density_map(**(dict(x=[0.0, 1.0], y=[0.0, 1.0]) | arguments))
    with pytest.raises(TypeError, match="x must hold real numbers"):
        density_map(["a"], [1.0])


def test_columns_are_not_copied():
    # Four times as much as a copy of either column may not be needed.
    program = """
import resource, numpy as np
from hexad.density import density_map
x = np.random.default_rng(0).normal(size=20_000_000); y = x[::-1].copy()
density_map(x[:1000], y[:1000], bbox=(-3, -3, 3, 3))
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
density_map(x, y, bbox=(-3, -3, 3, 3)); density_map(x, y, bbox=(-3, -3, 3, 3), method="histogram")
print((resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert int(done.stdout) < 80e6


@pytest.mark.parametrize("method", ["histogram", "exact"])
def test_ctrl_c_stops_a_long_map(ctrl_c_ends, method):
    copies = 200 if method == "histogram" else 1
    setup = f"""
import numpy as np
from hexad.density import density_map
x = np.tile(np.random.default_rng(0).normal(size=1_000_000), {copies})
def maps():
    for _ in range(1000):
        density_map(x, x, bbox=(-3, -3, 3, 3), shape=512, method="{method}", bandwidth=1.0)
"""
    ctrl_c_ends(setup, "maps()")


def test_results_are_frozen():
    found = density_map([0.0], [0.0], bbox=BBOX, shape=4)
    assert isinstance(found, DensityMap)
    with pytest.raises(AttributeError):
        found.method = "other"
