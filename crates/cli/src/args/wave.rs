//! Options of `hexad wave`.

pub mod converge;
pub mod run;

use clap::{Args, Subcommand};

/// Acoustic waves.
#[derive(Debug, Args)]
pub struct WaveArgs {
    #[command(subcommand)]
    pub command: WaveCommand,
}

/// What to do with waves.
#[derive(Debug, Subcommand)]
pub enum WaveCommand {
    /// Run a model in 1, 2 or 3 dimensions: fields, receivers, pictures, checkpoints
    Run(Box<run::RunArgs>),
    /// A convergence study: how fast does the error fall when the grid gets finer?
    Converge(Box<converge::ConvergeArgs>),
}
