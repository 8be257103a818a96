//! Options of `hexad neuron fi`.

use std::path::PathBuf;

use clap::Args;

use super::membrane::MembraneArgs;
use crate::args::{Running, values};

const EXAMPLES: &str = "\
Each current is switched on at rest and held. The steady rate is that of the second half of the run,
0 where the neuron has stopped by then. rheobase is the least current that makes it spike once; from
onset on it keeps firing, through --duration; rest is stable below rest_stable_below. Between the two
a neuron keeps firing or rests, as it came there.

Examples:
  hexad neuron fi --out fi.csv --plot fi.png
  hexad neuron fi --from 5 --to 12 --points 141 --duration 2000 --set E_L=-54.4 --json";

/// The steady rate over the current.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct FiArgs {
    /// First current, in uA/cm2
    #[arg(long, help_heading = "Sweep", value_name = "I", default_value_t = 0.0, allow_hyphen_values = true, value_parser = values::finite)]
    pub from: f64,
    /// Last current, in uA/cm2
    #[arg(long, help_heading = "Sweep", value_name = "I", default_value_t = 50.0, allow_hyphen_values = true, value_parser = values::finite)]
    pub to: f64,
    /// Number of currents, evenly spaced: 2 to 1,000,000
    #[arg(long, help_heading = "Sweep", value_name = "N", default_value_t = 51, allow_hyphen_values = true, value_parser = values::points)]
    pub points: usize,
    /// How long each current is held, in ms
    #[arg(long, help_heading = "Sweep", value_name = "MS", default_value_t = 1000.0, allow_hyphen_values = true, value_parser = values::positive)]
    pub duration: f64,
    /// Step of the staggered scheme, in ms; one that is too long is refused
    #[arg(long, help_heading = "Sweep", value_name = "MS", default_value_t = 0.01, allow_hyphen_values = true, value_parser = values::positive)]
    pub dt: f64,

    #[command(flatten)]
    pub membrane: MembraneArgs,

    /// Write current, rate_hz: .csv, .parquet or .npy, or - for CSV on standard output
    #[arg(long, help_heading = "Output", value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Draw the curve with its onset: .png or .svg
    #[arg(long, help_heading = "Output", value_name = "PATH")]
    pub plot: Option<PathBuf>,

    #[command(flatten)]
    pub running: Running,
}

impl FiArgs {
    /// The currents, from first to last.
    pub fn currents(&self) -> Vec<f64> {
        let last = (self.points - 1) as f64;
        let at = |index: usize| self.from + (self.to - self.from) * index as f64 / last;
        (0..self.points).map(at).collect()
    }
}
