from collections.abc import Callable, Mapping
from typing import Any, final

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "DelaySettings",
    "DensityRaster",
    "DensitySettings",
    "ImageFilter",
    "NeuronModel",
    "NeuronPopulation",
    "Periodogram",
    "SmoothSettings",
    "SpectrumSettings",
    "SmoothStream",
    "WaveModel",
    "WaveSimulation",
    "WelchStream",
    "align",
    "all_pairs",
    "auto_sigma",
    "box_filter",
    "chirp_z",
    "correlate",
    "correlate_arrays",
    "correlate_complex",
    "correlate_complex_arrays",
    "correlation_lags",
    "cross",
    "cross_of_sums",
    "cross_sums",
    "delay",
    "density_contours",
    "density_hot_spots",
    "density_map",
    "drift",
    "fftn",
    "fit_lines",
    "gaussian_filter",
    "gaussian_flatten",
    "goertzel",
    "ifftn",
    "irfftn",
    "istft",
    "joined_sums",
    "mercator",
    "neuron_current_at",
    "neuron_fano",
    "neuron_fi_curve",
    "neuron_instantaneous_threshold",
    "neuron_interval_statistics",
    "neuron_models",
    "neuron_noise",
    "neuron_phase_plane",
    "neuron_random_connections",
    "neuron_rest_loses_stability",
    "neuron_resting_state",
    "neuron_rheobase",
    "neuron_run",
    "neuron_triggered_average",
    "preprocess",
    "rebuild",
    "remove_harmonics",
    "resample",
    "rfftn",
    "set_threads",
    "sigma_from_cutoff",
    "sigma_from_fwhm",
    "skew_normal_pulse",
    "smooth",
    "smooth_part",
    "smooth_part_layout",
    "some_pairs",
    "spectrogram",
    "spectrum",
    "spectrum_of_complex",
    "stft",
    "templates",
    "threads",
    "tone_delay",
    "uniform_time_axis",
    "wave_advice",
    "wave_grid",
    "wave_points_for",
    "wave_study",
    "wave_study_of_grids",
    "wave_velocity_errors",
    "welch",
    "welch_layout",
    "welch_of_sums",
    "welch_sums",
    "window",
    "window_constants",
]

def set_threads(count: int) -> None: ...
def threads() -> int: ...

# smoothing
def smooth_part_layout(len: int, asked: SmoothSettings) -> tuple[int, int, int]: ...
def smooth_part(
    y: NDArray[np.float64],
    weights: NDArray[np.float64] | None,
    len: int,
    first: int,
    outputs: tuple[int, int],
    offsets: NDArray[np.float64],
    largest_weight: float,
    asked: SmoothSettings,
) -> NDArray[np.float64]: ...
def gaussian_filter(
    array: NDArray[np.float64], sigma: list[float], order: list[int], mode: str, cval: float, truncate: float
) -> NDArray[np.float64]: ...
def box_filter(
    array: NDArray[np.float64],
    width: float | None,
    sigma: float | None,
    passes: int,
    mode: str,
    cval: float,
    axes: list[int],
) -> NDArray[np.float64]: ...
def gaussian_flatten(
    x: NDArray[np.float64], y: NDArray[np.float64], reach: float, sigma: float, phi: float, amplitude: float
) -> NDArray[np.float64]: ...
@final
class SmoothSettings:
    def __new__(
        cls,
        sigma: float,
        truncate: float | None,
        reach: float | None,
        boundary: str,
        cval: float,
        method: str,
        tolerance: float,
        derivative: int,
        fit: str,
        nan: str,
        min_weight: float,
        causal: bool,
        statistics: bool,
    ) -> SmoothSettings: ...

def smooth(
    y: NDArray[np.float64],
    x: NDArray[np.float64] | None,
    weights: NDArray[np.float64] | None,
    at: NDArray[np.float64] | None,
    asked: SmoothSettings,
) -> dict[str, Any]: ...

# waves
@final
class WaveModel:
    def __new__(cls, asked: dict[str, Any]) -> WaveModel: ...
    def largest_stable_dt(self) -> float: ...
    def largest_speed(self) -> float: ...
    def memory_bytes(self, single: bool) -> int: ...
    @staticmethod
    def clock(duration: float, dt: float) -> tuple[float, int]: ...
    def discrete_angular_frequency(self, dt: float, wave_vector: list[float]) -> float: ...

@final
class WaveSimulation:
    def __new__(cls, model: WaveModel, dt: float, single: bool) -> WaveSimulation: ...
    def start_from(
        self, pressure: NDArray[np.float64] | None, velocity: list[NDArray[np.float64]] | None, start: str
    ) -> None: ...
    def advance(self, steps: int, progress: Callable[[int], object] | None) -> None: ...
    def jump(self, steps: int) -> None: ...
    def pressure(self) -> NDArray[Any]: ...
    def velocity(self, axis: int) -> NDArray[Any]: ...
    def traces(self, first: int) -> NDArray[np.float64]: ...
    def energy(self) -> float: ...
    def check(self) -> None: ...
    def keep_every(self, steps: int) -> None: ...
    def checkpoint(self) -> bytes: ...
    def resume(self, checkpoint: bytes) -> None: ...
    def step(self) -> int: ...
    def time(self) -> float: ...
    def dt(self) -> float: ...

def wave_advice(dims: int, order: int, courant: float, points: float) -> str: ...
def wave_points_for(dims: int, order: int, courant: float, error: float) -> float: ...
def wave_study(
    solution: str | tuple[Callable[..., float], list[Callable[..., float]]],
    models: list[WaveModel],
    asked: dict[str, Any],
) -> dict[str, Any]: ...
def wave_grid(
    solution: str | tuple[Callable[..., float], list[Callable[..., float]]],
    models: list[tuple[int, WaveModel]],
    asked: dict[str, Any],
    index: int,
) -> tuple[float, float, int, list[float], list[float], float]: ...
def wave_study_of_grids(
    coarsest: WaveModel,
    measured: list[tuple[float, float, int, list[float], list[float], float]],
    asked: dict[str, Any],
) -> dict[str, Any]: ...
def wave_velocity_errors(
    dims: int, order: int, courant: float, points: NDArray[np.float64]
) -> NDArray[np.float64]: ...

# neurons
@final
class NeuronModel:
    def __new__(cls, asked: dict[str, Any]) -> NeuronModel: ...
    def __getnewargs__(self) -> tuple[dict[str, Any]]: ...

@final
class NeuronPopulation:
    def __new__(cls, asked: dict[str, Any]) -> NeuronPopulation: ...
    def run(self, steps: int, progress: Callable[[int], object] | None, ordered: bool) -> dict[str, Any]: ...
    def steps(self) -> int: ...
    def states(self) -> NDArray[np.float64]: ...
    def checkpoint(self) -> bytes: ...
    def resume(self, checkpoint: bytes) -> None: ...

def neuron_current_at(
    terms: list[tuple[str, list[float], NDArray[np.float64] | None]], t_ms: NDArray[np.float64]
) -> NDArray[np.float64]: ...
def neuron_fano(spikes_ms: NDArray[np.float64], window_ms: float, duration_ms: float) -> float: ...
def neuron_fi_curve(
    model: NeuronModel, currents: NDArray[np.float64], duration_ms: float, dt_ms: float
) -> tuple[NDArray[np.float64], NDArray[np.uint64]]: ...
def neuron_instantaneous_threshold(model: NeuronModel, up_to_mv: float) -> float: ...
def neuron_interval_statistics(spikes_ms: NDArray[np.float64]) -> tuple[int, float, float, float]: ...
def neuron_models() -> list[dict[str, Any]]: ...
def neuron_noise(
    sd: float, tau_ms: float, interval_ms: float, duration_ms: float, seed: int
) -> NDArray[np.float64]: ...
def neuron_phase_plane(
    model: NeuronModel,
    current_ua_cm2: float,
    v_mv: NDArray[np.float64],
    flow_v_mv: NDArray[np.float64],
    flow_n: NDArray[np.float64],
) -> list[NDArray[np.float64]]: ...
def neuron_random_connections(
    sources: tuple[int, int], targets: tuple[int, int], probability: float, seed: int
) -> list[NDArray[np.uint64]]: ...
def neuron_rest_loses_stability(model: NeuronModel, up_to_ua_cm2: float) -> float | None: ...
def neuron_resting_state(model: NeuronModel, current_ua_cm2: float) -> tuple[float, float, float, float]: ...
def neuron_rheobase(model: NeuronModel, up_to_ua_cm2: float) -> float: ...
def neuron_run(
    duration_ms: float,
    dt_ms: float,
    model: NeuronModel,
    current: list[tuple[str, list[float], NDArray[np.float64] | None]],
    poisson: list[dict[str, Any]],
    arrivals: tuple[NDArray[np.float64], NDArray[np.float64]] | None,
    integrator: str,
    tolerance_ms: float,
    start: tuple[float, ...] | None,
    synapse: str,
    threshold_mv: float,
    rearm_mv: float,
    record_every: int,
    seed: int,
    repetition: int,
    neuron: int,
) -> dict[str, Any]: ...
def neuron_triggered_average(
    signal: NDArray[np.float64], dt_ms: float, spikes_ms: NDArray[np.float64], before_ms: float, after_ms: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], int]: ...
def auto_sigma(
    y: NDArray[np.float64], x: NDArray[np.float64], weights: NDArray[np.float64] | None, asked: SmoothSettings
) -> dict[str, Any]: ...
def sigma_from_fwhm(fwhm: float) -> float: ...
def sigma_from_cutoff(frequency: float) -> float: ...
@final
class SmoothStream:
    def __new__(cls, step: float, asked: SmoothSettings) -> SmoothStream: ...
    def push(self, y: NDArray[np.float64]) -> NDArray[np.float64]: ...
    def finish(self) -> NDArray[np.float64]: ...
    @property
    def error_bound(self) -> float: ...

@final
class ImageFilter:
    def __new__(
        cls,
        shape: tuple[int, int],
        sigma: tuple[float, float],
        mode: str,
        cval: float,
        tolerance: float,
        single: bool,
    ) -> ImageFilter: ...
    def apply(self, image: NDArray[Any], out: NDArray[Any]) -> None: ...
    @property
    def error_bound(self) -> float: ...

# spectral
def window(name: str, len: int) -> NDArray[np.float64]: ...
def window_constants(name: str, len: int) -> dict[str, float]: ...
@final
class SpectrumSettings:
    def __new__(
        cls,
        fs: float,
        window: str,
        nperseg: int,
        noverlap: int,
        nfft: int,
        detrend: str,
        onesided: bool,
        scaling: str,
        average: str,
        start: float,
        confidence: float | None,
        phases: bool,
        edges: str,
    ) -> SpectrumSettings: ...
    @property
    def fs(self) -> float: ...
    @property
    def window(self) -> str: ...
    @property
    def nperseg(self) -> int: ...
    @property
    def noverlap(self) -> int: ...
    @property
    def nfft(self) -> int: ...
    @property
    def detrend(self) -> str: ...
    @property
    def onesided(self) -> bool: ...
    @property
    def scaling(self) -> str: ...
    @property
    def average(self) -> str: ...
    @property
    def start(self) -> float: ...
    @property
    def confidence(self) -> float | None: ...
    @property
    def phases(self) -> bool: ...
    @property
    def edges(self) -> str: ...

def spectrum(x: NDArray[np.float64], asked: SpectrumSettings) -> dict[str, Any]: ...
def spectrum_of_complex(x: NDArray[np.complex128], asked: SpectrumSettings) -> dict[str, Any]: ...
def welch(x: NDArray[np.float64], asked: SpectrumSettings) -> dict[str, Any]: ...
def cross(
    a: NDArray[np.float64], b: NDArray[np.float64], asked: SpectrumSettings, chance: float | None
) -> dict[str, Any]: ...
def welch_layout(asked: SpectrumSettings) -> tuple[int, int]: ...
def welch_sums(x: NDArray[np.float64], asked: SpectrumSettings, first_block: int) -> NDArray[np.float64]: ...
def cross_sums(
    a: NDArray[np.float64], b: NDArray[np.float64], asked: SpectrumSettings, first_block: int
) -> NDArray[np.float64]: ...
def joined_sums(parts: list[NDArray[np.float64]]) -> NDArray[np.float64]: ...
def welch_of_sums(sums: NDArray[np.float64], asked: SpectrumSettings) -> dict[str, Any]: ...
def cross_of_sums(
    sums: NDArray[np.float64], asked: SpectrumSettings, chance: float | None
) -> dict[str, Any]: ...
@final
class WelchStream:
    def __new__(cls, asked: SpectrumSettings) -> WelchStream: ...
    def push(self, x: NDArray[np.float64]) -> None: ...
    def merge(self, other: WelchStream) -> None: ...
    def spectrum(self) -> dict[str, Any]: ...
    @property
    def segments(self) -> int: ...

def stft(
    x: NDArray[np.float64], asked: SpectrumSettings
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.complex128]]: ...
def spectrogram(
    x: NDArray[np.float64], asked: SpectrumSettings
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]: ...
def istft(z: NDArray[np.complex128], len: int, asked: SpectrumSettings) -> NDArray[np.float64]: ...
def rebuild(
    x: NDArray[np.float64], fs: float, asked: Mapping[str, Any]
) -> tuple[dict[str, Any], NDArray[np.uint64], int]: ...
def fit_lines(
    x: NDArray[np.float64],
    fs: float,
    count: int | None,
    error: float,
    norm: str,
    at_most: int,
    constant: bool,
) -> tuple[
    dict[str, Any], tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], float]
]: ...
def fftn(array: NDArray[np.complex128], axes: list[int]) -> NDArray[np.complex128]: ...
def ifftn(array: NDArray[np.complex128], axes: list[int]) -> NDArray[np.complex128]: ...
def rfftn(array: NDArray[np.float64], axes: list[int]) -> NDArray[np.complex128]: ...
def irfftn(array: NDArray[np.complex128], axes: list[int], len: int) -> NDArray[np.float64]: ...
def goertzel(x: NDArray[np.float64], frequencies: NDArray[np.float64], fs: float) -> NDArray[np.complex128]: ...
def chirp_z(x: NDArray[np.float64], fs: float, low: float, high: float, points: int) -> NDArray[np.complex128]: ...
@final
class Periodogram:
    def __new__(
        cls,
        t: NDArray[np.float64],
        y: NDArray[np.float64],
        dy: NDArray[np.float64] | None,
        mean: str,
        normalization: str,
        nan: str,
        method: str,
        detrend: str,
    ) -> Periodogram: ...
    def power_auto(
        self, samples_per_peak: float, highest: float | None
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]]: ...
    def power_even(self, start: float, step: float, len: int) -> NDArray[np.float64]: ...
    def power_at(self, frequencies: NDArray[np.float64]) -> NDArray[np.float64]: ...
    def fit(self, frequency: float) -> tuple[float, float, float, float, float]: ...
    def false_alarm_probability(self, power: float, highest: float) -> float: ...
    def false_alarm_level(self, probability: float, highest: float) -> float: ...
    @property
    def omitted(self) -> int: ...
    @property
    def first_time(self) -> float: ...

def uniform_time_axis(t: NDArray[np.float64]) -> tuple[float, float]: ...
def skew_normal_pulse(
    x: NDArray[np.float64], location: float, scale: float, shape: float
) -> NDArray[np.float64]: ...

# correlate
_Lags = tuple[str, int | None, tuple[int, int] | None, str, bool, str, float]
_Search = tuple[float | None, tuple[float, float] | None, str, float, str, float, float]

def correlate(
    a: NDArray[np.float64], b: NDArray[np.float64], asked: _Lags, peaks: bool
) -> dict[str, Any]: ...
def correlate_complex(
    a: NDArray[np.complex128], b: NDArray[np.complex128], asked: _Lags
) -> tuple[NDArray[np.complex128], int, tuple[int, float, float] | None]: ...
def correlate_arrays(a: NDArray[np.float64], b: NDArray[np.float64], mode: str) -> NDArray[np.float64]: ...
def correlate_complex_arrays(
    a: NDArray[np.complex128], b: NDArray[np.complex128], mode: str
) -> NDArray[np.complex128]: ...
def all_pairs(channels: NDArray[np.float64], asked: _Lags) -> tuple[NDArray[np.float64], int]: ...
def some_pairs(
    channels: NDArray[np.float64], pairs: list[tuple[int, int]], asked: _Lags
) -> tuple[NDArray[np.float64], int]: ...
def correlation_lags(len_a: int, len_b: int, mode: str) -> tuple[int, int]: ...
def templates(record: NDArray[np.float64], templates: NDArray[np.float64]) -> NDArray[np.float64]: ...
@final
class DelaySettings:
    def __new__(cls, a_length: int, b_length: int, fs: float, asked: _Search) -> DelaySettings: ...

def delay(a: NDArray[np.float64], b: NDArray[np.float64], asked: DelaySettings) -> dict[str, Any]: ...
def drift(
    a: NDArray[np.float64], b: NDArray[np.float64], fs: float, window_s: float, asked: _Search
) -> dict[str, Any]: ...
def tone_delay(a: NDArray[np.float64], b: NDArray[np.float64], fs: float) -> dict[str, Any] | None: ...
def align(b: NDArray[np.float64], delay_s: float, fs: float) -> NDArray[np.float64]: ...
def resample(x: NDArray[np.float64], from_hz: float, to_hz: float) -> NDArray[np.float64]: ...
def remove_harmonics(
    x: NDArray[np.float64], fs: float, fundamental_hz: float, count: int
) -> NDArray[np.float64]: ...
def preprocess(x: NDArray[np.float64], fs: float, asked: Mapping[str, Any]) -> NDArray[np.float64]: ...

# density
_Shown = tuple[NDArray[np.float64], tuple[float, float, float, float]]
_Rings = list[NDArray[np.float64]]

@final
class DensitySettings:
    def __new__(
        cls,
        bounds: tuple[float, float, float, float] | None,
        shape: tuple[int, int],
        crs: str,
        method: str,
        bandwidth: tuple[str, tuple[float, ...]],
        tolerance: float,
        normalize: str,
        kernel: str,
        passes: int,
        neighbours: int,
        decay: float,
        edge: str | None,
        sensitivity: float,
        limits: tuple[float, ...],
    ) -> DensitySettings: ...

def density_map(
    x: NDArray[np.float64], y: NDArray[np.float64], weights: NDArray[np.float64] | None, asked: DensitySettings
) -> dict[str, Any]: ...
def density_contours(shown: _Shown, levels: list[tuple[str, float]]) -> list[tuple[float, float, list[_Rings]]]: ...
def density_hot_spots(
    shown: _Shown,
    at: tuple[str, float],
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    weights: NDArray[np.float64] | None,
    crs: str,
) -> list[tuple[float, list[float], int, float, _Rings]]: ...
def mercator(lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[NDArray[np.float64]]: ...
@final
class DensityRaster:
    def __new__(
        cls,
        bounds: tuple[float, float, float, float],
        shape: tuple[int, int],
        sigma: tuple[float, float] | None,
        largest: float | None,
        tolerance: float,
    ) -> DensityRaster: ...
    @staticmethod
    def from_bytes(bytes: bytes) -> DensityRaster: ...
    def to_bytes(self) -> bytes: ...
    def add(
        self, x: NDArray[np.float64], y: NDArray[np.float64], weights: NDArray[np.float64] | None = None
    ) -> None: ...
    def merge(self, other: DensityRaster) -> None: ...
    def map(self, normalize: str, is_earth: bool) -> dict[str, Any]: ...
    @property
    def bounds(self) -> list[float]: ...
    @property
    def shape(self) -> tuple[int, int]: ...
    @property
    def sigma(self) -> list[float] | None: ...
    @property
    def tally(self) -> tuple[int, int, int]: ...
