//! `hexad neuron population`.

mod summary;

use std::time::Instant;

use hexad_neuro_hh::{Population, Precision};

use super::figure::{Words, figure};
use super::limits;
use super::recording::{self, Group, Setting, Statistics};
use super::refusal::refusal_of_many;
use super::simulation::{Simulated, simulate};
use super::{rate_table, room};
use crate::args::neuron::population::{PopulationArgs, PrecisionKind};
use crate::error::Outcome;
use crate::output::Pending;
use crate::progress::Progress;
use crate::table::{Column, Table};
use crate::targets::Targets;
use crate::threads;
use summary::Summary;

/// Simulates, writes, draws, reports.
pub fn run(args: &PopulationArgs) -> Outcome<()> {
    match args.precision {
        PrecisionKind::F64 => run_in::<f64>(args),
        PrecisionKind::F32 => run_in::<f32>(args),
    }
}

fn run_in<T: Precision>(args: &PopulationArgs) -> Outcome<()> {
    let started = Instant::now();
    let files = &args.files;
    let targets = Targets::check(files.out.as_deref(), files.plot.as_deref(), &args.running)?;
    recording::check_files(files)?;
    let steps = limits::steps(args.duration, args.dt)?;
    limits::check_arrivals(&args.groups(), args.dt)?;
    let record = args.record()?;
    room::check("", args.neurons, 0, steps as f64 * args.dt, files.bin)?;
    threads::set(args.running.threads)?;

    let progress = Progress::new(args.running.quiet);
    let model = args.membrane.membrane()?;
    let population = Population::<T>::new(&model, args.neurons, args.dt, &args.options(&model)?);
    let population = population.map_err(refusal_of_many)?;
    let groups = vec![Group { name: String::new(), neurons: 0..args.neurons }];
    let setting = Setting { groups, steps, dt_ms: args.dt, record, files, checkpoints: &args.checkpoints };
    let mut simulated = simulate(population, &setting, &progress)?;

    progress.step("writing", 0);
    let Simulated { recording, .. } = &mut simulated;
    let mut pending: Vec<Pending> = recording.finish()?;
    pending.extend(rate_table::write(files.rates.as_deref(), &setting.groups, &recording.rates)?);
    pending.extend(targets.write(|| neuron_table(args, &recording.statistics))?);
    let mut written = setting.written();
    written.extend(targets.written());
    let summary = Summary::new(args, &setting, &simulated, written);
    pending.extend(targets.draw(|| Ok(figure(&words(args), &setting, &simulated.recording)))?);
    pending.into_iter().try_for_each(Pending::commit)?;
    let stopped = simulated.stopped;
    drop(simulated);
    drop(progress);
    stopped.map_or(Ok(()), |error| Err(refusal_of_many(error)))?;
    targets.report("neuron population", started, &args.running, &summary)
}

fn words(args: &PopulationArgs) -> Words {
    let (excitatory, inhibitory) = args.source_counts();
    let many = match args.neurons {
        1 => "1 neuron".to_string(),
        neurons => format!("{neurons} neurons"),
    };
    let input = match excitatory + inhibitory {
        0 => "without synaptic input".to_string(),
        _ => format!("under {excitatory} excitatory and {inhibitory} inhibitory inputs each"),
    };
    let sweep = args.sweep.map_or_else(String::new, |(from, to)| {
        format!(", {from} to {to} \u{b5}A/cm\u{b2} from the first to the last")
    });
    Words { title: format!("{many} {input}{sweep}") }
}

/// One row per neuron.
fn neuron_table(args: &PopulationArgs, statistics: &Statistics) -> Table {
    let mut columns = ["neuron", "current", "spikes", "rate_hz", "isi_cv"]
        .map(|name| Column { name: name.to_string(), ..Column::default() });
    let own = args.own_currents();
    let shared_ua_cm2 = args.constant_current();
    for (neuron, [spikes, rate_hz, cv]) in statistics.rows().enumerate() {
        let current = shared_ua_cm2 + own.get(neuron).copied().unwrap_or(0.0);
        let row = [neuron as f64, current, spikes, rate_hz, cv];
        columns.iter_mut().zip(row).for_each(|(column, value)| column.values.push(value));
    }
    Table::from(columns.to_vec())
}
