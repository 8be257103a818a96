//! Options of `hexad smooth`.

use std::path::PathBuf;

use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Args, ValueEnum};
use hexad_smoothing::Boundary;

use super::{Running, values};
use crate::table::Input;

const EXAMPLES: &str = "\
Examples:
  hexad smooth docs/data/co2_weekly.csv --x date --y co2_ppm --sigma 60 \\
    --plot co2.png --out co2_smooth.csv
  hexad smooth docs/data/nino3_sst.csv --x year --y sst_celsius --fwhm 1.5 \\
    --stderr --out -";

/// Smooth columns with a Gaussian.
// Doc comments are help texts, and `<y>` stands there for a column's name.
#[allow(rustdoc::invalid_html_tags, reason = "help texts are plain text")]
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES, next_help_heading = "Data")]
pub struct SmoothArgs {
    /// A .csv .tsv .txt .parquet .npy or .wav file, or - for CSV on standard input
    #[arg(help_heading = "Arguments", value_parser = PathBufValueParser::new().map(Input::from))]
    pub input: Input,
    /// Columns to smooth, by header or 0-based index
    #[arg(long, value_name = "COL[,COL...]", required = true, value_delimiter = ',')]
    pub y: Vec<String>,
    /// Coordinates, in any order and spacing; ISO dates count in days [default: sample numbers]
    #[arg(long, value_name = "COL")]
    pub x: Option<String>,
    /// Weights of the samples, >= 0 [default: 1]
    #[arg(long, value_name = "COL")]
    pub weights: Option<String>,
    /// Missing values: filled by their neighbours, poison their reach, or refused [default: skip, which
    /// takes other text for missing too only if given outright]
    #[arg(long, value_enum, value_name = "POLICY")]
    pub nan: Option<Nan>,

    #[command(flatten)]
    pub width: Width,
    #[command(flatten)]
    pub reach: Reach,

    /// Phase of the kernel, in radians; cancels, but cos(phi) * amplitude must not be 0
    #[arg(long, help_heading = "Kernel", value_name = "P", default_value_t = 0.0, allow_hyphen_values = true, value_parser = values::finite)]
    pub phi: f64,
    /// Peak height of the kernel; cancels like phi
    #[arg(long, help_heading = "Kernel", value_name = "A", default_value_t = 1.0, allow_hyphen_values = true, value_parser = values::finite)]
    pub amplitude: f64,

    /// What is fitted to the samples in reach; linear has no bias at edges and gaps
    #[arg(long, help_heading = "Method", value_enum, value_name = "FIT", default_value_t = FitKind::Constant)]
    pub fit: FitKind,
    /// Derivative of the smooth to give, 0 to 3, per x unit
    #[arg(long, help_heading = "Method", value_name = "ORDER", default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=3))]
    pub derivative: u8,
    /// Past the ends: renormalize, reflect, mirror, nearest, wrap or constant=C; all but the first need even x
    #[arg(long, help_heading = "Method", value_name = "MODE", default_value = "renormalize", value_parser = values::boundary)]
    pub boundary: Boundary,
    /// How the sums are computed: auto takes the fastest that keeps the tolerance; fft and decimate need
    /// even x, decimate --exact-kernel; seed is the definition of the program that asked the question,
    /// quirks included, and needs --reach
    #[arg(long, help_heading = "Method", value_enum, value_name = "METHOD", default_value_t = MethodKind::Auto)]
    pub method: MethodKind,
    /// Largest error against the direct sum, in units of max |y|
    #[arg(long, help_heading = "Method", value_name = "E", default_value = "1e-10", value_parser = values::fraction)]
    pub tolerance: f64,

    /// Write the table: .csv, .parquet or .npy, or - for CSV on standard output
    #[arg(long, help_heading = "Output", value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Draw data and smooth: .png or .svg
    #[arg(long, help_heading = "Output", value_name = "PATH")]
    pub plot: Option<PathBuf>,
    /// Add the standard error of each smooth, in y units: column <y>_stderr, a 95 % band in the plot
    #[arg(long, help_heading = "Output")]
    pub stderr: bool,
    /// Add the effective number of samples: column <y>_effective_n
    #[arg(long, help_heading = "Output")]
    pub effective_n: bool,

    #[command(flatten)]
    pub running: Running,
}

/// The width of the kernel; one of the three.
#[derive(Debug, Args)]
#[group(required = true, multiple = false)]
#[command(next_help_heading = "Kernel")]
pub struct Width {
    /// Standard deviation in x units, or auto: chosen by leave-one-out cross-validation
    #[arg(long, value_name = "S", allow_hyphen_values = true, value_parser = values::sigma)]
    pub sigma: Option<values::Sigma>,
    /// Full width at half maximum in x units: 2.3548 sigma
    #[arg(long, value_name = "F", allow_hyphen_values = true, value_parser = values::positive)]
    pub fwhm: Option<f64>,
    /// Frequency of half power (-3 dB) in cycles per x unit: sqrt(ln 2) / (2 pi sigma)
    #[arg(long, value_name = "F", allow_hyphen_values = true, value_parser = values::positive)]
    pub cutoff: Option<f64>,
}

/// Where the kernel ends; at most one.
#[derive(Debug, Args)]
#[group(multiple = false)]
#[command(next_help_heading = "Kernel")]
pub struct Reach {
    /// End the kernel at T sigmas [default: 4]
    #[arg(long, value_name = "T", allow_hyphen_values = true, value_parser = values::not_negative)]
    pub truncate: Option<f64>,
    /// End the kernel where its weight falls to this share of the peak, 0 < R < 1
    #[arg(long, value_name = "R", allow_hyphen_values = true, value_parser = values::fraction)]
    pub reach: Option<f64>,
    /// Do not end the kernel
    #[arg(long)]
    pub exact_kernel: bool,
}

/// `--nan`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Nan {
    Skip,
    Propagate,
    Error,
}

/// `--fit`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum FitKind {
    Constant,
    Linear,
}

/// `--method`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MethodKind {
    Auto,
    Direct,
    Fft,
    Recursive,
    Decimate,
    Seed,
}
