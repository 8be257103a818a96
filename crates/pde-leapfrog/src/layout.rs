//! Where cells stand in memory, and parts of the grid.

use std::ops::Range;

/// Elements of a cache line of `f64`, before the first and after the last cell of a row.
const LINE: usize = 8;
/// Elements of a page: rows and planes must not start at the same place of one.
const PAGE: usize = 512;

/// Three axes, the slowest first; a grid of fewer has one place along the first ones. All fields stand the same way,
/// with room for the images beyond the sides.
///
/// A long row of a 1-D grid is folded into [`Layout::lanes`] stretches that stand side by side: place i of the row
/// holds cells i, i + places, i + 2 places and so on, so that neighbours of a vector are vectors. Everywhere else a
/// place is a cell.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Layout {
    /// Places along each axis.
    pub places: [isize; 3],
    pub halo: [usize; 3],
    /// Elements from a place to the next.
    pub stride: [usize; 3],
    /// Cells of a place.
    pub lanes: usize,
    pub len: usize,
}

impl Layout {
    /// `None` if the elements cannot be counted. Rows are folded into `lanes`, which divide them.
    pub fn new(cells: [usize; 3], axes: &Range<usize>, radius: usize, lanes: usize) -> Option<Self> {
        let halo = [0, 1, 2].map(|axis| match axis {
            2 => LINE,
            _ if axes.contains(&axis) => radius,
            _ => 0,
        });
        let places = [cells[0], cells[1], cells[2] / lanes];
        let row = places[2].checked_add(2 * LINE)?.checked_mul(lanes)?.checked_next_multiple_of(LINE)?;
        let row = off_page(row);
        let plane = off_page(row.checked_mul(places[1].checked_add(2 * halo[1])?)?);
        let len = plane.checked_mul(places[0].checked_add(2 * halo[0])?)?;
        // Places are counted in signed integers too.
        isize::try_from(len).ok()?;
        Some(Self { places: places.map(usize::cast_signed), halo, stride: [plane, row, lanes], lanes, len })
    }

    /// Index of the first element of a place, or of one beyond a side.
    #[inline]
    pub fn at(&self, place: [isize; 3]) -> usize {
        let along =
            |axis: usize| (place[axis] + self.halo[axis].cast_signed()).cast_unsigned() * self.stride[axis];
        along(0) + along(1) + along(2)
    }

    /// The place of a cell and its lane. What is beyond a side belongs to the outermost lanes.
    pub fn locate(&self, cell: [isize; 3]) -> ([isize; 3], usize) {
        let places = self.places[2];
        let lane = cell[2].div_euclid(places).clamp(0, self.lanes.cast_signed() - 1);
        ([cell[0], cell[1], cell[2] - lane * places], lane.cast_unsigned())
    }

    /// Index of a cell.
    pub fn index(&self, cell: [isize; 3]) -> usize {
        let (place, lane) = self.locate(cell);
        self.at(place) + lane
    }

    /// Index at which a cut across `axis` below `place` splits the memory: everything before belongs to lower ones.
    /// All slower axes have one place.
    pub fn cut(&self, axis: usize, place: isize) -> usize {
        (place + self.halo[axis].cast_signed()).cast_unsigned() * self.stride[axis]
    }
}

/// Rows a whole number of pages long would fall on the same sets of a cache.
fn off_page(len: usize) -> usize {
    if len.is_multiple_of(PAGE) { len + LINE } else { len }
}

/// A box of places, or of the faces after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Block {
    pub low: [isize; 3],
    pub high: [isize; 3],
}

impl Block {
    pub fn of(ranges: [Range<isize>; 3]) -> Self {
        let [a, b, c] = ranges;
        Self { low: [a.start, b.start, c.start], high: [a.end, b.end, c.end] }
    }

    pub fn is_empty(&self) -> bool {
        (0..3).any(|axis| self.low[axis] >= self.high[axis])
    }

    pub fn along(&self, axis: usize) -> Range<isize> {
        self.low[axis]..self.high[axis]
    }

    /// With another range along `axis`.
    pub fn with(mut self, axis: usize, range: Range<isize>) -> Self {
        (self.low[axis], self.high[axis]) = (range.start, range.end);
        self
    }

    /// What is also within `range` along `axis`.
    pub fn within(self, axis: usize, range: &Range<isize>) -> Self {
        self.with(axis, self.low[axis].max(range.start)..self.high[axis].min(range.end))
    }

    pub fn contains(&self, place: [isize; 3]) -> bool {
        (0..3).all(|axis| self.along(axis).contains(&place[axis]))
    }

    /// Places of a row.
    pub fn width(&self) -> usize {
        (self.high[2] - self.low[2]).max(0).cast_unsigned()
    }

    /// The first place of each row.
    pub fn rows(self) -> impl Iterator<Item = [isize; 3]> {
        let (low, high) = (self.low, self.high);
        (low[0]..high[0]).flat_map(move |z| (low[1]..high[1]).map(move |y| [z, y, low[2]]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_aligned_and_no_row_or_plane_is_whole_pages_long() {
        let layout = Layout::new([10, 30, 496], &(0..3), 2, 1).unwrap();
        assert_eq!(layout.stride, [520 * 34, 520, 1]);
        assert_eq!(layout.at([0, 0, 0]) % 8, 0);
        assert_eq!(layout.at([-2, -2, -8]), 0);
        assert!(layout.at([11, 31, 503]) < layout.len);
        assert_eq!(Layout::new([usize::MAX; 3], &(0..3), 1, 1), None);
    }

    #[test]
    fn folded_rows_hold_every_cell_once() {
        let layout = Layout::new([1, 1, 48], &(2..3), 1, 8).unwrap();
        let mut indices: Vec<usize> = (0..48).map(|x| layout.index([0, 0, x])).collect();
        assert_eq!(indices[..3], [64, 72, 80]);
        assert_eq!(layout.locate([0, 0, -2]), ([0, 0, -2], 0));
        assert_eq!(layout.locate([0, 0, 49]), ([0, 0, 7], 7));
        indices.sort_unstable();
        assert_eq!(indices, (64..112).collect::<Vec<_>>());
    }
}
