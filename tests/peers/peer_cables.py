"""Neurons by simulators of neurons with extent, here without any, timed on request: the loop over the steps only."""

import math
import time
from functools import lru_cache

import arbor
import neuron
import numpy as np
from neuron import h

from serve import serve

h.load_file("stdrun.hoc")
# A cylinder of 1000 um2.
SIDE_UM = math.sqrt(1000.0 / math.pi)
# 10 uA/cm2 on it.
CURRENT_NA = 0.1
LEAK_MV, CELSIUS = -54.387, 6.3
# Cells that Arbor steps together.
GROUP = 256


def crossing(times_ms, v_mv, count):
    """When V crosses 0 mV upward for the time `count`, on a straight line between samples."""
    after = np.flatnonzero((v_mv[:-1] < 0.0) & (v_mv[1:] >= 0.0))[count - 1] + 1
    share = v_mv[after] / (v_mv[after] - v_mv[after - 1])
    return times_ms[after] - share * (times_ms[after] - times_ms[after - 1])


def point_cells(count):
    """Sections of one segment, with what injects into them."""
    cells = []
    for _ in range(count):
        section = h.Section()
        section.L = section.diam = SIDE_UM
        section.cm = 1.0
        section.insert("hh")
        section(0.5).hh.el = LEAK_MV
        clamp = h.IClamp(section(0.5))
        clamp.delay, clamp.dur, clamp.amp = 0.0, 1e9, CURRENT_NA
        cells.append((section, clamp))
    h.celsius = CELSIUS
    return cells


def settle(scheme, dt_ms, rest_mv):
    """Time to 0, V at rest; `scheme` "default", or "second order" without tables."""
    second_order = scheme == "second order"
    h.usetable_hh, h.secondorder = (0, 2) if second_order else (1, 0)
    h.dt, h.steps_per_ms = dt_ms, 1.0 / dt_ms
    neuron_context.set_maxstep(10)
    h.finitialize(rest_mv)


neuron_context = h.ParallelContext()
# The sections of the process are simulated together: those in use.
sections = {"scheme": None, "cells": []}


@lru_cache(maxsize=2)
def neuron_error_ms(scheme, dt_ms, rest_mv, spike_ms, spikes):
    """Of the spike `spikes` of one cell, about a second after the start."""
    sections.update(scheme=None, cells=point_cells(1))
    section = sections["cells"][0][0]
    v_mv, times_ms = h.Vector().record(section(0.5)._ref_v), h.Vector().record(h._ref_t)
    settle(scheme, dt_ms, rest_mv)
    neuron_context.psolve(1100.0)
    return abs(crossing(np.array(times_ms), np.array(v_mv), spikes) - spike_ms)


def neuron_run(duration_ms, **_):
    neuron_context.psolve(h.t + duration_ms)


class Recipe(arbor.recipe):
    def __init__(self, count, rest_mv):
        arbor.recipe.__init__(self)
        self.count = count
        tree = arbor.segment_tree()
        tree.append(arbor.mnpos, arbor.mpoint(0, 0, 0, SIDE_UM / 2), arbor.mpoint(SIDE_UM, 0, 0, SIDE_UM / 2), tag=1)
        decor = arbor.decor()
        decor.set_property(Vm=rest_mv * arbor.units.mV, cm=0.01 * arbor.units.F / arbor.units.m2)
        decor.set_property(tempK=(CELSIUS + 273.15) * arbor.units.Kelvin)
        decor.paint("(all)", arbor.density("hh", {"el": LEAK_MV}))
        decor.place("(location 0 0.5)", arbor.i_clamp(CURRENT_NA * arbor.units.nA))
        self.cell = arbor.cable_cell(tree, decor, discretization=arbor.cv_policy_single())
        self.properties = arbor.neuron_cable_properties()

    def num_cells(self):
        return self.count

    def cell_kind(self, _):
        return arbor.cell_kind.cable

    def cell_description(self, _):
        return self.cell

    def global_properties(self, _):
        return self.properties

    def probes(self, gid):
        return [arbor.cable_probe_membrane_voltage("(location 0 0.5)", "v")] if self.count == 1 else []


def arbor_simulation(count, rest_mv):
    recipe, context = Recipe(count, rest_mv), arbor.context(threads=1)
    # In groups, or there is nothing to make vectors of.
    hint = {arbor.cell_kind.cable: arbor.partition_hint(cpu_group_size=GROUP, prefer_gpu=False)}
    return arbor.simulation(recipe, context, arbor.partition_load_balance(recipe, context, hint))


@lru_cache(maxsize=1)
def arbor_error_ms(dt_ms, rest_mv, spike_ms, spikes):
    simulation = arbor_simulation(1, rest_mv)
    every = arbor.regular_schedule(dt_ms * arbor.units.ms)
    handle = simulation.sample((0, "v"), every)
    simulation.run(1100.0 * arbor.units.ms, dt_ms * arbor.units.ms)
    samples = simulation.samples(handle)[0][0]
    return abs(crossing(samples[:, 0], samples[:, 1], spikes) - spike_ms)


arbor_at = {"simulation": None, "time_ms": 0.0}


def arbor_run(duration_ms, dt_ms, **_):
    arbor_at["time_ms"] += duration_ms
    before = time.process_time()
    arbor_at["simulation"].run(arbor_at["time_ms"] * arbor.units.ms, dt_ms * arbor.units.ms)
    return {"cpu_s": time.process_time() - before}


def prepare(call, arguments):
    """Makes the cells."""
    rest_mv = arguments["start"][0]
    known = [arguments["dt_ms"], rest_mv, arguments["spike_ms"], arguments["spikes"]]
    if call == "arbor":
        if arbor_at["simulation"] is None:
            arbor_at["simulation"] = arbor_simulation(arguments["neurons"], rest_mv)
        return {"error": arbor_error_ms(*known)}
    scheme = arguments["scheme"]
    error_ms = neuron_error_ms(scheme, *known)
    if sections["scheme"] != scheme:
        sections.update(scheme=scheme, cells=point_cells(arguments["neurons"]))
        settle(scheme, arguments["dt_ms"], rest_mv)
    return {"error": error_ms}


if __name__ == "__main__":
    serve({"neuron": neuron_run, "arbor": arbor_run}, {"NumPy": np, "NEURON": neuron, "Arbor": arbor}, prepare)
