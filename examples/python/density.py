"""Hot spots of scattered points: "30,000 points on 256 x 256 pixels, in around one second"."""

from pathlib import Path

import numpy as np
from asked.density import grid_density_gaussian_filter, grid_density_kdtree
from hexad.density import density_map
from shared import new_figure, save, show_times, start, timed

VIEW = (-0.5, -0.5, 0.5, 0.5)


def main(folder: Path, points: int = 30_000, pixels: int = 256) -> None:
    """Draws the question's zoomed view with its program, with the fastest answer's and with ours."""
    x, y = scattered(points)
    x0, y0, x1, y1 = VIEW
    places = np.linspace(x0, x1, pixels)

    neighbours, neighbours_s = timed(lambda: grid_density_kdtree(x, y, places, places, 70))
    pairs = list(zip(x, y, strict=True))
    answer, answer_s = timed(lambda: grid_density_gaussian_filter(*VIEW, pixels, pixels, pairs), 3)
    view = {"bbox": VIEW, "shape": pixels}
    _, nearest_s = timed(lambda: density_map(x, y, **view, method="knn", neighbours=5, decay=70), 5)
    ours, ours_s = timed(lambda: density_map(x, y, **view, bandwidth="20px", normalize="count"), 21)

    show_times(
        (f"the question's program, 5 nearest of {points} points", neighbours_s),
        ("hexad, the same score", nearest_s),
        ("the fastest answer, counts and a Gaussian filter", answer_s),
        ("hexad, Gaussians to 1e-5", ours_s),
    )
    inside = answer[20:-20, 20:-20]  # its picture has the border in it
    exact = density_map(x, y, **view, bandwidth="20px", normalize="count", method="exact").values
    peak = exact.max()
    wrong = [abs(found - exact).max() / peak for found in (inside, ours.values)]
    print(f"largest error, of the peak: {wrong[0]:.1%} of the answer, {wrong[1]:.0e} of hexad")
    draw(folder, neighbours, ours.values / peak, (inside - exact) / peak)


def scattered(points: int) -> tuple[np.ndarray, np.ndarray]:
    """Half of them anywhere in the question's square, half in towns of some size."""
    random = np.random.default_rng(3)
    towns = random.uniform(-2, 2, (60, 2))
    chosen = random.integers(0, len(towns), points // 2)
    in_towns = towns[chosen] + random.normal(0, 0.08, (points // 2, 2))
    anywhere = random.uniform(-2, 2, (points - points // 2, 2))
    x, y = np.concatenate([in_towns, anywhere]).T
    return x, y


def draw(folder: Path, asked: np.ndarray, ours: np.ndarray, wrong: np.ndarray) -> None:
    """The question's map and ours of the same view, and what is wrong with the fastest answer's."""
    limit = 100 * abs(wrong).max()
    signed = {"cmap": "RdBu_r", "vmin": -limit, "vmax": limit}
    maps = (
        ("As asked: 5 nearest", asked / 255, "score", {"cmap": "inferno"}),
        ("hexad: Gaussians of 20 pixels", ours, "density, peak 1", {"cmap": "inferno"}),
        ("Error of the fastest answer", 100 * wrong, "percent of the peak", signed),
    )
    x0, y0, x1, y1 = VIEW
    figure = new_figure(11, 3.9)
    panels = figure.subplots(1, 3, sharey=True)
    for panel, (title, values, unit, colors) in zip(panels, maps, strict=True):
        image = panel.imshow(values, origin="lower", extent=(x0, x1, y0, y1), **colors)
        panel.set(title=title, xlabel="x (data units)")
        figure.colorbar(image, ax=panel, label=unit, orientation="horizontal", shrink=0.75)
    panels[0].set_ylabel("y (data units)")
    save(figure, folder, "density")


if __name__ == "__main__":
    start(main)
