"""Writes correlate.csv beside this script: correlations and lags of SciPy.

    pip install -r ../peers/requirements.txt
    python make_correlate.py

Lines: two real signals, two complex ones; then one case a line: what, samples of a, samples of b, mode, values.
Complex values are written as real part, imaginary part. Numbers are written by repr, so that they read back to
the same double.
"""

from itertools import product
from pathlib import Path

import numpy as np
import scipy
from scipy.signal import correlate, correlation_lags

HERE = Path(__file__).parent
LENGTHS = [(1, 1), (1, 4), (6, 6), (7, 7), (7, 6), (6, 7), (20, 5), (20, 6), (5, 20), (8, 21), (60, 47), (47, 60)]


def numbers(values):
    values = np.ravel(values)
    if np.iscomplexobj(values):
        values = np.column_stack([values.real, values.imag]).ravel()
    return ",".join(repr(value.item()) for value in values)


def main():
    random = np.random.default_rng(3)
    real = random.normal(size=(2, 60)) + [[2.0], [-1.0]]
    complex_ = random.normal(size=(2, 60)) + 1j * random.normal(size=(2, 60))
    with open(HERE / "correlate.csv", "w", newline="\n") as out:

        def write(*fields):
            print(*fields, sep=",", file=out)

        print(f"# scipy {scipy.__version__}, numpy {np.__version__}, make_correlate.py", file=out)
        for signal in (*real, *complex_):
            write(numbers(signal))
        for (len_a, len_b), mode in product(LENGTHS, ("full", "same", "valid")):
            write("lags", len_a, len_b, mode, numbers(correlation_lags(len_a, len_b, mode)))
            for what, (a, b) in (("real", real), ("complex", complex_)):
                found = correlate(a[:len_a], b[:len_b], mode, method="direct")
                write(what, len_a, len_b, mode, numbers(found))


main()
