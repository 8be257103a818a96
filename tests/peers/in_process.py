"""The Python package beside what people use today, on the same arrays in one process: one JSON line a row.

Arguments are texts; only rows whose name after "Python: " contains one of them are timed, if there are any. Those of
`SMALL` are timed alone.
"""

import json
import statistics
import sys
import time

import datashader
import KDEpy
import numpy as np
import obspy
import pandas
import pyfftw
import scipy
from obspy.signal import cross_correlation as obspy_correlation
from scipy import ndimage, signal

import hexad
from hexad import correlate, density, neurons, smoothing, spectral, waves

ROUNDS = 7
SETTLED_S = 0.05
random = np.random.default_rng(1)


def seconds(call):
    """The median of calls that take some time together."""
    times = []
    while sum(times) < SETTLED_S:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def mean_seconds(call, calls=2000):
    """Of one of many calls: the clock is read once."""
    start = time.perf_counter()
    for _ in range(calls):
        call()
    return (time.perf_counter() - start) / calls


def apart(found, expected):
    found, expected = np.asarray(found), np.asarray(expected)
    return float(np.abs(found - expected).max() / np.abs(expected).max())


def smooth_row(sigma):
    y = random.normal(size=1_000_000)
    return "scipy.ndimage", lambda: smoothing.gaussian_filter1d(y, sigma), lambda: ndimage.gaussian_filter1d(y, sigma)


def image_row():
    image = random.normal(size=(2048, 2048))
    plan = smoothing.GaussianFilter2d(image.shape, 10.0)
    return "scipy.ndimage, to 6e-5", lambda: plan(image), lambda: ndimage.gaussian_filter(image, 10.0)


def fft_row(count):
    x = random.normal(size=count)
    pyfftw.interfaces.cache.enable()
    pyfftw.config.NUM_THREADS, pyfftw.config.PLANNER_EFFORT = 1, "FFTW_MEASURE"
    return "pyFFTW, measured and kept plan", lambda: spectral.rfft(x), lambda: pyfftw.interfaces.numpy_fft.rfft(x)


def welch_row():
    x = random.normal(size=4_000_000)
    return (
        "scipy.signal",
        lambda: spectral.welch(x, nperseg=4096).values,
        lambda: signal.welch(x, nperseg=4096)[1],
    )


def stft_row():
    x = random.normal(size=1_000_000)
    return "scipy.signal", lambda: spectral.stft(x, nperseg=1024).zxx, lambda: signal.stft(x, nperseg=1024)[2]


def correlate_row():
    a, b = random.normal(size=(2, 1_000_000))
    return "scipy.signal", lambda: correlate.correlate(a, b), lambda: signal.correlate(a, b, method="fft")


def lags_row():
    a, b = random.normal(size=(2, 1_000_000))

    def ours():
        return correlate.cross_correlation(a, b, max_lag=1000, normalization="coefficient").values

    return "obspy, all lags by fft", ours, lambda: obspy_correlation.correlate(a, b, 1000)


def templates_row():
    record = random.normal(size=1_000_000)
    patterns = random.normal(size=(10, 1000))

    def theirs():
        return [obspy_correlation.correlate_template(record, pattern) for pattern in patterns]

    return "obspy", lambda: correlate.templates(record, patterns), theirs


def counts_row(size):
    x, y = random.random((2, 10_000_000))
    points = pandas.DataFrame({"x": x, "y": y})
    canvas = datashader.Canvas(size, size, x_range=(0, 1), y_range=(0, 1))

    def ours():
        settings = {"shape": size, "method": "histogram", "normalize": "count"}
        return density.density_map(x, y, bbox=(0, 0, 1, 1), **settings).values

    return "datashader", ours, lambda: canvas.points(points, "x", "y").values


def map_row():
    x, y = 0.5 + 0.1 * random.normal(size=(2, 30_000))

    def theirs():
        counts, _, _ = np.histogram2d(y, x, bins=256, range=((0, 1), (0, 1)))
        return ndimage.gaussian_filter(counts, 10.0, mode="constant")

    def ours():
        return density.density_map(x, y, bbox=(0, 0, 1, 1), bandwidth="10px", normalize="count").values

    return "numpy.histogram2d and scipy.ndimage", ours, theirs


def kde_row():
    x, y = random.normal(size=(2, 30_000))
    places = np.stack([x, y]).T
    grid, _ = KDEpy.FFTKDE(bw=0.2).fit(places).evaluate((256, 256))
    (x0, y0), (x1, y1) = grid[0], grid[-1]
    half = 0.5 * (x1 - x0) / 255, 0.5 * (y1 - y0) / 255
    box = (x0 - half[0], y0 - half[1], x1 + half[0], y1 + half[1])

    def ours():
        return density.density_map(x, y, bbox=box, bandwidth=0.2, normalize="probability").values

    return "KDEpy.FFTKDE", ours, lambda: KDEpy.FFTKDE(bw=0.2).fit(places).evaluate((256, 256))[1].reshape(256, 256).T


ROWS = {
    "1e6 samples smoothed as SciPy does, sigma 10": lambda: smooth_row(10.0),
    "1e6 samples smoothed as SciPy does, sigma 100": lambda: smooth_row(100.0),
    "2048 x 2048 image, sigma 10, to 1e-6": image_row,
    "real FFT of 4,096 samples": lambda: fft_row(4096),
    "real FFT of 2^20 samples": lambda: fft_row(2**20),
    "Welch, 4e6 samples, segments of 4,096": welch_row,
    "STFT, 1e6 samples, segments of 1,024": stft_row,
    "all lags, 2 x 1e6 samples": correlate_row,
    "lags to 1,000 of 2 x 1e6 samples": lags_row,
    "10 templates of 1,000 in 1e6 samples": templates_row,
    "counts of 1e7 points on 256 x 256": lambda: counts_row(256),
    "counts of 1e7 points on 2048 x 2048": lambda: counts_row(2048),
    "30,000 points, Gaussians of 10 pixels on 256 x 256": map_row,
    "30,000 points, Gaussians on 256 x 256": kde_row,
}

first, second = np.sin(np.arange(100.0)), np.cos(2.0 * np.arange(100.0))
wave = waves.Simulation(waves.Model(100, 1.0))

# A row of `xtask/src/bench/boundary.rs` each, which does the same without Python.
SMALL = {
    "smooth": lambda: smoothing.smooth(first, sigma=5.0),
    "gaussian_filter1d": lambda: smoothing.gaussian_filter1d(first, 5.0),
    "rfft": lambda: spectral.rfft(first),
    "periodogram": lambda: spectral.periodogram(first),
    "welch": lambda: spectral.welch(first, nperseg=50),
    "csd": lambda: spectral.csd(first, second, nperseg=50),
    "stft": lambda: spectral.stft(first, nperseg=50),
    "correlate": lambda: correlate.correlate(first, second),
    "delay": lambda: correlate.delay(first, second),
    "density_map": lambda: density.density_map(first, second, bbox=(-1, -1, 1, 1), shape=16),
    "neurons.run": lambda: neurons.run(1.0, dt_ms=0.01),
    "waves.advance": lambda: wave.advance(1),
}


def beside(name):
    other, ours, theirs = ROWS[name]()
    row = {"name": name, "other": other, "difference": apart(ours(), theirs())}
    rounds = [(seconds(ours), seconds(theirs)) for _ in range(ROUNDS)]
    return row | {"ours_s": [ours for ours, _ in rounds], "others_s": [theirs for _, theirs in rounds]}


def alone(name):
    return {"name": name, "ours_s": [mean_seconds(SMALL[name]) for _ in range(ROUNDS)]}


def main(texts):
    hexad.set_threads(1)
    modules = {"hexad": hexad, "NumPy": np, "SciPy": scipy, "pyFFTW": pyfftw, "obspy": obspy, "KDEpy": KDEpy}
    modules["datashader"] = datashader
    versions = [f"{name} {module.__version__}" for name, module in modules.items()]
    print(json.dumps({"versions": ", ".join([f"Python {sys.version.split()[0]}", *versions])}), flush=True)
    for names, row in ((ROWS, beside), (SMALL, alone)):
        for name in names:
            if not texts or any(text in f"Python: {name}" for text in texts):
                print(json.dumps(row(name)), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
