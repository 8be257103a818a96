//! The example that the question asks about: points one apart, y random between -4 and 4.

use std::time::Instant;

use hexad_smoothing::seed::flatten;
use hexad_smoothing::{SmoothOptions, Truncation, direct, smooth};
use hexad_testkit::{Random, max_difference};
use hexad_tests::question::cases;

use super::{indices, relative_error};
use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Outcome};

const SIGMA: f64 = 10.0;
const REACH: f64 = 0.1;

/// The question's x and y.
fn points(len: usize) -> (Vec<f64>, Vec<f64>) {
    (indices(len), Random::new(1).vector(len, -4.0, 4.0))
}

pub(super) fn right_definition() -> Outcome {
    let options = SmoothOptions::default().with_truncation(Truncation::Reach(REACH));
    let mut worst: f64 = 0.0;
    let mut notes = Vec::new();
    for len in [1_000, 10_000] {
        let (x, y) = points(len);
        let start = Instant::now();
        let fast = smooth(&x, &y, SIGMA, &options)?;
        let fast_s = start.elapsed().as_secs_f64();
        let start = Instant::now();
        let slow = direct::smooth(&x, &y, None, &x, SIGMA, &options)?;
        let slow_s = start.elapsed().as_secs_f64();
        worst = worst.max(relative_error(&fast, &slow, &y));
        notes.push(format!(
            "{len} points: {:.3} ms; the sum over all pairs {:.0} ms",
            1e3 * fast_s,
            1e3 * slow_s
        ));
    }
    let (x, y) = points(1_000);
    let smooth = smooth(&x, &y, SIGMA, &options)?;
    let pairs = |values: &[f64]| x.iter().copied().zip(values.iter().copied()).collect::<Vec<_>>();
    let chart = Chart::new("The question's 1,000 points", "x", "y")
        .dots("data", pairs(&y))
        .line("sigma 10, reach 0.1", pairs(&smooth));
    let claim = Claim::new(
        "The smooth of the question's 1,000 and 10,000 points is the sum over all pairs, with the distance \
         measured in x and the window closed at both ends. Measured: the largest difference, in units of \
         the largest |y|.",
        worst,
        Bound::AtMost(options.tolerance),
    )
    .formula("s(x_i) = sum_j w(x_j - x_i) y_j / sum_j w(x_j - x_i),  w(d) = exp(-d^2 / (2 sigma^2)) where w >= reach")
    .source("Nadaraya 1964; Watson 1964")
    .chart(chart);
    Ok(notes.into_iter().fold(claim, Claim::time))
}

pub(super) fn seed_table() -> Outcome {
    let mut worst: f64 = 0.0;
    let cases = cases();
    for case in &cases {
        let got = flatten(&case.x, &case.y, case.reach, case.sigma, case.phi, case.amplitude)?;
        worst = worst.max(relative_error(&got, &case.output, &case.y));
    }
    Ok(Claim::new(
        "seed::flatten takes the question's arguments and returns what its program returns, on even, uneven \
         and repeated x. Measured: the largest difference from the program's own output, in units of the \
         largest |y|.",
        worst,
        Bound::AtMost(1e-14),
    )
    .formula("window: from the first index nearest x_i - R up to, but excluding, the first nearest x_i + R; distance counted in indices")
    .source("the program run in NumPy, through tests/reference/question.csv")
    .note(format!("{} calls of 60 points", cases.len())))
}

pub(super) fn seed_fast() -> Outcome {
    let mut worst: f64 = 0.0;
    let mut notes = Vec::new();
    for len in [1_000, 10_000] {
        let (x, y) = points(len);
        let start = Instant::now();
        let fast = flatten(&x, &y, REACH, SIGMA, 0.0, 1.0)?;
        let fast_s = start.elapsed().as_secs_f64();
        let start = Instant::now();
        let literal = direct::flatten(&x, &y, REACH, SIGMA, 0.0, 1.0)?;
        let literal_s = start.elapsed().as_secs_f64();
        worst = worst.max(relative_error(&fast, &literal, &y));
        notes.push(format!(
            "{len} points: {:.3} ms; with the program's linear searches {:.0} ms",
            1e3 * fast_s,
            1e3 * literal_s
        ));
    }
    let claim = Claim::new(
        "On the question's 1,000 and 10,000 points the fast form of its program is the literal one. Measured: \
         the largest difference, in units of the largest |y|.",
        worst,
        Bound::AtMost(1e-14),
    )
    .source("hexad_smoothing::seed");
    Ok(notes.into_iter().fold(claim, Claim::time))
}

pub(super) fn seed_shift() -> Outcome {
    let x = indices(1_000);
    let ramp = flatten(&x, &x, REACH, SIGMA, 0.0, 1.0)?;
    let inside = 100..900;
    let shift = inside.clone().map(|i| ramp[i] - x[i]).sum::<f64>() / inside.len() as f64;
    let options = SmoothOptions::default().with_truncation(Truncation::Reach(REACH));
    let straight = smooth(&x, &x, SIGMA, &options)?;
    let kept = max_difference(&straight[inside.clone()], &x[inside]);
    // The window of i - 21 ..= i + 20: minus the share of the sample that is missing, 21 samples away.
    let weight = |d: f64| (-0.5 * (d / SIGMA).powi(2)).exp();
    let total: f64 = (-21..=20).map(|d| weight(f64::from(d))).sum();
    let expected = -21.0 * weight(21.0) / total;
    Ok(Claim::new(
        "The question's program moves data to the left: its window lacks its right end. Measured: the shift of \
         a ramp, in samples, at sigma 10 and reach 0.1.",
        shift,
        Bound::Between(-0.0965, -0.0955),
    )
    .formula("-21 w(21) / sum_{d=-21..20} w(d) = -0.0958")
    .note(format!("the closed form differs from the measured shift by {:.0e}", (shift - expected).abs()))
    .note(format!("with the right definition the ramp moves by {kept:.0e}")))
}

pub(super) fn seed_last() -> Outcome {
    let (x, mut y) = points(1_000);
    let before = flatten(&x, &y, REACH, SIGMA, 0.0, 1.0)?;
    y[999] = 1e9;
    let after = flatten(&x, &y, REACH, SIGMA, 0.0, 1.0)?;
    let changed = before.iter().zip(&after).filter(|(before, after)| before != after).count();
    let options = SmoothOptions::default().with_truncation(Truncation::Reach(REACH));
    let right = smooth(&x, &y, SIGMA, &options)?;
    let reached = right.iter().filter(|value| value.abs() > 1e3).count();
    Ok(Claim::new(
        "The question's program never uses the last sample: no window reaches it. Measured: outputs that \
         change when it becomes 1e9.",
        changed as f64,
        Bound::AtMost(0.0),
    )
    .note(format!("with the right definition {reached} outputs change, as many as reach it")))
}
