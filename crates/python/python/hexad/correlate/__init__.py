"""Which of two signals leads, by how much, and how sure that is.

>>> import numpy as np
>>> from hexad.correlate import delay
>>> source = np.random.default_rng(1).normal(size=4100)
>>> a, b = source[40:4040], source[:4000]
>>> found = delay(a, b, fs=1000.0)
>>> round(found.delay_s, 4), found.verdict, found.leading
(0.04, 'clear', 'a')

A positive delay means that b is late: ``b(t) = a(t - delay)``.

============================================  ==========================================================
the delay of one signal behind another        `delay`: value, uncertainty, verdict
the correlation itself                        `correlate`, `correlation_lags`, as SciPy's; `cross_correlation`
that of all pairs of many channels            `all_pairs`
short patterns in a long record               `templates`
a tone's phase                                `tone_delay`
clocks that drift apart                       `drift`
signals on one clock                          `align`; `resample` for other sample rates
a cleaner signal first                        `preprocess`, `remove_harmonics`
============================================  ==========================================================
"""

from hexad.correlate._delay import Delay, Drift, ToneDelay, align, delay, drift, tone_delay
from hexad.correlate._lags import (
    Correlation,
    all_pairs,
    correlate,
    correlation_lags,
    cross_correlation,
    templates,
)
from hexad.correlate._prepare import preprocess, remove_harmonics, resample

__all__ = [
    "Correlation",
    "Delay",
    "Drift",
    "ToneDelay",
    "align",
    "all_pairs",
    "correlate",
    "correlation_lags",
    "cross_correlation",
    "delay",
    "drift",
    "preprocess",
    "remove_harmonics",
    "resample",
    "templates",
    "tone_delay",
]
