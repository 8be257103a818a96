//! A delay that changes along the signals.

use hexad_correlate::{CorrelateError, Drift, WindowDelay, drift};
use serde::Serialize;

use super::found::verdict;
use super::records::Records;
use crate::args::delay::DelayArgs;
use crate::error::Outcome;

/// Fewest windows with a clear delay that a line is put through.
pub const FEWEST_WINDOWS: usize = 5;

/// The delay in windows, and the line through them, if there is one.
#[derive(Debug, Serialize)]
pub struct Skew {
    pub window_s: f64,
    /// By how many samples the windows of b stand behind those of a.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub aligned_by_samples: Option<i64>,
    /// Windows with a clear delay: the line is theirs.
    pub clear: usize,
    #[serde(flatten)]
    pub line: Option<Line>,
    pub windows: Vec<Window>,
}

/// `delay_at_start_s + 1e-6 skew_ppm t`, t from the first sample.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Line {
    /// Positive where the clock of b is fast.
    pub skew_ppm: f64,
    pub skew_low_ppm: f64,
    pub skew_high_ppm: f64,
    pub delay_at_start_s: f64,
    pub median_deviation_s: f64,
}

/// The delay of one window.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Window {
    /// Its middle, from the first sample.
    pub time_s: f64,
    pub delay_s: f64,
    pub uncertainty_s: f64,
    pub verdict: &'static str,
}

impl Skew {
    /// Measures in windows of `window_s`; what one signal has more than the other is left out.
    pub fn find(args: &DelayArgs, records: &Records, window_s: f64) -> Outcome<Self> {
        let [a, b] = [0, 1].map(|index| records.signals[index].values.as_slice());
        match drift(a, b, records.sample_rate, window_s, &args.options()) {
            Ok(found) => Ok(Self::new(window_s, &found)),
            Err(CorrelateError::TooFewWindows { clear, .. }) => {
                Ok(Self { window_s, aligned_by_samples: None, clear, line: None, windows: Vec::new() })
            }
            Err(error) => Err(records.refused(&error)),
        }
    }

    fn new(window_s: f64, found: &Drift) -> Self {
        let window = |WindowDelay { time_s, estimate }: &WindowDelay| Window {
            time_s: *time_s,
            delay_s: estimate.delay_s,
            uncertainty_s: estimate.uncertainty_s,
            verdict: verdict(estimate),
        };
        let line = Line {
            skew_ppm: found.skew_ppm,
            skew_low_ppm: found.skew_low_ppm,
            skew_high_ppm: found.skew_high_ppm,
            delay_at_start_s: found.delay_at_start_s,
            median_deviation_s: found.median_deviation_s,
        };
        Self {
            window_s,
            aligned_by_samples: Some(found.aligned_by_samples),
            clear: found.clear,
            line: Some(line),
            windows: found.windows.iter().map(window).collect(),
        }
    }
}
