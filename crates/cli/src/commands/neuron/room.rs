//! What does not fit is refused before it is built.

use super::recording::bins;
use crate::error::{Failure, Outcome};
use crate::memory;

/// Bytes of a neuron: its state, its train of input, its arrivals ahead and its statistics, twice where it is read
/// from a checkpoint.
const NEURON_BYTES: u64 = 1024;
/// Bytes of a connection, while it is sorted.
const CONNECTION_BYTES: u64 = 64;
/// Neurons that keep their arrivals together, and bytes of a step that these are kept for: three lists, and as many
/// again where the steps are rounded up to a power of two.
const BLOCK: usize = 512;
const STEP_BYTES: f64 = 144.0;
/// Most bins of the rate.
const MOST_BINS: f64 = 1e8;

/// Refuses so many neurons and connections, or bins, as no memory holds; `whose` is what the message begins with.
pub fn check(
    whose: &str,
    neurons: usize,
    connections: u64,
    duration_ms: f64,
    bin_ms: Option<f64>,
) -> Outcome<()> {
    if neurons > u32::MAX as usize {
        return Err(Failure::usage(format!("{neurons} neurons are too many to number; at most 4294967295")));
    }
    let bins = match bin_ms {
        Some(bin_ms) if duration_ms / bin_ms > MOST_BINS => {
            return Err(Failure::usage(format!(
                "--bin {bin_ms}: {:e} bins are too many; at most 1e8: make them wider",
                duration_ms / bin_ms
            )));
        }
        Some(bin_ms) => bins(duration_ms, bin_ms) as u64,
        None => 0,
    };
    let neurons_bytes = (neurons as u64).saturating_mul(NEURON_BYTES);
    let connections_bytes = connections.saturating_mul(CONNECTION_BYTES);
    let bytes = neurons_bytes.saturating_add(connections_bytes).saturating_add(16 * bins);
    let what = match connections {
        0 => format!("{whose}a population of {neurons} neurons"),
        _ => format!("{whose}a network of {neurons} neurons and about {connections} connections"),
    };
    memory::check_for(&what, bytes, "simulate fewer, or use a larger machine")
}

/// Refuses delays of so many steps that no memory holds what is under way.
pub fn check_delays(whose: &str, neurons: usize, steps: f64) -> Outcome<()> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative, saturates")]
    let bytes = (STEP_BYTES * steps * neurons.div_ceil(BLOCK) as f64) as u64;
    memory::check_for(&format!("{whose}a delay of {steps} steps"), bytes, "shorten it, or lengthen dt_ms")
}
