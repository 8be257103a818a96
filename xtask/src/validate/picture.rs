//! Maps as small pictures inside the page.

use std::error::Error;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hexad_density::Map;

use super::chart::escape;

/// A map in colours, with a line of text under it.
pub(crate) struct Picture {
    caption: String,
    png: String,
}

/// Viridis (N. Smith and S. van der Walt 2015) at 0, 1/4, 1/2, 3/4 and 1.
const COLORS: [[f64; 3]; 5] =
    [[68.0, 1.0, 84.0], [59.0, 82.0, 139.0], [33.0, 145.0, 140.0], [94.0, 201.0, 98.0], [253.0, 231.0, 37.0]];

impl Picture {
    /// Colours follow the square root of a value over the largest.
    pub fn of(map: &Map, caption: impl Into<String>) -> Result<Self, Box<dyn Error>> {
        let [width, height] = [map.view().width(), map.view().height()].map(u32::try_from);
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, width?, height?);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_palette(palette());
        encoder.write_header()?.write_image_data(&shades(map))?;
        Ok(Self { caption: caption.into(), png: STANDARD.encode(&file) })
    }

    pub fn to_html(&self) -> String {
        let caption = escape(&self.caption);
        format!(
            "<figure class=\"map\"><img alt=\"{caption}\" src=\"data:image/png;base64,{}\">\
             <figcaption>{caption}</figcaption></figure>\n",
            self.png
        )
    }
}

/// An index for each pixel, from the top row down.
fn shades(map: &Map) -> Vec<u8> {
    let largest = map.max().0;
    let shade = |value: &f64| {
        let share = if largest > 0.0 { (value / largest).clamp(0.0, 1.0) } else { 0.0 };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 255")]
        let index = (255.0 * share.sqrt()).round() as u8;
        index
    };
    map.values().chunks(map.view().width()).rev().flatten().map(shade).collect()
}

fn palette() -> Vec<u8> {
    let color = |index: u8| {
        let place = f64::from(index) / 255.0 * (COLORS.len() - 1) as f64;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 3")]
        let below = (place as usize).min(COLORS.len() - 2);
        let above = place - below as f64;
        [0, 1, 2].map(|part| {
            let value = COLORS[below][part] + above * (COLORS[below + 1][part] - COLORS[below][part]);
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 255")]
            let part = value.round() as u8;
            part
        })
    };
    (0..=255).flat_map(color).collect()
}
