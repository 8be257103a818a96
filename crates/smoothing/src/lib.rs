#![doc = include_str!("../README.md")]

pub mod direct;
mod error;
mod fit;
mod irregular_plan;
mod options;
mod smoother;
#[expect(dead_code, reason = "used by the irregular engine")]
mod soe_tables;
mod statistics;
mod uniform;

pub use error::SmoothError;
pub use fit::KernelSums;
pub use hexad_core::{
    Boundary, BoxKernel, FWHM_PER_SIGMA, GaussianKernel, InputError, Spacing, Truncation, UniformAxis,
    sigma_from_cutoff, sigma_from_fwhm,
};
pub use options::{Fit, Method, Missing, Side, SmoothOptions};
pub use smoother::{Report, Scratch, Smoother, smooth};
pub use statistics::Statistics;

pub(crate) use smoother::uniform_radius;
