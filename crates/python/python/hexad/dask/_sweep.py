"""Many runs of one function."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from dask.base import compute

from hexad.dask._cluster import task

_SECONDS_OF_A_TASK = 0.25
"""Runs are done together up to so long, by the time that the first one took."""


def sweep(
    call: Callable[..., Any],
    settings: Iterable[Mapping[str, Any]],
    *,
    take: Callable[[Any], Any] | None = None,
    **shared: Any,
) -> list[Any]:
    """``[call(**shared, **one) for one in settings]``, on a cluster: many seeds, parameters, or starts.

    The first run is done by itself and timed. The others are done in tasks of as many as take a quarter of a second.

    Parameters
    ----------
    call : callable
        Such as `hexad.neurons.run`, `hexad.neurons.population` or `hexad.waves.converge`.
    settings : iterable of dict
        What differs, by the names of arguments.
    take : callable, optional
        What is kept of a result, so that no more has to travel: called where the result was made.
    **shared
        Arguments that all runs have.

    Returns
    -------
    list
        In the order of `settings`.

    Examples
    --------
    >>> from hexad import neurons
    >>> bombardment = neurons.bombardment(102, 26, 10.0, weight_mv=2.0, inhibitory_scale=1.0)
    >>> rates = sweep(
    ...     neurons.run, [{"seed": seed} for seed in range(20)],
    ...     duration_ms=200.0, poisson=bombardment, take=lambda found: found.rate_hz,
    ... )
    >>> rates[3] == neurons.run(200.0, poisson=bombardment, seed=3).rate_hz
    True
    """
    runs = [{**shared, **one} for one in settings]
    if not runs:
        return []
    started, seconds = task(_timed, call, take, runs[:1]).compute()
    together = max(1, math.ceil(_SECONDS_OF_A_TASK / max(seconds, 1e-6)))
    rest = runs[1:]
    parts = [task(_timed, call, take, rest[first : first + together]) for first in range(0, len(rest), together)]
    done: list[Any] = started + [found for part, _ in compute(*parts) for found in part]
    return done


def _timed(
    call: Callable[..., Any], take: Callable[[Any], Any] | None, runs: list[dict[str, Any]]
) -> tuple[list[Any], float]:
    """What runs gave, and the seconds of one."""
    began = time.perf_counter()
    found = [call(**run) if take is None else take(call(**run)) for run in runs]
    return found, (time.perf_counter() - began) / len(runs)
