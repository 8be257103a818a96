//! The fields without anything beyond their sides, and the differences written as they are defined.

use std::ops::Range;

use crate::ends::Ends;
use crate::equations::Equations;
use crate::real::sealed::Sealed;

/// Pressure of all cells and velocity on all faces, in row-major order.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Arrays<T> {
    pub ends: [Ends; 3],
    pub axes: Range<usize>,
    pub pressure: Vec<T>,
    pub velocity: [Vec<T>; 3],
    weights: Vec<T>,
}

impl<T: Sealed> Arrays<T> {
    /// At rest.
    pub fn new(equations: Equations<'_>) -> Self {
        let (ends, axes) = (equations.ends(), equations.model.layout_axes());
        let faces = |axis: usize| if axes.contains(&axis) { count(&face_ranges(&ends, axis)) } else { 0 };
        Self {
            pressure: vec![T::default(); count(&cell_ranges(&ends))],
            velocity: [0, 1, 2].map(|axis| vec![T::default(); faces(axis)]),
            weights: equations.model.order().weights().iter().map(|weight| T::round(*weight)).collect(),
            ends,
            axes,
        }
    }

    /// Every cell.
    pub fn cells(&self) -> impl Iterator<Item = [isize; 3]> + use<T> {
        places(&cell_ranges(&self.ends))
    }

    /// Every face across `axis`, walls included, by the cell below it.
    pub fn faces(&self, axis: usize) -> impl Iterator<Item = [isize; 3]> + use<T> {
        places(&face_ranges(&self.ends, axis))
    }

    /// Whether a face is not part of a rigid wall.
    pub fn moves(&self, axis: usize, face: [isize; 3]) -> bool {
        self.ends[axis].moving_faces().contains(&face[axis])
    }

    pub fn pressure_mut(&mut self, cell: [isize; 3]) -> &mut T {
        &mut self.pressure[number(&cell_ranges(&self.ends), cell)]
    }

    pub fn velocity_mut(&mut self, axis: usize, face: [isize; 3]) -> &mut T {
        &mut self.velocity[axis][number(&face_ranges(&self.ends, axis), face)]
    }

    /// `sum_k c_k sum_axes (u(+k) - u(-k))`: the divergence of the velocity at a cell, times dx.
    pub fn divergence(&self, cell: [isize; 3]) -> T {
        self.weighted(|k| {
            let axes = self.axes.clone().rev();
            add(axes.map(|axis| self.face(axis, cell, k) - self.face(axis, cell, -1 - k)))
        })
    }

    /// `sum_k c_k (u(+k) - u(-k))` along one axis, at a cell.
    pub fn velocity_difference(&self, axis: usize, cell: [isize; 3]) -> T {
        self.weighted(|k| self.face(axis, cell, k) - self.face(axis, cell, -1 - k))
    }

    /// `sum_k c_k (p(+k) - p(-k))` along one axis, at a face.
    pub fn pressure_difference(&self, axis: usize, face: [isize; 3]) -> T {
        self.weighted(|k| self.cell(axis, face, k + 1) - self.cell(axis, face, -k))
    }

    fn weighted(&self, difference: impl Fn(isize) -> T) -> T {
        if self.weights.len() == 1 {
            return difference(0);
        }
        add(self.weights.iter().zip(0..).map(|(weight, k)| *weight * difference(k)))
    }

    /// Pressure `offset` cells from `cell` along `axis`.
    fn cell(&self, axis: usize, mut cell: [isize; 3], offset: isize) -> T {
        let image = self.ends[axis].cell(cell[axis] + offset);
        cell[axis] = image.of;
        let value = self.pressure[number(&cell_ranges(&self.ends), cell)];
        if image.negative { -value } else { value }
    }

    /// Velocity `offset` faces from the one after `cell`.
    fn face(&self, axis: usize, mut cell: [isize; 3], offset: isize) -> T {
        let image = self.ends[axis].face(cell[axis] + offset);
        cell[axis] = image.of;
        let value = self.velocity[axis][number(&face_ranges(&self.ends, axis), cell)];
        if image.negative { -value } else { value }
    }
}

/// From the first to the last, without a zero before them.
fn add<T: Sealed>(mut terms: impl Iterator<Item = T>) -> T {
    let first = terms.next().unwrap_or_default();
    terms.fold(first, |sum, term| sum + term)
}

pub(crate) fn cell_ranges(ends: &[Ends; 3]) -> [Range<isize>; 3] {
    ends.map(|ends| 0..ends.cells)
}

pub(crate) fn face_ranges(ends: &[Ends; 3], axis: usize) -> [Range<isize>; 3] {
    let mut ranges = cell_ranges(ends);
    ranges[axis] = ends[axis].faces();
    ranges
}

/// All places in row-major order.
pub(crate) fn places(ranges: &[Range<isize>; 3]) -> impl Iterator<Item = [isize; 3]> + use<> {
    let [planes, rows, columns] = ranges.clone();
    planes.flat_map(move |z| {
        let columns = columns.clone();
        rows.clone().flat_map(move |y| columns.clone().map(move |x| [z, y, x]))
    })
}

fn count(ranges: &[Range<isize>; 3]) -> usize {
    ranges.iter().map(ExactSizeIterator::len).product()
}

fn number(ranges: &[Range<isize>; 3], place: [isize; 3]) -> usize {
    let along = |axis: usize| (place[axis] - ranges[axis].start).cast_unsigned();
    (along(0) * ranges[1].len() + along(1)) * ranges[2].len() + along(2)
}
