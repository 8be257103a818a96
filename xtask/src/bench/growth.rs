//! Time and memory over the size of a job, each size in a process of its own.

use std::error::Error;

use serde_json::{Value, json};

use super::clock::Time;
use super::memory::status;
use super::row::pool;
use crate::Outcome;

/// A job that comes in sizes, plan included, on one thread.
pub(crate) struct Job {
    pub what: &'static str,
    /// What its size counts, in the plural.
    pub items: &'static str,
    pub sizes: [usize; 4],
    /// Times one run of that size; what it makes before that, its input, counts as memory only.
    pub run: fn(usize) -> Result<Time, Box<dyn Error>>,
}

/// What all sizes of a job took.
pub(crate) struct Growth {
    pub what: &'static str,
    pub items: &'static str,
    pub sizes: Vec<Size>,
}

/// What one size took.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Size {
    pub len: usize,
    pub cpu_s: f64,
    /// Largest memory of the process beyond what it held before, input and output included; none where
    /// the system does not tell.
    pub peak_bytes: Option<f64>,
}

impl Growth {
    /// The p of time ~ size^p, by least squares of the logarithms.
    pub fn exponent(&self) -> f64 {
        let points = self.sizes.iter().map(|size| ((size.len as f64).ln(), size.cpu_s.ln()));
        let count = self.sizes.len() as f64;
        let (x, y) = points.clone().fold((0.0, 0.0), |(x, y), point| (x + point.0, y + point.1));
        let (x, y) = (x / count, y / count);
        let products = points.map(|point| [(point.0 - x) * (point.1 - y), (point.0 - x).powi(2)]);
        let [xy, xx] = products.fold([0.0; 2], |sums, now| [sums[0] + now[0], sums[1] + now[1]]);
        xy / xx
    }
}

/// All sizes of the job of the crate `name`.
pub(crate) fn measure(name: &str, job: &Job) -> Result<Growth, Box<dyn Error>> {
    let sizes = job.sizes.into_iter().map(|len| measure_apart(name, len)).collect::<Result<_, _>>()?;
    Ok(Growth { what: job.what, items: job.items, sizes })
}

fn measure_apart(name: &str, len: usize) -> Result<Size, Box<dyn Error>> {
    let output = std::process::Command::new(std::env::current_exe()?)
        .args(["bench", "--growth", name, &len.to_string()])
        .output()?;
    if !output.status.success() {
        return Err(format!("{name}, {len}: {}", String::from_utf8_lossy(&output.stderr).trim()).into());
    }
    let found: Value = serde_json::from_slice(&output.stdout)?;
    let cpu_s = found["cpu_s"].as_f64().ok_or("no time")?;
    Ok(Size { len, cpu_s, peak_bytes: found["peak_bytes"].as_f64() })
}

/// Runs one size here and prints time and memory as JSON.
pub(crate) fn measure_here(job: &Job, len: usize) -> Outcome {
    let before = status("VmHWM:");
    let run = || (job.run)(len).map_err(|error| error.to_string());
    let spent = pool(1)?.install(run)?;
    let peak_bytes = status("VmHWM:").zip(before).map(|(after, before)| after - before);
    println!("{}", json!({ "cpu_s": spent.cpu_s, "peak_bytes": peak_bytes }));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Growth, Size};

    #[test]
    fn the_exponent_is_the_slope_of_the_logarithms() {
        let size = |len: usize| Size { len, cpu_s: 3e-9 * (len as f64).powf(1.5), peak_bytes: None };
        let growth = Growth { what: "", items: "", sizes: [10, 100, 1000].map(size).to_vec() };
        assert!((growth.exponent() - 1.5).abs() < 1e-12);
    }
}
