//! Options of `hexad neuron network`.

use clap::Args;
use clap::builder::{PathBufValueParser, TypedValueParser};

use super::recording::{CheckpointArgs, RecordingArgs};
use crate::args::Running;
use crate::table::Input;

const EXAMPLES: &str = "\
The file says what there is: see the comments in docs/models/ring_hh.toml (a second of work)
and docs/models/coba_hh.toml (the COBA-HH benchmark). --out has the columns neuron, population,
current, spikes, rate_hz, isi_cv; neurons and populations count from 0, in the order of the file.

Examples:
  hexad neuron network docs/models/ring_hh.toml --spikes spikes.csv --plot ring.png
  hexad neuron network docs/models/ring_hh.toml --checkpoint ring.checkpoint --every 100 --json";

/// A recurrent network.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct NetworkArgs {
    /// What there is and how long it runs, in TOML; or - for standard input
    #[arg(help_heading = "Arguments", value_name = "CONFIG.toml", value_parser = PathBufValueParser::new().map(Input::from))]
    pub config: Input,

    #[command(flatten)]
    pub files: RecordingArgs,
    #[command(flatten)]
    pub checkpoints: CheckpointArgs,
    #[command(flatten)]
    pub running: Running,
}
