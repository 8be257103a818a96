//! Power within a band.

use hexad_core::InputError;

use super::{Scaling, Sides, Spectrum};
use crate::SpectralError;

impl Spectrum {
    /// Mean square of the signal between two frequencies, both positive in a one-sided spectrum; in V^2.
    ///
    /// Each bin's share, density times resolution, is spread evenly over the resolution about it, at 0 and at
    /// half the sample rate over the half of that which is in range. The whole band gives the sum of all.
    ///
    /// # Errors
    ///
    /// [`InputError::OutOfRange`] for a band that does not rise or leaves the range of frequencies.
    pub fn band_power(&self, low_hz: f64, high_hz: f64) -> Result<f64, SpectralError> {
        let half = 0.5 * self.frame.sample_rate_hz;
        let lowest = if self.frame.sides == Sides::One { 0.0 } else { -half };
        if !(low_hz >= lowest && low_hz <= half) {
            let allowed = "within the frequencies of the spectrum";
            return Err(InputError::OutOfRange { argument: "low_hz", value: low_hz, allowed }.into());
        }
        if !(high_hz > low_hz && high_hz <= half) {
            let allowed = "above low_hz and at most half the sample rate";
            return Err(InputError::OutOfRange { argument: "high_hz", value: high_hz, allowed }.into());
        }
        let width = self.resolution_hz();
        let share = |bin: usize| {
            let middle = self.frequency_hz(bin);
            let (from, to) = ((middle - 0.5 * width).max(lowest), (middle + 0.5 * width).min(half));
            let shared = (to.min(high_hz) - from.max(low_hz)).max(0.0);
            self.value(Scaling::Density, bin) * width * shared / (to - from)
        };
        Ok((0..self.len()).map(share).sum())
    }
}
