"""What the examples share: the clock, the table of times, and where pictures go."""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from hexad import set_threads
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image

T = TypeVar("T")

HERE = Path(__file__).parent
ASKED = "#c44e52"
HEXAD = "#2a6fb0"
TRUTH = "#888888"


def start(example: Callable[[Path], None]) -> None:
    """Runs an example from the command line, on one core, as the posted programs run."""
    set_threads(1)
    parser = argparse.ArgumentParser(description=example.__doc__)
    parser.add_argument("folder", nargs="?", type=Path, default=HERE, help="where the picture goes; default: beside")
    folder = parser.parse_args().folder
    folder.mkdir(parents=True, exist_ok=True)
    example(folder)


def timed(work: Callable[[], T], runs: int = 1) -> tuple[T, float]:
    """What `work` returns, and the median of the seconds that it takes."""
    seconds = []
    for _ in range(runs):
        begun = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - begun)
    return result, statistics.median(seconds)


def show_times(*rows: tuple[str, float]) -> None:
    """Prints who takes how long, and how many times as fast each is as the first."""
    first = rows[0][1]
    for name, seconds in rows:
        ratio = first / seconds
        times = "" if ratio == 1 else f"{ratio:14,.{0 if ratio > 10 else 1}f} x"
        print(f"{name:58}{_readable(seconds):>10}{times}")


def new_figure(width: float, height: float) -> Figure:
    """A figure in inches whose parts keep clear of each other."""
    return Figure(figsize=(width, height), layout="constrained")


def save(figure: Figure, folder: Path, name: str) -> None:
    """Writes the picture, with as few colors as look the same, and says where."""
    path = folder / f"python_{name}.png"
    canvas = FigureCanvasAgg(figure)
    figure.set_dpi(110)
    canvas.draw()
    Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB").quantize(256, kmeans=1).save(path, optimize=True)
    print(f"picture: {path}")


def _readable(seconds: float) -> str:
    for unit, size in (("s", 1.0), ("ms", 1e-3)):
        if seconds >= 0.9995 * size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-6:.3g} us"
