"""hexad.neurons: numbers that are known, equal bits, resumption, statistics, refusals, Ctrl-C."""

import pickle
from dataclasses import replace

import numpy as np
import pytest

import hexad
from hexad import neurons
from hexad.neurons import HODGKIN_HUXLEY, QUESTION, TRAUB_MILES, Current, Network, Poisson, bombardment


def test_currents_show_their_terms():
    current = neurons.Current.step(4.0, 10.0, 20.0) + neurons.Current.noise(1.0, 0.5, 10.0)
    assert repr(current) == "Current(step(10, 20, 4) + hold(0, 0.5, <20 values>))"
    assert repr(neurons.Current([])) == "Current(0)"


def test_the_steady_interval_at_10_and_the_first_crossing_are_the_known_ones():
    found = neurons.run(300, dt_ms=0.005, current_ua_cm2=10.0, integrator="rk4")
    assert abs(np.diff(found.spikes_ms)[-1] - 14.636210) < 1e-6
    assert abs(found.spikes_ms[0] - 1.901232) < 1e-6


def test_the_neuron_of_the_question_left_alone_fires_once():
    found = neurons.run(300, dt_ms=0.005, current_ua_cm2=3.0, integrator="rk4", start=QUESTION)
    assert found.spikes_ms == pytest.approx([4.834760], abs=1e-6)


def test_rest_and_thresholds_are_the_known_ones():
    assert abs(HODGKIN_HUXLEY.resting_state().v_mv + 64.9963793312) < 1e-9
    assert abs(neurons.rheobase() - 2.24033) < 1e-5
    assert abs(neurons.instantaneous_threshold_mv() - 6.505) < 1e-3
    # Hassard 1978: 9.78.
    assert abs(neurons.rest_loses_stability() - 9.78) < 0.01
    assert neurons.rest_loses_stability(up_to_ua_cm2=5.0) is None


def test_the_rate_at_10_is_that_of_the_known_interval():
    curve = neurons.fi_curve([0.0, 10.0], duration_ms=500.0, dt_ms=0.01)
    # Order 2 at 0.01 ms: a hundredth of what 0.025 is off, 0.07 ms in 1 s.
    assert curve.rate_hz == pytest.approx([0.0, 1000.0 / 14.636210], rel=2e-5)
    assert curve.spikes[0] == 0


def test_the_summed_jumps_of_the_question_have_mean_0_and_variance_600():
    groups = bombardment(80, 20, 10.0, release=0.5)
    sums = [neurons.run(300, dt_ms=0.05, poisson=groups, record_every=6000, repetition=r).arrivals for r in range(1000)]
    sums = np.array([float(e) - 4.0 * float(i) for e, i in sums])
    # Four standard errors: sqrt(600 / 1000) and 600 sqrt(2 / 1000).
    assert abs(sums.mean()) < 4 * 0.775
    assert abs(sums.var() - 600) < 4 * 26.8


def test_an_arrival_moves_v_by_its_weight_and_in_seed_mode_by_its_weight_times_dt():
    for dt in (0.02, 0.001):
        rise = {}
        for synapse in ("delta", "seed"):
            found = neurons.run(10, dt_ms=dt, arrivals=([5.0], 2.0), synapse=synapse, integrator="rk4")
            rise[synapse] = found.v_mv.max() - found.v_mv[0]
        # It decays by less than a fifth per ms.
        assert abs(rise["delta"] - 2.0) < 2.0 * dt
        assert abs(rise["seed"] / (2.0 * dt) - 1.0) < 2.0 * dt


def test_a_recording_obeys_the_equations():
    found = neurons.run(30, dt_ms=0.001, current_ua_cm2=10.0, integrator="rk4")
    model = HODGKIN_HUXLEY
    assert np.allclose(found.i_na_ua_cm2, model.g_na_ms_cm2 * found.m**3 * found.h * (found.v_mv - model.e_na_mv))
    slope = np.gradient(found.v_mv, found.t_ms)
    inward = 10.0 - found.i_na_ua_cm2 - found.i_k_ua_cm2 - found.i_l_ua_cm2
    # Central differences: dt^2 / 6 of the third derivative, which a spike brings to some 1e5 mV / ms^3.
    assert np.abs(slope - inward)[1:-1].max() < 0.1
    assert found.end.v_mv == pytest.approx(found.v_mv[-1], abs=0.1)
    assert found.rate_hz == pytest.approx(1000 * len(found.spikes_ms) / 30)


def test_auto_holds_its_tolerance():
    settings = dict(current_ua_cm2=7.0, poisson=bombardment(80, 20, 10.0, release=0.5, weight_mv=2.0, inhibitory_scale=1))
    found = neurons.run(100, dt_ms=0.025, integrator="auto", tolerance_ms=1e-6, **settings)
    truth = neurons.run(100, dt_ms=0.0005, integrator="rk4", **settings)
    assert np.abs(found.spikes_ms - truth.spikes_ms).max() < 1e-6


def test_currents_are_the_functions_they_say():
    t = np.array([0.0, 5.0, 12.5, 30.0])
    assert np.array_equal((Current.step(2.0, 5.0, 20.0) + 1.0)(t), [1, 3, 3, 1])
    assert np.array_equal(Current.ramp(4.0, 5.0, 20.0)(t), [0, 0, 2, 4])
    assert np.allclose(Current.sine(2.0, 20.0)(t), 2 * np.sin(2 * np.pi * 0.02 * t), atol=1e-12)
    assert np.array_equal(Current.table([1.0, 3.0, 5.0], 10.0)([5.0, 10.0, 25.0]), [2, 3, 0])
    assert np.array_equal(Current.table([1.0, 3.0], 10.0, between="hold")([5.0, 19.0]), [1, 3])
    noise = Current.noise(2.0, 0.1, 1000.0, seed=3)(np.arange(0.05, 1000, 0.1))
    # Four standard errors of 10,000 values.
    assert abs(noise.std() - 2.0) < 4 * 2.0 / np.sqrt(2e4)
    correlated = Current.noise(2.0, 0.1, 1000.0, tau_ms=0.5)(np.arange(0.05, 1000, 0.1))
    assert abs(np.corrcoef(correlated[1:], correlated[:-1])[0, 1] - np.exp(-0.2)) < 0.03


def bombarded(**changes):
    settings = dict(poisson=bombardment(102, 26, 10.0, weight_mv=2.0, inhibitory_scale=1.0), seed=7)
    return neurons.population(600, 100.0, **{**settings, **changes})


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_any_number_of_threads_gives_the_same_spikes(dtype):
    found = []
    for threads in (1, 2, 4):
        hexad.set_threads(threads)
        found.append(bombarded(dtype=dtype))
    hexad.set_threads(0)
    assert len(found[0].t_ms) > 100
    for other in found[1:]:
        assert np.array_equal(other.t_ms, found[0].t_ms) and np.array_equal(other.neuron, found[0].neuron)
    assert not np.array_equal(bombarded(dtype=dtype, seed=8).t_ms, found[0].t_ms)


def test_a_population_is_its_neurons_one_by_one():
    groups = bombardment(102, 26, 10.0, weight_mv=2.0, inhibitory_scale=1.0)
    many = neurons.population(20, 100.0, poisson=groups, seed=7)
    for neuron in range(20):
        one = neurons.run(100.0, dt_ms=0.025, poisson=groups, seed=7, neuron=neuron)
        # One is computed with exact exponentials, the other with polynomials to 2e-14.
        assert np.allclose(many.train(neuron), one.spikes_ms, atol=1e-6)


def coba(seed=1, record=()):
    net = Network(dt_ms=0.05, model=TRAUB_MILES, seed=seed, record=record, record_every=10)
    exc = net.add("exc", 320, current_ua_cm2=np.linspace(0.0, 1.6, 320), poisson=Poisson(10, 20.0, 1.0))
    inh = net.add("inh", 80, current_ua_cm2=1.8)
    for target in (exc, inh):
        net.connect(exc, target, probability=0.05, weight_ms_cm2=0.03, tau_ms=5.0, reversal_mv=0.0, delay_ms=0.5)
        net.connect(inh, target, probability=0.05, weight_ms_cm2=0.3, tau_ms=10.0, reversal_mv=-80.0, delay_ms=0.5)
    return net


def test_a_resumed_network_fires_as_the_uninterrupted_one():
    hexad.set_threads(1)
    whole = coba().run(80.0)
    hexad.set_threads(0)
    net = coba()
    first = net.run(30.0)
    saved = net.checkpoint()
    rest = net.run(50.0)
    assert len(rest.t_ms) > 50
    assert np.array_equal(np.concatenate([first.t_ms, rest.t_ms]), whole.t_ms)
    assert np.array_equal(np.concatenate([first.neuron, rest.neuron]), whole.neuron)
    again = coba()
    again.resume(saved)
    assert again.time_ms == 30.0
    resumed = again.run(50.0)
    assert np.array_equal(resumed.t_ms, rest.t_ms) and np.array_equal(resumed.neuron, rest.neuron)
    assert np.array_equal(again.states(), net.states())
    with pytest.raises(ValueError, match="of another simulation"):
        coba(seed=2).resume(saved)
    with pytest.raises(ValueError, match="not a checkpoint"):
        net.resume(b"nothing")


def test_every_synapse_acts_after_its_delay():
    for synapse in (
        dict(weight_mv=0.5),
        dict(weight_ua_cm2=0.5, tau_ms=2.0),
        dict(weight_ua_cm2=0.5, tau_ms=1.0, shape="alpha"),
        dict(weight_ms_cm2=0.01, tau_ms=3.0, reversal_mv=0.0),
    ):
        net = Network(dt_ms=0.01, record=[1])
        rest = HODGKIN_HUXLEY.resting_state()
        one = net.add("one", 1, start=rest._replace(v_mv=rest.v_mv + 15.0))
        other = net.add("other", 1)
        net.connect(one, other, pairs=([0], [0]), delay_ms=2.013, **synapse)
        found = net.run(12.0)
        assert found.neuron.tolist() == [0]
        moved = found.v_t_ms[np.abs(found.v_mv[:, 0] - found.v_mv[0, 0]) > 1e-5][0]
        assert 0.0 <= moved - (found.t_ms[0] + 2.013) < 0.05
        assert 0.1 < (found.v_mv[:, 0] - found.v_mv[0, 0]).max() < 2.0


def test_potentials_are_recorded_in_the_order_asked_for():
    forward, backward = coba(record=[5, 330]).run(10.0), coba(record=[330, 5]).run(10.0)
    assert forward.v_mv.shape == (20, 2) and forward.v_t_ms[1] == 0.5
    assert np.array_equal(forward.v_mv, backward.v_mv[:, ::-1])
    assert coba().run(10.0).v_mv.shape == (0, 0)


def test_statistics_are_their_definitions():
    times = np.cumsum(np.random.default_rng(2).exponential(10.0, 2000))
    intervals = np.diff(times)
    found = neurons.interval_statistics(times)
    assert found == pytest.approx((1999, intervals.mean(), intervals.std(ddof=1), found.sd_ms / found.mean_ms))
    assert abs(found.cv - 1.0) < 0.1
    counts = np.histogram(times, np.arange(0, 15_001, 50.0))[0]
    assert neurons.fano_factor(times, 50.0, 15_000.0) == pytest.approx(counts.var(ddof=1) / counts.mean())
    assert neurons.isi_histogram(times, 5.0, 8).tolist() == np.histogram(intervals, np.arange(0, 41, 5.0))[0].tolist()
    assert neurons.psth(times, 100.0, 1000.0, trains=2).rate_hz.sum() == pytest.approx(np.sum(times < 1000) * 5.0)
    signal = np.sin(np.arange(0, 100.0, 0.1))
    average = neurons.spike_triggered_average(signal, 0.1, [20.0, 50.0, 99.99], before_ms=1.0, after_ms=0.5)
    assert average.spikes == 2 and len(average.lag_ms) == 16
    assert average.mean[10] == pytest.approx((np.sin(20.0) + np.sin(50.0)) / 2)


def test_spikes_know_their_statistics():
    found = bombarded()
    assert found.counts.sum() == len(found.t_ms)
    assert found.rates_hz.mean() == pytest.approx(found.rate_hz)
    assert all(np.array_equal(train, found.train(i)) for i, train in enumerate(found.trains()))
    assert found.psth(10.0).rate_hz.mean() == pytest.approx(found.rate_hz)
    assert 0.0 < found.cv < 2.0 and found.fano(20.0) > 0.0
    assert found.cv == pytest.approx(np.nanmean(found.cvs))
    group = neurons.Group("some", 100, 200)
    assert np.array_equal(group.of(found).train(3), found.train(103))


def test_models_are_values():
    neurons.run(1.0, model=TRAUB_MILES)
    again = pickle.loads(pickle.dumps(TRAUB_MILES))
    assert again == TRAUB_MILES and again.resting_state() == TRAUB_MILES.resting_state()
    warm = HODGKIN_HUXLEY.at_temperature(16.3)
    assert warm.rate_factor == pytest.approx(3.0)
    interval = [np.diff(neurons.run(200, current_ua_cm2=15.0, model=m).spikes_ms)[-1] for m in (HODGKIN_HUXLEY, warm)]
    assert interval[1] < interval[0]
    other = replace(HODGKIN_HUXLEY, e_l_mv=-54.3)
    assert other.resting_state().v_mv > HODGKIN_HUXLEY.resting_state().v_mv


def test_plots_are_drawn():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    one = neurons.run(50, current_ua_cm2=10.0, poisson=Poisson(10, 10.0, 1.0))
    many = bombarded()
    average = neurons.spike_triggered_average(one.v_mv, 0.01, one.spikes_ms, before_ms=1.0, after_ms=1.0)
    for drawn in (one, many, many.psth(5.0), neurons.fi_curve([5.0, 10.0]), neurons.phase_plane(5.0), average):
        assert drawn.plot().get_ylabel()
        assert "<img" in drawn._repr_html_()
    pyplot.close("all")


def network(connect):
    net = Network()
    one, two = net.add("one", 5), net.add("two", 3)
    connect(net, one, two)
    return net.run(1.0)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: neurons.run(-1.0), "duration_ms"),
        (lambda: neurons.run(10, dt_ms=0.0), "dt_ms"),
        (lambda: neurons.run(10, dt_ms=0.2, integrator="rk4"), "is safe"),
        (lambda: neurons.run(10, integrator="heun"), "integrator must be one of staggered"),
        (lambda: neurons.run(10, poisson=Poisson(10, -1.0, 1.0)), "rate_hz"),
        (lambda: neurons.run(10, poisson=Poisson(10, 1.0, 1.0, release=1.5)), "release"),
        (lambda: neurons.run(10, poisson=Poisson(10, 1.0, np.nan)), "weight_mv"),
        (lambda: neurons.run(10, poisson=Poisson(1, 1.0, 1.0, modulation=Current.sine(1, 1) + 1.0)), "one waveform"),
        (lambda: neurons.run(10, arrivals=([2.0, 1.0], 1.0)), "in order"),
        (lambda: neurons.run(10, start=(-65.0, 0.05, 0.6, 1.5)), "n must be"),
        (lambda: neurons.run(10, current_ua_cm2=1e6), "left the physical range"),
        (lambda: neurons.run(10, threshold_mv=0.0, rearm_mv=10.0), "rearm_mv"),
        (lambda: neurons.run(10, model=replace(HODGKIN_HUXLEY, capacitance_uf_cm2=0.0)), "capacitance"),
        (lambda: neurons.population(0, 10.0), "neurons"),
        (lambda: neurons.population(5, 10.0, current_ua_cm2=[1.0, 2.0]), "current_ua_cm2"),
        (lambda: neurons.population(5, 10.0, record=[5]), "record"),
        (lambda: neurons.population(5, 10.0, start=np.zeros((4, 4))), "start must have shape"),
        (lambda: neurons.population(5, 10.0, dtype=np.int8), "float64 or float32"),
        (lambda: Network().run(1.0), "neurons"),
        (lambda: neurons.rheobase(up_to_ua_cm2=1.0), "enough to make the neuron spike"),
        (lambda: neurons.fi_curve([np.nan]), "currents"),
        (lambda: HODGKIN_HUXLEY.at_temperature(10.0, q10=-1.0), "q10"),
        (lambda: network(lambda n, a, b: n.connect(a, b, probability=2.0, weight_mv=1, delay_ms=1)), "probability"),
        (lambda: network(lambda n, a, b: n.connect(a, b, probability=0.5, delay_ms=1)), "one of weight_mv"),
        (lambda: network(lambda n, a, b: n.connect(a, b, weight_mv=1, delay_ms=1)), "probability or pairs"),
        (lambda: network(lambda n, a, b: n.connect(a, b, pairs=([0], [3]), weight_mv=1, delay_ms=1)), "'two' has 3"),
        (lambda: network(lambda n, a, b: n.connect(a, b, pairs=([0], [1]), weight_mv=1, delay_ms=0)), "one step"),
        (lambda: network(lambda n, a, b: n.connect(a, b, pairs=([0], [1, 2]), weight_mv=1, delay_ms=1)), "targets"),
        (lambda: network(lambda n, a, b: n.connect(a, b, probability=1, weight_mv=1, tau_ms=1, delay_ms=1)), "tau_ms"),
        (
            lambda: network(lambda n, a, b: n.connect(a, b, probability=1, weight_ms_cm2=1, tau_ms=1, delay_ms=1)),
            "reversal_mv",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_network_that_has_run_cannot_be_changed():
    net = coba()
    net.run(1.0)
    with pytest.raises(ValueError, match="has run"):
        net.add("more", 5)


@pytest.mark.parametrize(
    "call",
    [
        "neurons.run(1e7, record_every=1000)",
        "neurons.population(1000, 1e8)",
        "neurons.fi_curve([10.0] * 10**6, duration_ms=1e4)",
    ],
)
def test_ctrl_c_ends_what_takes_long(ctrl_c_ends, call):
    ctrl_c_ends("from hexad import neurons", call)


def test_a_model_that_rests_out_of_range_leaves_it_when_it_runs():
    model = replace(HODGKIN_HUXLEY, e_k_mv=-250.0, e_l_mv=-250.0)
    assert model.resting_state().v_mv < -200.0
    with pytest.raises(ValueError, match="left the physical range"):
        neurons.run(1.0, model=model, integrator="strang")
