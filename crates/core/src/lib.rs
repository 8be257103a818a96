#![doc = include_str!("../README.md")]

mod axis;
mod boundary;
mod check;
mod checksum;
mod fft;
mod kernel;
mod lanes;
#[cfg(feature = "large-pages")]
mod large_pages;
pub mod simd;
mod sum;
mod workspace;

pub use axis::{Spacing, UniformAxis, detect_spacing};
pub use boundary::{Boundary, extend_into};
pub use check::{
    InputError, check_finite, check_fraction, check_length, check_not_negative, check_positive, check_step,
};
pub use checksum::checksum;
pub use fft::{ComplexFft, OverlapSave, OverlapSaveScratch, RealFft, good_size, turns};
pub use kernel::{BoxKernel, FWHM_PER_SIGMA, GaussianKernel, Truncation, sigma_from_cutoff, sigma_from_fwhm};
pub use lanes::for_each_lane;
#[cfg(feature = "large-pages")]
pub use large_pages::LargePages;
pub use ndarray;
pub use num_complex::Complex64;
pub use sum::Sum;
pub use workspace::Workspace;
