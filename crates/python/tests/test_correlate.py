"""hexad.correlate: SciPy's correlation to 1e-13, delays against the truth."""

import itertools
import pickle

import numpy as np
import pytest
from scipy import signal

from hexad import correlate as module
from hexad.correlate import (
    align,
    all_pairs,
    correlate,
    correlation_lags,
    cross_correlation,
    delay,
    drift,
    preprocess,
    remove_harmonics,
    resample,
    templates,
    tone_delay,
)

RANDOM = np.random.default_rng(3)
LENGTHS = [*itertools.product([1, 2, 5, 10, 11], repeat=2), (1000, 37), (37, 1000), (700, 701)]


def assert_close(found, expected, tolerance=1e-13):
    assert found.shape == expected.shape
    assert np.abs(found - expected).max() <= tolerance * np.abs(expected).max()


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("method", ["auto", "direct", "fft"])
@pytest.mark.parametrize("lengths", LENGTHS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.uint8, np.complex128, np.complex64])
def test_correlate_is_scipys(mode, method, lengths, dtype):
    first, second = (signal_of(length, dtype) for length in lengths)
    expected = signal.correlate(first, second, mode, method)
    found = correlate(first, second, mode, method)
    assert found.dtype == expected.dtype
    single = np.dtype(dtype).name in ("float32", "complex64")
    # SciPy sums unsigned bytes without room; both wrap alike.
    energy = np.sqrt((np.abs(first.astype(complex)) ** 2).sum() * (np.abs(second.astype(complex)) ** 2).sum())
    difference = np.abs(found.astype(complex) - expected.astype(complex)).max()
    assert difference <= (2e-6 if single else 1e-13) * energy
    if np.dtype(dtype).kind in "iu":
        assert np.array_equal(found, expected)


def signal_of(length, dtype):
    if np.dtype(dtype).kind in "iu":
        return RANDOM.integers(0, 9 if dtype == np.uint8 else 1000, length).astype(dtype) % 16
    real, imaginary = RANDOM.normal(size=(2, length))
    return (real + 1j * imaginary if np.dtype(dtype).kind == "c" else real).astype(dtype)


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_lags_are_scipys_but_for_its_fault(mode):
    for first, second in itertools.product(range(1, 12), repeat=2):
        expected = signal.correlation_lags(first, second, mode)
        found = correlation_lags(first, second, mode)
        if mode == "same" and first % 2 == 1 and second % 2 == 0:
            expected = expected - 1
        assert np.array_equal(found, expected)
        if mode == "same":
            a, b = np.zeros(first), np.zeros(second)
            a[-1], b[0] = 1.0, 1.0
            values = correlate(a, b, mode)
            assert list(found[values == 1.0]) in ([first - 1], [])


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
@pytest.mark.parametrize("method", ["auto", "fft"])
@pytest.mark.parametrize(
    "shapes", [((7, 9), (3, 4)), ((3, 4), (7, 9)), ((64, 65), (64, 65)), ((5, 1), (1, 1)), ((6, 7, 8), (3, 7, 2))]
)
@pytest.mark.parametrize("dtype", [np.float64, np.float32, np.int64, np.complex128, np.complex64])
def test_images_and_volumes_are_correlated_as_scipy_does(mode, method, shapes, dtype):
    first, second = (signal_of(int(np.prod(shape)), dtype).reshape(shape) for shape in shapes)
    expected = signal.correlate(first, second, mode, method)
    found = correlate(first[::-1][::-1], np.asfortranarray(second), mode, method)
    assert found.dtype == expected.dtype and found.shape == expected.shape
    energy = np.linalg.norm(first.astype(complex)) * np.linalg.norm(second.astype(complex))
    single = np.dtype(dtype).name in ("float32", "complex64")
    assert np.abs(found.astype(complex) - expected).max() <= (2e-6 if single else 1e-13) * energy
    if dtype is np.int64:
        assert np.array_equal(found, expected)


def test_what_scipy_has_more_is_refused_or_empty():
    assert correlate([], [1.0]).size == 0
    assert correlate(np.array(2.0), np.array(3.0j)) == signal.correlate(np.array(2.0), np.array(3.0j))
    with pytest.raises(ValueError, match=r"as many dimensions, got shapes \(1,\) and \(2, 2\)"):
        correlate([1.0], np.ones((2, 2)))
    with pytest.raises(ValueError, match="method must be auto or fft for arrays of 2 dimensions, got 'direct'"):
        correlate(np.ones((2, 2)), np.ones((2, 2)), method="direct")
    assert correlate(np.ones((2, 5)), np.ones((3, 2)), "valid").shape == (2, 4)
    with pytest.raises(ValueError, match=r"b\[3\] must be finite"):
        correlate(np.ones((2, 2)), [[1.0, 1.0], [1.0, np.inf]])
    with pytest.raises(ValueError, match="mode must be one of full, same, valid"):
        correlate([1.0], [1.0], "most")
    with pytest.raises(ValueError, match=r"a\[1\] must be finite"):
        correlate([1.0, np.nan], [1.0])


@pytest.mark.parametrize("method", ["auto", "direct", "fft", "segmented"])
def test_every_normalization_has_its_formula(method):
    a, b = RANDOM.normal(size=120), RANDOM.normal(size=90)
    full = signal.correlate(a, b)
    lags = np.arange(-89, 120)
    opposite = signal.correlate(np.ones(120), np.ones(90)).round()
    expected = {
        "raw": full,
        "biased": full / 120,
        "unbiased": full / opposite,
        "coefficient": full / np.sqrt((a**2).sum() * (b**2).sum()),
    }
    for normalization, values in expected.items():
        found = cross_correlation(a, b, normalization=normalization, remove_mean=False, method=method)
        assert np.array_equal(found.lags, lags)
        assert_close(found.values, values)
    found = cross_correlation(a, b, normalization="overlap", lags=(-20, 30), method=method)
    for lag, value in zip(*found, strict=True):
        n = np.arange(max(0, -lag), min(90, 120 - lag))
        assert abs(np.corrcoef(a[n + lag], b[n])[0, 1] - value) < 1e-12
    few = cross_correlation(a, b, 10.0, max_lag=7, normalization="raw", remove_mean=False, method=method)
    assert_close(few.values, full[89 - 7 : 89 + 8])
    assert few.peak == (few.lags[few.values.argmax()], few.values.max())
    assert few.lags_s[0] == -0.7


def test_complex_signals_have_a_peak_of_size():
    chirp = np.exp(0.002j * np.arange(-40.0, 500.0) ** 2)
    found = cross_correlation(chirp[40:], 1j * chirp[:-40], max_lag=100, remove_mean=False)
    assert found.peak is None and found.peak_of_size[0] == -40
    assert abs(found.peak_of_size[1]) == np.abs(found.values).max()


def test_all_pairs_are_the_pairs():
    channels = RANDOM.normal(size=(5, 300))
    pairs, lags, values = all_pairs(channels, max_lag=20, normalization="raw", remove_mean=False)
    assert pairs.tolist() == [list(pair) for pair in itertools.combinations(range(5), 2)]
    assert lags[0] == -20 and lags[-1] == 20
    for (a, b), row in zip(pairs, values, strict=True):
        assert_close(row, signal.correlate(channels[a], channels[b])[299 - 20 : 299 + 21])
    with pytest.raises(ValueError, match="channels must have two dimensions"):
        all_pairs(channels[0])


def test_templates_are_found():
    record = 1e3 + RANDOM.normal(size=2000)
    patterns = np.array([record[300:350], -record[1500:1550]])
    found = templates(record, patterns)
    expected = [[np.corrcoef(record[k : k + 50], p)[0, 1] for k in range(1951)] for p in patterns]
    assert np.abs(found - expected).max() < 1e-11
    assert np.array_equal(templates(record, patterns[1]), found[1])


@pytest.mark.parametrize("truth", [0.0, 0.0123, -0.0377])
def test_a_delay_has_its_sign_and_its_uncertainty(truth):
    f = np.fft.rfftfreq(4096, 1e-3)
    within = []
    for _ in range(40):
        source = np.fft.rfft(RANDOM.normal(size=4096)) * (f < 200.0)
        late = np.fft.irfft(source * np.exp(-2j * np.pi * f * truth))
        a, b = (x + 0.1 * RANDOM.normal(size=4096) for x in (np.fft.irfft(source), late))
        found = delay(a[500:3500], b[500:3500], fs=1000.0, max_lag_s=0.2)
        assert found.verdict == "clear"
        within.append(abs(found.delay_s - truth) < 3.0 * found.uncertainty_s)
        assert found.leading == ("a" if found.delay_s > 0.0 else "b" if found.delay_s < 0.0 else "neither")
    assert np.mean(within) > 0.9
    assert found.searched_s == (-0.2, 0.2)
    back = delay(b[500:3500], a[500:3500], fs=1000.0, max_lag_s=0.2)
    assert back.delay_s == -found.delay_s


def test_unrelated_records_have_none():
    a, b = RANDOM.normal(size=(2, 2000))
    assert delay(a, b).verdict == "none"
    for settings, message in (
        (dict(band=(0.3, 0.2)), "high_hz"),
        (dict(weighting="loud"), "weighting must be one of none, phat"),
        (dict(min_overlap=0.0), "min_overlap"),
    ):
        with pytest.raises(ValueError, match=message):
            delay(a, b, **settings)
    with pytest.raises(ValueError, match="b is 1 throughout"):
        delay(a, np.ones(2000))


def tones(t):
    k = np.arange(1, 40)
    return np.cos(0.37 * t[:, None] * k + k**2).sum(axis=1)


def test_a_drift_is_the_skew_of_the_clocks():
    t = np.arange(8000) * 0.05
    found = drift(tones(t), tones(t * (1.0 - 50e-6) - 3.0), 20.0, 20.0)
    assert found.skew_low_ppm <= found.skew_ppm <= found.skew_high_ppm
    assert abs(found.skew_ppm - 50.0) < 1.0
    assert abs(found.delay_at(200.0) - 3.01) < 1e-3
    assert len(found.time_s) == len(found.delay_s) and found.clear == found.is_clear.sum()
    with pytest.raises(ValueError, match="windows have a clear delay"):
        drift(*RANDOM.normal(size=(2, 4000)), 20.0, 20.0)


def test_a_tone_has_a_phase():
    t = np.arange(1000) / 100.0
    found = tone_delay(np.sin(5.0 * t), 4.0 * np.sin(5.0 * t - np.radians(50.0)), 100.0)
    assert abs(found.phase_deg - 50.0) < 1e-9
    assert tone_delay(*RANDOM.normal(size=(2, 1000))) is None


def test_aligned_records_stand_beside_each_other():
    t = np.arange(400.0)
    back = align(np.sin(0.3 * (t - 2.5)), 2.5)
    assert np.abs(back - np.sin(0.3 * t))[50:350].max() < 1e-4
    assert np.isnan(back[-2:]).all()


def test_resampled_tones_stay_tones():
    t = np.arange(2000.0)
    for rate in (0.5, 1.6, 3.0):
        found = resample(np.cos(0.4 * t + 0.3), 1.0, rate)
        expected = np.cos(0.4 * np.arange(len(found)) / rate + 0.3)
        assert np.abs(found - expected)[len(found) // 8 : -len(found) // 8].max() < 1e-5


def test_the_band_is_that_of_sosfiltfilt():
    x = RANDOM.normal(size=2000)
    sections = signal.butter(4, (5.0, 50.0), "bandpass", fs=1000.0, output="sos")
    expected = signal.sosfiltfilt(sections, x - x.mean())
    assert_close(preprocess(x, 1000.0, band=(5.0, 50.0)), expected, 1e-9)
    assert_close(preprocess(x, detrend="linear"), signal.detrend(x))
    t = np.arange(3000) / 1000.0
    hum = np.sin(2.0 * np.pi * 50.02 * t) + 0.3 * np.cos(2.0 * np.pi * 100.04 * t)
    assert np.abs(remove_harmonics(hum, 1000.0, 50.0, 2)).max() < 1e-9
    x[5] = np.nan
    assert preprocess(x, nan="skip")[5] == 0.0
    assert np.isfinite(preprocess(x, nan="interpolate")).all()
    with pytest.raises(ValueError, match=r"\[5\] must be finite"):
        preprocess(x)


def test_results_are_shown_drawn_and_pickled():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    t = np.arange(8000) * 0.05
    a, b = tones(t), tones(t - 1.0)
    results = [
        cross_correlation(a, b, 20.0, max_lag=100),
        cross_correlation(1j * a, b, 20.0, max_lag=100),
        delay(a, b, 20.0),
        drift(a, b, 20.0, 20.0),
        tone_delay(np.sin(t), np.cos(t), 20.0),
    ]
    for result in results:
        assert repr(pickle.loads(pickle.dumps(result))) == repr(result)
        assert result.plot().get_xlabel()
        assert "data:image/png" in result._repr_html_()
        pyplot.close("all")
    assert set(module.__all__) >= {"correlate", "delay", "drift"}
