//! Options of `hexad delay`.

use std::path::PathBuf;

use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Args, ValueEnum};
use hexad_correlate::{DelayOptions, Subsample, Weighting};

use super::{Running, values};
use crate::table::Input;

const EXAMPLES: &str = "\
delay_s > 0 means that b is late: b(t) = a(t - delay_s). Delays, lags and windows are in s, or in
units of x. A delay is clear, ambiguous (another peak, or another period, may be the right one) or
none: no more in common than unrelated signals have once in 250. All three end with exit code 0.

Examples:
  hexad delay docs/data/microphones.csv --columns left,right --x time_s --plot delay.png
  hexad delay docs/data/microphones.csv --columns left,right,rear --x time_s --all-pairs \\
    --max-lag 0.01 --band 200,2000";

/// The delay between signals.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct DelayArgs {
    /// A .csv .tsv .txt .parquet .npy or .wav file, or - for CSV on standard input
    #[arg(help_heading = "Arguments", value_name = "A", value_parser = PathBufValueParser::new().map(Input::from))]
    pub input: Input,
    /// A second file, if signal b is in another; it may be longer or shorter
    #[arg(help_heading = "Arguments", value_name = "B", value_parser = PathBufValueParser::new().map(Input::from))]
    pub other: Option<Input>,

    /// Columns of signal a and signal b, by header or 0-based index; no value may be missing. With B, the
    /// first is of A and the second of B [default: those there are, if they leave no choice]
    #[arg(long, help_heading = "Data", value_name = "COL,COL", value_delimiter = ',')]
    pub columns: Vec<String>,
    /// Times, rising and even to a thousandth of a step, in A and in B; ISO dates count in days
    #[arg(long, help_heading = "Data", value_name = "COL", conflicts_with = "sample_rate")]
    pub x: Option<String>,
    /// Samples a second, instead of --x; a .wav file tells its own
    #[arg(long, help_heading = "Data", value_name = "HZ", allow_hyphen_values = true, value_parser = values::positive)]
    pub sample_rate: Option<f64>,
    /// Delays between all pairs of two or more columns of A
    #[arg(long, help_heading = "Data", conflicts_with_all = ["other", "plot", "drift"])]
    pub all_pairs: bool,

    /// Largest delay searched, of either sign, in s [default: as far as --min-overlap allows]
    #[arg(long, help_heading = "Search", value_name = "S", allow_hyphen_values = true, value_parser = values::positive)]
    pub max_lag: Option<f64>,
    /// Lags at which less than this share of the shorter signal overlaps are not searched, 0 < S <= 1
    #[arg(long, help_heading = "Search", value_name = "S", default_value_t = 0.5, allow_hyphen_values = true, value_parser = values::share)]
    pub min_overlap: f64,
    /// Use frequencies from LO to HI only: in Hz, or cycles per unit of x [default: all]
    #[arg(long, help_heading = "Search", value_name = "LO,HI", allow_hyphen_values = true, value_parser = values::band)]
    pub band: Option<(f64, f64)>,
    /// How frequencies count where the whole lag is chosen: alike, or by generalized cross-correlation
    #[arg(long, help_heading = "Search", value_enum, value_name = "WEIGHTING", default_value_t = WeightingKind::None)]
    pub weighting: WeightingKind,
    /// Between two lags: not at all, by a parabola, or by the phases, weighted by coherence
    #[arg(long, help_heading = "Search", value_enum, value_name = "KIND", default_value_t = SubsampleKind::Weighted)]
    pub subsample: SubsampleKind,
    /// Window over each signal; the verdict and the uncertainty allow for what it leaves
    #[arg(long, help_heading = "Search", value_enum, value_name = "WINDOW", default_value_t = WindowKind::None)]
    pub window: WindowKind,
    /// How the delay changes: its skew in ppm with a 95 % interval, from windows of S s that follow each
    /// other, those of b moved by the delay of the whole signals. --max-lag counts from there
    #[arg(long, help_heading = "Search", value_name = "S", allow_hyphen_values = true, value_parser = values::positive)]
    pub drift: Option<f64>,

    /// Write lag_s, coefficient over the lags searched; with --all-pairs, one coefficient a pair: .csv,
    /// .parquet or .npy, or - for CSV on standard output
    #[arg(long, help_heading = "Output", value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Draw the signals aligned, and their correlation: .png or .svg
    #[arg(long, help_heading = "Output", value_name = "PATH")]
    pub plot: Option<PathBuf>,

    #[command(flatten)]
    pub running: Running,
}

/// `--weighting`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WeightingKind {
    None,
    Phat,
    Scot,
    Roth,
    Ml,
}

/// `--subsample`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SubsampleKind {
    None,
    Parabolic,
    Weighted,
}

/// `--window`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WindowKind {
    None,
    Hann,
}

impl WindowKind {
    /// The share of a signal that is ramps.
    pub fn taper(self) -> f64 {
        match self {
            Self::None => 0.0,
            Self::Hann => 1.0,
        }
    }
}

impl DelayArgs {
    /// What the library is asked for.
    pub fn options(&self) -> DelayOptions {
        let weighting = match self.weighting {
            WeightingKind::None => Weighting::None,
            WeightingKind::Phat => Weighting::Phat,
            WeightingKind::Scot => Weighting::Scot,
            WeightingKind::Roth => Weighting::Roth,
            WeightingKind::Ml => Weighting::Ml,
        };
        let subsample = match self.subsample {
            SubsampleKind::None => Subsample::None,
            SubsampleKind::Parabolic => Subsample::Parabolic,
            SubsampleKind::Weighted => Subsample::Weighted,
        };
        let mut options = DelayOptions::default()
            .with_weighting(weighting)
            .with_subsample(subsample)
            .with_min_overlap(self.min_overlap)
            .with_taper(self.window.taper());
        (options.max_lag_s, options.band_hz) = (self.max_lag, self.band);
        options
    }
}
