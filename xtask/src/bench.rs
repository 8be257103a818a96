//! `cargo xtask bench [--peers]`: how fast each crate is, beside what people use today.

mod clock;
mod correlate;
mod density;
mod growth;
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

use crate::Outcome;
use crate::workspace::target;

/// Times the rows whose name contains one of the `filters` (all rows and the growth, if there are none);
/// `--peers` also runs what they are compared with. `--growth LEN` and `--memory` are how the bench calls itself
/// to measure memory in a fresh process.
pub(crate) fn run(options: &[&str]) -> Outcome {
    let (with_peers, filters) = match options {
        ["--growth", len] => return growth::measure_here(len.parse()?),
        ["--memory"] => return memory::measure_here(),
        ["--peers", filters @ ..] => (true, filters),
        [flag, ..] if flag.starts_with('-') => return Err(format!("unknown option {flag}").into()),
        filters => (false, filters),
    };
    let folder = target().join("bench");
    std::fs::create_dir_all(&folder)?;
    let mut peers = with_peers.then(|| peers::Peers::new(&folder));
    let rows = measure_rows(filters, peers.as_mut())?;
    let is_asked = filters.is_empty() || filters.iter().any(|filter| memory::NAME.contains(filter));
    let memory = if is_asked { memory::measure(&folder, with_peers)? } else { None };
    let growth = if filters.is_empty() { growth::measure()? } else { Vec::new() };
    std::fs::write(
        folder.join("report.json"),
        serde_json::to_string_pretty(&report::json(&rows, &growth, memory))?,
    )?;
    let markdown = report::markdown(&rows, &growth, memory);
    std::fs::write(folder.join("report.md"), &markdown)?;
    println!("\n{markdown}\n{}", folder.join("report.md").display());
    Ok(())
}

/// The rows of every crate.
fn all_rows() -> impl Iterator<Item = (String, row::Make)> {
    smoothing::rows()
        .into_iter()
        .chain(spectral::rows())
        .chain(correlate::rows())
        .chain(density::rows())
        .chain(pde_leapfrog::rows())
        .chain(neuro_hh::rows())
}

/// The rows asked for, on one thread, each printed as it is done.
fn measure_rows(
    filters: &[&str],
    mut peers: Option<&mut peers::Peers>,
) -> Result<Vec<row::Measured>, Box<dyn Error>> {
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build()?;
    let mut measured = Vec::new();
    for (name, make) in all_rows() {
        if !filters.is_empty() && !filters.iter().any(|filter| name.contains(filter)) {
            continue;
        }
        let row = make()?;
        let measure = || row.measure(&name, peers.as_deref_mut()).map_err(|error| error.to_string());
        let done = one_thread.install(measure)?;
        println!("{}", report::line(&done));
        measured.push(done);
    }
    Ok(measured)
}
