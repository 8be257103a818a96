//! The sums of all cells.

use std::ops::Range;

use hexad_core::simd::prefetch_at;

use super::PRODUCTS;
use crate::DensityError;
use crate::bytes::Words;

/// Points that a cell's 32 bits hold, and those of a block beside.
pub(super) const ROOM: i32 = 1 << 10;

/// The products of a cell.
#[derive(Debug, Clone, Copy)]
#[repr(align(64))]
struct Line([i32; PRODUCTS]);

/// Sums of all cells, and what no longer fits their 32 bits.
#[derive(Debug, Clone, Default)]
pub(crate) struct Moments {
    lines: Vec<Line>,
    wide: Vec<[i64; PRODUCTS]>,
    /// Where the cells with points lie.
    used: Range<usize>,
}

impl Moments {
    /// Lines for so many cells, and one more for points that reach no node.
    pub(super) fn make_lines(&mut self, cells: usize) {
        self.lines.resize(cells + 1, Line([0; PRODUCTS]));
    }

    pub(super) fn forget_nowhere(&mut self) {
        if let Some(nowhere) = self.lines.last_mut() {
            nowhere.0.fill(0);
        }
    }

    #[inline(always)]
    pub(super) fn prefetch(&self, cell: u32) {
        prefetch_at(&self.lines, cell as usize);
    }

    #[inline(always)]
    pub(super) fn sums_of(&mut self, cell: u32) -> &mut [i32; PRODUCTS] {
        &mut self.lines[cell as usize].0
    }

    /// Room for one more block of points in each of these cells.
    #[cold]
    #[inline(never)]
    pub(super) fn make_room(&mut self, cells: &[u32]) {
        for cell in cells {
            if self.lines[*cell as usize].0[0] >= ROOM {
                self.empty(*cell as usize);
            }
        }
    }

    pub fn clear(&mut self) {
        self.lines[self.used.clone()].fill(Line([0; PRODUCTS]));
        self.wide.clear();
        self.used = 0..0;
    }

    /// Where the cells with points lie.
    pub(super) fn used(&self) -> Range<usize> {
        self.used.clone()
    }

    /// Widens [`Moments::used`].
    pub(super) fn use_range(&mut self, range: Range<usize>) {
        if self.used.is_empty() {
            self.used = range;
        } else if !range.is_empty() {
            self.used = self.used.start.min(range.start)..self.used.end.max(range.end);
        }
    }

    pub fn merge(&mut self, other: &Self) {
        if other.lines.is_empty() {
            return;
        }
        self.lines.resize(other.lines.len(), Line([0; PRODUCTS]));
        self.use_range(other.used.clone());
        self.wide.reserve_exact(self.lines.len());
        (0..self.lines.len()).for_each(|cell| self.empty(cell));
        for (cell, wide) in self.wide.iter_mut().enumerate() {
            other.add_to(cell, wide);
        }
    }

    /// The sums of each cell as bytes, or one 0 for no sums.
    pub fn put(&self, bytes: &mut Vec<u8>) {
        let cells = self.lines.len().saturating_sub(1);
        if !(0..cells).any(|cell| self.has_points(cell)) {
            return bytes.extend(u64::to_le_bytes(0));
        }
        bytes.extend(u64::to_le_bytes(cells as u64));
        for cell in 0..cells {
            let mut sums = [0; PRODUCTS];
            self.add_to(cell, &mut sums);
            bytes.extend(sums.into_iter().flat_map(i64::to_le_bytes));
        }
    }

    /// Takes the sums of `cells` cells from bytes, into nothing.
    pub fn get(&mut self, words: &mut Words<'_>, cells: usize) -> Result<(), DensityError> {
        match words.count()? {
            0 => return Ok(()),
            count if count == cells as u64 && words.0.len() / (8 * PRODUCTS) >= cells => {}
            _ => return Err(DensityError::NotARaster { reason: "their grid is not the kernel's" }),
        }
        self.lines = vec![Line([0; PRODUCTS]); cells + 1];
        self.used = 0..cells;
        for _ in 0..cells {
            let mut sums = [0; PRODUCTS];
            for sum in &mut sums {
                *sum = words.integer()?;
            }
            self.wide.push(sums);
        }
        Ok(())
    }

    /// Moves the sums of a cell to where there is room.
    fn empty(&mut self, cell: usize) {
        let (cells, line) = (self.lines.len() - 1, &mut self.lines[cell].0);
        if cell < cells {
            self.wide.resize(cells, [0; PRODUCTS]);
            self.wide[cell].iter_mut().zip(line.iter()).for_each(|(wide, part)| *wide += i64::from(*part));
        }
        line.fill(0);
    }

    #[inline(always)]
    pub(super) fn has_points(&self, cell: usize) -> bool {
        self.lines[cell].0[0] > 0 || self.wide.get(cell).is_some_and(|wide| wide[0] > 0)
    }

    /// The sums of a cell in floating point, times `scale`.
    #[inline(always)]
    pub(super) fn values_into(&self, cell: usize, scale: f64, values: &mut [f64; PRODUCTS]) {
        if self.wide.is_empty() {
            for (value, part) in values.iter_mut().zip(&self.lines[cell].0) {
                *value = f64::from(*part) * scale;
            }
        } else {
            let mut sums = [0; PRODUCTS];
            self.add_to(cell, &mut sums);
            for (value, sum) in values.iter_mut().zip(&sums) {
                *value = *sum as f64 * scale;
            }
        }
    }

    fn add_to(&self, cell: usize, sums: &mut [i64; PRODUCTS]) {
        sums.iter_mut().zip(&self.lines[cell].0).for_each(|(sum, part)| *sum += i64::from(*part));
        if let Some(wide) = self.wide.get(cell) {
            sums.iter_mut().zip(wide).for_each(|(sum, part)| *sum += part);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_no_points_uses_no_more_cells() {
        let (mut some, mut none) = (Moments::default(), Moments::default());
        some.make_lines(100);
        none.make_lines(100);
        some.use_range(40..60);
        some.merge(&none);
        assert_eq!(some.used(), 40..60);
        none.merge(&some);
        assert_eq!(none.used(), 40..60);
    }
}
