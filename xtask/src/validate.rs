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

use crate::step::all_well;
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
    let findings = measure_all(&options);
    let folder = target().join("validation");
    std::fs::create_dir_all(&folder)?;
    let page = folder.join("index.html");
    std::fs::write(&page, report::page(&findings))?;
    std::fs::write(folder.join("report.json"), serde_json::to_string_pretty(&report::json(&findings))?)?;
    println!("{}", page.display());
    all_hold(&findings)?;
    if options.twice {
        println!("\nagain:");
        return same_but_for_times(&findings.without_times(), &measure_all(&options).without_times());
    }
    if options.accept { record::write(&findings) } else { record::compare(&findings) }
}

fn measure_all(options: &Options) -> Findings {
    let start = Instant::now();
    let (asked, left_out): (Vec<&System>, Vec<&System>) =
        SYSTEMS.iter().partition(|system| options.asks_for(system.name));
    let findings = Findings {
        effort: options.effort,
        systems: asked.into_iter().map(|system| measure(system, options.effort)).collect(),
        left_out: left_out.into_iter().map(|system| system.name).collect(),
    };
    println!("\n{}, {:.1} s", summary(&findings), start.elapsed().as_secs_f64());
    findings
}

/// An error, and so exit code 1, if any claim fails or could not be measured.
fn all_hold(findings: &Findings) -> crate::Outcome {
    match findings.count(Verdict::Fails) {
        0 => Ok(()),
        1 => Err("a claim does not hold".into()),
        failed => Err(format!("{failed} claims do not hold").into()),
    }
}

/// Page and JSON of two runs, both without times, must be equal.
fn same_but_for_times(first: &Findings, second: &Findings) -> crate::Outcome {
    let pairs = first.systems.iter().zip(&second.systems);
    let claims = pairs.flat_map(|(a, b)| a.claims.iter().zip(&b.claims).map(|pair| (a.system.name, pair)));
    let differs = |system: &str, (a, b): (&Measured, &Measured)| {
        report::article(system, a) != report::article(system, b)
            || report::json_of(system, a) != report::json_of(system, b)
    };
    let complaints: Vec<String> = claims
        .filter(|&(system, pair)| differs(system, pair))
        .map(|(system, (claim, _))| format!("differs from run to run: {system} {}", claim.name))
        .collect();
    all_well(&complaints)?;
    if report::page(first) != report::page(second) {
        return Err("the page differs from run to run".into());
    }
    println!("\nboth runs give the same page and the same JSON, but for times");
    Ok(())
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
    use claim::{Bound, Claim};

    #[test]
    fn what_a_quick_run_shortens_is_a_claim() {
        for system in &SYSTEMS {
            for (name, _) in system.quick {
                assert!(system.claims.iter().any(|(claim, _)| claim == name), "{}: {name}", system.name);
            }
        }
    }

    const MADE_UP: System = System {
        name: "made-up",
        title: "Made up",
        question: "",
        usual: "",
        about: "",
        claims: &[("one is at most two", || Ok(Claim::new("1 <= 2", 1.0, Bound::AtMost(2.0))))],
        quick: &[],
    };

    /// What is found of a system with the true claim and others.
    fn findings(others: &'static [(&'static str, Measure)]) -> Findings {
        let part = |claims| measure(&System { claims, ..MADE_UP }, Effort::Full);
        let systems = vec![part(MADE_UP.claims), part(others)];
        Findings { effort: Effort::Full, systems, left_out: Vec::new() }
    }

    #[test]
    fn a_claim_that_fails_or_cannot_be_measured_fails_the_task_and_shows() {
        assert!(all_hold(&findings(&[])).is_ok());
        const FAILING: [&[(&str, Measure)]; 3] = [
            &[("three is at most two", || Ok(Claim::new("3 <= 2", 3.0, Bound::AtMost(2.0))))],
            &[("nothing is a number", || Ok(Claim::new("NaN <= 2", f64::NAN, Bound::AtMost(2.0))))],
            &[("a file is there", || Err("no such file".into()))],
        ];
        for claims in FAILING {
            let findings = findings(claims);
            assert_eq!(all_hold(&findings).unwrap_err().to_string(), "a claim does not hold");
            assert!(report::page(&findings).contains("1 of 2 claims fail on this machine"));
            assert_eq!(report::json(&findings)["holds"], false);
            assert_eq!(report::json(&findings)["claims"][1]["verdict"], "fails");
        }
    }

    #[test]
    fn runs_are_the_same_if_only_times_differ() {
        let timed = |measured: f64, elapsed_s: f64| {
            let mut findings = findings(&[]);
            let claim = Claim::new("n <= 2", measured, Bound::AtMost(2.0)).time(format!("{elapsed_s} s"));
            let outcome = Some(Ok(claim));
            findings.systems[0].claims = vec![Measured { name: "n", less: None, outcome, elapsed_s }];
            findings.without_times()
        };
        assert!(same_but_for_times(&timed(1.0, 0.1), &timed(1.0, 0.2)).is_ok());
        let error = same_but_for_times(&timed(1.0, 0.1), &timed(1.5, 0.1)).unwrap_err();
        assert_eq!(error.to_string(), "differs from run to run: made-up n");
    }
}
