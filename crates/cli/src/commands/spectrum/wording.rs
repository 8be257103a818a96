//! Names, units and warnings of the values of a spectrum.

use super::found::{Found, Kind};
use crate::args::spectrum::{ScalingKind, SpectrumArgs};
use crate::units;

/// The quantity as an axis names it: `density [\u{b0}C\u{b2} year]`.
pub fn label(args: &SpectrumArgs, found: &Found) -> String {
    let quantity = args.scaling().name();
    match (args.scaling, units::unit_of(&found.name)) {
        _ if is_share(args) => "share of the variance".to_string(),
        (ScalingKind::Amplitude, None) => quantity.to_string(),
        _ => format!("{quantity} [{}]", unit(args, found)),
    }
}

/// The unit of the values; `y` stands for a unit that nobody knows.
pub fn unit(args: &SpectrumArgs, found: &Found) -> String {
    if is_share(args) {
        return "1".to_string();
    }
    let y = units::unit_of(&found.name).unwrap_or("y");
    let period = &found.cycle.period;
    let per_hertz = if period == "s" { "/Hz".to_string() } else { format!(" {period}") };
    match args.scaling {
        ScalingKind::Amplitude => y.to_string(),
        ScalingKind::Rms => format!("{y} rms"),
        ScalingKind::Power => format!("{y}\u{b2}"),
        ScalingKind::Density => format!("{y}\u{b2}{per_hertz}"),
        ScalingKind::Energy if period == "s" => format!("{y}\u{b2} s/Hz"),
        ScalingKind::Energy => format!("{y}\u{b2} {period}\u{b2}"),
        ScalingKind::Transform => format!("{y}{per_hertz}"),
    }
}

/// The unit, what it is right for, and where it misleads.
pub fn note(args: &SpectrumArgs, found: &Found) -> String {
    let y = match units::unit_of(&found.name) {
        None if !is_share(args) && found.name != "y" => {
            format!(" (y: the unit of {})", units::title(&found.name))
        }
        _ => String::new(),
    };
    format!("{}{y}: {}{}", unit(args, found), reading(args), at_half_the_rate(args, found))
}

/// Whether the values are shares of the variance, which have no unit.
fn is_share(args: &SpectrumArgs) -> bool {
    args.lombscargle && args.scaling == ScalingKind::Power
}

fn reading(args: &SpectrumArgs) -> &'static str {
    match args.scaling {
        _ if is_share(args) => "share of the variance that a tone explains",
        ScalingKind::Amplitude if args.lombscargle => {
            "peak amplitude of the tone that fits best; below one cycle over the record it grows without meaning"
        }
        ScalingKind::Amplitude => {
            "peak amplitude of a tone; that of a pulse falls as one over the record's length: read transform or energy"
        }
        ScalingKind::Rms => {
            "root mean square of a tone; that of a pulse falls as one over the record's length: read transform or energy"
        }
        ScalingKind::Power => {
            "mean square of a tone; that of noise grows with the noise bandwidth: read density"
        }
        ScalingKind::Density => {
            "mean square per frequency, of noise; that of a tone grows with the segment: read amplitude or power"
        }
        ScalingKind::Energy => {
            "energy per frequency, of a pulse; that of what goes on grows with the record: read density"
        }
        ScalingKind::Transform => {
            "size of the Fourier transform, of a pulse, not doubled; that of a tone grows with the record: read amplitude"
        }
    }
}

fn at_half_the_rate(args: &SpectrumArgs, found: &Found) -> &'static str {
    let Kind::Transform { segment_len, .. } = found.kind else { return "" };
    let is_of_tones = matches!(args.scaling, ScalingKind::Amplitude | ScalingKind::Rms | ScalingKind::Power);
    if is_of_tones && segment_len % 2 == 0 { "; at half the sample rate it depends on the phase" } else { "" }
}
