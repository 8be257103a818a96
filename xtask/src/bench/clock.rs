//! Times and what to make of several of them.

use std::time::{Duration, Instant};

/// One run: by the wall clock, and on the processor of this thread (the wall clock where a system has
/// no such count). Waiting for a busy machine is in the first only.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Time {
    pub wall_s: f64,
    pub cpu_s: f64,
}

impl Time {
    /// Of as many such runs.
    pub fn times(self, runs: f64) -> Self {
        Self { wall_s: runs * self.wall_s, cpu_s: runs * self.cpu_s }
    }
}

/// How many threads' worth of work two threads do at a time: 2 if both cores are free.
///
/// A thread may start some milliseconds late, for want of a core other than that of the first: the count takes far
/// longer.
pub(crate) fn free_cores() -> f64 {
    let count = || (0..200_000_000_u64).fold(1, |sum: u64, n| std::hint::black_box(sum ^ n));
    let wall = |work: &dyn Fn()| {
        let start = Instant::now();
        work();
        start.elapsed().as_secs_f64()
    };
    let one = wall(&|| {
        count();
    });
    let two = wall(&|| {
        std::thread::scope(|scope| {
            scope.spawn(count);
            count();
        });
    });
    2.0 * one / two
}

/// Times one call.
pub(crate) fn time<E>(work: impl FnOnce() -> Result<(), E>) -> Result<Time, E> {
    let (start, cpu_start) = (Instant::now(), thread_cpu());
    work()?;
    let wall_s = start.elapsed().as_secs_f64();
    let cpu_s = match (cpu_start, thread_cpu()) {
        (Some(start), Some(end)) => (end - start).as_secs_f64(),
        _ => wall_s,
    };
    Ok(Time { wall_s, cpu_s })
}

#[cfg(unix)]
fn thread_cpu() -> Option<Duration> {
    use rustix::time::{ClockId, clock_gettime};
    Duration::try_from(clock_gettime(ClockId::ThreadCPUTime)).ok()
}

#[cfg(not(unix))]
fn thread_cpu() -> Option<Duration> {
    None
}

/// Smallest, middle and largest of several numbers.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Spread {
    pub min: f64,
    pub median: f64,
    pub max: f64,
}

impl Spread {
    /// Of at least one number.
    pub fn of(numbers: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = numbers.into_iter().collect();
        sorted.sort_by(f64::total_cmp);
        let (&min, &max) = (sorted.first()?, sorted.last()?);
        let middle = sorted.len() / 2;
        let median =
            if sorted.len() % 2 == 1 { sorted[middle] } else { (sorted[middle - 1] + sorted[middle]) / 2.0 };
        Some(Self { min, median, max })
    }
}

#[cfg(test)]
mod tests {
    use super::Spread;

    #[test]
    fn the_median_is_the_middle_one_or_the_mean_of_two() {
        assert_eq!(Spread::of([3.0, 1.0, 2.0]), Some(Spread { min: 1.0, median: 2.0, max: 3.0 }));
        assert_eq!(Spread::of([4.0, 1.0]).map(|spread| spread.median), Some(2.5));
        assert_eq!(Spread::of([]), None);
    }
}
