"""How fine a grid must be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from hexad import _hexad
from hexad._arrays import Numbers, Reals, column
from hexad._results import Result, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes


@dataclass(frozen=True, repr=False)
class Dispersion(Result):
    """How much slower or faster than c waves run on a grid."""

    points: Reals
    """Cells per wavelength."""
    velocity_error: Reals
    """Phase velocity over c, minus 1, where it is largest in size: along an axis or the diagonal."""
    dims: int
    """Axes of the grid."""
    order: int
    """Order of the differences in space."""
    courant: float
    """``c dt / dx``."""

    def advice(self, points: float) -> str:
        """What so many points per wavelength cost, in words."""
        return _hexad.wave_advice(self.dims, self.order, self.courant, points)

    def points_for(self, error: float) -> float:
        """The fewest points per wavelength from which on the velocity error stays within `error`."""
        return _hexad.wave_points_for(self.dims, self.order, self.courant, error)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draws the size of the velocity error over the points per wavelength, log against log."""
        ax = new_axes() if ax is None else ax
        label = f"order {self.order}, {self.dims}-D, C = {self.courant:g}"
        ax.loglog(self.points, np.abs(self.velocity_error), label=label)
        doubled = [2**power for power in range(1, 11) if 2**power <= self.points.max() * 1.01]
        ax.set_xticks(doubled, [str(points) for points in doubled])
        ax.set_xticks([], minor=True)
        ax.set_xlabel("points per wavelength")
        ax.set_ylabel("velocity error")
        ax.legend()
        return ax


def dispersion(
    points: Numbers | None = None, *, dims: int = 1, order: int = 2, courant: float = 0.5
) -> Dispersion:
    """Tell how fast waves run on a grid, and how fine it must be.

    Parameters
    ----------
    points : array-like, optional
        Cells per wavelength, 2 or more each; 2 to 64 if left out.
    dims : {1, 2, 3}
        Axes of the grid.
    order : {2, 4, 6, 8}
        Order of the differences in space.
    courant : float
        ``c dt / dx``.

    Returns
    -------
    Dispersion

    Examples
    --------
    >>> found = dispersion(courant=0.5)
    >>> found.advice(12)
    '12 points per wavelength: 0.9 % velocity error'
    >>> round(found.points_for(0.001), 1)
    35.1
    """
    wanted = np.geomspace(2.0, 64.0, 101) if points is None else column(points, "points")
    errors = _hexad.wave_velocity_errors(dims, order, courant, wanted)
    return Dispersion(points=wanted, velocity_error=errors, dims=dims, order=order, courant=courant)
