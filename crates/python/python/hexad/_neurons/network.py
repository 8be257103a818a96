"""Many neurons at once, and networks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from numpy.typing import DTypeLike, NDArray

from hexad import _hexad
from hexad._arrays import Numbers, Reals, reals
from hexad._neurons.drive import Current, Poisson, as_terms, asked_groups, per_neuron
from hexad._neurons.model import HODGKIN_HUXLEY, Model, State
from hexad._neurons.statistics import Spikes
from hexad._progress import bar


class Group:
    """Some neurons of a `Network`: those from `start` until before `stop`."""

    def __init__(self, name: str, start: int, stop: int) -> None:
        self.name, self.start, self.stop = name, start, stop

    def __len__(self) -> int:
        return self.stop - self.start

    def of(self, spikes: Spikes) -> Spikes:
        """The spikes of these neurons, which are counted from 0; potentials stay with the whole."""
        own = (spikes.neuron >= self.start) & (spikes.neuron < self.stop)
        none = np.empty(0)
        return Spikes(
            neuron=spikes.neuron[own] - np.uint64(self.start),
            t_ms=spikes.t_ms[own],
            neurons=len(self),
            start_ms=spikes.start_ms,
            duration_ms=spikes.duration_ms,
            recorded=np.empty(0, dtype=np.int64),
            v_t_ms=none,
            v_mv=none.reshape(0, 0),
        )

    def __repr__(self) -> str:
        return f"Group({self.name!r}, neurons {self.start} to {self.stop - 1})"


class Network:
    """Neurons of one model in groups, connected or not, stepped by the staggered scheme of order 2.

    The same spikes to the last bit for any number of threads, however the run is divided into calls, and after a
    checkpoint. Ctrl-C ends a run between steps.

    Parameters
    ----------
    dt_ms : float
        The step.
    model : Model
        Parameter set of all neurons.
    current_ua_cm2 : Current or float
        Injected into all of them.
    threshold_mv, rearm_mv : float
        V spikes where it crosses the first upward, after having been below the second.
    seed, repetition : int
        Which input and which connections are drawn.
    dtype : float64 or float32
        What is computed in.
    record : sequence of int
        Neurons whose potential is recorded, counted over all groups.
    record_every : int
        Every so many steps.

    Examples
    --------
    Neurons that excite and neurons that inhibit:

    >>> import numpy as np
    >>> from hexad.neurons import TRAUB_MILES
    >>> net = Network(dt_ms=0.05, model=TRAUB_MILES, seed=1)
    >>> exc = net.add("exc", 800, current_ua_cm2=np.linspace(0.0, 1.6, 800))
    >>> inh = net.add("inh", 200, current_ua_cm2=1.8)
    >>> for target in (exc, inh):
    ...     net.connect(exc, target, probability=0.02, weight_ms_cm2=0.03, tau_ms=5.0, reversal_mv=0.0, delay_ms=0.5)
    ...     net.connect(inh, target, probability=0.02, weight_ms_cm2=0.3, tau_ms=10.0, reversal_mv=-80.0, delay_ms=0.5)
    >>> spikes = net.run(50.0)
    >>> exc.of(spikes).rate_hz > 0
    True
    """

    def __init__(
        self,
        *,
        dt_ms: float = 0.025,
        model: Model = HODGKIN_HUXLEY,
        current_ua_cm2: Current | float = 0.0,
        threshold_mv: float = 0.0,
        rearm_mv: float = -30.0,
        seed: int = 0,
        repetition: int = 0,
        dtype: DTypeLike = np.float64,
        record: Sequence[int] = (),
        record_every: int = 1,
    ) -> None:
        if np.dtype(dtype) not in (np.float64, np.float32):
            raise ValueError(f"dtype must be float64 or float32, got {dtype}")
        if not dt_ms > 0.0:
            raise ValueError(f"dt_ms must be > 0, got {dt_ms}")
        self.dt_ms, self.model = dt_ms, model
        self.groups: list[Group] = []
        self._recorded = [int(neuron) for neuron in record]
        self._asked: dict[str, Any] = {
            "model": model._compiled,
            "dt_ms": dt_ms,
            "current": as_terms(current_ua_cm2),
            "threshold_mv": threshold_mv,
            "rearm_mv": rearm_mv,
            "seed": seed,
            "repetition": repetition,
            "first": 0,
            "record": sorted(set(self._recorded)),
            "record_every": record_every,
            "single": np.dtype(dtype) == np.float32,
            "inputs": [],
            "input_of": [],
            "wiring": [],
        }
        self._currents: list[Reals] = []
        self._starts: list[Reals] = []
        self._population: _hexad.NeuronPopulation | None = None

    @property
    def neurons(self) -> int:
        """Neurons of all groups."""
        return self.groups[-1].stop if self.groups else 0

    @property
    def time_ms(self) -> float:
        """How long it has run."""
        return 0.0 if self._population is None else self._population.steps() * self.dt_ms

    def add(
        self,
        name: str,
        neurons: int,
        *,
        current_ua_cm2: float | Numbers = 0.0,
        poisson: Poisson | Sequence[Poisson] = (),
        start: State | Numbers | None = None,
    ) -> Group:
        """Adds neurons, each under its own bombardment.

        Parameters
        ----------
        name : str
            What to call them.
        neurons : int
            How many.
        current_ua_cm2 : float or array-like, shape (neurons,)
            A constant current, for all or for each.
        poisson : Poisson or sequence of them, optional
            Their bombardment.
        start : State or array-like, shape (neurons, 4), optional
            V, m, h and n, of all or of each; at rest if left out.

        Returns
        -------
        Group
        """
        self._must_not_have_run()
        if neurons < 1:
            raise ValueError(f"neurons must be at least 1, got {neurons}")
        self._currents.append(per_neuron(current_ua_cm2, "current_ua_cm2", neurons))
        self._starts.append(_states(self.model.resting_state() if start is None else start, neurons))
        self._asked["input_of"] += [len(self._asked["inputs"])] * neurons
        self._asked["inputs"].append(asked_groups(poisson))
        self.groups.append(Group(name, self.neurons, self.neurons + neurons))
        return self.groups[-1]

    def connect(
        self,
        source: Group,
        target: Group,
        *,
        delay_ms: float | Numbers,
        probability: float | None = None,
        pairs: tuple[Numbers, Numbers] | None = None,
        weight_mv: float | Numbers | None = None,
        weight_ua_cm2: float | Numbers | None = None,
        weight_ms_cm2: float | Numbers | None = None,
        tau_ms: float | None = None,
        reversal_mv: float | None = None,
        shape: Literal["exponential", "alpha"] = "exponential",
        seed: int | None = None,
    ) -> None:
        """Lets spikes of one group reach another.

        Parameters
        ----------
        source, target : Group
            From where to where.
        delay_ms : float or array-like
            One step at least; for all connections, or for each of `pairs`.
        probability : float, optional
            Of every pair of two different neurons to be connected.
        pairs : (sources, targets), optional
            Or the pairs themselves, counted from 0 in their groups; a pair may stand more than once.
        weight_mv : float or array-like, optional
            A spike moves V by so much.
        weight_ua_cm2 : float or array-like, optional
            A spike adds a current that decays with `tau_ms`, or ``weight t / tau exp(1 - t / tau)`` with
            ``shape="alpha"``.
        weight_ms_cm2 : float or array-like, optional
            A spike adds a conductance that decays with `tau_ms` and pulls V to `reversal_mv`.
        tau_ms, reversal_mv : float, optional
            Of currents and conductances.
        shape : {"exponential", "alpha"}
            Of currents.
        seed : int, optional
            Of the pairs drawn: that of the network plus the number of connections made so far if left out.
        """
        self._must_not_have_run()
        synapse, weight = _synapse(weight_mv, weight_ua_cm2, weight_ms_cm2, tau_ms, reversal_mv, shape)
        if (probability is None) == (pairs is None):
            raise ValueError("a connection needs either probability or pairs")
        if probability is not None:
            own_seed = self._asked["seed"] + len(self._asked["wiring"]) if seed is None else seed
            sources, targets = _hexad.neuron_random_connections(
                (source.start, source.stop), (target.start, target.stop), probability, own_seed
            )
        else:
            assert pairs is not None
            sources, targets = (
                _members(group, members, name)
                for group, members, name in ((source, pairs[0], "sources"), (target, pairs[1], "targets"))
            )
        self._asked["wiring"].append(
            {
                "synapse": synapse,
                "tau_ms": 0.0 if tau_ms is None else tau_ms,
                "reversal_mv": 0.0 if reversal_mv is None else reversal_mv,
                "sources": sources,
                "targets": targets,
                "weights": np.atleast_1d(reals(weight, "weight")),
                "delays_ms": np.atleast_1d(reals(delay_ms, "delay_ms")),
            }
        )

    @property
    def connections(self) -> int:
        """Connections of all kinds."""
        return sum(len(wires["sources"]) for wires in self._asked["wiring"])

    def run(self, duration_ms: float, *, progress: bool = False) -> Spikes:
        """Runs on for `duration_ms`, to the nearest step; `progress` shows a bar where tqdm is installed.

        Returns
        -------
        Spikes
            Those of this call.
        """
        return self._run_ordered(duration_ms, progress)[0]

    def _run_ordered(self, duration_ms: float, progress: bool = False, ordered: bool = False) -> tuple[Spikes, Any]:
        """Spikes and, if `ordered`, what they are sorted by: step and place in it."""
        if not (duration_ms > 0.0 and np.isfinite(duration_ms)):
            raise ValueError(f"duration_ms must be finite and > 0, got {duration_ms}")
        population = self._built()
        steps, start_ms = round(duration_ms / self.dt_ms), self.time_ms
        with bar(progress, steps, "neurons") as done:
            found = population.run(steps, done, ordered)
        order = found.pop("order")
        known = self._asked["record"]
        columns = [known.index(neuron) for neuron in self._recorded]
        found["v_mv"] = found["v_mv"][:, columns]
        spikes = Spikes(
            **found,
            neurons=self.neurons,
            start_ms=start_ms,
            duration_ms=duration_ms,
            recorded=np.array(self._recorded, dtype=np.int64),
        )
        return spikes, order

    def states(self) -> Reals:
        """V, m, h and n of the neurons as they are now, in rows."""
        return self._built().states()

    def checkpoint(self) -> bytes:
        """The network as bytes, from which `resume` goes on."""
        return self._built().checkpoint()

    def resume(self, checkpoint: bytes) -> None:
        """Goes back to where `checkpoint` was taken, in a network built alike."""
        self._built().resume(checkpoint)

    def _built(self) -> _hexad.NeuronPopulation:
        if self._population is None:
            asked = {**self._asked, "neurons": self.neurons}
            asked["currents"] = np.concatenate(self._currents) if self.groups else None
            asked["start"] = np.concatenate(self._starts) if self.groups else None
            self._population = _hexad.NeuronPopulation(asked)
        return self._population

    def _must_not_have_run(self) -> None:
        if self._population is not None:
            raise ValueError("a network that has run cannot be changed: make a new one")

    def __repr__(self) -> str:
        groups = ", ".join(f"{group.name}: {len(group)}" for group in self.groups)
        return f"Network({groups}; {self.connections} connections, dt {self.dt_ms} ms, at {self.time_ms:g} ms)"


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
    progress: bool = False,
) -> Spikes:
    """Run many neurons that do not hear each other.

    Parameters
    ----------
    neurons : int
        How many.
    duration_ms : float
        How long, to the nearest step.
    current_ua_cm2 : Current, float or array-like, shape (neurons,)
        Injected current: one for all as it changes over time, or a constant for each, the axis of a sweep.
    dt_ms, poisson, model, start, threshold_mv, rearm_mv, seed, repetition, dtype, record, record_every, progress
        As in `Network` and its `add` and `run`.

    Returns
    -------
    Spikes

    Examples
    --------
    >>> from hexad.neurons import bombardment
    >>> found = population(100, 200.0, poisson=bombardment(102, 26, 10.0, weight_mv=2.0, inhibitory_scale=1.0))
    >>> found.neurons, found.rate_hz > 1.0
    (100, True)
    """
    shared = isinstance(current_ua_cm2, Current)
    network = Network(
        dt_ms=dt_ms,
        model=model,
        current_ua_cm2=current_ua_cm2 if isinstance(current_ua_cm2, Current) else 0.0,
        threshold_mv=threshold_mv,
        rearm_mv=rearm_mv,
        seed=seed,
        repetition=repetition,
        dtype=dtype,
        record=record,
        record_every=record_every,
    )
    own = 0.0 if shared else current_ua_cm2
    network.add("neurons", neurons, current_ua_cm2=own, poisson=poisson, start=start)
    return network.run(duration_ms, progress=progress)


def _states(start: State | Numbers, neurons: int) -> Reals:
    states = reals(start, "start")
    if states.shape not in ((4,), (neurons, 4)):
        raise ValueError(f"start must have shape (4,) or ({neurons}, 4), got {states.shape}")
    return np.ascontiguousarray(np.broadcast_to(states, (neurons, 4)))


def _members(group: Group, members: Numbers, name: str) -> NDArray[np.uint64]:
    array = np.atleast_1d(np.asarray(members))
    if array.dtype.kind not in "iu" and array.size:
        raise TypeError(f"{name} must hold integers, got {array.dtype}")
    outside = (array < 0) | (array >= len(group))
    if outside.any():
        index = int(np.argmax(outside))
        raise ValueError(f"{name}[{index}] is neuron {array[index]}, but {group.name!r} has {len(group)}")
    return array.astype(np.uint64) + np.uint64(group.start)


def _synapse(
    weight_mv: Any, weight_ua_cm2: Any, weight_ms_cm2: Any, tau_ms: float | None, reversal_mv: float | None, shape: str
) -> tuple[str, Any]:
    weights = {"delta": weight_mv, shape: weight_ua_cm2, "conductance": weight_ms_cm2}
    given = [(synapse, weight) for synapse, weight in weights.items() if weight is not None]
    if len(given) != 1:
        raise ValueError(f"a connection needs one of weight_mv, weight_ua_cm2 and weight_ms_cm2, got {len(given)}")
    synapse, weight = given[0]
    if shape not in ("exponential", "alpha"):
        raise ValueError(f"shape must be one of exponential, alpha, got {shape!r}")
    if (tau_ms is None) != (synapse == "delta"):
        raise ValueError("tau_ms goes with weight_ua_cm2 and weight_ms_cm2")
    if (reversal_mv is None) != (synapse != "conductance"):
        raise ValueError("reversal_mv goes with weight_ms_cm2")
    return synapse, weight
