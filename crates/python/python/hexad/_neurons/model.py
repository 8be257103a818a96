"""Parameter sets and states."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, NamedTuple

from hexad import _hexad


class State(NamedTuple):
    """Membrane potential and gates."""

    v_mv: float
    """Membrane potential."""
    m: float
    """Activation of sodium, 0 to 1."""
    h: float
    """Inactivation of sodium, 0 (shut) to 1."""
    n: float
    """Activation of potassium, 0 to 1."""


QUESTION = State(-65.0, 0.05, 0.6, 0.32)
"""Where many a first program starts."""


class Rate(NamedTuple):
    """How fast a gate opens or closes; ``x = (V - midpoint_mv) / scale_mv``."""

    form: Literal["exponential", "sigmoid", "linoid"]
    """``exp(x)``, ``1 / (1 + exp(-x))`` or ``x / (1 - exp(-x))``."""
    rate_per_ms: float
    """Factor."""
    midpoint_mv: float
    """Where x is 0."""
    scale_mv: float
    """How much V takes x from 0 to 1."""


@dataclass(frozen=True)
class Model:
    """A parameter set: a membrane with sodium, potassium and leak.

    ``C dV/dt = I - g_Na m^3 h (V - E_Na) - g_K n^4 (V - E_K) - g_L (V - E_L)``, ``dx/dt = alpha (1 - x) - beta x``.
    `HODGKIN_HUXLEY` and `TRAUB_MILES` are two; `dataclasses.replace` changes one.

    Examples
    --------
    >>> HODGKIN_HUXLEY.g_na_ms_cm2, HODGKIN_HUXLEY.e_l_mv
    (120.0, -54.387)
    >>> round(HODGKIN_HUXLEY.resting_state().v_mv, 6)
    -64.996379
    """

    name: str
    """Name."""
    source: str
    """Where the values come from."""
    capacitance_uf_cm2: float
    """Capacitance."""
    g_na_ms_cm2: float
    """Largest sodium conductance."""
    g_k_ms_cm2: float
    """Largest potassium conductance."""
    g_l_ms_cm2: float
    """Leak conductance."""
    e_na_mv: float
    """Reversal potential of sodium."""
    e_k_mv: float
    """Reversal potential of potassium."""
    e_l_mv: float
    """Reversal potential of the leak."""
    rates: tuple[Rate, Rate, Rate, Rate, Rate, Rate]
    """Opening and closing of m, of h and of n."""
    rate_factor: float = 1.0
    """What all rates are multiplied with for temperature."""

    @cached_property
    def _compiled(self) -> _hexad.NeuronModel:
        """As the compiled half takes it."""
        return _hexad.NeuronModel(vars(self))

    def at_temperature(self, celsius: float, reference_celsius: float = 6.3, q10: float = 3.0) -> Model:
        """With rates ``q10 ** ((celsius - reference_celsius) / 10)`` times as fast as written."""
        factor = q10 ** ((celsius - reference_celsius) / 10.0) if q10 > 0.0 else math.nan
        if not (math.isfinite(factor) and factor > 0.0):
            raise ValueError(f"q10 and celsius must be finite and q10 > 0, got {q10} and {celsius}")
        return replace(self, rate_factor=factor)

    def resting_state(self, current_ua_cm2: float = 0.0) -> State:
        """Where the neuron rests, stably or not, at a constant current."""
        return State(*_hexad.neuron_resting_state(self._compiled, current_ua_cm2))


def _known() -> tuple[Model, Model]:
    first, second = (
        Model(**{**found, "rates": tuple(Rate(*rate) for rate in found["rates"])}) for found in _hexad.neuron_models()
    )
    return first, second


HODGKIN_HUXLEY, TRAUB_MILES = _known()
