"""Progress bars, where tqdm is installed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

Done: TypeAlias = Callable[[int], object]
"""Is told how many steps were done."""


@contextmanager
def bar(show: bool, total: int, description: str) -> Iterator[Done | None]:
    """What to tell of steps done; None if nobody wants to know."""
    if not show:
        yield None
        return
    try:
        from tqdm.auto import tqdm
    except ImportError:
        yield None
        return
    with tqdm(total=total, desc=description, unit="step", unit_scale=True) as shown:
        yield shown.update
