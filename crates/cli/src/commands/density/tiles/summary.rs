//! What `hexad density tiles` says about its work.

use std::fmt;

use hexad_density::{LonLat, TILE_PIXELS};
use serde::Serialize;

use super::Gathered;
use super::store::Done;
use super::survey::Survey;
use crate::args::density::NormalizeKind;
use crate::args::density::tiles::{TileMethod, TilesArgs};
use crate::args::density::values::Width;
use crate::commands::density::words::thousands;
use crate::picture::Scale;
use crate::report::Written;
use crate::units::four_digits;

/// The JSON object, and in words.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// Points read.
    points: u64,
    /// Points on the map.
    inside: u64,
    /// Points with a missing number, those beyond the map among them.
    missing: u64,
    /// Points at latitudes that Web Mercator does not show.
    beyond: u64,
    /// Pixels of a tile.
    width: usize,
    height: usize,
    /// West, south, east, north of all points, in degrees.
    bbox: [f64; 4],
    /// How coordinates are meant.
    crs: &'static str,
    /// How values came about.
    method: &'static str,
    /// Standard deviation in metres of the map or, with `bandwidth_is_ground`, of the ground.
    bandwidth: Option<f64>,
    bandwidth_is_ground: bool,
    /// Standard deviation in pixels, where it is the same at every zoom.
    bandwidth_px: Option<f64>,
    /// What values mean, and their unit.
    normalization: &'static str,
    unit: String,
    /// Of all values of the deepest zoom.
    sum: f64,
    /// The largest value of all zooms, where it stands in degrees, and at what zoom.
    max: f64,
    max_at: [f64; 2],
    max_zoom: u8,
    /// Value at the end of the scale.
    scale_max: f64,
    /// First and last zoom.
    zoom: [u8; 2],
    /// Tiles written, and bytes of the file or of all pictures.
    tiles: u64,
    bytes: u64,
    /// Files written.
    outputs: Vec<Written>,
}

impl Summary {
    /// What was found and written.
    pub fn new(
        args: &TilesArgs,
        read: &Gathered,
        survey: &Survey,
        scale: &Scale,
        unit: String,
        done: &Done,
    ) -> Self {
        let peak = survey.peak();
        let share = args.normalize == NormalizeKind::Max;
        // Values are densities up to here; the largest becomes 1.
        let unity = if share && scale.high() > 0.0 { scale.high() } else { 1.0 };
        let width = if args.method == TileMethod::Histogram { None } else { Some(args.bandwidth) };
        let max_at = peak.map_or([f64::NAN; 2], |(tile, seen)| {
            let centre = tile.view().centre(seen.at % TILE_PIXELS, seen.at / TILE_PIXELS);
            let LonLat { lon_deg, lat_deg } = LonLat::from_mercator_m(centre);
            [lon_deg, lat_deg]
        });
        Self {
            points: read.tally.points,
            inside: read.tally.inside,
            missing: read.tally.missing,
            beyond: read.beyond,
            width: TILE_PIXELS,
            height: TILE_PIXELS,
            bbox: read.bbox(),
            crs: args.points.0.crs.name(),
            method: args.method.name(),
            bandwidth: match width {
                Some(Width::Metres(metres)) => Some(metres),
                Some(Width::Data(sigma)) => Some(sigma * args.points.0.crs.plane().unit()),
                _ => None,
            },
            bandwidth_is_ground: matches!(width, Some(Width::Metres(_))),
            bandwidth_px: match width {
                Some(Width::Pixels(sigma)) => Some(sigma),
                _ => None,
            },
            normalization: args.normalize.name(),
            unit,
            sum: survey.sum(args.zoom[1]) / unity,
            max: peak.map_or(0.0, |(_, seen)| seen.max) / unity,
            max_at,
            max_zoom: peak.map_or(args.zoom[1], |(tile, _)| tile.zoom()),
            scale_max: scale.high() / unity,
            zoom: args.zoom,
            tiles: done.tiles,
            bytes: done.bytes,
            outputs: vec![Written { path: args.out.display().to_string(), format: done.format }],
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [points, inside] = [self.points, self.inside].map(thousands);
        let missing = match self.missing {
            0 => String::new(),
            missing => {
                format!(", {} missing ({} beyond the map)", thousands(missing), thousands(self.beyond))
            }
        };
        writeln!(f, "points   {points}, {inside} on the map{missing}")?;
        let [first, last] = self.zoom;
        writeln!(
            f,
            "tiles    {} at zoom {first} to {last}, {} bytes",
            thousands(self.tiles),
            thousands(self.bytes)
        )?;
        let [lon, lat] = self.max_at.map(four_digits);
        let most = four_digits(self.max);
        writeln!(f, "values   {}, at most {most} at {lon}, {lat} (zoom {})", self.unit, self.max_zoom)?;
        writeln!(f, "scale    from 0 to {} for all tiles", four_digits(self.scale_max))?;
        self.outputs.iter().try_for_each(|output| writeln!(f, "wrote    {}", output.path))
    }
}
