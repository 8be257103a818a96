//! Points in the order of tiles: those of a tile, at any zoom, stand together.

use std::ops::Range;

use rayon::prelude::*;

use super::TILE_PIXELS;
use super::id::{TileId, cell_of, pixel_m, world_axis};
use crate::projection::{HALF_WORLD_M, WORLD_M, stretch};
use crate::{DensityError, Points, View};

/// The deepest zoom that is sorted by: deeper tiles are searched for in theirs of this one.
const DEEPEST_SORTED: u8 = 16;
const BLOCK: usize = 1 << 14;
/// Tiles along a side of what is searched.
const MOST_ACROSS: f64 = 8.0;
/// Mark of a point that is not on the map.
const NOWHERE: u64 = u64::MAX;

/// Points in metres of EPSG:3857, sorted.
#[derive(Debug, Clone)]
pub(super) struct Index {
    zoom: u8,
    codes: Vec<u32>,
    x: Vec<f64>,
    y: Vec<f64>,
    weights: Option<Vec<f64>>,
    /// Of all weights the largest in size, or 1 if they are 0.
    pub largest: Option<f64>,
}

/// Points handed on at a time, so that a tile of all points needs no copy of them all.
const SHARE: usize = 1 << 17;

/// How far from a view points count, in metres of EPSG:3857.
#[derive(Debug, Clone, Copy)]
pub(super) enum Reach {
    /// All alike.
    Map(f64),
    /// So many on the ground.
    Ground(f64),
}

impl Reach {
    /// Of a point at this y.
    pub fn at(self, y: f64) -> f64 {
        match self {
            Self::Map(metres) => metres,
            Self::Ground(metres) => metres * stretch(y),
        }
    }
}

/// Points that can count in a view, with their copies beyond 180 degrees.
#[derive(Debug, Default)]
pub(super) struct Near {
    x: Vec<f64>,
    y: Vec<f64>,
    weights: Vec<f64>,
    weighted: bool,
}

impl Near {
    pub fn points(&self) -> Points<'_> {
        Points { x: &self.x, y: &self.y, weights: self.weighted.then_some(&self.weights) }
    }

    fn clear(&mut self) {
        self.x.clear();
        self.y.clear();
        self.weights.clear();
    }

    /// Adds a point too far away to count.
    pub fn push_far(&mut self, weight: f64) {
        self.x.push(0.0);
        self.y.push(10.0 * WORLD_M);
        self.weights.push(weight);
    }
}

impl Index {
    /// Sorts the points that are on the map for tiles down to `zoom`.
    pub fn new(points: &Points<'_>, zoom: u8) -> Result<Self, DensityError> {
        let zoom = zoom.min(DEEPEST_SORTED);
        if u32::try_from(points.len()).is_err() {
            return Err(DensityError::Overflow);
        }
        let mut order = coded(points, zoom, |code, index| code << 32 | index);
        order.par_sort_unstable();
        order.truncate(order.partition_point(|entry| *entry != NOWHERE));
        let sorted = |values: &[f64]| -> Vec<f64> {
            order.par_iter().with_min_len(BLOCK).map(|entry| values[place(*entry)]).collect()
        };
        let weights = points.weights.map(sorted);
        let largest = weights.as_ref().map(|weights| {
            let largest = weights.iter().fold(0.0, |most: f64, weight| most.max(weight.abs()));
            if largest > 0.0 { largest } else { 1.0 }
        });
        let codes = order.iter().map(|entry| (entry >> 32) as u32).collect();
        let mut x = sorted(points.x);
        x.iter_mut().for_each(|x| *x = home(*x));
        Ok(Self { zoom, codes, x, y: sorted(points.y), weights, largest })
    }

    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Codes of the tiles of a zoom that hold points, in order.
    pub fn occupied(&self, zoom: u8) -> Vec<u64> {
        if zoom > self.zoom {
            let mut codes = coded(&Points { x: &self.x, y: &self.y, weights: None }, zoom, |code, _| code);
            codes.par_sort_unstable();
            codes.dedup();
            return codes;
        }
        let shift = 2 * (self.zoom - zoom);
        let runs = self.codes.chunk_by(|a, b| u64::from(*a) >> shift == u64::from(*b) >> shift);
        runs.map(|run| u64::from(run[0]) >> shift).collect()
    }

    /// The points that are in a view of that zoom or within `reach` of it.
    pub fn near(&self, view: &View, zoom: u8, reach: Reach) -> Near {
        let mut near = Near { weighted: self.weights.is_some(), ..Near::default() };
        self.each_near(view, zoom, reach, |index, x| {
            self.copy(index, x, &mut near);
            true
        });
        near
    }

    /// Calls `take` with the same points, some at a time.
    pub fn each_share(
        &self,
        view: &View,
        zoom: u8,
        reach: Reach,
        mut take: impl FnMut(&Points<'_>) -> Result<(), DensityError>,
    ) -> Result<(), DensityError> {
        let mut near = Near { weighted: self.weights.is_some(), ..Near::default() };
        let mut taken = Ok(());
        self.each_near(view, zoom, reach, |index, x| {
            self.copy(index, x, &mut near);
            if near.x.len() == SHARE {
                taken = take(&near.points());
                near.clear();
            }
            taken.is_ok()
        });
        taken?;
        take(&near.points())
    }

    /// Whether there is one.
    pub fn has_near(&self, view: &View, zoom: u8, reach: Reach) -> bool {
        let mut found = false;
        self.each_near(view, zoom, reach, |_, _| {
            found = true;
            false
        });
        found
    }

    /// Calls `take` with index and x of points near a view until it returns `false`. Always in the same order,
    /// whatever the view: row by row of tiles from the north, in rows from the west.
    fn each_near(&self, view: &View, zoom: u8, reach: Reach, mut take: impl FnMut(usize, f64) -> bool) {
        let farthest = reach.at(HALF_WORLD_M);
        let [x0, y0, x1, y1] = view.bounds();
        // Searched in tiles of such a size that a few hold all that can be near: views of a zoom are alike.
        let tile_m = |zoom: u8| pixel_m(zoom) * TILE_PIXELS as f64;
        let mut zoom = zoom.min(self.zoom);
        while zoom > 0 && x1 - x0 + 2.0 * farthest > MOST_ACROSS * tile_m(zoom) {
            zoom -= 1;
        }
        let tile_m = tile_m(zoom);
        let tile = |metres: f64| {
            #[expect(clippy::cast_possible_truncation, reason = "saturates where it must")]
            let tile = (metres / tile_m).floor() as i64;
            tile
        };
        let tiles = 1_i64 << zoom;
        let rows =
            tile(HALF_WORLD_M - y1 - farthest).max(0)..=tile(HALF_WORLD_M - y0 + farthest).min(tiles - 1);
        for row in rows {
            let [north, south] = [row, row + 1].map(|row| HALF_WORLD_M - row as f64 * tile_m);
            let farthest = reach.at(north).max(reach.at(south));
            if south > y1 + farthest || north < y0 - farthest {
                continue;
            }
            for column in tile(x0 - farthest + HALF_WORLD_M)..=tile(x1 + farthest + HALF_WORLD_M) {
                let shift = column.div_euclid(tiles) as f64 * WORLD_M;
                for index in self.range(zoom, column.rem_euclid(tiles), row) {
                    let (mut x, y) = (self.x[index] + shift, self.y[index]);
                    // The closed edge of the world is its first one again.
                    if shift != 0.0 && x == HALF_WORLD_M {
                        x = x.next_up();
                    }
                    let reach = reach.at(y);
                    let close_x = (x >= x0 - reach) & (x < x1 + reach);
                    let close_y = (y >= y0 - reach) & (y <= y1 + reach);
                    if close_x && close_y && !take(index, x) {
                        return;
                    }
                }
            }
        }
    }

    fn copy(&self, index: usize, x: f64, near: &mut Near) {
        near.x.push(x);
        near.y.push(self.y[index]);
        if let Some(weights) = &self.weights {
            near.weights.push(weights[index]);
        }
    }

    /// Where the points of a tile stand.
    fn range(&self, zoom: u8, column: i64, row: i64) -> Range<usize> {
        let [column, row] = [column, row].map(|tile| u32::try_from(tile).unwrap_or(u32::MAX));
        let Ok(tile) = TileId::new(zoom, column, row) else { return 0..0 };
        let shift = 2 * (self.zoom - zoom);
        let at = |code: u64| self.codes.partition_point(|own| u64::from(*own) < code << shift);
        at(tile.code())..at(tile.code() + 1)
    }
}

/// For each point `entry` of the code of its tile and its place in the order given; [`NOWHERE`] off the map.
fn coded(points: &Points<'_>, zoom: u8, entry: impl Fn(u64, u64) -> u64 + Sync) -> Vec<u64> {
    let world = world_axis(zoom);
    let entry = |index: usize| {
        let weighs = points.weights.is_none_or(|weights| weights[index].is_finite());
        let cell = weighs.then(|| cell_of(&world, [home(points.x[index]), points.y[index]], zoom)).flatten();
        let tile = cell.and_then(|[column, row]| TileId::new(zoom, column, row).ok());
        tile.map_or(NOWHERE, |tile| entry(tile.code(), index as u64))
    };
    (0..points.len()).into_par_iter().with_min_len(BLOCK).map(entry).collect()
}

/// 180 degrees east are 180 degrees west.
fn home(x: f64) -> f64 {
    if x == HALF_WORLD_M { -HALF_WORLD_M } else { x }
}

fn place(entry: u64) -> usize {
    #[expect(clippy::cast_possible_truncation, reason = "32 bits")]
    let place = (entry & u64::from(u32::MAX)) as usize;
    place
}
