//! Delays: their truth, their symmetry, how sure they are, and what is refused.

use std::f64::consts::{PI, TAU};

use hexad_core::{Complex64, RealFft};
use hexad_correlate::{
    CorrelateError, DelayEstimate, DelayOptions, DelayPlan, Leading, Subsample, Verdict, Weighting,
    tone_delay,
};
use hexad_testkit::Random;
use proptest::prelude::*;

const SUBSAMPLES: [Subsample; 4] =
    [Subsample::None, Subsample::Parabolic, Subsample::LeastSquares, Subsample::Weighted];

fn estimate(a: &[f64], b: &[f64], options: &DelayOptions) -> DelayEstimate {
    let plan = DelayPlan::new(a.len(), b.len(), 1.0, options).expect("a valid plan");
    plan.apply(a, b).expect("records that vary")
}

fn within(max_lag: f64) -> DelayOptions {
    DelayOptions::default().with_max_lag_s(max_lag)
}

fn noise(len: usize, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    (0..len).map(|_| random.normal()).collect()
}

/// Noise in a band of Nyquist's, its copy `delay` samples later, both with white noise of 1 / snr of its power.
fn pair(len: usize, [low, high]: [f64; 2], snr: f64, delay: f64, random: &mut Random) -> [Vec<f64>; 2] {
    let fft = RealFft::new((len + 128).next_power_of_two()).expect("a length");
    let half = 0.5 * fft.len() as f64;
    let inside = |k: usize| k > 0 && (low * half..=(high * half).min(half - 1.0)).contains(&(k as f64));
    let mut line = |k: usize| {
        if inside(k) { Complex64::new(random.normal(), random.normal()) } else { Complex64::ZERO }
    };
    let early: Vec<_> = (0..fft.spectrum_len()).map(&mut line).collect();
    let turn = |k: usize| Complex64::cis(-TAU * k as f64 * delay / fft.len() as f64);
    let late: Vec<_> = early.iter().enumerate().map(|(k, line)| line * turn(k)).collect();
    let rms = (2.0 * early.iter().map(|line| line.norm_sqr()).sum::<f64>()).sqrt();
    [early, late].map(|mut spectrum| {
        let (mut all, mut work) = (vec![0.0; fft.len()], vec![Complex64::ZERO; fft.scratch_len()]);
        fft.inverse(&mut spectrum, &mut all, &mut work).expect("planned lengths");
        all[64..64 + len].iter().map(|x| x / rms + random.normal() / snr.sqrt()).collect()
    })
}

#[test]
fn a_positive_delay_means_that_b_is_late() {
    let pulse = |late: f64| -> Vec<f64> {
        (0..400).map(|n| (-0.5 * ((f64::from(n) - 180.0 - late) / 4.0).powi(2)).exp()).collect()
    };
    for delay in [-30.7, -3.5, 0.25, 12.0, 41.3] {
        let found = estimate(&pulse(0.0), &pulse(delay), &within(100.0));
        // What the taper leaks of the mean is taken for noise, down to a millionth of the power.
        assert!((found.delay_samples - delay).abs() < 1e-6, "{delay}: {found:?}");
        assert!((found.lag_samples as f64 - delay).abs() <= 0.5 + 1e-9);
        assert_eq!(found.leading, if delay > 0.0 { Leading::A } else { Leading::B });
        assert_eq!((found.verdict, found.polarity), (Verdict::Clear, 1));
        assert!(found.coefficient > 1.0 - 1e-5 && found.uncertainty_s < 3e-3);
    }
}

#[test]
fn seconds_are_samples_over_the_rate() {
    let [a, b] = pair(1000, [0.0, 0.5], 30.0, 7.3, &mut Random::new(3));
    let options = DelayOptions::default().with_max_lag_s(0.01);
    let found = DelayPlan::new(1000, 1000, 10_000.0, &options).unwrap().apply(&a, &b).unwrap();
    let in_samples = estimate(&a, &b, &within(100.0));
    assert_eq!(found.delay_samples.to_bits(), in_samples.delay_samples.to_bits());
    assert_eq!(found.delay_s, found.delay_samples / 10_000.0);
    assert!((found.uncertainty_s * 10_000.0 / in_samples.uncertainty_s - 1.0).abs() < 1e-14);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn exchanged_records_have_the_opposite_delay_to_the_last_bit(
        seed in 0_u64..10_000,
        lengths in (16_usize..300, 16_usize..300),
        equal in any::<bool>(),
        related in any::<bool>(),
        kind in 0..4_usize,
        taper in prop::sample::select(vec![0.0, 0.1, 1.0]),
    ) {
        let (len_a, len_b) = if equal { (lengths.0, lengths.0) } else { lengths };
        let a = noise(len_a, seed);
        let b = if related {
            (0..len_b).map(|n| a[(n + 3) % len_a] + 0.1 * a[n % len_a]).collect()
        } else {
            noise(len_b, seed + 1)
        };
        let options = DelayOptions::default().with_subsample(SUBSAMPLES[kind]).with_taper(taper);
        let (there, back) = (estimate(&a, &b, &options), estimate(&b, &a, &options));
        prop_assert_eq!(there.delay_s, -back.delay_s);
        prop_assert_eq!(there.delay_s + back.delay_s, 0.0);
        prop_assert_eq!(there.lag_samples, -back.lag_samples);
        prop_assert_eq!(there.uncertainty_s.to_bits(), back.uncertainty_s.to_bits());
        prop_assert_eq!(there.coefficient.to_bits(), back.coefficient.to_bits());
        prop_assert_eq!(there.verdict, back.verdict);
    }

    #[test]
    fn gain_and_offset_do_not_matter(seed in 0_u64..10_000, gain in -8_i32..8, delay in -20.0..20.0) {
        let [a, b] = pair(512, [0.0, 0.5], 10.0, delay, &mut Random::new(seed));
        let gained: Vec<f64> = b.iter().map(|x| 10_f64.powi(gain) * x).collect();
        let [high_a, high_b] = [&a, &b].map(|x| x.iter().map(|x| x + 1e8).collect::<Vec<_>>());
        let options = within(100.0);
        let plain = estimate(&a, &b, &options);
        let gained = estimate(&a, &gained, &options);
        prop_assert!((gained.delay_samples - plain.delay_samples).abs() < 1e-9);
        let high = estimate(&high_a, &high_b, &options);
        // Beside 1e8 the samples themselves are rounded to 1.5e-8, so that the delay may move by about
        // 1.5e-8 / sqrt(12) / sqrt(512) over the signal's slope of about 1.
        prop_assert!((high.delay_samples - plain.delay_samples).abs() < 1e-8);
    }
}

#[test]
fn a_record_is_not_late_behind_itself() {
    let a = noise(500, 5);
    for subsample in SUBSAMPLES {
        let found = estimate(&a, &a, &DelayOptions::default().with_subsample(subsample));
        assert_eq!((found.delay_s.to_bits(), found.lag_samples), (0, 0), "{subsample:?}");
        assert_eq!((found.leading, found.verdict), (Leading::Neither, Verdict::Clear));
    }
}

#[test]
fn of_equal_peaks_the_nearest_to_zero_is_taken() {
    // Period 50, so that the delay of 10 has the aliases -40 and 60.
    let one = noise(50, 6);
    let repeated = |late: usize| (0..1000).map(|n| one[(n + 1000 - late) % 50]).collect::<Vec<_>>();
    let found = estimate(&repeated(0), &repeated(10), &within(300.0));
    assert_eq!(found.lag_samples, 10);
    assert_eq!(found.verdict, Verdict::Ambiguous);
    assert!(found.second_peak_ratio > 0.9);
    assert_eq!(estimate(&repeated(0), &repeated(40), &within(300.0)).lag_samples, -10);
    // Within one period there is no other place.
    assert_eq!(estimate(&repeated(0), &repeated(10), &within(30.0)).verdict, Verdict::Clear);
}

#[test]
fn a_reversed_polarity_is_found() {
    let [a, b] = pair(600, [0.0, 0.6], 20.0, -5.4, &mut Random::new(7));
    let upside_down: Vec<f64> = b.iter().map(|x| -x).collect();
    let (upright, reversed) = (estimate(&a, &b, &within(50.0)), estimate(&a, &upside_down, &within(50.0)));
    assert_eq!((upright.polarity, reversed.polarity), (1, -1));
    assert!((upright.delay_samples - reversed.delay_samples).abs() < 1e-12);
    assert!((upright.coefficient + reversed.coefficient).abs() < 1e-12);
    assert_eq!(reversed.verdict, Verdict::Clear);
}

#[test]
fn a_delay_outside_the_lags_searched_is_never_clear() {
    // A wide peak beyond the end: the correlation rises up to the last lag.
    for seed in 0..50 {
        let [a, b] = pair(2000, [0.0, 0.02], 100.0, 60.0, &mut Random::new(seed));
        let found = estimate(&a, &b, &within(40.0));
        assert_ne!(found.verdict, Verdict::Clear, "{found:?}");
    }
    let a: Vec<f64> = (0..1000).map(|n| (-0.5 * (f64::from(n - 480) / 10.0).powi(2)).exp()).collect();
    let b: Vec<f64> = (0..1000).map(|n| (-0.5 * (f64::from(n - 525) / 10.0).powi(2)).exp()).collect();
    let found = estimate(&a, &b, &within(40.0));
    assert_eq!((found.lag_samples, found.verdict), (40, Verdict::Ambiguous));
}

#[test]
fn unrelated_records_have_none() {
    let mut random = Random::new(8);
    let (plan, trials) = (DelayPlan::new(512, 512, 1.0, &within(128.0)).unwrap(), 1000);
    let mut scratch = plan.make_scratch();
    for memory in [0.0, 0.9, 0.99] {
        let mut coloured = || {
            let mut last = 0.0;
            let mut next = || {
                last = memory * last + random.normal();
                last
            };
            for _ in 0..1000 {
                next();
            }
            (0..512).map(|_| next()).collect::<Vec<_>>()
        };
        let mut none = 0;
        for _ in 0..trials {
            let found = plan.apply_with(&coloured(), &coloured(), &mut scratch).unwrap();
            none += usize::from(found.verdict == Verdict::None && found.leading == Leading::Neither);
        }
        // 0.4 % are let through: 10 or more of 1,000 once in 125.
        assert!(none > trials - 10, "memory {memory}: {none}");
    }
}

#[test]
fn the_error_is_as_small_and_as_large_as_it_says() {
    for (band, snr) in [([0.0, 1.0], 10.0), ([0.0, 0.5], 100.0), ([0.0, 0.2], 10.0)] {
        let (len, trials, mut random) = (512, 600, Random::new(9));
        let plan = DelayPlan::new(len, len, 1.0, &within(128.0)).unwrap();
        let mut scratch = plan.make_scratch();
        let (mut sum, mut squares, mut covered) = (0.0, 0.0, 0);
        for _ in 0..trials {
            let delay = random.uniform(-20.0, 20.0);
            let [a, b] = pair(len, band, snr, delay, &mut random);
            let found = plan.apply_with(&a, &b, &mut scratch).unwrap();
            assert_eq!(found.verdict, Verdict::Clear);
            let error = found.delay_samples - delay;
            sum += error;
            squares += error * error;
            covered += u32::from(error.abs() <= found.uncertainty_s);
        }
        let in_band = snr / (band[1] - band[0]);
        let cube = (0.5 * band[1]).powi(3) - (0.5 * band[0]).powi(3);
        let bound = 3.0 * (1.0 + 2.0 * in_band) / (8.0 * PI * PI * len as f64 * in_band * in_band * cube);
        let count = f64::from(trials);
        let (bias, spread) = (sum / count / bound.sqrt(), (squares / count / bound).sqrt());
        let share = f64::from(covered) / count;
        // Four standard errors of 600 trials beside the figures of `cargo xtask validate`.
        assert!(bias.abs() < 0.17 && spread < 1.2, "{band:?} {snr}: bias {bias} spread {spread}");
        assert!((share - 0.68).abs() < 0.076, "{band:?} {snr}: {share}");
    }
}

#[test]
fn parabolas_are_off_where_phases_are_not() {
    let [a, b] = pair(4000, [0.0, 1.0], 1e6, 10.25, &mut Random::new(10));
    let error =
        |subsample| (estimate(&a, &b, &within(50.0).with_subsample(subsample)).delay_samples - 10.25).abs();
    assert_eq!(error(Subsample::None), 0.25);
    let parabolic = error(Subsample::Parabolic);
    assert!((0.05..0.2).contains(&parabolic), "{parabolic}");
    assert!(error(Subsample::LeastSquares) < 1e-3 && error(Subsample::Weighted) < 1e-3);
}

#[test]
fn every_weighting_finds_the_lag() {
    let [a, b] = pair(2000, [0.1, 0.7], 20.0, -31.6, &mut Random::new(11));
    for weighting in [Weighting::None, Weighting::Phat, Weighting::Scot, Weighting::Roth, Weighting::Ml] {
        let found = estimate(&a, &b, &within(200.0).with_weighting(weighting));
        assert_eq!(found.lag_samples, -32, "{weighting:?}");
        assert_eq!(found.verdict, Verdict::Clear, "{weighting:?}");
        let back = estimate(&b, &a, &within(200.0).with_weighting(weighting));
        assert_eq!(back.delay_s, -found.delay_s);
    }
}

#[test]
fn a_band_leaves_out_what_disturbs() {
    // Delay 9 above a quarter of Nyquist's frequency; below it, something louder with a delay of -40.
    let mut random = Random::new(12);
    let [a, b] = pair(4000, [0.3, 0.9], 1e4, 9.0, &mut random);
    let [low_a, low_b] = pair(4000, [0.0, 0.2], 1e4, -40.0, &mut random);
    let add = |x: &[f64], y: &[f64]| x.iter().zip(y).map(|(x, y)| x + 5.0 * y).collect::<Vec<_>>();
    let (a, b) = (add(&a, &low_a), add(&b, &low_b));
    assert_eq!(estimate(&a, &b, &within(100.0)).lag_samples, -40);
    let found = estimate(&a, &b, &within(100.0).with_band_hz(0.15, 0.45));
    assert!((found.delay_samples - 9.0).abs() < 0.02, "{found:?}");
    assert_eq!(found.verdict, Verdict::Clear);
}

#[test]
fn records_of_different_lengths_are_compared() {
    let long = noise(5000, 13);
    let short: Vec<f64> = long[1200..1900].to_vec();
    // What stands at 1,200 of b stands at 0 of a: b is late by 1,200.
    let found = estimate(&short, &long, &DelayOptions::default());
    assert!((found.delay_samples - 1200.0).abs() < 1e-9, "{found:?}");
    assert_eq!((found.verdict, found.leading), (Verdict::Clear, Leading::A));
    let plan = DelayPlan::new(5000, 700, 1.0, &DelayOptions::default()).unwrap();
    assert_eq!(plan.lags(), -4650..=350);
}

#[test]
fn a_shared_tone_is_told_by_its_phase() {
    for degrees in [-150.0, -50.0, 0.5, 50.0, 179.0_f64] {
        let tone = |late: f64| {
            (0..1000).map(|n| (0.03 * f64::from(n) - late.to_radians()).sin()).collect::<Vec<_>>()
        };
        let found = estimate(&tone(0.0), &tone(degrees), &within(400.0));
        assert!((found.phase_deg().unwrap() - degrees).abs() < 1e-9, "{found:?}");
        assert!((found.alias_period_s.unwrap() - TAU / 0.03).abs() < 1e-6);
        assert_eq!(found.verdict, Verdict::Ambiguous);
        assert_eq!(estimate(&tone(degrees), &tone(0.0), &within(400.0)).delay_s, -found.delay_s);
        // Within a period there is one place only.
        assert_eq!(estimate(&tone(0.0), &tone(50.0), &within(80.0)).verdict, Verdict::Clear);
    }
}

#[test]
fn noise_around_a_tone_is_covered() {
    let (mut random, trials, mut covered) = (Random::new(14), 400, 0);
    for _ in 0..trials {
        let mut tone = |late: f64| {
            (0..600).map(|n| (0.2 * (f64::from(n) - late)).sin() + 0.7 * random.normal()).collect::<Vec<_>>()
        };
        let (a, b) = (tone(0.0), tone(3.1));
        let found = tone_delay(&a, &b, 1.0).unwrap().unwrap();
        covered += u32::from((found.delay_s - 3.1).abs() <= found.uncertainty_s);
    }
    // The phases are compared at one frequency, so half of their error is that of the phase in the middle:
    // four standard errors of 400 trials.
    assert!((f64::from(covered) / f64::from(trials) - 0.68).abs() < 0.094, "{covered}");
}

#[test]
fn noise_is_no_tone() {
    for seed in 0..200 {
        let mut random = Random::new(seed);
        let mut coloured = || {
            let mut last = 0.0;
            (0..512)
                .map(|_| {
                    last = 0.95 * last + random.normal();
                    last
                })
                .collect::<Vec<_>>()
        };
        let (a, b) = (coloured(), coloured());
        assert_eq!(tone_delay(&a, &b, 1.0).unwrap(), None);
    }
}

#[test]
fn what_a_scratch_holds_does_not_matter() {
    let mut scratch = DelayPlan::new(3000, 900, 1.0, &DelayOptions::default()).unwrap().make_scratch();
    for (len_a, len_b, seed) in [(700, 700, 15), (64, 300, 16), (2048, 2048, 17)] {
        let (a, b) = (noise(len_a, seed), noise(len_b, seed + 50));
        let plan = DelayPlan::new(len_a, len_b, 1.0, &DelayOptions::default()).unwrap();
        let used = plan.apply_with(&a, &b, &mut scratch).unwrap();
        assert_eq!(used, plan.apply(&a, &b).unwrap());
        assert_eq!(used, plan.apply_with(&a, &b, &mut scratch).unwrap());
    }
}

#[test]
fn tapered_noise_is_no_delay_and_a_tapered_delay_is_one() {
    let mut random = Random::new(23);
    for (len_a, len_b) in [(512, 512), (300, 1500)] {
        let plan = DelayPlan::new(len_a, len_b, 1.0, &DelayOptions::default().with_taper(1.0)).unwrap();
        let (mut scratch, trials) = (plan.make_scratch(), 1000);
        let mut found = 0;
        for _ in 0..trials {
            let [a, b] = [len_a, len_b].map(|len| (0..len).map(|_| random.normal()).collect::<Vec<_>>());
            found += usize::from(plan.apply_with(&a, &b, &mut scratch).unwrap().verdict != Verdict::None);
        }
        // 0.4 % are let through: 10 or more of 1,000 once in 125. With the taper taken for nothing it is 15 %.
        assert!(found < 10, "{len_a} {len_b}: {found}");
    }
    let trials = 400;
    let (mut covered, mut taper_costs) = (0, 0.0);
    for _ in 0..trials {
        let delay = random.uniform(-60.0, 60.0);
        let [a, b] = pair(512, [0.0, 0.5], 10.0, delay, &mut random);
        let found = estimate(&a, &b, &within(128.0).with_taper(1.0));
        assert_eq!(found.verdict, Verdict::Clear);
        assert!((found.coefficient - 10.0 / 11.0).abs() < 0.08, "{found:?}");
        covered += u32::from((found.delay_samples - delay).abs() <= found.uncertainty_s);
        taper_costs +=
            found.uncertainty_s / estimate(&a, &b, &within(128.0)).uncertainty_s / f64::from(trials);
    }
    // Four standard errors of 400 trials; of a Hann window's samples 35 / 18 are one, an untapered end's all but 28.
    assert!((f64::from(covered) / f64::from(trials) - 0.68).abs() < 0.093, "{covered}");
    assert!((taper_costs - (35.0_f64 / 18.0).sqrt()).abs() < 0.1, "{taper_costs}");
}

#[test]
fn short_records_and_sizes_at_the_ends_of_the_range_are_no_trouble() {
    for len in [8, 9, 11, 31, 33] {
        let (a, b) = (noise(len, 18), noise(len, 19));
        let found = estimate(&a, &b, &DelayOptions::default());
        assert!(found.delay_s.is_finite() && found.coefficient.abs() <= 1.0, "{len}: {found:?}");
    }
    let [a, b] = pair(300, [0.0, 0.5], 100.0, 4.5, &mut Random::new(20));
    let scaled = |x: &[f64], by: f64| x.iter().map(|x| x * by).collect::<Vec<_>>();
    let plain = estimate(&a, &b, &within(30.0));
    let extreme = estimate(&scaled(&a, 2_f64.powi(-1000)), &scaled(&b, 2_f64.powi(1000)), &within(30.0));
    assert_eq!(plain, extreme);
}

#[test]
fn bad_records_are_refused() {
    let plan = DelayPlan::new(20, 20, 1.0, &DelayOptions::default()).unwrap();
    let good = noise(20, 21);
    let message = |a: &[f64], b: &[f64]| plan.apply(a, b).unwrap_err().to_string();
    assert_eq!(message(&good[..19], &good), "a must have 20 elements, got 19");
    assert_eq!(message(&good, &[]), "b must have 20 elements, got 0");
    assert_eq!(message(&[f64::NAN; 20], &good), "a[0] must be finite, got NaN");
    let mut infinite = good.clone();
    infinite[7] = f64::INFINITY;
    assert_eq!(message(&good, &infinite), "b[7] must be finite, got inf");
    for value in [0.0, 0.1, -1e300, 1e-300] {
        let error = plan.apply(&good, &[value; 20]).unwrap_err();
        assert_eq!(error, CorrelateError::Constant { argument: "b", value });
        let error = plan.apply(&[value; 20], &good).unwrap_err();
        assert_eq!(error, CorrelateError::Constant { argument: "a", value });
    }
    // An even number of whole periods: nothing is in the band to rounding.
    let tone: Vec<f64> = (0..1024).map(|n| (TAU * f64::from(n) / 4.0).cos()).collect();
    let options = DelayOptions::default().with_band_hz(0.3, 0.4).with_max_lag_s(1.0).with_min_overlap(1.0);
    let plan = DelayPlan::new(1024, 1024, 1.0, &options).unwrap();
    let found = plan.apply(&tone, &noise(1024, 22));
    assert_eq!(found, Err(CorrelateError::NothingInBand { argument: "a" }));
}

#[test]
fn bad_plans_are_refused() {
    let message = |len_a, len_b, rate, options: DelayOptions| {
        DelayPlan::new(len_a, len_b, rate, &options).unwrap_err().to_string()
    };
    let options = DelayOptions::default();
    assert_eq!(message(0, 20, 1.0, options), "a needs at least 8 elements, got 0");
    assert_eq!(message(20, 7, 1.0, options), "b needs at least 8 elements, got 7");
    assert_eq!(message(20, 20, 0.0, options), "sample_rate_hz must be finite and > 0, got 0");
    let lags = "max_lag_s must be at least one sample, and less than the longer record lasts, got";
    assert_eq!(message(20, 20, 1.0, options.with_max_lag_s(20.0)), format!("{lags} 20"));
    assert_eq!(message(20, 20, 1.0, options.with_max_lag_s(0.5)), format!("{lags} 0.5"));
    assert_eq!(
        message(20, 20, 1.0, options.with_max_lag_s(f64::NAN)),
        "max_lag_s must be finite and > 0, got NaN"
    );
    let low = "low_hz must be >= 0 and below half the sample rate, got";
    assert_eq!(message(20, 20, 1.0, options.with_band_hz(0.6, 0.7)), format!("{low} 0.6"));
    assert_eq!(message(20, 20, 1.0, options.with_band_hz(-0.1, 0.2)), format!("{low} -0.1"));
    let high = "high_hz must be above low_hz and at most half the sample rate, got";
    assert_eq!(message(20, 20, 1.0, options.with_band_hz(0.2, 0.51)), format!("{high} 0.51"));
    assert_eq!(message(20, 20, 1.0, options.with_band_hz(0.2, 0.2)), format!("{high} 0.2"));
    let overlap = "min_overlap must be above 0 and at most 1, got";
    assert_eq!(message(20, 20, 1.0, options.with_min_overlap(0.0)), format!("{overlap} 0"));
    assert_eq!(message(20, 20, 1.0, options.with_min_overlap(1.5)), format!("{overlap} 1.5"));
    let taper = "taper must be from 0 to 1, got";
    assert_eq!(message(20, 20, 1.0, options.with_taper(1.5)), format!("{taper} 1.5"));
    assert_eq!(message(20, 20, 1.0, options.with_taper(f64::NAN)), format!("{taper} NaN"));
    let added = "regularization must be finite and >= 0, got -1";
    assert_eq!(message(20, 20, 1.0, options.with_regularization(-1.0)), added);
}
