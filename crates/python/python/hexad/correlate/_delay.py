"""Delays, and signals moved by them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hexad import _hexad
from hexad._arrays import Numbers, Reals, column
from hexad._results import Result, new_axes

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Weighting: TypeAlias = Literal["none", "phat", "scot", "roth", "ml"]
Subsample: TypeAlias = Literal["weighted", "least-squares", "parabolic", "none"]


_settings = lru_cache(maxsize=64)(_hexad.DelaySettings)
"""How to find a delay; kept, with what prepares it, for many calls ask for the same."""

Asked: TypeAlias = tuple[float | None, tuple[float, float] | None, str, float, str, float, float]
"""Largest delay, band, weighting, regularization, how lags are refined, least overlap, taper: as the compiled half takes
them."""


@dataclass(frozen=True, repr=False)
class Delay(Result):
    """The delay of b behind a: ``b(t) = a(t - delay_s)``. Where the verdict is "none" the numbers mean nothing."""

    delay_s: float
    """Positive where b is late."""
    uncertainty_s: float
    """One standard deviation of `delay_s`, if the right peak was taken."""
    verdict: str
    """"clear"; "ambiguous" where another peak may be the right one; "none" where unrelated records show as much."""
    leading: str
    """Which record comes first: "a", "b" or "neither"."""
    delay_samples: float
    """The delay in samples."""
    lag_samples: int
    """The whole lag from which it was refined."""
    coefficient: float
    """Correlation coefficient of what overlaps, at the delay and in the band."""
    polarity: int
    """1, or -1 where b is a turned upside down."""
    uncertainty_is_lower_bound: bool
    """Whether the signal is so weak that `uncertainty_s` is too small."""
    chance: float
    """Probability that unrelated records with these spectra have a peak as high."""
    second_peak_ratio: float
    """Coefficient of the second highest peak over that of the highest."""
    alias_period_s: float | None
    """For records that share a single tone: its period, multiples of which can be added to the delay."""
    phase_deg: float | None
    """For those: the phase by which b is behind a."""
    searched_s: tuple[float, float]
    """The smallest and the largest delay searched."""

    def plot(self, ax: Axes | None = None) -> Axes:
        ax = new_axes() if ax is None else ax
        ax.axvspan(*self.searched_s, alpha=0.1, color="gray", label="searched")
        ax.errorbar(
            [self.delay_s], [self.coefficient], xerr=[self.uncertainty_s], fmt="o", capsize=4, label=self._sentence()
        )
        ax.axvline(0.0, linestyle=":", color="gray")
        ax.set_xlabel("delay of b behind a, s")
        ax.set_ylabel("correlation coefficient")
        ax.set_ylim(-1.05, 1.05)
        ax.legend()
        return ax

    def _sentence(self) -> str:
        if self.verdict == "none":
            return "no delay to be found"
        return f"{self.delay_s:.6g} s ± {self.uncertainty_s:.2g} s, {self.verdict}"


@dataclass(frozen=True, repr=False)
class Drift(Result):
    """A delay that changes evenly: ``delay_at_start_s + 1e-6 * skew_ppm * t``."""

    skew_ppm: float
    """By how much the delay grows, in microseconds a second: positive where the clock of b is fast."""
    skew_low_ppm: float
    """Lower end of the interval that holds the skew with 95 % probability."""
    skew_high_ppm: float
    """Its upper end."""
    delay_at_start_s: float
    """The delay at the first sample."""
    median_deviation_s: float
    """Median distance of the delays from the line."""
    clear: int
    """Windows with a clear delay, through which the line goes."""
    aligned_by_samples: int
    """By how many samples the windows of b stand behind those of a."""
    time_s: Reals
    """Middles of the windows."""
    delay_s: Reals
    """Delays of the windows."""
    uncertainty_s: Reals
    """Their standard deviations."""
    is_clear: NDArray[np.bool_]
    """Which of them are clear."""

    def delay_at(self, t: Numbers) -> Reals:
        """The delay at times from the first sample, in s."""
        return self.delay_at_start_s + 1e-6 * self.skew_ppm * np.asarray(t, dtype=np.float64)

    def plot(self, ax: Axes | None = None) -> Axes:
        ax = new_axes() if ax is None else ax
        for chosen, label in ((self.is_clear, "clear"), (~self.is_clear, "not clear")):
            if chosen.any():
                width = self.uncertainty_s[chosen] if label == "clear" else None
                ax.errorbar(self.time_s[chosen], self.delay_s[chosen], yerr=width, fmt=".", label=label)
        label = f"{self.skew_ppm:.4g} ppm ({self.skew_low_ppm:.4g} to {self.skew_high_ppm:.4g})"
        ax.plot(self.time_s, self.delay_at(self.time_s), label=label)
        ax.set_xlabel("time, s")
        ax.set_ylabel("delay of b behind a, s")
        ax.legend()
        return ax


@dataclass(frozen=True, repr=False)
class ToneDelay(Result):
    """The delay between two records of one tone."""

    delay_s: float
    """The delay of b behind a that is nearest to zero: positive where b is late."""
    uncertainty_s: float
    """One standard deviation of it."""
    phase_deg: float
    """By how much b is behind a, above -180 up to 180."""
    frequency_hz: float
    """Frequency of the tone."""
    alias_period_s: float
    """Its period: whole multiples of it can be added to the delay."""
    coefficient: float
    """Correlation coefficient of the records with the delay taken off."""

    def plot(self, ax: Axes | None = None) -> Axes:
        ax = new_axes() if ax is None else ax
        time = np.linspace(0.0, 2.0 * self.alias_period_s, 401)
        for late, label in ((0.0, "a"), (self.delay_s, f"b, {self.phase_deg:.4g} degrees behind")):
            ax.plot(time, np.cos(2.0 * np.pi * self.frequency_hz * (time - late)), label=label)
        ax.set_xlabel("time, s")
        ax.legend()
        return ax


def delay(
    a: Numbers,
    b: Numbers,
    fs: float = 1.0,
    *,
    max_lag_s: float | None = None,
    band: tuple[float, float] | None = None,
    weighting: Weighting = "none",
    subsample: Subsample = "weighted",
    min_overlap: float = 0.5,
    taper: float = 1.0,
    regularization: float = 0.01,
) -> Delay:
    """The delay of b behind a, to a fraction of a sample, with its uncertainty and whether there is one at all.

    Parameters
    ----------
    a, b : array-like, shapes (n,), (m,)
        Records of 8 samples or more, from the same time on.
    fs : float
        Samples a second.
    max_lag_s : float, optional
        The largest delay searched, of either sign; as far as `min_overlap` allows if left out.
    band : (float, float), optional
        Lowest and highest frequency used, in Hz.
    weighting : {"none", "phat", "scot", "roth", "ml"}
        How frequencies are weighted where the whole lag is chosen (Knapp and Carter 1976).
    subsample : {"weighted", "least-squares", "parabolic", "none"}
        How the delay between two lags is found.
    min_overlap : float
        Share of the shorter record that must overlap at a lag for it to be searched.
    taper : float
        Share of what is compared that is cosine ramps: 1 is a Hann window.
    regularization : float
        Added to the denominators of weightings, as a share of the largest.

    Returns
    -------
    Delay

    Raises
    ------
    ValueError
        For arguments out of range, for NaN and infinity, for records that do not vary.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.arange(1000) / 1000.0
    >>> pulse = np.exp(-0.5 * ((t - 0.5) / 0.003) ** 2)
    >>> late = 3.0 * np.exp(-0.5 * ((t - 0.5123) / 0.003) ** 2)
    >>> found = delay(pulse, late, fs=1000.0, max_lag_s=0.1)
    >>> round(found.delay_s, 9), found.leading, found.verdict
    (0.0123, 'a', 'clear')
    """
    request = (max_lag_s, band, weighting, regularization, subsample, min_overlap, taper)
    first, second = column(a, "a"), column(b, "b")
    return Delay._of(_hexad.delay(first, second, _settings(len(first), len(second), float(fs), request)))


def drift(
    a: Numbers,
    b: Numbers,
    fs: float,
    window_s: float,
    *,
    max_lag_s: float | None = None,
    band: tuple[float, float] | None = None,
    weighting: Weighting = "none",
    subsample: Subsample = "weighted",
    min_overlap: float = 0.5,
    taper: float = 1.0,
    regularization: float = 0.01,
) -> Drift:
    """The delay of b behind a in windows that follow each other, and the line through them: the skew of two clocks.

    The line is that of Theil (1950) and Sen (1968): up to 29 % of the windows may be wrong without consequence.

    Parameters
    ----------
    window_s : float
        Length of the windows in seconds: several times what the delay changes in all.
    a, b, fs, max_lag_s, band, weighting, subsample, min_overlap, taper, regularization
        As in `delay`; the largest delay counts from that of the whole records.

    Returns
    -------
    Drift

    Raises
    ------
    ValueError
        As `delay`, and for fewer than five windows with a clear delay.

    Examples
    --------
    >>> import numpy as np
    >>> k = np.arange(1, 40)
    >>> def tones(t):
    ...     return np.cos(0.37 * t[:, None] * k + k**2).sum(axis=1)
    >>> t = np.arange(8000) * 0.05
    >>> found = drift(tones(t), tones(t * (1.0 - 50e-6) - 3.0), fs=20.0, window_s=20.0)
    >>> round(found.skew_ppm), round(found.delay_at_start_s, 2)
    (50, 3.0)
    """
    request = (max_lag_s, band, weighting, regularization, subsample, min_overlap, taper)
    return Drift._of(_hexad.drift(column(a, "a"), column(b, "b"), fs, window_s, request))


def tone_delay(a: Numbers, b: Numbers, fs: float = 1.0) -> ToneDelay | None:
    """The delay between records of one tone of the same frequency, by its phase; None if they are not that.

    Examples
    --------
    >>> import numpy as np
    >>> t = np.arange(1000) / 100.0
    >>> found = tone_delay(np.sin(5.0 * t), 4.0 * np.sin(5.0 * t - np.radians(50.0)), fs=100.0)
    >>> round(found.phase_deg, 6), round(found.delay_s, 6)
    (50.0, 0.174533)
    """
    found = _hexad.tone_delay(column(a, "a"), column(b, "b"), fs)
    return None if found is None else ToneDelay._of(found)


def align(b: Numbers, delay_s: float, fs: float = 1.0) -> Reals:
    """b moved earlier by its delay, so that it stands beside the record it is late behind: ``b(t + delay_s)``.

    As long as b; NaN where it would come from beyond its ends.

    Examples
    --------
    >>> align([0.0, 1.0, 4.0, 9.0], 2.0)
    array([ 4.,  9., nan, nan])
    """
    return _hexad.align(column(b, "b"), delay_s, fs)
