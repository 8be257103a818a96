//! Tables that are written while they come about, a block of rows at a time.

use std::fs::File;
use std::io::{self, Seek, SeekFrom, Write};
use std::path::Path;

use super::parquet::Groups;
use super::{CHUNK, Column, Format, Table, csv, npy_header};
use crate::error::{Failure, Outcome};
use crate::output::{self, Pending};

/// A table that is being written.
pub struct Stream {
    name: String,
    destination: Destination,
    kind: Kind,
    block: Table,
    rows: u64,
}

enum Destination {
    File(Pending),
    /// Nothing is printed until all is there, so that a failed run prints nothing.
    Stdout(File),
}

enum Kind {
    Csv,
    Npy,
    /// `None` once it is finished.
    Parquet(Option<Groups<File>>),
}

impl Stream {
    /// A file of `columns` at `path`.
    pub fn to_file(path: &Path, format: Format, columns: &[&str]) -> Outcome<Self> {
        let pending = match format {
            Format::Npy => output::begin_seekable(path),
            Format::Csv | Format::Parquet => output::begin(path),
        }?;
        Self::begin(path.display().to_string(), Destination::File(pending), format, columns)
    }

    /// CSV on standard output.
    pub fn to_stdout(columns: &[&str]) -> Outcome<Self> {
        let file = tempfile::tempfile().map_err(|error| Failure::stdout(&error))?;
        Self::begin("standard output".to_string(), Destination::Stdout(file), Format::Csv, columns)
    }

    fn begin(name: String, destination: Destination, format: Format, columns: &[&str]) -> Outcome<Self> {
        let column = |name: &&str| Column { name: (*name).to_string(), ..Column::default() };
        let block = Table::from(columns.iter().map(column).collect::<Vec<_>>());
        let mut stream = Self { name, destination, kind: Kind::Csv, block, rows: 0 };
        stream.start(format).map_err(|error| stream.cannot(&error))?;
        Ok(stream)
    }

    fn start(&mut self, format: Format) -> io::Result<()> {
        let file = self.destination.file();
        match format {
            Format::Csv => csv::write_header(&self.block, file)?,
            Format::Npy => {
                self.kind = Kind::Npy;
                file.write_all(&header(0, &self.block))?;
            }
            Format::Parquet => {
                let groups = Groups::begin(&self.block.named_columns(), file.try_clone()?);
                self.kind = Kind::Parquet(Some(groups.map_err(io::Error::other)?));
            }
        }
        Ok(())
    }

    /// Whether it goes to standard output.
    pub fn is_printed(&self) -> bool {
        matches!(self.destination, Destination::Stdout(_))
    }

    /// Takes a row, and writes when there are many.
    pub fn push(&mut self, row: &[f64]) -> Outcome<()> {
        for (column, value) in self.block.columns.iter_mut().zip(row) {
            column.values.push(*value);
        }
        self.block.rows += 1;
        if self.block.rows < CHUNK {
            return Ok(());
        }
        self.flush().map_err(|error| self.cannot(&error))
    }

    /// Writes what is left. `None` if it went to standard output.
    pub fn finish(mut self) -> Outcome<Option<Pending>> {
        self.flush().and_then(|()| self.end()).map_err(|error| self.cannot(&error))?;
        match self.destination {
            Destination::File(pending) => Ok(Some(pending)),
            Destination::Stdout(mut file) => {
                let copied =
                    file.seek(SeekFrom::Start(0)).and_then(|_| io::copy(&mut file, &mut io::stdout()));
                copied.map(|_| None).map_err(|error| Failure::stdout(&error))
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.block.rows == 0 {
            return Ok(());
        }
        let file = self.destination.file();
        match &mut self.kind {
            Kind::Csv => csv::write_rows(&self.block, file)?,
            Kind::Npy => file.write_all(&row_bytes(&self.block))?,
            Kind::Parquet(groups) => {
                if let Some(groups) = groups {
                    groups.write(&self.block.named_columns()).map_err(io::Error::other)?;
                }
            }
        }
        self.rows += self.block.rows as u64;
        self.block.rows = 0;
        self.block.columns.iter_mut().for_each(|column| column.values.clear());
        Ok(())
    }

    fn end(&mut self) -> io::Result<()> {
        match &mut self.kind {
            Kind::Csv => Ok(()),
            Kind::Npy => {
                let file = self.destination.file();
                file.seek(SeekFrom::Start(0))?;
                file.write_all(&header(self.rows, &self.block))
            }
            Kind::Parquet(groups) => {
                groups.take().map_or(Ok(()), |groups| groups.finish().map_err(io::Error::other))
            }
        }
    }

    fn cannot(&self, error: &io::Error) -> Failure {
        Failure::io(Path::new(&self.name), "write", error)
    }
}

impl Destination {
    fn file(&mut self) -> &mut File {
        match self {
            Self::File(pending) => pending.as_file(),
            Self::Stdout(file) => file,
        }
    }
}

/// Of the same length for any number of rows.
fn header(rows: u64, block: &Table) -> Vec<u8> {
    npy_header(&[rows, block.columns.len() as u64], 8)
}

fn row_bytes(table: &Table) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(8 * table.rows * table.columns.len());
    for row in 0..table.rows {
        for column in &table.columns {
            bytes.extend_from_slice(&column.values[row].to_le_bytes());
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_npy_header_is_as_long_for_any_number_of_rows() {
        for columns in [1, 8, 1_000_000] {
            let block = Table::from(vec![Column::default(); columns]);
            for rows in [0, 7, u64::MAX] {
                let header = header(rows, &block);
                assert_eq!((header.len(), header[127]), (128, b'\n'));
            }
        }
    }
}
