//! Cross-correlation of two signals at any range of lags.

mod arrays;
mod blocks;
mod complex;
mod cost;
mod layout;
mod many;
mod moments;
mod negacyclic;
mod normalize;
mod options;
mod result;
mod segments;
mod spectra;
mod sums;

pub(crate) use complex::check_complex_finite;
pub(crate) use cost::transform_ns;
pub(crate) use layout::resolve;
pub(crate) use many::of_channel;
pub(crate) use moments::{Moments, exact_sums, sums};
pub(crate) use normalize::needed_overlap;

pub use arrays::{correlate_arrays, correlate_complex_arrays};
pub use complex::{ComplexCorrelator, ComplexScratch};
pub use many::PairCorrelation;
pub use options::{CorrelateOptions, Lags, Mean, Method, Normalization};
pub use result::{Correlation, Peak};

use std::ops::RangeInclusive;

use hexad_core::{InputError, check_finite};

use crate::CorrelateError;
use layout::{Layout, check_pair};
use normalize::normalize;
use segments::{Segments, SegmentsScratch};
use spectra::{Spectra, SpectraScratch};
use sums::{Sums, SumsScratch};

/// The cross-correlation of signals of two lengths, `c[k] = sum_n a[n + k] conj(b[n])`, at a range of lags k.
///
/// The peak stands at k > 0 where a is late: `b(t) = a(t - delay)` has its peak at `k = -delay`. Samples beyond
/// the ends count as zero.
///
/// Transforms round: their error is about `1e-16 log2(samples) sqrt(E_a E_b)` at every lag, E being the sums of
/// squares. Signals on a large offset lose digits by that unless means are removed. Results are the same bits
/// for any number of threads.
///
/// # Examples
///
/// ```
/// use hexad_correlate::{CorrelateOptions, Correlator, Lags, Normalization};
/// let a: Vec<f64> = (0..1000).map(|n| (0.001 * f64::from(n * n)).sin()).collect();
/// let late: Vec<f64> = (0..1000).map(|n| 5.0 + 2.0 * (0.001 * f64::from((n - 30) * (n - 30))).sin()).collect();
/// let options = CorrelateOptions::default().with_normalization(Normalization::Overlap);
/// let plan = Correlator::new(1000, 1000, Lags::Within(100), &options)?;
/// let peak = plan.apply(&a, &late)?.peak().ok_or("no peak")?;
/// assert_eq!(peak.lag, -30);
/// assert!((peak.value - 1.0).abs() < 1e-12);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Deviation
///
/// `scipy.signal.correlation_lags(mode="same")` is one too high where `len_a` is odd and `len_b` even (SciPy
/// 1.17); the lags here are those of the values.
///
/// # References
///
/// A. V. Oppenheim and R. W. Schafer, Discrete-Time Signal Processing, 3rd ed., 2010, 8.7; J. S. Bendat and
/// A. G. Piersol, Random Data, 4th ed., 2010, 11.4; `scipy.signal.correlate`.
#[derive(Debug, Clone)]
pub struct Correlator {
    layout: Layout,
    options: CorrelateOptions,
    engine: Engine,
}

#[derive(Debug, Clone)]
enum Engine {
    Direct(Sums),
    Fft(Spectra),
    Segmented(Segments),
}

/// Buffers of [`Correlator::apply_into`]; their contents never matter.
#[derive(Debug, Clone, Default)]
pub struct CorrelateScratch {
    sums: SumsScratch,
    spectra: SpectraScratch,
    segments: SegmentsScratch,
}

/// The samples of a signal that are needed, and what is taken off each.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Part<'a> {
    samples: &'a [f64],
    mean: f64,
    energy: f64,
}

impl Correlator {
    /// Plans for signals of `len_a` and `len_b` samples.
    ///
    /// # Errors
    ///
    /// [`InputError::TooFew`] for an empty signal; [`InputError::OutOfRange`] for a largest lag that is longer
    /// than the signals, a range that is empty or reaches beyond the lags that exist, a `min_overlap` outside
    /// 0 to 1.
    pub fn new(
        len_a: usize,
        len_b: usize,
        lags: Lags,
        options: &CorrelateOptions,
    ) -> Result<Self, CorrelateError> {
        needed_overlap(len_a, len_b, options)?;
        let layout = Layout::new(len_a, len_b, resolve(len_a, len_b, lags)?);
        let method = match options.method {
            Method::Auto => cost::cheapest(&layout),
            method => method,
        };
        let engine = match method {
            Method::Direct => Engine::Direct(Sums::new(&layout)),
            Method::Segmented => Engine::Segmented(Segments::new(&layout)?),
            Method::Fft | Method::Auto => Engine::Fft(Spectra::new(&layout)?),
        };
        Ok(Self { layout, options: *options, engine })
    }

    /// The lags computed.
    #[must_use]
    pub fn lags(&self) -> RangeInclusive<i64> {
        self.layout.first..=self.layout.first + self.layout.lags as i64 - 1
    }

    /// How the sums are computed: never [`Method::Auto`].
    #[must_use]
    pub fn method(&self) -> Method {
        match self.engine {
            Engine::Direct(_) => Method::Direct,
            Engine::Fft(_) => Method::Fft,
            Engine::Segmented(_) => Method::Segmented,
        }
    }

    /// Buffers for [`Correlator::apply_into`].
    #[must_use]
    pub fn make_scratch(&self) -> CorrelateScratch {
        CorrelateScratch::default()
    }

    /// The correlation of `a` and `b`.
    ///
    /// # Errors
    ///
    /// [`InputError::LengthMismatch`] for other lengths than planned, [`InputError::NotFinite`] for the first NaN
    /// or infinity, [`CorrelateError::Constant`] for a signal whose coefficient is not defined.
    pub fn apply(&self, a: &[f64], b: &[f64]) -> Result<Correlation, CorrelateError> {
        let mut out = Correlation::default();
        self.apply_into(a, b, &mut out, &mut self.make_scratch())?;
        Ok(out)
    }

    /// As [`Correlator::apply`], into any correlation, whose vector is reused. Does not allocate in a second call
    /// with the same buffers.
    ///
    /// # Errors
    ///
    /// As [`Correlator::apply`].
    pub fn apply_into(
        &self,
        a: &[f64],
        b: &[f64],
        out: &mut Correlation,
        scratch: &mut CorrelateScratch,
    ) -> Result<(), CorrelateError> {
        check_pair(&self.layout, a.len(), b.len())?;
        self.reset(out);
        if self.needs_no_moments() {
            self.sums_into([a, b], &[Moments::NONE; 2], &mut out.values, scratch)?;
            // One such sample makes every sum NaN or infinite. So does an overflow, which is no fault.
            if !out.values[0].is_finite() {
                check_finite("a", a)?;
                check_finite("b", b)?;
            }
            normalize(&self.layout, &self.options, [a, b], &[Moments::NONE; 2], &mut out.values);
            return Ok(());
        }
        let moments = [self.moments("a", a)?, self.moments("b", b)?];
        self.sums_into([a, b], &moments, &mut out.values, scratch)?;
        normalize(&self.layout, &self.options, [a, b], &moments, &mut out.values);
        Ok(())
    }

    /// Whether neither means nor energies are asked for and every sample goes through a transform.
    fn needs_no_moments(&self) -> bool {
        let Layout { len_a, len_b, a, b, .. } = &self.layout;
        matches!(self.engine, Engine::Fft(_))
            && (a.len(), b.len()) == (*len_a, *len_b)
            && !self.options.removes_mean()
            && self.options.normalization != Normalization::Coefficient
    }

    /// Checks a signal; its mean, if that is removed, and its sum of squares.
    fn moments(&self, argument: &'static str, signal: &[f64]) -> Result<Moments, CorrelateError> {
        let moments = Moments::of(argument, signal, self.options.removes_mean())?;
        match self.options.normalization {
            Normalization::Coefficient | Normalization::Overlap => moments.check_varies(argument, signal)?,
            Normalization::Raw | Normalization::Biased | Normalization::Unbiased => {}
        }
        Ok(moments)
    }

    /// Room for every lag.
    fn reset(&self, out: &mut Correlation) {
        out.first_lag = self.layout.first;
        if out.values.is_empty() {
            // Zeros that the system has ready need not be written.
            out.values = vec![0.0; self.layout.lags];
        }
        out.values.resize(self.layout.lags, 0.0);
    }

    /// Writes the sums of the definition to `out`.
    fn sums_into(
        &self,
        [a, b]: [&[f64]; 2],
        moments: &[Moments; 2],
        out: &mut [f64],
        scratch: &mut CorrelateScratch,
    ) -> Result<(), InputError> {
        let a = moments[0].part(&a[self.layout.a.clone()]);
        let b = moments[1].part(&b[self.layout.b.clone()]);
        match &self.engine {
            Engine::Direct(sums) => {
                sums.run(a, b, out, &mut scratch.sums);
                Ok(())
            }
            Engine::Fft(spectra) => spectra.run(a, b, out, &mut scratch.spectra),
            Engine::Segmented(segments) => segments.run(a, b, out, &mut scratch.segments),
        }
    }
}

/// One-off [`Correlator::apply`].
///
/// # Errors
///
/// As [`Correlator::new`] and [`Correlator::apply`].
pub fn correlate(
    a: &[f64],
    b: &[f64],
    lags: Lags,
    options: &CorrelateOptions,
) -> Result<Correlation, CorrelateError> {
    Correlator::new(a.len(), b.len(), lags, options)?.apply(a, b)
}

/// The lags of `scipy.signal.correlation_lags`, but for its fault, see [`Correlator`]: the first and the last.
///
/// # Errors
///
/// As [`Correlator::new`].
pub fn correlation_lags(
    len_a: usize,
    len_b: usize,
    lags: Lags,
) -> Result<std::ops::RangeInclusive<i64>, CorrelateError> {
    Ok(resolve(len_a, len_b, lags)?)
}
