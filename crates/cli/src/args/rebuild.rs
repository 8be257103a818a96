//! Options of `hexad rebuild`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::signal::SignalArgs;
use super::{Running, values};

const EXAMPLES: &str = "\
A line is amplitude * cos(2 pi frequency t + phase): t from the first sample, phase in rad.

Examples:
  hexad rebuild docs/data/sunspots_yearly.csv --x year --y sunspots --error 0.2 \\
    --plot sunspots.png --out sunspots_rebuilt.csv
  hexad rebuild docs/data/nino3_sst.csv --x year --y sst_celsius --keep 6 --lines fitted";

/// Rebuild a signal from a few of its lines.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct RebuildArgs {
    #[command(flatten)]
    pub signal: SignalArgs,

    #[command(flatten)]
    pub selection: SelectionArgs,
    /// Norm of the --error: root mean square of the residual over that of y, or largest residual over
    /// largest |y| [default: l2]
    #[arg(long, help_heading = "Lines", value_enum, value_name = "NORM")]
    pub norm: Option<Norm>,
    /// Bins of the transform, or tones of any frequency fitted to the samples, with standard deviations;
    /// fitted needs --error or --keep
    #[arg(long, help_heading = "Lines", value_enum, value_name = "KIND", default_value_t = LineKind::Bins)]
    pub lines: LineKind,

    /// Write x, y, rebuilt, residual: .csv, .parquet or .npy, or - for CSV on standard output
    #[arg(long, help_heading = "Output", value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Draw the signal and its rebuild, the lines and the residual: .png or .svg
    #[arg(long, help_heading = "Output", value_name = "PATH")]
    pub plot: Option<PathBuf>,

    #[command(flatten)]
    pub running: Running,
}

/// Which lines are kept; one of the four.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
#[command(next_help_heading = "Lines")]
pub struct SelectionArgs {
    /// The fewest lines whose sum is within this relative error of y, 0 <= E < 1
    #[arg(long, value_name = "E", allow_hyphen_values = true, value_parser = values::relative_error)]
    pub error: Option<f64>,
    /// The K lines of the largest energy; the constant counts as one
    #[arg(long, value_name = "K", allow_hyphen_values = true, value_parser = values::count)]
    pub keep: Option<usize>,
    /// Lines of at least this peak amplitude, in y units
    #[arg(long, value_name = "A", allow_hyphen_values = true, value_parser = values::not_negative)]
    pub threshold: Option<f64>,
    /// Lines from frequency LO to HI, both included: in Hz, or cycles per unit of x
    #[arg(long, value_name = "LO,HI", allow_hyphen_values = true, value_parser = values::band)]
    pub band: Option<(f64, f64)>,
}

/// `--norm`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Norm {
    L2,
    Max,
}

/// `--lines`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum LineKind {
    Bins,
    Fitted,
}
