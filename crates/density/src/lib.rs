#![doc = include_str!("../README.md")]

mod bandwidth;
mod boxes;
mod contour;
pub mod direct;
mod error;
mod exact;
mod gaussian;
mod map;
mod neighbours;
mod points;
mod raster;
mod view;

pub use bandwidth::Bandwidth;
pub use boxes::{box_map, box_radius, box_sigma, histogram};
pub use contour::{Contour, HotSpot, Level, Polygon, contours, hot_spots};
pub use error::DensityError;
pub use exact::{Kernel, MeasuredError, exact, measure_error};
pub use gaussian::{GaussianOptions, GaussianPlan, SmoothRaster, gaussian};
pub use map::{Map, Normalization};
pub use neighbours::Neighbours;
pub use points::Points;
pub use raster::{Raster, Tally};
pub use view::View;
