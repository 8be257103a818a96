"""Faster Gaussian smoothing of x-y samples: "is there a function that takes the same arguments?" """

from pathlib import Path

import numpy as np
from asked.smoothing import GaussianFlattenData
from hexad.smoothing import gaussian_flatten, smooth
from shared import ASKED, HEXAD, TRUTH, new_figure, save, show_times, start, timed

REACH, SIGMA = 0.1, 10


def main(folder: Path, samples: int = 1000) -> None:
    """Smooths the question's random samples with its program and with ours."""
    x = np.arange(samples)
    y = np.random.default_rng(1).uniform(-4, 4, samples)

    asked, asked_s = timed(lambda: GaussianFlattenData(x, y, REACH, SIGMA, 0, 1))
    ours, ours_s = timed(lambda: smooth(y, x, sigma=SIGMA, reach=REACH).y, 101)
    letter, letter_s = timed(lambda: gaussian_flatten(x, y, REACH, SIGMA), 101)

    show_times(
        (f"the question's program, {samples} samples", asked_s),
        ("hexad, as it was meant", ours_s),
        ("hexad, the question's program to the letter", letter_s),
    )
    print(f"largest difference to the letter: {abs(letter - asked).max():.1e}")
    draw(folder, x, y, asked, ours)


def draw(folder: Path, x: np.ndarray, y: np.ndarray, asked: np.ndarray, ours: np.ndarray) -> None:
    """The samples and both smooths; and what both make of a straight line."""
    line = np.arange(100.0)
    by_asked = GaussianFlattenData(line, line, REACH, SIGMA, 0, 1)
    by_ours = smooth(line, sigma=SIGMA, reach=REACH, fit="linear").y
    shifts = (line - by_asked)[50], abs(line - by_ours).max()
    print(f"a rising line comes out lower by {shifts[0]:.3f} samples, and with hexad by {shifts[1]:.0e}")

    figure = new_figure(9, 4)
    left, right = figure.subplots(1, 2, width_ratios=[1.6, 1])
    part = slice(0, 300)
    left.plot(x[part], y[part], ".", color=TRUTH, markersize=3, alpha=0.6, label="samples")
    left.plot(x[part], asked[part], color=ASKED, linewidth=3, alpha=0.5, label="as asked")
    left.plot(x[part], ours[part], color=HEXAD, linewidth=1.2, label="hexad")
    left.set(title="Random samples, sigma 10, reach 0.1", xlabel="x (samples)", ylabel="y", ylim=(-4.2, 5.9))
    left.legend(loc="upper center", ncols=3)
    right.plot(line, by_asked - line, color=ASKED, label="as asked")
    right.plot(line, by_ours - line, color=HEXAD, label='hexad, fit="linear"')
    right.set(title="The line y = x, smoothed", xlabel="x (samples)", ylabel="smooth minus line", ylim=(-1, 1))
    right.legend(loc="upper right")
    save(figure, folder, "smoothing")


if __name__ == "__main__":
    start(main)
