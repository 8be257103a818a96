//! A delay that changes with time: the skew of two clocks.

use hexad_core::{InputError, check_positive};
use statrs::distribution::{ContinuousCDF, Normal};

use crate::{CorrelateError, DelayEstimate, DelayOptions, DelayPlan, Verdict};

/// Fewest windows with a clear delay that a line is put through: the slopes of four have no interval of 95 %.
const FEWEST_WINDOWS: usize = 5;

/// The probability with which the interval of a skew holds the truth.
const CONFIDENCE: f64 = 0.95;

/// The delay of one window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct WindowDelay {
    /// Middle of the window, from the first sample: the mean of its places in both records.
    pub time_s: f64,
    /// What was found there; its delay is that of the records, the alignment of the windows included.
    pub estimate: DelayEstimate,
}

/// A delay that changes evenly: `delay_at_start_s + 1e-6 skew_ppm t`.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Drift {
    /// By how many samples the windows of b stand behind those of a: the delay of the whole records, or 0 if they
    /// have none.
    pub aligned_by_samples: i64,
    /// The windows, in order.
    pub windows: Vec<WindowDelay>,
    /// How many of them have a clear delay: the line is theirs.
    pub clear: usize,
    /// The delay at the first sample.
    pub delay_at_start_s: f64,
    /// By how much the delay grows, in microseconds per second: positive where the clock of b is fast, so that b counts
    /// more time for the same events.
    pub skew_ppm: f64,
    /// Lower end of the interval that holds the skew with 95 % probability.
    pub skew_low_ppm: f64,
    /// Its upper end.
    pub skew_high_ppm: f64,
    /// Median distance of the delays from the line.
    pub median_deviation_s: f64,
}

impl Drift {
    /// The delay at a time from the first sample.
    #[must_use]
    pub fn delay_at_s(&self, time_s: f64) -> f64 {
        self.delay_at_start_s + 1e-6 * self.skew_ppm * time_s
    }
}

/// The delay of `b` behind `a` in windows of `window_s` seconds that follow each other, and the line through them.
///
/// First the delay of the whole records is found, and each window of b is put as many samples behind that of a, so
/// that windows may be shorter than the delay. Then the delay in each window is sought as `options` say; their largest
/// lag counts from there.
///
/// The line is that of Theil and Sen: its slope is the median of the slopes between all pairs of windows, so that up
/// to 29 % of windows may be wrong without consequence. The interval follows from Kendall's rank correlation and asks
/// for nothing but independent errors of any distribution. Windows whose verdict is not clear are left out.
///
/// A window has to be several times as long as what the delay changes in all, and short enough for the delay to stay
/// within a sample or so in it. Records may differ in length; what overlaps is used.
///
/// # Examples
///
/// ```
/// use hexad_correlate::{DelayOptions, drift};
/// // Tones of many frequencies; the clock of b is 50 ppm fast, and it starts 3 s late.
/// let at = |t: f64| -> f64 { (1..40).map(|k| (0.37 * t * f64::from(k) + f64::from(k * k)).cos()).sum() };
/// let a: Vec<f64> = (0..8000).map(|n| at(f64::from(n) * 0.05)).collect();
/// let b: Vec<f64> = (0..8000).map(|n| at(f64::from(n) * 0.05 * (1.0 - 50e-6) - 3.0)).collect();
/// let found = drift(&a, &b, 20.0, 20.0, &DelayOptions::default())?;
/// assert!((found.skew_ppm - 50.0).abs() < 1.0 && (found.delay_at_start_s - 3.0).abs() < 1e-3);
/// # Ok::<(), hexad_correlate::CorrelateError>(())
/// ```
///
/// # Errors
///
/// [`InputError`] for a window of fewer than 8 samples or longer than what overlaps, and as [`DelayPlan::new`]; as [`DelayPlan::apply`] for what the records hold, but a window that does not vary is only
/// left out; [`CorrelateError::TooFewWindows`] for fewer than five clear windows.
///
/// # References
///
/// H. Theil, Proc. Kon. Ned. Akad. Wetensch. A53, 1950; P. K. Sen, J. Amer. Stat. Assoc. 63, 1968,
/// doi:10.1080/01621459.1968.10480934.
pub fn drift(
    a: &[f64],
    b: &[f64],
    sample_rate_hz: f64,
    window_s: f64,
    options: &DelayOptions,
) -> Result<Drift, CorrelateError> {
    check_positive("sample_rate_hz", sample_rate_hz)?;
    check_positive("window_s", window_s)?;
    let whole = DelayPlan::new(a.len(), b.len(), sample_rate_hz, options)?;
    let lag = unless_it_does_not_vary(whole.apply(a, b))?
        .filter(|estimate| estimate.verdict != Verdict::None)
        .map_or(0, |estimate| estimate.lag_samples);
    let [a_start, b_start] = [-lag, lag].map(|before| usize::try_from(before).unwrap_or(0));
    let (a, b) = (&a[a_start..], &b[b_start..]);
    let samples = (window_s * sample_rate_hz).round();
    if samples > a.len().min(b.len()) as f64 {
        let allowed = "no longer than what overlaps of the records";
        return Err(InputError::OutOfRange { argument: "window_s", value: window_s, allowed }.into());
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the record")]
    let len = samples as usize;
    let plan = DelayPlan::new(len, len, sample_rate_hz, &within_window(len, sample_rate_hz, options))?;
    let mut scratch = plan.make_scratch();
    let mut windows = Vec::new();
    for (index, (a, b)) in a.chunks_exact(len).zip(b.chunks_exact(len)).enumerate() {
        let middle = (index * len) as f64 + 0.5 * (len - 1) as f64;
        let time_s = (middle + 0.5 * (a_start + b_start) as f64) / sample_rate_hz;
        let found = unless_it_does_not_vary(plan.apply_with(a, b, &mut scratch))?;
        windows.extend(found.map(|found| {
            let estimate = found.later_by(lag, sample_rate_hz);
            WindowDelay { time_s, estimate }
        }));
    }
    through(windows, lag)
}

fn unless_it_does_not_vary(
    found: Result<DelayEstimate, CorrelateError>,
) -> Result<Option<DelayEstimate>, CorrelateError> {
    match found {
        Ok(estimate) => Ok(Some(estimate)),
        Err(CorrelateError::Constant { .. } | CorrelateError::NothingInBand { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The options with a largest lag that windows of `len` samples have.
fn within_window(len: usize, sample_rate_hz: f64, options: &DelayOptions) -> DelayOptions {
    let longest = len.saturating_sub(1) as f64 / sample_rate_hz;
    let max_lag_s = options.max_lag_s.filter(|max_lag_s| *max_lag_s <= longest);
    DelayOptions { max_lag_s, ..*options }
}

/// The line through the clear ones of `windows`, which were aligned by `lag`.
fn through(windows: Vec<WindowDelay>, lag: i64) -> Result<Drift, CorrelateError> {
    let is_clear = |window: &&WindowDelay| window.estimate.verdict == Verdict::Clear;
    let points: Vec<[f64; 2]> =
        windows.iter().filter(is_clear).map(|window| [window.time_s, window.estimate.delay_s]).collect();
    let clear = points.len();
    if clear < FEWEST_WINDOWS {
        return Err(CorrelateError::TooFewWindows { clear, needed: FEWEST_WINDOWS });
    }
    let mut slopes = Vec::with_capacity(clear * (clear - 1) / 2);
    for (index, [time, delay]) in points.iter().enumerate() {
        slopes.extend(points[..index].iter().map(|[earlier, other]| (delay - other) / (time - earlier)));
    }
    let skew = median(&mut slopes);
    let [low, high] = interval(&slopes, clear);
    let mut starts: Vec<f64> = points.iter().map(|[time, delay]| delay - skew * time).collect();
    let delay_at_start_s = median(&mut starts);
    let mut deviations: Vec<f64> = starts.iter().map(|start| (start - delay_at_start_s).abs()).collect();
    Ok(Drift {
        aligned_by_samples: lag,
        clear,
        delay_at_start_s,
        skew_ppm: 1e6 * skew,
        skew_low_ppm: 1e6 * low,
        skew_high_ppm: 1e6 * high,
        median_deviation_s: median(&mut deviations),
        windows,
    })
}

/// The ends of the interval of the median of the sorted `slopes` between `points` points (Sen 1968).
fn interval(slopes: &[f64], points: usize) -> [f64; 2] {
    let n = points as f64;
    let standard = Normal::standard().inverse_cdf(0.5 + 0.5 * CONFIDENCE);
    let width = standard * (n * (n - 1.0) * (2.0 * n + 5.0) / 18.0).sqrt();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a number of slopes")]
    let outside = (0.5 * (slopes.len() as f64 - width)).max(0.0) as usize;
    [slopes[outside], slopes[slopes.len() - 1 - outside]]
}

/// Sorts `values`; the middle one, or the mean of both.
fn median(values: &mut [f64]) -> f64 {
    values.sort_by(f64::total_cmp);
    let (low, high) = (values[(values.len() - 1) / 2], values[values.len() / 2]);
    0.5 * (low + high)
}
