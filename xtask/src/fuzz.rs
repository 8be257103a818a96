//! `cargo xtask fuzz`: damaged files and models for the program, which must refuse them in one line or work.

mod corpus;
mod damage;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use corpus::{Target, targets};
use damage::Damage;

use crate::Outcome;
use crate::step::{self, all_well};
use crate::workspace::{cargo, target};

/// A run that takes longer is stopped: a damaged model may ask for a year.
const PATIENCE: Duration = Duration::from_secs(10);

/// What is asked for.
struct Options<'a> {
    seconds: f64,
    seed: u64,
    names: Vec<&'a str>,
}

/// Runs every target asked for, each for `--seconds`, on inputs that follow from `--seed` alone; keeps those that do
/// harm in `target/fuzz/NAME`.
pub(crate) fn run(arguments: &[&str]) -> Outcome {
    let options = Options::parse(arguments)?;
    step::run("build", cargo().args(["build", "--quiet", "--package", "hexad"]))?;
    let program = target().join("debug").join(format!("hexad{}", std::env::consts::EXE_SUFFIX));
    let folder = target().join("fuzz");
    fs::create_dir_all(&folder)?;
    let all = targets(&program, &folder)?;
    let unknown = options.names.iter().find(|name| !all.iter().any(|target| target.name == **name));
    if let Some(name) = unknown {
        let names: Vec<&str> = all.iter().map(|target| target.name).collect();
        return Err(format!("there is no target {name:?}; take one of {}", names.join(", ")).into());
    }
    let mut complaints = Vec::new();
    for target in all.iter().filter(|target| options.asks_for(target.name)) {
        complaints.extend(fuzz(target, &program, &folder.join(target.name), &options)?);
    }
    all_well(&complaints)
}

impl<'a> Options<'a> {
    fn parse(arguments: &[&'a str]) -> Result<Self, Box<dyn Error>> {
        let mut options = Self { seconds: 60.0, seed: 1, names: Vec::new() };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let mut value = || rest.next().ok_or_else(|| format!("{argument} wants a value"));
            match *argument {
                "--seconds" => options.seconds = value()?.parse()?,
                "--seed" => options.seed = value()?.parse()?,
                flag if flag.starts_with('-') => {
                    return Err(format!("unknown option {flag}; see cargo xtask fuzz --help").into());
                }
                name => options.names.push(name),
            }
        }
        Ok(options)
    }

    fn asks_for(&self, name: &str) -> bool {
        self.names.is_empty() || self.names.contains(&name)
    }
}

/// Damages the samples of one target until the time is over; gives what was found.
fn fuzz(
    target: &Target,
    program: &Path,
    folder: &Path,
    options: &Options<'_>,
) -> Result<Vec<String>, Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    for sample in &target.samples {
        fs::write(folder.join(format!("input.{}", target.extension)), sample)?;
        let told = attempt(program, target, folder)?;
        if !told.status.is_some_and(|status| status.success()) {
            return Err(format!("{}: a whole sample is refused: {}", target.name, told.stderr).into());
        }
    }
    let (mut damage, mut complaints) = (Damage::new(options.seed), Vec::new());
    let (start, mut refused, mut slow, mut runs) = (Instant::now(), 0, 0, 0);
    while start.elapsed().as_secs_f64() < options.seconds && complaints.len() < 20 {
        let input = damage.of(&target.samples);
        let file = folder.join(format!("input.{}", target.extension));
        fs::write(&file, &input)?;
        let told = attempt(program, target, folder)?;
        runs += 1;
        refused += usize::from(told.status.is_some_and(|status| !status.success()));
        slow += usize::from(told.status.is_none());
        if let Some(harm) = told.harm() {
            let kept = folder.join(format!("harm-{}-{runs}.{}", options.seed, target.extension));
            fs::write(&kept, &input)?;
            complaints.push(format!("{}: {harm}", kept.display()));
        }
    }
    println!(
        "{:<10} {runs} runs, {refused} refused, {slow} stopped after {} s, {} did harm",
        target.name,
        PATIENCE.as_secs(),
        complaints.len()
    );
    Ok(complaints)
}

/// How a run ended; no status if it was stopped.
struct Told {
    status: Option<ExitStatus>,
    stderr: String,
}

fn attempt(program: &Path, target: &Target, folder: &Path) -> Result<Told, Box<dyn Error>> {
    let errors = folder.join("stderr.txt");
    let mut command = Command::new(program);
    command.args(target.line.split(' ')).args(["--quiet", "--threads", "1"]).current_dir(folder);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(fs::File::create(&errors)?);
    let mut process = command.spawn()?;
    let start = Instant::now();
    let status = loop {
        match process.try_wait()? {
            Some(status) => break Some(status),
            None if start.elapsed() > PATIENCE => {
                process.kill()?;
                process.wait()?;
                break None;
            }
            None => std::thread::sleep(Duration::from_millis(1)),
        }
    };
    Ok(Told { status, stderr: String::from_utf8_lossy(&fs::read(&errors)?).into_owned() })
}

impl Told {
    /// What is wrong with that: an end other than success or a refusal of one line.
    fn harm(&self) -> Option<String> {
        let status = self.status?;
        let lines = self.stderr.lines().count();
        match status.code() {
            Some(0) => None,
            Some(1 | 2) if lines == 1 && !self.stderr.contains("internal") => None,
            _ => Some(format!("{status}: {}", self.stderr.lines().next().unwrap_or("nothing said"))),
        }
    }
}
