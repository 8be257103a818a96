//! Pixels, and PNG.

use std::borrow::Cow;

use super::colors::mix;
use super::{Colors, Scale};
use crate::error::{Failure, Outcome};

/// A picture, row by row from the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    width: usize,
    height: usize,
    pixels: Pixels,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Pixels {
    /// An index of a palette each: a quarter of the bytes, and faster to pack.
    Indexed { palette: Box<[[u8; 4]; 256]>, indices: Vec<u8> },
    /// Red, green, blue and opacity each.
    Full(Vec<[u8; 4]>),
}

impl Image {
    /// The picture of a map: `values` row by row from the bottom, `width` of them a row.
    pub fn of_map(values: &[f64], width: usize, scale: &Scale, colors: &Colors) -> Self {
        let mut indices = Vec::with_capacity(values.len());
        for row in values.chunks(width).rev() {
            indices.extend(row.iter().map(|value| scale.index(*value)));
        }
        let palette = Box::new(*colors.palette());
        Self { width, height: values.len() / width.max(1), pixels: Pixels::Indexed { palette, indices } }
    }

    /// The picture of a map from `-reach`, in the first colour, to `reach`, in the last, as [`Image::of_map`].
    pub fn of_signed(values: &[f64], width: usize, reach: f64, colors: &Colors) -> Self {
        let mut indices = Vec::with_capacity(values.len());
        for row in values.chunks(width).rev() {
            indices.extend(row.iter().map(|value| signed_index(*value, reach)));
        }
        let palette = Box::new(*colors.palette());
        Self { width, height: values.len() / width.max(1), pixels: Pixels::Indexed { palette, indices } }
    }

    /// A picture of one colour.
    pub fn filled(width: usize, height: usize, color: [u8; 4]) -> Self {
        Self { width, height, pixels: Pixels::Full(vec![color; width * height]) }
    }

    /// What resvg has drawn.
    pub fn of_pixmap(pixmap: resvg::tiny_skia::Pixmap) -> Result<Self, Box<dyn std::error::Error>> {
        let (width, height) = (usize::try_from(pixmap.width())?, usize::try_from(pixmap.height())?);
        let pixels = pixmap.take_demultiplied().as_chunks::<4>().0.to_vec();
        Ok(Self { width, height, pixels: Pixels::Full(pixels) })
    }

    /// Pixels along x.
    pub fn width(&self) -> usize {
        self.width
    }

    /// Pixels along y.
    pub fn height(&self) -> usize {
        self.height
    }

    /// Red, green, blue and opacity of every pixel.
    pub fn rgba(&self) -> Cow<'_, [[u8; 4]]> {
        match &self.pixels {
            Pixels::Indexed { palette, indices } => {
                Cow::Owned(indices.iter().map(|index| palette[usize::from(*index)]).collect())
            }
            Pixels::Full(pixels) => Cow::Borrowed(pixels),
        }
    }

    /// The same, to be changed.
    pub fn rgba_mut(&mut self) -> &mut [[u8; 4]] {
        if let Pixels::Indexed { .. } = self.pixels {
            self.pixels = Pixels::Full(self.rgba().into_owned());
        }
        match &mut self.pixels {
            Pixels::Full(pixels) => pixels,
            Pixels::Indexed { .. } => &mut [],
        }
    }

    /// Puts `top` on this picture, its upper left corner at `column` and `row`; what reaches beyond is cut off.
    pub fn place(&mut self, top: &Image, column: usize, row: usize) {
        let (width, height) = (self.width, self.height);
        let above = top.rgba();
        let shown = top.width.min(width.saturating_sub(column));
        let pixels = self.rgba_mut();
        for (line, colors) in above.chunks(top.width.max(1)).enumerate().take(height.saturating_sub(row)) {
            let start = (row + line) * width + column;
            for (pixel, color) in pixels[start..start + shown].iter_mut().zip(colors) {
                *pixel = over(*pixel, *color);
            }
        }
    }

    /// The same picture of other dimensions: pixels blended, or repeated.
    pub fn scaled(&self, width: usize, height: usize, is_smooth: bool) -> Outcome<Self> {
        let drawn = self.drawn(width, height, is_smooth);
        drawn.map_err(|error| Failure::work(format!("cannot scale the picture: {error}")))
    }

    fn drawn(
        &self,
        width: usize,
        height: usize,
        is_smooth: bool,
    ) -> Result<Self, Box<dyn std::error::Error>> {
        use resvg::tiny_skia::{ColorU8, FilterQuality, IntSize, Pixmap, PixmapPaint, Transform};
        let no_size = "it has no size";
        let pixels = self.rgba();
        let premultiplied = pixels.iter().flat_map(|[red, green, blue, alpha]| {
            let color = ColorU8::from_rgba(*red, *green, *blue, *alpha).premultiply();
            [color.red(), color.green(), color.blue(), color.alpha()]
        });
        let size =
            IntSize::from_wh(u32::try_from(self.width)?, u32::try_from(self.height)?).ok_or(no_size)?;
        let small = Pixmap::from_vec(premultiplied.collect(), size).ok_or(no_size)?;
        let mut large = Pixmap::new(u32::try_from(width)?, u32::try_from(height)?).ok_or(no_size)?;
        let quality = if is_smooth { FilterQuality::Bilinear } else { FilterQuality::Nearest };
        let paint = PixmapPaint { quality, ..PixmapPaint::default() };
        let (across, down) = (width as f32 / self.width as f32, height as f32 / self.height as f32);
        large.draw_pixmap(0, 0, small.as_ref(), &paint, Transform::from_scale(across, down), None);
        Self::of_pixmap(large)
    }

    /// The bytes of a PNG. Packed fast: a few percent larger than they could be.
    pub fn to_png(&self) -> Outcome<Vec<u8>> {
        self.encoded(png::Compression::Fast).map_err(cannot)
    }

    /// The same in fewer bytes and twenty times the time: for pictures of which there is one.
    pub fn to_small_png(&self) -> Outcome<Vec<u8>> {
        self.encoded(png::Compression::Balanced).map_err(cannot)
    }

    fn encoded(&self, compression: png::Compression) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
        let mut bytes = Vec::with_capacity(self.width * self.height / 2 + 2048);
        let mut encoder =
            png::Encoder::new(&mut bytes, u32::try_from(self.width)?, u32::try_from(self.height)?);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_compression(compression);
        match &self.pixels {
            Pixels::Indexed { palette, indices } => {
                encoder.set_color(png::ColorType::Indexed);
                encoder.set_palette(
                    palette.iter().flat_map(|color| [color[0], color[1], color[2]]).collect::<Vec<_>>(),
                );
                if palette.iter().any(|color| color[3] < 255) {
                    encoder.set_trns(palette.iter().map(|color| color[3]).collect::<Vec<_>>());
                }
                encoder.write_header()?.write_image_data(indices)?;
            }
            Pixels::Full(pixels) if pixels.iter().all(|pixel| pixel[3] == 255) => {
                let opaque: Vec<u8> =
                    pixels.iter().flat_map(|[red, green, blue, _]| [*red, *green, *blue]).collect();
                encoder.set_color(png::ColorType::Rgb);
                encoder.write_header()?.write_image_data(&opaque)?;
            }
            Pixels::Full(pixels) => {
                encoder.set_color(png::ColorType::Rgba);
                encoder.write_header()?.write_image_data(pixels.as_flattened())?;
            }
        }
        Ok(bytes)
    }
}

fn cannot(error: Box<dyn std::error::Error>) -> Failure {
    Failure::work(format!("cannot make the PNG: {error}"))
}

/// One colour over another, opacities not multiplied in.
pub fn over(below: [u8; 4], above: [u8; 4]) -> [u8; 4] {
    match (below[3], above[3]) {
        (_, 255) => return above,
        (_, 0) => return below,
        (255, alpha) => {
            let part = |i: usize| mix(below[i], above[i], alpha);
            return [part(0), part(1), part(2), 255];
        }
        _ => {}
    }
    let (lower, upper) = (f32::from(below[3]) / 255.0, f32::from(above[3]) / 255.0);
    let opacity = upper + lower * (1.0 - upper);
    let part = |i: usize| {
        let sum = f32::from(above[i]) * upper + f32::from(below[i]) * lower * (1.0 - upper);
        rounded(sum / opacity)
    };
    [part(0), part(1), part(2), rounded(255.0 * opacity)]
}

fn rounded(value: f32) -> u8 {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates where it must")]
    let byte = value.round() as u8;
    byte
}

/// The place of a value in 255ths, 0 being in the middle; what is beyond the reach is at an end.
fn signed_index(value: f64, reach: f64) -> u8 {
    let share = if reach > 0.0 { (value / reach).clamp(-1.0, 1.0) } else { 0.0 };
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 255.5")]
    let index = (128.0 + 127.5 * share) as u8;
    index
}

#[cfg(test)]
mod tests {
    use super::super::{Colormap, ScaleKind};
    use super::*;

    fn decoded(bytes: &[u8]) -> (png::Info<'static>, Vec<u8>) {
        let mut decoder = png::Decoder::new(std::io::Cursor::new(bytes));
        decoder.set_transformations(png::Transformations::EXPAND | png::Transformations::ALPHA);
        let mut reader = decoder.read_info().unwrap();
        let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut pixels).unwrap();
        (reader.info().clone(), pixels)
    }

    #[test]
    fn the_first_row_of_a_map_is_the_last_of_its_picture() {
        let values = [0.0, 1.0, 0.0, 0.0];
        let scale = Scale::fit(ScaleKind::Linear, values.into_iter());
        for alpha in [None, Some(0.5)] {
            let colors = Colors::new(Colormap::Viridis, alpha);
            let image = Image::of_map(&values, 2, &scale, &colors);
            let [nothing, most] = [colors.palette()[0], colors.palette()[255]];
            let wanted = [nothing, nothing, nothing, most];
            assert_eq!(image.rgba().as_ref(), wanted);
            let (info, pixels) = decoded(&image.to_png().unwrap());
            assert_eq!((info.width, info.height, info.color_type), (2, 2, png::ColorType::Indexed));
            assert_eq!(pixels, wanted.as_flattened());
            let mut full = image.clone();
            full.rgba_mut();
            assert_eq!(decoded(&full.to_png().unwrap()).1, wanted.as_flattened());
        }
    }

    #[test]
    fn pictures_are_put_on_pictures() {
        let mut image = Image::filled(3, 2, [255, 255, 255, 255]);
        image.place(&Image::filled(2, 2, [0, 0, 0, 128]), 2, 1);
        assert_eq!(image.rgba()[5], [127, 127, 127, 255]);
        assert!(image.rgba()[..5].iter().all(|pixel| *pixel == [255; 4]));
        assert_eq!(over([10, 20, 30, 0], [1, 2, 3, 77]), [1, 2, 3, 77]);
        assert_eq!(over([0, 0, 0, 128], [255, 255, 255, 128])[3], 192);
    }
}
