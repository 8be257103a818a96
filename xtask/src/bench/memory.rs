//! Memory of correlating at some lags, beside what people use today, each in a process of its own.

use std::error::Error;
use std::path::Path;

use hexad_correlate::{CorrelateOptions, Lags, correlate};
use hexad_testkit::Random;
use serde_json::{Value, json};

use super::peers::{Environment, Peer, share};
use crate::Outcome;

/// The crate that it is about.
pub(crate) const SECTION: &str = "correlate";
pub(crate) const NAME: &str = "memory of lags to 5,000 of 2 x 1e7 samples";
/// The largest share of the other's memory.
pub(crate) const MOST: f64 = 0.01;

const LEN: usize = 10_000_000;
const LAGS: usize = 5000;

/// Largest memory of a process beyond what it held with the signals, in bytes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Memory {
    pub ours: f64,
    /// Of SciPy, which computes all lags always; none without `--peers`.
    pub other: Option<f64>,
}

/// In fresh processes; none where the system does not tell.
pub(crate) fn measure(folder: &Path, with_peers: bool) -> Result<Option<Memory>, Box<dyn Error>> {
    let output = std::process::Command::new(std::env::current_exe()?).args(["bench", "--memory"]).output()?;
    if !output.status.success() {
        return Err(format!("{NAME}: {}", String::from_utf8_lossy(&output.stderr).trim()).into());
    }
    let found: Value = serde_json::from_slice(&output.stdout)?;
    let Some(ours) = found["peak_bytes"].as_f64() else { return Ok(None) };
    let other = if with_peers {
        let [a, b] = signals();
        let call = json!({
            "call": "correlate",
            "input": share("memory_a", &[LEN], &a)?,
            "y": share("memory_b", &[LEN], &b)?,
        });
        Peer::start(Environment::Common, folder)?.memory(&call)?
    } else {
        None
    };
    Ok(Some(Memory { ours, other }))
}

/// Correlates here and prints the memory as JSON: plan, buffers and result.
pub(crate) fn measure_here() -> Outcome {
    let [a, b] = signals();
    let before = status("VmRSS:");
    let found = correlate(&a, &b, Lags::Within(LAGS), &CorrelateOptions::default())?;
    let peak_bytes = status("VmHWM:").zip(before).map(|(peak, before)| peak - before);
    println!("{}", json!({ "peak_bytes": peak_bytes, "lags": found.values.len() }));
    Ok(())
}

fn signals() -> [Vec<f64>; 2] {
    [1, 2].map(|seed| Random::new(seed).vector(LEN, -1.0, 1.0))
}

/// A size in bytes that Linux tells of this process: `VmRSS:` now, `VmHWM:` at most so far.
pub(crate) fn status(key: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    Some(1024.0 * line.trim().trim_end_matches("kB").trim().parse::<f64>().ok()?)
}
