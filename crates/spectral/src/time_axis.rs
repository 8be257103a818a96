//! Times of samples, checked for even spacing.

use hexad_core::{InputError, Spacing, UniformAxis, check_finite, detect_spacing};

use crate::SpectralError;

/// Farthest that a sample may stand from its place on an even axis, in steps.
const TOLERANCE: f64 = 1e-3;

/// Finds the even axis that `time_s` stand on: their first value, step and number. One over the step is the
/// sample rate.
///
/// The step is the mean one, `(last - first) / (n - 1)`: of n times from 0 to T, both included, it is
/// `T / (n - 1)` and not `T / n`.
///
/// A time may be up to 1e-3 steps from its place. A transform takes a sample that is j steps off for one in
/// its place, and so misses it by at most `2 pi f j step` of a tone's amplitude: by pi j, three thousandths,
/// at half the sample rate, and by less below.
///
/// Times must rise. Falling ones are refused even where they are even: taken as they come they are the
/// signal backwards, with the opposite sign of every phase.
///
/// # Examples
///
/// ```
/// use hexad_spectral::uniform_time_axis;
/// let axis = uniform_time_axis(&[2.0, 2.5, 3.0])?;
/// assert_eq!((axis.start, axis.step, axis.len), (2.0, 0.5, 3));
/// assert!(uniform_time_axis(&[0.0, 1.0, 2.0, 4.0]).is_err());
/// # Ok::<(), hexad_spectral::SpectralError>(())
/// ```
///
/// # Errors
///
/// [`InputError::TooFew`] for fewer than 2 times, [`InputError::NotFinite`] for NaN or infinity,
/// [`InputError::ElementOutOfRange`] for the first time that is not after the one before it,
/// [`SpectralError::NeedsUniformX`] for rising times that are not even.
pub fn uniform_time_axis(time_s: &[f64]) -> Result<UniformAxis, SpectralError> {
    if time_s.len() < 2 {
        return Err(InputError::TooFew { argument: "time_s", needed: 2, got: time_s.len() }.into());
    }
    check_rising(time_s)?;
    match detect_spacing(time_s, TOLERANCE)? {
        Spacing::Uniform { axis, .. } => Ok(axis),
        Spacing::Irregular { worst_index, worst_deviation } => {
            Err(SpectralError::NeedsUniformX { worst_index, worst_deviation })
        }
    }
}

fn check_rising(time_s: &[f64]) -> Result<(), InputError> {
    check_finite("time_s", time_s)?;
    match time_s.windows(2).position(|pair| pair[1] <= pair[0]) {
        Some(before) => Err(InputError::ElementOutOfRange {
            argument: "time_s",
            index: before + 1,
            value: time_s[before + 1],
            allowed: "after the time before it",
        }),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_counts_gaps_and_not_samples() {
        let times: Vec<f64> = (0..4096).map(|i| 10.0 * f64::from(i) / 4095.0).collect();
        let axis = uniform_time_axis(&times).unwrap();
        assert_eq!((axis.start, axis.len), (0.0, 4096));
        // One division.
        assert!((axis.step * 4095.0 / 10.0 - 1.0).abs() <= f64::EPSILON);
    }

    #[test]
    fn jitter_passes_up_to_a_thousandth_of_a_step() {
        let mut times: Vec<f64> = (0..100).map(|i| 1e6 + 0.25 * f64::from(i)).collect();
        times[40] += 0.25 * 0.9e-3;
        assert!(uniform_time_axis(&times).is_ok());
        times[40] += 0.25 * 0.2e-3;
        let Err(SpectralError::NeedsUniformX { worst_index: 40, worst_deviation }) =
            uniform_time_axis(&times)
        else {
            panic!("jitter of 1.1e-3 steps passed")
        };
        // Times near 1e6 are rounded to 1.2e-10, 4.7e-10 of a step.
        assert!((worst_deviation - 1.1e-3).abs() < 2e-9, "{worst_deviation:e}");
    }

    #[test]
    fn the_tolerance_bounds_what_a_tone_at_half_the_rate_loses() {
        let worst = (0..100).map(|i| 0.01 * f64::from(i)).fold(0.0_f64, |worst, phase| {
            let tone = |t: f64| (std::f64::consts::PI * t + phase).cos();
            worst.max((tone(TOLERANCE) - tone(0.0)).abs())
        });
        assert!(worst <= std::f64::consts::PI * TOLERANCE);
    }

    #[test]
    fn a_gap_is_found() {
        let found = uniform_time_axis(&[0.0, 1.0, 2.0, 4.0, 5.0]);
        assert_eq!(found, Err(SpectralError::NeedsUniformX { worst_index: 2, worst_deviation: 0.4 }));
    }

    #[test]
    fn times_that_do_not_rise_are_named() {
        for (times, index) in
            [([2.0, 1.0, 0.0], 1), ([0.0, 1.0, 1.0], 2), ([3.0, 3.0, 3.0], 1), ([0.0, 2.0, 1.0], 2)]
        {
            let refused = uniform_time_axis(&times);
            let Err(SpectralError::Input(InputError::ElementOutOfRange { index: found, value, .. })) =
                refused
            else {
                panic!("{times:?} passed: {refused:?}")
            };
            assert_eq!((found, value), (index, times[index]));
        }
    }

    #[test]
    fn too_few_and_not_finite_are_refused() {
        for times in [&[][..], &[1.0]] {
            let refused = uniform_time_axis(times);
            assert_eq!(
                refused,
                Err(InputError::TooFew { argument: "time_s", needed: 2, got: times.len() }.into())
            );
        }
        let refused = uniform_time_axis(&[0.0, f64::NAN, 2.0]);
        assert!(matches!(refused, Err(SpectralError::Input(InputError::NotFinite { index: 1, .. }))));
        // Their distance is no number.
        let refused = uniform_time_axis(&[f64::MIN, 0.0, f64::MAX]);
        assert!(matches!(refused, Err(SpectralError::NeedsUniformX { .. })), "{refused:?}");
    }
}
