//! Unevenly spaced samples: sorting, cleaning, and from kernel sums to the smooth.

use std::borrow::Cow;

use hexad_core::{GaussianKernel, Truncation, check_positive};

use crate::SmoothError;
use crate::convert::to_i32;
use crate::fit::{own_share, solve, spread};
use crate::irregular::{Block, Engine, Request, Samples};
use crate::options::{Method, Missing, SmoothOptions};

/// Beyond this many sigmas a weight is less than the smallest number.
const LAST_WEIGHT: f64 = 39.0;

/// A smoother of samples at any x.
#[derive(Debug, Clone)]
pub(crate) struct IrregularPlan<'a> {
    options: SmoothOptions,
    kernel: GaussianKernel,
    x: Sorted<'a>,
    /// `None`: at the samples.
    targets: Option<Sorted<'a>>,
    engine: Engine,
}

/// Numbers in rising order, and where each came from if they were not given so.
#[derive(Debug, Clone)]
struct Sorted<'a> {
    values: Cow<'a, [f64]>,
    order: Option<Vec<usize>>,
}

/// Samples, and what is known of all of them.
struct Input<'a> {
    samples: Samples<'a>,
    largest_weight: f64,
    /// Largest |y| over the largest |value|: the sums' errors are relative to the latter.
    relief: f64,
}

/// Leave-one-out and variance sums over the samples: see [`IrregularPlan::residuals`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Residuals {
    /// Standard error per residual standard deviation, and effective number, in the order of the samples.
    pub spreads: Vec<(f64, f64)>,
    /// Weighted sum of squared residuals.
    pub residual: f64,
    /// `trace((I - S)^T (I - S))`.
    pub freedom: f64,
}

impl<'a> IrregularPlan<'a> {
    pub fn new(
        x: Cow<'a, [f64]>,
        targets: Option<Cow<'a, [f64]>>,
        sigma: f64,
        options: &SmoothOptions,
    ) -> Result<Self, SmoothError> {
        check_positive("sigma", sigma)?;
        GaussianKernel::new(sigma, options.truncation)?;
        // Farther off all weights are 0, but tables grow with the radius.
        let truncation = match options.truncation {
            Truncation::Sigmas(sigmas) => Truncation::Sigmas(sigmas.min(LAST_WEIGHT)),
            other => other,
        };
        let kernel = GaussianKernel::new(sigma, truncation)?;
        let (x, targets) = (Sorted::new(x), targets.map(Sorted::new));
        let mut plan = Self { options: *options, kernel, x, targets, engine: Engine::Window };
        plan.engine = match options.method {
            Method::Direct => Engine::Window,
            Method::Recursive if options.degree() > 1 => {
                return Err(SmoothError::MethodCannot {
                    method: "recursive",
                    what: "derivatives above the first",
                });
            }
            Method::Recursive => Engine::Exponentials,
            _ => plan.request(&plan.input(&[], None)).engine(),
        };
        Ok(plan)
    }

    pub fn len(&self) -> usize {
        self.x.values.len()
    }

    pub fn has_targets(&self) -> bool {
        self.targets.is_some()
    }

    pub fn output_len(&self) -> usize {
        self.targets().values.len()
    }

    pub fn method(&self) -> Method {
        match self.engine {
            Engine::Window => Method::Direct,
            Engine::Exponentials => Method::Recursive,
        }
    }

    /// Smooths; returns the bound of the error, relative to the largest |y|.
    pub fn run(&self, y: &[f64], weights: Option<&[f64]>, out: &mut [f64]) -> f64 {
        let input = self.input(y, weights);
        let floor = self.options.min_weight * input.largest_weight;
        let (degree, derivative) = (self.options.degree(), self.options.derivative);
        let scale = self.kernel.sigma().powi(to_i32(derivative)).recip();
        let offset = if derivative == 0 { input.samples.offset } else { 0.0 };
        let targets = self.targets();
        let bound = self.request(&input).run(self.engine, &mut |block| {
            for (place, target) in block.range().enumerate() {
                let present = block.weights[0][place];
                out[targets.origin(target)] = if present < floor || present <= 0.0 {
                    f64::NAN
                } else if degree == 0 {
                    offset + block.values[0][place] / present
                } else {
                    offset + scale * solve(&block.sums(place), degree, derivative)
                };
            }
        });
        if self.options.missing == Missing::Propagate {
            self.poison(y, out);
        }
        bound / input.relief
    }

    /// Residuals of the smooth at its own samples and how they spread: what standard errors are made of.
    pub fn residuals(&self, y: &[f64], weights: Option<&[f64]>) -> Residuals {
        let input = self.input(y, weights);
        let degree = self.options.degree();
        let floor = self.options.min_weight * input.largest_weight;
        let mut found = Residuals { spreads: vec![(f64::NAN, f64::NAN); self.len()], ..Residuals::default() };
        self.each_sample(&input, true, |block, place, sample| {
            let sums = block.sums(place);
            if sums.weights[0] < floor || sums.weights[0] <= 0.0 {
                return;
            }
            let (per_sd, effective_n) = spread(&sums, degree);
            found.spreads[self.x.origin(sample)] = (per_sd, effective_n);
            let (weight, value) = input.samples.sample(sample);
            if weight > 0.0 {
                let difference = value - solve(&sums, degree, 0);
                found.residual += weight * difference * difference;
                found.freedom += 1.0 - 2.0 * weight * own_share(&sums, degree) + weight * per_sd * per_sd;
            }
        });
        found
    }

    /// Leave-one-out error: see [`crate::direct::leave_one_out`].
    pub fn leave_one_out(&self, y: &[f64], weights: Option<&[f64]>) -> f64 {
        let input = self.input(y, weights);
        let degree = self.options.degree();
        let floor = self.options.min_weight * input.largest_weight;
        let (mut sum, mut total) = (0.0, 0.0);
        self.each_sample(&input, false, |block, place, sample| {
            let (sums, (weight, value)) = (block.sums(place), input.samples.sample(sample));
            let share = weight * own_share(&sums, degree);
            if weight > 0.0 && sums.weights[0] - weight >= floor && share < 1.0 {
                let difference = value - solve(&sums, degree, 0);
                sum += weight * (difference / (1.0 - share)).powi(2);
                total += weight;
            }
        });
        sum / total
    }

    fn each_sample(&self, input: &Input, squares: bool, mut each: impl FnMut(&Block, usize, usize)) {
        let request = Request { targets: &self.x.values, squares, ..self.request(input) };
        request.run(self.engine, &mut |block| {
            for (place, sample) in block.range().enumerate() {
                each(block, place, sample);
            }
        });
    }

    fn request<'r>(&'r self, input: &Input<'r>) -> Request<'r> {
        Request {
            samples: input.samples,
            targets: &self.targets().values,
            kernel: self.kernel,
            side: self.options.side,
            degree: self.options.degree(),
            derivative: self.options.derivative,
            squares: false,
            tolerance: (self.options.tolerance * input.relief).min(1.0),
            least_weight: self.options.min_weight * input.largest_weight,
        }
    }

    fn targets(&self) -> &Sorted<'a> {
        self.targets.as_ref().unwrap_or(&self.x)
    }

    /// The first finite y is taken off, so that constants come back exactly and a large common offset costs
    /// no digits.
    fn input<'r>(&'r self, y: &'r [f64], weights: Option<&'r [f64]>) -> Input<'r> {
        let offset = y.iter().copied().find(|y| y.is_finite()).unwrap_or(0.0);
        let largest_weight = weights.map_or(1.0, |weights| weights.iter().copied().fold(0.0, f64::max));
        let largest = |offset: f64| {
            y.iter().map(|y| (y - offset).abs()).filter(|size| size.is_finite()).fold(0.0, f64::max)
        };
        let relief = match (largest(0.0), largest(offset)) {
            (of_y, of_values) if of_y > 0.0 && of_values > 0.0 => of_y / of_values,
            _ => 1.0,
        };
        let samples = Samples { x: &self.x.values, y, weights, order: self.x.order.as_deref(), offset };
        Input { samples, largest_weight, relief }
    }

    /// NaN wherever a missing sample is in reach.
    fn poison(&self, y: &[f64], out: &mut [f64]) {
        let (targets, radius) = (self.targets(), self.kernel.visible_radius());
        let missing = (0..y.len()).filter(|&place| !y[self.x.origin(place)].is_finite());
        for x in missing.map(|place| self.x.values[place]) {
            let first = targets.values.partition_point(|&target| target < x && (x - target).abs() > radius);
            let reached = targets.values[first..]
                .iter()
                .take_while(|&&target| target <= x || (x - target).abs() <= radius);
            for place in first..first + reached.count() {
                let is_past = x <= targets.values[place];
                if is_past || self.options.side == crate::Side::Both {
                    out[targets.origin(place)] = f64::NAN;
                }
            }
        }
    }
}

impl<'a> Sorted<'a> {
    fn new(values: Cow<'a, [f64]>) -> Self {
        if values.is_sorted() {
            return Self { values, order: None };
        }
        let mut order: Vec<usize> = (0..values.len()).collect();
        order.sort_by(|&a, &b| values[a].total_cmp(&values[b]));
        let sorted = order.iter().map(|&origin| values[origin]).collect();
        Self { values: Cow::Owned(sorted), order: Some(order) }
    }

    /// Where the element at `place` came from.
    fn origin(&self, place: usize) -> usize {
        self.order.as_ref().map_or(place, |order| order[place])
    }
}
