//! One way out for every format.

use std::io::{self, Write};
use std::path::Path;

use super::{Table, csv, extension, npy, parquet};
use crate::error::{Failure, Outcome};

/// A format that tables are written in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated text with a header.
    Csv,
    /// Parquet, Snappy-compressed.
    Parquet,
    /// A 2-D array of float64, columns along axis 1.
    Npy,
}

impl Format {
    /// The format of a path's extension.
    pub fn of(path: &Path) -> Outcome<Self> {
        match extension(path).as_deref() {
            Some("csv") => Ok(Format::Csv),
            Some("parquet") => Ok(Format::Parquet),
            Some("npy") => Ok(Format::Npy),
            _ => Err(Failure::usage(format!(
                "--out {}: the format follows from the extension, one of .csv .parquet .npy, or - for CSV on standard output",
                path.display()
            ))),
        }
    }

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Parquet => "parquet",
            Format::Npy => "npy",
        }
    }
}

/// Writes the whole table.
pub fn write(table: &Table, format: Format, out: &mut (dyn Write + Send)) -> io::Result<()> {
    match format {
        Format::Csv => csv::write(table, out),
        Format::Npy => {
            let columns: Vec<_> = table.columns.iter().map(|column| column.values.as_slice()).collect();
            npy::write(&columns, out)
        }
        Format::Parquet => {
            let columns: Vec<_> = table
                .columns
                .iter()
                .map(|column| (column.name.as_str(), column.values.as_slice(), column.dates))
                .collect();
            parquet::write(&columns, out).map_err(io::Error::other)
        }
    }
}
