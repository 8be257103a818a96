//! Checkpoints: the library's, and what the program knows beside it.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::frames::Tally;
use crate::error::{Failure, Outcome};
use crate::memory;
use crate::output;

/// How a file begins, and its version.
const MAGIC: &[u8; 8] = b"hexadwav";
const VERSION: u32 = 1;
const LENGTH: usize = 8 + 4 + 8 + 8 + 4 + 8 + 4;

/// A run that stopped.
#[derive(Debug, PartialEq)]
pub struct Saved {
    /// Steps between snapshots; 0 without any.
    pub every: u64,
    /// The snapshots taken so far.
    pub frames: Tally,
    /// Energy at time 0.
    pub energy_at_start: f64,
    /// The library's checkpoint.
    pub run: Vec<u8>,
}

/// Where the snapshots of a checkpoint are.
pub fn frames_of(checkpoint: &Path) -> PathBuf {
    let mut name = OsString::from(checkpoint);
    name.push(".frames");
    PathBuf::from(name)
}

impl Saved {
    /// Writes the file; it takes its place when it is whole and on disk.
    pub fn write(&self, path: &Path) -> Outcome<()> {
        let head = self.head();
        let check = crc32fast::hash(&head).to_le_bytes();
        let mut pending = output::write(path, |out| {
            out.write_all(&head)?;
            out.write_all(&check)?;
            out.write_all(&self.run)
        })?;
        pending.as_file().sync_data().map_err(|error| Failure::io(path, "write", &error))?;
        pending.commit()
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Outcome<Self> {
        let name = path.display();
        let refused = |what: &str| Failure::work(format!("--resume {name}: {what}"));
        let metadata = std::fs::metadata(path).map_err(|error| Failure::io(path, "open", &error))?;
        if metadata.is_dir() {
            return Err(refused("is a folder; name a checkpoint in it"));
        }
        memory::check(&format!("--resume {name}"), metadata.len())?;
        let mut bytes = std::fs::read(path).map_err(|error| Failure::io(path, "read", &error))?;
        if bytes.len() < LENGTH || !bytes.starts_with(MAGIC) {
            return Err(refused("is no checkpoint of hexad wave run; name the file that --checkpoint wrote"));
        }
        let run = bytes.split_off(LENGTH);
        let (head, check) = bytes.split_at(LENGTH - 4);
        if crc32fast::hash(head).to_le_bytes() != check {
            return Err(refused("is damaged; run the model again"));
        }
        let (version, rest) = (number::<4>(head, 8), 12);
        let version = u32::from_le_bytes(version);
        if version != VERSION {
            return Err(refused(&format!(
                "has version {version}, this program reads {VERSION}; run the model again"
            )));
        }
        Ok(Self {
            every: u64::from_le_bytes(number(head, rest)),
            frames: Tally {
                count: u64::from_le_bytes(number(head, rest + 8)),
                digest: u32::from_le_bytes(number(head, rest + 16)),
            },
            energy_at_start: f64::from_le_bytes(number(head, rest + 20)),
            run,
        })
    }

    fn head(&self) -> Vec<u8> {
        let mut head = MAGIC.to_vec();
        head.extend(VERSION.to_le_bytes());
        head.extend(self.every.to_le_bytes());
        head.extend(self.frames.count.to_le_bytes());
        head.extend(self.frames.digest.to_le_bytes());
        head.extend(self.energy_at_start.to_le_bytes());
        head
    }
}

fn number<const N: usize>(bytes: &[u8], at: usize) -> [u8; N] {
    let mut own = [0; N];
    own.copy_from_slice(&bytes[at..at + N]);
    own
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_comes_back_and_a_damaged_one_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.ck");
        let frames = Tally { count: 7, digest: 99 };
        let saved = Saved { every: 20, frames, energy_at_start: 1.5, run: vec![1, 2, 3] };
        saved.write(&path).unwrap();
        assert_eq!(Saved::read(&path).unwrap(), saved);
        let whole = std::fs::read(&path).unwrap();
        for place in 0..LENGTH {
            let mut bytes = whole.clone();
            bytes[place] ^= 1;
            std::fs::write(&path, bytes).unwrap();
            assert!(Saved::read(&path).is_err(), "{place}");
        }
        for length in 0..LENGTH {
            std::fs::write(&path, &whole[..length]).unwrap();
            assert!(Saved::read(&path).is_err(), "{length}");
        }
    }
}
