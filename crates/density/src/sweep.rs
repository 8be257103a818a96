//! Maps of the same points at many widths.

mod resample;

use hexad_core::{InputError, check_positive};

use crate::exact::tally;
use crate::map::{Map, Normalization};
use crate::{DensityError, GaussianOptions, GaussianPlan, Points, Tally, View};
use resample::resample;

/// Maps of one view and the same points for any width between two, from one pass through the points for every
/// doubling of the width.
///
/// A Gaussian of a Gaussian is a Gaussian: the points are smoothed narrower than any width asked for, and the
/// pixels of that map stand for them from then on. What a map costs depends on the view, not on the number of points:
/// for millions of them, an animation, or a slider. Fewer points than such pixels are kept as they are.
///
/// The first map is off by the tolerance at most, by what is finer than its kernel; the second smooths most of it
/// away, and adds less than a tenth. The same bits for any number of threads; last bits depend on the view.
///
/// # Examples
///
/// ```
/// use hexad_density::{GaussianOptions, Points, Sweep, View, gaussian};
/// let view = View::new([0.0, 0.0, 64.0, 64.0], [64, 64])?;
/// let points = Points::new(&[20.0, 30.0, 80.0], &[30.0, 40.0, 10.0])?;
/// let options = GaussianOptions::default();
/// // Sigma from 2 to 40 pixels.
/// let sweep = Sweep::new(&points, &view, [1.0, 1.0], [2.0, 40.0], &options)?;
/// let (map, separate) = (sweep.map(10.0)?, gaussian(&points, &view, [10.0, 10.0], &options)?);
/// let peak = 3.0 / (std::f64::consts::TAU * 100.0);
/// assert!((map.value(20, 30).unwrap() - separate.value(20, 30).unwrap()).abs() < 2e-5 * peak);
/// # Ok::<(), hexad_density::DensityError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Sweep {
    view: View,
    sigma: [f64; 2],
    factors: [f64; 2],
    options: GaussianOptions,
    /// The points, if some widths need them.
    x: Vec<f64>,
    y: Vec<f64>,
    weights: Option<Vec<f64>>,
    /// Maps that stand for the points, one for each doubling.
    stages: Vec<Stage>,
    tally: Tally,
    weight: f64,
}

/// The points smoothed with `factor` times sigma, in counts.
#[derive(Debug, Clone)]
struct Stage {
    factor: f64,
    map: Map,
}

/// A stage serves widths from this many times its own on: what is left to smooth is as wide as it at least.
const HEADROOM: f64 = std::f64::consts::SQRT_2;

impl Sweep {
    /// Prepares maps with `factor * sigma` for any factor from `factors[0]` to `factors[1]`.
    ///
    /// # Errors
    ///
    /// [`DensityError::Input`] for factors that are not positive and in order, or a tolerance that is not from
    /// 1e-9 to 1e-3; else as [`GaussianPlan::new`] for the narrowest and the widest map.
    pub fn new(
        points: &Points<'_>,
        view: &View,
        sigma: [f64; 2],
        factors: [f64; 2],
        options: &GaussianOptions,
    ) -> Result<Self, DensityError> {
        check_positive("sigma[0]", sigma[0])?;
        check_positive("sigma[1]", sigma[1])?;
        check_positive("factors[0]", factors[0])?;
        check_positive("factors[1]", factors[1])?;
        if factors[1] < factors[0] {
            let (value, allowed) = (factors[1], "factors[0] or above");
            return Err(InputError::OutOfRange { argument: "factors[1]", value, allowed }.into());
        }
        let tolerance = options.tolerance;
        if !(1e-9..=1e-3).contains(&tolerance) {
            let allowed = "from 1e-9 to 1e-3";
            return Err(InputError::OutOfRange { argument: "tolerance", value: tolerance, allowed }.into());
        }
        for factor in factors {
            GaussianPlan::new(*view, sigma.map(|sigma| factor * sigma), options)?;
        }
        let (tally, weight) = tally(points, view);
        let mut sweep = Self {
            view: *view,
            sigma,
            factors,
            options: *options,
            x: points.x.to_vec(),
            y: points.y.to_vec(),
            weights: points.weights.map(<[f64]>::to_vec),
            stages: Vec::new(),
            tally,
            weight,
        };
        sweep.prepare()?;
        Ok(sweep)
    }

    /// The map with `factor * sigma`.
    ///
    /// # Errors
    ///
    /// [`DensityError::Input`] for a factor beyond those prepared for.
    pub fn map(&self, factor: f64) -> Result<Map, DensityError> {
        if !(factor >= self.factors[0] && factor <= self.factors[1]) {
            let allowed = "one of those that the sweep was made for";
            return Err(InputError::OutOfRange { argument: "factor", value: factor, allowed }.into());
        }
        let serves = |stage: &&Stage| stage.factor * HEADROOM <= factor * (1.0 + 1e-12);
        let counts = match self.stages.iter().rev().find(serves) {
            Some(stage) => self.smooth(stage, &self.view, factor),
            None => self.map_of_points(&self.view, factor)?.values,
        };
        let done = (self.tally, self.weight);
        Ok(Map::from_counts(self.view, counts, self.options.normalization, done, self.options.tolerance))
    }

    fn prepare(&mut self) -> Result<(), DensityError> {
        let (mut factor, mut wanted) = (self.factors[0] / HEADROOM, 0);
        while factor * HEADROOM <= self.factors[1] {
            let view = self.stage_view(factor)?;
            wanted += 1;
            if view.pixels() < self.x.len() {
                let map = self.map_of_points(&view, factor)?;
                self.stages.push(Stage { factor, map });
            }
            factor *= 2.0;
        }
        if self.stages.len() == wanted {
            (self.x, self.y, self.weights) = (Vec::new(), Vec::new(), None);
        }
        Ok(())
    }

    /// Pixels fine enough that sums over them are integrals, as far out as maps before the next stage need.
    fn stage_view(&self, factor: f64) -> Result<View, DensityError> {
        // The sum over pixels of a product of Gaussians as wide as this one over HEADROOM at least is off by
        // 4 exp(-2 pi^2 v^2) in two dimensions, v that width in pixels (Poisson).
        let exponent = (80.0 / self.options.tolerance).ln();
        let fineness = HEADROOM * (0.5 * exponent).sqrt() / std::f64::consts::PI;
        // A Gaussian is below a hundredth of the tolerance there.
        let widest = self.factors[1].min(2.0 * HEADROOM * factor);
        let reach = (2.0 * (100.0 / self.options.tolerance).ln()).sqrt() * widest;
        let [x0, y0, x1, y1] = self.view.bounds();
        let axis = |low: f64, high: f64, sigma: f64| {
            let pitch = factor * sigma / fineness;
            let extent = high - low + 2.0 * reach * sigma;
            let count = (extent / pitch).ceil().max(1.0);
            let middle = 0.5 * (low + high);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "refused by View")]
            let pixels = count.min(f64::from(u32::MAX)) as usize;
            (middle - 0.5 * count * pitch, middle + 0.5 * count * pitch, pixels)
        };
        let (left, right, width) = axis(x0, x1, self.sigma[0]);
        let (bottom, top, height) = axis(y0, y1, self.sigma[1]);
        View::new([left, bottom, right, top], [width, height])
    }

    fn map_of_points(&self, view: &View, factor: f64) -> Result<Map, DensityError> {
        let options = self.options.with_normalization(Normalization::Count);
        let plan = GaussianPlan::new(*view, self.sigma.map(|sigma| factor * sigma), &options)?;
        Ok(plan.apply(&Points { x: &self.x, y: &self.y, weights: self.weights.as_deref() }))
    }

    /// Counts in the pixels of `view`, from a stage on to `factor`.
    fn smooth(&self, from: &Stage, view: &View, factor: f64) -> Vec<f64> {
        let left = (factor * factor - from.factor * from.factor).sqrt();
        resample(&from.map, view, self.sigma.map(|sigma| left * sigma))
    }
}
