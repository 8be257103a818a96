#![doc = include_str!("../README.md")]

mod allocation;

pub use allocation::{COUNTED, Counting, allocations, assert_allocates_nothing};
use hexad_core::Boundary;
use rand_pcg::Pcg64;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// Asserts that two slices agree within `tolerance`, absolutely; names the first place where they do not.
///
/// # Panics
///
/// If they do not.
#[track_caller]
pub fn assert_close(got: &[f64], wanted: &[f64], tolerance: f64) {
    assert_eq!(got.len(), wanted.len(), "lengths differ");
    for (index, (got, wanted)) in got.iter().zip(wanted).enumerate() {
        let same = got.is_nan() && wanted.is_nan() || (got - wanted).abs() <= tolerance || got == wanted;
        assert!(same, "at {index}: got {got:e}, wanted {wanted:e}, tolerance {tolerance:e}");
    }
}

/// Largest absolute difference of two slices; NaN in one only counts as infinite.
#[must_use]
pub fn max_difference(a: &[f64], b: &[f64]) -> f64 {
    let difference = |(a, b): (&f64, &f64)| match (a.is_nan(), b.is_nan()) {
        (true, true) => 0.0,
        (false, false) => (a - b).abs(),
        _ => f64::INFINITY,
    };
    a.iter().zip(b).map(difference).fold(0.0, f64::max)
}

/// A repeatable stream of random numbers.
#[derive(Debug, Clone)]
pub struct Random(Pcg64);

impl Random {
    /// The stream of `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(Pcg64::seed_from_u64(seed))
    }

    /// Evenly distributed in `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Evenly distributed in `[low, high)`.
    pub fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// `count` values evenly distributed in `[low, high)`.
    pub fn vector(&mut self, count: usize, low: f64, high: f64) -> Vec<f64> {
        (0..count).map(|_| self.uniform(low, high)).collect()
    }

    /// Normally distributed with mean 0 and standard deviation 1 (Box and Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }
}

/// How many times, in ms, fall into each of `bins` bins of 1 ms, from `from_ms` on.
#[must_use]
pub fn counts_per_ms(times_ms: impl IntoIterator<Item = f64>, from_ms: f64, bins: usize) -> Vec<f64> {
    let mut counts = vec![0.0; bins];
    for time_ms in times_ms.into_iter().filter(|time_ms| *time_ms >= from_ms) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "rounding down")]
        let bin = (time_ms - from_ms) as usize;
        if let Some(count) = counts.get_mut(bin) {
            *count += 1.0;
        }
    }
    counts
}

/// Numbers of a reference table: one per line or separated by commas, `#` starts a comment.
///
/// # Panics
///
/// If something is not a number.
#[must_use]
pub fn table(text: &str) -> Vec<f64> {
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or("").trim());
    let fields = lines.filter(|line| !line.is_empty()).flat_map(|line| line.split(','));
    fields.map(|field| field.trim().parse().unwrap_or_else(|_| panic!("not a number: {field}"))).collect()
}

/// Every way in which a signal continues past its ends, once.
#[must_use]
pub fn boundaries(constant: f64) -> [Boundary; 6] {
    [
        Boundary::Renormalize,
        Boundary::Reflect,
        Boundary::Mirror,
        Boundary::Nearest,
        Boundary::Wrap,
        Boundary::Constant(constant),
    ]
}
