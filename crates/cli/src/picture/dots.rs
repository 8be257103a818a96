//! Points as antialiased dots.

use hexad_density::{Points, View};

use super::Image;
use super::image::over;

/// How much of each pixel the dots of points cover. Where dots overlap the larger cover counts: neither the
/// order of the points nor their division matters.
#[derive(Debug, Clone, PartialEq)]
pub struct Dots {
    width: usize,
    height: usize,
    corner: [f64; 2],
    pixel: [f64; 2],
    radius: f64,
    cover: Vec<u8>,
}

impl Dots {
    /// No dots yet, of `radius` pixels each.
    pub fn new(view: &View, radius: f64) -> Self {
        let [x0, y0, ..] = view.bounds();
        Self {
            width: view.width(),
            height: view.height(),
            corner: [x0, y0],
            pixel: view.pixel_size(),
            radius,
            cover: vec![0; view.pixels()],
        }
    }

    /// Adds the dots of points.
    pub fn add(&mut self, points: &Points<'_>) {
        for (x, y, _) in points.present() {
            self.add_one((x - self.corner[0]) / self.pixel[0], (y - self.corner[1]) / self.pixel[1]);
        }
    }

    /// Paints the dots on a picture of the same size.
    pub fn paint(&self, image: &mut Image, [red, green, blue, alpha]: [u8; 4]) {
        let rows = self.cover.chunks(self.width).rev();
        for (pixels, covers) in image.rgba_mut().chunks_mut(self.width).zip(rows) {
            for (pixel, cover) in pixels.iter_mut().zip(covers) {
                let opacity = u16::from(*cover) * u16::from(alpha) / 255;
                *pixel = over(*pixel, [red, green, blue, u8::try_from(opacity).unwrap_or(u8::MAX)]);
            }
        }
    }

    /// Adds the dot about a place in pixels.
    fn add_one(&mut self, x: f64, y: f64) {
        let reach = self.radius + 0.5;
        let columns = span(x, reach, self.width);
        for row in span(y, reach, self.height) {
            for column in columns.clone() {
                let (dx, dy) = (column as f64 + 0.5 - x, row as f64 + 0.5 - y);
                // A straight edge at this distance covers this much of a pixel.
                let cover = (reach - dx.hypot(dy)).clamp(0.0, 1.0).min(2.0 * self.radius);
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 255")]
                let cover = (255.0 * cover).round() as u8;
                let pixel = &mut self.cover[row * self.width + column];
                *pixel = (*pixel).max(cover);
            }
        }
    }
}

/// The pixels of `len` whose centres may be within `reach` of a place; none where the place is far outside.
fn span(place: f64, reach: f64, len: usize) -> std::ops::Range<usize> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped")]
    let pixel = |place: f64| place.clamp(0.0, len as f64) as usize;
    pixel((place - reach).floor())..pixel((place + reach).ceil())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covered(points: &[[f64; 2]], radius: f64) -> Vec<u8> {
        let view = View::new([0.0, 0.0, 9.0, 7.0], [9, 7]).unwrap();
        let mut dots = Dots::new(&view, radius);
        let [x, y] = [0, 1].map(|axis| points.iter().map(|point| point[axis]).collect::<Vec<_>>());
        dots.add(&Points::new(&x, &y).unwrap());
        dots.cover
    }

    #[test]
    fn a_dot_covers_its_area_wherever_it_is() {
        // An edge that fades over a pixel adds pi / 12.
        let wanted = std::f64::consts::PI * (2.25 + 1.0 / 12.0);
        for place in [[4.5, 3.5], [4.0, 3.0], [4.23, 3.71]] {
            let area: f64 = covered(&[place], 1.5).iter().map(|cover| f64::from(*cover) / 255.0).sum();
            // Sampled at the centres of pixels.
            assert!((area / wanted - 1.0).abs() < 0.02, "{place:?}: {area}");
        }
    }

    #[test]
    fn dots_reach_in_from_outside_and_far_ones_do_not() {
        assert!(covered(&[[-0.2, 3.5]], 1.5)[3 * 9] > 0);
        assert!(covered(&[[-1e300, 3.5], [4.0, 1e9], [f64::NAN, 1.0]], 1.5).iter().all(|cover| *cover == 0));
    }

    #[test]
    fn paint_stands_over_the_picture() {
        let view = View::new([0.0, 0.0, 3.0, 3.0], [3, 3]).unwrap();
        let mut dots = Dots::new(&view, 0.7);
        dots.add(&Points::new(&[0.5], &[0.5]).unwrap());
        let mut image = Image::filled(3, 3, [0, 0, 0, 0]);
        dots.paint(&mut image, [255, 255, 255, 200]);
        // The lower left corner is the first of the last row.
        assert_eq!(image.rgba()[6], [255, 255, 255, 200]);
        assert_eq!(image.rgba()[2][3], 0);
    }
}
