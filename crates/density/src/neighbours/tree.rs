//! A packed tree of rectangles: points in the order of Hilbert's curve, eight to a leaf, four nodes to a parent.

use super::hilbert;
use crate::Points;

/// Points of a leaf.
pub(super) const LEAF: usize = 8;
/// Children of a node.
pub(super) const FAN: usize = 4;

/// Levels from the leaves up; node i of a level has nodes `FAN i ..` of the level below.
#[derive(Debug, Clone)]
pub(super) struct Tree {
    /// Coordinates of the points of each leaf; those that are not there are infinitely far.
    pub leaves: Vec<[[f64; LEAF]; 2]>,
    pub levels: Vec<Vec<Rectangle>>,
}

/// `low` to `high`, both included.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Rectangle {
    pub low: [f64; 2],
    pub high: [f64; 2],
}

impl Tree {
    pub fn new(points: &Points<'_>) -> Self {
        let present: Vec<[f64; 2]> = points.present().map(|(x, y, _)| [x, y]).collect();
        let order = order(&present);
        let mut leaves = Vec::with_capacity(present.len().div_ceil(LEAF));
        let mut boxes = Vec::with_capacity(leaves.capacity());
        for indices in order.chunks(LEAF) {
            let (mut leaf, mut around) = ([[f64::INFINITY; LEAF]; 2], Rectangle::EMPTY);
            for (place, index) in indices.iter().enumerate() {
                let point = present[*index as usize];
                (leaf[0][place], leaf[1][place]) = (point[0], point[1]);
                around = around.with(&Rectangle { low: point, high: point });
            }
            leaves.push(leaf);
            boxes.push(around);
        }
        let mut levels = vec![boxes];
        while let Some(below) = levels.last().filter(|level| level.len() > 1) {
            let around =
                |nodes: &[Rectangle]| nodes.iter().fold(Rectangle::EMPTY, |all, node| all.with(node));
            let level = below.chunks(FAN).map(around).collect();
            levels.push(level);
        }
        Self { leaves, levels }
    }
}

impl Rectangle {
    const EMPTY: Self = Self { low: [f64::INFINITY; 2], high: [f64::NEG_INFINITY; 2] };

    fn with(&self, other: &Self) -> Self {
        let least = |axis: usize| self.low[axis].min(other.low[axis]);
        let most = |axis: usize| self.high[axis].max(other.high[axis]);
        Self { low: [least(0), least(1)], high: [most(0), most(1)] }
    }

    /// Square of the least distance between two places in them.
    #[inline(always)]
    pub fn distance_squared(&self, other: &Self) -> f64 {
        let gap =
            |axis: usize| (self.low[axis] - other.high[axis]).max(other.low[axis] - self.high[axis]).max(0.0);
        let (dx, dy) = (gap(0), gap(1));
        dx * dx + dy * dy
    }
}

/// Indices of the points along Hilbert's curve.
fn order(points: &[[f64; 2]]) -> Vec<u32> {
    let single = |point: &[f64; 2]| Rectangle { low: *point, high: *point };
    let around = points.iter().fold(Rectangle::EMPTY, |all, point| all.with(&single(point)));
    let cells = f64::from((1_u32 << hilbert::BITS) - 1);
    let scale = [0, 1].map(|axis| {
        let extent = around.high[axis] - around.low[axis];
        if extent > 0.0 && extent.is_finite() { cells / extent } else { 0.0 }
    });
    let keyed = points.iter().zip(0_u32..).map(|(point, index)| {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to 65,535")]
        let cell = |axis: usize| ((point[axis] - around.low[axis]) * scale[axis]) as u16;
        u64::from(hilbert::key(cell(0), cell(1))) << 32 | u64::from(index)
    });
    let mut sorted: Vec<u64> = keyed.collect();
    sort_by_key(&mut sorted);
    #[expect(clippy::cast_possible_truncation, reason = "the index stands in the low half")]
    let indices = sorted.into_iter().map(|entry| entry as u32).collect();
    indices
}

/// Sorts by the upper 32 bits, eleven at a time from the lowest; equals keep their order.
fn sort_by_key(entries: &mut Vec<u64>) {
    let mut moved = vec![0; entries.len()];
    for shift in [32, 43, 54] {
        let digit = |entry: u64| (entry >> shift & 2047) as usize;
        let mut starts = [0_usize; 2048];
        entries.iter().for_each(|entry| starts[digit(*entry)] += 1);
        let mut sum = 0;
        for start in &mut starts {
            (*start, sum) = (sum, sum + *start);
        }
        for entry in entries.iter() {
            let place = &mut starts[digit(*entry)];
            moved[*place] = *entry;
            *place += 1;
        }
        std::mem::swap(entries, &mut moved);
    }
}
