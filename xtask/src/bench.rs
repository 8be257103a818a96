//! `cargo xtask bench [--peers] [--write]`: how fast each crate is, beside what people use today.

mod boundary;
mod clock;
mod correlate;
mod density;
mod document;
mod growth;
mod machine;
mod memory;
mod neuro_hh;
mod pde_leapfrog;
mod peers;
mod python;
mod report;
mod row;
mod smoothing;
mod spectral;
mod traffic;

use std::error::Error;
use std::path::Path;

use growth::{Growth, Job};
use machine::Machine;
use memory::Memory;
use peers::Peers;
use row::{Make, Measured};
use serde_json::{Map, Value, json};

use crate::Outcome;
use crate::workspace::{root, target};

/// What is measured of one crate.
struct Section {
    /// The crate, without its `hexad-`.
    name: &'static str,
    rows: fn() -> Vec<(String, Make)>,
    growth: Job,
}

const SECTIONS: [Section; 6] = [
    Section { name: "smoothing", rows: smoothing::rows, growth: smoothing::GROWTH },
    Section { name: "spectral", rows: spectral::rows, growth: spectral::GROWTH },
    Section { name: "correlate", rows: correlate::rows, growth: correlate::GROWTH },
    Section { name: "density", rows: density::rows, growth: density::GROWTH },
    Section { name: "pde-leapfrog", rows: pde_leapfrog::rows, growth: pde_leapfrog::GROWTH },
    Section { name: "neuro-hh", rows: neuro_hh::rows, growth: neuro_hh::GROWTH },
];

/// What was measured of one crate.
struct Table {
    rows: Vec<Measured>,
    /// Time and memory over the size; none where only some rows were asked for.
    growth: Option<Growth>,
    /// Of the one row that is about memory.
    memory: Option<Memory>,
    /// Names and versions of the peers.
    peers: Vec<String>,
}

/// Times what is asked for: crates by their names (`smoothing`), the Python package by `python`, else rows whose name
/// contains a text; everything unless something is asked for. `--peers` also runs what it is compared with, `--write`
/// puts the tables of whole crates into `docs/benchmarks.md`. `--growth CRATE LEN` and `--memory` are how the bench
/// calls itself to measure memory in a fresh process.
pub(crate) fn run(options: &[&str]) -> Outcome {
    match options {
        ["--growth", name, len] => return growth::measure_here(&section(name)?.growth, len.parse()?),
        ["--memory"] => return memory::measure_here(),
        _ => {}
    }
    let (flags, texts): (Vec<&str>, Vec<&str>) = options.iter().partition(|option| option.starts_with('-'));
    if let Some(flag) = flags.iter().find(|flag| !["--peers", "--write"].contains(flag)) {
        return Err(format!("unknown option {flag}").into());
    }
    let asked = Asked { with_peers: flags.contains(&"--peers"), texts };
    let folder = target().join("bench");
    std::fs::create_dir_all(&folder)?;
    let machine = Machine::measure();
    let mut parts = Vec::new();
    let crates = SECTIONS.iter().map(|section| of_crate(section, &asked, &machine));
    for part in crates.chain(std::iter::once_with(|| of_python(&asked, &machine))) {
        let Some(part) = part? else { continue };
        if flags.contains(&"--write") && part.is_whole {
            document::put(&root().join("docs/benchmarks.md"), part.name, &part.markdown)?;
        }
        parts.push(part);
    }
    report(&folder, parts, &machine)
}

/// Prints the tables and writes them to `folder`.
fn report(folder: &Path, parts: Vec<Part>, machine: &Machine) -> Outcome {
    let titled = |part: &Part| format!("## {}\n\n{}", part.name, part.markdown);
    let markdown = parts.iter().map(titled).collect::<Vec<_>>().join("\n");
    std::fs::write(folder.join("report.md"), &markdown)?;
    let parts: Map<String, Value> = parts.into_iter().map(|part| (part.name.to_owned(), part.json)).collect();
    let json = json!({ "machine": machine.json(), "parts": parts });
    std::fs::write(folder.join("report.json"), serde_json::to_string_pretty(&json)?)?;
    println!("\n{markdown}\n{}", folder.join("report.md").display());
    Ok(())
}

/// What was asked for.
struct Asked<'a> {
    with_peers: bool,
    /// Names of parts and words of rows; none asks for everything.
    texts: Vec<&'a str>,
}

impl Asked<'_> {
    fn is_whole(&self, part: &str) -> bool {
        self.texts.is_empty() || self.texts.contains(&part)
    }

    fn has(&self, part: &str, row: &str) -> bool {
        self.is_whole(part) || self.texts.iter().any(|text| row.contains(text))
    }
}

/// One part of the report.
struct Part {
    name: &'static str,
    /// Whether all rows are there.
    is_whole: bool,
    markdown: String,
    json: Value,
}

fn of_crate(section: &Section, asked: &Asked<'_>, machine: &Machine) -> Result<Option<Part>, Box<dyn Error>> {
    let table = measure(section, asked, machine)?;
    let is_empty = table.rows.is_empty() && table.memory.is_none();
    Ok((!is_empty).then(|| Part {
        name: section.name,
        is_whole: table.growth.is_some(),
        markdown: report::section(&table, machine),
        json: report::json(&table),
    }))
}

/// The package is always beside peers.
fn of_python(asked: &Asked<'_>, machine: &Machine) -> Result<Option<Part>, Box<dyn Error>> {
    let table = if asked.with_peers { python::measure(asked)? } else { None };
    Ok(table.map(|table| Part {
        name: python::NAME,
        is_whole: asked.is_whole(python::NAME),
        markdown: python::markdown(&table, machine),
        json: python::json(&table),
    }))
}

fn section(name: &str) -> Result<&'static Section, Box<dyn Error>> {
    SECTIONS.iter().find(|section| section.name == name).ok_or_else(|| format!("no crate {name}").into())
}

/// The rows of a crate that are asked for, on one thread, each printed as it is done.
fn measure(section: &Section, asked: &Asked<'_>, machine: &Machine) -> Result<Table, Box<dyn Error>> {
    let folder = target().join("bench");
    let mut peers = asked.with_peers.then(|| Peers::new(&folder));
    let one_thread = row::pool(1)?;
    let mut rows = Vec::new();
    for (name, make) in (section.rows)().into_iter().filter(|(name, _)| asked.has(section.name, name)) {
        let row = make()?;
        let measure = || row.measure(&name, peers.as_mut()).map_err(|error| error.to_string());
        let done = one_thread.install(measure)?;
        println!("{}", report::line(&done, machine));
        rows.push(done);
    }
    let is_about_memory = section.name == memory::SECTION && asked.has(section.name, memory::NAME);
    let memory = if is_about_memory { memory::measure(&folder, asked.with_peers)? } else { None };
    let is_whole = asked.is_whole(section.name);
    let growth = if is_whole { Some(growth::measure(section.name, &section.growth)?) } else { None };
    let peers = peers.map_or(Vec::new(), |peers| peers.versions());
    Ok(Table { rows, growth, memory, peers })
}
