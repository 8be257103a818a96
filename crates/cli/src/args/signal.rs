//! Options of every command that works on an evenly sampled signal.

use clap::Args;
use clap::builder::{PathBufValueParser, TypedValueParser};

use super::values;
use crate::signal::Origin;
use crate::table::Input;

/// Which column is the signal, and when its samples were taken.
#[derive(Debug, Args)]
#[command(next_help_heading = "Data")]
pub struct SignalArgs {
    /// A .csv .tsv .txt .parquet .npy or .wav file, or - for CSV on standard input
    #[arg(help_heading = "Arguments", value_parser = PathBufValueParser::new().map(Input::from))]
    pub input: Input,
    /// Column of the signal, by header or 0-based index; no value may be missing
    #[arg(long, value_name = "COL")]
    pub y: String,
    /// Times, rising and even to a thousandth of a step; ISO dates count in days. Frequencies are in
    /// cycles per unit of x
    #[arg(long, value_name = "COL", conflicts_with = "sample_rate")]
    pub x: Option<String>,
    /// Samples a second, instead of --x; a .wav file tells its own
    #[arg(long, value_name = "HZ", allow_hyphen_values = true, value_parser = values::positive)]
    pub sample_rate: Option<f64>,
}

impl SignalArgs {
    /// Where the signal comes from.
    pub fn origin(&self) -> Origin<'_> {
        Origin {
            input: &self.input,
            option: "--y",
            columns: std::slice::from_ref(&self.y),
            x: self.x.as_ref(),
            sample_rate: self.sample_rate,
            advice: "use hexad spectrum --lombscargle",
        }
    }
}
