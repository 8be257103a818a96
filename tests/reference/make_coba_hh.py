"""Writes coba_hh.csv beside this script: networks like the COBA-HH benchmark of Brette et al. 2007, by Brian 2.

    pip install brian2==2.9.0 numpy==2.3.5 setuptools
    python make_coba_hh.py

Neurons and synapses are those of benchmark 3 as Brian's authors publish it. Who is connected, and where neurons start, comes
from SplitMix64 of a few whole numbers, so that others can build the very same networks; a current of 20 ms sets them off.
Runge-Kutta of order 4 at half of the authors' step; a neuron that spiked does so again after having been below -40 mV.
Lines: network, mean rate of all neurons in Hz, mean coefficient of variation of the intervals of the neurons with six
spikes or more, and how many those are, from 200 to 800 ms after the start.
"""

from pathlib import Path

import brian2
import numpy as np
from brian2 import (Network, NeuronGroup, SpikeMonitor, Synapses, cm, defaultclock, ms, msiemens, mV, nS, prefs, siemens, uA,
                    ufarad, um)

NETWORKS = range(5)
FROM_MS, UNTIL_MS = 200.0, 800.0

AREA = 20000 * um**2
CONSTANTS = {
    "Cm": 1 * ufarad * cm**-2 * AREA,
    "gl": 5e-5 * siemens * cm**-2 * AREA,
    "g_na": 100 * msiemens * cm**-2 * AREA,
    "g_kd": 30 * msiemens * cm**-2 * AREA,
    "El": -60 * mV, "EK": -90 * mV, "ENa": 50 * mV, "VT": -63 * mV, "Ee": 0 * mV, "Ei": -80 * mV,
    "onset": 2 * uA * cm**-2 * AREA,
    "taue": 5 * ms, "taui": 10 * ms, "we": 6 * nS, "wi": 67 * nS, "mV": mV, "ms": ms, "nS": nS,
}
EQUATIONS = """
dv/dt = (onset*int(t < 20*ms) + gl*(El-v) + ge*(Ee-v) + gi*(Ei-v) - g_na*(m*m*m)*h*(v-ENa) - g_kd*(n*n*n*n)*(v-EK))/Cm : volt
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


def units(first, count):
    """Numbers in [0, 1): SplitMix64's of the whole numbers from `first` on."""
    with np.errstate(over="ignore"):
        z = (np.arange(first, first + count, dtype=np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        z = z ^ (z >> np.uint64(31))
    return (z >> np.uint64(11)) * 2.0**-53


def targets(network, source):
    chosen = units((network << 40) + 4000 * source, 4000) < 0.02
    chosen[source] = False
    return np.flatnonzero(chosen)


def connected(synapses, network, sources):
    rows = [targets(network, source) for source in sources]
    synapses.connect(i=np.repeat(sources, [row.size for row in rows]), j=np.concatenate(rows))


def spikes_of(network):
    defaultclock.dt = 0.05 * ms
    neurons = NeuronGroup(4000, EQUATIONS, threshold="v > -20*mV", refractory="v >= -40*mV", method="rk4",
                          namespace=CONSTANTS)
    to_excite = Synapses(neurons, neurons, on_pre="ge += we", namespace=CONSTANTS)
    to_inhibit = Synapses(neurons, neurons, on_pre="gi += wi", namespace=CONSTANTS)
    connected(to_excite, network, range(3200))
    connected(to_inhibit, network, range(3200, 4000))
    neurons.v = (-75 + 20 * units((network << 40) + (1 << 39), 4000)) * mV
    neurons.m = "alpha_m/(alpha_m + beta_m)"
    neurons.h = "alpha_h/(alpha_h + beta_h)"
    neurons.n = "alpha_n/(alpha_n + beta_n)"
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
        for network in NETWORKS:
            rate_hz, variation, count = statistics(*spikes_of(network))
            print(f"{network},{float(rate_hz)!r},{float(variation)!r},{count}", file=out, flush=True)


if __name__ == "__main__":
    main()
