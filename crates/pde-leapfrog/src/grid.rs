//! Where the cells are.

use hexad_core::{InputError, check_finite, check_length, check_positive};

use crate::WaveError;

/// A grid of cubic cells in one, two or three dimensions.
///
/// Axis 0 is the slowest. The centre of cell `j` of an axis is at `x_j = origin + j spacing`, and the domain
/// reaches half a cell further on both sides: a wall stands at `origin - spacing / 2` and the other at
/// `origin + (cells - 1/2) spacing`. Pressure lives at the centres. The velocity along an axis lives on the faces
/// across it: face `j + 1/2`, between cells `j` and `j + 1`, is at `x_j + spacing / 2`.
///
/// A periodic axis of length L has L / spacing cells: the end is the start, and is not there twice.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    cells: Vec<usize>,
    spacing: f64,
    origin: Vec<f64>,
}

impl Grid {
    /// `cells` along each axis, one to three of them, `spacing` apart along all, with cell 0 at 0.
    ///
    /// # Errors
    ///
    /// [`InputError`] for no axis or more than three, an axis without cells, or a spacing that is not positive.
    pub fn new(cells: &[usize], spacing: f64) -> Result<Self, WaveError> {
        check_positive("spacing", spacing)?;
        if !(1..=3).contains(&cells.len()) {
            let allowed = "1, 2 or 3";
            return Err(
                InputError::OutOfRange { argument: "dims", value: cells.len() as f64, allowed }.into()
            );
        }
        if let Some(index) = cells.iter().position(|cells| *cells == 0) {
            let allowed = "at least 1";
            return Err(
                InputError::ElementOutOfRange { argument: "cells", index, value: 0.0, allowed }.into()
            );
        }
        Ok(Self { cells: cells.to_vec(), spacing, origin: vec![0.0; cells.len()] })
    }

    /// With the centre of cell 0 at `origin`, one coordinate per axis.
    ///
    /// # Errors
    ///
    /// [`InputError`] unless there is one finite coordinate for each axis.
    pub fn with_origin(mut self, origin: &[f64]) -> Result<Self, WaveError> {
        check_length("origin", origin.len(), self.dims())?;
        check_finite("origin", origin)?;
        self.origin = origin.to_vec();
        Ok(self)
    }

    /// With the low walls at 0: the centre of cell 0 is half a cell in.
    #[must_use]
    pub fn with_walls_at_zero(mut self) -> Self {
        self.origin.fill(0.5 * self.spacing);
        self
    }

    /// Number of axes.
    #[must_use]
    pub fn dims(&self) -> usize {
        self.cells.len()
    }

    /// Cells along each axis.
    #[must_use]
    pub fn cells(&self) -> &[usize] {
        &self.cells
    }

    /// Cells in all, as a float: they may be more than an integer can count.
    #[must_use]
    pub fn total(&self) -> f64 {
        self.cells.iter().map(|cells| *cells as f64).product()
    }

    /// Edge of a cell.
    #[must_use]
    pub fn spacing(&self) -> f64 {
        self.spacing
    }

    /// Centre of cell 0.
    #[must_use]
    pub fn origin(&self) -> &[f64] {
        &self.origin
    }

    /// Where the domain starts and ends along `axis`: half a cell beyond the outermost centres.
    ///
    /// # Panics
    ///
    /// If there is no such axis.
    #[must_use]
    pub fn extent(&self, axis: usize) -> (f64, f64) {
        let low = self.origin[axis] - 0.5 * self.spacing;
        (low, low + self.cells[axis] as f64 * self.spacing)
    }

    /// Coordinate of the place `index` cells from the centre of cell 0: `j` for a centre, `j + 1/2` for a face.
    pub(crate) fn coordinate(&self, axis: usize, index: f64) -> f64 {
        self.origin[axis] + index * self.spacing
    }
}
