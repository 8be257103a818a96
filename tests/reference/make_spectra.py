"""Writes spectra.csv beside this script: windows, periodograms, Welch averages and cross-spectra of SciPy.

    pip install -r ../peers/requirements.txt
    python make_spectra.py

Lines: two signals at 8 Hz; then one case a line: what, window, samples, detrend, scaling, sides, segment,
overlap, average, transform length, values. A field that does not apply is empty. Complex values are written
as real part, imaginary part. Two-sided values begin at the lowest frequency. Numbers are written by repr, so
that they read back to the same double.
"""

from itertools import product
from pathlib import Path

import numpy as np
import scipy
from scipy.signal import coherence, csd, get_window, periodogram, welch

HERE = Path(__file__).parent
RATE = 8.0
# Heinzel, Ruediger and Schilling 2002, appendix D.
HEINZEL = {
    "hft70": [1, 1.90796, 1.07349, 0.18199],
    "hft95": [1, 1.9383379, 1.3045202, 0.4028270, 0.0350665],
    "hft248d": [
        1, 1.985844164102, 1.791176438506, 1.282075284005, 0.667777530266, 0.240160796576, 0.056656381764,
        0.008134974479, 0.000624544650, 0.000019808998, 0.000000132974,
    ],
}  # fmt: skip
WINDOWS = [
    "boxcar", "hann", "hamming", "blackman", "blackmanharris", "nuttall", "flattop", *HEINZEL, "tukey=0", "tukey=0.1",
    "tukey=0.25", "tukey=1", "kaiser=0", "kaiser=8.6", "kaiser=14", "gaussian=2.5", "gaussian=7", "dpss=1.5",
    "dpss=2.5", "dpss=4",
]  # fmt: skip
DETREND = {"none": False, "constant": "constant", "linear": "linear"}
SCALING = {"power": "spectrum", "density": "density"}


def window(name, length):
    shape, _, parameter = name.partition("=")
    if shape in HEINZEL:
        return get_window(("general_cosine", HEINZEL[shape]), length)
    return get_window((shape, float(parameter)) if parameter else shape, length)


def numbers(values):
    values = np.ravel(values)
    if np.iscomplexobj(values):
        values = np.column_stack([values.real, values.imag]).ravel()
    return ",".join(repr(float(value)) for value in values)


def rising(frequency_and_values):
    frequency, values = frequency_and_values
    # SciPy calls half the sample rate negative, as we do.
    return values[np.argsort(frequency)]


def main():
    random = np.random.default_rng(1)
    n = np.arange(203)
    x = 2.0 + 0.01 * n + np.sin(0.83 * n) + random.normal(size=n.size)
    y = -1.0 + 0.5 * np.roll(x, 3) + random.normal(size=n.size)
    with open(HERE / "spectra.csv", "w", newline="\n") as out:

        def write(*fields):
            print(*fields, sep=",", file=out)

        print(f"# scipy {scipy.__version__}, numpy {np.__version__}, make_spectra.py", file=out)
        write(numbers(x))
        write(numbers(y))
        for name, length in product(WINDOWS, (2, 3, 16, 31)):
            if length < 16 and name.startswith("dpss"):
                continue  # NW must be below half the length
            write("window", name, length, *[""] * 7, numbers(window(name, length)))

        for name, length, detrend, scaling, sides in product(
            ("boxcar", "hann", "flattop"), (40, 41), DETREND, SCALING, (1, 2)
        ):
            options = dict(window=window(name, length), detrend=DETREND[detrend], scaling=SCALING[scaling])
            found = periodogram(x[:length], RATE, return_onesided=sides == 1, **options)
            write("spectrum", name, length, detrend, scaling, sides, "", "", "", "", numbers(rising(found)))
        for name, padded, scaling in product(("boxcar", "hann"), (50, 51), SCALING):
            options = dict(window=window(name, 41), detrend=False, scaling=SCALING[scaling], nfft=padded)
            found = periodogram(x[:41], RATE, **options)
            write("spectrum", name, 41, "none", scaling, 1, "", "", "", padded, numbers(rising(found)))
        for length, scaling in product((40, 41), SCALING):
            signal = (x + 1j * y)[:length]
            found = periodogram(signal, RATE, window("hann", length), detrend="constant", scaling=SCALING[scaling])
            write("complex", "hann", length, "constant", scaling, 2, "", "", "", "", numbers(rising(found)))

        for segment, overlap, scaling, sides, average, detrend in product(
            (32, 33), (0.5, 0.75), SCALING, (1, 2), ("mean", "median"), DETREND
        ):
            options = dict(window=window("hann", segment), nperseg=segment, noverlap=int(overlap * segment))
            options |= dict(scaling=SCALING[scaling], detrend=DETREND[detrend], return_onesided=sides == 1)
            found = welch(x, RATE, average=average, **options)
            case = ("hann", x.size, detrend, scaling, sides, segment, overlap, average, "")
            write("welch", *case, numbers(rising(found)))
            if average == "mean":
                write("cross", *case, numbers(rising(csd(x, y, RATE, **options))))
        for segment, overlap, average in product((40, 41), (0.0, 0.3), ("mean", "median")):
            options = dict(window=window("flattop", segment), nperseg=segment, noverlap=int(overlap * segment))
            found = welch(x, RATE, average=average, nfft=64, **options)
            case = ("flattop", x.size, "constant", "density", 1, segment, overlap, average, 64)
            write("welch", *case, numbers(rising(found)))
        for segment, overlap, detrend in product((32, 33), (0.0, 0.5, 0.75), DETREND):
            options = dict(window=window("hann", segment), nperseg=segment, noverlap=int(overlap * segment))
            found = coherence(x, y, RATE, detrend=DETREND[detrend], **options)
            write("coherence", "hann", x.size, detrend, "", 1, segment, overlap, "", "", numbers(rising(found)))


main()
