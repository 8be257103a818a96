//! What the command line asks to be written.

use std::path::{Path, PathBuf};

use super::frames::Home;
use super::movie::FRAME;
use super::saved::frames_of;
use super::setup::Setup;
use crate::args::wave::run::RunArgs;
use crate::error::{Failure, Outcome};
use crate::output;
use crate::plot::Picture;
use crate::report::Written;
use crate::table::Format;

/// Where results go.
#[derive(Debug, Default)]
pub struct Outputs {
    /// All snapshots, or the last field.
    pub npy: Option<PathBuf>,
    /// The snapshots as a picture that moves.
    pub gif: Option<PathBuf>,
    /// The snapshots as a picture each.
    pub folder: Option<PathBuf>,
    /// What the receivers heard.
    pub receivers: Option<Heard>,
    /// The last field and what the receivers heard.
    pub plot: Option<(PathBuf, Picture)>,
}

/// Where goes what the receivers heard.
#[derive(Debug)]
pub enum Heard {
    Stdout,
    File(PathBuf, Format),
}

impl Outputs {
    /// Refuses what cannot be written, before any work.
    pub fn check(args: &RunArgs) -> Outcome<Self> {
        let mut outputs = Self::default();
        for path in &args.out {
            outputs.add(path, args.running.json)?;
        }
        if let Some(path) = &args.plot {
            let picture = Picture::of(path)?;
            output::check_target("--plot", path)?;
            outputs.plot = Some((path.clone(), picture));
        }
        if let Some(path) = &args.checkpoint {
            output::check_target("--checkpoint", path)?;
            output::check_target("--checkpoint", &frames_of(path))?;
        }
        Ok(outputs)
    }

    fn add(&mut self, path: &Path, json: bool) -> Outcome<()> {
        let extension =
            path.extension().and_then(|extension| extension.to_str()).map(str::to_ascii_lowercase);
        let is_new = match extension.as_deref() {
            _ if path.as_os_str() == "-" => {
                if json {
                    return Err(Failure::usage(
                        "--out - and --json both want standard output; give --out a path",
                    ));
                }
                return once(path, self.receivers.replace(Heard::Stdout).is_none());
            }
            _ if path.is_dir() || path.as_os_str().to_string_lossy().ends_with(['/', '\\']) => {
                check_replaceable(path)?;
                return once(path, self.folder.replace(path.to_path_buf()).is_none());
            }
            Some("npy") => self.npy.replace(path.to_path_buf()).is_none(),
            Some("gif") => self.gif.replace(path.to_path_buf()).is_none(),
            Some("csv" | "parquet") => {
                self.receivers.replace(Heard::File(path.to_path_buf(), Format::of(path)?)).is_none()
            }
            _ => {
                return Err(Failure::usage(format!(
                    "--out {}: the extension tells what is written: .npy the snapshots, .gif a moving picture, frames/ a folder of pictures, .csv or .parquet the receivers",
                    path.display()
                )));
            }
        };
        once(path, is_new)?;
        output::check_target("--out", path)
    }

    /// Refuses what the model does not have, and gives the receivers a file where none is named.
    pub fn fit(&mut self, setup: &Setup<'_>, file: &str) -> Outcome<()> {
        if setup.receivers.is_empty() && self.receivers.is_some() {
            return Err(Failure::work(format!(
                "{file}: has no [[receivers]], but --out asks for what they heard; add some, or leave it out"
            )));
        }
        if setup.snapshots.is_none() && (self.gif.is_some() || self.folder.is_some()) {
            let every = setup.clock.end_time() / 100.0;
            return Err(Failure::work(format!(
                "{file}: says nothing of snapshots, but --out asks for pictures of them; add [snapshots] with every_s = {} for a hundred",
                crate::units::four_digits(every)
            )));
        }
        if !setup.receivers.is_empty() && self.receivers.is_none() {
            let beside = self.npy.as_ref().or(self.gif.as_ref()).or(self.folder.as_ref());
            if let Some(path) = beside.map(|beside| receivers_beside(beside)) {
                output::check_target("--out", &path)?;
                self.receivers = Some(Heard::File(path, Format::Csv));
            }
        }
        Ok(())
    }

    /// Where snapshots are kept while the run goes on; nowhere if nobody wants them.
    pub fn home(&self, checkpoint: Option<&Path>) -> Option<Home> {
        if let Some(path) = checkpoint {
            return Some(Home::Named(frames_of(path)));
        }
        if let Some(path) = &self.npy {
            return Some(Home::Target(path.clone()));
        }
        let plot = self.plot.as_ref().map(|(path, _)| path);
        let other = self.gif.as_ref().or(self.folder.as_ref()).or(plot)?;
        Some(Home::Scratch(other.parent().unwrap_or(Path::new("")).to_path_buf()))
    }

    /// Whether the receivers take standard output.
    pub fn takes_stdout(&self) -> bool {
        matches!(self.receivers, Some(Heard::Stdout))
    }

    /// The files that will have been written.
    pub fn written(&self) -> Vec<Written> {
        let one = |path: &Path, format| Written { path: path.display().to_string(), format };
        let mut written = Vec::new();
        written.extend(self.npy.as_deref().map(|path| one(path, "npy")));
        written.extend(self.gif.as_deref().map(|path| one(path, "gif")));
        written.extend(self.folder.as_deref().map(|path| one(path, "png")));
        if let Some(Heard::File(path, format)) = &self.receivers {
            written.push(one(path, format.name()));
        }
        written.extend(self.plot.as_ref().map(|(path, picture)| one(path, picture.name())));
        written
    }
}

fn once(path: &Path, is_new: bool) -> Outcome<()> {
    if is_new {
        return Ok(());
    }
    Err(Failure::usage(format!("--out {}: there is another of its kind; give one of each", path.display())))
}

/// `room_receivers.csv` beside `room.npy`.
fn receivers_beside(path: &Path) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!("{stem}_receivers.csv"))
}

/// Refuses to replace a folder that holds anything but pictures of snapshots.
fn check_replaceable(folder: &Path) -> Outcome<()> {
    if !folder.is_dir() {
        return output::check_target("--out", &folder.join("0.png"));
    }
    let entries = std::fs::read_dir(folder).map_err(|error| Failure::io(folder, "read", &error))?;
    let is_ours = |name: std::ffi::OsString| {
        name.to_str().is_some_and(|name| name.starts_with(FRAME) && name.ends_with(".png"))
    };
    if entries.flatten().all(|entry| is_ours(entry.file_name())) {
        return Ok(());
    }
    Err(Failure::work(format!(
        "--out {}: is a folder of other things, which would be lost; name a new one",
        folder.display()
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn receivers_stand_beside_the_field() {
        for (path, beside) in [("a/room.npy", "a/room_receivers.csv"), ("frames/", "frames_receivers.csv")] {
            assert_eq!(receivers_beside(Path::new(path)), Path::new(beside));
        }
    }
}
