//! Tiles of the world.

use std::error::Error;

use hexad_density::{
    GaussianOptions, Map, MercatorPoints, Normalization, Points, TILE_PIXELS, TileId, TileKernel,
    TileOptions, TilePyramid, gaussian,
};

use super::different;
use crate::validate::claim::{Bound, Claim, Outcome};
use crate::validate::data::cities;

/// Each pixel the sum of four of the children's, as tiles lie: rows of a map from the bottom, of tiles from the top.
fn summed(pyramid: &TilePyramid, tile: TileId) -> Result<Vec<f64>, Box<dyn Error>> {
    let mut sums = vec![0.0; TILE_PIXELS * TILE_PIXELS];
    for (east, south) in [(0, 0), (1, 0), (0, 1), (1, 1)] {
        let child = TileId::new(tile.zoom() + 1, 2 * tile.column() + east, 2 * tile.row() + south)?;
        let map = pyramid.tile(child)?;
        let corner = [east as usize, 1 - south as usize].map(|half| half * TILE_PIXELS / 2);
        for row in 0..TILE_PIXELS / 2 {
            for column in 0..TILE_PIXELS / 2 {
                let at =
                    |right: usize, up: usize| map.value(2 * column + right, 2 * row + up).unwrap_or(f64::NAN);
                let sum = (at(0, 0) + at(1, 0)) + (at(0, 1) + at(1, 1));
                sums[(corner[1] + row) * TILE_PIXELS + corner[0] + column] = sum;
            }
        }
    }
    Ok(sums)
}

pub(super) fn parents() -> Outcome {
    let [lon, lat, _] = cities()?;
    let projected = MercatorPoints::project(&Points::new(&lon, &lat)?);
    let mut off = 0.0_f64;
    let mut checked = 0;
    for kernel in [TileKernel::Counts, TileKernel::Metres(60_000.0)] {
        let pyramid = TilePyramid::new(&projected.points(), 0..=4, kernel, &TileOptions::default())?;
        for tile in pyramid.tiles().iter().filter(|tile| tile.zoom() < 4) {
            let map: Map = pyramid.tile(*tile)?;
            let pairs = map.values().iter().zip(summed(&pyramid, *tile)?);
            let peak = map.max().0;
            off = pairs.map(|(a, b)| (a - b).abs() / peak).fold(off, f64::max);
            checked += 1;
        }
    }
    Ok(Claim::new(
        "A pixel of a tile is the sum of the four it becomes one zoom deeper, for counts and for a kernel of 60 km: \
         zooms 0 to 4. Measured: the largest difference over the tile's peak, to the rounding of a sum of four.",
        off,
        Bound::AtMost(4.0 * f64::EPSILON),
    )
    .note(format!("{checked} tiles")))
}

pub(super) fn seams() -> Outcome {
    const SIGMA_PX: f64 = 10.0;
    let [lon, lat, _] = cities()?;
    let projected = MercatorPoints::project(&Points::new(&lon, &lat)?);
    let points = projected.points();
    let pyramid = TilePyramid::new(&points, 3..=3, TileKernel::Pixels(SIGMA_PX), &TileOptions::default())?;
    // Columns 1 to 5 and rows 2 to 6 of zoom 3 in one map: kernels do not reach there over 180 degrees.
    let view = TileId::new(3, 3, 4)?.view().with_halo(2 * TILE_PIXELS, 2 * TILE_PIXELS)?;
    let options = GaussianOptions::default().with_normalization(Normalization::Count);
    let map = gaussian(&points, &view, view.pixel_size().map(|size| SIGMA_PX * size), &options)?;
    let mut count = 0;
    for column in 1..=5_u32 {
        for row in 2..=6_u32 {
            let tile = pyramid.tile(TileId::new(3, column, row)?)?;
            let from = [column as usize - 1, 6 - row as usize].map(|tiles| tiles * TILE_PIXELS);
            let rows = map.values().chunks(view.width()).skip(from[1]);
            for (own, whole) in tile.values().chunks(TILE_PIXELS).zip(rows) {
                count += different(own, &whole[from[0]..from[0] + TILE_PIXELS]);
            }
        }
    }
    Ok(Claim::new(
        "25 tiles of one zoom, each made on its own, are one map of 1280 x 1280 pixels: no seam. Measured: values \
         that differ in a bit.",
        count as f64,
        Bound::AtMost(0.0),
    ))
}
