//! Where samples sit: evenly spaced or not.

use crate::{InputError, check_finite};

/// An evenly spaced axis: `x_i = start + i * step`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct UniformAxis {
    /// Coordinate of sample 0.
    pub start: f64,
    /// Signed distance between neighbours; never 0.
    pub step: f64,
    /// Number of samples.
    pub len: usize,
}

impl UniformAxis {
    /// Coordinate of sample `index`.
    #[must_use]
    pub fn at(&self, index: usize) -> f64 {
        self.start + index as f64 * self.step
    }
}

/// What [`detect_spacing`] found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Spacing {
    /// Evenly spaced within the tolerance.
    Uniform {
        /// The straight line through the first and the last sample.
        axis: UniformAxis,
        /// Largest distance of a sample from that line, in steps.
        worst_deviation: f64,
    },
    /// Not evenly spaced.
    Irregular {
        /// Index of the sample farthest from the straight line.
        worst_index: usize,
        /// Its distance from the line, in mean steps (infinite if the mean step is 0).
        worst_deviation: f64,
    },
}

/// Tells whether `x` is evenly spaced: every sample within `tolerance` steps of the straight line
/// through the first and the last one. The step may be negative; a single sample is uniform with
/// step 1.
///
/// # Errors
///
/// [`InputError::TooFew`] for an empty `x`, [`InputError::NotFinite`] for NaN or infinity.
pub fn detect_spacing(x: &[f64], tolerance: f64) -> Result<Spacing, InputError> {
    check_finite("x", x)?;
    let (Some(&start), Some(&end)) = (x.first(), x.last()) else {
        return Err(InputError::TooFew { argument: "x", needed: 1, got: 0 });
    };
    if x.len() == 1 {
        return Ok(Spacing::Uniform { axis: UniformAxis { start, step: 1.0, len: 1 }, worst_deviation: 0.0 });
    }
    let step = (end - start) / (x.len() - 1) as f64;
    if step == 0.0 || !step.is_finite() {
        return Ok(Spacing::Irregular { worst_index: x.len() - 1, worst_deviation: f64::INFINITY });
    }
    let axis = UniformAxis { start, step, len: x.len() };
    let (mut worst_index, mut worst) = (0, 0.0);
    for (index, &value) in x.iter().enumerate() {
        let deviation = (value - axis.at(index)).abs();
        if deviation > worst {
            (worst_index, worst) = (index, deviation);
        }
    }
    let worst_deviation = worst / step.abs();
    if worst_deviation <= tolerance {
        Ok(Spacing::Uniform { axis, worst_deviation })
    } else {
        Ok(Spacing::Irregular { worst_index, worst_deviation })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ramp_is_uniform_both_ways() {
        for sign in [1.0, -1.0] {
            let x: Vec<f64> = (0..100).map(|i| 3.0 + sign * 0.1 * f64::from(i)).collect();
            let Ok(Spacing::Uniform { axis, worst_deviation }) = detect_spacing(&x, 1e-9) else {
                panic!("a ramp was not seen as uniform")
            };
            assert!((axis.step - sign * 0.1).abs() < 1e-15 && axis.len == 100);
            assert!(worst_deviation < 1e-12);
        }
    }

    #[test]
    fn the_worst_sample_is_named() {
        let found = detect_spacing(&[0.0, 1.0, 2.25, 3.0, 4.0], 0.1).unwrap();
        assert_eq!(found, Spacing::Irregular { worst_index: 2, worst_deviation: 0.25 });
        let duplicates = detect_spacing(&[1.0, 1.0], 0.1).unwrap();
        assert_eq!(duplicates, Spacing::Irregular { worst_index: 1, worst_deviation: f64::INFINITY });
    }

    #[test]
    fn nothing_and_nan_are_refused() {
        assert_eq!(detect_spacing(&[], 0.1), Err(InputError::TooFew { argument: "x", needed: 1, got: 0 }));
        assert!(matches!(
            detect_spacing(&[0.0, f64::INFINITY], 0.1),
            Err(InputError::NotFinite { index: 1, .. })
        ));
    }
}
