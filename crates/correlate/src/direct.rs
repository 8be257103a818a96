//! The definitions, as the sums they are written as: slow, and obviously right.
//!
//! With signals a and b, the lag k and the n at which both `a[n + k]` and `b[n]` exist:
//!
//! - correlation: `c[k] = sum_n a[n + k] conj(b[n])` (A. V. Oppenheim and R. W. Schafer, Discrete-Time Signal
//!   Processing, 3rd ed., 2010, problem 2.65; `scipy.signal.correlate`);
//! - its divisors: see [`Normalization`] (J. S. Bendat and A. G. Piersol, Random Data, 4th ed., 2010, 11.4);
//! - over the overlap: Pearson's coefficient of the pairs `(a[n + k], b[n])`;
//! - of a template: Pearson's coefficient of the template and the samples of the record from a position on.
//!
//! The rest of the crate computes the same faster, and is compared with this module.

use hexad_core::{Complex64, InputError, check_finite};

use crate::correlate::{check_complex_finite, needed_overlap, resolve};
use crate::{CorrelateError, CorrelateOptions, Correlation, Lags, Mean, Normalization};

/// The correlation of two signals.
///
/// # Errors
///
/// As [`crate::correlate()`], but that signals without a coefficient give NaN.
pub fn correlate(
    a: &[f64],
    b: &[f64],
    lags: Lags,
    options: &CorrelateOptions,
) -> Result<Correlation, CorrelateError> {
    let complex = |signal: &[f64]| signal.iter().map(|x| Complex64::new(*x, 0.0)).collect::<Vec<_>>();
    let Correlation { values, first_lag } = correlate_complex(&complex(a), &complex(b), lags, options)?;
    Ok(Correlation { values: values.iter().map(|value| value.re).collect(), first_lag })
}

/// The correlation of two complex signals.
///
/// # Errors
///
/// As [`correlate`].
pub fn correlate_complex(
    a: &[Complex64],
    b: &[Complex64],
    lags: Lags,
    options: &CorrelateOptions,
) -> Result<Correlation<Complex64>, CorrelateError> {
    let lags = resolve(a.len(), b.len(), lags)?;
    let needed = needed_overlap(a.len(), b.len(), options)?;
    check_complex_finite("a", a)?;
    check_complex_finite("b", b)?;
    let (a, b) = (prepared(a, options.mean), prepared(b, options.mean));
    let whole = (energy(&a) * energy(&b)).sqrt();
    let value = |lag: i64| {
        let (a_part, b_part) = opposite(&a, &b, lag);
        let sum = product(a_part, b_part);
        match options.normalization {
            Normalization::Raw => sum,
            Normalization::Biased => sum / a.len().max(b.len()) as f64,
            Normalization::Unbiased => sum / a_part.len() as f64,
            Normalization::Coefficient => sum / whole,
            Normalization::Overlap if a_part.len() < needed => Complex64::new(f64::NAN, f64::NAN),
            Normalization::Overlap => pearson(a_part, b_part),
        }
    };
    let first_lag = *lags.start();
    Ok(Correlation { values: lags.map(value).collect(), first_lag })
}

/// Pearson's coefficient of a template and the samples of the record opposite it, by position of its first sample.
/// NaN where those are constant.
///
/// # Errors
///
/// [`InputError::TooFew`], [`InputError::NotFinite`].
pub fn template(record: &[f64], template: &[f64]) -> Result<Vec<f64>, CorrelateError> {
    if template.is_empty() || record.len() < template.len() {
        let needed = template.len().max(1);
        return Err(InputError::TooFew { argument: "record", needed, got: record.len() }.into());
    }
    check_finite("record", record)?;
    check_finite("template", template)?;
    let complex = |signal: &[f64]| signal.iter().map(|x| Complex64::new(*x, 0.0)).collect::<Vec<_>>();
    let (record, template) = (complex(record), complex(template));
    Ok(record.windows(template.len()).map(|window| pearson(window, &template).re).collect())
}

fn prepared(signal: &[Complex64], mean: Mean) -> Vec<Complex64> {
    match mean {
        Mean::Kept => signal.to_vec(),
        Mean::Removed => without_mean(signal),
    }
}

fn without_mean(signal: &[Complex64]) -> Vec<Complex64> {
    let mean = signal.iter().sum::<Complex64>() / signal.len() as f64;
    signal.iter().map(|z| z - mean).collect()
}

fn energy(signal: &[Complex64]) -> f64 {
    signal.iter().map(Complex64::norm_sqr).sum()
}

/// `sum_n a[n] conj(b[n])`.
fn product(a: &[Complex64], b: &[Complex64]) -> Complex64 {
    a.iter().zip(b).map(|(a, b)| a * b.conj()).sum()
}

/// The stretches that stand opposite each other.
fn opposite<'a, T>(a: &'a [T], b: &'a [T], lag: i64) -> (&'a [T], &'a [T]) {
    let skipped = |lag: i64| usize::try_from(lag).unwrap_or(0);
    let (a, b) = (&a[skipped(lag)..], &b[skipped(-lag)..]);
    let count = a.len().min(b.len());
    (&a[..count], &b[..count])
}

/// The coefficient of equally many samples; NaN if either are constant.
fn pearson(a: &[Complex64], b: &[Complex64]) -> Complex64 {
    let is_constant = |part: &[Complex64]| part.iter().all(|z| z == &part[0]);
    if is_constant(a) || is_constant(b) {
        return Complex64::new(f64::NAN, f64::NAN);
    }
    let (a, b) = (without_mean(a), without_mean(b));
    product(&a, &b) / (energy(&a) * energy(&b)).sqrt()
}
