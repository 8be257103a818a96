//! Cross-spectra, transfer and coherence: the definition, known systems, and bad input.
#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::f64::consts::{PI, TAU};

use hexad_core::{Complex64, InputError};
use hexad_spectral::{
    Average, CrossPlan, CrossSpectrum, Detrend, Padding, Scaling, Sides, SpectralError, WelchOptions, Window,
    cross_spectrum, direct, welch,
};
use hexad_testkit::{Random, assert_close};

fn noise(len: usize, seed: u64) -> Vec<f64> {
    let mut random = Random::new(seed);
    (0..len).map(|_| random.normal()).collect()
}

fn plan(segment: usize) -> CrossPlan {
    CrossPlan::new(segment, 1.0, &WelchOptions::default()).unwrap()
}

fn parts(values: &[Complex64]) -> Vec<f64> {
    values.iter().flat_map(|value| [value.re, value.im]).collect()
}

fn largest(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |most, value| value.abs().max(most))
}

#[test]
fn cross_spectra_and_coherence_are_their_definitions() {
    let trends = [Detrend::None, Detrend::Constant, Detrend::Linear];
    for segment in (2..=24).chain([33, 64]) {
        let (a, b) = (noise(5 * segment + 3, 1), noise(5 * segment + 3, 2));
        let b: Vec<f64> = a.iter().zip(&b).map(|(a, b)| 3.0 + a + 0.5 * b).collect();
        for (turn, sides) in [Sides::One, Sides::Two].into_iter().enumerate() {
            let turn = turn + segment;
            let options = WelchOptions::default()
                .with_window([Window::Hamming, Window::Boxcar][turn % 2])
                .with_overlap([0.5, 0.0, 0.8][turn % 3])
                .with_detrend(trends[turn / 2 % 3])
                .with_padding([Padding::None, Padding::To(segment + 3)][turn / 3 % 2])
                .with_sides(sides);
            let found = cross_spectrum(&a, &b, 5.0, segment, &options).unwrap();
            let wanted = parts(&direct::cross_spectrum(&a, &b, 5.0, segment, &options).unwrap());
            assert_close(&parts(&found.densities()), &wanted, 1e-13 * largest(&wanted));
            for (spectrum, signal) in [(found.spectrum_a(), &a), (found.spectrum_b(), &b)] {
                let wanted = welch(signal, 5.0, segment, &options).unwrap();
                let (got, wanted) = (spectrum.values(Scaling::Density), wanted.values(Scaling::Density));
                assert_close(&got, &wanted, 1e-13 * largest(&wanted));
                let is_flat = segment == 2 && options.detrend == Detrend::Linear;
                assert!(is_flat || spectrum.parseval_residual() <= 1e-14);
            }
            // Where nothing is left but rounding, its coherence is no number to compare.
            if segment > 3 && options.detrend == Detrend::None {
                let wanted = direct::coherence(&a, &b, segment, &options).unwrap();
                assert_close(&found.coherence().unwrap(), &wanted, 1e-12);
            }
        }
    }
}

#[test]
fn a_late_b_has_a_falling_phase() {
    let (delay, len) = (5, 100_000);
    let source = noise(len + delay, 3);
    // b(n) = 0.3 a(n - 5)
    let a = &source[delay..];
    let b: Vec<f64> = source[..len].iter().map(|x| 0.3 * x).collect();
    let found = plan(256).apply(a, &b).unwrap();
    for (bin, phase) in found.phases().into_iter().enumerate().take(25).skip(1) {
        let wanted = -TAU * found.frequency_hz(bin) * delay as f64;
        // The segments share 251 of 256 samples.
        assert!((phase - wanted).abs() < 0.02, "{bin}: {phase} {wanted}");
    }
    let gains = found.gains();
    assert!(gains[1..128].iter().all(|gain| (gain - 0.3).abs() < 0.01));
    assert!((found.transfer()[10] - Complex64::from_polar(gains[10], found.phases()[10])).norm() < 1e-15);
    assert!(found.coherence().unwrap()[1..128].iter().all(|share| *share > 0.99));
    let turned = plan(256).apply(&b, a).unwrap();
    assert!((turned.phases()[10] + found.phases()[10]).abs() < 1e-12);
}

#[test]
fn a_tone_has_its_cross_power() {
    let tone = |amplitude: f64, phase: f64| -> Vec<f64> {
        (0..1000).map(|n| amplitude * (0.2 * PI * f64::from(n) + phase).cos()).collect()
    };
    let found = plan(100).apply(&tone(2.0, 0.1), &tone(3.0, 0.9)).unwrap();
    // Half the product of the amplitudes; b leads by 0.8.
    assert!((found.powers()[10] - Complex64::from_polar(3.0, 0.8)).norm() < 1e-12);
    let enbw = found.spectrum_a().enbw_hz();
    assert!((found.densities()[10] * enbw - found.powers()[10]).norm() < 1e-12);
    assert_eq!((found.segments(), found.frequencies_hz()[10]), (19, 0.1));
}

#[test]
fn coherence_is_the_share_of_power_that_is_common() {
    let (a, own) = (noise(400_000, 4), noise(400_000, 5));
    let b: Vec<f64> = a.iter().zip(&own).map(|(a, own)| 2.0 * a + own).collect();
    let found = plan(64).apply(&a, &b).unwrap();
    // 4 of 5 parts.
    assert!(found.coherence().unwrap().iter().all(|share| (share - 0.8).abs() < 0.02));
    // A scaled copy is explained whole.
    let copy: Vec<f64> = a.iter().map(|x| -1e-9 * x).collect();
    let whole = plan(64).apply(&a, &copy).unwrap().coherence().unwrap();
    assert!(whole.iter().all(|share| *share <= 1.0 && 1.0 - share < 1e-14));
    let nothing = plan(64).apply(&a, &vec![0.0; a.len()]).unwrap();
    assert!(nothing.coherence().unwrap().iter().all(|share| *share == 0.0));
}

#[test]
fn unrelated_noises_exceed_the_level_as_often_as_it_says() {
    for (overlap, chance) in [(0.0, 0.1), (0.5, 0.1), (0.5, 0.01)] {
        let plan = CrossPlan::new(32, 1.0, &WelchOptions::default().with_overlap(overlap)).unwrap();
        let (trials, mut above) = (1500, 0);
        let mut random = Random::new(6);
        for _ in 0..trials {
            let mut signal = || (0..32 * 10).map(|_| random.normal()).collect::<Vec<f64>>();
            let found = plan.apply(&signal(), &signal()).unwrap();
            let level = found.coherence_level(chance).unwrap();
            let coherence = found.coherence().unwrap();
            above += [4, 8, 12].into_iter().filter(|bin| coherence[*bin] > level).count();
        }
        let share = above as f64 / (3.0 * f64::from(trials));
        // Three standard errors, and a tenth for segments that overlap.
        let tolerance = 3.0 * (chance / (3.0 * f64::from(trials))).sqrt() + 0.1 * chance;
        assert!((share - chance).abs() < tolerance, "{overlap} {chance}: {share}");
    }
}

#[test]
fn two_sides_are_conjugate() {
    let (a, b) = (noise(300, 7), noise(300, 8));
    for segment in [16, 17] {
        let one = cross_spectrum(&a, &b, 1.0, segment, &WelchOptions::default()).unwrap();
        let two = WelchOptions::default().with_sides(Sides::Two);
        let two = cross_spectrum(&a, &b, 1.0, segment, &two).unwrap();
        assert_eq!((two.len(), two.sides()), (segment, Sides::Two));
        let zero = segment / 2;
        for bin in 1..segment.div_ceil(2) {
            let [below, above] = [zero - bin, zero + bin].map(|bin| two.densities()[bin]);
            assert!(below == above.conj() && (above * 2.0 - one.densities()[bin]).norm() < 1e-15);
        }
        assert_eq!(two.coherence().unwrap()[zero..], one.coherence().unwrap()[..segment.div_ceil(2)]);
    }
}

#[test]
fn a_loud_signal_does_not_round_off_a_quiet_one() {
    let (a, b) = (noise(2000, 9), noise(2000, 10));
    let loud: Vec<f64> = a.iter().map(|x| 1e15 * x).collect();
    let (plain, other) = (plan(64).apply(&a, &b).unwrap(), plan(64).apply(&loud, &b).unwrap());
    assert_close(&plain.coherence().unwrap(), &other.coherence().unwrap(), 1e-14);
    assert_eq!(plain.spectrum_b(), other.spectrum_b());
}

#[test]
fn what_a_scratch_and_an_old_result_hold_never_matters() {
    let two = WelchOptions::default().with_sides(Sides::Two).with_overlap(0.8);
    let other = CrossPlan::new(99, 1.0, &two).unwrap();
    let mut scratch = other.make_scratch();
    let mut out = other.apply(&noise(500, 11), &noise(500, 12)).unwrap();
    other.apply_into(&noise(700, 13), &noise(700, 14), &mut out, &mut scratch).unwrap();
    let (a, b) = (noise(9000, 15), noise(9000, 16));
    plan(32).apply_into(&a, &b, &mut out, &mut scratch).unwrap();
    assert_eq!(out, plan(32).apply(&a, &b).unwrap());
}

#[test]
fn one_segment_has_no_coherence() {
    let found = plan(64).apply(&noise(70, 17), &noise(70, 18)).unwrap();
    assert_eq!((found.segments(), found.effective_segments()), (1, 1.0));
    assert_eq!(found.coherence(), Err(SpectralError::OneSegment));
    assert_eq!(found.coherence_level(0.05), Err(SpectralError::OneSegment));
}

#[test]
fn bad_input_is_refused_with_its_place() {
    let refused = |result: Result<CrossSpectrum, SpectralError>| result.unwrap_err().to_string();
    let (good, mut bad) = (vec![1.0; 50], vec![1.0; 50]);
    bad[49] = f64::NAN;
    assert_eq!(refused(plan(16).apply(&good, &bad)), "b[49] must be finite, got NaN");
    assert_eq!(refused(plan(16).apply(&bad, &good)), "a[49] must be finite, got NaN");
    assert_eq!(refused(plan(16).apply(&good, &good[1..])), "b must have 50 elements, got 49");
    assert_eq!(refused(plan(16).apply(&good[..15], &good[..15])), "a needs at least 16 elements, got 15");
    let median = WelchOptions::default().with_average(Average::Median);
    assert_eq!(CrossPlan::new(16, 1.0, &median).unwrap_err(), SpectralError::MeanOnly);
    let overlap = CrossPlan::new(16, 1.0, &WelchOptions::default().with_overlap(1.0)).unwrap_err();
    assert!(matches!(overlap, SpectralError::Input(InputError::OutOfRange { argument: "overlap", .. })));
    let found = plan(16).apply(&good, &good).unwrap();
    for chance in [0.0, 1.0, f64::NAN] {
        assert!(found.coherence_level(chance).is_err());
    }
}
