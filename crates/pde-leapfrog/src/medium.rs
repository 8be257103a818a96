//! What the waves go through.

use std::sync::Arc;

use hexad_core::ndarray::{ArrayViewD, Dimension};
use hexad_core::{InputError, check_positive};

use crate::{Grid, WaveError};

/// Density rho and bulk modulus K, the same everywhere or of each cell. The speed is `sqrt(K / rho)`.
///
/// On a face between two cells the density is their mean.
#[derive(Debug, Clone, PartialEq)]
pub struct Medium(pub(crate) Kind);

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kind {
    Constant {
        density: f64,
        bulk_modulus: f64,
    },
    /// In row-major order.
    PerCell {
        shape: Vec<usize>,
        density: Arc<[f64]>,
        bulk_modulus: Arc<[f64]>,
        largest_speed: f64,
    },
}

impl Default for Medium {
    /// Density 1 and bulk modulus 1: speed 1.
    fn default() -> Self {
        Self(Kind::Constant { density: 1.0, bulk_modulus: 1.0 })
    }
}

impl Medium {
    /// The same everywhere.
    ///
    /// # Errors
    ///
    /// [`InputError::OutOfRange`] unless both are finite and positive, and so is the speed.
    pub fn constant(speed: f64, density: f64) -> Result<Self, WaveError> {
        check_positive("speed", speed)?;
        check_positive("density", density)?;
        let bulk_modulus = check_positive("bulk modulus", density * speed * speed)?;
        Ok(Self(Kind::Constant { density, bulk_modulus }))
    }

    /// Of each cell, from speed and density in the shape of the grid.
    ///
    /// # Errors
    ///
    /// [`WaveError::Shape`] for two shapes, [`WaveError::Medium`] for a cell that is not finite and positive.
    pub fn per_cell(speed: ArrayViewD<'_, f64>, density: ArrayViewD<'_, f64>) -> Result<Self, WaveError> {
        if speed.shape() != density.shape() {
            let (expected, got) = (speed.shape().to_vec(), density.shape().to_vec());
            return Err(WaveError::Shape { argument: "density", expected, got });
        }
        check_cells("speed", &speed)?;
        check_cells("density", &density)?;
        let mut bulk_modulus = density.to_owned();
        bulk_modulus.zip_mut_with(&speed, |value, speed| *value *= speed * speed);
        check_cells("bulk modulus", &bulk_modulus.view())?;
        let squares = bulk_modulus.iter().zip(density.iter()).map(|(bulk, density)| bulk / density);
        Ok(Self(Kind::PerCell {
            shape: density.shape().to_vec(),
            largest_speed: squares.fold(0.0, f64::max).sqrt(),
            density: density.iter().copied().collect(),
            bulk_modulus: bulk_modulus.iter().copied().collect(),
        }))
    }

    /// Whether every cell has the same.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        matches!(self.0, Kind::Constant { .. })
    }

    /// The largest speed of any cell.
    #[must_use]
    pub fn largest_speed(&self) -> f64 {
        match &self.0 {
            Kind::Constant { density, bulk_modulus } => (bulk_modulus / density).sqrt(),
            Kind::PerCell { largest_speed, .. } => *largest_speed,
        }
    }

    pub(crate) fn check_shape(&self, grid: &Grid) -> Result<(), WaveError> {
        match &self.0 {
            Kind::PerCell { shape, .. } if shape != grid.cells() => {
                let (expected, got) = (grid.cells().to_vec(), shape.clone());
                Err(WaveError::Shape { argument: "medium", expected, got })
            }
            _ => Ok(()),
        }
    }

    /// Bulk modulus of a cell, one index per axis; NaN if there is none.
    #[must_use]
    pub fn bulk_modulus_at(&self, cell: &[usize]) -> f64 {
        match &self.0 {
            Kind::Constant { bulk_modulus, .. } => *bulk_modulus,
            Kind::PerCell { shape, bulk_modulus, .. } => {
                let number = shape.iter().zip(cell).fold(0, |number, (cells, index)| number * cells + index);
                let inside =
                    shape.len() == cell.len() && shape.iter().zip(cell).all(|(cells, index)| index < cells);
                if inside { bulk_modulus[number] } else { f64::NAN }
            }
        }
    }

    /// Density of a cell, by its number in row-major order.
    pub(crate) fn density(&self, cell: usize) -> f64 {
        match &self.0 {
            Kind::Constant { density, .. } => *density,
            Kind::PerCell { density, .. } => density[cell],
        }
    }

    /// Bulk modulus of a cell, by its number in row-major order.
    pub(crate) fn bulk_modulus(&self, cell: usize) -> f64 {
        match &self.0 {
            Kind::Constant { bulk_modulus, .. } => *bulk_modulus,
            Kind::PerCell { bulk_modulus, .. } => bulk_modulus[cell],
        }
    }
}

fn check_cells(quantity: &'static str, values: &ArrayViewD<'_, f64>) -> Result<(), WaveError> {
    for (cell, value) in values.indexed_iter() {
        if !(value.is_finite() && *value > 0.0) {
            return Err(WaveError::Medium { quantity, cell: cell.slice().to_vec(), value: *value });
        }
    }
    if values.is_empty() {
        return Err(InputError::TooFew { argument: quantity, needed: 1, got: 0 }.into());
    }
    Ok(())
}
