//! Connections: `[[connection]]`.

use std::ops::Range;
use std::path::PathBuf;

use hexad_neuro_hh::SynapseKind;

use super::named;
use super::population::PopulationSpec;
use crate::error::Outcome;
use crate::keys::{Section, Value};

/// Synapses of one kind from one population to one or more.
pub struct ConnectionSpec<'a> {
    pub from: Range<usize>,
    /// Neighbouring populations stand together.
    pub to: Vec<Range<usize>>,
    pub synapse: SynapseKind,
    pub pairs: Pairs<'a>,
    /// In mV, uA/cm2 or mS/cm2, as the synapse has it.
    pub weight: Option<f64>,
    pub delay_ms: Option<f64>,
    /// The delay in the file, or what stands for it.
    pub delay: Option<Value<'a>>,
    pub seed: u64,
}

/// Which neurons are connected.
pub enum Pairs<'a> {
    /// Every pair of two different neurons with this probability.
    Random(f64),
    /// Those in a table, with the value that names it.
    Table(PathBuf, Value<'a>),
}

impl ConnectionSpec<'_> {
    /// About how many connections it has.
    pub fn expected(&self) -> f64 {
        match self.pairs {
            Pairs::Random(probability) => {
                let targets: usize = self.to.iter().map(Range::len).sum();
                probability * self.from.len() as f64 * targets as f64
            }
            Pairs::Table(..) => 0.0,
        }
    }
}

/// All connections of the file.
pub fn connections<'a>(
    file: &mut Section<'a>,
    populations: &[PopulationSpec<'a>],
) -> Outcome<Vec<ConnectionSpec<'a>>> {
    let sections = file.sections("connection")?;
    sections.into_iter().zip(0..).map(|(section, index)| connection(section, index, populations)).collect()
}

fn connection<'a>(
    mut section: Section<'a>,
    index: u64,
    populations: &[PopulationSpec<'a>],
) -> Outcome<ConnectionSpec<'a>> {
    let from = named(&section.need("from", "\"excitatory\"")?, populations)?.neurons.clone();
    let to = targets(&section.need("to", "\"inhibitory\"")?, populations)?;
    let synapse = section.section("synapse")?;
    let synapse = synapse.map_or(Ok(SynapseKind::Delta), self::synapse)?;
    let pairs = pairs(&mut section)?;
    if let (Pairs::Table(_, value), true) = (&pairs, to.len() > 1) {
        return Err(value.fail("a table needs one population in `to`; its targets count within that"));
    }
    let is_table = matches!(pairs, Pairs::Table(..));
    let weight = section.take("weight").map(|value| value.number()).transpose()?;
    let delay = section.take("delay_ms");
    let delay_ms = delay.as_ref().map(Value::positive).transpose()?;
    for (key, given, example) in [("weight", weight, "0.5"), ("delay_ms", delay_ms, "1.5")] {
        if given.is_none() && !is_table {
            return Err(section.fail(key, format!("is missing; add {key} = {example}")));
        }
    }
    let seed = section.take("seed").map_or(Ok(index), |value| value.natural())?;
    section.finish()?;
    Ok(ConnectionSpec { from, to, synapse, pairs, weight, delay_ms, delay, seed })
}

/// `"inhibitory"` or `["excitatory", "inhibitory"]`; neighbours become one range.
fn targets(value: &Value, populations: &[PopulationSpec]) -> Outcome<Vec<Range<usize>>> {
    let mut ranges = Vec::new();
    if value.is_list() {
        for item in value.list("the name of a population, or a list of names")? {
            ranges.push((item.clone(), named(&item, populations)?.neurons.clone()));
        }
    } else {
        ranges.push((value.clone(), named(value, populations)?.neurons.clone()));
    }
    ranges.sort_by_key(|(_, range)| range.start);
    let mut joined: Vec<Range<usize>> = Vec::new();
    for (item, range) in ranges {
        match joined.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            Some(last) if last.end > range.start => return Err(item.fail("is named twice; name it once")),
            _ => joined.push(range),
        }
    }
    if joined.is_empty() { Err(value.fail("must name a population")) } else { Ok(joined) }
}

fn pairs<'a>(section: &mut Section<'a>) -> Outcome<Pairs<'a>> {
    match (section.take("probability"), section.take("table")) {
        (Some(probability), None) => Ok(Pairs::Random(probability.within(0.0, 1.0)?)),
        (None, Some(table)) => Ok(Pairs::Table(table.path()?, table)),
        (Some(_), Some(table)) => Err(table.fail("there is a probability too; keep one of the two")),
        (None, None) => Err(section.fail("probability", "is missing; add probability = 0.02, or a table")),
    }
}

fn synapse(mut section: Section) -> Outcome<SynapseKind> {
    let kinds = [("delta", 0), ("exponential", 1), ("alpha", 2), ("conductance", 3)];
    let kind = section.need("kind", "\"conductance\"")?.choice(&kinds)?;
    let tau_ms = match kind {
        0 => 1.0,
        _ => section.need("tau_ms", "5")?.positive()?,
    };
    let synapse = match kind {
        0 => SynapseKind::Delta,
        1 => SynapseKind::ExponentialCurrent { tau_ms },
        2 => SynapseKind::AlphaCurrent { tau_ms },
        _ => {
            let reversal_mv = section.need("reversal_mv", "0")?.within(-200.0, 200.0)?;
            SynapseKind::Conductance { tau_ms, reversal_mv }
        }
    };
    section.finish()?;
    Ok(synapse)
}
