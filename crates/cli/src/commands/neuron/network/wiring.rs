//! Connections: drawn by chance, or read from tables.

use std::ops::Range;
use std::path::Path;

use hexad_neuro_hh::{Connections, Projection};

use super::config::{Config, ConnectionSpec, Pairs};
use crate::error::{Failure, Outcome, quoted};
use crate::keys::Value;
use crate::progress::Progress;
use crate::table::{self, Input, ReadOptions, Request, Role, Table};

/// Bytes of a connection beside the table.
const WORK_BYTES: u64 = 64;

/// All connections, by the sections of the file.
pub fn projections(config: &Config) -> Outcome<Vec<Projection>> {
    let mut projections = Vec::new();
    for spec in &config.connections {
        if let (Some(delay_ms), Some(delay)) = (spec.delay_ms, &spec.delay)
            && delay_ms < config.dt_ms
        {
            return Err(delay.fail(too_short(delay_ms, config.dt_ms)));
        }
        let drawn = match &spec.pairs {
            Pairs::Random(probability) => random(config, spec, *probability)?,
            Pairs::Table(path, value) => vec![listed(config, spec, path, value)?],
        };
        let projection = |connections| Projection { synapse: spec.synapse, connections };
        projections.extend(drawn.into_iter().map(projection));
    }
    Ok(projections)
}

fn too_short(delay_ms: f64, dt_ms: f64) -> String {
    format!("a delay takes at least one step, {dt_ms} ms, got {delay_ms}; lengthen it or shorten dt_ms")
}

fn random(config: &Config, spec: &ConnectionSpec, probability: f64) -> Outcome<Vec<Connections>> {
    let (weight, delay_ms) = (spec.weight.unwrap_or(0.0), spec.delay_ms.unwrap_or(config.dt_ms));
    // Sections with seeds of their own, and runs with others, are wired differently.
    let seed = config.seed.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(spec.seed);
    let draw = |to: &Range<usize>| {
        Connections::random(spec.from.clone(), to.clone(), probability, weight, delay_ms, seed)
    };
    spec.to.iter().map(|to| draw(to).map_err(|error| Failure::work(error.to_string()))).collect()
}

/// The connections in a table: `source` and `target` count within their populations; `weight` and `delay_ms` where the
/// section gives none.
fn listed(config: &Config, spec: &ConnectionSpec, path: &Path, value: &Value) -> Outcome<Connections> {
    if !path.exists() {
        return Err(value.fail(format!("{} does not exist; check the path", path.display())));
    }
    let input = Input::from(path.to_path_buf());
    let mut names = vec!["source", "target"];
    let given = [("weight", spec.weight), ("delay_ms", spec.delay_ms)];
    names.extend(given.iter().filter(|(_, given)| given.is_none()).map(|(name, _)| *name));
    let request =
        |name: &&str| Request { option: "table", column: (*name).to_string(), role: Role::Coordinate };
    let requests: Vec<_> = names.iter().map(request).collect();
    let options = ReadOptions { keep_text: false, work_bytes_per_row: WORK_BYTES };
    let table = table::read(&input, &requests, options, &Progress::new(true))?;
    let column = |name: &str| names.iter().position(|other| *other == name);
    let values = |name: &str, given: Option<f64>| match (column(name), given) {
        (Some(index), _) => table.columns[index].values.clone(),
        (None, given) => vec![given.unwrap_or(0.0)],
    };
    let delays_ms = values("delay_ms", spec.delay_ms);
    if let (Some(_), Some(row)) =
        (column("delay_ms"), delays_ms.iter().position(|delay| *delay < config.dt_ms))
    {
        return Err(wrong(&input, &table, row, "delay_ms", &too_short(delays_ms[row], config.dt_ms)));
    }
    Ok(Connections {
        sources: indices(&input, &table, 0, &spec.from)?,
        targets: indices(&input, &table, 1, &spec.to[0])?,
        weights: values("weight", spec.weight),
        delays_ms,
    })
}

/// Neurons of a population among all, from their indices within it.
fn indices(input: &Input, table: &Table, column: usize, neurons: &Range<usize>) -> Outcome<Vec<usize>> {
    let column = &table.columns[column];
    let index = |(row, value): (usize, &f64)| {
        if *value >= 0.0 && *value < neurons.len() as f64 && value.fract() == 0.0 {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "an index, checked"
            )]
            return Ok(neurons.start + *value as usize);
        }
        let what = format!("{value} is no neuron of the population; they are 0 to {}", neurons.len() - 1);
        Err(wrong(input, table, row, &column.name, &what))
    };
    column.values.iter().enumerate().map(index).collect()
}

fn wrong(input: &Input, table: &Table, row: usize, column: &str, what: &str) -> Failure {
    let (name, place) = (input.name(), table.places.of(row));
    Failure::work(format!("{name}: {place}, column {}: {what}", quoted(column.as_bytes())))
}
