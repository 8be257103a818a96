//! Snapshots on disk: appended while the run goes on, read again for pictures.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crc32fast::Hasher;
use hexad_core::ndarray::ArrayD;

use super::number::{Number, numbers};
use crate::error::{Failure, Outcome};
use crate::output::{self, Pending};
use crate::table::npy_header;

/// Bytes that are read at a time.
const PIECE: u64 = 1 << 20;

/// Where frames are kept.
pub enum Home {
    /// In the .npy file that they will be.
    Target(PathBuf),
    /// In a file that outlives the program.
    Named(PathBuf),
    /// In a file without a name, in this folder.
    Scratch(PathBuf),
}

/// Snapshots of one shape, the first at time 0.
pub struct Frames {
    file: File,
    name: PathBuf,
    pending: Option<Pending>,
    /// Bytes before the first.
    offset: u64,
    /// Bytes of a number, and of a frame.
    number: usize,
    frame: u64,
    /// All lengths, that of time first.
    shape: Vec<u64>,
    count: u64,
    digest: Hasher,
    bytes: Vec<u8>,
}

/// What tells one series of frames from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tally {
    /// How many.
    pub count: u64,
    /// CRC-32 of their bytes.
    pub digest: u32,
}

impl Frames {
    /// None so far; `total` in the end, each of `cells`, of numbers of so many bytes.
    pub fn create(home: Home, cells: &[usize], total: u64, number: usize) -> Outcome<Self> {
        let shape: Vec<u64> = std::iter::once(total).chain(cells.iter().map(|cells| *cells as u64)).collect();
        let frame = shape[1..].iter().product::<u64>() * number as u64;
        let (name, file, pending, offset) = match home {
            Home::Target(path) => {
                let (pending, mut file) = begun(&path)?;
                let header = npy_header(&shape, number as u64);
                file.write_all(&header).map_err(|error| Failure::io(&path, "write", &error))?;
                (path, file, Some(pending), header.len() as u64)
            }
            Home::Named(path) => {
                let opened =
                    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
                let file = opened.map_err(|error| Failure::io(&path, "write", &error))?;
                (path, file, None, 0)
            }
            Home::Scratch(folder) => {
                let folder = if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder };
                let made = std::fs::create_dir_all(&folder).and_then(|()| tempfile::tempfile_in(&folder));
                let file = made.map_err(|error| Failure::io(&folder, "write", &error))?;
                (folder, file, None, 0)
            }
        };
        let digest = Hasher::new();
        Ok(Self { file, name, pending, offset, number, frame, shape, count: 0, digest, bytes: Vec::new() })
    }

    /// Forgets what the file held before.
    pub fn clear(&mut self) -> Outcome<()> {
        self.file.set_len(self.offset).map_err(|error| self.cannot("write", &error))
    }

    /// Goes on after the frames that a checkpoint tells of; they are in the file `from`.
    pub fn go_on(&mut self, from: &Path, tally: Tally) -> Outcome<()> {
        let is_same = from.canonicalize().ok() == self.name.canonicalize().ok();
        let mut source = File::open(from).map_err(|error| Failure::io(from, "open", &error))?;
        self.seek(0)?;
        let mut left = tally.count * self.frame;
        let mut piece = Vec::new();
        while left > 0 {
            piece.clear();
            let read = Read::by_ref(&mut source).take(left.min(PIECE)).read_to_end(&mut piece);
            if read.map_err(|error| Failure::io(from, "read", &error))? == 0 {
                break;
            }
            self.digest.update(&piece);
            if !is_same {
                self.file.write_all(&piece).map_err(|error| self.cannot("write", &error))?;
            }
            left -= piece.len() as u64;
        }
        if left > 0 || self.digest.clone().finalize() != tally.digest {
            return Err(Failure::work(format!(
                "{}: does not hold the {} snapshots that the checkpoint tells of; it belongs to another run, or is damaged",
                from.display(),
                tally.count
            )));
        }
        self.count = tally.count;
        self.file.set_len(self.offset + self.count * self.frame).map_err(|error| self.cannot("write", &error))
    }

    /// Adds a frame.
    pub fn push<T: Number>(&mut self, field: &ArrayD<T>) -> Outcome<()> {
        self.bytes.clear();
        field.iter().for_each(|value| value.push(&mut self.bytes));
        self.seek(self.count)?;
        self.file.write_all(&self.bytes).map_err(|error| self.cannot("write", &error))?;
        self.digest.update(&self.bytes);
        self.count += 1;
        Ok(())
    }

    /// Waits until the disk has what was written.
    pub fn sync(&self) -> Outcome<()> {
        self.file.sync_data().map_err(|error| self.cannot("write", &error))
    }

    /// How many there are so far, and their checksum.
    pub fn tally(&self) -> Tally {
        Tally { count: self.count, digest: self.digest.clone().finalize() }
    }

    /// How many there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Frame `index`.
    pub fn read(&mut self, index: u64) -> Outcome<Vec<f64>> {
        self.seek(index)?;
        self.bytes.clear();
        let read = Read::by_ref(&mut self.file).take(self.frame).read_to_end(&mut self.bytes);
        match read {
            Ok(read) if read as u64 == self.frame => Ok(numbers(&self.bytes, self.number)),
            Ok(_) => Err(self.cannot("read", &io::Error::from(io::ErrorKind::UnexpectedEof))),
            Err(error) => Err(self.cannot("read", &error)),
        }
    }

    /// The .npy file of all frames, to be put in its place.
    pub fn into_npy(mut self, path: &Path) -> Outcome<Pending> {
        if let Some(pending) = self.pending {
            return Ok(pending);
        }
        self.seek(0)?;
        let header = npy_header(&self.shape, self.number as u64);
        let (pending, mut out) = begun(path)?;
        let copied = out.write_all(&header).and_then(|()| io::copy(&mut self.file, &mut out));
        copied.map_err(|error| Failure::io(path, "write", &error))?;
        Ok(pending)
    }

    fn seek(&mut self, index: u64) -> Outcome<()> {
        let place = SeekFrom::Start(self.offset + index * self.frame);
        self.file.seek(place).map(drop).map_err(|error| self.cannot("write", &error))
    }

    fn cannot(&self, doing: &str, error: &io::Error) -> Failure {
        Failure::io(&self.name, doing, error)
    }
}

/// A file beside `path`, and a handle to write into it and to read from it.
fn begun(path: &Path) -> Outcome<(Pending, File)> {
    let mut pending = output::begin_seekable(path)?;
    let file = pending.as_file().try_clone().map_err(|error| Failure::io(path, "write", &error))?;
    Ok((pending, file))
}
