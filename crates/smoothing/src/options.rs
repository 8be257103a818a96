//! Settings of the smoothers.

use hexad_core::{Boundary, InputError, Truncation, check_fraction};

use crate::SmoothError;

/// How the sums are computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Method {
    /// The fastest that keeps the tolerance.
    #[default]
    Auto,
    /// Every weight times every sample in reach: the definition, vectorized.
    Direct,
    /// Overlap-save convolution with real FFTs. Even x only.
    Fft,
    /// Sums of exponentials, one pass each way.
    Recursive,
    /// Decimate, filter, interpolate. Even x and a kernel without truncation only.
    Decimate,
}

impl Method {
    /// The name as typed on the command line.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Method::Auto => "auto",
            Method::Direct => "direct",
            Method::Fft => "fft",
            Method::Recursive => "recursive",
            Method::Decimate => "decimate",
        }
    }
}

/// What is fitted to the samples in reach, by weighted least squares.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fit {
    /// Their weighted mean (Nadaraya 1964, Watson 1964).
    #[default]
    Constant,
    /// A straight line (Cleveland 1979): no bias at edges, in gaps and where points are unevenly dense.
    Linear,
}

/// What happens where `y` is NaN or infinite.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Missing {
    /// It is left out and its place filled from its neighbours (Knutsson and Westin 1993).
    #[default]
    Skip,
    /// Every output that reaches it is NaN.
    Propagate,
    /// It is an error.
    Error,
}

/// Which samples count for the output at x.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Side {
    /// Those on both sides.
    #[default]
    Both,
    /// Only those at or before x: a causal filter.
    Past,
}

/// Settings of [`crate::Smoother`] and its relatives.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct SmoothOptions {
    /// Where the kernel ends. Default four sigmas.
    pub truncation: Truncation,
    /// How evenly spaced samples continue past their ends. Default [`Boundary::Renormalize`]; every
    /// other one needs even x.
    pub boundary: Boundary,
    /// How the sums are computed. Default [`Method::Auto`].
    pub method: Method,
    /// Largest error against the direct sum, in units of the largest |y|. Default 1e-10.
    pub tolerance: f64,
    /// Order of the derivative, 0 to 3. Default 0. See [`crate::Smoother`] for its definition.
    pub derivative: usize,
    /// What is fitted. Default [`Fit::Constant`].
    pub fit: Fit,
    /// What happens where `y` is NaN or infinite. Default [`Missing::Skip`].
    pub missing: Missing,
    /// Outputs are NaN where the kernel weights present sum to less than this, in units of the largest
    /// sample weight. Default 1e-6: the nearest sample is farther than about 5.3 sigma.
    pub min_weight: f64,
    /// Which samples count. Default [`Side::Both`].
    pub side: Side,
}

impl Default for SmoothOptions {
    fn default() -> Self {
        Self {
            truncation: Truncation::default(),
            boundary: Boundary::default(),
            method: Method::default(),
            tolerance: 1e-10,
            derivative: 0,
            fit: Fit::default(),
            missing: Missing::default(),
            min_weight: 1e-6,
            side: Side::default(),
        }
    }
}

impl SmoothOptions {
    /// Sets [`SmoothOptions::truncation`].
    #[must_use]
    pub fn with_truncation(mut self, truncation: Truncation) -> Self {
        self.truncation = truncation;
        self
    }

    /// Sets [`SmoothOptions::boundary`].
    #[must_use]
    pub fn with_boundary(mut self, boundary: Boundary) -> Self {
        self.boundary = boundary;
        self
    }

    /// Sets [`SmoothOptions::method`].
    #[must_use]
    pub fn with_method(mut self, method: Method) -> Self {
        self.method = method;
        self
    }

    /// Sets [`SmoothOptions::tolerance`].
    #[must_use]
    pub fn with_tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Sets [`SmoothOptions::derivative`].
    #[must_use]
    pub fn with_derivative(mut self, derivative: usize) -> Self {
        self.derivative = derivative;
        self
    }

    /// Sets [`SmoothOptions::fit`].
    #[must_use]
    pub fn with_fit(mut self, fit: Fit) -> Self {
        self.fit = fit;
        self
    }

    /// Sets [`SmoothOptions::missing`].
    #[must_use]
    pub fn with_missing(mut self, missing: Missing) -> Self {
        self.missing = missing;
        self
    }

    /// Sets [`SmoothOptions::min_weight`].
    #[must_use]
    pub fn with_min_weight(mut self, min_weight: f64) -> Self {
        self.min_weight = min_weight;
        self
    }

    /// Sets [`SmoothOptions::side`].
    #[must_use]
    pub fn with_side(mut self, side: Side) -> Self {
        self.side = side;
        self
    }

    /// Refuses settings that are out of range whatever the data.
    pub(crate) fn check(&self) -> Result<(), SmoothError> {
        check_fraction("tolerance", self.tolerance)?;
        check_fraction("min_weight", self.min_weight)?;
        if self.derivative > MAX_DERIVATIVE {
            let value = self.derivative as f64;
            return Err(
                InputError::OutOfRange { argument: "derivative", value, allowed: "0, 1, 2 or 3" }.into()
            );
        }
        if let Boundary::Constant(value) = self.boundary
            && !value.is_finite()
        {
            return Err(
                InputError::OutOfRange { argument: "boundary constant", value, allowed: "finite" }.into()
            );
        }
        Ok(())
    }

    /// Degree of the polynomial that is fitted: as high as the derivative needs.
    pub(crate) fn degree(&self) -> usize {
        self.derivative.max(usize::from(self.fit == Fit::Linear))
    }

    /// Whether the output is SciPy's convolution with a normalized kernel, the signal being extended
    /// past its ends, and not a least-squares fit to the samples that exist.
    pub(crate) fn is_convolution(&self) -> bool {
        self.boundary != Boundary::Renormalize && self.fit == Fit::Constant && self.side == Side::Both
    }
}

/// Highest order of derivative.
pub(crate) const MAX_DERIVATIVE: usize = 3;
