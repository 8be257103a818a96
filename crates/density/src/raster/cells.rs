//! Which pixel each point of a block falls into.

use hexad_core::simd::{Kernel, Simd, dispatch, dispatch_eight, has_eight_lanes};

use crate::view::Axis;
use crate::{Points, Tally, View};

/// Points looked up together.
pub(crate) const BLOCK: usize = 128;
/// Of these a few: one of them near an edge makes them all be looked up with care.
const PIECE: usize = 64;

/// Adding this to a whole number below 2^52 leaves it in the low bits.
const WHOLE: f64 = 4_503_599_627_370_496.0;
/// Adding this to a number below 2^51 and taking it off again leaves the nearest whole one; until then it is in the
/// low bits.
pub(crate) const NEAREST: f64 = 1.5 * WHOLE;

/// Finds the cells of points: row times width plus column, or the number of pixels for points outside.
#[derive(Debug, Clone)]
pub(crate) struct CellFinder {
    x: Side,
    y: Side,
    width: f64,
    outside: f64,
    eight: bool,
}

/// An [`Axis`] in floating point.
#[derive(Debug, Clone, Copy)]
struct Side {
    origin: f64,
    end: f64,
    cells: f64,
    step: f64,
    inverse: f64,
    first: f64,
    /// Half a pixel beyond the first: what is nearest above it is the pixel.
    shift: f64,
    len: f64,
    /// From the middle of a pixel, how far the quotient alone tells the pixel.
    sure: f64,
}

impl CellFinder {
    pub fn new(view: &View) -> Self {
        Self {
            x: Side::new(&view.x),
            y: Side::new(&view.y),
            width: view.x.len as f64,
            outside: view.pixels() as f64,
            eight: has_eight_lanes(),
        }
    }

    /// Writes the cells of up to [`BLOCK`] points; adds those that are inside and those that are missing to `tally`.
    pub fn find(&self, points: &Points<'_>, cells: &mut [u32; BLOCK], tally: &mut Tally) {
        let find = Find { finder: self, points: *points, cells };
        let [inside, missing] = if self.eight { dispatch_eight(find) } else { dispatch::<f64, 4, _>(find) };
        tally.inside += inside;
        tally.missing += missing;
    }
}

impl Side {
    fn new(axis: &Axis) -> Self {
        Self {
            origin: axis.origin,
            end: axis.end,
            cells: axis.cells as f64,
            step: axis.step,
            inverse: 1.0 / axis.step,
            first: axis.first as f64,
            shift: -0.5 - axis.first as f64,
            len: axis.len as f64,
            sure: 0.5 - axis.doubt(),
        }
    }

    /// [`Side::pixel`], and whether it is sure: near an edge the rounded quotient may be one off.
    #[inline(always)]
    fn quick_pixel(&self, value: f64) -> (f64, bool, bool) {
        let quotient = (value - self.origin).mul_add(self.inverse, self.shift);
        let pixel = (quotient + NEAREST) - NEAREST;
        let doubtful = (quotient - pixel).abs() > self.sure;
        (pixel, (pixel >= 0.0) & (pixel < self.len), doubtful)
    }

    /// The pixel of `value` counted from the first, and whether it is there: [`Axis::pixel_of`] without branches.
    #[inline(always)]
    fn pixel(&self, value: f64) -> (f64, bool) {
        let guess = ((value - self.origin) * self.inverse).floor();
        let lower = if guess == self.cells { self.end } else { guess * self.step + self.origin };
        let above = guess + 1.0;
        let upper = if above == self.cells { self.end } else { above * self.step + self.origin };
        let mut pixel = guess;
        pixel = if value >= upper { above } else { pixel };
        pixel = if value < lower { guess - 1.0 } else { pixel };
        pixel = if value == self.end { self.cells - 1.0 } else { pixel };
        let pixel = pixel - self.first;
        (pixel, (pixel >= 0.0) & (pixel < self.len))
    }
}

/// Plain loops: what matters is that they are compiled for the wide instructions.
struct Find<'a> {
    finder: &'a CellFinder,
    points: Points<'a>,
    cells: &'a mut [u32; BLOCK],
}

macro_rules! find {
    ($lanes:literal) => {
        impl Kernel<f64, $lanes> for Find<'_> {
            type Output = [u64; 2];
            #[inline(always)]
            fn run<S: Simd<f64, $lanes>>(self, _: S) -> [u64; 2] {
                self.all()
            }
        }
    };
}
find!(4);
find!(8);

impl Find<'_> {
    #[inline(always)]
    fn all(self) -> [u64; 2] {
        let CellFinder { x, y, width, outside, .. } = *self.finder;
        let (mut inside, mut missing) = (0, 0);
        for start in (0..self.points.len()).step_by(PIECE) {
            let part = self.points.part(start..(start + PIECE).min(self.points.len()));
            let cells = &mut self.cells[start..start + part.len()];
            let (mut doubt, mut found) = (0, 0);
            for ((cell, xv), yv) in cells.iter_mut().zip(part.x).zip(part.y) {
                let ((column, in_x, doubt_x), (row, in_y, doubt_y)) =
                    (x.quick_pixel(*xv), y.quick_pixel(*yv));
                doubt |= u64::from(doubt_x | doubt_y);
                found += u64::from(in_x & in_y);
                *cell = low_bits(if in_x & in_y { row * width + column } else { outside });
            }
            if doubt > 0 || part.weights.is_some() {
                found = 0;
                let third = part.weights.unwrap_or(part.x);
                for (((cell, xv), yv), weight) in cells.iter_mut().zip(part.x).zip(part.y).zip(third) {
                    let ((column, in_x), (row, in_y)) = (x.pixel(*xv), y.pixel(*yv));
                    let is_inside = in_x & in_y & is_finite(*xv, *yv, *weight);
                    found += u64::from(is_inside);
                    *cell = low_bits(if is_inside { row * width + column } else { outside });
                }
            }
            // What is inside is not missing.
            if found < part.len() as u64 {
                let third = part.weights.unwrap_or(part.x);
                for ((xv, yv), weight) in part.x.iter().zip(part.y).zip(third) {
                    missing += u64::from(!is_finite(*xv, *yv, *weight));
                }
            }
            inside += found;
        }
        [inside, missing]
    }
}

/// 0 times infinity is NaN.
#[inline(always)]
fn is_finite(x: f64, y: f64, weight: f64) -> bool {
    (x * 0.0 + y * 0.0) + weight * 0.0 == 0.0
}

/// A whole number below 2^32 as an integer.
#[inline(always)]
pub(crate) fn low_bits(whole: f64) -> u32 {
    #[expect(clippy::cast_possible_truncation, reason = "the low half is wanted")]
    let bits = (whole + WHOLE).to_bits() as u32;
    bits
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexad_testkit::Random;

    #[test]
    fn blocks_find_the_pixel_of_the_view() {
        let mut random = Random::new(3);
        for (bounds, size) in
            [([0.1, -0.3, 0.7, 5.0], [37, 11]), ([-180.0, -90.0, 180.0, 90.0], [3600, 1800])]
        {
            let whole = View::new(bounds, size).unwrap();
            let part = whole.cut([3, 2], [20, 8]).unwrap();
            let halo = whole.with_halo(5, 4).unwrap();
            let (mut x, mut y) = (whole.x_edges(), whole.y_edges());
            x.extend([f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e300, -1e300, -0.0]);
            // Where numbers are no longer all whole, or all even, when counted in pixels.
            x.extend(
                (45..60).flat_map(|power| [0.25, -0.3, 1.0, -1.0].map(|sign| sign * f64::from(power).exp2())),
            );
            x = x.iter().flat_map(|v| [v.next_down(), *v, v.next_up()]).collect();
            let spread = random.vector(500, bounds[0] - 1.0, bounds[2] + 1.0);
            x.extend(spread);
            y.extend([f64::NAN, 0.4]);
            let y: Vec<f64> =
                (0..x.len()).map(|i| [y[i % y.len()], y[i % y.len()].next_down()][i % 2]).collect();
            for view in [whole, part, halo] {
                let finder = CellFinder::new(&view);
                for (xs, ys) in x.chunks(BLOCK).zip(y.chunks(BLOCK)) {
                    let points = Points::new(xs, ys).unwrap();
                    let (mut cells, mut tally) = ([0; BLOCK], Tally::default());
                    finder.find(&points, &mut cells, &mut tally);
                    let inside = xs.iter().zip(ys).filter(|(x, y)| view.pixel_of(**x, **y).is_some()).count();
                    assert_eq!(
                        tally,
                        Tally { points: 0, inside: inside as u64, missing: points.missing() as u64 }
                    );
                    for (index, (x, y)) in xs.iter().zip(ys).enumerate() {
                        let at = view.pixel_of(*x, *y).map_or(view.pixels(), |[i, j]| j * view.width() + i);
                        assert_eq!(cells[index] as usize, at, "({x}, {y})");
                    }
                }
            }
        }
    }
}
