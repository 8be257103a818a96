#![doc = include_str!("../README.md")]

mod arrays;
mod checkpoint;
mod clock;
mod convergence;
mod damped;
pub mod direct;
mod dispersion;
mod ends;
mod energy;
mod equations;
mod error;
mod fields;
mod folded;
mod grid;
mod jump;
mod kernel;
mod layer;
mod layout;
mod medium;
mod model;
mod plan;
mod real;
mod richardson;
mod run;
mod scheme;
mod side;
mod simulation;
mod solution;
mod source;
mod start;
mod state;
mod stencil;
mod stop;
mod sweep;
mod taps;
mod work;

pub use clock::Clock;
pub use convergence::{
    ErrorTime, LogLog, Measured, Norm, Norms, StepRule, Study, StudyOptions, StudyRow, Verdict, converge,
    converge_grid, converge_watched,
};
pub use dispersion::{Advice, Dispersion};
pub use error::{CheckpointProblem, WaveError};
pub use fields::Fields;
pub use grid::Grid;
pub use medium::Medium;
pub use model::Model;
pub use plan::Tiling;
pub use real::Real;
pub use richardson::{converge_by_richardson, converge_by_richardson_watched, converge_grid_by_richardson};
pub use side::{Absorbing, Side};
pub use simulation::Simulation;
pub use solution::{Functions, Harmonic, PlaneWave, PlaneWaves, RigidMode, Solution};
pub use source::{Source, Wavelet};
pub use start::Start;
pub use stencil::Order;
pub use stop::Stop;
