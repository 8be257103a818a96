//! Runs that are stopped, killed and gone on with.

use std::error::Error;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use hexad_pde_leapfrog::{
    Absorbing, Clock, Fields, Grid, Medium, Model, Order, Real, Side, Simulation, Source, Start, Tiling,
    WaveError, Wavelet,
};
use hexad_testkit::Random;

use super::{random_fields, random_medium};
use crate::validate::claim::{Bound, Claim, Effort, Outcome};
use crate::workspace::target;

/// A folder that is gone when this is.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Result<Self, std::io::Error> {
        let path = target().join("validation").join(format!("{name}-{}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What cannot be removed is left.
        _ = fs::remove_dir_all(&self.0);
    }
}

/// A room with absorbing sides, a source and two receivers.
fn room(cells: &[usize], medium: Medium, order: Order) -> Result<(Model, Fields), Box<dyn Error>> {
    let mut random = Random::new(70);
    let layer =
        Side::Absorbing(Absorbing::default().with_cells(6).with_stretch(2.0).with_shift_frequency(1.0));
    let sides: Vec<[Side; 2]> =
        [[layer, layer], [Side::Rigid, layer], [Side::Periodic; 2]].into_iter().take(cells.len()).collect();
    let grid = Grid::new(cells, 0.02)?.with_walls_at_zero();
    let model = Model::new(grid, medium, &sides, order)?;
    let inside =
        |share: f64| -> Vec<f64> { cells.iter().map(|cells| share * 0.02 * *cells as f64).collect() };
    let model = model.with_source(Source::point(&inside(0.4321), Wavelet::ricker(1.0, 3.0))?)?;
    let model = model.with_receiver(&inside(0.5678))?.with_receiver(&inside(0.1234))?;
    let fields = random_fields(&model, &mut random)?;
    Ok((model, fields))
}

/// Values that differ in two runs.
fn different<T: Real>(a: &Simulation<T>, b: &Simulation<T>) -> Result<usize, WaveError> {
    let mut count = a.pressure()?.iter().zip(&b.pressure()?).filter(|(a, b)| a != b).count();
    for axis in 0..a.model().grid().dims() {
        count += a.velocity(axis)?.iter().zip(&b.velocity(axis)?).filter(|(a, b)| a != b).count();
    }
    let heard = a.traces().iter().flatten().zip(b.traces().iter().flatten());
    Ok(count + heard.filter(|(a, b)| a != b).count() + usize::from(a.step() != b.step()))
}

pub(super) fn stopped() -> Outcome {
    let folder = Folder::new("stopped")?;
    let (mut count, mut notes) = (0, Vec::new());
    for (cells, order) in [
        (&[700][..], Order::Two),
        (&[512], Order::Eight),
        (&[90, 70], Order::Four),
        (&[24, 26, 22], Order::Six),
    ] {
        let bytes = stops::<f64>(cells, order, &folder.0, &mut count)?;
        stops::<f32>(cells, order, &folder.0, &mut count)?;
        notes.push(format!("{cells:?} cells, order {}: {bytes} bytes in f64", order.number()));
    }
    let claim = Claim::new(
        "A run with absorbing sides and their memory, media per cell, a source and receivers is stopped after 1, 37, 100 \
         and 199 of 300 steps, written to a file, read back and gone on with in other tiles, in f64 and f32. Measured: \
         values of p, u or a receiver that differ from those of the uninterrupted run.",
        count as f64,
        Bound::AtMost(0.0),
    );
    Ok(notes.into_iter().fold(claim, Claim::note))
}

/// Adds to `count` what differs; gives the size of the last file.
fn stops<T: Real>(
    cells: &[usize],
    order: Order,
    folder: &Path,
    count: &mut usize,
) -> Result<usize, Box<dyn Error>> {
    let (model, fields) = room(cells, random_medium(cells, &mut Random::new(72))?, order)?;
    let clock = Clock::new(0.9 * model.largest_stable_dt(), 300)?;
    let mut whole = Simulation::<T>::new(&model, &clock)?;
    whole.start_from(&fields, Start::Taylor2)?;
    whole.advance(300)?;
    let mut stopped = Simulation::<T>::new(&model, &clock)?;
    stopped.start_from(&fields, Start::Taylor2)?;
    let mut bytes = 0;
    for (until, depth) in [(1, 1), (37, 5), (100, 0), (199, 3), (300, 2)] {
        stopped.advance(until - stopped.step())?;
        let file = folder.join("run");
        fs::write(&file, stopped.checkpoint()?)?;
        let read = fs::read(&file)?;
        stopped = Simulation::with_tiling(&model, &clock, Tiling::default().with_depth(depth))?;
        stopped.resume(&read)?;
        bytes = read.len();
    }
    *count += different(&whole, &stopped)?;
    Ok(bytes)
}

/// Steps of the run that is killed, each of them with a checkpoint.
const STEPS: u64 = 600;
/// How often it is killed.
const KILLS: u32 = 30;
const FEWER_KILLS: u32 = 6;

/// The run that is killed, at its start.
fn long_run() -> Result<(Simulation<f64>, Clock), Box<dyn Error>> {
    let (model, fields) = room(&[240, 300], Medium::default(), Order::Four)?;
    let clock = Clock::new(0.9 * model.largest_stable_dt(), STEPS)?;
    let mut run = Simulation::new(&model, &clock)?;
    run.start_from(&fields, Start::Exact)?;
    Ok((run, clock))
}

/// Where the checkpoint is, and where the next one is written.
fn files(folder: &Path) -> [PathBuf; 2] {
    ["run", "run.new"].map(|name| folder.join(name))
}

/// The process that is killed: goes on from the checkpoint in `folder`, if there is one, and writes another every
/// step.
pub(crate) fn until_killed(folder: &Path) -> crate::Outcome {
    let [file, new] = files(folder);
    let (mut run, _) = long_run()?;
    if file.exists() {
        run.resume(&fs::read(&file)?)?;
    }
    println!("running");
    while run.step() < STEPS {
        run.advance(1)?;
        fs::write(&new, run.checkpoint()?)?;
        fs::rename(&new, &file)?;
    }
    Ok(())
}

/// Starts the process and waits until it runs.
fn spawn(folder: &Path) -> Result<Child, Box<dyn Error>> {
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("until-killed").arg(folder).stdin(Stdio::null()).stdout(Stdio::piped());
    let mut process = command.spawn()?;
    if let Some(said) = &mut process.stdout {
        said.read_exact(&mut [0])?;
    }
    Ok(process)
}

pub(super) fn killed(effort: Effort) -> Outcome {
    let kills = effort.pick(KILLS, FEWER_KILLS);
    let folder = Folder::new("killed")?;
    let [file, new] = files(&folder.0);
    let (mut whole, clock) = long_run()?;
    let resumed = || -> Result<Simulation<f64>, Box<dyn Error>> {
        let mut run = Simulation::new(whole.model(), &clock)?;
        run.resume(&fs::read(&file)?)?;
        Ok(run)
    };
    let (mut random, mut writing, mut steps) = (Random::new(71), 0, 0);
    for _ in 0..kills {
        let mut process = spawn(&folder.0)?;
        std::thread::sleep(Duration::from_secs_f64(random.uniform(0.0, 0.02)));
        process.kill()?;
        process.wait()?;
        writing += u32::from(new.exists());
        // Whatever is there can be gone on with, and is never older than before.
        let now = if file.exists() { resumed()?.step() } else { 0 };
        if now < steps {
            return Err(format!("a kill led back from step {steps} to {now}").into());
        }
        steps = now;
    }
    let status = spawn(&folder.0)?.wait()?;
    if !status.success() {
        return Err(format!("the run did not go on after a kill: {status}").into());
    }
    let resumed = resumed()?;
    whole.advance(STEPS)?;
    Ok(Claim::new(
        "A process that writes a checkpoint every step, beside the last one and then in its place, is killed at \
         random moments and started again until it is done: a 2-D room of 72,000 cells with absorbing sides, a \
         source and receivers. Measured: values of p, u or a receiver that differ from those of the uninterrupted \
         run.",
        different(&whole, &resumed)? as f64,
        Bound::AtMost(0.0),
    )
    .time(format!(
        "{kills} kills, {writing} of them between the first byte of a checkpoint and its renaming, the last kill after step \
         {steps} of {STEPS}"
    ))
    .note("the process is killed, not the machine: what it wrote is in the file"))
}
