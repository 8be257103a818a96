"""The delay between two devices: "which signal is the leading one?", with accuracy and robustness wanted."""

from pathlib import Path

import numpy as np
from asked.correlate import lag_finder
from hexad.correlate import delay
from shared import ASKED, HEXAD, TRUTH, new_figure, save, show_times, start, timed

FS = 10_000.0


def main(folder: Path, seconds: float = 5.0, trials: int = 41) -> None:
    """Finds delays of less than half a second between records of 10 kHz with the answer's program and with ours."""
    delays_s = np.linspace(-0.45, 0.45, trials) + np.random.default_rng(2).uniform(-0.5, 0.5, trials) / FS
    first, second = records(seconds, delays_s[-3])

    asked_s, took_asked = timed(lambda: lag_finder(first, second, FS), 3)
    found, took_ours = timed(lambda: delay(first, second, FS, max_lag_s=0.5), 11)

    show_times(
        (f"the answer's program, 2 x {len(first)} samples", took_asked),
        ("hexad, with uncertainty and verdict", took_ours),
    )
    print(f"true delay    {1e3 * delays_s[-3]:.4f} ms")
    print(f"as answered   {1e3 * asked_s:.4f} ms")
    print(f"hexad         {1e3 * found.delay_s:.4f} ms +- {1e3 * found.uncertainty_s:.4f} ms, {found.verdict}")
    draw(folder, seconds, delays_s)


def records(seconds: float, delay_s: float) -> tuple[np.ndarray, np.ndarray]:
    """Noise up to 2 kHz as two devices record it, the second `delay_s` later, each with white noise of its own."""
    samples = round(seconds * FS)
    random = np.random.default_rng(7)
    f = np.fft.rfftfreq(2 * samples, 1 / FS)
    lines = np.where(f < 2000, random.normal(size=len(f)) + 1j * random.normal(size=len(f)), 0)
    heard = [np.fft.irfft(lines * np.exp(-2j * np.pi * f * late))[:samples] for late in (0.0, delay_s)]
    return tuple(record + 0.1 * record.std() * random.normal(size=samples) for record in heard)


def draw(folder: Path, seconds: float, delays_s: np.ndarray) -> None:
    """A piece of both records; and how wrong both programs are over the delay."""
    pairs = [records(seconds, late) for late in delays_s]
    by_asked = np.array([lag_finder(*pair, FS) for pair in pairs])
    by_ours = [delay(*pair, FS, max_lag_s=0.5) for pair in pairs]
    wrong = FS * (np.array([found.delay_s for found in by_ours]) - delays_s)

    figure = new_figure(9, 4)
    left, right = figure.subplots(1, 2, width_ratios=[1, 1.3])
    first, second = records(seconds, 0.0023)
    piece = slice(1000, 1100)
    time = 1e3 * np.arange(100) / FS
    left.plot(time, first[piece] / first.std(), color=TRUTH, label="first device")
    left.plot(time, second[piece] / second.std(), color=HEXAD, label="second, 2.3 ms late")
    left.set(title="Two records of one noise", xlabel="time (ms)", ylabel="signal (sd)", ylim=(-3, 4.3))
    left.legend(loc="upper right")
    right.plot(1e3 * delays_s, FS * (by_asked - delays_s), "o", color=ASKED, markersize=4, label="as answered")
    spread = [FS * found.uncertainty_s for found in by_ours]
    right.errorbar(1e3 * delays_s, wrong, spread, fmt=".", color=HEXAD, label="hexad, and its uncertainty")
    right.set(title="Error of the delay", xlabel="true delay (ms)", ylabel="error (samples)", ylim=(-0.4, 1.6))
    right.axhline(0, color=TRUTH, linewidth=0.8)
    right.legend(loc="upper left")
    print(f"standard deviation of the error: {np.std(FS * (by_asked - delays_s)):.3f} and {np.std(wrong):.5f} samples")
    save(figure, folder, "correlate")


if __name__ == "__main__":
    start(main)
