//! Options of `hexad wave converge`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use crate::args::{Running, values};

const EXAMPLES: &str = "\
The equations are p_t + div u = 0, u_t + grad p = 0 in a periodic unit cell, with speed 1.
question is p = cos 2 pi (x + t), u = -p; two-waves is p = -f(x + t) + g(x - t),
u = f(x + t) + g(x - t) with f = cos 2 pi x, g = 2 sin 6 pi x. In 2-D and 3-D the waves run along
the diagonal, with these wavelengths along every axis. The time step shrinks until the last one
ends at --end-time. p is compared at whole steps in the cells, u at half steps on their faces.

Examples:
  hexad wave converge --start naive --plot naive.png
  hexad wave converge --order 4 --problem two-waves --cells 48,64,96 --json";

/// A convergence study.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct ConvergeArgs {
    #[command(flatten)]
    pub problem: ProblemArgs,
    #[command(flatten)]
    pub study: StudyArgs,

    /// Write cells, dx, dt, steps, error_p, error_u, order_p, order_u: .csv, .parquet or .npy, or - for CSV on
    /// standard output
    #[arg(long, help_heading = "Output", value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Draw the errors over dx with the slope they should have, and the error over time: .png or .svg
    #[arg(long, help_heading = "Output", value_name = "PATH")]
    pub plot: Option<PathBuf>,

    #[command(flatten)]
    pub running: Running,
}

/// What is computed, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "Problem")]
pub struct ProblemArgs {
    /// The solution to start from and to compare with
    #[arg(long, value_enum, value_name = "NAME", default_value_t = ProblemKind::Question)]
    pub problem: ProblemKind,
    /// Axes of the unit cell
    #[arg(long, value_enum, value_name = "D", default_value_t = DimsKind::One)]
    pub dims: DimsKind,
    /// Order of the differences in space; steps in time are of order 2
    #[arg(long, value_enum, value_name = "Q", default_value_t = OrderKind::Two)]
    pub order: OrderKind,
    /// The velocity at dt/2: given, by a Taylor expansion of order 1 or 2, or taken from time 0 and from the
    /// places of the pressure, as array programs often do
    #[arg(long, value_enum, value_name = "START", default_value_t = StartKind::Exact)]
    pub start: StartKind,
    /// End of the runs; a wave passes the 1-D cell in 1
    #[arg(long, value_name = "T", default_value_t = 2.0, allow_hyphen_values = true, value_parser = values::positive)]
    pub end_time: f64,
}

/// The grids and what is measured on them.
#[derive(Debug, Args)]
#[command(next_help_heading = "Study")]
pub struct StudyArgs {
    /// Cells along each axis of each grid, rising [default: 50,100,200,400; fewer where the work or the order
    /// asks for it]
    #[arg(long, value_name = "N,N[,N...]", value_delimiter = ',', allow_hyphen_values = true, value_parser = values::count)]
    pub cells: Option<Vec<usize>>,
    /// Largest dt / dx; with --step-rule matched that of the coarsest grid [default: 0.3; with matched, what
    /// makes the error of the time steps a tenth of that of the differences, where that is less]
    #[arg(long, value_name = "C", allow_hyphen_values = true, value_parser = values::positive)]
    pub cfl: Option<f64>,
    /// The same dt / dx on all grids: then the order is 2 whatever the differences; or dt in proportion to
    /// dx^(Q/2), so that their order shows [default: courant with --order 2, matched with others]
    #[arg(long, value_enum, value_name = "RULE")]
    pub step_rule: Option<StepRuleKind>,
    /// Size of the error: dx^D sum |e|, dx^(D/2) sqrt(sum e^2), or max |e|
    #[arg(long, value_enum, value_name = "NORM", default_value_t = NormKind::L2)]
    pub norm: NormKind,
    /// The largest error of all steps, or that of the last [default: largest]
    #[arg(long, value_enum, value_name = "WHEN")]
    pub at: Option<AtKind>,
    /// Against the exact solution, or each grid at the end against the next one, of three times as many cells
    #[arg(long, value_enum, value_name = "METHOD", default_value_t = ErrorKind::Exact)]
    pub error_by: ErrorKind,
}

/// `--problem`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProblemKind {
    Question,
    TwoWaves,
}

/// `--dims`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum DimsKind {
    #[value(name = "1")]
    One,
    #[value(name = "2")]
    Two,
    #[value(name = "3")]
    Three,
}

/// `--order`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OrderKind {
    #[value(name = "2")]
    Two,
    #[value(name = "4")]
    Four,
    #[value(name = "6")]
    Six,
    #[value(name = "8")]
    Eight,
}

/// `--start`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StartKind {
    Exact,
    Taylor1,
    Taylor2,
    Naive,
}

/// `--step-rule`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum StepRuleKind {
    Courant,
    Matched,
}

/// `--norm`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NormKind {
    L1,
    L2,
    Max,
}

/// `--at`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum AtKind {
    Largest,
    End,
}

/// `--error-by`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ErrorKind {
    Exact,
    Richardson,
}
