"""What all tasks share: threads, trees of results, and how much work a task is worth."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import hexad

try:
    from dask.delayed import delayed
except ImportError as error:
    raise ImportError("hexad.dask needs Dask: pip install 'dask[array,dataframe]' distributed pyarrow") from error

R = TypeVar("R")

SAMPLES_OF_A_TASK = 1 << 24
"""Samples worked on by a task, 128 MB: less are joined, since a task is to cost more than the scheduler does for it."""
_FAN = 4
"""Results joined by one task."""


def tree(parts: Sequence[Any], join: Callable[[list[Any]], Any]) -> Any:
    """The parts joined with their neighbours, these with theirs, and so on, as one delayed value; None for no parts."""
    parts = list(parts)
    while len(parts) > 1:
        groups = [parts[start : start + _FAN] for start in range(0, len(parts), _FAN)]
        parts = [task(join, group) if len(group) > 1 else group[0] for group in groups]
    return parts[0] if parts else None


def task(call: Callable[..., Any], *arguments: Any) -> Any:
    """A delayed call on as many threads as its worker has."""
    return delayed(on_worker)(call, *arguments)


def on_worker(call: Callable[..., R], *arguments: Any, **named: Any) -> R:
    """Calls on as many threads as the worker has, which its tasks share."""
    try:
        from distributed import get_worker

        threads = get_worker().state.nthreads
    except (ImportError, ValueError):
        threads = 0
    if threads and hexad.threads() != threads:
        hexad.set_threads(threads)
    return call(*arguments, **named)
