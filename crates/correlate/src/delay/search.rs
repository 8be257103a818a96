//! The whole lag with the largest correlation.

use std::ops::Range;

use hexad_core::{InputError, RealFft, check_positive, good_size};

use super::coherence::Smoothing;
use super::kernels::products;
use super::taper::{self, Tapers};
use super::weighting::weigh;
use super::{Buffers, DelayOptions, Weighting};
use crate::CorrelateError;

/// Correlations that differ by less are equal: what the transforms leave of rounding.
const TIE: f64 = 1e-12;

/// Places of a parabola's top that are told apart, per sample.
const OFFSETS: f64 = (1_u64 << 30) as f64;

/// By how much a correlation must rise again, as a share of the peak, for another peak to begin.
const RISE: f64 = 0.05;

/// A range of lags, both ends included.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lags {
    pub low: i64,
    pub high: i64,
}

impl Lags {
    /// Those that the options allow for records of the two `lengths`, the shorter first.
    pub fn new(
        [short, long]: [usize; 2],
        sample_rate_hz: f64,
        options: &DelayOptions,
    ) -> Result<Self, InputError> {
        #[expect(clippy::cast_possible_truncation, reason = "a length")]
        let needed = ((options.min_overlap * short as f64).ceil() as i64).max(1);
        let (low, high) = (needed - short as i64, long as i64 - needed);
        let Some(seconds) = options.max_lag_s else { return Ok(Self { low, high }) };
        // A product that is whole but for rounding is whole.
        let samples = (check_positive("max_lag_s", seconds)? * sample_rate_hz * (1.0 + 1e-12)).floor();
        if samples < 1.0 || samples >= long as f64 {
            let allowed = "at least one sample, and less than the longer record lasts";
            return Err(InputError::OutOfRange { argument: "max_lag_s", value: seconds, allowed });
        }
        #[expect(clippy::cast_possible_truncation, reason = "below a length")]
        let most = samples as i64;
        Ok(Self { low: low.max(-most), high: high.min(most) })
    }

    #[expect(clippy::cast_possible_truncation, reason = "below twice a length")]
    pub fn count(self) -> usize {
        (self.high - self.low + 1) as usize
    }

    #[expect(clippy::cast_possible_truncation, reason = "a lag of the range")]
    pub fn index(self, lag: i64) -> usize {
        (lag - self.low) as usize
    }

    pub fn at(self, index: usize) -> i64 {
        self.low + index as i64
    }
}

/// The samples of the first record that have a partner at `lag`; the partner of n is n + lag.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within a record")]
pub(super) fn overlap([first, second]: [usize; 2], lag: i64) -> Range<usize> {
    let start = (-lag).max(0) as usize;
    let end = (second as i64 - lag).clamp(0, first as i64) as usize;
    start..end.max(start)
}

/// The highest peak of a correlation.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peak {
    pub lag: i64,
    /// From `lag` to the top of the parabola through it and its neighbours.
    pub offset: f64,
    /// The same of the plain correlation.
    pub plain_offset: f64,
    pub polarity: i32,
    /// Size of the plain correlation there, in standard deviations of noise over `sqrt(N)`.
    pub height: f64,
    pub at_the_edge: bool,
    /// Lags to the farther end of the main lobe, at least 1.
    pub reach: usize,
    /// Second highest peak of the plain correlation, outside the main lobe.
    pub second: Option<SecondPeak>,
}

#[derive(Debug, Clone, Copy)]
pub(super) struct SecondPeak {
    pub lag: i64,
    pub height: f64,
    /// Whether it has the sign of the highest.
    pub same_sign: bool,
}

/// Correlates two records over a range of lags.
#[derive(Debug, Clone)]
pub(super) struct Search {
    fft: RealFft,
    lengths: [usize; 2],
    lags: Lags,
    tapers: Tapers,
    /// Per lag: one over the standard deviation of what noise gives, over `sqrt(N)`.
    scales: Vec<f64>,
    /// Bins used, if not all.
    band: Option<Range<usize>>,
    weighting: Weighting,
    regularization: f64,
}

impl Search {
    /// Of records of the two `lengths`, the shorter first, in a `band` of cycles per sample.
    pub fn new(
        lengths: [usize; 2],
        lags: Lags,
        band: Option<[f64; 2]>,
        options: &DelayOptions,
    ) -> Result<Self, CorrelateError> {
        let [short, long] = lengths;
        // No lag of the range may meet the end of another that is a whole transform away.
        let needed = (short as i64 + lags.high).max(long as i64 - lags.low);
        let fft = RealFft::new(transform_len(usize::try_from(needed).unwrap_or(long)))?;
        let tapers = Tapers::new(lengths, options.taper);
        let scales = tapers.scales(lags)?;
        let band = band.map(|band| bins_of(band, fft.len()));
        let DelayOptions { weighting, regularization, .. } = *options;
        Ok(Self { fft, lengths, lags, tapers, scales, band, weighting, regularization })
    }

    pub fn fft(&self) -> &RealFft {
        &self.fft
    }

    pub fn lags(&self) -> Lags {
        self.lags
    }

    pub fn lengths(&self) -> [usize; 2] {
        self.lengths
    }

    pub fn is_tapered(&self) -> bool {
        self.tapers.window(0).is_some()
    }

    /// The square of the height that a coefficient of 1 has at a lag: the share of the samples that count there.
    pub fn share(&self, lag: i64) -> f64 {
        let index = self.lags.index(lag.clamp(self.lags.low, self.lags.high));
        self.tapers.share(lag, self.scales[index])
    }

    /// The peak of the correlation of the records of `buffers`; leaves the correlation there. `swapped` tells that
    /// the first record is b.
    pub fn run(
        &self,
        names: [&'static str; 2],
        swapped: bool,
        buffers: &mut Buffers,
    ) -> Result<Peak, CorrelateError> {
        let norm = self.transform(names, buffers)?;
        let bins = self.fft.spectrum_len();
        let mut spectra = buffers.spectra.first(bins);
        products(&buffers.whole[0][..bins], &buffers.whole[1][..bins], 1.0, &mut spectra);
        self.correlate(norm, None, buffers)?;
        let plain = self.highest(buffers.correlation);
        if self.weighting == Weighting::None {
            return Ok(self.peak(plain, buffers.correlation, buffers.correlation));
        }
        let len = self.fft.len();
        let smoothing = Smoothing::new(self.lengths[0], self.tapers.dependence(len));
        let (reference, lag) = (usize::from(swapped), self.lags.at(plain));
        let mut spectra = buffers.spectra.first(bins);
        weigh(self.weighting, self.regularization, reference, lag, (smoothing, len), &mut spectra);
        self.correlate(norm, Some(self.weighting), buffers)?;
        let chosen = self.highest(buffers.weighted);
        Ok(self.peak(chosen, buffers.weighted, buffers.correlation))
    }

    /// Transforms of both records; one over the product of their rms in the band.
    fn transform(&self, names: [&'static str; 2], buffers: &mut Buffers) -> Result<f64, CorrelateError> {
        let (len, bins) = (self.fft.len(), self.fft.spectrum_len());
        let mut norm = 1.0;
        let Buffers { records, time, whole, work, .. } = buffers;
        for (record, ((samples, time), whole)) in records.iter().zip(time).zip(whole).enumerate() {
            let (start, padding) = time[..len].split_at_mut(samples.len());
            let (mut power, mut counted) = (1.0, samples.len() as f64);
            if let Some(window) = self.tapers.window(record) {
                (power, counted) = (taper::apply(samples, window, start), window.squares);
            } else {
                start.copy_from_slice(samples);
            }
            padding.fill(0.0);
            let spectrum = &mut whole[..bins];
            self.fft.forward(&time[..len], spectrum, work)?;
            if let Some(band) = &self.band {
                let square: f64 = spectrum[band.clone()].iter().map(|value| value.norm_sqr()).sum();
                power = 2.0 * square / (len as f64 * counted);
            }
            // The record has power 1.
            if power <= f64::EPSILON {
                return Err(CorrelateError::NothingInBand { argument: names[record] });
            }
            norm /= power.sqrt();
        }
        Ok(norm)
    }

    /// Correlation of every lag, from the cross-spectrum of `buffers`: as it is, or times its weights.
    fn correlate(
        &self,
        norm: f64,
        weighting: Option<Weighting>,
        buffers: &mut Buffers,
    ) -> Result<(), InputError> {
        let (len, bins) = (self.fft.len(), self.fft.spectrum_len());
        let Buffers { spectra, turned: [product, _], time: [time, _], work, correlation, weighted, .. } =
            buffers;
        let product = &mut product[..bins];
        for ((product, re), im) in product.iter_mut().zip(&*spectra.re).zip(&*spectra.im) {
            (product.re, product.im) = (*re, *im);
        }
        if weighting.is_some() {
            for (product, weight) in product.iter_mut().zip(&*spectra.weights) {
                *product *= *weight;
            }
        }
        if let Some(band) = &self.band {
            product[..band.start].fill(Default::default());
            product[band.end..].fill(Default::default());
        }
        let time = &mut time[..len];
        self.fft.inverse(product, time, work)?;
        let norm = norm / len as f64;
        let out = if weighting.is_some() { weighted } else { correlation };
        // Negative lags stand at the end.
        let zero = self.lags.index(0);
        let (negative, rest) = out.split_at_mut(zero);
        let (negative_scales, scales) = self.scales.split_at(zero);
        let wrapped = &time[len - zero..];
        for ((out, value), scale) in negative.iter_mut().zip(wrapped).zip(negative_scales) {
            *out = value * scale * norm;
        }
        for ((out, value), scale) in rest.iter_mut().zip(&*time).zip(scales) {
            *out = value * scale * norm;
        }
        Ok(())
    }

    /// Index of the lag with the largest size; of equal ones the nearest to zero.
    fn highest(&self, correlation: &[f64]) -> usize {
        let largest = correlation.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        let enough = largest * (1.0 - TIE);
        let reaches = |index: &usize| correlation[*index].abs() >= enough;
        let zero = self.lags.index(0);
        let after = (zero..correlation.len()).find(reaches);
        let before = (0..zero).rev().find(reaches);
        match (before, after) {
            (Some(before), Some(after)) if zero - before < after - zero => before,
            (Some(before), None) => before,
            (_, after) => after.unwrap_or(zero),
        }
    }

    /// What there is to know of the peak at `index` of the correlation it was `chosen` from.
    fn peak(&self, index: usize, chosen: &[f64], plain: &[f64]) -> Peak {
        let last = plain.len() - 1;
        let at_the_edge = index == 0 || index == last;
        let sign = if chosen[index] < 0.0 { -1.0 } else { 1.0 };
        let offset = |values: &[f64]| {
            if at_the_edge {
                return 0.0;
            }
            let three = [index - 1, index, index + 1].map(|at| sign * values[at]);
            // Finer than this is rounding: a record is exactly 0 late behind itself.
            (top_of_parabola(three).0 * OFFSETS).round() / OFFSETS
        };
        let rise = RISE * plain[index].abs();
        let lobes = [lobe_end(plain[..=index].iter().rev(), rise), lobe_end(plain[index..].iter(), rise)];
        Peak {
            lag: self.lags.at(index),
            offset: offset(chosen),
            plain_offset: offset(plain),
            polarity: if sign < 0.0 { -1 } else { 1 },
            height: plain[index].abs(),
            at_the_edge,
            reach: lobes.into_iter().flatten().max().unwrap_or(1).max(1),
            second: second_peak(plain, index, lobes).map(|(second, height)| SecondPeak {
                lag: self.lags.at(second),
                height,
                same_sign: plain[second] * sign > 0.0,
            }),
        }
    }
}

/// A fast length of at least `len`: a power of two unless that is much longer than needed.
pub(super) fn transform_len(len: usize) -> usize {
    let (power, smooth) = (len.next_power_of_two(), good_size(len));
    if 2 * power <= 3 * smooth { power } else { smooth }
}

/// The bins of a transform of length `len` within a band of cycles per sample, without those at 0 and 1/2.
pub(super) fn bins_of([low, high]: [f64; 2], len: usize) -> Range<usize> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within half a transform")]
    let bin = |frequency: f64| (frequency * len as f64) as usize;
    let last = len.div_ceil(2) - 1;
    let start = bin(low).max(1).min(last);
    start..bin(high).clamp(start, last) + 1
}

/// Where the parabola through three neighbours has its top, from the middle, and how large it is there; the middle
/// if they have none.
fn top_of_parabola([before, middle, after]: [f64; 3]) -> (f64, f64) {
    let (slope, bend) = (0.5 * (after - before), before - 2.0 * middle + after);
    if bend >= 0.0 {
        return (0.0, middle);
    }
    let offset = (-slope / bend).clamp(-0.5, 0.5);
    (offset, middle + 0.5 * slope * offset)
}

/// Index and size of the highest local maximum of the size outside the lobe around `peak`, which has the given
/// ends, in steps, before and after.
fn second_peak(
    correlation: &[f64],
    peak: usize,
    [before, after]: [Option<usize>; 2],
) -> Option<(usize, f64)> {
    let before = before.map(|end| 1..peak + 1 - end);
    let after = after.map(|end| peak + end..correlation.len() - 1);
    let mut best: Option<(usize, f64)> = None;
    for index in before.into_iter().chain(after).flatten() {
        let [left, size, right] = [index - 1, index, index + 1].map(|at| correlation[at].abs());
        if size > left && size >= right && best.is_none_or(|(_, height)| size > height) {
            let sign = correlation[index].signum();
            let three = [index - 1, index, index + 1].map(|at| correlation[at] * sign);
            best = Some((index, top_of_parabola(three).1));
        }
    }
    best
}

/// Steps from the peak until the correlation is half as large, or rises again by more than `rise`.
fn lobe_end<'a>(values: impl Iterator<Item = &'a f64>, rise: f64) -> Option<usize> {
    let mut peak = None;
    let mut lowest = f64::INFINITY;
    for (step, value) in values.enumerate() {
        let size = value.abs();
        let top = *peak.get_or_insert(size);
        if size < 0.5 * top || size > lowest + rise {
            return Some(step);
        }
        lowest = lowest.min(size);
    }
    None
}
