//! Spectra of samples at any times.

mod false_alarm;
mod grid;
mod nufft;
mod options;
mod sums;
mod trend;

use hexad_core::{InputError, check_finite, check_length, check_positive};

use crate::SpectralError;
use nufft::Nufft;
use sums::{Solver, Sums};
use trend::Trend;

pub use grid::FrequencyGrid;
pub use nufft::LombScratch;
pub use options::{LombMean, LombMethod, LombMissing, LombNormalization, LombScargleOptions};

/// The tone that fits best at one frequency:
/// `offset + slope (t - first_time) + amplitude cos(2 pi frequency (t - first_time) + phase)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LombLine {
    /// The constant, in the unit of y.
    pub offset: f64,
    /// Of the trend that was taken off, in the unit of y per s; 0 but with [`Detrend::Linear`](crate::Detrend::Linear).
    pub slope: f64,
    /// Peak amplitude, in the unit of y.
    pub amplitude: f64,
    /// Phase of the cosine at the earliest time, in rad.
    pub phase: f64,
    /// Power, in the normalization chosen.
    pub power: f64,
}

/// The Lomb-Scargle periodogram: how much of the variance of samples at any times a tone explains, frequency
/// by frequency, by weighted least squares.
///
/// Times may be in any order, repeat, and be far from 0: they are taken from the earliest one. Where sine
/// and cosine cannot be told from each other or from the constant (frequencies below a few thousandths of one
/// over the span; aliases of 0 of even samples) only what can be told counts; at 0 the power is 0.
///
/// A trend is the strongest of all low frequencies: [`LombScargleOptions::with_detrend`] takes it off. It is fitted
/// before the tones and not again with each, so that a tone of less than a few cycles over the span loses some of its
/// power to it.
///
/// # Examples
///
/// ```
/// use hexad_spectral::{LombScargle, LombScargleOptions};
/// let time: Vec<f64> = (0..200).map(|i| f64::from(i) + 0.4 * (f64::from(i * i)).sin()).collect();
/// let y: Vec<f64> = time.iter().map(|t| 3.0 + (std::f64::consts::TAU * 0.31 * t).sin()).collect();
/// let periodogram = LombScargle::new(&time, &y, None, &LombScargleOptions::default())?;
/// let grid = periodogram.auto_grid(5.0, Some(0.5))?;
/// let power = periodogram.power(&grid)?;
/// let peak = (0..grid.len()).max_by(|a, b| power[*a].total_cmp(&power[*b])).unwrap_or(0);
/// assert!((grid.at(peak) - 0.31).abs() < 0.001);
/// assert!(periodogram.false_alarm_probability(power[peak], 0.5)? < 1e-20);
/// # Ok::<(), hexad_spectral::SpectralError>(())
/// ```
///
/// # References
///
/// N. R. Lomb, Astrophys. Space Sci. 39, 1976; J. D. Scargle, ApJ 263, 1982; M. Zechmeister and M. Kürster,
/// A&A 496, 2009, doi:10.1051/0004-6361:200811296 (equations 4-15); J. T. VanderPlas, ApJS 236, 2018 (the
/// normalizations); B. Leroy, A&A 545, 2012 (by non-uniform FFT).
#[derive(Debug, Clone)]
pub struct LombScargle {
    /// Since the earliest one, in s.
    time: Vec<f64>,
    /// Sum 1.
    weights: Vec<f64>,
    /// Weight times value without the trend.
    weighted: Vec<f64>,
    trend: Trend,
    first_time: f64,
    omitted: usize,
    /// Sum of `1 / sigma^2`, or the number of samples.
    total_weight: f64,
    known_noise: bool,
    solver: Solver,
    options: LombScargleOptions,
}

impl LombScargle {
    /// Takes samples `y` at times `time_s`; `sigma` are their standard deviations, in the unit of y, equal
    /// for all if not given.
    ///
    /// # Errors
    ///
    /// [`InputError`] for lengths that differ, a NaN or infinity unless they are to be left out, a sigma that
    /// is not positive, and fewer than 3 samples.
    pub fn new(
        time_s: &[f64],
        y: &[f64],
        sigma: Option<&[f64]>,
        options: &LombScargleOptions,
    ) -> Result<Self, SpectralError> {
        check_length("y", y.len(), time_s.len())?;
        if let Some(sigma) = sigma {
            check_length("sigma", sigma.len(), time_s.len())?;
            if let Some(index) = sigma.iter().position(|sigma| *sigma <= 0.0) {
                let (argument, value, allowed) = ("sigma", sigma[index], "> 0");
                return Err(InputError::ElementOutOfRange { argument, index, value, allowed }.into());
            }
        }
        if options.missing == LombMissing::Refuse {
            check_finite("time_s", time_s)?;
            check_finite("y", y)?;
            check_finite("sigma", sigma.unwrap_or(&[]))?;
        }
        let sigma_at = |index: usize| sigma.map_or(1.0, |sigma| sigma[index]);
        let valid =
            |&index: &usize| time_s[index].is_finite() && y[index].is_finite() && sigma_at(index).is_finite();
        let used: Vec<usize> = (0..y.len()).filter(valid).collect();
        if used.len() < 3 {
            return Err(InputError::TooFew { argument: "y", needed: 3, got: used.len() }.into());
        }
        let first_time = used.iter().map(|&index| time_s[index]).fold(f64::INFINITY, f64::min);
        let time: Vec<f64> = used.iter().map(|&index| time_s[index] - first_time).collect();
        // Sigmas over the smallest, so that no square overflows.
        let smallest = used.iter().map(|&index| sigma_at(index)).fold(f64::INFINITY, f64::min);
        let raw: Vec<f64> = used.iter().map(|&index| (smallest / sigma_at(index)).powi(2)).collect();
        let sum: f64 = raw.iter().sum();
        let weights: Vec<f64> = raw.iter().map(|weight| weight / sum).collect();
        let y: Vec<f64> = used.iter().map(|&index| y[index]).collect();
        let trend = Trend::of(options, &time, &y, &weights);
        let values = || time.iter().zip(&y).map(|(time, y)| trend.off(*time, *y));
        let weighted = values().zip(&weights).map(|(y, weight)| weight * y).collect();
        let variance = values().zip(&weights).map(|(y, weight)| weight * y * y).sum();
        Ok(Self {
            time,
            weights,
            weighted,
            trend,
            first_time,
            omitted: time_s.len() - used.len(),
            total_weight: sum / (smallest * smallest),
            known_noise: sigma.is_some(),
            solver: Solver { floating: options.mean == LombMean::Floating, variance },
            options: *options,
        })
    }

    /// Samples used.
    #[must_use]
    pub fn samples(&self) -> usize {
        self.time.len()
    }

    /// Samples left out.
    #[must_use]
    pub fn omitted(&self) -> usize {
        self.omitted
    }

    /// The earliest time: that of the phases.
    #[must_use]
    pub fn first_time_s(&self) -> f64 {
        self.first_time
    }

    /// A grid fine enough for every peak: `samples_per_peak` frequencies for each 1 / span, from half a step
    /// up to `max_frequency_hz`, or to five times half the mean sample rate.
    ///
    /// # Errors
    ///
    /// [`InputError::OutOfRange`] for arguments that are not positive, samples at one time only, and a grid of
    /// more than 2^32 frequencies.
    pub fn auto_grid(
        &self,
        samples_per_peak: f64,
        max_frequency_hz: Option<f64>,
    ) -> Result<FrequencyGrid, SpectralError> {
        check_positive("samples_per_peak", samples_per_peak)?;
        let span = check_positive("span of time_s", self.span())?;
        let step_hz = check_positive("step_hz", 1.0 / (span * samples_per_peak))?;
        let highest = max_frequency_hz.unwrap_or(2.5 * self.samples() as f64 / span);
        check_positive("max_frequency_hz", highest)?;
        let steps = ((highest / step_hz - 0.5).round()).max(0.0);
        if steps >= 4_294_967_296.0 {
            let (argument, value) = ("max_frequency_hz", highest);
            return Err(InputError::OutOfRange { argument, value, allowed: "below 2^32 steps" }.into());
        }
        #[expect(clippy::cast_possible_truncation, reason = "just checked")]
        let len = 1 + steps as usize;
        FrequencyGrid::new(0.5 * step_hz, step_hz, len)
    }

    /// Powers on `grid`.
    ///
    /// # Errors
    ///
    /// None but those of [`LombScargle::power_into`], which cannot happen here.
    pub fn power(&self, grid: &FrequencyGrid) -> Result<Vec<f64>, SpectralError> {
        let mut out = vec![0.0; grid.len()];
        self.power_into(grid, &mut out, &mut LombScratch::default())?;
        Ok(out)
    }

    /// As [`LombScargle::power`], into `out`. A scratch that has seen a grid of this length and as many samples
    /// is not allocated again.
    ///
    /// # Errors
    ///
    /// [`InputError::LengthMismatch`] for an `out` of another length than the grid.
    pub fn power_into(
        &self,
        grid: &FrequencyGrid,
        out: &mut [f64],
        scratch: &mut LombScratch,
    ) -> Result<(), SpectralError> {
        check_length("out", out.len(), grid.len())?;
        let fast = match self.options.method {
            LombMethod::Auto => sums::fast_pays(self.samples(), grid.len()),
            LombMethod::Direct => false,
            LombMethod::Fast => true,
        };
        if !fast {
            sums::on_grid(self, grid, &mut scratch.real, |index, sums| out[index] = self.power_of(&sums));
            return Ok(());
        }
        Nufft::sums(self, grid, scratch, |index, sums| {
            // Where little can be told, rounding of the transform would be blown up.
            let sums = if self.solver.is_delicate(&sums) { self.sums_at(grid.at(index)) } else { sums };
            out[index] = self.power_of(&sums);
        })?;
        Ok(())
    }

    /// Powers at any frequencies, by the sums that define them.
    ///
    /// # Errors
    ///
    /// [`InputError::NotFinite`] for a frequency that is NaN or infinite.
    pub fn power_at(&self, frequencies_hz: &[f64]) -> Result<Vec<f64>, SpectralError> {
        check_finite("frequencies_hz", frequencies_hz)?;
        Ok(frequencies_hz.iter().map(|&hz| self.power_of(&self.sums_at(hz))).collect())
    }

    /// The tone that fits best at `frequency_hz`.
    ///
    /// # Errors
    ///
    /// [`InputError::OutOfRange`] for a frequency that is not finite.
    pub fn fit(&self, frequency_hz: f64) -> Result<LombLine, SpectralError> {
        if !frequency_hz.is_finite() {
            let (argument, value) = ("frequency_hz", frequency_hz);
            return Err(InputError::OutOfRange { argument, value, allowed: "finite" }.into());
        }
        let sums = self.sums_at(frequency_hz);
        let fit = self.solver.solve(&sums);
        let shift = if self.solver.floating { fit.cos * sums.one.re + fit.sin * sums.one.im } else { 0.0 };
        Ok(LombLine {
            offset: self.trend.at_zero() - shift,
            slope: self.trend.slope(),
            amplitude: fit.cos.hypot(fit.sin),
            phase: (-fit.sin).atan2(fit.cos),
            power: self.power_of(&sums),
        })
    }

    fn sums_at(&self, frequency_hz: f64) -> Sums {
        sums::at(self, frequency_hz)
    }

    fn power_of(&self, sums: &Sums) -> f64 {
        let fit = self.solver.solve(sums);
        let share = self.solver.share(&fit);
        match self.options.normalization {
            LombNormalization::Standard => share,
            LombNormalization::Model => share / (1.0 - share),
            LombNormalization::Log => -(-share).ln_1p(),
            LombNormalization::Psd => 0.5 * self.total_weight * share * self.solver.variance,
            LombNormalization::Amplitude => fit.cos.hypot(fit.sin),
        }
    }

    fn span(&self) -> f64 {
        self.time.iter().fold(0.0, |span, time| time.max(span))
    }
}
