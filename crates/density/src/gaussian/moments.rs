//! Points as moments of their cells: one line of the cache a point, whatever the spline.
//!
//! With t and u from -1 to 1 across a cell, each point adds the Legendre products `P_i(t) P_j(u)`, `i + j <= 4`, to
//! its cell; their sums later become the nodes' shares. That is the spline's deposit but for its part beyond degree
//! 4, which the pitch of the grid makes small. The products are rounded to 2^-20 and summed as integers: no order
//! changes them. The first, the number of points, is exact, and it alone is mass.

mod deposit;
mod spread;
mod sums;

use hexad_core::Workspace;
use hexad_core::simd::dispatch_widest;

use super::axis::GridAxis;
use super::deposit::Side;
use super::spline::{self, LANES};
use crate::{Points, Tally, View};
use spread::Spread;
pub(crate) use sums::Moments;

/// Highest degree of a product.
const DEGREE: usize = 4;
/// Products of a cell: the number of points, 14 more, and one that is not used. Those with the same j stand
/// together: 1 and `P_1(t)` to `P_4(t)`, then those times `P_1(u)`, up to `P_4(u)` alone.
const PRODUCTS: usize = 16;
/// Units of a product in 1.
const UNIT: f64 = 1_048_576.0;

/// Where points go, and what becomes of their moments.
#[derive(Debug, Clone)]
pub(crate) struct Cells {
    x: Side,
    y: Side,
    columns: usize,
    count: usize,
    degree: usize,
    stride: usize,
    /// For each degree of a product the nodes' shares.
    shares: [[f64; LANES]; DEGREE + 1],
}

impl Cells {
    pub fn new(view: &View, x: &GridAxis, y: &GridAxis, degree: usize) -> Self {
        let (columns, rows) = (x.nodes - degree, y.nodes - degree);
        Self {
            x: Side::new(x, &view.x, degree),
            y: Side::new(y, &view.y, degree),
            columns,
            count: columns * rows,
            degree,
            stride: x.padded(),
            shares: shares(degree),
        }
    }

    /// Adds points to `moments`; returns what became of them.
    pub fn add(&self, points: &Points<'_>, moments: &mut Moments) -> Tally {
        deposit::add(self, points, moments)
    }

    /// Number of cells.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Adds what `moments` holds to the nodes of `grid`.
    pub fn spread(&self, moments: &Moments, workspace: &mut Workspace<f64>, grid: &mut [f64]) {
        if moments.used().is_empty() {
            return;
        }
        let [shifted] = workspace.fields([LANES + (DEGREE + 1) * (self.degree + 1) * self.stride]);
        shifted.fill(0.0);
        dispatch_widest(Spread { cells: self, moments, shifted, grid });
    }
}

/// For each degree of a Legendre polynomial across a cell its part of the spline's weights.
fn shares(degree: usize) -> [[f64; LANES]; DEGREE + 1] {
    let weights = spline::weights(degree);
    let mut shares = [[0.0; LANES]; DEGREE + 1];
    // P_i(2 f - 1) = sum_k (-1)^(i+k) binomial(i, k) binomial(i + k, k) f^k
    let mut factors = [[0.0; DEGREE + 1]; DEGREE + 1];
    for (i, factors) in factors.iter_mut().enumerate() {
        factors[0] = if i % 2 == 0 { 1.0 } else { -1.0 };
        for k in 0..i {
            factors[k + 1] = -factors[k] * ((i - k) * (i + k + 1)) as f64 / ((k + 1) * (k + 1)) as f64;
        }
    }
    for (i, share) in shares.iter_mut().enumerate() {
        for (power, weights) in weights.iter().enumerate().take(degree + 1) {
            let overlap: f64 = (0..=i).map(|k| factors[i][k] / (power + k + 1) as f64).sum();
            let scale = (2 * i + 1) as f64 * overlap;
            share.iter_mut().zip(weights).for_each(|(share, weight)| *share += scale * weight);
        }
    }
    shares
}
