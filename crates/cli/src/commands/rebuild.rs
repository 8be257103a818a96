//! `hexad rebuild`.

mod figure;
mod kept;
mod summary;

use std::time::Instant;

use crate::args::rebuild::{LineKind, RebuildArgs};
use crate::error::{Failure, Outcome};
use crate::output::Pending;
use crate::progress::Progress;
use crate::signal::Signal;
use crate::table::{Column, Table};
use crate::targets::Targets;
use crate::threads;
use figure::figure;
use kept::{Kept, all_bins};
use summary::Summary;

/// Transform, rebuild, residual, lines and the curves of a plot, per sample; a prime number of samples takes
/// the most, others a third of it.
const WORK_BYTES_PER_ROW: u64 = 48 * 8;

/// Reads, rebuilds, writes, reports.
pub fn run(args: &RebuildArgs) -> Outcome<()> {
    let started = Instant::now();
    let targets = Targets::check(args.out.as_deref(), args.plot.as_deref(), &args.running)?;
    check_combination(args)?;
    threads::set(args.running.threads)?;
    let progress = Progress::new(args.running.quiet);
    let signal = Signal::read(&args.signal, targets.keeps_text(), WORK_BYTES_PER_ROW, &progress)?;
    progress.step("rebuilding", 0);
    let kept = Kept::find(args, &signal)?;

    progress.step("writing", 0);
    let summary = Summary::new(&signal, &kept, targets.written());
    let plot = targets.draw(|| Ok(figure(args, &signal, &kept, &all_bins(args, &signal)?)))?;
    let table = targets.write(|| result_table(signal, kept))?;
    plot.into_iter().chain(table).try_for_each(Pending::commit)?;
    drop(progress);
    targets.report("rebuild", started, &args.running, &summary)
}

/// Refuses options that exclude each other.
fn check_combination(args: &RebuildArgs) -> Outcome<()> {
    let is_fitted = args.lines == LineKind::Fitted;
    if is_fitted && (args.selection.threshold.is_some() || args.selection.band.is_some()) {
        return Err(Failure::usage(
            "--lines fitted adds lines one at a time and needs --error or --keep to stop; give one of them",
        ));
    }
    if args.norm.is_some() && args.selection.error.is_none() {
        return Err(Failure::usage("--norm is the norm of --error; give --error, or leave --norm out"));
    }
    Ok(())
}

fn result_table(signal: Signal, kept: Kept) -> Table {
    let named = |name: &str, column: Column| Column { name: name.to_string(), ..column };
    let values = |values| Column { values, ..Column::default() };
    Table::from(vec![
        named("x", signal.x),
        named("y", signal.y),
        named("rebuilt", values(kept.samples)),
        named("residual", values(kept.residual)),
    ])
}
