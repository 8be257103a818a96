//! Absorbing layers: their numbers and their memory.

use crate::equations::{Damping, Equations};
use crate::kernel::Rate;
use crate::layout::{Block, Layout};
use crate::real::sealed::Sealed;

/// The layers at both ends of one axis. Only their cells are stored, the low layer first.
#[derive(Debug, Clone)]
pub(crate) struct Layers<T> {
    /// Cells of the low and of the high layer.
    thickness: [isize; 2],
    /// Places of the axis, and lanes of the layout.
    places: isize,
    lanes: usize,
    /// At centres, by stored place.
    pub centres: Coefficients<T>,
    /// On faces.
    pub faces: Coefficients<T>,
    /// Strides of the memory.
    pub stride: [usize; 3],
    /// Elements of it.
    pub len: usize,
}

/// See [`Damping`].
#[derive(Debug, Clone, Default)]
pub(crate) struct Coefficients<T> {
    decay: Vec<T>,
    gain: Vec<T>,
    stretch: Vec<T>,
}

impl<T: Sealed> Layers<T> {
    /// `None` if neither side of the axis absorbs.
    pub fn new(equations: Equations<'_>, layout: &Layout, axis: usize) -> Option<Self> {
        let absent = 3 - equations.model.grid().dims();
        let thickness = equations.model.sides()[axis - absent].map(|side| side.layer().cast_signed());
        if thickness == [0, 0] {
            return None;
        }
        let mut shape = equations.ends().map(|ends| ends.cells.cast_unsigned());
        let cells = shape[axis].cast_signed();
        shape[axis] = (thickness[0] + thickness[1]).cast_unsigned();
        let stride = [shape[1] * shape[2], shape[2], 1];
        let (places, lanes) = (layout.places[axis], layout.lanes);
        let damped = (0..thickness[0]).chain(cells - thickness[1]..cells);
        let at = |offset: f64| {
            let dampings =
                damped.clone().map(|place| equations.damping(axis, place as f64 + offset).unwrap_or(NOTHING));
            Coefficients::new(&dampings.collect::<Vec<_>>())
        };
        let (centres, faces) = (at(0.5), at(1.0));
        Some(Self { thickness, places, lanes, centres, faces, stride, len: shape.iter().product() })
    }

    /// The parts of `block` in the low and in the high layer, and the lanes that they are in.
    pub fn parts(&self, block: Block, axis: usize) -> [(Block, usize); 2] {
        let [low, high] = self.thickness;
        [(0..low, 0), (self.places - high..self.places, self.lanes - 1)]
            .map(|(range, lane)| (block.within(axis, &range), lane))
    }

    /// Stored place of place `index` of the axis; of one outside the layers, how many are stored before it.
    pub fn stored(&self, index: isize) -> usize {
        let [low, high] = self.thickness;
        (index.clamp(0, low) + (index - (self.places - high)).max(0)).cast_unsigned()
    }

    /// Index in the memory of the layers of `axis`.
    pub fn at(&self, axis: usize, cell: [isize; 3]) -> usize {
        let along = |other: usize| {
            let place = if other == axis { self.stored(cell[other]) } else { cell[other].cast_unsigned() };
            place * self.stride[other]
        };
        along(0) + along(1) + along(2)
    }

    /// Index at which a cut across the outermost axis `outer` below `cell` splits the memory.
    pub fn cut(&self, axis: usize, outer: usize, cell: isize) -> usize {
        if outer == axis {
            self.stored(cell) * self.stride[axis]
        } else {
            cell.cast_unsigned() * self.stride[outer]
        }
    }
}

/// Nothing is damped: where one of the two layers is thicker.
const NOTHING: Damping = Damping { decay: 0.0, gain: 0.0, stretch: 0.0 };

impl<T: Sealed> Coefficients<T> {
    /// Decay, gain and stretch of stored place `stored`, or, along a row, from there on.
    pub fn at(&self, stored: usize, along_row: bool) -> [Rate<'_, T>; 3] {
        [&self.decay, &self.gain, &self.stretch].map(|numbers| {
            if along_row { Rate::PerCell(&numbers[stored..]) } else { Rate::Same(numbers[stored]) }
        })
    }

    fn new(dampings: &[Damping]) -> Self {
        let all =
            |number: fn(&Damping) -> f64| dampings.iter().map(|damping| T::round(number(damping))).collect();
        Self { decay: all(|d| d.decay), gain: all(|d| d.gain), stretch: all(|d| d.stretch) }
    }
}
