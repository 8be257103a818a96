//! Smooth maps of points that can only be inside a rectangle.

use std::f64::consts::SQRT_2;

use hexad_core::{InputError, check_finite};

use crate::exact::tally;
use crate::map::{Map, Normalization};
use crate::{DensityError, GaussianOptions, GaussianPlan, Points, View};

/// How the part of a kernel that reaches beyond the rectangle is made good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum EdgeCorrection {
    /// Values are divided by the share of a kernel at their own place that is inside: evenly spread points give
    /// an even map (Diggle 1985, eq. 2).
    #[default]
    Uniform,
    /// Points are divided by the share of their own kernel that is inside: every point counts as 1 (Diggle
    /// 1985; Jones 1993).
    Diggle,
}

impl EdgeCorrection {
    /// The map of the points in the rectangle `support = [x0, y0, x1, y1]`, whatever the view shows of it: at
    /// pixels outside it 0, inside the sum of Gaussians of `sigma` data units, corrected.
    ///
    /// Points outside do not count: [`Map::weight`] is that of the points inside. The share of a kernel at (x, y)
    /// that is inside is a product of `(erf((x1 - x) / (sqrt(2) sx)) - erf((x0 - x) / (sqrt(2) sx))) / 2` along
    /// both axes; at a corner it is a quarter, so that the map is made within a quarter of the tolerance.
    ///
    /// # Errors
    ///
    /// [`DensityError::EmptyView`] for a rectangle without extent; else as [`GaussianPlan::new`], where the tolerance
    /// times the share at a corner must be 1e-10 at least.
    ///
    /// # Examples
    ///
    /// ```
    /// use hexad_density::{EdgeCorrection, GaussianOptions, Points, View};
    /// let view = View::new([0.0, 0.0, 1.0, 1.0], [100, 100])?;
    /// let points = Points::new(&[0.0], &[0.5])?;
    /// let (options, support) = (GaussianOptions::default(), [0.0, 0.0, 1.0, 1.0]);
    /// let map = EdgeCorrection::Diggle.map(&points, &view, [0.1, 0.1], support, &options)?;
    /// // Half the kernel is inside, and counts twice.
    /// assert!((map.sum() * view.pixel_area() - 1.0).abs() < 1e-3);
    /// # Ok::<(), hexad_density::DensityError>(())
    /// ```
    ///
    /// # References
    ///
    /// P. J. Diggle, Applied Statistics 34(2), 1985; M. C. Jones, Statistics and Computing 3, 1993.
    pub fn map(
        self,
        points: &Points<'_>,
        view: &View,
        sigma: [f64; 2],
        support: [f64; 4],
        options: &GaussianOptions,
    ) -> Result<Map, DensityError> {
        let support = Support::new(support, sigma)?;
        let least = support.share([support.low[0], support.low[1]]);
        let tolerance = options.tolerance * least;
        let inner = options.with_tolerance(tolerance).with_normalization(Normalization::Count);
        if tolerance < 1e-10 && options.tolerance >= 1e-10 {
            let allowed = "1e-10 over the share of a kernel at a corner, or above";
            return Err(
                InputError::OutOfRange { argument: "tolerance", value: options.tolerance, allowed }.into()
            );
        }
        let plan = GaussianPlan::new(*view, sigma, &inner)?;
        let kept = support.keep(points, self);
        let mut counts = plan.apply(&Points { x: &kept.x, y: &kept.y, weights: Some(&kept.weights) }).values;
        support.finish(view, self, &mut counts);
        let (tally, _) = tally(points, view);
        Ok(Map::from_counts(*view, counts, options.normalization, (tally, kept.weight), options.tolerance))
    }
}

/// A rectangle, and how much of a kernel is in it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Support {
    low: [f64; 2],
    high: [f64; 2],
    sigma: [f64; 2],
}

/// The points inside, their weights corrected, and what they weighed before.
struct Kept {
    x: Vec<f64>,
    y: Vec<f64>,
    weights: Vec<f64>,
    weight: f64,
}

impl Support {
    pub fn new(rectangle: [f64; 4], sigma: [f64; 2]) -> Result<Self, DensityError> {
        check_finite("support", &rectangle)?;
        let [x0, y0, x1, y1] = rectangle;
        for (axis, low, high) in [("x", x0, x1), ("y", y0, y1)] {
            if low >= high {
                return Err(DensityError::EmptyView { axis, low, high });
            }
        }
        Ok(Self { low: [x0, y0], high: [x1, y1], sigma })
    }

    pub fn contains(&self, [x, y]: [f64; 2]) -> bool {
        x >= self.low[0] && x <= self.high[0] && y >= self.low[1] && y <= self.high[1]
    }

    /// Share of a kernel at `place` that is inside.
    pub fn share(&self, place: [f64; 2]) -> f64 {
        self.share_along(0, place[0]) * self.share_along(1, place[1])
    }

    fn share_along(&self, axis: usize, at: f64) -> f64 {
        let scale = 1.0 / (SQRT_2 * self.sigma[axis]);
        // From the place both ways: the tails are added, never taken from 1.
        0.5 * (libm::erf((self.high[axis] - at) * scale) + libm::erf((at - self.low[axis]) * scale))
    }

    fn keep(&self, points: &Points<'_>, correction: EdgeCorrection) -> Kept {
        let mut kept = Kept { x: Vec::new(), y: Vec::new(), weights: Vec::new(), weight: 0.0 };
        for (x, y, weight) in points.present().filter(|point| self.contains([point.0, point.1])) {
            kept.x.push(x);
            kept.y.push(y);
            kept.weight += weight;
            kept.weights.push(match correction {
                EdgeCorrection::Diggle => weight / self.share([x, y]),
                EdgeCorrection::Uniform => weight,
            });
        }
        kept
    }

    /// Pixels outside become 0; the others are divided by their share.
    fn finish(&self, view: &View, correction: EdgeCorrection, values: &mut [f64]) {
        let shares = |axis: usize, centre: &dyn Fn(usize) -> f64, count: usize| -> Vec<f64> {
            let factor = |index: usize| {
                let at = centre(index);
                match correction {
                    _ if at < self.low[axis] || at > self.high[axis] => 0.0,
                    EdgeCorrection::Uniform => 1.0 / self.share_along(axis, at),
                    EdgeCorrection::Diggle => 1.0,
                }
            };
            (0..count).map(factor).collect()
        };
        let along = shares(0, &|column| view.centre(column, 0)[0], view.width());
        let down = shares(1, &|row| view.centre(0, row)[1], view.height());
        for (row, down) in values.chunks_exact_mut(view.width()).zip(down) {
            row.iter_mut().zip(&along).for_each(|(value, along)| *value *= along * down);
        }
    }
}
