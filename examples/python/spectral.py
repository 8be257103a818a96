"""Right amplitudes of an FFT: "how many frequencies do I need, and what are their amplitudes?" """

from pathlib import Path

import numpy as np
from asked import spectral as asked
from hexad.spectral import rebuild
from shared import ASKED, HEXAD, TRUTH, new_figure, save, show_times, start, timed

ERRORS = np.logspace(-0.3, -9, 40)


def main(folder: Path, runs: int = 21) -> None:
    """Rebuilds the question's pulse with its program, from all frequencies, and with ours, from the fewest."""
    pulse = asked.data()
    fs = 1 / asked.dt

    by_asked, asked_s = timed(lambda: asked.rebuild(asked.fft_own(pulse)))
    found, ours_s = timed(lambda: rebuild(pulse, fs, error=0.01), runs)

    show_times(
        (f"the question's program, {asked.N} lines", asked_s),
        (f"hexad, the {len(found)} lines for an error of 1 %", ours_s),
    )
    print(f"as asked, the rebuild is {by_asked.max() / pulse.max():.4f} of the signal: 2 pi / T = {2 * np.pi / 10:.4f}")
    for f, amplitude, phase in zip(found.f, found.amplitude, found.phase, strict=True):
        print(f"  {f:.3f} Hz   amplitude {amplitude:.5f}   phase {phase:+.4f} rad")
    draw(folder, pulse, by_asked, found.y, len(found), fs)


def draw(folder: Path, pulse: np.ndarray, asked_y: np.ndarray, ours_y: np.ndarray, lines: int, fs: float) -> None:
    """The pulse and both rebuilds; and how many lines an error needs."""
    time = np.arange(len(pulse)) / fs
    counts = [len(rebuild(pulse, fs, error=error)) for error in ERRORS]

    figure = new_figure(9, 4)
    left, right = figure.subplots(1, 2)
    left.plot(time, pulse, color=TRUTH, linewidth=4, alpha=0.5, label="signal")
    left.plot(time, asked_y, color=ASKED, label=f"as asked, {len(pulse)} lines")
    left.plot(time, ours_y, color=HEXAD, linewidth=1.2, label=f"hexad, {lines} lines")
    left.set(title="The pulse, rebuilt", xlabel="time (s)", ylabel="density (1/s)", ylim=(-0.02, 0.58))
    left.legend(loc="upper right")
    right.loglog(ERRORS, counts, ".-", color=HEXAD)
    right.set(title="Lines that the pulse needs", xlabel="relative error (L2)", ylabel="lines")
    right.set_yticks([2, 5, 10, 20, 50, 100, 200], ["2", "5", "10", "20", "50", "100", "200"])
    right.set_yticks([], minor=True)
    right.grid(alpha=0.3)
    save(figure, folder, "spectral")


if __name__ == "__main__":
    start(main)
