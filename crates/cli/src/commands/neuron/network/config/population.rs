//! Populations: `[[population]]`.

use std::ops::Range;

use hexad_neuro_hh::{Model, PoissonGroup, State, Stream, StreamKey, Waveform};

use crate::error::{Outcome, quoted};
use crate::keys::{Section, Value};

/// Most neurons of a network: they are numbered in 32 bits.
const MOST: usize = u32::MAX as usize;

/// Neurons that are alike.
pub struct PopulationSpec<'a> {
    pub name: String,
    /// Where it stands among all neurons.
    pub neurons: Range<usize>,
    /// Constant currents, in uA/cm2: into the first and into the last neuron.
    pub current: Range<f64>,
    pub input: Vec<PoissonGroup>,
    pub start: Start,
    /// Where it stands in the file.
    pub input_value: Option<Value<'a>>,
}

/// Where neurons start.
#[derive(Debug, Clone, Copy)]
pub enum Start {
    /// All alike.
    Same(State),
    /// V evenly distributed between these, in mV, the gates as they would be at rest there.
    Spread { v_mv: (f64, f64), seed: u64 },
}

impl PopulationSpec<'_> {
    /// Where each of its neurons starts, drawn from a stream of its own.
    pub fn starts(&self, model: &Model) -> Vec<State> {
        let start = |neuron: usize| match self.start {
            Start::Same(state) => state,
            Start::Spread { v_mv: (low, high), seed } => {
                let key = StreamKey { seed, run: u64::MAX - 1, neuron: neuron as u64, source: 0 };
                model.steady_state(low + (high - low) * Stream::new(&key).unit())
            }
        };
        self.neurons.clone().map(start).collect()
    }

    /// The constant current of each of its neurons, in uA/cm2.
    pub fn currents(&self) -> impl Iterator<Item = f64> {
        let Range { start, end } = self.current;
        let last = (self.neurons.len() - 1).max(1) as f64;
        (0..self.neurons.len()).map(move |index| start + (end - start) * (index as f64 / last))
    }
}

/// All populations of the file; there must be one.
pub fn populations<'a>(file: &mut Section<'a>, model: &Model, seed: u64) -> Outcome<Vec<PopulationSpec<'a>>> {
    let mut populations: Vec<PopulationSpec> = Vec::new();
    for section in file.sections("population")? {
        let first = populations.last().map_or(0, |population| population.neurons.end);
        let population = population(section, first, model, seed, &populations)?;
        populations.push(population);
    }
    if populations.is_empty() {
        return Err(file.fail("population", "is missing; add a section [[population]] with name and size"));
    }
    Ok(populations)
}

fn population<'a>(
    mut section: Section<'a>,
    first: usize,
    model: &Model,
    seed: u64,
    before: &[PopulationSpec],
) -> Outcome<PopulationSpec<'a>> {
    let value = section.need("name", "\"excitatory\"")?;
    let name = value.text()?.to_string();
    if name.is_empty() || before.iter().any(|population| population.name == name) {
        let name = quoted(name.as_bytes());
        return Err(value.fail(format!("{name} is empty or taken; give every population a name of its own")));
    }
    let value = section.need("size", "800")?;
    let size = usize::try_from(value.count()?).unwrap_or(usize::MAX);
    if size > MOST - first {
        return Err(value.fail(format!("makes more than {MOST} neurons, which cannot be numbered")));
    }
    let current = section.take("current_ua_cm2").map_or(Ok(0.0..0.0), |value| current(&value))?;
    let input_value = section.take("input");
    let input = input_value.as_ref().map_or(Ok(Vec::new()), inputs)?;
    let start = section.section("start")?;
    let start =
        start.map_or(Ok(Start::Same(model.resting_state())), |start| self::start(start, model, seed))?;
    section.finish()?;
    Ok(PopulationSpec { name, neurons: first..first + size, current, input, start, input_value })
}

/// `3.0`, or `[0.0, 20.0]` from the first neuron to the last.
fn current(value: &Value) -> Outcome<Range<f64>> {
    if !value.is_list() {
        return value.number().map(|current| current..current);
    }
    match value.list("a number, or [first, last]")?.as_slice() {
        [first, last] => Ok(first.number()?..last.number()?),
        others => {
            Err(value.fail(format!("must be a number, or [first, last], got a list of {}", others.len())))
        }
    }
}

/// Poisson trains onto every neuron: one table, or a list of them.
fn inputs(value: &Value) -> Outcome<Vec<PoissonGroup>> {
    if value.is_table() {
        return Ok(vec![input(value.section()?)?]);
    }
    let tables = value.list("a table, or a list of tables")?;
    tables.iter().map(|table| input(table.section()?)).collect()
}

fn input(mut section: Section) -> Outcome<PoissonGroup> {
    let sources = section.take("sources").map_or(Ok(1), |value| value.count())?;
    let rate_hz = section.need("rate_hz", "10")?.not_negative()?;
    let weight_mv = section.need("weight_mv", "0.5")?.number()?;
    let release = section.take("release").map_or(Ok(1.0), |value| value.within(0.0, 1.0))?;
    let until_ms = section.take("until_ms").map(|value| value.positive()).transpose()?;
    section.finish()?;
    let sources = usize::try_from(sources).unwrap_or(usize::MAX);
    let group = PoissonGroup::new(sources, rate_hz, weight_mv).with_release(release);
    // The rate is multiplied with 1 + modulation.
    let silence = |from_ms| Waveform::Step { from_ms, until_ms: f64::INFINITY, value: -1.0 };
    Ok(match until_ms {
        Some(until_ms) => group.with_modulation(silence(until_ms)),
        None => group,
    })
}

/// `{ v_mv = -65 }`, `{ v_mv = [-70, -55] }`, or a whole state.
fn start(mut section: Section, model: &Model, seed: u64) -> Outcome<Start> {
    let value = section.need("v_mv", "-65")?;
    if value.is_list() {
        let range = value.range()?;
        if range.start < -200.0 || range.end > 120.0 {
            return Err(value.fail("must lie between -200 and 120"));
        }
        section.finish()?;
        return Ok(Start::Spread { v_mv: (range.start, range.end), seed });
    }
    let v_mv = value.within(-200.0, 120.0)?;
    let steady = model.steady_state(v_mv);
    let mut gate =
        |key, default| section.take(key).map_or(Ok(default), |value: Value| value.within(0.0, 1.0));
    let state = State { v_mv, m: gate("m", steady.m)?, h: gate("h", steady.h)?, n: gate("n", steady.n)? };
    section.finish()?;
    Ok(Start::Same(state))
}
