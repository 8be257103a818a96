"""Six numerical jobs done right, fast, and with their error stated.

======================  ==========================================================
`hexad.smoothing`       Gaussian smoothing of x-y samples, even or uneven; filters
`hexad.spectral`        calibrated spectra; the fewest frequencies that rebuild
`hexad.correlate`       which of two signals leads, and by how much
`hexad.waves`           acoustic waves by leapfrog, and the proof of its order
`hexad.neurons`         Hodgkin-Huxley neurons under Poisson input
`hexad.density`         hot-spot maps of scattered points
`hexad.dask`            the six on a Dask cluster, for more than one machine holds
======================  ==========================================================

All arguments that hold numbers may be NumPy arrays of any layout, lists, or columns of pandas, polars and Arrow.
Results do not depend on the number of threads: see `set_threads`.
"""

from importlib.metadata import version

from hexad import correlate, density, neurons, smoothing, spectral, waves
from hexad._hexad import set_threads, threads

__all__ = ["correlate", "density", "neurons", "set_threads", "smoothing", "spectral", "threads", "waves"]
__version__ = version("hexad")
