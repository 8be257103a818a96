//! `hexad spectrum`.

mod figure;
mod found;
mod lomb;
mod measured;
mod summary;
mod wording;

use std::time::Instant;

use crate::args::spectrum::{ScalingKind, SpectrumArgs};
use crate::error::{Failure, Outcome};
use crate::output::Pending;
use crate::progress::Progress;
use crate::table::{Column, Table};
use crate::targets::Targets;
use crate::threads;
use figure::figure;
use found::Found;
use summary::Summary;

/// Reads, transforms, writes, reports.
pub fn run(args: &SpectrumArgs) -> Outcome<()> {
    let started = Instant::now();
    let targets = Targets::check(args.out.as_deref(), args.plot.as_deref(), &args.running)?;
    check_combination(args)?;
    threads::set(args.running.threads)?;
    let progress = Progress::new(args.running.quiet);
    let found = if args.lombscargle { lomb::find(args, &progress) } else { measured::find(args, &progress) }?;

    progress.step("writing", 0);
    let summary = Summary::new(args, &found, targets.written());
    let plot = targets.draw(|| Ok(figure(args, &found)))?;
    let table = targets.write(|| result_table(found))?;
    plot.into_iter().chain(table).try_for_each(Pending::commit)?;
    drop(progress);
    targets.report("spectrum", started, &args.running, &summary)
}

/// Refuses options that exclude each other.
fn check_combination(args: &SpectrumArgs) -> Outcome<()> {
    let needless = |option| {
        Err(Failure::usage(format!(
            "{option} is about averages of segments; give --segment N, or leave it out"
        )))
    };
    if args.lombscargle {
        return check_lomb(args);
    }
    if args.nan.is_some() {
        return Err(Failure::usage("--nan works with --lombscargle only: an even series has no gaps"));
    }
    match (args.segment, args.overlap, args.average) {
        (None, Some(_), _) => needless("--overlap"),
        (None, None, Some(_)) => needless("--average"),
        _ => Ok(()),
    }
}

fn check_lomb(args: &SpectrumArgs) -> Outcome<()> {
    let given = [
        ("--window", args.window.is_some()),
        ("--segment", args.segment.is_some()),
        ("--overlap", args.overlap.is_some()),
        ("--average", args.average.is_some()),
        ("--confidence", args.confidence.is_some()),
    ];
    if let Some((option, _)) = given.into_iter().find(|(_, is_given)| *is_given) {
        return Err(Failure::usage(format!(
            "{option} is about transforms and --lombscargle fits tones; leave one of them out"
        )));
    }
    if !matches!(args.scaling, ScalingKind::Amplitude | ScalingKind::Power) {
        return Err(Failure::usage(format!(
            "--scaling {}: --lombscargle gives amplitude (in y units) or power (share of the variance)",
            args.scaling().name()
        )));
    }
    Ok(())
}

fn result_table(found: Found) -> Table {
    let column = |name: &str, values| Column { name: name.to_string(), values, ..Column::default() };
    let mut columns = vec![column("frequency", found.frequency), column("value", found.value)];
    columns.extend(found.phase.map(|phase| column("phase", phase)));
    if let Some(band) = found.band {
        columns.extend([column("lower", band.lower), column("upper", band.upper)]);
    }
    Table::from(columns)
}
