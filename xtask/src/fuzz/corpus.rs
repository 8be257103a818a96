//! Whole files of every kind that the program reads.

mod lines;
mod models;
mod tables;

use std::error::Error;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::damage::{Sample, Structure};
use crate::workspace::root;

/// A way into the program.
pub(super) struct Target {
    pub name: &'static str,
    pub door: Door,
    /// Each the content of a folder.
    pub samples: Vec<Vec<File>>,
}

/// How what is damaged comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Door {
    /// As files that this command, split at spaces, reads.
    Files(&'static str),
    /// As the command itself: the file of the sample that may be damaged.
    Arguments,
    /// As a request to a page that this command serves: the file of the sample that may be damaged.
    Requests(&'static str),
}

/// A file that the program may read.
#[derive(Debug, Clone)]
pub(super) struct File {
    pub name: &'static str,
    pub bytes: Vec<u8>,
    /// How it is made up, if it may be damaged.
    pub structure: Option<Structure>,
    /// Makes its checksums right again.
    pub seal: Option<fn(&mut [u8])>,
}

/// A file of a sample that may be damaged.
pub(super) struct Place<'a> {
    files: &'a [File],
    index: usize,
}

type Made<T> = Result<T, Box<dyn Error>>;

/// Runs the program where only these files are, and gives some that it has written.
struct Maker<'a> {
    program: &'a Path,
    folder: &'a Path,
}

/// All of them, their samples being small.
pub(super) fn targets(program: &Path, folder: &Path) -> Made<Vec<Target>> {
    let maker = Maker { program, folder };
    let files = |name, line, samples| Target { name, door: Door::Files(line), samples };
    let points = "density input.csv --x longitude --y latitude --size 16";
    Ok(vec![
        files("csv", "smooth input.csv --x year --y sunspots --sigma 2", tables::csv()?),
        files("dates", "smooth input.csv --x date --y co2_ppm --sigma 30", vec![vec![tables::dates()?]]),
        files("text", "rebuild input.txt --x year --y sunspots --keep 3", vec![vec![tables::spaced()?]]),
        files("npy", "delay input.npy --x 0 --columns 0,1", vec![vec![tables::npy(&maker)?]]),
        files("parquet", "smooth input.parquet --x 0 --y 1 --sigma 2", tables::parquet(&maker)?),
        files("wav", "spectrum input.wav --y 0", tables::sounds()),
        files("points", points, vec![vec![tables::cities()?]]),
        files("waves", "wave run input.toml", models::waves()?),
        files("network", "neuron network input.toml", models::networks()?),
        files("stopped-waves", models::WAVES_GO_ON, models::stopped_waves(&maker)?),
        files("stopped-neurons", models::NEURONS_GO_ON, models::stopped_neurons(&maker)?),
        Target { name: "arguments", door: Door::Arguments, samples: lines::arguments()? },
        Target { name: "requests", door: Door::Requests(lines::SERVE), samples: lines::requests()? },
    ])
}

impl Target {
    /// All that may be damaged, and its bytes.
    pub fn places(&self) -> (Vec<Place<'_>>, Vec<Sample<'_>>) {
        let (mut places, mut samples) = (Vec::new(), Vec::new());
        for files in &self.samples {
            for (index, file) in files.iter().enumerate() {
                if let Some(structure) = file.structure {
                    places.push(Place { files, index });
                    samples.push(Sample { bytes: &file.bytes, structure });
                }
            }
        }
        (places, samples)
    }
}

impl Place<'_> {
    /// The files of the sample, one of them damaged.
    pub fn with(&self, mut bytes: Vec<u8>) -> Vec<File> {
        let mut files = self.files.to_vec();
        let file = &mut files[self.index];
        if let Some(seal) = file.seal {
            seal(&mut bytes);
        }
        file.bytes = bytes;
        files
    }
}

impl File {
    /// One that is not damaged.
    fn whole(name: &'static str, bytes: impl Into<Vec<u8>>) -> Self {
        Self { name, bytes: bytes.into(), structure: None, seal: None }
    }

    fn text(name: &'static str, bytes: impl Into<Vec<u8>>) -> Self {
        Self { structure: Some(Structure::Text), ..Self::whole(name, bytes) }
    }

    fn binary(name: &'static str, bytes: impl Into<Vec<u8>>) -> Self {
        Self { structure: Some(Structure::Binary), ..Self::whole(name, bytes) }
    }

    fn sealed(self, seal: fn(&mut [u8])) -> Self {
        Self { seal: Some(seal), ..self }
    }
}

impl Maker<'_> {
    fn make(&self, line: &str, from: &[&File], to: &[&str]) -> Made<Vec<Vec<u8>>> {
        let folder = self.folder.join("made");
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        for file in from {
            fs::write(folder.join(file.name), &file.bytes)?;
        }
        let mut command = Command::new(self.program);
        let output = command.args(line.split(' ')).arg("--quiet").current_dir(&folder).output()?;
        if !output.status.success() {
            return Err(format!("hexad {line}: {}", String::from_utf8_lossy(&output.stderr)).into());
        }
        to.iter()
            .map(|name| fs::read(folder.join(name)).map_err(|error| format!("{name}: {error}").into()))
            .collect()
    }

    fn make_one(&self, line: &str, from: &File, to: &str) -> Made<Vec<u8>> {
        Ok(self.make(line, &[from], &[to])?.concat())
    }
}

/// The text of a file of the documentation, without what follows a number sign.
fn documented(path: &str) -> Made<String> {
    let text =
        fs::read_to_string(root().join("docs").join(path)).map_err(|error| format!("{path}: {error}"))?;
    let lines = text.lines().map(|line| line.split('#').next().unwrap_or_default().trim_end());
    Ok(lines.filter(|line| !line.is_empty()).flat_map(|line| [line, "\n"]).collect())
}
