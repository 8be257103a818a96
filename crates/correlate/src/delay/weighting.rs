//! Weights of frequencies for the search of the whole lag.

use super::Weighting;
use super::coherence::{Smoothing, Spectra};
use super::kernels::for_each_phase;

/// Fills the weights of a transform of length `len`. `reference` is the spectrum that Roth's weighting divides by;
/// for maximum likelihood the cross-spectrum is turned back by `lag` before its coherence is taken.
pub(super) fn weigh(
    weighting: Weighting,
    regularization: f64,
    reference: usize,
    lag: i64,
    (smoothing, len): (Smoothing, usize),
    spectra: &mut Spectra,
) {
    match weighting {
        Weighting::None => spectra.weights.fill(1.0),
        Weighting::Phat => {
            for ((weight, re), im) in spectra.weights.iter_mut().zip(&*spectra.re).zip(&*spectra.im) {
                *weight = re.hypot(*im);
            }
            invert(spectra.weights, regularization);
        }
        Weighting::Scot => {
            spectra.smooth(smoothing);
            divide_by_powers(regularization, spectra);
        }
        Weighting::Roth => {
            spectra.smooth(smoothing);
            let powers = if reference == 0 { &*spectra.smooth_xx } else { &*spectra.smooth_yy };
            spectra.weights.copy_from_slice(powers);
            invert(spectra.weights, regularization);
        }
        Weighting::Ml => {
            aligned_smooth(lag, (smoothing, len), spectra);
            spectra.weigh(smoothing, true);
            divide_by_powers(regularization, spectra);
            for (weight, information) in spectra.weights.iter_mut().zip(&*spectra.information) {
                *weight *= *information;
            }
        }
    }
}

/// Smoothed spectra, the cross-spectrum without the turns of `lag`.
fn aligned_smooth(lag: i64, (smoothing, len): (Smoothing, usize), spectra: &mut Spectra) {
    let (re, im, turned) = (&*spectra.re, &*spectra.im, &mut *spectra.weights);
    for_each_phase(lag, len, re.len(), |k, cos, sin| turned[k] = re[k] * cos - im[k] * sin);
    smoothing.apply(spectra.xx, spectra.smooth_xx);
    smoothing.apply(spectra.yy, spectra.smooth_yy);
    smoothing.apply(spectra.weights, spectra.smooth_re);
}

/// Weights `1 / sqrt(G_xx G_yy)`.
fn divide_by_powers(regularization: f64, spectra: &mut Spectra) {
    let powers = spectra.smooth_xx.iter().zip(&*spectra.smooth_yy);
    for (weight, (xx, yy)) in spectra.weights.iter_mut().zip(powers) {
        *weight = (xx.max(0.0) * yy.max(0.0)).sqrt();
    }
    invert(spectra.weights, regularization);
}

/// One over each size, a share of the largest added.
fn invert(sizes: &mut [f64], regularization: f64) {
    let largest = sizes.iter().fold(0.0_f64, |largest, size| largest.max(*size));
    let added = (regularization * largest).max(f64::MIN_POSITIVE);
    for size in sizes {
        *size = 1.0 / (*size + added);
    }
}
