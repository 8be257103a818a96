//! What does not fit is refused before it is built.

use super::recording::bins;
use crate::error::{Failure, Outcome};
use crate::memory;

/// Bytes of a neuron: its state, its train of input, its arrivals ahead and its statistics, twice where it is read
/// from a checkpoint.
const NEURON_BYTES: u64 = 1024;
/// Bytes of a connection, while it is sorted.
const CONNECTION_BYTES: u64 = 64;
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
