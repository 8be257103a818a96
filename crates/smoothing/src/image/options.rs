//! How images are smoothed.

use hexad_core::Boundary;

/// Settings of [`GaussianFilter2d`](crate::GaussianFilter2d).
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct ImageOptions {
    /// How the image continues past its edges. Default [`Boundary::Reflect`].
    pub boundary: Boundary,
    /// Largest error against the direct sum, in units of the largest |pixel|; `f32` images do not get
    /// below 2e-6. Default 1e-6.
    pub tolerance: f64,
}

impl Default for ImageOptions {
    fn default() -> Self {
        Self { boundary: Boundary::Reflect, tolerance: 1e-6 }
    }
}

impl ImageOptions {
    /// Sets [`ImageOptions::boundary`].
    #[must_use]
    pub fn with_boundary(mut self, boundary: Boundary) -> Self {
        self.boundary = boundary;
        self
    }

    /// Sets [`ImageOptions::tolerance`].
    #[must_use]
    pub fn with_tolerance(mut self, tolerance: f64) -> Self {
        self.tolerance = tolerance;
        self
    }
}
