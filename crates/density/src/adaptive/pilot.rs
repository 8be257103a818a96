//! The density at the points themselves.

use std::collections::BTreeMap;

use hexad_core::InputError;
use hexad_core::simd::{Kernel, Simd, Vector, dispatch};
use rayon::prelude::*;

use crate::between::{Between, FINENESS};
use crate::sum::Sources;
use crate::{DensityError, GaussianOptions, GaussianPlan, Map, Points, View};

/// Side of a cell, in sigmas: beyond it a Gaussian is nothing, 1e-14 of its peak.
const CELL: f64 = 8.0;
/// Cells along the side of a tile.
const TILE: i64 = 8;
/// Pairs of points up to which a tile is summed directly: about what a map of it costs.
const PAIRS: usize = 1 << 20;
const TOLERANCE: f64 = 1e-8;
/// Largest coordinate, in sigmas: there a sigma is still 12 bits of it.
const FARTHEST: f64 = (1_u64 << 40) as f64;

/// `sum_j weight_j exp(-d_ij^2 / 2)` for each of `points`, d in units of sigma: within 2e-8 of the sum of the
/// weights near by.
pub(super) fn densities(points: &[[f64; 3]], sigma: [f64; 2]) -> Result<Vec<f64>, DensityError> {
    let cells = Cells::new(points, sigma)?;
    let grid = Grid::new()?;
    let tiles: Vec<Vec<[i64; 2]>> = cells.tiles().into_values().collect();
    let found: Vec<Vec<(usize, f64)>> = tiles.par_iter().map(|tile| grid.tile(tile, &cells)).collect();
    let mut densities = vec![0.0; points.len()];
    for (index, value) in found.into_iter().flatten() {
        // A point is at its own place at least.
        densities[index] = value.max(points[index][2]);
    }
    Ok(densities)
}

/// Points in units of sigma, by the cell that they are in.
struct Cells {
    points: Vec<[f64; 3]>,
    cells: BTreeMap<[i64; 2], Vec<usize>>,
}

impl Cells {
    fn new(points: &[[f64; 3]], sigma: [f64; 2]) -> Result<Self, DensityError> {
        let mut made = Self { points: Vec::with_capacity(points.len()), cells: BTreeMap::new() };
        for (index, [x, y, weight]) in points.iter().enumerate() {
            let place = [x / sigma[0], y / sigma[1]];
            for (axis, argument) in ["sigma[0]", "sigma[1]"].into_iter().enumerate() {
                if place[axis].abs() > FARTHEST {
                    let allowed = "2^-40 of the largest coordinate, or above";
                    return Err(InputError::OutOfRange { argument, value: sigma[axis], allowed }.into());
                }
            }
            #[expect(clippy::cast_possible_truncation, reason = "checked to be below 2^40")]
            let cell = place.map(|at| (at / CELL).floor() as i64);
            made.points.push([place[0], place[1], *weight]);
            made.cells.entry(cell).or_default().push(index);
        }
        Ok(made)
    }

    /// The cells with points of every tile.
    fn tiles(&self) -> BTreeMap<[i64; 2], Vec<[i64; 2]>> {
        let mut tiles = BTreeMap::<_, Vec<_>>::new();
        for cell in self.cells.keys() {
            tiles.entry(cell.map(|index| index.div_euclid(TILE))).or_default().push(*cell);
        }
        tiles
    }

    /// Indices of the points in `count` by `count` cells from `first` on.
    fn square(&self, first: [i64; 2], count: i64) -> impl Iterator<Item = usize> {
        let columns = first[0]..first[0] + count;
        let column = move |at: i64| self.cells.range([at, first[1]]..[at, first[1] + count]);
        columns.flat_map(column).flat_map(|(_, indices)| indices.iter().copied())
    }

    /// A point, seen from the corner of a cell.
    fn seen_from(&self, index: usize, cell: [i64; 2]) -> [f64; 3] {
        let [x, y, weight] = self.points[index];
        [x - cell[0] as f64 * CELL, y - cell[1] as f64 * CELL, weight]
    }

    fn around(cell: [i64; 2]) -> [i64; 2] {
        cell.map(|index| index - 1)
    }
}

/// The plan for the map of one tile: they are all alike.
struct Grid {
    between: Between,
    plan: GaussianPlan,
}

impl Grid {
    fn new() -> Result<Self, DensityError> {
        let between = Between::new(TOLERANCE);
        let halo = between.reach + 1;
        let side = TILE as f64 * CELL;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "192")]
        let pixels = (side * FINENESS) as usize;
        let view = View::new([0.0, 0.0, side, side], [pixels, pixels])?.with_halo(halo, halo)?;
        let options = GaussianOptions::default().with_tolerance(TOLERANCE);
        Ok(Self { between, plan: GaussianPlan::new(view, [1.0, 1.0], &options)? })
    }

    /// The points of a tile, given by its cells, and their sums.
    fn tile(&self, tile: &[[i64; 2]], cells: &Cells) -> Vec<(usize, f64)> {
        let pairs = |cell: &[i64; 2]| cells.cells[cell].len() * cells.square(Cells::around(*cell), 3).count();
        if tile.iter().map(pairs).sum::<usize>() > PAIRS {
            return self.read_all(tile, cells);
        }
        let mut sums = Vec::new();
        for cell in tile {
            let near = cells.square(Cells::around(*cell), 3).map(|index| cells.seen_from(index, *cell));
            let near: Sources = near.collect();
            for index in &cells.cells[cell] {
                let [x, y, _] = cells.seen_from(*index, *cell);
                sums.push((*index, near.gaussian_sum([x, y], [1.0, 1.0])));
            }
        }
        sums
    }

    /// The same from a map of the tile.
    fn read_all(&self, tile: &[[i64; 2]], cells: &Cells) -> Vec<(usize, f64)> {
        let corner = tile[0].map(|index| index.div_euclid(TILE) * TILE);
        let near = cells.square(Cells::around(corner), TILE + 2);
        let mut columns = [Vec::new(), Vec::new(), Vec::new()];
        for point in near.map(|index| cells.seen_from(index, corner)) {
            columns.iter_mut().zip(point).for_each(|(column, value)| column.push(value));
        }
        let [x, y, weights] = &columns;
        let map = self.plan.apply(&Points { x, y, weights: Some(weights) });
        let mut weights = [vec![0.0; self.between.taps()], vec![0.0; self.between.taps()]];
        let mut at = |index: usize| {
            let [x, y, _] = cells.seen_from(index, corner);
            // From a density to a sum of Gaussians of peak 1.
            (index, std::f64::consts::TAU * self.read(&map, [x, y], &mut weights))
        };
        tile.iter().flat_map(|cell| &cells.cells[cell]).map(|index| at(*index)).collect()
    }

    /// The map at a place in its tile.
    fn read(&self, map: &Map, place: [f64; 2], weights: &mut [Vec<f64>; 2]) -> f64 {
        let starts = [0, 1].map(|axis| {
            // The tile starts reach + 1 pixels into the map, and a pixel's value stands at its middle.
            let at = place[axis] * FINENESS + self.between.reach as f64 + 0.5;
            self.between.weights_into(at - at.floor(), &mut weights[axis]);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a pixel of the map")]
            let pixel = at.floor() as usize;
            pixel + 1 - self.between.reach
        });
        let width = map.view().width();
        let [along, down] = weights;
        dispatch(Read { rows: &map.values()[starts[1] * width + starts[0]..], width, along, down })
    }
}

/// `sum_r down[r] sum_c along[c] rows[r][c]`.
struct Read<'a> {
    rows: &'a [f64],
    width: usize,
    along: &'a [f64],
    down: &'a [f64],
}

impl Kernel<f64, 4> for Read<'_> {
    type Output = f64;
    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) -> f64 {
        let (vectors, rest) = self.along.as_chunks::<4>();
        let mut sum = simd.splat(0.0);
        let mut tail = 0.0;
        for (row, down) in self.rows.chunks(self.width).zip(self.down) {
            let (cells, more) = row[..self.along.len()].as_chunks::<4>();
            let mut line = simd.splat(0.0);
            for (cells, along) in cells.iter().zip(vectors) {
                line = simd.load(cells).mul_add(simd.load(along), line);
            }
            sum = line.mul_add(simd.splat(*down), sum);
            for (cell, along) in more.iter().zip(rest) {
                tail += cell * along * down;
            }
        }
        sum.sum() + tail
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexad_testkit::{Random, assert_close};

    #[test]
    fn densities_are_the_sums_in_dense_and_in_sparse_tiles() {
        let mut random = Random::new(1);
        let sigma = [0.5, 2.0];
        let mut points: Vec<[f64; 3]> = Vec::new();
        // Around a tile's corner, so that four tiles share it; a few far away.
        for _ in 0..12_000 {
            points.push([4.0 * random.normal(), 5.0 + 20.0 * random.normal(), random.unit()]);
        }
        for _ in 0..200 {
            points.push([random.uniform(-1e4, 1e4), random.uniform(-1e4, 1e4), 1.0]);
        }
        let sources: Sources = points.iter().copied().collect();
        let wanted: Vec<f64> = points.iter().map(|[x, y, _]| sources.gaussian_sum([*x, *y], sigma)).collect();
        let peak: f64 = points.iter().map(|point| point[2]).sum();
        let got = densities(&points, sigma).unwrap();
        assert_close(&got, &wanted, 2e-8 * peak);
        // In fact far nearer, and right for points on their own.
        let off = got.iter().zip(&wanted).map(|(a, b)| (a / b - 1.0).abs()).fold(0.0, f64::max);
        assert!(off > 0.0 && off < 1e-6, "{off:e}");
        assert!(densities(&[[1e20, 0.0, 1.0]], sigma).is_err());
    }
}
