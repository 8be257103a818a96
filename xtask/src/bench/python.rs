//! The Python package beside what people use today, on the same arrays in one process: `tests/peers/in_process.py`.

use std::error::Error;
use std::process::{Command, Stdio};
use std::time::Instant;

use serde_json::{Value, json};

use super::clock::Spread;
use super::machine::Machine;
use super::peers::{Environment, ONE_THREAD, install};
use super::report::{on, short, spread};
use super::{Asked, boundary, row};
use crate::step;
use crate::workspace::{root, target};

/// What asks for all of it.
pub(crate) const NAME: &str = "python";
/// What a call on 100 elements may take beyond the crate's own work.
const MOST_BOUNDARY_S: f64 = 5e-6;
/// Rounds of our own calls, and calls of a round.
const ROUNDS: usize = 7;
const CALLS: u32 = 2000;

/// What `in_process.py` found, and what the crates take for its small calls.
pub(crate) struct Table {
    versions: String,
    beside: Vec<Beside>,
    small: Vec<Small>,
}

/// The package and another in turns.
struct Beside {
    name: String,
    other: String,
    /// Largest difference of the results, over the largest value.
    difference: f64,
    ours_s: Spread,
    others_s: Spread,
    ratio: Spread,
}

/// A call on 100 elements.
struct Small {
    name: String,
    package_s: Spread,
    crate_s: Spread,
}

impl Small {
    fn boundary_s(&self) -> f64 {
        self.package_s.median - self.crate_s.median
    }
}

/// Installs the package beside the peers and times the rows asked for: all, or those whose name after "Python: "
/// contains one of the texts that start so.
pub(super) fn measure(asked: &Asked<'_>) -> Result<Option<Table>, Box<dyn Error>> {
    let mut own = asked.texts.clone();
    own.retain(|text| text.starts_with("Python") && !asked.is_whole(NAME));
    if own.is_empty() && !asked.is_whole(NAME) {
        return Ok(None);
    }
    let python = install(Environment::Common)?;
    let pip =
        ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--force-reinstall", "--no-deps"];
    let mut package = Command::new(&python);
    package.args(pip).arg(root()).env("CARGO_TARGET_DIR", target());
    step::run("install the package beside the peers", &mut package)?;
    let output = Command::new(&python)
        .arg(root().join("tests/peers/in_process.py"))
        .args(own)
        .current_dir(std::env::temp_dir())
        .envs(ONE_THREAD)
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err("in_process.py failed".into());
    }
    let lines: Vec<Value> =
        String::from_utf8(output.stdout)?.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
    let Some((head, rows)) = lines.split_first().filter(|(_, rows)| !rows.is_empty()) else {
        return Ok(None);
    };
    let (beside, small): (Vec<_>, Vec<_>) = rows.iter().partition(|row| row["other"].is_string());
    Ok(Some(Table {
        versions: text(head, "versions")?,
        beside: beside.into_iter().map(read_beside).collect::<Result<_, _>>()?,
        small: small.into_iter().map(read_small).collect::<Result<_, _>>()?,
    }))
}

fn read_beside(row: &Value) -> Result<Beside, Box<dyn Error>> {
    let (ours, others) = (seconds(row, "ours_s")?, seconds(row, "others_s")?);
    let ratios = others.iter().zip(&ours).map(|(other, ours)| other / ours);
    Ok(Beside {
        name: text(row, "name")?,
        other: text(row, "other")?,
        difference: row["difference"].as_f64().unwrap_or(f64::NAN),
        ratio: Spread::of(ratios).ok_or("no rounds")?,
        ours_s: Spread::of(ours).ok_or("no rounds")?,
        others_s: Spread::of(others).ok_or("no rounds")?,
    })
}

fn read_small(row: &Value) -> Result<Small, Box<dyn Error>> {
    let name = text(row, "name")?;
    let mut works = boundary::works()?;
    let at = works.iter().position(|(known, _)| *known == name).ok_or("no such call in bench/boundary.rs")?;
    let crate_s = Spread::of(mean_seconds(&mut works.swap_remove(at).1)?).ok_or("no rounds")?;
    Ok(Small { name, crate_s, package_s: Spread::of(seconds(row, "ours_s")?).ok_or("no rounds")? })
}

/// Of one of many calls, in some rounds: as `in_process.py` counts.
fn mean_seconds(work: &mut row::Work) -> Result<Vec<f64>, Box<dyn Error>> {
    let mut round = || {
        let start = Instant::now();
        (0..CALLS).try_for_each(|_| work())?;
        Ok(start.elapsed().as_secs_f64() / f64::from(CALLS))
    };
    (0..ROUNDS).map(|_| round()).collect()
}

fn text(row: &Value, key: &str) -> Result<String, Box<dyn Error>> {
    Ok(row[key].as_str().ok_or_else(|| format!("in_process.py says {row}"))?.to_owned())
}

fn seconds(row: &Value, key: &str) -> Result<Vec<f64>, Box<dyn Error>> {
    let all = row[key].as_array().ok_or_else(|| format!("in_process.py says {row}"))?;
    Ok(all.iter().filter_map(Value::as_f64).collect())
}

/// The tables of `docs/benchmarks.md`.
pub(crate) fn markdown(table: &Table, machine: &Machine) -> String {
    let beside: String = table.beside.iter().map(|row| beside_line(row) + "\n").collect();
    let small: String = table.small.iter().map(|row| small_line(row) + "\n").collect();
    format!(
        "{} In one process on the same arrays, one thread, by the wall clock: {}.\n\n\
         | work | package, ms | other, ms | ratio | apart |\n|---|---|---|---|---|\n{beside}\n\
         Calls on 100 elements:\n\n\
         | call | package, us | crate alone, us | boundary, us | must be | |\n|---|---|---|---|---|---|\n{small}",
        on(machine),
        table.versions
    )
}

fn beside_line(row: &Beside) -> String {
    let ms = |spread: Spread| format!("{} ({})", short(1e3 * spread.median), short(1e3 * spread.min));
    let Spread { min, median, max } = row.ratio;
    format!(
        "| {} | {} | {} {} | {}x ({} to {}) | {:.0e} |",
        row.name,
        ms(row.ours_s),
        ms(row.others_s),
        row.other,
        short(median),
        short(min),
        short(max),
        row.difference
    )
}

fn small_line(row: &Small) -> String {
    let us = |seconds: f64| format!("{:.2}", 1e6 * seconds);
    format!(
        "| {} | {} | {} | {} | <= {:.0} | {} |",
        row.name,
        us(row.package_s.median),
        us(row.crate_s.median),
        us(row.boundary_s()),
        1e6 * MOST_BOUNDARY_S,
        if row.boundary_s() <= MOST_BOUNDARY_S { "met" } else { "MISSED" }
    )
}

/// The same for programs.
pub(crate) fn json(table: &Table) -> Value {
    let beside = |row: &Beside| {
        json!({
            "name": row.name,
            "other": row.other,
            "difference": row.difference,
            "ours_wall_s": spread(row.ours_s),
            "other_wall_s": spread(row.others_s),
            "ratio": spread(row.ratio),
        })
    };
    let small = |row: &Small| {
        json!({
            "name": row.name,
            "package_s": spread(row.package_s),
            "crate_s": spread(row.crate_s),
            "boundary_s": row.boundary_s(),
            "most_s": MOST_BOUNDARY_S,
        })
    };
    json!({
        "versions": table.versions,
        "beside": table.beside.iter().map(beside).collect::<Vec<_>>(),
        "small": table.small.iter().map(small).collect::<Vec<_>>(),
    })
}
