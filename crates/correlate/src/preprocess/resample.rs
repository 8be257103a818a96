//! Records at another sample rate.

use std::f64::consts::PI;

use hexad_core::{InputError, check_finite, check_positive};

use crate::CorrelateError;

/// Zero crossings of the kernel to each side, and the shape of its window.
const CROSSINGS: f64 = 48.0;
const BETA: f64 = 12.0;

/// The pass-band ends at this share of half the lower rate; the window's roll-off takes the rest.
const PASS: f64 = 0.95;
/// The largest ratio of two rates, with which the kernel grows.
const FARTHEST: f64 = 1e6;

/// What to do with records of different sample rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rates {
    /// They are refused.
    #[default]
    MustBeEqual,
    /// The slower one is resampled to the rate of the faster.
    Resample,
}

/// Both records at one rate, and that rate.
///
/// # Errors
///
/// [`CorrelateError::SampleRates`] for different rates that are not to be resampled; otherwise as [`resample`].
pub fn common_rate(
    (a, rate_a_hz): (&[f64], f64),
    (b, rate_b_hz): (&[f64], f64),
    rates: Rates,
) -> Result<(Vec<f64>, Vec<f64>, f64), CorrelateError> {
    check_positive("rate_a_hz", rate_a_hz)?;
    check_positive("rate_b_hz", rate_b_hz)?;
    if rate_a_hz != rate_b_hz && rates == Rates::MustBeEqual {
        return Err(CorrelateError::SampleRates { a: rate_a_hz, b: rate_b_hz });
    }
    let rate = rate_a_hz.max(rate_b_hz);
    Ok((resample(a, rate_a_hz, rate)?, resample(b, rate_b_hz, rate)?, rate))
}

/// `signal` at another sample rate, by band-limited interpolation: sample m of the result is the signal at the time
/// `m / to_hz`, up to that of its last sample.
///
/// The kernel is a sinc with 48 zero crossings to each side under a Kaiser window. Frequencies up to 0.9 of half the
/// lower rate pass to 1e-5; to a lower rate, those above half of it are suppressed by as much. Beyond its ends the
/// signal is continued oddly about its first and its last sample.
///
/// # Errors
///
/// [`InputError`] for an empty signal, a NaN or infinity, a rate that is not positive, rates more than a factor of
/// 1e6 apart.
pub fn resample(signal: &[f64], from_hz: f64, to_hz: f64) -> Result<Vec<f64>, CorrelateError> {
    check_positive("from_hz", from_hz)?;
    check_positive("to_hz", to_hz)?;
    if signal.is_empty() {
        return Err(InputError::TooFew { argument: "signal", needed: 1, got: 0 }.into());
    }
    check_finite("signal", signal)?;
    if from_hz == to_hz {
        return Ok(signal.to_vec());
    }
    let ratio = from_hz / to_hz;
    if !(1.0 / FARTHEST..=FARTHEST).contains(&ratio) {
        let allowed = "within a factor of 1e6 of from_hz";
        return Err(InputError::OutOfRange { argument: "to_hz", value: to_hz, allowed }.into());
    }
    // In cycles per sample of the signal, twice.
    let cutoff = PASS * (1.0 / ratio).min(1.0);
    let reach = CROSSINGS / cutoff;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length")]
    let count = ((signal.len() - 1) as f64 / ratio * (1.0 + 1e-12)).floor() as usize + 1;
    let at = |m: usize| {
        let place = m as f64 * ratio;
        let (mut sum, mut weights) = (0.0, 0.0);
        #[expect(clippy::cast_possible_truncation, reason = "near the record")]
        for n in (place - reach).ceil() as i64..=(place + reach).floor() as i64 {
            let apart = place - n as f64;
            let weight = sinc(cutoff * apart) * kaiser(apart / reach);
            sum += weight * continued(signal, n);
            weights += weight;
        }
        sum / weights
    };
    Ok((0..count).map(at).collect())
}

/// Sample n of the signal, continued oddly about its ends as far as it reaches, and then by its ends.
fn continued(signal: &[f64], n: i64) -> f64 {
    let last = signal.len() as i64 - 1;
    let inside = |n: i64| signal[usize::try_from(n.clamp(0, last)).unwrap_or(0)];
    if n < 0 {
        2.0 * inside(0) - inside(-n)
    } else if n > last {
        2.0 * inside(last) - inside(2 * last - n)
    } else {
        inside(n)
    }
}

fn sinc(x: f64) -> f64 {
    if x == 0.0 { 1.0 } else { (PI * x).sin() / (PI * x) }
}

/// `I0(beta sqrt(1 - u^2)) / I0(beta)`.
fn kaiser(u: f64) -> f64 {
    bessel_i0(BETA * (1.0 - u * u).max(0.0).sqrt()) / bessel_i0(BETA)
}

fn bessel_i0(x: f64) -> f64 {
    let quarter = 0.25 * x * x;
    let (mut term, mut sum, mut k) = (1.0, 1.0, 1.0);
    while term > 1e-17 * sum {
        term *= quarter / (k * k);
        sum += term;
        k += 1.0;
    }
    sum
}
