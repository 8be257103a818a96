//! The machine that a table was made on, and what it can do at most.

use std::time::Instant;

use hexad_core::simd::{Kernel, Simd, Vector, dispatch_widest};
use serde_json::{Value, json};

use super::clock::Spread;
use super::traffic::Traffic;

/// One core of it.
pub(crate) struct Machine {
    pub date: jiff::civil::Date,
    pub processor: String,
    pub cores: usize,
    /// Memory read and written a second, by a plain loop.
    pub bytes_per_s: f64,
    /// Floating-point operations a second, multiplications and additions in turns in the widest vectors.
    pub flops_per_s: f64,
}

impl Machine {
    pub fn measure() -> Self {
        Self {
            date: jiff::Zoned::now().date(),
            processor: processor(),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            bytes_per_s: bytes_per_s(),
            flops_per_s: flops_per_s(),
        }
    }

    /// For programs.
    pub fn json(&self) -> Value {
        json!({
            "date": self.date.to_string(),
            "processor": self.processor,
            "cores": self.cores,
            "bytes_per_s": self.bytes_per_s,
            "flops_per_s": self.flops_per_s,
        })
    }
}

/// Its name, where the system tells.
fn processor() -> String {
    let told = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = told.lines().find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    name.map_or_else(|| std::env::consts::ARCH.to_owned(), |(_, name)| name.trim().to_owned())
}

/// The best of a few goes.
fn best_of_five(mut go: impl FnMut()) -> f64 {
    let seconds = (0..5).map(|_| {
        let start = Instant::now();
        go();
        start.elapsed().as_secs_f64()
    });
    Spread::of(seconds).map_or(f64::NAN, |spread| spread.min)
}

fn bytes_per_s() -> f64 {
    let mut traffic = Traffic::new();
    Traffic::BYTES / best_of_five(|| traffic.pass())
}

fn flops_per_s() -> f64 {
    let mut lanes = 0;
    let seconds = best_of_five(|| lanes = dispatch_widest(MultiplyAdd));
    (2 * lanes * MultiplyAdd::CHAINS * MultiplyAdd::STEPS) as f64 / seconds
}

/// Fused multiply-adds in as many chains as keep two units of four cycles busy, and a few more.
struct MultiplyAdd;

impl MultiplyAdd {
    const CHAINS: usize = 12;
    const STEPS: usize = 2_000_000;
}

impl<const L: usize> Kernel<f64, L> for MultiplyAdd {
    /// Lanes of a vector.
    type Output = usize;

    #[inline(always)]
    fn run<S: Simd<f64, L>>(self, simd: S) -> usize {
        let factor = simd.splat(std::hint::black_box(0.5));
        let mut chains = [simd.splat(1.0); Self::CHAINS];
        for _ in 0..Self::STEPS {
            for chain in &mut chains {
                *chain = chain.mul_add(factor, factor);
            }
        }
        for chain in chains {
            std::hint::black_box(chain.sum());
        }
        L
    }
}
