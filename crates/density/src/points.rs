//! Scattered points, with or without weights.

use hexad_core::check_length;

use crate::DensityError;

/// Scattered points: two columns of coordinates, and weights if there are any.
///
/// A point with a NaN or infinite coordinate or weight is *missing*: it is counted and reported, and nowhere on the map.
///
/// # Examples
///
/// ```
/// use hexad_density::Points;
/// let points = Points::new(&[0.0, 1.0, f64::NAN], &[0.0, 2.0, 1.0])?.with_weights(&[1.0, 2.5, 1.0])?;
/// assert_eq!((points.len(), points.missing()), (3, 1));
/// # Ok::<(), hexad_density::DensityError>(())
/// ```
#[derive(Debug, Clone, Copy)]
pub struct Points<'a> {
    pub(crate) x: &'a [f64],
    pub(crate) y: &'a [f64],
    pub(crate) weights: Option<&'a [f64]>,
}

impl<'a> Points<'a> {
    /// Points of weight 1.
    ///
    /// # Errors
    ///
    /// [`DensityError::Input`] if the columns differ in length.
    pub fn new(x: &'a [f64], y: &'a [f64]) -> Result<Self, DensityError> {
        check_length("y", y.len(), x.len())?;
        Ok(Self { x, y, weights: None })
    }

    /// Gives each point its weight.
    ///
    /// # Errors
    ///
    /// [`DensityError::Input`] if there are not as many weights as points.
    pub fn with_weights(mut self, weights: &'a [f64]) -> Result<Self, DensityError> {
        check_length("weights", weights.len(), self.x.len())?;
        self.weights = Some(weights);
        Ok(self)
    }

    /// Number of points, missing ones among them.
    #[must_use]
    pub fn len(&self) -> usize {
        self.x.len()
    }

    /// Whether there is no point.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.x.is_empty()
    }

    /// The coordinates, as given.
    #[must_use]
    pub fn columns(&self) -> [&'a [f64]; 2] {
        [self.x, self.y]
    }

    /// The weights, if there are any.
    #[must_use]
    pub fn weights(&self) -> Option<&'a [f64]> {
        self.weights
    }

    /// Points that are missing.
    #[must_use]
    pub fn missing(&self) -> usize {
        self.len() - self.present().count()
    }

    /// Coordinates and weights of the points that are not missing.
    pub fn present(&self) -> impl Iterator<Item = (f64, f64, f64)> + '_ {
        self.indices().map(|at| (self.x[at], self.y[at], self.weights.map_or(1.0, |all| all[at])))
    }

    /// Where the points that are not missing stand among all.
    pub(crate) fn indices(&self) -> impl Iterator<Item = usize> + '_ {
        let weight = |index: usize| self.weights.map_or(1.0, |all| all[index]);
        (0..self.len())
            .filter(move |&at| self.x[at].is_finite() && self.y[at].is_finite() && weight(at).is_finite())
    }

    /// `x0, y0, x1, y1` of the rectangle around all points that are not missing.
    ///
    /// # Errors
    ///
    /// [`DensityError::NoPoints`] if there is none.
    pub fn bounds(&self) -> Result<[f64; 4], DensityError> {
        let start = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        let around =
            self.present().fold(start, |b, (x, y, _)| [b[0].min(x), b[1].min(y), b[2].max(x), b[3].max(y)]);
        if around[0] <= around[2] { Ok(around) } else { Err(DensityError::NoPoints) }
    }

    pub(crate) fn part(&self, range: std::ops::Range<usize>) -> Self {
        let weights = self.weights.map(|all| &all[range.clone()]);
        Self { x: &self.x[range.clone()], y: &self.y[range], weights }
    }
}
