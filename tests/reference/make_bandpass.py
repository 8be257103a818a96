"""Writes bandpass.csv beside this script: Butterworth filters of SciPy, run forwards and backwards.

    pip install -r ../peers/requirements.txt
    python make_bandpass.py

Lines begin with what they are:

    signal, samples
    filter, order, low, high, samples

The sample rate is 100 Hz; a low of 0 is a low-pass, a high of 50 a high-pass. Numbers are written by repr, so that
they read back to the same double.
"""

from pathlib import Path

import numpy as np
import scipy
from scipy.signal import butter, sosfiltfilt

HERE = Path(__file__).parent
VERSIONS = f"# numpy {np.__version__}, scipy {scipy.__version__}, make_bandpass.py"
RATE = 100.0
BANDS = [(0.0, 12.0), (7.0, 50.0), (5.0, 20.0), (1.0, 45.0), (10.0, 11.0), (2.0, 40.0)]


def numbers(values):
    return ",".join(repr(float(value)) for value in values)


def sections(order, low, high):
    if low == 0.0:
        return butter(order, high, "lowpass", fs=RATE, output="sos")
    if high == RATE / 2:
        return butter(order, low, "highpass", fs=RATE, output="sos")
    return butter(order, [low, high], "bandpass", fs=RATE, output="sos")


def main():
    random = np.random.default_rng(2)
    signal = 3.0 + np.cumsum(random.normal(size=120)) + np.sin(0.9 * np.arange(120))
    with open(HERE / "bandpass.csv", "w", newline="\n") as out:
        print(VERSIONS, file=out)
        print("signal", numbers(signal), sep=",", file=out)
        for order in range(1, 9):
            for low, high in BANDS:
                filtered = sosfiltfilt(sections(order, low, high), signal)
                print("filter", order, low, high, numbers(filtered), sep=",", file=out)


main()
