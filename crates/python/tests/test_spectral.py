"""hexad.spectral: SciPy's spectra to 1e-13, and what SciPy has not against its definitions."""

import itertools
import pickle

import numpy as np
import pytest
from scipy import signal

from hexad import spectral

RANDOM = np.random.default_rng(2)
WINDOWS = [
    "boxcar",
    "hann",
    "hamming",
    "blackman",
    "blackmanharris",
    "nuttall",
    "flattop",
    ("tukey", 0.25),
    ("kaiser", 8.6),
    ("gaussian", 7.5),
    ("dpss", 3.0),
]


def assert_close(found, expected, tolerance=1e-13):
    expected = np.asarray(expected)
    assert np.shape(found) == expected.shape
    assert np.abs(found - expected).max(initial=0.0) <= tolerance * np.abs(expected).max(initial=1e-300)


@pytest.mark.parametrize("window", WINDOWS)
@pytest.mark.parametrize("length", [1, 2, 7, 64, 101])
@pytest.mark.parametrize("fftbins", [True, False])
def test_windows_are_scipys(window, length, fftbins):
    if window == ("dpss", 3.0) and length < 8:
        return
    found, expected = spectral.get_window(window, length, fftbins), signal.get_window(window, length, fftbins)
    if window == ("dpss", 3.0):
        found, expected = found / found[length // 2], expected / expected[length // 2]
    assert np.abs(found - expected).max() < 1e-14


def test_windows_go_by_scipys_other_names():
    for name in ("han", "rect", "hann_periodic", "hann_symmetric", ("tukey_periodic", 0.5), ("ksr", 3.0), 3.0):
        assert_close(spectral.get_window(name, 33), signal.get_window(name, 33), 1e-14)
    with pytest.raises(TypeError, match="window must be a name"):
        spectral.welch(np.ones(512), window=np.ones(256))
    with pytest.raises(ValueError, match="no such window"):
        spectral.welch(np.ones(512), window="hahn")
    assert abs(spectral.window_constants("flattop", 4096).enbw_bins - 3.7702) < 1e-4


GRID = list(
    itertools.product(
        ["hann", ("kaiser", 14.0), "boxcar"],
        [(64, None, None), (64, 0, 64), (65, 40, 100), (None, None, None), (64, 63, 128)],
        ["constant", "linear", False],
        [True, False],
        ["density", "spectrum"],
    )
)


@pytest.mark.parametrize(("window", "segments", "detrend", "onesided", "scaling"), GRID)
def test_welch_csd_and_coherence_are_scipys(window, segments, detrend, onesided, scaling):
    x, y = 3.0 + RANDOM.normal(size=(2, 1000))
    nperseg, noverlap, nfft = segments
    common = dict(fs=20.0, window=window, nperseg=nperseg, noverlap=noverlap, nfft=nfft, detrend=detrend)
    sided = dict(common, return_onesided=onesided, scaling=scaling)
    for average in ("mean", "median"):
        f, pxx = spectral.welch(x, average=average, **sided)
        expected_f, expected = signal.welch(x, average=average, **sided)
        assert_close(f, expected_f)
        assert_close(pxx, expected)
    f, pxy = spectral.csd(x, y, **sided)
    expected_f, expected = signal.csd(x, y, **sided)
    assert_close(f, expected_f)
    assert_close(pxy, expected)
    f, cxy = spectral.coherence(x, y, **common)
    expected_f, expected = signal.coherence(x, y, **common)
    assert_close(f, expected_f)
    # Where a trend was taken off there is nothing but rounding at 0.
    assert_close(cxy[1:], expected[1:], 1e-12)


@pytest.mark.parametrize("axis", [0, 1, 2, -1, -2])
def test_signals_run_along_any_axis_as_scipys(axis):
    x, y = RANDOM.normal(size=(2, 40, 41, 42))
    settings = dict(nperseg=16, axis=axis)
    assert_close(spectral.welch(x, **settings).values, signal.welch(x, **settings)[1])
    assert_close(spectral.csd(x, y, **settings).pxy, signal.csd(x, y, **settings)[1])
    assert_close(spectral.coherence(x, y, **settings).cxy, signal.coherence(x, y, **settings)[1], 1e-12)
    assert_close(spectral.periodogram(x, axis=axis).values, signal.periodogram(x, axis=axis)[1])
    for found, expected in zip(spectral.stft(x, **settings), signal.stft(x, **settings), strict=True):
        assert_close(found, expected)


@pytest.mark.parametrize("length", [2, 15, 16, 1000])
@pytest.mark.parametrize("window", ["boxcar", "flattop"])
@pytest.mark.parametrize("nfft", [None, 8, 1024])
@pytest.mark.parametrize("detrend", ["constant", "linear", False])
@pytest.mark.parametrize("onesided", [True, False])
@pytest.mark.parametrize("scaling", ["density", "spectrum"])
def test_periodogram_is_scipys(length, window, nfft, detrend, onesided, scaling):
    x = 2.0 + RANDOM.normal(size=length)
    settings = dict(fs=7.0, window=window, nfft=nfft, detrend=detrend, return_onesided=onesided, scaling=scaling)
    f, pxx = spectral.periodogram(x, **settings)
    expected_f, expected = signal.periodogram(x, **settings)
    assert_close(f, expected_f)
    # What is left of a trend is rounding of the samples.
    scale = np.abs(expected).max() + np.abs(x).max() ** 2 / 7.0
    assert np.abs(pxx - expected).max() <= 1e-13 * scale
    z = x + 1j * RANDOM.normal(size=length)
    settings["return_onesided"] = False
    _, found = spectral.periodogram(z, **settings)
    assert np.abs(found - signal.periodogram(z, **settings)[1]).max() <= 1e-13 * scale


@pytest.mark.parametrize("window", ["hann", ("tukey", 0.5)])
@pytest.mark.parametrize(("nperseg", "noverlap", "nfft"), [(64, 32, None), (65, 50, 100), (100, 75, 128), (2, 1, None)])
@pytest.mark.parametrize("extended", [True, False])
@pytest.mark.parametrize("scaling", ["spectrum", "psd"])
def test_stft_and_istft_are_scipys(window, nperseg, noverlap, nfft, extended, scaling):
    x = RANDOM.normal(size=1003)
    settings = dict(fs=10.0, window=window, nperseg=nperseg, noverlap=noverlap, nfft=nfft, scaling=scaling)
    edges = dict(boundary="zeros" if extended else None, padded=extended)
    f, t, zxx = spectral.stft(x, **settings, **edges)
    expected_f, expected_t, expected = signal.stft(x, **settings, **edges)
    assert_close(f, expected_f)
    assert_close(t, expected_t + (0.05 if extended and nperseg % 2 else 0.0))
    assert_close(zxx, expected)
    if nperseg == 2:
        return
    t, back = spectral.istft(zxx, boundary=extended, **settings)
    expected_t, expected = signal.istft(zxx, boundary=extended, **settings)
    if extended:
        assert_close(t, expected_t)
        assert_close(back, expected, 1e-12)
        _, exact = spectral.istft(zxx, boundary=True, length=1003, **settings)
        assert_close(exact, x, 1e-13)
    inner = slice(nperseg, 1003 - 2 * nperseg)
    assert_close(back[inner], x[inner], 1e-13)


def test_spectrogram_is_scipys_with_the_same_settings():
    x = RANDOM.normal(size=(3, 5000))
    for scaling, other in (("density", "density"), ("power", "spectrum")):
        found = spectral.spectrogram(x, 100.0, nperseg=200, scaling=scaling)
        settings = dict(window="hann", nperseg=200, noverlap=100, detrend=False, scaling=other)
        for one, expected in zip(found, signal.spectrogram(x, 100.0, **settings), strict=True):
            assert_close(one, expected)


def test_istft_takes_frames_along_any_axes():
    x = RANDOM.normal(size=(2, 3, 1000))
    zxx = spectral.stft(x, nperseg=100).zxx
    assert_close(spectral.istft(zxx, nperseg=100)[1], x)
    turned = np.moveaxis(zxx, (-1, -2), (0, 1))
    assert_close(spectral.istft(turned, nperseg=100, time_axis=0, freq_axis=1)[1], x)
    with pytest.raises(ValueError, match="Zxx must have 51 frequencies and 21 times"):
        spectral.istft(zxx[..., :-1], nperseg=100, length=1000)


def test_every_scaling_has_its_formula():
    x, fs = RANDOM.normal(size=200), 50.0
    w = signal.get_window("hann", 200)
    size = np.abs(np.fft.rfft(x * w))
    c = np.full(101, 2.0)
    c[[0, -1]] = 1.0
    expected = {
        "amplitude": c * size / w.sum(),
        "rms": np.sqrt(c) * size / w.sum(),
        "power": c * size**2 / w.sum() ** 2,
        "density": c * size**2 / fs / (w**2).sum(),
        "energy": c * size**2 / fs / (w**2).sum() * 200 / fs,
        "transform": size / fs,
    }
    for scaling, values in expected.items():
        assert_close(spectral.spectrum(x, fs, "hann", scaling=scaling).values, values)
    found = spectral.spectrum(x, fs, "hann", start=1.0)
    assert_close(np.exp(1j * found.phase), np.exp(1j * np.angle(np.fft.rfft(x * w))), 1e-11)
    assert_close(found.transform, np.fft.rfft(x * w) / fs * np.exp(-2j * np.pi * found.f), 1e-12)
    assert found.parseval_residual < 1e-14
    assert_close(found.enbw_hz, 0.375)
    two = spectral.spectrum(x + 1j * x[::-1], fs, "hann", scaling="power")
    assert two.f[0] == -25.0 and np.all(np.diff(two.f) > 0.0)
    assert_close(two.values, np.fft.fftshift(np.abs(np.fft.fft((x + 1j * x[::-1]) * w)) ** 2) / w.sum() ** 2)


def test_intervals_hold_the_truth():
    inside = []
    for _ in range(200):
        found = spectral.welch(RANDOM.normal(size=4096), nperseg=256, confidence=0.9)
        inside.append((found.lower < 2.0) & (found.upper > 2.0))
    # 127 bins of 200 records; neighbours are correlated, so an allowance of 1 %.
    assert abs(np.mean(np.array(inside)[:, 1:-1]) - 0.9) < 0.01
    assert found.effective_segments < found.segments == 31


def test_a_stream_gives_the_bits_of_the_whole():
    x = RANDOM.normal(size=10_000)
    stream, other = spectral.WelchStream(10.0, nperseg=128), spectral.WelchStream(10.0, nperseg=128)
    for piece in np.array_split(x, 13):
        stream.push(piece)
    whole = spectral.welch(x, 10.0, nperseg=128)
    assert np.array_equal(stream.spectrum().values, whole.values)
    assert stream.segments == whole.segments
    other.push(x)
    other.merge(stream)
    assert_close(other.spectrum().values, whole.values)


@pytest.mark.parametrize("nperseg", [100, 40_000])
def test_a_second_call_gives_the_bits_of_the_first(nperseg):
    first, second = RANDOM.normal(size=(2, 100_000))
    calls = [
        lambda x: spectral.periodogram(x[:nperseg]).values,
        lambda x: spectral.welch(x, nperseg=nperseg).values,
        lambda x: spectral.csd(x, second, nperseg=nperseg).pxy,
        lambda x: spectral.stft(x, nperseg=nperseg).zxx,
    ]
    for call in calls:
        once = call(first)
        call(second)
        assert np.array_equal(call(first), once)


def test_a_long_segment_is_shortened_with_a_warning():
    x = RANDOM.normal(size=100)
    with pytest.warns(UserWarning, match="nperseg is 256"):
        found = spectral.welch(x)
    with pytest.warns(UserWarning):
        assert_close(found.values, signal.welch(x)[1])


def test_the_fewest_lines_are_the_largest():
    x = RANDOM.normal(size=1001)
    energy = np.abs(np.fft.rfft(x)) ** 2
    energy[1:] *= 2.0
    kept = np.sort(energy)[::-1].cumsum() / energy.sum()
    found = spectral.rebuild(x, 10.0, error=0.5)
    assert len(found) == np.searchsorted(kept, 1.0 - 0.25) + 1
    assert found.relative_l2_error <= 0.5
    t = np.arange(1001) / 10.0
    lines = found.amplitude * np.cos(2.0 * np.pi * found.f * t[:, None] + found.phase)
    assert_close(found.y, lines.sum(axis=1), 1e-11)
    assert_close(found.y + found.residual, x)
    assert len(spectral.rebuild(x, count=7)) == 7
    assert spectral.rebuild(x, threshold=0.1).amplitude.min() >= 0.1
    inside = spectral.rebuild(x, 10.0, band=(1.0, 2.0)).f
    assert inside.min() >= 1.0 and inside.max() <= 2.0
    assert spectral.rebuild(x, error=0.1, norm="max").relative_max_error <= 0.1
    for settings in (dict(), dict(error=0.1, count=3)):
        with pytest.raises(ValueError, match="one of error, count, threshold and band"):
            spectral.rebuild(x, **settings)
    with pytest.raises(ValueError, match="error must be >= 0 and < 1"):
        spectral.rebuild(x, error=1.0)


def test_fitted_lines_have_their_uncertainty():
    t = np.arange(2000) / 1000.0
    errors = []
    for _ in range(100):
        x = 1.0 + 2.0 * np.cos(2.0 * np.pi * 33.3 * t + 0.4) + RANDOM.normal(size=2000)
        fit = spectral.fit_lines(x, 1000.0, count=2)
        errors.append([(fit.f[0] - 33.3) / fit.f_sd[0], (fit.amplitude[0] - 2.0) / fit.amplitude_sd[0]])
    # 68 % within one standard deviation: 100 records, three of their standard deviations.
    assert np.all(np.abs((np.abs(errors) < 1.0).mean(axis=0) - 0.683) < 0.14)
    with pytest.raises(ValueError, match="fitted lines leave"):
        spectral.fit_lines(RANDOM.normal(size=100), error=0.01, at_most=3)


@pytest.mark.parametrize("normalize", [False, True, "power", "normalize", "amplitude"])
@pytest.mark.parametrize("floating_mean", [False, True])
@pytest.mark.parametrize("weighted", [False, True])
@pytest.mark.parametrize("even", [False, True])
def test_lombscargle_is_scipys(normalize, floating_mean, weighted, even):
    x = RANDOM.uniform(0.0, 50.0, 90)
    y = 1.0 + np.sin(3.0 * x) + RANDOM.normal(size=90)
    f = np.linspace(0.3, 12.0, 301) if even else np.sort(RANDOM.uniform(0.3, 12.0, 50))
    weights = RANDOM.integers(0, 4, 90).astype(float) if weighted else None
    settings = dict(normalize=normalize, floating_mean=floating_mean, weights=weights)
    assert_close(spectral.lombscargle(x, y, f, **settings), signal.lombscargle(x, y, f, **settings), 1e-9)


def test_a_periodogram_of_uneven_samples_can_be_asked():
    t = np.sort(RANDOM.uniform(0.0, 100.0, 200))
    y = 5.0 + 0.8 * np.cos(2.0 * np.pi * 0.37 * t + 1.0) + 0.1 * RANDOM.normal(size=200)
    y[7] = np.nan
    found = spectral.lomb_scargle(t, y, maximum_frequency=1.0, nan="skip")
    f, power = found.peak()
    tone = found.fit(f)
    assert abs(f - 0.37) < 0.002 and found.omitted == 1
    assert abs(tone.amplitude - 0.8) < 0.05 and abs(tone.offset - 5.0) < 0.05
    assert found.false_alarm_probability(power) < 1e-30
    assert abs(found.false_alarm_probability(found.false_alarm_level(0.05)) - 0.05) < 1e-9
    assert "_source" not in repr(found)
    with pytest.raises(ValueError, match=r"y\[7\]"):
        spectral.lomb_scargle(t, y)


@pytest.mark.parametrize("weighted", [False, True])
def test_a_line_is_taken_off_samples_at_uneven_times(weighted):
    t = 40.0 + np.sort(RANDOM.uniform(0.0, 100.0, 200))
    y = 5.0 - 0.3 * t + np.cos(2.0 * np.pi * 0.37 * t) + 0.1 * RANDOM.normal(size=200)
    dy = RANDOM.uniform(0.1, 0.3, 200) if weighted else None
    frequency = np.linspace(0.0, 1.0, 501)
    line = np.polyfit(t, y, 1, w=1.0 / dy if weighted else None)
    by_hand = spectral.lomb_scargle(t, y - np.polyval(line, t), dy, frequency=frequency)
    found = spectral.lomb_scargle(t, y, dy, frequency=frequency, detrend="linear")
    assert_close(found.power, by_hand.power, 1e-11)
    tone, alone = found.fit(0.37), by_hand.fit(0.37)
    assert_close(tone.slope, line[0], 1e-11)
    assert_close(tone.offset, alone.offset + np.polyval(line, t[0]), 1e-11)
    assert_close(tone.amplitude, alone.amplitude, 1e-11)
    assert alone.slope == 0.0


def test_nothing_is_taken_off_samples_at_uneven_times_unless_asked():
    t, y = RANDOM.uniform(size=(2, 50))
    power = [spectral.lomb_scargle(t, y, **detrend).power for detrend in ({}, dict(detrend="none"), dict(detrend=False))]
    assert np.array_equal(power[0], power[1]) and np.array_equal(power[0], power[2])
    constant = spectral.lomb_scargle(t, y, mean="zero", detrend="constant")
    assert np.array_equal(constant.power, spectral.lomb_scargle(t, y, mean="subtracted").power)
    with pytest.raises(ValueError, match="detrend must be one of none, constant, linear"):
        spectral.lomb_scargle(t, y, detrend="cubic")


@pytest.mark.parametrize("shape", [(1,), (12,), (7, 9), (3, 4, 5)])
def test_transforms_are_numpys(shape):
    real, imaginary = RANDOM.normal(size=(2, *shape))
    z = real + 1j * imaginary
    for axis in range(-len(shape), len(shape)):
        for n in (None, 5, 16):
            assert_close(spectral.fft(z, n, axis), np.fft.fft(z, n, axis))
            assert_close(spectral.ifft(z, n, axis), np.fft.ifft(z, n, axis))
            assert_close(spectral.rfft(real, n, axis), np.fft.rfft(real, n, axis))
            if n is not None:
                assert_close(spectral.irfft(z, n, axis), np.fft.irfft(z, n, axis))
    assert_close(spectral.fftn(z), np.fft.fftn(z))
    assert_close(spectral.ifftn(z), np.fft.ifftn(z))
    assert_close(spectral.rfftn(real), np.fft.rfftn(real))
    assert_close(spectral.irfftn(np.fft.rfftn(real), shape), real)
    with pytest.raises(ValueError, match="axes must be among"):
        spectral.fft(z, axis=len(shape))


@pytest.mark.parametrize(("fn", "m", "endpoint"), [(0.7, None, False), ([0.2, 0.9], 50, True), ([0.2, 0.9], 50, False)])
def test_zoom_fft_is_scipys(fn, m, endpoint):
    real, imaginary = RANDOM.normal(size=(2, 3, 200))
    for x in (real, real + 1j * imaginary):
        expected = signal.zoom_fft(x, fn, m, fs=2.0, endpoint=endpoint)
        # SciPy's chirp is raised to powers: 1e-12 of it.
        assert_close(spectral.zoom_fft(x, fn, m, fs=2.0, endpoint=endpoint), expected, 1e-11)


def test_goertzel_is_its_sum():
    x = RANDOM.normal(size=(2, 5000))
    f = np.array([0.0, 0.1234, -3.3, 5.0])
    expected = x @ np.exp(-2j * np.pi * f * np.arange(5000)[:, None] / 10.0)
    # The sum's phases, 1e4 rad, are rounded to 1e-12.
    assert_close(spectral.goertzel(x, f, 10.0), expected, 2e-12)


def test_even_times_are_found():
    assert spectral.uniform_time_axis(np.arange(5) * 0.5 + 3.0) == (3.0, 0.5)
    with pytest.raises(ValueError, match="use Lomb-Scargle"):
        spectral.uniform_time_axis([0.0, 1.0, 2.0, 4.0])


@pytest.mark.parametrize("call", ["welch", "periodogram", "spectrum", "stft", "rebuild"])
def test_bad_samples_are_named(call):
    x = np.ones(300)
    x[17] = np.nan
    settings = dict(count=1) if call == "rebuild" else {}
    with pytest.raises(ValueError, match=r"\[17\] must be finite, got NaN"):
        getattr(spectral, call)(x, **settings)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (dict(fs=-1.0), "sample_rate_hz must be"),
        (dict(nperseg=16, noverlap=16), "noverlap must be"),
        (dict(nperseg=16, nfft=8), "nfft must be"),
        (dict(scaling="loudness"), "scaling must be one of amplitude"),
        (dict(average="mode"), "average must be one of mean, median"),
        (dict(detrend="cubic"), "detrend must be one of none, constant, linear"),
        (dict(axis=1), "axis must be"),
    ],
)
def test_bad_arguments_are_named(settings, message):
    with pytest.raises(ValueError, match=message):
        spectral.welch(np.ones(512), **settings)


def test_results_are_shown_drawn_and_pickled():
    pyplot = pytest.importorskip("matplotlib.pyplot")
    x, y = RANDOM.normal(size=(2, 4096))
    results = [
        spectral.welch(x, confidence=0.95),
        spectral.spectrum(x),
        spectral.cross_spectrum(x, y),
        spectral.coherence(x, y),
        spectral.stft(x),
        spectral.spectrogram(x),
        spectral.rebuild(x, count=5),
        spectral.fit_lines(x[:100], count=2),
    ]
    for result in results:
        again = pickle.loads(pickle.dumps(result))
        assert repr(again) == repr(result) and type(result).__name__ in repr(result)
    results += [spectral.lomb_scargle(np.arange(100.0), x[:100])]
    for result in results:
        axes = result.plot()
        assert axes.get_xlabel()
        assert "data:image/png" in result._repr_html_()
        pyplot.close("all")
