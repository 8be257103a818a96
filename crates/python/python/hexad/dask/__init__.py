"""The same over many machines: on the cluster of the current `distributed.Client`, or on this machine without one.

Results are those of the local calls, bit for bit, for any number of workers, and for data in any pieces.

====================================  ==========================================================
maps of more points than fit          `density_map` of dataframes and Parquet files
long signals, stacks of them          `smooth`, `gaussian_filter1d`, `gaussian_filter` of Dask arrays
their spectra                         `welch`, `csd`, `coherence`, `cross_spectrum` of Dask arrays
all pairs of many channels            `all_pairs`: correlations; `all_delays`: delays
many neurons                          `population`, `fi_curve`
orders of convergence                 `converge`, `converge_by_richardson`: grids side by side
many runs of anything                 `sweep`: seeds, parameters, starts
====================================  ==========================================================

What is as large as the data comes as a Dask array that is not computed yet; what is small is computed and comes as the
object that the local call returns. A call in a task uses as many threads as its worker has.

>>> import dask.dataframe, numpy as np, pandas as pd
>>> points = pd.DataFrame({"x": [0.5, 0.7, 1.5, np.nan], "y": [0.5, 0.5, 2.0, 1.0]})
>>> frame = dask.dataframe.from_pandas(points, npartitions=2)
>>> found = density_map(frame, "x", "y", bbox=(0, 0, 2, 2), shape=2, method="histogram", normalize="count")
>>> found.values
array([[2., 0.],
       [0., 1.]])
"""

from hexad.dask._correlate import all_delays, all_pairs
from hexad.dask._density import density_map
from hexad.dask._neurons import fi_curve, population
from hexad.dask._smoothing import gaussian_filter, gaussian_filter1d, smooth
from hexad.dask._spectral import coherence, cross_spectrum, csd, welch
from hexad.dask._sweep import sweep
from hexad.dask._waves import converge, converge_by_richardson

__all__ = [
    "all_delays",
    "all_pairs",
    "coherence",
    "converge",
    "converge_by_richardson",
    "cross_spectrum",
    "csd",
    "density_map",
    "fi_curve",
    "gaussian_filter",
    "gaussian_filter1d",
    "population",
    "smooth",
    "sweep",
    "welch",
]
