//! Tables: the columns a command asks for, read from and written to every format by its extension.

mod array;
mod chunks;
mod csv;
mod guard;
mod npy;
mod parquet;
mod places;
mod stream;
mod text;
mod wav;
mod write;

use std::path::{Path, PathBuf};

use crate::error::{Failure, Outcome, quoted};
use crate::memory;
use crate::progress::Progress;

pub use array::{npy_header, read_array};
pub use chunks::Chunks;
pub use csv::{write_header as write_csv_header, write_rows as write_csv_rows};
pub use places::Places;
pub use stream::Stream;
pub use write::{Format, write};

/// Rows that are read at a time.
const CHUNK: usize = 65_536;

/// What to do about a gap in an even series.
const SAMPLE_ADVICE: &str = "an even series has no gaps; hexad smooth fills them";

/// Where a table comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// Standard input, as CSV.
    Stdin,
    /// A file, in the format of its extension.
    File(PathBuf),
}

impl From<PathBuf> for Input {
    fn from(path: PathBuf) -> Self {
        if path.as_os_str() == "-" { Input::Stdin } else { Input::File(path) }
    }
}

impl Input {
    /// The name in messages.
    pub fn name(&self) -> String {
        match self {
            Input::Stdin => "standard input".to_string(),
            Input::File(path) => path.display().to_string(),
        }
    }

    /// Whether the format holds the sample rate.
    pub fn tells_sample_rate(&self) -> bool {
        match self {
            Input::Stdin => false,
            Input::File(path) => extension(path).as_deref() == Some("wav"),
        }
    }
}

/// What a column is for, and so which values it may hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A place or time: finite, or ISO dates.
    Coordinate,
    /// A measurement: any number, or missing.
    Value(Gaps),
    /// A sample of an even series, which has no gaps: finite.
    Sample,
    /// A weight: finite and not negative.
    Weight,
}

/// Which values of a measurement may be missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gaps {
    /// Empty fields, NaN and NA; what else is not a number is an error.
    Marked,
    /// Those, and everything else that is not a number.
    Anything,
    /// None.
    Refused,
}

/// A column asked for on the command line.
#[derive(Debug, Clone)]
pub struct Request {
    /// The option that asks: `--y`.
    pub option: &'static str,
    /// A header or a 0-based index.
    pub column: String,
    /// What it is for.
    pub role: Role,
}

/// Values of one column, in row order.
#[derive(Debug, Clone, Default)]
pub struct Column {
    /// Its header, or its 0-based index.
    pub name: String,
    /// One value a row; NaN where missing.
    pub values: Vec<f64>,
    /// Whether the values are days since 1970-01-01, read from dates.
    pub dates: bool,
    /// The values as they were written, where the format is text and they were asked for.
    pub text: Option<TextColumn>,
}

/// The fields of a text column, as written.
#[derive(Debug, Clone, Default)]
pub struct TextColumn {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl TextColumn {
    fn push(&mut self, field: &[u8]) {
        self.bytes.extend_from_slice(field);
        self.ends.push(self.bytes.len());
    }

    /// The field of a row.
    pub fn get(&self, row: usize) -> &[u8] {
        let start = if row == 0 { 0 } else { self.ends[row - 1] };
        &self.bytes[start..self.ends[row]]
    }
}

/// The columns asked for, in the order asked for, all of the same length.
#[derive(Debug, Clone, Default)]
pub struct Table {
    /// The columns.
    pub columns: Vec<Column>,
    /// Number of rows.
    pub rows: usize,
    /// Where the rows stand in their file.
    pub places: Places,
    /// Samples a second, where the file tells.
    pub sample_rate_hz: Option<f64>,
}

impl From<Vec<Column>> for Table {
    fn from(columns: Vec<Column>) -> Self {
        let rows = columns.first().map_or(0, |column| column.values.len());
        Self { columns, rows, ..Self::default() }
    }
}

impl Table {
    /// Names, values and whether they are dates.
    fn named_columns(&self) -> Vec<(&str, &[f64], bool)> {
        let named = |column| {
            let Column { name, values, dates, .. }: &Column = column;
            (name.as_str(), values.as_slice(), *dates)
        };
        self.columns.iter().map(named).collect()
    }
}

/// What [`read`] needs to know beside the columns.
#[derive(Debug, Clone, Copy)]
pub struct ReadOptions {
    /// Whether coordinates are kept as text too.
    pub keep_text: bool,
    /// Bytes of memory a row will need in the work to come.
    pub work_bytes_per_row: u64,
}

/// A file that is open at its first row.
trait Source {
    /// Names of all columns.
    fn names(&self) -> &[String];

    /// Whether values are written as text that can be kept.
    fn is_text(&self) -> bool {
        false
    }

    /// Number of rows, or a guess; `None` where the end is unknown.
    fn rows(&self) -> Option<u64>;

    /// Sets the columns, by index, that the following chunks hold.
    fn select(&mut self, columns: &[(usize, Role)]) -> Outcome<()>;

    /// Appends the next rows to `columns`; `false` where there are none.
    fn next_chunk(&mut self, columns: &mut [Column]) -> Outcome<bool>;

    /// Where the rows read so far stand.
    fn places(&self) -> Places {
        Places::Rows
    }

    /// Samples a second, if the file tells.
    fn sample_rate_hz(&self) -> Option<f64> {
        None
    }
}

/// Names of all columns of a file.
pub fn names(input: &Input) -> Outcome<Vec<String>> {
    Ok(open(input)?.names().to_vec())
}

/// Reads the columns asked for.
pub fn read(
    input: &Input,
    requests: &[Request],
    options: ReadOptions,
    progress: &Progress,
) -> Outcome<Table> {
    let name = input.name();
    let mut chunks = Chunks::open(input, requests, options.keep_text)?;
    let bytes_per_row = options.work_bytes_per_row + 8 * requests.len() as u64;
    let expected = chunks.expected_rows();
    if let Some(rows) = expected {
        memory::check(&name, rows.saturating_mul(bytes_per_row))?;
    }
    progress.step("reading", expected.unwrap_or(0));
    while chunks.read_more()? {
        let rows = chunks.rows() as u64;
        if expected.is_none() {
            memory::check(&name, rows.saturating_mul(bytes_per_row))?;
        }
        progress.at(rows);
    }
    let (rows, places, sample_rate_hz) = (chunks.rows(), chunks.places(), chunks.sample_rate_hz());
    Ok(Table { columns: chunks.into_columns(), rows, places, sample_rate_hz })
}

fn open(input: &Input) -> Outcome<Box<dyn Source>> {
    let Input::File(path) = input else { return text::open_stdin() };
    if path.is_dir() {
        return Err(Failure::work(format!("{}: is a folder; name a file in it", path.display())));
    }
    match extension(path).as_deref() {
        Some("csv") => text::open(path, text::Separator::Byte(b',')),
        Some("tsv") => text::open(path, text::Separator::Byte(b'\t')),
        Some("txt") => text::open(path, text::Separator::Sniff),
        Some("parquet") => parquet::open(path),
        Some("npy") => npy::open(path),
        Some("wav") => wav::open(path),
        _ => Err(Failure::usage(format!(
            "{}: the format follows from the extension, one of .csv .tsv .txt .parquet .npy .wav; rename the file, or pipe CSV into -",
            path.display()
        ))),
    }
}

/// The extension in lower case.
fn extension(path: &Path) -> Option<String> {
    Some(path.extension()?.to_str()?.to_ascii_lowercase())
}

/// The index of the column that `request` names: a header first, else a 0-based index.
fn find(input: &str, names: &[String], request: &Request) -> Outcome<usize> {
    let Request { option, column, .. } = request;
    let mut with_name = names.iter().enumerate().filter(|(_, name)| *name == column).map(|(index, _)| index);
    match (with_name.next(), with_name.next()) {
        (Some(index), None) => Ok(index),
        (Some(first), Some(second)) => Err(Failure::work(format!(
            "{input}: {option}: columns {first} and {second} are both named {}; give the 0-based index",
            quoted(column.as_bytes())
        ))),
        _ => match column.parse::<usize>() {
            Ok(index) if index < names.len() => Ok(index),
            Ok(index) => Err(Failure::work(format!(
                "{input}: {option}: there is no column {index}; the {} columns count from 0",
                names.len()
            ))),
            Err(_) => Err(Failure::work(format!(
                "{input}: {option}: no column is named {}; there are {}",
                quoted(column.as_bytes()),
                list(names)
            ))),
        },
    }
}

/// The first few names, quoted.
fn list(names: &[String]) -> String {
    const MOST: usize = 8;
    let mut shown: Vec<_> = names.iter().take(MOST).map(|name| quoted(name.as_bytes())).collect();
    if names.len() > MOST {
        shown.push(format!("and {} more", names.len() - MOST));
    }
    shown.join(", ")
}
