"""Models of waves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hexad import _hexad
from hexad._arrays import Numbers, Reals, column, reals

Kind: TypeAlias = Literal["periodic", "rigid", "pressure_release", "absorbing"]


@dataclass(frozen=True)
class Absorbing:
    """A side through which waves leave: a convolutional perfectly matched layer (Roden and Gedney 2000)."""

    cells: int = 20
    """Thickness; these are cells of the grid."""
    reflection: float = 1e-6
    """What the layer would reflect at normal incidence if it were not cut into cells."""
    power: float = 3.0
    """How steeply the damping grows."""
    stretch: float = 1.0
    """The largest stretch; more absorbs waves at grazing incidence better."""
    shift_frequency: float = 0.0
    """A frequency around which waves matter."""


Side: TypeAlias = Kind | Absorbing


class Source:
    """A source of pressure: ``s = S(t) delta(x - position)``.

    Parameters
    ----------
    position : sequence of float or None
        One coordinate per axis; along axes with None the source goes through the whole domain: a line, a plane.
        A number will do in one dimension.
    peak_frequency : float, optional
        S is a Ricker wavelet of this frequency; its peak comes at `delay`, 1.5 periods if that is left out.
    sigma : float, optional
        S is a Gaussian of this standard deviation in time; its peak comes at `delay`, 6 sigma if that is left out.
    values : array-like, optional
        S is a table: straight lines through these values, `step` apart in time, the first at time 0.
    step : float, optional
        Time between the values.
    amplitude : float
        S at its peak; a table is multiplied with it.
    delay : float, optional
        Time of the peak.

    Examples
    --------
    >>> Source((0.5, None), peak_frequency=10.0)
    Source((0.5, None), peak_frequency=10.0, amplitude=1.0, delay=0.15)
    """

    def __init__(
        self,
        position: float | Sequence[float | None],
        *,
        peak_frequency: float | None = None,
        sigma: float | None = None,
        values: Numbers | None = None,
        step: float | None = None,
        amplitude: float = 1.0,
        delay: float | None = None,
    ) -> None:
        widths = {"ricker": peak_frequency, "gaussian": sigma, "table": step}
        given = [(wavelet, width) for wavelet, width in widths.items() if width is not None]
        if (values is None) != (step is None):
            raise ValueError("values and step go together")
        if len(given) != 1:
            raise ValueError(f"a source needs one of peak_frequency, sigma and values, got {len(given)}")
        self.position = tuple(position) if isinstance(position, Sequence) else (position,)
        self.wavelet, self.width = given[0]
        self.values = None if values is None else amplitude * column(values, "values")
        self.amplitude = amplitude
        if delay is None and self.width != 0.0:
            delay = {"ricker": 1.5 / self.width, "gaussian": 6.0 * self.width, "table": 0.0}[self.wavelet]
        self.delay = delay or 0.0

    def __repr__(self) -> str:
        if self.values is not None:
            return f"Source({self.position}, values=<{len(self.values)} values>, step={self.width})"
        width = "peak_frequency" if self.wavelet == "ricker" else "sigma"
        return f"Source({self.position}, {width}={self.width}, amplitude={self.amplitude}, delay={self.delay})"


class Model:
    """A grid filled with a medium, its sides, sources and receivers: all that a run does not change.

    Parameters
    ----------
    shape : int or sequence of int
        Cells along each axis, one to three of them; axis 0 is the slowest. A periodic axis of length L has
        ``L / spacing`` cells: its end is its start, and is not there twice.
    spacing : float
        Edge of a cell, the same along all axes.
    speed, density : float or array-like
        Of the medium: numbers, or arrays that broadcast to `shape`. The bulk modulus is ``density * speed**2``.
    sides : str, Absorbing or sequence
        What ends the domain: "periodic", "rigid", "pressure_release", "absorbing" or an `Absorbing`; one for all
        sides, or one for each axis, each of which may be a pair of the low and the high side.
    order : {2, 4, 6, 8}
        Order of the differences in space.
    sources : sequence of Source
        What drives the field.
    receivers : array-like, shape (n, axes) or (n,) in one dimension
        Where the pressure is heard, between cells by interpolation.
    origin : sequence of float or "walls", optional
        Centre of cell 0; 0 by default. "walls" puts the low walls at 0, half a cell before it.

    Attributes
    ----------
    largest_stable_dt : float
        The largest time step that is stable.
    coordinates : tuple of arrays
        Centres of the cells along each axis.

    Examples
    --------
    A room of 3 m by 4 m with one open side, a source and a receiver:

    >>> room = Model(
    ...     (60, 80), 0.05, speed=343.0, density=1.2, order=4, origin="walls",
    ...     sides=["rigid", ("rigid", "absorbing")],
    ...     sources=[Source((1.5, 0.7), peak_frequency=400.0)], receivers=[(2.2, 1.913)],
    ... )
    >>> room
    Model(60 x 80 cells of 0.05, order 4, rigid/rigid, rigid/absorbing, 1 source, 1 receiver)
    >>> round(room.largest_stable_dt * 343.0 / 0.05, 3)
    0.606
    """

    def __init__(
        self,
        shape: int | Sequence[int],
        spacing: float,
        *,
        speed: float | Numbers = 1.0,
        density: float | Numbers = 1.0,
        sides: Side | Sequence[Side | Sequence[Side]] = "periodic",
        order: int = 2,
        sources: Sequence[Source] = (),
        receivers: Numbers = (),
        origin: Sequence[float] | Literal["walls"] | None = None,
    ) -> None:
        self.shape = (shape,) if isinstance(shape, int | np.integer) else tuple(shape)
        self.spacing = float(spacing)
        self.order = order
        self.sides = _sides(sides, len(self.shape))
        self.sources = tuple(sources)
        self.receivers = _places(receivers, len(self.shape))
        self.origin = _origin(origin, self.spacing, len(self.shape))
        self.speed, self.density = _medium(speed, density, self.shape)
        asked = {
            "shape": list(self.shape),
            "spacing": self.spacing,
            "origin": list(self.origin),
            "medium": (self.speed, self.density),
            "sides": [[_asked_side(side) for side in pair] for pair in self.sides],
            "order": order,
            "sources": [vars(source) for source in self.sources],
            "receivers": self.receivers.tolist(),
        }
        self._model = _hexad.WaveModel(asked)
        self.largest_stable_dt: float = self._model.largest_stable_dt()

    @property
    def coordinates(self) -> tuple[Reals, ...]:
        """Centres of the cells along each axis."""
        return tuple(self._along(axis, 0.0, cells) for axis, cells in enumerate(self.shape))

    def velocity_coordinates(self, axis: int) -> tuple[Reals, ...]:
        """Places of the velocity along `axis`, along each axis: faces across it, centres along the others."""
        places = list(self.coordinates)
        if self.sides[axis][0] == "periodic":
            places[axis] = self._along(axis, 0.5, self.shape[axis])
        else:
            places[axis] = self._along(axis, -0.5, self.shape[axis] + 1)
        return tuple(places)

    def courant(self, dt: float) -> float:
        """``c dt / spacing``, c being the largest speed."""
        return dt * self._model.largest_speed() / self.spacing

    def memory_bytes(self, dtype: Any = np.float64) -> int:
        """Bytes that a run needs."""
        return self._model.memory_bytes(np.dtype(dtype) == np.float32)

    def _along(self, axis: int, first: float, count: int) -> Reals:
        return reals(self.origin[axis] + (first + np.arange(count)) * self.spacing, "coordinates")

    def __repr__(self) -> str:
        parts = [f"{' x '.join(map(str, self.shape))} cells of {self.spacing:g}", f"order {self.order}"]
        parts += ["/".join(_kind(side) for side in pair) for pair in self.sides]
        for count, name in ((len(self.sources), "source"), (len(self.receivers), "receiver")):
            if count:
                parts.append(f"{count} {name}{'s' if count > 1 else ''}")
        return f"Model({', '.join(parts)})"

    def __reduce__(self) -> Any:
        asked = {name: value for name, value in vars(self).items() if name not in ("_model", "largest_stable_dt")}
        return partial(Model, **asked), ()


def _kind(side: Side) -> str:
    return "absorbing" if isinstance(side, Absorbing) else side


def _asked_side(side: Side) -> dict[str, Any]:
    return {"kind": _kind(side), **asdict(side if isinstance(side, Absorbing) else Absorbing())}


def _sides(sides: Side | Sequence[Side | Sequence[Side]], dims: int) -> tuple[tuple[Side, Side], ...]:
    if isinstance(sides, str | Absorbing):
        return ((sides, sides),) * dims
    if len(sides) != dims:
        raise ValueError(f"sides must hold one entry for each of the {dims} axes, got {len(sides)}")
    return tuple(_pair(side) for side in sides)


def _pair(sides: Side | Sequence[Side]) -> tuple[Side, Side]:
    if isinstance(sides, str | Absorbing):
        return sides, sides
    if len(sides) != 2:
        raise ValueError(f"an axis has a low and a high side, got {len(sides)}")
    return sides[0], sides[1]


def _places(receivers: Numbers, dims: int) -> Reals:
    places = reals(receivers, "receivers")
    if dims == 1 and places.ndim == 1:
        places = places[:, None]
    if places.size == 0:
        return np.empty((0, dims))
    if places.ndim != 2 or places.shape[1] != dims:
        raise ValueError(f"receivers must have shape (n, {dims}), got {places.shape}")
    return places


def _origin(origin: Sequence[float] | str | None, spacing: float, dims: int) -> tuple[float, ...]:
    if origin is None:
        return (0.0,) * dims
    if isinstance(origin, str):
        if origin != "walls":
            raise ValueError(f'origin must be coordinates or "walls", got {origin!r}')
        return (0.5 * spacing,) * dims
    return tuple(float(place) for place in origin)


def _medium(speed: Any, density: Any, shape: tuple[int, ...]) -> tuple[Any, Any]:
    if np.ndim(speed) == 0 and np.ndim(density) == 0:
        return float(speed), float(density)
    return _per_cell(speed, "speed", shape), _per_cell(density, "density", shape)


def _per_cell(values: Any, name: str, shape: tuple[int, ...]) -> NDArray[np.float64]:
    array = reals(values, name)
    try:
        return np.ascontiguousarray(np.broadcast_to(array, shape))
    except ValueError:
        raise ValueError(f"{name} must have the shape {shape}, got {array.shape}") from None
