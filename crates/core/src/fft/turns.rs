//! Points on the unit circle.

use std::f64::consts::TAU;

use num_complex::Complex64;

/// `exp(2 pi i k / of)` for the first `count` k.
///
/// As near to the exact values as a sine and a cosine of each angle, and many times as fast: these are taken of one
/// angle in `sqrt(count)`, and the points behind it are that one and what little they are farther.
///
/// # Examples
///
/// ```
/// let eighths = hexad_core::turns(8, 8);
/// assert!((eighths[2] - hexad_core::Complex64::I).norm() < 1e-16);
/// ```
#[must_use]
pub fn turns(count: usize, of: usize) -> Vec<Complex64> {
    let stride = count.isqrt().max(1);
    let angle = |k: usize| TAU * k as f64 / of as f64;
    // exp(i x) - 1, small, so that the error of the product below is small beside that of the sum.
    let farther = |k: usize| {
        let (sin, cos) = (0.5 * angle(k)).sin_cos();
        2.0 * sin * Complex64::new(-sin, cos)
    };
    let farther: Vec<_> = (0..stride).map(farther).collect();
    let mut turns = Vec::with_capacity(count.next_multiple_of(stride));
    for k in (0..count).step_by(stride) {
        let turn = Complex64::cis(angle(k));
        turns.extend(farther.iter().map(|farther| turn + turn * farther));
    }
    turns.truncate(count);
    turns
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_points_of_the_circle() {
        for (count, of) in [(0, 1), (1, 1), (3, 3), (7, 100), (100, 100), (1000, 1001), (1 << 18, 1 << 19)] {
            let found = turns(count, of);
            assert_eq!(found.len(), count);
            for (k, turn) in found.iter().enumerate() {
                // Angles on both sides are rounded twice, and so are the points.
                let angle = TAU * k as f64 / of as f64;
                let allowed = 2.0 * f64::EPSILON * (1.0 + angle);
                assert!((turn - Complex64::cis(angle)).norm() <= allowed, "{k} of {of}: {turn}");
            }
        }
    }

    #[test]
    fn squares_are_turns_twice_as_far() {
        let turns = turns(1 << 16, 1 << 17);
        for (k, turn) in turns.iter().enumerate().take(1 << 15) {
            assert!((turn * turn - turns[2 * k]).norm() < 8.0 * f64::EPSILON, "{k}");
        }
    }
}
