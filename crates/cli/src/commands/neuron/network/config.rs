//! A network as its TOML file says it.

mod connection;
mod population;

use hexad_neuro_hh::{Current, Model, Record, Threshold, Waveform};

use crate::error::{Failure, Outcome};
use crate::keys::{Section, Value};
use connection::connections;
use population::populations;

pub use connection::{ConnectionSpec, Pairs};
pub use population::PopulationSpec;

/// Everything in the file, checked but for what only the whole network tells.
pub struct Config<'a> {
    pub title: Option<String>,
    pub duration_ms: f64,
    pub dt_ms: f64,
    pub dt: Option<Value<'a>>,
    pub is_single: bool,
    pub seed: u64,
    pub model: Model,
    pub threshold: Threshold,
    pub current: Current,
    pub populations: Vec<PopulationSpec<'a>>,
    pub connections: Vec<ConnectionSpec<'a>>,
    pub record: Option<Record>,
}

/// The step where the file gives none, in ms.
const DT_MS: f64 = 0.025;

impl<'a> Config<'a> {
    /// Reads all keys; what is left over is refused.
    pub fn read(mut file: Section<'a>) -> Outcome<Self> {
        let title = file.take("title").map(|value| value.text().map(str::to_string)).transpose()?;
        let duration_ms = file.need("duration_ms", "1000")?.positive()?;
        let dt = file.take("dt_ms");
        let dt_ms = dt.as_ref().map_or(Ok(DT_MS), Value::positive)?;
        let precision = file.take("precision");
        let precision = precision.map(|value| value.choice(&[("f64", false), ("f32", true)])).transpose()?;
        let seed = file.take("seed").map_or(Ok(0), |value| value.natural())?;
        let model = model(&mut file)?;
        let threshold = threshold(&mut file)?;
        let current = currents(&mut file)?;
        let populations = populations(&mut file, &model, seed)?;
        let connections = connections(&mut file, &populations)?;
        let record = record(&mut file, &populations)?;
        file.finish()?;
        Ok(Self {
            title,
            duration_ms,
            dt_ms,
            dt,
            is_single: precision.unwrap_or(false),
            seed,
            model,
            threshold,
            current,
            populations,
            connections,
            record,
        })
    }

    /// Number of neurons.
    pub fn neurons(&self) -> usize {
        self.populations.last().map_or(0, |population| population.neurons.end)
    }
}

/// `model = "classic"`, or a section that changes some of its values.
fn model(file: &mut Section) -> Outcome<Model> {
    const NAMES: [(&str, Model); 2] = [("classic", Model::classic()), ("traub-miles", Model::traub_miles())];
    let Some(value) = file.take("model") else { return Ok(Model::classic()) };
    if !value.is_table() {
        return value.choice(&NAMES);
    }
    let mut section = value.section()?;
    let mut model = section.take("name").map_or(Ok(Model::classic()), |value| value.choice(&NAMES))?;
    let is_classic = model.name == Model::classic().name;
    for (key, parameter) in [
        ("capacitance_uf_cm2", &mut model.capacitance_uf_cm2 as &mut f64),
        ("g_na_ms_cm2", &mut model.g_na_ms_cm2),
        ("g_k_ms_cm2", &mut model.g_k_ms_cm2),
        ("g_l_ms_cm2", &mut model.g_l_ms_cm2),
    ] {
        if let Some(value) = section.take(key) {
            *parameter = value.not_negative()?;
        }
    }
    for (key, parameter) in
        [("e_na_mv", &mut model.e_na_mv), ("e_k_mv", &mut model.e_k_mv), ("e_l_mv", &mut model.e_l_mv)]
    {
        if let Some(value) = section.take(key) {
            *parameter = value.within(-200.0, 120.0)?;
        }
    }
    if model.capacitance_uf_cm2 <= 0.0 {
        return Err(section.fail("capacitance_uf_cm2", "must be > 0"));
    }
    if let Some(value) = section.take("temperature_c") {
        let celsius = value.within(-10.0, 60.0)?;
        if !is_classic {
            return Err(value.fail("only the classic model tells how its rates change; leave it out"));
        }
        model = model.at_temperature(celsius, 6.3, 3.0).map_err(|error| value.fail(error))?;
    }
    section.finish()?;
    Ok(model)
}

fn threshold(file: &mut Section) -> Outcome<Threshold> {
    let Some(mut section) = file.section("threshold")? else { return Ok(Threshold::default()) };
    let level_mv = section.take("level_mv").map_or(Ok(0.0), |value| value.within(-200.0, 120.0))?;
    let rearm = section.take("rearm_mv");
    let rearm_mv = rearm.as_ref().map_or(Ok(level_mv.min(-30.0)), Value::number)?;
    if let (Some(rearm), true) = (rearm, rearm_mv > level_mv) {
        return Err(rearm.fail(format!("must not be above level_mv, {level_mv}, got {rearm_mv}")));
    }
    section.finish()?;
    Ok(Threshold { level_mv, rearm_mv })
}

/// The currents that all neurons receive: `[[current]]`.
fn currents(file: &mut Section) -> Outcome<Current> {
    let mut sum = Current::default();
    for mut section in file.sections("current")? {
        let kinds = [("constant", 0), ("step", 1), ("ramp", 2), ("sine", 3)];
        let kind = section.need("kind", "\"step\"")?.choice(&kinds)?;
        let value = section.need("ua_cm2", "2.0")?.number()?;
        let waveform = match kind {
            0 => Waveform::Constant(value),
            3 => Waveform::Sine {
                amplitude: value,
                frequency_hz: section.need("frequency_hz", "10")?.positive()?,
                phase_turns: section.take("phase_turns").map_or(Ok(0.0), |value| value.number())?,
            },
            _ => {
                let from_ms = section.take("from_ms").map_or(Ok(0.0), |value| value.number())?;
                let until = section.need("until_ms", "20")?;
                let until_ms = until.number()?;
                if until_ms <= from_ms {
                    return Err(until.fail(format!("must be after from_ms, {from_ms}, got {until_ms}")));
                }
                if kind == 1 {
                    Waveform::Step { from_ms, until_ms, value }
                } else {
                    Waveform::Ramp { from_ms, until_ms, value }
                }
            }
        };
        section.finish()?;
        sum = sum.plus(waveform);
    }
    Ok(sum)
}

/// Whose potentials are recorded: `[record]`.
fn record(file: &mut Section, populations: &[PopulationSpec]) -> Outcome<Option<Record>> {
    let Some(mut section) = file.section("record")? else { return Ok(None) };
    let value = section.need("neurons", "[0, 5]")?;
    let count = populations.last().map_or(0, |population| population.neurons.end);
    let mut neurons = Vec::new();
    for item in value.list("a list of neurons, [0, 5]")? {
        let neuron = item.natural()?;
        match usize::try_from(neuron) {
            Ok(index) if index < count => neurons.push(index),
            _ => {
                let what = format!("is neuron {neuron}, but there are {count}, the first of them 0");
                return Err(item.fail(what));
            }
        }
    }
    if neurons.is_empty() || neurons.len() > 10_000 {
        return Err(value.fail(format!("must name 1 to 10000 neurons, got {}", neurons.len())));
    }
    let every = section.take("every_steps").map_or(Ok(1), |value| value.count())?;
    section.finish()?;
    Ok(Some(Record { neurons, every }))
}

/// The name of a population that a key gives.
fn named<'p, 'a>(value: &Value, populations: &'p [PopulationSpec<'a>]) -> Outcome<&'p PopulationSpec<'a>> {
    let name = value.text()?;
    populations.iter().find(|population| population.name == name).ok_or_else(|| -> Failure {
        let names: Vec<_> = populations.iter().map(|population| format!("\"{}\"", population.name)).collect();
        value.fail(format!(
            "no population is named {}; there are {}",
            crate::error::quoted(name.as_bytes()),
            names.join(", ")
        ))
    })
}
