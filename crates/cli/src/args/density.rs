//! Options of `hexad density`.

pub mod animate;
pub mod picture;
pub mod points;
pub mod serve;
pub mod tiles;
pub mod values;

use std::path::PathBuf;

use clap::{ArgMatches, Args, Command, FromArgMatches, Subcommand, ValueEnum};

use super::Running;
use picture::PictureArgs;
use points::PointArgs;
use values::{Kernel, Level, Size, Width};

const EXAMPLES: &str = "\
Maps of columns that are too long for memory take one pass if --bbox and a --bandwidth in numbers
are given, and two passes over files otherwise; exact, knn, box, adaptive, --edge, and a --bandwidth
that is chosen or in metres hold all points. In .npy and .csv outputs row 0 is at the bottom, and a
value stands at its pixel's centre. With --crs lonlat or mercator, densities are per km^2 of ground.

Examples:
  hexad density docs/data/cities.csv --x longitude --y latitude --crs lonlat --scale sqrt \\
    --out cities.png --plot cities.svg
  hexad density docs/data/cities.csv --x longitude --y latitude --bbox -10,35,30,60 --size 512x384 \\
    --bandwidth 0.5 --contours cities.geojson --levels 50%,80% --json";

/// The density of scattered points: a map, or one of several kinds of maps.
#[derive(Debug)]
pub enum DensityArgs {
    /// One map.
    Map(Box<MapArgs>),
    /// Another picture.
    Other(DensityCommand),
}

/// What else there is than one map.
#[derive(Debug, Subcommand)]
pub enum DensityCommand {
    /// A moving picture: the map while its bandwidth grows
    Animate(Box<animate::AnimateArgs>),
    /// A map page for the browser: pan, zoom, and change everything live
    Serve(Box<serve::ServeArgs>),
    /// Tiles of a web map: a folder of PNGs or one PMTiles file, one scale for all
    Tiles(Box<tiles::TilesArgs>),
}

/// One map.
#[derive(Debug, Args)]
pub struct MapArgs {
    #[command(flatten)]
    pub points: PointArgs,
    #[command(flatten)]
    pub view: ViewArgs,
    #[command(flatten)]
    pub estimate: EstimateArgs,
    #[command(flatten)]
    pub picture: PictureArgs,
    #[command(flatten)]
    pub output: OutputArgs,
    #[command(flatten)]
    pub running: Running,
}

/// The rectangle shown, and its pixels.
#[derive(Debug, Args)]
#[command(next_help_heading = "View")]
pub struct ViewArgs {
    /// The window shown, in data units; with --crs lonlat in degrees. Points outside it count as far as the
    /// kernel reaches in [default: around all points]
    #[arg(long, value_name = "X0,Y0,X1,Y1", allow_hyphen_values = true, value_parser = values::bbox)]
    pub bbox: Option<[f64; 4]>,
    /// Pixels, or the width alone for square ones
    #[arg(long, value_name = "WxH", default_value = "256x256", value_parser = values::size)]
    pub size: Size,
}

/// How the values come about, and what they mean.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Estimate")]
pub struct EstimateArgs {
    /// Gaussians, repeated boxes, counts, the sum as it is defined, the nearest neighbours of each pixel, or
    /// Gaussians that are narrow where points are dense (Abramson)
    #[arg(long, value_enum, value_name = "METHOD", default_value_t = MethodKind::Gaussian)]
    pub method: MethodKind,
    /// Standard deviation of the kernel: 0.5 (data units; degrees with --crs lonlat), 10px, 500m or 5km
    /// (on the ground, with --crs; but for --method gaussian, at the middle of the view), or chosen:
    /// scott, silverman, isj
    #[arg(long, value_name = "B", default_value = "10px", allow_hyphen_values = true, value_parser = values::width)]
    pub bandwidth: Width,
    /// Shape of the kernel; other than the first need --method exact
    #[arg(long, value_enum, value_name = "KERNEL", default_value_t = Kernel::Gaussian)]
    pub kernel: Kernel,
    /// Points can only be inside the view: what kernels lose beyond its edge is made good, evenly or point by
    /// point; --method gaussian only
    #[arg(long, value_enum, value_name = "CORRECTION")]
    pub edge: Option<EdgeKind>,
    /// Passes of --method box
    #[arg(long, value_name = "N", default_value_t = 4, value_parser = values::passes)]
    pub passes: usize,
    /// Neighbours of --method knn, up to 32
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = values::neighbours)]
    pub neighbours: usize,
    /// --method knn is the score sum_k exp(-D d_k^2) / K, d_k in data units; 0 or more
    #[arg(long, value_name = "D", default_value_t = 70.0, allow_hyphen_values = true, value_parser = super::values::not_negative)]
    pub decay: f64,
    /// Largest error of a lone point, relative to its peak, of --method gaussian and adaptive: 1e-9 to 1e-3
    #[arg(long, value_name = "E", default_value = "1e-5", allow_hyphen_values = true, value_parser = values::tolerance)]
    pub tolerance: f64,
    /// Points (or weight) per pixel, per data unit squared (km^2 of ground with --crs), integrating to 1
    /// over the plane, or with a peak of 1. With --method knn, the density (K - 1) / (pi d_K^2) in these
    /// units instead of the score [default: density]
    #[arg(long, value_enum, value_name = "UNIT")]
    pub normalize: Option<NormalizeKind>,
}

impl Args for DensityArgs {
    fn augment_args(command: Command) -> Command {
        DensityCommand::augment_subcommands(MapArgs::augment_args(command))
            .subcommand_required(false)
            .arg_required_else_help(false)
            .args_conflicts_with_subcommands(true)
            .subcommand_negates_reqs(true)
            .subcommand_help_heading("Other pictures")
            .after_help(EXAMPLES)
    }

    fn augment_args_for_update(command: Command) -> Command {
        Self::augment_args(command)
    }
}

impl FromArgMatches for DensityArgs {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        match matches.subcommand_name() {
            Some(_) => DensityCommand::from_arg_matches(matches).map(Self::Other),
            None => MapArgs::from_arg_matches(matches).map(|args| Self::Map(Box::new(args))),
        }
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        *self = Self::from_arg_matches(matches)?;
        Ok(())
    }
}

/// What is written.
#[derive(Debug, Args)]
#[command(next_help_heading = "Output")]
pub struct OutputArgs {
    /// Write the map: a picture (.png), or its values (.npy, .csv)
    #[arg(long, value_name = "PATH")]
    pub out: Option<PathBuf>,
    /// Draw the map with axes, title and legend: .png or .svg
    #[arg(long, value_name = "PATH")]
    pub plot: Option<PathBuf>,
    /// Write hot spots as GeoJSON polygons with level, area and share of points
    #[arg(long, value_name = "PATH")]
    pub contours: Option<PathBuf>,
    /// Where contours run: 50% (around the densest pixels that hold half of the map), 0.5max (of the peak),
    /// or values such as 12.5
    #[arg(long, value_name = "LEVEL[,LEVEL...]", value_delimiter = ',', default_value = "50%", value_parser = values::level)]
    pub levels: Vec<Level>,
    /// List the hot spots of the first level: peak, area, share of points
    #[arg(long)]
    pub hotspots: bool,
}

/// `--method`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MethodKind {
    Gaussian,
    Box,
    Histogram,
    Exact,
    Knn,
    Adaptive,
}

/// `--edge`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum EdgeKind {
    Uniform,
    Diggle,
}

/// `--normalize`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum NormalizeKind {
    Count,
    Density,
    Probability,
    Max,
}

impl MethodKind {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gaussian => "gaussian",
            Self::Box => "box",
            Self::Histogram => "histogram",
            Self::Exact => "exact",
            Self::Knn => "knn",
            Self::Adaptive => "adaptive",
        }
    }
}

impl NormalizeKind {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Count => "count",
            Self::Density => "density",
            Self::Probability => "probability",
            Self::Max => "max",
        }
    }
}
