"""Writes density.csv beside this script: counts, kernel densities and neighbours by NumPy, SciPy and KDEpy.

    pip install -r ../peers/requirements.txt
    python make_density.py

Lines: x, y, weights of the points; bounds and size of the view; counts; Scott's bandwidths; the kernel density
with them; the same two with weights; the sums of exp(-70 d^2)/5 over the five nearest points; distances to
the fifth; Scott's covariance (xx, xy, yy) and the density of gaussian_kde with it, without and with weights; the
weighted densities of KDEpy with its kernels epa, biweight and box at a bandwidth of 0.15. Grids row by row from the bottom. Numbers are written by repr, so that they read back to the same double.
"""

from pathlib import Path

import KDEpy
import numpy as np
import scipy
from scipy.spatial import cKDTree
from scipy.stats import gaussian_kde

HERE = Path(__file__).parent
BOUNDS, SIZE = (0.1, -0.3, 0.9, 0.7), (16, 20)


def numbers(values):
    return ",".join(repr(float(value)) for value in np.ravel(values))


def points():
    """Two clusters, and points on the pixels' edges, the last ones among them; one is a NaN."""
    random = np.random.default_rng(1)
    edges = [np.linspace(BOUNDS[axis], BOUNDS[axis + 2], SIZE[axis] + 1) for axis in (0, 1)]
    x = np.concatenate([random.normal(0.3, 0.1, 120), random.normal(0.7, 0.05, 120), random.choice(edges[0], 60), [np.nan]])
    y = np.concatenate([random.normal(0.0, 0.2, 240), random.choice(edges[1], 60), [0.0]])
    return x, y, np.round(random.uniform(0.0, 3.0, x.size), 6), edges


def kde(x, y, weights, centres):
    """The density at `centres` with Scott's bandwidth along each axis: gaussian_kde's factor, without its tilt."""
    factor = gaussian_kde([x, y], weights=weights).factor
    sigma = [factor * np.sqrt(np.cov(axis, aweights=weights)) for axis in (x, y)]
    share = np.ones(x.size) / x.size if weights is None else weights / weights.sum()
    terms = [scipy.stats.norm.pdf(centres[:, [axis]], (x, y)[axis][None, :], sigma[axis]) for axis in (0, 1)]
    return sigma, (terms[0] * terms[1]) @ share


def tilted(x, y, weights, centres):
    """gaussian_kde as it is, tilt included."""
    kde = gaussian_kde([x, y], weights=weights)
    return kde.covariance[[0, 0, 1], [0, 1, 1]], kde(centres.T)


def radial(x, y, weights, centres, kernel):
    return KDEpy.NaiveKDE(kernel=kernel, bw=0.15, norm=2).fit(np.c_[x, y], weights).evaluate(centres)


def main():
    x, y, weights, edges = points()
    middle = [0.5 * (edge[1:] + edge[:-1]) for edge in edges]
    centres = np.array([(a, b) for b in middle[1] for a in middle[0]])
    present = np.isfinite(x)
    px, py, pw = x[present], y[present], weights[present]
    counts, _, _ = np.histogram2d(py, px, bins=SIZE[::-1], range=[[BOUNDS[1], BOUNDS[3]], [BOUNDS[0], BOUNDS[2]]])
    nearest, _ = cKDTree(np.c_[px, py]).query(centres, 5)
    with open(HERE / "density.csv", "w", newline="\n") as out:
        print(f"# numpy {np.__version__}, scipy {scipy.__version__}, KDEpy {KDEpy.__version__}, make_density.py", file=out)
        for values in (x, y, weights, BOUNDS, SIZE, counts):
            print(numbers(values), file=out)
        for given in (None, pw):
            sigma, density = kde(px, py, given, centres)
            print(numbers(sigma), numbers(density), sep="\n", file=out)
        print(numbers(np.exp(-70 * nearest**2).sum(axis=1) / 5), file=out)
        print(numbers(nearest[:, 4]), file=out)
        for given in (None, pw):
            covariance, density = tilted(px, py, given, centres)
            print(numbers(covariance), numbers(density), sep="\n", file=out)
        for kernel in ("epa", "biweight", "box"):
            print(numbers(radial(px, py, pw, centres, kernel)), file=out)


if __name__ == "__main__":
    main()
