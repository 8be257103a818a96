//! Signals with a known delay in noise.

use std::f64::consts::{PI, TAU};

use hexad_core::{Complex64, InputError, RealFft};
use hexad_correlate::{CorrelateError, DelayOptions, DelayPlan, Verdict};
use hexad_testkit::Random;

/// A kind of signal: noise in a band, with white noise of the same power in both records.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kind {
    pub len: usize,
    /// In parts of half the sample rate.
    pub band: [f64; 2],
    /// Power of the signal over that of the noise.
    pub snr: f64,
}

/// Samples beside a record, so that what it loses on one side does not come back on the other.
const MARGIN: usize = 64;

impl Kind {
    pub fn fft(&self) -> Result<RealFft, InputError> {
        RealFft::new((self.len + 2 * MARGIN).next_power_of_two())
    }

    /// The signal, and the same `delay` samples later, each with noise of its own.
    pub fn pair(&self, delay: f64, random: &mut Random, fft: &RealFft) -> Result<[Vec<f64>; 2], InputError> {
        let half = 0.5 * fft.len() as f64;
        let [low, high] = self.band.map(|edge| edge * half);
        let mut line = |bin: usize| {
            let inside = bin > 0 && bin < fft.len() / 2 && (low..=high).contains(&(bin as f64));
            if inside { Complex64::new(random.normal(), random.normal()) } else { Complex64::ZERO }
        };
        let early: Vec<_> = (0..fft.spectrum_len()).map(&mut line).collect();
        let turn = |bin: usize| Complex64::cis(-TAU * bin as f64 * delay / fft.len() as f64);
        let late: Vec<_> = early.iter().enumerate().map(|(bin, line)| line * turn(bin)).collect();
        let rms = (2.0 * early.iter().map(|line| line.norm_sqr()).sum::<f64>()).sqrt();
        let mut work = vec![Complex64::ZERO; fft.scratch_len()];
        let mut noisy = |mut spectrum: Vec<Complex64>| -> Result<Vec<f64>, InputError> {
            let mut all = vec![0.0; fft.len()];
            fft.inverse(&mut spectrum, &mut all, &mut work)?;
            let record = &all[MARGIN..MARGIN + self.len];
            Ok(record.iter().map(|x| x / rms + random.normal() / self.snr.sqrt()).collect())
        };
        Ok([noisy(early)?, noisy(late)?])
    }

    /// The Cramer-Rao bound of the delay, in samples (Quazi 1981): the signal is in its band, the noise is white.
    pub fn bound(&self) -> f64 {
        let [low, high] = self.band;
        let snr = self.snr / (high - low);
        let cubes = (0.5 * high).powi(3) - (0.5 * low).powi(3);
        (3.0 * (1.0 + 2.0 * snr) / (8.0 * PI * PI * self.len as f64 * snr * snr * cubes)).sqrt()
    }

    pub fn name(&self) -> String {
        let [low, high] = self.band;
        format!("{} samples, {low} to {high} of half the rate, power ratio {}", self.len, self.snr)
    }

    /// Estimates delays of up to 20 samples.
    pub fn run(&self, trials: usize, seed: u64) -> Result<Outcomes, CorrelateError> {
        let plan = self.plan()?;
        let (mut scratch, fft) = (plan.make_scratch(), self.fft()?);
        let mut random = Random::new(seed);
        let mut outcomes = Outcomes::default();
        for _ in 0..trials {
            let delay = random.uniform(-20.0, 20.0);
            let [a, b] = self.pair(delay, &mut random, &fft)?;
            let found = plan.apply_with(&a, &b, &mut scratch)?;
            outcomes.errors.push(found.delay_samples - delay);
            outcomes.uncertainties.push(found.uncertainty_s);
            outcomes.clear += usize::from(found.verdict == Verdict::Clear);
        }
        Ok(outcomes)
    }

    /// For lags of up to a quarter of the record, at one sample a second.
    pub fn plan(&self) -> Result<DelayPlan, CorrelateError> {
        let options = DelayOptions::default().with_max_lag_s((self.len / 4) as f64);
        DelayPlan::new(self.len, self.len, 1.0, &options)
    }
}

/// What trials gave, in samples.
#[derive(Debug, Default)]
pub(super) struct Outcomes {
    pub errors: Vec<f64>,
    pub uncertainties: Vec<f64>,
    pub clear: usize,
}

impl Outcomes {
    pub fn bias(&self) -> f64 {
        self.errors.iter().sum::<f64>() / self.errors.len() as f64
    }

    /// Root of the mean squared error.
    pub fn spread(&self) -> f64 {
        (self.errors.iter().map(|error| error * error).sum::<f64>() / self.errors.len() as f64).sqrt()
    }

    /// Share of the errors within one standard deviation.
    pub fn covered(&self) -> f64 {
        let pairs = self.errors.iter().zip(&self.uncertainties);
        pairs.filter(|(error, sd)| error.abs() <= **sd).count() as f64 / self.errors.len() as f64
    }
}
