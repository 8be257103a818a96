//! Delimited text: CSV, tab-separated, and columns of numbers set apart by spaces.
//!
//! Lines are taken one at a time, so that errors name the right one; fields in quotes are left to `csv-core`.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;
use std::path::Path;

use super::places::RowLines;
use super::{CHUNK, Column, Gaps, Places, Role, SAMPLE_ADVICE, Source};
use crate::dates;
use crate::error::{Failure, Outcome, quoted};

/// Longer lines are taken for a binary file.
const LONGEST_LINE: usize = 16 << 20;
const BUFFER: usize = 1 << 18;

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

    fn push_row(&mut self, columns: &mut [Column]) -> Outcome<()> {
        let record = &self.record;
        if record.len() != self.names.len() {
            let shorter = record.len().min(self.names.len());
            return Err(Failure::work(format!(
                "{}: line {}, column {}: {} fields where line {} has {}; put quotes around fields that hold the separator",
                self.input,
                record.line,
                shorter + 1,
                record.len(),
                self.header_line,
                self.names.len()
            )));
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

/// The fields of one row, without quotes and surrounding space.
#[derive(Default)]
struct Record {
    /// The line the row begins on, counting from 1.
    line: u64,
    raw: Vec<u8>,
    unquoted: Vec<u8>,
    is_quoted: bool,
    fields: Vec<Range<usize>>,
}

impl Record {
    fn len(&self) -> usize {
        self.fields.len()
    }

    fn field(&self, index: usize) -> &[u8] {
        let bytes = if self.is_quoted { &self.unquoted } else { &self.raw };
        bytes[self.fields[index].clone()].trim_ascii()
    }

    fn split(&mut self, separator: u8) {
        self.fields.clear();
        let mut start = 0;
        for end in memchr::memchr_iter(separator, &self.raw) {
            self.fields.push(start..end);
            start = end + 1;
        }
        self.fields.push(start..self.raw.len());
    }

    fn split_spaces(&mut self) {
        self.fields.clear();
        let mut start = None;
        for (i, byte) in self.raw.iter().enumerate() {
            match (byte.is_ascii_whitespace(), start) {
                (true, Some(begin)) => {
                    self.fields.push(begin..i);
                    start = None;
                }
                (false, None) => start = Some(i),
                _ => {}
            }
        }
        self.fields.extend(start.map(|begin| begin..self.raw.len()));
    }

    fn split_quoted(&mut self, reader: &mut csv_core::Reader) {
        self.raw.push(b'\n');
        self.unquoted.resize(self.raw.len(), 0);
        let mut ends = vec![0; self.raw.len()];
        reader.reset();
        let (_, _, _, count) = reader.read_record(&self.raw, &mut self.unquoted, &mut ends);
        let starts = std::iter::once(0).chain(ends.iter().copied());
        self.fields = starts.zip(ends.iter().copied()).take(count).map(|(start, end)| start..end).collect();
    }
}

/// Reads lines, leaving out blank ones and comments.
struct Lines {
    input: String,
    reader: BufReader<Box<dyn Read>>,
    separator: Separator,
    quotes: csv_core::Reader,
    /// Lines read so far.
    count: u64,
}

impl Lines {
    fn new(reader: Box<dyn Read>, input: String, separator: Separator) -> Self {
        let mut lines = Self {
            input,
            reader: BufReader::with_capacity(BUFFER, reader),
            separator,
            quotes: csv_core::Reader::new(),
            count: 0,
        };
        lines.set_separator(separator);
        lines
    }

    fn set_separator(&mut self, separator: Separator) {
        self.separator = separator;
        if let Separator::Byte(byte) = separator {
            self.quotes = csv_core::ReaderBuilder::new().delimiter(byte).build();
        }
    }

    /// Rows in `size` bytes if all are as long as the first ones; touches nothing.
    fn estimate_rows(&mut self, size: u64) -> Outcome<u64> {
        let seen = self.reader.fill_buf().map_err(|error| unreadable(&self.input, &error))?;
        let lines = 1 + memchr::memchr_iter(b'\n', seen).count() as u64;
        let seen = seen.len().max(1) as u64;
        Ok(u64::try_from(u128::from(size) * u128::from(lines) / u128::from(seen)).unwrap_or(u64::MAX))
    }

    /// The next row; `false` at the end.
    fn next(&mut self, record: &mut Record) -> Outcome<bool> {
        loop {
            record.raw.clear();
            if !self.read_line(&mut record.raw)? {
                return Ok(false);
            }
            if self.count == 1 {
                self.check_first_line(&mut record.raw)?;
            }
            let text = record.raw.trim_ascii();
            if !text.is_empty() && text[0] != b'#' {
                break;
            }
        }
        record.line = self.count;
        if self.separator == Separator::Sniff {
            self.set_separator(sniff(&record.raw));
        }
        match self.separator {
            Separator::Byte(byte) => {
                record.is_quoted = memchr::memchr(b'"', &record.raw).is_some();
                if record.is_quoted {
                    self.finish_quotes(record)?;
                    record.split_quoted(&mut self.quotes);
                } else {
                    record.split(byte);
                }
            }
            Separator::Spaces | Separator::Sniff => {
                record.is_quoted = false;
                record.split_spaces();
            }
        }
        Ok(true)
    }

    /// Appends one line without its end; `false` at the end of the file.
    fn read_line(&mut self, line: &mut Vec<u8>) -> Outcome<bool> {
        let before = line.len();
        let mut limited = (&mut self.reader).take(LONGEST_LINE as u64);
        let read = limited.read_until(b'\n', line).map_err(|error| unreadable(&self.input, &error))?;
        if read == 0 {
            return Ok(false);
        }
        self.count += 1;
        if line.last() == Some(&b'\n') {
            line.pop();
            if line.len() > before && line.last() == Some(&b'\r') {
                line.pop();
            }
        } else if read >= LONGEST_LINE {
            return Err(Failure::work(format!(
                "{}: line {} is longer than {LONGEST_LINE} bytes; check that it is a text file",
                self.input, self.count
            )));
        }
        Ok(true)
    }

    /// Appends lines while a quoted field is open.
    fn finish_quotes(&mut self, record: &mut Record) -> Outcome<()> {
        let opens_or_closes = |text: &[u8]| memchr::memchr_iter(b'"', text).count() % 2 == 1;
        let mut is_open = opens_or_closes(&record.raw);
        while is_open {
            let before = record.raw.len();
            record.raw.push(b'\n');
            if record.raw.len() > LONGEST_LINE || !self.read_line(&mut record.raw)? {
                return Err(Failure::work(format!(
                    "{}: line {}: a quoted field is never closed; add the missing quote",
                    self.input, record.line
                )));
            }
            is_open ^= opens_or_closes(&record.raw[before..]);
        }
        Ok(())
    }

    /// Drops the byte-order mark and refuses what is not text.
    fn check_first_line(&self, line: &mut Vec<u8>) -> Outcome<()> {
        if line.starts_with(b"\xef\xbb\xbf") {
            line.drain(..3);
        }
        if line.starts_with(b"\xff\xfe") || line.starts_with(b"\xfe\xff") || memchr::memchr(0, line).is_some()
        {
            return Err(Failure::work(format!(
                "{}: is not plain text; save it as CSV in UTF-8, or give it the extension of its format",
                self.input
            )));
        }
        Ok(())
    }
}

fn sniff(line: &[u8]) -> Separator {
    let bytes = [b'\t', b';', b','];
    bytes.into_iter().find(|byte| line.contains(byte)).map_or(Separator::Spaces, Separator::Byte)
}

fn unreadable(input: &str, error: &io::Error) -> Failure {
    Failure::work(format!("{input}: cannot read: {error}"))
}
