//! Shares points among the nodes of the grid.

use hexad_core::simd::{Kernel, Simd, Vector, dispatch, dispatch_eight, has_eight_lanes};

use super::axis::GridAxis;
use super::spline::{LANES, Weights};
use crate::raster::low_bits;
use crate::view::Axis;
use crate::{Points, Tally, View};

/// Points worked on together: their weights fit the first cache.
const BLOCK: usize = 16;
/// Cell of a point that reaches no node.
const NOWHERE: u32 = u32::MAX;

/// Where points go.
#[derive(Debug, Clone)]
pub(crate) struct Depositor {
    degree: usize,
    spline: Weights,
    /// Adding and subtracting it rounds a weight to the grid's quantum; none for points that keep all bits.
    rounding: Option<f64>,
    x: Side,
    y: Side,
    stride: usize,
}

#[derive(Debug, Clone, Copy)]
struct Side {
    origin: f64,
    pitch_inverse: f64,
    base: f64,
    /// Starts of splines that are whole on the grid lie below it.
    starts: f64,
    /// The view.
    low: f64,
    high: f64,
}

impl Side {
    fn new(grid: &GridAxis, axis: &Axis, degree: usize) -> Self {
        let last = axis.first + i64::try_from(axis.len).unwrap_or(i64::MAX);
        let high = axis.edge(last);
        Self {
            origin: grid.origin,
            pitch_inverse: grid.pitch_inverse,
            base: grid.base + (degree as f64 - 1.0) * 0.5,
            starts: (grid.nodes - degree) as f64,
            low: axis.edge(axis.first),
            high: if last == axis.cells { high.next_up() } else { high },
        }
    }

    /// The node where the spline of a point starts, its place in the cell, whether it is on the grid, and in the view.
    #[inline(always)]
    fn find(&self, value: f64) -> (f64, f64, bool, bool) {
        let place = (value - self.origin) * self.pitch_inverse;
        let cell = place.floor();
        let start = cell - self.base;
        let reaches = (start >= 0.0) & (start < self.starts);
        (start, place - cell, reaches, (value >= self.low) & (value < self.high))
    }
}

impl Depositor {
    pub fn new(view: &View, x: &GridAxis, y: &GridAxis, degree: usize, rounding: Option<f64>) -> Self {
        Self {
            degree,
            spline: super::spline::weights(degree),
            rounding,
            x: Side::new(x, &view.x, degree),
            y: Side::new(y, &view.y, degree),
            stride: x.padded(),
        }
    }

    /// Adds points to `grid`; returns what became of them, and their weight.
    pub fn add(&self, points: &Points<'_>, grid: &mut [f64]) -> (Tally, f64) {
        match self.degree {
            1 => self.add_degree::<1>(points, grid),
            3 => self.add_degree::<3>(points, grid),
            5 => self.add_degree::<5>(points, grid),
            _ => self.add_degree::<7>(points, grid),
        }
    }

    fn add_degree<const P: usize>(&self, points: &Points<'_>, grid: &mut [f64]) -> (Tally, f64) {
        let deposit = Deposit::<P> { to: self, points: *points, grid };
        if has_eight_lanes() { dispatch_eight(deposit) } else { dispatch::<f64, 4, _>(deposit) }
    }
}

struct Deposit<'a, const P: usize> {
    to: &'a Depositor,
    points: Points<'a>,
    grid: &'a mut [f64],
}

/// A block of points on their way.
struct Block {
    start: [u32; BLOCK],
    fraction: [[f64; BLOCK]; 2],
    weights: [[[f64; LANES]; BLOCK]; 2],
}

macro_rules! deposit {
    ($lanes:literal) => {
        impl<const P: usize> Kernel<f64, $lanes> for Deposit<'_, P> {
            type Output = (Tally, f64);
            #[inline(always)]
            fn run<S: Simd<f64, $lanes>>(self, simd: S) -> (Tally, f64) {
                self.all(simd)
            }
        }
    };
}
deposit!(4);
deposit!(8);

impl<const P: usize> Deposit<'_, P> {
    #[inline(always)]
    fn all<S: Simd<f64, L>, const L: usize>(self, simd: S) -> (Tally, f64) {
        let mut block = Block {
            start: [NOWHERE; BLOCK],
            fraction: [[0.0; BLOCK]; 2],
            weights: [[[0.0; LANES]; BLOCK]; 2],
        };
        let (mut tally, mut weight) = (Tally::default(), 0.0);
        for first in (0..self.points.len()).step_by(BLOCK) {
            let part = self.points.part(first..(first + BLOCK).min(self.points.len()));
            let (inside, missing) = block.locate(self.to, &part);
            tally.add(Tally { points: part.len() as u64, inside, missing });
            for axis in 0..2 {
                block.share::<S, P, L>(simd, self.to, axis);
            }
            match part.weights {
                None => weight += part.len() as f64 - missing as f64,
                Some(weights) => weight += block.weigh(&part, weights),
            }
            block.put::<S, P, L>(simd, part.len(), self.to.stride, self.grid);
        }
        (tally, weight)
    }
}

impl Block {
    /// Finds the cells of the points; returns how many are in the view and how many are missing.
    #[inline(always)]
    fn locate(&mut self, to: &Depositor, points: &Points<'_>) -> (u64, u64) {
        let third = points.weights.unwrap_or(points.x);
        let stride = to.stride as f64;
        let (mut inside, mut missing) = (0, 0);
        let [fraction_x, fraction_y] = &mut self.fraction;
        let places = self.start.iter_mut().zip(fraction_x).zip(fraction_y);
        for (((start, fx), fy), ((x, y), weight)) in places.zip(points.x.iter().zip(points.y).zip(third)) {
            let (column, in_column, on_x, in_x) = to.x.find(*x);
            let (row, in_row, on_y, in_y) = to.y.find(*y);
            // 0 times infinity is NaN.
            let finite = (x * 0.0 + y * 0.0) + weight * 0.0 == 0.0;
            missing += u64::from(!finite);
            inside += u64::from(in_x & in_y & finite);
            let cell = if on_x & on_y & finite { row * stride + column } else { f64::from(NOWHERE) };
            *start = low_bits(cell);
            *fx = in_column;
            *fy = in_row;
        }
        (inside, missing)
    }

    /// The splines' weights of every point along one axis.
    #[inline(always)]
    fn share<S: Simd<f64, L>, const P: usize, const L: usize>(
        &mut self,
        simd: S,
        to: &Depositor,
        axis: usize,
    ) {
        let (fractions, _) = self.fraction[axis].as_chunks::<L>();
        let (rows, _) = self.weights[axis].as_chunks_mut::<L>();
        for (fractions, rows) in fractions.iter().zip(rows) {
            let fraction = simd.load(fractions);
            let mut weights = [simd.splat(0.0); LANES];
            for (node, sum) in weights[..P + 1].iter_mut().enumerate() {
                let mut weight = simd.splat(to.spline[P][node]);
                for power in (0..P).rev() {
                    weight = weight.mul_add(fraction, simd.splat(to.spline[power][node]));
                }
                *sum = weight;
            }
            if let Some(rounding) = to.rounding {
                round_to_one::<S, P, L>(simd, rounding, &mut weights);
            }
            // From a vector of points for each node to a vector of nodes for each point.
            for part in 0..LANES / L {
                let mut nodes = [weights[0]; L];
                nodes.copy_from_slice(&weights[part * L..(part + 1) * L]);
                for (point, nodes) in simd.transpose(nodes).into_iter().enumerate() {
                    let (row, _) = rows[point].as_chunks_mut::<L>();
                    nodes.store(&mut row[part]);
                }
            }
        }
    }

    /// Multiplies the weights along y with those of the points; returns the sum of those not missing.
    #[inline(always)]
    fn weigh(&mut self, points: &Points<'_>, weights: &[f64]) -> f64 {
        let mut sum = 0.0;
        for (((row, weight), x), y) in self.weights[1].iter_mut().zip(weights).zip(points.x).zip(points.y) {
            let present = x.is_finite() & y.is_finite() & weight.is_finite();
            let weight = if present { *weight } else { 0.0 };
            row.iter_mut().for_each(|value| *value *= weight);
            sum += weight;
        }
        sum
    }

    #[inline(always)]
    fn put<S: Simd<f64, L>, const P: usize, const L: usize>(
        &self,
        simd: S,
        count: usize,
        stride: usize,
        grid: &mut [f64],
    ) {
        for point in 0..count {
            if self.start[point] == NOWHERE {
                continue;
            }
            let (along, _) = self.weights[0][point].as_chunks::<L>();
            let rows = grid[self.start[point] as usize..].chunks_exact_mut(stride);
            for (row, down) in rows.zip(&self.weights[1][point][..P + 1]) {
                let Some(row) = row.first_chunk_mut::<LANES>() else { continue };
                let (row, _) = row.as_chunks_mut::<L>();
                let down = simd.splat(*down);
                for (cells, along) in row.iter_mut().zip(along) {
                    simd.load(along).mul_add(down, simd.load(cells)).store(cells);
                }
            }
        }
    }
}

/// Rounds weights to the quantum and makes the middle one what is missing to 1: mass is exact.
#[inline(always)]
fn round_to_one<S: Simd<f64, L>, const P: usize, const L: usize>(
    simd: S,
    rounding: f64,
    weights: &mut [S::V; LANES],
) {
    let rounding = simd.splat(rounding);
    weights[P / 2] = simd.splat(0.0);
    let mut rest = simd.splat(1.0);
    for weight in &mut weights[..P + 1] {
        *weight = (*weight + rounding) - rounding;
        rest = rest - *weight;
    }
    weights[P / 2] = rest;
}
