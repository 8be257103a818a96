//! The program of the question that this crate answers, quirks included.
//!
//! `GaussianFlattenData(x, y, reach, sigma, phi, amplitude)` takes for each sample the window from the first
//! index whose x is nearest `x_i - R` up to, **but excluding**, the first index whose x is nearest
//! `x_i + R`, with `R = sigma sqrt(-2 ln reach)`, and weighs it with a Gaussian of the distance in
//! **indices**. So the window is one sample short on its right: a ramp comes out shifted (by -0.096 samples
//! for sigma 10 and reach 0.1), the last sample is never used, and where the window is empty the result is
//! 0. Amplitude and phase cancel. For the definition without these quirks use [`crate::Smoother`] with
//! [`Truncation::Reach`](crate::Truncation::Reach). To the letter it is
//! [`crate::direct::flatten`].

use std::borrow::Cow;

use hexad_core::simd::{Kernel, Simd, Vector, dispatch, dispatch_widest};
use hexad_core::{check_finite, check_fraction, check_length, check_positive};
use rayon::prelude::*;

use crate::uniform::Convolve;
use crate::{InputError, SmoothError};

/// Outputs per task: a fixed partition, though each output stands alone.
const CHUNK: usize = 2048;
/// From so many samples with the same window on, they are convolved.
const SHORTEST_RUN: usize = 8;

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
    let places = Places::new(x);
    let mut out = vec![0.0; x.len()];
    out.par_chunks_mut(CHUNK).zip(x.par_chunks(CHUNK)).enumerate().for_each_init(
        Vec::new,
        |windows, (chunk, (out, centers))| {
            places.windows(centers, radius, windows);
            flatten_chunk(y, chunk * CHUNK, windows, sigma, out);
        },
    );
    Ok(out)
}

/// The outputs of the samples from `i` on, given their windows.
fn flatten_chunk(y: &[f64], mut i: usize, mut windows: &[(usize, usize)], sigma: f64, mut out: &mut [f64]) {
    let longest = windows.iter().map(|(start, end)| end - start).max().unwrap_or(0);
    // Weights of index distances -longest..=longest: each window reads a stretch of them.
    let mut table = vec![0.0; 2 * longest + 1];
    for (place, weight) in table.iter_mut().enumerate() {
        let u = (place as f64 - longest as f64) / sigma;
        *weight = (-0.5 * u * u).exp();
    }
    while let Some(&(start, end)) = windows.first() {
        // The window lies within its own length of i, or of the nearest end of the data.
        let first = (start + longest).checked_sub(i);
        let weights = first.and_then(|first| table.get(first..first + (end - start)));
        let run = if weights.is_some() { run_len(windows) } else { 1 };
        let (own, rest) = out.split_at_mut(run);
        match weights {
            Some(weights) if run > 1 => {
                let y = &y[start..end + run - 1];
                dispatch_widest(Convolve { taps: weights, input: y, offset: 0.0, out: own });
                let total: f64 = weights.iter().sum();
                own.iter_mut().for_each(|out| *out /= total);
            }
            Some(weights) => own[0] = dispatch(WeightedMean { weights, y: &y[start..end] }),
            None => own[0] = weighted_mean(&y[start..end], start, i, sigma),
        }
        (out, windows, i) = (rest, &windows[run..], i + run);
    }
}

/// How many of the first samples have the same window as seen from themselves, which makes their sums a
/// convolution: at even x almost all. One if they are too few to pay.
fn run_len(windows: &[(usize, usize)]) -> usize {
    let (start, end) = windows[0];
    let same = |(step, window): &(usize, &(usize, usize))| **window == (start + step, end + step);
    let run = windows.iter().enumerate().take_while(same).count();
    if run < SHORTEST_RUN || start == end { 1 } else { run }
}

/// Half-width of the window in x.
pub(crate) fn check(
    x: &[f64],
    y: &[f64],
    reach: f64,
    sigma: f64,
    phi: f64,
    amplitude: f64,
) -> Result<f64, SmoothError> {
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
fn check_amplitude(phi: f64, amplitude: f64) -> Result<(), SmoothError> {
    let peak = amplitude * phi.cos();
    // cos(pi / 2) is 6e-17 in double precision; no phase that is meant to pass comes this close to 0.
    if !peak.is_finite() || peak == 0.0 || phi.cos().abs() < 1e-15 {
        return Err(SmoothError::NoAmplitude { amplitude, phi });
    }
    Ok(())
}

/// First index whose x is nearest `target`.
pub(crate) fn nearest(x: &[f64], target: f64) -> usize {
    let mut best = 0;
    for (index, value) in x.iter().enumerate() {
        if (value - target).abs() < (x[best] - target).abs() {
            best = index;
        }
    }
    best
}

/// The distinct values of rising x, and where each stands first.
struct Places<'a> {
    values: Cow<'a, [f64]>,
    /// Empty if every value stands once.
    first: Vec<usize>,
}

impl<'a> Places<'a> {
    fn new(x: &'a [f64]) -> Self {
        if x.windows(2).all(|pair| pair[0] < pair[1]) {
            return Self { values: Cow::Borrowed(x), first: Vec::new() };
        }
        let first: Vec<usize> = (0..x.len()).filter(|&i| i == 0 || x[i - 1] != x[i]).collect();
        Self { values: first.iter().map(|&i| x[i]).collect(), first }
    }

    /// For each of the rising centers the window `start..end`. Both ends only ever move on.
    fn windows(&self, centers: &[f64], radius: f64, windows: &mut Vec<(usize, usize)>) {
        let (mut left, mut right) = (self.nearest(centers[0] - radius), self.nearest(centers[0] + radius));
        windows.clear();
        for center in centers {
            left = self.nearest_from(left, center - radius);
            right = self.nearest_from(right, center + radius);
            let (start, end) = (self.index(left), self.index(right));
            windows.push((start, end.max(start)));
        }
    }

    fn index(&self, place: usize) -> usize {
        if self.first.is_empty() { place } else { self.first[place] }
    }

    /// Place of the first value nearest `target`.
    fn nearest(&self, target: f64) -> usize {
        let values = &self.values;
        let mut place = values.partition_point(|value| *value < target).min(values.len() - 1);
        while place > 0 && (values[place - 1] - target).abs() <= (values[place] - target).abs() {
            place -= 1;
        }
        place
    }

    /// The same, known not to be before `place`.
    fn nearest_from(&self, mut place: usize, target: f64) -> usize {
        let mut shortest = (self.values[place] - target).abs();
        // Rounding may make neighbours equally far, so the search goes on through ties.
        for (next, value) in self.values.iter().enumerate().skip(place + 1) {
            let distance = (value - target).abs();
            if distance > shortest {
                break;
            }
            if distance < shortest {
                (place, shortest) = (next, distance);
            }
        }
        place
    }
}

pub(crate) fn weighted_mean(y: &[f64], start: usize, i: usize, sigma: f64) -> f64 {
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
    use crate::direct;
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
                    let literal = direct::flatten(x, &y, reach, sigma, 0.0, 1.0).unwrap();
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
