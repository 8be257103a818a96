"""Maps of where scattered points are dense, within a stated error, for any view.

>>> from hexad.density import density_map
>>> found = density_map([1.0, 1.2, 1.2, 4.0], [2.0, 2.1, 2.1, 3.0], bbox=(0, 0, 5, 5), shape=50, bandwidth=0.5)
>>> found.values.shape, found.inside
((50, 50), 4)
>>> [round(place, 2) for place in found.peak_at]
[1.15, 2.05]
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, partial
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np

from hexad import _hexad
from hexad._arrays import Numbers, Reals, column, optional_column
from hexad._results import Result, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["DensityMap", "Raster", "density_map", "to_mercator"]

Bbox: TypeAlias = tuple[float, float, float, float] | Sequence[float]
Shape: TypeAlias = int | tuple[int, int]
Bandwidth: TypeAlias = float | str | Numbers
Method: TypeAlias = Literal["gaussian", "histogram", "box", "exact", "knn", "adaptive"]
Normalize: TypeAlias = Literal["count", "density", "probability", "max", "score"]
Crs: TypeAlias = Literal["planar", "lonlat", "mercator"]
Of: TypeAlias = Literal["peak", "mass", "height"]

_EARTH_RADIUS_M = 6_378_137.0
_DEGREE_M = np.pi * _EARTH_RADIUS_M / 180.0


@dataclass(frozen=True, repr=False)
class DensityMap(Result):
    """A map, and what its numbers mean."""

    values: Reals
    """One value a pixel; row 0 is at the bottom, and a value stands at its pixel's centre."""
    bounds: tuple[float, float, float, float]
    """x0, y0, x1, y1 on the plane of the map: data units, or metres of EPSG:3857."""
    method: str
    """How the map was made."""
    normalize: str
    """What the values mean."""
    crs: str
    """What the coordinates of the points mean."""
    bandwidth: tuple[float, ...] | None
    """Standard deviations along x and y on the plane, or xx, xy, yy of a covariance."""
    error_bound: float
    """Bound of the error of a value, relative to the peak that all points in one place would make."""
    points: int
    """Points given."""
    inside: int
    """Points in the view."""
    missing: int
    """Points with a coordinate or weight that is NaN or infinite, or not on the map."""
    weight: float
    """Weight of all points that are not missing."""
    beyond: int = 0
    """Points among the missing at latitudes that Web Mercator does not show."""

    @property
    def bbox(self) -> tuple[float, float, float, float]:
        """x0, y0, x1, y1 in the coordinates of the points."""
        if self.crs != "lonlat":
            return self.bounds
        (x0, y0), (x1, y1) = _degrees(np.reshape(self.bounds, (2, 2))).tolist()
        return (x0, y0, x1, y1)

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """x0, x1, y0, y1 on the plane, as matplotlib's `imshow` takes it with ``origin="lower"``."""
        x0, y0, x1, y1 = self.bounds
        return (x0, x1, y0, y1)

    @property
    def sum(self) -> float:
        """Sum of the values."""
        return float(self.values.sum())

    @property
    def max(self) -> float:
        """The largest value."""
        return float(self.values.max())

    @property
    def peak_at(self) -> tuple[float, float]:
        """Where the largest value stands, in the coordinates of the points."""
        row, at = np.unravel_index(self.values.argmax(), self.values.shape)
        x0, y0, x1, y1 = self.bounds
        rows, columns = self.values.shape
        place = np.array([x0 + (at + 0.5) * (x1 - x0) / columns, y0 + (row + 0.5) * (y1 - y0) / rows])
        x, y = (_degrees(place) if self.crs == "lonlat" else place).tolist()
        return (x, y)

    def plot(self, ax: Axes | None = None, **settings: Any) -> Axes:
        """Draws the map with `imshow`, which takes the `settings`, into `ax` or new axes, which are returned."""
        ax = new_axes() if ax is None else ax
        image = ax.imshow(self.values, **{"origin": "lower", "extent": self.extent, "aspect": "auto"} | settings)
        if self.crs != "planar":
            ax.set_aspect("equal")
            _mark_degrees(ax)
        figure = ax.get_figure()
        if figure is not None:
            figure.colorbar(image, ax=ax, label=self._unit())
        return ax

    def contours(self, levels: float | Sequence[float] = 0.5, *, of: Of = "peak") -> dict[str, Any]:
        """Areas of the map at some levels and above, as a GeoJSON feature collection.

        Parameters
        ----------
        levels : float or sequence of float
            A feature for each.
        of : {"peak", "mass", "height"}
            What levels are: shares of the largest value, shares of the sum in the densest pixels (Hyndman 1996), or
            values.

        Returns
        -------
        dict
            Multi-polygons with `level`, `mass` (share of the map's sum) and `area`. Rings are closed, outer ones
            counter-clockwise, in data units or degrees of WGS84; areas are in data units squared or km^2.

        Examples
        --------
        >>> found = density_map([0.0], [0.0], bbox=(-4, -4, 4, 4), shape=257, bandwidth=1.0)
        >>> feature = found.contours(0.5)["features"][0]
        >>> round(feature["properties"]["area"], 3)  # 2 pi ln 2
        4.355
        """
        asked: list[tuple[str, float]] = [(of, float(level)) for level in np.atleast_1d(levels)]
        features = []
        for level, mass, polygons in _hexad.density_contours((self.values, self.bounds), asked):
            properties = {"level": level, "mass": mass, "area": sum(map(self._area, polygons))}
            coordinates = [self._coordinates(rings) for rings in polygons]
            features.append(_feature("MultiPolygon", coordinates, properties))
        return {"type": "FeatureCollection", "features": features}

    def hot_spots(
        self, x: Numbers, y: Numbers, weights: Numbers | None = None, *, level: float = 0.5, of: Of = "peak"
    ) -> dict[str, Any]:
        """The areas at a level and above with the points in them, the highest peak first, as GeoJSON.

        Returns
        -------
        dict
            Polygons with `peak`, `peak_at`, `area`, `points` and `share` (of the points' weight); else as `contours`.

        Examples
        --------
        >>> x, y = np.array([1.0, 1.1, 4.0]), np.array([1.0, 1.1, 4.0])
        >>> found = density_map(x, y, bbox=(0, 0, 5, 5), bandwidth=0.3)
        >>> [spot["properties"]["points"] for spot in found.hot_spots(x, y, level=0.4)["features"]]
        [2, 1]
        """
        at = (of, float(level))
        points = (column(x, "x"), column(y, "y"), optional_column(weights, "weights"))
        spots = _hexad.density_hot_spots((self.values, self.bounds), at, *points, self.crs)
        features = []
        for peak, place, count, share, rings in spots:
            peak_at = _degrees(np.array(place)).tolist() if self.crs == "lonlat" else place
            properties = {"peak": peak, "peak_at": peak_at, "area": self._area(rings), "points": count, "share": share}
            features.append(_feature("Polygon", self._coordinates(rings), properties))
        return {"type": "FeatureCollection", "features": features}

    def _unit(self) -> str:
        per = "data unit squared" if self.crs == "planar" else "km^2"
        what = "points" if self.weight == self.points - self.missing else "weight"
        units = {"count": f"{what} per pixel", "density": f"{what} per {per}", "probability": f"probability per {per}"}
        return units.get(self.normalize, self.normalize)

    def _coordinates(self, rings: list[Reals]) -> list[list[list[float]]]:
        return [(ring if self.crs == "planar" else _degrees(ring)).tolist() for ring in rings]

    def _area(self, rings: list[Reals]) -> float:
        return sum(_flat_area(ring) if self.crs == "planar" else _ground_area_km2(ring) for ring in rings)


def density_map(
    x: Numbers,
    y: Numbers,
    weights: Numbers | None = None,
    *,
    bbox: Bbox | None = None,
    shape: Shape = 256,
    bandwidth: Bandwidth = "10px",
    method: Method = "gaussian",
    normalize: Normalize | None = None,
    crs: Crs = "planar",
    tolerance: float = 1e-5,
    edge: Literal["uniform", "diggle"] | None = None,
    kernel: Literal["gaussian", "epanechnikov", "quartic", "disc"] = "gaussian",
    passes: int = 4,
    neighbours: int = 5,
    decay: float = 70.0,
    sensitivity: float = 0.5,
    limits: tuple[float, float] = (0.1, 10.0),
) -> DensityMap:
    """Map where points are dense.

    The value of a pixel is, at its centre, ``sum w exp(-dx**2 / (2 sx**2) - dy**2 / (2 sy**2)) / (2 pi sx sy)`` over
    all points (Silverman 1986). Points outside the view count as far as the kernel reaches.

    Parameters
    ----------
    x, y : array-like, shape (n,)
        Places; longitudes and latitudes in degrees with ``crs="lonlat"``. NaN and infinity are missing.
    weights : array-like, shape (n,), optional
        Weight of each point.
    bbox : x0, y0, x1, y1, optional
        The view; around all points without it. In degrees an x1 below x0 lies beyond 180.
    shape : int or (rows, columns)
        Pixels. Their edges are those of `numpy.histogram2d`.
    bandwidth : float, (float, float), str or array-like, shape (2, 2)
        Standard deviation in data units (degrees of longitude), along x and y; ``"10px"``; on the Earth ``"500m"``
        or ``"50km"`` of ground; the rules ``"scott"``, ``"silverman"``, ``"isj"`` and ``"scott-tilted"``, the last
        being `scipy.stats.gaussian_kde`'s; or a covariance.
    method : str
        "gaussian"; "histogram", the counts or sums of weights; "box", repeated box sums; "exact", the sum as it is
        defined, with any `kernel`; "knn", the nearest neighbours' score or density; "adaptive", wide where points
        are few (Abramson 1982).
    normalize : {"density", "count", "probability", "max", "score"}, optional
        Per data unit squared or km^2; per pixel; integral 1; peak 1; the score of "knn", its default.
    crs : {"planar", "lonlat", "mercator"}
        "lonlat" is drawn in Web Mercator; "mercator" is given in metres of it.
    tolerance : float
        Largest error relative to the peak that all points in one place would make.
    edge : {"uniform", "diggle"}, optional
        Correction for points that cannot be outside the view.
    kernel : str
        Shape of the kernel for "exact".
    passes : int
        Boxes in a row for "box".
    neighbours, decay : int, float
        ``sum exp(-decay d**2) / neighbours`` over the nearest for "knn", d in data units.
    sensitivity, limits : float, (float, float)
        How much widths follow the density for "adaptive", and the least and largest, in units of the bandwidth.

    Returns
    -------
    DensityMap

    Raises
    ------
    ValueError
        For arguments out of range, with the index and value where an array holds them.
    TypeError
        For arrays that do not hold real numbers.

    Examples
    --------
    >>> x, y = [0.5, 0.7, 1.5, np.nan], [0.5, 0.5, 2.0, 1.0]
    >>> counts = density_map(x, y, bbox=(0, 0, 2, 2), shape=2, method="histogram", normalize="count")
    >>> counts.values
    array([[2., 0.],
           [0., 1.]])
    >>> counts.missing
    1
    """
    wanted = normalize or ("score" if method == "knn" else "density")
    view = bbox if bbox is None or type(bbox) is tuple else _bounds(bbox)
    size = shape if type(shape) is int else _shape(shape)
    width = bandwidth if type(bandwidth) is str else _rule(bandwidth)
    settings = _settings(
        view, size, crs, method, width, tolerance, wanted, kernel, passes, neighbours, decay, edge, sensitivity,
        tuple(limits),
    )
    if normalize == "score" and method != "knn":
        raise ValueError('normalize="score" needs method="knn"')
    if edge is not None and method != "gaussian":
        raise ValueError('edge needs method="gaussian"')
    points = (column(x, "x"), column(y, "y"), optional_column(weights, "weights"))
    return _map(_hexad.density_map(*points, settings), method, wanted, crs)


class Raster:
    """Points on their way to a map: added in pieces, merged from several machines, the same bits in any order.

    Its memory is that of the pixels, whatever the number of points.

    Parameters
    ----------
    bbox : x0, y0, x1, y1
        The view.
    shape : int or (rows, columns)
        Pixels.
    bandwidth : float, (float, float) or str, optional
        For a map of Gaussians: standard deviation in data units, along x and y, or such as ``"10px"``. Without it
        points are counted.
    largest_weight : float, optional
        For sums of weights in place of counts: no weight is larger in size. Not needed with a bandwidth.
    tolerance : float
        As for `density_map`.

    Examples
    --------
    >>> here, there = (Raster(bbox=(-180, -90, 180, 90), shape=(360, 720)) for _ in range(2))
    >>> here.add([2.35, 13.4], [48.85, 52.5])
    >>> there.add([180.0, np.nan], [90.0, 0.0])
    >>> here.merge(Raster.from_bytes(there.to_bytes()))
    >>> here.points, here.inside, here.missing
    (4, 3, 1)
    >>> here.map(normalize="count").sum
    3.0
    """

    __slots__ = ("_raster", "_weighs")
    __hash__ = None  # type: ignore[assignment]

    def __init__(
        self,
        *,
        bbox: Bbox,
        shape: Shape = 256,
        bandwidth: float | str | Numbers | None = None,
        largest_weight: float | None = None,
        tolerance: float = 1e-5,
    ) -> None:
        bounds, rows_columns = _bounds(bbox), _shape(shape)
        sigma = None if bandwidth is None else _sigma(bandwidth, bounds, rows_columns)
        self._raster = _hexad.DensityRaster(bounds, rows_columns, sigma, largest_weight, tolerance)
        self._weighs = sigma is not None or largest_weight is not None

    @classmethod
    def from_bytes(cls, data: bytes) -> Raster:
        """The raster that `to_bytes` made."""
        self = cls.__new__(cls)
        self._raster = _hexad.DensityRaster.from_bytes(data)
        # The unit of weights follows the tally, and is 0 where points are counted.
        self._weighs = self._raster.sigma is not None or data[136:144] != bytes(8)
        return self

    def to_bytes(self) -> bytes:
        """The raster as bytes, the same for the same points in any order."""
        return self._raster.to_bytes()

    def add(self, x: Numbers, y: Numbers, weights: Numbers | None = None) -> None:
        """Adds points."""
        if weights is not None and not self._weighs:
            raise ValueError("this raster counts points: give it a largest_weight or a bandwidth to add weights")
        self._raster.add(column(x, "x"), column(y, "y"), optional_column(weights, "weights"))

    def merge(self, other: Raster) -> None:
        """Adds what another raster of the same view, bandwidth and largest weight holds."""
        self._raster.merge(other._raster)

    def copy(self) -> Raster:
        """The same again."""
        return Raster.from_bytes(self.to_bytes())

    def map(
        self, normalize: Normalize = "density", *, crs: Literal["planar", "mercator"] = "planar"
    ) -> DensityMap:
        """The map of the points added."""
        if normalize == "score":
            raise ValueError('a raster has no score: use density_map with method="knn"')
        if crs not in ("planar", "mercator"):
            raise ValueError(f"crs must be one of planar, mercator, got {crs!r}: see to_mercator")
        method = "histogram" if self._raster.sigma is None else "gaussian"
        return _map(self._raster.map(normalize, crs == "mercator"), method, normalize, crs)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """x0, y0, x1, y1."""
        x0, y0, x1, y1 = self._raster.bounds
        return (x0, y0, x1, y1)

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return self._raster.shape

    @property
    def points(self) -> int:
        """Points added."""
        return self._raster.tally[0]

    @property
    def inside(self) -> int:
        """Points in the view."""
        return self._raster.tally[1]

    @property
    def missing(self) -> int:
        """Points with a coordinate or weight that is NaN or infinite."""
        return self._raster.tally[2]

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Raster) and self.to_bytes() == other.to_bytes()

    def __reduce__(self) -> tuple[Any, tuple[bytes]]:
        return (Raster.from_bytes, (self.to_bytes(),))

    def __repr__(self) -> str:
        rows, columns = self.shape
        return f"Raster({rows} x {columns}, bounds={self.bounds}, points={self.points}, inside={self.inside})"


def to_mercator(lon: Numbers, lat: Numbers) -> tuple[Reals, Reals]:
    """Longitudes and latitudes in degrees as x and y in metres of EPSG:3857; NaN beyond 85.05112878 degrees.

    Examples
    --------
    >>> x, y = to_mercator([-100.333333333], [24.381786944])
    >>> round(float(x[0]), 1), round(float(y[0]), 1)
    (-11169055.6, 2800000.0)
    """
    x, y = _hexad.mercator(column(lon, "lon"), column(lat, "lat"))
    return x, y


@lru_cache(maxsize=64)
def _settings(
    bbox: Bbox | None, shape: Shape, crs: str, method: str, width: str | tuple[str, tuple[float, ...]], *others: Any
) -> _hexad.DensitySettings:
    """What to draw and how, as the compiled half takes it; kept, for many calls ask for the same."""
    bounds = None if bbox is None else _bounds(bbox)
    rule = _named_rule(width) if isinstance(width, str) else width
    return _hexad.DensitySettings(bounds, _shape(shape), crs, method, rule, *others)


def _map(found: dict[str, Any], method: str, normalize: str, crs: str) -> DensityMap:
    found["method"] = method
    found["normalize"] = normalize
    found["crs"] = crs
    return DensityMap._of(found)


def _bounds(bbox: Bbox) -> tuple[float, float, float, float]:
    if len(bbox) != 4:
        raise ValueError(f"bbox must hold x0, y0, x1, y1, got {len(bbox)} numbers")
    x0, y0, x1, y1 = map(float, bbox)
    return (x0, y0, x1, y1)


def _shape(shape: Shape) -> tuple[int, int]:
    rows, columns = (shape, shape) if isinstance(shape, (int, np.integer)) else shape
    if rows < 1 or columns < 1:
        raise ValueError(f"shape must hold 1 pixel or more along each axis, got {shape}")
    return (int(rows), int(columns))


_RULES = ("scott", "silverman", "isj", "scott-tilted")
_UNITS = {"px": ("pixels", 1.0), "km": ("metres", 1000.0), "m": ("metres", 1.0)}


def _rule(bandwidth: Bandwidth) -> tuple[str, tuple[float, ...]]:
    """The name of a rule, and its numbers."""
    if isinstance(bandwidth, str):
        return _named_rule(bandwidth)
    if isinstance(bandwidth, float):
        return ("data", (bandwidth,))
    numbers = np.asarray(bandwidth, dtype=np.float64)
    if numbers.shape == (2, 2):
        if numbers[0, 1] != numbers[1, 0]:
            raise ValueError(f"a covariance must be symmetric, got {numbers[0, 1]} and {numbers[1, 0]}")
        return ("covariance", (float(numbers[0, 0]), float(numbers[0, 1]), float(numbers[1, 1])))
    if numbers.shape not in ((), (2,)):
        raise ValueError(f"bandwidth must be one number, two, or a covariance, got shape {numbers.shape}")
    return ("axes" if numbers.ndim else "data", tuple(np.atleast_1d(numbers).tolist()))


@cache
def _named_rule(bandwidth: str) -> tuple[str, tuple[float, ...]]:
    if bandwidth in _RULES:
        return (bandwidth, ())
    for unit, (name, size) in _UNITS.items():
        number = bandwidth.removesuffix(unit)
        if number != bandwidth and _is_number(number):
            return (name, (float(number) * size,))
    known = ", ".join(_RULES)
    raise ValueError(f"bandwidth must be a number, such as 10px or 5km, or one of {known}, got {bandwidth!r}")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _sigma(
    bandwidth: Bandwidth, bounds: tuple[float, float, float, float], shape: tuple[int, int]
) -> tuple[float, float]:
    """Standard deviations that are known without the points."""
    name, numbers = _rule(bandwidth)
    if name == "pixels":
        x0, y0, x1, y1 = bounds
        return ((x1 - x0) / shape[1] * numbers[0], (y1 - y0) / shape[0] * numbers[0])
    if name in ("data", "axes"):
        return (numbers[0], numbers[-1])
    raise ValueError(f"points that come in pieces need a bandwidth in data units or pixels, got {bandwidth!r}")


def _feature(kind: str, coordinates: list[Any], properties: dict[str, Any]) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def _degrees(places: Reals) -> Reals:
    """Longitude and latitude of places in metres of EPSG:3857."""
    lat = np.degrees(np.arctan(np.sinh(places[..., 1] / _EARTH_RADIUS_M)))
    return np.stack([places[..., 0] / _DEGREE_M, lat], axis=-1)


def _mark_degrees(ax: Axes) -> None:
    """Puts ticks at round degrees on axes in metres of EPSG:3857."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    class Degrees(MaxNLocator):
        def __init__(self, coordinate: int) -> None:
            super().__init__(nbins=6, steps=[1, 2, 5, 10])
            self.coordinate = coordinate

        def tick_values(self, vmin: float, vmax: float) -> list[float]:
            first, last = _degrees(np.array([[vmin, vmin], [vmax, vmax]]))[:, self.coordinate].tolist()
            degrees = np.asarray(super().tick_values(first, last))
            metres = degrees * _DEGREE_M if self.coordinate == 0 else to_mercator(0.0 * degrees, degrees)[1]
            return [float(place) for place in metres if np.isfinite(place)]

    for coordinate, axis in enumerate((ax.xaxis, ax.yaxis)):
        shown = partial(_shown_degrees, coordinate)
        axis.set_major_locator(Degrees(coordinate))
        axis.set_major_formatter(FuncFormatter(shown))


def _shown_degrees(coordinate: int, metres: float, _: int | None) -> str:
    return f"{_degrees(np.array([metres, metres]))[coordinate]:.6g}"


def _flat_area(ring: Reals) -> float:
    x, y = (ring - ring[0]).T
    return float(0.5 * (x[:-1] * y[1:] - x[1:] * y[:-1]).sum())


def _ground_area_km2(ring: Reals) -> float:
    """Area on the sphere: the integral of -sin(lat) dlon = -tanh(y / R) dx / R along the ring, by Simpson's rule."""
    x, y = (ring / _EARTH_RADIUS_M).T
    middle = np.tanh(0.5 * (y[1:] + y[:-1]))
    height = (np.tanh(y[1:]) + np.tanh(y[:-1]) + 4.0 * middle) / 6.0 - np.tanh(y[0])
    return float(-((x[1:] - x[:-1]) * height).sum() * _EARTH_RADIUS_M**2 * 1e-6)
