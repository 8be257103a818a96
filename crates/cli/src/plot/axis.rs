//! Axes with ticks at round numbers, or at round dates.

use std::ops::Range;

use plotters::coord::ranged1d::{KeyPointHint, NoDefaultFormatting, Ranged, ValueFormatter};

use crate::dates;

/// Most ticks of an axis.
const MOST_TICKS: f64 = 9.0;

/// A linear axis with its ticks.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    range: Range<f64>,
    ticks: Vec<(f64, String)>,
}

impl Axis {
    /// An axis over `range` with round ticks; in dates where `dates`, `range` being in days since 1970.
    pub fn new(range: Range<f64>, dates: bool) -> Self {
        let ticks = if dates { date_ticks(&range) } else { None };
        Self { ticks: ticks.unwrap_or_else(|| number_ticks(&range)), range }
    }

    /// Length of the longest label, in characters.
    pub fn longest_label(&self) -> usize {
        self.ticks.iter().map(|(_, label)| label.chars().count()).max().unwrap_or(0)
    }
}

impl Ranged for Axis {
    type FormatOption = NoDefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        let share = (value - self.range.start) / (self.range.end - self.range.start);
        let place = f64::from(limit.0) + share * f64::from(limit.1 - limit.0);
        #[expect(clippy::cast_possible_truncation, reason = "places far outside saturate")]
        let pixel = place.round().clamp(-1e9, 1e9) as i32;
        pixel
    }

    fn key_points<Hint: KeyPointHint>(&self, _hint: Hint) -> Vec<f64> {
        self.ticks.iter().map(|(place, _)| *place).collect()
    }

    fn range(&self) -> Range<f64> {
        self.range.clone()
    }
}

impl ValueFormatter<f64> for Axis {
    fn format_ext(&self, value: &f64) -> String {
        self.ticks
            .iter()
            .find(|(place, _)| place == value)
            .map_or_else(String::new, |(_, label)| label.clone())
    }
}

/// Ticks at 1, 2 or 5 times a power of ten.
fn number_ticks(range: &Range<f64>) -> Vec<(f64, String)> {
    let rough = (range.end - range.start) / MOST_TICKS;
    let power = 10_f64.powf(rough.log10().floor());
    let step = power * [1.0, 2.0, 5.0, 10.0].into_iter().find(|m| m * power >= rough * 0.999).unwrap_or(10.0);
    let largest = range.start.abs().max(range.end.abs());
    // A tick at the very end counts in spite of rounding.
    let first = (range.start / step - 1e-9).ceil();
    let count = (range.end / step + 1e-9).floor() - first;
    (0..=20)
        .map(f64::from)
        .take_while(|k| *k <= count)
        .map(|k| {
            let place = (first + k) * step;
            (place, label(place, step, largest))
        })
        .collect()
}

/// As many digits as tell neighbouring ticks apart.
fn label(place: f64, step: f64, largest: f64) -> String {
    if !(1e-4..1e7).contains(&largest) {
        let digits = (largest / step).log10().ceil().clamp(0.0, 12.0);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 12")]
        let text = format!("{place:.*e}", digits as usize);
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let mantissa = if mantissa.contains('.') {
            mantissa.trim_end_matches('0').trim_end_matches('.')
        } else {
            mantissa
        };
        return if exponent == "0" { mantissa.to_string() } else { format!("{mantissa}e{exponent}") };
    }
    let digits = (-(step * 1.001).log10().floor()).clamp(0.0, 12.0);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 12")]
    let text = format!("{place:.*}", digits as usize);
    // A hyphen is narrower than the minus sign that belongs before a number.
    text.replace('-', "\u{2212}")
}

/// Ticks at whole years, months, days, hours or minutes; `None` outside the calendar.
fn date_ticks(range: &Range<f64>) -> Option<Vec<(f64, String)>> {
    const HOUR: f64 = 1.0 / 24.0;
    let rough = (range.end - range.start) / MOST_TICKS;
    let (start, end) = (dates::moment_of(range.start)?, dates::moment_of(range.end)?);
    if let Some(months) = [1, 2, 3, 6].into_iter().find(|months| 30.0 * f64::from(*months) >= rough)
        && rough > 14.0
    {
        return Some(month_ticks(range, i32::from(start.year()), i32::from(end.year()), months));
    }
    if rough > 14.0 {
        let steps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000];
        let years = steps.into_iter().find(|years| 365.0 * f64::from(*years) >= rough)?;
        let first = i32::from(start.year()).div_euclid(years) * years;
        return Some(month_ticks_at(
            range,
            (first..=i32::from(end.year())).step_by(usize::try_from(years).ok()?),
            &[1],
        ));
    }
    let steps = [1.0, 2.0, 7.0, 14.0];
    if let Some(days) = steps.into_iter().find(|days| *days >= rough && rough > 0.5) {
        return Some(even_ticks(range, days, 10));
    }
    let minute = HOUR / 60.0;
    let steps =
        [minute, 5.0 * minute, 15.0 * minute, 30.0 * minute, HOUR, 3.0 * HOUR, 6.0 * HOUR, 12.0 * HOUR];
    let step = steps.into_iter().find(|step| *step >= rough)?;
    (rough > minute / 9.0).then(|| even_ticks(range, step, 16))
}

fn month_ticks(range: &Range<f64>, first_year: i32, last_year: i32, step: i8) -> Vec<(f64, String)> {
    let months: Vec<i8> = (1..=12).step_by(usize::from(step.unsigned_abs())).collect();
    month_ticks_at(range, first_year..=last_year, &months)
}

/// Ticks at the first of `months` of `years`: named by the year alone if there is one month only.
fn month_ticks_at(range: &Range<f64>, years: impl Iterator<Item = i32>, months: &[i8]) -> Vec<(f64, String)> {
    let ticks = years.flat_map(|year| months.iter().map(move |month| (year, *month)));
    ticks
        .filter_map(|(year, month)| {
            let place = dates::from_ymd(i16::try_from(year).ok()?, month, 1)?;
            let label = if months.len() == 1 { year.to_string() } else { format!("{year}-{month:02}") };
            range.contains(&place).then_some((place, label))
        })
        .collect()
}

/// Ticks every `step` days, labelled with the first `digits` characters of the date-time.
fn even_ticks(range: &Range<f64>, step: f64, digits: usize) -> Vec<(f64, String)> {
    let first = (range.start / step - 1e-9).ceil();
    (0..=20)
        .map(|k| (first + f64::from(k)) * step)
        .take_while(|place| *place <= range.end + 1e-9 * step)
        .map(|place| {
            let text = dates::format(place);
            let text = if text.len() == 10 && digits > 10 { format!("{text}T00:00") } else { text };
            (place, text.chars().take(digits).collect::<String>().replace('T', " "))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(range: Range<f64>, dates: bool) -> String {
        Axis::new(range, dates).ticks.iter().map(|(_, label)| label.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn day(text: &str) -> f64 {
        dates::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn ticks_are_round_numbers() {
        assert_eq!(labels(0.0..1.0, false), "0.0 0.2 0.4 0.6 0.8 1.0");
        assert_eq!(labels(-0.05..0.3, false), "\u{2212}0.05 0.00 0.05 0.10 0.15 0.20 0.25 0.30");
        assert_eq!(labels(311.0..372.0, false), "320 330 340 350 360 370");
        assert_eq!(labels(0.0..3e9, false), "0 5e8 1e9 1.5e9 2e9 2.5e9 3e9");
        assert_eq!(labels(1e-9..5e-9, false), "1e-9 1.5e-9 2e-9 2.5e-9 3e-9 3.5e-9 4e-9 4.5e-9 5e-9");
    }

    #[test]
    fn ticks_are_round_dates() {
        assert_eq!(
            labels(day("1958-03-29")..day("2001-12-29"), true),
            "1960 1965 1970 1975 1980 1985 1990 1995 2000"
        );
        assert_eq!(
            labels(day("2001-01-15")..day("2001-06-20"), true),
            "2001-02 2001-03 2001-04 2001-05 2001-06"
        );
        assert_eq!(labels(day("2001-01-01")..day("2001-01-04"), true).split(' ').next(), Some("2001-01-01"));
        assert_eq!(
            labels(day("2001-01-01T00:30")..day("2001-01-01T00:50"), true).split(' ').nth(3),
            Some("00:35")
        );
        assert!(!labels(-1e12..1e12, true).is_empty());
    }
}
