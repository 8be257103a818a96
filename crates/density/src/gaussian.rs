//! Smooth maps: a Gaussian on every point, within a stated error.

mod axis;
mod bytes;
mod deposit;
mod filter;
mod fixed;
mod level;
mod moments;
mod reach;
mod spline;

use hexad_core::{InputError, Workspace, check_positive};
use rayon::prelude::*;

use crate::map::{Map, Normalization};
use crate::{DensityError, Points, Tally, View};
use axis::{Extent, GridAxis};
use deposit::Depositor;
use fixed::{ROOM, Sums};
use level::Level;
use moments::{Cells, Moments};
pub(crate) use reach::reach_in_sigmas;

/// Settings of [`gaussian`] and [`GaussianPlan`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct GaussianOptions {
    /// Largest error of a value, relative to the peak that all points in one place would make. From 1e-10
    /// to 1e-3. Default 1e-5.
    pub tolerance: f64,
    /// What the values mean. Default [`Normalization::Density`].
    pub normalization: Normalization,
}

impl Default for GaussianOptions {
    fn default() -> Self {
        Self { tolerance: 1e-5, normalization: Normalization::Density }
    }
}

impl GaussianOptions {
    /// Sets [`GaussianOptions::tolerance`].
    #[must_use]
    pub fn with_tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Sets [`GaussianOptions::normalization`].
    #[must_use]
    pub fn with_normalization(mut self, normalization: Normalization) -> Self {
        self.normalization = normalization;
        self
    }
}

/// The map of `points` with a Gaussian of `sigma = [along x, along y]` data units on each: at every pixel's
/// centre `sum w exp(-dx^2 / (2 sx^2) - dy^2 / (2 sy^2)) / (2 pi sx sy)`, points beyond the view included.
///
/// # Errors
///
/// As [`GaussianPlan::new`].
///
/// # Examples
///
/// ```
/// use hexad_density::{GaussianOptions, Points, View, gaussian};
/// let view = View::new([0.0, 0.0, 3.0, 3.0], [3, 3])?;
/// let map = gaussian(&Points::new(&[1.5], &[1.5])?, &view, [1.0, 1.0], &GaussianOptions::default())?;
/// let peak = 1.0 / std::f64::consts::TAU;
/// assert!((map.value(1, 1).unwrap() - peak).abs() < 1e-5 * peak);
/// # Ok::<(), hexad_density::DensityError>(())
/// ```
///
/// # References
///
/// M. Unser, IEEE Signal Processing Magazine 16(6), 1999 (splines and least squares); B. W. Silverman, Density
/// Estimation, 1986 (the sum).
pub fn gaussian(
    points: &Points<'_>,
    view: &View,
    sigma: [f64; 2],
    options: &GaussianOptions,
) -> Result<Map, DensityError> {
    Ok(GaussianPlan::new(*view, sigma, options)?.apply(points))
}

/// A smooth map of one view and bandwidth, for any points.
///
/// Points are shared by B-splines among the nodes of a grid whose pitch follows sigma, not the pixels, and
/// pixels are read from it by a filter that is the same for every sigma: the cost hardly depends on sigma. Sums are
/// integers: neither the order of the points, nor their division, nor the threads, nor what else the view shows
/// change a bit. Weights of any size are added to 2^-42 of the largest at least.
///
/// A kernel narrower than a pixel is right at the pixels' centres, but a sum over them no longer finds its mass;
/// from 1.2 pixels on mass is kept to 1e-12.
///
/// # Examples
///
/// ```
/// use hexad_density::{GaussianOptions, GaussianPlan, Points, View};
/// let view = View::new([0.0, 0.0, 3.0, 3.0], [3, 3])?;
/// let plan = GaussianPlan::new(view, [1.0, 1.0], &GaussianOptions::default())?;
/// let (mut map, mut scratch) = (plan.make_map(), plan.make_scratch());
/// for x in [0.5, 1.5, 2.5] {
///     plan.apply_into(&Points::new(&[x], &[1.5])?, &mut map, &mut scratch);
///     assert_eq!(view.pixel_of(x, 1.5), Some(map.max().1));
/// }
/// # Ok::<(), hexad_density::DensityError>(())
/// ```
#[derive(Debug, Clone)]
pub struct GaussianPlan {
    view: View,
    sigma: [f64; 2],
    options: GaussianOptions,
    level: &'static Level,
    x: GridAxis,
    y: GridAxis,
    depositor: Depositor,
    /// For points without weights, if they are summed as moments.
    moments: Option<Cells>,
}

/// Points on their way to a smooth map: added in any number of calls, merged from several.
#[derive(Debug, Clone)]
pub struct SmoothRaster {
    view: View,
    sigma: [f64; 2],
    tolerance: f64,
    tally: Tally,
    sums: Sums,
    moments: Moments,
}

/// What [`GaussianPlan::apply_into`] works in; what it holds never matters.
#[derive(Debug, Clone)]
pub struct GaussianScratch {
    raster: SmoothRaster,
    workspace: Workspace<f64>,
    grid: Workspace<f64>,
}

/// Points from which a second thread pays, if they are more than the nodes that it must merge.
const PARALLEL_POINTS: usize = 1 << 16;
/// Most nodes of a grid, and more for each pixel of the map: what the narrowest kernels need at 1e-5.
const NODES: f64 = 16_777_216.0;
const NODES_PER_PIXEL: f64 = 160.0;
const MOST_NODES: f64 = 2_147_483_648.0;
/// Kernels of so many pixels have grids with room for a line of the cache in each cell: points go by moments.
const WIDE: f64 = 5.0;

impl GaussianPlan {
    /// Plans maps of `view` with `sigma = [along x, along y]`, in data units.
    ///
    /// # Errors
    ///
    /// [`DensityError::BandwidthTooSmall`] below a fifth of a pixel, [`DensityError::Input`] for a sigma or
    /// tolerance out of range, [`DensityError::GridTooLarge`] for more than 2^24 nodes and 160 more for each pixel.
    pub fn new(view: View, sigma: [f64; 2], options: &GaussianOptions) -> Result<Self, DensityError> {
        check_positive("sigma[0]", sigma[0])?;
        check_positive("sigma[1]", sigma[1])?;
        let tolerance = options.tolerance;
        if !(1e-10..=1e-3).contains(&tolerance) {
            let allowed = "from 1e-10 to 1e-3";
            return Err(InputError::OutOfRange { argument: "tolerance", value: tolerance, allowed }.into());
        }
        let is_wide = sigma[0] >= WIDE * view.x.step && sigma[1] >= WIDE * view.y.step;
        let by_moments = Level::by_moments(tolerance).filter(|_| is_wide);
        let level = by_moments.unwrap_or_else(|| Level::for_tolerance(tolerance));
        let extents =
            [Extent::new("x", &view.x, sigma[0], level)?, Extent::new("y", &view.y, sigma[1], level)?];
        check_grid(&view, extents.map(|extent| extent.nodes))?;
        let x = GridAxis::new(&view.x, sigma[0], extents[0], level, tolerance);
        // A square view has two axes alike.
        let same = sigma[0] == sigma[1]
            && [view.x.step, view.x.first as f64, view.x.len as f64]
                == [view.y.step, view.y.first as f64, view.y.len as f64];
        let y = if same {
            GridAxis { origin: view.y.origin, ..x.clone() }
        } else {
            GridAxis::new(&view.y, sigma[1], extents[1], level, tolerance)
        };
        let depositor = Depositor::new(&view, &x, &y, level.degree);
        let moments = by_moments.map(|level| Cells::new(&view, &x, &y, level.degree));
        Ok(Self { view, sigma, options: *options, level, x, y, depositor, moments })
    }

    /// The map of `points`. Runs on the current rayon pool.
    #[must_use]
    pub fn apply(&self, points: &Points<'_>) -> Map {
        let (mut map, mut scratch) = (self.make_map(), self.make_scratch());
        self.apply_into(points, &mut map, &mut scratch);
        map
    }

    /// As [`GaussianPlan::apply`], in place. On one thread the second call allocates nothing.
    pub fn apply_into(&self, points: &Points<'_>, map: &mut Map, scratch: &mut GaussianScratch) {
        let GaussianScratch { raster, workspace, grid } = scratch;
        if raster.is_of(self) {
            raster.clear();
        } else {
            *raster = self.make_raster();
        }
        self.add(raster, points);
        self.finish_with(raster, map, workspace, grid);
    }

    /// A map of no points, for [`GaussianPlan::apply_into`].
    #[must_use]
    pub fn make_map(&self) -> Map {
        let (values, nothing) = (vec![0.0; self.view.pixels()], (Tally::default(), 0.0));
        Map::from_counts(self.view, values, self.options.normalization, nothing, self.level.error)
    }

    /// What [`GaussianPlan::apply_into`] works in.
    #[must_use]
    pub fn make_scratch(&self) -> GaussianScratch {
        GaussianScratch { raster: self.make_raster(), workspace: Workspace::new(), grid: Workspace::new() }
    }

    /// An empty raster of this plan.
    #[must_use]
    pub fn make_raster(&self) -> SmoothRaster {
        SmoothRaster {
            view: self.view,
            sigma: self.sigma,
            tolerance: self.options.tolerance,
            tally: Tally::default(),
            sums: Sums::new(self.cells()),
            moments: Moments::default(),
        }
    }

    /// Adds points to a raster of this plan.
    pub fn add(&self, raster: &mut SmoothRaster, points: &Points<'_>) {
        if points.len() < PARALLEL_POINTS.max(2 * self.cells()) || rayon::current_num_threads() == 1 {
            return self.add_here(raster, points);
        }
        let threads = rayon::current_num_threads();
        let share = points.len().div_ceil(threads);
        let part = |start: usize| {
            let mut own = self.make_raster();
            self.add_here(&mut own, &points.part(start..(start + share).min(points.len())));
            own
        };
        let starts: Vec<usize> = (0..points.len()).step_by(share).collect();
        let parts: Vec<SmoothRaster> = starts.into_par_iter().map(part).collect();
        parts.iter().for_each(|part| raster.take(part));
    }

    /// The map of the points in `raster`.
    #[must_use]
    pub fn finish(&self, raster: &SmoothRaster) -> Map {
        let mut map = self.make_map();
        self.finish_with(raster, &mut map, &mut Workspace::new(), &mut Workspace::new());
        map
    }

    /// Whether threads of the current rayon pool share the work of a map of so many points; less is done before they
    /// have woken up.
    #[must_use]
    pub fn is_shared(&self, points: usize) -> bool {
        let pixels = self.x.padded().max(self.view.width()) * self.y.padded().max(self.view.height());
        points >= PARALLEL_POINTS.max(2 * self.cells()) || filter::is_shared(pixels, [&self.x, &self.y])
    }

    fn cells(&self) -> usize {
        self.x.padded() * self.y.padded()
    }

    fn add_here(&self, raster: &mut SmoothRaster, points: &Points<'_>) {
        if let (Some(cells), None) = (&self.moments, points.weights) {
            let tally = cells.add(points, &mut raster.moments);
            raster.sums.add_ones(tally.points - tally.missing);
            raster.tally.add(tally);
            return;
        }
        for start in (0..points.len()).step_by(ROOM / 2) {
            let part = points.part(start..(start + ROOM / 2).min(points.len()));
            raster.tally.add(self.depositor.add(&part, &mut raster.sums));
        }
    }

    fn finish_with(
        &self,
        raster: &SmoothRaster,
        map: &mut Map,
        workspace: &mut Workspace<f64>,
        grid: &mut Workspace<f64>,
    ) {
        map.values.resize(self.view.pixels(), 0.0);
        (map.view, map.error_bound) = (self.view, self.level.error);
        let counted = (raster.tally, raster.sums.weight());
        map.write_counted(self.options.normalization, counted, |factor, values| {
            if raster.tally.points == 0 {
                return values.fill(0.0);
            }
            let [grid] = grid.fields([self.cells()]);
            raster.sums.values_into(grid);
            if let Some(cells) = &self.moments {
                cells.spread(&raster.moments, workspace, grid);
            }
            filter::evaluate(grid, [&self.x, &self.y], workspace, factor, values);
        });
    }
}

/// Whether a grid is in proportion to the map of `view`.
pub(crate) fn check_grid(view: &View, [width, height]: [f64; 2]) -> Result<(), DensityError> {
    let most = MOST_NODES.min(NODES + NODES_PER_PIXEL * view.pixels() as f64);
    // Rows are padded to whole vectors.
    let bytes = (width + 16.0) * (height + 16.0) * 8.0;
    if bytes <= 8.0 * most {
        return Ok(());
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "too many either way")]
    let [width, height] = [width as u64, height as u64];
    Err(DensityError::GridTooLarge { width, height, bytes })
}

impl SmoothRaster {
    /// Adds what another raster of the same plan holds.
    ///
    /// # Errors
    ///
    /// [`DensityError::DifferentRasters`] if view, sigma or tolerance differ.
    pub fn merge(&mut self, other: &Self) -> Result<(), DensityError> {
        let same = self.view == other.view && self.sigma == other.sigma && self.tolerance == other.tolerance;
        if !same {
            return Err(DensityError::DifferentRasters);
        }
        self.take(other);
        Ok(())
    }

    /// How many points came, and where they went.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.tally
    }

    fn take(&mut self, other: &Self) {
        self.tally.add(other.tally);
        self.sums.merge(&other.sums);
        self.moments.merge(&other.moments);
    }

    fn clear(&mut self) {
        self.tally = Tally::default();
        self.sums.clear();
        self.moments.clear();
    }

    fn is_of(&self, plan: &GaussianPlan) -> bool {
        self.view == plan.view && self.sigma == plan.sigma && self.tolerance == plan.options.tolerance
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Largest error of a lone point over all its places in a cell, over its peak, along one axis and two.
    fn lone_error(tolerance: f64, sigma_px: f64) -> f64 {
        let size = if sigma_px < 4.0 { 25 } else { 141 };
        let view = View::new([0.0, 0.0, size as f64, size as f64], [size, size]).unwrap();
        let options =
            GaussianOptions::default().with_tolerance(tolerance).with_normalization(Normalization::Count);
        let plan = GaussianPlan::new(view, [sigma_px; 2], &options).unwrap();
        let peak = 1.0 / (std::f64::consts::TAU * sigma_px * sigma_px);
        let mut worst = 0.0_f64;
        for step in 0..24 {
            let pitch = sigma_px / plan.level.sigma;
            let x = 0.5 * size as f64 + pitch * f64::from(step) / 24.0;
            let y = 0.5 * size as f64 + pitch * f64::from(step * 7 % 24) / 24.0;
            let map = plan.apply(&Points::new(&[x], &[y]).unwrap());
            for (index, value) in map.values().iter().enumerate() {
                let [cx, cy] = view.centre(index % size, index / size);
                let wanted = peak * (-0.5 * ((cx - x).powi(2) + (cy - y).powi(2)) / sigma_px.powi(2)).exp();
                worst = worst.max((value - wanted).abs() / peak);
            }
        }
        worst
    }

    #[test]
    fn only_large_maps_are_shared_among_threads() {
        let plan = |size: usize| {
            let view = View::new([0.0, 0.0, 1.0, 1.0], [size, size]).unwrap();
            GaussianPlan::new(view, [10.0 / size as f64; 2], &GaussianOptions::default()).unwrap()
        };
        assert!(!plan(256).is_shared(30_000));
        assert!(plan(256).is_shared(PARALLEL_POINTS));
        assert!(plan(2048).is_shared(1));
    }

    #[test]
    fn a_lone_point_is_within_the_tolerance_wherever_it_is() {
        for exponent in 3..=10 {
            let tolerance = 10_f64.powi(-exponent);
            for sigma_px in [0.5, 1.0, 1.7, 4.9, 5.1, 10.0] {
                let error = lone_error(tolerance, sigma_px);
                assert!(error <= tolerance, "{tolerance:e} at {sigma_px} pixels: {error:e}");
            }
        }
    }
}
