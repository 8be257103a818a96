//! What drives the field and what listens: `[[sources]]` and `[[receivers]]`.

use hexad_pde_leapfrog::{Model, Source, Wavelet};

use super::axes::Axes;
use crate::error::Outcome;
use crate::keys::{Section, Value};
use crate::progress::Progress;
use crate::table::{self, Input, ReadOptions, Request, Role};

/// Standard deviations before its peak at which a Gaussian pulse begins: it is 4e-6 of the peak there.
const SILENCE: f64 = 5.0;

/// A model with its sources, and the highest of their frequencies.
pub fn with_sources(
    mut model: Model,
    sections: Vec<Section<'_>>,
    axes: &Axes,
) -> Outcome<(Model, Option<f64>)> {
    let mut highest: Option<f64> = None;
    for mut section in sections {
        let position =
            section.need("position_m", "{ x = 1.0 }; where it has no coordinate, it goes all along")?;
        let place = axes.place(&position)?;
        let (wavelet, frequency) = wavelet(&mut section)?;
        let source = Source::through(&place, wavelet).map_err(|error| section.wrong(error))?;
        section.finish()?;
        model = model.with_source(source).map_err(|error| position.fail(axes.explain(&error)))?;
        highest = frequency.into_iter().chain(highest).reduce(f64::max);
    }
    Ok((model, highest))
}

/// A model with its receivers, and their names.
pub fn with_receivers(
    mut model: Model,
    sections: Vec<Section<'_>>,
    axes: &Axes,
) -> Outcome<(Model, Vec<String>)> {
    let mut names: Vec<String> = Vec::new();
    for mut section in sections {
        let position = section.need("position_m", "{ x = 2.0 }, with every axis")?;
        let place = axes.point(&position)?;
        let given = section.take("name");
        let name = match &given {
            Some(value) => value.text()?.to_string(),
            None => format!("receiver_{}", names.len() + 1),
        };
        if name.is_empty() || name == super::TIME || names.contains(&name) {
            let what = format!("\"{name}\" cannot name a column; give each receiver a name of its own");
            return Err(given.as_ref().map_or_else(|| section.wrong(&what), |value| value.fail(&what)));
        }
        section.finish()?;
        model = model.with_receiver(&place).map_err(|error| position.fail(axes.explain(&error)))?;
        names.push(name);
    }
    Ok((model, names))
}

#[derive(Clone, Copy)]
enum Kind {
    Ricker,
    Gaussian,
    Table,
}

/// A wavelet, and the frequency that its waves mostly have, where that is known.
fn wavelet(section: &mut Section<'_>) -> Outcome<(Wavelet, Option<f64>)> {
    let kind = section.need("wavelet", "\"ricker\", \"gaussian\" or \"table\"")?.choice(&[
        ("ricker", Kind::Ricker),
        ("gaussian", Kind::Gaussian),
        ("table", Kind::Table),
    ])?;
    let amplitude = section.take("amplitude").map_or(Ok(1.0), |value| value.number())?;
    if let Kind::Table = kind {
        return Ok((table(section, amplitude)?, None));
    }
    let delay = section.take("delay_s").map(|value| value.number()).transpose()?;
    Ok(if let Kind::Ricker = kind {
        let peak_frequency = section.need("peak_frequency_hz", "400.0")?.positive()?;
        let delay = delay.unwrap_or(1.5 / peak_frequency);
        (Wavelet::Ricker { amplitude, peak_frequency, delay }, Some(peak_frequency))
    } else {
        let sigma = section.need("sigma_s", "0.0004")?.positive()?;
        let delay = delay.unwrap_or(SILENCE * sigma);
        // Where its spectrum has fallen to exp(-1/2).
        (Wavelet::Gaussian { amplitude, sigma, delay }, Some(1.0 / (std::f64::consts::TAU * sigma)))
    })
}

/// Samples from a file, evenly spaced in time.
fn table(section: &mut Section<'_>, amplitude: f64) -> Outcome<Wavelet> {
    let file = section.need("file", "\"wavelet.csv\"")?;
    let column = section.take("column").map(|value| value.text().map(str::to_string)).transpose()?;
    let given = section.take("step_s").map(|value| value.positive()).transpose()?;
    let (mut values, rate) = read(&file, column.unwrap_or_else(|| "0".to_string()))?;
    let step = given.or(rate.map(|rate| 1.0 / rate)).ok_or_else(|| {
        section.fail("step_s", "is missing; add the time from one sample to the next, in s")
    })?;
    values.iter_mut().for_each(|value| *value *= amplitude);
    Ok(Wavelet::Table { step, values })
}

fn read(file: &Value<'_>, column: String) -> Outcome<(Vec<f64>, Option<f64>)> {
    let request = Request { option: "column", column, role: Role::Sample };
    let options = ReadOptions { keep_text: false, work_bytes_per_row: 8 };
    let table = table::read(&Input::File(file.path()?), &[request], options, &Progress::new(true));
    let mut table = table.map_err(|error| file.fail(error))?;
    Ok((table.columns.swap_remove(0).values, table.sample_rate_hz))
}
