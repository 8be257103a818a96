//! `cargo xtask validate`: measures every claim of the project on this machine.

mod chart;
mod claim;
mod correlate;
mod data;
mod density;
mod neuro_hh;
mod options;
mod pde_leapfrog;
mod picture;
mod record;
mod report;
mod smoothing;
mod spectral;
mod style;

use std::time::Instant;

use claim::{Effort, Findings, Measure, Measured, Part, Quick, System, Verdict};
use options::Options;
pub(crate) use pde_leapfrog::until_killed;

use crate::workspace::target;

const SYSTEMS: [System; 6] = [
    smoothing::SYSTEM,
    spectral::SYSTEM,
    correlate::SYSTEM,
    pde_leapfrog::SYSTEM,
    neuro_hh::SYSTEM,
    density::SYSTEM,
];

/// Measures the claims asked for, prints them, writes `target/validation`, and compares names and verdicts with the
/// record.
pub(crate) fn run(arguments: &[&str]) -> crate::Outcome {
    let options = Options::parse(arguments)?;
    let start = Instant::now();
    let (asked, left_out): (Vec<&System>, Vec<&System>) =
        SYSTEMS.iter().partition(|system| options.asks_for(system.name));
    let findings = Findings {
        effort: options.effort,
        systems: asked.into_iter().map(|system| measure(system, options.effort)).collect(),
        left_out: left_out.into_iter().map(|system| system.name).collect(),
    };
    let folder = target().join("validation");
    std::fs::create_dir_all(&folder)?;
    let page = folder.join("index.html");
    std::fs::write(&page, report::page(&findings))?;
    std::fs::write(folder.join("report.json"), serde_json::to_string_pretty(&report::json(&findings))?)?;
    println!("\n{}, {:.1} s; {}", summary(&findings), start.elapsed().as_secs_f64(), page.display());
    let failed = findings.count(Verdict::Fails);
    if failed > 0 {
        return Err(format!("{failed} claims do not hold").into());
    }
    if options.accept { record::write(&findings) } else { record::compare(&findings) }
}

fn summary(findings: &Findings) -> String {
    let (count, failed, idle) =
        (findings.claims().count(), findings.count(Verdict::Fails), findings.count(Verdict::NotRun));
    let idle = if idle > 0 { format!(", {idle} not run") } else { String::new() };
    format!("{count} claims, {failed} failed{idle}")
}

/// Measures the claims of one system, printing each as it is done.
fn measure(system: &System, effort: Effort) -> Part {
    println!("{:<7} {:<46} {:>11}  {:<24} {:>8}", "verdict", system.title, "measured", "bound", "time");
    let claims = system.claims.iter().map(|&(name, full)| {
        let measured = match system.in_quick(name).filter(|_| effort == Effort::Quick) {
            None => timed(name, None, full),
            Some(Quick::Less(less, quick)) => timed(name, Some(less), quick),
            Some(Quick::NotRun) => Measured { name, less: None, outcome: None, elapsed_s: 0.0 },
        };
        println!("{}", measured.line());
        measured
    });
    Part { system: *system, claims: claims.collect() }
}

fn timed(name: &'static str, less: Option<&'static str>, measure: Measure) -> Measured {
    let start = Instant::now();
    let outcome = Some(measure());
    Measured { name, less, outcome, elapsed_s: start.elapsed().as_secs_f64() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_quick_run_shortens_is_a_claim() {
        for system in &SYSTEMS {
            for (name, _) in system.quick {
                assert!(system.claims.iter().any(|(claim, _)| claim == name), "{}: {name}", system.name);
            }
        }
    }
}
