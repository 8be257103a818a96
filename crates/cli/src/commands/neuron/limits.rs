//! What would never end is refused before it begins.

use hexad_neuro_hh::PoissonGroup;

use crate::error::{Failure, Outcome};

/// Most steps of a run: beyond, their numbers are no longer whole as floats.
const MOST_STEPS: f64 = 9e15;
/// Most arrivals expected in one step of one neuron.
const MOST_PER_STEP: f64 = 1e6;

/// Steps of `dt_ms` in `duration_ms`, to the nearest.
pub fn steps(duration_ms: f64, dt_ms: f64) -> Outcome<u64> {
    let steps = count_steps(duration_ms, dt_ms);
    steps.map_err(|what| Failure::usage(format!("--duration {duration_ms}: {what}")))
}

/// The same, or what is wrong.
pub fn count_steps(duration_ms: f64, dt_ms: f64) -> Result<u64, String> {
    let steps = (duration_ms / dt_ms).round();
    if steps < 1.0 {
        return Err(format!("is shorter than half a step of {dt_ms} ms; run for longer"));
    }
    if steps > MOST_STEPS {
        return Err(format!("{steps:e} steps of {dt_ms} ms are too many to count; at most 9e15"));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "1 to 9e15")]
    let steps = steps as u64;
    Ok(steps)
}

/// Refuses input so dense that a step would not end, and jumps that are no numbers.
pub fn check_arrivals(groups: &[PoissonGroup], dt_ms: f64) -> Outcome<()> {
    if groups.iter().any(|group| !group.weight_mv.is_finite()) {
        return Err(Failure::usage("--inhibitory-scale: is too large for this --weight; lower one of them"));
    }
    count_arrivals(groups, dt_ms).map_err(|what| Failure::usage(format!("--rate: {what}")))
}

/// The same, or what is wrong.
pub fn count_arrivals(groups: &[PoissonGroup], dt_ms: f64) -> Result<(), String> {
    let rate_hz: f64 = groups.iter().map(|group| group.sources as f64 * group.rate_hz * group.release).sum();
    let per_step = 1e-3 * rate_hz * dt_ms;
    if per_step <= MOST_PER_STEP {
        return Ok(());
    }
    Err(format!(
        "{per_step:e} spikes would arrive in every step; at most 1e6: lower the rate or the number of sources"
    ))
}
