"""hexad.dask of neurons, waves and sweeps: on real clusters, the bytes of the local calls."""

import os
import signal

import numpy as np
import pytest
from clusters import assert_same, start

import hexad.dask
from hexad import neurons, waves

BOMBARDMENT = neurons.bombardment(102, 26, 10.0, weight_mv=2.0, inhibitory_scale=1.0)
POPULATIONS = {
    "currents": dict(current_ua_cm2=np.linspace(0.0, 20.0, 1_500)),
    "bombarded": dict(poisson=BOMBARDMENT, seed=3, record=[1_499, 3, 3, 600], record_every=10),
    # All spike at the same moments.
    "alike": dict(current_ua_cm2=neurons.Current.step(10.0, from_ms=5.0), dtype=np.float32),
    "starts": dict(poisson=BOMBARDMENT[0], start=np.tile(neurons.QUESTION, (1_500, 1)), repetition=2, dt_ms=0.02),
}


@pytest.fixture(autouse=True)
def small_tasks(monkeypatch):
    """So small that little work makes many tasks."""
    monkeypatch.setattr(hexad.dask._neurons, "_STEPS_OF_A_TASK", 1 << 20)


@pytest.mark.parametrize("case", POPULATIONS)
def test_a_population_is_the_local_one(client, case):
    found = hexad.dask.population(1_500, 60.0, **POPULATIONS[case])
    assert_same(found, neurons.population(1_500, 60.0, **POPULATIONS[case]))
    assert len(found.t_ms) > 100


def test_an_fi_curve_is_the_local_one(client):
    currents = np.random.default_rng(1).permutation(np.linspace(0.0, 20.0, 1_100))
    assert len(hexad.dask._neurons._shares(len(currents), 100.0, 0.025)) > 1
    found = hexad.dask.fi_curve(currents, duration_ms=100.0)
    assert_same(found, neurons.fi_curve(currents, duration_ms=100.0))


def test_a_sweep_is_a_loop(client):
    settings = [{"seed": seed, "current_ua_cm2": 0.1 * seed} for seed in range(40)]
    found = hexad.dask.sweep(neurons.run, settings, duration_ms=50.0, poisson=BOMBARDMENT)
    assert_same(found[::7], [neurons.run(50.0, poisson=BOMBARDMENT, **one) for one in settings[::7]])
    rates = hexad.dask.sweep(neurons.run, settings, take=lambda one: one.rate_hz, duration_ms=50.0, poisson=BOMBARDMENT)
    assert rates == [one.rate_hz for one in found]
    starts = [{"start": start} for start in ("taylor2", "naive")]
    assert_same(hexad.dask.sweep(waves.converge, starts), [waves.converge(**one) for one in starts])
    assert hexad.dask.sweep(neurons.run, []) == []


def room(cells):
    return waves.Model((cells, cells), 1.0 / cells, order=4)


def walls(cells):
    return waves.Model(cells, 1 / cells, sides=[("rigid", "pressure_release")], origin="walls")


def test_studies_of_waves_are_the_local_ones(client):
    wave = (lambda x, t: np.cos(2 * np.pi * (x + t)), lambda x, t: -np.cos(2 * np.pi * (x + t)))
    for settings in (
        dict(),
        dict(solution="two_waves", model=room, cells=[10, 20, 40], step_rule="matched", duration=0.5),
        dict(start="naive", error="end", courant=0.5, cells=[20, 40]),
        dict(courant=1.0),
        dict(solution=wave, error="end"),
    ):
        assert_same(hexad.dask.converge(**settings), waves.converge(**settings))
    bump = (lambda x, t: np.exp(-200.0 * (x - 0.4) ** 2), lambda x, t: 0.0)
    settings = dict(cells=[30, 90, 270, 810], duration=1.3)
    found = hexad.dask.converge_by_richardson(bump, walls, **settings)
    assert_same(found, waves.converge_by_richardson(bump, walls, **settings))


def killed_once(marker, duration_ms, seed):
    """A run; the first worker to do the seventh dies of it."""
    if seed == 7 and not os.path.exists(marker):
        open(marker, "w").close()
        os.kill(os.getpid(), signal.SIGKILL)
    return neurons.run(duration_ms, poisson=BOMBARDMENT, seed=seed)


def test_a_worker_killed_in_the_middle_changes_nothing(tmp_path):
    marker = str(tmp_path / "killed")
    with start(2, 1):
        found = hexad.dask.sweep(killed_once, [{"seed": seed} for seed in range(9)], marker=marker, duration_ms=50.0)
    assert os.path.exists(marker)
    assert_same(found, [neurons.run(50.0, poisson=BOMBARDMENT, seed=seed) for seed in range(9)])


def test_calls_use_the_threads_of_their_worker():
    with start(1, 2) as client:
        hexad.dask.fi_curve(np.linspace(0.0, 20.0, 1_100), duration_ms=20.0)
        assert set(client.run(hexad.threads).values()) == {2}


def test_grids_run_together_until_they_take_as_long_as_the_finest():
    assert hexad.dask._waves._parts([1.0, 4.0, 16.0, 64.0]) == [[3], [2, 1, 0]]
    assert hexad.dask._waves._parts([1.0, 1.1, 1.2]) == [[2], [1], [0]]


def test_runs_that_fail_say_what_the_local_ones_do():
    with pytest.raises(ValueError, match="record must hold neurons"):
        hexad.dask.population(10, 10.0, record=[10])
    with pytest.raises(ValueError, match="neurons must be at least 1"):
        hexad.dask.population(0, 10.0)
    with pytest.raises(ValueError, match="duration_ms must be finite and > 0"):
        hexad.dask.population(10, -1.0)
    with pytest.raises(ValueError, match="safe"):
        hexad.dask.fi_curve([1.0], dt_ms=5.0)
    with pytest.raises(ValueError, match="cells"):
        hexad.dask.converge(cells=[40, 20])
    with pytest.raises(ValueError, match="three times"):
        hexad.dask.converge_by_richardson((lambda x, t: 0.0, lambda x, t: 0.0), walls, cells=[10, 20, 40])
