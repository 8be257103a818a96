//! Delays that change with time.

use hexad_correlate::{CorrelateError, DelayOptions, Leading, drift};
use hexad_testkit::Random;

/// Noise below a fifth of the sample rate, at any time, from samples of it at whole times.
struct Source(Vec<f64>);

impl Source {
    fn new(len: usize, seed: u64) -> Self {
        let mut random = Random::new(seed);
        Self((0..len + 200).map(|_| random.normal()).collect())
    }

    /// Gaussian interpolation: a smooth function of time of which the samples are not the truth but the source.
    fn at(&self, time: f64) -> f64 {
        let centre = (time + 100.0).round();
        #[expect(clippy::cast_possible_truncation, reason = "within the samples")]
        let near = (centre as usize - 8)..=(centre as usize + 8);
        near.map(|n| self.0[n] * (-0.5 * ((n as f64 - 100.0 - time) / 1.3).powi(2)).exp()).sum()
    }
}

/// Records of 20,000 samples at 1 kHz, b late by `delay_s` and more and more by `ppm`.
fn records(delay_s: f64, ppm: f64, noise: f64, seed: u64) -> [Vec<f64>; 2] {
    let source = Source::new(20_000, seed);
    let mut random = Random::new(seed + 1000);
    let mut record = |delay: f64, ppm: f64| -> Vec<f64> {
        let late = |n: usize| n as f64 - 1000.0 * delay - 1e-6 * ppm * n as f64;
        (0..20_000).map(|n| source.at(late(n)) + noise * random.normal()).collect()
    };
    [record(0.0, 0.0), record(delay_s, ppm)]
}

fn options() -> DelayOptions {
    DelayOptions::default().with_max_lag_s(0.05)
}

#[test]
fn a_skewed_clock_is_found() {
    for (delay, ppm) in [(0.012, 80.0), (-0.0201, -145.0), (0.0, 0.0)] {
        let [a, b] = records(delay, ppm, 0.1, 1);
        let found = drift(&a, &b, 1000.0, 1.0, &options()).unwrap();
        // Of 20 s less the delay.
        let whole = if delay == 0.0 { 20 } else { 19 };
        assert_eq!((found.windows.len(), found.clear), (whole, whole));
        assert!((found.skew_ppm - ppm).abs() < 2.0, "{} {ppm}", found.skew_ppm);
        assert!((found.delay_at_start_s - delay).abs() < 2e-5);
        assert!((found.delay_at_s(10.0) - (delay + 1e-5 * ppm)).abs() < 1e-5);
        assert!(found.skew_low_ppm < found.skew_ppm && found.skew_ppm < found.skew_high_ppm);
        assert!(found.skew_high_ppm - found.skew_low_ppm < 5.0);
    }
}

#[test]
fn exchanged_records_have_the_opposite_drift() {
    let [a, b] = records(0.01, 50.0, 0.3, 2);
    let (there, back) =
        (drift(&a, &b, 1000.0, 2.0, &options()).unwrap(), drift(&b, &a, 1000.0, 2.0, &options()).unwrap());
    assert_eq!(there.skew_ppm, -back.skew_ppm);
    assert_eq!(there.delay_at_start_s, -back.delay_at_start_s);
    assert_eq!((there.skew_low_ppm, there.skew_high_ppm), (-back.skew_high_ppm, -back.skew_low_ppm));
}

#[test]
fn the_interval_holds_the_skew_as_often_as_it_says() {
    let trials = 60;
    let mut inside = 0;
    for seed in 0..trials {
        let [a, b] = records(0.003, 30.0, 0.5, 10 + seed);
        let found = drift(&a, &b, 1000.0, 1.0, &options()).unwrap();
        inside += u32::from((found.skew_low_ppm..=found.skew_high_ppm).contains(&30.0));
    }
    // 95 % of 60 are 57; 51 or fewer come once in 140.
    assert!(inside > 51, "{inside} of {trials}");
}

#[test]
fn windows_may_be_shorter_than_the_delay_and_records_of_different_lengths() {
    for (delay, ppm, cut_a, cut_b) in [(3.2_f64, 60.0, 3200, 0), (-2.345, -80.0, 0, 2345)] {
        let [a, b] = records(0.0, ppm, 0.1, 6);
        // Both lose their first seconds alike, and one loses more.
        let (a, b) = (&a[cut_a..], &b[cut_b..18_000]);
        let found = drift(a, b, 1000.0, 0.5, &options().with_max_lag_s(4.0)).unwrap();
        assert!((found.skew_ppm - ppm).abs() < 3.0, "{} {ppm}", found.skew_ppm);
        // The delay of what both started from has grown by the skew until b's first sample.
        let start = delay + 1e-6 * ppm * (-delay).max(0.0);
        assert!((found.delay_at_start_s - start).abs() < 1e-3, "{} {start}", found.delay_at_start_s);
        assert!((found.aligned_by_samples as f64 / 1000.0 - delay).abs() < 3e-3);
        let back = drift(b, a, 1000.0, 0.5, &options().with_max_lag_s(4.0)).unwrap();
        assert_eq!((back.skew_ppm, back.delay_at_start_s), (-found.skew_ppm, -found.delay_at_start_s));
        assert!(found.windows[0].estimate.leading == if delay > 0.0 { Leading::A } else { Leading::B });
    }
}

#[test]
fn disturbed_windows_do_not_matter() {
    let [mut a, b] = records(0.01, 60.0, 0.1, 3);
    // Four windows of nineteen are lost, in different ways.
    let mut random = Random::new(4);
    a[3000..5000].iter_mut().for_each(|x| *x = random.normal());
    a[8000..9000].fill(2.0);
    let moved: Vec<f64> = a[11_980..12_980].to_vec();
    a[12_000..13_000].copy_from_slice(&moved);
    let found = drift(&a, &b, 1000.0, 1.0, &options()).unwrap();
    assert_eq!(found.windows.len(), 18);
    assert_eq!(found.clear, 16);
    assert!((found.skew_ppm - 60.0).abs() < 2.0, "{}", found.skew_ppm);
}

#[test]
fn what_gives_no_line_is_refused() {
    let (mut random, len) = (Random::new(5), 8000);
    let mut noise = || (0..len).map(|_| random.normal()).collect::<Vec<_>>();
    let (a, b) = (noise(), noise());
    let error = drift(&a, &b, 1000.0, 1.0, &options()).unwrap_err();
    assert_eq!(error, CorrelateError::TooFewWindows { clear: 0, needed: 5 });
    assert!(drift(&a, &b, 1000.0, 9.0, &options()).is_err());
    assert!(drift(&a, &b, 1000.0, 0.001, &options()).is_err());
    assert!(drift(&a, &b, 1000.0, f64::NAN, &options()).is_err());
    let silent = drift(&a, &[0.0; 8000], 1000.0, 1.0, &options()).unwrap_err();
    assert_eq!(silent, CorrelateError::TooFewWindows { clear: 0, needed: 5 });
    let mut missing = a.clone();
    missing[1500] = f64::NAN;
    assert!(drift(&missing, &b, 1000.0, 1.0, &options()).is_err());
}
