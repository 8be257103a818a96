//! WAV sound: one column per channel, full scale 1.

use std::fs::File;
use std::io::BufReader;
use std::path::Path;

use hound::{SampleFormat, WavReader};

use super::guard::{damaged, guarded};
use super::{CHUNK, Column, Places, Role, Source};
use crate::error::{Failure, Outcome};

struct WavSource {
    input: String,
    reader: WavReader<BufReader<File>>,
    names: Vec<String>,
    selection: Vec<usize>,
    rows_read: usize,
}

/// Opens a WAV file at its first sample.
pub fn open(path: &Path) -> Outcome<Box<dyn Source>> {
    let input = path.display().to_string();
    let file = File::open(path).map_err(|error| Failure::io(path, "open", &error))?;
    let reader =
        guarded(&input, || WavReader::new(BufReader::new(file)).map_err(|error| damaged(&input, error)))?;
    let channels = reader.spec().channels;
    if channels == 0 {
        return Err(damaged(&input, "it has no channels"));
    }
    let names = (0..channels).map(|channel| channel.to_string()).collect();
    Ok(Box::new(WavSource { input, reader, names, selection: Vec::new(), rows_read: 0 }))
}

impl Source for WavSource {
    fn names(&self) -> &[String] {
        &self.names
    }

    fn rows(&self) -> Option<u64> {
        Some(u64::from(self.reader.duration()))
    }

    fn select(&mut self, columns: &[(usize, Role)]) -> Outcome<()> {
        self.selection = columns.iter().map(|&(index, _)| index).collect();
        Ok(())
    }

    fn next_chunk(&mut self, columns: &mut [Column]) -> Outcome<bool> {
        let spec = self.reader.spec();
        let channels = usize::from(spec.channels);
        let total = usize::try_from(self.reader.duration()).unwrap_or(usize::MAX);
        let rows = CHUNK.div_ceil(channels).min(total - self.rows_read);
        let samples = guarded(&self.input, || {
            let samples: Result<Vec<f64>, hound::Error> = match spec.sample_format {
                SampleFormat::Float => {
                    self.reader.samples::<f32>().take(rows * channels).map(|s| s.map(f64::from)).collect()
                }
                SampleFormat::Int => {
                    let scale = (f64::from(spec.bits_per_sample) - 1.0).exp2().recip();
                    let samples = self.reader.samples::<i32>().take(rows * channels);
                    samples.map(|s| s.map(|s| f64::from(s) * scale)).collect()
                }
            };
            samples.map_err(|error| damaged(&self.input, error))
        })?;
        if samples.len() != rows * channels {
            return Err(damaged(&self.input, "it ends before its last sample"));
        }
        for (column, &channel) in columns.iter_mut().zip(&self.selection) {
            column.values.extend(samples.iter().skip(channel).step_by(channels));
        }
        self.rows_read += rows;
        Ok(rows > 0)
    }

    fn places(&self) -> Places {
        Places::Samples
    }

    fn sample_rate_hz(&self) -> Option<f64> {
        Some(f64::from(self.reader.spec().sample_rate))
    }
}
