//! Smooth maps: a Gaussian on every point, within a stated error.

mod axis;
mod deposit;
mod filter;
mod level;
mod spline;

use hexad_core::{InputError, check_positive};
use rayon::prelude::*;

use crate::map::{Map, Normalization};
use crate::{DensityError, Points, Tally, View};
use axis::GridAxis;
use deposit::Depositor;
use level::Level;

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
/// pixels are read from it by a filter that is the same for every sigma: the cost hardly depends on sigma. The
/// order of points without weights, their division and the threads do not change a bit; nor does what else the
/// view shows. With weights, or a tolerance below 2e-6, the order of the points changes last bits.
///
/// A kernel narrower than a pixel is right at the pixels' centres, but a sum over them no longer finds its mass;
/// from 1.2 pixels on mass is kept to 1e-12.
#[derive(Debug, Clone)]
pub struct GaussianPlan {
    view: View,
    sigma: [f64; 2],
    options: GaussianOptions,
    level: &'static Level,
    x: GridAxis,
    y: GridAxis,
    exact: Depositor,
    weighted: Depositor,
}

/// Points on their way to a smooth map: added in any number of calls, merged from several.
#[derive(Debug, Clone)]
pub struct SmoothRaster {
    view: View,
    sigma: [f64; 2],
    tolerance: f64,
    tally: Tally,
    weight: f64,
    /// Whole parts of sums that are multiples of a quantum, and what is left: their sum is exact.
    whole: Vec<f64>,
    rest: Vec<f64>,
}

/// Bits of a spline's weight behind the point, where sums are exact: products are multiples of 2^-36.
const WEIGHT_BITS: i32 = 18;
/// Points whose exact sums fit 53 bits: 2^(53 - 36).
const PART: usize = 1 << 17;
/// Tolerance below which rounding to [`WEIGHT_BITS`] would show.
const EXACT_FROM: f64 = 2e-6;
const MOST_CELLS: usize = 1 << 31;

impl GaussianPlan {
    /// Plans maps of `view` with `sigma = [along x, along y]`, in data units.
    ///
    /// # Errors
    ///
    /// [`DensityError::BandwidthTooSmall`] below a fifth of a pixel, [`DensityError::Input`] for a sigma or
    /// tolerance out of range, [`DensityError::TooLarge`] if grid or map are too large.
    pub fn new(view: View, sigma: [f64; 2], options: &GaussianOptions) -> Result<Self, DensityError> {
        check_positive("sigma[0]", sigma[0])?;
        check_positive("sigma[1]", sigma[1])?;
        let tolerance = options.tolerance;
        if !(1e-10..=1e-3).contains(&tolerance) {
            let allowed = "from 1e-10 to 1e-3";
            return Err(InputError::OutOfRange { argument: "tolerance", value: tolerance, allowed }.into());
        }
        let level = Level::for_tolerance(tolerance);
        let x = GridAxis::new("x", &view.x, sigma[0], level, tolerance)?;
        // A square view has two axes alike.
        let same = sigma[0] == sigma[1]
            && [view.x.step, view.x.first as f64, view.x.len as f64]
                == [view.y.step, view.y.first as f64, view.y.len as f64];
        let y = if same {
            GridAxis { origin: view.y.origin, ..x.clone() }
        } else {
            GridAxis::new("y", &view.y, sigma[1], level, tolerance)?
        };
        let most = x.padded().max(view.width()).saturating_mul(y.padded().max(view.height()));
        if most > MOST_CELLS {
            let [width, height] = [x.padded(), y.padded()].map(|nodes| nodes as u64);
            return Err(DensityError::TooLarge { width, height, bytes: most as f64 * 8.0 });
        }
        let quantum = 1.5 * f64::from(52 - WEIGHT_BITS).exp2();
        let weighted = Depositor::new(&view, &x, &y, level.degree, None);
        let rounding = (tolerance >= EXACT_FROM).then_some(quantum);
        let exact = Depositor::new(&view, &x, &y, level.degree, rounding);
        Ok(Self { view, sigma, options: *options, level, x, y, exact, weighted })
    }

    /// The map of `points`. Runs on the current rayon pool.
    #[must_use]
    pub fn apply(&self, points: &Points<'_>) -> Map {
        let mut raster = self.make_raster();
        self.add(&mut raster, points);
        self.finish(&raster)
    }

    /// An empty raster of this plan.
    #[must_use]
    pub fn make_raster(&self) -> SmoothRaster {
        SmoothRaster {
            view: self.view,
            sigma: self.sigma,
            tolerance: self.options.tolerance,
            tally: Tally::default(),
            weight: 0.0,
            whole: Vec::new(),
            rest: Vec::new(),
        }
    }

    /// Adds points to a raster of this plan.
    pub fn add(&self, raster: &mut SmoothRaster, points: &Points<'_>) {
        let depositor = if points.weights.is_some() { &self.weighted } else { &self.exact };
        let starts: Vec<usize> = (0..points.len()).step_by(PART).collect();
        let cells = self.x.padded() * (self.y.padded());
        let part = |start: &usize| {
            let mut grid = vec![0.0; cells];
            let part = points.part(*start..(start + PART).min(points.len()));
            let (tally, weight) = depositor.add(&part, &mut grid);
            (tally, weight, grid)
        };
        // Parts are fixed and added in order: threads change nothing.
        for wave in starts.chunks(rayon::current_num_threads()) {
            let parts: Vec<_> = match wave {
                [only] => vec![part(only)],
                several => several.par_iter().map(part).collect(),
            };
            for (tally, weight, grid) in parts {
                raster.tally.add(tally);
                raster.weight += weight;
                raster.add_grid(grid);
            }
        }
    }

    /// The map of the points in `raster`.
    #[must_use]
    pub fn finish(&self, raster: &SmoothRaster) -> Map {
        let values = if raster.rest.is_empty() {
            vec![0.0; self.view.pixels()]
        } else if raster.whole.is_empty() {
            filter::evaluate(&raster.rest, &self.x, &self.y, self.level.taps())
        } else {
            let sums: Vec<f64> = raster.whole.iter().zip(&raster.rest).map(|(a, b)| a + b).collect();
            filter::evaluate(&sums, &self.x, &self.y, self.level.taps())
        };
        let done = (raster.tally, raster.weight);
        Map::from_counts(self.view, values, self.options.normalization, done, self.level.error)
    }
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
        self.tally.add(other.tally);
        self.weight += other.weight;
        if !other.rest.is_empty() {
            self.add_grid(other.rest.clone());
        }
        if !other.whole.is_empty() {
            self.whole.resize(other.whole.len(), 0.0);
            self.whole.iter_mut().zip(&other.whole).for_each(|(a, b)| *a += b);
        }
        Ok(())
    }

    /// How many points came, and where they went.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.tally
    }

    fn add_grid(&mut self, grid: Vec<f64>) {
        if self.rest.is_empty() {
            self.rest = grid;
            return;
        }
        self.whole.resize(self.rest.len(), 0.0);
        for ((whole, rest), more) in self.whole.iter_mut().zip(&mut self.rest).zip(grid) {
            let sum = *rest + more;
            let carried = sum.round_ties_even();
            *whole += carried;
            *rest = sum - carried;
        }
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
    fn a_lone_point_is_within_the_tolerance_wherever_it_is() {
        for exponent in 3..=10 {
            let tolerance = 10_f64.powi(-exponent);
            for sigma_px in [0.5, 1.0, 1.7, 6.3, 10.0] {
                let error = lone_error(tolerance, sigma_px);
                assert!(error <= tolerance, "{tolerance:e} at {sigma_px} pixels: {error:e}");
            }
        }
    }
}
