//! Fitted lines: exact without noise, least squares with it, uncertainties that cover.
#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

use std::f64::consts::{PI, TAU};

use hexad_core::InputError;
use hexad_spectral::{
    ErrorNorm, FitLinesOptions, FitUntil, FittedLine, LineConstant, LineFit, Selection, SpectralError,
    fit_lines, rebuild,
};
use hexad_testkit::{Random, assert_close, max_difference};
use nalgebra::{DMatrix, DVector};
use proptest::prelude::*;

/// Cycles in the record, amplitude, phase at sample 0.
#[derive(Debug, Clone, Copy)]
struct Truth(f64, f64, f64);

/// Tones over `len` samples; phases are reduced before they round.
fn tones(len: usize, tones: &[Truth]) -> Vec<f64> {
    let at = |n: usize, Truth(cycles, amplitude, phase): &Truth| {
        let (frequency, n) = (cycles / len as f64, n as f64);
        let turns = frequency * n;
        let rest = frequency.mul_add(n, -turns);
        amplitude * (TAU * (turns - turns.round() + rest) + phase).cos()
    };
    (0..len).map(|n| tones.iter().map(|tone| at(n, tone)).sum()).collect()
}

fn noisy(mut signal: Vec<f64>, sd: f64, random: &mut Random) -> Vec<f64> {
    signal.iter_mut().for_each(|x| *x += sd * random.normal());
    signal
}

/// The fit of `count` lines at a sample rate of 1.
fn fit(signal: &[f64], count: usize) -> LineFit {
    fit_lines(signal, 1.0, FitUntil::Count(count), &FitLinesOptions::default()).unwrap()
}

/// The tones of a fit, the lowest frequency first.
fn by_frequency(fit: &LineFit) -> Vec<FittedLine> {
    let mut lines: Vec<_> = fit.lines.iter().copied().filter(|line| line.frequency_hz > 0.0).collect();
    lines.sort_by(|a, b| a.frequency_hz.total_cmp(&b.frequency_hz));
    lines
}

/// Difference of two phases, within half a turn.
fn phase_difference(a: f64, b: f64) -> f64 {
    (a - b + PI).rem_euclid(TAU) - PI
}

fn no_constant() -> FitLinesOptions {
    FitLinesOptions::default().with_constant(LineConstant::Zero)
}

#[test]
fn a_tone_without_noise_comes_out_to_rounding() {
    for len in [8, 9, 16, 33, 257, 1000, 100_000] {
        let half = 0.5 * len as f64;
        let steps = if len > 10_000 { 1 } else { 40 };
        let sweep = (0..=steps).map(|k| 1.0 + (half - 2.0) * f64::from(k) / f64::from(steps));
        let near_a_bin = (0..steps).map(|k| (0.37 * len as f64).floor() + f64::from(k) / f64::from(steps));
        for cycles in [0.1, 0.5, 1.3, half - 0.5].into_iter().chain(sweep).chain(near_a_bin) {
            for phase in [0.0, 2.5, -1.5] {
                let signal = tones(len, &[Truth(cycles, 3.0, phase)]);
                let with = fit(&signal, 2);
                let without = fit_lines(&signal, 1.0, FitUntil::Count(1), &no_constant()).unwrap();
                for line in [with.lines[0], without.lines[0]] {
                    let case = format!("{len} samples, {cycles} cycles, phase {phase}: {line:?}");
                    assert!((line.amplitude / 3.0 - 1.0).abs() < 1e-12, "{case}");
                    assert!(phase_difference(line.phase, phase).abs() < 1e-12, "{case}");
                    // Half a unit in the last place of the frequency, times the samples.
                    assert!((line.frequency_hz * len as f64 - cycles).abs() < 1e-11, "{case}");
                }
                assert!(with.lines[1].frequency_hz == 0.0 && with.lines[1].amplitude < 1e-11);
            }
        }
    }
}

#[test]
fn two_tones_closer_than_a_bin_are_told_apart() {
    for (apart, tolerance) in [(3.0, 1e-14), (1.5, 1e-14), (1.0, 1e-14), (0.5, 1e-12), (0.2, 1e-10)] {
        for ratio in [1.0, 0.7, 0.1] {
            for cycles in [3.3, 20.0, 100.5] {
                for phase in [0.0, 1.0, 3.0, -1.0] {
                    let truth = [Truth(cycles, 1.0, 0.3), Truth(cycles + apart, ratio, phase)];
                    let found = by_frequency(&fit(&tones(256, &truth), 3));
                    for (line, Truth(cycles, amplitude, _)) in found.iter().zip(truth) {
                        let error = (line.amplitude - amplitude).abs();
                        assert!(error < tolerance, "{apart} {ratio} {cycles} {phase}: {error:e}");
                        assert!((line.frequency_hz * 256.0 - cycles).abs() < 100.0 * tolerance / ratio);
                    }
                    assert_eq!(found.len(), 2);
                }
            }
        }
    }
}

#[test]
fn a_line_a_millionth_as_strong_is_found_beside_another() {
    for (len, apart) in [(64, 1.5), (64, 9.2), (256, 1.5), (5000, 1.5), (100_000, 31.4)] {
        let truth = [Truth(17.37, 1.0, 1.0), Truth(17.37 + apart, 1e-6, -2.0)];
        let found = by_frequency(&fit(&tones(len, &truth), 3));
        // The rounding of the strong one, over the weak one.
        assert!((found[1].amplitude * 1e6 - 1.0).abs() < 1e-9, "{len}: {}", found[1].amplitude * 1e6 - 1.0);
        assert!(phase_difference(found[1].phase, -2.0).abs() < 1e-8);
    }
}

#[test]
fn eight_tones_a_bin_and_a_half_apart_are_all_found() {
    let mut random = Random::new(1);
    for len in [64, 256, 1000] {
        for range in [1.0, 10.0, 1000.0_f64] {
            for _ in 0..10 {
                let mut truth: Vec<Truth> = Vec::new();
                while truth.len() < 8 {
                    let cycles = random.uniform(1.3, 30.0);
                    if truth.iter().all(|other| (other.0 - cycles).abs() >= 1.5) {
                        let amplitude = range.powf(-random.unit());
                        truth.push(Truth(cycles, amplitude, random.uniform(-PI, PI)));
                    }
                }
                truth.sort_by(|a, b| a.0.total_cmp(&b.0));
                let found = fit(&tones(len, &truth), 9);
                assert!(found.relative_l2_error < 1e-11, "{truth:?}");
                for (line, Truth(cycles, amplitude, phase)) in by_frequency(&found).iter().zip(truth) {
                    assert!((line.frequency_hz * len as f64 - cycles).abs() < 1e-7);
                    assert!((line.amplitude - amplitude).abs() < 1e-8);
                    assert!(phase_difference(line.phase, phase).abs() < 1e-6);
                }
            }
        }
    }
}

/// Derivatives of the lines by amplitude, phase at sample 0 and frequency in Hz, line by line; the constant has
/// the first only. Straight from the definition.
fn dense_derivatives(lines: &[FittedLine], len: usize, rate: f64) -> DMatrix<f64> {
    let mut columns = Vec::new();
    for line in lines {
        let angle = |n: usize| TAU * line.frequency_hz * n as f64 / rate + line.phase;
        let column = |value: &dyn Fn(usize) -> f64| DVector::from_iterator(len, (0..len).map(value));
        columns.push(column(&|n| angle(n).cos()));
        if line.frequency_hz > 0.0 {
            columns.push(column(&|n| -line.amplitude * angle(n).sin()));
            columns.push(column(&|n| -line.amplitude * TAU * n as f64 / rate * angle(n).sin()));
        }
    }
    DMatrix::from_columns(&columns)
}

#[test]
fn the_fit_and_its_uncertainties_are_those_of_dense_least_squares() {
    let mut random = Random::new(2);
    for (len, truth) in [
        (20, vec![Truth(1.3, 1.0, 0.2)]),
        (61, vec![Truth(2.7, 1.0, 1.0), Truth(4.3, 0.7, 2.0)]),
        (64, vec![Truth(30.9, 2.0, -1.0)]),
        (256, vec![Truth(40.0, 1.0, 1.0), Truth(41.5, 0.7, 2.0), Truth(90.3, 5.0, 0.0)]),
        (700, vec![Truth(0.8, 1.0, 1.0), Truth(333.3, 1.0, -2.0)]),
    ] {
        let rate = 50.0;
        let signal = noisy(tones(len, &truth), 0.2, &mut random);
        let options = FitLinesOptions::default();
        let fit = fit_lines(&signal, rate, FitUntil::Count(truth.len() + 1), &options).unwrap();
        let jacobian = dense_derivatives(&fit.lines, len, rate);
        let residual = DVector::from_column_slice(&fit.residual);

        // At the minimum the residual is orthogonal to every derivative.
        for column in jacobian.column_iter() {
            let cosine = column.dot(&residual) / (column.norm() * residual.norm());
            assert!(cosine.abs() < 1e-9, "{len}: {cosine:e}");
        }
        let variance = residual.norm_squared() / (len - jacobian.ncols()) as f64;
        assert!((fit.residual_sd / variance.sqrt() - 1.0).abs() < 1e-12);
        let sd =
            ((jacobian.transpose() * &jacobian).try_inverse().unwrap() * variance).diagonal().map(f64::sqrt);
        let mut sd = sd.iter();
        for line in &fit.lines {
            let mut wanted = vec![*sd.next().unwrap()];
            let mut got = vec![line.amplitude_sd];
            if line.frequency_hz > 0.0 {
                wanted.extend([*sd.next().unwrap(), *sd.next().unwrap()]);
                got.extend([line.phase_sd, line.frequency_sd_hz]);
            }
            for (got, wanted) in got.iter().zip(wanted) {
                // The dense normal equations are worse conditioned.
                assert!((got / wanted - 1.0).abs() < 1e-7, "{len}: {got} {wanted}");
            }
        }
    }
}

#[test]
fn one_line_is_at_the_best_of_all_frequencies() {
    let mut random = Random::new(3);
    for len in [12, 50, 200] {
        for _ in 0..20 {
            let signal = noisy(tones(len, &[Truth(0.2 * len as f64, 1.0, 1.0)]), 1.0, &mut random);
            let found = fit(&signal, 2);
            let squares: f64 = found.residual.iter().map(|r| r * r).sum();
            for step in 2..10 * len {
                let turn = TAU * 0.05 * step as f64 / len as f64;
                let columns = [0, 1, 2].map(|kind| {
                    DVector::from_iterator(
                        len,
                        (0..len).map(|n| match kind {
                            0 => 1.0,
                            1 => (turn * n as f64).cos(),
                            _ => (turn * n as f64).sin(),
                        }),
                    )
                });
                let columns = DMatrix::from_columns(&columns);
                let signal = DVector::from_column_slice(&signal);
                let solution = columns.clone().svd(true, true).solve(&signal, 1e-9).unwrap();
                let left = (signal - columns * solution).norm_squared();
                assert!(squares <= left * (1.0 + 1e-9), "{len} samples, {step}: {squares} {left}");
            }
        }
    }
}

/// How often frequency, amplitude and phase of each tone are within one standard deviation of the truth.
fn coverage(
    signal_to_noise: f64,
    cycles: (f64, f64),
    second: Option<(f64, f64)>,
    seed: u64,
) -> Vec<[f64; 3]> {
    const TRIALS: usize = 2000;
    let mut random = Random::new(seed);
    let mut covered = vec![[0; 3]; 1 + usize::from(second.is_some())];
    for _ in 0..TRIALS {
        let first = random.uniform(cycles.0, cycles.1);
        let mut truth = vec![Truth(first, 1.0, random.uniform(-PI, PI))];
        truth.extend(
            second.map(|(apart, amplitude)| Truth(first + apart, amplitude, random.uniform(-PI, PI))),
        );
        let signal = noisy(tones(256, &truth), (0.5 / signal_to_noise).sqrt(), &mut random);
        let found = by_frequency(&fit(&signal, truth.len() + 1));
        for ((line, Truth(cycles, amplitude, phase)), covered) in found.iter().zip(truth).zip(&mut covered) {
            let errors = [
                (line.frequency_hz - cycles / 256.0) / line.frequency_sd_hz,
                (line.amplitude - amplitude) / line.amplitude_sd,
                phase_difference(line.phase, phase) / line.phase_sd,
            ];
            for (covered, error) in covered.iter_mut().zip(errors) {
                *covered += usize::from(error.abs() <= 1.0);
            }
        }
    }
    covered.into_iter().map(|counts| counts.map(|count| count as f64 / TRIALS as f64)).collect()
}

#[test]
fn one_standard_deviation_covers_68_percent() {
    let middle = (20.0, 100.0);
    let cases = [
        (1.0, middle, None),
        (10.0, middle, None),
        (100.0, middle, None),
        (10.0, (1.3, 1.300_001), None),
        (10.0, (2.7, 2.700_001), None),
        (100.0, middle, Some((1.5, 0.7))),
        (10.0, middle, Some((3.0, 0.7))),
    ];
    for (seed, (signal_to_noise, cycles, second)) in (10..).zip(cases) {
        for covered in coverage(signal_to_noise, cycles, second, seed).concat() {
            // Three standard deviations of a count of 2000 are 0.031.
            assert!((covered - 0.6827).abs() < 0.03, "{signal_to_noise} {cycles:?} {second:?}: {covered}");
        }
    }
}

#[test]
fn where_bins_need_hundreds_one_line_is_enough() {
    let signal = tones(4096, &[Truth(409.5, 1.0, 0.4)]);
    let (relative, norm) = (0.01, ErrorNorm::L2);
    let bins = rebuild(&signal, 1.0, Selection::Error { relative, norm }).unwrap().lines.len();
    assert!(bins > 500, "{bins}");
    let until = FitUntil::Error { relative, norm, at_most: 5 };
    let fit = fit_lines(&signal, 1.0, until, &no_constant()).unwrap();
    assert_eq!(fit.lines.len(), 1);
    assert!(fit.relative_l2_error < 1e-12 && fit.relative_max_error < 1e-12);
}

#[test]
fn no_more_lines_are_fitted_than_the_error_needs() {
    let truth = [Truth(10.3, 1.0, 0.1), Truth(35.8, 0.3, 2.0), Truth(77.1, 0.02, -1.0)];
    let signal = tones(200, &truth);
    for norm in [ErrorNorm::L2, ErrorNorm::Max] {
        for (relative, lines) in [(0.9, 1), (0.1, 2), (0.001, 3)] {
            let until = FitUntil::Error { relative, norm, at_most: 3 };
            let fit = fit_lines(&signal, 1.0, until, &no_constant()).unwrap();
            assert_eq!(fit.lines.len(), lines, "{relative} {norm:?}");
            let reached = if norm == ErrorNorm::L2 { fit.relative_l2_error } else { fit.relative_max_error };
            assert!(reached <= relative);
        }
        let until = FitUntil::Error { relative: 0.001, norm, at_most: 2 };
        let refused = fit_lines(&signal, 1.0, until, &no_constant()).unwrap_err();
        let SpectralError::LinesNotEnough { lines: 2, reached, wanted: 0.001 } = refused else {
            panic!("{refused}")
        };
        assert!(reached > 0.01 && reached < 0.1);
    }
    // Eight samples allow two tones, however many more are asked for.
    let until = FitUntil::Error { relative: 1e-6, norm: ErrorNorm::L2, at_most: 1000 };
    let noise = Random::new(4).vector(8, -1.0, 1.0);
    assert!(fit_lines(&noise, 1.0, until, &no_constant()).is_err());
}

#[test]
fn errors_and_energy_are_those_of_the_residual() {
    let signal = Random::new(5).vector(100, -1.0, 3.0);
    let fit = fit(&signal, 4);
    let norm = |values: &[f64]| values.iter().map(|x| x * x).sum::<f64>().sqrt();
    let largest = |values: &[f64]| values.iter().fold(0.0_f64, |largest, x| largest.max(x.abs()));
    assert!((fit.relative_l2_error - norm(&fit.residual) / norm(&signal)).abs() < 1e-14);
    assert!((fit.relative_max_error - largest(&fit.residual) / largest(&signal)).abs() < 1e-14);
    // The sum of the lines is orthogonal to the residual.
    assert!((fit.energy_fraction - (norm(&fit.samples) / norm(&signal)).powi(2)).abs() < 1e-12);
    assert!((fit.residual_sd - norm(&fit.residual) / 90.0_f64.sqrt()).abs() < 1e-14);
    let sum = |n: usize| {
        let turn = TAU * n as f64;
        fit.lines.iter().map(|line| line.amplitude * (turn * line.frequency_hz + line.phase).cos()).sum()
    };
    assert_close(&fit.samples, &(0..100).map(sum).collect::<Vec<f64>>(), 1e-12);
    assert!(fit.lines.is_sorted_by(|a, b| a.amplitude >= b.amplitude));
}

#[test]
fn a_negative_constant_has_phase_pi() {
    let fit = fit(&[-2.0, -2.0, -2.0, -2.0, -2.5, -2.0, -2.0, -2.0, -2.0], 1);
    let [line] = fit.lines[..] else { panic!("{fit:?}") };
    assert!((line.amplitude - 18.5 / 9.0).abs() < 1e-15 && line.phase == PI && line.frequency_hz == 0.0);
    assert!((line.amplitude_sd - fit.residual_sd / 3.0).abs() < 1e-15);
    assert_eq!((line.frequency_sd_hz, line.phase_sd), (0.0, 0.0));
}

#[test]
fn scale_and_sample_rate_are_units_only() {
    let signal = noisy(tones(200, &[Truth(21.3, 1.0, 0.5)]), 0.1, &mut Random::new(6));
    let one = fit(&signal, 2);
    for scale in [2.0_f64.powi(-1000), 2.0_f64.powi(-3), 2.0_f64.powi(1000)] {
        let scaled: Vec<f64> = signal.iter().map(|x| x * scale).collect();
        let until = FitUntil::Count(2);
        let other = fit_lines(&scaled, 1024.0, until, &FitLinesOptions::default()).unwrap();
        for (one, other) in one.lines.iter().zip(&other.lines) {
            assert_eq!(other.frequency_hz, one.frequency_hz * 1024.0);
            assert_eq!(other.frequency_sd_hz, one.frequency_sd_hz * 1024.0);
            assert_eq!(other.amplitude, one.amplitude * scale);
            assert_eq!(other.amplitude_sd, one.amplitude_sd * scale);
            assert_eq!((other.phase, other.phase_sd), (one.phase, one.phase_sd));
        }
        assert_eq!(other.residual_sd, one.residual_sd * scale);
    }
}

#[test]
fn what_no_tones_make_still_gets_a_finite_fit() {
    let sampled = |f: &dyn Fn(f64) -> f64| (0..500).map(|n| f(f64::from(n))).collect::<Vec<f64>>();
    for (name, signal) in [
        ("trend", sampled(&|n| n)),
        ("parabola", sampled(&|n| (n - 100.0) * n)),
        ("step", sampled(&|n| f64::from(n > 200.0))),
        ("impulse", sampled(&|n| f64::from(n == 200.0))),
        ("decay", sampled(&|n| (-0.01 * n).exp() * (0.3 * n).cos())),
        ("every other", sampled(&|n| 1.0 - 2.0 * (n % 2.0))),
        ("chirp", sampled(&|n| (0.001 * n * n).cos())),
        ("a hundredth of a bin apart", tones(500, &[Truth(50.0, 1.0, 0.0), Truth(50.01, 1.0, 2.0)])),
        ("tiny", sampled(&|n| f64::MIN_POSITIVE * (0.3 * n).cos())),
    ] {
        let mut last = 1.0;
        for count in 1..8 {
            let fit = fit(&signal, count);
            assert!(fit.relative_l2_error <= last, "{name} {count}");
            last = fit.relative_l2_error.max(1e-13);
            for line in &fit.lines {
                let numbers =
                    [line.amplitude, line.phase, line.frequency_sd_hz, line.amplitude_sd, line.phase_sd];
                assert!(numbers.iter().all(|number| number.is_finite()), "{name} {count}: {line:?}");
            }
        }
        assert!(last < 1.0, "{name}");
    }
}

#[test]
fn nothing_is_fitted_to_nothing() {
    let zeros = fit(&[0.0; 20], 5);
    assert_eq!((zeros.lines.len(), zeros.lines[0].amplitude), (1, 0.0));
    assert_eq!((zeros.relative_l2_error, zeros.relative_max_error, zeros.energy_fraction), (0.0, 0.0, 1.0));
    assert_eq!(fit(&[3.0; 20], 5).lines.len(), 1);
    let silent = fit_lines(&[0.0; 20], 1.0, FitUntil::Count(3), &no_constant()).unwrap();
    assert!(silent.lines.is_empty() && silent.residual == [0.0; 20]);
}

#[test]
fn bad_input_is_refused_by_name() {
    let good = Random::new(7).vector(20, -1.0, 1.0);
    let message = |signal: &[f64], rate: f64, until: FitUntil| {
        fit_lines(signal, rate, until, &FitLinesOptions::default()).unwrap_err().to_string()
    };
    let count = FitUntil::Count;
    let mut bad = good.clone();
    bad[7] = f64::NAN;
    assert_eq!(message(&bad, 1.0, count(2)), "signal[7] must be finite, got NaN");
    assert_eq!(message(&good[..7], 1.0, count(2)), "signal needs at least 8 elements, got 7");
    assert_eq!(message(&good, 0.0, count(2)), "sample_rate_hz must be finite and > 0, got 0");
    assert_eq!(message(&good, f64::NAN, count(2)), "sample_rate_hz must be finite and > 0, got NaN");
    // Six tones and the constant leave one of 20 samples over; seven lines are the most with the constant.
    assert_eq!(fit(&good, 7).lines.len(), 7);
    for wrong in [0, 8, usize::MAX] {
        assert!(
            message(&good, 1.0, count(wrong)).starts_with("count must be at least 1, with fewer parameters")
        );
    }
    assert!(fit_lines(&good, 1.0, count(7), &no_constant()).is_err());
    for relative in [-0.1, 1.0, f64::NAN] {
        let until = FitUntil::Error { relative, norm: ErrorNorm::L2, at_most: 3 };
        assert_eq!(message(&good, 1.0, until), format!("error must be >= 0 and < 1, got {relative}"));
    }
    let until = FitUntil::Error { relative: 0.1, norm: ErrorNorm::L2, at_most: 0 };
    let refused = fit_lines(&good, 1.0, until, &FitLinesOptions::default()).unwrap_err();
    assert!(matches!(refused, SpectralError::Input(InputError::OutOfRange { argument: "at_most", .. })));
}

proptest! {
    #[test]
    fn a_later_start_turns_the_phase_only(
        cycles in 3.0..60.0_f64,
        phase in -3.0..3.0_f64,
        later in 1_usize..50,
    ) {
        let long = tones(250, &[Truth(cycles, 1.0, phase)]);
        let (early, late) = (fit(&long[..200], 2).lines[0], fit(&long[later..later + 200], 2).lines[0]);
        prop_assert!((early.frequency_hz - late.frequency_hz).abs() < 1e-14);
        prop_assert!((early.amplitude - late.amplitude).abs() < 1e-12);
        let turned = late.phase - early.phase - TAU * early.frequency_hz * later as f64;
        prop_assert!(phase_difference(turned, 0.0).abs() < 1e-11);
    }

    #[test]
    fn any_samples_have_a_fit_within_bounds(
        signal in prop::collection::vec(-1e3..1e3, 8..50),
        choice in 0_usize..100,
        rate in 1e-3..1e6_f64,
    ) {
        let count = 1 + choice % (1 + (signal.len() - 2) / 3);
        let fit = fit_lines(&signal, rate, FitUntil::Count(count), &FitLinesOptions::default())?;
        prop_assert!(fit.lines.len() <= count);
        prop_assert_eq!(fit.lines.iter().filter(|line| line.frequency_hz == 0.0).count(), 1);
        for line in &fit.lines {
            prop_assert!(line.frequency_hz >= 0.0 && line.frequency_hz < 0.5 * rate);
            prop_assert!(line.phase > -PI && line.phase <= PI && line.amplitude >= 0.0);
            let spreads = [line.frequency_sd_hz, line.amplitude_sd, line.phase_sd];
            prop_assert!(spreads.iter().all(|sd| sd.is_finite() && *sd >= 0.0));
        }
        let sums: Vec<f64> = fit.samples.iter().zip(&fit.residual).map(|(a, b)| a + b).collect();
        prop_assert!(max_difference(&sums, &signal) < 1e-9);
        prop_assert!(fit.relative_l2_error <= 1.0);
    }

    #[test]
    fn the_reversed_signal_has_the_same_lines(seed in 0_u64..1000) {
        let mut random = Random::new(seed);
        let signal = noisy(tones(100, &[Truth(12.3, 1.0, 0.4), Truth(30.9, 0.5, 1.0)]), 0.1, &mut random);
        let reversed: Vec<f64> = signal.iter().rev().copied().collect();
        for (one, other) in by_frequency(&fit(&signal, 3)).iter().zip(by_frequency(&fit(&reversed, 3))) {
            prop_assert!((one.frequency_hz - other.frequency_hz).abs() < 1e-11);
            prop_assert!((one.amplitude - other.amplitude).abs() < 1e-10);
            prop_assert!((one.amplitude_sd / other.amplitude_sd - 1.0).abs() < 1e-9);
            let turned = one.phase + other.phase + TAU * one.frequency_hz * 99.0;
            prop_assert!(phase_difference(turned, 0.0).abs() < 1e-8);
        }
    }
}
