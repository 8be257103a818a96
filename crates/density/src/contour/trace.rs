//! Marching squares: the rings around all that is at a height or above, which is on their left.

use super::signed_area;
use crate::Map;

/// The line from one pixel's centre to the next, to the right or up, that a ring crosses: column and row of its
/// lower left end, counted with a margin of one pixel, twice, and whether it goes up.
type Edge = usize;

/// Sides of a square of four centres.
const BOTTOM: usize = 0;
const RIGHT: usize = 1;
const TOP: usize = 2;
const LEFT: usize = 3;

/// For each pattern of corners at or above the height (1 lower left, 2 lower right, 4 upper right, 8 upper left)
/// the sides where a ring enters and leaves. Patterns 5 and 10 are decided by the middle.
const SEGMENTS: [&[[usize; 2]]; 16] = [
    &[],
    &[[BOTTOM, LEFT]],
    &[[RIGHT, BOTTOM]],
    &[[RIGHT, LEFT]],
    &[[TOP, RIGHT]],
    &[[BOTTOM, LEFT], [TOP, RIGHT]],
    &[[TOP, BOTTOM]],
    &[[TOP, LEFT]],
    &[[LEFT, TOP]],
    &[[BOTTOM, TOP]],
    &[[RIGHT, BOTTOM], [LEFT, TOP]],
    &[[RIGHT, TOP]],
    &[[LEFT, RIGHT]],
    &[[BOTTOM, RIGHT]],
    &[[LEFT, BOTTOM]],
    &[],
];
/// The same where the middle is at or above the height, so that the two corners are one area.
const JOINED_5: [[usize; 2]; 2] = [[BOTTOM, RIGHT], [TOP, LEFT]];
const JOINED_10: [[usize; 2]; 2] = [[RIGHT, TOP], [LEFT, BOTTOM]];

/// How near a ring comes to a pixel's centre, in pixels, where the map has the very height: rings neither touch
/// themselves nor each other.
const NEAREST: f64 = 1e-6;

/// Closed rings, without the ones that enclose nothing.
pub(super) fn rings(map: &Map, height: f64) -> Vec<Vec<[f64; 2]>> {
    let grid = Grid { map, height, width: map.view().width() + 2 };
    // An edge is entered by one segment and left by one: from where to where, by the start.
    let mut segments: Vec<(Edge, Edge)> = grid.segments();
    segments.sort_unstable();
    let mut done = vec![false; segments.len()];
    let mut rings = Vec::new();
    for first in 0..segments.len() {
        let mut ring = Vec::new();
        let mut at = first;
        while !done[at] {
            done[at] = true;
            let place = grid.place(segments[at].0);
            if ring.last() != Some(&place) {
                ring.push(place);
            }
            at = segments.partition_point(|(start, _)| *start < segments[at].1);
        }
        if ring.len() > 1 && ring.first() == ring.last() {
            ring.pop();
        }
        ring.extend(ring.first().copied());
        // A pixel that has the very height, alone, is a diamond of 2 NEAREST^2.
        if ring.len() >= 4 && signed_area(&ring).abs() > 4.0 * NEAREST * NEAREST * map.view().pixel_area() {
            rings.push(ring);
        }
    }
    rings
}

struct Grid<'a> {
    map: &'a Map,
    height: f64,
    /// Columns with the margin.
    width: usize,
}

impl Grid<'_> {
    fn segments(&self) -> Vec<(Edge, Edge)> {
        let mut segments = Vec::new();
        for row in 0..=self.map.view().height() {
            for column in 0..self.width - 1 {
                let corners = [(column, row), (column + 1, row), (column + 1, row + 1), (column, row + 1)];
                let values = corners.map(|(column, row)| self.value(column, row));
                let above = values.map(|value| value.is_some_and(|value| value >= self.height));
                let pattern = above.iter().rev().fold(0, |bits, above| bits << 1 | usize::from(*above));
                // Corners in the margin are below all: a square with one of them is never joined.
                let middle = values
                    .into_iter()
                    .map(|value| value.map_or(f64::NEG_INFINITY, |v| 0.25 * v))
                    .sum::<f64>();
                let joined = middle >= self.height;
                let found: &[[usize; 2]] = match (pattern, joined) {
                    (5, true) => &JOINED_5,
                    (10, true) => &JOINED_10,
                    _ => SEGMENTS[pattern],
                };
                let edge = |side: usize| {
                    let (column, row, up) =
                        [(column, row, 0), (column + 1, row, 1), (column, row + 1, 0), (column, row, 1)]
                            [side];
                    2 * (row * self.width + column) + up
                };
                segments.extend(found.iter().map(|[from, to]| (edge(*from), edge(*to))));
            }
        }
        segments
    }

    /// The value at a centre; none in the margin.
    fn value(&self, column: usize, row: usize) -> Option<f64> {
        self.map.value(column.checked_sub(1)?, row.checked_sub(1)?)
    }

    /// Where an edge has the height: halfway to the margin, which is on the view's edge, else in proportion.
    fn place(&self, edge: Edge) -> [f64; 2] {
        let (column, row, up) = (edge / 2 % self.width, edge / 2 / self.width, edge % 2);
        let ends = [(column, row), (column + 1 - up, row + up)];
        let share = match ends.map(|(column, row)| self.value(column, row)) {
            [Some(low), Some(high)] => ((self.height - low) / (high - low)).clamp(NEAREST, 1.0 - NEAREST),
            _ => 0.5,
        };
        let [x0, y0, x1, y1] = self.map.view().bounds();
        let view = self.map.view();
        let at = |index: usize,
                  share: f64,
                  size: f64,
                  count: usize,
                  low: f64,
                  high: f64,
                  centre: &dyn Fn(usize) -> f64| {
            match index {
                0 => low,
                index if index == count && share > 0.0 => high,
                index => centre(index - 1) + share * size,
            }
        };
        let [dx, dy] = view.pixel_size();
        let (share_x, share_y) = if up == 1 { (0.0, share) } else { (share, 0.0) };
        let x = at(column, share_x, dx, view.width(), x0, x1, &|column| view.centre(column, 0)[0]);
        let y = at(row, share_y, dy, view.height(), y0, y1, &|row| view.centre(0, row)[1]);
        [x, y]
    }
}
