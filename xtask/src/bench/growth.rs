//! Time and memory over the number of samples, each length in a process of its own.

use std::error::Error;

use hexad_smoothing::{SmoothOptions, Smoother, Truncation};
use serde_json::{Value, json};

use super::clock::time;
use super::memory::status;
use crate::Outcome;

const SIGMA: f64 = 10.0;

/// What one length took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Growth {
    pub len: usize,
    /// One smooth, plan included, on one thread.
    pub cpu_s: f64,
    /// Largest memory of the process beyond what it held before, input and output included; none where
    /// the system does not tell.
    pub peak_bytes: Option<f64>,
}

/// Lengths from 1e5 to 1e8.
pub(crate) fn measure() -> Result<Vec<Growth>, Box<dyn Error>> {
    [100_000, 1_000_000, 10_000_000, 100_000_000].into_iter().map(measure_apart).collect()
}

fn measure_apart(len: usize) -> Result<Growth, Box<dyn Error>> {
    let output = std::process::Command::new(std::env::current_exe()?)
        .args(["bench", "--growth", &len.to_string()])
        .output()?;
    if !output.status.success() {
        return Err(format!("{len} samples: {}", String::from_utf8_lossy(&output.stderr).trim()).into());
    }
    let found: Value = serde_json::from_slice(&output.stdout)?;
    let cpu_s = found["cpu_s"].as_f64().ok_or("no time")?;
    Ok(Growth { len, cpu_s, peak_bytes: found["peak_bytes"].as_f64() })
}

/// Smooths `len` samples here and prints time and memory as JSON.
pub(crate) fn measure_here(len: usize) -> Outcome {
    let before = status("VmHWM:");
    let y: Vec<f64> = (0..len).map(|i| (0.01 * i as f64).sin()).collect();
    let mut out = vec![0.0; len];
    let options = SmoothOptions::default().with_truncation(Truncation::Exact);
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let spent = pool.install(|| {
        time(|| {
            let plan = Smoother::uniform(len, 1.0, SIGMA, &options)?;
            plan.apply_into(&y, None, &mut out, &mut plan.make_scratch()).map(drop)
        })
    })?;
    let peak_bytes = status("VmHWM:").zip(before).map(|(after, before)| after - before);
    println!("{}", json!({ "cpu_s": spent.cpu_s, "peak_bytes": peak_bytes }));
    Ok(())
}
