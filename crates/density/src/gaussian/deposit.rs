//! Shares points among the nodes of the grid.

use hexad_core::simd::{Fixed, Kernel, Simd, Vector, dispatch_widest};

use super::axis::GridAxis;
use super::fixed::{FINER, ONE, Sums, rung_for, scale_of};
use super::spline::{LANES, Weights};
use crate::raster::{NEAREST, low_bits};
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
    /// Along y in units of the sums.
    spline: [Weights; 2],
    x: Side,
    y: Side,
    stride: usize,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Side {
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
    pub fn new(grid: &GridAxis, axis: &Axis, degree: usize) -> Self {
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
    pub fn find(&self, value: f64) -> (f64, f64, bool, bool) {
        let place = (value - self.origin) * self.pitch_inverse;
        let cell = place.floor();
        let start = cell - self.base;
        let reaches = (start >= 0.0) & (start < self.starts);
        (start, place - cell, reaches, (value >= self.low) & (value < self.high))
    }

    /// As [`Side::find`], the place counted from the middle of the cell. Nearest is cheaper than below: on the grid
    /// places are far within 2^51, and elsewhere nobody asks.
    #[inline(always)]
    pub fn find_nearest(&self, value: f64) -> (f64, f64, bool, bool) {
        let place = (value - self.origin).mul_add(self.pitch_inverse, -0.5);
        let cell = (place + NEAREST) - NEAREST;
        let start = cell - self.base;
        let reaches = (start >= 0.0) & (start < self.starts);
        (start, place - cell, reaches, (value >= self.low) & (value < self.high))
    }
}

impl Depositor {
    pub fn new(view: &View, x: &GridAxis, y: &GridAxis, degree: usize) -> Self {
        let spline = super::spline::weights(degree);
        Self {
            degree,
            spline: [spline, spline.map(|row| row.map(|value| value * ONE))],
            x: Side::new(x, &view.x, degree),
            y: Side::new(y, &view.y, degree),
            stride: x.padded(),
        }
    }

    /// Adds up to [`super::fixed::ROOM`] points to `sums`; returns what became of them.
    pub fn add(&self, points: &Points<'_>, sums: &mut Sums) -> Tally {
        match points.weights {
            None => self.add_ones(points, sums),
            Some(weights) => self.add_weighted(points, weights, sums),
        }
    }

    fn add_ones(&self, points: &Points<'_>, sums: &mut Sums) -> Tally {
        sums.make_room(points.len(), 0, false);
        // Where weights were larger, these are what low counts, or less.
        let tally = match sums.rung {
            0 => self.add_degree::<false>(points, 1.0, &mut sums.top.lower, &mut []),
            1 => {
                sums.make_room(0, 1, true);
                self.add_degree::<false>(points, 1.0, &mut sums.low.lower, &mut [])
            }
            _ => self.add_degree::<false>(points, 0.0, &mut sums.top.lower, &mut []),
        };
        sums.add_ones(tally.points - tally.missing);
        tally
    }

    fn add_weighted(&self, points: &Points<'_>, weights: &[f64], sums: &mut Sums) -> Tally {
        let largest = points.present().fold(0.0, |most: f64, (_, _, weight)| most.max(weight.abs()));
        sums.make_room(points.len(), rung_for(largest), true);
        let scale = scale_of(sums.rung) / ONE;
        let tally = self.add_degree::<true>(points, scale, &mut sums.top.lower, &mut sums.low.lower);
        debug_assert_eq!(weights.len(), points.len());
        points.present().for_each(|(_, _, weight)| sums.add_weight(weight));
        tally
    }

    fn add_degree<const W: bool>(
        &self,
        points: &Points<'_>,
        scale: f64,
        top: &mut [i64],
        low: &mut [i64],
    ) -> Tally {
        match self.degree {
            1 => dispatch_widest(Deposit::<1, W> { to: self, points: *points, scale, top, low }),
            3 => dispatch_widest(Deposit::<3, W> { to: self, points: *points, scale, top, low }),
            5 => dispatch_widest(Deposit::<5, W> { to: self, points: *points, scale, top, low }),
            _ => dispatch_widest(Deposit::<7, W> { to: self, points: *points, scale, top, low }),
        }
    }
}

/// Adds points to `top`; if they are weighted, what is left of their terms to `low`.
struct Deposit<'a, const P: usize, const W: bool> {
    to: &'a Depositor,
    points: Points<'a>,
    scale: f64,
    top: &'a mut [i64],
    low: &'a mut [i64],
}

/// A block of points on their way.
struct Block {
    start: [u32; BLOCK],
    fraction: [[f64; BLOCK]; 2],
    weights: [[[f64; LANES]; BLOCK]; 2],
}

macro_rules! deposit {
    ($lanes:literal) => {
        impl<const P: usize, const W: bool> Kernel<f64, $lanes> for Deposit<'_, P, W> {
            type Output = Tally;
            #[inline(always)]
            fn run<S: Simd<f64, $lanes>>(self, simd: S) -> Tally {
                self.all(simd)
            }
        }
    };
}
deposit!(4);
deposit!(8);

impl<const P: usize, const W: bool> Deposit<'_, P, W> {
    #[inline(always)]
    fn all<S: Simd<f64, L>, const L: usize>(self, simd: S) -> Tally {
        let mut block = Block {
            start: [NOWHERE; BLOCK],
            fraction: [[0.0; BLOCK]; 2],
            weights: [[[0.0; LANES]; BLOCK]; 2],
        };
        let mut tally = Tally::default();
        for first in (0..self.points.len()).step_by(BLOCK) {
            let part = self.points.part(first..(first + BLOCK).min(self.points.len()));
            let (inside, missing) = block.locate(self.to, &part);
            tally.add(Tally { points: part.len() as u64, inside, missing });
            for axis in 0..2 {
                block.share::<S, P, L>(simd, self.to, axis);
            }
            if W {
                block.weigh(part.weights.unwrap_or(&[]), self.scale);
            }
            for point in 0..part.len() {
                if block.start[point] == NOWHERE || (!W && self.scale == 0.0) {
                    continue;
                }
                let mut place = block.start[point] as usize;
                let (along, _) = block.weights[0][point].as_chunks::<L>();
                for down in &block.weights[1][point][..P + 1] {
                    let down = simd.splat(*down);
                    if let Some(top) = self.top.get_mut(place..place + LANES) {
                        let (top, _) = top.as_chunks_mut::<L>();
                        if W {
                            let low = &mut self.low[place..place + LANES];
                            put_weighted(simd, along, down, top, low.as_chunks_mut::<L>().0);
                        } else {
                            put(simd, along, down, top);
                        }
                    }
                    place += self.to.stride;
                }
            }
        }
        tally
    }
}

#[inline(always)]
fn put<S: Simd<f64, L>, const L: usize>(simd: S, along: &[[f64; L]], down: S::V, top: &mut [[i64; L]]) {
    let bias = simd.splat(f64::BIAS);
    for (top, along) in top.iter_mut().zip(along) {
        simd.load(along).mul_add(down, bias).add_bits(bias, top);
    }
}

#[inline(always)]
fn put_weighted<S: Simd<f64, L>, const L: usize>(
    simd: S,
    along: &[[f64; L]],
    down: S::V,
    top: &mut [[i64; L]],
    low: &mut [[i64; L]],
) {
    let bias = simd.splat(f64::BIAS);
    for ((top, low), along) in top.iter_mut().zip(low).zip(along) {
        let term = simd.load(along) * down;
        let biased = term + bias;
        biased.add_bits(bias, top);
        (term - (biased - bias)).mul_add(simd.splat(FINER), bias).add_bits(bias, low);
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
                let mut weight = simd.splat(to.spline[axis][P][node]);
                for power in (0..P).rev() {
                    weight = weight.mul_add(fraction, simd.splat(to.spline[axis][power][node]));
                }
                *sum = weight;
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

    /// Multiplies the weights along y with those of the points, times `scale`.
    #[inline(always)]
    fn weigh(&mut self, weights: &[f64], scale: f64) {
        for (row, weight) in self.weights[1].iter_mut().zip(weights) {
            let weight = weight * scale;
            row.iter_mut().for_each(|value| *value *= weight);
        }
    }
}
