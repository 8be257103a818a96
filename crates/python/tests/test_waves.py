"""hexad.waves: errors and orders that are known, equal bits, resumption, refusals, Ctrl-C."""

import pickle

import numpy as np
import pytest

import hexad
from hexad.waves import (
    Absorbing,
    Model,
    Simulation,
    Source,
    converge,
    converge_by_richardson,
    dispersion,
)

RANDOM = np.random.default_rng(1)


def room(**changes):
    settings = dict(
        speed=343.0,
        density=1.2,
        order=4,
        origin="walls",
        sides=["rigid", ("rigid", Absorbing(cells=12))],
        sources=[Source((1.5, 0.7), peak_frequency=400.0), Source((None, 2.0), sigma=0.001, amplitude=0.3)],
        receivers=[(2.2, 1.913), (0.4, 3.0)],
    )
    return Model((60, 80), 0.05, **{**settings, **changes})


@pytest.mark.parametrize(
    ("start", "errors", "order", "verdict"),
    [
        ("exact", [5.322e-3, 1.330e-3, 3.326e-4], 2.0, "confirmed"),
        ("naive", [6.237e-2, 3.004e-2, 1.473e-2], 1.04, "lower"),
    ],
)
def test_the_errors_of_the_definition(start, errors, order, verdict):
    # CFL 0.3, T = 2, p = cos 2 pi x, the largest L2 error of p over time; four digits are given.
    study = converge("one_wave", cells=[50, 100, 200], courant=0.3, duration=2.0, start=start)
    assert np.allclose(study.error_p, errors, rtol=2e-4, atol=0)
    assert abs(study.observed_order_p - order) < 0.02
    assert study.verdict == verdict
    assert study.meaning in str(study)
    assert "<td>200</td>" in study._repr_html_()


def test_every_order_in_space_is_observed():
    for order, cells in ((2, [20, 40, 80]), (4, [16, 32, 64]), (6, [12, 18, 27]), (8, [10, 14, 20])):
        study = converge(
            "one_wave",
            lambda n, order=order: Model(n, 1 / n, order=order),
            cells=cells,
            courant=0.2,
            duration=0.3,
            start="exact",
            step_rule="matched",
        )
        assert (study.expected_order, study.verdict) == (order, "confirmed")


def test_functions_are_the_named_solution():
    wave = lambda x, t: np.cos(2 * np.pi * (x + t))
    settings = dict(cells=[50, 100], start="exact", duration=0.7)
    named = converge("one_wave", **settings)
    called = converge((wave, lambda x, t: -wave(x, t)), **settings)
    assert np.allclose(called.error_p, named.error_p, rtol=1e-9, atol=0)
    assert np.allclose(called.error_u, named.error_u, rtol=1e-9, atol=0)


def test_an_error_in_a_function_is_raised():
    def bad(x, t):
        raise RuntimeError("no such wave")

    with pytest.raises(RuntimeError, match="no such wave"):
        converge((bad, bad))
    with pytest.raises(TypeError):
        converge((lambda x, t: "a", bad))


def test_richardson_needs_no_solution():
    study = converge_by_richardson(
        (lambda x, y, t: np.cos(np.pi * x) * np.cos(np.pi * y), [lambda x, y, t: 0.0] * 2),
        lambda n: Model((n, n), 1 / n, sides="rigid", origin="walls"),
        cells=[18, 54, 162],
        duration=0.6,
    )
    assert study.verdict == "confirmed"


def test_the_magic_step_is_exact_and_proves_nothing():
    study = converge("one_wave", courant=1.0, start="exact", cells=[50, 100])
    assert study.verdict == "magic_step"
    assert study.max_p.max() < 1e-12


def test_advice_is_the_discrete_dispersion():
    found = dispersion([12.0], dims=1, order=2, courant=0.5)
    # sin(w dt / 2) = C sin(k dx / 2).
    phase = 2 * np.pi / 12
    assert found.velocity_error[0] == pytest.approx(2 * np.arcsin(0.5 * np.sin(phase / 2)) / (0.5 * phase) - 1)
    assert found.advice(12) == "12 points per wavelength: 0.9 % velocity error"
    assert dispersion([found.points_for(0.01)]).velocity_error[0] == pytest.approx(-0.01)


@pytest.mark.parametrize("dims", [1, 2, 3])
def test_a_jump_is_the_steps(dims):
    shape = (60, 12, 10)[:dims]
    model = Model(shape, 0.1, speed=2.0, density=3.0, order=4)
    fields = dict(
        pressure=RANDOM.normal(size=shape),
        velocity=[RANDOM.normal(size=field.shape) for field in Simulation(model).velocity],
    )
    stepped, jumped = Simulation(model, **fields), Simulation(model, **fields)
    stepped.advance(1000)
    jumped.jump(1000)
    assert stepped.step == jumped.step == 1000
    assert np.abs(stepped.pressure - jumped.pressure).max() < 1e-12 * np.abs(stepped.pressure).max() * 10


def test_energy_stays_in_a_closed_domain():
    speed, density = RANDOM.uniform(1, 3, (30, 40)), RANDOM.uniform(1, 2, (30, 40))
    model = Model((30, 40), 0.1, speed=speed, density=density, sides=["periodic", ("rigid", "pressure_release")])
    run = Simulation(model, pressure=RANDOM.normal(size=(30, 40)))
    before = run.energy()
    run.advance(10_000)
    assert abs(run.energy() / before - 1) < 1e-13


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_any_number_of_threads_and_calls_gives_the_same_bits(dtype):
    speed = RANDOM.uniform(1, 2, (400, 300))
    model = Model((400, 300), 0.1, speed=speed, receivers=[(3.0, 4.0)], sources=[Source((1, 1), peak_frequency=1.0)])
    found = []
    for threads, parts in ((1, [300]), (2, [300]), (4, [1, 99, 200])):
        hexad.set_threads(threads)
        run = Simulation(model, dtype=dtype)
        for steps in parts:
            run.advance(steps)
        assert run.pressure.dtype == run.velocity[1].dtype == dtype
        found.append((run.pressure, *run.velocity, run.traces))
    hexad.set_threads(0)
    for other in found[1:]:
        assert all(np.array_equal(a, b) for a, b in zip(found[0], other, strict=True))


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_resumed_run_has_the_bits_of_the_uninterrupted_one(dtype):
    model = room()
    run = Simulation(model, courant=0.5, duration=0.02, dtype=dtype)
    run.advance(70)
    saved = run.checkpoint()
    again = Simulation(pickle.loads(pickle.dumps(model)), courant=0.5, duration=0.02, dtype=dtype)
    again.resume(saved)
    assert again.step == 70
    for one in (run, again):
        one.advance(200)
    assert np.array_equal(run.traces, again.traces)
    assert np.array_equal(run.pressure, again.pressure)
    assert np.abs(run.traces).max() > 0
    with pytest.raises(ValueError, match="another model, time step or precision"):
        Simulation(room(order=2), dt=run.dt, dtype=dtype).resume(saved)
    with pytest.raises(ValueError, match="damaged"):
        again.resume(saved[:-1] + bytes([saved[-1] ^ 1]))
    assert again.step == 270


def test_run_hears_every_step_and_sees_some():
    run = Simulation(room(), courant=0.5, duration=0.02)
    first = run.run(0.01, snapshots=50)
    rest = run.run()
    assert first.t[-1] == rest.t[0] and rest.t[-1] == pytest.approx(0.02)
    assert np.array_equal(np.concatenate([first.traces, rest.traces[:, 1:]], axis=1), run.traces)
    assert first.snapshots.shape == (len(first.snapshot_t), 60, 80)
    assert first.snapshot_t[1] == 100 * run.dt
    assert rest.snapshots.shape == (0, 60, 80)


def test_fields_are_copies():
    run = Simulation(Model(10, 0.1), pressure=np.ones(10))
    run.pressure[:] = 7.0
    assert np.array_equal(run.pressure, np.ones(10))


def test_a_table_is_the_wavelet_it_holds():
    t = np.arange(0, 0.02, 1e-6)
    ricker = (1 - 2 * (np.pi * 400 * (t - 0.004)) ** 2) * np.exp(-((np.pi * 400 * (t - 0.004)) ** 2))
    by_name = Source((1.5, 0.7), peak_frequency=400.0, delay=0.004)
    by_table = Source((1.5, 0.7), values=ricker, step=1e-6)
    heard = [Simulation(room(sources=[source]), courant=0.5).run(0.015).traces for source in (by_name, by_table)]
    # A straight line over 1e-6 is off by h^2 / 8 of the second derivative, 6 (pi f)^2 at the peak: 1.2e-6.
    assert np.abs(heard[0] - heard[1]).max() < 5e-6 * np.abs(heard[0]).max()


def test_plots_are_drawn():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    run = Simulation(room(), courant=0.5)
    heard = run.run(0.01)
    flat = Simulation(Model((8, 8, 8), 0.1))
    for drawn in (run, heard, flat, converge(cells=[50, 100]), dispersion()):
        assert drawn.plot().get_xlabel()
    pyplot.close("all")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Model(50, 0.0), "spacing"),
        (lambda: Model((4, 4, 4, 4), 1.0), "dims"),
        (lambda: Model(50, 1.0, order=3), "order must be 2, 4, 6 or 8"),
        (lambda: Model(50, 1.0, sides="hard"), "sides must be one of periodic, rigid"),
        (lambda: Model(50, 1.0, sides=[("periodic", "rigid")]), "periodic on one side only"),
        (lambda: Model((5, 5), 1.0, sides=["rigid"]), "one entry for each of the 2 axes"),
        (lambda: Model(4, 1.0, speed=[1.0, 2.0, -1.0, 1.0]), r"speed must be finite and > 0, got -1 in cell \[2\]"),
        (lambda: Model(4, 1.0, speed=[1.0, 2.0]), "speed must have the shape"),
        (lambda: Model(50, 1.0, receivers=[60.0]), "receiver at .* outside the domain"),
        (lambda: Model(50, 1.0, sources=[Source(-3.0, sigma=1.0)]), "source at .* outside the domain"),
        (lambda: Source(0.0), "one of peak_frequency, sigma and values"),
        (lambda: Source(0.0, values=[1.0]), "values and step"),
        (lambda: Source(0.0, peak_frequency=1.0, sigma=1.0), "one of peak_frequency"),
        (lambda: Simulation(Model(50, 1.0), dt=1.1), "unstable here: use at most 1e0"),
        (lambda: Simulation(Model(50, 1.0), dt=0.1, courant=0.5), "not both"),
        (lambda: Simulation(Model(50, 1.0), dtype=np.int32), "float64 or float32"),
        (lambda: Simulation(Model(50, 1.0), pressure=np.ones(49)), "pressure must have the shape"),
        (lambda: Simulation(Model(50, 1.0), pressure=[np.nan] * 50), "pressure"),
        (lambda: Simulation(Model((5, 5), 1.0), velocity=[np.ones((5, 5))]), "each of the 2 axes"),
        (lambda: Simulation(Model(50, 1.0), start="late", pressure=np.ones(50)), "start must be one of taylor2"),
        (lambda: Simulation(Model(50, 1.0)).run(), "duration must be given"),
        (lambda: Simulation(Model(50, 1.0, sides="rigid")).jump(5), "a jump needs periodic sides"),
        (lambda: Simulation(Model((10**6,) * 3, 1.0)), "bytes of memory"),
        (lambda: converge(cells=[50]), "at least 2 grids"),
        (lambda: converge(cells=[50, 40]), "more than those of the grid before"),
        (lambda: converge("three_waves"), "solution must be one of one_wave, two_waves"),
        (lambda: dispersion([1.0]), "points"),
    ],
)
def test_what_makes_no_sense_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


@pytest.mark.parametrize(
    "call",
    [
        "Simulation(Model((500, 500), 1.0)).advance(10**9)",
        "Simulation(Model(100, 1.0)).run(1e12)",
        "converge(cells=[1000, 10**5])",
        "converge((lambda x, t: x, lambda x, t: t), cells=[1000, 10**5])",
    ],
)
def test_ctrl_c_ends_what_takes_long(ctrl_c_ends, call):
    ctrl_c_ends("from hexad.waves import Model, Simulation, converge", call)
