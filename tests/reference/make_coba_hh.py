"""Writes coba_hh.csv beside this script: the COBA-HH network of Brette et al. 2007 by Brian 2.

    pip install brian2==2.9.0 numpy==2.3.5 setuptools
    python make_coba_hh.py

The equations and the start are those of benchmark 3 as Brian's authors publish it. The step is half of theirs, as
exponential Euler is of order 1; and a neuron that spiked does so again after having been below -40 mV, not after 3 ms,
which counts a neuron that stays depolarised many times. Lines: seed, mean rate of all neurons in Hz, mean coefficient of variation of the intervals
of the neurons with six spikes or more, and how many those are, from 300 to 1,300 ms after the start.
"""

from pathlib import Path

import brian2
import numpy as np
from brian2 import (Hz, Network, NeuronGroup, SpikeMonitor, Synapses, defaultclock, ms, mV, nS, prefs, seed, siemens,
                    cm, ufarad, um, msiemens)

SEEDS = range(1, 11)
FROM_MS, UNTIL_MS = 300.0, 1300.0

AREA = 20000 * um**2
CONSTANTS = {
    "Cm": 1 * ufarad * cm**-2 * AREA,
    "gl": 5e-5 * siemens * cm**-2 * AREA,
    "g_na": 100 * msiemens * cm**-2 * AREA,
    "g_kd": 30 * msiemens * cm**-2 * AREA,
    "El": -60 * mV, "EK": -90 * mV, "ENa": 50 * mV, "VT": -63 * mV, "Ee": 0 * mV, "Ei": -80 * mV,
    "taue": 5 * ms, "taui": 10 * ms, "we": 6 * nS, "wi": 67 * nS, "mV": mV, "ms": ms, "nS": nS,
}
EQUATIONS = """
dv/dt = (gl*(El-v) + ge*(Ee-v) + gi*(Ei-v) - g_na*(m*m*m)*h*(v-ENa) - g_kd*(n*n*n*n)*(v-EK))/Cm : volt
dm/dt = alpha_m*(1-m) - beta_m*m : 1
dn/dt = alpha_n*(1-n) - beta_n*n : 1
dh/dt = alpha_h*(1-h) - beta_h*h : 1
dge/dt = -ge/taue : siemens
dgi/dt = -gi/taui : siemens
alpha_m = 0.32*4/exprel((13*mV-v+VT)/(4*mV))/ms : Hz
beta_m = 0.28*5/exprel((v-VT-40*mV)/(5*mV))/ms : Hz
alpha_h = 0.128*exp((17*mV-v+VT)/(18*mV))/ms : Hz
beta_h = 4/(1+exp((40*mV-v+VT)/(5*mV)))/ms : Hz
alpha_n = 0.032*5/exprel((15*mV-v+VT)/(5*mV))/ms : Hz
beta_n = 0.5*exp((10*mV-v+VT)/(40*mV))/ms : Hz
"""


def spikes_of(number):
    seed(number)
    defaultclock.dt = 0.05 * ms
    neurons = NeuronGroup(4000, EQUATIONS, threshold="v > -20*mV", refractory="v >= -40*mV", method="exponential_euler",
                          namespace=CONSTANTS)
    to_excite = Synapses(neurons, neurons, on_pre="ge += we", namespace=CONSTANTS)
    to_inhibit = Synapses(neurons, neurons, on_pre="gi += wi", namespace=CONSTANTS)
    to_excite.connect("i < 3200", p=0.02)
    to_inhibit.connect("i >= 3200", p=0.02)
    neurons.v = "El + (randn()*5 - 5)*mV"
    neurons.ge = "(randn()*1.5 + 4)*10*nS"
    neurons.gi = "(randn()*12 + 20)*10*nS"
    monitor = SpikeMonitor(neurons)
    Network(neurons, to_excite, to_inhibit, monitor).run(UNTIL_MS * ms)
    return np.asarray(monitor.i), np.asarray(monitor.t / ms)


def statistics(neuron, time_ms):
    late = time_ms >= FROM_MS
    neuron, time_ms = neuron[late], time_ms[late]
    rate_hz = neuron.size / 4000 / ((UNTIL_MS - FROM_MS) / 1000)
    trains = (np.diff(np.sort(time_ms[neuron == index])) for index in range(4000))
    variation = [train.std(ddof=1) / train.mean() for train in trains if train.size >= 5]
    return rate_hz, np.mean(variation), len(variation)


def main():
    prefs.codegen.target = "cython"
    with open(Path(__file__).parent / "coba_hh.csv", "w", newline="\n") as out:
        print(f"# brian2 {brian2.__version__}, numpy {np.__version__}, make_coba_hh.py", file=out)
        for number in SEEDS:
            rate_hz, variation, count = statistics(*spikes_of(number))
            print(f"{number},{rate_hz!r},{float(variation)!r},{count}", file=out, flush=True)


if __name__ == "__main__":
    main()
