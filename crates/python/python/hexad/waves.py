"""Acoustic waves on staggered grids by leapfrog: the start right without knowing how, the order measured in one call.

``p_t = -K div u + s`` and ``rho u_t = -grad p`` in one, two and three dimensions; pressure at the centres of cells and
at whole steps, velocity on their faces and half a step later (Yee 1966; Virieux 1986).

>>> from hexad import waves
>>> study = waves.converge("one_wave", cells=[50, 100, 200], start="naive")
>>> study.verdict
'lower'
>>> waves.converge("one_wave", cells=[50, 100, 200]).verdict
'confirmed'
"""

from __future__ import annotations

from hexad._waves.advice import Dispersion, dispersion
from hexad._waves.model import Absorbing, Model, Source
from hexad._waves.simulation import Run, Simulation
from hexad._waves.study import Study, converge, converge_by_richardson

__all__ = [
    "Absorbing",
    "Dispersion",
    "Model",
    "Run",
    "Simulation",
    "Source",
    "Study",
    "converge",
    "converge_by_richardson",
    "dispersion",
]
