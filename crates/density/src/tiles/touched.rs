//! Which tiles points reach.

use std::collections::HashSet;

use rayon::prelude::*;

use super::TILE_PIXELS;
use super::id::{TileId, pixel_m};
use super::index::{Index, Reach};
use crate::DensityError;

/// How many tiles there may be.
pub(super) struct Limit {
    pub most: u64,
    /// Those of zooms already counted.
    pub before: u64,
}

impl Limit {
    pub fn check(&self, tiles: usize, zoom: u8) -> Result<(), DensityError> {
        let tiles = self.before.saturating_add(tiles as u64);
        if tiles <= self.most {
            return Ok(());
        }
        Err(DensityError::TooManyTiles { tiles, zoom, most: self.most })
    }
}

/// Codes of the tiles of a zoom that have points in them or within `reach`, in order.
pub(super) fn touched(
    index: &Index,
    zoom: u8,
    reach: Reach,
    limit: &Limit,
) -> Result<Vec<u64>, DensityError> {
    let codes = index.occupied(zoom);
    limit.check(codes.len(), zoom)?;
    if let Reach::Map(0.0) = reach {
        return Ok(codes);
    }
    if !codes.is_empty() {
        limit.check(reached_by_one(zoom, reach), zoom)?;
    }
    // A tile that a point reaches has a neighbour that is nearer to it: they are found ring by ring.
    let mut known: HashSet<u64> = codes.iter().copied().collect();
    let mut rim = codes;
    while !rim.is_empty() {
        let reached = |code: &u64| {
            !known.contains(code) && index.has_near(&TileId::from_code(zoom, *code).view(), zoom, reach)
        };
        rim = grown(&rim, zoom).into_par_iter().filter(reached).collect();
        known.extend(&rim);
        limit.check(known.len(), zoom)?;
    }
    let mut codes: Vec<u64> = known.into_iter().collect();
    codes.par_sort_unstable();
    Ok(codes)
}

/// Tiles that a point reaches wherever it is: north or south of it the map may end.
fn reached_by_one(zoom: u8, reach: Reach) -> usize {
    let tiles = reach.at(0.0) / (pixel_m(zoom) * TILE_PIXELS as f64);
    let all = f64::from(1_u32 << zoom);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most 2^44")]
    let product = ((2.0 * tiles).floor().min(all) * tiles.floor().min(all)) as usize;
    product
}

/// The tiles some zooms up that hold these, in order.
pub(super) fn ancestors(codes: &[u64], zooms: u8) -> Vec<u64> {
    let mut above: Vec<u64> = codes.iter().map(|code| code >> (2 * zooms)).collect();
    above.dedup();
    above
}

/// With the eight tiles around each: beyond 180 degrees the world begins again, north and south it ends.
fn grown(codes: &[u64], zoom: u8) -> Vec<u64> {
    let last = (1_u32 << zoom) - 1;
    let mut grown = Vec::with_capacity(9 * codes.len());
    for code in codes {
        let tile = TileId::from_code(zoom, *code);
        for row in tile.row().saturating_sub(1)..=(tile.row() + 1).min(last) {
            for column in [tile.column().wrapping_sub(1) & last, tile.column(), (tile.column() + 1) & last] {
                grown.extend(TileId::new(zoom, column, row).map(TileId::code));
            }
        }
    }
    grown.sort_unstable();
    grown.dedup();
    grown
}
