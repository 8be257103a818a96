//! Spectra of samples at uneven times.

use std::f64::consts::TAU;
use std::time::Instant;

use hexad_spectral::{LombMethod, LombScargle, LombScargleOptions};
use hexad_testkit::{Random, max_difference};

use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Outcome};

/// A tone of 0.173 Hz in noise, seen on clear nights.
fn nights(len: usize) -> (Vec<f64>, Vec<f64>) {
    let mut random = Random::new(6);
    let mut time: Vec<f64> =
        (0..len).map(|_| random.uniform(0.0, 400.0).floor() + random.uniform(0.0, 0.4)).collect();
    time.sort_by(f64::total_cmp);
    let y = time.iter().map(|t| 3.0 + (TAU * 0.173 * t).cos() + random.uniform(-1.5, 1.5)).collect();
    (time, y)
}

pub(super) fn fast() -> Outcome {
    let (time, y) = nights(1000);
    let plan = |method| LombScargle::new(&time, &y, None, &LombScargleOptions::default().with_method(method));
    let (direct, fast) = (plan(LombMethod::Direct)?, plan(LombMethod::Fast)?);
    let grid = direct.auto_grid(5.0, None)?;
    let start = Instant::now();
    let wanted = direct.power(&grid)?;
    let direct_s = start.elapsed().as_secs_f64();
    let start = Instant::now();
    let got = fast.power(&grid)?;
    let fast_s = start.elapsed().as_secs_f64();
    Ok(Claim::new(
        "Powers on a grid by non-uniform FFT are those of the sums over the samples. Measured: the largest \
         difference, powers being from 0 to 1.",
        max_difference(&got, &wanted),
        Bound::AtMost(1e-9),
    )
    .source("Lomb 1976, Scargle 1982; floating mean: Zechmeister and Kürster 2009")
    .time(format!(
        "{} frequencies: {:.1} ms; the sums {:.1} ms",
        got.len(),
        1e3 * fast_s,
        1e3 * direct_s
    )))
}

pub(super) fn tone() -> Outcome {
    let (time, y) = nights(300);
    let plan = LombScargle::new(&time, &y, None, &LombScargleOptions::default())?;
    let grid = plan.auto_grid(10.0, Some(0.5))?;
    let power = plan.power(&grid)?;
    let strongest = (0..power.len()).max_by(|a, b| power[*a].total_cmp(&power[*b])).unwrap_or(0);
    let chance = plan.false_alarm_probability(power[strongest], 0.5)?;
    let chart = Chart::new("Lomb-Scargle power", "frequency, 1/day", "power")
        .line("power", (0..power.len()).map(|index| (grid.at(index), power[index])));
    Ok(Claim::new(
        "A tone of 0.173 per day, amplitude 1 in noise of variance 0.75, seen on 300 nights of 400 days, is the \
         strongest line. Measured: its frequency per day.",
        grid.at(strongest),
        Bound::Between(0.1725, 0.1735),
    )
    .note(format!("probability of such a power in noise alone: {chance:.1e}"))
    .source("false-alarm probability: Baluev 2008")
    .chart(chart))
}
