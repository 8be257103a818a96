//! `hexad neuron run`.

mod summary;
mod watch;

use std::time::Instant;

use hexad_neuro_hh::{Firing, Neuron};

use super::limits;
use super::refusal::refusal;
use crate::args::neuron::run::RunArgs;
use crate::error::Outcome;
use crate::report;
use crate::threads;
use summary::Summary;
use watch::Watch;

/// Simulates, writes, draws, reports.
pub fn run(args: &RunArgs) -> Outcome<()> {
    let started = Instant::now();
    let steps = limits::steps(args.duration, args.dt)?;
    limits::check_arrivals(&args.groups(), args.dt)?;
    threads::set(args.running.threads)?;
    let neuron = Neuron::new(&args.membrane.membrane()?, args.dt, &args.options()?).map_err(refusal)?;
    let (mut watch, mut firing) = (Watch::new(), Firing::default());
    neuron.run_with(args.duration, &mut firing, |sample| watch.see(sample)).map_err(refusal)?;
    let summary = Summary::new(args, steps, &firing, watch.extremes, Vec::new());
    report::print("neuron run", started, &args.running, &summary)
}
