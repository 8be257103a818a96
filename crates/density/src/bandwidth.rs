//! Rules that choose the width of the kernel from the points.

mod covariance;
mod isj;

use hexad_core::check_positive;

use crate::{DensityError, Points, View};
pub use covariance::Covariance;

/// How wide the kernel is: its standard deviation along x and y.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Bandwidth {
    /// In data units, the same along both axes.
    Data(f64),
    /// In data units, along x and y.
    Axes([f64; 2]),
    /// In pixels of the view.
    Pixels(f64),
    /// Tilted against the axes.
    Tilted(Covariance),
    /// `s n^(-1/6)` per axis, s the standard deviation (Scott 1992).
    Scott,
    /// The covariance of the points times `n^(-1/3)`: Scott's rule where x and y are tied, SciPy's `gaussian_kde`.
    ScottTilted,
    /// `s (n (d + 2) / 4)^(-1/(d + 4))`, which for d = 2 is Scott's (Silverman 1986).
    Silverman,
    /// The improved Sheather-Jones rule per axis, for densities with several peaks (Botev et al. 2010).
    Isj,
}

impl Bandwidth {
    /// The standard deviations in data units for these points and this view. With weights n is
    /// `(sum w)^2 / sum w^2`.
    ///
    /// # Errors
    ///
    /// [`DensityError::Input`] for a width out of range, [`DensityError::NoPoints`] or
    /// [`DensityError::NoSpread`] for a rule without anything to go by, [`DensityError::NoBandwidth`] where ISJ
    /// finds none, [`DensityError::TiltedBandwidth`] for the tilted ones: see [`Bandwidth::covariance`].
    ///
    /// # Examples
    ///
    /// ```
    /// use hexad_density::{Bandwidth, Points, View};
    /// let view = View::new([0.0, 0.0, 1.0, 2.0], [100, 100])?;
    /// let points = Points::new(&[0.0, 1.0], &[0.0, 4.0])?;
    /// assert_eq!(Bandwidth::Pixels(10.0).resolve(&points, &view)?, [0.1, 0.2]);
    /// assert!((Bandwidth::Scott.resolve(&points, &view)?[0] - 0.5_f64.sqrt() * 2_f64.powf(-1.0 / 6.0)).abs() < 1e-15);
    /// # Ok::<(), hexad_density::DensityError>(())
    /// ```
    ///
    /// # References
    ///
    /// D. W. Scott, Multivariate Density Estimation, 1992, eq. 6.42; B. W. Silverman, Density Estimation, 1986, eq.
    /// 4.14; Z. I. Botev, J. F. Grotowski, D. P. Kroese, Annals of Statistics 38(5), 2010.
    pub fn resolve(self, points: &Points<'_>, view: &View) -> Result<[f64; 2], DensityError> {
        match self {
            Self::Data(sigma) => Ok([check_positive("bandwidth", sigma)?; 2]),
            Self::Axes([x, y]) => {
                Ok([check_positive("bandwidth[0]", x)?, check_positive("bandwidth[1]", y)?])
            }
            Self::Pixels(sigma) => {
                check_positive("bandwidth", sigma)?;
                Ok(view.pixel_size().map(|size| size * sigma))
            }
            Self::Scott | Self::Silverman => {
                let spread = Spread::of(points)?;
                let factor = spread.effective_count.powf(-1.0 / 6.0);
                Ok(spread.checked_deviations()?.map(|deviation| deviation * factor))
            }
            Self::Isj => {
                Spread::of(points)?.checked_deviations()?;
                Ok([isj::bandwidth(points, 0)?, isj::bandwidth(points, 1)?])
            }
            Self::Tilted(_) | Self::ScottTilted => Err(DensityError::TiltedBandwidth),
        }
    }

    /// The kernel's covariance for these points and this view: diagonal but for the tilted ones. For
    /// [`crate::gaussian_tilted`].
    ///
    /// # Errors
    ///
    /// As [`Bandwidth::resolve`], and [`DensityError::Input`] for points on a line.
    pub fn covariance(self, points: &Points<'_>, view: &View) -> Result<Covariance, DensityError> {
        match self {
            Self::Tilted(covariance) => Ok(covariance),
            Self::ScottTilted => {
                let spread = Spread::of(points)?;
                spread.covariance(spread.effective_count.powf(-1.0 / 3.0))
            }
            other => Covariance::along_axes(other.resolve(points, view)?),
        }
    }
}

/// Variances and covariance with one degree of freedom lost, and how many equal weights say as much.
struct Spread {
    variances: [f64; 2],
    tie: f64,
    effective_count: f64,
}

impl Spread {
    fn of(points: &Points<'_>) -> Result<Self, DensityError> {
        let (mut sum, mut squares, mut means) = (0.0, 0.0, [0.0; 2]);
        let (mut moments, mut tie) = ([0.0; 2], 0.0);
        // West's running mean and moment: no digits are lost where the points are far from 0.
        for (x, y, weight) in points.present().filter(|point| point.2 > 0.0) {
            sum += weight;
            squares += weight * weight;
            let x_off = x - means[0];
            for (axis, value) in [x, y].into_iter().enumerate() {
                let off = value - means[axis];
                means[axis] += weight / sum * off;
                moments[axis] += weight * off * (value - means[axis]);
            }
            tie += weight * x_off * (y - means[1]);
        }
        if sum == 0.0 {
            return Err(DensityError::NoPoints);
        }
        let free = sum - squares / sum;
        let share = if free > 0.0 { 1.0 / free } else { 0.0 };
        let variances = moments.map(|moment| moment * share);
        Ok(Self { variances, tie: tie * share, effective_count: sum * sum / squares })
    }

    /// Of the points, times `factor`.
    fn covariance(&self, factor: f64) -> Result<Covariance, DensityError> {
        self.checked_deviations()?;
        let [xx, yy] = self.variances.map(|variance| factor * variance);
        Covariance::new(xx, factor * self.tie, yy)
    }

    fn checked_deviations(&self) -> Result<[f64; 2], DensityError> {
        let deviations = self.variances.map(f64::sqrt);
        for (axis, deviation) in ["x", "y"].into_iter().zip(deviations) {
            if !(deviation.is_finite() && deviation > 0.0) {
                return Err(DensityError::NoSpread { axis });
            }
        }
        Ok(deviations)
    }
}
