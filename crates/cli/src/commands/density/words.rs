//! What a map's numbers are called.

use crate::args::density::values::Width;
use crate::args::density::{EstimateArgs, MethodKind, NormalizeKind};
use crate::units::{four_digits, title, unit_of};
use hexad_density::Plane;

/// The unit of the values.
pub fn unit(plane: Plane, args: &EstimateArgs, names: &[String]) -> String {
    let counted = names.get(2).map_or("points".to_string(), |weight| title(weight));
    match (args.method, args.normalize) {
        (MethodKind::Knn, None) => "score".to_string(),
        (_, Some(NormalizeKind::Count)) => format!("{counted} / pixel"),
        (_, Some(NormalizeKind::Probability)) => format!("probability / {}", area(plane, names)),
        (_, Some(NormalizeKind::Max)) => "share of the peak".to_string(),
        (_, None | Some(NormalizeKind::Density)) => format!("{counted} / {}", area(plane, names)),
    }
}

/// The unit of areas.
pub fn area(plane: Plane, names: &[String]) -> String {
    if plane.is_earth() {
        return "km\u{b2}".to_string();
    }
    match names {
        [x, y, ..] if unit_of(x).is_some() && unit_of(x) == unit_of(y) => {
            format!("{}\u{b2}", unit_of(x).unwrap_or_default())
        }
        _ => "data unit\u{b2}".to_string(),
    }
}

/// The method and its width.
pub fn method(args: &EstimateArgs) -> String {
    let width = match args.bandwidth {
        Width::Data(sigma) => four_digits(sigma),
        Width::Pixels(sigma) => format!("{} px", four_digits(sigma)),
        Width::Metres(metres) if metres >= 1e3 => format!("{} km", four_digits(1e-3 * metres)),
        Width::Metres(metres) => format!("{} m", four_digits(metres)),
        Width::Scott => "Scott's width".to_string(),
        Width::Silverman => "Silverman's width".to_string(),
        Width::Isj => "the ISJ rule's width".to_string(),
    };
    match args.method {
        MethodKind::Gaussian => format!("Gaussians, sigma {width}"),
        MethodKind::Adaptive => format!("adaptive Gaussians, sigma about {width}"),
        MethodKind::Box => format!("{} box passes, sigma {width}", args.passes),
        MethodKind::Histogram => "counts".to_string(),
        MethodKind::Exact => format!("exact sums, sigma {width}"),
        MethodKind::Knn => format!("{} nearest neighbours", args.neighbours),
    }
}

/// A count with commas between thousands.
pub fn thousands(count: u64) -> String {
    let digits = count.to_string();
    let mut words = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            words.push(',');
        }
        words.push(digit);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousands_have_commas() {
        assert_eq!(
            [0, 999, 1000, 34_006, 1_234_567].map(thousands),
            ["0", "999", "1,000", "34,006", "1,234,567"]
        );
    }
}
