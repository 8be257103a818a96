"""How much makes a neuron fire, and how fast."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hexad import _hexad
from hexad._arrays import Numbers, Reals, column
from hexad._neurons.model import HODGKIN_HUXLEY, Model
from hexad._results import Result, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, repr=False)
class FiCurve(Result):
    """How fast a neuron fires at constant currents."""

    current_ua_cm2: Reals
    """The currents."""
    rate_hz: Reals
    """Rate in the steady state: 0 if it fires at the onset only."""
    spikes: NDArray[np.uint64]
    """Spikes in all."""

    def plot(self, ax: Axes | None = None) -> Axes:
        ax = new_axes() if ax is None else ax
        ax.plot(self.current_ua_cm2, self.rate_hz, ".-")
        ax.set_xlabel("current (uA/cm2)")
        ax.set_ylabel("rate (Hz)")
        return ax


@dataclass(frozen=True, repr=False)
class TriggeredAverage(Result):
    """The mean of a signal around spikes."""

    lag_ms: Reals
    """Time from the spike: negative before it."""
    mean: Reals
    """Mean of the signal there; NaN without spikes."""
    spikes: int
    """Spikes whose whole surroundings lie within the signal."""

    def plot(self, ax: Axes | None = None) -> Axes:
        ax = new_axes() if ax is None else ax
        ax.plot(self.lag_ms, self.mean)
        ax.axvline(0.0, color="gray", linewidth=0.8)
        ax.set_xlabel("time from the spike (ms)")
        ax.set_ylabel(f"mean of {self.spikes}")
        return ax


@dataclass(frozen=True, repr=False)
class PhasePlane(Result):
    """The plane of V and n, with m at rest at every V and h tied to n (Krinskii and Kokoz 1973)."""

    v_mv: Reals
    """Potentials at which the nullclines are known."""
    n_nullcline: Reals
    """Where n does not change."""
    v_nullcline: Reals
    """Where V does not change; NaN where there is no such n."""
    flow_v_mv: Reals
    """Potentials of the flow, (n, V) in rows and columns."""
    flow_n: Reals
    """Its n."""
    v_change: Reals
    """Change of V there, in mV per ms."""
    n_change: Reals
    """Change of n there, per ms."""

    def plot(self, ax: Axes | None = None) -> Axes:
        ax = new_axes() if ax is None else ax
        ax.streamplot(self.flow_v_mv, self.flow_n, self.v_change, self.n_change, color="lightgray", linewidth=0.7)
        ax.plot(self.v_mv, self.v_nullcline, label="V stands still")
        ax.plot(self.v_mv, self.n_nullcline, label="n stands still")
        ax.set_ylim(self.flow_n.min(), self.flow_n.max())
        ax.set_xlabel("V (mV)")
        ax.set_ylabel("n")
        ax.legend()
        return ax


def fi_curve(
    current_ua_cm2: Numbers,
    *,
    duration_ms: float = 1000.0,
    dt_ms: float = 0.025,
    model: Model = HODGKIN_HUXLEY,
) -> FiCurve:
    """Measure the rate at each of some currents, switched on at rest and held for `duration_ms`.

    The rate is that of the second half. A neuron that pauses there for longer than its longest interval and a half is
    taken to have stopped.

    Examples
    --------
    >>> fi_curve([5.0, 10.0]).rate_hz.round(1)
    array([ 0. , 68.3])
    """
    currents = column(current_ua_cm2, "current_ua_cm2")
    rates, spikes = _hexad.neuron_fi_curve(model._compiled, currents, duration_ms, dt_ms)
    return FiCurve(current_ua_cm2=currents, rate_hz=rates, spikes=spikes)


def rheobase(*, up_to_ua_cm2: float = 20.0, model: Model = HODGKIN_HUXLEY) -> float:
    """The least current, switched on at rest and held, that makes a neuron spike, in uA/cm2.

    Examples
    --------
    >>> round(rheobase(), 4)
    2.2403
    """
    return _hexad.neuron_rheobase(model._compiled, up_to_ua_cm2)


def instantaneous_threshold_mv(*, up_to_mv: float = 50.0, model: Model = HODGKIN_HUXLEY) -> float:
    """The least jump of V from rest that makes a neuron spike.

    Examples
    --------
    >>> round(instantaneous_threshold_mv(), 3)
    6.505
    """
    return _hexad.neuron_instantaneous_threshold(model._compiled, up_to_mv)


def rest_loses_stability(*, up_to_ua_cm2: float = 50.0, model: Model = HODGKIN_HUXLEY) -> float | None:
    """The least current at which rest is no longer stable, so that raised slowly to there it makes a neuron fire.

    Examples
    --------
    >>> round(rest_loses_stability(), 2)
    9.78
    """
    return _hexad.neuron_rest_loses_stability(model._compiled, up_to_ua_cm2)


def phase_plane(
    current_ua_cm2: float = 0.0,
    *,
    v_mv: tuple[float, float] = (-80.0, 50.0),
    n: tuple[float, float] = (0.2, 0.9),
    model: Model = HODGKIN_HUXLEY,
) -> PhasePlane:
    """Nullclines and flow of V and n at a constant current, between these limits."""
    along = np.linspace(*v_mv, 261)
    flow_v, flow_n = np.meshgrid(np.linspace(*v_mv, 40), np.linspace(*n, 30))
    found = _hexad.neuron_phase_plane(model._compiled, current_ua_cm2, along, flow_v.ravel(), flow_n.ravel())
    n_nullcline, v_nullcline, v_change, n_change = found
    return PhasePlane(
        v_mv=along,
        n_nullcline=n_nullcline,
        v_nullcline=v_nullcline,
        flow_v_mv=flow_v,
        flow_n=flow_n,
        v_change=v_change.reshape(flow_v.shape),
        n_change=n_change.reshape(flow_v.shape),
    )
