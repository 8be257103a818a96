//! Delimited text: CSV, tab-separated, and columns of numbers set apart by spaces.

mod lines;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::places::RowLines;
use super::{CHUNK, Column, Gaps, Places, Role, SAMPLE_ADVICE, Source};
use crate::dates;
use crate::error::{Failure, Outcome, quoted};
use lines::{Lines, Record};

/// What stands between fields.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Separator {
    /// One byte; fields may be quoted.
    Byte(u8),
    /// Any run of spaces and tabs.
    Spaces,
    /// Whatever the first line suggests: tab, semicolon, comma, or spaces.
    Sniff,
}

/// Opens a text file at its first row.
pub fn open(path: &Path, separator: Separator) -> Outcome<Box<dyn Source>> {
    let file = File::open(path).map_err(|error| Failure::io(path, "open", &error))?;
    let size = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|metadata| metadata.len());
    TextSource::open(Box::new(file), path.display().to_string(), separator, size)
}

/// Opens standard input as CSV.
pub fn open_stdin() -> Outcome<Box<dyn Source>> {
    TextSource::open(Box::new(io::stdin()), "standard input".to_string(), Separator::Byte(b','), None)
}

struct TextSource {
    input: String,
    lines: Lines,
    record: Record,
    /// The first record where there is no header: it is the first row.
    pending: bool,
    names: Vec<String>,
    header_line: u64,
    rows: Option<u64>,
    selection: Vec<(usize, Role)>,
    /// Whether a coordinate is a date, as its first value was.
    dates: Vec<Option<bool>>,
    row_lines: RowLines,
    rows_read: usize,
}

impl TextSource {
    fn open(
        reader: Box<dyn Read>,
        input: String,
        separator: Separator,
        size: Option<u64>,
    ) -> Outcome<Box<dyn Source>> {
        let mut lines = Lines::new(reader, input.clone(), separator);
        let rows = match size {
            Some(size) => Some(lines.estimate_rows(size)?),
            None => None,
        };
        let mut record = Record::default();
        if !lines.next(&mut record)? {
            return Err(Failure::work(format!("{input}: is empty; check that it is the right file")));
        }
        let pending = is_data(&record);
        let names =
            (0..record.len())
                .map(|i| {
                    if pending {
                        i.to_string()
                    } else {
                        String::from_utf8_lossy(record.field(i)).into_owned()
                    }
                })
                .collect();
        Ok(Box::new(Self {
            input,
            pending,
            names,
            header_line: record.line,
            rows,
            selection: Vec::new(),
            dates: Vec::new(),
            row_lines: RowLines::default(),
            rows_read: 0,
            lines,
            record,
        }))
    }

    /// What is wrong with a line of too many or too few fields.
    fn ragged(&self) -> Failure {
        let (got, wanted) = (self.record.len(), self.names.len());
        let fields = if got == 1 { "field" } else { "fields" };
        let advice = if got > wanted {
            "put quotes around fields that hold the separator"
        } else {
            "complete the line or leave it out"
        };
        Failure::work(format!(
            "{}: line {}, column {}: {got} {fields} where line {} has {wanted}; {advice}",
            self.input,
            self.record.line,
            got.min(wanted) + 1,
            self.header_line,
        ))
    }

    fn push_row(&mut self, columns: &mut [Column]) -> Outcome<()> {
        let record = &self.record;
        if record.len() != self.names.len() {
            return Err(self.ragged());
        }
        for ((column, &(index, role)), date) in columns.iter_mut().zip(&self.selection).zip(&mut self.dates) {
            let field = record.field(index);
            let value = parse(field, role, date).map_err(|problem| {
                let name = quoted(self.names[index].as_bytes());
                let value = quoted(field);
                Failure::work(format!(
                    "{}: line {}, column {name}: {value} {problem}",
                    self.input, record.line
                ))
            })?;
            column.values.push(value);
            if let Some(text) = &mut column.text {
                text.push(field);
            }
        }
        self.row_lines.push(self.rows_read, record.line);
        self.rows_read += 1;
        Ok(())
    }
}

impl Source for TextSource {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn is_text(&self) -> bool {
        true
    }

    fn rows(&self) -> Option<u64> {
        self.rows
    }

    fn select(&mut self, columns: &[(usize, Role)]) -> Outcome<()> {
        self.selection = columns.to_vec();
        self.dates = vec![None; columns.len()];
        Ok(())
    }

    fn next_chunk(&mut self, columns: &mut [Column]) -> Outcome<bool> {
        let start = self.rows_read;
        if std::mem::take(&mut self.pending) {
            self.push_row(columns)?;
        }
        while self.rows_read < start + CHUNK && self.lines.next(&mut self.record)? {
            self.push_row(columns)?;
        }
        for (column, date) in columns.iter_mut().zip(&self.dates) {
            column.dates = *date == Some(true);
        }
        Ok(self.rows_read > start)
    }

    fn places(&self) -> Places {
        Places::Lines(self.row_lines.clone())
    }
}

/// Whether a first line is data and not a header: numbers and dates only, and at least one.
fn is_data(record: &Record) -> bool {
    let is_number =
        |field: &[u8]| number(field).is_ok_and(|value| !value.is_nan()) || dates::parse(field).is_some();
    let fields = || (0..record.len()).map(|i| record.field(i));
    fields().any(is_number) && fields().all(|field| is_number(field) || is_missing(field))
}

/// The value of a field, or what is wrong with it. `date` remembers whether the coordinates are dates.
fn parse(field: &[u8], role: Role, date: &mut Option<bool>) -> Result<f64, String> {
    if is_missing(field) {
        return Ok(f64::NAN);
    }
    if role == Role::Coordinate
        && *date != Some(false)
        && let Some(days) = dates::parse(field)
    {
        *date = Some(true);
        return Ok(days);
    }
    match (number(field), role) {
        (_, Role::Coordinate) if *date == Some(true) => Err("is not a date like those above it".to_string()),
        (Ok(value), Role::Coordinate) => {
            *date = Some(false);
            Ok(value)
        }
        (Ok(value), _) => Ok(value),
        (Err(_), Role::Value(Gaps::Anything)) => Ok(f64::NAN),
        (Err(problem), Role::Value(_)) => Err(format!("{problem} (--nan skip leaves such rows out)")),
        (Err(problem), Role::Coordinate) => {
            Err(format!("{problem} or ISO date (every row needs a coordinate)"))
        }
        (Err(problem), Role::Sample) => Err(format!("{problem} ({SAMPLE_ADVICE})")),
        (Err(problem), Role::Weight) => Err(format!("{problem} (every row needs a weight)")),
    }
}

fn is_missing(field: &[u8]) -> bool {
    field.is_empty() || field.eq_ignore_ascii_case(b"nan") || field == b"NA"
}

fn number(field: &[u8]) -> Result<f64, &'static str> {
    match fast_float2::parse::<f64, _>(field) {
        Ok(value) if value.is_infinite() && field.iter().any(u8::is_ascii_digit) => {
            Err("is too large for a 64-bit number")
        }
        Ok(value) => Ok(value),
        Err(_) => Err("is not a number"),
    }
}
