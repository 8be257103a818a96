//! The run itself: steps, snapshots, checkpoints.

use std::path::Path;
use std::time::{Duration, Instant};

use hexad_core::ndarray::ArrayD;
use hexad_pde_leapfrog::{CheckpointProblem, Simulation, WaveError};

use super::frames::Frames;
use super::number::Number;
use super::saved::{Saved, frames_of};
use super::setup::Setup;
use crate::error::{Failure, Outcome};
use crate::progress::Progress;

/// Cell-steps from one look at the clock to the next, and the fewest steps.
const CELL_STEPS: f64 = 5e7;
const FEWEST_STEPS: u64 = 128;

/// What the command line says about checkpoints.
pub struct Plan<'a> {
    /// The file's name, for messages.
    pub name: &'a str,
    /// Where checkpoints go, and steps from one to the next.
    pub checkpoint: Option<(&'a Path, u64)>,
    /// Where one is taken up.
    pub resume: Option<(&'a Path, Saved)>,
}

/// A run that has ended.
pub struct Finished {
    /// The last field, in the order of its array.
    pub pressure: ArrayD<f64>,
    /// What each receiver heard at every step.
    pub traces: Vec<Vec<f64>>,
    /// Energy at time 0 and at the end.
    pub energy: [f64; 2],
    /// The step from which it went on, and the time that the steps took.
    pub first_step: u64,
    /// Time that the steps took.
    pub stepping: Duration,
}

/// Steps from the start, or from a checkpoint, to the end.
pub fn run<T: Number>(
    setup: &mut Setup<'_>,
    plan: &Plan<'_>,
    frames: &mut Option<Frames>,
    progress: &Progress,
) -> Outcome<Finished> {
    progress.step("preparing", 0);
    let (mut run, energy_at_start) = begin::<T>(setup, plan, frames)?;
    let (first_step, steps) = (run.step(), setup.clock.steps());
    let every = setup.snapshots.as_ref().map_or(0, |snapshots| snapshots.every);
    let look = FEWEST_STEPS.max(steps_of(CELL_STEPS / setup.model.grid().total()));
    let mut stepping = Duration::ZERO;
    progress.step("stepping", steps);
    loop {
        let step = run.step();
        if let Some(frames) = frames
            && frames.count() * every == step
        {
            frames.push(&run.pressure().map_err(|error| blown(setup, plan, &error))?)?;
        }
        if let Some((path, _)) = plan.checkpoint.filter(|(_, often)| step % often == 0)
            && (step > first_step || plan.resume.is_none())
        {
            save(&run, path, every, frames.as_ref(), energy_at_start).map_err(|error| match error {
                Unsaved::Wave(error) => blown(setup, plan, &error),
                Unsaved::File(failure) => failure,
            })?;
        }
        if step >= steps {
            break;
        }
        let next =
            |every: u64| step.checked_div(every).map_or(steps, |done| (done + 1).saturating_mul(every));
        let often = plan.checkpoint.map_or(0, |(_, often)| often);
        let stop = steps.min(next(every)).min(next(often)).min(step.saturating_add(look));
        let before = Instant::now();
        run.advance(stop - step).map_err(|error| blown(setup, plan, &error))?;
        stepping += before.elapsed();
        progress.at(run.step());
    }
    run.check().map_err(|error| blown(setup, plan, &error))?;
    let energy = [energy_at_start, run.energy()];
    let pressure = run.pressure().map_err(|error| blown(setup, plan, &error))?.mapv(Number::double);
    Ok(Finished { pressure, traces: run.traces().to_vec(), energy, first_step, stepping })
}

/// At time 0, or where the checkpoint stands.
fn begin<T: Number>(
    setup: &mut Setup<'_>,
    plan: &Plan<'_>,
    frames: &mut Option<Frames>,
) -> Outcome<(Simulation<T>, f64)> {
    let refused = |error: &WaveError| setup.axes.refused(plan.name, error);
    let mut run = Simulation::<T>::new(&setup.model, &setup.clock).map_err(|error| refused(&error))?;
    let Some((path, saved)) = &plan.resume else {
        if let Some(opening) = setup.opening.take() {
            let (fields, start) = opening.fields(&setup.model, setup.clock.dt());
            run.start_from(&fields, start).map_err(|error| setup.axes.refused(plan.name, &error))?;
        }
        if let Some((path, _)) = plan.checkpoint {
            // An older one would not fit the snapshots that are written now.
            let _ = std::fs::remove_file(path);
        }
        frames.as_mut().map_or(Ok(()), Frames::clear)?;
        let energy = run.energy();
        return Ok((run, energy));
    };
    run.resume(&saved.run).map_err(|error| match error {
        WaveError::Checkpoint { reason } => not_resumed(path, reason),
        other => refused(&other),
    })?;
    if run.step() > setup.clock.steps() {
        return Err(Failure::work(format!(
            "--resume {}: it stands at step {}, but the model ends after {}; make duration_s longer",
            path.display(),
            run.step(),
            setup.clock.steps()
        )));
    }
    if let Some(frames) = frames {
        let every = setup.snapshots.as_ref().map_or(0, |snapshots| snapshots.every);
        if saved.every != every {
            let had =
                if saved.every == 0 { "no".to_string() } else { format!("every {} steps", saved.every) };
            return Err(Failure::work(format!(
                "--resume {}: it was made with {had} snapshots, but the model asks for one every {every} steps; leave [snapshots] as it was",
                path.display()
            )));
        }
        if run.step().checked_div(every).is_none_or(|done| done + 1 != saved.frames.count) {
            return Err(Failure::work(format!(
                "--resume {}: it is damaged: by step {} there are not {} snapshots; run the model again",
                path.display(),
                run.step(),
                saved.frames.count
            )));
        }
        frames.go_on(&frames_of(path), saved.frames)?;
    }
    Ok((run, saved.energy_at_start))
}

fn not_resumed(path: &Path, reason: CheckpointProblem) -> Failure {
    let advice = match reason {
        CheckpointProblem::OtherModel => "go on with the model that made it",
        _ => "run the model again",
    };
    Failure::work(format!("--resume {}: {reason}; {advice}", path.display()))
}

enum Unsaved {
    Wave(WaveError),
    File(Failure),
}

fn save<T: Number>(
    run: &Simulation<T>,
    path: &Path,
    every: u64,
    frames: Option<&Frames>,
    energy_at_start: f64,
) -> Result<(), Unsaved> {
    let bytes = run.checkpoint().map_err(Unsaved::Wave)?;
    let tally = match frames {
        Some(frames) => {
            frames.sync().map_err(Unsaved::File)?;
            frames.tally()
        }
        None => super::frames::Tally { count: 0, digest: 0 },
    };
    let every = if frames.is_some() { every } else { 0 };
    Saved { every, frames: tally, energy_at_start, run: bytes }.write(path).map_err(Unsaved::File)
}

/// What the library says, and what is left to go on from.
fn blown(setup: &Setup<'_>, plan: &Plan<'_>, error: &WaveError) -> Failure {
    let what = setup.axes.explain(error);
    if !matches!(error, WaveError::BlownUp { .. }) {
        return setup.axes.refused(plan.name, error);
    }
    let kept = plan.checkpoint.filter(|(path, _)| path.exists());
    let kept =
        kept.map_or(String::new(), |(path, _)| format!("; {} holds the last good state", path.display()));
    Failure::work(format!("{}: {what}{kept}; check the amplitudes, or use precision = \"f64\"", plan.name))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates where it must")]
fn steps_of(steps: f64) -> u64 {
    steps as u64
}
