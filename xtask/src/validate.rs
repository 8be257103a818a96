//! `cargo xtask validate`: measures every claim of the project on this machine.

mod chart;
mod claim;
mod correlate;
mod data;
mod density;
mod neuro_hh;
mod pde_leapfrog;
mod picture;
mod report;
mod smoothing;
mod spectral;

use std::time::Instant;

use claim::{Findings, System};
pub(crate) use pde_leapfrog::until_killed;

use crate::workspace::target;

/// Measures the claims of every system, prints them, and writes `target/validation`.
pub(crate) fn run() -> crate::Outcome {
    let start = Instant::now();
    let systems = [
        smoothing::SYSTEM,
        spectral::SYSTEM,
        correlate::SYSTEM,
        pde_leapfrog::SYSTEM,
        neuro_hh::SYSTEM,
        density::SYSTEM,
    ];
    let systems: Vec<Findings> = systems.iter().map(measure).collect();
    let folder = target().join("validation");
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("index.html"), report::page(&systems))?;
    std::fs::write(folder.join("report.json"), serde_json::to_string_pretty(&report::json(&systems))?)?;
    let claims = || systems.iter().flat_map(|system| &system.claims);
    let failed = claims().filter(|measured| !measured.holds()).count();
    println!(
        "\n{} claims, {failed} failed, {:.1} s; {}",
        claims().count(),
        start.elapsed().as_secs_f64(),
        folder.join("index.html").display()
    );
    if failed == 0 { Ok(()) } else { Err(format!("{failed} claims do not hold").into()) }
}

/// Measures the claims of one system, printing each as it is done.
fn measure(system: &System) -> Findings {
    println!("{:<7} {:<44} {:>11}  {:<24} {:>7}", "verdict", system.title, "measured", "bound", "time");
    let claims = system.claims.iter().map(|&(name, measure)| {
        let start = Instant::now();
        let outcome = measure();
        let measured = claim::Measured { name, outcome, elapsed_s: start.elapsed().as_secs_f64() };
        println!("{}", measured.line());
        measured
    });
    Findings { system: *system, claims: claims.collect() }
}
