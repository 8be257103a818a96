//! How wrong the sums of exponentials can be.
//!
//! A sum is wrong by the error of the table times the weights near enough to matter, by round-off, and by
//! what is left of the tails. The fit divides by the sum of weights: where few weights are in reach beside
//! many that are not, its error is large, and the sums are to be made pair by pair.

use std::ops::Range;

use super::Request;
use crate::fit::KernelSums;
use crate::options::Side;
use crate::soe_tables::SoeTable;

/// Samples in a cell, the unit in which masses are looked up.
const CELL: usize = 64;

/// Share of the total mass that covers the round-off of differences.
const CELL_ROUNDING: f64 = 1e-9;

/// Error of a table used on given data.
#[derive(Debug, Clone, Copy)]
pub(super) struct TableError {
    /// Error of a sum per weight within `reach`.
    near: f64,
    /// Error of a sum per unit of the sum of weights: round-off.
    relative: f64,
    /// Error of a sum per weight beyond `reach`.
    far: f64,
    /// Distance, in sigmas.
    reach: f64,
    /// Distance, in sigmas, beyond which exponentials may be taken as 0.
    pub vanishing: f64,
}

impl TableError {
    /// For `count` samples, seen through a kernel cut at `radius` sigmas (or infinity).
    pub fn new(table: &SoeTable, count: usize, radius: f64) -> Self {
        let size: f64 = table.weight_re.iter().zip(table.weight_im).map(|(re, im)| re.hypot(*im)).sum();
        let slowest = table.decay.iter().copied().fold(f64::INFINITY, f64::min);
        // The states, each right to about an ulp of the decayed weights behind it.
        let relative = 2.0 * f64::EPSILON * size;
        // Decayed weights are below the kernel's up to twice the slowest decay.
        let near = table.max_error + relative * (-2.0 * slowest * slowest).exp();
        let tail = if radius.is_finite() { relative } else { size };
        let falls_to = |share: f64| (count as f64 / share).ln() / slowest;
        let reach = falls_to(near / tail).max(if radius.is_finite() { radius } else { 8.0 });
        let vanishing = falls_to(near / size).max(reach);
        Self { near, relative, far: 2.0 * tail * (-slowest * reach).exp(), reach, vanishing }
    }

    /// Largest error of a sum of amounts of which `near` are within reach, `seen` in the sum, `all` in all.
    fn of_sum(&self, near: f64, seen: f64, all: f64) -> f64 {
        self.near * near + self.relative * seen + self.far * all
    }

    /// Error of a mean of evenly dense samples, in units of the largest absolute value: what decides
    /// between tables.
    pub fn typical(&self) -> f64 {
        let share = 2.0 * self.reach / std::f64::consts::TAU.sqrt();
        2.0 * (self.near * share + self.relative)
    }
}

/// What the bound at a target is about.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Verdict {
    /// The fit is wrong by at most this, in units of the largest absolute value.
    Within(f64),
    /// There is certainly too little weight for a fit.
    Nothing,
    /// Nothing can be said.
    Unknown,
}

/// Weights, and weights times absolute values in units of the largest.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mass {
    weights: f64,
    values: f64,
}

/// Turns sums into bounds.
#[derive(Debug)]
pub(super) struct Bounds<'a> {
    request: &'a Request<'a>,
    error: TableError,
    /// What the cells before each hold together.
    masses: Vec<Mass>,
    total: Mass,
    pub largest_value: f64,
}

impl<'a> Bounds<'a> {
    pub fn new(request: &'a Request<'a>, error: TableError) -> Self {
        let count = request.samples.x.len();
        let mut bounds = Self {
            request,
            error,
            masses: Vec::with_capacity(count / CELL + 2),
            total: Mass::default(),
            largest_value: request.largest_value(),
        };
        for start in (0..count).step_by(CELL) {
            bounds.masses.push(bounds.total);
            bounds.total = bounds.total.plus(bounds.mass_of(start..(start + CELL).min(count)));
        }
        bounds.masses.push(bounds.total);
        bounds
    }

    fn mass_of(&self, range: Range<usize>) -> Mass {
        let mut mass = Mass::default();
        for (weight, value) in range.map(|place| self.request.samples.sample(place)) {
            mass.weights += weight;
            mass.values += weight * value.abs();
        }
        Mass { values: mass.values / self.largest_value, ..mass }
    }

    /// At least the mass that can be wrongly counted at the targets from `first` to `last`.
    pub fn mass(&self, first: f64, last: f64) -> Mass {
        let x = self.request.samples.x;
        let reach = self.error.reach * self.request.kernel.sigma();
        let start = x.partition_point(|&x| x < first - reach);
        let end = match self.request.side {
            Side::Both => x.partition_point(|&x| x <= last + reach),
            Side::Past => x.partition_point(|&x| x <= last),
        };
        if end <= start + 2 * CELL {
            return self.mass_of(start..end.max(start));
        }
        let (before, after) = (self.masses[start / CELL], self.masses[end.div_ceil(CELL)]);
        Mass {
            weights: after.weights - before.weights + CELL_ROUNDING * self.total.weights,
            values: after.values - before.values + CELL_ROUNDING * self.total.values,
        }
    }

    /// The bound at a target with these sums and this mass.
    pub fn verdict(&self, sums: &KernelSums, mass: Mass) -> Verdict {
        let [m0, m1, m2, ..] = sums.weights;
        let [t0, t1, ..] = sums.values;
        let error = self.error.of_sum(mass.weights, m0.abs(), self.total.weights);
        if m0 + error < self.request.least_weight {
            return Verdict::Nothing;
        }
        if m0 - error < self.request.least_weight || m0 < 4.0 * error {
            return Verdict::Unknown;
        }
        // Of the sums of values, in units of the largest.
        let value_error = self.error.of_sum(mass.values, m0, self.total.values);
        if self.request.degree == 0 {
            let mean = (t0 / (m0 * self.largest_value)).abs();
            return Verdict::Within((value_error + mean * error) / (m0 - error));
        }
        // First-order change of the solution of the normal equations.
        let reach = self.error.reach;
        let determinant = m0 * m2 - m1 * m1;
        if determinant < 10.0 * error * reach * reach * m0 {
            return Verdict::Unknown;
        }
        let value = (t0 * m2 - t1 * m1).abs() / (determinant * self.largest_value);
        let slope = (t1 * m0 - t0 * m1).abs() / (determinant * self.largest_value);
        let zeroth = value_error + error * (value + reach * slope);
        let first = zeroth * reach;
        let change = match self.request.derivative {
            0 => m2 * zeroth + m1.abs() * first,
            _ => m0 * first + m1.abs() * zeroth,
        };
        Verdict::Within(1.25 * change / determinant)
    }

    /// Sums that no target of degree 0 with at least the weight `least` is worse than.
    pub fn worst_case(&self, least: f64) -> KernelSums {
        let mut sums = KernelSums::default();
        sums.weights[0] = least;
        sums.values[0] = least * self.largest_value;
        sums
    }
}

impl Mass {
    fn plus(self, other: Self) -> Self {
        Self { weights: self.weights + other.weights, values: self.values + other.values }
    }
}
