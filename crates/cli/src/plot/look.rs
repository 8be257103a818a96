//! Colours, sizes and the font.

use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// The family in the SVG: the bundled font in a PNG, the reader's own elsewhere.
pub const FAMILY: &str = "sans-serif";

/// plotters places everything on whole units; several to a pixel keep curves smooth.
pub const UNITS: u32 = 8;

pub const GRID: RGBColor = RGBColor(228, 230, 234);
pub const INK: RGBColor = RGBColor(40, 44, 52);
pub const DATA: RGBColor = RGBColor(122, 138, 160);
pub const RESULT: RGBColor = RGBColor(200, 54, 42);

/// Colours that people tell apart, those who see few colours too: Okabe and Ito, Color Universal Design, 2008.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hue {
    Ink,
    Vermillion,
    Orange,
    Blue,
    Green,
    Purple,
}

impl Hue {
    pub fn color(self) -> RGBColor {
        match self {
            Self::Ink => INK,
            Self::Vermillion => RGBColor(213, 94, 0),
            Self::Orange => RGBColor(230, 159, 0),
            Self::Blue => RGBColor(0, 114, 178),
            Self::Green => RGBColor(0, 158, 115),
            Self::Purple => RGBColor(204, 121, 167),
        }
    }
}

pub fn units(pixels: u32) -> i32 {
    i32::try_from(pixels * UNITS).unwrap_or(i32::MAX)
}

/// The font at a size in pixels; plotters' sizes are line heights.
pub fn font(pixels: u32) -> FontDesc<'static> {
    (FAMILY, f64::from(pixels * UNITS) * 1.24).into_font()
}

pub fn centre() -> Pos {
    Pos::new(HPos::Center, VPos::Center)
}
