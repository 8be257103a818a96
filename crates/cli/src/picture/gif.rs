//! Pictures that move.

use std::collections::HashMap;

use gif::{DisposalMethod, Encoder, Frame, Repeat};

use super::{Colors, Image};
use crate::error::{Failure, Outcome};

/// Frames of one size, shown over and over.
pub struct Animation {
    width: u16,
    height: u16,
    pause: u16,
    palette: Palette,
    encoder: Encoder<Vec<u8>>,
}

/// Colours of the map first, then greys for words.
struct Palette {
    colors: Vec<[u8; 3]>,
    known: HashMap<[u8; 3], u8>,
}

/// Of the 256 colours of a GIF.
const MAP_COLORS: usize = 216;

impl Animation {
    /// No frames yet, each shown for `pause_s`.
    pub fn new(width: usize, height: usize, pause_s: f64, colors: &Colors) -> Outcome<Self> {
        let size = |pixels: usize| {
            u16::try_from(pixels).map_err(|_| {
                Failure::usage(format!(
                    "--size: {width}x{height} pixels with the legend; a GIF has at most 65535 each way"
                ))
            })
        };
        let (width, height) = (size(width)?, size(height)?);
        let palette = Palette::new(colors);
        let mut encoder =
            Encoder::new(Vec::new(), width, height, palette.colors.as_flattened()).map_err(cannot)?;
        encoder.set_repeat(Repeat::Infinite).map_err(cannot)?;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "saturates where it must"
        )]
        let pause = (100.0 * pause_s).round() as u16;
        Ok(Self { width, height, pause, palette, encoder })
    }

    /// Adds a frame.
    pub fn add(&mut self, image: &Image) -> Outcome<()> {
        let indices: Vec<u8> = image
            .rgba()
            .iter()
            .map(|[red, green, blue, _]| self.palette.nearest([*red, *green, *blue]))
            .collect();
        let frame = Frame {
            width: self.width,
            height: self.height,
            delay: self.pause,
            dispose: DisposalMethod::Keep,
            buffer: indices.into(),
            ..Frame::default()
        };
        self.encoder.write_frame(&frame).map_err(cannot)
    }

    /// The bytes of the file.
    pub fn finish(self) -> Outcome<Vec<u8>> {
        self.encoder.into_inner().map_err(|error| Failure::work(format!("cannot make the GIF: {error}")))
    }
}

impl Palette {
    fn new(colors: &Colors) -> Self {
        let map = (0..MAP_COLORS).map(|index| u8::try_from(index * 255 / (MAP_COLORS - 1)).unwrap_or(255));
        let greys = (0..256 - MAP_COLORS).map(|index| u8::try_from(40 + index * 215 / 39).unwrap_or(255));
        let colors = map.map(|index| colors.on_white(index)).chain(greys.map(|grey| [grey; 3])).collect();
        Self { colors, known: HashMap::new() }
    }

    /// The index of the colour nearest to another.
    fn nearest(&mut self, wanted: [u8; 3]) -> u8 {
        if let Some(index) = self.known.get(&wanted) {
            return *index;
        }
        let off = |color: &[u8; 3]| -> u32 {
            color.iter().zip(wanted).map(|(part, wanted)| u32::from(part.abs_diff(wanted)).pow(2)).sum()
        };
        let nearest = (0_u8..=255).min_by_key(|index| off(&self.colors[usize::from(*index)])).unwrap_or(0);
        self.known.insert(wanted, nearest);
        nearest
    }
}

fn cannot(error: gif::EncodingError) -> Failure {
    Failure::work(format!("cannot make the GIF: {error}"))
}

#[cfg(test)]
mod tests {
    use super::super::Colormap;
    use super::*;

    #[test]
    fn frames_come_back_as_they_went_in() {
        let colors = Colors::new(Colormap::Inferno, None);
        let mut animation = Animation::new(2, 1, 0.1, &colors).unwrap();
        for index in [0, 255] {
            let [red, green, blue] = colors.on_white(index);
            animation.add(&Image::filled(2, 1, [red, green, blue, 255])).unwrap();
        }
        let bytes = animation.finish().unwrap();
        let mut options = gif::DecodeOptions::new();
        options.set_color_output(gif::ColorOutput::RGBA);
        let mut decoder = options.read_info(bytes.as_slice()).unwrap();
        assert_eq!(decoder.repeat(), Repeat::Infinite);
        for index in [0, 255] {
            let frame = decoder.read_next_frame().unwrap().unwrap();
            let [red, green, blue] = colors.on_white(index);
            assert_eq!((&frame.buffer[..4], frame.delay), ([red, green, blue, 255].as_slice(), 10));
        }
        assert!(decoder.read_next_frame().unwrap().is_none());
    }
}
