//! The claims and their verdicts as they were last accepted, in `verdicts.txt`: a claim that is gone, new or renamed
//! shows as a change of that file.
//!
//! A snapshot test would have to measure everything to know a verdict; so the run itself compares, and a test keeps
//! the names in step.

use std::path::PathBuf;

use super::claim::{Effort, Findings, Verdict};
use crate::step::all_well;
use crate::workspace::root;

/// Replaces the record by what was found.
pub(crate) fn write(findings: &Findings) -> crate::Outcome {
    std::fs::write(path(), lines(findings).join("\n") + "\n")?;
    println!("written: {}", path().display());
    Ok(())
}

/// Compares what was run with the record.
pub(crate) fn compare(findings: &Findings) -> crate::Outcome {
    let recorded = std::fs::read_to_string(path())?;
    let found = lines(findings);
    let new = found.iter().filter(|line| !recorded.lines().any(|old| old == **line));
    let mut complaints: Vec<String> = new.map(|line| format!("not in the record: {line}")).collect();
    if findings.left_out.is_empty() && findings.effort == Effort::Full {
        let gone = recorded.lines().filter(|old| !found.iter().any(|line| line == old));
        complaints.extend(gone.map(|old| format!("only in the record: {old}")));
    }
    if !complaints.is_empty() {
        complaints.push("if that is meant: cargo xtask validate --accept".to_owned());
    }
    all_well(&complaints)
}

fn path() -> PathBuf {
    root().join("xtask/src/validate/verdicts.txt")
}

/// A line for each claim that was run.
fn lines(findings: &Findings) -> Vec<String> {
    let run = findings.systems.iter().flat_map(|part| {
        let of_part = part.claims.iter().filter(|claim| claim.verdict() != Verdict::NotRun);
        of_part.map(|claim| line(claim.verdict(), part.system.name, claim.name))
    });
    run.collect()
}

fn line(verdict: Verdict, system: &str, claim: &str) -> String {
    format!("{:<7} {system:<12} {claim}", verdict.name())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::validate::SYSTEMS;

    #[test]
    fn the_record_has_every_claim_and_all_of_them_hold() {
        let recorded = std::fs::read_to_string(path()).unwrap();
        let claims = SYSTEMS.iter().flat_map(|system| {
            system.claims.iter().map(|(claim, _)| line(Verdict::Holds, system.name, claim))
        });
        assert_eq!(
            recorded.lines().collect::<Vec<_>>(),
            claims.collect::<Vec<_>>(),
            "run cargo xtask validate"
        );
    }
}
