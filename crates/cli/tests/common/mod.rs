//! Runs the program in a folder of its own.
#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The built program.
pub const HEXAD: &str = env!("CARGO_BIN_EXE_hexad");

/// A folder that vanishes, and the program run in it.
pub struct Place {
    folder: tempfile::TempDir,
}

/// What a run left behind.
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Place {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Names of all files, sorted.
    pub fn files(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path()).unwrap();
        let mut names: Vec<_> =
            entries.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned()).collect();
        names.sort();
        names
    }

    pub fn command<S: AsRef<OsStr>>(&self, args: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(HEXAD);
        command.args(args).current_dir(self.folder.path()).stdin(Stdio::null()).env_remove("COLUMNS");
        command
    }

    /// Runs `line`, split at spaces.
    pub fn hexad(&self, line: &str) -> Run {
        Run::from(self.command(line.split_whitespace()).output().unwrap())
    }

    /// Runs `line` with `input` on standard input.
    pub fn hexad_with_input(&self, line: &str, input: &[u8]) -> Run {
        use std::io::Write;
        let mut command = self.command(line.split_whitespace());
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // The program may refuse its input before all of it is written.
        let _ = child.stdin.take().unwrap().write_all(input);
        Run::from(child.wait_with_output().unwrap())
    }
}

impl Run {
    /// Asserts success and gives standard output.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!(self.code, Some(0), "{}", self.stderr);
        assert_eq!(self.stderr, "");
        self.stdout
    }

    /// Asserts exit code `code`, one error line holding `part` and nothing else; gives the line.
    #[track_caller]
    pub fn fails(self, code: i32, part: &str) -> String {
        let Run { code: got, stdout, stderr } = self;
        assert_eq!(got, Some(code), "{stderr}");
        assert_eq!(stdout, "", "standard output must be empty");
        assert!(stderr.starts_with("error: "), "{stderr}");
        assert_eq!(stderr.matches('\n').count(), 1, "one line only: {stderr}");
        assert!(stderr.contains(part), "{part:?} is not in {stderr}");
        assert!(!stderr.contains("internal"), "{stderr}");
        stderr
    }
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Run { code: output.status.code(), stdout: text(output.stdout), stderr: text(output.stderr) }
    }
}

/// `hexad <command> <name> <options>` on a file with this content must fail so, and leave nothing behind.
#[track_caller]
pub fn refuse(command: &str, name: &str, content: impl AsRef<[u8]>, options: &str, code: i32, part: &str) {
    let place = Place::new();
    place.write(name, content);
    place.hexad(&format!("{command} {name} {options}")).fails(code, part);
    assert_eq!(place.files(), [name]);
}

/// Asserts that `csv` is `expected`: header and first column to the letter, other numbers to the default
/// tolerance of the smooths they are.
#[track_caller]
pub fn assert_table(csv: &str, expected: &str) {
    let cells = |text: &str| -> Vec<Vec<String>> {
        text.lines().map(|line| line.split(',').map(str::to_string).collect()).collect()
    };
    let number = |cell: &str| cell.parse::<f64>().unwrap();
    let (got, want) = (cells(csv), cells(expected));
    let first = |table: &[Vec<String>]| table.iter().map(|row| row[0].clone()).collect::<Vec<_>>();
    assert_eq!((&got[0], first(&got)), (&want[0], first(&want)));
    for column in 1..want[1].len() {
        let largest = want[1..].iter().map(|row| number(&row[column]).abs()).fold(0.0, f64::max);
        for (got, want) in got[1..].iter().zip(&want[1..]) {
            let (got, want) = (number(&got[column]), number(&want[column]));
            let is_same = (got.is_nan() && want.is_nan()) || (got - want).abs() <= 1e-10 * largest;
            assert!(is_same, "{got} is not {want} in\n{csv}");
        }
    }
}

/// Runs the two examples at the end of `help` as typed, each in a place of its own, and gives the places.
#[track_caller]
pub fn run_examples(help: &str) -> Vec<Place> {
    let docs = data("..").canonicalize().unwrap();
    let examples = help.split("Examples:\n").nth(1).unwrap().replace("\\\n", " ");
    let run = |example: &str| {
        let place = Place::new();
        let line = example.trim().replace("docs/", &format!("{}/", docs.display()));
        assert_ne!(place.hexad(line.strip_prefix("hexad ").unwrap()).ok(), "", "{line}");
        place
    };
    let places: Vec<Place> = examples.lines().map(run).collect();
    assert_eq!(places.len(), 2);
    places
}

/// The repository's small real data.
pub fn data(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/data").join(name)
}

/// An npy file of version 1 with this header text and data.
pub fn npy(header: &str, data: &[u8]) -> Vec<u8> {
    let mut text = header.to_string();
    while !(10 + text.len() + 1).is_multiple_of(64) {
        text.push(' ');
    }
    text.push('\n');
    let length = u16::try_from(text.len()).unwrap();
    [b"\x93NUMPY\x01\x00".as_slice(), &length.to_le_bytes(), text.as_bytes(), data].concat()
}

/// Little-endian bytes of float64.
pub fn f64_bytes(values: &[f64]) -> Vec<u8> {
    values.iter().flat_map(|value| value.to_le_bytes()).collect()
}

/// A stereo WAV file of 16 bits: a ramp left, its negative right.
pub fn wav(path: &Path, frames: i16) {
    let spec = hound::WavSpec {
        channels: 2,
        sample_rate: 8000,
        bits_per_sample: 16,
        sample_format: hound::SampleFormat::Int,
    };
    let mut writer = hound::WavWriter::create(path, spec).unwrap();
    for sample in 0..frames {
        writer.write_sample(sample).unwrap();
        writer.write_sample(-sample).unwrap();
    }
    writer.finalize().unwrap();
}
