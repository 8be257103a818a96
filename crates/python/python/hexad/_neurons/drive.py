"""Injected currents and bombardment."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

import numpy as np

from hexad import _hexad
from hexad._arrays import Numbers, Reals, column, reals

Term: TypeAlias = tuple[str, list[float], Reals | None]


class Current:
    """A current in uA/cm2 as a function of time: waveforms and numbers, added with ``+``.

    Examples
    --------
    >>> current = 3.0 + Current.step(4.0, from_ms=10.0, until_ms=20.0)
    >>> current([5.0, 10.0, 20.0])
    array([3., 7., 3.])
    """

    def __init__(self, terms: list[Term]) -> None:
        self._terms = terms

    @staticmethod
    def constant(value: float) -> Current:
        """Always the same."""
        return Current([("constant", [float(value)], None)])

    @staticmethod
    def step(value: float, from_ms: float, until_ms: float = math.inf) -> Current:
        """`value` from `from_ms` until just before `until_ms`, 0 elsewhere."""
        return Current([("step", [from_ms, until_ms, value], None)])

    @staticmethod
    def ramp(value: float, from_ms: float, until_ms: float) -> Current:
        """0 before `from_ms`, `value` from `until_ms` on, a straight line between."""
        return Current([("ramp", [from_ms, until_ms, value], None)])

    @staticmethod
    def sine(amplitude: float, frequency_hz: float, phase_turns: float = 0.0) -> Current:
        """``amplitude * sin(2 pi (frequency t + phase))``."""
        return Current([("sine", [amplitude, frequency_hz, phase_turns], None)])

    @staticmethod
    def table(
        values: Numbers, step_ms: float, start_ms: float = 0.0, between: Literal["line", "hold"] = "line"
    ) -> Current:
        """`values`, `step_ms` apart, with straight lines between or each held; 0 before and after."""
        if between not in ("line", "hold"):
            raise ValueError(f"between must be one of line, hold, got {between!r}")
        return Current([(between, [start_ms, step_ms], column(values, "values"))])

    @staticmethod
    def noise(sd: float, interval_ms: float, duration_ms: float, *, tau_ms: float = 0.0, seed: int = 0) -> Current:
        """Frozen noise: normal values of standard deviation `sd`, each held for `interval_ms`.

        White, or with `tau_ms` Ornstein and Uhlenbeck's of that correlation time.
        """
        values = _hexad.neuron_noise(sd, tau_ms, interval_ms, duration_ms, seed)
        return Current.table(values, interval_ms, between="hold")

    def __add__(self, other: Current | float) -> Current:
        return Current(self._terms + as_terms(other))

    __radd__ = __add__

    def __call__(self, t_ms: Numbers) -> Reals:
        """The values at some times."""
        times = reals(t_ms, "t_ms")
        return _hexad.neuron_current_at(self._terms, times.ravel()).reshape(times.shape)

    def __repr__(self) -> str:
        return f"Current({' + '.join(_shown(*term) for term in self._terms) or 0})"


def _shown(kind: str, numbers: list[float], values: Reals | None) -> str:
    shown = [f"{number:g}" for number in numbers]
    if values is not None:
        shown.append(f"<{len(values)} values>")
    return f"{kind}({', '.join(shown)})"


def as_terms(current: Current | float) -> list[Term]:
    """The terms of a current or a number."""
    if isinstance(current, Current):
        return current._terms
    return [] if current == 0.0 else [("constant", [float(current)], None)]


@dataclass(frozen=True)
class Poisson:
    """Independent Poisson spike trains that act alike, as Brian 2's `PoissonInput`.

    An arriving spike moves V by its weight at its own time, whatever the step.
    """

    sources: int
    """Number of trains."""
    rate_hz: float
    """Rate of each."""
    weight_mv: float
    """How far a spike moves V; negative where it inhibits."""
    release: float = 1.0
    """Probability that a spike is transmitted."""
    modulation: Current | None = None
    """One waveform: the rate over time is ``rate_hz * max(0, 1 + modulation)``."""
    per_source: bool = False
    """Draw every source from a stream of its own, not all as one train: the same in distribution, but slower."""

    def asked(self) -> dict[str, Any]:
        """As the compiled half takes it."""
        terms = [None] if self.modulation is None else as_terms(self.modulation)
        if len(terms) != 1:
            raise ValueError(f"modulation must be one waveform, got {len(terms)}")
        return {**vars(self), "modulation": terms[0]}


def bombardment(
    excitatory: int,
    inhibitory: int,
    rate_hz: float,
    *,
    release: float = 1.0,
    weight_mv: float = 1.0,
    inhibitory_scale: float = 4.0,
) -> list[Poisson]:
    """Two groups: trains that move V by `weight_mv`, and trains that move it by ``-inhibitory_scale * weight_mv``.

    Examples
    --------
    >>> [group.weight_mv for group in bombardment(80, 20, 10.0, release=0.5)]
    [1.0, -4.0]
    """
    return [
        Poisson(excitatory, rate_hz, weight_mv, release),
        Poisson(inhibitory, rate_hz, -inhibitory_scale * weight_mv, release),
    ]


def asked_groups(poisson: Poisson | Any) -> list[dict[str, Any]]:
    """One group or some, as the compiled half takes them."""
    groups = [poisson] if isinstance(poisson, Poisson) else poisson
    return [group.asked() for group in groups]


def per_neuron(values: Any, name: str, neurons: int) -> Reals:
    """A number for all or one for each of `neurons`, as one for each."""
    array = reals(values, name)
    if array.shape not in ((), (neurons,)):
        raise ValueError(f"{name} must be a number or have shape ({neurons},), got {array.shape}")
    return np.ascontiguousarray(np.broadcast_to(array, (neurons,)))
