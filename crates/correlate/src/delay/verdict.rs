//! Whether a delay can be relied on.

use super::Buffers;
use super::Verdict;
use super::alignment::{Alignment, Measured};
use super::coherence::Spectra;
use super::kernels::for_each_phase;
use super::search::{Lags, Peak, Search, SecondPeak};

/// Unrelated records are called related once in 250.
const LARGEST_CHANCE: f64 = 0.004;

/// How much more often unrelated records reach a high peak if they are tapered, for some samples then count more
/// than others: measured, between 1 and 2.2.
const TAPERED: f64 = 2.2;

/// Standard errors by which the highest peak must stand above the second.
const STANDARD_ERRORS: f64 = 3.0;

/// A second peak with a coefficient of this share of the first's is as good, whatever the noise.
const AS_GOOD: f64 = 0.99;

/// Coefficient where the signal is three times the noise in power, in records with equal noise.
const NOISY: f64 = 0.75;

/// Share of the product of both periodograms that one line must have.
const LINE_SHARE: f64 = 0.5;

/// What speaks for a peak, and against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Evidence {
    /// Probability that unrelated records with these spectra have a peak as high.
    pub chance: f64,
    pub second_peak_ratio: f64,
    /// Standard errors from the second peak to the first; infinite if there is no second.
    standard_errors: f64,
    at_the_edge: bool,
    coefficient: f64,
    /// Share of the product of both periodograms that is around its largest bin; 0 where that may be a trend.
    line_share: f64,
}

impl Evidence {
    /// From the correlation and the spectra in `buffers`, which are those at `delay`.
    pub fn new(
        search: &Search,
        alignment: &Alignment,
        peak: &Peak,
        measured: &Measured,
        delay: f64,
        buffers: &Buffers,
    ) -> Self {
        let sums = Sums::of(alignment, &buffers.spectra);
        #[expect(clippy::cast_possible_truncation, reason = "a lag")]
        let share = search.share(delay.round() as i64);
        let samples = search.lengths()[0] as f64;
        // At the delay itself: between two lags the peak is higher than at either.
        let height = measured.coefficient.abs() * share.sqrt();
        let often = if search.is_tapered() { TAPERED } else { 1.0 };
        let (mut second_peak_ratio, mut standard_errors) = (0.0, f64::INFINITY);
        if let Some(second) = &peak.second {
            let apart = (second.lag as f64 - delay).round();
            let variance = sums.variance_of_difference(second, apart, alignment, &buffers.spectra) / samples;
            // Of the coefficients: a period later there is less overlap, but no less likeness.
            let coefficient = second.height / search.share(second.lag).sqrt();
            second_peak_ratio = coefficient / measured.coefficient.abs();
            standard_errors = (height - second.height) / variance.sqrt();
        }
        Self {
            chance: -(-often * sums.peaks(height.max(peak.height), samples, search.lags())).exp_m1(),
            second_peak_ratio,
            standard_errors,
            at_the_edge: peak.at_the_edge,
            coefficient: measured.coefficient,
            line_share: sums.line_share,
        }
    }

    pub fn verdict(&self) -> Verdict {
        let stands_out = self.standard_errors >= STANDARD_ERRORS && self.second_peak_ratio < AS_GOOD;
        if self.chance > LARGEST_CHANCE || self.chance.is_nan() {
            Verdict::None
        } else if self.at_the_edge || !stands_out {
            Verdict::Ambiguous
        } else {
            Verdict::Clear
        }
    }

    /// Whether the signal is less than three times the noise.
    pub fn is_noisy(&self) -> bool {
        self.coefficient.abs() < NOISY
    }

    /// Whether what the records share may be a single line.
    pub fn may_be_a_tone(&self) -> bool {
        self.line_share > LINE_SHARE
    }
}

/// Sums over the bins of a band.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    xx: f64,
    yy: f64,
    /// Products of the smoothed powers, and of the powers as they are.
    smooth: f64,
    raw: f64,
    /// Products of the smoothed powers and the square of the frequency in cycles per sample.
    curved: f64,
    line_share: f64,
    /// All bins, also those outside the band.
    bins: f64,
}

impl Sums {
    fn of(alignment: &Alignment, spectra: &Spectra) -> Self {
        let (len, band) = (alignment.fft().len(), alignment.band());
        let mut sums = Self { bins: (len / 2) as f64, ..Self::default() };
        let (mut largest, mut peak) = (0.0, band.start);
        for bin in band.clone() {
            let (xx, yy) = (spectra.smooth_xx[bin], spectra.smooth_yy[bin]);
            let (smooth, raw) = (xx * yy, spectra.xx[bin] * spectra.yy[bin]);
            let frequency = bin as f64 / len as f64;
            sums.xx += xx;
            sums.yy += yy;
            sums.smooth += smooth;
            sums.raw += raw;
            sums.curved += frequency * frequency * smooth;
            if raw > largest {
                (largest, peak) = (raw, bin);
            }
        }
        // With fewer than two and a half cycles it is a trend.
        if 2 * peak * alignment.longest() < 5 * len {
            return sums;
        }
        // The main lobe of a line.
        let reach = 3 * len.div_ceil(alignment.longest());
        let line = peak.saturating_sub(reach).max(band.start)..(peak + reach + 1).min(band.end);
        sums.line_share = line.map(|bin| spectra.xx[bin] * spectra.yy[bin]).sum::<f64>() / sums.raw;
        sums
    }

    /// Peaks of at least `height` expected among all lags: the probability of one correlation coefficient of so many
    /// independent samples, times how often noise of this spectrum goes up through a level within the lags (Rice).
    fn peaks(&self, height: f64, samples: f64, lags: Lags) -> f64 {
        let independent = samples * self.xx * self.yy / (self.bins * self.smooth.max(self.raw));
        let rms_frequency = (self.curved / self.smooth).sqrt();
        let crossings = 2.0 * (lags.high - lags.low) as f64 * rms_frequency;
        let rest = (1.0 - height * height).max(0.0);
        rest.powf(0.5 * (independent - 3.0)) * (1.0 + crossings)
    }

    /// Of the difference of the correlation at the delay and at a second peak, times the samples.
    fn variance_of_difference(
        &self,
        second: &SecondPeak,
        apart: f64,
        alignment: &Alignment,
        spectra: &Spectra,
    ) -> f64 {
        let band = alignment.band();
        let sign = if second.same_sign { 1.0 } else { -1.0 };
        let mut sum = 0.0;
        #[expect(clippy::cast_possible_truncation, reason = "a lag")]
        for_each_phase(apart as i64, alignment.fft().len(), band.end, |bin, cos, _| {
            if bin >= band.start {
                let (xx, yy, xy) = (spectra.smooth_xx[bin], spectra.smooth_yy[bin], spectra.smooth_re[bin]);
                sum += (xx * yy - xy * xy).max(0.0) * (2.0 - 2.0 * sign * cos);
            }
        });
        sum * self.bins / (self.xx * self.yy)
    }
}
