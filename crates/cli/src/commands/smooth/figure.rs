//! What a smooth looks like beside its data.

use super::{Samples, Smooth};
use crate::args::smooth::SmoothArgs;
use crate::plot::{Axis, Band, Figure, Panel, Series, Style};
use crate::units::{self, four_digits};

/// Half-width of the 95 % interval of a normal distribution, in standard errors.
const NORMAL_95: f64 = 1.959_963_984_540_054;

/// One panel per y column; two, data above, if a derivative was asked for.
pub fn figure<'a>(args: &SmoothArgs, samples: &'a Samples, smooth: &'a Smooth) -> Figure<'a> {
    let x = samples.x.values.as_slice();
    let (x_label, unit) = if samples.is_numbered {
        ("sample number".to_string(), "samples".to_string())
    } else if samples.x.dates {
        (samples.x.name.clone(), "days".to_string())
    } else {
        (units::label(&samples.x.name), format!("in units of {}", samples.x.name))
    };
    let mut panels = Vec::new();
    for (y, found) in samples.y.iter().zip(&smooth.columns) {
        let data = Series::new("data", x, &y.values, Style::Data);
        let result = |label: &str| Series::new(label, x, &found.values, Style::Result);
        let band = found.standard_error.as_ref().map(|errors| {
            let edge =
                |sign: f64| found.values.iter().zip(errors).map(|(y, e)| y + sign * NORMAL_95 * e).collect();
            Band { label: "95 % confidence".to_string(), x: x.into(), lower: edge(-1.0), upper: edge(1.0) }
        });
        let values = Axis::linear(units::label(&y.name));
        if args.derivative == 0 {
            panels.push(Panel { band, ..Panel::new(values, vec![data, result("smooth")]) });
        } else {
            let per = if samples.x.dates { "day" } else { samples.x.name.as_str() };
            let label = format!("{} per {per}{}", y.name, power(args.derivative));
            panels.push(Panel::new(values, vec![data]));
            let derivative = vec![result(ordinal(args.derivative))];
            panels.push(Panel { band, ..Panel::new(Axis::linear(label), derivative) });
        }
    }
    let names: Vec<_> = samples.y.iter().map(|y| y.name.as_str()).collect();
    let what = if args.derivative == 0 { String::new() } else { format!("{} of ", ordinal(args.derivative)) };
    Figure {
        title: format!("{what}{}, Gaussian of sigma {} {unit}", names.join(", "), four_digits(smooth.sigma)),
        x: Axis::linear_or_dates(x_label, samples.x.dates),
        panels,
    }
}

fn ordinal(derivative: u8) -> &'static str {
    match derivative {
        0 => "smooth",
        1 => "first derivative",
        2 => "second derivative",
        _ => "third derivative",
    }
}

fn power(derivative: u8) -> &'static str {
    match derivative {
        2 => "\u{b2}",
        3 => "\u{b3}",
        _ => "",
    }
}
