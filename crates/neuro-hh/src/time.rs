//! Moments as step number and offset, so that no two floats are compared for being the same moment.

/// The step in which `time_ms` lies and where in it, in `[0, 1)` of a step.
#[inline]
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "rounding down; times are not negative"
)]
pub(crate) fn locate(time_ms: f64, steps_per_ms: f64) -> (u64, f64) {
    let steps = time_ms * steps_per_ms;
    let whole = steps as u64;
    (whole, steps - whole as f64)
}

/// Steps of `dt_ms` in `duration_ms`, to the nearest.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked not to be negative")]
pub(crate) fn steps_in(duration_ms: f64, dt_ms: f64) -> u64 {
    (duration_ms / dt_ms).round() as u64
}
