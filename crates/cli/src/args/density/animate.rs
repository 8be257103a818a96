//! Options of `hexad density animate`.

use std::path::PathBuf;

use clap::Args;

use super::points::PointArgs;
use super::values;
use super::{NormalizeKind, Running, ViewArgs};
use crate::picture::{Colormap, ScaleKind};

const EXAMPLES: &str = "\
Examples:
  hexad density animate docs/data/cities.csv --x longitude --y latitude --crs lonlat \\
    --radius 2..40 --out cities.gif
  hexad density animate docs/data/cities.csv --x longitude --y latitude --bbox -10,35,30,60 \\
    --radius 1..20 --frames 12 --scale sqrt --per-frame --out europe.gif";

/// A map while its bandwidth grows.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct AnimateArgs {
    #[command(flatten)]
    pub points: PointArgs,
    #[command(flatten)]
    pub view: ViewArgs,
    /// Standard deviation of the Gaussians in the first and in the last frame, in pixels; each frame's is
    /// the same factor wider than the one before
    #[arg(long, help_heading = "Estimate", value_name = "A..B", value_parser = values::radii)]
    pub radius: [f64; 2],
    /// Largest error of a lone point, relative to its peak: 1e-9 to 1e-3
    #[arg(long, help_heading = "Estimate", value_name = "E", default_value = "1e-5", allow_hyphen_values = true, value_parser = values::tolerance)]
    pub tolerance: f64,
    /// Points (or weight) per pixel, per data unit squared (km^2 of ground with --crs), integrating to 1
    /// over the plane, or with a peak of 1
    #[arg(long, help_heading = "Estimate", value_enum, value_name = "UNIT", default_value_t = NormalizeKind::Density)]
    pub normalize: NormalizeKind,
    /// Colours from nothing to the largest value
    #[arg(long, help_heading = "Picture", value_enum, value_name = "NAME", default_value_t = Colormap::Viridis)]
    pub colormap: Colormap,
    /// How values are placed between them
    #[arg(long, help_heading = "Picture", value_enum, value_name = "SCALE", default_value_t = ScaleKind::Sqrt)]
    pub scale: ScaleKind,
    /// A scale for each frame, not one for all
    #[arg(long, help_heading = "Picture")]
    pub per_frame: bool,
    /// Number of frames, 2 to 1000
    #[arg(long, help_heading = "Picture", value_name = "N", default_value_t = 24, value_parser = values::frames)]
    pub frames: usize,
    /// How long a frame stays, in s
    #[arg(long, help_heading = "Picture", value_name = "S", default_value_t = 0.12, value_parser = values::pause)]
    pub pause: f64,
    /// Write the moving picture, which runs for ever: .gif
    #[arg(long, help_heading = "Output", value_name = "PATH")]
    pub out: PathBuf,
    #[command(flatten)]
    pub running: Running,
}
