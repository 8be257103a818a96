//! Kernels that may be tilted against the axes.

use hexad_core::{InputError, check_positive};

use super::Spread;
use crate::{DensityError, Points};

/// Squares of a kernel's widths along x and y and what ties them: `[[xx, xy], [xy, yy]]`, in data units squared.
///
/// # Examples
///
/// ```
/// use hexad_density::Covariance;
/// assert_eq!(Covariance::new(4.0, 1.0, 1.0)?.entries(), [4.0, 1.0, 1.0]);
/// assert!(Covariance::new(4.0, 2.0, 1.0).is_err());
/// # Ok::<(), hexad_density::DensityError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Covariance {
    xx: f64,
    xy: f64,
    yy: f64,
}

/// A kernel is an area, not a line: this much of `xx yy` is left when `xy^2` is taken away.
const LEAST_DETERMINANT: f64 = 1e-10;

impl Covariance {
    /// Takes the entries of the matrix.
    ///
    /// # Errors
    ///
    /// [`DensityError::Input`] unless it is positive definite.
    pub fn new(xx: f64, xy: f64, yy: f64) -> Result<Self, DensityError> {
        check_positive("covariance xx", xx)?;
        check_positive("covariance yy", yy)?;
        let correlation = xy / (xx.sqrt() * yy.sqrt());
        let determinant = 1.0 - correlation * correlation;
        if determinant.is_nan() || determinant < LEAST_DETERMINANT {
            let allowed = "above -1 and below 1";
            return Err(
                InputError::OutOfRange { argument: "correlation", value: correlation, allowed }.into()
            );
        }
        Ok(Self { xx, xy, yy })
    }

    /// A kernel along the axes, of standard deviations `sigma`.
    ///
    /// # Errors
    ///
    /// [`DensityError::Input`] unless both are finite and positive.
    pub fn along_axes(sigma: [f64; 2]) -> Result<Self, DensityError> {
        Self::new(
            check_positive("sigma[0]", sigma[0])?.powi(2),
            0.0,
            check_positive("sigma[1]", sigma[1])?.powi(2),
        )
    }

    /// That of the points, one degree of freedom lost, as `numpy.cov` with `aweights`.
    ///
    /// # Errors
    ///
    /// [`DensityError::NoPoints`], [`DensityError::NoSpread`], or [`DensityError::Input`] for points on a line.
    pub fn of(points: &Points<'_>) -> Result<Self, DensityError> {
        Spread::of(points)?.covariance(1.0)
    }

    /// `xx, xy, yy`.
    #[must_use]
    pub fn entries(&self) -> [f64; 3] {
        [self.xx, self.xy, self.yy]
    }

    /// How much x leans on y, `xy / yy`: `x - lean y` and y are not tied.
    pub(crate) fn lean(&self) -> f64 {
        self.xy / self.yy
    }

    /// Standard deviations of `x - lean y` and of y.
    pub(crate) fn upright(&self) -> [f64; 2] {
        [(self.xx - self.xy * self.lean()).sqrt(), self.yy.sqrt()]
    }
}
