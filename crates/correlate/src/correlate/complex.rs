//! Cross-correlation of complex signals.

mod moments;
mod overlap;
mod segments;
mod spectra;
mod sums;

pub(crate) use moments::check_complex_finite;

use std::ops::Range;

use hexad_core::{Complex64, InputError, Workspace};

use super::layout::{Layout, check_pair, resolve};
use super::normalize::{divisor, needed_overlap};
use super::{CorrelateOptions, Correlation, Lags, Method, Normalization, cost};
use crate::CorrelateError;
use moments::Moments;
use segments::Segments;
use spectra::Spectra;
use sums::{Sums, SumsScratch};

/// The cross-correlation of complex signals of two lengths, `c[k] = sum_n a[n + k] conj(b[n])`, at a range of lags
/// k: as [`crate::Correlator`] in everything else.
///
/// A coefficient over the overlap is complex too; its size is at most 1 but for rounding.
///
/// # Examples
///
/// ```
/// use hexad_core::Complex64;
/// use hexad_correlate::{ComplexCorrelator, CorrelateOptions, Lags};
/// let turning = |n: i32| Complex64::cis(0.002 * f64::from(n * n));
/// let a: Vec<_> = (0..500).map(turning).collect();
/// let late: Vec<_> = (0..500).map(|n| Complex64::I * turning(n - 40)).collect();
/// let plan = ComplexCorrelator::new(500, 500, Lags::Within(100), &CorrelateOptions::default())?;
/// let peak = plan.apply(&a, &late)?.peak_of_size().ok_or("no peak")?;
/// assert_eq!(peak.lag, -40);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct ComplexCorrelator {
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

/// Buffers of [`ComplexCorrelator::apply_into`]; their contents never matter.
#[derive(Debug, Clone, Default)]
pub struct ComplexScratch {
    sums: SumsScratch,
    transforms: Workspace<Complex64>,
}

/// The samples of a signal that are needed, and what is taken off each.
#[derive(Debug, Clone, Copy)]
struct Part<'a> {
    samples: &'a [Complex64],
    mean: Complex64,
}

impl Part<'_> {
    /// Writes a stretch from `at` on, and zeros before and behind.
    fn write(&self, range: Range<usize>, at: usize, out: &mut [Complex64]) {
        let (before, rest) = out.split_at_mut(at);
        let (own, behind) = rest.split_at_mut(range.len());
        before.fill(Complex64::ZERO);
        behind.fill(Complex64::ZERO);
        for (out, z) in own.iter_mut().zip(&self.samples[range]) {
            *out = z - self.mean;
        }
    }
}

impl ComplexCorrelator {
    /// Plans for signals of `len_a` and `len_b` samples.
    ///
    /// # Errors
    ///
    /// As [`crate::Correlator::new`].
    pub fn new(
        len_a: usize,
        len_b: usize,
        lags: Lags,
        options: &CorrelateOptions,
    ) -> Result<Self, CorrelateError> {
        needed_overlap(len_a, len_b, options)?;
        let layout = Layout::new(len_a, len_b, resolve(len_a, len_b, lags)?);
        let method = match options.method {
            Method::Auto => cost::cheapest_of_complex(&layout),
            method => method,
        };
        let engine = match method {
            Method::Direct => Engine::Direct(Sums::new(&layout)),
            Method::Segmented => Engine::Segmented(Segments::new(&layout)?),
            Method::Fft | Method::Auto => Engine::Fft(Spectra::new(&layout)?),
        };
        Ok(Self { layout, options: *options, engine })
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

    /// Buffers for [`ComplexCorrelator::apply_into`].
    #[must_use]
    pub fn make_scratch(&self) -> ComplexScratch {
        ComplexScratch::default()
    }

    /// The correlation of `a` and `b`.
    ///
    /// # Errors
    ///
    /// As [`crate::Correlator::apply`].
    pub fn apply(&self, a: &[Complex64], b: &[Complex64]) -> Result<Correlation<Complex64>, CorrelateError> {
        let mut out = Correlation::default();
        self.apply_into(a, b, &mut out, &mut self.make_scratch())?;
        Ok(out)
    }

    /// As [`ComplexCorrelator::apply`], into any correlation, whose vector is reused. Does not allocate in a second
    /// call with the same buffers.
    ///
    /// # Errors
    ///
    /// As [`ComplexCorrelator::apply`].
    pub fn apply_into(
        &self,
        a: &[Complex64],
        b: &[Complex64],
        out: &mut Correlation<Complex64>,
        scratch: &mut ComplexScratch,
    ) -> Result<(), CorrelateError> {
        check_pair(&self.layout, a.len(), b.len())?;
        let moments = [self.moments("a", a)?, self.moments("b", b)?];
        out.first_lag = self.layout.first;
        out.values.resize(self.layout.lags, Complex64::ZERO);
        self.sums_into([a, b], &moments, &mut out.values, scratch)?;
        self.normalize([a, b], &moments, &mut out.values);
        Ok(())
    }

    fn moments(&self, argument: &'static str, signal: &[Complex64]) -> Result<Moments, CorrelateError> {
        let moments = Moments::of(argument, signal, self.options.removes_mean())?;
        match self.options.normalization {
            Normalization::Coefficient | Normalization::Overlap => moments.check_varies(argument, signal)?,
            Normalization::Raw | Normalization::Biased | Normalization::Unbiased => {}
        }
        Ok(moments)
    }

    /// Writes the sums of the definition to `out`.
    fn sums_into(
        &self,
        [a, b]: [&[Complex64]; 2],
        moments: &[Moments; 2],
        out: &mut [Complex64],
        scratch: &mut ComplexScratch,
    ) -> Result<(), InputError> {
        let a = Part { samples: &a[self.layout.a.clone()], mean: moments[0].mean };
        let b = Part { samples: &b[self.layout.b.clone()], mean: moments[1].mean };
        match &self.engine {
            Engine::Direct(sums) => {
                sums.run(a, b, out, &mut scratch.sums);
                Ok(())
            }
            Engine::Fft(spectra) => spectra.run(a, b, out, &mut scratch.transforms),
            Engine::Segmented(segments) => segments.run(a, b, out, &mut scratch.transforms),
        }
    }

    fn normalize(&self, signals: [&[Complex64]; 2], moments: &[Moments; 2], values: &mut [Complex64]) {
        let Self { layout, options, .. } = self;
        match options.normalization {
            Normalization::Raw => {}
            Normalization::Overlap => {
                let needed = needed_overlap(layout.len_a, layout.len_b, options).unwrap_or(usize::MAX);
                overlap::divide(layout, needed, signals, moments, values);
            }
            other => {
                let divisor = divisor(other, layout, [moments[0].energy, moments[1].energy]);
                for (value, lag) in values.iter_mut().zip(layout.first..) {
                    *value /= divisor(lag);
                }
            }
        }
    }
}
