//! `cargo xtask bench [--peers] [--write]`: how fast each crate is, beside what people use today.

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
mod report;
mod row;
mod smoothing;
mod spectral;
mod traffic;

use std::error::Error;

use growth::{Growth, Job};
use machine::Machine;
use memory::Memory;
use peers::Peers;
use row::{Make, Measured};

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
    name: &'static str,
    rows: Vec<Measured>,
    /// Time and memory over the size; none where only some rows were asked for.
    growth: Option<Growth>,
    /// Of the one row that is about memory.
    memory: Option<Memory>,
    /// Names and versions of the peers.
    peers: Vec<String>,
}

impl Table {
    fn is_empty(&self) -> bool {
        self.rows.is_empty() && self.memory.is_none()
    }
}

/// Times what is asked for: crates by their names (`smoothing`), else rows whose name contains a text; everything
/// unless something is asked for. `--peers` also runs what it is compared with, `--write` puts the tables of whole
/// crates into `docs/benchmarks.md`. `--growth CRATE LEN` and `--memory` are how the bench calls itself to measure
/// memory in a fresh process.
pub(crate) fn run(options: &[&str]) -> Outcome {
    match options {
        ["--growth", name, len] => return growth::measure_here(&section(name)?.growth, len.parse()?),
        ["--memory"] => return memory::measure_here(),
        _ => {}
    }
    let (flags, asked): (Vec<&str>, Vec<&str>) = options.iter().partition(|option| option.starts_with('-'));
    if let Some(flag) = flags.iter().find(|flag| !["--peers", "--write"].contains(flag)) {
        return Err(format!("unknown option {flag}").into());
    }
    let folder = target().join("bench");
    std::fs::create_dir_all(&folder)?;
    let machine = Machine::measure();
    let mut tables = Vec::new();
    for section in &SECTIONS {
        let mut peers = flags.contains(&"--peers").then(|| Peers::new(&folder));
        let table = measure(section, &asked, &machine, peers.as_mut())?;
        if table.is_empty() {
            continue;
        }
        if flags.contains(&"--write") && table.growth.is_some() {
            document::put(
                &root().join("docs/benchmarks.md"),
                table.name,
                &report::section(&table, &machine),
            )?;
        }
        tables.push(table);
    }
    let json = serde_json::to_string_pretty(&report::json(&tables, &machine))?;
    std::fs::write(folder.join("report.json"), json)?;
    let markdown = report::markdown(&tables, &machine);
    std::fs::write(folder.join("report.md"), &markdown)?;
    println!("\n{markdown}\n{}", folder.join("report.md").display());
    Ok(())
}

fn section(name: &str) -> Result<&'static Section, Box<dyn Error>> {
    SECTIONS.iter().find(|section| section.name == name).ok_or_else(|| format!("no crate {name}").into())
}

/// The rows of a crate that are asked for, on one thread, each printed as it is done.
fn measure(
    section: &Section,
    asked: &[&str],
    machine: &Machine,
    mut peers: Option<&mut Peers>,
) -> Result<Table, Box<dyn Error>> {
    let is_whole = asked.is_empty() || asked.contains(&section.name);
    let is_asked = |name: &str| is_whole || asked.iter().any(|text| name.contains(text));
    let one_thread = row::pool(1)?;
    let mut rows = Vec::new();
    for (name, make) in (section.rows)().into_iter().filter(|(name, _)| is_asked(name)) {
        let row = make()?;
        let measure = || row.measure(&name, peers.as_deref_mut()).map_err(|error| error.to_string());
        let done = one_thread.install(measure)?;
        println!("{}", report::line(&done, machine));
        rows.push(done);
    }
    let memory = if section.name == memory::SECTION && is_asked(memory::NAME) {
        memory::measure(&target().join("bench"), peers.is_some())?
    } else {
        None
    };
    let growth = if is_whole { Some(growth::measure(section.name, &section.growth)?) } else { None };
    let peers = peers.map_or(Vec::new(), |peers| peers.versions());
    Ok(Table { name: section.name, rows, growth, memory, peers })
}
