"""Writes neuron.csv beside this script: known numbers of the classic Hodgkin-Huxley neuron, by SciPy's DOP853.

    pip install -r ../peers/requirements.txt
    python make_neuron.py

Lines: name, value. Times are of crossings of 0 mV, found on the solver's own interpolant; thresholds are the least that
crosses 0 mV within 100 ms.
"""

from pathlib import Path

import numpy as np
import scipy
from scipy.integrate import solve_ivp
from scipy.optimize import brentq
from scipy.special import exprel

QUESTION = [-65.0, 0.05, 0.6, 0.32]


def rates(v):
    return (
        1.0 / exprel(-(v + 40.0) / 10.0),
        4.0 * np.exp(-(v + 65.0) / 18.0),
        0.07 * np.exp(-(v + 65.0) / 20.0),
        1.0 / (1.0 + np.exp(-(v + 35.0) / 10.0)),
        0.1 / exprel(-(v + 55.0) / 10.0),
        0.125 * np.exp(-(v + 65.0) / 80.0),
    )


def steady(v):
    am, bm, ah, bh, an, bn = rates(v)
    return [v, am / (am + bm), ah / (ah + bh), an / (an + bn)]


def outward(v, m, h, n):
    return 120.0 * m**3 * h * (v - 50.0) + 36.0 * n**4 * (v + 77.0) + 0.3 * (v + 54.387)


def derivative(_, state, current):
    v, m, h, n = state
    am, bm, ah, bh, an, bn = rates(v)
    return [current - outward(*state), am - (am + bm) * m, ah - (ah + bh) * h, an - (an + bn) * n]


def crossings(start, current, duration_ms, first=False):
    def event(_, state, __):
        return state[0]

    event.direction, event.terminal = 1.0, first
    # The tightest that DOP853 takes; the step is kept short for its interpolant.
    run = solve_ivp(derivative, (0.0, duration_ms), start, "DOP853", events=event, args=(current,), rtol=3e-14,
                    atol=1e-15, max_step=0.05)
    return run.t_events[0]


def least(low, high, fires):
    while high - low > 1e-9:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if fires(middle) else (middle, high)
    return 0.5 * (low + high)


def main():
    rest_mv = brentq(lambda v: outward(*steady(v)), -70.0, -60.0, xtol=1e-14, rtol=1e-15)
    rest = steady(rest_mv)
    train = crossings(rest, 10.0, 300.0)
    values = {
        "resting_mv": rest_mv,
        "first_spike_at_10_ms": train[0],
        "interval_at_10_ms": train[-1] - train[-2],
        "question_spike_ms": crossings(QUESTION, 3.0, 300.0)[0],
        "rheobase_ua_cm2": least(2.0, 2.5, lambda current: crossings(rest, current, 100.0, True).size > 0),
        "threshold_mv": least(
            6.0, 7.0, lambda jump: crossings([rest_mv + jump, *rest[1:]], 0.0, 100.0, True).size > 0
        ),
    }
    with open(Path(__file__).parent / "neuron.csv", "w", newline="\n") as out:
        print(f"# scipy {scipy.__version__}, numpy {np.__version__}, make_neuron.py", file=out)
        for name, value in values.items():
            print(f"{name},{float(value)!r}", file=out)


if __name__ == "__main__":
    main()
