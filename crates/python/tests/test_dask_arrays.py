"""hexad.dask of arrays: on real clusters, the bytes of the local calls, whatever the workers and chunks."""

import os
import signal

import dask.array
import numpy as np
import pytest
from clusters import assert_same, largest_memory, start

import hexad.dask
from hexad import correlate, smoothing, spectral

RANDOM = np.random.default_rng(4)
COMPLETE = RANDOM.normal(size=(3, 60_001)).cumsum(axis=1)
GAPPY = COMPLETE.copy()
GAPPY[1, :35_000] = np.nan
GAPPY[2, ::9_973] = np.inf
WEIGHTS = RANDOM.uniform(0, 2, 60_001)
CHUNKS = {1: (3, 60_001), 2: (2, (1, 29_999, 20_000, 10_001)), 4: (1, 9_000)}
"""By the number of workers."""
SMOOTHS = {
    "truncated": dict(sigma=5.0),
    "untruncated": dict(sigma=60.0, truncate=None),
    "wide": dict(fwhm=700.0),
    "reflected": dict(sigma=30.0, boundary="reflect"),
    "wrapped": dict(sigma=30.0, boundary="wrap"),
    "with a constant outside": dict(cutoff=0.01, boundary="constant", cval=3.0),
    "derivative": dict(sigma=9.0, derivative=2, boundary="mirror"),
    "lines": dict(sigma=9.0, fit="linear", derivative=1),
    "causal": dict(sigma=9.0, causal=True, nan="propagate"),
    "weighted": dict(sigma=9.0, weights=WEIGHTS, reach=1e-3),
}
SPECTRA = {
    "default": dict(),
    "short segments": dict(fs=10.0, nperseg=50, noverlap=40, detrend="linear", confidence=0.9),
    "padded": dict(nperseg=101, nfft=128, detrend=False, scaling="power", return_onesided=False),
    "one segment": dict(nperseg=60_001),
}


@pytest.fixture(autouse=True)
def small_tasks(monkeypatch):
    """So small that little data make many tasks."""
    monkeypatch.setattr(hexad.dask._arrays, "SAMPLES_OF_A_TASK", 10_000)
    monkeypatch.setattr(hexad.dask._correlate, "_SAMPLES_OF_PAIRS", 20_000)
    monkeypatch.setattr(hexad.dask._correlate, "_SAMPLES_OF_DELAYS", 20_000)


@pytest.fixture
def chunks(client):
    return CHUNKS[len(client.nthreads())]


def test_smooths_are_the_local_ones(chunks):
    there = dask.array.from_array(GAPPY, chunks)
    remote = {case: hexad.dask.smooth(there, **settings) for case, settings in SMOOTHS.items()}
    assert chunks == CHUNKS[1] or all(smooth.numblocks[1] > 1 for smooth in remote.values())
    (found,) = dask.compute(remote)
    for case, settings in SMOOTHS.items():
        assert found[case].tobytes() == smoothing.smooth(GAPPY, **settings).y.tobytes(), case


def test_smooths_along_other_axes_and_of_one_line_are_the_local_ones(client):
    stack = GAPPY[:, :60_000].reshape(3, -1, 3).swapaxes(0, 1)
    there = hexad.dask.smooth(dask.array.from_array(stack, (4_000, 2, 1)), sigma=7.0, axis=0)
    assert np.array_equal(there.compute(), smoothing.smooth(stack, sigma=7.0, axis=0).y, equal_nan=True)
    line = GAPPY[1].astype(np.float32)
    weights = dask.array.from_array(WEIGHTS, 5_000)
    there = hexad.dask.smooth(dask.array.from_array(line, 7_000), sigma=7.0, weights=weights)
    assert_same(there.compute(), smoothing.smooth(line, sigma=7.0, weights=WEIGHTS).y)


def test_filters_are_the_local_ones(client):
    image = np.rint(100.0 * RANDOM.normal(size=(40, 9_000))).astype(np.int16)
    for kind in (np.int16, np.float32, np.float64):
        there = dask.array.from_array(image.astype(kind), (15, 4_000))
        found = hexad.dask.gaussian_filter(there, (2.0, 5.0), order=(0, 1), mode=("wrap", "nearest"))
        expected = smoothing.gaussian_filter(image.astype(kind), (2.0, 5.0), order=(0, 1), mode=("wrap", "nearest"))
        assert_same(found.compute(), expected)
    found = hexad.dask.gaussian_filter1d(there, 3.0, axis=0, mode="grid-constant", radius=7)
    assert_same(found.compute(), smoothing.gaussian_filter1d(image * 1.0, 3.0, axis=0, mode="grid-constant", radius=7))


@pytest.mark.parametrize("case", SPECTRA)
def test_a_spectrum_is_the_local_one(chunks, case):
    there = dask.array.from_array(COMPLETE, chunks)
    assert_same(hexad.dask.welch(there, **SPECTRA[case]), spectral.welch(COMPLETE, **SPECTRA[case]))
    assert_same(hexad.dask.welch(there.T[:, 0], **SPECTRA[case]), spectral.welch(COMPLETE[0], **SPECTRA[case]))


def test_cross_spectra_are_the_local_ones(chunks):
    x, y = COMPLETE, COMPLETE + RANDOM.normal(size=COMPLETE.shape)
    there = dask.array.from_array(x, chunks), dask.array.from_array(y, (3, 8_000))
    for name in ("csd", "coherence", "cross_spectrum"):
        expected = getattr(spectral, name)(x, y, fs=3.0, nperseg=100)
        assert_same(getattr(hexad.dask, name)(*there, fs=3.0, nperseg=100), expected)
    one = dask.array.from_array(y[0], 8_000)
    assert_same(hexad.dask.csd(there[0], one, nperseg=100), spectral.csd(x, y[0], nperseg=100))


def test_pairs_are_the_local_ones(client):
    channels = RANDOM.normal(size=(9, 2_000)) + RANDOM.normal(size=2_000)
    there = dask.array.from_array(channels, {1: (9, 2_000), 2: (2, 700), 4: (1, 2_000)}[len(client.nthreads())])
    for settings in (dict(max_lag=30), dict(lags=(-7, 3), normalization="overlap"), dict(method="direct")):
        pairs, lags, values = hexad.dask.all_pairs(there, **settings)
        assert values.numblocks[0] > 1
        assert_same((pairs, lags, values.compute()), correlate.all_pairs(channels, **settings))
    pairs, delays = hexad.dask.all_delays(there[:6], fs=10.0, max_lag_s=5.0)
    assert delays == [correlate.delay(channels[a], channels[b], fs=10.0, max_lag_s=5.0) for a, b in pairs]


def killed_once(part, marker):
    """The chunk; the first worker to see it dies of it."""
    if part.size and not os.path.exists(marker):
        open(marker, "w").close()
        os.kill(os.getpid(), signal.SIGKILL)
    return part


def test_a_worker_killed_in_the_middle_changes_nothing(tmp_path):
    line = COMPLETE[0]
    with start(2, 1):
        for name, call in (("smooth", hexad.dask.smooth), ("welch", hexad.dask.welch)):
            marker = tmp_path / name
            there = dask.array.from_array(line, 9_000)
            # Not the first chunk, which is looked at before.
            fatal = there[27_000:36_000].map_blocks(killed_once, str(marker), meta=np.empty(0))
            there = dask.array.concatenate([there[:27_000], fatal, there[36_000:]])
            if name == "smooth":
                assert_same(call(there, sigma=9.0).compute(), smoothing.smooth(line, sigma=9.0).y)
            else:
                assert_same(call(there, nperseg=64), spectral.welch(line, nperseg=64))
            assert marker.exists()


def test_calls_use_the_threads_of_their_worker():
    with start(1, 2) as client:
        there = hexad.dask.smooth(dask.array.from_array(GAPPY, CHUNKS[4]), sigma=9.0)
        assert_same(there.compute(), smoothing.smooth(GAPPY, sigma=9.0).y)
        assert set(client.run(hexad.threads).values()) == {2}


def made(block_info=None):
    (start, stop), = block_info[None]["array-location"]
    return np.random.default_rng(start).normal(size=stop - start)


def test_memory_of_a_worker_is_a_few_chunks(monkeypatch):
    chunk = 1 << 20
    monkeypatch.setattr(hexad.dask._arrays, "SAMPLES_OF_A_TASK", chunk)
    with start(1, 1) as client:

        def mapped(chunks):
            line = dask.array.map_blocks(made, chunks=((chunk,) * chunks,), dtype=float, meta=np.empty(0))
            hexad.dask.welch(line, nperseg=1024)
            (hexad.dask.smooth(line, sigma=20.0) ** 2).sum().compute()
            return client.run(largest_memory).popitem()[1]

        few, many = mapped(6), mapped(60)
    # 54 chunks more are 450 MB more.
    assert many - few < 6 * 8 * chunk


def test_short_chunks_are_joined_and_large_ones_are_not_cut(monkeypatch):
    monkeypatch.setattr(hexad.dask._arrays, "SAMPLES_OF_A_TASK", 1 << 24)
    many = dask.array.zeros(40_000_000, chunks=100_000)
    assert 2 <= hexad.dask.smooth(many, sigma=5.0).numblocks[0] <= 3
    stack = dask.array.zeros((1_000, 100_000), chunks=(1, 100_000))
    assert max(hexad.dask.smooth(stack, sigma=5.0).numblocks) <= 8
    large = dask.array.zeros(100_000_000, chunks=50_000_000)
    assert hexad.dask.smooth(large, sigma=5.0).numblocks[0] == 2


def test_what_cannot_be_done_in_pieces_is_refused():
    there = dask.array.from_array(GAPPY, CHUNKS[4])
    for settings, words in (
        (dict(sigma=1.0, method="recursive"), "method recursive cannot do parts of a line"),
        (dict(), "one of sigma, fwhm and cutoff"),
        (dict(sigma=-1.0), "sigma must be"),
        (dict(sigma=1.0, axis=2), "axis must be one of the 2"),
        (dict(sigma=1.0, weights=[1.0]), "weights must have shape"),
    ):
        with pytest.raises(ValueError, match=words):
            hexad.dask.smooth(there, **settings)
    with pytest.raises(ValueError, match="x must be left out: sums at uneven x run along the whole line"):
        hexad.dask.smooth(there[0], np.sort(RANDOM.uniform(size=60_001)), sigma=1.0)
    with pytest.raises(ValueError, match=r"y\[\d+\] must be finite"):
        hexad.dask.smooth(there[1], sigma=1.0, nan="error").compute()
    with pytest.raises(ValueError, match=r"signal\[\d+\] must be finite, got"):
        hexad.dask.welch(there[2])
    with pytest.raises(ValueError, match="at least 2 segments"):
        hexad.dask.coherence(there[0], there[0], nperseg=60_001)
    with pytest.raises(TypeError, match="real numbers"):
        hexad.dask.welch(there + 1j)
    with pytest.raises(ValueError, match="one length"):
        hexad.dask.csd(there, there[:, :-1])
    with pytest.raises(ValueError, match="two dimensions"):
        hexad.dask.all_pairs(there[0])
    with pytest.raises(ValueError, match="max_lag"):
        hexad.dask.all_pairs(there, max_lag=100_000)
