//! What is kept of many neurons, and how a run survives being stopped.

use std::path::PathBuf;

use clap::Args;

use crate::args::values;

/// Files about many neurons.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Output")]
pub struct RecordingArgs {
    /// Write every spike, in order of time: .csv, .parquet or .npy, columns neuron, t_ms
    #[arg(long, value_name = "PATH")]
    pub spikes: Option<PathBuf>,
    /// Write the rate over time: .csv, .parquet or .npy, with the middle of each bin in ms and spikes per
    /// neuron and second, in Hz
    #[arg(long, value_name = "PATH")]
    pub rates: Option<PathBuf>,
    /// Bins of the rate, in ms [default: 1, 2 or 5 times a power of ten, at most 500 bins]
    #[arg(long, value_name = "MS", allow_hyphen_values = true, value_parser = values::positive)]
    pub bin: Option<f64>,
    /// Write V of the recorded neurons: .csv, .parquet or .npy, columns t_ms, V_0, V_7, ... in mV
    #[arg(long, value_name = "PATH")]
    pub traces: Option<PathBuf>,
    /// Write one row per neuron: .csv, .parquet, .npy, or - for CSV on standard output
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Draw spikes and rates: .png or .svg
    #[arg(long, value_name = "PATH")]
    pub plot: Option<PathBuf>,
}

/// Stopping and going on.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Stopping and going on")]
pub struct CheckpointArgs {
    /// Keep a checkpoint here and, beside it, what was recorded by then: FILE.spikes.csv, FILE.traces.csv
    #[arg(long, value_name = "FILE", requires = "every")]
    pub checkpoint: Option<PathBuf>,
    /// A checkpoint after every so many ms of the neurons' time
    #[arg(long, value_name = "MS", requires = "checkpoint", allow_hyphen_values = true, value_parser = values::positive)]
    pub every: Option<f64>,
    /// Go on from a checkpoint of the same run: the results are those of a run that never stopped. A longer
    /// duration is no other run
    #[arg(long, value_name = "FILE")]
    pub resume: Option<PathBuf>,
}

/// Neurons named one by one or in ranges.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Neurons(pub Vec<usize>);

/// Most neurons whose potentials are recorded.
const MOST: usize = 10_000;

/// `0,5,10..20`: the end of a range is the last of it.
pub fn neurons(text: &str) -> Result<Neurons, String> {
    let number =
        |text: &str| text.trim().parse::<usize>().map_err(|_| "use indices and ranges, as in 0,5,10..20");
    let mut chosen = Vec::new();
    for part in text.split(',') {
        let (first, last) = match part.split_once("..") {
            Some((first, last)) => (number(first)?, number(last)?),
            None => (number(part)?, number(part)?),
        };
        if last < first {
            return Err(format!("{part}: must not end before it starts"));
        }
        if last - first >= MOST || chosen.len() + (last - first) >= MOST {
            return Err(format!("at most {MOST} neurons can be recorded"));
        }
        chosen.extend(first..=last);
    }
    Ok(Neurons(chosen))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neurons_are_named_one_by_one_or_in_ranges() {
        assert_eq!(neurons("7"), Ok(Neurons(vec![7])));
        assert_eq!(neurons("0,5, 8..10"), Ok(Neurons(vec![0, 5, 8, 9, 10])));
        for wrong in ["", "a", "1,", "3..1", "-1", "1.5", "0..10000", "0..99999999999999999999"] {
            assert!(neurons(wrong).is_err(), "{wrong}");
        }
    }
}
