//! `cargo xtask fuzz`: damaged files, commands and requests for the program, which must refuse them in one line or work.

mod corpus;
mod damage;
mod page;
mod seal;
mod work;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use corpus::{Door, Target, targets};
use damage::Damage;
use work::{Ending, Work};

use crate::Outcome;
use crate::step::{self, all_well};
use crate::workspace::{cargo, target};

/// Most inputs of a kind that are kept.
const MOST: usize = 20;

/// What is asked for.
struct Options<'a> {
    seconds: f64,
    seed: u64,
    at_once: usize,
    is_release: bool,
    names: Vec<&'a str>,
}

/// Runs every target asked for, each for `--seconds`, on inputs that follow from `--seed` alone; keeps those that do
/// harm in `target/fuzz/NAME`.
pub(crate) fn run(arguments: &[&str]) -> Outcome {
    let options = Options::parse(arguments)?;
    let (profile, folder) = if options.is_release { ("release", "release") } else { ("dev", "debug") };
    step::run("build", cargo().args(["build", "--quiet", "--package", "hexad", "--profile", profile]))?;
    let program = target().join(folder).join(format!("hexad{}", std::env::consts::EXE_SUFFIX));
    let folder = target().join("fuzz");
    fs::create_dir_all(&folder)?;
    let all = targets(&program, &folder)?;
    let chosen = options.among(&all)?;
    all_well(&side_by_side(&chosen, options.at_once, |target| {
        let found = fuzz(target, &program, &folder.join(target.name), &options);
        found.unwrap_or_else(|error| vec![error.to_string()])
    }))
}

/// Works on so many targets at once; gives what was found in all.
fn side_by_side(
    targets: &[&Target],
    at_once: usize,
    work: impl Fn(&Target) -> Vec<String> + Sync,
) -> Vec<String> {
    let (next, complaints) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    std::thread::scope(|scope| {
        for _ in 0..at_once.max(1) {
            scope.spawn(|| {
                while let Some(target) = targets.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let found = work(target);
                    complaints.lock().unwrap_or_else(PoisonError::into_inner).extend(found);
                }
            });
        }
    });
    complaints.into_inner().unwrap_or_else(PoisonError::into_inner)
}

impl<'a> Options<'a> {
    fn parse(arguments: &[&'a str]) -> Result<Self, Box<dyn Error>> {
        let mut options = Self { seconds: 60.0, seed: 1, at_once: 1, is_release: false, names: Vec::new() };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let mut value = || rest.next().ok_or_else(|| format!("{argument} wants a value"));
            match *argument {
                "--seconds" => options.seconds = value()?.parse()?,
                "--seed" => options.seed = value()?.parse()?,
                "--at-once" => options.at_once = value()?.parse()?,
                "--release" => options.is_release = true,
                flag if flag.starts_with('-') => {
                    return Err(format!("unknown option {flag}; see cargo xtask fuzz --help").into());
                }
                name => options.names.push(name),
            }
        }
        Ok(options)
    }

    /// Those named, in that order; all where none is.
    fn among<'t>(&self, all: &'t [Target]) -> Result<Vec<&'t Target>, Box<dyn Error>> {
        if self.names.is_empty() {
            return Ok(all.iter().collect());
        }
        let named = |name: &&str| {
            let names: Vec<&str> = all.iter().map(|target| target.name).collect();
            let target = all.iter().find(|target| target.name == *name);
            target.ok_or_else(|| {
                format!("there is no target {name:?}; take one of {}", names.join(", ")).into()
            })
        };
        self.names.iter().map(named).collect()
    }
}

/// How runs ended.
#[derive(Default)]
struct Tally {
    runs: usize,
    refused: usize,
    stopped: usize,
}

/// Damages the samples of one target until the time is over; gives what was found.
fn fuzz(
    target: &Target,
    program: &Path,
    folder: &Path,
    options: &Options<'_>,
) -> Result<Vec<String>, Box<dyn Error>> {
    let mut work = Work::new(target, program, folder)?;
    for files in &target.samples {
        match work.attempt(files)? {
            Ending::Done => {}
            // Some ask for what is not there.
            Ending::Refused(_) if matches!(target.door, Door::Requests(_)) => {}
            Ending::Refused(why) | Ending::Harm(why) => {
                return Err(format!("{}: a whole sample is refused: {why}", target.name).into());
            }
            Ending::Stopped => return Err(format!("{}: a whole sample takes too long", target.name).into()),
        }
    }
    let (places, samples) = target.places();
    let (mut damage, mut tally, mut complaints) = (Damage::new(options.seed), Tally::default(), Vec::new());
    let start = Instant::now();
    while start.elapsed().as_secs_f64() < options.seconds && complaints.len() < MOST {
        let (index, bytes) = damage.of(&samples);
        let files = places[index].with(bytes);
        tally.runs += 1;
        let runs = tally.runs;
        let kept = |kind: &str| format!("{kind}-{}-{runs}", options.seed);
        match work.attempt(&files)? {
            Ending::Done => {}
            Ending::Refused(_) => tally.refused += 1,
            Ending::Stopped => {
                tally.stopped += 1;
                if tally.stopped <= MOST {
                    work.keep(&kept("slow"), &files)?;
                }
            }
            Ending::Harm(what) => {
                complaints.push(format!("{}: {what}", work.keep(&kept("harm"), &files)?.display()));
            }
        }
    }
    complaints.extend(work.leave()?);
    let Tally { runs, refused, stopped } = tally;
    let (name, harm) = (target.name, complaints.len());
    println!("{name:<16} {runs} runs, {refused} refused, {stopped} stopped as too long, {harm} did harm");
    Ok(complaints)
}
