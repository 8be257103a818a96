#!/usr/bin/env python3
"""Best Kaiser-Bessel windows for decimate - filter - interpolate Gaussian smoothing.

For each width `w` (cells) and each `q` (sigma over the cell size), scans the shape parameter beta and
prints the one with the smallest error, with that error: the largest over output positions of
sum_j |K_ij - G_ij| / sum_j G_ij, where K is what the three steps together apply and G the Gaussian.
The smooth is off by at most this times the largest |y|.

    pip install numpy scipy; python decimation_windows.py
"""

import numpy as np
from scipy.special import i0

# The scan uses the first of each; the error printed is the largest over all.
BLOCKS = 4, 2, 3, 40  # samples a cell
STRETCHES = 1.0, 1.1, 1.5  # sigma over the smallest that the row is for


def window(t, width, beta):
    inside = 1 - (2 * t / width) ** 2
    return np.where(inside >= 0, i0(beta * np.sqrt(np.maximum(inside, 0))) / i0(beta), 0.0)


def error(width, q, beta, block):
    centre = 0.0 if width % 2 == 0 else 0.5  # of cell 0, in cells
    size = 1024
    filter_reach = int(np.ceil(8.6 * q)) + 2  # cells on each side, as in the engine
    tau = (np.arange(-block * width, block * width) + 0.5) / block - centre
    taps = window(tau, width, beta)
    tau, taps = tau[taps > 0], taps[taps > 0]
    theta = 2 * np.pi * np.fft.fftfreq(size)
    top, bottom = np.zeros(size), np.zeros(size)
    for image in (0, -1):  # the nearest image is the only one that matters
        t = theta + 2 * np.pi * image * np.sign(theta + 1e-9)
        gain = np.cos(np.outer(t, tau)) @ taps
        top += q * block * np.sqrt(2 * np.pi) * np.exp(-((q * t) ** 2) / 2) * gain**2
        bottom += gain**2
    coarse = np.fft.ifft(block * top / bottom**2).real

    reach = filter_reach + width + 3  # blocks on each side of the outputs' own block
    samples = (np.arange((2 * reach + 1) * block) + 0.5) / block - reach
    outputs = (np.arange(block) + 0.5) / block
    cells = np.arange(-reach - width, reach + width + 1)
    lag = cells[:, None] - cells[None, :]
    middle = np.where(abs(lag) <= filter_reach, coarse[lag % size], 0)
    spread = lambda at: window(at[:, None] - cells[None, :] - centre, width, beta)
    applied = spread(outputs) @ middle @ spread(samples).T
    gauss = np.exp(-(((samples[None, :] - outputs[:, None]) / q) ** 2) / 2)
    return (abs(applied - gauss).sum(1) / gauss.sum(1)).max()


for width in range(4, 16):
    for q in (2.5, 3.0, 10 / 3, 4.0, 6.0):
        shapes = np.linspace(1.9, np.pi, 50)
        beta = min((shape * width for shape in shapes), key=lambda beta: error(width, q, beta, BLOCKS[0]))
        worst = max(error(width, q * stretch, beta, block) for block in BLOCKS for stretch in STRETCHES)
        print(f"Window {{ width: {width}, q: {q:.3f}, beta: {beta:.3f}, error: {worst * 1.2 + 2e-15:.1e} }},", flush=True)
