"""Density of dataframes and of Parquet files."""

from __future__ import annotations

import glob
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, TypeAlias

import numpy as np

from hexad._arrays import column
from hexad.dask._cluster import task, tree
from hexad.density import Bandwidth, Bbox, DensityMap, Normalize, Raster, Shape

Extent: TypeAlias = tuple[float, float, float, float, float]
"""x0, y0, x1, y1 around points and the largest size of a weight."""

_ROWS_OF_A_TASK = 16_000_000
"""Row groups are taken together up to so many rows: a tenth of a second, more than the scheduler takes for a task."""
_FEW = 64
"""So many partitions cost little, however small."""


def density_map(
    source: Any,
    x: str,
    y: str,
    weights: str | None = None,
    *,
    bbox: Bbox | None = None,
    shape: Shape = 256,
    bandwidth: Bandwidth = "10px",
    method: Literal["gaussian", "histogram"] = "gaussian",
    normalize: Normalize = "density",
    crs: Literal["planar", "mercator"] = "planar",
    tolerance: float = 1e-5,
    largest_weight: float | None = None,
) -> DensityMap:
    """`hexad.density.density_map` of points in a Dask dataframe or in Parquet files.

    Each task adds row groups of 16 million rows, one after another, or a partition, or so many rows of small
    partitions, to a raster; rasters are merged as a tree. A worker holds that for each of its threads and a few
    rasters, whatever the number of points.

    Parameters
    ----------
    source : dask.dataframe.DataFrame, str, path, or sequence of paths
        The points. A path may be that of a file, or have wildcards; files must be seen by all workers.
    x, y, weights : str
        Names of columns.
    bbox : x0, y0, x1, y1, optional
        The view. Without it the points are read twice.
    bandwidth : float, (float, float) or str
        Standard deviation in data units, along x and y, or such as ``"10px"``.
    method : {"gaussian", "histogram"}
        Other methods need all points in one place.
    crs : {"planar", "mercator"}
        For longitudes and latitudes make columns with `hexad.density.to_mercator` first.
    largest_weight : float, optional
        For a histogram of weights, which else are read twice: no weight is larger in size.
    shape, normalize, tolerance
        As `hexad.density.density_map`.

    Returns
    -------
    DensityMap
    """
    if method not in ("gaussian", "histogram"):
        raise ValueError(f"method must be one of gaussian, histogram, got {method!r}")
    pieces = _pieces(source, [x, y] if weights is None else [x, y, weights])
    sums_weights = method == "histogram" and weights is not None
    if bbox is None or (sums_weights and largest_weight is None):
        *around, largest = _computed([task(_extent, piece) for piece in pieces], _joined) or _NOWHERE
        bbox = _view(around) if bbox is None else bbox
        # The same declaration as the local call's, so the same unit.
        largest_weight = (largest or 1.0) if largest_weight is None else largest_weight
    settings: dict[str, Any] = {
        "bbox": tuple(map(float, bbox)),
        "shape": shape,
        "bandwidth": bandwidth if method == "gaussian" else None,
        "largest_weight": largest_weight if sums_weights else None,
        "tolerance": tolerance,
    }
    empty = Raster(**settings)
    raster = _computed([task(_raster, piece, settings) for piece in pieces], _merged)
    return (raster or empty).map(normalize, crs=crs)


def _pieces(source: Any, columns: list[str]) -> list[Any]:
    """For each task where its points come from: a delayed partition, or row groups of files."""
    if hasattr(source, "to_delayed"):
        frame = source[columns]
        parts, together = frame.to_delayed(), _together(frame)
        return [(parts[first : first + together], columns) for first in range(0, len(parts), together)]
    paths = [source] if isinstance(source, (str, os.PathLike)) else list(source)
    tasks: list[list[tuple[str, int]]] = []
    room = 0
    for path, group, rows in _row_groups(paths):
        if rows > room:
            tasks.append([])
            room = _ROWS_OF_A_TASK
        tasks[-1].append((path, group))
        room -= rows
    return [(task, columns) for task in tasks]


def _together(frame: Any) -> int:
    """Partitions of a task, if all are as large as the first."""
    if frame.npartitions <= _FEW:
        return 1
    rows = int(frame.partitions[0].map_partitions(len, meta=("rows", int)).compute().iloc[0])
    return max(1, _ROWS_OF_A_TASK // max(rows, 1))


def _row_groups(paths: list[Any]) -> Iterator[tuple[str, int, int]]:
    """File, number and rows of each row group."""
    from pyarrow import parquet  # type: ignore[import-untyped]

    for path in paths:
        found = sorted(glob.glob(os.fspath(path)))
        if not found:
            raise FileNotFoundError(f"no file is called {os.fspath(path)}")
        for name in found:
            metadata = parquet.ParquetFile(name).metadata
            for group in range(metadata.num_row_groups):
                yield name, group, metadata.row_group(group).num_rows


def _columns(piece: Any) -> Iterator[tuple[Any, Any, Any]]:
    """x, y and weights of a piece, as much as stands in memory at a time."""
    parts, names = piece
    for part in parts:
        if isinstance(part, tuple):
            from pyarrow import parquet

            path, group = part
            yield _taken(parquet.ParquetFile(path).read_row_group(group, columns=names), names)
        else:
            yield _taken(part, names)


def _taken(table: Any, names: list[str]) -> tuple[Any, Any, Any]:
    x, y, *weights = (column(table[name], name) for name in names)
    return x, y, weights[0] if weights else None


def _raster(piece: Any, settings: dict[str, Any]) -> Raster:
    raster = Raster(**settings)
    for x, y, weights in _columns(piece):
        raster.add(x, y, weights)
    return raster


def _merged(rasters: list[Raster]) -> Raster:
    # What other tasks hold may not change.
    whole = rasters[0].copy()
    for raster in rasters[1:]:
        whole.merge(raster)
    return whole


_NOWHERE: Extent = (np.inf, np.inf, -np.inf, -np.inf, 0.0)


def _extent(piece: Any) -> Extent:
    extents = [_NOWHERE]
    for x, y, weights in _columns(piece):
        present = np.isfinite(x) & np.isfinite(y) & (True if weights is None else np.isfinite(weights))
        if present.any():
            x, y = x[present], y[present]
            largest = 1.0 if weights is None else float(np.abs(weights[present]).max())
            extents.append((float(x.min()), float(y.min()), float(x.max()), float(y.max()), largest))
    return _joined(extents)


def _joined(extents: list[Extent]) -> Extent:
    x0, y0, x1, y1, largest = zip(*extents, strict=True)
    return (min(x0), min(y0), max(x1), max(y1), max(largest))


def _view(around: list[float]) -> tuple[float, float, float, float]:
    """As `hexad.density.density_map` chooses it."""
    x0, y0, x1, y1 = around
    if x0 > x1:
        raise ValueError("there is no point with finite coordinates")
    if x0 == x1:
        x0, x1 = x0 - 0.5, x1 + 0.5
    if y0 == y1:
        y0, y1 = y0 - 0.5, y1 + 0.5
    return (x0, y0, x1, y1)


def _computed(parts: list[Any], join: Callable[[list[Any]], Any]) -> Any:
    """The parts joined as a tree; None for no parts."""
    return tree(parts, join).compute() if parts else None
