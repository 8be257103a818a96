//! A map with axes, title and legend.

use std::fmt::Write;

use base64::Engine;
use hexad_density::{LonLat, View};

use super::plane::Plane;
use super::spots::Spot;
use crate::error::{Failure, Outcome};
use crate::picture::{Image, Legend};
use crate::plot::{AxisScale, Picture, Ticks, escaped, rasterized};
use crate::units;

/// What a map may fill, in units of the SVG.
const WIDEST: f64 = 760.0;
const HIGHEST: f64 = 600.0;
const LEFT: f64 = 74.0;
const TOP: f64 = 48.0;
const BELOW: f64 = 58.0;
const RIGHT: f64 = 14.0;
/// Pixels of a PNG per unit.
const PNG_SCALE: u32 = 2;

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

/// Where the map is drawn.
#[derive(Clone, Copy)]
struct Sheet {
    width: f64,
    height: f64,
    map_width: f64,
    map_height: f64,
}

impl Frame<'_> {
    /// The bytes of the file.
    pub fn render(&self, picture: Picture) -> Outcome<Vec<u8>> {
        let sheet = self.sheet();
        match picture {
            Picture::Svg => Ok(self.svg(sheet, &self.embedded(sheet)?).into_bytes()),
            Picture::Png => self.png(sheet),
        }
    }

    fn sheet(&self) -> Sheet {
        let (width, height) = (self.image.width() as f64, self.image.height() as f64);
        let scale = (WIDEST / width).min(HIGHEST / height);
        // A strip of a map still has room for its labels.
        let (map_width, map_height) =
            ((scale * width).max(80.0).round(), (scale * height).max(120.0).round());
        let width = LEFT + map_width + RIGHT + self.legend.width();
        Sheet { width: width.ceil(), height: TOP + map_height + BELOW, map_width, map_height }
    }

    fn png(&self, sheet: Sheet) -> Outcome<Vec<u8>> {
        let scale = f64::from(PNG_SCALE);
        let pixels = |units: f64| {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "at most a few thousand"
            )]
            let pixels = (units * scale).round() as usize;
            pixels
        };
        let mut whole = Image::filled(pixels(sheet.width), pixels(sheet.height), [255; 4]);
        let map = self.image.scaled(pixels(sheet.map_width), pixels(sheet.map_height), self.is_smooth)?;
        whole.place(&map, pixels(LEFT), pixels(TOP));
        let drawn = rasterized(&self.svg(sheet, ""), PNG_SCALE as f32);
        let drawn = drawn.map_err(|error| Failure::work(format!("cannot draw the plot: {error}")))?;
        whole.place(&drawn, 0, 0);
        whole.to_small_png()
    }

    /// The map as a picture in the SVG, on white paper.
    fn embedded(&self, sheet: Sheet) -> Outcome<String> {
        let png = base64::engine::general_purpose::STANDARD.encode(self.image.to_png()?);
        let rendering = if self.is_smooth { "auto" } else { "pixelated" };
        Ok(format!(
            r##"<rect width="100%" height="100%" fill="#fff"/><image x="{LEFT}" y="{TOP}" width="{}" height="{}" preserveAspectRatio="none" style="image-rendering:{rendering}" href="data:image/png;base64,{png}"/>"##,
            sheet.map_width, sheet.map_height
        ))
    }

    fn svg(&self, sheet: Sheet, map: &str) -> String {
        let Sheet { width, height, map_width, map_height } = sheet;
        let mut svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">{map}"#
        );
        svg.push_str(&self.outlines(sheet));
        let _ = write!(
            svg,
            r##"<rect x="{LEFT}" y="{TOP}" width="{map_width}" height="{map_height}" fill="none" stroke="#282c34"/>"##
        );
        let middle = LEFT + 0.5 * map_width;
        svg.push_str(&text(middle, 0.62 * TOP, 15, "middle", "", &self.title));
        let [x_ticks, y_ticks] = self.ticks();
        let bottom = TOP + map_height;
        for (share, label) in x_ticks {
            let x = LEFT + share * map_width;
            let _ = write!(svg, r##"<path d="M{x:.2} {bottom}v5" stroke="#282c34"/>"##);
            svg.push_str(&text(x, bottom + 19.0, 12, "middle", "", &label));
        }
        for (share, label) in y_ticks {
            let y = bottom - share * map_height;
            let _ = write!(svg, r##"<path d="M{LEFT} {y:.2}h-5" stroke="#282c34"/>"##);
            svg.push_str(&text(LEFT - 9.0, y + 4.3, 12, "end", "", &label));
        }
        let [x_label, y_label] = self.labels();
        svg.push_str(&text(middle, bottom + 42.0, 13, "middle", "", &x_label));
        let y = TOP + 0.5 * map_height;
        let turn = format!(r#" transform="rotate(-90 18 {y:.2})""#);
        svg.push_str(&text(18.0, y, 13, "middle", &turn, &y_label));
        svg.push_str(&self.legend.svg(LEFT + map_width + RIGHT, TOP, bottom));
        svg + "</svg>"
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
    fn outlines(&self, sheet: Sheet) -> String {
        let [x0, y0, x1, y1] = self.view.bounds();
        let mut path = String::new();
        for spot in self.spots.iter().flatten() {
            for ring in std::iter::once(&spot.polygon.outer).chain(&spot.polygon.holes) {
                for (index, [x, y]) in ring.iter().enumerate() {
                    let x = LEFT + (x - x0) / (x1 - x0) * sheet.map_width;
                    let y = TOP + (y1 - y) / (y1 - y0) * sheet.map_height;
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

fn text(x: f64, y: f64, size: u32, anchor: &str, more: &str, words: &str) -> String {
    format!(
        r##"<text x="{x:.2}" y="{y:.2}" font-family="sans-serif" font-size="{size}" text-anchor="{anchor}" fill="#282c34"{more}>{}</text>"##,
        escaped(words)
    )
}
