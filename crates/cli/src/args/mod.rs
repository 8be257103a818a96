//! The command line, as clap reads it.

pub mod delay;
pub mod density;
pub mod neuron;
pub mod rebuild;
pub mod signal;
pub mod smooth;
pub mod spectrum;
pub mod values;
pub mod wave;

use clap::builder::Styles;
use clap::error::ErrorKind;
use clap::{Args, Parser, Subcommand};

use crate::error::Failure;

/// Six numerical jobs done right, fast and with the error stated.
#[derive(Debug, Parser)]
#[command(name = "hexad", version, styles = Styles::plain(), max_term_width = 100, disable_help_subcommand = true)]
#[command(after_help = "`hexad COMMAND --help` shows every option with its unit and default, and examples.")]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Smooth columns with a Gaussian: even or uneven x, gaps, derivatives, standard errors
    Smooth(Box<smooth::SmoothArgs>),
    /// Spectrum in calibrated units: one record, averaged segments, or samples at any times
    Spectrum(Box<spectrum::SpectrumArgs>),
    /// Rebuild a signal from its strongest frequencies: how many does it need?
    Rebuild(Box<rebuild::RebuildArgs>),
    /// Delay between two signals: how much, how sure, or that there is none
    Delay(Box<delay::DelayArgs>),
    /// Density of scattered points: maps, hot spots, pictures
    Density(Box<density::DensityArgs>),
    /// Hodgkin-Huxley neurons: one with all its traces, its f-I curve, populations, networks
    #[command(subcommand)]
    Neuron(neuron::NeuronCommand),
    /// Acoustic waves in 1, 2 or 3 dimensions: run a model, or show the order of the scheme
    Wave(wave::WaveArgs),
    /// Print the completion script of a shell
    Completions {
        /// The shell
        shell: clap_complete::Shell,
    },
}

/// What every command that works on data has.
#[derive(Debug, Args)]
#[command(next_help_heading = "Running")]
pub struct Running {
    /// Print one JSON object on standard output and nothing else there
    #[arg(long)]
    pub json: bool,
    /// Threads to use; results are the same for every N [default: all cores]
    #[arg(long, value_name = "N", value_parser = values::threads)]
    pub threads: Option<usize>,
    /// No progress bar, no summary
    #[arg(long)]
    pub quiet: bool,
}

/// clap's complaint as one line: what is wrong and what to do, without the usage text.
pub fn misuse(error: &clap::Error) -> Failure {
    let text = error.render().to_string();
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        let usage = text.split("Usage: ").nth(1).and_then(|usage| usage.split(['<', '[']).next());
        let command = usage.map_or("hexad", str::trim);
        return Failure::usage(format!("no command given; see {command} --help"));
    }
    let text = text.split("\n\nUsage:").next().unwrap_or(&text);
    let text = text.split("\n\nFor more information").next().unwrap_or(text);
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let message = lines.collect::<Vec<_>>().join(" ").replace(" tip: ", "; ");
    let message = message.strip_prefix("error: ").unwrap_or(&message);
    Failure::usage(format!("{message}; see --help"))
}
