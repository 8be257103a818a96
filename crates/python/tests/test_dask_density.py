"""hexad.dask.density_map: on real clusters, the bytes of the local calls, whatever the workers and partitions."""

import os
import signal

import dask.dataframe
import numpy as np
import pandas as pd
import pyarrow
import pyarrow.parquet
import pytest
from clusters import largest_memory, start

import hexad.dask
from hexad import density

RANDOM = np.random.default_rng(2)
COUNT = 200_000
POINTS = pd.DataFrame(
    {
        "x": RANDOM.normal(size=COUNT),
        "y": RANDOM.normal(size=COUNT),
        "w": RANDOM.uniform(0, 3, COUNT) * 10.0 ** RANDOM.integers(-6, 6, COUNT),
    }
)
POINTS.loc[::1000, "x"] = np.nan
POINTS.loc[::1777, "w"] = np.inf
CASES = {
    "gaussian": dict(bandwidth=0.1, bbox=(-2, -2, 2, 2)),
    "wide gaussian of weights": dict(bandwidth="40px", weights=True),
    "histogram": dict(method="histogram", normalize="count"),
    "histogram of weights": dict(method="histogram", weights=True, normalize="probability", bbox=(-1, -1, 2, 2)),
}


def local(case):
    settings = dict(CASES[case])
    weights = POINTS["w"] if settings.pop("weights", False) else None
    return density.density_map(POINTS["x"], POINTS["y"], weights, shape=(90, 100), **settings)


def remote(case, source):
    settings = dict(CASES[case])
    weights = "w" if settings.pop("weights", False) else None
    return hexad.dask.density_map(source, "x", "y", weights, shape=(90, 100), **settings)


def assert_same_map(found, expected):
    assert found.values.tobytes() == expected.values.tobytes()
    for name in ("bounds", "method", "normalize", "bandwidth", "error_bound", "points", "inside", "missing", "weight"):
        assert getattr(found, name) == getattr(expected, name), name


@pytest.mark.parametrize("case", CASES)
def test_density_of_a_dataframe_is_the_local_one(client, case):
    expected = local(case)
    assert_same_map(remote(case, dask.dataframe.from_pandas(POINTS, npartitions=7)), expected)
    shuffled = dask.dataframe.from_pandas(POINTS.sample(frac=1, random_state=3), npartitions=13, sort=False)
    assert_same_map(remote(case, shuffled), expected)


def test_small_partitions_are_taken_together(client, monkeypatch):
    monkeypatch.setattr(hexad.dask._density, "_FEW", 4)
    monkeypatch.setattr(hexad.dask._density, "_ROWS_OF_A_TASK", 70_000)
    frame = dask.dataframe.from_pandas(POINTS, npartitions=20)
    assert [len(parts) for parts, _ in hexad.dask._density._pieces(frame, ["x", "y"])] == [7, 7, 6]
    assert_same_map(remote("gaussian", frame), local("gaussian"))


def test_density_of_parquet_is_the_local_one(client, tmp_path, monkeypatch):
    table = pyarrow.Table.from_pandas(POINTS)
    for part in range(3):
        rows = table.slice(part * 70_000, 70_000)
        pyarrow.parquet.write_table(rows, tmp_path / f"part{part}.parquet", row_group_size=9_000)
    for rows_of_a_task in (1, 40_000, 4_000_000):
        monkeypatch.setattr(hexad.dask._density, "_ROWS_OF_A_TASK", rows_of_a_task)
        for case in ("gaussian", "histogram of weights"):
            assert_same_map(remote(case, tmp_path / "*.parquet"), local(case))
    with pytest.raises(FileNotFoundError, match="no file is called"):
        remote("gaussian", tmp_path / "other.parquet")


def killed_once(part, marker):
    """The partition; the first worker to see it dies of it."""
    if not os.path.exists(marker):
        open(marker, "w").close()
        os.kill(os.getpid(), signal.SIGKILL)
    return part


def test_a_worker_killed_in_the_middle_changes_nothing(tmp_path):
    marker = tmp_path / "killed"
    with start(2, 1):
        frame = dask.dataframe.from_pandas(POINTS, npartitions=12)
        found = remote("gaussian", frame.map_partitions(killed_once, str(marker), meta=frame._meta))
    assert marker.exists()
    assert_same_map(found, local("gaussian"))


def test_calls_use_the_threads_of_their_worker():
    with start(1, 2) as client:
        assert_same_map(remote("gaussian", dask.dataframe.from_pandas(POINTS, npartitions=5)), local("gaussian"))
        assert set(client.run(hexad.threads).values()) == {2}
    with start(2, 1) as client:
        remote("gaussian", dask.dataframe.from_pandas(POINTS, npartitions=5))
        assert set(client.run(hexad.threads).values()) == {1}


def made(seed, count):
    random = np.random.default_rng(seed)
    return pd.DataFrame({"x": random.normal(size=count), "y": random.normal(size=count)})


def test_memory_of_a_worker_is_a_partition_and_rasters():
    count = 500_000
    with start(1, 1) as client:

        def mapped(partitions):
            frame = dask.dataframe.from_map(made, range(partitions), count=count, meta=made(0, 0))
            hexad.dask.density_map(frame, "x", "y", bbox=(-3, -3, 3, 3), shape=512, bandwidth=0.1)
            return client.run(largest_memory).popitem()[1]

        few, many = mapped(8), mapped(64)
    # 56 partitions more are 450 MB more; what is left is less than three partitions.
    assert many - few < 3 * 16 * count


def test_points_without_a_place_and_other_methods_are_refused():
    points = POINTS[1:11]
    frame = dask.dataframe.from_pandas(points, npartitions=2)
    nowhere = dask.dataframe.from_pandas(pd.DataFrame({"x": [np.nan], "y": [0.0]}), npartitions=1)
    with pytest.raises(ValueError, match="no point with finite coordinates"):
        hexad.dask.density_map(nowhere, "x", "y")
    with pytest.raises(ValueError, match="method must be one of"):
        hexad.dask.density_map(frame, "x", "y", method="knn")
    with pytest.raises(ValueError, match="in data units or pixels"):
        hexad.dask.density_map(frame, "x", "y", bandwidth="scott")
    one = dask.dataframe.from_pandas(points[:1], npartitions=1)
    assert_same_map(
        hexad.dask.density_map(one, "x", "y", shape=4), density.density_map(points["x"][:1], points["y"][:1], shape=4)
    )
