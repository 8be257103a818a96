//! One door for 1-D data: even or uneven, any option.

use std::borrow::Cow;

use hexad_core::{
    Boundary, GaussianKernel, Spacing, Truncation, UniformAxis, check_finite, check_length, detect_spacing,
};

use crate::direct;
use crate::options::{Method, SmoothOptions};
use crate::statistics::{Statistics, check_statistics};
use crate::{InputError, SmoothError};

/// Longest kernel of a boundary that extends the signal, in taps on each side.
const MOST_TAPS: f64 = 268_435_456.0;

/// A smoother planned for one set of x, one sigma and one set of options; applied to any number of y.
///
/// The output at `x` is the value (or derivative) at `x` of the polynomial fitted by least squares to the
/// samples in reach, weighted with `exp(-(x_j - x)^2 / (2 sigma^2))` times their own weights: of degree 0
/// for [`crate::Fit::Constant`], 1 for [`crate::Fit::Linear`], and at least the order of the derivative.
/// With a boundary that extends the signal (all but [`Boundary::Renormalize`]) and a constant fit it is the
/// convolution of the extended signal with the normalised kernel or its derivative, as in SciPy.
#[derive(Debug, Clone)]
pub struct Smoother<'a> {
    x: Cow<'a, [f64]>,
    targets: Option<Cow<'a, [f64]>>,
    axis: Option<UniformAxis>,
    sigma: f64,
    options: SmoothOptions,
}

/// Buffers of [`Smoother::apply_into`]; their contents never matter.
#[derive(Debug, Clone, Default)]
pub struct Scratch {}

/// What a call found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Report {
    /// Samples whose y was NaN or infinite.
    pub missing: usize,
    /// Bound on the error against the direct sum, in units of the largest |y|.
    pub error_bound: f64,
}

impl<'a> Smoother<'a> {
    /// Plans for samples at `x`, in any order and with any spacing, smoothed at the samples.
    ///
    /// # Errors
    ///
    /// [`SmoothError`] naming the argument, index and value for: an empty or not finite `x`, a sigma,
    /// reach or tolerance out of range, a boundary or method that needs even x.
    pub fn new(x: &'a [f64], sigma: f64, options: &SmoothOptions) -> Result<Self, SmoothError> {
        let axis = match detect_spacing(x, 1e-6)? {
            Spacing::Uniform { axis, .. } => Some(axis),
            Spacing::Irregular { worst_index, worst_deviation } => {
                if options.boundary != Boundary::Renormalize {
                    let what = "this boundary";
                    return Err(SmoothError::NeedsUniformX { what, worst_index, worst_deviation });
                }
                None
            }
        };
        options.check()?;
        GaussianKernel::new(sigma, options.truncation)?;
        Ok(Self { x: Cow::Borrowed(x), targets: None, axis, sigma, options: *options })
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
        let x: Vec<f64> = (0..len).map(|i| i as f64 * step).collect();
        let axis = Some(UniformAxis { start: 0.0, step, len });
        options.check()?;
        GaussianKernel::new(sigma, options.truncation)?;
        Ok(Smoother { x: Cow::Owned(x), targets: None, axis, sigma, options: *options })
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
        check_finite("targets", targets)?;
        let mut plan = Self::new(x, sigma, options)?;
        plan.targets = Some(Cow::Borrowed(targets));
        plan.axis = None;
        Ok(plan)
    }

    /// Number of samples.
    #[must_use]
    pub fn len(&self) -> usize {
        self.x.len()
    }

    /// Never: a plan has at least one sample.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.x.is_empty()
    }

    /// Number of outputs.
    #[must_use]
    pub fn output_len(&self) -> usize {
        self.targets.as_ref().map_or(self.x.len(), |targets| targets.len())
    }

    /// The axis, if x is evenly spaced.
    #[must_use]
    pub fn axis(&self) -> Option<UniformAxis> {
        self.axis
    }

    /// The method that was chosen; never [`Method::Auto`].
    #[must_use]
    pub fn method(&self) -> Method {
        Method::Direct
    }

    /// Buffers for [`Smoother::apply_into`].
    #[must_use]
    pub fn make_scratch(&self) -> Scratch {
        Scratch {}
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
        _scratch: &mut Scratch,
    ) -> Result<Report, SmoothError> {
        check_length("y", y.len(), self.len())?;
        check_length("out", out.len(), self.output_len())?;
        let missing = y.iter().filter(|y| !y.is_finite()).count();
        let values = match (&self.targets, self.axis) {
            (None, Some(axis)) => direct::smooth_uniform(y, weights, axis.step, self.sigma, &self.options)?,
            (targets, _) => {
                let targets = targets.as_ref().unwrap_or(&self.x);
                direct::smooth(&self.x, y, weights, targets, self.sigma, &self.options)?
            }
        };
        out.copy_from_slice(&values);
        Ok(Report { missing, error_bound: 0.0 })
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

    /// Standard error and effective number of samples at each output.
    ///
    /// # Errors
    ///
    /// As [`Smoother::apply_into`]; [`SmoothError::NoStatistics`] for derivatives and for boundaries that
    /// extend the signal.
    pub fn statistics(&self, y: &[f64], weights: Option<&[f64]>) -> Result<Statistics, SmoothError> {
        check_statistics(&self.options)?;
        direct::statistics(&self.x, y, weights, self.sigma, &self.options)
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

/// Taps on each side of a kernel of `sigma` samples over `len` evenly spaced samples: those within the
/// kernel's reach, SciPy's rounding where the boundary is one of SciPy's, and what is visible in double
/// precision where the kernel is not truncated.
pub(crate) fn uniform_radius(sigma: f64, len: usize, options: &SmoothOptions) -> Result<usize, SmoothError> {
    let kernel = GaussianKernel::new(sigma, options.truncation)?;
    let whole = match (options.boundary, options.truncation) {
        (Boundary::Renormalize, Truncation::Exact) => kernel.visible_radius().ceil(),
        // A reach that is a whole number of steps but for rounding includes the sample at its end.
        (Boundary::Renormalize, _) | (_, Truncation::Reach(_)) => (kernel.radius() * (1.0 + 1e-12)).floor(),
        (_, Truncation::Sigmas(_)) => kernel.scipy_radius().unwrap_or(0.0),
        (_, Truncation::Exact) => kernel.visible_radius().ceil(),
    };
    let taps = if options.boundary == Boundary::Renormalize {
        whole.min(len.saturating_sub(1) as f64)
    } else {
        whole
    };
    if taps > MOST_TAPS {
        return Err(SmoothError::KernelTooLong { sigma, taps });
    }
    if len == 0 {
        return Err(InputError::TooFew { argument: "y", needed: 1, got: 0 }.into());
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole, >= 0 and below 2^28")]
    Ok(taps as usize)
}
