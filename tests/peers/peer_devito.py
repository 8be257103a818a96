"""Waves by the C that Devito writes, timed on request."""

import os
from functools import lru_cache

os.environ |= {"DEVITO_LANGUAGE": "C", "DEVITO_ARCH": "gcc", "DEVITO_LOGGING": "ERROR"}

import devito
import numpy as np
from devito import NODE, Eq, Function, Grid, Operator, TimeFunction

from serve import load, serve


@lru_cache(maxsize=1)
def problem(input, order, steps, dt, expected, medium):
    """The operator, compiled, with its fields after `steps` steps from the pressure `input`, and the largest
    difference to the pressure expected then. Of a medium that is not 1 everywhere, `medium` names the bulk modulus,
    then for each axis one over the density on the faces ahead of the cells."""
    start = load(input)
    grid = Grid(shape=start.shape, extent=[cells - 1 for cells in start.shape], dtype=np.float64)
    pressure = TimeFunction(name="p", grid=grid, space_order=order, time_order=1, staggered=NODE)
    pressure.data[0] = start
    modulus = given("K", grid, order, NODE, medium[0]) if medium else 1
    step, along, velocities = grid.stepping_dim.spacing, [], []
    for axis, dimension in enumerate(grid.dimensions):
        name = f"d{dimension.name}"
        velocity = TimeFunction(name=f"v{axis}", grid=grid, space_order=order, time_order=1, staggered=dimension)
        lightness = given(f"b{axis}", grid, order, dimension, medium[1 + axis]) if medium else 1
        along.append(getattr(velocity, name))
        slope = getattr(pressure.forward, name)
        velocities.append(Eq(velocity.forward, velocity - step * lightness * slope))
    pressures = Eq(pressure.forward, pressure - step * modulus * sum(along))
    operator = Operator([pressures, *velocities], opt="advanced")
    operator.apply(time_M=steps - 1, dt=dt)
    wanted = load(expected)
    return operator, float(np.abs(pressure.data[steps % 2] - wanted).max() / np.abs(wanted).max())


def given(name, grid, order, place, file):
    values = Function(name=name, grid=grid, space_order=order, staggered=place)
    values.data[:] = load(file)
    return values


def leapfrog(input, order, steps, dt, expected, medium=()):
    operator, _ = problem(input, order, steps, dt, expected, tuple(medium))
    operator.apply(time_M=steps - 1, dt=dt)


def prepare(call, arguments):
    """Compiles."""
    arguments = arguments | {"medium": tuple(arguments.get("medium", ()))}
    _, difference = problem(**arguments)
    return {"difference": difference}


if __name__ == "__main__":
    serve({"leapfrog": leapfrog}, {"NumPy": np, "Devito": devito}, prepare)
