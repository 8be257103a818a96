"""Writes stft.csv beside this script: short-time transforms of SciPy, transforms of arrays of NumPy.

    pip install -r ../peers/requirements.txt
    python make_stft.py

Lines begin with what they are:

    signal, samples
    stft, window, segment, hop, transform length, zeros or inside, scaling, times, real and imaginary parts
        (frame by frame)
    istft, the same up to the edges, the signal of that transform with every third value set to 0
    conditions, window, segment, hop, constant overlap-add (0 or 1), nonzero overlap-add (0 or 1)
    array, real and imaginary parts of 3 by 4 by 5 values
    fftn, ifftn, rfftn or irfftn, length of the last axis, axes joined by +, result in C order
        (real and imaginary parts unless irfftn)

The sample rate is 50 Hz. Numbers are written by repr, so that they read back to the same double.
"""

from itertools import product
from pathlib import Path

import numpy as np
import scipy
from scipy.signal import check_COLA, check_NOLA, get_window, istft, stft

HERE = Path(__file__).parent
VERSIONS = f"# numpy {np.__version__}, scipy {scipy.__version__}, make_stft.py"
RATE = 50.0
WINDOWS = {
    "boxcar": "boxcar",
    "hann": "hann",
    "hamming": "hamming",
    "blackman": "blackman",
    "blackmanharris": "blackmanharris",
    "flattop": "flattop",
    "tukey=0.5": ("tukey", 0.5),
    "kaiser=8": ("kaiser", 8.0),
    "gaussian=2.5": ("gaussian", 2.5),
    "gaussian=0.5": ("gaussian", 0.5),
}
SHAPES = [
    ("hann", 8, 4, 8, "zeros"),
    ("hann", 8, 2, 16, "zeros"),
    ("hann", 9, 3, 9, "zeros"),
    ("blackman", 12, 5, 15, "zeros"),
    ("boxcar", 10, 10, 10, "zeros"),
    ("kaiser=8", 7, 2, 7, "zeros"),
    ("hann", 8, 4, 8, "inside"),
    ("hamming", 9, 4, 12, "inside"),
    ("boxcar", 10, 10, 10, "inside"),
]
AXES = [(0, 1, 2), (2, 1, 0), (1, 2), (2, 0), (0,), (1,), (2,)]


def numbers(values):
    return ",".join(repr(float(value)) for value in np.ravel(values))


def parts(values):
    return numbers(np.stack([np.real(values), np.imag(values)], axis=-1))


def write_stft(out, signal):
    for name, segment, hop, length, edges in SHAPES:
        boundary = "zeros" if edges == "zeros" else None
        shape = dict(window=WINDOWS[name], nperseg=segment, noverlap=segment - hop, nfft=length)
        for scaling in ("spectrum", "psd"):
            _, times, values = stft(
                signal, RATE, boundary=boundary, padded=edges == "zeros", scaling=scaling, **shape
            )
            results = numbers(times), parts(values.T)
            print("stft", name, segment, hop, length, edges, scaling, *results, sep=",", file=out)
        if edges == "zeros":
            _, _, values = stft(signal, RATE, **shape)
            frames = values.T.copy()
            frames.reshape(-1)[::3] = 0
            _, back = istft(frames.T, RATE, **shape)
            print("istft", name, segment, hop, length, edges, numbers(back[: signal.size]), sep=",", file=out)


def write_conditions(out):
    for name, segment in product(WINDOWS, (2, 5, 8, 12, 15)):
        for hop in range(1, segment + 1):
            window = get_window(WINDOWS[name], segment)
            constant, nonzero = (
                int(check(window, segment, segment - hop)) for check in (check_COLA, check_NOLA)
            )
            print("conditions", name, segment, hop, constant, nonzero, sep=",", file=out)


def write_arrays(out, random):
    array = random.normal(size=(3, 4, 5)) + 1j * random.normal(size=(3, 4, 5))
    print("array", parts(array), sep=",", file=out)
    for axes in AXES:
        name = "+".join(map(str, axes))
        last = array.shape[axes[-1]]
        print("fftn", last, name, parts(np.fft.fftn(array, axes=axes)), sep=",", file=out)
        print("ifftn", last, name, parts(np.fft.ifftn(array, axes=axes)), sep=",", file=out)
        print("rfftn", last, name, parts(np.fft.rfftn(array.real, axes=axes)), sep=",", file=out)
        for length in (2 * last - 2, 2 * last - 1):
            shape = [array.shape[axis] for axis in axes[:-1]] + [length]
            back = np.fft.irfftn(array, s=shape, axes=axes)
            print("irfftn", length, name, numbers(back), sep=",", file=out)


def main():
    random = np.random.default_rng(1)
    time = np.arange(37) / RATE
    signal = 1.0 + np.sin(2 * np.pi * 7.0 * time) + 0.5 * random.normal(size=time.size)
    with open(HERE / "stft.csv", "w", newline="\n") as out:
        print(VERSIONS, file=out)
        print("signal", numbers(signal), sep=",", file=out)
        write_stft(out, signal)
        write_conditions(out)
        write_arrays(out, random)


main()
