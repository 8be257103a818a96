//! Numbers and names as people read them.

/// Units that a column's name may end in, and how they are written.
const UNITS: [(&str, &str); 24] = [
    ("celsius", "\u{b0}C"),
    ("days", "days"),
    ("db", "dB"),
    ("deg", "\u{b0}"),
    ("g", "g"),
    ("h", "h"),
    ("hpa", "hPa"),
    ("hz", "Hz"),
    ("k", "K"),
    ("kg", "kg"),
    ("khz", "kHz"),
    ("km", "km"),
    ("m", "m"),
    ("min", "min"),
    ("mm", "mm"),
    ("ms", "ms"),
    ("mv", "mV"),
    ("pa", "Pa"),
    ("percent", "%"),
    ("ppb", "ppb"),
    ("ppm", "ppm"),
    ("s", "s"),
    ("samples", "samples"),
    ("v", "V"),
];

/// The units of a period and of a frequency.
#[derive(Debug, Clone, PartialEq)]
pub struct Cycle {
    /// `s`, `year`.
    pub period: String,
    /// `Hz`, `1/year`.
    pub frequency: String,
}

impl Cycle {
    /// Cycles along a column of this name.
    pub fn of(name: &str) -> Self {
        let suffix = name.rsplit('_').next().unwrap_or(name).to_ascii_lowercase();
        match UNITS.iter().find(|(known, _)| *known == suffix) {
            Some(("days", _)) => Self::per("day"),
            Some((_, unit)) => Self::per(unit),
            None if name.parse::<usize>().is_ok() => Self::per("x"),
            None => Self::per(name),
        }
    }

    /// Cycles per `period`.
    pub fn per(period: &str) -> Self {
        let frequency = if period == "s" { "Hz".to_string() } else { format!("1/{period}") };
        Self { period: period.to_string(), frequency }
    }
}

/// The label of an axis: `co2_ppm` is `co2 [ppm]`, an index is `column 1`; other names stay as they are.
pub fn label(name: &str) -> String {
    split(name).map_or_else(|| title(name), |(quantity, unit)| format!("{quantity} [{unit}]"))
}

/// A column's name in a sentence: an index is `column 1`.
pub fn title(name: &str) -> String {
    if name.parse::<usize>().is_ok() { format!("column {name}") } else { name.to_string() }
}

/// The label of another quantity that has the unit of a column: `residual [ppm]`.
pub fn label_like(quantity: &str, name: &str) -> String {
    split(name).map_or_else(|| quantity.to_string(), |(_, unit)| format!("{quantity} [{unit}]"))
}

/// The unit that a column's name ends in.
pub fn unit_of(name: &str) -> Option<&'static str> {
    split(name).map(|(_, unit)| unit)
}

/// The quantity and the unit that a name ends in.
fn split(name: &str) -> Option<(&str, &'static str)> {
    let (quantity, suffix) = name.rsplit_once('_')?;
    let suffix = suffix.to_ascii_lowercase();
    let (_, unit) = UNITS.iter().find(|(known, _)| *known == suffix)?;
    Some((quantity, unit))
}

/// A number to four significant digits, without trailing zeros.
pub fn four_digits(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    if (1e-3..1e6).contains(&value.abs()) { rounded.to_string() } else { format!("{rounded:e}") }
}

/// A number and its standard deviation, to the second significant digit of the latter.
pub fn with_deviation(value: f64, deviation: f64) -> String {
    let digits = 1.0 - deviation.log10().floor();
    if !(0.0..=9.0).contains(&digits) || value.abs() >= 1e6 {
        return format!("{} \u{b1} {deviation:.1e}", four_digits(value));
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 9")]
    let digits = digits as usize;
    format!("{value:.digits$} \u{b1} {deviation:.digits$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_in_names_are_shown() {
        assert_eq!(label("co2_ppm"), "co2 [ppm]");
        assert_eq!(label("sst_celsius"), "sst [\u{b0}C]");
        assert_eq!(label("year"), "year");
        assert_eq!(label("0"), "column 0");
        assert_eq!(label("my_column"), "my_column");
    }

    #[test]
    fn frequencies_have_the_unit_of_their_axis() {
        for (name, frequency) in [
            ("time_s", "Hz"),
            ("t_ms", "1/ms"),
            ("S", "Hz"),
            ("year", "1/year"),
            ("age_days", "1/day"),
            ("0", "1/x"),
        ] {
            assert_eq!(Cycle::of(name).frequency, frequency);
        }
    }

    #[test]
    fn deviations_have_two_digits() {
        assert_eq!(with_deviation(11.043_21, 0.0321), "11.043 \u{b1} 0.032");
        assert_eq!(with_deviation(2.5, 1.5), "2.5 \u{b1} 1.5");
        assert_eq!(with_deviation(1234.0, 150.0), "1234 \u{b1} 1.5e2");
        assert_eq!(with_deviation(1.5, 2e-12), "1.5 \u{b1} 2.0e-12");
    }

    #[test]
    fn numbers_have_four_digits() {
        for (value, text) in
            [(60.0, "60"), (0.636_991, "0.637"), (1234.56, "1235"), (1.5e-9, "1.5e-9"), (0.0, "0")]
        {
            assert_eq!(four_digits(value), text);
        }
    }
}
