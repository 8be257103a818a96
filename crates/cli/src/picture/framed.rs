//! A map with axes, title and legend.

use std::fmt::Write;

use base64::Engine;

use super::{Image, Legend};
use crate::error::{Failure, Outcome};
use crate::plot::{Picture, escaped, rasterized};

/// In units of the SVG, around the map.
const LEFT: f64 = 74.0;
const TOP: f64 = 48.0;
const BELOW: f64 = 58.0;
const RIGHT: f64 = 14.0;
/// Pixels of a PNG per unit.
const PNG_SCALE: u32 = 2;

/// A map in its frame.
pub struct Framed<'a> {
    /// Above it.
    pub title: String,
    /// The map.
    pub image: &'a Image,
    /// Whether the map is smooth: pixels may be blended where they are drawn larger.
    pub is_smooth: bool,
    /// Quantities and units along x and y.
    pub labels: [String; 2],
    /// Places along the axes, from 0 to 1 rightwards and upwards, and their labels.
    pub ticks: [Vec<(f64, String)>; 2],
    /// What the colours mean.
    pub legend: Option<&'a Legend>,
    /// Elements over the map.
    pub overlay: &'a dyn Fn(&Area) -> String,
    /// What the map may fill, in units of the SVG.
    pub largest: [f64; 2],
}

/// Where on its sheet a map is drawn, in units of the SVG.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    pub left: f64,
    pub top: f64,
    pub width: f64,
    pub height: f64,
}

/// Width and height of a sheet, and where its map is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sheet {
    pub width: f64,
    pub height: f64,
    pub map: Area,
}

impl Area {
    /// A place in shares of the map, rightwards and upwards.
    pub fn at(&self, x: f64, y: f64) -> [f64; 2] {
        [self.left + x * self.width, self.top + (1.0 - y) * self.height]
    }
}

impl Framed<'_> {
    /// The bytes of the file.
    pub fn render(&self, picture: Picture) -> Outcome<Vec<u8>> {
        let sheet = self.sheet();
        match picture {
            Picture::Svg => Ok(self.svg(&self.embedded()?).into_bytes()),
            Picture::Png => {
                let pixels = [sheet.width, sheet.height].map(|units| pixels(units, PNG_SCALE));
                let mut whole = Image::filled(pixels[0], pixels[1], [255; 4]);
                self.place_map(&mut whole, 0.0, PNG_SCALE)?;
                let drawn = rasterized(&self.svg(""), PNG_SCALE as f32);
                let drawn = drawn.map_err(|error| Failure::work(format!("cannot draw the plot: {error}")))?;
                whole.place(&drawn, 0, 0);
                whole.to_small_png()
            }
        }
    }

    /// How large all of it is.
    pub fn sheet(&self) -> Sheet {
        let (width, height) = (self.image.width() as f64, self.image.height() as f64);
        let scale = (self.largest[0] / width).min(self.largest[1] / height);
        // A strip of a map still has room for its labels.
        let (map_width, map_height) =
            ((scale * width).max(80.0).round(), (scale * height).max(120.0).round());
        let legend = self.legend.map_or(0.0, Legend::width);
        let map = Area { left: LEFT, top: TOP, width: map_width, height: map_height };
        Sheet { width: (LEFT + map_width + RIGHT + legend).ceil(), height: TOP + map_height + BELOW, map }
    }

    /// Puts the map where it belongs on a picture whose units are `scale` pixels, if the sheet begins at `x`.
    pub fn place_map(&self, whole: &mut Image, x: f64, scale: u32) -> Outcome<()> {
        let Area { left, top, width, height } = self.sheet().map;
        let map = self.image.scaled(pixels(width, scale), pixels(height, scale), self.is_smooth)?;
        whole.place(&map, pixels(x + left, scale), pixels(top, scale));
        Ok(())
    }

    /// The map as a picture in the SVG, on white paper.
    pub fn embedded(&self) -> Outcome<String> {
        let png = base64::engine::general_purpose::STANDARD.encode(self.image.to_png()?);
        let rendering = if self.is_smooth { "auto" } else { "pixelated" };
        let Area { left, top, width, height } = self.sheet().map;
        Ok(format!(
            r##"<rect width="100%" height="100%" fill="#fff"/><image x="{left}" y="{top}" width="{width}" height="{height}" preserveAspectRatio="none" style="image-rendering:{rendering}" href="data:image/png;base64,{png}"/>"##
        ))
    }

    /// All of it but the map, which is given as elements.
    pub fn svg(&self, map: &str) -> String {
        let Sheet { width, height, map: area } = self.sheet();
        let mut svg = format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}">{map}"#
        );
        svg.push_str(&(self.overlay)(&area));
        let _ = write!(
            svg,
            r##"<rect x="{LEFT}" y="{TOP}" width="{}" height="{}" fill="none" stroke="#282c34"/>"##,
            area.width, area.height
        );
        let middle = LEFT + 0.5 * area.width;
        svg.push_str(&text(middle, 0.62 * TOP, 15, "middle", "", &self.title));
        let bottom = TOP + area.height;
        let [x_ticks, y_ticks] = &self.ticks;
        for (share, label) in x_ticks {
            let x = LEFT + share * area.width;
            let _ = write!(svg, r##"<path d="M{x:.2} {bottom}v5" stroke="#282c34"/>"##);
            svg.push_str(&text(x, bottom + 19.0, 12, "middle", "", label));
        }
        for (share, label) in y_ticks {
            let y = bottom - share * area.height;
            let _ = write!(svg, r##"<path d="M{LEFT} {y:.2}h-5" stroke="#282c34"/>"##);
            svg.push_str(&text(LEFT - 9.0, y + 4.3, 12, "end", "", label));
        }
        let [x_label, y_label] = &self.labels;
        svg.push_str(&text(middle, bottom + 42.0, 13, "middle", "", x_label));
        let y = TOP + 0.5 * area.height;
        let turn = format!(r#" transform="rotate(-90 18 {y:.2})""#);
        svg.push_str(&text(18.0, y, 13, "middle", &turn, y_label));
        if let Some(legend) = self.legend {
            svg.push_str(&legend.svg(LEFT + area.width + RIGHT, TOP, bottom));
        }
        svg + "</svg>"
    }
}

/// Pixels of so many units.
pub fn pixels(units: f64, scale: u32) -> usize {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at most a few thousand")]
    let pixels = (units * f64::from(scale)).round() as usize;
    pixels
}

/// Words in an SVG; `more` is put among the attributes.
pub fn text(x: f64, y: f64, size: u32, anchor: &str, more: &str, words: &str) -> String {
    format!(
        r##"<text x="{x:.2}" y="{y:.2}" font-family="sans-serif" font-size="{size}" text-anchor="{anchor}" fill="#282c34"{more}>{}</text>"##,
        escaped(words)
    )
}
