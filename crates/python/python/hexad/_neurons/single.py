"""One neuron."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from hexad import _hexad
from hexad._arrays import Numbers, Reals, column
from hexad._neurons.drive import Current, Poisson, as_terms, asked_groups
from hexad._neurons.model import HODGKIN_HUXLEY, Model, State
from hexad._neurons.statistics import interval_statistics
from hexad._results import Result

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, repr=False)
class Recording(Result):
    """One neuron with everything that can be seen of it."""

    t_ms: Reals
    """Times of the samples."""
    v_mv: Reals
    """Membrane potential."""
    m: Reals
    """Activation of sodium."""
    h: Reals
    """Inactivation of sodium."""
    n: Reals
    """Activation of potassium."""
    i_na_ua_cm2: Reals
    """Sodium current; outward is positive."""
    i_k_ua_cm2: Reals
    """Potassium current."""
    i_l_ua_cm2: Reals
    """Leak current."""
    synaptic_mv: Reals
    """Sum of the jumps that arrived since the sample before."""
    spikes_ms: Reals
    """When it fired."""
    arrivals: NDArray[np.uint64]
    """Spikes that arrived from each group."""
    end: State | None
    """Where it ended."""
    duration_ms: float
    """How long it ran."""

    @property
    def rate_hz(self) -> float:
        """Spikes per second."""
        return 1e3 * len(self.spikes_ms) / self.duration_ms

    @property
    def cv(self) -> float:
        """Coefficient of variation of the intervals; NaN for fewer than two of them."""
        return interval_statistics(self.spikes_ms).cv

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draws V, gates, currents and input one below the other, or V alone into `ax`; returns the axes of V."""
        if ax is not None:
            return self._plot_v(ax)
        try:
            from matplotlib import pyplot
        except ImportError as error:
            raise ImportError("plots need matplotlib: pip install matplotlib") from error
        jumps = bool(np.any(self.synaptic_mv))
        figure = pyplot.figure(figsize=(8, 8 if jumps else 6.5), layout="constrained")
        panels = figure.subplots(4 if jumps else 3, 1, sharex=True)
        self._plot_v(panels[0]).set_xlabel("")
        for name in ("m", "h", "n"):
            panels[1].plot(self.t_ms, getattr(self, name), label=name, linewidth=1.0)
        panels[1].set_ylabel("gates")
        for name in ("na", "k", "l"):
            panels[2].plot(self.t_ms, getattr(self, f"i_{name}_ua_cm2"), label=f"I_{name}", linewidth=1.0)
        panels[2].set_ylabel("current\n(uA/cm2)")
        if jumps:
            panels[3].plot(self.t_ms, self.synaptic_mv, linewidth=0.6, color="gray")
            panels[3].set_ylabel("jumps (mV)")
        for panel in panels[1:3]:
            panel.legend(loc="upper right", ncols=3)
        panels[-1].set_xlabel("t (ms)")
        first: Axes = panels[0]
        return first

    def _plot_v(self, ax: Axes) -> Axes:
        ax.plot(self.t_ms, self.v_mv, linewidth=1.0)
        ax.plot(self.spikes_ms, np.full(len(self.spikes_ms), 55.0), "v", color="tab:red", markersize=4)
        ax.set_xlabel("t (ms)")
        ax.set_ylabel("V (mV)")
        return ax


def run(
    duration_ms: float,
    *,
    dt_ms: float = 0.01,
    current_ua_cm2: Current | float = 0.0,
    poisson: Poisson | Sequence[Poisson] = (),
    arrivals: tuple[Numbers, Numbers] | None = None,
    model: Model = HODGKIN_HUXLEY,
    start: State | Sequence[float] | None = None,
    integrator: Literal["staggered", "euler", "rk4", "strang", "exponential", "auto"] = "staggered",
    tolerance_ms: float = 1e-4,
    synapse: Literal["delta", "seed"] = "delta",
    threshold_mv: float = 0.0,
    rearm_mv: float = -30.0,
    record_every: int = 1,
    seed: int = 0,
    repetition: int = 0,
    neuron: int = 0,
) -> Recording:
    """Run one neuron and record all of it.

    Parameters
    ----------
    duration_ms : float
        How long, to the nearest step.
    dt_ms : float
        The step.
    current_ua_cm2 : Current or float
        Injected current.
    poisson : Poisson or sequence of them, optional
        Bombardment.
    arrivals : (times in ms, weights in mV), optional
        Spikes that arrive, in order of time, in place of `poisson`.
    model : Model
        Parameter set.
    start : State, optional
        Where it starts: at rest if left out.
    integrator : str
        "staggered" and "strang" are of order 2, "rk4" of order 4, "euler" and "exponential" of order 1; "auto" halves
        the step of "rk4" until spike times stand still within `tolerance_ms`.
    tolerance_ms : float
        Largest error of a spike time with "auto".
    synapse : {"delta", "seed"}
        An arriving spike moves V by its weight; or, as in many a first program, by its weight times dt.
    threshold_mv, rearm_mv : float
        V spikes where it crosses the first upward, after having been below the second.
    record_every : int
        Steps from one sample to the next.
    seed, repetition, neuron : int
        Which input is drawn.

    Returns
    -------
    Recording

    Raises
    ------
    ValueError
        For arguments out of range, a step that is too long for the integrator (with the longest safe one), or a
        potential that leaves the physical range.

    Examples
    --------
    >>> from hexad.neurons import bombardment
    >>> found = run(300.0, current_ua_cm2=3.0, poisson=bombardment(4000, 1000, 10.0, release=0.5))
    >>> len(found.t_ms), len(found.spikes_ms) > 10
    (30001, True)
    """
    found = _hexad.neuron_run(
        duration_ms,
        dt_ms,
        model._compiled,
        as_terms(current_ua_cm2),
        asked_groups(poisson),
        None if arrivals is None else _arrivals(*arrivals),
        integrator,
        tolerance_ms,
        None if start is None else tuple(start),
        synapse,
        threshold_mv,
        rearm_mv,
        record_every,
        seed,
        repetition,
        neuron,
    )
    end = found["end"]
    found["end"] = None if end is None else State(*end)
    found["duration_ms"] = duration_ms
    return Recording._of(found)


def _arrivals(t_ms: Numbers, weight_mv: Numbers) -> tuple[Reals, Reals]:
    times = column(t_ms, "arrivals")
    weights = column(np.broadcast_to(np.asarray(weight_mv, dtype=np.float64), times.shape), "weights")
    return times, weights
