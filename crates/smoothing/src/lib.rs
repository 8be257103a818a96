#![doc = include_str!("../README.md")]

mod boxes;
mod convert;
pub mod direct;
mod error;
mod fit;
mod image;
mod irregular;
mod irregular_plan;
mod options;
mod part;
pub mod scipy;
pub mod seed;
mod sigma;
mod smoother;
mod soe_tables;
mod statistics;
mod stream;
mod uniform;

pub use boxes::{box_filter, box_filter_nd};
pub use error::SmoothError;
pub use fit::KernelSums;
pub use hexad_core::{
    Boundary, BoxKernel, FWHM_PER_SIGMA, GaussianKernel, InputError, Spacing, Truncation, UniformAxis,
    sigma_from_cutoff, sigma_from_fwhm,
};
pub use image::{GaussianFilter2d, ImageOptions, ImageScratch, Pixel};
pub use options::{Fit, Method, Missing, Side, SmoothOptions};
pub use part::{Part, PartLayout};
pub use sigma::{AutoSigma, auto_sigma};
pub use smoother::{SmoothReport, SmoothScratch, Smoother, smooth};
pub use statistics::Statistics;
pub use stream::SmoothStream;

pub(crate) use uniform::uniform_radius;
