//! A record without its mean, of rms 1.

use hexad_core::check_finite;

use crate::CorrelateError;

/// Writes `values` less their mean, over their root mean square, to `out`.
///
/// # Errors
///
/// [`hexad_core::InputError::NotFinite`]; [`CorrelateError::Constant`] where nothing but rounding is left.
pub(super) fn standardize(
    argument: &'static str,
    values: &[f64],
    out: &mut [f64],
) -> Result<(), CorrelateError> {
    check_finite(argument, values)?;
    // Powers of two keep every digit, and products of any two values in range.
    let largest = values.iter().fold(0.0_f64, |largest, x| largest.max(x.abs()));
    let scale = power_of_two_near(largest);
    let first = values[0] / scale;
    for (out, x) in out.iter_mut().zip(values) {
        *out = x / scale - first;
    }
    let len = values.len() as f64;
    let mean = out.iter().sum::<f64>() / len;
    let mut squares = 0.0;
    for x in out.iter_mut() {
        *x -= mean;
        squares += *x * *x;
    }
    let rms = (squares / len).sqrt();
    // A constant as large as the record is known to half a unit in its last place.
    if rms <= f64::EPSILON * (largest / scale) {
        return Err(CorrelateError::Constant { argument, value: values[0] });
    }
    for x in out {
        *x /= rms;
    }
    Ok(())
}

/// The power of two at or below `value`; 1 for 0.
fn power_of_two_near(value: f64) -> f64 {
    if value == 0.0 { 1.0 } else { value.log2().floor().clamp(-1020.0, 1020.0).exp2() }
}
