//! What a signal does around spikes.

use hexad_core::{InputError, check_finite, check_positive};

/// The longest average: 2^28 samples.
const MOST_LAGS: f64 = 268_435_456.0;

/// The mean of a signal around spikes.
#[derive(Debug, Clone, PartialEq)]
pub struct TriggeredAverage {
    /// Time from the spike, in ms: negative before it.
    pub lag_ms: Vec<f64>,
    /// Mean of the signal there.
    pub mean: Vec<f64>,
    /// Spikes whose whole surroundings lie within the signal.
    pub spikes: usize,
}

/// The mean of `signal`, sampled every `dt_ms` from time 0, from `before_ms` before spikes to `after_ms` after them;
/// between samples it is a straight line. Spikes too near an end are left out; without any the means are NaN.
///
/// # Errors
///
/// [`InputError`] unless `dt_ms` is finite and positive, the other times not negative and all values finite,
/// and for more than 2^28 samples around a spike.
pub fn spike_triggered_average(
    signal: &[f64],
    dt_ms: f64,
    times_ms: &[f64],
    before_ms: f64,
    after_ms: f64,
) -> Result<TriggeredAverage, InputError> {
    check_positive("dt_ms", dt_ms)?;
    check_finite("signal", signal)?;
    check_finite("times_ms", times_ms)?;
    hexad_core::check_not_negative("before_ms and after_ms", &[before_ms, after_ms])?;
    let (before, after) = ((before_ms / dt_ms).round(), (after_ms / dt_ms).round());
    if before + after > MOST_LAGS {
        let (value, allowed) = (before_ms.max(after_ms), "at most 2^28 samples");
        return Err(InputError::OutOfRange { argument: "before_ms and after_ms", value, allowed });
    }
    let last = signal.len() as f64 - 1.0;
    let places: Vec<f64> = times_ms.iter().map(|time_ms| time_ms / dt_ms).collect();
    let inside = |place: &&f64| **place - before >= 0.0 && **place + after < last;
    let chosen: Vec<f64> = places.iter().filter(inside).copied().collect();
    let lags: Vec<f64> = (0..=index(before + after)).map(|lag| lag as f64 - before).collect();
    let mean = lags.iter().map(|lag| {
        let sum: f64 = chosen.iter().map(|place| between(signal, place + lag)).sum();
        sum / chosen.len() as f64
    });
    let mean = mean.collect();
    Ok(TriggeredAverage { lag_ms: lags.iter().map(|lag| lag * dt_ms).collect(), mean, spikes: chosen.len() })
}

fn between(signal: &[f64], place: f64) -> f64 {
    let whole = place.floor();
    let (at, share) = (index(whole), place - whole);
    signal[at] + share * (signal[at + 1] - signal[at])
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "whole and within the signal")]
fn index(place: f64) -> usize {
    place as usize
}
