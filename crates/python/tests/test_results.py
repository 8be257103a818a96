"""What results show of themselves, and that a fork of a process that has called can call too."""

import os
import sys
import time

import numpy as np
import pytest

from hexad import density, neurons, smoothing, spectral, waves


def test_results_are_shown_in_short():
    found = density.density_map([0.1, 0.2], [0.3, 0.4], bbox=(0, 0, 1 / 3, 1), bandwidth=0.1)
    assert "values=<256 x 256 float64>, bounds=(0, 0, 0.333333, 1), method" in repr(found)
    assert "bandwidth=(0.1, 0.1), error" in repr(found)
    recording = neurons.run(1.0, start=neurons.QUESTION)
    assert "end=State(v_mv=-65.1183, m=0.0522565, " in repr(recording)
    study = waves.converge(cells=[50, 100], duration=0.1)
    assert "table=" not in repr(study) and "\n" not in repr(study)


def test_what_notebooks_show_is_html():
    pytest.importorskip("matplotlib")
    smooth = smoothing.smooth([1.0, 2.0, 3.0], sigma=1.0)._repr_html_()
    assert "<td>&lt;3 float64&gt;</td>" in smooth and "<img" in smooth
    constants = spectral.window_constants("hann", 100)._repr_html_()
    assert "<table>" in constants and "<img" not in constants
    orders = waves.converge(cells=[50, 100], duration=0.1)._repr_html_()
    assert "<td>-</td>" in orders and "nan" not in orders


def test_maps_of_the_earth_have_ticks_at_round_degrees():
    pytest.importorskip("matplotlib")
    found = density.density_map([2.3], [48.8], crs="lonlat", bbox=(1.9371, 48.6211, 2.6629, 48.9713))
    axes = found.plot()
    for axis, expected in ((axes.xaxis, {"2", "2.2", "2.4", "2.6"}), (axes.yaxis, {"48.7", "48.8", "48.9"})):
        low, high = axis.get_view_interval()
        places = [place for place in axis.get_ticklocs() if low <= place <= high]
        assert {axis.get_major_formatter()(place) for place in places} >= expected


def small_calls():
    x = np.linspace(0.0, 1.0, 100)
    for method in ("knn", "adaptive", "box", "exact", "histogram", "gaussian"):
        density.density_map(x, x, bbox=(0, 0, 1, 1), shape=16, method=method, bandwidth=0.1)
    smoothing.smooth(x, x**2, sigma=0.1)
    smoothing.gaussian_filter2d(np.eye(20), 1.0)


@pytest.mark.skipif(sys.platform == "win32", reason="no forks")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_fork_calls_as_its_parent_did():
    small_calls()
    child = os.fork()
    if child == 0:
        small_calls()
        os._exit(0)
    for _ in range(600):
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            break
        time.sleep(0.05)
    else:
        os.kill(child, 9)
        os.waitpid(child, 0)
    assert (ended, status) == (child, 0)
