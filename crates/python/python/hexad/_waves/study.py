"""Convergence studies."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hexad import _hexad
from hexad._arrays import Reals
from hexad._results import Result, new_axes
from hexad._waves.model import Model
from hexad._waves.simulation import Start

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Function: TypeAlias = Callable[..., float]
Functions: TypeAlias = tuple[Function, Function | Sequence[Function]]


@dataclass(frozen=True, repr=False)
class Study(Result):
    """What `converge` found; `print` shows a table. Errors are L2 unless named otherwise."""

    cells: NDArray[np.uint64]
    """Cells along axis 0 of each grid."""
    dx: Reals
    """Their spacings."""
    dt: Reals
    """The time steps that were used."""
    steps: NDArray[np.uint64]
    """How many of them."""
    error_p: Reals
    """Errors of the pressure, at whole steps."""
    error_u: Reals
    """Errors of the velocity, at half steps."""
    l1_p: Reals
    """L1 errors of the pressure."""
    l1_u: Reals
    """L1 errors of the velocity."""
    max_p: Reals
    """Largest errors of the pressure."""
    max_u: Reals
    """Largest errors of the velocity."""
    order_p: Reals
    """Order from the grid before to this one, NaN for the first."""
    order_u: Reals
    """The same of the velocity."""
    observed_order_p: float
    """Slope of the line through the errors of the pressure, log against log."""
    observed_order_u: float
    """The same of the velocity."""
    expected_order: float
    """The order it should be."""
    verdict: str
    """"confirmed", "lower", "higher", "magic_step" or "rounding"."""
    meaning: str
    """The verdict as a sentence."""
    table: str
    """All of it as text."""

    def __str__(self) -> str:
        return self.table

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draws the errors over the spacing, log against log, with the slope that they should have."""
        ax = new_axes() if ax is None else ax
        ax.loglog(self.dx, self.error_p, "o-", label=f"pressure, order {self.observed_order_p:.2f}")
        ax.loglog(self.dx, self.error_u, "s-", label=f"velocity, order {self.observed_order_u:.2f}")
        reference = self.error_p[-1] * (self.dx / self.dx[-1]) ** self.expected_order
        ax.loglog(self.dx, reference, "k--", label=f"order {self.expected_order:g}")
        ax.set_xticks(self.dx, [f"{dx:.3g}" for dx in self.dx], minor=False)
        ax.set_xticks([], minor=True)
        ax.set_xlabel("spacing")
        ax.set_ylabel("L2 error")
        ax.legend()
        return ax

    def _repr_html_(self) -> str:
        names = ("cells", "dx", "dt", "steps", "error_p", "order_p", "error_u", "order_u")
        columns = [getattr(self, name) for name in names]
        head = "".join(f"<th>{name}</th>" for name in names)
        rows = "".join(
            f"<tr>{''.join(f'<td>{_cell(value)}</td>' for value in row)}</tr>" for row in zip(*columns, strict=True)
        )
        return f"<table><tr>{head}</tr>{rows}</table><p>{self.meaning}</p>{self._picture()}"


def _cell(value: np.generic) -> str:
    if isinstance(value, np.integer):
        return str(value)
    return "-" if np.isnan(value) else f"{value:.4g}"


def converge(
    solution: Literal["one_wave", "two_waves"] | Functions = "one_wave",
    model: Callable[[int], Model] | None = None,
    *,
    cells: Sequence[int] = (50, 100, 200, 400),
    courant: float = 0.3,
    duration: float = 2.0,
    start: Start = "taylor2",
    error: Literal["largest", "end"] = "largest",
    step_rule: Literal["courant", "matched"] = "courant",
) -> Study:
    """Run one model on finer and finer grids and compare each field with a solution at its own place and time.

    Parameters
    ----------
    solution : str or (pressure, velocity)
        "one_wave" is ``p = cos 2 pi (x + t), u = -p``, "two_waves" adds one that comes towards it, both in a unit cell
        with speed 1, along the diagonal in more dimensions. Or functions of ``(x, ..., t)``, one for the pressure and
        one for the velocity along each axis. They are called with numbers, a million calls in a second or two:
        ``error="end"`` needs far fewer.
    model : callable, optional
        ``model(cells)`` makes the model with so many cells along axis 0. Without it: the periodic unit interval.
    cells : sequence of int
        Cells of each grid, more and more.
    courant : float
        Largest ``c dt / dx``.
    duration : float
        End of the runs.
    start : {"taylor2", "taylor1", "exact", "naive"}
        How the velocity comes to half a step.
    error : {"largest", "end"}
        The largest error of all steps, or that of the last: after whole periods a wrong start can hide from it.
    step_rule : {"courant", "matched"}
        The same Courant number on all grids, or ``dt ~ dx**(order / 2)``, so that the order in space shows.

    Returns
    -------
    Study

    Examples
    --------
    >>> print(converge(cells=[50, 100, 200], start="exact"))
       cells          dx          dt    steps     error p  order     error u  order
          50   2.0000e-2   5.9880e-3      334   5.3223e-3      -   5.3223e-3      -
         100   1.0000e-2   2.9985e-3      667   1.3302e-3  2.000   1.3302e-3  2.000
         200   5.0000e-3   1.4993e-3     1334   3.3256e-4  2.000   3.3256e-4  2.000
    order 2.000 (p), 2.000 (u), expected 2: the order is confirmed for both fields
    """
    return _study(solution, model, cells, courant, duration, start, error, step_rule, False)


def converge_by_richardson(
    initial: Functions,
    model: Callable[[int], Model],
    *,
    cells: Sequence[int] = (50, 150, 450),
    courant: float = 0.3,
    duration: float = 2.0,
    start: Start = "taylor2",
) -> Study:
    """Measure the order without a solution: by how the results on three or more grids differ (Richardson 1911).

    Parameters
    ----------
    initial : (pressure, velocity)
        Functions of ``(x, ..., t)`` as in `converge`, of which only time 0 is used.
    model : callable
        ``model(cells)`` makes the model with so many cells along axis 0. All must cover the same domain, which
        ``origin="walls"`` does.
    cells : sequence of int
        Cells of each grid, three times as many each time.
    courant, duration, start
        As in `converge`.

    Returns
    -------
    Study
        Without a row for the finest grid; the errors are those at the end.

    Examples
    --------
    >>> import numpy as np
    >>> bump = lambda x, t: np.exp(-200.0 * (x - 0.4) ** 2)
    >>> study = converge_by_richardson(
    ...     (bump, lambda x, t: 0.0),
    ...     lambda cells: Model(cells, 1 / cells, sides=[("rigid", "pressure_release")], origin="walls"),
    ...     cells=[150, 450, 1350], duration=1.3,
    ... )
    >>> round(study.observed_order_p, 1)
    2.0
    """
    return _study(initial, model, cells, courant, duration, start, "end", "courant", True)


def _study(
    solution: str | Functions,
    model: Callable[[int], Model] | None,
    cells: Sequence[int],
    courant: float,
    duration: float,
    start: str,
    error: str,
    step_rule: str,
    richardson: bool,
) -> Study:
    make = unit_interval if model is None else model
    asked = asked_study(cells, courant, duration, start, error, step_rule, richardson)
    models = [make(count) for count in cells]
    dims = len(models[0].shape) if models else 1
    return Study(**_hexad.wave_study(known_solution(solution, dims), [model._model for model in models], asked))


def asked_study(
    cells: Sequence[int], courant: float, duration: float, start: str, error: str, step_rule: str, richardson: bool
) -> dict[str, Any]:
    """A study as the compiled half takes it."""
    return {
        "cells": list(cells),
        "courant": courant,
        "duration": duration,
        "start": start,
        "error": error,
        "step_rule": step_rule,
        "richardson": richardson,
    }


def unit_interval(cells: int) -> Model:
    """The periodic unit interval."""
    return Model(cells, 1.0 / cells if cells else 1.0)


def known_solution(solution: str | Functions, dims: int) -> str | tuple[Function, list[Function]]:
    """A solution by its name, or its functions, with one velocity for each axis."""
    if isinstance(solution, str):
        return solution
    pressure, velocity = solution
    each = [velocity] if callable(velocity) else list(velocity)
    if len(each) != dims:
        raise ValueError(f"the solution must hold one velocity for each of the {dims} axes, got {len(each)}")
    return pressure, each
