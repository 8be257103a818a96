# SPDX-License-Identifier: CC-BY-SA-4.0
"""The answer's program, from "Find time shift of two signals using cross correlation", Stack Overflow question 41492882.

The question had none; this is the answer of Reveille. As posted, but for: the indentation, which was lost on the way
here; it returns the delay, which it printed and drew.
"""

from scipy import signal
import numpy as np


def lag_finder(y1, y2, sr):
    n = len(y1)

    corr = signal.correlate(y2, y1, mode='same') / np.sqrt(signal.correlate(y1, y1, mode='same')[int(n/2)] * signal.correlate(y2, y2, mode='same')[int(n/2)])

    delay_arr = np.linspace(-0.5*n/sr, 0.5*n/sr, n)
    delay = delay_arr[np.argmax(corr)]
    return delay
