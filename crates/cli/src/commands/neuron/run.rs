//! `hexad neuron run`.

mod arrivals;
mod figure;
mod summary;
mod watch;

use std::path::Path;
use std::time::Instant;

use hexad_neuro_hh::{Firing, NeuroError, Neuron, spike_times_ms};

use super::refusal::refusal;
use super::{envelope, limits};
use crate::args::neuron::run::RunArgs;
use crate::error::{Failure, Outcome};
use crate::output::{self, Pending};
use crate::progress::Progress;
use crate::report::Written;
use crate::table::{self, Column, Format, Table};
use crate::targets::Targets;
use crate::threads;
use figure::figure;
use summary::Summary;
use watch::{COLUMNS, Watch};

/// Simulates, writes, draws, reports. What a run that leaves the physical range has written until then is kept.
pub fn run(args: &RunArgs) -> Outcome<()> {
    let started = Instant::now();
    let targets = Targets::check(args.out.as_deref(), args.plot.as_deref(), &args.running)?;
    let spikes = args.spikes.as_deref().map(SpikeTarget::check).transpose()?;
    let steps = limits::steps(args.duration, args.dt)?;
    limits::check_arrivals(&args.groups(), args.dt)?;
    threads::set(args.running.threads)?;
    let neuron = Neuron::new(&args.membrane.membrane()?, args.dt, &args.options()?).map_err(refusal)?;

    let progress = Progress::new(args.running.quiet);
    progress.step("simulating", steps);
    let mut watch = Watch::new(targets.stream(&COLUMNS)?, args.every, args.plot.is_some(), steps, &progress);
    let mut firing = Firing::default();
    let stopped = stop(neuron.run_with(args.duration, &mut firing, |sample| watch.see(sample)))?;

    progress.step("writing", 0);
    let seen = watch.finish(stopped.is_none())?;
    let plot = targets.draw(|| figure(args, &firing, &seen))?;
    let times = spikes.as_ref().map(|target| target.write(&firing)).transpose()?;
    let mut outputs = targets.written();
    outputs.extend(spikes.as_ref().map(SpikeTarget::written));
    let summary = Summary::new(args, steps, &firing, seen.extremes, outputs);
    seen.trace.into_iter().chain(plot).chain(times).try_for_each(Pending::commit)?;
    drop(progress);
    stopped.map_or(Ok(()), Err)?;
    targets.report("neuron run", started, &args.running, &summary)
}

/// Why a run ended before its time, if that is no reason to drop what was seen of it.
fn stop(played: Result<(), NeuroError>) -> Outcome<Option<Failure>> {
    match played {
        Ok(()) => Ok(None),
        Err(error @ NeuroError::LeftRange { .. }) => Ok(Some(refusal(error))),
        Err(error) => Err(refusal(error)),
    }
}

/// Where `--spikes` go.
struct SpikeTarget<'a> {
    path: &'a Path,
    format: Format,
}

impl<'a> SpikeTarget<'a> {
    fn check(path: &'a Path) -> Outcome<Self> {
        let format = Format::of_option("--spikes", path)?;
        output::check_target("--spikes", path)?;
        Ok(Self { path, format })
    }

    fn write(&self, firing: &Firing) -> Outcome<Pending> {
        let values = spike_times_ms(&firing.spikes);
        let table = Table::from(vec![Column { name: "time_ms".to_string(), values, ..Column::default() }]);
        output::write(self.path, |out| table::write(&table, self.format, out))
    }

    fn written(&self) -> Written {
        Written { path: self.path.display().to_string(), format: self.format.name() }
    }
}
