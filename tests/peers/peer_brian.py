"""Neurons by the C++ that Brian 2 writes, timed on request: the loop over the steps only, as it tells itself."""

import contextlib
import resource
import subprocess
import sys
from functools import lru_cache
from pathlib import Path

import brian2
import numpy as np
from brian2 import Hz, NeuronGroup, PoissonInput, SpikeMonitor, Synapses, defaultclock, device, ms, mV, set_device

from serve import serve

set_device("cpp_standalone", build_on_run=False)

# In mV, ms, mS/cm2 and uA/cm2, by volt and second where Brian asks for units.
CLASSIC = """
dv/dt = (current - 120*m**3*h*(v/mV - 50) - 36*n**4*(v/mV + 77) - 0.3*(v/mV + 54.387))*mV/ms : volt
dm/dt = (1.0/exprel(-(v/mV + 40)/10)*(1 - m) - 4*exp(-(v/mV + 65)/18)*m)/ms : 1
dh/dt = (0.07*exp(-(v/mV + 65)/20)*(1 - h) - 1/(1 + exp(-(v/mV + 35)/10))*h)/ms : 1
dn/dt = (0.1/exprel(-(v/mV + 55)/10)*(1 - n) - 0.125*exp(-(v/mV + 65)/80)*n)/ms : 1
current : 1 (shared)
"""

# Brette et al. 2007, benchmark 3, per cm2.
TRAUB_MILES = """
dv/dt = (ge*(-v/mV) + gi*(-80 - v/mV) - 100*m**3*h*(v/mV - 50) - 30*n**4*(v/mV + 90) - 0.05*(v/mV + 60))*mV/ms : volt
dm/dt = (1.28/exprel(-(v/mV + 50)/4)*(1 - m) - 1.4/exprel((v/mV + 23)/5)*m)/ms : 1
dh/dt = (0.128*exp(-(v/mV + 46)/18)*(1 - h) - 4/(1 + exp(-(v/mV + 23)/5))*h)/ms : 1
dn/dt = (0.16/exprel(-(v/mV + 48)/5)*(1 - n) - 0.5*exp(-(v/mV + 53)/40)*n)/ms : 1
dge/dt = -ge/(5*ms) : 1
dgi/dt = -gi/(10*ms) : 1
"""


@contextlib.contextmanager
def project(name, dt_ms):
    """A folder for the C++ of what is defined within, which is compiled at its end."""
    folder = Path("brian", name).resolve()
    device.reinit()
    device.activate(build_on_run=False)
    defaultclock.dt = dt_ms * ms
    brian2.seed(1)
    yield folder
    # The answers are what this process prints.
    with contextlib.redirect_stdout(sys.stderr):
        device.build(directory=str(folder), compile=True, run=False, debug=False)


def classic(count, start, current):
    neurons = NeuronGroup(count, CLASSIC, threshold="v > 0*mV", refractory="v > -30*mV", method="exponential_euler")
    neurons.v, neurons.m, neurons.h, neurons.n = start[0] * mV, *start[1:]
    neurons.current = current
    return neurons


@lru_cache(maxsize=1)
def bombarded_project(neurons, duration_ms, dt_ms, start):
    with project("bombarded", dt_ms) as folder:
        group = classic(neurons, start, 0.0)
        excitatory = PoissonInput(group, "v", N=102, rate=5 * Hz, weight=2 * mV)
        inhibitory = PoissonInput(group, "v", N=26, rate=5 * Hz, weight=-2 * mV)
        spikes = SpikeMonitor(group)
        brian2.Network(group, excitatory, inhibitory, spikes).run(duration_ms * ms)
    return folder


@lru_cache(maxsize=1)
def last_spike_error_ms(dt_ms, start, spike_ms, spikes):
    """Of one neuron at 10 uA/cm2; a spike is told by the start of its step, in whose middle it is taken to be."""
    with project("alone", dt_ms) as folder:
        group = classic(1, start, 10.0)
        monitor = SpikeMonitor(group)
        brian2.Network(group, monitor).run(1100 * ms)
    run(folder)
    return abs(spike_times_ms(folder)[spikes - 1] + 0.5 * dt_ms - spike_ms)


@lru_cache(maxsize=1)
def network_project(duration_ms, dt_ms):
    with project("network", dt_ms) as folder:
        group = NeuronGroup(4000, TRAUB_MILES, threshold="v > -20*mV", refractory=3 * ms, method="exponential_euler")
        group.v = "(-65 + 5*randn())*mV"
        group.ge, group.gi = "(1.5*randn() + 4)*0.05", "(12*randn() + 20)*0.05"
        excitatory = Synapses(group[:3200], group, on_pre="ge_post += 0.03")
        excitatory.connect(p=0.02)
        inhibitory = Synapses(group[3200:], group, on_pre="gi_post += 0.335")
        inhibitory.connect(p=0.02)
        spikes = SpikeMonitor(group)
        brian2.Network(group, excitatory, inhibitory, spikes).run(duration_ms * ms)
    return folder


def run(folder):
    """The loop's own time by the clock, but not more than the processor time of the whole process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([str(folder / "main")], cwd=folder, stdout=subprocess.DEVNULL, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    wall_s = float((folder / "results" / "last_run_info.txt").read_text().split()[0])
    cpu_s = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall_s": wall_s, "cpu_s": min(wall_s, cpu_s)}


def spike_times_ms(folder):
    return 1e3 * np.fromfile(next((folder / "results").glob("_dynamic_array_spikemonitor*_t_*")))


def bombarded(neurons, duration_ms, dt_ms, start, spike_ms, spikes):
    return run(bombarded_project(neurons, duration_ms, dt_ms, tuple(start)))


def network(duration_ms, dt_ms, rate_hz):
    folder = network_project(duration_ms, dt_ms)
    times = run(folder)
    late = np.count_nonzero(spike_times_ms(folder) >= 300.0)
    return times | {"difference": abs(late / 4000 / (1e-3 * (duration_ms - 300.0)) / rate_hz - 1.0)}


def prepare(call, arguments):
    """Compiles."""
    if call == "network":
        network_project(arguments["duration_ms"], arguments["dt_ms"])
        return None
    arguments = arguments | {"start": tuple(arguments["start"])}
    names = ("dt_ms", "start", "spike_ms", "spikes")
    error_ms = last_spike_error_ms(*(arguments[name] for name in names))
    bombarded_project(*(arguments[name] for name in ("neurons", "duration_ms", "dt_ms", "start")))
    return {"error": error_ms}


if __name__ == "__main__":
    serve({"bombarded": bombarded, "network": network}, {"NumPy": np, "Brian": brian2}, prepare)
