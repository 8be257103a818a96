"""A Hodgkin-Huxley neuron under Poisson spike trains: "with more neurons it takes forever to run"."""

from pathlib import Path

import numpy as np
from asked import neurons as asked
from hexad.neurons import QUESTION, Recording, bombardment, run
from shared import ASKED, HEXAD, new_figure, save, show_times, start, timed


def main(folder: Path, duration_ms: float = 300.0, runs: int = 21) -> None:
    """Runs the question's neuron under the same spikes with its program and with ours."""
    t = np.arange(0.0, duration_ms, asked.dt)
    np.random.seed(4)
    spikes = asked.poisson_spikes(t, asked.N, rate=10.0)
    arrivals = transmitted(spikes)

    np.random.seed(5)
    states, asked_s = timed(lambda: asked.integrate(t, spikes))
    question = {"current_ua_cm2": 3.0, "start": QUESTION}
    ours, ours_s = timed(lambda: run(duration_ms, arrivals=arrivals, **question), runs)
    thousands = bombardment(4000, 1000, rate_hz=10.0, release=0.5)
    _, thousands_s = timed(lambda: run(duration_ms, poisson=thousands, **question), runs)

    show_times(
        (f"the question's program, {asked.N} inputs, {duration_ms:g} ms", asked_s),
        ("hexad, the same spikes", ours_s),
        ("hexad, 5,000 inputs", thousands_s),
    )
    letter = to_the_letter(duration_ms, *arrivals)
    print(f"largest difference to the letter: {abs(letter.v_mv[: len(t)] - states[:, 0]).max():.1e} mV")
    counts = len(ours.spikes_ms), len(letter.spikes_ms)
    print(f"{counts[0]} spikes; as asked {counts[1]}, for inputs moved V by dt times their weight")
    draw(folder, t, states[:, 0], ours, arrivals)


def transmitted(spikes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Times and weights of the spikes that the question's program lets through: it draws where one arrives only."""
    np.random.seed(5)
    times = np.unique(spikes[:, 1])
    times = times[times > 0.0]
    weights = np.array([asked.I_syn(spikes, time) for time in times], dtype=float)
    return times, weights


def to_the_letter(duration_ms: float, times: np.ndarray, weights: np.ndarray) -> Recording:
    """The question's program: Euler's method, and inputs that are multiplied with the step at whose end they come."""
    within = (times - 0.5 * asked.dt, weights)
    return run(duration_ms, arrivals=within, current_ua_cm2=3.0, start=QUESTION, integrator="euler", synapse="seed")


def draw(folder: Path, t: np.ndarray, v: np.ndarray, ours: Recording, arrivals: tuple[np.ndarray, np.ndarray]) -> None:
    """The potential of both, and what arrived."""
    figure = new_figure(9, 4.5)
    above, below = figure.subplots(2, 1, sharex=True, height_ratios=[3, 1])
    above.plot(t, v, color=ASKED, label="as asked: 0.01 mV an input")
    above.plot(ours.t_ms, ours.v_mv, color=HEXAD, linewidth=1.0, label="hexad: 1 mV, and -4 mV where it inhibits")
    above.set(title="Membrane potential", ylabel="V (mV)", ylim=(-85, 75))
    above.legend(loc="upper right", ncols=2)
    times, weights = arrivals
    below.vlines(times, 0, weights, color=HEXAD, linewidth=0.8)
    below.axhline(0, color="black", linewidth=0.6)
    below.set(xlabel="time (ms)", ylabel="inputs (mV)", xlim=(0, t[-1]))
    save(figure, folder, "neurons")


if __name__ == "__main__":
    start(main)
