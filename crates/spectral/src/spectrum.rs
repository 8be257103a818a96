//! One spectrum, read in every scaling.

mod band;
mod confidence;
mod plan;
mod scaling;

pub use confidence::Interval;
pub use plan::{Padding, SpectrumOptions, SpectrumPlan, SpectrumScratch, spectrum, spectrum_of_complex};
pub(crate) use plan::{frame, residual};
pub use scaling::Scaling;

use hexad_core::Complex64;

use crate::sum::sum;
use crate::{Detrend, Window};

/// Which frequencies a spectrum shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Sides {
    /// 0 to half the sample rate, each line with its mirror image.
    #[default]
    One,
    /// From minus half the sample rate up, every bin by itself.
    Two,
}

/// A spectrum: squared transforms of one segment or the average of many, with all that their scaling needs.
///
/// For a signal in V at spacing `dt`, every [`Scaling`] is a method call away; [`Scaling`] has the formulas.
/// The amplitude of a pulse falls as one over the record's length: for a transient read
/// [`Scaling::Transform`] or [`Scaling::Energy`]. At half the sample rate the amplitude of a line depends on
/// its phase and cannot be told.
#[derive(Debug, Clone, PartialEq)]
pub struct Spectrum {
    /// `|X|^2`, averaged, by bin.
    pub(crate) power: Vec<f64>,
    /// `X` of the only segment.
    pub(crate) transform: Option<Vec<Complex64>>,
    pub(crate) frame: Frame,
    pub(crate) averaging: Averaging,
    pub(crate) parseval_residual: f64,
}

/// What every segment of a spectrum has in common.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Frame {
    /// Samples of a segment.
    pub len: usize,
    /// Samples of its transform: more, if it was padded.
    pub transform_len: usize,
    pub sample_rate_hz: f64,
    /// Time of the first sample.
    pub start_s: f64,
    pub sides: Sides,
    /// Whether the signal is complex: at 0 and at half the sample rate it is like everywhere.
    pub is_complex: bool,
    pub window: Window,
    pub detrend: Detrend,
    pub window_sum: f64,
    pub window_square_sum: f64,
}

/// How segments were averaged.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Averaging {
    pub segments: u64,
    /// As many independent segments would spread as much.
    pub effective: f64,
}

impl Averaging {
    pub(crate) const ONE: Self = Self { segments: 1, effective: 1.0 };
}

impl Frame {
    /// Number of bins shown.
    pub(crate) fn bins(&self) -> usize {
        match self.sides {
            Sides::One => self.transform_len / 2 + 1,
            Sides::Two => self.transform_len,
        }
    }

    pub(crate) fn resolution_hz(&self) -> f64 {
        self.sample_rate_hz / self.transform_len as f64
    }

    /// The bin's place in units of the resolution, negative below 0.
    fn place(&self, bin: usize) -> f64 {
        match self.sides {
            Sides::One => bin as f64,
            Sides::Two => bin as f64 - (self.transform_len / 2) as f64,
        }
    }

    pub(crate) fn frequency_hz(&self, bin: usize) -> f64 {
        self.place(bin) * self.sample_rate_hz / self.transform_len as f64
    }

    /// The bin of the lower half of the transform with the same power.
    pub(crate) fn lower_bin(&self, bin: usize) -> usize {
        match self.sides {
            Sides::One => bin,
            Sides::Two => bin.abs_diff(self.transform_len / 2),
        }
    }

    /// How many complex bins a bin stands for.
    pub(crate) fn images(&self, bin: usize) -> f64 {
        if self.sides == Sides::Two || self.is_edge(bin) { 1.0 } else { 2.0 }
    }

    /// Whether the transform of a real signal is real there: at 0 and at half the sample rate.
    pub(crate) fn is_edge(&self, bin: usize) -> bool {
        let place = self.place(bin);
        place == 0.0 || 2.0 * place.abs() == self.transform_len as f64
    }

    /// The value of a bin whose `|X|^2` is `power`.
    pub(crate) fn scaled(&self, scaling: Scaling, bin: usize, power: f64) -> f64 {
        let images = self.images(bin);
        let dt = 1.0 / self.sample_rate_hz;
        let tone = images * power / (self.window_sum * self.window_sum);
        let density = images * power * dt / self.window_square_sum;
        match scaling {
            Scaling::Amplitude => images * power.sqrt() / self.window_sum.abs(),
            Scaling::Rms => tone.sqrt(),
            Scaling::Power => tone,
            Scaling::Density => density,
            Scaling::Energy => density * self.len as f64 * dt,
            Scaling::Transform => power.sqrt() * dt,
        }
    }
}

impl Spectrum {
    /// Sum of the squares of all complex bins.
    fn bin_squares(&self) -> f64 {
        sum(self.power.iter().enumerate().map(|(bin, power)| self.frame.images(bin) * power))
    }

    /// Number of bins.
    #[must_use]
    pub fn len(&self) -> usize {
        self.power.len()
    }

    /// Never: a spectrum has at least one bin.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.power.is_empty()
    }

    /// The frequency of a bin. Two-sided spectra begin at the lowest negative one.
    #[must_use]
    pub fn frequency_hz(&self, bin: usize) -> f64 {
        self.frame.frequency_hz(bin)
    }

    /// The frequencies of all bins, rising.
    #[must_use]
    pub fn frequencies_hz(&self) -> Vec<f64> {
        (0..self.len()).map(|bin| self.frequency_hz(bin)).collect()
    }

    /// The value of a bin.
    ///
    /// # Panics
    ///
    /// If there is no such bin.
    #[must_use]
    pub fn value(&self, scaling: Scaling, bin: usize) -> f64 {
        self.frame.scaled(scaling, bin, self.power[bin])
    }

    /// The values of all bins.
    #[must_use]
    pub fn values(&self, scaling: Scaling) -> Vec<f64> {
        (0..self.len()).map(|bin| self.value(scaling, bin)).collect()
    }

    /// The phase of each bin in rad, that of a cosine at the first sample; none of an average.
    #[must_use]
    pub fn phases(&self) -> Option<Vec<f64>> {
        Some(self.transform.as_ref()?.iter().map(|value| value.arg()).collect())
    }

    /// The Fourier transform `dt X exp(-2 pi i f start)` of each bin, in V/Hz, whose phases are those of
    /// time 0; none of an average.
    #[must_use]
    pub fn fourier_transform(&self) -> Option<Vec<Complex64>> {
        let transform = self.transform.as_ref()?;
        let turned = |(bin, value): (usize, &Complex64)| {
            let turn = crate::goertzel::phasor(-self.frequency_hz(bin), self.frame.start_s);
            value * turn / self.frame.sample_rate_hz
        };
        Some(transform.iter().enumerate().map(turned).collect())
    }

    /// Frequency and value of [`Spectrum::peak_bin`].
    #[must_use]
    pub fn peak(&self, scaling: Scaling) -> Option<(f64, f64)> {
        self.peak_bin(scaling).map(|bin| (self.frequency_hz(bin), self.value(scaling, bin)))
    }

    /// The bin of the largest value but that at frequency 0 and what leaks from it; the lowest of equal ones.
    /// None if nothing else is there.
    ///
    /// A window, or zeros behind the samples, spread the constant over its neighbours: bins that fall away from
    /// frequency 0 within the width of the window's main lobe, twice its noise bandwidth, do not count, unless
    /// the constant was taken off before.
    #[must_use]
    pub fn peak_bin(&self, scaling: Scaling) -> Option<usize> {
        let middle = (0..self.len()).find(|&bin| self.frame.place(bin) == 0.0)?;
        let leaks = self.leaks_of_constant(middle..self.len());
        let leaks_below = self.leaks_of_constant((0..=middle).rev());
        let bins = (0..self.len()).filter(|bin| *bin > middle + leaks || bin + leaks_below < middle);
        let larger = |best: usize, bin: usize| {
            if self.value(scaling, bin) > self.value(scaling, best) { bin } else { best }
        };
        bins.reduce(larger)
    }

    /// How many bins beside the first, which is that of frequency 0, hold its main lobe.
    fn leaks_of_constant(&self, outwards: impl Iterator<Item = usize> + Clone) -> usize {
        let Frame { len, transform_len, window, detrend, .. } = self.frame;
        if detrend != Detrend::None || (window == Window::Boxcar && transform_len == len) {
            return 0;
        }
        let is_lobe = |&(near, far): &(usize, usize)| {
            self.power[far] < self.power[near] && self.frequency_hz(far).abs() <= 2.0 * self.enbw_hz()
        };
        outwards.clone().zip(outwards.skip(1)).take_while(is_lobe).count()
    }

    /// Distance between bins.
    #[must_use]
    pub fn resolution_hz(&self) -> f64 {
        self.frame.resolution_hz()
    }

    /// Equivalent noise bandwidth: `sample_rate sum w^2 / (sum w)^2`. Power over density is this.
    #[must_use]
    pub fn enbw_hz(&self) -> f64 {
        let Frame { sample_rate_hz, window_sum, window_square_sum, .. } = self.frame;
        sample_rate_hz * window_square_sum / (window_sum * window_sum)
    }

    /// Samples of a segment.
    #[must_use]
    pub fn segment_len(&self) -> usize {
        self.frame.len
    }

    /// Samples a second.
    #[must_use]
    pub fn sample_rate_hz(&self) -> f64 {
        self.frame.sample_rate_hz
    }

    /// Which frequencies are shown.
    #[must_use]
    pub fn sides(&self) -> Sides {
        self.frame.sides
    }

    /// The window.
    #[must_use]
    pub fn window(&self) -> Window {
        self.frame.window
    }

    /// What was taken off before.
    #[must_use]
    pub fn detrend(&self) -> Detrend {
        self.frame.detrend
    }

    /// Segments averaged.
    #[must_use]
    pub fn segments(&self) -> u64 {
        self.averaging.segments
    }

    /// As many independent segments would spread as much as the overlapping ones did.
    #[must_use]
    pub fn effective_segments(&self) -> f64 {
        self.averaging.effective
    }

    /// How far the sum of the squares of all bins is from that of the windowed samples, relative to it
    /// (Parseval): rounding, unless something is wrong. Of an average, that of all its segments together.
    #[must_use]
    pub fn parseval_residual(&self) -> f64 {
        self.parseval_residual
    }
}
