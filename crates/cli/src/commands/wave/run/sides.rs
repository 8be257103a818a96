//! What happens where the grid ends: `[sides]` and `[absorbing]`.

use hexad_pde_leapfrog::{Absorbing, Side};

use super::axes::Axes;
use crate::error::Outcome;
use crate::keys::{Section, Value};

/// The low and the high side of each axis; rigid where nothing is said.
pub fn sides(
    section: Option<Section<'_>>,
    absorbing: Option<Section<'_>>,
    axes: &Axes,
) -> Outcome<Vec<[Side; 2]>> {
    let usual = match absorbing {
        Some(mut section) => {
            let layer = layer(&mut section, Absorbing::default())?;
            section.finish()?;
            layer
        }
        None => Absorbing::default(),
    };
    let Some(mut section) = section else { return Ok(vec![[Side::Rigid; 2]; axes.names().len()]) };
    let values = axes.take(&mut section);
    section.finish()?;
    values
        .iter()
        .map(|value| value.as_ref().map_or(Ok([Side::Rigid; 2]), |value| both(value, usual)))
        .collect()
}

/// One for both ends, or `[low, high]`.
fn both(value: &Value<'_>, usual: Absorbing) -> Outcome<[Side; 2]> {
    if !value.is_list() {
        return Ok([side(value, usual)?; 2]);
    }
    match value.list("a side, or two: [low, high]")?.as_slice() {
        [low, high] => Ok([side(low, usual)?, side(high, usual)?]),
        other => Err(value.fail(format!("must be a side, or two: [low, high], got {}", other.len()))),
    }
}

/// A word, or a layer with settings of its own.
fn side(value: &Value<'_>, usual: Absorbing) -> Outcome<Side> {
    if value.is_table() {
        let mut section = value.section()?;
        let mut own = section
            .section("absorbing")?
            .ok_or_else(|| section.wrong("must be a word, or { absorbing = { cells = 30 } }"))?;
        section.finish()?;
        let layer = layer(&mut own, usual)?;
        own.finish()?;
        return Ok(Side::Absorbing(layer));
    }
    value.choice(&[
        ("rigid", Side::Rigid),
        ("release", Side::PressureRelease),
        ("absorbing", Side::Absorbing(usual)),
        ("periodic", Side::Periodic),
    ])
}

fn layer(section: &mut Section<'_>, mut layer: Absorbing) -> Outcome<Absorbing> {
    if let Some(value) = section.take("cells") {
        layer.cells = usize::try_from(value.count()?).unwrap_or(usize::MAX);
    }
    if let Some(value) = section.take("reflection") {
        layer.reflection = value.positive()?;
        if layer.reflection >= 1.0 {
            return Err(value.fail(format!("must be between 0 and 1, got {}", layer.reflection)));
        }
    }
    if let Some(value) = section.take("power") {
        layer.power = value.positive()?;
    }
    if let Some(value) = section.take("stretch") {
        layer.stretch = value.number()?;
        if layer.stretch < 1.0 {
            return Err(value.fail(format!("must be at least 1, got {}", layer.stretch)));
        }
    }
    if let Some(value) = section.take("shift_frequency_hz") {
        layer.shift_frequency = value.number()?;
        if layer.shift_frequency < 0.0 {
            return Err(value.fail(format!("must be at least 0, got {}", layer.shift_frequency)));
        }
    }
    Ok(layer)
}
