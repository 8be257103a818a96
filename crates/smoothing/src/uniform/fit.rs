//! The least-squares fit: from sums of values and of weights to outputs.

use std::sync::OnceLock;

use hexad_core::Boundary;
use hexad_core::simd::dispatch_widest;

use super::convolver::Convolver;
use super::kernels::Convolve;
use super::source::Source;
use super::{Found, UniformPlan, UniformScratch, moments};
use crate::SmoothError;
use crate::convert::{signed, to_i32};
use crate::fit::{KernelSums, solve};

/// Sums of a fit at most: those of the weights.
const MOST_SUMS: usize = 7;

/// Both convolutions of a fit.
#[derive(Debug, Clone)]
pub(super) struct FitConvolvers {
    /// `T_k`, `k <= degree`.
    pub values: Convolver,
    /// `M_k`, `k <= 2 degree`.
    pub weights: Convolver,
    /// Taps of the moments, for places that are summed directly: made when first needed.
    pub taps: OnceLock<Vec<Vec<f64>>>,
}

impl UniformPlan {
    /// The least-squares fit from all its sums.
    pub(super) fn fit_into(
        &self,
        source: &Source<'_>,
        start: usize,
        len: Option<usize>,
        out: &mut [f64],
        scratch: &mut UniformScratch,
    ) -> Result<Found, SmoothError> {
        let (degree, origin) = (self.options.degree(), signed(start));
        let FitConvolvers { values, weights, taps } = self.fit()?;
        let (value_count, weight_count) = (degree + 1, 2 * degree + 1);
        scratch.sums.resize_with(value_count + weight_count, Vec::new);
        scratch.sums.iter_mut().for_each(|sums| sums.resize(out.len(), 0.0));
        let UniformScratch { convolver, sums, bounds, piece } = scratch;
        let (value_sums, weight_sums) = sums.split_at_mut(value_count);
        let mut outs = as_slices(value_sums);
        let mut complete = true;
        let mut fill = |start: i64, out: &mut [f64]| complete &= source.values(start, out);
        values.run(origin, &mut outs[..value_count], 0.0, &mut fill, convolver)?;

        let mut outs = as_slices(weight_sums);
        let outs = &mut outs[..weight_count];
        if complete && source.weights.is_none() && self.options.boundary == Boundary::Renormalize {
            for (power, sums) in outs.iter_mut().enumerate() {
                for (place, sum) in sums.iter_mut().enumerate() {
                    *sum = self.present(start + place, len, power);
                }
            }
        } else {
            let mut fill = |start: i64, out: &mut [f64]| source.weights(start, out);
            weights.run(origin, outs, 0.0, &mut fill, convolver)?;
        }
        let error = values.error().max(weights.error());
        let error_at = |weights: &[Vec<f64>], place: usize| {
            let moment = |power: usize| weights.get(power).map_or(0.0, |sums| sums[place]);
            error * source.largest_weight * amplification(moment(0), moment(1), moment(2), degree)
        };
        bounds.clear();
        bounds.extend((0..out.len()).map(|place| error_at(weight_sums, place)));
        self.redo_thin_places(source, origin, taps, bounds, sums, piece);
        let (value_sums, weight_sums) = sums.split_at(value_count);

        let mut bound = 0.0_f64;
        let floor = self.options.min_weight * source.largest_weight / self.taps.total;
        for (place, out) in out.iter_mut().enumerate() {
            let mut sums = KernelSums::default();
            for (power, values) in value_sums.iter().enumerate() {
                sums.values[power] = values[place];
            }
            for (power, weights) in weight_sums.iter().enumerate() {
                sums.weights[power] = weights[place];
            }
            let present = sums.weights[0];
            if present < floor || present <= 0.0 {
                *out = f64::NAN;
                continue;
            }
            bound = bound.max(bounds[place]);
            let fitted = solve(&sums, degree, self.options.derivative);
            let offset = if self.options.derivative == 0 { source.offset } else { 0.0 };
            *out = offset + fitted / self.taps.sigma.powi(to_i32(self.options.derivative));
        }
        Ok(Found { bound, complete })
    }

    /// Where few weights are present, the engine's error grows over them: there the sums are taken
    /// directly, and no bound is left.
    fn redo_thin_places(
        &self,
        source: &Source<'_>,
        origin: i64,
        taps: &OnceLock<Vec<Vec<f64>>>,
        bounds: &mut [f64],
        sums: &mut [Vec<f64>],
        piece: &mut Vec<f64>,
    ) {
        let (before, after) = self.taps.reach();
        let (value_sums, weight_sums) = sums.split_at_mut(self.options.degree() + 1);
        let thin = |bound: &f64| *bound > self.options.tolerance;
        let mut at = 0;
        for run in bounds.chunk_by_mut(|a, b| thin(a) == thin(b)) {
            let (place, count) = (at, run.len());
            at += count;
            if !thin(&run[0]) {
                continue;
            }
            run.fill(0.0);
            let taps = taps
                .get_or_init(|| moments(weight_sums.len() - 1).map(|shape| self.taps.of(shape)).collect());
            piece.resize(before + count + after, 0.0);
            let first = origin + signed(place) - signed(before);
            let _ = source.values(first, piece);
            for (taps, sums) in taps.iter().zip(&mut *value_sums) {
                dispatch_widest(Convolve {
                    taps,
                    input: piece,
                    offset: 0.0,
                    out: &mut sums[place..place + count],
                });
            }
            source.weights(first, piece);
            for (taps, sums) in taps.iter().zip(&mut *weight_sums) {
                dispatch_widest(Convolve {
                    taps,
                    input: piece,
                    offset: 0.0,
                    out: &mut sums[place..place + count],
                });
            }
        }
    }
}

/// Error of the fit, relative to the largest |y|, over the error of its sums, relative to the largest sample
/// after the offset is taken off: values and weights are off alike.
fn amplification(m0: f64, m1: f64, m2: f64, degree: usize) -> f64 {
    if degree == 0 {
        return 4.0 / m0.max(f64::MIN_POSITIVE);
    }
    // First moments are off by a few times as much (`moments_and_derivatives_keep_a_multiple_of_it`).
    let determinant = (m0 * m2 - m1 * m1).max(f64::MIN_POSITIVE);
    8.0 * (m2 + 4.0 * m1.abs()) / determinant
}

/// The sums as the convolvers want them.
fn as_slices(sums: &mut [Vec<f64>]) -> [&mut [f64]; MOST_SUMS] {
    let mut slices: [&mut [f64]; MOST_SUMS] = Default::default();
    for (slice, sums) in slices.iter_mut().zip(sums) {
        *slice = sums;
    }
    slices
}
