//! What arrives, in distribution.

use hexad_core::InputError;
use hexad_neuro_hh::{Arrivals, Drawing, PoissonGroup, StreamKey, bombardment};
use statrs::distribution::{ChiSquared, ContinuousCDF, Discrete, Poisson};

use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Outcome};

const DURATION_MS: f64 = 300.0;
const RUNS: u64 = 4000;
/// What a right program falls below once in a thousand tests.
const LEVEL: f64 = 1e-3;

/// The question's input: what arrives in 300 ms has these means, and its intervals this one.
const MEANS: [f64; 2] = [120.0, 30.0];
const INTERVAL_MS: f64 = 2.0;

fn groups(drawing: Drawing) -> Vec<PoissonGroup> {
    bombardment(80, 20, 10.0, 0.5, 1.0, 4.0).into_iter().map(|group| group.with_drawing(drawing)).collect()
}

/// Arrivals of many runs: counts by group, and intervals.
struct Sample {
    counts: [Vec<usize>; 2],
    intervals_ms: Vec<f64>,
}

impl Sample {
    fn draw(drawing: Drawing, seed: u64) -> Result<Self, InputError> {
        let mut sample = Self { counts: [Vec::new(), Vec::new()], intervals_ms: Vec::new() };
        for run in 0..RUNS {
            let key = StreamKey { seed, run, ..StreamKey::default() };
            let (mut counts, mut before_ms) = ([0, 0], 0.0);
            // The interval that reaches beyond the end is one, too: without it short ones would be preferred.
            for arrival in Arrivals::new(&groups(drawing), &key)? {
                if before_ms < DURATION_MS {
                    sample.intervals_ms.push(arrival.time_ms - before_ms);
                }
                before_ms = arrival.time_ms;
                if before_ms >= DURATION_MS {
                    break;
                }
                counts[arrival.group] += 1;
            }
            sample.counts.iter_mut().zip(counts).for_each(|(counts, count)| counts.push(count));
        }
        sample.intervals_ms.sort_by(f64::total_cmp);
        Ok(sample)
    }
}

pub(super) fn distribution() -> Outcome {
    let superposed = Sample::draw(Drawing::Superposed, 1)?;
    let per_source = Sample::draw(Drawing::PerSource, 2)?;
    let mut tests = Vec::new();
    for (name, sample) in [("superposed", &superposed), ("per source", &per_source)] {
        for (kind, group) in ["excitatory", "inhibitory"].iter().zip(0..) {
            let p = poisson_p(&sample.counts[group], MEANS[group])?;
            tests.push((format!("{name}, {kind} counts are Poisson's, chi-squared"), p));
        }
        let p = exponential_p(&sample.intervals_ms);
        tests.push((format!("{name}, intervals are exponential, Kolmogorov-Smirnov"), p));
    }
    for (kind, group) in ["excitatory", "inhibitory"].iter().zip(0..) {
        let p = same_counts_p(&superposed.counts[group], &per_source.counts[group], MEANS[group])?;
        tests.push((format!("{kind} counts of both are alike, chi-squared"), p));
    }
    let p = same_intervals_p(&superposed.intervals_ms, &per_source.intervals_ms);
    tests.push(("intervals of both are alike, Kolmogorov-Smirnov".to_owned(), p));
    let least = tests.iter().map(|(_, p)| *p).fold(1.0, f64::min);
    let shares = |sample: &Sample| -> Vec<(f64, f64)> {
        let share = |count: usize| sample.counts[1].iter().filter(|other| **other == count).count() as f64;
        (8..56).map(|count| (count as f64, share(count) / RUNS as f64)).collect()
    };
    let poisson = Poisson::new(MEANS[1])?;
    let chart = Chart::new("Inhibitory arrivals in 300 ms, 20 sources", "arrivals", "share of 4,000 runs")
        .dots("superposed", shares(&superposed))
        .dots("per source", shares(&per_source))
        .line("Poisson", (8_u32..56).map(|count| (f64::from(count), poisson.pmf(u64::from(count)))));
    let claim = Claim::new(
        "The 100 trains of the question drawn as one are, in distribution, those drawn one by one, each spike \
         transmitted with probability one half. Measured: the least of nine probabilities of a deviation at least as \
         large by chance. Below 0.001 it fails: with other seeds a right program would, once in 111 times or less.",
        least,
        Bound::Between(LEVEL, 1.0),
    )
    .formula("N trains of rate r, success p: one Poisson train of rate N r p")
    .source("J. F. C. Kingman, Poisson Processes, 1993, superposition and colouring theorems")
    .chart(chart);
    Ok(tests.iter().fold(claim, |claim, (name, p)| claim.note(format!("{name}: p = {p:.3}"))))
}

pub(super) fn summed_jumps() -> Outcome {
    let runs = 40_000;
    let (mut mean, mut square) = (0.0, 0.0);
    for run in 0..runs {
        let key = StreamKey { seed: 3, run, ..StreamKey::default() };
        let arrivals = Arrivals::new(&groups(Drawing::Superposed), &key)?;
        let within = arrivals.take_while(|arrival| arrival.time_ms < DURATION_MS);
        let sum: f64 = within.map(|arrival| arrival.weight_mv).sum();
        mean += sum / runs as f64;
        square += sum * sum / runs as f64;
    }
    // Cumulants of a compound Poisson sum: 300 ms of 0.4 / ms of 1 mV and 0.1 / ms of -4 mV.
    let cumulant = |power| MEANS[0] + MEANS[1] * 4_f64.powi(power);
    let (variance, fourth) = (cumulant(2), cumulant(4));
    let mean_error = (variance / runs as f64).sqrt();
    let variance_error = ((fourth + 2.0 * variance * variance) / runs as f64).sqrt();
    let off = (mean / mean_error).abs().max(((square - variance) / variance_error).abs());
    Ok(Claim::new(
        "With the question's numbers, 80 inputs of 1 mV and 20 of -4 mV at 10 Hz and one half, excitation and inhibition \
         cancel: the jumps that arrive in 300 ms sum to 0 on the average, with a variance of 600 mV^2. Measured: the \
         larger distance in standard errors, over 40,000 runs. With other seeds a right program would exceed 3.29 in one \
         of 1,000 tests, here one of two.",
        off,
        Bound::AtMost(3.29),
    )
    .formula("mean = T sum_i r_i w_i, variance = T sum_i r_i w_i^2")
    .note(format!("mean {mean:+.3} mV, standard error {mean_error:.3}"))
    .note(format!("variance {square:.2} mV^2, standard error {variance_error:.2}")))
}

/// Counts by size, those that are rarely expected together at both ends; and their probabilities.
fn binned(counts: &[usize], mean: f64) -> Result<(Vec<f64>, Vec<f64>), Box<dyn std::error::Error>> {
    let poisson = Poisson::new(mean)?;
    let wide = 3.0 * mean.sqrt();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "means are far from 0")]
    let (low, high) = ((mean - wide).round() as usize, (mean + wide).round() as usize);
    let mut observed = vec![0.0; high - low + 1];
    for count in counts {
        observed[count.clamp(&low, &high) - low] += 1.0;
    }
    let mut shares: Vec<f64> = (low..=high).map(|count| poisson.pmf(count as u64)).collect();
    shares[0] += (0..low).map(|count| poisson.pmf(count as u64)).sum::<f64>();
    let all: f64 = shares.iter().sum();
    if let Some(last) = shares.last_mut() {
        *last += 1.0 - all;
    }
    Ok((observed, shares))
}

fn chi_squared_p(statistic: f64, freedom: usize) -> Result<f64, Box<dyn std::error::Error>> {
    Ok(ChiSquared::new(freedom as f64)?.sf(statistic))
}

/// Probability of counts as far from Poisson's.
fn poisson_p(counts: &[usize], mean: f64) -> Result<f64, Box<dyn std::error::Error>> {
    let (observed, shares) = binned(counts, mean)?;
    let total = counts.len() as f64;
    let term = |(got, share): (&f64, &f64)| (got - share * total).powi(2) / (share * total);
    chi_squared_p(observed.iter().zip(&shares).map(term).sum(), observed.len() - 1)
}

/// Probability of two samples of the same number of counts as far from each other, if both have one distribution.
fn same_counts_p(a: &[usize], b: &[usize], mean: f64) -> Result<f64, Box<dyn std::error::Error>> {
    let (a, b) = (binned(a, mean)?.0, binned(b, mean)?.0);
    let term = |(a, b): (&f64, &f64)| if a + b > 0.0 { (a - b).powi(2) / (a + b) } else { 0.0 };
    chi_squared_p(a.iter().zip(&b).map(term).sum(), a.len() - 1)
}

/// Probability of sorted intervals as far from an exponential distribution.
fn exponential_p(sorted_ms: &[f64]) -> f64 {
    let count = sorted_ms.len() as f64;
    let distance = sorted_ms.iter().enumerate().map(|(rank, interval_ms)| {
        let wanted = -(-interval_ms / INTERVAL_MS).exp_m1();
        (wanted - rank as f64 / count).abs().max((wanted - (rank + 1) as f64 / count).abs())
    });
    kolmogorov_p(distance.fold(0.0, f64::max) * count.sqrt())
}

/// Probability of two sorted samples as far from each other, if both have one distribution.
fn same_intervals_p(a: &[f64], b: &[f64]) -> f64 {
    let (count_a, count_b) = (a.len() as f64, b.len() as f64);
    let below = |sorted: &[f64], value: f64| sorted.partition_point(|other| *other <= value) as f64;
    let apart = |value: &f64| (below(a, *value) / count_a - below(b, *value) / count_b).abs();
    let distance = a.iter().chain(b).map(apart).fold(0.0, f64::max);
    kolmogorov_p(distance * (count_a * count_b / (count_a + count_b)).sqrt())
}

/// Kolmogorov's limit, `2 sum_k (-1)^(k - 1) exp(-2 k^2 x^2)`.
fn kolmogorov_p(x: f64) -> f64 {
    if x < 0.3 {
        return 1.0;
    }
    let term = |k: i32| {
        let sign = if k % 2 == 1 { 2.0 } else { -2.0 };
        sign * (-2.0 * f64::from(k * k) * x * x).exp()
    };
    (1..=20).map(term).sum::<f64>().clamp(0.0, 1.0)
}
