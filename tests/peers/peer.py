"""What people use today, timed on request."""

from functools import lru_cache

import astropy
import datashader
import KDEpy
import numpy as np
import obspy
import pandas
import pyfftw
import scipy
from astropy.timeseries import LombScargle
from obspy.signal.cross_correlation import correlate_template
from scipy import ndimage, signal
from scipy.spatial import cKDTree

from serve import load, serve


def gaussian_filter1d(input, sigma):
    return ndimage.gaussian_filter1d(load(input), sigma)


def gaussian_filter(input, sigma):
    return ndimage.gaussian_filter(load(input), sigma)


def flatten(input, sigma, reach, phi=0.0, amplitude=1.0):
    """The accepted answer to "Faster Way to Implement Gaussian Smoothing?": per point two searches of x
    for the ends of its window, and a kernel computed afresh."""
    y = load(input)
    x = np.arange(len(y))
    peak = amplitude * np.cos(phi)

    def nearest(base):
        return x[np.abs(x - base).argmin()]

    out = np.empty(len(x))
    for i in range(len(x)):
        edge = sigma * np.sqrt(-2 * np.log(peak * reach / peak))
        last = np.where(x == nearest(x[i] + edge))[0][0]
        first = np.where(x == nearest(x[i] - edge))[0][0]
        window = y[first:last]
        kernel = peak * np.exp(-np.power((np.arange(last - first) - (i - first)) / sigma, 2) / 2)
        out[i] = np.sum(window * (kernel / np.sum(kernel)))
    return out


@lru_cache(maxsize=1)
def fftw_plan(input):
    """A measured plan with aligned buffers, the input copied in."""
    x = load(input)
    buffer = pyfftw.empty_aligned(len(x), dtype="float64")
    out = pyfftw.empty_aligned(len(x) // 2 + 1, dtype="complex128")
    plan = pyfftw.FFTW(buffer, out, flags=("FFTW_MEASURE",), threads=1)
    buffer[:] = x
    return plan


def rfft_fftw(input, repeats):
    plan = fftw_plan(input)
    for _ in range(repeats):
        plan.execute()


def rfft_numpy(input, repeats):
    x = load(input)
    for _ in range(repeats):
        np.fft.rfft(x)


def welch(input, segment):
    return signal.welch(load(input), nperseg=segment)


def lomb_scargle(input, y, start, step, frequencies):
    grid = start + step * np.arange(frequencies)
    periodogram = LombScargle(load(input), load(y))
    return periodogram.power(grid, method="fast", assume_regular_frequency=True)


def correlate(input, y):
    return signal.correlate(load(input), load(y), method="fft")


def templates(input, y):
    record = load(input)
    return [correlate_template(record, template, normalize="full", demean=True) for template in load(y)]


def histogram_gaussian(input, y, size, sigma):
    counts, _, _ = np.histogram2d(load(y), load(input), bins=size, range=((0, 1), (0, 1)))
    return ndimage.gaussian_filter(counts, sigma)


@lru_cache(maxsize=1)
def frame(input, y):
    return pandas.DataFrame({"x": load(input), "y": load(y)})


def datashader_points(input, y, size):
    canvas = datashader.Canvas(size, size, x_range=(0, 1), y_range=(0, 1))
    return canvas.points(frame(input, y), "x", "y")


@lru_cache(maxsize=4)
def compiled(input, y, size):
    """The first call compiles."""
    datashader_points(input, y, size)


def nearest(input, y, size, count):
    centres = (np.arange(size) + 0.5) / size
    pixels = np.stack(np.meshgrid(centres, centres), axis=-1).reshape(-1, 2)
    return cKDTree(np.column_stack([load(input), load(y)])).query(pixels, count)


@lru_cache(maxsize=1)
def places(input, y):
    """Column by column: KDEpy bins that some times faster than row by row."""
    return np.stack([load(input), load(y)]).T


def fftkde(input, y, size, sigma):
    return KDEpy.FFTKDE(bw=sigma).fit(places(input, y)).evaluate((size, size))


def fftkde_rows(input, size, sigma):
    """Row by row, the shape (observations, dimensions) that KDEpy documents, as NumPy makes it."""
    return KDEpy.FFTKDE(bw=sigma).fit(load(input)).evaluate((size, size))


def step(p, u, courant):
    """The question's step, by slices; the last value is the first."""
    p[1:] += courant * (u[:-1] - u[1:])
    p[0] = p[-1]
    u[:-1] += courant * (p[:-1] - p[1:])
    u[-1] = u[0]


@lru_cache(maxsize=1)
def wave(input, y, courant, steps, expected):
    """The fields after some steps, and the largest difference to the pressure expected then."""
    p, u = (np.append(field, field[0]) for field in (load(input), load(y)))
    for _ in range(steps):
        step(p, u, courant)
    wanted = load(expected)
    return p, u, np.abs(p[:-1] - wanted).max() / np.abs(wanted).max()


def leapfrog(input, y, courant, steps, expected):
    p, u, _ = wave(input, y, courant, steps, expected)
    for _ in range(steps):
        step(p, u, courant)


def leapfrog_study():
    """The question's program: the largest errors of waves on 19 grids."""
    errors = []
    for places in range(50, 1000, 50):
        x = np.linspace(0, 1, places)
        spacing = x[1] - x[0]
        p, u = np.cos(2 * np.pi * x), -np.cos(2 * np.pi * x)
        of_p, of_u = [], []
        for t in np.arange(0, 2, 0.3 * spacing):
            step(p, u, 0.3)
            exact = np.cos(2 * np.pi * (x + t))
            of_p.append(np.linalg.norm(p - exact, 2))
            of_u.append(np.linalg.norm(u + exact, 2))
        errors.append((max(of_p) * spacing**0.5, max(of_u) * spacing**0.5))
    return errors


def bombarded(neurons, excitatory, duration_ms, dt_ms, seed=1, rate_hz=10.0, release=0.5, current=3.0):
    """The program of "Spike train simulation": forward Euler, and in every step all spikes of all inputs are looked
    through for those of this step, first the excitatory, then the inhibitory ones. Returns V over time."""
    random = np.random.default_rng(seed)
    times = np.arange(0.0, duration_ms, dt_ms)
    trains = []
    for neuron in range(neurons):
        own = times[random.random(len(times)) < rate_hz * dt_ms / 1000.0]
        trains.append(np.stack([np.full(len(own), neuron), own], axis=1))
    spikes = np.concatenate(trains)

    def arrived(own, time):
        now = own[:, 1] == time
        transmitted = random.random(len(now)) < release if sum(now) > 0 else 0
        return np.sum(transmitted * now)

    def opening_m(v):
        return 0.1 * (v + 40.0) / (1.0 - np.exp(-(v + 40.0) / 10.0))

    def closing_m(v):
        return 4.0 * np.exp(-(v + 65.0) / 18.0)

    def opening_h(v):
        return 0.07 * np.exp(-(v + 65.0) / 20.0)

    def closing_h(v):
        return 1.0 / (1.0 + np.exp(-(v + 35.0) / 10.0))

    def opening_n(v):
        return 0.01 * (v + 55.0) / (1.0 - np.exp(-(v + 55.0) / 10.0))

    def closing_n(v):
        return 0.125 * np.exp(-(v + 65.0) / 80.0)

    def sodium(v, m, h):
        return 120.0 * m**3 * h * (v - 50.0)

    def potassium(v, n):
        return 36.0 * n**4 * (v + 77.0)

    def leak(v):
        return 0.3 * (v + 54.387)

    def synaptic(time):
        excitation = arrived(spikes[spikes[:, 0] < excitatory], time)
        return excitation - 4 * arrived(spikes[spikes[:, 0] >= excitatory], time)

    def slope(state, time):
        v, m, h, n = state
        return np.array([
            current + synaptic(time) - sodium(v, m, h) - potassium(v, n) - leak(v),
            opening_m(v) * (1.0 - m) - closing_m(v) * m,
            opening_h(v) * (1.0 - h) - closing_h(v) * h,
            opening_n(v) * (1.0 - n) - closing_n(v) * n,
        ])

    states = [np.array([-65.0, 0.05, 0.6, 0.32])]
    for time in times[1:]:
        states.append(states[-1] + dt_ms * slope(states[-1], time))
    return times, np.array(states)[:, 0]


@lru_cache(maxsize=4)
def first_spike_error_ms(dt_ms, spike_ms):
    """Of the neuron of `bombarded` without input."""
    times, v = bombarded(1, 1, 10.0, dt_ms, rate_hz=0.0)
    after = np.flatnonzero((v[:-1] < 0.0) & (v[1:] >= 0.0))[0] + 1
    return abs(times[after] - dt_ms * v[after] / (v[after] - v[after - 1]) - spike_ms)


CALLS = {
    "gaussian_filter1d": gaussian_filter1d,
    "gaussian_filter": gaussian_filter,
    "flatten": flatten,
    "rfft_fftw": rfft_fftw,
    "rfft_numpy": rfft_numpy,
    "welch": welch,
    "lomb_scargle": lomb_scargle,
    "correlate": correlate,
    "templates": templates,
    "histogram_gaussian": histogram_gaussian,
    "datashader_points": datashader_points,
    "nearest": nearest,
    "fftkde": fftkde,
    "fftkde_rows": fftkde_rows,
    "leapfrog": leapfrog,
    "leapfrog_study": leapfrog_study,
    "bombarded": lambda spike_ms, **arguments: bombarded(**arguments),
}


def prepare(call, arguments):
    """What is not timed: arrays and plans."""
    for name in ("input", "y"):
        if name in arguments:
            load(arguments[name])
    if call == "rfft_fftw":
        fftw_plan(arguments["input"])
    if call == "datashader_points":
        compiled(**arguments)
    if call == "fftkde":
        places(arguments["input"], arguments["y"])
    if call == "leapfrog":
        return {"difference": wave(**arguments)[-1]}
    if call == "bombarded":
        return {"error": first_spike_error_ms(arguments["dt_ms"], arguments["spike_ms"])}
    return None


PACKAGES = {
    "NumPy": np,
    "SciPy": scipy,
    "pyFFTW": pyfftw,
    "astropy": astropy,
    "obspy": obspy,
    "datashader": datashader,
    "KDEpy": KDEpy,
}


if __name__ == "__main__":
    serve(CALLS, PACKAGES, prepare)
