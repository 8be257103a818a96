"""Populations and f-I curves, neurons shared among tasks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from dask.base import compute
from numpy.typing import DTypeLike

from hexad._arrays import Numbers, Reals, column
from hexad._neurons.analysis import FiCurve
from hexad._neurons.analysis import fi_curve as local_fi_curve
from hexad._neurons.drive import Current, Poisson, per_neuron
from hexad._neurons.model import HODGKIN_HUXLEY, Model, State
from hexad._neurons.network import Network, _states
from hexad._neurons.statistics import Spikes
from hexad.dask._cluster import task

_STEPS_OF_A_TASK = 1 << 26
"""Steps of neurons of a task: they take two tenths of a second on a core."""
_BLOCK = 512
"""Neurons that are stepped together."""


def fi_curve(
    current_ua_cm2: Numbers,
    *,
    duration_ms: float = 1000.0,
    dt_ms: float = 0.025,
    model: Model = HODGKIN_HUXLEY,
) -> FiCurve:
    """`hexad.neurons.fi_curve`, currents shared among tasks of 67 million steps.

    Examples
    --------
    >>> fi_curve([5.0, 10.0]).rate_hz.round(1)
    array([ 0. , 68.3])
    """
    currents = column(current_ua_cm2, "current_ua_cm2")
    if not len(currents):
        return local_fi_curve(currents, duration_ms=duration_ms, dt_ms=dt_ms, model=model)
    shares = _shares(len(currents), duration_ms, dt_ms)
    parts = [task(_fi_part, currents[first:last], duration_ms, dt_ms, model) for first, last in shares]
    rates, spikes = zip(*compute(*parts), strict=True)
    return FiCurve(current_ua_cm2=currents, rate_hz=np.concatenate(rates), spikes=np.concatenate(spikes))


def _fi_part(currents: Reals, duration_ms: float, dt_ms: float, model: Model) -> tuple[Reals, Any]:
    found = local_fi_curve(currents, duration_ms=duration_ms, dt_ms=dt_ms, model=model)
    return found.rate_hz, found.spikes


def population(
    neurons: int,
    duration_ms: float,
    *,
    dt_ms: float = 0.025,
    current_ua_cm2: Current | float | Numbers = 0.0,
    poisson: Poisson | Sequence[Poisson] = (),
    model: Model = HODGKIN_HUXLEY,
    start: State | Numbers | None = None,
    threshold_mv: float = 0.0,
    rearm_mv: float = -30.0,
    seed: int = 0,
    repetition: int = 0,
    dtype: DTypeLike = np.float64,
    record: Sequence[int] = (),
    record_every: int = 1,
) -> Spikes:
    """`hexad.neurons.population`, neurons shared among tasks of 67 million steps.

    Each neuron draws its input by its own number, so it does not matter where it runs. For many populations, of which
    only statistics are wanted: `sweep`.

    Parameters
    ----------
    neurons, duration_ms, dt_ms, current_ua_cm2, poisson, model, start, threshold_mv, rearm_mv, seed, repetition, dtype
        As in `hexad.neurons.population`.
    record, record_every
        As there.

    Returns
    -------
    hexad.neurons.Spikes

    Examples
    --------
    >>> from hexad.neurons import bombardment
    >>> found = population(1000, 100.0, poisson=bombardment(102, 26, 10.0, weight_mv=2.0, inhibitory_scale=1.0))
    >>> found.neurons, found.rate_hz > 1.0
    (1000, True)
    """
    shared = current_ua_cm2 if isinstance(current_ua_cm2, Current) else 0.0
    own = per_neuron(0.0 if isinstance(current_ua_cm2, Current) else current_ua_cm2, "current_ua_cm2", neurons)
    states = None if start is None else _states(start, neurons)
    settings: dict[str, Any] = {
        "dt_ms": dt_ms,
        "model": model,
        "current_ua_cm2": shared,
        "threshold_mv": threshold_mv,
        "rearm_mv": rearm_mv,
        "seed": seed,
        "repetition": repetition,
        "dtype": dtype,
        "record_every": record_every,
    }
    wanted = [int(neuron) for neuron in record]
    if any(not 0 <= neuron < neurons for neuron in wanted):
        raise ValueError(f"record must hold neurons from 0 to {neurons - 1}, got {wanted}")
    parts = []
    for first, last in _shares(neurons, duration_ms, dt_ms):
        recorded = [neuron - first for neuron in sorted(set(wanted)) if first <= neuron < last]
        part = (first, own[first:last], None if states is None else states[first:last], poisson, recorded)
        parts.append(task(_population_part, settings, duration_ms, *part))
    return _together(compute(*parts), neurons, duration_ms, wanted)


def _shares(neurons: int, duration_ms: float, dt_ms: float) -> list[tuple[int, int]]:
    """First neuron and the one behind the last of each task; one at least, which refuses what the local call does."""
    steps = duration_ms / dt_ms if dt_ms > 0.0 and duration_ms > 0.0 else 1.0
    blocks = max(1, round(_STEPS_OF_A_TASK / (_BLOCK * max(steps, 1.0))))
    together = _BLOCK * blocks
    return [(first, min(first + together, neurons)) for first in range(0, max(neurons, 1), together)]


def _population_part(
    settings: dict[str, Any],
    duration_ms: float,
    first: int,
    currents: Reals,
    states: Reals | None,
    poisson: Poisson | Sequence[Poisson],
    recorded: list[int],
) -> tuple[Spikes, Any]:
    network = Network(**settings, record=recorded)
    network._asked["first"] = first
    network.add("neurons", len(currents), current_ua_cm2=currents, poisson=poisson, start=states)
    spikes, order = network._run_ordered(duration_ms, ordered=True)
    spikes.neuron[:] += np.uint64(first)
    return spikes, order


def _together(parts: Sequence[tuple[Spikes, Any]], neurons: int, duration_ms: float, record: list[int]) -> Spikes:
    """The spikes of all parts, in the order in which one population has them."""
    spikes = [part for part, _ in parts]
    neuron = np.concatenate([part.neuron for part in spikes])
    step, offset = (np.concatenate([order[index] for _, order in parts]) for index in range(2))
    order = np.lexsort((neuron, offset, step))
    known = sorted(set(record))
    sampled = [part for part in spikes if len(part.recorded)] or spikes[:1]
    columns = [known.index(one) for one in record]
    return Spikes(
        neuron=neuron[order],
        t_ms=np.concatenate([part.t_ms for part in spikes])[order],
        neurons=neurons,
        start_ms=0.0,
        duration_ms=duration_ms,
        recorded=np.array(record, dtype=np.int64),
        v_t_ms=sampled[0].v_t_ms,
        v_mv=np.concatenate([part.v_mv for part in sampled], axis=1)[:, columns],
    )
