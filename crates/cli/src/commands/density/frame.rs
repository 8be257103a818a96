//! A map of points in its frame.

use std::fmt::Write;

use hexad_density::{LonLat, View};

use super::spots::Spot;
use crate::error::Outcome;
use crate::picture::{Area, Framed, Image, Legend};
use crate::plot::{AxisScale, Picture, Ticks};
use crate::units;
use hexad_density::Plane;

/// What a map may fill, in units of the SVG.
const LARGEST: [f64; 2] = [760.0, 600.0];

/// A map in its frame.
pub struct Frame<'a> {
    /// Above it.
    pub title: String,
    /// The map.
    pub image: &'a Image,
    /// Whether the map is smooth: pixels may be blended where they are drawn larger.
    pub is_smooth: bool,
    /// The plane of the view.
    pub plane: Plane,
    /// What is seen.
    pub view: &'a View,
    /// Columns of x and y.
    pub names: &'a [String],
    /// What the colours mean.
    pub legend: &'a Legend,
    /// Outlines drawn on the map.
    pub spots: &'a [Vec<Spot>],
}

impl Frame<'_> {
    /// The bytes of the file.
    pub fn render(&self, picture: Picture) -> Outcome<Vec<u8>> {
        let framed = Framed {
            title: self.title.clone(),
            image: self.image,
            is_smooth: self.is_smooth,
            labels: self.labels(),
            ticks: self.ticks(),
            legend: Some(self.legend),
            overlay: &|area| self.outlines(area),
            largest: LARGEST,
        };
        framed.render(picture)
    }

    /// Quantities and units along the axes.
    fn labels(&self) -> [String; 2] {
        if self.plane.is_earth() {
            return ["longitude [\u{b0}]".to_string(), "latitude [\u{b0}]".to_string()];
        }
        [0, 1].map(|axis| self.names.get(axis).map_or_else(String::new, |name| units::label(name)))
    }

    /// Shares of the axes' lengths, and labels.
    fn ticks(&self) -> [Vec<(f64, String)>; 2] {
        let [x0, y0, x1, y1] = self.view.bounds();
        let ([left, low], [right, high]) = (self.plane.wgs84([x0, y0]), self.plane.wgs84([x1, y1]));
        let along = |low: f64, high: f64, share: &dyn Fn(f64) -> f64| {
            let ticks = Ticks::new(&(low..high), AxisScale::Linear).labelled;
            let placed = ticks.into_iter().map(|(value, label)| (share(value), label));
            placed.filter(|(share, _)| (-1e-9..=1.0 + 1e-9).contains(share)).collect()
        };
        let upwards = |value: f64| {
            let place = LonLat { lon_deg: 0.0, lat_deg: value };
            let y = if self.plane.is_earth() {
                place.to_mercator_m().map_or(f64::NAN, |[_, y]| y)
            } else {
                value
            };
            (y - y0) / (y1 - y0)
        };
        [along(left, right, &|x| (x - left) / (right - left)), along(low, high, &upwards)]
    }

    /// Rings of the spots as one path, white on a darker line so that both light and dark maps show it.
    fn outlines(&self, area: &Area) -> String {
        let [x0, y0, x1, y1] = self.view.bounds();
        let mut path = String::new();
        for spot in self.spots.iter().flatten() {
            for ring in std::iter::once(&spot.polygon.outer).chain(&spot.polygon.holes) {
                for (index, [x, y]) in ring.iter().enumerate() {
                    let x = area.left + (x - x0) / (x1 - x0) * area.width;
                    let y = area.top + (y1 - y) / (y1 - y0) * area.height;
                    let _ = write!(path, "{}{x:.1} {y:.1}", if index == 0 { "M" } else { "L" });
                }
                path.push('Z');
            }
        }
        if path.is_empty() {
            return path;
        }
        format!(
            r##"<g fill="none" stroke-linejoin="round"><defs><path id="spots" d="{path}"/></defs><use href="#spots" stroke="#282c34" stroke-opacity="0.6" stroke-width="2.4"/><use href="#spots" stroke="#fff" stroke-width="1.1"/></g>"##
        )
    }
}
