"""Writes the reference tables of the Gaussian filters beside this script.

    pip install -r ../peers/requirements.txt
    python make_gaussian.py

gaussian_1d.csv: one signal, then one case a line: length, sigma, truncate, order, mode, outputs.
gaussian_2d.csv: one image, then one case a line: rows, columns, sigma of the rows, sigma of the
columns, truncate, order, mode, outputs by rows.
Numbers are written by repr, so that they read back to the same double.
"""

from itertools import product
from pathlib import Path

import numpy as np
import scipy
from scipy.ndimage import gaussian_filter, gaussian_filter1d

HERE = Path(__file__).parent
MODES = ["reflect", "mirror", "nearest", "wrap", "constant"]
FILL = 0.7  # what stands outside the signal in mode constant
VERSIONS = f"# scipy {scipy.__version__}, numpy {np.__version__}, make_gaussian.py, constant = {FILL}"


def numbers(values):
    return ",".join(repr(float(value)) for value in np.ravel(values))


def cases_1d():
    # Every combination where the kernel is wider than the data or about as wide. Truncate 4 with
    # sigma 2.2 and 3.3 with 5 decide how the radius is rounded: 9.3 and 17.0.
    yield from product([1, 2, 3, 7, 16], [0.3, 0.7, 1.0, 2.2, 5.0, 40.0], [2.0, 3.3, 4.0, 6.0], range(4), MODES)
    # Kernel narrower than the data.
    yield from product([61], [0.3, 2.2, 9.5], [3.3, 4.0], range(4), MODES)
    yield from product([200], [2.2, 40.0], [4.0], range(4), MODES)


def write_1d():
    signal = np.random.default_rng(1).uniform(-4.0, 4.0, 200)
    with open(HERE / "gaussian_1d.csv", "w", newline="\n") as out:
        print(VERSIONS, file=out)
        print("signal", numbers(signal), sep=",", file=out)
        for length, sigma, truncate, order, mode in cases_1d():
            smooth = gaussian_filter1d(
                signal[:length], sigma, order=order, mode=mode, cval=FILL, truncate=truncate
            )
            print(length, sigma, truncate, order, mode, numbers(smooth), sep=",", file=out)


def write_2d():
    image = np.random.default_rng(2).uniform(-4.0, 4.0, (7, 11))
    with open(HERE / "gaussian_2d.csv", "w", newline="\n") as out:
        print(VERSIONS, file=out)
        print("image", *image.shape, numbers(image), sep=",", file=out)
        for sigmas, truncate, order, mode in product([(0.8, 0.8), (2.2, 5.0)], [4.0], range(4), MODES):
            smooth = gaussian_filter(image, sigmas, order=order, mode=mode, cval=FILL, truncate=truncate)
            print(*image.shape, *sigmas, truncate, order, mode, numbers(smooth), sep=",", file=out)


if __name__ == "__main__":
    write_1d()
    write_2d()
