//! Why a simulation was refused or stopped.

use hexad_core::InputError;

/// Why a simulation was refused or stopped.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum NeuroError {
    /// An argument has the wrong length, is out of range or holds a value that cannot be used.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The step is too long for the integrator.
    #[error("dt_ms {dt_ms} is unstable for the {integrator} integrator: at most {largest_ms} is safe")]
    UnstableStep {
        /// Name of the integrator.
        integrator: &'static str,
        /// The step, in ms.
        dt_ms: f64,
        /// The longest safe one, in ms.
        largest_ms: f64,
    },
    /// A membrane potential left the physical range.
    #[error(
        "neuron {neuron} left the physical range at {time_ms} ms with {v_mv} mV: lower its drive or the step"
    )]
    LeftRange {
        /// Index of the neuron.
        neuron: usize,
        /// Time of the first step that ended outside, in ms.
        time_ms: f64,
        /// The potential, in mV.
        v_mv: f64,
    },
    /// A connection points at a neuron that does not exist.
    #[error("{argument}[{index}] is neuron {neuron}, but there are {neurons}")]
    Dangling {
        /// `sources` or `targets`.
        argument: &'static str,
        /// Index of the connection.
        index: usize,
        /// The neuron it names.
        neuron: usize,
        /// Neurons there are.
        neurons: usize,
    },
    /// A delay is shorter than a step.
    #[error("delays_ms[{index}] is {delay_ms}: a delay takes at least one step, {dt_ms} ms")]
    DelayTooShort {
        /// Index of the connection.
        index: usize,
        /// Its delay, in ms.
        delay_ms: f64,
        /// The step, in ms.
        dt_ms: f64,
    },
    /// A delay is longer than spikes are kept for.
    #[error("delays_ms[{index}] is {delay_ms}: a delay takes at most 2^20 steps, {longest_ms} ms")]
    DelayTooLong {
        /// Index of the connection.
        index: usize,
        /// Its delay, in ms.
        delay_ms: f64,
        /// The longest that can be, in ms.
        longest_ms: f64,
    },
    /// Bytes that are not a checkpoint, or a damaged one.
    #[error("not a checkpoint of this version, or a damaged one")]
    NotACheckpoint,
    /// A checkpoint of another simulation.
    #[error("the checkpoint is of another simulation: {what} differs")]
    CheckpointMismatch {
        /// What differs.
        what: &'static str,
    },
    /// The tolerance of spike times could not be met.
    #[error(
        "spike times still move by {error_ms} ms at a step of {dt_ms} ms: allow more than {tolerance_ms}"
    )]
    ToleranceNotMet {
        /// What was asked for, in ms.
        tolerance_ms: f64,
        /// Estimated error at the shortest step tried, in ms.
        error_ms: f64,
        /// That step, in ms.
        dt_ms: f64,
    },
}
