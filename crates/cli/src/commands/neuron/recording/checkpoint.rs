//! Where a run can go on: the population, and how much of its journals is whole.

use std::io::Write;
use std::path::{Path, PathBuf};

use hexad_neuro_hh::Record;

use crate::error::{Failure, Outcome};
use crate::memory;
use crate::output;

const MAGIC: &[u8; 8] = b"hexadNR1";

/// What a checkpoint file holds.
#[derive(Debug, Clone, PartialEq)]
pub struct Checkpoint {
    /// Bytes of the journal of spikes.
    pub spikes_bytes: u64,
    /// Bytes of the journal of potentials.
    pub traces_bytes: u64,
    /// Whose potentials, and every how many steps.
    pub record: Option<Record>,
    /// The population's own checkpoint.
    pub population: Vec<u8>,
}

/// The journal of spikes beside a checkpoint.
pub fn spikes_path(checkpoint: &Path) -> PathBuf {
    beside(checkpoint, ".spikes.csv")
}

/// The journal of potentials beside a checkpoint.
pub fn traces_path(checkpoint: &Path) -> PathBuf {
    beside(checkpoint, ".traces.csv")
}

fn beside(checkpoint: &Path, ending: &str) -> PathBuf {
    let mut path = checkpoint.as_os_str().to_owned();
    path.push(ending);
    PathBuf::from(path)
}

impl Checkpoint {
    /// Writes the file, over an older one that stays until this one is on the disk.
    pub fn write(&self, path: &Path) -> Outcome<()> {
        let bytes = self.bytes();
        output::write_seekable(path, |file| file.write_all(&bytes).and_then(|()| file.sync_data()))?.commit()
    }

    /// Reads a file.
    pub fn read(path: &Path) -> Outcome<Self> {
        let metadata = std::fs::metadata(path).map_err(|error| Failure::io(path, "open", &error))?;
        memory::check(&format!("--resume {}", path.display()), metadata.len())?;
        let bytes = std::fs::read(path).map_err(|error| Failure::io(path, "open", &error))?;
        Self::of_bytes(&bytes).ok_or_else(|| {
            let path = path.display();
            Failure::work(format!("{path}: is not a checkpoint of hexad neuron, or is damaged; start over"))
        })
    }

    fn bytes(&self) -> Vec<u8> {
        let mut out = MAGIC.to_vec();
        let mut number = |value: u64| out.extend(value.to_le_bytes());
        number(self.spikes_bytes);
        number(self.traces_bytes);
        let (every, neurons) = self.record.as_ref().map_or((0, &[][..]), |r| (r.every, &r.neurons));
        number(every);
        number(neurons.len() as u64);
        neurons.iter().for_each(|neuron| number(*neuron as u64));
        out.extend(&self.population);
        let hash = hash(&out);
        out.extend(hash.to_le_bytes());
        out
    }

    fn of_bytes(bytes: &[u8]) -> Option<Self> {
        let (content, sum) = bytes.split_last_chunk::<8>()?;
        if u64::from_le_bytes(*sum) != hash(content) {
            return None;
        }
        let mut rest = content.strip_prefix(MAGIC)?;
        let mut number = || {
            let (first, others) = rest.split_first_chunk::<8>()?;
            rest = others;
            Some(u64::from_le_bytes(*first))
        };
        let (spikes_bytes, traces_bytes, every, count) = (number()?, number()?, number()?, number()?);
        let neurons = (0..count).map(|_| number().and_then(|neuron| usize::try_from(neuron).ok()));
        let neurons = neurons.collect::<Option<Vec<_>>>()?;
        let record = (every > 0).then_some(Record { neurons, every });
        Some(Self { spikes_bytes, traces_bytes, record, population: rest.to_vec() })
    }
}

/// FNV-1a.
fn hash(bytes: &[u8]) -> u64 {
    let step = |hash: u64, byte: &u8| (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_reads_back_and_a_damaged_one_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("run.checkpoint");
        for record in [None, Some(Record { neurons: vec![3, 1], every: 4 })] {
            let checkpoint =
                Checkpoint { spikes_bytes: 7, traces_bytes: 9, record, population: b"state".to_vec() };
            checkpoint.write(&path).unwrap();
            assert_eq!(Checkpoint::read(&path).unwrap(), checkpoint);
        }
        let bytes = std::fs::read(&path).unwrap();
        for place in [0, 10, bytes.len() - 1] {
            let mut changed = bytes.clone();
            changed[place] ^= 1;
            assert!(Checkpoint::of_bytes(&changed).is_none());
            assert!(Checkpoint::of_bytes(&bytes[..place]).is_none());
        }
        assert_eq!(spikes_path(&path).file_name().unwrap(), "run.checkpoint.spikes.csv");
    }
}
