//! Statistics of the intervals between spikes.

use hexad_core::{InputError, check_finite, check_positive};

/// Most windows of [`fano_factor`]: 2^28.
const MOST_WINDOWS: f64 = 268_435_456.0;

/// Statistics of the intervals of a spike train; NaN where there are too few.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct IntervalStatistics {
    /// Number of intervals.
    pub count: usize,
    /// Mean interval, in ms; needs one.
    pub mean_ms: f64,
    /// Standard deviation, with one less than the count below; needs two.
    pub sd_ms: f64,
    /// Coefficient of variation: `sd_ms / mean_ms`. 0 for a clock, 1 for a Poisson train.
    pub cv: f64,
}

/// The intervals between successive spikes, in ms.
#[must_use]
pub fn intervals_ms(times_ms: &[f64]) -> Vec<f64> {
    times_ms.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

/// Mean, spread and coefficient of variation of the intervals of one train.
///
/// ```
/// let clock: Vec<f64> = (0..10).map(|n| 5.0 * f64::from(n)).collect();
/// let statistics = hexad_neuro_hh::interval_statistics(&clock);
/// assert_eq!((statistics.mean_ms, statistics.cv), (5.0, 0.0));
/// ```
#[must_use]
pub fn interval_statistics(times_ms: &[f64]) -> IntervalStatistics {
    let intervals = intervals_ms(times_ms);
    let count = intervals.len();
    let mean_ms = intervals.iter().sum::<f64>() / count as f64;
    let squares: f64 = intervals.iter().map(|interval| (interval - mean_ms).powi(2)).sum();
    let sd_ms = if count < 2 { f64::NAN } else { (squares / (count - 1) as f64).sqrt() };
    IntervalStatistics { count, mean_ms, sd_ms, cv: sd_ms / mean_ms }
}

/// The Fano factor: variance over mean of the counts in whole windows of `window_ms` from 0 to `duration_ms`. 1 for a
/// Poisson train; NaN for fewer than two windows or no spikes.
///
/// # Errors
///
/// [`InputError`] unless both times are finite and positive and `times_ms` is finite, and for more than 2^28 windows.
pub fn fano_factor(times_ms: &[f64], window_ms: f64, duration_ms: f64) -> Result<f64, InputError> {
    check_positive("window_ms", window_ms)?;
    check_positive("duration_ms", duration_ms)?;
    check_finite("times_ms", times_ms)?;
    if duration_ms / window_ms > MOST_WINDOWS {
        let allowed = "at least duration_ms / 2^28";
        return Err(InputError::OutOfRange { argument: "window_ms", value: window_ms, allowed });
    }
    let counts = binned(times_ms, window_ms, whole(duration_ms / window_ms));
    let windows = counts.len() as f64;
    let mean = counts.iter().sum::<u64>() as f64 / windows;
    let squares: f64 = counts.iter().map(|count| (*count as f64 - mean).powi(2)).sum();
    Ok(squares / (windows - 1.0) / mean)
}

/// How many intervals lie in each of `bins` bins of `bin_ms` from 0 on.
///
/// # Errors
///
/// [`InputError`] unless `bin_ms` is finite and positive and `times_ms` is finite.
pub fn interval_histogram(times_ms: &[f64], bin_ms: f64, bins: usize) -> Result<Vec<u64>, InputError> {
    check_positive("bin_ms", bin_ms)?;
    check_finite("times_ms", times_ms)?;
    Ok(binned(&intervals_ms(times_ms), bin_ms, bins))
}

fn binned(values: &[f64], width: f64, bins: usize) -> Vec<u64> {
    let mut counts = vec![0; bins];
    for value in values.iter().filter(|value| **value >= 0.0) {
        if let Some(count) = counts.get_mut(whole(value / width)) {
            *count += 1;
        }
    }
    counts
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "not negative; rounding down is meant"
)]
fn whole(value: f64) -> usize {
    value as usize
}
