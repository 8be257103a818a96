"""Convergence studies, grids shared among tasks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeAlias


from dask.base import compute

from hexad import _hexad
from hexad._waves.model import Model
from hexad._waves.simulation import Start
from hexad._waves.study import Functions, Study, asked_study, known_solution, unit_interval
from hexad._waves.study import converge as local_converge
from hexad._waves.study import converge_by_richardson as local_converge_by_richardson
from hexad.dask._cluster import task

Make: TypeAlias = Callable[[int], Model]


def converge(
    solution: Literal["one_wave", "two_waves"] | Functions = "one_wave",
    model: Make | None = None,
    *,
    cells: Sequence[int] = (50, 100, 200, 400),
    courant: float = 0.3,
    duration: float = 2.0,
    start: Start = "taylor2",
    error: Literal["largest", "end"] = "largest",
    step_rule: Literal["courant", "matched"] = "courant",
) -> Study:
    """`hexad.waves.converge`, grids shared among tasks; none of them takes longer than the finest grid.

    For studies of many starts, orders or Courant numbers: `sweep`.

    Parameters
    ----------
    solution, model, cells, courant, duration, start, error, step_rule
        As in `hexad.waves.converge`; functions are sent to the workers.

    Returns
    -------
    hexad.waves.Study

    Examples
    --------
    >>> converge(cells=[50, 100, 200]).verdict
    'confirmed'
    """
    if len(cells) < 2 or any(not before < after for before, after in zip(cells, cells[1:], strict=False)):
        # Which refuses them.
        return local_converge(solution, model, cells=cells)
    asked = asked_study(cells, courant, duration, start, error, step_rule, False)
    return _study(solution, unit_interval if model is None else model, asked)


def converge_by_richardson(
    initial: Functions,
    model: Make,
    *,
    cells: Sequence[int] = (50, 150, 450),
    courant: float = 0.3,
    duration: float = 2.0,
    start: Start = "taylor2",
) -> Study:
    """`hexad.waves.converge_by_richardson`, grids shared among tasks, each of which runs the next finer one too.

    Parameters
    ----------
    initial, model, cells, courant, duration, start
        As in `hexad.waves.converge_by_richardson`; functions are sent to the workers.

    Returns
    -------
    hexad.waves.Study

    Examples
    --------
    >>> import numpy as np
    >>> from hexad.waves import Model
    >>> study = converge_by_richardson(
    ...     (lambda x, t: np.exp(-200.0 * (x - 0.4) ** 2), lambda x, t: 0.0),
    ...     lambda cells: Model(cells, 1 / cells, sides=[("rigid", "pressure_release")], origin="walls"),
    ...     cells=[150, 450, 1350], duration=1.3,
    ... )
    >>> round(study.observed_order_p, 1)
    2.0
    """
    if len(cells) < 3 or any(after != 3 * before for before, after in zip(cells, cells[1:], strict=False)):
        # Which refuses them.
        return local_converge_by_richardson(initial, model, cells=cells)
    return _study(initial, model, asked_study(cells, courant, duration, start, "end", "courant", True))


def _study(solution: str | Functions, make: Make, asked: dict[str, Any]) -> Study:
    cells = asked["cells"]
    grids = range(len(cells) - 1 if asked["richardson"] else len(cells))
    coarsest = make(cells[0])
    # The work on a grid goes with its cells and its steps.
    work = [(cells[grid] / cells[0]) ** (len(coarsest.shape) + 1) for grid in grids]
    parts = _parts(work)
    measured = compute(*(task(_grids, solution, make, asked, part) for part in parts))
    found = dict(one for many in measured for one in many)
    return Study(**_hexad.wave_study_of_grids(coarsest._model, [found[grid] for grid in grids], asked))


def _parts(work: Sequence[float]) -> list[list[int]]:
    """Which grids run one after another: none of the parts is longer than the finest grid."""
    parts: list[list[int]] = []
    room = 0.0
    for grid in reversed(range(len(work))):
        if work[grid] > room:
            parts.append([])
            room = work[-1]
        parts[-1].append(grid)
        room -= work[grid]
    return parts


def _grids(solution: str | Functions, make: Make, asked: dict[str, Any], grids: list[int]) -> list[tuple[int, Any]]:
    return [(grid, _grid(solution, make, asked, grid)) for grid in grids]


def _grid(solution: str | Functions, make: Make, asked: dict[str, Any], grid: int) -> Any:
    cells = asked["cells"]
    needed = sorted({cells[0], *cells[grid : grid + 2 if asked["richardson"] else grid + 1]})
    models = [(count, make(count)) for count in needed]
    known = known_solution(solution, len(models[0][1].shape))
    return _hexad.wave_grid(known, [(count, model._model) for count, model in models], asked, grid)
