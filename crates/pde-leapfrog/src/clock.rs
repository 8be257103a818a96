//! Time steps, counted in integers.

use hexad_core::check_positive;

use crate::WaveError;

/// A time step and how many of them there are.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Clock {
    dt: f64,
    steps: u64,
}

impl Clock {
    /// The fewest steps of at most `largest_dt` that end at `end_time`: dt is shrunk so that `steps dt = end_time`.
    ///
    /// # Errors
    ///
    /// [`hexad_core::InputError::OutOfRange`] unless both are finite and positive and fewer than 2^53 steps are
    /// needed.
    pub fn until(end_time: f64, largest_dt: f64) -> Result<Self, WaveError> {
        check_positive("end_time", end_time)?;
        check_positive("dt", largest_dt)?;
        // A step more for a quotient that is whole but for rounding would be one too many.
        let steps = (end_time / largest_dt * (1.0 - 4.0 * f64::EPSILON)).ceil().max(1.0);
        if steps > 2.0_f64.powi(53) {
            let allowed = "long enough for fewer than 2^53 steps";
            return Err(
                hexad_core::InputError::OutOfRange { argument: "dt", value: largest_dt, allowed }.into()
            );
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and below 2^53")]
        Ok(Self { dt: end_time / steps, steps: steps as u64 })
    }

    /// `steps` of `dt`.
    ///
    /// # Errors
    ///
    /// [`hexad_core::InputError::OutOfRange`] unless `dt` is finite and positive.
    pub fn new(dt: f64, steps: u64) -> Result<Self, WaveError> {
        Ok(Self { dt: check_positive("dt", dt)?, steps })
    }

    /// The time step.
    #[must_use]
    pub fn dt(&self) -> f64 {
        self.dt
    }

    /// How many there are.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The end: `steps dt`.
    #[must_use]
    pub fn end_time(&self) -> f64 {
        self.steps as f64 * self.dt
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_shrinks_to_end_on_time() {
        let clock = Clock::until(2.0, 0.006).unwrap();
        assert_eq!((clock.steps(), clock.dt()), (334, 2.0 / 334.0));
        assert_eq!(Clock::until(1.0, 0.1).unwrap().steps(), 10);
        assert_eq!(Clock::until(0.3, 0.1).unwrap().steps(), 3);
        assert_eq!(Clock::until(1.0, 5.0).unwrap().steps(), 1);
        assert!(Clock::until(0.0, 0.1).is_err());
        assert!(Clock::until(1.0, f64::NAN).is_err());
        assert!(Clock::until(1.0, 1e-300).is_err());
    }
}
