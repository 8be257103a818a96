//! Which columns are the points.

use clap::builder::{PathBufValueParser, TypedValueParser};
use clap::{Args, ValueEnum};
use hexad_density::Plane;

use crate::table::Input;

/// Points, from one table or several.
#[derive(Debug, Args)]
#[command(next_help_heading = "Points")]
pub struct PointArgs {
    /// .csv .tsv .txt .parquet or .npy files, or - for CSV on standard input; several are one
    #[arg(help_heading = "Arguments", value_name = "POINTS", required = true, value_parser = PathBufValueParser::new().map(Input::from))]
    pub inputs: Vec<Input>,
    /// Column of x, or of the longitude, by header or 0-based index
    #[arg(long, value_name = "COL")]
    pub x: String,
    /// Column of y, or of the latitude
    #[arg(long, value_name = "COL")]
    pub y: String,
    /// Column of weights, >= 0 [default: 1]
    #[arg(long, value_name = "COL")]
    pub weight: Option<String>,
    /// Coordinates: on a plane, in degrees (drawn in Web Mercator), or in metres of Web Mercator (EPSG:3857)
    #[arg(long, value_enum, value_name = "CRS", default_value_t = Crs::Planar)]
    pub crs: Crs,
    /// Points with a missing number are counted and left out; skip takes other text for missing too, error
    /// refuses [default: only empty fields, NaN and NA are missing]
    #[arg(long, value_enum, value_name = "POLICY")]
    pub nan: Option<MissingPoints>,
}

/// `--crs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Crs {
    Planar,
    Lonlat,
    Mercator,
}

/// `--nan`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MissingPoints {
    Skip,
    Error,
}

impl Crs {
    /// As the library has it.
    pub fn plane(self) -> Plane {
        match self {
            Self::Planar => Plane::Planar,
            Self::Lonlat => Plane::LonLat,
            Self::Mercator => Plane::Mercator,
        }
    }

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Planar => "planar",
            Self::Lonlat => "lonlat",
            Self::Mercator => "mercator",
        }
    }
}
