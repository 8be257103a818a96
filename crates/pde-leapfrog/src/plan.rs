//! How a run is cut in tiles and shared among threads.

use crate::real::sealed::Sealed;
use crate::scheme::Scheme;
use crate::sweep::{Skew, room};

/// How a run goes through memory. Nothing of it changes a result; 0 leaves the choice to the grid and the machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Tiling {
    /// Steps that are made of some rows before the next rows are touched. 1 is the plain loop.
    pub depth: usize,
    /// Cells (1-D) or rows (3-D) of a tile. In 2-D a tile is one row.
    pub width: usize,
    /// Parts of the first axis that threads of the current rayon pool share. 0: as many as there are threads, where the
    /// grid is worth it.
    pub slabs: usize,
}

impl Tiling {
    /// With this many steps at a time.
    #[must_use]
    pub fn with_depth(mut self, depth: usize) -> Self {
        self.depth = depth;
        self
    }

    /// With tiles of this width.
    #[must_use]
    pub fn with_width(mut self, width: usize) -> Self {
        self.width = width;
        self
    }

    /// With this many slabs, as far as the first axis has room for them.
    #[must_use]
    pub fn with_slabs(mut self, slabs: usize) -> Self {
        self.slabs = slabs;
        self
    }
}

/// Fields of at most this many bytes are left in the cache by a plain loop.
const SMALL_BYTES: usize = 1 << 15;
/// Cells times steps that are worth a thread.
const THREAD_WORK: usize = 1 << 19;

/// A [`Tiling`] made for a grid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Steps of a block at most.
    pub depth: usize,
    /// Of the first axis of the grid.
    pub outer: Skew,
    /// Of the second axis of a 3-D grid.
    pub middle: Skew,
    /// Parts of the first axis.
    pub slabs: usize,
}

impl Plan {
    pub fn new<T: Sealed>(scheme: &Scheme<T>, tiling: Tiling) -> Self {
        let radius = scheme.radius;
        let outer = scheme.axes.start;
        let cells = |axis: usize| scheme.layout.places[axis].cast_unsigned();
        let depth = if tiling.depth > 0 { tiling.depth } else { usual_depth(scheme) };
        let total: usize = (0..3).map(cells).product::<usize>().saturating_mul(scheme.layout.lanes);
        let worth = rayon::current_num_threads().min(total.saturating_mul(depth) / THREAD_WORK);
        let wanted = if tiling.slabs > 0 { tiling.slabs } else { worth };
        let slabs = wanted.min(cells(outer) / room(radius, 1)).max(1);
        // A slab must not vanish while it shrinks.
        let most = |cells: usize| (cells / 2).saturating_sub(3 * radius) / (2 * radius - 1);
        let mut limit =
            if slabs > 1 || scheme.walked[outer].periodic { most(cells(outer) / slabs) } else { depth };
        if outer == 0 && scheme.walked[1].periodic {
            limit = limit.min(most(cells(1)));
        }
        let depth = depth.min(limit);
        let bytes = total.saturating_mul(T::BYTES * (scheme.axes.len() + 1));
        if depth == 0 || slabs == 1 && (depth == 1 || tiling.depth == 0 && bytes <= SMALL_BYTES) {
            // Blocks still go together what is heard and said.
            return Self { depth: depth.max(64), outer: Skew::NONE, middle: Skew::NONE, slabs: 1 };
        }
        Self { depth, outer: outer_skew(scheme, tiling), middle: middle_skew(scheme, tiling), slabs }
    }

    /// Whether each step is made of the whole grid at once.
    pub fn is_plain(&self) -> bool {
        self.slabs == 1 && self.outer == Skew::NONE
    }
}

fn usual_depth<T: Sealed>(scheme: &Scheme<T>) -> usize {
    match (scheme.axes.start, scheme.radius) {
        (2, _) => 64,
        (1, 1) => 16,
        (1, _) => 8,
        (_, 1) => 8,
        _ => 4,
    }
}

fn outer_skew<T: Sealed>(scheme: &Scheme<T>, tiling: Tiling) -> Skew {
    let radius = scheme.radius;
    if scheme.axes.start < 2 {
        return Skew::least(1, radius);
    }
    // Whole vectors, so that loads stay aligned.
    let width = if tiling.width > 0 { tiling.width } else { 1024 };
    if scheme.layout.lanes > 1 {
        Skew::least(width.div_ceil(scheme.layout.lanes), radius)
    } else if width.is_multiple_of(8) {
        Skew { width, shift: 8, lag: 4 }
    } else {
        Skew::least(width, radius)
    }
}

fn middle_skew<T: Sealed>(scheme: &Scheme<T>, tiling: Tiling) -> Skew {
    if scheme.axes.start > 0 {
        return Skew::NONE;
    }
    let width = if tiling.width > 0 { tiling.width } else { 32 };
    Skew::least(width, scheme.radius)
}
