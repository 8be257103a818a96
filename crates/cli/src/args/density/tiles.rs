//! Options of `hexad density tiles`.

use std::path::PathBuf;

use clap::{Arg, ArgMatches, Args, Command, FromArgMatches, ValueEnum};

use super::points::PointArgs;
use super::values::{self, Width};
use super::{NormalizeKind, Running};
use crate::picture::{Colormap, ScaleKind};

const EXAMPLES: &str = "\
One scale of colours serves all tiles, of all zooms. With a --bandwidth in pixels maps look alike
at every zoom; with one in m, km or degrees they show one surface, and a pixel is the sum of the
four that it becomes one zoom deeper. Tiles without anything to see are not written. Points are
held in memory, tiles are not.

Examples:
  hexad density tiles docs/data/cities.csv --x longitude --y latitude --zoom 0-5 \\
    --out cities.pmtiles
  hexad density tiles docs/data/cities.csv --x longitude --y latitude --weight population \\
    --zoom 0-4 --bandwidth 50km --attribution GeoNames --out population";

/// Tiles of a web map.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct TilesArgs {
    #[command(flatten)]
    pub points: EarthPoints,
    /// First and last zoom, from 0 (the world in one tile of 256 x 256 pixels) to 22
    #[arg(long, help_heading = "View", value_name = "A-B", value_parser = zooms)]
    pub zoom: [u8; 2],
    /// Gaussians, repeated boxes, or counts
    #[arg(long, help_heading = "Estimate", value_enum, value_name = "METHOD", default_value_t = TileMethod::Gaussian)]
    pub method: TileMethod,
    /// Standard deviation of the kernel: 10px at every zoom; or 500m or 5km on the ground, or 0.5 degrees of
    /// longitude (with --crs mercator, metres of the map), the same surface at every zoom
    #[arg(long, help_heading = "Estimate", value_name = "B", default_value = "10px", allow_hyphen_values = true, value_parser = values::width)]
    pub bandwidth: Width,
    /// Passes of --method box
    #[arg(long, help_heading = "Estimate", value_name = "N", default_value_t = 4, value_parser = values::passes)]
    pub passes: usize,
    /// Largest error of a lone point, relative to its peak, of --method gaussian: 1e-10 to 1e-3
    #[arg(long, help_heading = "Estimate", value_name = "E", default_value_t = 1e-5, allow_hyphen_values = true, value_parser = values::tolerance)]
    pub tolerance: f64,
    /// Points (or weight) per pixel, per km^2 of ground, integrating to 1 over the Earth, or with a peak of 1
    #[arg(long, help_heading = "Estimate", value_enum, value_name = "UNIT", default_value_t = NormalizeKind::Density)]
    pub normalize: NormalizeKind,
    /// Colours from nothing to the largest value
    #[arg(long, help_heading = "Picture", value_enum, value_name = "NAME", default_value_t = Colormap::Heat)]
    pub colormap: Colormap,
    /// How values are placed between them
    #[arg(long, help_heading = "Picture", value_enum, value_name = "SCALE", default_value_t = ScaleKind::Log)]
    pub scale: ScaleKind,
    /// Value at the end of the scale; saves a pass over all tiles [default: the largest]
    #[arg(long, help_heading = "Picture", value_name = "V", allow_hyphen_values = true, value_parser = crate::args::values::positive)]
    pub scale_max: Option<f64>,
    /// Opacity from the middle of the scale on; clear where nothing is
    #[arg(long, help_heading = "Picture", value_name = "A", default_value_t = 0.8, value_parser = values::opacity)]
    pub alpha: f64,
    /// Write tiles to a folder, as Z/X/Y.png with a tiles.json that tells of them, or to one .pmtiles file
    #[arg(long, help_heading = "Output", value_name = "DIR|FILE")]
    pub out: PathBuf,
    /// Whom to credit for the points: stands in the tiles' description
    #[arg(long, help_heading = "Output", value_name = "TEXT", default_value = "")]
    pub attribution: String,
    /// More tiles than these are refused before the work starts
    #[arg(long, help_heading = "Output", value_name = "N", default_value_t = 1_000_000)]
    pub max_tiles: u64,
    #[command(flatten)]
    pub running: Running,
}

/// `--method`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum TileMethod {
    Gaussian,
    Box,
    Histogram,
}

impl TileMethod {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Gaussian => "gaussian",
            Self::Box => "box",
            Self::Histogram => "histogram",
        }
    }
}

/// [`PointArgs`] of points on the Earth: in degrees, if nothing else is said.
#[derive(Debug)]
pub struct EarthPoints(pub PointArgs);

impl Args for EarthPoints {
    fn augment_args(command: Command) -> Command {
        PointArgs::augment_args(command).mut_arg("crs", in_degrees)
    }

    fn augment_args_for_update(command: Command) -> Command {
        PointArgs::augment_args_for_update(command).mut_arg("crs", in_degrees)
    }
}

impl FromArgMatches for EarthPoints {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        PointArgs::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

fn in_degrees(crs: Arg) -> Arg {
    crs.default_value("lonlat").help("Coordinates: in degrees, or in metres of Web Mercator (EPSG:3857)")
}

/// `A-B`, or one zoom.
fn zooms(text: &str) -> Result<[u8; 2], String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let zoom = |text: &str| match text.trim().parse::<u8>() {
        Ok(zoom) if zoom <= hexad_density::DEEPEST_ZOOM => Ok(zoom),
        _ => Err("must be two whole numbers from 0 to 22, such as 0-8".to_string()),
    };
    match [zoom(first)?, zoom(last)?] {
        [first, last] if first > last => Err("must not end before it starts".to_string()),
        zooms => Ok(zooms),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zooms_are_read() {
        assert_eq!([zooms("0-8"), zooms("5"), zooms("22-22")], [Ok([0, 8]), Ok([5, 5]), Ok([22, 22])]);
        for wrong in ["", "-", "8-0", "0-23", "a-b", "1-2-3", "-1", "1.5"] {
            assert!(zooms(wrong).is_err(), "{wrong}");
        }
    }
}
