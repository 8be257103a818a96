//! The delay between two records: how much, how sure, or that there is none.

mod alignment;
mod coherence;
mod kernels;
mod options;
mod record;
mod result;
mod search;
mod taper;
mod verdict;
mod weighting;

pub use options::{DelayOptions, Subsample, Weighting};
pub use result::{DelayEstimate, Leading, Verdict};

use std::ops::RangeInclusive;

use hexad_core::{Complex64, InputError, Workspace, check_length, check_positive};

use crate::CorrelateError;
use crate::tone::{ToneDelay, tone_of};
use alignment::{Alignment, Measured};
use coherence::Spectra;
use search::{Lags, Peak, Search};
use verdict::Evidence;

/// Fewest samples of a record.
const FEWEST_SAMPLES: usize = 8;

/// The delay between two records of given lengths: `b(t) = a(t - delay)`, so **a positive delay means that b is
/// late**.
///
/// 1. Both records lose their mean and are correlated by transforms. Of the lags searched, the one with the largest
///    `|c_k| / sqrt(N overlap_k)` is taken: dividing by the root of the overlap gives every lag the same share of
///    chance. Lags that tie go to the one nearest zero.
/// 2. What overlaps at that lag is cut out, each record is moved half of the way that is left, both are tapered, and
///    the slope of the phase between them, weighted by the coherence found, tells what is still left
///    ([`Subsample`]). Two rounds are enough; a third is made where the second moved by more than its uncertainty.
///    This has no pull towards zero, which the correlation itself has: its samples overlap less the longer the lag.
/// 3. The uncertainty follows from the same coherence, and the [`Verdict`] from how large a peak two unrelated
///    records with these spectra would show, and from the second highest peak.
///
/// Two records that share one tone, and nothing else, are recognized by their lines ([`crate::tone_delay`]).
///
/// The two records may be given in either order: `apply(b, a)` is `apply(a, b)` with the sign changed, to the
/// last bit. Gain and offset of either record do not matter.
///
/// # Examples
///
/// ```
/// use hexad_correlate::{DelayOptions, DelayPlan, Leading, Verdict};
/// let pulse = |t: f64| (-0.5 * ((t - 0.5) / 0.003).powi(2)).exp();
/// let a: Vec<f64> = (0..1000).map(|n| pulse(f64::from(n) * 1e-3)).collect();
/// let b: Vec<f64> = (0..1000).map(|n| 3.0 * pulse(f64::from(n) * 1e-3 - 0.0123)).collect();
/// let plan = DelayPlan::new(1000, 1000, 1000.0, &DelayOptions::default().with_max_lag_s(0.1))?;
/// let found = plan.apply(&a, &b)?;
/// assert!((found.delay_s - 0.0123).abs() < 1e-9);
/// assert_eq!((found.verdict, found.leading), (Verdict::Clear, Leading::A));
/// # Ok::<(), hexad_correlate::CorrelateError>(())
/// ```
///
/// # References
///
/// C. H. Knapp and G. C. Carter, IEEE Trans. ASSP 24(4), 1976, doi:10.1109/TASSP.1976.1162830 (weightings, equation
/// 42 the variance); A. H. Quazi, IEEE Trans. ASSP 29(3), 1981, doi:10.1109/TASSP.1981.1163618 (its closed form);
/// S. O. Rice, Bell Syst. Tech. J. 24, 1945 (how often noise crosses a level).
#[derive(Debug, Clone)]
pub struct DelayPlan {
    lengths: [usize; 2],
    sample_rate_hz: f64,
    subsample: Subsample,
    search: Search,
    alignment: Alignment,
}

/// Buffers of [`DelayPlan::apply_with`]; their contents never matter.
#[derive(Debug, Clone, Default)]
pub struct DelayScratch {
    real: Workspace<f64>,
    bins: Workspace<f64>,
    complex: Workspace<Complex64>,
}

impl DelayPlan {
    /// Plans for records of `len_a` and `len_b` samples.
    ///
    /// # Errors
    ///
    /// [`InputError::TooFew`] for a record of fewer than 8 samples; [`InputError::OutOfRange`] for a sample rate
    /// that is not positive, a largest lag below one sample or as long as the longer record, a band that is empty
    /// or outside `0..=sample_rate / 2`, a smallest overlap or a taper outside `0..=1`, a negative regularization.
    pub fn new(
        len_a: usize,
        len_b: usize,
        sample_rate_hz: f64,
        options: &DelayOptions,
    ) -> Result<Self, CorrelateError> {
        check_positive("sample_rate_hz", sample_rate_hz)?;
        for (argument, got) in [("a", len_a), ("b", len_b)] {
            if got < FEWEST_SAMPLES {
                return Err(InputError::TooFew { argument, needed: FEWEST_SAMPLES, got }.into());
            }
        }
        options.check(sample_rate_hz)?;
        // Inside, the shorter record comes first.
        let lengths = [len_a.min(len_b), len_a.max(len_b)];
        let lags = Lags::new(lengths, sample_rate_hz, options)?;
        let band = options.band_hz.map(|(low, high)| [low / sample_rate_hz, high / sample_rate_hz]);
        Ok(Self {
            lengths: [len_a, len_b],
            sample_rate_hz,
            subsample: options.subsample,
            search: Search::new(lengths, lags, band, options)?,
            alignment: Alignment::new(lengths[0], band, options.taper)?,
        })
    }

    /// The lags searched, in samples.
    #[must_use]
    pub fn lags(&self) -> RangeInclusive<i64> {
        let Lags { low, high } = self.search.lags();
        if self.lengths[0] > self.lengths[1] { -high..=-low } else { low..=high }
    }

    /// Buffers for [`DelayPlan::apply_with`].
    #[must_use]
    pub fn make_scratch(&self) -> DelayScratch {
        let mut scratch = DelayScratch::default();
        self.buffers(&mut scratch);
        scratch
    }

    /// The delay of `b` behind `a`.
    ///
    /// # Errors
    ///
    /// [`InputError::LengthMismatch`] for a record of another length than planned, [`InputError::NotFinite`] for
    /// the first NaN or infinity, [`CorrelateError::Constant`] for a record that does not vary,
    /// [`CorrelateError::NothingInBand`] for one that does not vary in the band.
    pub fn apply(&self, a: &[f64], b: &[f64]) -> Result<DelayEstimate, CorrelateError> {
        self.apply_with(a, b, &mut DelayScratch::default())
    }

    /// As [`DelayPlan::apply`], with buffers to be used again: unless the records may share a single tone, a
    /// second call allocates nothing.
    ///
    /// # Errors
    ///
    /// As [`DelayPlan::apply`].
    pub fn apply_with(
        &self,
        a: &[f64],
        b: &[f64],
        scratch: &mut DelayScratch,
    ) -> Result<DelayEstimate, CorrelateError> {
        check_length("a", a.len(), self.lengths[0])?;
        check_length("b", b.len(), self.lengths[1])?;
        // One order for both ways round: every rounding is then the same, and ties fall alike.
        let swapped = if a.len() == b.len() { a > b } else { a.len() > b.len() };
        let pair = if swapped { [("b", b), ("a", a)] } else { [("a", a), ("b", b)] };
        let estimate = self.estimate_in_order(pair, swapped, scratch)?;
        Ok(if swapped { estimate.reversed() } else { estimate })
    }

    fn estimate_in_order(
        &self,
        pair: [(&'static str, &[f64]); 2],
        swapped: bool,
        scratch: &mut DelayScratch,
    ) -> Result<DelayEstimate, CorrelateError> {
        let mut buffers = self.buffers(scratch);
        for ((name, values), out) in pair.into_iter().zip(&mut buffers.records) {
            record::standardize(name, values, out)?;
        }
        let names = pair.map(|(name, _)| name);
        let peak = self.search.run(names, swapped, &mut buffers)?;
        let (lag, measured) = self.refine(&peak, &mut buffers)?;
        let evidence = Evidence::new(&self.search, &self.alignment, &peak, &measured, lag, &buffers);
        let verdict = evidence.verdict();
        if verdict != Verdict::Clear && evidence.may_be_a_tone() {
            let tone = tone_of(pair.map(|(_, values)| values), self.sample_rate_hz)?;
            if let Some(tone) = tone {
                return Ok(self.of_tone(&tone, &evidence));
            }
        }
        Ok(self.of_phase(lag, verdict, &peak, &measured, &evidence))
    }

    /// Where the delay is, in samples, and what the spectra say there.
    fn refine(&self, peak: &Peak, buffers: &mut Buffers) -> Result<(f64, Measured), InputError> {
        let start = peak.lag as f64;
        match self.subsample {
            Subsample::None => Ok((start, self.alignment.measure(start, peak, buffers, true)?)),
            Subsample::Parabolic => {
                let top = start + peak.offset;
                Ok((top, self.alignment.measure(top, peak, buffers, true)?))
            }
            Subsample::LeastSquares => self.alignment.descend(peak, buffers, false),
            Subsample::Weighted => self.alignment.descend(peak, buffers, true),
        }
    }

    fn of_phase(
        &self,
        delay_samples: f64,
        verdict: Verdict,
        peak: &Peak,
        measured: &Measured,
        evidence: &Evidence,
    ) -> DelayEstimate {
        // A whole lag is off by up to half a sample.
        let rounding = if self.subsample == Subsample::None { 1.0 / 12.0 } else { 0.0 };
        let uncertainty_samples = (measured.variance + rounding).sqrt();
        DelayEstimate {
            delay_s: delay_samples / self.sample_rate_hz,
            delay_samples,
            lag_samples: peak.lag,
            coefficient: measured.coefficient * f64::from(peak.polarity),
            polarity: peak.polarity,
            uncertainty_s: uncertainty_samples / self.sample_rate_hz,
            uncertainty_is_lower_bound: evidence.is_noisy(),
            chance: evidence.chance,
            second_peak_ratio: evidence.second_peak_ratio,
            verdict,
            leading: Leading::of(delay_samples, verdict),
            alias_period_s: None,
        }
    }

    fn of_tone(&self, tone: &ToneDelay, evidence: &Evidence) -> DelayEstimate {
        let Lags { low, high } = self.search.lags();
        let turns = |lag: i64| (lag as f64 / self.sample_rate_hz - tone.delay_s) / tone.alias_period_s;
        let aliases = (turns(high).floor() - turns(low).ceil()) + 1.0;
        let verdict = if aliases == 1.0 { Verdict::Clear } else { Verdict::Ambiguous };
        let delay_samples = tone.delay_s * self.sample_rate_hz;
        DelayEstimate {
            delay_s: tone.delay_s,
            delay_samples,
            #[expect(clippy::cast_possible_truncation, reason = "at most half a period")]
            lag_samples: delay_samples.round() as i64,
            coefficient: tone.coefficient,
            polarity: 1,
            uncertainty_s: tone.uncertainty_s,
            uncertainty_is_lower_bound: false,
            chance: 0.0,
            second_peak_ratio: evidence.second_peak_ratio,
            verdict,
            leading: Leading::of(delay_samples, verdict),
            alias_period_s: Some(tone.alias_period_s),
        }
    }

    fn buffers<'a>(&self, scratch: &'a mut DelayScratch) -> Buffers<'a> {
        let [search, alignment] = [self.search.fft(), self.alignment.fft()];
        let time = search.len().max(alignment.len());
        let bins = search.spectrum_len().max(alignment.spectrum_len());
        let work = search.scratch_len().max(alignment.scratch_len());
        let [first, second] = [self.lengths[0].min(self.lengths[1]), self.lengths[0].max(self.lengths[1])];
        let lags = self.search.lags().count();
        let [x, y, correlation, weighted, time_x, time_y] =
            scratch.real.fields([first, second, lags, lags, time, time]);
        let [xx, yy, re, im, smooth_xx, smooth_yy, smooth_re, weights, information, noise] =
            scratch.bins.fields([bins; 10]);
        let [spectrum_x, spectrum_y, turned_x, turned_y, work] =
            scratch.complex.fields([bins, bins, bins, bins, work]);
        Buffers {
            records: [x, y],
            correlation,
            weighted,
            time: [time_x, time_y],
            whole: [spectrum_x, spectrum_y],
            turned: [turned_x, turned_y],
            work,
            spectra: Spectra { xx, yy, re, im, smooth_xx, smooth_yy, smooth_re, weights, information, noise },
        }
    }
}

/// Everything that is worked on.
struct Buffers<'a> {
    /// Without their mean, of rms 1.
    records: [&'a mut [f64]; 2],
    /// Of every lag searched: the coefficient over the root of its overlap's share.
    correlation: &'a mut [f64],
    /// The same, weighted by frequency.
    weighted: &'a mut [f64],
    time: [&'a mut [f64]; 2],
    whole: [&'a mut [Complex64]; 2],
    turned: [&'a mut [Complex64]; 2],
    work: &'a mut [Complex64],
    spectra: Spectra<'a>,
}
