"""Writes question.csv beside this script: what the program of "Faster Way to Implement Gaussian
Smoothing?" returns, its steps followed one by one.

    pip install -r ../peers/requirements.txt
    python make_question.py

Two lines a case: x; then reach, sigma, phi, amplitude, y and outputs, each as long as x. Numbers are
written by repr, so that they read back to the same double.
"""

from pathlib import Path

import numpy as np

VERSIONS = f"# numpy {np.__version__}, make_question.py"


def peak(phi, amplitude):
    return amplitude * np.cos(phi)


def height(x, centre, sigma, phi, amplitude):
    return peak(phi, amplitude) * np.exp(-np.power((x - centre) / sigma, 2) / 2)


def edge(y, sigma, phi, amplitude):
    return sigma * np.sqrt(-2 * np.log(y / peak(phi, amplitude)))


def first_nearest(base, values):
    """The value nearest to base, then the first index at which it stands."""
    best = 0
    for index in range(1, len(values)):
        if np.abs(base - values[index]) < np.abs(base - values[best]):
            best = index
    return [index for index in range(len(values)) if values[index] == values[best]][0]


def flatten(x, y, reach, sigma, phi, amplitude):
    out = np.empty(len(x))
    for i, centre in enumerate(x):
        distance = edge(height(0, 0, sigma, phi, amplitude) * reach, sigma, phi, amplitude)
        stop = first_nearest(centre + distance, x)
        start = first_nearest(centre - distance, x)
        # The distance is counted in indices, from the start of the window.
        kernel = [height(j, i - start, sigma, phi, amplitude) for j in range(stop - start)]
        total = np.sum(kernel)
        out[i] = np.sum([y[start + j] * (weight / total) for j, weight in enumerate(kernel)])
    return out


def cases():
    random = np.random.default_rng(6)
    even = np.arange(60.0)
    uneven = np.sort(random.uniform(0.0, 40.0, 60))
    repeated = np.floor(np.arange(60) / 3)
    for x in (even, uneven, repeated):
        for reach, sigma, phi, amplitude in [(0.1, 10.0, 0.0, 1.0), (0.001, 3.0, 0.5, 2.0), (0.9, 0.4, 0.0, 1.0)]:
            yield x, random.uniform(-4.0, 4.0, 60), reach, sigma, phi, amplitude


def main():
    with open(Path(__file__).parent / "question.csv", "w", newline="\n") as out:
        print(VERSIONS, file=out)
        for x, y, *settings in cases():
            smooth = flatten(x, y, *settings)
            for values in (x, [*settings, *y, *smooth]):
                print(",".join(repr(float(value)) for value in values), file=out)


if __name__ == "__main__":
    main()
