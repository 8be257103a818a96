//! One door for 1-D data: even or uneven, any option.

use std::borrow::Cow;

use hexad_core::{
    Boundary, GaussianKernel, Spacing, UniformAxis, check_finite, check_length, check_not_negative,
    check_positive, check_step, detect_spacing,
};

use crate::convert::to_i32;
use crate::irregular_plan::IrregularPlan;
use crate::options::{Method, Missing, Side, SmoothOptions};
use crate::statistics::{Statistics, check_statistics};
use crate::uniform::{Source, UniformPlan, UniformScratch};
use crate::{InputError, SmoothError};

/// A smoother planned for one set of x, one sigma and one set of options; applied to any number of y.
///
/// The output at `x` is the value (or derivative) at `x` of the polynomial fitted by least squares to the
/// samples in reach, weighted with `exp(-(x_j - x)^2 / (2 sigma^2))` times their own weights: of degree 0
/// for [`crate::Fit::Constant`], 1 for [`crate::Fit::Linear`], and at least the order of the derivative.
/// With a boundary that extends the signal (all but [`Boundary::Renormalize`]) and a constant fit it is the
/// convolution of the extended signal with the normalized kernel or its derivative, as in SciPy.
///
/// # Examples
///
/// ```
/// use hexad_smoothing::{SmoothOptions, Smoother};
/// let x = [0.0, 1.0, 2.5, 3.0, 7.0];
/// let plan = Smoother::new(&x, 1.0, &SmoothOptions::default())?;
/// let smooth = plan.apply(&[1.0, 2.0, f64::NAN, 2.0, 5.0])?;
/// assert!(smooth.iter().all(|value| (1.0..=5.0).contains(value)));
/// # Ok::<(), hexad_smoothing::SmoothError>(())
/// ```
///
/// # References
///
/// E. A. Nadaraya, Theory Probab. Appl. 9(1), 1964; G. S. Watson, Sankhya A 26(4), 1964; J. Fan and
/// I. Gijbels, Local Polynomial Modelling, 1996; H. Knutsson and C.-F. Westin, CVPR 1993 (missing samples).
#[derive(Debug, Clone)]
pub struct Smoother<'a> {
    sigma: f64,
    options: SmoothOptions,
    axis: Option<UniformAxis>,
    engine: Engine<'a>,
}

#[derive(Debug, Clone)]
enum Engine<'a> {
    Uniform {
        plan: Box<UniformPlan>,
        /// Bound of the error that taking x as even adds.
        spacing_error: f64,
    },
    Irregular(IrregularPlan<'a>),
}

/// Buffers of [`Smoother::apply_into`]; their contents never matter.
#[derive(Debug, Clone, Default)]
pub struct SmoothScratch {
    threads: Vec<UniformScratch>,
}

/// What a call found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SmoothReport {
    /// Samples whose y was NaN or infinite.
    pub missing: usize,
    /// Bound on the error against the direct sum, in units of the largest |y| (and of `sigma^-derivative`).
    pub error_bound: f64,
}

impl SmoothScratch {
    /// One for each thread of the current pool, if they were not made yet.
    pub(crate) fn threads(&mut self) -> &mut [UniformScratch] {
        if self.threads.is_empty() {
            self.threads.resize_with(rayon::current_num_threads(), UniformScratch::default);
        }
        &mut self.threads
    }
}

impl<'a> Smoother<'a> {
    /// Plans for samples at `x`, in any order and with any spacing, smoothed at the samples.
    ///
    /// # Errors
    ///
    /// [`SmoothError`] naming the argument, index and value for: an empty or not finite `x`, a sigma,
    /// reach or tolerance out of range, a boundary or method that needs even x.
    pub fn new(x: &'a [f64], sigma: f64, options: &SmoothOptions) -> Result<Self, SmoothError> {
        options.check()?;
        let kernel = GaussianKernel::new(sigma, options.truncation)?;
        match detect_spacing(x, 1e-3)? {
            Spacing::Uniform { axis, worst_deviation }
                if counts_as_even(x, &axis, worst_deviation, &kernel, options) =>
            {
                Self::on_axis(axis, 2.0 * worst_deviation * axis.step.abs() / sigma, sigma, options)
            }
            Spacing::Uniform { worst_deviation, .. } => {
                Self::irregular(x, None, sigma, options, worst_index(x), worst_deviation)
            }
            Spacing::Irregular { worst_index, worst_deviation } => {
                Self::irregular(x, None, sigma, options, worst_index, worst_deviation)
            }
        }
    }

    /// Plans for `len` evenly spaced samples, `step` apart.
    ///
    /// # Errors
    ///
    /// As [`Smoother::new`].
    pub fn uniform(
        len: usize,
        step: f64,
        sigma: f64,
        options: &SmoothOptions,
    ) -> Result<Smoother<'static>, SmoothError> {
        options.check()?;
        GaussianKernel::new(sigma, options.truncation)?;
        if len == 0 {
            return Err(InputError::TooFew { argument: "len", needed: 1, got: 0 }.into());
        }
        check_step("step", step)?;
        Smoother::on_axis(UniformAxis { start: 0.0, step, len }, 0.0, sigma, options)
    }

    /// Plans for samples at `x`, smoothed at `targets`: any other places, in any order. The boundary must
    /// be [`Boundary::Renormalize`].
    ///
    /// # Errors
    ///
    /// As [`Smoother::new`].
    pub fn at(
        x: &'a [f64],
        targets: &'a [f64],
        sigma: f64,
        options: &SmoothOptions,
    ) -> Result<Self, SmoothError> {
        options.check()?;
        GaussianKernel::new(sigma, options.truncation)?;
        check_finite("x", x)?;
        check_finite("targets", targets)?;
        Self::irregular(x, Some(targets), sigma, options, 0, 0.0)
    }

    fn on_axis(
        axis: UniformAxis,
        spacing_error: f64,
        sigma: f64,
        options: &SmoothOptions,
    ) -> Result<Self, SmoothError> {
        if options.method == Method::Recursive || (options.side == Side::Past && axis.step < 0.0) {
            let x = (0..axis.len).map(|index| axis.at(index)).collect();
            if options.boundary != Boundary::Renormalize {
                let (method, what) = ("recursive", "a boundary that extends the signal");
                return Err(SmoothError::MethodCannot { method, what });
            }
            let plan = IrregularPlan::new(Cow::Owned(x), None, sigma, options)?;
            return Ok(Self { sigma, options: *options, axis: Some(axis), engine: Engine::Irregular(plan) });
        }
        let plan = UniformPlan::new(check_positive("sigma", sigma / axis.step.abs())?, axis.len, options)?;
        let engine = Engine::Uniform { plan: Box::new(plan), spacing_error };
        Ok(Self { sigma, options: *options, axis: Some(axis), engine })
    }

    fn irregular(
        x: &'a [f64],
        targets: Option<&'a [f64]>,
        sigma: f64,
        options: &SmoothOptions,
        worst_index: usize,
        worst_deviation: f64,
    ) -> Result<Self, SmoothError> {
        let what = match (options.boundary, options.method) {
            (Boundary::Renormalize, Method::Fft) => "method fft",
            (Boundary::Renormalize, Method::Decimate) => "method decimate",
            (Boundary::Renormalize, _) => {
                let plan = IrregularPlan::new(Cow::Borrowed(x), targets.map(Cow::Borrowed), sigma, options)?;
                return Ok(Self { sigma, options: *options, axis: None, engine: Engine::Irregular(plan) });
            }
            _ => "a boundary other than renormalize",
        };
        Err(SmoothError::NeedsUniformX { what, worst_index, worst_deviation })
    }

    /// Number of samples.
    #[must_use]
    pub fn len(&self) -> usize {
        match &self.engine {
            Engine::Uniform { plan, .. } => plan.len(),
            Engine::Irregular(plan) => plan.len(),
        }
    }

    /// Never: a plan has at least one sample.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Number of outputs.
    #[must_use]
    pub fn output_len(&self) -> usize {
        match &self.engine {
            Engine::Uniform { plan, .. } => plan.len(),
            Engine::Irregular(plan) => plan.output_len(),
        }
    }

    /// Standard deviation of the kernel, in the unit of x.
    #[must_use]
    pub fn sigma(&self) -> f64 {
        self.sigma
    }

    /// The axis, if x is evenly spaced.
    #[must_use]
    pub fn axis(&self) -> Option<UniformAxis> {
        self.axis
    }

    /// The method that was chosen; never [`Method::Auto`].
    #[must_use]
    pub fn method(&self) -> Method {
        match &self.engine {
            Engine::Uniform { plan, .. } => plan.method(),
            Engine::Irregular(plan) => plan.method(),
        }
    }

    /// Buffers for [`Smoother::apply_into`].
    #[must_use]
    pub fn make_scratch(&self) -> SmoothScratch {
        let mut scratch = SmoothScratch::default();
        scratch.threads();
        scratch
    }

    /// Smooths `y` (with `weights` >= 0, or ones) into `out`, in the order of the targets or samples.
    /// Runs on the current rayon pool; results do not depend on its size.
    ///
    /// # Errors
    ///
    /// [`SmoothError`] for a wrong length, a weight out of range, or a missing y under
    /// [`crate::Missing::Error`].
    pub fn apply_into(
        &self,
        y: &[f64],
        weights: Option<&[f64]>,
        out: &mut [f64],
        scratch: &mut SmoothScratch,
    ) -> Result<SmoothReport, SmoothError> {
        self.check(y, weights)?;
        check_length("out", out.len(), self.output_len())?;
        let (error_bound, complete) = match &self.engine {
            Engine::Uniform { plan, spacing_error } => {
                let source = Source::new(y, weights, self.options.boundary);
                let found = plan.run(&source, out, scratch.threads())?;
                self.scale_derivative(out);
                (found.bound + spacing_error, found.complete)
            }
            Engine::Irregular(plan) => (plan.run(y, weights, out), false),
        };
        let missing = if complete { 0 } else { y.iter().filter(|y| !y.is_finite()).count() };
        Ok(SmoothReport { missing, error_bound })
    }

    /// Derivatives per sample as those by x.
    pub(crate) fn scale_derivative(&self, out: &mut [f64]) {
        if self.options.derivative > 0 {
            let step = self.axis.map_or(1.0, |axis| axis.step);
            let scale = step.powi(to_i32(self.options.derivative));
            out.iter_mut().for_each(|out| *out /= scale);
        }
    }

    /// The plan of evenly spaced samples, if they are.
    pub(crate) fn uniform_plan(&self) -> Option<&UniformPlan> {
        match &self.engine {
            Engine::Uniform { plan, .. } => Some(plan),
            Engine::Irregular(_) => None,
        }
    }

    /// Bound of the error that taking x as even adds.
    pub(crate) fn spacing_error(&self) -> f64 {
        match &self.engine {
            Engine::Uniform { spacing_error, .. } => *spacing_error,
            Engine::Irregular(_) => 0.0,
        }
    }

    pub(crate) fn options(&self) -> &SmoothOptions {
        &self.options
    }

    /// Standard error and effective number of samples at each sample.
    ///
    /// # Errors
    ///
    /// As [`Smoother::apply_into`]; [`SmoothError::NoStatistics`] for derivatives, for boundaries that
    /// extend the signal and for targets other than the samples.
    pub fn statistics(&self, y: &[f64], weights: Option<&[f64]>) -> Result<Statistics, SmoothError> {
        check_statistics(&self.options)?;
        let found = self.at_samples(y, weights)?.residuals(y, weights);
        Ok(Statistics::new(found.residual, found.freedom, found.spreads))
    }

    /// Mean squared error of predicting each sample from the others, in the unit of y squared: see
    /// [`crate::auto_sigma`]. NaN if no sample can be.
    ///
    /// # Errors
    ///
    /// As [`Smoother::statistics`].
    pub fn leave_one_out(&self, y: &[f64], weights: Option<&[f64]>) -> Result<f64, SmoothError> {
        check_statistics(&self.options)?;
        Ok(self.at_samples(y, weights)?.leave_one_out(y, weights))
    }

    /// A plan at the samples whose sums can be had one by one, for inputs that were checked.
    fn at_samples(
        &self,
        y: &[f64],
        weights: Option<&[f64]>,
    ) -> Result<Cow<'_, IrregularPlan<'a>>, SmoothError> {
        self.check(y, weights)?;
        match &self.engine {
            Engine::Irregular(plan) if plan.has_targets() => {
                Err(SmoothError::NoStatistics { what: "targets other than the samples" })
            }
            Engine::Irregular(plan) => Ok(Cow::Borrowed(plan)),
            Engine::Uniform { plan, .. } => Ok(Cow::Owned(plan.as_irregular()?)),
        }
    }

    fn check(&self, y: &[f64], weights: Option<&[f64]>) -> Result<(), SmoothError> {
        check_length("y", y.len(), self.len())?;
        if let Some(weights) = weights {
            check_length("weights", weights.len(), self.len())?;
            check_not_negative("weights", weights)?;
        }
        if self.options.missing == Missing::Error {
            check_finite("y", y)?;
        }
        Ok(())
    }

    /// [`Smoother::apply_into`] with fresh buffers and weights of one.
    ///
    /// # Errors
    ///
    /// As [`Smoother::apply_into`].
    pub fn apply(&self, y: &[f64]) -> Result<Vec<f64>, SmoothError> {
        let mut out = vec![0.0; self.output_len()];
        self.apply_into(y, None, &mut out, &mut self.make_scratch())?;
        Ok(out)
    }

    /// [`Smoother::apply_into`] with fresh buffers.
    ///
    /// # Errors
    ///
    /// As [`Smoother::apply_into`].
    pub fn apply_weighted(&self, y: &[f64], weights: &[f64]) -> Result<Vec<f64>, SmoothError> {
        let mut out = vec![0.0; self.output_len()];
        self.apply_into(y, Some(weights), &mut out, &mut self.make_scratch())?;
        Ok(out)
    }
}

/// Whether treating `x` as even is within rounding of x, or stays within the tolerance.
fn counts_as_even(
    x: &[f64],
    axis: &UniformAxis,
    worst_deviation: f64,
    kernel: &GaussianKernel,
    options: &SmoothOptions,
) -> bool {
    let largest = x.first().map_or(0.0, |x| x.abs()).max(x.last().map_or(0.0, |x| x.abs()));
    let rounding = 4.0 * f64::EPSILON * largest / axis.step.abs();
    let sigma = kernel.sigma() / axis.step.abs();
    // A sample that changes sides at the end of a truncated kernel counts as an error too.
    let last_weight = (-0.5 * kernel.truncation().sigmas().powi(2)).exp() / sigma;
    worst_deviation <= rounding
        || (last_weight <= options.tolerance && worst_deviation <= 0.1 * options.tolerance * sigma)
}

/// Index of the sample farthest from an even spacing.
fn worst_index(x: &[f64]) -> usize {
    match detect_spacing(x, 0.0) {
        Ok(Spacing::Irregular { worst_index, .. }) => worst_index,
        _ => 0,
    }
}

/// Smooths `y` over `x` in one call: [`Smoother::new`], then [`Smoother::apply`].
///
/// # Errors
///
/// As these two.
pub fn smooth(x: &[f64], y: &[f64], sigma: f64, options: &SmoothOptions) -> Result<Vec<f64>, SmoothError> {
    Smoother::new(x, sigma, options)?.apply(y)
}
