//! The program of the question that this crate answers, quirks included.
//!
//! `GaussianFlattenData(x, y, reach, sigma, phi, amplitude)` takes for each sample the window from the first
//! index whose x is nearest `x_i - R` up to, **but excluding**, the first index whose x is nearest
//! `x_i + R`, with `R = sigma sqrt(-2 ln reach)`, and weighs it with a Gaussian of the distance in
//! **indices**. So the window is one sample short on its right: a ramp comes out shifted (by -0.096 samples
//! for sigma 10 and reach 0.1), the last sample is never used, and where the window is empty the result is
//! 0. Amplitude and phase cancel. For the definition without these quirks use [`crate::Smoother`] with
//! [`Truncation::Reach`](crate::Truncation::Reach).

use hexad_core::simd::{Kernel, Simd, Vector, dispatch};
use hexad_core::{check_finite, check_fraction, check_length, check_positive};
use rayon::prelude::*;

use crate::{InputError, SmoothError};

/// Outputs per task: a fixed partition, though each output stands alone.
const CHUNK: usize = 2048;

/// The question's program, in time proportional to samples times window.
///
/// `x` must be rising. Every sample that is in a window must be finite; NaN spreads to the outputs whose
/// window holds it, as in the program.
///
/// # Errors
///
/// [`SmoothError`] if the lengths differ, x is not finite or not rising, sigma or reach is out of range, or
/// `amplitude * cos(phi)` is 0 or not finite.
pub fn flatten(
    x: &[f64],
    y: &[f64],
    reach: f64,
    sigma: f64,
    phi: f64,
    amplitude: f64,
) -> Result<Vec<f64>, SmoothError> {
    let radius = check(x, y, reach, sigma, phi, amplitude)?;
    let windows = windows(x, radius);
    let longest = windows.iter().map(|(start, end)| end - start).max().unwrap_or(0);
    // Weights of index distances -longest..=longest: each window reads a stretch of them.
    let weight = |d: usize| {
        let u = (d as f64 - longest as f64) / sigma;
        (-0.5 * u * u).exp()
    };
    let table: Vec<f64> = (0..=2 * longest).map(weight).collect();
    let mut out = vec![0.0; x.len()];
    out.par_chunks_mut(CHUNK).enumerate().for_each(|(chunk, out)| {
        for (place, out) in out.iter_mut().enumerate() {
            let i = chunk * CHUNK + place;
            let (start, end) = windows[i];
            // The window lies within its own length of i, or of the nearest end of the data.
            let Some(first) =
                (start + longest).checked_sub(i).filter(|first| first + (end - start) <= table.len())
            else {
                *out = weighted_mean(&y[start..end], start, i, sigma);
                continue;
            };
            *out =
                dispatch(WeightedMean { weights: &table[first..first + (end - start)], y: &y[start..end] });
        }
    });
    Ok(out)
}

/// The question's program to the letter: linear searches, loops and all.
///
/// # Errors
///
/// As [`flatten`].
pub fn flatten_direct(
    x: &[f64],
    y: &[f64],
    reach: f64,
    sigma: f64,
    phi: f64,
    amplitude: f64,
) -> Result<Vec<f64>, SmoothError> {
    let radius = check(x, y, reach, sigma, phi, amplitude)?;
    let out = (0..x.len()).map(|i| {
        let start = nearest(x, x[i] - radius);
        let end = nearest(x, x[i] + radius);
        weighted_mean(&y[start..end.max(start)], start, i, sigma)
    });
    Ok(out.collect())
}

/// Half-width of the window in x.
fn check(x: &[f64], y: &[f64], reach: f64, sigma: f64, phi: f64, amplitude: f64) -> Result<f64, SmoothError> {
    check_finite("x", x)?;
    check_length("y", y.len(), x.len())?;
    if x.is_empty() {
        return Err(InputError::TooFew { argument: "x", needed: 1, got: 0 }.into());
    }
    if let Some(place) = x.windows(2).position(|pair| pair[1] < pair[0]) {
        let (index, value) = (place + 1, x[place + 1]);
        return Err(InputError::ElementOutOfRange { argument: "x", index, value, allowed: "rising" }.into());
    }
    check_positive("sigma", sigma)?;
    check_fraction("reach", reach)?;
    check_amplitude(phi, amplitude)?;
    Ok(sigma * (-2.0 * reach.ln()).sqrt())
}

/// Refuses a kernel whose every weight is 0 or not a number: `amplitude * cos(phi)` is the peak, and
/// cancels otherwise.
///
/// # Errors
///
/// [`SmoothError::NoAmplitude`].
pub fn check_amplitude(phi: f64, amplitude: f64) -> Result<(), SmoothError> {
    let peak = amplitude * phi.cos();
    // cos(pi / 2) is 6e-17 in double precision; no phase that is meant to pass comes this close to 0.
    if !peak.is_finite() || peak == 0.0 || phi.cos().abs() < 1e-15 {
        return Err(SmoothError::NoAmplitude { amplitude, phi });
    }
    Ok(())
}

/// First index whose x is nearest `target`.
fn nearest(x: &[f64], target: f64) -> usize {
    let mut best = 0;
    for (index, value) in x.iter().enumerate() {
        if (value - target).abs() < (x[best] - target).abs() {
            best = index;
        }
    }
    best
}

/// For each sample the window `start..end`. Samples rise, so both ends only ever move on.
fn windows(x: &[f64], radius: f64) -> Vec<(usize, usize)> {
    let mut distinct = Vec::with_capacity(x.len());
    for (index, &value) in x.iter().enumerate() {
        if distinct.last().is_none_or(|&(_, last)| last != value) {
            distinct.push((index, value));
        }
    }
    let (mut left, mut right) = (0, 0);
    let window = |&center: &f64| {
        left = nearest_from(&distinct, left, center - radius);
        right = nearest_from(&distinct, right, center + radius);
        let (start, end) = (distinct[left].0, distinct[right].0);
        (start, end.max(start))
    };
    x.iter().map(window).collect()
}

/// Place of the first value nearest `target`, which is not before `place`.
fn nearest_from(distinct: &[(usize, f64)], place: usize, target: f64) -> usize {
    let mut best = place;
    // Rounding may make neighbours equally far, so the search goes on through ties.
    for (next, (_, value)) in distinct.iter().enumerate().skip(place + 1) {
        let (distance, shortest) = ((value - target).abs(), (distinct[best].1 - target).abs());
        if distance > shortest {
            break;
        }
        if distance < shortest {
            best = next;
        }
    }
    best
}

fn weighted_mean(y: &[f64], start: usize, i: usize, sigma: f64) -> f64 {
    let (mut sum, mut total) = (0.0, 0.0);
    for (j, y) in (start..).zip(y) {
        let u = (j as f64 - i as f64) / sigma;
        let weight = (-0.5 * u * u).exp();
        sum += weight * y;
        total += weight;
    }
    if total > 0.0 { sum / total } else { 0.0 }
}

struct WeightedMean<'a> {
    weights: &'a [f64],
    y: &'a [f64],
}

impl Kernel<f64, 4> for WeightedMean<'_> {
    type Output = f64;
    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) -> f64 {
        let (weights, weights_rest) = self.weights.as_chunks::<4>();
        let (y, y_rest) = self.y.as_chunks::<4>();
        let (mut sums, mut totals) = (simd.splat(0.0), simd.splat(0.0));
        for (weight, y) in weights.iter().zip(y) {
            let weight = simd.load(weight);
            sums = simd.load(y).mul_add(weight, sums);
            totals = totals + weight;
        }
        let (mut sum, mut total) = (sums.sum(), totals.sum());
        for (weight, y) in weights_rest.iter().zip(y_rest) {
            sum = y.mul_add(*weight, sum);
            total += weight;
        }
        if total > 0.0 { sum / total } else { 0.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexad_testkit::{Random, assert_close};

    #[test]
    fn fast_and_literal_agree() {
        let mut random = Random::new(11);
        for n in [1, 2, 3, 50, 1000] {
            let even: Vec<f64> = (0..n).map(f64::from).collect();
            let mut uneven = random.vector(usize::try_from(n).unwrap(), 0.0, 30.0);
            uneven.sort_by(f64::total_cmp);
            let duplicated: Vec<f64> = (0..n).map(|i| f64::from(i / 3)).collect();
            let y = random.vector(usize::try_from(n).unwrap(), -4.0, 4.0);
            for x in [&even, &uneven, &duplicated] {
                for (reach, sigma) in [(0.1, 10.0), (0.001, 10.0), (0.9, 0.3), (1e-10, 100.0), (0.5, 1e-3)] {
                    let fast = flatten(x, &y, reach, sigma, 0.0, 1.0).unwrap();
                    let literal = flatten_direct(x, &y, reach, sigma, 0.0, 1.0).unwrap();
                    assert_close(&fast, &literal, 4e-14);
                }
            }
        }
    }

    #[test]
    fn the_quirks_are_kept() {
        let x: Vec<f64> = (0..200).map(f64::from).collect();
        let ramp = flatten(&x, &x, 0.1, 10.0, 0.0, 1.0).unwrap();
        // Interior: window i - 21 .. i + 21 without its right end.
        let shift = ramp[100] - 100.0;
        assert!((shift + 0.0958).abs() < 5e-4, "{shift}");
        let mut last = x.clone();
        last[199] = 1e9;
        assert_eq!(flatten(&x, &last, 0.1, 10.0, 0.0, 1.0).unwrap(), ramp);
        assert_eq!(flatten(&[3.0], &[7.0], 0.1, 10.0, 0.0, 1.0).unwrap(), [0.0]);
        assert_eq!(flatten(&x, &x, 0.1, 1e-3, 0.0, 1.0).unwrap(), vec![0.0; 200]);
        let turned = flatten(&x, &x, 0.1, 10.0, std::f64::consts::PI, -3.0).unwrap();
        assert_eq!(turned, ramp);
    }

    #[test]
    fn bad_input_is_named() {
        let message = |x: &[f64], y: &[f64], reach, sigma, phi, amplitude| {
            flatten(x, y, reach, sigma, phi, amplitude).unwrap_err().to_string()
        };
        assert_eq!(message(&[0.0, 1.0], &[1.0], 0.1, 1.0, 0.0, 1.0), "y must have 2 elements, got 1");
        assert_eq!(message(&[1.0, 0.0], &[1.0; 2], 0.1, 1.0, 0.0, 1.0), "x[1] must be rising, got 0");
        assert!(message(&[0.0], &[1.0], 1.0, 1.0, 0.0, 1.0).starts_with("reach must be between 0 and 1"));
        assert!(message(&[0.0], &[1.0], 0.1, 1.0, std::f64::consts::FRAC_PI_2, 1.0).contains("cos(phi)"));
        assert!(message(&[0.0], &[1.0], 0.1, 1.0, 0.0, 0.0).contains("amplitude 0"));
        assert!(message(&[0.0], &[1.0], 0.1, -1.0, 0.0, 1.0).starts_with("sigma must be finite and > 0"));
    }
}
