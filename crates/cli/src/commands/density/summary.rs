//! What `hexad density` says about its work.

use std::fmt;

use serde::Serialize;

use super::spots::Spot;
use super::words::thousands;
use crate::report::{Written, write_table};
use crate::units::four_digits;

/// Hot spots that are listed for people.
const MOST_SPOTS: usize = 10;

/// The JSON object, and in words.
#[derive(Debug, Serialize)]
pub struct Summary {
    /// Points read.
    pub points: u64,
    /// Points in the view.
    pub inside: u64,
    /// Points with a missing number; with degrees, those beyond the map among them.
    pub missing: u64,
    /// Points at latitudes that Web Mercator does not show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub beyond: Option<u64>,
    /// Pixels along x.
    pub width: usize,
    /// Pixels along y.
    pub height: usize,
    /// Corners of the view, in the coordinates of the points.
    pub bbox: [f64; 4],
    /// How coordinates are meant.
    pub crs: &'static str,
    /// How values came about.
    pub method: &'static str,
    /// Standard deviations along x and y, in data units, or metres of Web Mercator.
    pub bandwidth: Option<[f64; 2]>,
    /// The same in pixels.
    pub bandwidth_px: Option<[f64; 2]>,
    /// What values mean.
    pub normalization: &'static str,
    /// Their unit.
    pub unit: String,
    /// Of all values.
    pub sum: f64,
    /// The largest value.
    pub max: f64,
    /// Where it stands, in the coordinates of the points.
    pub max_at: [f64; 2],
    /// Largest error of a lone point, relative to its peak; 0 where values are exact.
    pub error_bound: f64,
    /// Areas of the first level.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hotspots: Option<Vec<Spot>>,
    /// Unit of their areas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub area_unit: Option<String>,
    /// Files written.
    pub outputs: Vec<Written>,
    #[serde(skip)]
    pub method_words: String,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { points, inside, missing, .. } = self;
        let [points, inside] = [*points, *inside].map(thousands);
        let missing = if *missing > 0 { format!(", {} missing", thousands(*missing)) } else { String::new() };
        let beyond = match self.beyond {
            Some(beyond) if beyond > 0 => format!(" ({} beyond the map)", thousands(beyond)),
            _ => String::new(),
        };
        writeln!(f, "points   {points}, {inside} inside{missing}{beyond}")?;
        let [x0, y0, x1, y1] = self.bbox.map(four_digits);
        writeln!(
            f,
            "view     {} x {} pixels, x from {x0} to {x1}, y from {y0} to {y1}",
            self.width, self.height
        )?;
        let bound = match self.error_bound {
            0.0 => String::new(),
            bound => format!("; a point is right to {} of its peak", four_digits(bound)),
        };
        writeln!(f, "method   {}{bound}", self.method_words)?;
        let [x, y] = self.max_at.map(four_digits);
        writeln!(f, "values   {}, at most {} at {x}, {y}", self.unit, four_digits(self.max))?;
        if let Some(spots) = &self.hotspots {
            self.write_spots(f, spots)?;
        }
        self.outputs.iter().try_for_each(|output| writeln!(f, "wrote    {}", output.path))
    }
}

impl Summary {
    fn write_spots(&self, f: &mut fmt::Formatter<'_>, spots: &[Spot]) -> fmt::Result {
        writeln!(f, "spots    {}", spots.len())?;
        let area = format!("area [{}]", self.area_unit.as_deref().unwrap_or_default());
        let mut rows = vec![["peak", "x", "y", &area, "points", "share"].map(str::to_string)];
        rows.extend(spots.iter().take(MOST_SPOTS).map(|spot| {
            [
                four_digits(spot.peak),
                four_digits(spot.peak_at[0]),
                four_digits(spot.peak_at[1]),
                four_digits(spot.area),
                thousands(spot.points),
                format!("{:.1} %", 100.0 * spot.share),
            ]
        }));
        write_table(f, &rows)?;
        match spots.len().checked_sub(MOST_SPOTS) {
            Some(more) if more > 0 => writeln!(f, "  and {more} more; --json and --contours have all"),
            _ => Ok(()),
        }
    }
}
