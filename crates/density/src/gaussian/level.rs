//! How fine the grid is and how the map is read from it, for each tolerance.
//!
//! Points are shared among the nodes of a grid by B-splines; a pixel is a sum over nodes with the weights that
//! come nearest to the Gaussian for points anywhere, in the mean square: with the grid's pitch as unit,
//! `H^(w) = G^(w) B^(w) / sum_k b(k) cos(k w)`, b the spline of degree 2 p + 1 at whole numbers. H depends on
//! sigma over pitch alone: one table for every sigma and every view.
//!
//! Where pixels are many times more than nodes, the nodes are smoothed first, and pixels are read from a spline
//! through the few nodes around them. What the nodes are smoothed with follows from H in the same way.

use std::f64::consts::{PI, TAU};
use std::sync::OnceLock;

use hexad_core::simd::{Kernel, Simd, Vector, dispatch, dispatch_eight, has_eight_lanes};

use super::spline::{self, LANES};

/// Places within a cell where H is sampled; between them it is the polynomial through the samples.
pub(crate) const ORDER: usize = 13;

/// One way to make a map.
#[derive(Debug)]
pub(crate) struct Level {
    /// Largest error, of a lone point, relative to its peak.
    pub error: f64,
    /// Degree of the spline.
    pub degree: usize,
    /// Sigma over the pitch of the grid.
    pub sigma: f64,
    /// Nodes on either side of a pixel.
    pub reach: usize,
    /// Whether nodes are smoothed first.
    in_two: bool,
    table: OnceLock<Table>,
}

/// Weights of the nodes around a pixel, as polynomials of its place between two of them.
#[derive(Debug)]
pub(crate) struct Table {
    /// Nodes on either side of the pixel.
    pub reach: usize,
    /// What nodes are smoothed with before pixels are read from them, if they are: its sum is 1.
    pub on_nodes: Option<Vec<f64>>,
    /// For each power of `2 fraction - 1` its coefficients for all taps, in whole vectors.
    rows: Vec<f64>,
}

const fn level(error: f64, degree: usize, sigma: f64, reach: usize) -> Level {
    Level { error, degree, sigma, reach, in_two: false, table: OnceLock::new() }
}

const fn in_two(error: f64, degree: usize, sigma: f64, reach: usize) -> Level {
    Level { error, degree, sigma, reach, in_two: true, table: OnceLock::new() }
}

/// Degree of the spline that pixels are read from, and the nodes on either side that it needs.
const BETWEEN: usize = 7;
const BETWEEN_REACH: usize = BETWEEN.div_ceil(2);

/// From coarse to fine. The errors are measured over all places of a lone point (see the tests of `gaussian`).
static LEVELS: [Level; 8] = [
    level(1e-3, 3, 2.0, 8),
    level(1e-4, 5, 2.0, 10),
    level(1e-5, 5, 2.5, 13),
    level(1e-6, 7, 2.5, 14),
    level(1e-7, 7, 3.0, 18),
    level(1e-8, 7, 4.0, 25),
    level(1e-9, 7, 6.0, 40),
    level(1e-10, 7, 8.0, 56),
];

/// Where points go by moments: the part of the spline that these leave out asks for a finer grid.
static BY_MOMENTS: [Level; 3] =
    [in_two(1e-3, 3, 2.0, 11), in_two(1e-4, 5, 2.0, 11), in_two(1e-5, 5, 3.0, 17)];

impl Level {
    /// The coarsest within `tolerance` where points go by moments, if there is one.
    pub fn by_moments(tolerance: f64) -> Option<&'static Self> {
        BY_MOMENTS.iter().find(|level| level.error <= tolerance)
    }

    /// The coarsest within `tolerance`, or the finest.
    pub fn for_tolerance(tolerance: f64) -> &'static Self {
        LEVELS.iter().find(|level| level.error <= tolerance).unwrap_or(&LEVELS[LEVELS.len() - 1])
    }

    /// The weights by which pixels are read.
    pub fn table(&self) -> &Table {
        self.table.get_or_init(|| {
            let kernel = Spectrum::new(self);
            if self.in_two {
                Table { on_nodes: Some(self.on_nodes(&kernel)), ..Table::new(BETWEEN_REACH, between) }
            } else {
                Table::new(self.reach, |x| kernel.at(x))
            }
        })
    }

    fn on_nodes(&self, kernel: &Spectrum) -> Vec<f64> {
        let reach = self.reach - BETWEEN_REACH;
        let weights: Vec<f64> = (0..=2 * reach).map(|tap| kernel.at(tap as f64 - reach as f64)).collect();
        let sum: f64 = weights.iter().sum();
        weights.iter().map(|weight| weight / sum).collect()
    }
}

impl Table {
    fn new(reach: usize, kernel: impl Fn(f64) -> f64) -> Self {
        let mut table = Self { reach, on_nodes: None, rows: Vec::new() };
        table.rows = table.polynomials(&table.chebyshev(kernel));
        table
    }

    /// Nodes that a pixel is a sum of.
    pub fn taps(&self) -> usize {
        2 * self.reach
    }

    /// Writes for each pixel, at its fraction of a cell, the weights of the nodes from `reach - 1` below the
    /// cell on, times `scale`.
    pub fn weights_into(&self, fractions: &[f64], scale: f64, weights: &mut [f64]) {
        let horner = Horner { table: &self.rows, taps: self.taps(), fractions, scale, weights };
        if has_eight_lanes() { dispatch_eight(horner) } else { dispatch::<f64, 4, _>(horner) }
    }

    fn polynomials(&self, chebyshev: &[f64]) -> Vec<f64> {
        let taps = self.taps();
        let padded = taps.next_multiple_of(LANES);
        let mut table = vec![0.0; ORDER * padded];
        // The powers of the Chebyshev polynomials, from the recursion T_(n+1) = 2 z T_n - T_(n-1).
        let (mut before, mut own) = ([0.0; ORDER], [0.0; ORDER]);
        own[0] = 1.0;
        for (degree, coefficients) in chebyshev.chunks_exact(taps).enumerate() {
            for (power, row) in table.chunks_exact_mut(padded).enumerate() {
                row.iter_mut().zip(coefficients).for_each(|(sum, value)| *sum += own[power] * value);
            }
            let doubled = if degree == 0 { 1.0 } else { 2.0 };
            let mut next = [0.0; ORDER];
            for power in 0..ORDER {
                let risen = if power > 0 { own[power - 1] } else { 0.0 };
                next[power] = doubled * risen - if degree == 0 { 0.0 } else { before[power] };
            }
            (before, own) = (own, next);
        }
        table
    }

    /// For each polynomial its coefficients for all taps.
    fn chebyshev(&self, kernel: impl Fn(f64) -> f64) -> Vec<f64> {
        let taps = self.taps();
        let angle = |node: usize| PI * (node as f64 + 0.5) / ORDER as f64;
        let mut table = vec![0.0; ORDER * taps];
        for node in 0..ORDER {
            let fraction = 0.5 + 0.5 * angle(node).cos();
            for tap in 0..taps {
                let value = kernel(fraction + self.reach as f64 - 1.0 - tap as f64);
                for power in 0..ORDER {
                    let share = if power == 0 { 1.0 } else { 2.0 } / ORDER as f64;
                    table[power * taps + tap] += share * value * (power as f64 * angle(node)).cos();
                }
            }
        }
        table
    }
}

/// The spline that pixels are read from, `x` nodes from its middle.
fn between(x: f64) -> f64 {
    let fraction = x - x.floor();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the spline has that many nodes"
    )]
    let node = (BETWEEN_REACH as f64 - 1.0 - x.floor()) as usize;
    spline::weights(BETWEEN).iter().rev().fold(0.0, |sum, row| sum * fraction + row[node])
}

struct Horner<'a> {
    table: &'a [f64],
    taps: usize,
    fractions: &'a [f64],
    scale: f64,
    weights: &'a mut [f64],
}

macro_rules! horner {
    ($lanes:literal) => {
        impl Kernel<f64, $lanes> for Horner<'_> {
            type Output = ();
            #[inline(always)]
            fn run<S: Simd<f64, $lanes>>(self, simd: S) {
                self.all(simd);
            }
        }
    };
}
horner!(4);
horner!(8);

impl Horner<'_> {
    #[inline(always)]
    fn all<S: Simd<f64, L>, const L: usize>(self, simd: S) {
        let padded = self.taps.next_multiple_of(LANES);
        for (fraction, weights) in self.fractions.iter().zip(self.weights.chunks_exact_mut(self.taps)) {
            let place = simd.splat(2.0 * fraction - 1.0);
            for tap in (0..self.taps).step_by(L) {
                let mut sum = simd.splat(0.0);
                for power in (0..ORDER).rev() {
                    let (row, _) = self.table[power * padded + tap..][..L].as_chunks::<L>();
                    sum = sum.mul_add(place, simd.load(&row[0]));
                }
                let mut lanes = [0.0; L];
                (sum * simd.splat(self.scale)).store(&mut lanes);
                let some = L.min(self.taps - tap);
                weights[tap..tap + some].copy_from_slice(&lanes[..some]);
            }
        }
    }
}

/// H by its spectrum, sampled: a Gaussian is nothing beyond nine of its widths in either domain.
struct Spectrum {
    step: f64,
    samples: Vec<f64>,
}

impl Spectrum {
    fn new(level: &Level) -> Self {
        let step = TAU / (level.reach as f64 + 9.0 * level.sigma + 30.0);
        let spread = BestWeights::new(level.degree);
        let read = level.in_two.then(|| BestWeights::new(BETWEEN));
        let sample = |index: usize| {
            let w = index as f64 * step;
            let gauss = (-0.5 * (level.sigma * w).powi(2)).exp();
            let both_signs = if index == 0 { 1.0 } else { 2.0 };
            let splines = spread.at(w) * read.as_ref().map_or(1.0, |read| read.at(w));
            both_signs * gauss * splines * step / TAU
        };
        let count = (9.0 / (level.sigma * step)).ceil();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hundred")]
        let samples = (0..=count as usize).map(sample).collect();
        Self { step, samples }
    }

    fn at(&self, x: f64) -> f64 {
        self.samples
            .iter()
            .enumerate()
            .map(|(index, value)| value * (index as f64 * self.step * x).cos())
            .sum()
    }
}

/// `B^(w) / sum_k b(k) cos(k w)`: what turns a function into the weights of splines that come nearest to it.
struct BestWeights {
    degree: usize,
    gram: Vec<f64>,
}

impl BestWeights {
    fn new(degree: usize) -> Self {
        Self { degree, gram: spline::at_whole_numbers(2 * degree + 1) }
    }

    fn at(&self, w: f64) -> f64 {
        let power = i32::try_from(self.degree + 1).unwrap_or(i32::MAX);
        let spline = if w == 0.0 { 1.0 } else { ((0.5 * w).sin() / (0.5 * w)).powi(power) };
        let gram = &self.gram;
        let overlap = gram[0] + 2.0 * (1..gram.len()).map(|k| gram[k] * (k as f64 * w).cos()).sum::<f64>();
        spline / overlap
    }
}
