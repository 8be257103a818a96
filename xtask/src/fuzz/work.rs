//! The program at work on a sample.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use super::corpus::{Door, File, Target};
use super::page::Page;

/// A run that takes longer is stopped: a damaged model may ask for a year.
const PATIENCE: Duration = Duration::from_secs(5);
/// Longest word of a command that every system takes.
const LONGEST: usize = 30_000;

/// A program, the door that it is tried at, and the folder that it works in.
pub(super) struct Work<'a> {
    program: &'a Path,
    door: Door,
    folder: &'a Path,
    page: Option<Page>,
}

/// How a run ended.
pub(super) enum Ending {
    Done,
    /// In one line.
    Refused(String),
    /// It took too long.
    Stopped,
    /// Otherwise.
    Harm(String),
}

impl<'a> Work<'a> {
    pub fn new(target: &Target, program: &'a Path, folder: &'a Path) -> Result<Self, Box<dyn Error>> {
        fs::create_dir_all(folder)?;
        let page = match (target.door, target.samples.first()) {
            (Door::Requests(line), Some(files)) => {
                let folder = folder.join("page");
                fs::create_dir_all(&folder)?;
                write(&folder, files.iter().filter(|file| file.structure.is_none()))?;
                Some(Page::open(program, line, &folder)?)
            }
            _ => None,
        };
        Ok(Self { program, door: target.door, folder, page })
    }

    /// Lets the program have these files.
    pub fn attempt(&mut self, files: &[File]) -> Result<Ending, Box<dyn Error>> {
        let damaged = files.iter().find(|file| file.structure.is_some());
        let damaged = damaged.map_or(b"".as_slice(), |file| &file.bytes);
        if let Some(page) = &mut self.page {
            let ending = page.ask(damaged);
            if page.is_gone() {
                page.open_again()?;
            }
            return Ok(ending);
        }
        write(self.folder, files)?;
        let mut command = Command::new(self.program);
        match self.door {
            Door::Files(line) => command.args(line.split(' ')).args(["--quiet", "--threads", "1"]),
            _ => command.args(words(damaged)),
        };
        let errors = self.folder.join("stderr.txt");
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(fs::File::create(&errors)?);
        let status = wait(command.current_dir(self.folder))?;
        Ok(Ending::of(status, &String::from_utf8_lossy(&fs::read(&errors)?)))
    }

    /// Keeps files in a folder of this name.
    pub fn keep(&self, name: &str, files: &[File]) -> Result<PathBuf, Box<dyn Error>> {
        let folder = self.folder.join(name);
        fs::create_dir_all(&folder)?;
        write(&folder, files)?;
        Ok(folder)
    }

    /// What is wrong with what the program leaves behind.
    pub fn leave(self) -> Result<Option<String>, Box<dyn Error>> {
        self.page.map_or(Ok(None), Page::close)
    }
}

impl Ending {
    /// No status: it was stopped.
    fn of(status: Option<ExitStatus>, stderr: &str) -> Self {
        let Some(status) = status else { return Self::Stopped };
        let line = stderr.trim_end().to_owned();
        match status.code() {
            Some(0) => Self::Done,
            Some(1 | 2) if stderr.lines().count() == 1 && !stderr.contains("internal") => Self::Refused(line),
            _ => Self::Harm(format!("{status}: {line}")),
        }
    }
}

fn write<'a>(folder: &Path, files: impl IntoIterator<Item = &'a File>) -> Result<(), Box<dyn Error>> {
    for file in files {
        fs::write(folder.join(file.name), &file.bytes)?;
    }
    Ok(())
}

/// Arguments as any system takes them.
fn words(line: &[u8]) -> Vec<String> {
    let line = String::from_utf8_lossy(line).replace('\0', "");
    line.split(' ').take(100).map(|word| word.chars().take(LONGEST).collect()).collect()
}

fn wait(command: &mut Command) -> Result<Option<ExitStatus>, Box<dyn Error>> {
    let mut process = command.spawn()?;
    let start = Instant::now();
    loop {
        match process.try_wait()? {
            Some(status) => return Ok(Some(status)),
            None if start.elapsed() > PATIENCE => {
                process.kill()?;
                process.wait()?;
                return Ok(None);
            }
            None => std::thread::sleep(Duration::from_millis(1)),
        }
    }
}
