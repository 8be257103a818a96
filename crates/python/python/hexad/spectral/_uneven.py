"""Samples at any times."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hexad import _hexad
from hexad._arrays import Numbers, Reals, column, coordinates, optional_column, reals
from hexad._results import Result, new_axes
from hexad.spectral._options import Detrend

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Mean = Literal["floating", "subtracted", "zero"]
Normalization = Literal["standard", "model", "log", "psd", "amplitude"]


class Tone(NamedTuple):
    """``offset + slope * (t - first_time) + amplitude * cos(2 pi f (t - first_time) + phase)``."""

    offset: float
    """The constant, in the unit of y."""
    slope: float
    """Of the line that was taken off, per unit of time; 0 but with ``detrend="linear"``."""
    amplitude: float
    """In the unit of y."""
    phase: float
    """In radians."""
    power: float
    """In the normalization asked for."""


@dataclass(frozen=True, repr=False)
class LombScargle(Result):
    """A Lomb-Scargle periodogram; its methods ask more of the samples."""

    f: Reals
    """Frequencies, in cycles per unit of time."""
    power: Reals
    """By frequency, in the normalization asked for."""
    normalization: str
    """Unit of the powers."""
    omitted: int
    """Samples left out, being NaN or infinite."""
    first_time: float
    """The earliest time: that of the phases."""
    _source: _hexad.Periodogram

    def peak(self) -> tuple[float, float]:
        """Frequency and power of the largest power."""
        best = int(self.power.argmax())
        return float(self.f[best]), float(self.power[best])

    def fit(self, frequency: float) -> Tone:
        """The tone that fits best at a frequency."""
        return Tone(*self._source.fit(frequency))

    def false_alarm_probability(self, power: float, maximum_frequency: float | None = None) -> float:
        """How probable it is that noise alone shows such a power anywhere up to `maximum_frequency` (Baluev 2008).

        Without a frequency it is the highest of the periodogram.
        """
        return self._source.false_alarm_probability(power, self._highest(maximum_frequency))

    def false_alarm_level(self, probability: float, maximum_frequency: float | None = None) -> float:
        """The power that noise alone exceeds with this probability."""
        return self._source.false_alarm_level(probability, self._highest(maximum_frequency))

    def plot(self, ax: Axes | None = None) -> Axes:
        ax = new_axes() if ax is None else ax
        ax.plot(self.f, self.power, linewidth=1.0)
        if self.normalization != "amplitude":
            level = self.false_alarm_level(0.01)
            ax.axhline(level, linestyle=":", color="gray", label="noise exceeds this once in 100")
            ax.legend()
        ax.set_xlabel("frequency, cycles per unit of time")
        ax.set_ylabel(f"power, {self.normalization}")
        return ax

    def _highest(self, frequency: float | None) -> float:
        return float(self.f.max()) if frequency is None else frequency


def lomb_scargle(
    t: Numbers,
    y: Numbers,
    dy: Numbers | None = None,
    *,
    frequency: Numbers | None = None,
    samples_per_peak: float = 5.0,
    maximum_frequency: float | None = None,
    mean: Mean = "floating",
    normalization: Normalization = "standard",
    nan: Literal["error", "skip"] = "error",
    method: Literal["auto", "direct", "fast"] = "auto",
    detrend: Literal["none"] | Detrend = "none",
) -> LombScargle:
    """The Lomb-Scargle periodogram: how much of the variance of samples at any times a tone explains.

    Parameters
    ----------
    t, y : array-like, shape (n,)
        Times, in any order (dates are days), and samples.
    dy : array-like, shape (n,), optional
        Their standard deviations, in the unit of y.
    frequency : array-like, optional
        Where to compute powers, in cycles per unit of t; even ones, rising from 0 or above, are fast.
    samples_per_peak : float
        Without `frequency`: how many frequencies for each ``1 / span``.
    maximum_frequency : float, optional
        Without `frequency`: the highest; five times half the mean sample rate if left out.
    mean : {"floating", "subtracted", "zero"}
        A constant is fitted at every frequency (Zechmeister and Kuerster 2009), or the mean taken off once, or nothing.
    normalization : str
        "standard" is the share of the variance; "model", "log" and "psd" as astropy's; "amplitude" is that of the tone.
    nan : {"error", "skip"}
        What happens where a sample is NaN or infinite.
    method : {"auto", "direct", "fast"}
        Sums, or a non-uniform FFT, which is within 1e-9 of them.
    detrend : {"none", "constant", "linear", False}
        What is taken off before, by weighted least squares over the times. A trend is the strongest of all low
        frequencies; a tone of less than a few cycles over the span loses some of its power with it.

    Returns
    -------
    LombScargle

    Examples
    --------
    >>> import numpy as np
    >>> random = np.random.default_rng(1)
    >>> t = np.sort(random.uniform(0.0, 200.0, 300))
    >>> y = 3.0 + np.sin(2 * np.pi * 0.31 * t) + random.normal(size=300)
    >>> found = lomb_scargle(t, y, maximum_frequency=1.0)
    >>> f, power = found.peak()
    >>> round(f, 2), found.false_alarm_probability(power) < 1e-6
    (0.31, True)
    """
    times = coordinates(t, "t")
    source = _hexad.Periodogram(
        times, column(y, "y"), optional_column(dy, "dy"), mean, normalization, nan, method, detrend or "none"
    )
    if frequency is None:
        f, power = source.power_auto(samples_per_peak, maximum_frequency)
    else:
        f = column(frequency, "frequency")
        power = _power(source, f)
    return LombScargle(f, power, normalization, source.omitted, source.first_time, source)


def lombscargle(
    x: Numbers,
    y: Numbers,
    freqs: Numbers,
    precenter: bool = False,
    normalize: bool | Literal["power", "normalize", "amplitude"] = False,
    *,
    weights: Numbers | None = None,
    floating_mean: bool = False,
) -> NDArray[Any]:
    """`scipy.signal.lombscargle`, argument for argument, to 1e-9 of the largest: powers at angular frequencies.

    For frequencies in Hz, uncertainties and false-alarm probabilities: `lomb_scargle`.

    Deviation
    ---------
    Weights of 0 are left out. Where a tone cannot be told from the constant, as at frequency 0, the power is that of
    what can be told, where SciPy has the rounding of nothing over nothing.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.sort(np.random.default_rng(1).uniform(0.0, 100.0, 200))
    >>> angular = np.linspace(0.1, 10.0, 1000)
    >>> angular[lombscargle(t, np.sin(4.0 * t), angular).argmax()].round(2)
    np.float64(4.0)
    """
    kind: str = ("normalize" if normalize else "power") if isinstance(normalize, bool) else normalize
    if kind not in ("power", "normalize", "amplitude"):
        raise ValueError(f"normalize must be one of power, normalize, amplitude, got {normalize!r}")
    values = column(y, "y")
    if precenter:
        warnings.warn("precenter is deprecated: give y - y.mean()", DeprecationWarning, stacklevel=2)
        values = values - values.mean()
    places, dy = column(x, "x"), None
    if weights is not None:
        shares = reals(weights, "weights")
        if not (np.all(shares >= 0.0) and shares.sum() > 0.0):
            raise ValueError("weights must not be negative, and some must be positive")
        used = shares > 0.0
        places, values = places[used], values[used]
        dy = 1.0 / np.sqrt(shares[used])
    mean = "floating" if floating_mean else "zero"
    source = _hexad.Periodogram(places, values, dy, mean, "standard", "error", "auto", "none")
    f = column(freqs, "freqs") / (2.0 * np.pi)
    if kind == "amplitude":
        return np.array([_amplitude(source, frequency) for frequency in f])
    share = _power(source, f)
    if kind == "normalize":
        return share
    own = np.ones_like(values) if dy is None else dy**-2.0
    center = np.average(values, weights=own) if floating_mean else 0.0
    return share * (0.5 * len(column(y, "y")) * np.average((values - center) ** 2, weights=own))


def uniform_time_axis(t: Numbers) -> tuple[float, float]:
    """First time and step of the even axis that times stand on, each to a thousandth of a step.

    Raises
    ------
    ValueError
        For times that do not rise or are not even, with the worst of them.

    Examples
    --------
    >>> uniform_time_axis([2.0, 2.5, 3.0])
    (2.0, 0.5)
    """
    return _hexad.uniform_time_axis(coordinates(t, "t"))


def skew_normal_pulse(x: Numbers, location: float = 0.0, scale: float = 1.0, shape: float = 0.0) -> Reals:
    """The skew-normal density at `x` (Azzalini 1985), to rounding: a test signal whose spectrum has no peaks to pick.

    Examples
    --------
    >>> skew_normal_pulse([4.0, 5.0, 6.0], location=5.0).round(6)
    array([0.241971, 0.398942, 0.241971])
    """
    values = reals(x, "x")
    return _hexad.skew_normal_pulse(values.ravel(), location, scale, shape).reshape(values.shape)


def _power(source: _hexad.Periodogram, f: Reals) -> Reals:
    if len(f) > 2 and f[0] >= 0.0 and f[-1] > f[0]:
        step = (f[-1] - f[0]) / (len(f) - 1)
        # Within the rounding that numpy.linspace and numpy.arange leave.
        if np.abs(f[0] + step * np.arange(len(f)) - f).max() <= 4.0 * np.spacing(f[-1]):
            return source.power_even(float(f[0]), float(step), len(f))
    return source.power_at(f)


def _amplitude(source: _hexad.Periodogram, frequency: float) -> complex:
    """``a + ib`` of ``a cos(2 pi f t) + b sin(2 pi f t)``."""
    tone = Tone(*source.fit(frequency))
    turn = tone.phase - 2.0 * np.pi * frequency * source.first_time
    return complex(tone.amplitude * np.exp(-1j * turn))
