//! The frequencies of a periodogram.

use hexad_core::{InputError, check_positive};

use crate::SpectralError;

/// Evenly spaced frequencies: `start_hz + i * step_hz`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FrequencyGrid {
    start_hz: f64,
    step_hz: f64,
    len: usize,
}

impl FrequencyGrid {
    /// A grid of `len` frequencies.
    ///
    /// # Errors
    ///
    /// [`InputError`] for a start that is negative, a step that is not positive, a length of 0, an end that
    /// is not finite.
    pub fn new(start_hz: f64, step_hz: f64, len: usize) -> Result<Self, SpectralError> {
        check_positive("step_hz", step_hz)?;
        if !(start_hz.is_finite() && start_hz >= 0.0) {
            let (argument, value) = ("start_hz", start_hz);
            return Err(InputError::OutOfRange { argument, value, allowed: "finite and >= 0" }.into());
        }
        if len == 0 {
            return Err(InputError::TooFew { argument: "frequencies", needed: 1, got: 0 }.into());
        }
        let grid = Self { start_hz, step_hz, len };
        if !grid.at(len).is_finite() {
            let (argument, value) = ("step_hz", step_hz);
            return Err(
                InputError::OutOfRange { argument, value, allowed: "small enough for a finite end" }.into()
            );
        }
        Ok(grid)
    }

    /// Frequency `index`.
    #[must_use]
    pub fn at(&self, index: usize) -> f64 {
        self.start_hz + index as f64 * self.step_hz
    }

    /// Number of frequencies.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Never: a grid has at least one frequency.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// The distance between neighbours.
    #[must_use]
    pub fn step_hz(&self) -> f64 {
        self.step_hz
    }
}
