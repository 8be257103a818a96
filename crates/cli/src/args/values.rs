//! Values of options, checked as they are read: what is out of range never gets further.

use hexad_smoothing::Boundary;
use hexad_spectral::{SpectralError, Window};

/// Any number but NaN and infinity.
pub fn finite(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(value) if value.is_finite() => Ok(value),
        Ok(_) => Err("must be finite".to_string()),
        Err(_) => Err("is not a number".to_string()),
    }
}

/// A number above 0.
pub fn positive(text: &str) -> Result<f64, String> {
    finite(text).and_then(|value| if value > 0.0 { Ok(value) } else { Err("must be > 0".to_string()) })
}

/// A number of at least 0.
pub fn not_negative(text: &str) -> Result<f64, String> {
    finite(text).and_then(|value| if value >= 0.0 { Ok(value) } else { Err("must be >= 0".to_string()) })
}

/// A number between 0 and 1, both excluded.
pub fn fraction(text: &str) -> Result<f64, String> {
    finite(text).and_then(|value| {
        if value > 0.0 && value < 1.0 {
            Ok(value)
        } else {
            Err("must be between 0 and 1, both excluded".to_string())
        }
    })
}

/// A relative error: 0 <= E < 1.
pub fn relative_error(text: &str) -> Result<f64, String> {
    finite(text).and_then(|value| {
        if (0.0..1.0).contains(&value) { Ok(value) } else { Err("must be >= 0 and < 1".to_string()) }
    })
}

/// A whole number from 1 up.
pub fn count(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if count > 0 => Ok(count),
        _ => Err("must be a whole number from 1 up".to_string()),
    }
}

/// Two frequencies, `LO,HI` with 0 <= LO <= HI.
pub fn band(text: &str) -> Result<(f64, f64), String> {
    let (low, high) = text.split_once(',').ok_or("give two frequencies, LO,HI")?;
    let (low, high) = (not_negative(low.trim())?, not_negative(high.trim())?);
    if low <= high { Ok((low, high)) } else { Err("LO must not be above HI".to_string()) }
}

/// A probability: 0 <= P <= 1.
pub fn probability(text: &str) -> Result<f64, String> {
    not_negative(text)
        .and_then(|value| if value <= 1.0 { Ok(value) } else { Err("must be <= 1".to_string()) })
}

/// A number of sources: a whole number from 0 to 1e9.
pub fn sources(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if count <= 1_000_000_000 => Ok(count),
        _ => Err("must be a whole number from 0 to 1e9".to_string()),
    }
}

/// A number of points of a sweep: a whole number from 2 to 1e6.
pub fn points(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if (2..=1_000_000).contains(&count) => Ok(count),
        _ => Err("must be a whole number from 2 to 1e6".to_string()),
    }
}

/// A number of steps from one to the next that is recorded: a whole number from 1 up.
pub fn every(text: &str) -> Result<u64, String> {
    match text.parse() {
        Ok(count) if count > 0 => Ok(count),
        _ => Err("must be a whole number from 1 up".to_string()),
    }
}

/// A seed: a whole number of 64 bits.
pub fn seed(text: &str) -> Result<u64, String> {
    text.parse().map_err(|_| "must be a whole number from 0 to 18446744073709551615".to_string())
}

/// A share above 0: 0 < S <= 1.
pub fn share(text: &str) -> Result<f64, String> {
    positive(text).and_then(|value| if value <= 1.0 { Ok(value) } else { Err("must be <= 1".to_string()) })
}

/// A number of samples that can be transformed: a whole number from 2 up.
pub fn segment(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if count > 1 => Ok(count),
        _ => Err("must be a whole number from 2 up".to_string()),
    }
}

/// A share below 1: 0 <= S < 1.
pub fn overlap(text: &str) -> Result<f64, String> {
    relative_error(text)
}

/// A window by name, with its parameter where it has one.
pub fn window(text: &str) -> Result<Window, String> {
    text.parse().map_err(|error: SpectralError| error.to_string())
}

/// A number of threads: a whole number from 1 to 1024.
pub fn threads(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if (1..=1024).contains(&count) => Ok(count),
        _ => Err("must be a whole number from 1 to 1024".to_string()),
    }
}

/// How the signal continues past its ends.
pub fn boundary(text: &str) -> Result<Boundary, String> {
    match text {
        "renormalize" => Ok(Boundary::Renormalize),
        "reflect" => Ok(Boundary::Reflect),
        "mirror" => Ok(Boundary::Mirror),
        "nearest" => Ok(Boundary::Nearest),
        "wrap" => Ok(Boundary::Wrap),
        _ => match text.strip_prefix("constant=") {
            Some(value) => finite(value).map(Boundary::Constant),
            None => Err("use renormalize, reflect, mirror, nearest, wrap or constant=C".to_string()),
        },
    }
}

/// A width in the unit of x, or `auto`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sigma {
    /// Given.
    Fixed(f64),
    /// Chosen by cross-validation.
    Auto,
}

/// `auto`, or a number above 0.
pub fn sigma(text: &str) -> Result<Sigma, String> {
    if text == "auto" { Ok(Sigma::Auto) } else { positive(text).map(Sigma::Fixed) }
}
