//! The filter of the cells.

use std::f64::consts::TAU;

use hexad_core::{Complex64, InputError, RealFft};

use super::Grid;
use crate::uniform::shape::Shape;

/// Beyond this many sigmas of frequency the Gaussian is below 1e-26 of its peak.
const INVISIBLE: f64 = 11.0;
/// Up to this block the window's gain is summed over its taps; from there on its integral is as good.
const LARGEST_SUMMED_BLOCK: usize = 12;

impl Grid {
    /// Taps of the coarse filter for `shape`, `2 reach + 1` of them; the Gaussian's sum to `total`.
    pub fn coarse_taps(&self, shape: Shape, total: f64) -> Result<Vec<f64>, InputError> {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "sigma is bounded by the radius"
        )]
        let widest = (8.6 * self.q).ceil() as usize + 2;
        let size = (4 * widest).next_power_of_two().max(512);
        let fft = RealFft::new(size)?;
        let mut spectrum = vec![Complex64::default(); fft.spectrum_len()];
        let sigma = self.q * self.block as f64;
        let half = self.half_window();
        for (bin, value) in spectrum.iter_mut().enumerate() {
            let theta = TAU * bin as f64 / size as f64;
            if self.q * theta > INVISIBLE {
                break;
            }
            let (mut top, mut bottom) = (0.0, 0.0);
            // The nearest image is the only one that matters.
            for theta in [theta, theta - TAU] {
                let gain = self.gain(theta, &half).powi(2);
                top += shape.spectrum(self.q * theta, sigma) * gain;
                bottom += gain;
            }
            let height = total * self.block as f64 * top / (bottom * bottom) / size as f64;
            *value = if shape.is_odd() { Complex64::new(0.0, -height) } else { Complex64::new(height, 0.0) };
        }
        let mut taps = vec![0.0; size];
        let mut scratch = vec![Complex64::default(); fft.scratch_len()];
        fft.inverse(&mut spectrum, &mut taps, &mut scratch)?;
        let reach = reach_of(&taps[..=widest], self.window.error);
        let mirrored = if shape.is_odd() { -1.0 } else { 1.0 };
        let left = taps[1..=reach].iter().rev().map(|tap| mirrored * tap);
        Ok(left.chain(taps[..=reach].iter().copied()).collect())
    }

    /// The places of the samples that a cell gathers, on one side of it, and the window there, twice for
    /// the two sides, if the block is small.
    fn half_window(&self) -> Vec<(f64, f64)> {
        if self.block > LARGEST_SUMMED_BLOCK {
            return Vec::new();
        }
        let len = self.window.width * self.block;
        // An odd number of samples has one in the middle.
        let places = (len / 2..len).map(|sample| self.place(sample));
        places.map(|place| (place, if place == 0.0 { 1.0 } else { 2.0 * self.at(place) })).collect()
    }

    /// `sum_k phi(t_k) cos(theta t_k)` over the samples that a cell gathers.
    fn gain(&self, theta: f64, half_window: &[(f64, f64)]) -> f64 {
        if !half_window.is_empty() {
            return half_window.iter().map(|(place, height)| height * (theta * place).cos()).sum();
        }
        let (width, beta) = (self.window.width as f64, self.window.beta);
        let square = beta * beta - (width * theta / 2.0).powi(2);
        let root = square.abs().sqrt();
        let shape = if root < 1e-4 {
            1.0
        } else if square > 0.0 {
            root.sinh() / root
        } else {
            root.sin() / root
        };
        self.block as f64 * width * shape / self.peak
    }
}

/// How far out taps matter: what lies beyond is below a tenth of `error` of the sum.
fn reach_of(taps: &[f64], error: f64) -> usize {
    let total: f64 = taps.iter().map(|tap| tap.abs()).sum();
    let mut beyond = 0.0;
    for (place, tap) in taps.iter().enumerate().rev() {
        beyond += tap.abs();
        if beyond > 0.1 * error * total {
            return place;
        }
    }
    0
}

impl Shape {
    /// `sum_d taps(d) e^(i omega d)`, or that over `i` for an odd shape, at `v = sigma omega`, sigma in
    /// samples: the transforms of the Gaussian and its moments, which sampling leaves as they are to
    /// `exp(-2 pi^2 sigma^2)`.
    fn spectrum(self, v: f64, sigma: f64) -> f64 {
        let gauss = (-0.5 * v * v).exp();
        match self {
            Shape::Moment(0) | Shape::Derivative(0) => gauss,
            Shape::Moment(1) => v * gauss,
            Shape::Moment(2) => (1.0 - v * v) * gauss,
            Shape::Moment(_) => f64::NAN,
            Shape::Derivative(1) => v * gauss / sigma,
            Shape::Derivative(2) => -v * v * gauss / (sigma * sigma),
            Shape::Derivative(_) => -v * v * v * gauss / (sigma * sigma * sigma),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_shapes_have_odd_taps() {
        let grid = Grid::choose(30.0, 1e-9, &[4]).unwrap();
        let taps = grid.coarse_taps(Shape::Moment(1), 1.0).unwrap();
        for (a, b) in taps.iter().zip(taps.iter().rev()) {
            assert_eq!(*a, -b);
        }
    }
}
