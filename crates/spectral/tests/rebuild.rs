//! Rebuilds: exact with all lines, the fewest lines for an error, and how their number moves.
#![expect(clippy::unwrap_used, reason = "a test that fails may panic")]

use hexad_core::UniformAxis;
use hexad_spectral::{
    ErrorNorm, LineSelector, Rebuild, RebuildPlan, Selection, SkewNormalPulse, SpectralError, rebuild,
};
use hexad_testkit::{Random, max_difference};
use proptest::prelude::*;

/// The error of a transform and its inverse, and of sums of squares over it.
const ROUNDING: f64 = 1e-13;

fn l2(relative: f64) -> Selection {
    Selection::Error { relative, norm: ErrorNorm::L2 }
}

fn largest(relative: f64) -> Selection {
    Selection::Error { relative, norm: ErrorNorm::Max }
}

/// The pulse of the question: 4096 samples of 10 s, in the middle, one second wide.
fn question(shape: f64) -> Vec<f64> {
    let axis = UniformAxis { start: 0.0, step: 10.0 / 4096.0, len: 4096 };
    SkewNormalPulse::new(axis.at(2048), 1.0, shape).unwrap().sample(&axis)
}

#[test]
fn a_gaussian_needs_4_5_6_and_9_lines() {
    let signal = question(0.0);
    for (relative, lines) in [(0.1, 4), (0.01, 5), (0.001, 6), (1e-6, 9)] {
        let found = rebuild(&signal, 409.6, l2(relative)).unwrap();
        assert_eq!(found.lines.len(), lines, "{relative}");
        assert_eq!(found.complex_bins, 2 * lines - 1);
        assert!(found.relative_l2_error <= relative * (1.0 + ROUNDING));
        assert_eq!(found.lines[0].frequency_hz, 0.1);
        let constant = found.lines.iter().find(|line| line.bin == 0).unwrap();
        // Area over length; the pulse is cut at five sigmas.
        assert!((constant.amplitude - 0.1).abs() < 1e-6 && constant.phase == 0.0);
    }
}

#[test]
fn all_lines_give_the_signal_back() {
    let mut random = Random::new(1);
    for len in [2, 3, 4, 5, 16, 101, 1000, 1009, 4096] {
        let signal = random.vector(len, -3.0, 5.0);
        let plan = RebuildPlan::new(len, 1.0).unwrap();
        for selection in [
            Selection::Count(plan.lines()),
            Selection::Threshold(0.0),
            l2(0.0),
            Selection::Band { low_hz: 0.0, high_hz: 0.5 },
        ] {
            let found = plan.apply(&signal, selection).unwrap();
            assert!(max_difference(&found.samples, &signal) < 1e-12, "{len} {selection:?}");
            assert_eq!((found.lines.len(), found.complex_bins), (len / 2 + 1, len));
            assert_eq!(found.energy_fraction, 1.0);
        }
    }
}

#[test]
fn the_lines_are_the_cosines_they_say() {
    let mut random = Random::new(2);
    for len in [9, 10, 64] {
        let signal = random.vector(len, -1.0, 1.0);
        let found = rebuild(&signal, 20.0, Selection::Count(len / 2)).unwrap();
        let sum = |n: usize| -> f64 {
            let turn = std::f64::consts::TAU * n as f64 / 20.0;
            found
                .lines
                .iter()
                .map(|line| line.amplitude * (turn * line.frequency_hz + line.phase).cos())
                .sum()
        };
        let sums: Vec<f64> = (0..len).map(sum).collect();
        assert!(max_difference(&sums, &found.samples) < ROUNDING);
        assert!(found.lines.is_sorted_by(|a, b| a.amplitude >= b.amplitude));
        for ((residual, x), sample) in found.residual.iter().zip(&signal).zip(&found.samples) {
            assert!((residual - (x - sample)).abs() < 1e-15);
        }
    }
}

/// Energy left by every subset of lines, found by rebuilding from its cosines.
fn fewest_of_all_subsets(signal: &[f64], relative: f64) -> usize {
    let len = signal.len();
    let all = rebuild(signal, len as f64, Selection::Threshold(0.0)).unwrap().lines;
    let energy: f64 = signal.iter().map(|x| x * x).sum();
    let subsets = 0..1_u32 << all.len();
    let enough = subsets.filter(|subset| {
        let left = (0..len).map(|n| {
            let kept = all.iter().enumerate().filter(|(index, _)| subset >> index & 1 == 1);
            let turn = std::f64::consts::TAU * n as f64 / len as f64;
            let sum: f64 = kept.map(|(_, l)| l.amplitude * (turn * l.bin as f64 + l.phase).cos()).sum();
            (signal[n] - sum) * (signal[n] - sum)
        });
        left.sum::<f64>() <= relative * relative * energy
    });
    enough.map(|subset| subset.count_ones() as usize).min().unwrap()
}

#[test]
fn no_subset_of_lines_is_smaller() {
    let mut random = Random::new(3);
    for len in [2, 3, 4, 5, 8, 11, 15, 16] {
        for _ in 0..3 {
            let signal: Vec<f64> = (0..len).map(|_| random.normal()).collect();
            for relative in [0.05, 0.3, 0.6, 0.9] {
                let found = rebuild(&signal, 1.0, l2(relative)).unwrap();
                assert_eq!(found.lines.len(), fewest_of_all_subsets(&signal, relative), "{len} {relative}");
            }
        }
    }
}

#[test]
fn the_selection_is_that_of_a_full_sort() {
    let mut random = Random::new(4);
    let mut selector = LineSelector::default();
    for count in [1, 2, 10, 1000, 5000] {
        for spread in [0.0, 1.0, 30.0, 300.0] {
            // Many equal ones, and zeros.
            let weights: Vec<f64> = (0..count)
                .map(|_| (random.uniform(-spread, spread) * 4.0).round() / 4.0)
                .map(|power: f64| if power < -0.9 * spread { 0.0 } else { power.exp() })
                .collect();
            let mut order: Vec<usize> = (0..count).collect();
            order.sort_by(|a, b| weights[*b].total_cmp(&weights[*a]).then(a.cmp(b)));
            let total: f64 = order.iter().rev().map(|index| weights[*index]).sum();
            for relative in [0.0, 1e-9, 0.01, 0.5, 0.99] {
                let (mut left, mut keep) = (0.0, count);
                while keep > 0 && left + weights[order[keep - 1]] <= relative * relative * total {
                    left += weights[order[keep - 1]];
                    keep -= 1;
                }
                for cut in
                    [selector.fewest(&weights, relative).unwrap(), selector.largest(&weights, keep).unwrap()]
                {
                    assert_eq!(cut.count(), keep, "{count} {spread} {relative}");
                    for (rank, index) in order.iter().enumerate() {
                        assert_eq!(cut.keeps(*index, weights[*index]), rank < keep);
                    }
                }
            }
        }
    }
    assert_eq!(selector.fewest(&[], 0.1).unwrap().count(), 0);
    assert!(selector.fewest(&[1.0, -1.0], 0.1).is_err() && selector.fewest(&[1.0], f64::NAN).is_err());
}

#[test]
fn the_max_norm_holds_and_one_line_less_is_too_few() {
    let mut random = Random::new(5);
    let noise: Vec<f64> = (0..777).map(|_| random.normal()).collect();
    for signal in [question(4.0), noise] {
        for relative in [1e-10, 1e-3, 0.05, 0.4] {
            let found = rebuild(&signal, 1.0, largest(relative)).unwrap();
            assert!(found.relative_max_error <= relative, "{:e}", found.relative_max_error);
            let fewer = rebuild(&signal, 1.0, Selection::Count(found.lines.len() - 1)).unwrap();
            assert!(fewer.relative_max_error > relative);
        }
    }
}

#[test]
fn threshold_and_band_keep_what_they_say() {
    let tone = |n: u32| {
        2.0 + 3.0 * (0.2 * std::f64::consts::PI * f64::from(n) + 0.5).cos()
            + 0.5 * (std::f64::consts::PI * f64::from(n)).cos()
    };
    let signal: Vec<f64> = (0..100).map(tone).collect();
    let found = rebuild(&signal, 50.0, Selection::Threshold(0.4)).unwrap();
    let lines: Vec<_> =
        found.lines.iter().map(|line| (line.bin, (line.amplitude * 1e9).round() / 1e9)).collect();
    assert_eq!(lines, [(10, 3.0), (0, 2.0), (50, 0.5)]);
    assert_eq!(found.complex_bins, 4);
    assert!((found.lines[0].frequency_hz - 5.0).abs() < 1e-12 && (found.lines[0].phase - 0.5).abs() < 1e-12);
    let band = rebuild(&signal, 50.0, Selection::Band { low_hz: 5.0, high_hz: 25.0 }).unwrap();
    assert_eq!(band.lines.len(), 41);
    let mean: f64 = band.residual.iter().sum::<f64>() / 100.0;
    assert!(
        (mean - 2.0).abs() < 1e-12
            && (band.relative_l2_error.powi(2) + band.energy_fraction - 1.0).abs() < 1e-12
    );
}

#[test]
fn sizes_at_the_ends_of_the_exponent_do_not_matter() {
    let signal = question(10.0);
    let wanted = rebuild(&signal, 1.0, l2(1e-3)).unwrap();
    for scale in [2.0_f64.powi(-1000), 2.0_f64.powi(1000)] {
        let scaled: Vec<f64> = signal.iter().map(|x| x * scale).collect();
        let found = rebuild(&scaled, 1.0, l2(1e-3)).unwrap();
        assert_eq!(
            (found.lines.len(), found.relative_l2_error),
            (wanted.lines.len(), wanted.relative_l2_error)
        );
        assert_eq!(found.lines[0].amplitude, wanted.lines[0].amplitude * scale);
    }
    let tiny = rebuild(&[5e-324, 0.0, -5e-324], 1.0, l2(0.0)).unwrap();
    assert_eq!(tiny.samples, [5e-324, 0.0, -5e-324]);
}

#[test]
fn zeros_need_no_line() {
    for selection in [l2(0.0), largest(0.0), l2(0.5)] {
        let found = rebuild(&[0.0; 12], 1.0, selection).unwrap();
        assert!(found.lines.is_empty() && found.samples == [0.0; 12]);
        assert_eq!(
            (found.relative_l2_error, found.relative_max_error, found.energy_fraction),
            (0.0, 0.0, 1.0)
        );
    }
}

#[test]
fn a_used_scratch_and_result_change_nothing() {
    let plan = RebuildPlan::new(4096, 1.0).unwrap();
    let (mut scratch, mut out) = (plan.make_scratch(), Rebuild::default());
    for (shape, selection) in [(0.0, l2(1e-9)), (10.0, largest(1e-4)), (4.0, Selection::Count(3))] {
        plan.apply_into(&question(shape), selection, &mut out, &mut scratch).unwrap();
        assert_eq!(out, plan.apply(&question(shape), selection).unwrap());
    }
}

#[test]
fn what_cannot_be_rebuilt_is_refused() {
    assert!(RebuildPlan::new(1, 1.0).is_err() && RebuildPlan::new(0, 1.0).is_err());
    assert!(RebuildPlan::new(8, 0.0).is_err() && RebuildPlan::new(8, f64::NAN).is_err());
    let refused = |signal: &[f64], selection| rebuild(signal, 1.0, selection).unwrap_err().to_string();
    assert_eq!(refused(&[0.0, f64::NAN, 1.0], l2(0.1)), "signal[1] must be finite, got NaN");
    let signal = [1.0, 2.0, 4.0, 0.0];
    for (selection, argument) in [
        (Selection::Count(0), "count"),
        (Selection::Count(4), "count"),
        (Selection::Threshold(-1.0), "threshold"),
        (Selection::Threshold(f64::NAN), "threshold"),
        (Selection::Band { low_hz: -0.1, high_hz: 0.2 }, "low_hz"),
        (Selection::Band { low_hz: 0.3, high_hz: 0.2 }, "high_hz"),
        (Selection::Band { low_hz: 0.0, high_hz: 0.6 }, "high_hz"),
        (l2(1.0), "error"),
        (l2(f64::NAN), "error"),
        (largest(-0.1), "error"),
    ] {
        assert!(refused(&signal, selection).starts_with(argument), "{selection:?}");
    }
    let plan = RebuildPlan::new(3, 1.0).unwrap();
    assert!(matches!(plan.apply(&signal, l2(0.1)), Err(SpectralError::Input(_))));
}

proptest! {
    #[test]
    fn a_smaller_error_never_needs_fewer_lines(
        signal in prop::collection::vec(-10.0..10.0, 2..80),
        mut errors in prop::collection::vec(0.0..0.999, 2..8),
        in_max in any::<bool>(),
    ) {
        errors.sort_by(f64::total_cmp);
        let norm = if in_max { ErrorNorm::Max } else { ErrorNorm::L2 };
        let counts: Vec<usize> = errors.iter().map(|relative| {
            rebuild(&signal, 1.0, Selection::Error { relative: *relative, norm }).unwrap().lines.len()
        }).collect();
        prop_assert!(counts.is_sorted_by(|a, b| a >= b), "{counts:?}");
    }

    #[test]
    fn energies_of_kept_and_left_out_lines_add_up(signal in prop::collection::vec(-10.0..10.0, 2..80), part in 1..40_usize) {
        let found = rebuild(&signal, 1.0, Selection::Count(part.min(signal.len() / 2 + 1))).unwrap();
        prop_assert!((found.relative_l2_error.powi(2) + found.energy_fraction - 1.0).abs() < 1e-13);
    }
}
