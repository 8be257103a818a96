//! Transforms of planned lengths, and convolution by them.

mod complex;
mod engine;
mod overlap_save;
mod real;
mod size;
mod tiles;
mod turns;

pub use complex::ComplexFft;
pub use overlap_save::{OverlapSave, OverlapSaveScratch};
pub use real::RealFft;
pub use size::good_size;
pub use turns::turns;
