//! Narrow lines at multiples of one frequency, such as the hum of the mains.

use std::f64::consts::TAU;

use hexad_core::{Complex64, InputError, check_finite, check_positive};
use hexad_spectral::Goertzel;
use nalgebra::{DMatrix, DVector};

use crate::CorrelateError;

/// Golden-section steps: the place of most power is then right to 1e-3 of a bin.
const STEPS: usize = 12;
/// Rounds of least squares, which starts from there.
const ROUNDS: usize = 3;
const GOLDEN: f64 = 0.618_033_988_749_894_9;

/// `signal` without the lines at a fundamental frequency and its multiples, `count` in all.
///
/// `fundamental_hz` must be known to half a bin, the sample rate over twice the samples; within that it is sought
/// where the lines have most power together, and settled by least squares with the lines, which are then taken off.
/// Nothing else changes: unlike a notch filter this has no width and no delay.
///
/// # Errors
///
/// [`InputError`] for a NaN or infinity, a fundamental of which `count` multiples do not stay below half the sample
/// rate, a count of 0, fewer samples than four a line.
pub fn remove_harmonics(
    signal: &[f64],
    sample_rate_hz: f64,
    fundamental_hz: f64,
    count: usize,
) -> Result<Vec<f64>, CorrelateError> {
    check(fundamental_hz, count, sample_rate_hz)?;
    check_finite("signal", signal)?;
    let needed = count.saturating_mul(4);
    if signal.len() < needed {
        return Err(InputError::TooFew { argument: "signal", needed, got: signal.len() }.into());
    }
    let fundamental = strongest(signal, fundamental_hz / sample_rate_hz, count)?;
    // Nothing can be taken off a record of zeros.
    let Some((fundamental, mut parts)) = fitted(signal, fundamental, count) else {
        return Ok(signal.to_vec());
    };
    parts[0] = 0.0;
    Ok(signal.iter().enumerate().map(|(n, x)| x - row(fundamental, n, count).dot(&parts)).collect())
}

pub(super) fn check(fundamental_hz: f64, count: usize, sample_rate_hz: f64) -> Result<(), InputError> {
    check_positive("sample_rate_hz", sample_rate_hz)?;
    check_positive("fundamental_hz", fundamental_hz)?;
    let refuse = |argument, value, allowed| Err(InputError::OutOfRange { argument, value, allowed });
    if count == 0 {
        return refuse("count", 0.0, "at least 1");
    }
    if fundamental_hz * count as f64 >= 0.5 * sample_rate_hz {
        return refuse(
            "fundamental_hz",
            fundamental_hz,
            "such that all multiples are below half the sample rate",
        );
    }
    Ok(())
}

/// The fundamental, in cycles per sample, whose lines have the largest sum of squares, within half a bin of `near`.
fn strongest(signal: &[f64], near: f64, count: usize) -> Result<f64, CorrelateError> {
    let power = |fundamental: f64| -> Result<f64, CorrelateError> {
        let multiples: Vec<f64> =
            (1..=count).map(|k| k as f64 * fundamental).filter(|f| *f > 0.0 && *f < 0.5).collect();
        let bins = Goertzel::new(1.0, &multiples)?.apply(signal)?;
        Ok(bins.iter().map(Complex64::norm_sqr).sum())
    };
    // The highest line tells most: a grid four times as fine as its width has one peak between neighbours.
    let half_bin = 0.5 / signal.len() as f64;
    let step = half_bin / (2 * count) as f64;
    let mut best = (0.0, near);
    for place in 0..=4 * count {
        let fundamental = near - half_bin + step * place as f64;
        let here = power(fundamental)?;
        if here > best.0 {
            best = (here, fundamental);
        }
    }
    let (mut low, mut high) = (best.1 - step, best.1 + step);
    for _ in 0..STEPS {
        let width = GOLDEN * (high - low);
        if power(high - width)? < power(low + width)? {
            low = high - width;
        } else {
            high = low + width;
        }
    }
    Ok(0.5 * (low + high))
}

/// The fundamental of least squares near one that is known to a small part of a bin, and the parts of its lines.
fn fitted(signal: &[f64], near: f64, count: usize) -> Option<(f64, DVector<f64>)> {
    let mut fundamental = near;
    let mut parts = fit(signal, fundamental, count, None)?;
    for _ in 0..ROUNDS {
        let Some(longer) = fit(signal, fundamental, count, Some(&parts)) else { break };
        let change = longer[2 * count + 1] / signal.len() as f64;
        if (fundamental + change - near).abs() > 0.5 / signal.len() as f64 {
            break;
        }
        fundamental += change;
        parts = fit(signal, fundamental, count, None)?;
    }
    Some((fundamental, parts))
}

/// Least squares of a constant, a cosine and a sine at each multiple, and, if `lines` are given, their derivative
/// with respect to the fundamental, over the samples.
fn fit(signal: &[f64], fundamental: f64, count: usize, lines: Option<&DVector<f64>>) -> Option<DVector<f64>> {
    let columns = 2 * count + 1 + usize::from(lines.is_some());
    let (mut normal, mut moments) = (DMatrix::zeros(columns, columns), DVector::zeros(columns));
    let middle = 0.5 * (signal.len() - 1) as f64;
    for (n, x) in signal.iter().enumerate() {
        let mut row = row(fundamental, n, count);
        if let Some(lines) = lines {
            let turned = (1..=count)
                .map(|k| k as f64 * (lines[2 * k] * row[2 * k - 1] - lines[2 * k - 1] * row[2 * k]))
                .sum::<f64>();
            row = row.push(TAU * (n as f64 - middle) / signal.len() as f64 * turned);
        }
        normal.ger(1.0, &row, &row, 1.0);
        moments.axpy(*x, &row, 1.0);
    }
    Some(normal.cholesky()?.solve(&moments))
}

/// 1, then cosine and sine of each multiple, at sample n.
fn row(fundamental: f64, n: usize, count: usize) -> DVector<f64> {
    let turn = TAU * (fundamental * n as f64).fract();
    let lines = (1..=count).flat_map(|k| {
        let (sin, cos) = (k as f64 * turn).sin_cos();
        [cos, sin]
    });
    DVector::from_iterator(2 * count + 1, std::iter::once(1.0).chain(lines))
}
