//! Injected currents.

use hexad_neuro_hh::{Current, Waveform};

use crate::args::values::{finite, not_negative, positive};

/// One term of `--current`.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// As it was written.
    pub text: String,
    /// What it means, in uA/cm2.
    pub waveform: Waveform,
}

/// `3`, `step=I,FROM[,UNTIL]`, `ramp=I,FROM,UNTIL` or `sine=I,HZ`.
pub fn term(text: &str) -> Result<Term, String> {
    let waveform = match text.split_once('=') {
        None => Waveform::Constant(finite(text)?),
        Some((shape, numbers)) => shaped(shape, &numbers.split(',').collect::<Vec<_>>())?,
    };
    Ok(Term { text: text.to_string(), waveform })
}

/// The sum of all terms.
pub fn total(terms: &[Term]) -> Current {
    terms.iter().fold(Current::default(), |sum, term| sum.plus(term.waveform.clone()))
}

/// The terms as they were written.
pub fn words(terms: &[Term]) -> String {
    terms.iter().map(|term| term.text.as_str()).collect::<Vec<_>>().join(" + ")
}

fn shaped(shape: &str, numbers: &[&str]) -> Result<Waveform, String> {
    match (shape, numbers) {
        ("step", [value, from]) => step(value, from, None),
        ("step", [value, from, until]) => step(value, from, Some(until)),
        ("ramp", [value, from, until]) => {
            let (value, from_ms, until_ms) = (finite(value)?, not_negative(from)?, finite(until)?);
            in_order(from_ms, until_ms)?;
            Ok(Waveform::Ramp { from_ms, until_ms, value })
        }
        ("sine", [amplitude, frequency]) => {
            let (amplitude, frequency_hz) = (finite(amplitude)?, positive(frequency)?);
            Ok(Waveform::Sine { amplitude, frequency_hz, phase_turns: 0.0 })
        }
        _ => Err("use a number, step=I,FROM[,UNTIL], ramp=I,FROM,UNTIL or sine=I,HZ".to_string()),
    }
}

fn step(value: &str, from: &str, until: Option<&str>) -> Result<Waveform, String> {
    let (value, from_ms) = (finite(value)?, not_negative(from)?);
    let until_ms = until.map_or(Ok(f64::INFINITY), finite)?;
    in_order(from_ms, until_ms)?;
    Ok(Waveform::Step { from_ms, until_ms, value })
}

fn in_order(from_ms: f64, until_ms: f64) -> Result<(), String> {
    if until_ms > from_ms { Ok(()) } else { Err("UNTIL must be after FROM".to_string()) }
}
