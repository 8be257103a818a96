"""What people use today, timed on request.

Reads one JSON request a line and answers each with one JSON line: the wall and thread time of the call
in seconds. Arrays are .npy files in the current folder and are loaded before the clock starts.
"""

import json
import sys
import time
from functools import lru_cache

import numpy as np
import scipy
from scipy import ndimage


@lru_cache(maxsize=2)
def load(name):
    return np.load(name)


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


CALLS = {"gaussian_filter1d": gaussian_filter1d, "gaussian_filter": gaussian_filter, "flatten": flatten}


def timed(call, arguments):
    load(arguments["input"])
    wall, cpu = time.perf_counter(), time.thread_time()
    CALLS[call](**arguments)
    return {"cpu_s": time.thread_time() - cpu, "wall_s": time.perf_counter() - wall}


def main():
    for line in sys.stdin:
        request = json.loads(line)
        call = request.pop("call")
        if call == "versions":
            python = sys.version.split()[0]
            answer = {"versions": f"Python {python}, NumPy {np.__version__}, SciPy {scipy.__version__}"}
        else:
            answer = timed(call, request)
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
