//! A TOML file read key by key: whatever is wrong with it is said with its line and its key.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::io::Read;
use std::ops::Range;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::error::{Failure, Outcome, quoted};
use crate::table::Input;

/// What is longer is no model.
const LONGEST: u64 = 1 << 24;

/// The text of a file.
pub struct Source {
    name: String,
    folder: PathBuf,
    text: String,
}

/// A table of the file. Its keys are taken one by one; in the end none may be left.
pub struct Section<'a> {
    source: &'a Source,
    path: String,
    start: usize,
    keys: BTreeMap<&'a str, (usize, &'a Spanned<DeValue<'a>>)>,
    known: Vec<&'static str>,
}

/// The value of a key.
#[derive(Clone)]
pub struct Value<'a> {
    source: &'a Source,
    path: String,
    start: usize,
    value: &'a DeValue<'a>,
}

impl Source {
    /// Reads a file, or standard input.
    pub fn read(input: &Input) -> Outcome<Self> {
        let name = input.name();
        let mut bytes = Vec::new();
        let folder = match input {
            Input::Stdin => {
                let taken = std::io::stdin().take(LONGEST).read_to_end(&mut bytes);
                taken.map_err(|error| Failure::io(Path::new(&name), "read", &error))?;
                PathBuf::new()
            }
            Input::File(path) if path.is_dir() => {
                return Err(Failure::work(format!("{name}: is a folder; name a .toml file in it")));
            }
            Input::File(path) => {
                let file = std::fs::File::open(path).map_err(|error| Failure::io(path, "open", &error))?;
                let taken = file.take(LONGEST).read_to_end(&mut bytes);
                taken.map_err(|error| Failure::io(path, "read", &error))?;
                path.parent().unwrap_or(Path::new("")).to_path_buf()
            }
        };
        if bytes.len() as u64 == LONGEST {
            return Err(Failure::work(format!(
                "{name}: has {LONGEST} bytes or more and is no model; name a .toml file"
            )));
        }
        let text = String::from_utf8(bytes).map_err(|error| {
            let line = line(error.as_bytes(), error.utf8_error().valid_up_to());
            Failure::work(format!("{name}: line {line}: is not text in UTF-8; save it as such"))
        })?;
        Ok(Self { name, folder, text })
    }

    /// The whole file as one section.
    pub fn parse(&self) -> Outcome<Spanned<DeTable<'_>>> {
        DeTable::parse(&self.text).map_err(|error| {
            let start = error.span().map_or(0, |span| span.start);
            let what = error.message().lines().collect::<Vec<_>>().join(", ");
            let line = line(self.text.as_bytes(), start);
            Failure::work(format!("{}: line {line}: {what}; see the examples in docs", self.name))
        })
    }

    /// The section of all that is in the file.
    pub fn section<'a>(&'a self, table: &'a Spanned<DeTable<'a>>) -> Section<'a> {
        Section::new(self, String::new(), 0, table.get_ref())
    }

    /// Its name in messages.
    pub fn name(&self) -> &str {
        &self.name
    }

    fn fail(&self, start: usize, path: &str, what: impl Display) -> Failure {
        let line = line(self.text.as_bytes(), start);
        Failure::work(format!("{}: line {line}, key {}: {what}", self.name, quoted(path.as_bytes())))
    }
}

fn line(text: &[u8], start: usize) -> usize {
    1 + text[..start.min(text.len())].iter().filter(|byte| **byte == b'\n').count()
}

impl<'a> Section<'a> {
    fn new(source: &'a Source, path: String, start: usize, table: &'a DeTable<'a>) -> Self {
        let keys = table.iter().map(|(key, value)| (key.get_ref().as_ref(), (key.span().start, value)));
        Self { source, path, start, keys: keys.collect(), known: Vec::new() }
    }

    /// The value of a key, if it is there.
    pub fn take(&mut self, key: &'static str) -> Option<Value<'a>> {
        self.known.push(key);
        let (start, value) = self.keys.remove(key)?;
        Some(Value { source: self.source, path: self.path_of(key), start, value: value.get_ref() })
    }

    /// The value of a key that must be there; `example` is how it may look.
    pub fn need(&mut self, key: &'static str, example: &str) -> Outcome<Value<'a>> {
        self.take(key).ok_or_else(|| self.fail(key, format!("is missing; add {key} = {example}")))
    }

    /// The value of a section that must be there.
    pub fn need_section(&mut self, key: &'static str) -> Outcome<Value<'a>> {
        self.take(key).ok_or_else(|| self.fail(key, format!("is missing; add a section [{key}]")))
    }

    /// The section of a key, if it is there.
    pub fn section(&mut self, key: &'static str) -> Outcome<Option<Section<'a>>> {
        self.take(key).map(|value| value.section()).transpose()
    }

    /// The sections of a key that is there once or more often: `[[key]]`.
    pub fn sections(&mut self, key: &'static str) -> Outcome<Vec<Section<'a>>> {
        let Some(value) = self.take(key) else { return Ok(Vec::new()) };
        value
            .list(&format!("a list of tables; write [[{}]]", value.path))?
            .iter()
            .map(Value::section)
            .collect()
    }

    /// Refuses keys that nobody asked for.
    pub fn finish(&self) -> Outcome<()> {
        let Some((key, (start, _))) = self.keys.iter().min_by_key(|(_, (start, _))| *start) else {
            return Ok(());
        };
        let known = self.known.join(", ");
        Err(self.source.fail(*start, &self.path_of(key), format!("is not known; there are {known}")))
    }

    /// An error about one of its keys, or what it lacks.
    pub fn fail(&self, key: &str, what: impl Display) -> Failure {
        self.source.fail(self.start, &self.path_of(key), what)
    }

    /// An error about all of it.
    pub fn wrong(&self, what: impl Display) -> Failure {
        self.source.fail(self.start, &self.path, what)
    }

    fn path_of(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_string() } else { format!("{}.{key}", self.path) }
    }
}

impl<'a> Value<'a> {
    /// An error about this value.
    pub fn fail(&self, what: impl Display) -> Failure {
        self.source.fail(self.start, &self.path, what)
    }

    /// A finite number.
    pub fn number(&self) -> Outcome<f64> {
        let number = match self.value {
            DeValue::Float(float) => float.as_str().parse::<f64>().ok(),
            DeValue::Integer(integer) => {
                i64::from_str_radix(integer.as_str(), integer.radix()).ok().map(|integer| integer as f64)
            }
            _ => return Err(self.is_no("a number")),
        };
        match number {
            Some(number) if number.is_finite() => Ok(number),
            _ => Err(self.fail("must be a finite number that 64 bits hold")),
        }
    }

    /// A number above 0.
    pub fn positive(&self) -> Outcome<f64> {
        let number = self.number()?;
        if number > 0.0 { Ok(number) } else { Err(self.fail(format!("must be > 0, got {number}"))) }
    }

    /// A number of at least 0.
    pub fn not_negative(&self) -> Outcome<f64> {
        let number = self.number()?;
        if number >= 0.0 { Ok(number) } else { Err(self.fail(format!("must be >= 0, got {number}"))) }
    }

    /// A number from `low` to `high`.
    pub fn within(&self, low: f64, high: f64) -> Outcome<f64> {
        let number = self.number()?;
        if (low..=high).contains(&number) {
            return Ok(number);
        }
        Err(self.fail(format!("must be from {low} to {high}, got {number}")))
    }

    /// A whole number from 0 up.
    pub fn natural(&self) -> Outcome<u64> {
        let DeValue::Integer(integer) = self.value else { return Err(self.is_no("a whole number")) };
        u64::from_str_radix(integer.as_str(), integer.radix())
            .map_err(|_| self.fail(format!("must be a whole number from 0 up, got {}", integer.as_str())))
    }

    /// A whole number from 1 up.
    pub fn count(&self) -> Outcome<u64> {
        let DeValue::Integer(integer) = self.value else { return Err(self.is_no("a whole number")) };
        match u64::from_str_radix(integer.as_str(), integer.radix()) {
            Ok(count) if count > 0 => Ok(count),
            _ => Err(self.fail(format!("must be a whole number from 1 up, got {}", integer.as_str()))),
        }
    }

    /// Text.
    pub fn text(&self) -> Outcome<&'a str> {
        self.value.as_str().ok_or_else(|| self.is_no("text in quotes"))
    }

    /// The path of a file, relative to the folder of this one.
    pub fn path(&self) -> Outcome<PathBuf> {
        Ok(self.source.folder.join(self.text()?))
    }

    /// Whether it is text.
    pub fn is_text(&self) -> bool {
        self.value.is_str()
    }

    /// Whether it is a table.
    pub fn is_table(&self) -> bool {
        self.value.is_table()
    }

    /// Whether it is a list.
    pub fn is_list(&self) -> bool {
        self.value.is_array()
    }

    /// One of some words.
    pub fn choice<T: Copy>(&self, words: &[(&str, T)]) -> Outcome<T> {
        let text = self.text()?;
        words.iter().find(|(word, _)| *word == text).map(|(_, meaning)| *meaning).ok_or_else(|| {
            let words: Vec<_> = words.iter().map(|(word, _)| format!("\"{word}\"")).collect();
            self.fail(format!("{} is not one of {}", quoted(text.as_bytes()), words.join(", ")))
        })
    }

    /// The values of a list; `what` says what it must be.
    pub fn list(&self, what: &str) -> Outcome<Vec<Value<'a>>> {
        let array = self.value.as_array().ok_or_else(|| self.is_no(what))?;
        let value = |(index, value): (usize, &'a Spanned<DeValue<'a>>)| Value {
            source: self.source,
            path: format!("{}[{}]", self.path, index + 1),
            start: value.span().start,
            value: value.get_ref(),
        };
        Ok(array.iter().enumerate().map(value).collect())
    }

    /// Two numbers, the first below the second.
    pub fn range(&self) -> Outcome<Range<f64>> {
        const WHAT: &str = "two numbers, [from, to]";
        match self.list(WHAT)?.as_slice() {
            [from, to] => {
                let (from, to) = (from.number()?, to.number()?);
                if from < to {
                    return Ok(from..to);
                }
                Err(self.fail(format!("runs from {from} to {to}; the first must be the lower one")))
            }
            _ => Err(self.is_no(WHAT)),
        }
    }

    /// As a section.
    pub fn section(&self) -> Outcome<Section<'a>> {
        let table = self.value.as_table().ok_or_else(|| self.is_no("a table"))?;
        Ok(Section::new(self.source, self.path.clone(), self.start, table))
    }

    fn is_no(&self, what: &str) -> Failure {
        let got = match self.value {
            DeValue::String(text) => quoted(text.as_bytes()),
            DeValue::Integer(integer) => integer.as_str().to_string(),
            DeValue::Float(float) => float.as_str().to_string(),
            DeValue::Boolean(boolean) => boolean.to_string(),
            DeValue::Datetime(_) => "a date".to_string(),
            DeValue::Array(array) => format!("a list of {}", array.len()),
            DeValue::Table(_) => "a table".to_string(),
        };
        self.fail(format!("must be {what}, got {got}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Source {
        Source { name: "a.toml".to_string(), folder: PathBuf::new(), text: text.to_string() }
    }

    #[test]
    fn keys_left_over_are_named_with_their_line() {
        let source = source("[grid]\nspacing_m = 0.1\n\nspacings_m = 2\n");
        let table = source.parse().unwrap();
        let mut grid = source.section(&table).section("grid").unwrap().unwrap();
        assert_eq!(grid.need("spacing_m", "0.1").unwrap().positive().unwrap(), 0.1);
        let words = "a.toml: line 4, key \"grid.spacings_m\": is not known; there are spacing_m";
        assert_eq!(grid.finish().unwrap_err().to_string(), words);
    }

    #[test]
    fn numbers_of_every_form_are_read() {
        let source = source("a = [1, -2.5, 0x10, 1_000, 6.02e23, inf, 99999999999999999999]");
        let table = source.parse().unwrap();
        let values = source.section(&table).take("a").unwrap().list("").unwrap();
        let numbers: Vec<_> = values.iter().map(|value| value.number().ok()).collect();
        assert_eq!(numbers, [Some(1.0), Some(-2.5), Some(16.0), Some(1000.0), Some(6.02e23), None, None]);
        assert!(values[6].number().unwrap_err().to_string().contains("key \"a[7]\""));
    }
}
