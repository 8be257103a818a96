//! The rectangle that a map shows, and its pixels.

use hexad_core::{InputError, check_finite};

use crate::{DensityError, Points};

/// Cells of one axis stay countable in an `f64` with room for their fractions.
const FARTHEST_PIXEL: i64 = 1 << 31;
const MOST_CELLS: u64 = 1 << 31;
/// A pixel is at least as many units in the last place of the coordinates.
const FEWEST_ULPS: f64 = 16.0;

/// A rectangle in data units, divided into pixels.
///
/// Pixel i covers `[x0 + i dx, x0 + (i + 1) dx)`; the last one is closed, so that a point at `x1` counts. The
/// edges are those of `numpy.linspace(x0, x1, width + 1)` to the last bit. Row 0 is at the bottom, at `y0`. A
/// view cut out of another, moved, or given a halo keeps that one's pixels: what a point counts for does not
/// depend on what else is shown.
///
/// # Examples
///
/// ```
/// use hexad_density::View;
/// let view = View::new([0.0, 40.0, 10.0, 50.0], [256, 256])?;
/// assert_eq!(view.pixel_of(10.0, 45.0), Some([255, 128]));
/// assert_eq!(view.pixel_of(10.1, 45.0), None);
/// # Ok::<(), hexad_density::DensityError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct View {
    pub(crate) x: Axis,
    pub(crate) y: Axis,
}

/// One axis: `len` pixels from pixel `first` of an unbounded row of pixels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Axis {
    /// Where pixel 0 starts, and where pixel `cells - 1` ends and is closed.
    pub origin: f64,
    pub end: f64,
    pub cells: i64,
    pub step: f64,
    pub first: i64,
    pub len: usize,
}

impl View {
    /// The rectangle `bounds = [x0, y0, x1, y1]` with `size = [width, height]` pixels.
    ///
    /// # Errors
    ///
    /// [`DensityError`] for bounds that are not finite, an empty rectangle, no pixels, more than 2^31 pixels, or
    /// pixels too small to be told apart.
    pub fn new(bounds: [f64; 4], size: [usize; 2]) -> Result<Self, DensityError> {
        check_finite("bounds", &bounds)?;
        let [x0, y0, x1, y1] = bounds;
        let view = Self { x: Axis::new("x", x0, x1, size[0])?, y: Axis::new("y", y0, y1, size[1])? };
        view.checked()
    }

    /// The rectangle around all points; half a unit is added on either side where they do not spread.
    ///
    /// # Errors
    ///
    /// [`DensityError::NoPoints`], or as [`View::new`].
    pub fn around(points: &Points<'_>, size: [usize; 2]) -> Result<Self, DensityError> {
        let mut bounds = points.bounds()?;
        for (low, high) in [(0, 2), (1, 3)] {
            if bounds[low] == bounds[high] {
                bounds[low] -= 0.5;
                bounds[high] += 0.5;
            }
        }
        Self::new(bounds, size)
    }

    /// Pixels along x.
    #[must_use]
    pub fn width(&self) -> usize {
        self.x.len
    }

    /// Pixels along y.
    #[must_use]
    pub fn height(&self) -> usize {
        self.y.len
    }

    /// Number of pixels.
    #[must_use]
    pub fn pixels(&self) -> usize {
        self.x.len * self.y.len
    }

    /// `x0, y0, x1, y1`.
    #[must_use]
    pub fn bounds(&self) -> [f64; 4] {
        let edge = |axis: &Axis, pixel: usize| axis.edge(axis.first + to_i64(pixel));
        [edge(&self.x, 0), edge(&self.y, 0), edge(&self.x, self.x.len), edge(&self.y, self.y.len)]
    }

    /// Width and height of a pixel, in data units.
    #[must_use]
    pub fn pixel_size(&self) -> [f64; 2] {
        [self.x.step, self.y.step]
    }

    /// Area of a pixel, in data units squared.
    #[must_use]
    pub fn pixel_area(&self) -> f64 {
        self.x.step * self.y.step
    }

    /// Where the value of a pixel stands: its centre, `[x, y]`.
    #[must_use]
    pub fn centre(&self, column: usize, row: usize) -> [f64; 2] {
        [self.x.centre(column), self.y.centre(row)]
    }

    /// The pixels' edges along x, one more than there are pixels.
    #[must_use]
    pub fn x_edges(&self) -> Vec<f64> {
        self.x.edges()
    }

    /// The pixels' edges along y.
    #[must_use]
    pub fn y_edges(&self) -> Vec<f64> {
        self.y.edges()
    }

    /// Column and row of the pixel that holds a point, if one does.
    #[must_use]
    pub fn pixel_of(&self, x: f64, y: f64) -> Option<[usize; 2]> {
        Some([self.x.pixel_of(x)?, self.y.pixel_of(y)?])
    }

    /// `size` of this view's pixels from column and row `from`.
    ///
    /// # Errors
    ///
    /// [`DensityError::CutOutside`] if they are not all in this view, or none are asked for.
    pub fn cut(&self, from: [usize; 2], size: [usize; 2]) -> Result<Self, DensityError> {
        Ok(Self { x: self.x.cut("x", from[0], size[0])?, y: self.y.cut("y", from[1], size[1])? })
    }

    /// As many pixels, `by` columns to the right and rows up.
    ///
    /// # Errors
    ///
    /// [`DensityError::PixelsTooSmall`] if it goes where pixels cannot be told apart.
    pub fn moved(&self, by: [i64; 2]) -> Result<Self, DensityError> {
        let mut view = *self;
        view.x.first = view.x.first.saturating_add(by[0]);
        view.y.first = view.y.first.saturating_add(by[1]);
        view.checked()
    }

    /// This view with `columns` more pixels on the left and the right and `rows` more above and below.
    ///
    /// # Errors
    ///
    /// As [`View::moved`], and [`DensityError::TooLarge`].
    pub fn with_halo(&self, columns: usize, rows: usize) -> Result<Self, DensityError> {
        let mut view = *self;
        view.x.grow(columns);
        view.y.grow(rows);
        view.checked()
    }

    fn checked(self) -> Result<Self, DensityError> {
        let [width, height] = [self.x.len, self.y.len].map(|len| len as u64);
        if width.saturating_mul(height) > MOST_CELLS {
            return Err(DensityError::TooLarge { width, height, bytes: width as f64 * height as f64 * 8.0 });
        }
        self.x.check("x")?;
        self.y.check("y")?;
        Ok(self)
    }
}

impl Axis {
    fn new(axis: &'static str, low: f64, high: f64, len: usize) -> Result<Self, DensityError> {
        if low >= high {
            return Err(DensityError::EmptyView { axis, low, high });
        }
        if len == 0 {
            let argument = if axis == "x" { "width" } else { "height" };
            return Err(InputError::OutOfRange { argument, value: 0.0, allowed: ">= 1" }.into());
        }
        let step = (high - low) / len as f64;
        if !step.is_finite() {
            return Err(DensityError::EmptyView { axis, low, high });
        }
        Ok(Self { origin: low, end: high, cells: to_i64(len), step, first: 0, len })
    }

    pub fn check(&self, axis: &'static str) -> Result<(), DensityError> {
        let last = self.first.saturating_add(to_i64(self.len));
        let coordinate = [self.origin, self.end, self.edge(self.first), self.edge(last)]
            .into_iter()
            .fold(0.0, |most: f64, edge| most.max(edge.abs()));
        let far = self.first < -FARTHEST_PIXEL || last > FARTHEST_PIXEL;
        if far || self.step < FEWEST_ULPS * f64::EPSILON * coordinate {
            return Err(DensityError::PixelsTooSmall { axis, pixel: self.step, coordinate });
        }
        Ok(())
    }

    fn cut(&self, axis: &'static str, from: usize, size: usize) -> Result<Self, DensityError> {
        if size == 0 || from.checked_add(size).is_none_or(|end| end > self.len) {
            return Err(DensityError::CutOutside { axis, from, size, have: self.len });
        }
        Ok(Self { first: self.first + to_i64(from), len: size, ..*self })
    }

    fn grow(&mut self, by: usize) {
        self.first = self.first.saturating_sub(to_i64(by));
        self.len = self.len.saturating_add(by.saturating_mul(2));
    }

    /// Where pixel `pixel` of the unbounded row starts: multiplied, then added, each rounded, as NumPy does.
    pub fn edge(&self, pixel: i64) -> f64 {
        if pixel == self.cells { self.end } else { pixel as f64 * self.step + self.origin }
    }

    pub fn edges(&self) -> Vec<f64> {
        (0..=self.len).map(|pixel| self.edge(self.first + to_i64(pixel))).collect()
    }

    /// How far, in pixels, a rounded quotient and a rounded edge can be apart.
    pub fn doubt(&self) -> f64 {
        let ends = [self.origin, self.end, self.edge(self.first), self.edge(self.first + to_i64(self.len))];
        let farthest = ends.into_iter().fold(0.0, |most: f64, edge| most.max(edge.abs()));
        2.0 * f64::EPSILON * (farthest / self.step + 1.0)
    }

    pub fn centre(&self, pixel: usize) -> f64 {
        (self.first as f64 + pixel as f64 + 0.5) * self.step + self.origin
    }

    pub fn pixel_of(&self, value: f64) -> Option<usize> {
        if !value.is_finite() {
            return None;
        }
        let mut pixel = ((value - self.origin) / self.step).floor();
        if pixel.abs() > FARTHEST_PIXEL as f64 + 2.0 {
            return None;
        }
        // The quotient is rounded, so that it may be one off.
        #[expect(clippy::cast_possible_truncation, reason = "checked to be below 2^32")]
        let guess = pixel as i64;
        pixel += f64::from(value >= self.edge(guess + 1)) - f64::from(value < self.edge(guess));
        if value == self.end {
            pixel = self.cells as f64 - 1.0;
        }
        let inside = pixel - self.first as f64;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "checked to be an index")]
        (inside >= 0.0 && inside < self.len as f64).then_some(inside as usize)
    }
}

fn to_i64(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_those_of_linspace() {
        let view = View::new([0.1, -3.0, 0.7, 5.0], [7, 3]).unwrap();
        let wanted: Vec<f64> =
            (0..7).map(|k| f64::from(k) * ((0.7 - 0.1) / 7.0) + 0.1).chain([0.7]).collect();
        assert_eq!(view.x_edges(), wanted);
        assert_eq!(view.bounds(), [0.1, -3.0, 0.7, 5.0]);
    }

    #[test]
    fn every_edge_belongs_to_the_pixel_above_it_and_the_last_is_closed() {
        for (low, high, len) in
            [(0.1, 0.7, 1000), (-180.0, 180.0, 4096), (1e6, 1e6 + 1e-3, 77), (-5.0, -1e-9, 13)]
        {
            let view = View::new([low, 0.0, high, 1.0], [len, 1]).unwrap();
            let edges = view.x_edges();
            for (pixel, edge) in edges.iter().enumerate() {
                assert_eq!(view.pixel_of(*edge, 0.5), Some([pixel.min(len - 1), 0]), "{pixel} of {len}");
                let below = (pixel > 0).then(|| [pixel - 1, 0]);
                assert_eq!(view.pixel_of(edge.next_down(), 0.5), below, "below {pixel} of {len}");
            }
            assert_eq!(view.pixel_of(high.next_up(), 0.5), None);
        }
    }

    #[test]
    fn parts_of_a_view_keep_its_pixels() {
        let view = View::new([0.1, 0.2, 0.7, 0.9], [60, 40]).unwrap();
        let part = view.cut([10, 20], [30, 20]).unwrap();
        assert_eq!(part.x_edges(), view.x_edges()[10..=40]);
        assert_eq!(part.y_edges(), view.y_edges()[20..=40]);
        assert_eq!(part.with_halo(10, 20).unwrap().cut([10, 20], [30, 20]).unwrap(), part);
        assert_eq!(part.moved([5, -7]).unwrap().moved([-5, 7]).unwrap(), part);
        // Its right edge is its neighbour's first; the whole view's is closed, halo or not.
        assert_eq!(part.pixel_of(part.bounds()[2], 0.6), None);
        assert_eq!(view.with_halo(3, 0).unwrap().pixel_of(0.7, 0.5).map(|at| at[0]), Some(62));
    }

    #[test]
    fn impossible_views_are_refused_with_the_numbers() {
        let message = |bounds, size| View::new(bounds, size).unwrap_err().to_string();
        assert_eq!(
            message([1.0, 0.0, 1.0, 2.0], [4, 4]),
            "the view must end above where it starts along x, got 1 to 1"
        );
        assert_eq!(message([0.0, 0.0, 1.0, 1.0], [4, 0]), "height must be >= 1, got 0");
        assert_eq!(message([0.0, f64::NAN, 1.0, 1.0], [4, 4]), "bounds[1] must be finite, got NaN");
        assert!(message([0.0, 0.0, 1.0, 1.0], [1 << 20, 1 << 20]).contains("too many"));
        assert!(message([1e15, 0.0, 1e15 + 4.0, 1.0], [256, 4]).contains("cannot be told apart"));
        assert!(message([-f64::MAX, 0.0, f64::MAX, 1.0], [4, 4]).contains("along x"));
        assert!(View::new([0.0, 0.0, 1.0, 1.0], [4, 4]).unwrap().cut([2, 2], [3, 1]).is_err());
        assert!(View::new([0.0, 0.0, 1.0, 1.0], [4, 4]).unwrap().with_halo(usize::MAX, 1).is_err());
        assert!(View::new([0.0, 0.0, 1.0, 1.0], [4, 4]).unwrap().moved([i64::MAX, 0]).is_err());
    }

    #[test]
    fn a_view_around_equal_points_has_their_pixel_in_the_middle() {
        let points = Points::new(&[2.0, 2.0, f64::NAN], &[3.0, 3.0, 9.0]).unwrap();
        let view = View::around(&points, [3, 3]).unwrap();
        assert_eq!(view.pixel_of(2.0, 3.0), Some([1, 1]));
        assert!(View::around(&points.part(2..3), [3, 3]).is_err());
    }
}
