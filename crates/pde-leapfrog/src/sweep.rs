//! The order in which boxes of cells are visited: many steps of some rows before the next rows are touched.
//!
//! In a step, faces trail cells by the radius r of the differences, and each step trails the one before by
//! k = 2 r - 1 cells. In that skewed order everything can be done in place: what a box needs is done, and what it
//! overwrites is no longer needed. An axis is cut in regions for threads and where it is periodic: a region between
//! two cuts shrinks by k at each step on both sides, and the seams over the cuts grow by as much afterwards.

use std::ops::Range;

use crate::ends::Ends;
use crate::work::Ranges;

/// A border of a region.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edge {
    /// A side of the grid, or the start and the end of an axis that is done whole.
    Side,
    /// What is done below a cut before its seam is.
    Below(isize),
    /// What is done above a cut before its seam is.
    Above(isize),
}

/// Cells and faces of an axis that are done in the steps of a block, `low..high`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Region {
    pub low: Edge,
    pub high: Edge,
}

impl Region {
    /// All of the axis in every step.
    pub const WHOLE: Self = Self { low: Edge::Side, high: Edge::Side };

    /// What the regions on both sides of a cut leave.
    pub fn seam(cut: isize) -> Self {
        Self { low: Edge::Below(cut), high: Edge::Above(cut) }
    }

    /// What is done in step number `step` of a block.
    pub fn at(&self, ends: &Ends, radius: usize, step: usize) -> Ranges {
        let faces = ends.moving_faces();
        let (low_cell, low_face) = edge(self.low, (0, faces.start), radius, step);
        let (high_cell, high_face) = edge(self.high, (ends.cells, faces.end), radius, step);
        Ranges { cells: low_cell..high_cell, faces: low_face..high_face }
    }
}

/// Cells between two cuts at least, for a block of `depth` steps.
pub(crate) fn room(radius: usize, depth: usize) -> usize {
    2 * ((2 * radius - 1) * depth + 3 * radius)
}

fn edge(edge: Edge, side: (isize, isize), radius: usize, step: usize) -> (isize, isize) {
    let moved = ((2 * radius - 1) * step).cast_signed();
    let radius = radius.cast_signed();
    match edge {
        Edge::Side => side,
        Edge::Below(cut) => (cut - radius - moved, cut - 2 * radius - moved),
        Edge::Above(cut) => (cut + radius + moved, cut + 2 * radius - 1 + moved),
    }
}

/// How an axis is walked: pieces of `width` cells, each `shift` lower than in the step before, the faces `lag` lower
/// than the cells. A width of 0 is the whole region at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Skew {
    pub width: usize,
    pub shift: usize,
    pub lag: usize,
}

impl Skew {
    /// The whole region at once.
    pub const NONE: Self = Self { width: 0, shift: 0, lag: 0 };

    /// The least that differences of this radius need.
    pub fn least(width: usize, radius: usize) -> Self {
        Self { width, shift: 2 * radius - 1, lag: radius }
    }
}

/// A region of an axis with the way it is walked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Walk<'a> {
    pub ends: &'a Ends,
    pub radius: usize,
    pub region: Region,
    pub skew: Skew,
    pub depth: usize,
}

impl Walk<'_> {
    /// How many pieces there are.
    pub fn pieces(&self) -> usize {
        if self.skew.width == 0 {
            return 1;
        }
        let last = self.depth - 1;
        let first = self.region.at(self.ends, self.radius, 0);
        let end = |step: usize| {
            let ranges = self.region.at(self.ends, self.radius, step);
            let moved = (self.skew.shift * step).cast_signed();
            (ranges.cells.end + moved).max(ranges.faces.end + moved + self.skew.lag.cast_signed())
        };
        let long = (end(0).max(end(last)) - self.origin(first.cells.start)).max(0).cast_unsigned();
        long.div_ceil(self.skew.width).max(1)
    }

    /// What is done of `piece` in `step`.
    pub fn at(&self, piece: usize, step: usize) -> Ranges {
        let ranges = self.region.at(self.ends, self.radius, step);
        if self.skew.width == 0 {
            return ranges;
        }
        let origin = self.origin(self.region.at(self.ends, self.radius, 0).cells.start);
        let moved = (self.skew.shift * step).cast_signed();
        let (lag, width) = (self.skew.lag.cast_signed(), self.skew.width.cast_signed());
        let low = origin + piece.cast_signed() * width - moved;
        // Nothing is below the first piece.
        let from = |low: isize| if piece == 0 { isize::MIN } else { low };
        Ranges {
            cells: clip(from(low)..low + width, &ranges.cells),
            faces: clip(from(low - lag)..low + width - lag, &ranges.faces),
        }
    }

    /// Where the first piece starts: on a vector.
    fn origin(&self, low: isize) -> isize {
        if self.skew.width.is_multiple_of(8) { low.div_euclid(8) * 8 } else { low }
    }
}

fn clip(range: Range<isize>, to: &Range<isize>) -> Range<isize> {
    range.start.max(to.start)..range.end.min(to.end)
}
