//! What happens where the domain ends.

use hexad_core::{check_fraction, check_positive};

use crate::WaveError;

/// What happens at one side of the domain.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Side {
    /// The other side follows. Both sides of an axis are periodic, or neither.
    Periodic,
    /// A hard wall: no velocity through it, the pressure is its own mirror image.
    Rigid,
    /// A free surface: no pressure on it, the velocity is its own mirror image.
    PressureRelease,
    /// Waves leave: the outermost cells damp them. Behind them is a rigid wall.
    Absorbing(Absorbing),
}

/// A convolutional perfectly matched layer. With the depth d in the layer, 0 to 1 at its end:
///
/// - damping `sigma = sigma_max d^power`, `sigma_max = (power + 1) c ln(1 / reflection) / (2 L)`;
/// - frequency shift `alpha = pi shift_frequency (1 - d)`;
/// - stretch `kappa = 1 + (stretch - 1) d^power`.
///
/// L is the thickness and c the largest speed of the medium.
///
/// # References
///
/// J. A. Roden and S. D. Gedney, Microwave Opt. Technol. Lett. 27, 2000; D. Komatitsch and R. Martin,
/// Geophysics 72(5), 2007, equations 20 to 25.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Absorbing {
    /// Thickness in cells, which are cells of the grid. Default 20.
    pub cells: usize,
    /// What the layer would reflect at normal incidence if it were not cut into cells. Default 1e-6.
    pub reflection: f64,
    /// How steeply the damping grows. Default 3.
    pub power: f64,
    /// The largest stretch. Default 1: none. More absorbs waves at grazing incidence better.
    pub stretch: f64,
    /// A frequency around which waves matter, in cycles per unit of time: far below it the layer lets waves pass to
    /// the wall, at grazing incidence it absorbs better. Default 0.
    pub shift_frequency: f64,
}

impl Default for Absorbing {
    fn default() -> Self {
        Self { cells: 20, reflection: 1e-6, power: 3.0, stretch: 1.0, shift_frequency: 0.0 }
    }
}

impl Absorbing {
    /// With this thickness in cells.
    #[must_use]
    pub fn with_cells(mut self, cells: usize) -> Self {
        self.cells = cells;
        self
    }

    /// With this reflection of the layer before it is cut into cells.
    #[must_use]
    pub fn with_reflection(mut self, reflection: f64) -> Self {
        self.reflection = reflection;
        self
    }

    /// With this exponent of the damping.
    #[must_use]
    pub fn with_power(mut self, power: f64) -> Self {
        self.power = power;
        self
    }

    /// With this largest stretch.
    #[must_use]
    pub fn with_stretch(mut self, stretch: f64) -> Self {
        self.stretch = stretch;
        self
    }

    /// With this frequency of interest.
    #[must_use]
    pub fn with_shift_frequency(mut self, shift_frequency: f64) -> Self {
        self.shift_frequency = shift_frequency;
        self
    }

    pub(crate) fn check(&self) -> Result<(), WaveError> {
        check_positive("absorbing cells", self.cells as f64)?;
        check_fraction("absorbing reflection", self.reflection)?;
        check_positive("absorbing power", self.power)?;
        if !(self.stretch.is_finite() && self.stretch >= 1.0) {
            return Err(out_of_range("absorbing stretch", self.stretch, "finite and >= 1"));
        }
        if !(self.shift_frequency.is_finite() && self.shift_frequency >= 0.0) {
            return Err(out_of_range("absorbing shift_frequency", self.shift_frequency, "finite and >= 0"));
        }
        Ok(())
    }
}

impl Side {
    /// Cells of the absorbing layer, 0 without one.
    pub(crate) fn layer(&self) -> usize {
        match self {
            Self::Absorbing(layer) => layer.cells,
            _ => 0,
        }
    }
}

fn out_of_range(argument: &'static str, value: f64, allowed: &'static str) -> WaveError {
    hexad_core::InputError::OutOfRange { argument, value, allowed }.into()
}
