//! Journals: files that rows are added to in plain sight. What was saved is there after a kill.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

use crate::error::{Failure, Outcome};
use crate::table::{Column, Table, write_csv_header, write_csv_rows};

/// Rows that are kept back at most.
const BLOCK: usize = 65_536;

/// A CSV file that grows.
pub struct Journal {
    path: PathBuf,
    file: File,
    block: Table,
}

impl Journal {
    /// A new one, with its header.
    pub fn create(path: &Path, names: &[&str]) -> Outcome<Self> {
        let cannot = |error: io::Error| Failure::io(path, "write", &error);
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            fs::create_dir_all(folder).map_err(cannot)?;
        }
        let mut journal = Self::on(path, File::create(path).map_err(cannot)?, names);
        write_csv_header(&journal.block, &mut journal.file).map_err(cannot)?;
        Ok(journal)
    }

    /// An old one, which goes on after its first `bytes`.
    pub fn go_on(path: &Path, bytes: u64, names: &[&str]) -> Outcome<Self> {
        let cannot = |error: io::Error| Failure::io(path, "write", &error);
        let mut file = OpenOptions::new().write(true).open(path).map_err(cannot)?;
        file.set_len(bytes).map_err(cannot)?;
        file.seek(SeekFrom::End(0)).map_err(cannot)?;
        Ok(Self::on(path, file, names))
    }

    fn on(path: &Path, file: File, names: &[&str]) -> Self {
        let column = |name: &&str| Column { name: (*name).to_string(), ..Column::default() };
        Self {
            path: path.to_path_buf(),
            file,
            block: Table::from(names.iter().map(column).collect::<Vec<_>>()),
        }
    }

    /// Adds a row.
    pub fn push(&mut self, row: &[f64]) -> Outcome<()> {
        self.block.columns.iter_mut().zip(row).for_each(|(column, value)| column.values.push(*value));
        self.block.rows += 1;
        if self.block.rows < BLOCK { Ok(()) } else { self.flush() }
    }

    /// Puts all rows on the disk; gives the length of the file, in bytes.
    pub fn save(&mut self) -> Outcome<u64> {
        self.flush()?;
        let saved = self.file.sync_data().and_then(|()| self.file.stream_position());
        saved.map_err(|error| Failure::io(&self.path, "write", &error))
    }

    fn flush(&mut self) -> Outcome<()> {
        let written = write_csv_rows(&self.block, &mut self.file);
        written.map_err(|error| Failure::io(&self.path, "write", &error))?;
        self.block.rows = 0;
        self.block.columns.iter_mut().for_each(|column| column.values.clear());
        Ok(())
    }
}

/// Hands out the rows of `columns` numbers in the first `bytes` of a journal.
pub fn replay(
    path: &Path,
    bytes: u64,
    columns: usize,
    mut take: impl FnMut(&[f64]) -> Outcome<()>,
) -> Outcome<()> {
    let cannot = |error: io::Error| Failure::io(path, "read", &error);
    let damaged = || {
        let path = path.display();
        Failure::work(format!("{path}: is not the journal of its checkpoint, or is damaged; start over"))
    };
    let file = File::open(path).map_err(cannot)?;
    if file.metadata().map_err(cannot)?.len() < bytes {
        return Err(damaged());
    }
    let mut lines = BufReader::with_capacity(1 << 16, file.take(bytes));
    let (mut line, mut row) = (Vec::new(), Vec::new());
    lines.read_until(b'\n', &mut line).map_err(cannot)?;
    loop {
        line.clear();
        if lines.read_until(b'\n', &mut line).map_err(cannot)? == 0 {
            return Ok(());
        }
        let fields = line.strip_suffix(b"\n").ok_or_else(damaged)?.split(|byte| *byte == b',');
        row.clear();
        for field in fields {
            row.push(fast_float2::parse::<f64, _>(field).map_err(|_| damaged())?);
        }
        if row.len() != columns {
            return Err(damaged());
        }
        take(&row)?;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(path: &Path, bytes: u64) -> Outcome<Vec<Vec<f64>>> {
        let mut rows = Vec::new();
        replay(path, bytes, 2, |row| {
            rows.push(row.to_vec());
            Ok(())
        })?;
        Ok(rows)
    }

    #[test]
    fn a_journal_goes_on_after_what_was_saved() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/run.spikes.csv");
        let names = ["neuron", "t_ms"];
        let mut journal = Journal::create(&path, &names).unwrap();
        journal.push(&[3.0, 0.1]).unwrap();
        let saved = journal.save().unwrap();
        journal.push(&[4.0, 0.2]).unwrap();
        assert!(journal.save().unwrap() > saved);
        drop(journal);
        assert_eq!(rows(&path, saved).unwrap(), [[3.0, 0.1]]);

        let mut journal = Journal::go_on(&path, saved, &names).unwrap();
        journal.push(&[5.0, 1.0 / 3.0]).unwrap();
        let saved = journal.save().unwrap();
        assert_eq!(rows(&path, saved).unwrap(), [[3.0, 0.1], [5.0, 1.0 / 3.0]]);
        assert_eq!(fs::read_to_string(&path).unwrap(), "neuron,t_ms\n3,0.1\n5,0.3333333333333333\n");
        for cut in [saved + 1, saved - 1] {
            assert!(rows(&path, cut).is_err());
        }
        fs::write(&path, "neuron,t_ms\n1,x\n").unwrap();
        assert!(rows(&path, 16).is_err());
        fs::write(&path, "neuron,t_ms\n1\n").unwrap();
        assert!(rows(&path, 14).is_err());
    }
}
