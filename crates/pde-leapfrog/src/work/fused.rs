//! A stretch of a folded row at order 2: pressure and velocity in one pass.

use std::ops::Range;

use super::{Ranges, Work};
use crate::folded::Folded;
use crate::kernel::{Rate, Staggered};
use crate::layout::Block;
use crate::real::sealed::Sealed;
use crate::scheme::{Factor, LANES};
use crate::state::{Part, View};

impl<T: Sealed> Work<'_, T> {
    /// Whether a stretch of a folded row can be done in one pass: at order 2, and not past its end.
    pub(super) fn is_fused(&self, Ranges { cells, faces }: &Ranges) -> bool {
        let layout = &self.scheme.layout;
        let inside =
            cells.end <= layout.places[2] && faces.end <= cells.end && faces.start + 1 >= cells.start;
        layout.lanes > 1 && self.scheme.radius == 1 && inside && cells.len() > 1 && faces.len() > 1
    }

    /// As [`Work::visit`], of a folded row: the velocity of each place right after the pressure of the next.
    pub(super) fn fused(&self, view: &mut View<'_, T>, step: usize, Ranges { cells, faces }: &Ranges) {
        let scheme = self.scheme;
        let block = |range: Range<isize>| Block::of([0..1, 0..1, range]);
        let (all, all_faces) = (block(cells.clone()), block(faces.clone()));
        self.add_sources(view, step, all);
        let [_, _, velocity] = &mut view.velocity;
        let field = (&mut view.pressure, &scheme.pressure_rate);
        self.absorb(2, all, &mut view.pressure_memory[2], field, velocity, Staggered::Behind);

        let (from, to) = (faces.start.max(cells.start - 1), faces.end.min(cells.end - 1));
        let rate = &scheme.pressure_rate;
        let (before, after) = (block(cells.start..from + 1), block(to + 1..cells.end));
        self.update_few(&mut view.pressure, rate, velocity, before, Staggered::Behind);
        let first = scheme.layout.at([0, 0, from]);
        let last = scheme.layout.at([0, 0, to + 1]);
        T::update_folded(Folded {
            pressure: view.pressure.range_mut(first..last),
            velocity: velocity.range_mut(first..last),
            pressure_rate: scheme.pressure_rate.tail(first),
            velocity_rate: scheme.velocity_rate[2].tail(first),
        });
        self.update_few(&mut view.pressure, rate, velocity, after, Staggered::Behind);
        self.mirror(&mut view.pressure, 2, &scheme.pressure_images[2], all);
        self.listen(view, step, all);

        let [_, _, velocity] = &mut view.velocity;
        let field = (velocity, &scheme.velocity_rate[2]);
        self.update_few(field.0, field.1, &view.pressure, block(to..faces.end), Staggered::Ahead);
        self.absorb(
            2,
            all_faces,
            &mut view.velocity_memory[2],
            (field.0, field.1),
            &view.pressure,
            Staggered::Ahead,
        );
        self.mirror(field.0, 2, &scheme.velocity_images[2], all_faces);
    }

    /// A place or two of a folded row at order 2: not worth a dispatch.
    #[inline]
    fn update_few(
        &self,
        field: &mut Part<'_, T>,
        rate: &Factor<T>,
        source: &Part<'_, T>,
        block: Block,
        staggered: Staggered,
    ) {
        if block.is_empty() {
            return;
        }
        let (first, width) = (self.scheme.layout.at(block.low), block.width() * LANES);
        let (up, down) = staggered.reach(0);
        let ahead = &source.tail(first + up * LANES)[..width];
        let behind = &source.tail(first - down * LANES)[..width];
        let out = &mut field.tail_mut(first)[..width];
        match rate.tail(first) {
            Rate::Same(rate) => {
                for (out, (ahead, behind)) in out.iter_mut().zip(ahead.iter().zip(behind)) {
                    *out = *out - rate * (*ahead - *behind);
                }
            }
            Rate::PerCell(rates) => {
                for ((out, rate), (ahead, behind)) in out.iter_mut().zip(rates).zip(ahead.iter().zip(behind))
                {
                    *out = *out - *rate * (*ahead - *behind);
                }
            }
        }
    }
}
