//! Kernels that are wide where points are few and narrow where they are many.

mod ladder;
mod pilot;

use hexad_core::{InputError, check_positive};

use crate::map::{Map, Normalization};
use crate::{DensityError, GaussianOptions, GaussianPlan, Points, Tally, View};
use ladder::{Ladder, STENCIL};

/// Settings of [`adaptive`] and [`Adaptive`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct AdaptiveOptions {
    /// How much widths follow the density: 0 not at all, 1/2 by Abramson's law. From 0 to 1. Default 0.5.
    pub sensitivity: f64,
    /// Least and largest width, in units of sigma. Default 0.1 to 10.
    pub limits: [f64; 2],
    /// Largest error of a value, relative to the sum of the peaks of all kernels. From 1e-9 to 1e-3. Default 1e-5.
    pub tolerance: f64,
    /// What the values mean. Default [`Normalization::Density`].
    pub normalization: Normalization,
}

impl Default for AdaptiveOptions {
    fn default() -> Self {
        Self { sensitivity: 0.5, limits: [0.1, 10.0], tolerance: 1e-5, normalization: Normalization::Density }
    }
}

impl AdaptiveOptions {
    /// Sets [`AdaptiveOptions::sensitivity`].
    #[must_use]
    pub fn with_sensitivity(mut self, sensitivity: f64) -> Self {
        self.sensitivity = sensitivity;
        self
    }

    /// Sets [`AdaptiveOptions::limits`].
    #[must_use]
    pub fn with_limits(mut self, limits: [f64; 2]) -> Self {
        self.limits = limits;
        self
    }

    /// Sets [`AdaptiveOptions::tolerance`].
    #[must_use]
    pub fn with_tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Sets [`AdaptiveOptions::normalization`].
    #[must_use]
    pub fn with_normalization(mut self, normalization: Normalization) -> Self {
        self.normalization = normalization;
        self
    }
}

/// The map of `points` with a Gaussian on each whose width follows the density around it: [`Adaptive`] for one view.
///
/// # Errors
///
/// As [`Adaptive::new`] and [`Adaptive::map`].
pub fn adaptive(
    points: &Points<'_>,
    view: &View,
    sigma: [f64; 2],
    options: &AdaptiveOptions,
) -> Result<Map, DensityError> {
    Adaptive::new(points, sigma, options)?.map(view)
}

/// Points with a kernel of its own width on each, for maps of any view.
///
/// The width of a point is `sigma (p / g)^(-sensitivity)`, p the density of all points there with Gaussians of
/// `sigma`, g its geometric mean over the points; both weighed as the points are.
///
/// Widths stand on a geometric ladder: a point is shared among six rungs by Lagrange's polynomials in the
/// logarithm of its width, and every rung is a [`crate::gaussian()`] map. Threads do not change a bit; the order of
/// the points changes last ones.
///
/// # Examples
///
/// ```
/// use hexad_density::{Adaptive, AdaptiveOptions, Points, View};
/// // Three points close together, and one apart: there the kernel is wider.
/// let points = Points::new(&[1.0, 1.1, 1.2, 8.0], &[5.0, 5.1, 4.9, 5.0])?;
/// let adaptive = Adaptive::new(&points, [1.0, 1.0], &AdaptiveOptions::default())?;
/// let factors = adaptive.factors();
/// assert!(factors[3] > 1.2 && factors[..3].iter().all(|factor| *factor < 1.0));
/// let map = adaptive.map(&View::new([0.0, 0.0, 10.0, 10.0], [100, 100])?)?;
/// assert!(map.error_bound() <= 1e-5);
/// # Ok::<(), hexad_density::DensityError>(())
/// ```
///
/// # References
///
/// I. S. Abramson, Annals of Statistics 10(4), 1982; B. W. Silverman, Density Estimation, 1986, section 5.3.
#[derive(Debug, Clone)]
pub struct Adaptive {
    sigma: [f64; 2],
    options: AdaptiveOptions,
    ladder: Ladder,
    /// The points that are not missing by their place on the ladder, narrow ones first.
    x: Vec<f64>,
    y: Vec<f64>,
    weights: Vec<f64>,
    /// Rung below or at each width, and how far above it.
    rungs: Vec<i64>,
    above: Vec<f64>,
    /// For each point given its place in the order above; none for missing ones.
    order: Vec<Option<usize>>,
    weight: f64,
}

impl Adaptive {
    /// Finds the widths of `points` around `sigma = [along x, along y]` data units.
    ///
    /// The density at the points is within 2e-8 of what all points nearby would make in one place.
    ///
    /// # Errors
    ///
    /// [`DensityError::Input`] for a sigma, sensitivity, tolerance or limits out of range, a negative weight, or
    /// coordinates above 2^40 sigmas.
    pub fn new(
        points: &Points<'_>,
        sigma: [f64; 2],
        options: &AdaptiveOptions,
    ) -> Result<Self, DensityError> {
        check(points, sigma, options)?;
        let present: Vec<[f64; 3]> = points.present().map(|(x, y, weight)| [x, y, weight]).collect();
        let densities = pilot::densities(&present, sigma)?;
        let factors = factors(&present, &densities, options);
        Ok(Self::of_factors(points, &present, &factors, sigma, options))
    }

    /// From the widths over sigma of the points that are not missing.
    pub(crate) fn of_factors(
        points: &Points<'_>,
        present: &[[f64; 3]],
        factors: &[f64],
        sigma: [f64; 2],
        options: &AdaptiveOptions,
    ) -> Self {
        let ladder = Ladder::new(0.5 * options.tolerance);
        let places: Vec<(i64, f64)> = factors.iter().map(|factor| ladder.place(*factor)).collect();
        let mut sorted: Vec<usize> = (0..present.len()).collect();
        sorted.sort_by_key(|index| places[*index].0);
        let mut order = vec![None; points.len()];
        for (given, position) in points.indices().zip(inverse(&sorted)) {
            order[given] = Some(position);
        }
        let column = |axis: usize| sorted.iter().map(|index| present[*index][axis]).collect();
        Self {
            sigma,
            options: *options,
            ladder,
            x: column(0),
            y: column(1),
            weights: column(2),
            rungs: sorted.iter().map(|index| places[*index].0).collect(),
            above: sorted.iter().map(|index| places[*index].1).collect(),
            order,
            weight: present.iter().map(|point| point[2]).sum(),
        }
    }

    /// Width of each point over sigma, in the order given; NaN for missing points.
    #[must_use]
    pub fn factors(&self) -> Vec<f64> {
        let factor = |at: &Option<usize>| {
            at.map_or(f64::NAN, |at| self.ladder.factor(self.rungs[at] as f64 + self.above[at]))
        };
        self.order.iter().map(factor).collect()
    }

    /// The map of a view. Runs on the current rayon pool.
    ///
    /// # Errors
    ///
    /// As [`GaussianPlan::new`] for the narrowest kernel: zoom in, or raise the lower limit.
    pub fn map(&self, view: &View) -> Result<Map, DensityError> {
        let mut counts = vec![0.0; view.pixels()];
        let stencils = [self.rungs.first(), self.rungs.last()].map(|rung| rung.copied().unwrap_or(0));
        for rung in stencils[0] + STENCIL[0]..=stencils[1] + STENCIL[1] {
            let from = self.rungs.partition_point(|base| base + STENCIL[1] < rung);
            let to = self.rungs.partition_point(|base| base + STENCIL[0] <= rung);
            let shares: Vec<f64> = (from..to)
                .map(|at| self.weights[at] * ladder::share(rung - self.rungs[at], self.above[at]))
                .collect();
            if shares.iter().all(|share| *share == 0.0) {
                continue;
            }
            let points = Points { x: &self.x[from..to], y: &self.y[from..to], weights: Some(&shares) };
            let map = self.plan(view, rung)?.apply(&points);
            counts.iter_mut().zip(map.values()).for_each(|(sum, value)| *sum += value);
        }
        let done = (self.tally(view), self.weight);
        Ok(Map::from_counts(*view, counts, self.options.normalization, done, self.options.tolerance))
    }

    /// A third of the tolerance: the shares of a point have sizes that sum to 1.5 at most, peaks counted in.
    fn plan(&self, view: &View, rung: i64) -> Result<GaussianPlan, DensityError> {
        let options = GaussianOptions::default()
            .with_tolerance(self.options.tolerance / 3.0)
            .with_normalization(Normalization::Count);
        let factor = self.ladder.factor(rung as f64);
        GaussianPlan::new(*view, self.sigma.map(|sigma| factor * sigma), &options)
    }

    fn tally(&self, view: &View) -> Tally {
        let inside = self.x.iter().zip(&self.y).filter(|(x, y)| view.pixel_of(**x, **y).is_some()).count();
        let missing = self.order.len() - self.x.len();
        Tally { points: self.order.len() as u64, inside: inside as u64, missing: missing as u64 }
    }
}

fn check(points: &Points<'_>, sigma: [f64; 2], options: &AdaptiveOptions) -> Result<(), DensityError> {
    check_positive("sigma[0]", sigma[0])?;
    check_positive("sigma[1]", sigma[1])?;
    check_positive("limits[0]", options.limits[0])?;
    check_positive("limits[1]", options.limits[1])?;
    let refused = |argument, value, allowed| {
        Err(DensityError::from(InputError::OutOfRange { argument, value, allowed }))
    };
    if !(0.0..=1.0).contains(&options.sensitivity) {
        return refused("sensitivity", options.sensitivity, "from 0 to 1");
    }
    if !(1e-9..=1e-3).contains(&options.tolerance) {
        return refused("tolerance", options.tolerance, "from 1e-9 to 1e-3");
    }
    if options.limits[1] < options.limits[0] {
        return refused("limits[1]", options.limits[1], "limits[0] or above");
    }
    let negative = |(index, weight): (usize, &f64)| (*weight < 0.0).then_some((index, *weight));
    if let Some((index, value)) = points.weights.and_then(|all| all.iter().enumerate().find_map(negative)) {
        let allowed = ">= 0 for kernels of different widths";
        return Err(InputError::ElementOutOfRange { argument: "weights", index, value, allowed }.into());
    }
    Ok(())
}

/// Of its own standard deviations, how far from a pixel's centre a point counts at this tolerance.
pub(crate) fn ladder_reach(tolerance: f64) -> f64 {
    let widest = Ladder::new(0.5 * tolerance).factor(STENCIL[1] as f64);
    widest * crate::gaussian::reach_in_sigmas(tolerance / 3.0)
}

/// Widths over sigma from the densities at the points.
pub(crate) fn factors(points: &[[f64; 3]], densities: &[f64], options: &AdaptiveOptions) -> Vec<f64> {
    let (mut logs, mut sum) = (0.0, 0.0);
    for ([_, _, weight], density) in points.iter().zip(densities) {
        if *weight > 0.0 {
            logs += weight * density.ln();
            sum += weight;
        }
    }
    let mean = if sum > 0.0 { logs / sum } else { 0.0 };
    let factor = |density: &f64| {
        // Where a point without weight is alone there is no density, and the widest kernel.
        let log = if *density > 0.0 { density.ln() } else { f64::NEG_INFINITY };
        let exponent = if options.sensitivity == 0.0 { 0.0 } else { -options.sensitivity * (log - mean) };
        exponent.exp().clamp(options.limits[0], options.limits[1])
    };
    densities.iter().map(factor).collect()
}

/// Where each index went.
fn inverse(order: &[usize]) -> Vec<usize> {
    let mut positions = vec![0; order.len()];
    order.iter().enumerate().for_each(|(position, index)| positions[*index] = position);
    positions
}
