//! What drives the field.

use std::f64::consts::PI;

use hexad_core::{InputError, check_finite, check_positive};

use crate::WaveError;

/// How a source goes with time: S(t).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Wavelet {
    /// `amplitude (1 - 2 a) exp(-a)`, `a = (pi peak_frequency (t - delay))^2` (Ricker 1953).
    Ricker {
        /// Value at the peak.
        amplitude: f64,
        /// Frequency of the largest amplitude, in cycles per unit of time.
        peak_frequency: f64,
        /// Time of the peak.
        delay: f64,
    },
    /// `amplitude exp(-(t - delay)^2 / (2 sigma^2))`.
    Gaussian {
        /// Value at the peak.
        amplitude: f64,
        /// Standard deviation, in units of time.
        sigma: f64,
        /// Time of the peak.
        delay: f64,
    },
    /// Straight lines through `values`, of which the first is at time 0; 0 before the first and after the last.
    Table {
        /// Time from one value to the next.
        step: f64,
        /// The values.
        values: Vec<f64>,
    },
}

impl Wavelet {
    /// A Ricker wavelet that starts from silence: its delay is 1.5 periods of the peak frequency.
    #[must_use]
    pub fn ricker(amplitude: f64, peak_frequency: f64) -> Self {
        Self::Ricker { amplitude, peak_frequency, delay: 1.5 / peak_frequency }
    }

    /// S(t).
    #[must_use]
    pub fn at(&self, t: f64) -> f64 {
        match self {
            Self::Ricker { amplitude, peak_frequency, delay } => {
                let a = (PI * peak_frequency * (t - delay)).powi(2);
                amplitude * (1.0 - 2.0 * a) * (-a).exp()
            }
            Self::Gaussian { amplitude, sigma, delay } => {
                amplitude * (-0.5 * ((t - delay) / sigma).powi(2)).exp()
            }
            Self::Table { step, values } => interpolate(values, t / step),
        }
    }

    fn check(&self) -> Result<(), WaveError> {
        match self {
            Self::Ricker { amplitude, peak_frequency: width, delay }
            | Self::Gaussian { amplitude, sigma: width, delay } => {
                check_finite("wavelet amplitude and delay", &[*amplitude, *delay])?;
                check_positive("wavelet peak_frequency or sigma", *width)?;
            }
            Self::Table { step, values } => {
                check_positive("wavelet step", *step)?;
                check_finite("wavelet values", values)?;
                if values.is_empty() {
                    return Err(InputError::TooFew { argument: "wavelet values", needed: 1, got: 0 }.into());
                }
            }
        }
        Ok(())
    }

    /// What tells wavelets apart, as numbers.
    pub(crate) fn numbers(&self) -> Vec<f64> {
        match self {
            Self::Ricker { amplitude, peak_frequency, delay } => {
                vec![0.0, *amplitude, *peak_frequency, *delay]
            }
            Self::Gaussian { amplitude, sigma, delay } => vec![1.0, *amplitude, *sigma, *delay],
            Self::Table { step, values } => [2.0, *step].into_iter().chain(values.iter().copied()).collect(),
        }
    }
}

fn interpolate(values: &[f64], place: f64) -> f64 {
    if !(place >= 0.0 && place <= (values.len() - 1) as f64) {
        return 0.0;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to the last index")]
    let index = place as usize;
    let next = values.get(index + 1).copied().unwrap_or(0.0);
    values[index] + (place - index as f64) * (next - values[index])
}

/// A source of pressure, `p_t = -K div u + s`: `s = S(t) delta(x - position)`, over the axes on which it has a
/// position; along the others it goes through the whole domain.
///
/// In one dimension and at rest, `p = S(t - |x| / c) / (2 c)`; from a point in three, `p = S'(t - r / c) / (4 pi c^2 r)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Source {
    pub(crate) position: Vec<Option<f64>>,
    pub(crate) wavelet: Wavelet,
}

impl Source {
    /// At a point, between cells or not.
    ///
    /// # Errors
    ///
    /// [`InputError`] for a wavelet with a value that is not finite, a frequency or width that is not positive, or
    /// an empty table.
    pub fn point(position: &[f64], wavelet: Wavelet) -> Result<Self, WaveError> {
        Self::through(&position.iter().copied().map(Some).collect::<Vec<_>>(), wavelet)
    }

    /// Along every axis whose coordinate is `None`: a line, a plane.
    ///
    /// # Errors
    ///
    /// As [`Source::point`].
    pub fn through(position: &[Option<f64>], wavelet: Wavelet) -> Result<Self, WaveError> {
        wavelet.check()?;
        Ok(Self { position: position.to_vec(), wavelet })
    }

    /// Its coordinates; `None` along the axes on which it goes through the whole domain.
    #[must_use]
    pub fn position(&self) -> &[Option<f64>] {
        &self.position
    }

    /// Everywhere on the plane (the line, in 2-D) across `axis` at `coordinate`, in a grid of `dims` axes.
    ///
    /// # Errors
    ///
    /// As [`Source::point`].
    pub fn plane(dims: usize, axis: usize, coordinate: f64, wavelet: Wavelet) -> Result<Self, WaveError> {
        let position: Vec<_> = (0..dims).map(|other| (other == axis).then_some(coordinate)).collect();
        Self::through(&position, wavelet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wavelets_have_their_peaks_where_they_should() {
        let ricker = Wavelet::Ricker { amplitude: 2.0, peak_frequency: 5.0, delay: 0.3 };
        assert_eq!(ricker.at(0.3), 2.0);
        // The zeros of the Ricker wavelet are 1 / (pi f sqrt 2) from its peak.
        assert!(ricker.at(0.3 + 1.0 / (PI * 5.0 * 2.0_f64.sqrt())).abs() < 1e-15);
        let gaussian = Wavelet::Gaussian { amplitude: 1.0, sigma: 0.1, delay: 0.5 };
        assert!((gaussian.at(0.6) - (-0.5_f64).exp()).abs() < 1e-15);
        let table = Wavelet::Table { step: 0.5, values: vec![1.0, 3.0, 2.0] };
        assert_eq!([-0.1, 0.0, 0.25, 0.5, 1.0, 1.1].map(|t| table.at(t)), [0.0, 1.0, 2.0, 3.0, 2.0, 0.0]);
    }

    #[test]
    fn wavelets_without_sense_are_refused() {
        let bad = [
            Wavelet::ricker(f64::NAN, 1.0),
            Wavelet::ricker(1.0, 0.0),
            Wavelet::Gaussian { amplitude: 1.0, sigma: -1.0, delay: 0.0 },
            Wavelet::Table { step: 0.0, values: vec![1.0] },
            Wavelet::Table { step: 1.0, values: vec![] },
            Wavelet::Table { step: 1.0, values: vec![f64::INFINITY] },
        ];
        assert!(bad.into_iter().all(|wavelet| Source::point(&[0.0], wavelet).is_err()));
    }
}
