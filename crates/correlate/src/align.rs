//! A record moved by a delay.

use std::f64::consts::TAU;

use hexad_core::{Complex64, InputError, RealFft, check_finite, check_positive};

use crate::CorrelateError;

/// `b` moved earlier by `delay_s`, so that it stands beside the record it is late behind: `out(t) = b(t + delay_s)`,
/// as long as `b`.
///
/// Whole samples are copied. In between, `b` is interpolated by its transform: exactly, if it is band-limited, but
/// near its ends, where what comes next is not known. There it is continued oddly about its first and its last
/// sample, which keeps value and slope; what that leaves falls off as the cube of the distance from the end. Outputs
/// that would come from before the first or after the last sample of `b` are NaN, that is, missing.
///
/// # Examples
///
/// ```
/// use hexad_correlate::align;
/// let late: Vec<f64> = (0..200).map(|n| (0.3 * (f64::from(n) - 2.5)).sin()).collect();
/// let back = align(&late, 2.5, 1.0)?;
/// assert!((back[100] - 30_f64.sin()).abs() < 1e-5);
/// assert!(back[198].is_nan() && !back[196].is_nan());
/// # Ok::<(), hexad_correlate::CorrelateError>(())
/// ```
///
/// # Errors
///
/// [`InputError`] for an empty record, a NaN or infinity in it, a delay that is not finite, a sample rate that is not
/// positive.
pub fn align(b: &[f64], delay_s: f64, sample_rate_hz: f64) -> Result<Vec<f64>, CorrelateError> {
    check_positive("sample_rate_hz", sample_rate_hz)?;
    if b.is_empty() {
        return Err(InputError::TooFew { argument: "b", needed: 1, got: 0 }.into());
    }
    check_finite("b", b)?;
    let samples = delay_s * sample_rate_hz;
    if !samples.is_finite() {
        return Err(InputError::OutOfRange { argument: "delay_s", value: delay_s, allowed: "finite" }.into());
    }
    let last = (b.len() - 1) as f64;
    let between = samples - samples.round();
    let moved = if between == 0.0 || b.len() < 3 { b.to_vec() } else { moved_by(between, b)? };
    let at = |n: usize| {
        let place = n as f64 + samples;
        if !(0.0..=last).contains(&place) || between != 0.0 && b.len() < 3 {
            return f64::NAN;
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the record")]
        let whole = (n as f64 + samples.round()).clamp(0.0, last) as usize;
        moved[whole]
    };
    Ok((0..b.len()).map(at).collect())
}

/// `values(n + samples)`, continued oddly about both ends.
fn moved_by(samples: f64, values: &[f64]) -> Result<Vec<f64>, InputError> {
    let last = values.len() - 1;
    let (first, slope) = (values[0], (values[last] - values[0]) / last as f64);
    let fft = RealFft::new(2 * last)?;
    let mut period = vec![0.0; 2 * last];
    for (n, x) in values.iter().enumerate().take(last).skip(1) {
        let rest = x - (first + slope * n as f64);
        period[n] = rest;
        period[2 * last - n] = -rest;
    }
    let mut spectrum = vec![Complex64::ZERO; fft.spectrum_len()];
    let mut work = vec![Complex64::ZERO; fft.scratch_len()];
    fft.forward(&period, &mut spectrum, &mut work)?;
    let scale = 1.0 / fft.len() as f64;
    for (bin, value) in spectrum.iter_mut().enumerate() {
        *value *= scale * Complex64::cis(TAU * bin as f64 * samples * scale);
    }
    fft.inverse(&mut spectrum, &mut period, &mut work)?;
    let line = |n: usize| first + slope * (n as f64 + samples);
    Ok(period[..last]
        .iter()
        .enumerate()
        .map(|(n, rest)| rest + line(n))
        .chain([period[last] + line(last)])
        .collect())
}
