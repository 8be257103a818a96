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
    /// The format of the extension of `--out PATH`.
    pub fn of(path: &Path) -> Outcome<Self> {
        Self::of_option("--out", path)
    }

    /// The format of the extension of the path that `option` names.
    pub fn of_option(option: &str, path: &Path) -> Outcome<Self> {
        match extension(path).as_deref() {
            Some("csv") => Ok(Format::Csv),
            Some("parquet") => Ok(Format::Parquet),
            Some("npy") => Ok(Format::Npy),
            _ => {
                let stdout = if option == "--out" { ", or - for CSV on standard output" } else { "" };
                Err(Failure::usage(format!(
                    "{option} {}: the format follows from the extension, one of .csv .parquet .npy{stdout}",
                    path.display()
                )))
            }
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
        Format::Parquet => parquet::write(&table.named_columns(), out).map_err(io::Error::other),
    }
}
