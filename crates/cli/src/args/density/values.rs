//! Values of the options of `hexad density`.

use clap::ValueEnum;

use crate::args::values::{finite, positive};

/// `--size`: the height may follow from the width.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size {
    /// Pixels along x.
    pub width: usize,
    /// Pixels along y; none for square pixels.
    pub height: Option<usize>,
}

/// `--bandwidth`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Width {
    /// In data units.
    Data(f64),
    /// In pixels.
    Pixels(f64),
    /// On the ground.
    Metres(f64),
    /// By Scott's rule.
    Scott,
    /// By Silverman's rule.
    Silverman,
    /// By the improved Sheather-Jones rule.
    Isj,
}

/// `--kernel`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kernel {
    Gaussian,
    Epanechnikov,
    Quartic,
    Disc,
}

/// One of `--levels`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Level {
    /// A value.
    Height(f64),
    /// A share of the peak.
    Peak(f64),
    /// A share of the sum.
    Mass(f64),
}

impl Width {
    /// Whether it is chosen from the points.
    pub fn is_chosen(self) -> bool {
        matches!(self, Self::Scott | Self::Silverman | Self::Isj)
    }
}

/// `X0,Y0,X1,Y1`.
pub fn bbox(text: &str) -> Result<[f64; 4], String> {
    let numbers: Vec<f64> = text.split(',').map(|part| finite(part.trim())).collect::<Result<_, _>>()?;
    numbers.try_into().map_err(|_| "give four numbers, X0,Y0,X1,Y1".to_string())
}

/// `WxH`, or the width alone.
pub fn size(text: &str) -> Result<Size, String> {
    let pixels = |text: &str| match text.parse::<usize>() {
        Ok(count) if (1..=1 << 30).contains(&count) => Ok(count),
        _ => Err("must be WIDTHxHEIGHT in pixels, such as 256x256, or a width alone".to_string()),
    };
    match text.split_once('x') {
        Some((width, height)) => Ok(Size { width: pixels(width)?, height: Some(pixels(height)?) }),
        None => Ok(Size { width: pixels(text)?, height: None }),
    }
}

/// A width with its unit, or a rule.
pub fn width(text: &str) -> Result<Width, String> {
    match text {
        "scott" => return Ok(Width::Scott),
        "silverman" => return Ok(Width::Silverman),
        "isj" => return Ok(Width::Isj),
        _ => {}
    }
    let number = |text: &str| {
        positive(text.trim()).map_err(|problem| {
            if problem.contains("not a number") {
                "must be a number, 10px, 500m, 5km, scott, silverman or isj".to_string()
            } else {
                problem
            }
        })
    };
    if let Some(pixels) = text.strip_suffix("px") {
        return number(pixels).map(Width::Pixels);
    }
    if let Some(kilometres) = text.strip_suffix("km") {
        return number(kilometres).map(|kilometres| Width::Metres(1e3 * kilometres));
    }
    match text.strip_suffix('m') {
        Some(metres) => number(metres).map(Width::Metres),
        None => number(text).map(Width::Data),
    }
}

/// `50%` of the sum, `0.5max` of the peak, or a value.
pub fn level(text: &str) -> Result<Level, String> {
    let text = text.trim();
    if let Some(percent) = text.strip_suffix('%') {
        return match positive(percent)? {
            percent if percent <= 100.0 => Ok(Level::Mass(percent / 100.0)),
            _ => Err("must be at most 100%".to_string()),
        };
    }
    match text.strip_suffix("max") {
        Some(share) => match positive(share)? {
            share if share <= 1.0 => Ok(Level::Peak(share)),
            _ => Err("must be at most 1max".to_string()),
        },
        None => match positive(text) {
            Err(problem) if problem.contains("not a number") => {
                Err("must be a value, a share of the map such as 50%, or of its peak such as 0.5max"
                    .to_string())
            }
            value => value.map(Level::Height),
        },
    }
}

/// Passes of boxes: a whole number from 1 to 16.
pub fn passes(text: &str) -> Result<usize, String> {
    whole(text, 1, 16)
}

/// Neighbours: a whole number from 1 to 32.
pub fn neighbours(text: &str) -> Result<usize, String> {
    whole(text, 1, 32)
}

/// Frames: a whole number from 2 to 1000.
pub fn frames(text: &str) -> Result<usize, String> {
    whole(text, 2, 1000)
}

/// An error: 1e-9 to 1e-3.
pub fn tolerance(text: &str) -> Result<f64, String> {
    within(text, 1e-9, 1e-3)
}

/// An opacity: 0 < A <= 1.
pub fn opacity(text: &str) -> Result<f64, String> {
    crate::args::values::share(text)
}

/// The radius of a dot, in pixels: 0.3 to 50.
pub fn dot(text: &str) -> Result<f64, String> {
    within(text, 0.3, 50.0)
}

/// A time in s: 0.02 to 60.
pub fn pause(text: &str) -> Result<f64, String> {
    within(text, 0.02, 60.0)
}

/// Two widths in pixels, `A..B`.
pub fn radii(text: &str) -> Result<[f64; 2], String> {
    let (first, last) = text.split_once("..").ok_or("give the first and the last, such as 2..40")?;
    let radius = |text: &str| positive(text.trim().trim_end_matches("px"));
    Ok([radius(first)?, radius(last)?])
}

fn whole(text: &str, least: usize, most: usize) -> Result<usize, String> {
    match text.parse() {
        Ok(count) if (least..=most).contains(&count) => Ok(count),
        _ => Err(format!("must be a whole number from {least} to {most}")),
    }
}

fn within(text: &str, least: f64, most: f64) -> Result<f64, String> {
    finite(text).and_then(|value| {
        if (least..=most).contains(&value) {
            Ok(value)
        } else {
            Err(format!("must be from {} to {}", brief(least), brief(most)))
        }
    })
}

/// As people write it.
fn brief(value: f64) -> String {
    if value < 0.01 { format!("{value:e}") } else { value.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_have_units() {
        assert_eq!(width("0.5"), Ok(Width::Data(0.5)));
        assert_eq!(width("10px"), Ok(Width::Pixels(10.0)));
        assert_eq!(width("500m"), Ok(Width::Metres(500.0)));
        assert_eq!(width("1.5km"), Ok(Width::Metres(1500.0)));
        assert_eq!(width("isj"), Ok(Width::Isj));
        for wrong in ["", "0", "-1", "nan", "inf", "px", "0px", "10 pixels", "scot", "1e999", "m"] {
            assert!(width(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn sizes_levels_and_ranges_are_read() {
        assert_eq!(size("512x384"), Ok(Size { width: 512, height: Some(384) }));
        assert_eq!(size("512"), Ok(Size { width: 512, height: None }));
        assert_eq!(bbox("-10, 35,30,60"), Ok([-10.0, 35.0, 30.0, 60.0]));
        assert_eq!(level("50%"), Ok(Level::Mass(0.5)));
        assert_eq!(level("0.5max"), Ok(Level::Peak(0.5)));
        assert_eq!(level("1e-3"), Ok(Level::Height(1e-3)));
        assert_eq!(radii("2..40"), Ok([2.0, 40.0]));
        for wrong in ["0x5", "5x", "x", "-5x5", "5x5x5", "2.5x2", "99999999999x2"] {
            assert!(size(wrong).is_err(), "{wrong}");
        }
        for wrong in ["0%", "101%", "2max", "-1", "nan", "max", "%"] {
            assert!(level(wrong).is_err(), "{wrong}");
        }
        assert!(bbox("1,2,3").is_err() && bbox("1,2,3,nan").is_err() && radii("5").is_err());
    }
}
