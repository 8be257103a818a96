//! Synaptic bombardment: Poisson trains of spikes, each a jump of the membrane potential.

mod arrivals;
mod train;

pub use arrivals::Arrivals;
pub(crate) use train::{Mixture, Train};

use hexad_core::{InputError, check_finite, check_not_negative};

use crate::current::Waveform;

/// How the trains of a group are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Drawing {
    /// All trains of all such groups as one: independent Poisson trains add up to one, and transmission failure thins
    /// it. The same in distribution, at a cost that does not depend on their number.
    #[default]
    Superposed,
    /// Every source its own train, from its own stream, so that [`Arrival::source`] is known and does not depend on
    /// the other sources.
    PerSource,
}

/// Independent Poisson spike trains that act alike.
#[derive(Debug, Clone, PartialEq)]
pub struct PoissonGroup {
    /// Number of trains.
    pub sources: usize,
    /// Rate of each, in Hz.
    pub rate_hz: f64,
    /// Probability that a spike is transmitted.
    pub release: f64,
    /// How far an arriving spike moves the membrane potential, in mV; negative where it inhibits.
    pub weight_mv: f64,
    /// The rate over time is `rate_hz * max(0, 1 + modulation)`; constant without.
    pub modulation: Option<Waveform>,
    /// How the trains are drawn.
    pub drawing: Drawing,
}

impl PoissonGroup {
    /// `sources` trains of `rate_hz` each, every spike of which moves V by `weight_mv`.
    #[must_use]
    pub fn new(sources: usize, rate_hz: f64, weight_mv: f64) -> Self {
        Self { sources, rate_hz, release: 1.0, weight_mv, modulation: None, drawing: Drawing::Superposed }
    }

    /// With spikes transmitted with probability `release`.
    #[must_use]
    pub fn with_release(mut self, release: f64) -> Self {
        self.release = release;
        self
    }

    /// With a rate that changes over time.
    #[must_use]
    pub fn with_modulation(mut self, modulation: Waveform) -> Self {
        self.modulation = Some(modulation);
        self
    }

    /// With another way of drawing.
    #[must_use]
    pub fn with_drawing(mut self, drawing: Drawing) -> Self {
        self.drawing = drawing;
        self
    }

    /// The highest rate of one source's transmitted spikes, per ms.
    fn peak_per_ms(&self) -> f64 {
        1e-3 * self.rate_hz * self.release * self.peak_factor()
    }

    fn peak_factor(&self) -> f64 {
        self.modulation.as_ref().map_or(1.0, |wave| (1.0 + wave.bounds().1).max(0.0))
    }

    /// Share of the peak rate at `time_ms`.
    fn share(&self, time_ms: f64) -> f64 {
        let wave = self.modulation.as_ref();
        wave.map_or(1.0, |wave| (1.0 + wave.at(time_ms)).max(0.0) / self.peak_factor())
    }

    pub(crate) fn check(&self) -> Result<(), InputError> {
        check_not_negative("rate_hz", &[self.rate_hz])?;
        check_finite("weight_mv", &[self.weight_mv])?;
        if !(0.0..=1.0).contains(&self.release) {
            let allowed = "a probability from 0 to 1";
            return Err(InputError::OutOfRange { argument: "release", value: self.release, allowed });
        }
        self.modulation.as_ref().map_or(Ok(()), Waveform::check)
    }
}

/// The input of the question: `excitatory` trains of 1 `weight_mv`, `inhibitory` ones of -4, each at `rate_hz`, each
/// spike transmitted with probability `release`.
#[must_use]
pub fn bombardment(
    excitatory: usize,
    inhibitory: usize,
    rate_hz: f64,
    release: f64,
    weight_mv: f64,
    inhibitory_scale: f64,
) -> Vec<PoissonGroup> {
    let group = |sources, weight_mv| PoissonGroup::new(sources, rate_hz, weight_mv).with_release(release);
    vec![group(excitatory, weight_mv), group(inhibitory, -inhibitory_scale * weight_mv)]
}

/// A spike that arrives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Arrival {
    /// When, in ms.
    pub time_ms: f64,
    /// How far it moves the membrane potential, in mV.
    pub weight_mv: f64,
    /// Index of its group.
    pub group: usize,
    /// Index of its source within the group, if that is known.
    pub source: Option<usize>,
}
