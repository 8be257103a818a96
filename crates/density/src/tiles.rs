//! Maps of the world in square tiles, for every zoom.

mod id;
mod index;
mod touched;

use std::ops::RangeInclusive;

use hexad_core::{InputError, check_positive};
use rayon::prelude::*;

use crate::adaptive::ladder_reach;
use crate::gaussian::reach_in_sigmas;
use crate::map::Map;
use crate::projection::{HALF_WORLD_M, check_turns};
use crate::{
    DensityError, GaussianOptions, GaussianPlan, Normalization, Points, Raster, Tally, View, box_map,
    ground_gaussian,
};
pub use id::{DEEPEST_ZOOM, TILE_PIXELS, TileId};
use id::{check_zoom, pixel_m};
use index::{Index, Reach};
use touched::{Limit, ancestors, touched};

/// What stands in the pixels of tiles.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum TileKernel {
    /// Points in each pixel. A pixel is the sum of the four that it becomes one zoom deeper, exactly.
    Counts,
    /// A Gaussian of so many pixels at every zoom: maps look alike at each, and show more when one zooms in.
    Pixels(f64),
    /// Passes of boxes of `2 radius + 1` pixels at every zoom, as [`box_map`].
    Boxes {
        /// Half the width of a box, in pixels.
        radius: usize,
        /// How often.
        passes: usize,
    },
    /// A Gaussian of so many metres of EPSG:3857 at every zoom: one surface, seen from nearer. It is made at the
    /// deepest zoom, or deeper if it is narrower than two pixels there; a pixel further up is the sum of four.
    Metres(f64),
    /// The same with so many metres on the ground, wherever a point stands: [`ground_gaussian`].
    Ground(f64),
}

/// Optional settings of a [`TilePyramid`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct TileOptions {
    /// As [`GaussianOptions::tolerance`]. Default 1e-5.
    pub tolerance: f64,
    /// Tiles from which a pyramid is refused. Default 1,000,000.
    pub most_tiles: u64,
}

impl Default for TileOptions {
    fn default() -> Self {
        Self { tolerance: 1e-5, most_tiles: 1_000_000 }
    }
}

impl TileOptions {
    /// Sets [`TileOptions::tolerance`].
    #[must_use]
    pub fn with_tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Sets [`TileOptions::most_tiles`].
    #[must_use]
    pub fn with_most_tiles(mut self, most_tiles: u64) -> Self {
        self.most_tiles = most_tiles;
        self
    }
}

/// Tiles of some points at some zooms, made one at a time: memory is the points (20 bytes each, 28 with weights),
/// the names of the tiles, and a few tiles for each thread.
///
/// A tile is the crop of the map of the whole zoom: a kernel reaches over its edges and over 180 degrees. Without
/// weights that holds to the last bit, whatever the number of threads; with weights to rounding, and again to the last bit for
/// [`TileKernel::Counts`], [`TileKernel::Boxes`] and any number of threads. What a kernel carries beyond the north
/// and south of the map is lost.
///
/// # Examples
///
/// ```
/// use hexad_density::{DensityError, MercatorPoints, Points, TileKernel, TileOptions, TilePyramid};
/// let projected = MercatorPoints::project(&Points::new(&[13.4, 2.35], &[52.5, 48.85])?);
/// let pyramid =
///     TilePyramid::new(&projected.points(), 0..=5, TileKernel::Counts, &TileOptions::default())?;
/// // One tile from zoom 0 to 4 holds both; at 5 they part.
/// assert_eq!(pyramid.tiles().len(), 7);
/// pyramid.for_each(|tile, map| {
///     assert!(map.sum() == if tile.zoom() < 5 { 2.0 } else { 1.0 });
///     Ok::<(), DensityError>(())
/// })?;
/// # Ok::<(), hexad_density::DensityError>(())
/// ```
#[derive(Debug, Clone)]
pub struct TilePyramid {
    index: Index,
    zooms: RangeInclusive<u8>,
    kernel: TileKernel,
    tolerance: f64,
    /// The zoom at which tiles are made that others are summed from, and those tiles.
    base: u8,
    base_tiles: Vec<u64>,
    tiles: Vec<TileId>,
}

/// Width in pixels from which the mass of Gaussians is kept to rounding, also of those that others are made of.
const KEEPS_MASS: f64 = 2.0;

impl TilePyramid {
    /// Sorts the points and finds the tiles that they reach. Runs on the current rayon pool.
    ///
    /// `points` are in metres of EPSG:3857 ([`crate::MercatorPoints`]); those that are missing or not on the map
    /// are left out.
    ///
    /// # Errors
    ///
    /// [`DensityError::TooManyTiles`] beyond [`TileOptions::most_tiles`]; [`DensityError::BandwidthTooSmall`] below
    /// a fifth of a pixel at the deepest zoom; [`DensityError::Input`] for zooms, a tolerance or widths out of range,
    /// reaches of more than 100 turns around the Earth among them; [`DensityError::Overflow`] for 2^32 points and more.
    pub fn new(
        points: &Points<'_>,
        zooms: RangeInclusive<u8>,
        kernel: TileKernel,
        options: &TileOptions,
    ) -> Result<Self, DensityError> {
        check_zoom(*zooms.end())?;
        if zooms.is_empty() {
            let (value, allowed) = ((*zooms.start()).into(), "no deeper than the last zoom");
            return Err(InputError::OutOfRange { argument: "the first zoom", value, allowed }.into());
        }
        let base = base_zoom(kernel, *zooms.end(), options)?;
        let index = Index::new(points, base)?;
        let tolerance = options.tolerance;
        let mut pyramid =
            Self { index, zooms, kernel, tolerance, base, base_tiles: Vec::new(), tiles: Vec::new() };
        pyramid.find_tiles(options.most_tiles)?;
        Ok(pyramid)
    }

    /// The tiles that some point reaches, zoom by zoom.
    #[must_use]
    pub fn tiles(&self) -> &[TileId] {
        &self.tiles
    }

    /// Leaves out tiles that `keep` does not want, as far as others are not summed from them.
    pub fn retain(&mut self, keep: impl FnMut(&TileId) -> bool) {
        self.tiles.retain(keep);
    }

    /// Points on the map.
    #[must_use]
    pub fn points(&self) -> usize {
        self.index.len()
    }

    /// One tile, in points (weight) per pixel. Its tally is of the points near it.
    ///
    /// # Errors
    ///
    /// [`DensityError::Overflow`] for weights whose sum is too large; [`DensityError::PixelsTooSmall`] for a tile
    /// deeper than the pyramid.
    pub fn tile(&self, tile: TileId) -> Result<Map, DensityError> {
        if self.is_summed() && tile.zoom() < self.base {
            return self.branch(tile, &|_: TileId, _: &Map| Ok::<(), DensityError>(()));
        }
        self.leaf(tile)
    }

    /// Calls `take` with every tile that some point reaches and its map, in points (weight) per pixel: from
    /// several threads of the current rayon pool, in no particular order.
    ///
    /// # Errors
    ///
    /// The first error, as [`TilePyramid::tile`] or of `take`, which is then called no more.
    pub fn for_each<E: Send + From<DensityError>>(
        &self,
        take: impl Fn(TileId, &Map) -> Result<(), E> + Sync,
    ) -> Result<(), E> {
        if self.is_summed() {
            let first = *self.zooms.start();
            let tops = ancestors(&self.base_tiles, self.base - first);
            let tops = tops.par_iter().with_max_len(1).map(|code| TileId::from_code(first, *code));
            return tops.try_for_each(|top| self.branch(top, &take).map(drop));
        }
        self.tiles.par_iter().try_for_each(|tile| take(*tile, &self.leaf(*tile)?))
    }

    fn find_tiles(&mut self, most: u64) -> Result<(), DensityError> {
        let mut limit = Limit { most, before: 0 };
        for zoom in self.zooms.clone() {
            check_turns("the reach of the kernel", self.reach(zoom).at(HALF_WORLD_M))?;
        }
        if self.is_summed() {
            self.base_tiles = touched(&self.index, self.base, self.reach(self.base), &limit)?;
        }
        for zoom in self.zooms.clone() {
            let codes = if self.is_summed() {
                ancestors(&self.base_tiles, self.base - zoom)
            } else {
                touched(&self.index, zoom, self.reach(zoom), &limit)?
            };
            limit.check(codes.len(), zoom)?;
            limit.before += codes.len() as u64;
            self.tiles.extend(codes.into_iter().map(|code| TileId::from_code(zoom, code)));
        }
        Ok(())
    }

    fn reach(&self, zoom: u8) -> Reach {
        let sigmas = reach_in_sigmas(self.tolerance);
        match self.kernel {
            TileKernel::Counts => Reach::Map(0.0),
            TileKernel::Pixels(sigma_px) => Reach::Map(sigmas * sigma_px * pixel_m(zoom)),
            TileKernel::Boxes { radius, passes } => {
                Reach::Map((radius as f64 * passes as f64 + 1.0) * pixel_m(zoom))
            }
            TileKernel::Metres(sigma_m) => Reach::Map(sigmas * sigma_m),
            TileKernel::Ground(sigma_m) => Reach::Ground(ladder_reach(self.tolerance) * sigma_m),
        }
    }

    /// Whether a tile is the sum of those below it.
    fn is_summed(&self) -> bool {
        matches!(self.kernel, TileKernel::Metres(_) | TileKernel::Ground(_))
    }

    /// A tile from its points.
    fn leaf(&self, tile: TileId) -> Result<Map, DensityError> {
        let view = tile.view();
        match self.kernel {
            TileKernel::Counts => self.counts(tile, view),
            TileKernel::Boxes { radius, passes } => {
                let mut near = self.index.near(&view, tile.zoom(), self.reach(tile.zoom()));
                // The unit of weights is that of the largest: the same for all tiles.
                self.index.largest.into_iter().for_each(|weight| near.push_far(weight));
                box_map(&near.points(), &view, [radius; 2], passes, Normalization::Count)
            }
            TileKernel::Pixels(sigma_px) => self.smooth(tile, view, sigma_px * pixel_m(tile.zoom())),
            TileKernel::Metres(sigma_m) => self.smooth(tile, view, sigma_m),
            TileKernel::Ground(sigma_m) => self.on_ground(tile, view, sigma_m),
        }
    }

    fn counts(&self, tile: TileId, view: View) -> Result<Map, DensityError> {
        let mut raster = match self.index.largest {
            Some(largest) => Raster::weighted(view, largest)?,
            None => Raster::new(view),
        };
        self.index.each_share(&view, tile.zoom(), Reach::Map(0.0), |points| raster.add(points))?;
        let done = (raster.tally(), raster.sum());
        Ok(Map::from_counts(view, raster.values(), Normalization::Count, done, 0.0))
    }

    fn smooth(&self, tile: TileId, view: View, sigma_m: f64) -> Result<Map, DensityError> {
        let plan = GaussianPlan::new(view, [sigma_m; 2], &self.smoothing())?;
        let mut raster = plan.make_raster();
        let reach = self.reach(tile.zoom());
        self.index.each_share(&view, tile.zoom(), reach, |points| {
            plan.add(&mut raster, points);
            Ok(())
        })?;
        Ok(plan.finish(&raster))
    }

    fn on_ground(&self, tile: TileId, view: View, sigma_m: f64) -> Result<Map, DensityError> {
        let options = self.smoothing();
        let mut sum = ground_gaussian(&Points::new(&[], &[])?, &view, sigma_m, &options)?;
        self.index.each_share(&view, tile.zoom(), self.reach(tile.zoom()), |points| {
            let map = ground_gaussian(points, &view, sigma_m, &options)?;
            sum.values.iter_mut().zip(map.values()).for_each(|(sum, value)| *sum += value);
            sum.tally.add(map.tally());
            sum.weight += map.weight();
            Ok(())
        })?;
        Ok(sum)
    }

    fn smoothing(&self) -> GaussianOptions {
        GaussianOptions::default().with_tolerance(self.tolerance).with_normalization(Normalization::Count)
    }

    /// A tile that is summed, after those below it.
    fn branch<E: Send + From<DensityError>>(
        &self,
        tile: TileId,
        take: &(impl Fn(TileId, &Map) -> Result<(), E> + Sync),
    ) -> Result<Map, E> {
        let map = if tile.zoom() == self.base {
            self.leaf(tile)?
        } else {
            let [a, b, c, d] = tile.children();
            let child = |tile: TileId| self.reaches(tile).then(|| self.branch(tile, take)).transpose();
            let (north, south) = rayon::join(
                || rayon::join(|| child(a), || child(b)),
                || rayon::join(|| child(c), || child(d)),
            );
            parent(tile, [north.0?, north.1?, south.0?, south.1?])
        };
        let place = (tile.zoom(), tile.code());
        if self.tiles.binary_search_by_key(&place, |tile| (tile.zoom(), tile.code())).is_ok() {
            take(tile, &map)?;
        }
        Ok(map)
    }

    /// Whether there are tiles to make in this one.
    fn reaches(&self, tile: TileId) -> bool {
        let shift = 2 * (self.base - tile.zoom());
        let first = self.base_tiles.partition_point(|code| code >> shift < tile.code());
        self.base_tiles.get(first).is_some_and(|code| code >> shift == tile.code())
    }
}

/// The zoom at which tiles are made from points: the deepest, but for kernels in metres that are too narrow there.
fn base_zoom(kernel: TileKernel, deepest: u8, options: &TileOptions) -> Result<u8, DensityError> {
    let mut base = deepest;
    let smooth = GaussianOptions::default().with_tolerance(options.tolerance);
    let world = TileId::new(0, 0, 0)?.view();
    match kernel {
        TileKernel::Counts => {}
        TileKernel::Pixels(sigma_px) => {
            check_positive("the width in pixels", sigma_px)?;
            GaussianPlan::new(world, [sigma_px * pixel_m(0); 2], &smooth)?;
        }
        TileKernel::Boxes { radius, passes } => {
            box_map(&Points::new(&[], &[])?, &world, [radius; 2], passes, Normalization::Count)?;
        }
        TileKernel::Metres(sigma_m) | TileKernel::Ground(sigma_m) => {
            check_positive("the width in metres", sigma_m)?;
            GaussianPlan::new(TileId::new(deepest, 0, 0)?.view(), [sigma_m; 2], &smooth)?;
            if let TileKernel::Ground(_) = kernel {
                ground_gaussian(&Points::new(&[], &[])?, &world, sigma_m, &smooth)?;
            }
            while sigma_m < KEEPS_MASS * pixel_m(base) && base < DEEPEST_ZOOM {
                base += 1;
            }
        }
    }
    Ok(base)
}

/// Each pixel the sum of four.
fn parent(tile: TileId, children: [Option<Map>; 4]) -> Map {
    let mut values = vec![0.0; TILE_PIXELS * TILE_PIXELS];
    let (mut tally, mut weight, mut error) = (Tally::default(), 0.0, 0.0_f64);
    for (quarter, child) in children.iter().enumerate() {
        let Some(child) = child else { continue };
        // Rows are counted from the bottom, children from the north.
        let (column, row) = (quarter % 2 * TILE_PIXELS / 2, (1 - quarter / 2) * TILE_PIXELS / 2);
        let rows = values.chunks_exact_mut(TILE_PIXELS).skip(row);
        for (out, two) in rows.zip(child.values().chunks_exact(2 * TILE_PIXELS)) {
            let (lower, upper) = two.split_at(TILE_PIXELS);
            let pairs = lower.as_chunks::<2>().0.iter().zip(upper.as_chunks::<2>().0);
            for (out, (lower, upper)) in out[column..].iter_mut().zip(pairs) {
                *out = (lower[0] + lower[1]) + (upper[0] + upper[1]);
            }
        }
        tally.add(child.tally());
        weight += child.weight();
        error = error.max(child.error_bound());
    }
    Map::from_counts(tile.view(), values, Normalization::Count, (tally, weight), error)
}
