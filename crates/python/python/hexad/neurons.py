"""Hodgkin-Huxley neurons under synaptic bombardment: one with all its traces, thousands at once, or a network.

Times are in ms, potentials in mV, currents in uA/cm2, conductances in mS/cm2, rates of spikes in Hz; names say so.

>>> from hexad import neurons
>>> found = neurons.run(300, current_ua_cm2=3.0, start=neurons.QUESTION)
>>> found.spikes_ms.round(3)
array([4.835])
"""

from __future__ import annotations

from hexad._neurons.analysis import (
    FiCurve,
    PhasePlane,
    TriggeredAverage,
    fi_curve,
    instantaneous_threshold_mv,
    phase_plane,
    rest_loses_stability,
    rheobase,
)
from hexad._neurons.drive import Current, Poisson, bombardment
from hexad._neurons.model import HODGKIN_HUXLEY, QUESTION, TRAUB_MILES, Model, Rate, State
from hexad._neurons.network import Group, Network, population
from hexad._neurons.single import Recording, run
from hexad._neurons.statistics import (
    Intervals,
    Psth,
    Spikes,
    fano_factor,
    interval_statistics,
    isi_histogram,
    isi_ms,
    psth,
    spike_triggered_average,
)

__all__ = [
    "Current",
    "FiCurve",
    "Group",
    "HODGKIN_HUXLEY",
    "Intervals",
    "Model",
    "Network",
    "PhasePlane",
    "Poisson",
    "Psth",
    "QUESTION",
    "Rate",
    "Recording",
    "Spikes",
    "State",
    "TRAUB_MILES",
    "TriggeredAverage",
    "bombardment",
    "fano_factor",
    "fi_curve",
    "instantaneous_threshold_mv",
    "interval_statistics",
    "isi_histogram",
    "isi_ms",
    "phase_plane",
    "population",
    "psth",
    "rest_loses_stability",
    "rheobase",
    "run",
    "spike_triggered_average",
]
