//! Options of `hexad spectrum`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use hexad_spectral::{Average, Detrend, Scaling, Window};

use super::signal::SignalArgs;
use super::{Running, values};

const EXAMPLES: &str = "\
Units, for y in V and x in s: amplitude V, rms V rms, power V^2, density V^2/Hz, energy V^2 s/Hz,
transform V/Hz. The phase is that of a cosine at the first sample, in rad; with --scaling transform
it is the argument of the transform, which counts time from x = 0. With --segment, a file of any
length is read in constant memory, unless --average median needs all of it.

Examples:
  hexad spectrum docs/data/sunspots_yearly.csv --x year --y sunspots --window hann \\
    --plot spectrum.png --json
  hexad spectrum docs/data/nino3_sst.csv --x year --y sst_celsius --scaling density \\
    --window hann --segment 64 --confidence 0.95 --plot nino.png";

/// The spectrum of a signal.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct SpectrumArgs {
    #[command(flatten)]
    pub signal: SignalArgs,

    /// What the values are: amplitude, rms and power of tones, density of noise, energy and transform of
    /// pulses; units below
    #[arg(long, help_heading = "Spectrum", value_enum, value_name = "SCALING", default_value_t = ScalingKind::Amplitude)]
    pub scaling: ScalingKind,
    /// boxcar, hann, hamming, blackman, blackmanharris, nuttall, flattop, hft70, hft95, hft248d,
    /// tukey=TAPER, kaiser=BETA, gaussian=SIGMA (samples) or dpss=HALF_BANDWIDTH (bins) [default: boxcar]
    #[arg(long, help_heading = "Spectrum", value_name = "WINDOW", value_parser = values::window)]
    pub window: Option<Window>,
    /// What is taken off each segment before; with --lombscargle off all samples, by least squares over
    /// their times [default: none]
    #[arg(long, help_heading = "Spectrum", value_enum, value_name = "TREND")]
    pub detrend: Option<Trend>,

    /// Average the spectra of segments of N samples (Welch) [default: one segment, the whole record]
    #[arg(long, help_heading = "Averaging", value_name = "N", allow_hyphen_values = true, value_parser = values::segment)]
    pub segment: Option<usize>,
    /// Share of a segment that it has in common with the next, 0 <= S < 1 [default: 0.5]
    #[arg(long, help_heading = "Averaging", value_name = "S", allow_hyphen_values = true, value_parser = values::overlap)]
    pub overlap: Option<f64>,
    /// Mean of the segments' powers, or their median over its expectation for noise, which a few loud
    /// segments do not move [default: mean]
    #[arg(long, help_heading = "Averaging", value_enum, value_name = "AVERAGE")]
    pub average: Option<AverageKind>,
    /// Add the interval that holds the true value of noise with probability P, 0 < P < 1
    #[arg(long, help_heading = "Averaging", value_name = "P", allow_hyphen_values = true, value_parser = values::fraction)]
    pub confidence: Option<f64>,

    /// Lomb-Scargle: a tone and a constant fitted at each frequency, for --x at any times in any order.
    /// --scaling amplitude, in y units, or power: the share of the variance explained, 0 to 1. Up to five
    /// times half the mean rate; no further than half the rate of an even grid that the times stand on
    #[arg(long, help_heading = "Uneven times")]
    pub lombscargle: bool,
    /// Missing values: left out, or refused; with --lombscargle [default: error]
    #[arg(long, help_heading = "Uneven times", value_enum, value_name = "POLICY")]
    pub nan: Option<Missing>,

    /// Write frequency, value and, unless averaged, phase (rad); with --confidence lower, upper: .csv,
    /// .parquet or .npy, or - for CSV on standard output
    #[arg(long, help_heading = "Output", value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Draw the spectrum: .png or .svg
    #[arg(long, help_heading = "Output", value_name = "PATH")]
    pub plot: Option<PathBuf>,

    #[command(flatten)]
    pub running: Running,
}

/// `--scaling`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ScalingKind {
    Amplitude,
    Rms,
    Power,
    Density,
    Energy,
    Transform,
}

/// `--detrend`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Trend {
    None,
    Constant,
    Linear,
}

/// `--average`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AverageKind {
    Mean,
    Median,
}

/// `--nan`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Missing {
    Skip,
    Error,
}

impl SpectrumArgs {
    /// What the values are, as the library names it.
    pub fn scaling(&self) -> Scaling {
        match self.scaling {
            ScalingKind::Amplitude => Scaling::Amplitude,
            ScalingKind::Rms => Scaling::Rms,
            ScalingKind::Power => Scaling::Power,
            ScalingKind::Density => Scaling::Density,
            ScalingKind::Energy => Scaling::Energy,
            ScalingKind::Transform => Scaling::Transform,
        }
    }

    /// What is taken off.
    pub fn detrend(&self) -> Detrend {
        match self.detrend {
            None | Some(Trend::None) => Detrend::None,
            Some(Trend::Constant) => Detrend::Constant,
            Some(Trend::Linear) => Detrend::Linear,
        }
    }

    /// The window.
    pub fn window(&self) -> Window {
        self.window.unwrap_or_default()
    }

    /// What is taken over the segments.
    pub fn average(&self) -> Average {
        match self.average {
            None | Some(AverageKind::Mean) => Average::Mean,
            Some(AverageKind::Median) => Average::Median,
        }
    }
}
