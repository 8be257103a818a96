//! Real records: weekly CO2 with its gaps, quarterly sea-surface temperature.

use hexad_smoothing::{Fit, SmoothOptions, Smoother, auto_sigma, direct, smooth};
use hexad_testkit::Random;

use super::relative_error;
use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Outcome};
use crate::validate::data::{Record, co2, nino3};

/// Days in a mean year of the Gregorian calendar.
const YEAR_D: f64 = 365.2425;

fn years(record: &Record) -> Vec<f64> {
    record.time.iter().map(|days| 1970.0 + days / YEAR_D).collect()
}

pub(super) fn co2_direct() -> Outcome {
    const SIGMA_D: f64 = 60.0;
    let record = co2()?;
    let options = SmoothOptions::default();
    let got = smooth(&record.time, &record.value, SIGMA_D, &options)?;
    let wanted = direct::smooth(&record.time, &record.value, None, &record.time, SIGMA_D, &options)?;
    let error = relative_error(&got, &wanted, &record.value);
    let missing = record.value.iter().filter(|value| value.is_nan()).count();
    let filled = got.iter().filter(|value| value.is_finite()).count();
    let year = years(&record);
    let pairs = |values: &[f64]| year.iter().copied().zip(values.iter().copied()).collect::<Vec<_>>();
    let slow = smooth(&record.time, &record.value, 10.0 * SIGMA_D, &options.with_fit(Fit::Linear))?;
    let chart = Chart::new("CO2 at Mauna Loa", "year", "ppm")
        .line("weekly", pairs(&record.value))
        .line("sigma 60 d", pairs(&got))
        .line("sigma 600 d, local linear", pairs(&slow));
    Ok(Claim::new(
        "2,284 weeks of CO2, 59 of them missing, smoothed with sigma = 60 days: the direct sum within the \
         tolerance, and a value in every missing week. Measured: the largest difference, in units of the \
         largest |y|.",
        error,
        Bound::AtMost(options.tolerance),
    )
    .formula("s(x_i) = sum_j w(x_j - x_i) y_j / sum_j w(x_j - x_i), over the weeks that are there")
    .source("Knutsson and Westin 1993 (normalized convolution); data: Keeling and Whorf, CDIAC")
    .note(format!("{missing} weeks missing, {filled} of {} smoothed", got.len()))
    .chart(chart))
}

/// Weeks hidden in turn: every tenth, beginning with each of the first ten.
const FOLDS: usize = 10;

pub(super) fn co2_filled() -> Outcome {
    const SIGMA_D: f64 = 25.0;
    let record = co2()?;
    let options = SmoothOptions::default().with_fit(Fit::Linear);
    let plan = Smoother::new(&record.time, SIGMA_D, &options)?;
    let is_hidden = |index: usize, fold: usize| index % FOLDS == fold;
    let mut squares = Vec::new();
    for fold in 0..FOLDS {
        let hide = |(index, &value): (usize, &f64)| if is_hidden(index, fold) { f64::NAN } else { value };
        let filled = plan.apply(&record.value.iter().enumerate().map(hide).collect::<Vec<f64>>())?;
        let hidden =
            (0..filled.len()).filter(|&index| is_hidden(index, fold) && record.value[index].is_finite());
        squares.extend(hidden.map(|index| (filled[index] - record.value[index]).powi(2)));
    }
    let rms = (squares.iter().sum::<f64>() / squares.len() as f64).sqrt();
    let (year, filled) = (years(&record), plan.apply(&record.value)?);
    let shown = |year: &f64| (1958.0..1966.0).contains(year);
    let early = |values: &[f64]| -> Vec<(f64, f64)> {
        year.iter().copied().zip(values.iter().copied()).filter(|(year, _)| shown(year)).collect()
    };
    let gaps: Vec<f64> =
        filled.iter().zip(&record.value).map(|(&s, y)| if y.is_nan() { s } else { f64::NAN }).collect();
    let chart = Chart::new("The gaps of 1958 to 1965, filled", "year", "ppm")
        .dots("weekly", early(&record.value))
        .line("sigma 25 d, local linear", early(&filled))
        .dots("missing weeks", early(&gaps));
    Ok(Claim::new(
        "Known weeks, hidden and then filled from their neighbours (sigma = 25 days, local linear; every \
         tenth week at a time), come back within 0.5 ppm: the scatter of single weeks about the seasonal \
         curve. Measured: root of the mean squared error, ppm.",
        rms,
        Bound::AtMost(0.5),
    )
    .formula("rms of s_without_i(x_i) - y_i")
    .source("Stone 1974 (cross-validation); data: Keeling and Whorf, CDIAC")
    .note(format!("{} weeks hidden in {FOLDS} turns", squares.len()))
    .chart(chart))
}

pub(super) fn co2_coverage() -> Outcome {
    const DRAWS: usize = 40;
    const NOISE_PPM: f64 = 0.7;
    const NORMAL_95: f64 = 1.959_964;
    let record = co2()?;
    let line: Vec<f64> = record.time.iter().map(|days| 325.0 + 0.0035 * days).collect();
    let options = SmoothOptions::default().with_fit(Fit::Linear);
    let plan = Smoother::new(&record.time, 60.0, &options)?;
    let mut random = Random::new(12);
    let (mut inside, mut total) = (0_u32, 0_u32);
    for _ in 0..DRAWS {
        let draw = |(line, value): (&f64, &f64)| {
            if value.is_nan() { f64::NAN } else { line + NOISE_PPM * random.normal() }
        };
        let noisy: Vec<f64> = line.iter().zip(&record.value).map(draw).collect();
        let (smooth, statistics) = (plan.apply(&noisy)?, plan.statistics(&noisy, None)?);
        for ((smooth, line), error) in smooth.iter().zip(&line).zip(&statistics.standard_error) {
            inside += u32::from((smooth - line).abs() <= NORMAL_95 * error);
            total += 1;
        }
    }
    Ok(Claim::new(
        "On the weeks of the CO2 record, gaps and ends included, a known line with independent noise lies \
         within 1.96 standard errors of its smooth 95 times in 100. Measured: the share over 40 draws; the \
         bounds are three standard deviations of that share, as neighbours are not independent.",
        f64::from(inside) / f64::from(total),
        Bound::Between(0.935, 0.965),
    )
    .formula("standard error = s sqrt(sum_j l_j^2), l_j the share of sample j, s^2 = RSS / trace((I - S)^T (I - S))")
    .source("Hastie and Tibshirani 1990, section 3.5")
    .note(format!("noise of {NOISE_PPM} ppm, sigma 60 days, local linear")))
}

pub(super) fn nino3_sigma() -> Outcome {
    let record = nino3()?;
    let options = SmoothOptions::default();
    let found = auto_sigma(&record.time, &record.value, None, &options)?;
    let score = |sigma: f64| direct::leave_one_out(&record.time, &record.value, None, sigma, &options);
    let tried = found.tried.iter().map(|tried| tried.0);
    let (low, high) =
        tried.fold((f64::INFINITY, 0.0_f64), |(low, high), sigma| (low.min(sigma), high.max(sigma)));
    let sigma = |k: i32| low * (high / low).powf(f64::from(k) / 300.0);
    let scores: Vec<(f64, f64)> =
        (0..=300).map(|k| score(sigma(k)).map(|score| (sigma(k), score))).collect::<Result<_, _>>()?;
    let best = scores.iter().map(|scored| scored.1).fold(f64::INFINITY, f64::min);
    let smooth = smooth(&record.time, &record.value, found.sigma, &options)?;
    let pairs = |values: &[f64]| record.time.iter().copied().zip(values.iter().copied()).collect::<Vec<_>>();
    let picture = Chart::new("NINO3 sea-surface temperature anomaly", "year", "degrees C")
        .line("quarterly", pairs(&record.value))
        .line("sigma chosen", pairs(&smooth));
    let search =
        Chart::new("Error of predicting each quarter from the others", "sigma, years", "mean square, K^2")
            .log_x()
            .line("direct sums", scores)
            .dots("tried", found.tried.iter().copied().filter(|tried| tried.1.is_finite()));
    Ok(Claim::new(
        "The sigma chosen for NINO3 is the one whose smooth best predicts each quarter from the others: no \
         sigma of 301, by direct sums with each sample left out in turn, does better. Measured: the score of \
         the sigma chosen over the best of the 301.",
        score(found.sigma)? / best,
        Bound::AtMost(1.0 + 1e-6),
    )
    .formula("sum_i (y_i - s_without_i(x_i))^2 -> min")
    .source("Stone 1974; data: NOAA ERSSTv4")
    .note(format!(
        "sigma = {:.4} years, root of the score {:.3} K, {} sigmas tried",
        found.sigma,
        found.score.sqrt(),
        found.tried.len()
    ))
    .chart(picture)
    .chart(search))
}
