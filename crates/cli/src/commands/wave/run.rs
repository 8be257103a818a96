//! `hexad wave run`.

mod axes;
mod figure;
mod frames;
mod medium;
mod movie;
mod number;
mod opening;
mod outputs;
mod saved;
mod scene;
mod setup;
mod sides;
mod sources;
mod stepping;
mod summary;

use std::io;
use std::time::Instant;

use crate::args::wave::run::RunArgs;
use crate::error::{Failure, Outcome};
use crate::keys::Source;
use crate::output::{self, Pending};
use crate::progress::Progress;
use crate::report;
use crate::table::{self, Column, Format, Table, npy_header};
use crate::threads;
use frames::Frames;
use movie::Show;
use number::Number;
use outputs::{Heard, Outputs};
use saved::Saved;
use scene::Scene;
use setup::{Keeps, Precision, Setup};
use stepping::{Finished, Plan};
use summary::Summary;

/// The column of times.
const TIME: &str = "t_s";

/// Reads the model, runs it, draws, writes, reports.
pub fn run(args: &RunArgs) -> Outcome<()> {
    let started = Instant::now();
    let mut outputs = Outputs::check(args)?;
    threads::set(args.running.threads)?;
    let source = Source::read(&args.config)?;
    let table = source.parse()?;
    let keeps = Keeps { checkpoints: args.checkpoint.is_some() || args.resume.is_some() };
    let mut setup = Setup::of(&source, source.section(&table), keeps)?;
    outputs.fit(&setup, source.name())?;
    let resume =
        args.resume.as_deref().map(|path| Saved::read(path).map(|saved| (path, saved))).transpose()?;
    let checkpoint = args.checkpoint.as_deref().zip(args.every.map(|every| every as u64));
    let plan = Plan { name: source.name(), checkpoint, resume };

    let progress = Progress::new(args.running.quiet);
    let mut frames = frames(&setup, &outputs, args)?;
    let finished = match setup.precision {
        Precision::F32 => stepping::run::<f32>(&mut setup, &plan, &mut frames, &progress)?,
        Precision::F64 => stepping::run::<f64>(&mut setup, &plan, &mut frames, &progress)?,
    };
    write(&setup, &outputs, &finished, frames, &progress)?;
    drop(progress);
    if outputs.takes_stdout() {
        return Ok(());
    }
    report::print("wave run", started, &args.running, &Summary::new(&setup, &finished, &outputs))
}

/// A place for the snapshots, if the model has some and somebody wants them.
fn frames(setup: &Setup<'_>, outputs: &Outputs, args: &RunArgs) -> Outcome<Option<Frames>> {
    let (Some(snapshots), Some(home)) = (&setup.snapshots, outputs.home(args.checkpoint.as_deref())) else {
        return Ok(None);
    };
    let bytes = match setup.precision {
        Precision::F32 => f32::BYTES,
        Precision::F64 => f64::BYTES,
    };
    Frames::create(home, setup.model.grid().cells(), snapshots.count(&setup.clock), bytes).map(Some)
}

/// Writes everything, and puts it in its place when all of it is whole.
fn write(
    setup: &Setup<'_>,
    outputs: &Outputs,
    finished: &Finished,
    mut frames: Option<Frames>,
    progress: &Progress,
) -> Outcome<()> {
    let mut pending = Vec::new();
    let mut folder = None;
    let scene = Scene::of(setup);
    if let Some(frames) = frames.as_mut()
        && (outputs.gif.is_some() || outputs.folder.is_some())
    {
        progress.step("drawing", frames.count());
        let last = scene.plane(finished.pressure.as_slice().unwrap_or_default());
        let show = Show::new(setup, &scene, Some(frames), &last)?;
        if let Some(path) = &outputs.gif {
            let bytes = show.gif(frames, progress)?;
            pending.push(output::write(path, |out| out.write_all(&bytes))?);
        }
        if let Some(path) = &outputs.folder {
            folder = Some(show.pngs(frames, path, progress)?);
        }
    }
    progress.step("writing", 0);
    if let Some((path, picture)) = &outputs.plot {
        let bytes = figure::figure(setup, &scene, finished, frames.as_mut(), *picture)?;
        pending.push(output::write(path, |out| out.write_all(&bytes))?);
    }
    if let Some(path) = &outputs.npy {
        pending.push(match frames {
            Some(frames) => frames.into_npy(path)?,
            None => output::write(path, |out| last_field(setup, finished, out))?,
        });
    }
    match &outputs.receivers {
        None => {}
        Some(Heard::File(path, format)) => {
            let heard = heard(setup, finished);
            pending.push(output::write(path, |out| table::write(&heard, *format, out))?);
        }
        Some(Heard::Stdout) => {
            let written = table::write(&heard(setup, finished), Format::Csv, &mut io::stdout());
            written.map_err(|error| Failure::stdout(&error))?;
        }
    }
    pending.into_iter().try_for_each(Pending::commit)?;
    folder.map_or(Ok(()), crate::output::PendingFolder::commit)
}

/// The last field as an array in the shape of the grid.
fn last_field(setup: &Setup<'_>, finished: &Finished, out: &mut (dyn io::Write + Send)) -> io::Result<()> {
    let shape: Vec<u64> = setup.model.grid().cells().iter().map(|cells| *cells as u64).collect();
    let mut bytes = npy_header(&shape, setup.precision.bytes());
    for value in &finished.pressure {
        match setup.precision {
            // It was made from one.
            #[expect(clippy::cast_possible_truncation, reason = "exact")]
            Precision::F32 => (*value as f32).push(&mut bytes),
            Precision::F64 => value.push(&mut bytes),
        }
    }
    out.write_all(&bytes)
}

/// A column of times and one for each receiver.
fn heard(setup: &Setup<'_>, finished: &Finished) -> Table {
    let dt = setup.clock.dt();
    let steps = finished.traces.first().map_or(0, Vec::len);
    let column = |name: &str, values| Column { name: name.to_string(), values, ..Column::default() };
    let times = (0..steps).map(|step| step as f64 * dt).collect();
    let named = setup.receivers.iter().zip(&finished.traces);
    let columns = named.map(|(name, trace)| column(name, trace.clone()));
    Table::from(std::iter::once(column(TIME, times)).chain(columns).collect::<Vec<_>>())
}
