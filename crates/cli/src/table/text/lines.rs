//! Lines and their fields: lines are taken one at a time, so that errors name the right one; fields in quotes are left
//! to `csv-core`.

use std::io::{self, BufRead, BufReader, Read};
use std::ops::Range;

use super::Separator;
use crate::error::{Failure, Outcome};

/// Longer lines are taken for a binary file.
const LONGEST_LINE: usize = 16 << 20;
const BUFFER: usize = 1 << 18;

/// The fields of one row, without quotes and surrounding space.
#[derive(Default)]
pub(super) struct Record {
    /// The line the row begins on, counting from 1.
    pub line: u64,
    raw: Vec<u8>,
    unquoted: Vec<u8>,
    is_quoted: bool,
    fields: Vec<Range<usize>>,
}

impl Record {
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    pub fn field(&self, index: usize) -> &[u8] {
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
pub(super) struct Lines {
    input: String,
    reader: BufReader<Box<dyn Read>>,
    separator: Separator,
    quotes: csv_core::Reader,
    /// Lines read so far.
    count: u64,
}

impl Lines {
    pub fn new(reader: Box<dyn Read>, input: String, separator: Separator) -> Self {
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
    pub fn estimate_rows(&mut self, size: u64) -> Outcome<u64> {
        let seen = self.reader.fill_buf().map_err(|error| unreadable(&self.input, &error))?;
        let lines = 1 + memchr::memchr_iter(b'\n', seen).count() as u64;
        let seen = seen.len().max(1) as u64;
        Ok(u64::try_from(u128::from(size) * u128::from(lines) / u128::from(seen)).unwrap_or(u64::MAX))
    }

    /// The next row; `false` at the end.
    pub fn next(&mut self, record: &mut Record) -> Outcome<bool> {
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
