//! What preprocessing takes off and what it keeps.

use std::f64::consts::TAU;

use hexad_correlate::{
    CorrelateError, DelayOptions, DelayPlan, Missing, Preprocess, PreprocessOptions, Rates, Verdict, align,
    common_rate, remove_harmonics, resample,
};
use hexad_spectral::Detrend;
use hexad_testkit::{Random, assert_close};

fn noise(len: usize, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    (0..len).map(|_| random.normal()).collect()
}

fn prepared(signal: &[f64], options: &PreprocessOptions) -> Vec<f64> {
    Preprocess::new(100.0, options).and_then(|plan| plan.apply(signal)).expect("a record")
}

fn bare() -> PreprocessOptions {
    PreprocessOptions::default().with_detrend(Detrend::None)
}

fn tone(hz: f64, len: usize) -> Vec<f64> {
    (0..len).map(|n| (TAU * hz * n as f64 / 100.0 + 0.4).sin()).collect()
}

#[test]
fn a_filter_moves_nothing() {
    // In the middle of the band a tone keeps its phase and its size: the gain is 1 / (1 + x^8) each way.
    let signal = tone(10.0, 4000);
    let filtered = prepared(&signal, &bare().with_band_hz(4.0, 25.0));
    assert_close(&filtered[1000..3000], &signal[1000..3000], 1e-4);
    let outside = prepared(&tone(1.0, 4000), &bare().with_band_hz(4.0, 25.0));
    assert!(outside[1000..3000].iter().all(|x| x.abs() < 1e-4));
}

#[test]
fn an_open_band_changes_nothing() {
    let signal = noise(100, 1);
    assert_eq!(prepared(&signal, &bare().with_band_hz(0.0, 50.0)), signal);
    assert_eq!(prepared(&signal, &bare()), signal);
}

#[test]
fn means_and_lines_are_taken_off() {
    let signal = noise(501, 2);
    let raised: Vec<f64> = signal.iter().zip(0..).map(|(x, n)| x + 1e6 + 3.0 * f64::from(n)).collect();
    let line = PreprocessOptions::default().with_detrend(Detrend::Linear);
    assert_close(&prepared(&raised, &line), &prepared(&signal, &line), 1e-8);
    assert!(prepared(&raised, &PreprocessOptions::default()).iter().sum::<f64>().abs() < 1e-5);
}

#[test]
fn a_full_taper_is_a_hann_window() {
    let ones = prepared(&[1.0; 41], &bare().with_taper(1.0));
    let hann: Vec<f64> = (0..41).map(|n| 0.5 - 0.5 * (TAU * f64::from(n) / 40.0).cos()).collect();
    assert_close(&ones, &hann, 1e-15);
    let half = prepared(&[1.0; 41], &bare().with_taper(0.5));
    assert_eq!((half[0], half[10], half[20], half[30], half[40]), (0.0, 1.0, 1.0, 1.0, 0.0));
}

#[test]
fn hum_is_taken_off_and_the_rest_is_kept() {
    let rest = noise(3000, 3);
    let hum = |n: usize| -> f64 {
        (1..=5).map(|k| 20.0 / k as f64 * (TAU * 0.07013 * (k * n) as f64 + k as f64).cos()).sum()
    };
    let signal: Vec<f64> = rest.iter().enumerate().map(|(n, x)| 5.0 + x + hum(n)).collect();
    // Given to a tenth of a bin.
    let clean = remove_harmonics(&signal, 100.0, 7.013 + 0.003, 5).unwrap();
    // Of 3,000 samples of noise, 11 parameters take the share 11 / 3000.
    let left: f64 = clean.iter().zip(&rest).map(|(x, rest)| (x - 5.0 - rest).powi(2)).sum();
    assert!(left / 3000.0 < 4.0 * 11.0 / 3000.0, "{}", left / 3000.0);
    let pure: Vec<f64> = (0..3000).map(|n| 5.0 + hum(n)).collect();
    let left = remove_harmonics(&pure, 100.0, 7.02, 5).unwrap();
    assert!(left.iter().all(|x| (x - 5.0).abs() < 1e-9));
}

#[test]
fn a_delay_is_found_below_the_hum_of_both() {
    let source = noise(6000, 4);
    let hum =
        |n: usize, turn: f64| 30.0 * (0.7 * n as f64 + turn).sin() + 10.0 * (1.4 * n as f64 + turn).sin();
    let record = |late: usize, turn: f64| -> Vec<f64> {
        (0..5000).map(|n| source[500 + n - late] + hum(n, turn)).collect()
    };
    let (a, b) = (record(0, 0.0), record(123, 2.0));
    let plan = DelayPlan::new(5000, 5000, 100.0, &DelayOptions::default().with_max_lag_s(4.0)).unwrap();
    assert!((plan.apply(&a, &b).unwrap().delay_samples - 123.0).abs() > 1.0);
    let options = PreprocessOptions::default().with_harmonics(0.7 / TAU * 100.0, 2);
    let found = plan.apply(&prepared(&a, &options), &prepared(&b, &options)).unwrap();
    assert!((found.delay_samples - 123.0).abs() < 1e-2, "{found:?}");
    assert_eq!(found.verdict, Verdict::Clear);
}

#[test]
fn missing_samples_are_refused_filled_or_left_out() {
    let mut signal: Vec<f64> = (0..40).map(f64::from).collect();
    for n in [0, 10, 11, 12, 39] {
        signal[n] = f64::NAN;
    }
    let message = |options: &PreprocessOptions| {
        Preprocess::new(1.0, options).unwrap().apply(&signal).unwrap_err().to_string()
    };
    assert_eq!(message(&bare()), "signal[0] must be finite, got NaN");
    let short = bare().with_missing(Missing::Interpolate { at_most: 2 });
    let gap = "3 samples are missing from index 10: more than the 2 that may be interpolated";
    assert_eq!(message(&short), gap);
    let filled = prepared(&signal, &bare().with_missing(Missing::Interpolate { at_most: 3 }));
    assert_eq!((filled[0], filled[11], filled[39]), (1.0, 11.0, 38.0));
    let left_out = prepared(&signal, &PreprocessOptions::default().with_missing(Missing::LeftOut));
    assert_eq!((left_out[0], left_out[11], left_out[39]), (0.0, 0.0, 0.0));
    // The mean of the 35 samples there are is (780 - 0 - 10 - 11 - 12 - 39) / 35.
    assert!((left_out[20] - (20.0 - 708.0 / 35.0)).abs() < 1e-13);
    let nothing = Preprocess::new(1.0, &bare().with_missing(Missing::LeftOut)).unwrap().apply(&[f64::NAN; 9]);
    assert!(nothing.is_err());
}

#[test]
fn a_delay_is_found_between_gaps() {
    let source = noise(2100, 5);
    let mut random = Random::new(6);
    let mut record = |late: usize| -> Vec<f64> {
        let mut values = source[50 - late..2050 - late].to_vec();
        // A gap of 30 somewhere in every hundred.
        for hundred in values.chunks_exact_mut(100) {
            let start = 70.0 * random.unit();
            for (n, value) in hundred.iter_mut().enumerate() {
                if (start..start + 30.0).contains(&(n as f64)) {
                    *value = f64::NAN;
                }
            }
        }
        values
    };
    let options = PreprocessOptions::default().with_missing(Missing::LeftOut);
    let (a, b) = (prepared(&record(0), &options), prepared(&record(31), &options));
    let plan = DelayPlan::new(2000, 2000, 1.0, &DelayOptions::default().with_max_lag_s(100.0)).unwrap();
    let found = plan.apply(&a, &b).unwrap();
    assert!((found.delay_samples - 31.0).abs() < 4.0 * found.uncertainty_s, "{found:?}");
    assert_eq!(found.verdict, Verdict::Clear);
}

#[test]
fn another_rate_is_the_same_signal() {
    let at = |time: f64| (3.0 * time).sin() + 0.5 * (11.0 * time + 1.0).cos();
    let signal: Vec<f64> = (0..1000).map(|n| at(f64::from(n) / 10.0)).collect();
    for (to_hz, len) in [(7.0, 700), (13.3, 1329), (48.0, 4796)] {
        let other = resample(&signal, 10.0, to_hz).unwrap();
        assert_eq!(other.len(), len);
        for (n, x) in other.iter().enumerate() {
            let time = n as f64 / to_hz;
            // The kernel reaches 7.3 s to each side at most.
            let allowed = if (8.0..91.9).contains(&time) { 2e-5 } else { 0.2 };
            assert!((x - at(time)).abs() < allowed, "{to_hz} {n}");
        }
    }
    assert_eq!(resample(&signal, 10.0, 10.0).unwrap(), signal);
}

#[test]
fn different_rates_are_refused_unless_they_may_be_resampled() {
    let slow: Vec<f64> = (0..500).map(|n| (0.5 * f64::from(n)).sin()).collect();
    let fast: Vec<f64> = (0..1000).map(|n| (0.25 * f64::from(n)).sin()).collect();
    let refused = common_rate((&slow, 50.0), (&fast, 100.0), Rates::MustBeEqual).unwrap_err();
    assert_eq!(refused, CorrelateError::SampleRates { a: 50.0, b: 100.0 });
    let (a, b, rate) = common_rate((&slow, 50.0), (&fast, 100.0), Rates::Resample).unwrap();
    assert_eq!((a.len(), b.len(), rate), (999, 1000, 100.0));
    assert_close(&a[200..800], &b[200..800], 2e-5);
}

#[test]
fn a_record_moved_by_its_delay_stands_beside_the_other() {
    let at = |t: f64| (0.11 * t).sin() + 0.3 * (1.3 * t + 2.0).cos() + 7.0 + 0.01 * t;
    let b: Vec<f64> = (0..400).map(|n| at(f64::from(n))).collect();
    for samples in [0.0, 5.0, -17.0, 0.37, 12.5, -60.81] {
        let moved = align(&b, samples / 50.0, 50.0).unwrap();
        assert_eq!(moved.len(), b.len());
        for (n, x) in moved.iter().enumerate() {
            let place = n as f64 + samples;
            if !(-1e-9..=399.0 + 1e-9).contains(&place) {
                assert!(x.is_nan(), "{samples} {n}");
            } else if (40.0..360.0).contains(&place) {
                assert!((x - at(place)).abs() < 1e-4, "{samples} {n}: {x} {}", at(place));
            } else {
                assert!((x - at(place)).abs() < 0.1, "{samples} {n}: {x} {}", at(place));
            }
        }
    }
    assert_eq!(align(&b, 3.0, 1.0).unwrap()[..397], b[3..]);
    assert!(align(&b, 1e9, 1.0).unwrap().iter().all(|x| x.is_nan()));
    assert!(align(&[], 1.0, 1.0).is_err() && align(&b, f64::NAN, 1.0).is_err());
    assert!(align(&[1.0, f64::NAN], 1.0, 1.0).is_err() && align(&b, 1.0, 0.0).is_err());
}

#[test]
fn bad_settings_are_refused() {
    let message = |options: PreprocessOptions| Preprocess::new(100.0, &options).unwrap_err().to_string();
    let low = "low_hz must be >= 0 and below half the sample rate, got";
    assert_eq!(message(bare().with_band_hz(60.0, 70.0)), format!("{low} 60"));
    let high = "high_hz must be above low_hz and at most half the sample rate, got";
    assert_eq!(message(bare().with_band_hz(10.0, 51.0)), format!("{high} 51"));
    assert_eq!(message(bare().with_band_hz(10.0, 20.0).with_order(0)), "order must be from 1 to 12, got 0");
    for low_hz in [5e-324, 1e-12] {
        let close =
            "low_hz must be farther from 0 and from half the sample rate: rounding leaves no filter so close";
        assert!(message(bare().with_band_hz(low_hz, 20.0)).starts_with(close), "{low_hz}");
    }
    assert_eq!(message(bare().with_taper(1.1)), "taper must be from 0 to 1, got 1.1");
    assert_eq!(message(bare().with_harmonics(10.0, 0)), "count must be at least 1, got 0");
    assert!(message(bare().with_harmonics(10.0, 5)).starts_with("fundamental_hz must be such"));
    let short = Preprocess::new(100.0, &bare().with_band_hz(10.0, 20.0)).unwrap().apply(&[1.0; 27]);
    assert_eq!(short.unwrap_err().to_string(), "signal needs at least 28 elements, got 27");
    assert!(Preprocess::new(100.0, &bare()).unwrap().apply(&[]).is_err());
}
