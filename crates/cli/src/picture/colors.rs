//! Colour maps, opaque or as a transparent overlay.

use clap::ValueEnum;

/// `--colormap`. Lightness runs in one direction in all but turbo; heat is light where nothing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colormap {
    Viridis,
    Magma,
    Inferno,
    Turbo,
    Heat,
}

/// The colours of a scale from 0 to 1: red, green, blue and opacity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colors {
    palette: [[u8; 4]; 256],
}

/// Where on the scale an overlay reaches its full opacity.
const OPAQUE_FROM: f64 = 0.5;

impl Colors {
    /// The colours of a map. With `alpha`, those of an overlay: nothing is transparent, and opacity rises to
    /// `alpha` at the middle of the scale.
    pub fn new(map: Colormap, alpha: Option<f64>) -> Self {
        let mut palette = [[0; 4]; 256];
        for (index, color) in palette.iter_mut().enumerate() {
            let share = index as f64 / 255.0;
            let [red, green, blue] = map.at(share);
            *color = [red, green, blue, opacity(share, alpha)];
        }
        Self { palette }
    }

    /// Blue for what is below 0, nearly white in the middle for 0, red for what is above: C. Brewer's RdBu, reversed.
    pub fn diverging() -> Self {
        let mut palette = [[255; 4]; 256];
        for (index, color) in palette.iter_mut().enumerate() {
            let [red, green, blue] =
                colorous::RED_BLUE.eval_continuous(1.0 - index as f64 / 255.0).as_array();
            *color = [red, green, blue, 255];
        }
        Self { palette }
    }

    /// One colour for each 255th of the scale. The first is that of nothing.
    pub fn palette(&self) -> &[[u8; 4]; 256] {
        &self.palette
    }

    /// The colour as it looks on white paper.
    pub fn on_white(&self, index: u8) -> [u8; 3] {
        let [red, green, blue, alpha] = self.palette[usize::from(index)];
        [red, green, blue].map(|part| mix(255, part, alpha))
    }

    /// Black or white, whichever stands out from the colour of nothing.
    pub fn ink(&self) -> [u8; 3] {
        let [red, green, blue] = self.on_white(0).map(u32::from);
        if 299 * red + 587 * green + 114 * blue > 128_000 { [20, 20, 24] } else { [255; 3] }
    }
}

impl Colormap {
    fn at(self, share: f64) -> [u8; 3] {
        // Viridis, magma and inferno: N. Smith and S. van der Walt, 2015; turbo: A. Mikhailov, 2019; heat: the
        // scheme YlOrRd of C. Brewer's ColorBrewer.
        let gradient = match self {
            Self::Viridis => colorous::VIRIDIS,
            Self::Magma => colorous::MAGMA,
            Self::Inferno => colorous::INFERNO,
            Self::Turbo => colorous::TURBO,
            Self::Heat => colorous::YELLOW_ORANGE_RED,
        };
        gradient.eval_continuous(share).as_array()
    }
}

/// `part` over `below` with an opacity of `alpha` 255ths.
pub fn mix(below: u8, part: u8, alpha: u8) -> u8 {
    let [below, part, alpha] = [below, part, alpha].map(u32::from);
    let sum = part * alpha + below * (255 - alpha);
    u8::try_from((sum + 127) / 255).unwrap_or(u8::MAX)
}

fn opacity(share: f64, alpha: Option<f64>) -> u8 {
    let opacity = alpha.map_or(1.0, |alpha| alpha * (share / OPAQUE_FROM).min(1.0));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates where it must")]
    let rounded = (255.0 * opacity).round() as u8;
    rounded
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The ends and middles that the authors publish, to the rounding of the tables' interpolation.
    #[test]
    fn colours_are_the_published_ones() {
        for (map, wanted) in [
            (Colormap::Viridis, [[68, 1, 84], [33, 145, 140], [253, 231, 37]]),
            (Colormap::Magma, [[0, 0, 4], [183, 55, 121], [252, 253, 191]]),
            (Colormap::Inferno, [[0, 0, 4], [188, 55, 84], [252, 255, 164]]),
            (Colormap::Heat, [[255, 255, 204], [253, 141, 60], [128, 0, 38]]),
        ] {
            let colors = Colors::new(map, None);
            for (index, wanted) in [0, 127, 255].into_iter().zip(wanted) {
                let got = colors.palette()[index];
                let off = (0..3).map(|part| got[part].abs_diff(wanted[part])).max();
                assert!(off <= Some(4) && got[3] == 255, "{map:?} {index}: {got:?} is not {wanted:?}");
            }
        }
    }

    #[test]
    fn lightness_never_turns_but_in_turbo() {
        for map in [Colormap::Viridis, Colormap::Magma, Colormap::Inferno, Colormap::Heat] {
            let colors = Colors::new(map, None);
            let lightness = colors.palette().map(|[r, g, b, _]| lab::Lab::from_rgb(&[r, g, b]).l);
            let rises = lightness[255] > lightness[0];
            for pair in lightness.windows(2) {
                // A step of one 255th in a channel is at most 0.6 of lightness.
                let step = if rises { pair[1] - pair[0] } else { pair[0] - pair[1] };
                assert!(step > -0.7, "{map:?}: {pair:?}");
            }
        }
    }

    #[test]
    fn an_overlay_is_clear_where_nothing_is() {
        let colors = Colors::new(Colormap::Heat, Some(0.8));
        assert_eq!(colors.palette()[0][3], 0);
        assert_eq!(colors.palette()[255][3], 204);
        assert!(colors.palette().windows(2).all(|pair| pair[1][3] >= pair[0][3]));
        assert!(Colors::new(Colormap::Heat, None).palette().iter().all(|color| color[3] == 255));
        assert_eq!(colors.on_white(0), [255; 3]);
    }
}
