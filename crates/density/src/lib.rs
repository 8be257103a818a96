#![doc = include_str!("../README.md")]

mod adaptive;
mod bandwidth;
mod between;
mod boxes;
mod bytes;
mod contour;
pub mod direct;
mod edge;
mod error;
mod exact;
mod gaussian;
mod map;
mod measure;
mod neighbours;
mod plane;
mod points;
mod projection;
mod raster;
mod sum;
mod sweep;
mod tiles;
mod tilted;
mod view;

pub use adaptive::{Adaptive, AdaptiveOptions, adaptive};
pub use bandwidth::{Bandwidth, Covariance};
pub use boxes::{box_map, box_radius, box_sigma, histogram};
pub use contour::{Contour, HotSpot, Level, Polygon, contours, hot_spots};
pub use edge::EdgeCorrection;
pub use error::DensityError;
pub use exact::{Kernel, exact};
pub use gaussian::{GaussianOptions, GaussianPlan, GaussianScratch, SmoothRaster, gaussian};
pub use map::{Map, Normalization};
pub use measure::{MeasuredError, measure_error, measure_error_with};
pub use neighbours::Neighbours;
pub use plane::{Placed, Plane};
pub use points::Points;
pub use projection::{
    EARTH_RADIUS_M, LonLat, MERCATOR_LIMIT_DEG, MercatorPoints, ground_gaussian, mercator_sigma_m,
    mercator_view, per_km2, row_areas_km2,
};
pub use raster::{Raster, Tally};
pub use sweep::Sweep;
pub use tiles::{DEEPEST_ZOOM, TILE_PIXELS, TileId, TileKernel, TileOptions, TilePyramid};
pub use tilted::{TiltedPlan, gaussian_tilted};
pub use view::View;
