"""Runs of waves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import numpy as np
from numpy.typing import DTypeLike, NDArray

from hexad import _hexad
from hexad._arrays import Numbers, Reals, reals
from hexad._progress import Done, bar
from hexad._results import Result, new_axes
from hexad._waves.model import Model

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Start: TypeAlias = Literal["taylor2", "taylor1", "exact", "naive"]
Field: TypeAlias = Numbers | Callable[..., Any]


@dataclass(frozen=True, repr=False)
class Run(Result):
    """What `Simulation.run` heard and saw."""

    t: Reals
    """Times of the traces: the start, and each step."""
    traces: Reals
    """Pressure at each receiver (rows) and time."""
    snapshot_t: Reals
    """Times of the snapshots."""
    snapshots: NDArray[Any]
    """Pressure of all cells at each of them."""

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draws the traces, one above the other."""
        ax = new_axes() if ax is None else ax
        largest = np.abs(self.traces).max(initial=0.0) or 1.0
        for number, trace in enumerate(self.traces):
            ax.plot(self.t, number + 0.5 * trace / largest, linewidth=1.0)
        ax.set_yticks(range(len(self.traces)))
        ax.set_xlabel("t")
        ax.set_ylabel(f"receiver (one apart: {2.0 * largest:.3g})")
        if not len(self.traces):
            ax.set_title("no receivers, no traces")
        return ax


class Simulation:
    """The state of a `Model` in time, and how it goes on.

    The same bits for any number of threads, and however the steps are divided into calls. Ctrl-C ends a call between
    steps; the simulation then stands where it got to.

    Parameters
    ----------
    model : Model
        What is simulated.
    dt : float, optional
        The time step; 0.9 of the largest that is stable if neither it nor `courant` is given.
    courant : float, optional
        The step as ``c dt / spacing``, c being the largest speed.
    duration : float, optional
        dt shrinks so that a whole number of steps ends there.
    dtype : float64 or float32
        What is computed in.
    pressure : array-like or callable, optional
        At time 0, in the shape of the model, or as a function of the coordinates. At rest without.
    velocity : array-like, callable or sequence of them, optional
        At time 0, one for each axis, on the faces (see `Model.velocity_coordinates`).
    start : {"taylor2", "taylor1", "exact", "naive"}
        How the velocity comes to half a step: by Taylor's formula; "exact" if it is given there; "naive" takes it as
        it is, which makes the scheme one of first order.

    Examples
    --------
    >>> import numpy as np
    >>> model = Model(100, 0.01, receivers=[0.25])
    >>> wave = lambda x: np.cos(2 * np.pi * x)
    >>> run = Simulation(model, courant=0.3, duration=2.0, pressure=wave, velocity=lambda x: -wave(x))
    >>> run.run().traces.shape
    (1, 668)
    >>> float(np.abs(run.pressure - wave(model.coordinates[0])).max()) < 2e-3
    True
    """

    def __init__(
        self,
        model: Model,
        *,
        dt: float | None = None,
        courant: float | None = None,
        duration: float | None = None,
        dtype: DTypeLike = np.float64,
        pressure: Field | None = None,
        velocity: Field | Sequence[Field] | None = None,
        start: Start = "taylor2",
    ) -> None:
        self.model, self.dtype, self.duration = model, np.dtype(dtype), duration
        if self.dtype not in (np.float64, np.float32):
            raise ValueError(f"dtype must be float64 or float32, got {self.dtype}")
        step = _step(model, dt, courant, duration)
        self._run = _hexad.WaveSimulation(model._model, step, self.dtype == np.float32)
        if pressure is not None or velocity is not None:
            self.start(pressure, velocity, start)

    def start(
        self, pressure: Field | None = None, velocity: Field | Sequence[Field] | None = None, start: Start = "taylor2"
    ) -> None:
        """Starts again at time 0 from these fields: see the parameters of the class."""
        at_centres = None if pressure is None else _field(pressure, "pressure", self.model.coordinates)
        on_faces = None if velocity is None else self._velocities(velocity)
        self._run.start_from(at_centres, on_faces, start)

    def _velocities(self, velocity: Field | Sequence[Field]) -> list[Reals]:
        dims = len(self.model.shape)
        each: Any = [velocity] if dims == 1 and not isinstance(velocity, list | tuple) else velocity
        if callable(each) or len(each) != dims:
            raise ValueError(f"velocity must hold one field for each of the {dims} axes")
        places = [self.model.velocity_coordinates(axis) for axis in range(dims)]
        return [_field(field, "velocity", at) for field, at in zip(each, places, strict=True)]

    def advance(self, steps: int, *, progress: bool = False) -> None:
        """Makes `steps` steps; `progress` shows a bar where tqdm is installed.

        Raises
        ------
        ValueError
            When the pressure is not finite any more: it is looked at every 128 steps or so.
        """
        with bar(progress, steps, "waves") as done:
            self._run.advance(steps, done)

    def run(
        self, duration: float | None = None, *, snapshots: int | None = None, progress: bool = False
    ) -> Run:
        """Makes the fewest steps that reach `duration` from here, or the end that the simulation was made for.

        Parameters
        ----------
        duration : float, optional
            How long; left out, up to the `duration` of the class.
        snapshots : int, optional
            Keep the pressure of all cells every so many steps.
        progress : bool
            Show a bar where tqdm is installed.

        Returns
        -------
        Run
        """
        steps = self._steps(duration)
        first = self.step
        every = steps if snapshots is None else snapshots
        if every < 1 and steps > 0:
            raise ValueError(f"snapshots must be at least 1, got {snapshots}")
        with bar(progress, steps, "waves") as done:
            kept = list(self._in_parts(steps, every, done))
        seen = [] if snapshots is None else kept
        empty = np.empty((0, *self.model.shape), dtype=self.dtype)
        return Run(
            t=reals(self.dt * np.arange(first, self.step + 1), "t"),
            traces=self._run.traces(first),
            snapshot_t=np.array([time for time, _ in seen]),
            snapshots=np.stack([field for _, field in seen]) if seen else empty,
        )

    def _in_parts(self, steps: int, every: int, done: Done | None) -> Any:
        while steps > 0:
            now = min(every, steps)
            self._run.advance(now, done)
            steps -= now
            if now == every:
                yield self.time, self.pressure

    def _steps(self, duration: float | None) -> int:
        if duration is None:
            if self.duration is None:
                raise ValueError("duration must be given here or where the simulation is made")
            return max(round(self.duration / self.dt) - self.step, 0)
        return self.model._model.clock(duration, self.dt)[1]

    def jump(self, steps: int) -> None:
        """Makes `steps` steps in the time of some Fourier transforms, however many they are.

        In a constant medium with periodic sides, without sources and receivers; the result is that of `advance` to
        rounding.
        """
        self._run.jump(steps)

    @property
    def step(self) -> int:
        """Steps made since the start."""
        return self._run.step()

    @property
    def dt(self) -> float:
        """The time step."""
        return self._run.dt()

    @property
    def time(self) -> float:
        """Time of the pressure; the velocity is half a step on."""
        return self._run.time()

    @property
    def pressure(self) -> NDArray[Any]:
        """A copy of the pressure of all cells."""
        return self._run.pressure()

    @property
    def velocity(self) -> tuple[NDArray[Any], ...]:
        """Copies of the velocity along each axis, on the faces across it."""
        return tuple(self._run.velocity(axis) for axis in range(len(self.model.shape)))

    @property
    def traces(self) -> Reals:
        """What each receiver (rows) heard: the pressure at time 0 and after each step."""
        return self._run.traces(0)

    def energy(self) -> float:
        """The energy that the scheme conserves, to rounding, between walls and around periodic axes."""
        return self._run.energy()

    def check(self) -> None:
        """Raises ValueError if the pressure is not finite."""
        self._run.check()

    def keep_every(self, steps: int) -> None:
        """Keeps a copy of the state every `steps` steps (0: never), to stand there again if the field blows up."""
        self._run.keep_every(steps)

    def checkpoint(self) -> bytes:
        """The run as bytes, from which `resume` goes on."""
        return self._run.checkpoint()

    def resume(self, checkpoint: bytes) -> None:
        """Goes to where `checkpoint` was taken, by a run of the same model, dt and dtype, with the same bits."""
        self._run.resume(checkpoint)

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draws the pressure: a line, a map, or the map in the middle of axis 0."""
        ax = new_axes() if ax is None else ax
        pressure = self.pressure
        places = self.model.coordinates
        if pressure.ndim == 1:
            ax.plot(places[0], pressure)
            ax.set_xlabel("x")
            ax.set_ylabel("pressure")
        else:
            if pressure.ndim == 3:
                pressure = pressure[pressure.shape[0] // 2]
            _map(ax, pressure, places[-2:], self.model.spacing)
        ax.set_title(f"t = {self.time:.4g}")
        return ax

    def __repr__(self) -> str:
        return f"Simulation({self.model!r}, dt={self.dt:.6g}, step={self.step}, {self.dtype})"


def _step(model: Model, dt: float | None, courant: float | None, duration: float | None) -> float:
    if dt is not None and courant is not None:
        raise ValueError("give dt or courant, not both")
    if courant is not None:
        dt = courant / model.courant(1.0)
    elif dt is None:
        dt = 0.9 * model.largest_stable_dt
    return dt if duration is None else model._model.clock(duration, dt)[0]


def _field(values: Field, name: str, places: tuple[Reals, ...]) -> Reals:
    if not callable(values):
        return reals(values, name)
    shape = tuple(map(len, places))
    found = reals(values(*np.meshgrid(*places, indexing="ij")), name)
    return np.ascontiguousarray(np.broadcast_to(found, shape))


def _map(ax: Axes, pressure: NDArray[Any], places: tuple[Reals, ...], spacing: float) -> None:
    largest = float(np.abs(pressure).max()) or 1.0
    (y, x), half = places, 0.5 * spacing
    extent = (x[0] - half, x[-1] + half, y[0] - half, y[-1] + half)
    image = ax.imshow(pressure, extent=extent, origin="lower", cmap="RdBu_r", vmin=-largest, vmax=largest)
    ax.figure.colorbar(image, ax=ax, label="pressure")
    ax.set_xlabel("last axis")
    ax.set_ylabel("axis before")
