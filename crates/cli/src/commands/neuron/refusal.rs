//! The library's complaints in the words of the command line.

use hexad_neuro_hh::NeuroError;

use crate::error::Failure;

/// What a simulation of one neuron was refused or stopped for.
pub fn refusal(error: NeuroError) -> Failure {
    match error {
        NeuroError::UnstableStep { integrator, dt_ms, largest_ms } => Failure::usage(format!(
            "--dt {dt_ms}: is too long for the {integrator} integrator; at most {largest_ms} ms is safe"
        )),
        NeuroError::LeftRange { time_ms, v_mv, .. } => Failure::work(format!(
            "V left the physical range at {time_ms} ms with {v_mv} mV; lower the drive or --dt"
        )),
        NeuroError::ToleranceNotMet { tolerance_ms, error_ms, dt_ms } => Failure::work(format!(
            "--tolerance {tolerance_ms}: spike times still move by {error_ms} ms at a step of {dt_ms} ms; allow more"
        )),
        other => Failure::usage(other.to_string()),
    }
}
