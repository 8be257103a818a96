//! What a run changes: the fields, the memory of absorbing layers, what receivers hear within a block of steps.

use std::ops::{Deref, DerefMut, Range};

use crate::real::sealed::Sealed;
use crate::scheme::Scheme;

/// Bytes of a cache line, and how far each field starts past the place of the one before within a page.
const LINE: usize = 64;
const STAGGER: usize = 5 * LINE;

/// Numbers that start on a cache line.
#[derive(Debug)]
pub(crate) struct Field<T> {
    data: Vec<T>,
    own: Range<usize>,
}

impl<T: Sealed> Field<T> {
    /// `len` zeros. Different `place`s start at different places of a page.
    pub fn new(len: usize, place: usize) -> Self {
        let (line, stagger) = (LINE / T::BYTES, place * STAGGER / T::BYTES);
        let data = vec![T::default(); len + line + stagger];
        let start = data.as_ptr().align_offset(LINE).min(line) + stagger;
        Self { own: start..start + len, data }
    }
}

impl<T> Deref for Field<T> {
    type Target = [T];
    fn deref(&self) -> &[T] {
        &self.data[self.own.clone()]
    }
}

impl<T> DerefMut for Field<T> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.data[self.own.clone()]
    }
}

/// Pressure at a whole step, velocity half a step later.
#[derive(Debug)]
pub(crate) struct State<T> {
    pub pressure: Field<T>,
    /// Along the axes of the layout; empty for those that the grid does not have.
    pub velocity: [Field<T>; 3],
    pub pressure_memory: [Field<T>; 3],
    pub velocity_memory: [Field<T>; 3],
    /// Pressure at each tap of a receiver after each step of a block, the steps of a tap in a row.
    pub heard: Field<T>,
}

impl<T: Sealed> State<T> {
    /// At rest. Blocks have at most `depth` steps.
    pub fn new(scheme: &Scheme<T>, depth: usize) -> Self {
        let field = |axis: usize| if scheme.axes.contains(&axis) { scheme.layout.len } else { 0 };
        let layer = |axis: usize| scheme.layers[axis].as_ref().map_or(0, |layers| layers.len);
        Self {
            pressure: Field::new(scheme.layout.len, 0),
            velocity: [0, 1, 2].map(|axis| Field::new(field(axis), 1 + axis)),
            pressure_memory: [0, 1, 2].map(|axis| Field::new(layer(axis), 0)),
            velocity_memory: [0, 1, 2].map(|axis| Field::new(layer(axis), 0)),
            heard: Field::new(scheme.receiver_taps.len() * depth, 0),
        }
    }

    /// All that a run goes on from.
    pub fn fields(&self) -> impl Iterator<Item = &Field<T>> {
        let memories = self.pressure_memory.iter().chain(&self.velocity_memory);
        std::iter::once(&self.pressure).chain(&self.velocity).chain(memories)
    }

    /// As [`State::fields`].
    pub fn fields_mut(&mut self) -> impl Iterator<Item = &mut Field<T>> {
        let memories = self.pressure_memory.iter_mut().chain(&mut self.velocity_memory);
        std::iter::once(&mut self.pressure).chain(&mut self.velocity).chain(memories)
    }

    /// The whole of it.
    pub fn view(&mut self) -> View<'_, T> {
        View {
            pressure: Part::new(&mut self.pressure),
            velocity: parts(&mut self.velocity),
            pressure_memory: parts(&mut self.pressure_memory),
            velocity_memory: parts(&mut self.velocity_memory),
            heard: Part::new(&mut self.heard),
        }
    }
}

/// Written out, for a view is made in every step of a study.
fn parts<T>([a, b, c]: &mut [Field<T>; 3]) -> [Part<'_, T>; 3] {
    [Part::new(a), Part::new(b), Part::new(c)]
}

/// The part of a state that one thread works on: the rows between two cuts.
#[derive(Debug)]
pub(crate) struct View<'a, T> {
    pub pressure: Part<'a, T>,
    pub velocity: [Part<'a, T>; 3],
    pub pressure_memory: [Part<'a, T>; 3],
    pub velocity_memory: [Part<'a, T>; 3],
    pub heard: Part<'a, T>,
}

/// A stretch of a field, with indices of the whole.
#[derive(Debug)]
pub(crate) struct Part<'a, T> {
    values: &'a mut [T],
    start: usize,
}

impl<'a, T> Part<'a, T> {
    #[inline]
    fn new(values: &'a mut [T]) -> Self {
        Self { values, start: 0 }
    }

    fn split_at(self, index: usize) -> (Self, Self) {
        let (low, high) = self.values.split_at_mut(index - self.start);
        (Self { values: low, start: self.start }, Self { values: high, start: index })
    }

    /// All of the stretch.
    #[inline]
    pub fn values(&self) -> &[T] {
        self.values
    }

    /// The elements of some indices.
    #[inline]
    pub fn range_mut(&mut self, range: Range<usize>) -> &mut [T] {
        &mut self.values[range.start - self.start..range.end - self.start]
    }

    /// Place in the stretch of `index`.
    #[inline]
    pub fn place(&self, index: usize) -> usize {
        index - self.start
    }

    /// From `index` to the end of the stretch.
    #[inline]
    pub fn tail(&self, index: usize) -> &[T] {
        &self.values[index - self.start..]
    }

    /// As [`Part::tail`].
    #[inline]
    pub fn tail_mut(&mut self, index: usize) -> &mut [T] {
        &mut self.values[index - self.start..]
    }
}

impl<'a, T: Sealed> View<'a, T> {
    /// Split below place `cell` of the first axis of the grid. `depth` steps of a block are listened to.
    pub fn split_at(self, scheme: &Scheme<T>, cell: isize, depth: usize) -> (Self, Self) {
        let outer = scheme.axes.start;
        let cut = scheme.layout.cut(outer, cell);
        let heard = depth * scheme.receiver_taps.partition_point(|tap| tap.place[outer] < cell);
        let (pressure, pressure_high) = self.pressure.split_at(cut);
        let (heard, heard_high) = self.heard.split_at(heard);
        let (velocity, velocity_high) =
            split_all(self.velocity, |axis| if scheme.axes.contains(&axis) { cut } else { 0 });
        let layer =
            |axis: usize| scheme.layers[axis].as_ref().map_or(0, |layers| layers.cut(axis, outer, cell));
        let (pressure_memory, pressure_memory_high) = split_all(self.pressure_memory, layer);
        let (velocity_memory, velocity_memory_high) = split_all(self.velocity_memory, layer);
        let low = View { pressure, velocity, pressure_memory, velocity_memory, heard };
        let high = View {
            pressure: pressure_high,
            velocity: velocity_high,
            pressure_memory: pressure_memory_high,
            velocity_memory: velocity_memory_high,
            heard: heard_high,
        };
        (low, high)
    }
}

fn split_all<T>(
    parts: [Part<'_, T>; 3],
    cut: impl Fn(usize) -> usize,
) -> ([Part<'_, T>; 3], [Part<'_, T>; 3]) {
    let [a, b, c] = parts;
    let ((a, a_high), (b, b_high), (c, c_high)) =
        (a.split_at(cut(0)), b.split_at(cut(1)), c.split_at(cut(2)));
    ([a, b, c], [a_high, b_high, c_high])
}
