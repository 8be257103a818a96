//! What is done to both records before their delay is sought.

mod bandpass;
mod gaps;
mod harmonics;
mod resample;

pub use gaps::Missing;
pub use harmonics::remove_harmonics;
pub use resample::{Rates, common_rate, resample};

use hexad_core::{InputError, check_positive};
use hexad_spectral::Detrend;

use crate::CorrelateError;
use bandpass::Butterworth;

/// Optional settings of [`Preprocess`]; by default nothing is done but taking off the mean.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct PreprocessOptions {
    /// What becomes of missing samples. Default [`Missing::Refuse`].
    pub missing: Missing,
    /// What is taken off. Default [`Detrend::Constant`].
    pub detrend: Detrend,
    /// A fundamental in Hz, known to half a bin, and how many of its multiples are taken off, itself among them.
    /// Default: none.
    pub harmonics: Option<(f64, usize)>,
    /// Lowest and highest frequency kept, in Hz: 0 and half the sample rate leave that side open. Default: all.
    pub band_hz: Option<(f64, f64)>,
    /// Order of the Butterworth filter of the band, from 1 to 12. It runs twice, so its effect is squared. Default 4.
    pub order: usize,
    /// Share of the record that is cosine ramps, half of it at each end: 1 is a Hann window. Default 0.
    pub taper: f64,
}

impl Default for PreprocessOptions {
    fn default() -> Self {
        Self {
            missing: Missing::Refuse,
            detrend: Detrend::Constant,
            harmonics: None,
            band_hz: None,
            order: 4,
            taper: 0.0,
        }
    }
}

impl PreprocessOptions {
    /// With another [`Missing`].
    #[must_use]
    pub fn with_missing(mut self, missing: Missing) -> Self {
        self.missing = missing;
        self
    }

    /// With another [`Detrend`].
    #[must_use]
    pub fn with_detrend(mut self, detrend: Detrend) -> Self {
        self.detrend = detrend;
        self
    }

    /// With `count` multiples of a fundamental taken off.
    #[must_use]
    pub fn with_harmonics(mut self, fundamental_hz: f64, count: usize) -> Self {
        self.harmonics = Some((fundamental_hz, count));
        self
    }

    /// With frequencies from `low_hz` to `high_hz` only.
    #[must_use]
    pub fn with_band_hz(mut self, low_hz: f64, high_hz: f64) -> Self {
        self.band_hz = Some((low_hz, high_hz));
        self
    }

    /// With another order of the filter.
    #[must_use]
    pub fn with_order(mut self, order: usize) -> Self {
        self.order = order;
        self
    }

    /// With another share of ramps.
    #[must_use]
    pub fn with_taper(mut self, taper: f64) -> Self {
        self.taper = taper;
        self
    }
}

/// Prepares records, all alike, so that none moves against another: missing samples, trend, narrow lines, band and
/// ends, in this order.
///
/// The band-pass is a Butterworth filter in second-order sections, run forwards and backwards from odd continuations
/// of the record, so that no frequency is delayed: `scipy.signal.sosfiltfilt` of `scipy.signal.butter`, to rounding.
///
/// # Examples
///
/// ```
/// use hexad_correlate::{Preprocess, PreprocessOptions};
/// let options = PreprocessOptions::default().with_band_hz(5.0, 50.0).with_harmonics(60.0, 3);
/// let prepare = Preprocess::new(1000.0, &options)?;
/// let hum: Vec<f64> = (0..2000).map(|n| 7.0 + (0.377 * f64::from(n)).sin()).collect();
/// assert!(prepare.apply(&hum)?.iter().all(|x| x.abs() < 1e-9));
/// # Ok::<(), hexad_correlate::CorrelateError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Preprocess {
    options: PreprocessOptions,
    sample_rate_hz: f64,
    filter: Option<Butterworth>,
}

impl Preprocess {
    /// Plans for records of any length at `sample_rate_hz`.
    ///
    /// # Errors
    ///
    /// [`InputError::OutOfRange`] for a sample rate that is not positive, a band that is empty or outside
    /// `0..=sample_rate / 2`, an order outside `1..=12`, a taper outside `0..=1`, a fundamental outside the band of
    /// the sample rate or a count of 0.
    pub fn new(sample_rate_hz: f64, options: &PreprocessOptions) -> Result<Self, CorrelateError> {
        check_positive("sample_rate_hz", sample_rate_hz)?;
        let refuse =
            |argument, value, allowed| Err(InputError::OutOfRange { argument, value, allowed }.into());
        if !(0.0..=1.0).contains(&options.taper) {
            return refuse("taper", options.taper, "from 0 to 1");
        }
        if let Some((fundamental_hz, count)) = options.harmonics {
            harmonics::check(fundamental_hz, count, sample_rate_hz)?;
        }
        let filter = match options.band_hz {
            Some((low, high)) => Butterworth::new(options.order, low, high, sample_rate_hz)?,
            None => None,
        };
        Ok(Self { options: *options, sample_rate_hz, filter })
    }

    /// The record, prepared.
    ///
    /// # Errors
    ///
    /// [`InputError::TooFew`] for an empty record, one with fewer than two samples present, or one too short for the
    /// filter; [`InputError::NotFinite`] for a NaN or infinity that is not to be missing; [`CorrelateError::Gap`] for
    /// a gap too long to be interpolated.
    pub fn apply(&self, signal: &[f64]) -> Result<Vec<f64>, CorrelateError> {
        let Self { options, sample_rate_hz, filter } = self;
        let mut values = gaps::filled(signal, options.missing)?;
        let left_out = |n: usize| options.missing == Missing::LeftOut && !signal[n].is_finite();
        remove_trend(&mut values, options.detrend, left_out);
        if let Some((fundamental_hz, count)) = options.harmonics {
            values = remove_harmonics(&values, *sample_rate_hz, fundamental_hz, count)?;
        }
        if let Some(filter) = filter {
            values = filter.both_ways(&values)?;
        }
        taper(&mut values, options.taper);
        for (n, value) in values.iter_mut().enumerate() {
            if left_out(n) {
                *value = 0.0;
            }
        }
        Ok(values)
    }
}

/// Takes off what [`Detrend`] names, fitted to the samples that are not left out.
fn remove_trend(values: &mut [f64], detrend: Detrend, left_out: impl Fn(usize) -> bool) {
    if detrend == Detrend::None {
        return;
    }
    let first = values[0];
    let present = || (0..values.len()).filter(|n| !left_out(*n));
    let count = present().count() as f64;
    let mean = present().map(|n| values[n] - first).sum::<f64>() / count;
    let middle = present().map(|n| n as f64).sum::<f64>() / count;
    let moment: f64 = present().map(|n| (n as f64 - middle) * (values[n] - first)).sum();
    let spread: f64 = present().map(|n| (n as f64 - middle).powi(2)).sum();
    let slope = if detrend == Detrend::Linear && spread > 0.0 { moment / spread } else { 0.0 };
    for (n, value) in values.iter_mut().enumerate() {
        *value = (*value - first) - (mean + slope * (n as f64 - middle));
    }
}

/// Multiplies both ends with cosine ramps.
pub(crate) fn taper(values: &mut [f64], share: f64) {
    let len = values.len();
    let width = 0.5 * share * (len - 1) as f64;
    for n in 0..len.div_ceil(2) {
        if (n as f64) < width {
            let ramp = 0.5 - 0.5 * (std::f64::consts::PI * n as f64 / width).cos();
            values[n] *= ramp;
            if len - 1 - n != n {
                values[len - 1 - n] *= ramp;
            }
        }
    }
}
