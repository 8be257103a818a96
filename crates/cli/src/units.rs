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

/// The label of an axis: `co2_ppm` is `co2 [ppm]`, an index is `column 1`; other names stay as they are.
pub fn label(name: &str) -> String {
    if name.parse::<usize>().is_ok() {
        return format!("column {name}");
    }
    let split = name.rsplit_once('_').and_then(|(quantity, suffix)| {
        let suffix = suffix.to_ascii_lowercase();
        let (_, unit) = UNITS.iter().find(|(known, _)| *known == suffix)?;
        Some(format!("{quantity} [{unit}]"))
    });
    split.unwrap_or_else(|| name.to_string())
}

/// A number to four significant digits, without trailing zeros.
pub fn four_digits(value: f64) -> String {
    if value == 0.0 || !value.is_finite() {
        return value.to_string();
    }
    let rounded: f64 = format!("{value:.3e}").parse().unwrap_or(value);
    if (1e-3..1e6).contains(&value.abs()) { rounded.to_string() } else { format!("{rounded:e}") }
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
    fn numbers_have_four_digits() {
        for (value, text) in
            [(60.0, "60"), (0.636_991, "0.637"), (1234.56, "1235"), (1.5e-9, "1.5e-9"), (0.0, "0")]
        {
            assert_eq!(four_digits(value), text);
        }
    }
}
