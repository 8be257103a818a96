//! Options of `hexad wave run`.

use std::path::PathBuf;

use clap::Args;

use super::super::{Running, values};
use crate::table::Input;
use clap::builder::{PathBufValueParser, TypedValueParser};

const EXAMPLES: &str = "\
The model is written in TOML; docs/models holds commented ones, and crates/cli/README.md lists every
key. Units are m, s, Hz, kg and Pa, or any that go together. Steps, and so all results, are the same
bits for any number of threads, and whether a run is resumed or not.

Examples:
  hexad wave run docs/models/room.toml --out room.gif --plot room.png
  hexad wave run docs/models/layers.toml --out layers.npy --out shot.csv --plot layers.png \\
    --checkpoint layers.ck --every 500 --json";

/// A run of a model.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RunArgs {
    /// The model: a .toml file, or - for standard input
    #[arg(help_heading = "Arguments", value_name = "CONFIG", value_parser = PathBufValueParser::new().map(Input::from))]
    pub config: Input,

    /// Write results, by extension; give it once for each: .npy (the snapshots, or without them the last field),
    /// .gif (a moving picture of the snapshots), frames/ (a folder of PNGs of them), .csv or .parquet (what
    /// the receivers heard), - (that as CSV on standard output). With .npy, .gif or frames/ alone the receivers
    /// are written beside it, as NAME_receivers.csv
    #[arg(long, help_heading = "Output", value_name = "PATH")]
    pub out: Vec<PathBuf>,
    /// Draw the last field and what the receivers heard: .png or .svg
    #[arg(long, help_heading = "Output", value_name = "PATH")]
    pub plot: Option<PathBuf>,

    /// Save the whole run into FILE, and its snapshots into FILE.frames, every so many steps
    #[arg(long, help_heading = "Checkpoints", value_name = "FILE", requires = "every")]
    pub checkpoint: Option<PathBuf>,
    /// Steps from one checkpoint to the next
    #[arg(long, help_heading = "Checkpoints", value_name = "STEPS", requires = "checkpoint", value_parser = values::count)]
    pub every: Option<usize>,
    /// Go on from a checkpoint of the same model: all results are those of a run that never stopped, to the
    /// last bit
    #[arg(long, help_heading = "Checkpoints", value_name = "FILE")]
    pub resume: Option<PathBuf>,

    #[command(flatten)]
    pub running: Running,
}
