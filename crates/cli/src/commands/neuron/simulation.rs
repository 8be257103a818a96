//! Runs many neurons from beginning to end, or from where they stopped.

use std::fmt;
use std::path::Path;
use std::time::Instant;

use hexad_neuro_hh::{NeuroError, Population, Precision};

use serde::Serialize;

use super::recording::checkpoint::Checkpoint;
use super::recording::{Firing, Recording, Setting, WINDOW_MS};
use crate::error::{Failure, Outcome};
use crate::progress::Progress;

/// A simulation at its end.
pub struct Simulated<'a> {
    /// What was recorded, from the beginning on.
    pub recording: Recording<'a>,
    /// Steps that were made, and how long they took.
    pub steps: u64,
    pub elapsed_s: f64,
    /// A potential left the physical range; the files hold what came before.
    pub stopped: Option<NeuroError>,
}

/// How fast a simulation was; `None` where nothing was left to simulate.
#[derive(Debug, Serialize)]
pub struct Speed {
    pub simulation_s: f64,
    pub neuron_steps_per_s: Option<f64>,
    pub real_time_factor: Option<f64>,
}

/// What every simulation of many neurons tells.
#[derive(Debug, Serialize)]
pub struct Course {
    integrator: &'static str,
    precision: &'static str,
    dt_ms: f64,
    duration_ms: f64,
    steps: u64,
    seed: u64,
    #[serde(flatten)]
    firing: Firing,
    fano_window_ms: f64,
}

impl Course {
    pub fn new(setting: &Setting, simulated: &Simulated, precision: &'static str, seed: u64) -> Self {
        Self {
            integrator: "staggered",
            precision,
            dt_ms: setting.dt_ms,
            duration_ms: setting.duration_ms(),
            steps: setting.steps,
            seed,
            firing: simulated.recording.statistics.firing(0..setting.neurons()),
            fano_window_ms: WINDOW_MS,
        }
    }

    pub fn precision(&self) -> &'static str {
        self.precision
    }

    /// In a few lines.
    pub fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "time        {} ms in {} steps of {} ms", self.duration_ms, self.steps, self.dt_ms)?;
        self.firing.describe(f)
    }
}

impl Simulated<'_> {
    /// How fast `neurons` were stepped by `dt_ms`, with all that was recorded meanwhile.
    pub fn speed(&self, neurons: usize, dt_ms: f64) -> Speed {
        let per_second = |amount: f64| (self.steps > 0).then(|| amount / self.elapsed_s);
        Speed {
            simulation_s: self.elapsed_s,
            neuron_steps_per_s: per_second(neurons as f64 * self.steps as f64),
            real_time_factor: per_second(1e-3 * dt_ms * self.steps as f64),
        }
    }
}

/// Runs `population`, recording as it goes.
pub fn simulate<'a, T: Precision>(
    mut population: Population<T>,
    setting: &'a Setting<'a>,
    progress: &'a Progress,
) -> Outcome<Simulated<'a>> {
    let mut recording = Recording::new(setting, progress)?;
    begin(&mut population, setting, &mut recording, progress)?;
    progress.step("simulating", setting.steps);
    let (first, started) = (population.steps(), Instant::now());
    let mut stopped = None;
    while population.steps() < setting.steps && stopped.is_none() {
        let until = block_end(setting, population.steps());
        let block_ms = (until - population.steps()) as f64 * setting.dt_ms;
        stopped = population.run(block_ms, &mut recording).err();
        recording.failed()?;
        if let (Some(path), None) = (&setting.checkpoints.checkpoint, stopped) {
            recording.save(path, &population)?;
        }
    }
    let (steps, elapsed_s) = (population.steps() - first, started.elapsed().as_secs_f64());
    Ok(Simulated { recording, steps, elapsed_s, stopped })
}

/// Brings population and recording to where they begin, with the first checkpoint.
fn begin<T: Precision>(
    population: &mut Population<T>,
    setting: &Setting,
    recording: &mut Recording,
    progress: &Progress,
) -> Outcome<()> {
    let (keep, resume) = (setting.checkpoints.checkpoint.as_deref(), setting.checkpoints.resume.as_deref());
    let Some(resume) = resume else {
        let Some(keep) = keep else { return Ok(()) };
        if keep.exists() {
            let path = keep.display();
            return Err(Failure::work(format!(
                "--checkpoint {path}: exists; go on from it with --resume {path}, or remove it to start over"
            )));
        }
        recording.keep_journals(keep)?;
        return recording.save(keep, population);
    };
    progress.step("reading what was recorded", 0);
    let checkpoint = Checkpoint::read(resume)?;
    go_back(population, setting, resume, &checkpoint)?;
    let Some(keep) = keep else { return recording.replay(resume, &checkpoint) };
    if is_same_file(keep, resume) {
        recording.replay(resume, &checkpoint)?;
        return recording.continue_journals(resume, &checkpoint);
    }
    if keep.exists() {
        let path = keep.display();
        return Err(Failure::work(format!("--checkpoint {path}: exists; give another path, or remove it")));
    }
    recording.keep_journals(keep)?;
    recording.replay(resume, &checkpoint)?;
    recording.save(keep, population)
}

fn go_back<T: Precision>(
    population: &mut Population<T>,
    setting: &Setting,
    path: &Path,
    checkpoint: &Checkpoint,
) -> Outcome<()> {
    let path = path.display();
    population.resume(&checkpoint.population).map_err(|error| match error {
        NeuroError::CheckpointMismatch { what } => {
            Failure::work(format!("{path}: is a checkpoint of another run: {what} differs; change that back"))
        }
        other => Failure::work(format!("{path}: {other}")),
    })?;
    if checkpoint.record != setting.record {
        return Err(Failure::work(format!(
            "{path}: is a checkpoint of a run that recorded other potentials; record the same neurons and steps"
        )));
    }
    let (at, end) = (population.time_ms(), setting.duration_ms());
    if population.steps() > setting.steps {
        return Err(Failure::usage(format!(
            "--resume {path}: is at {at} ms already, the run would end at {end} ms; run for longer"
        )));
    }
    Ok(())
}

/// The step after `step` at which a checkpoint is due, or the last: the same steps however often the run stops.
fn block_end(setting: &Setting, step: u64) -> u64 {
    let Some(every_ms) = setting.checkpoints.every else { return setting.steps };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive, saturates")]
    let every = ((every_ms / setting.dt_ms).round() as u64).max(1);
    setting.steps.min((step / every + 1).saturating_mul(every))
}

fn is_same_file(a: &Path, b: &Path) -> bool {
    let real = |path: &Path| std::fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf());
    real(a) == real(b)
}
