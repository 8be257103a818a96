"""Whatever holds numbers comes in, in any layout; what does not is refused by name."""

import numpy as np
import pytest

from hexad._arrays import column, complexes, coordinates, reals, signals
from hexad.smoothing import smooth


def test_a_contiguous_array_is_not_copied():
    array = np.arange(6.0)
    assert reals(array, "y") is array
    read_only = np.arange(6.0)
    read_only.flags.writeable = False
    assert reals(read_only, "y") is read_only
    assert np.array_equal(smooth(read_only, sigma=1.0).y, smooth(array, sigma=1.0).y)


@pytest.mark.parametrize(
    "values",
    [
        [1, 2, 4, 3],
        (1.0, 2.0, 4.0, 3.0),
        np.array([1, 2, 4, 3], dtype=np.int8),
        np.array([1, 2, 4, 3], dtype=np.float32),
        np.array([1, 2, 4, 3], dtype=">f8"),
        np.array([3.0, 4.0, 2.0, 1.0])[::-1],
        np.array([[1.0, 0.0], [2.0, 0.0], [4.0, 0.0], [3.0, 0.0]])[:, 0],
        np.ma.array([1.0, 2.0, 4.0, 3.0], mask=False),
        np.array([1, 2, 4, 3], dtype=object),
    ],
)
def test_any_layout_and_type_means_the_same(values):
    expected = smooth(np.array([1.0, 2.0, 4.0, 3.0]), sigma=1.0).y
    assert np.array_equal(smooth(values, sigma=1.0).y, expected)


def test_misaligned_arrays_are_moved():
    misaligned = np.frombuffer(bytearray(33), dtype=np.uint8)[1:].view(np.float64)
    misaligned[:] = [1.0, 2.0, 4.0, 3.0]
    assert not misaligned.flags.aligned
    assert np.array_equal(smooth(misaligned, sigma=1.0).y, smooth(misaligned.tolist(), sigma=1.0).y)


def test_missing_values_become_nan():
    expected = [1.0, np.nan, 3.0]
    for values in ([1.0, None, 3.0], np.ma.array([1.0, 9.0, 3.0], mask=[0, 1, 0])):
        assert np.array_equal(column(values, "y"), expected, equal_nan=True)


def test_dates_are_days():
    assert coordinates(np.array(["1970-01-02", "1970-01-03T12:00"], dtype="datetime64[ns]"), "x").tolist() == [1.0, 2.5]


@pytest.mark.parametrize("values", [["a", "b"], [1j, 2.0], [b"1"], [{}, 1.0]])
def test_what_is_no_real_number_is_a_type_error(values):
    with pytest.raises(TypeError, match="y must hold real numbers"):
        smooth(values, sigma=1.0)


def test_a_table_is_no_column():
    with pytest.raises(ValueError, match=r"weights must have one dimension, got shape \(2, 2\)"):
        smooth(np.zeros(2), sigma=1.0, weights=np.ones((2, 2)))


def test_signals_run_along_any_axis():
    array = np.arange(24.0).reshape(2, 3, 4)
    for axis in range(-3, 3):
        last = signals(array, "x", axis)
        assert last.flags.c_contiguous and np.array_equal(last, np.moveaxis(array, axis, -1))
    assert signals(array, "x", -1) is array
    with pytest.raises(ValueError, match="axis must be one of the 3 of x, got 3"):
        signals(array, "x", 3)
    with pytest.raises(ValueError, match="axis must be one of the 0 of x, got -1"):
        signals(1.0, "x", -1)
    assert complexes([1, 2j], "x").dtype == np.complex128
