"""A convergence test of the leapfrog scheme: "I want to show that the scheme is of second order"."""

from pathlib import Path

import numpy as np
from asked import waves as asked
from hexad.waves import Study, converge
from shared import ASKED, HEXAD, TRUTH, new_figure, save, show_times, start, timed


def main(folder: Path, finest: int = 950) -> None:
    """Makes the question's study, 19 grids, with its program and with ours."""
    cells = list(range(50, finest + 1, 50))

    (pressure, velocity), asked_s = timed(lambda: asked.errors(cells))
    study, ours_s = timed(lambda: converge("one_wave", cells=cells, courant=0.3, duration=2.0), 5)

    show_times(
        (f"the question's program, {len(cells)} grids of up to {finest} points", asked_s),
        ("hexad, grids of as many cells", ours_s),
    )
    spacing = 1 / (np.array(cells) - 1)
    for name, errors in (("pressure", pressure), ("velocity", velocity)):
        at_end, over_time = (order(spacing, [pick(run) for run in errors]) for pick in (last, max))
        print(f"as asked, {name}: order {at_end:.2f} at the end, {over_time:.2f} by the largest error over time")
    print(f"hexad: {study.meaning}")
    draw(folder, spacing, pressure, velocity, study)


def last(errors: np.ndarray) -> float:
    """The one that the question's program plots."""
    return errors[-1]


def order(spacing: np.ndarray, errors: list[float]) -> float:
    """The slope, log against log."""
    return np.polyfit(np.log(spacing), np.log(errors), 1)[0]


def draw(
    folder: Path, spacing: np.ndarray, pressure: list[np.ndarray], velocity: list[np.ndarray], study: Study
) -> None:
    """Errors over spacing; and the errors of one run of the question's program over time."""
    figure = new_figure(9, 4)
    left, right = figure.subplots(1, 2)
    left.loglog(spacing, [last(run) for run in pressure], "o", mfc="none", color=ASKED, label="as asked: p at the end")
    left.loglog(spacing, [max(run) for run in pressure], "o", color=ASKED, label="as asked: p, largest over time")
    left.loglog(study.dx, study.error_p, "s", color=HEXAD, label="hexad: p, largest over time")
    left.loglog(study.dx, study.error_u, "x", color="black", markersize=4, label="hexad: u, largest over time")
    for power in (1, 2):
        guide = 5 * spacing if power == 1 else 60 * spacing**2
        left.loglog(spacing, guide, ":", color=TRUTH)
        left.text(1.07 * spacing[0], guide[0], f"dx$^{power}$", color=TRUTH, va="center")
    left.set(title="Errors fall with the spacing", xlabel="spacing dx", ylabel="L2 error", xlim=(None, 0.03))
    left.legend(fontsize=8, loc="lower right")
    chosen = 1
    time = np.linspace(0, 2, len(pressure[chosen]))
    right.plot(time, pressure[chosen], color=ASKED, label="p")
    right.plot(time, velocity[chosen], color=ASKED, linestyle="--", label="u")
    right.plot(time[-1], last(pressure[chosen]), "o", mfc="none", color="black", label="where it was looked at")
    right.set(title="One run as asked, 100 points", xlabel="time", ylabel="L2 error", ylim=(0, 0.042))
    right.legend(loc="upper center", ncols=3)
    save(figure, folder, "waves")


if __name__ == "__main__":
    start(main)
