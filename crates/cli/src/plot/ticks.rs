//! Ticks at round numbers, round dates and powers of ten.

use std::ops::Range;

use super::axis::Scale;
use crate::dates;

/// Most ticks of an axis.
const MOST_TICKS: f64 = 9.0;

/// Where the lines of a grid are.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Ticks {
    /// Places with a label.
    pub labelled: Vec<(f64, String)>,
    /// Places of the fainter lines between.
    pub minor: Vec<f64>,
}

impl Ticks {
    /// Ticks over `range`, in places on `scale`.
    pub fn new(range: &Range<f64>, scale: Scale) -> Self {
        let labelled = match scale {
            Scale::Linear => number_ticks(range),
            Scale::Dates => date_ticks(range).unwrap_or_else(|| number_ticks(range)),
            Scale::Log => return log_ticks(range),
        };
        Self { labelled, minor: Vec::new() }
    }
}

/// Ticks at powers of ten; at 1, 2 and 5 times them where they are few; at round numbers where even those
/// are.
fn log_ticks(range: &Range<f64>) -> Ticks {
    const FEWEST: usize = 3;
    let decades = range.end - range.start;
    let every = (decades / MOST_TICKS).ceil().max(1.0);
    let is_kept = |&(power, _): &(f64, f64)| power.rem_euclid(every) == 0.0;
    let powers: Vec<_> = multiples(range, &[1.0]).filter(is_kept).collect();
    if powers.len() >= FEWEST {
        let finer: &[f64] = if every == 1.0 { &[2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0] } else { &[1.0] };
        return Ticks { labelled: log_labels(&powers), minor: multiples(range, finer).map(place).collect() };
    }
    let multiples: Vec<_> = multiples(range, &[1.0, 2.0, 5.0]).collect();
    if multiples.len() >= FEWEST {
        return Ticks { labelled: log_labels(&multiples), minor: Vec::new() };
    }
    let values = 10_f64.powf(range.start)..10_f64.powf(range.end);
    let labelled = number_ticks(&values).into_iter().map(|(value, label)| (value.log10(), label));
    Ticks { labelled: labelled.filter(|(place, _)| place.is_finite()).collect(), minor: Vec::new() }
}

/// `(power, mantissa)` of every number `mantissa * 10^power` within `range`, in places.
fn multiples(range: &Range<f64>, mantissas: &[f64]) -> impl Iterator<Item = (f64, f64)> {
    // A tick at the very end counts in spite of rounding.
    let (start, end) = (range.start - 1e-9, range.end + 1e-9);
    let first = start.floor();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a range has at most 632 decades"
    )]
    let powers = (0..=(end - first).clamp(0.0, 700.0) as usize).map(move |k| first + k as f64);
    powers
        .flat_map(move |power| mantissas.iter().map(move |mantissa| (power, *mantissa)))
        .filter(move |multiple| (start..=end).contains(&place(*multiple)))
}

fn place((power, mantissa): (f64, f64)) -> f64 {
    power + mantissa.log10()
}

/// As `0.01` where none of the numbers is far from 1, as `10^-2` with raised digits otherwise.
fn log_labels(multiples: &[(f64, f64)]) -> Vec<(f64, String)> {
    let are_near_one = multiples.iter().all(|(power, _)| (-3.0..=4.0).contains(power));
    let label = |(power, mantissa): (f64, f64)| {
        if are_near_one {
            // The nearest double prints as it is typed.
            return format!("{mantissa}e{power}").parse::<f64>().unwrap_or(f64::NAN).to_string();
        }
        let factor = if mantissa == 1.0 { String::new() } else { format!("{mantissa}\u{b7}") };
        format!("{factor}10{}", raised(power))
    };
    multiples.iter().map(|&multiple| (place(multiple), label(multiple))).collect()
}

fn raised(power: f64) -> String {
    const DIGITS: [char; 10] = [
        '\u{2070}', '\u{b9}', '\u{b2}', '\u{b3}', '\u{2074}', '\u{2075}', '\u{2076}', '\u{2077}', '\u{2078}',
        '\u{2079}',
    ];
    let raise = |c: char| c.to_digit(10).map_or('\u{207b}', |digit| DIGITS[digit as usize]);
    power.to_string().chars().map(raise).collect()
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

    fn labels(range: Range<f64>, scale: Scale) -> String {
        let ticks = Ticks::new(&range, scale);
        ticks.labelled.iter().map(|(_, label)| label.as_str()).collect::<Vec<_>>().join(" ")
    }

    fn day(text: &str) -> f64 {
        dates::parse(text.as_bytes()).unwrap()
    }

    #[test]
    fn ticks_are_round_numbers() {
        assert_eq!(labels(0.0..1.0, Scale::Linear), "0.0 0.2 0.4 0.6 0.8 1.0");
        assert_eq!(labels(-0.05..0.3, Scale::Linear), "\u{2212}0.05 0.00 0.05 0.10 0.15 0.20 0.25 0.30");
        assert_eq!(labels(311.0..372.0, Scale::Linear), "320 330 340 350 360 370");
        assert_eq!(labels(0.0..3e9, Scale::Linear), "0 5e8 1e9 1.5e9 2e9 2.5e9 3e9");
        assert_eq!(labels(1e-9..5e-9, Scale::Linear), "1e-9 1.5e-9 2e-9 2.5e-9 3e-9 3.5e-9 4e-9 4.5e-9 5e-9");
    }

    #[test]
    fn ticks_are_round_dates() {
        assert_eq!(
            labels(day("1958-03-29")..day("2001-12-29"), Scale::Dates),
            "1960 1965 1970 1975 1980 1985 1990 1995 2000"
        );
        assert_eq!(
            labels(day("2001-01-15")..day("2001-06-20"), Scale::Dates),
            "2001-02 2001-03 2001-04 2001-05 2001-06"
        );
        assert_eq!(
            labels(day("2001-01-01")..day("2001-01-04"), Scale::Dates).split(' ').next(),
            Some("2001-01-01")
        );
        assert_eq!(
            labels(day("2001-01-01T00:30")..day("2001-01-01T00:50"), Scale::Dates).split(' ').nth(3),
            Some("00:35")
        );
        assert!(!labels(-1e12..1e12, Scale::Dates).is_empty());
    }

    #[test]
    fn ticks_are_powers_of_ten() {
        assert_eq!(labels(-2.1..1.3, Scale::Log), "0.01 0.1 1 10");
        assert_eq!(
            labels(-6.0..-2.0, Scale::Log),
            "10\u{207b}\u{2076} 10\u{207b}\u{2075} 10\u{207b}\u{2074} 10\u{207b}\u{b3} 10\u{207b}\u{b2}"
        );
        assert_eq!(labels(-20.5..11.0, Scale::Log).split(' ').count(), 8);
        let minor = Ticks::new(&(0.0..3.0), Scale::Log).minor;
        assert_eq!(minor.len(), 24);
        assert!((minor[0] - 2_f64.log10()).abs() < 1e-15);
    }

    #[test]
    fn short_log_axes_have_ticks_between_the_powers() {
        assert_eq!(labels(-0.1..1.2, Scale::Log), "1 2 5 10");
        assert_eq!(labels(5.0..5.9, Scale::Log), "10\u{2075} 2\u{b7}10\u{2075} 5\u{b7}10\u{2075}");
        assert_eq!(labels(1.31..1.38, Scale::Log), "20.5 21.0 21.5 22.0 22.5 23.0 23.5");
    }
}
