//! hexad-pde-leapfrog.

mod advice;
mod model;
mod simulation;
mod study;

pub(crate) use advice::{wave_advice, wave_points_for, wave_velocity_errors};
pub(crate) use model::WaveModel;
pub(crate) use simulation::WaveSimulation;
pub(crate) use study::{wave_grid, wave_study, wave_study_of_grids};
