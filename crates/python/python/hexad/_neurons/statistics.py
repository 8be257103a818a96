"""Spikes and their statistics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hexad import _hexad
from hexad._arrays import Numbers, Reals, column, reals
from hexad._neurons.analysis import TriggeredAverage
from hexad._results import Result, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Intervals(NamedTuple):
    """Statistics of the intervals of a spike train; NaN where there are too few."""

    intervals: int
    """Number of intervals."""
    mean_ms: float
    """Mean interval."""
    sd_ms: float
    """Standard deviation, with one less than the count below."""
    cv: float
    """Coefficient of variation: 0 for a clock, 1 for a Poisson train."""


def isi_ms(spikes_ms: Numbers) -> Reals:
    """The intervals between successive spikes.

    Examples
    --------
    >>> isi_ms([1.0, 3.0, 8.0])
    array([2., 5.])
    """
    return np.diff(column(spikes_ms, "spikes_ms"))


def interval_statistics(spikes_ms: Numbers) -> Intervals:
    """Number, mean, spread and coefficient of variation of the intervals of one train.

    Examples
    --------
    >>> interval_statistics([0.0, 5.0, 10.0, 15.0]).cv
    0.0
    """
    return Intervals(*_hexad.neuron_interval_statistics(column(spikes_ms, "spikes_ms")))


def isi_histogram(spikes_ms: Numbers, bin_ms: float, bins: int) -> NDArray[np.int64]:
    """How many intervals lie in each of `bins` bins of `bin_ms` from 0 on."""
    _positive("bin_ms", bin_ms)
    return np.histogram(isi_ms(spikes_ms), bins=bins, range=(0.0, bin_ms * bins))[0]


def fano_factor(spikes_ms: Numbers, window_ms: float, duration_ms: float) -> float:
    """Variance over mean of the counts in whole windows from 0 to `duration_ms`; 1 for a Poisson train."""
    return _hexad.neuron_fano(column(spikes_ms, "spikes_ms"), window_ms, duration_ms)


@dataclass(frozen=True, repr=False)
class Psth(Result):
    """A peristimulus time histogram."""

    t_ms: Reals
    """Where the bins start."""
    rate_hz: Reals
    """Mean rate of a train in each."""
    bin_ms: float
    """Their width."""
    trains: int
    """Trains, or trials, that went in."""

    def plot(self, ax: Axes | None = None) -> Axes:
        ax = new_axes() if ax is None else ax
        edges = np.append(self.t_ms, self.t_ms[-1] + self.bin_ms) if len(self.t_ms) else np.zeros(1)
        ax.stairs(self.rate_hz, edges, fill=True, alpha=0.6)
        ax.set_xlabel("t (ms)")
        ax.set_ylabel("rate (Hz)")
        return ax


def psth(spikes_ms: Numbers | Sequence[Numbers], bin_ms: float, duration_ms: float, *, trains: int = 1) -> Psth:
    """Count spikes of `trains` trains, all in one list, in whole bins from 0 to `duration_ms`.

    Examples
    --------
    >>> psth([1.0, 2.0, 11.0], bin_ms=10.0, duration_ms=20.0).rate_hz
    array([200., 100.])
    """
    _positive("bin_ms", bin_ms)
    _positive("duration_ms", duration_ms)
    _positive("trains", trains)
    bins = int(duration_ms / bin_ms * (1.0 + 1e-12))
    counts = np.histogram(column(spikes_ms, "spikes_ms"), bins=max(bins, 1), range=(0.0, bin_ms * max(bins, 1)))[0]
    rate = reals(counts[:bins] / (1e-3 * bin_ms * trains), "rate_hz")
    return Psth(t_ms=reals(bin_ms * np.arange(bins), "t_ms"), rate_hz=rate, bin_ms=bin_ms, trains=trains)


def spike_triggered_average(
    signal: Numbers, dt_ms: float, spikes_ms: Numbers, *, before_ms: float, after_ms: float
) -> TriggeredAverage:
    """The mean of `signal`, sampled every `dt_ms` from time 0, around spikes; too near an end they are left out."""
    lag, mean, used = _hexad.neuron_triggered_average(
        column(signal, "signal"), dt_ms, column(spikes_ms, "spikes_ms"), before_ms, after_ms
    )
    return TriggeredAverage(lag_ms=lag, mean=mean, spikes=used)


@dataclass(frozen=True, repr=False)
class Spikes(Result):
    """Spikes of many neurons, in order of time."""

    neuron: NDArray[np.uint64]
    """Which neuron fired."""
    t_ms: Reals
    """When."""
    neurons: int
    """How many neurons there are."""
    start_ms: float
    """Where the run began."""
    duration_ms: float
    """How long it was."""
    recorded: NDArray[np.int64]
    """Neurons whose potential was recorded."""
    v_t_ms: Reals
    """When it was."""
    v_mv: Reals
    """Their potentials: times in rows, neurons in columns."""

    @property
    def counts(self) -> NDArray[np.int64]:
        """Spikes of each neuron."""
        return np.bincount(self.neuron.astype(np.int64), minlength=self.neurons)

    @property
    def rate_hz(self) -> float:
        """Mean rate of a neuron."""
        return 1e3 * len(self.t_ms) / (self.neurons * self.duration_ms)

    @property
    def rates_hz(self) -> Reals:
        """Rate of each neuron."""
        return reals(self.counts / (1e-3 * self.duration_ms), "rates_hz")

    @property
    def cv(self) -> float:
        """Mean of the coefficients of variation of the intervals, over neurons that have two intervals."""
        known = self.cvs[~np.isnan(self.cvs)]
        return float(known.mean()) if len(known) else float("nan")

    @property
    def cvs(self) -> Reals:
        """Coefficient of variation of the intervals of each neuron, NaN for fewer than two of them."""
        return np.array([interval_statistics(train).cv for train in self.trains()])

    def train(self, neuron: int) -> Reals:
        """When one neuron fired."""
        own: Reals = self.t_ms[self.neuron == neuron]
        return own

    def trains(self) -> list[Reals]:
        """When each neuron fired."""
        order = np.argsort(self.neuron, kind="stable")
        return np.split(self.t_ms[order], np.cumsum(self.counts)[:-1])

    def psth(self, bin_ms: float) -> Psth:
        """The mean rate over time, in bins of `bin_ms` from the start of the run."""
        found = psth(self.t_ms - self.start_ms, bin_ms, self.duration_ms, trains=self.neurons)
        return Psth(t_ms=found.t_ms + self.start_ms, rate_hz=found.rate_hz, bin_ms=bin_ms, trains=found.trains)

    def fano(self, window_ms: float) -> float:
        """Mean Fano factor of the neurons that fired, in windows of `window_ms`."""
        fired = [train - self.start_ms for train in self.trains() if len(train)]
        factors: list[float] = [fano_factor(train, window_ms, self.duration_ms) for train in fired]
        return float(np.mean(factors)) if factors else float("nan")

    def plot(self, ax: Axes | None = None, **marks: Any) -> Axes:
        """Draws a raster: a mark for each spike."""
        ax = new_axes() if ax is None else ax
        size = max(0.5, min(6.0, 400.0 / self.neurons))
        ax.plot(self.t_ms, self.neuron, "|", **{"color": "black", "markersize": size, **marks})
        ax.set_xlim(self.start_ms, self.start_ms + self.duration_ms)
        ax.set_ylim(-0.5, self.neurons - 0.5)
        ax.set_xlabel("t (ms)")
        ax.set_ylabel("neuron")
        ax.set_title(f"{self.rate_hz:.3g} Hz")
        return ax


def _positive(name: str, value: float) -> None:
    if not value > 0:
        raise ValueError(f"{name} must be > 0, got {value}")
