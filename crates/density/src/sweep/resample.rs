//! A smooth map smoothed further, on other pixels.

use hexad_core::simd::{Kernel, Simd, Vector, dispatch};
use rayon::prelude::*;

use crate::view::Axis;
use crate::{Map, View};

/// Standard deviations beyond which a Gaussian is left out: 6e-13 of its peak.
const REACH: f64 = 7.5;

/// Counts in the pixels of `view` when the pixels of `map` are smoothed with a Gaussian of `sigma` data units.
pub(super) fn resample(map: &Map, view: &View, sigma: [f64; 2]) -> Vec<f64> {
    let from = map.view();
    let (along, down) = (Band::new(&from.x, &view.x, sigma[0]), Band::new(&from.y, &view.y, sigma[1]));
    let (wide, width) = (from.width(), view.width());
    let mut values = vec![0.0; view.pixels()];
    values.par_chunks_mut(width).enumerate().for_each(|(row, out)| {
        let mut line = vec![0.0; wide];
        let (start, weights) = down.of(row);
        dispatch(Down { rows: &map.values()[start * wide..], weights, out: &mut line });
        dispatch(Along { line: &line, band: &along, out });
    });
    values
}

/// For each pixel the first one it is made of, and the weights.
struct Band {
    starts: Vec<usize>,
    weights: Vec<f64>,
    taps: usize,
}

impl Band {
    fn new(from: &Axis, to: &Axis, sigma: f64) -> Self {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "some tens")]
        let taps = ((2.0 * REACH * sigma / from.step).ceil() as usize + 1).min(from.len);
        let scale = to.step / (std::f64::consts::TAU.sqrt() * sigma);
        let (mut starts, mut weights) = (Vec::with_capacity(to.len), Vec::with_capacity(to.len * taps));
        for pixel in 0..to.len {
            let centre = to.centre(pixel);
            let first = ((centre - REACH * sigma - from.centre(0)) / from.step).ceil().max(0.0);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
            let start = (first as usize).min(from.len - taps);
            starts.push(start);
            let weight =
                |index: usize| scale * (-0.5 * ((from.centre(index) - centre) / sigma).powi(2)).exp();
            weights.extend((start..start + taps).map(weight));
        }
        Self { starts, weights, taps }
    }

    fn of(&self, pixel: usize) -> (usize, &[f64]) {
        (self.starts[pixel], &self.weights[pixel * self.taps..(pixel + 1) * self.taps])
    }
}

/// `out = sum_t weights[t] rows[t]`.
struct Down<'a> {
    rows: &'a [f64],
    weights: &'a [f64],
    out: &'a mut [f64],
}

impl Kernel<f64, 4> for Down<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) {
        for (row, weight) in self.rows.chunks_exact(self.out.len()).zip(self.weights) {
            let (out, out_rest) = self.out.as_chunks_mut::<4>();
            let (cells, rest) = row.as_chunks::<4>();
            let factor = simd.splat(*weight);
            for (out, cells) in out.iter_mut().zip(cells) {
                simd.load(cells).mul_add(factor, simd.load(out)).store(out);
            }
            for (out, cell) in out_rest.iter_mut().zip(rest) {
                *out = cell.mul_add(*weight, *out);
            }
        }
    }
}

/// `out[i] = sum_t weights_i[t] line[start_i + t]`.
struct Along<'a> {
    line: &'a [f64],
    band: &'a Band,
    out: &'a mut [f64],
}

impl Kernel<f64, 4> for Along<'_> {
    type Output = ();
    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) {
        for (pixel, out) in self.out.iter_mut().enumerate() {
            let (start, weights) = self.band.of(pixel);
            let (vectors, weights_rest) = weights.as_chunks::<4>();
            let (cells, rest) = self.line[start..start + weights.len()].as_chunks::<4>();
            let mut sum = simd.splat(0.0);
            for (cells, weights) in cells.iter().zip(vectors) {
                sum = simd.load(cells).mul_add(simd.load(weights), sum);
            }
            let mut total = sum.sum();
            for (cell, weight) in rest.iter().zip(weights_rest) {
                total = cell.mul_add(*weight, total);
            }
            *out = total;
        }
    }
}
