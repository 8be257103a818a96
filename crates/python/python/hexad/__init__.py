"""Six numerical jobs done right, fast, and with their error stated.

======================  ==========================================================
`hexad.smoothing`       Gaussian smoothing of x-y samples, even or uneven; filters
`hexad.spectral`        calibrated spectra; the fewest frequencies that rebuild
`hexad.correlate`       which of two signals leads, and by how much
`hexad.waves`           acoustic waves by leapfrog, and the proof of its order
`hexad.neurons`         Hodgkin-Huxley neurons under Poisson input
======================  ==========================================================

All arguments that hold numbers may be NumPy arrays of any layout, lists, or columns of pandas, polars and Arrow.
Results do not depend on the number of threads: see `set_threads`.
"""

from importlib.metadata import version

from hexad import correlate, neurons, smoothing, spectral, waves
from hexad._hexad import set_threads, threads

__all__ = ["correlate", "neurons", "set_threads", "smoothing", "spectral", "threads", "waves"]
from hexad import density, smoothing
from hexad._hexad import set_threads, threads

__all__ = ["density", "set_threads", "smoothing", "threads"]
__version__ = version("hexad")
