//! Everything that happens to a box of cells in one step.

mod fused;

use std::ops::Range;

use crate::damped::Damped;
use crate::kernel::{Job, Source, Staggered};
use crate::layout::Block;
use crate::real::sealed::Sealed;
use crate::scheme::{Copy, Factor, Scheme};
use crate::state::{Part, View};

/// Cells and faces of one axis that are done in one step. Of a periodic axis they may go on past its end, at its
/// start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ranges {
    pub cells: Range<isize>,
    pub faces: Range<isize>,
}

/// The work of a block of steps.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Work<'a, T> {
    pub scheme: &'a Scheme<T>,
    /// What sources add, by step of the block, then by source.
    pub amplitudes: &'a [T],
    /// Sources there are.
    pub sources: usize,
    /// Steps of the block.
    pub depth: usize,
}

impl<T: Sealed> Work<'_, T> {
    /// Step number `step` of the block, over the box that the ranges of the three axes span: the pressure first,
    /// then the velocity along each axis on the faces of that axis and the cells of the others.
    pub fn visit(&self, view: &mut View<'_, T>, step: usize, ranges: &[Ranges; 3]) {
        let [planes, rows, columns] = ranges;
        if self.is_fused(columns) {
            return self.fused(view, step, columns);
        }
        let cells = [planes.cells.clone(), rows.cells.clone(), columns.cells.clone()];
        self.for_pieces(&cells, |cells| self.pressure(view, step, cells));
        for axis in self.scheme.axes.clone() {
            let mut faces = cells.clone();
            faces[axis] = ranges[axis].faces.clone();
            self.for_pieces(&faces, |faces| self.velocity(view, axis, faces));
        }
    }

    /// Keeps the images of everything: after the fields were set from outside.
    pub fn mirror_all(&self, view: &mut View<'_, T>) {
        let scheme = self.scheme;
        let cells = scheme.walked.each_ref().map(|ends| 0..ends.cells);
        for axis in scheme.axes.clone() {
            self.mirror(&mut view.pressure, axis, &scheme.pressure_images[axis], Block::of(cells.clone()));
            let faces = Block::of(cells.clone()).with(axis, scheme.walked[axis].faces());
            self.mirror(&mut view.velocity[axis], axis, &scheme.velocity_images[axis], faces);
        }
    }

    /// The box in pieces that do not go past the end of a periodic axis.
    fn for_pieces(&self, ranges: &[Range<isize>; 3], mut piece: impl FnMut(Block)) {
        let whole = Block::of(ranges.clone());
        if whole.is_empty() {
            return;
        }
        let cells = self.scheme.layout.places;
        if (0..3).all(|axis| whole.high[axis] <= cells[axis]) {
            return piece(whole);
        }
        let halves = |axis: usize| {
            let (range, end) = (whole.along(axis), cells[axis]);
            [range.start..range.end.min(end), range.start.max(end) - end..range.end - end]
        };
        for planes in halves(0) {
            for rows in halves(1) {
                for columns in halves(2) {
                    let block = Block::of([planes.clone(), rows.clone(), columns]);
                    if !block.is_empty() {
                        piece(block);
                    }
                }
            }
        }
    }

    fn pressure(&self, view: &mut View<'_, T>, step: usize, cells: Block) {
        let scheme = self.scheme;
        self.add_sources(view, step, cells);
        for axis in scheme.axes.clone() {
            let memory = &mut view.pressure_memory[axis];
            let field = (&mut view.pressure, &scheme.pressure_rate);
            self.absorb(axis, cells, memory, field, &view.velocity[axis], Staggered::Behind);
        }
        let sources = view.velocity.each_ref();
        self.update_pressure(&mut view.pressure, sources, cells);
        for axis in scheme.axes.clone() {
            self.mirror(&mut view.pressure, axis, &scheme.pressure_images[axis], cells);
        }
        self.listen(view, step, cells);
    }

    fn velocity(&self, view: &mut View<'_, T>, axis: usize, faces: Block) {
        let scheme = self.scheme;
        let (field, rate) = (&mut view.velocity[axis], &scheme.velocity_rate[axis]);
        self.update_along(field, rate, [&view.pressure], [axis], faces, Staggered::Ahead);
        let memory = &mut view.velocity_memory[axis];
        self.absorb(axis, faces, memory, (field, rate), &view.pressure, Staggered::Ahead);
        self.mirror(field, axis, &scheme.velocity_images[axis], faces);
    }

    fn update_pressure(&self, field: &mut Part<'_, T>, [z, y, x]: [&Part<'_, T>; 3], cells: Block) {
        let rate = &self.scheme.pressure_rate;
        match self.scheme.axes.start {
            0 => self.update_along(field, rate, [x, y, z], [2, 1, 0], cells, Staggered::Behind),
            1 => self.update_along(field, rate, [x, y], [2, 1], cells, Staggered::Behind),
            _ => self.update_along(field, rate, [x], [2], cells, Staggered::Behind),
        }
    }

    /// Updates `field` in `block` with the differences of `sources` along `axes`.
    fn update_along<const D: usize>(
        &self,
        field: &mut Part<'_, T>,
        rate: &Factor<T>,
        sources: [&Part<'_, T>; D],
        axes: [usize; D],
        block: Block,
        staggered: Staggered,
    ) {
        let layout = &self.scheme.layout;
        if block.is_empty() {
            return;
        }
        for plane in block.along(0) {
            let first = layout.at([plane, block.low[1], block.low[2]]);
            let mut along = [Source { field: &[], first: 0, stride: 0 }; D];
            for (source, (part, axis)) in along.iter_mut().zip(sources.iter().zip(axes)) {
                *source =
                    Source { field: part.values(), first: part.place(first), stride: layout.stride[axis] };
            }
            T::update(Job {
                out: field.tail_mut(first),
                rows: (block.high[1] - block.low[1]).cast_unsigned(),
                stride: layout.stride[1],
                width: block.width() * layout.lanes,
                rate: rate.tail(first),
                sources: &along,
                staggered,
                weights: &self.scheme.weights,
            });
        }
    }

    /// The absorbing terms of a field in `block`, with the differences of `source` along `axis`.
    fn absorb(
        &self,
        axis: usize,
        block: Block,
        memory: &mut Part<'_, T>,
        (field, rate): (&mut Part<'_, T>, &Factor<T>),
        source: &Part<'_, T>,
        staggered: Staggered,
    ) {
        let Some(layers) = &self.scheme.layers[axis] else { return };
        let coefficients = match staggered {
            Staggered::Behind => &layers.centres,
            Staggered::Ahead => &layers.faces,
        };
        let layout = &self.scheme.layout;
        for (part, lane) in layers.parts(block, axis).into_iter().filter(|(part, _)| !part.is_empty()) {
            for row in part.rows() {
                let first = layout.at(row) + lane;
                T::absorb(Damped {
                    out: field.tail_mut(first),
                    memory: &mut memory.tail_mut(layers.at(axis, row))[..part.width()],
                    stride: layout.lanes,
                    rate: rate.tail(first),
                    source: Source {
                        field: source.values(),
                        first: source.place(first),
                        stride: layout.stride[axis],
                    },
                    staggered,
                    weights: &self.scheme.weights,
                    damping: coefficients.at(layers.stored(row[axis]), axis == 2),
                });
            }
        }
    }

    /// Keeps the images along `axis` of what changed in `block`.
    fn mirror(&self, field: &mut Part<'_, T>, axis: usize, images: &[Copy], block: Block) {
        let layout = &self.scheme.layout;
        let near = self.scheme.radius.cast_signed() + 1;
        if block.low[axis] >= near && block.high[axis] <= layout.places[axis] - near {
            return;
        }
        for image in images.iter().filter(|image| block.along(axis).contains(&image.from)) {
            if self.scheme.axes.start == 2 {
                let source = layout.cut(2, image.from) + image.from_lane;
                let target = layout.cut(2, image.to) + image.to_lane;
                copy(field, source, target, image.lanes, image.negative);
                continue;
            }
            let apart = (image.to - image.from) * layout.stride[axis].cast_signed();
            let from = block.with(axis, image.from..image.from + 1);
            for row in from.rows() {
                let source = layout.at(row);
                copy(field, source, source.wrapping_add_signed(apart), from.width(), image.negative);
            }
        }
    }

    fn add_sources(&self, view: &mut View<'_, T>, step: usize, cells: Block) {
        let outer = self.scheme.axes.start;
        let taps = &self.scheme.source_taps;
        if taps.is_empty() {
            return;
        }
        let from = taps.partition_point(|tap| tap.place[outer] < cells.low[outer]);
        let inside = taps[from..].iter().take_while(|tap| tap.place[outer] < cells.high[outer]);
        for tap in inside.filter(|tap| cells.contains(tap.place)) {
            let amplitude = self.amplitudes[step * self.sources + tap.source];
            let pressure = &mut view.pressure.tail_mut(tap.index)[0];
            *pressure = *pressure + tap.weight * amplitude;
        }
    }

    fn listen(&self, view: &mut View<'_, T>, step: usize, cells: Block) {
        let outer = self.scheme.axes.start;
        let taps = &self.scheme.receiver_taps;
        if taps.is_empty() {
            return;
        }
        let from = taps.partition_point(|tap| tap.place[outer] < cells.low[outer]);
        let inside = taps[from..].iter().take_while(|tap| tap.place[outer] < cells.high[outer]);
        for (number, tap) in (from..).zip(inside).filter(|(_, tap)| cells.contains(tap.place)) {
            let pressure = view.pressure.tail(tap.index)[0];
            view.heard.tail_mut(number * self.depth + step)[0] = pressure;
        }
    }
}

/// Copies `width` numbers that do not overlap; mostly a few.
#[inline]
fn copy<T: Sealed>(field: &mut Part<'_, T>, source: usize, target: usize, width: usize, negative: bool) {
    let (low, apart) = (source.min(target), source.abs_diff(target));
    let (first, second) = field.tail_mut(low).split_at_mut(apart);
    let (from, to) = if source < target { (&first[..width], second) } else { (&second[..width], first) };
    // All lanes of a folded row but one: as one piece.
    if let (Some(from), Some(to), false) =
        (from.first_chunk::<7>(), to.first_chunk_mut::<7>(), negative || width > 7)
    {
        *to = *from;
        return;
    }
    for (to, from) in to.iter_mut().zip(from) {
        *to = if negative { -*from } else { *from };
    }
}
