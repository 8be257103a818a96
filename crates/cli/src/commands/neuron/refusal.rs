//! The library's complaints in the words of the command line.

use hexad_neuro_hh::NeuroError;

use crate::error::Failure;
use crate::units::four_digits;

/// What a simulation of one neuron was refused or stopped for.
pub fn refusal(error: NeuroError) -> Failure {
    match error {
        NeuroError::UnstableStep { integrator, dt_ms, largest_ms } => Failure::usage(format!(
            "--dt {dt_ms}: is too long for the {integrator} integrator; at most {} ms is safe",
            rounded_down(largest_ms)
        )),
        NeuroError::LeftRange { time_ms, v_mv, .. } => Failure::work(format!(
            "V left the physical range at {} ms with {} mV; lower the drive or --dt",
            moment(time_ms),
            four_digits(v_mv)
        )),
        NeuroError::ToleranceNotMet { tolerance_ms, error_ms, dt_ms } => {
            let [tolerance, error, dt] = [tolerance_ms, error_ms, dt_ms].map(four_digits);
            Failure::work(format!(
                "--tolerance {tolerance}: spike times still move by {error} ms at a step of {dt} ms; allow more"
            ))
        }
        other => Failure::usage(other.to_string()),
    }
}

/// What a simulation of many neurons was refused or stopped for.
pub fn refusal_of_many(error: NeuroError) -> Failure {
    match error {
        NeuroError::LeftRange { neuron, time_ms, v_mv } => Failure::work(format!(
            "neuron {neuron} left the physical range at {} ms with {} mV; lower its drive or --dt",
            moment(time_ms),
            four_digits(v_mv)
        )),
        other => refusal(other),
    }
}

/// A time to the nanosecond.
pub fn moment(time_ms: f64) -> f64 {
    (time_ms * 1e6).round() / 1e6
}

/// To four digits, and not more than `value`.
pub fn rounded_down(value: f64) -> f64 {
    let unit = 10_f64.powf(value.log10().floor() - 3.0);
    let rounded: f64 = format!("{:.3e}", (value / unit).floor() * unit).parse().unwrap_or(value);
    rounded.min(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_safe_step_is_never_rounded_up() {
        assert_eq!(
            [0.244_292_852, 0.051_449_9, 1.0, 12.345_6].map(rounded_down),
            [0.2442, 0.05144, 1.0, 12.34]
        );
    }
}
