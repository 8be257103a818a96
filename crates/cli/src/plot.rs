//! Pictures for people: drawn once as SVG, which a PNG is rendered from. The font is part of the program.

mod axis;
mod look;
mod panel;
mod ruler;
mod series;
mod thin;
mod ticks;

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use plotters::coord::Shift;
use plotters::prelude::*;
use plotters::style::{FontStyle, register_font};
use resvg::{tiny_skia, usvg};

use crate::error::{Failure, Outcome};
use crate::picture::Image;
use look::{FAMILY, INK, UNITS, centre, font, units};

pub use axis::{Axis, Scale as AxisScale};
pub use look::Hue;
pub use panel::{Mark, Panel};
pub use series::{Band, Series, Style};
pub use ticks::Ticks;

static FONT: &[u8] = include_bytes!("../assets/DejaVuSans.ttf");

const WIDTH: u32 = 960;
const TITLE_HEIGHT: u32 = 40;
/// Pixels of a PNG per pixel of the SVG.
const PNG_SCALE: u32 = 2;

/// The formats of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Picture {
    /// Vectors.
    Svg,
    /// Pixels.
    Png,
}

impl Picture {
    /// The format of a path's extension.
    pub fn of(path: &Path) -> Outcome<Self> {
        match path.extension().and_then(|e| e.to_str()).map(str::to_ascii_lowercase).as_deref() {
            Some("svg") => Ok(Picture::Svg),
            Some("png") => Ok(Picture::Png),
            _ => Err(Failure::usage(format!(
                "--plot {}: the format follows from the extension, .png or .svg",
                path.display()
            ))),
        }
    }

    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Picture::Svg => "svg",
            Picture::Png => "png",
        }
    }
}

/// Panels above each other.
pub struct Figure<'a> {
    /// What is seen.
    pub title: String,
    /// The x axis that panels without their own share.
    pub x: Axis,
    /// From top to bottom.
    pub panels: Vec<Panel<'a>>,
}

type Area<'s> = DrawingArea<SVGBackend<'s>, Shift>;
type Drawn<T> = Result<T, Box<dyn std::error::Error>>;

impl Figure<'_> {
    /// The bytes of the file.
    pub fn render(&self, picture: Picture) -> Outcome<Vec<u8>> {
        let cannot =
            |error: Box<dyn std::error::Error>| Failure::work(format!("cannot draw the plot: {error}"));
        let svg = self.svg().map_err(cannot)?;
        match picture {
            Picture::Svg => Ok(svg.into_bytes()),
            Picture::Png => png(&svg).map_err(cannot),
        }
    }

    /// Its width, in pixels.
    pub const WIDTH: u32 = WIDTH;

    /// Its height, in pixels.
    pub fn height(&self) -> u32 {
        self.head() + self.panels.iter().map(|panel| panel.height).sum::<u32>()
    }

    /// Pixels of the title, if there is one.
    fn head(&self) -> u32 {
        if self.title.is_empty() { 0 } else { TITLE_HEIGHT }
    }

    fn svg(&self) -> Drawn<String> {
        // Registering again replaces the font by itself.
        register_font(FAMILY, FontStyle::Normal, FONT).map_err(|_| "the bundled font is damaged")?;
        let (width, height) = (WIDTH * UNITS, self.height() * UNITS);
        let mut svg = String::new();
        {
            let root = SVGBackend::with_string(&mut svg, (width, height)).into_drawing_area();
            root.fill(&WHITE)?;
            self.draw(&root)?;
            root.present()?;
        }
        let size = |units: u32| format!("width=\"{units}\"");
        let drawn = format!("{} height=\"{height}\"", size(width));
        Ok(svg.replacen(&drawn, &format!("{} height=\"{}\"", size(WIDTH), self.height()), 1))
    }

    fn draw(&self, root: &Area) -> Drawn<()> {
        let (head, mut body) = root.split_vertically(units(self.head()));
        let middle = (units(WIDTH) / 2, units(TITLE_HEIGHT) * 3 / 5);
        let style = font(15).into_text_style(&head).color(&INK).pos(centre());
        head.draw(&Text::new(self.title.clone(), middle, style))?;
        let rulers: Vec<_> =
            self.panels.iter().map(|panel| panel.rulers(self.x_axis(panel), self.x_range(panel))).collect();
        // One width for all, so that the panels stand exactly above each other.
        let longest = rulers.iter().map(|(_, y)| y.longest_label()).max().unwrap_or(0);
        let label_width = 40 + 8 * u32::try_from(longest).unwrap_or(20).min(20);
        for (panel, (x, y)) in self.panels.iter().zip(rulers) {
            let (area, below) = body.split_vertically(units(panel.height));
            panel.draw(self.x_axis(panel), x, y, label_width, &area)?;
            body = below;
        }
        Ok(())
    }

    fn x_axis<'p>(&'p self, panel: &'p Panel) -> &'p Axis {
        panel.x.as_ref().unwrap_or(&self.x)
    }

    /// The places along a panel's x axis, of all panels that share it.
    fn x_range(&self, panel: &Panel) -> Range<f64> {
        const MARGIN: f64 = 0.02;
        match &panel.x {
            Some(own) => own.range(panel.x_places(own), MARGIN),
            None => {
                let sharing = self.panels.iter().filter(|panel| panel.x.is_none());
                self.x.range(sharing.flat_map(|panel| panel.x_places(&self.x)), MARGIN)
            }
        }
    }
}

fn png(svg: &str) -> Drawn<Vec<u8>> {
    Ok(painted(svg, PNG_SCALE as f32)?.encode_png()?)
}

/// The picture of an SVG, `scale` pixels to each of its units; clear where it draws nothing.
pub fn rasterized(svg: &str, scale: f32) -> Drawn<Image> {
    Image::of_pixmap(painted(svg, scale)?)
}

fn painted(svg: &str, scale: f32) -> Drawn<tiny_skia::Pixmap> {
    let mut options = usvg::Options::default();
    let fonts = Arc::make_mut(&mut options.fontdb);
    fonts.load_font_data(FONT.to_vec());
    fonts.set_sans_serif_family("DejaVu Sans");
    let tree = usvg::Tree::from_str(svg, &options)?;
    let size = tree.size().to_int_size().scale_by(scale).ok_or("the picture has no size")?;
    let mut pixmap = tiny_skia::Pixmap::new(size.width(), size.height()).ok_or("the picture has no size")?;
    resvg::render(&tree, tiny_skia::Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    Ok(pixmap)
}

/// `text` as it may stand in SVG.
pub fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A spectrum as `1/f^2` with a peak and a confidence band, on logarithmic axes from 0 Hz.
    fn spectrum(floor: f64) -> Figure<'static> {
        let frequency: Vec<f64> = (0..2000).map(|k| 0.05 * f64::from(k)).collect();
        let peak = |f: f64| 3e-3 / (1.0 + ((f - 12.0) / 0.1).powi(2));
        let value: Vec<f64> = frequency.iter().map(|f| 1e-2 / (f * f + 0.1) + peak(*f)).collect();
        let edge = |factor: f64| value.iter().map(|v| factor * v).collect::<Vec<_>>();
        let band = Band {
            label: "95 % confidence".to_string(),
            x: frequency.clone().into(),
            lower: edge(0.4),
            upper: edge(2.8),
        };
        let marks = vec![Mark { at: (12.0, value[240]), label: "12 Hz".to_string() }];
        let series = vec![Series::new("density", frequency, value, Style::Curve)];
        let y = Axis::log("density [V\u{b2}/Hz]", Some(floor));
        Figure {
            title: "a spectrum".to_string(),
            x: Axis::log("frequency [Hz]", None),
            panels: vec![Panel { band: Some(band), marks, ..Panel::new(y, series) }],
        }
    }

    /// All points of lines and polygons, in pixels.
    fn drawn(svg: &str) -> Vec<(f64, f64)> {
        let points = svg.split("points=\"").skip(1).filter_map(|rest| rest.split('"').next());
        let pixel = |text: &str| text.parse::<f64>().unwrap() / f64::from(UNITS);
        let point = |pair: &str| pair.split_once(',').map(|(x, y)| (pixel(x), pixel(y))).unwrap();
        points.flat_map(str::split_whitespace).map(point).collect()
    }

    #[test]
    fn log_axes_cut_off_what_is_below_their_floor() {
        for floor in [1e-9, 1e-5, 1e-3] {
            let svg = spectrum(floor).svg().unwrap();
            let bottom = f64::from(TITLE_HEIGHT + Panel::HEIGHT - 54);
            let lowest = drawn(&svg).into_iter().map(|(_, y)| y).fold(0.0, f64::max);
            // Tick marks are 5 pixels long.
            assert!(lowest <= bottom + 5.0, "{lowest} is below {bottom}");
            assert!(svg.contains("12 Hz") && svg.contains("95 % confidence"));
        }
    }

    #[test]
    fn log_axes_name_powers_of_ten() {
        let svg = spectrum(1e-9).svg().unwrap();
        for label in ["0.1", "1", "10", "10\u{207b}\u{2075}", "10\u{207b}\u{b2}"] {
            assert!(svg.contains(&format!("\n{label}\n")), "{label}");
        }
    }

    #[test]
    fn every_picture_is_whole() {
        let png = spectrum(1e-5).render(Picture::Png).unwrap();
        assert!(png.starts_with(b"\x89PNG") && png.ends_with(b"IEND\xae\x42\x60\x82"));
    }
}
