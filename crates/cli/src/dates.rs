//! ISO 8601 dates as numbers: days since 1970-01-01, in UTC.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

const SECONDS_PER_DAY: f64 = 86_400.0;
const MICROSECONDS_PER_DAY: f64 = 86_400e6;

/// Days since 1970-01-01 of `2001-12`, `2001-12-29`, `2001-12-29T06:00:00` or `2001-12-29 06:00Z`. A
/// date-time without an offset counts as UTC.
pub fn parse(text: &[u8]) -> Option<f64> {
    // A cheap refusal first: this is asked of every value that might be a date.
    if text.len() < 7 || !text.iter().take(4).all(u8::is_ascii_digit) || text.get(4) != Some(&b'-') {
        return None;
    }
    let text = std::str::from_utf8(text).ok()?;
    let moment = match text.len() {
        7 => format!("{text}-01").parse::<Date>().ok()?.to_datetime(jiff::civil::Time::midnight()),
        10 => text.parse::<Date>().ok()?.to_datetime(jiff::civil::Time::midnight()),
        _ => match text.parse::<Timestamp>() {
            Ok(timestamp) => timestamp.to_zoned(TimeZone::UTC).datetime(),
            Err(_) => text.parse::<DateTime>().ok()?,
        },
    };
    Some(days_of(moment))
}

/// Days since 1970-01-01 as ISO text, to the microsecond; a date alone where the time is midnight. What
/// no calendar holds is written as the number.
pub fn format(days: f64) -> String {
    match moment_of(days) {
        None => days.to_string(),
        Some(moment) if moment.time() == jiff::civil::Time::midnight() => moment.date().to_string(),
        Some(moment) => moment.to_string(),
    }
}

/// Days since 1970-01-01 of midnight of a day of the calendar.
pub fn from_ymd(year: i16, month: i8, day: i8) -> Option<f64> {
    Some(days_of(Date::new(year, month, day).ok()?.to_datetime(jiff::civil::Time::midnight())))
}

/// The moment of a number of days, to the nearest microsecond.
pub fn moment_of(days: f64) -> Option<DateTime> {
    let microseconds = (days * MICROSECONDS_PER_DAY).round();
    if microseconds.is_nan() || microseconds.abs() >= 9e18 {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "whole and within i64")]
    let duration = SignedDuration::from_micros(microseconds as i64);
    DateTime::constant(1970, 1, 1, 0, 0, 0, 0).checked_add(duration).ok()
}

fn days_of(moment: DateTime) -> f64 {
    let since = moment.duration_since(DateTime::constant(1970, 1, 1, 0, 0, 0, 0));
    let days = since.as_secs().div_euclid(86_400) as f64;
    let seconds = since.as_secs().rem_euclid(86_400) as f64 + f64::from(since.subsec_nanos()) / 1e9;
    days + seconds / SECONDS_PER_DAY
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iso_dates_are_days_since_1970() {
        for (text, days) in [
            ("1970-01-01", 0.0),
            ("1969-12-31", -1.0),
            ("2001-12", 11_657.0),
            ("2001-12-29", 11_685.0),
            ("2001-12-29T06:00:00", 11_685.25),
            ("2001-12-29 06:00", 11_685.25),
            ("2001-12-29T06:00:00Z", 11_685.25),
            ("2001-12-29T08:00:00+02:00", 11_685.25),
            ("1969-12-31T18:00:00", -0.25),
            ("0001-01-01", -719_162.0),
        ] {
            assert_eq!(parse(text.as_bytes()), Some(days), "{text}");
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in
            ["", "2001", "2001-13-01", "2001-02-30", "20011229", "12.5", "2001-12-29T25:00", "abcd-ef-gh"]
        {
            assert_eq!(parse(text.as_bytes()), None, "{text}");
        }
        assert_eq!(parse(b"2001-12-\xff9"), None);
    }

    #[test]
    fn dates_are_written_as_they_are_read() {
        for text in ["1958-03-29", "2001-12-29T06:00:00", "1969-12-31T23:59:59.123457"] {
            assert_eq!(format(parse(text.as_bytes()).unwrap()), text);
        }
        assert_eq!(format(1e300), 1e300.to_string());
        assert_eq!(format(f64::NAN), "NaN");
    }
}
