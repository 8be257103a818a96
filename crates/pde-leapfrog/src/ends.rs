//! How an axis continues past its sides, and which of its faces move.

use std::ops::Range;

use crate::Side;

/// Both sides of an axis as the differences see them. An axis that the grid does not have is periodic with one cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ends {
    pub cells: isize,
    pub periodic: bool,
    /// Whether the low and the high wall are pressure-release; rigid otherwise.
    pub release: [bool; 2],
}

/// A value beyond a side is that of a cell or face within, with this sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Image {
    pub of: isize,
    pub negative: bool,
}

impl Ends {
    pub fn new(cells: usize, sides: [Side; 2]) -> Self {
        Self {
            cells: cells.cast_signed(),
            periodic: sides[0] == Side::Periodic,
            release: sides.map(|side| side == Side::PressureRelease),
        }
    }

    /// Pressure of cell `index`: beyond a wall the mirror image, even for a rigid wall and odd for a free one.
    pub fn cell(&self, index: isize) -> Image {
        let last = self.cells - 1;
        if self.periodic {
            return Image { of: index.rem_euclid(self.cells), negative: false };
        }
        match index {
            _ if index < 0 => Image { of: -1 - index, negative: self.release[0] },
            _ if index > last => Image { of: 2 * last + 1 - index, negative: self.release[1] },
            _ => Image { of: index, negative: false },
        }
    }

    /// Velocity on face `index + 1/2`: the walls are faces -1 and cells - 1, and beyond them is the mirror image, odd
    /// for a rigid wall and even for a free one.
    pub fn face(&self, index: isize) -> Image {
        let last = self.cells - 1;
        if self.periodic {
            return Image { of: index.rem_euclid(self.cells), negative: false };
        }
        match index {
            _ if index < -1 => Image { of: -2 - index, negative: !self.release[0] },
            _ if index > last => Image { of: 2 * last - index, negative: !self.release[1] },
            _ => Image { of: index, negative: false },
        }
    }

    /// Faces that move: not those on rigid walls.
    pub fn moving_faces(&self) -> Range<isize> {
        if self.periodic {
            return 0..self.cells;
        }
        let [low, high] = self.release;
        (if low { -1 } else { 0 })..(if high { self.cells } else { self.cells - 1 })
    }

    /// Faces that velocities are given on: walls included.
    pub fn faces(&self) -> Range<isize> {
        if self.periodic { 0..self.cells } else { -1..self.cells }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn walls_mirror_and_periodic_axes_wrap() {
        let walls = Ends::new(5, [Side::Rigid, Side::PressureRelease]);
        assert_eq!(walls.cell(-2), Image { of: 1, negative: false });
        assert_eq!(walls.cell(6), Image { of: 3, negative: true });
        assert_eq!(walls.face(-2), Image { of: 0, negative: true });
        assert_eq!(walls.face(6), Image { of: 2, negative: false });
        assert_eq!((walls.moving_faces(), walls.faces()), (0..5, -1..5));
        let around = Ends::new(5, [Side::Periodic; 2]);
        assert_eq!(around.cell(-1), Image { of: 4, negative: false });
        assert_eq!(around.face(5), Image { of: 0, negative: false });
        assert_eq!(around.moving_faces(), 0..5);
    }
}
