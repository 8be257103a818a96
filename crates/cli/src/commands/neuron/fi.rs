//! `hexad neuron fi`.

mod curve;
mod figure;
mod summary;

use std::time::Instant;

use super::limits;
use crate::args::neuron::fi::FiArgs;
use crate::error::{Failure, Outcome};
use crate::memory;
use crate::output::Pending;
use crate::progress::Progress;
use crate::table::{Column, Table};
use crate::targets::Targets;
use crate::threads;
use curve::Curve;
use figure::figure;
use summary::Summary;

/// Memory that a neuron takes, and its spikes in a ms at 200 Hz.
const BYTES_PER_NEURON: f64 = 400.0;
const BYTES_PER_MS: f64 = 8.0;

/// Simulates, writes, draws, reports.
pub fn run(args: &FiArgs) -> Outcome<()> {
    let started = Instant::now();
    let targets = Targets::check(args.out.as_deref(), args.plot.as_deref(), &args.running)?;
    check(args)?;
    threads::set(args.running.threads)?;
    let progress = Progress::new(args.running.quiet);
    progress.step("simulating", 0);
    let curve = Curve::find(args)?;

    progress.step("writing", 0);
    let plot = targets.draw(|| Ok(figure(args, &curve)))?;
    let summary = Summary::new(args, &curve, targets.written());
    let table = targets.write(|| result_table(curve))?;
    plot.into_iter().chain(table).try_for_each(Pending::commit)?;
    drop(progress);
    targets.report("neuron fi", started, &args.running, &summary)
}

fn check(args: &FiArgs) -> Outcome<()> {
    let FiArgs { from, to, points, duration, .. } = *args;
    if to <= from {
        return Err(Failure::usage(format!("--to {to}: must be above --from, {from} uA/cm2")));
    }
    if !(to - from).is_finite() {
        return Err(Failure::usage(format!("--to {to:e}: is too far from --from {from:e}; sweep less far")));
    }
    limits::steps(duration, args.dt)?;
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
    let bytes = (points as f64 * (BYTES_PER_NEURON + BYTES_PER_MS * duration)) as u64;
    memory::check(&format!("--points {points} for {duration} ms"), bytes)
}

fn result_table(curve: Curve) -> Table {
    let column = |name: &str, values| Column { name: name.to_string(), values, ..Column::default() };
    Table::from(vec![column("current", curve.currents), column("rate_hz", curve.rates_hz)])
}
