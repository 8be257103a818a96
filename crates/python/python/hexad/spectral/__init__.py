"""Spectra whose amplitudes are right, exact rebuilds, and the fewest frequencies that give a signal back.

>>> import numpy as np
>>> from hexad.spectral import rebuild
>>> t = np.arange(1000) / 1000.0
>>> few = rebuild(2.0 + 3.0 * np.cos(2 * np.pi * 50.0 * t), fs=1000.0, error=1e-6)
>>> few.f.round(6), few.amplitude.round(6)
(array([50.,  0.]), array([3., 2.]))

============================================  ==========================================================
one record                                    `spectrum`; `periodogram`, as SciPy's
noise, or a long record                       `welch`, as SciPy's, with intervals; `WelchStream` in pieces
two records                                   `csd`, `coherence`, as SciPy's; `cross_spectrum`
a signal that changes                         `stft`, `istft`, as SciPy's; `spectrogram`
too many frequencies                          `rebuild`: the fewest lines for an error
a tone between two bins                       `fit_lines`: frequency, amplitude, phase and how sure they are
samples at uneven times                       `lomb_scargle`; `lombscargle`, as SciPy's; `uniform_time_axis`
interest in few frequencies                   `goertzel` for some; `zoom_fft`, as SciPy's, for a band
bare transforms                               `rfft`, `fft`, `rfftn`, `fftn` and their inverses, as NumPy's
windows                                       `get_window`, as SciPy's; `window_constants`
============================================  ==========================================================

Windows are named as SciPy's: "hann", ("kaiser", 14.0); there are the flat tops "hft70", "hft95" and "hft248d" too.
Values given as arrays are not taken. All is computed in float64, and returned so.
"""

from hexad.spectral._average import (
    Spectrum,
    WelchStream,
    periodogram,
    spectrum,
    welch,
)
from hexad.spectral._cross import Coherence, CrossSpectrum, coherence, cross_spectrum, csd
from hexad.spectral._frames import Spectrogram, Stft, istft, spectrogram, stft
from hexad.spectral._lines import LineFit, Rebuild, fit_lines, rebuild
from hexad.spectral._transforms import (
    fft,
    fftn,
    goertzel,
    ifft,
    ifftn,
    irfft,
    irfftn,
    rfft,
    rfftn,
    zoom_fft,
)
from hexad.spectral._uneven import (
    LombScargle,
    Tone,
    lomb_scargle,
    lombscargle,
    skew_normal_pulse,
    uniform_time_axis,
)
from hexad.spectral._windows import WindowConstants, get_window, window_constants

__all__ = [
    "Coherence",
    "CrossSpectrum",
    "LineFit",
    "LombScargle",
    "Rebuild",
    "Spectrogram",
    "Spectrum",
    "Stft",
    "Tone",
    "WelchStream",
    "WindowConstants",
    "coherence",
    "cross_spectrum",
    "csd",
    "fft",
    "fftn",
    "fit_lines",
    "get_window",
    "goertzel",
    "ifft",
    "ifftn",
    "irfft",
    "irfftn",
    "istft",
    "lomb_scargle",
    "lombscargle",
    "periodogram",
    "rebuild",
    "rfft",
    "rfftn",
    "skew_normal_pulse",
    "spectrogram",
    "spectrum",
    "stft",
    "uniform_time_axis",
    "welch",
    "window_constants",
    "zoom_fft",
]
