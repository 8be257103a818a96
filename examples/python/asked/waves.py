# SPDX-License-Identifier: CC-BY-SA-4.0
"""The question's program, from "Convergence tests of Leapfrog method for vectorial wave equation in Python", Stack
Overflow question 64613909.

As posted, but for: the indentation and some lines (`else:`, the last two of the loop), which were lost on the way here;
the loop over grids is a function of them and returns all errors, of which the program plots the last of each grid.
"""

import numpy as np


# Initial conditions
def p0(x):
    return np.cos(2 * np.pi * x)


def u0(x):
    return -np.cos(2 * np.pi * x)


# exact solution
def p_exact(x, t):
    # return np.cos(2 * np.pi * (x + t))
    return p0(x + t)


def u_exact(x, t):
    # return -np.cos(2 * np.pi * (x + t))
    return u0(x + t)


# function for doing one time step, considering the periodic boundary conditions
def leapfrog_step(p, u):
    p[1:] += CFL * (u[:-1] - u[1:])
    p[0] = p[-1]
    u[:-1] += CFL * (p[:-1] - p[1:])
    u[-1] = u[0]
    return p, u


# Parameters
CFL = 0.3
LX = 1 # space length
T = 2 # end time


def errors(NN): # NN: list of discretizations
    Ep = []
    Eu = []

    for NX in NN:
        errorsp = []
        errorsu = []

        x = np.linspace(0, LX, NX) # space grid
        dx = x[1] - x[0] # spatial step
        dt = CFL * dx # time step
        t = np.arange(0, T, dt) # time grid

        # time loop
        for time in t:
            if time == 0:
                p = p0(x)
                u = u0(x)
            else:
                p, u = leapfrog_step(p, u)

            errorsp.append(np.linalg.norm((p - p_exact(x, time)), 2))
            errorsu.append(np.linalg.norm((u - u_exact(x, time)), 2))

        errorsp = np.array(errorsp) * dx ** (1 / 2)
        errorsu = np.array(errorsu) * dx ** (1 / 2)
        Ep.append(errorsp)
        Eu.append(errorsu)

    return Ep, Eu
