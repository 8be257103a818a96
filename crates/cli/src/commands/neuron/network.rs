//! `hexad neuron network`.

mod config;
mod summary;
mod wiring;

use std::time::Instant;

use hexad_neuro_hh::{NeuroError, Population, PopulationOptions, Precision};

use super::figure::{Words, figure};
use super::recording::{self, Group, Setting, Statistics};
use super::refusal::{moment, rounded_down};
use super::simulation::{Simulated, simulate};
use super::{limits, rate_table, room};
use crate::args::neuron::network::NetworkArgs;
use crate::error::{Failure, Outcome};
use crate::keys::Source;
use crate::output::Pending;
use crate::progress::Progress;
use crate::table::{Column, Table};
use crate::targets::Targets;
use crate::threads;
use crate::units::four_digits;
use config::Config;
use summary::Summary;

/// Reads, wires, simulates, writes, draws, reports.
pub fn run(args: &NetworkArgs) -> Outcome<()> {
    let started = Instant::now();
    let source = Source::read(&args.config)?;
    let table = source.parse()?;
    let config = Config::read(source.section(&table))?;
    if config.is_single {
        run_in::<f32>(args, &source, &config, started)
    } else {
        run_in::<f64>(args, &source, &config, started)
    }
}

fn run_in<T: Precision>(
    args: &NetworkArgs,
    source: &Source,
    config: &Config,
    started: Instant,
) -> Outcome<()> {
    let files = &args.files;
    let targets = Targets::check(files.out.as_deref(), files.plot.as_deref(), &args.running)?;
    recording::check_files(files)?;
    let setting = setting(args, source, config)?;
    threads::set(args.running.threads)?;
    let progress = Progress::new(args.running.quiet);
    progress.step("wiring", 0);
    let population = build::<T>(source, config, &setting)?;
    let connections = population.connections();
    let mut simulated = simulate(population, &setting, &progress)?;

    progress.step("writing", 0);
    let Simulated { recording, .. } = &mut simulated;
    let mut pending: Vec<Pending> = recording.finish()?;
    pending.extend(rate_table::write(files.rates.as_deref(), &setting.groups, &recording.rates)?);
    pending.extend(targets.write(|| neuron_table(config, &recording.statistics))?);
    let mut written = setting.written();
    written.extend(targets.written());
    let summary = Summary::new(config, connections, &setting, &simulated, written);
    let title = config.title.clone().unwrap_or_else(|| source.name().to_string());
    pending.extend(targets.draw(|| Ok(figure(&Words { title }, &setting, &simulated.recording)))?);
    pending.into_iter().try_for_each(Pending::commit)?;
    let stopped = simulated.stopped;
    drop(simulated);
    drop(progress);
    stopped.map_or(Ok(()), |error| Err(refused(source, config, error)))?;
    targets.report("neuron network", started, &args.running, &summary)
}

/// Checks what only the whole file tells.
fn setting<'a>(args: &'a NetworkArgs, source: &Source, config: &Config) -> Outcome<Setting<'a>> {
    let steps = limits::count_steps(config.duration_ms, config.dt_ms);
    let steps = steps.map_err(|what| Failure::work(format!("{}: duration_ms {what}", source.name())))?;
    if let (Some(path), None) = (&args.files.traces, &config.record) {
        return Err(Failure::work(format!(
            "{}: says not whose potentials go to --traces {}; add a section [record] with neurons = [0, 5]",
            source.name(),
            path.display()
        )));
    }
    for population in &config.populations {
        if let (Err(what), Some(value)) =
            (limits::count_arrivals(&population.input, config.dt_ms), &population.input_value)
        {
            return Err(value.fail(what));
        }
    }
    let connections: f64 = config.connections.iter().map(config::ConnectionSpec::expected).sum();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "not negative, saturates")]
    let connections = connections.ceil() as u64;
    room::check(
        &format!("{}: ", source.name()),
        config.neurons(),
        connections,
        steps as f64 * config.dt_ms,
        args.files.bin,
    )?;
    let group = |population: &config::PopulationSpec| Group {
        name: population.name.clone(),
        neurons: population.neurons.clone(),
    };
    let groups = config.populations.iter().map(group).collect();
    let (files, checkpoints) = (&args.files, &args.checkpoints);
    Ok(Setting { groups, steps, dt_ms: config.dt_ms, record: config.record.clone(), files, checkpoints })
}

/// The neurons, wired.
fn build<T: Precision>(source: &Source, config: &Config, setting: &Setting) -> Outcome<Population<T>> {
    let refused = |error| refused(source, config, error);
    let mut options = PopulationOptions::default()
        .with_starts(
            config.populations.iter().flat_map(|population| population.starts(&config.model)).collect(),
        )
        .with_current(config.current.clone())
        .with_currents(config.populations.iter().flat_map(config::PopulationSpec::currents).collect())
        .with_threshold(config.threshold)
        .with_seed(config.seed);
    if config.populations.iter().any(|population| !population.input.is_empty()) {
        let inputs = config.populations.iter().map(|population| population.input.clone()).collect();
        let which =
            |(index, population): (usize, &config::PopulationSpec)| vec![index; population.neurons.len()];
        options =
            options.with_inputs(inputs, config.populations.iter().enumerate().flat_map(which).collect());
    }
    options.record.clone_from(&setting.record);
    let population =
        Population::new(&config.model, config.neurons(), config.dt_ms, &options).map_err(refused)?;
    let projections = wiring::projections(config)?;
    let delays = projections.iter().flat_map(|projection| &projection.connections.delays_ms);
    let longest_ms = delays.copied().fold(0.0, f64::max);
    room::check_delays(&format!("{}: ", source.name()), config.neurons(), longest_ms / config.dt_ms)?;
    population.connected(&projections).map_err(refused)
}

/// The library's complaints, with the file and its keys.
fn refused(source: &Source, config: &Config, error: NeuroError) -> Failure {
    let name = source.name();
    match error {
        NeuroError::UnstableStep { dt_ms, largest_ms, .. } => {
            let largest_ms = rounded_down(largest_ms);
            let what = format!("{dt_ms} is too long a step; at most {largest_ms} ms is safe");
            let failure = config.dt.as_ref().map(|dt| dt.fail(&what));
            Failure::usage(
                failure.map_or_else(|| format!("{name}: dt_ms: {what}"), |failure| failure.to_string()),
            )
        }
        NeuroError::LeftRange { neuron, time_ms, v_mv } => {
            let population =
                config.populations.iter().find(|population| population.neurons.contains(&neuron));
            let whose = population.map_or_else(String::new, |population| {
                format!(" ({} of population \"{}\")", neuron - population.neurons.start, population.name)
            });
            Failure::work(format!(
                "{name}: neuron {neuron}{whose} left the physical range at {} ms with {} mV; lower its drive or dt_ms",
                moment(time_ms),
                four_digits(v_mv)
            ))
        }
        other => Failure::work(format!("{name}: {other}")),
    }
}

/// One row per neuron.
fn neuron_table(config: &Config, statistics: &Statistics) -> Table {
    let mut columns = ["neuron", "population", "current", "spikes", "rate_hz", "isi_cv"]
        .map(|name| Column { name: name.to_string(), ..Column::default() });
    let own = |(index, population): (usize, &'_ config::PopulationSpec)| {
        population.currents().map(move |current| (index, current)).collect::<Vec<_>>()
    };
    let neurons = config.populations.iter().enumerate().flat_map(own);
    for ((neuron, (population, current)), [spikes, rate_hz, cv]) in neurons.enumerate().zip(statistics.rows())
    {
        let row = [neuron as f64, population as f64, current, spikes, rate_hz, cv];
        columns.iter_mut().zip(row).for_each(|(column, value)| column.values.push(value));
    }
    Table::from(columns.to_vec())
}
