//! A block of steps: regions, tiles, steps, in an order that gives the bits of the plain loop.

use crate::plan::Plan;
use crate::real::sealed::Sealed;
use crate::scheme::Scheme;
use crate::state::{State, View};
use crate::sweep::{Edge, Region, Skew, Walk};
use crate::work::{Ranges, Work};

/// Makes `work.depth` steps.
pub(crate) fn run_block<T: Sealed>(work: &Work<'_, T>, plan: &Plan, state: &mut State<T>) {
    let outer = work.scheme.axes.start;
    let periodic = plan.outer != Skew::NONE && work.scheme.walked[outer].periodic;
    if plan.is_plain() {
        return run_plain(work, &mut state.view());
    }
    if plan.slabs == 1 && !periodic {
        return run_region(work, plan, &mut state.view(), Region::WHOLE);
    }
    let cells = work.scheme.layout.places[outer];
    let cuts: Vec<isize> = (1..plan.slabs).map(|slab| place(cells, slab, plan.slabs)).collect();

    let bottom = if periodic { Edge::Above(0) } else { Edge::Side };
    let top = if periodic { Edge::Below(cells) } else { Edge::Side };
    let lows = std::iter::once(bottom).chain(cuts.iter().map(|cut| Edge::Above(*cut)));
    let highs = cuts.iter().map(|cut| Edge::Below(*cut)).chain([top]);
    let slabs: Vec<Region> = lows.zip(highs).map(|(low, high)| Region { low, high }).collect();
    run_regions(work, plan, state.view(), &slabs, &cuts);

    if !cuts.is_empty() {
        let seams: Vec<Region> = cuts.iter().map(|cut| Region::seam(*cut)).collect();
        let between: Vec<isize> = cuts.windows(2).map(|pair| pair[0].midpoint(pair[1])).collect();
        run_regions(work, plan, state.view(), &seams, &between);
    }
    if periodic {
        run_region(work, plan, &mut state.view(), Region::seam(cells));
    }
}

/// Step by step, each of the whole grid.
fn run_plain<T: Sealed>(work: &Work<'_, T>, view: &mut View<'_, T>) {
    let whole = whole(work);
    for step in 0..work.depth {
        work.visit(view, step, &whole);
    }
}

/// Regions side by side, each within its own memory: `cuts` are between them.
fn run_regions<T: Sealed>(
    work: &Work<'_, T>,
    plan: &Plan,
    view: View<'_, T>,
    regions: &[Region],
    cuts: &[isize],
) {
    let mut rest = view;
    let mut views = Vec::with_capacity(regions.len());
    for cut in cuts {
        let (low, high) = rest.split_at(work.scheme, *cut, work.depth);
        views.push(low);
        rest = high;
    }
    views.push(rest);
    if let ([region], [view]) = (regions, views.as_mut_slice()) {
        return run_region(work, plan, view, *region);
    }
    rayon::scope(|scope| {
        for (view, region) in views.iter_mut().zip(regions) {
            scope.spawn(move |_| run_region(work, plan, view, *region));
        }
    });
}

/// One region of the first axis: tile by tile, and each tile step by step.
fn run_region<T: Sealed>(work: &Work<'_, T>, plan: &Plan, view: &mut View<'_, T>, region: Region) {
    let outer = work.scheme.axes.start;
    let whole = whole(work);
    let outer_walk = walk(work, outer, region, plan.outer);
    for middle_region in middle_regions(work.scheme, plan) {
        let middle_walk = walk(work, 1, middle_region, plan.middle);
        for middle_piece in 0..middle_walk.pieces() {
            for piece in 0..outer_walk.pieces() {
                for step in 0..work.depth {
                    let mut ranges = whole.clone();
                    ranges[outer] = outer_walk.at(piece, step);
                    if outer == 0 {
                        ranges[1] = middle_walk.at(middle_piece, step);
                    }
                    work.visit(view, step, &ranges);
                }
            }
        }
    }
}

fn whole<T: Sealed>(work: &Work<'_, T>) -> [Ranges; 3] {
    let along = |axis: usize| walk(work, axis, Region::WHOLE, Skew::NONE).at(0, 0);
    [along(0), along(1), along(2)]
}

fn walk<'a, T: Sealed>(work: &Work<'a, T>, axis: usize, region: Region, skew: Skew) -> Walk<'a> {
    let scheme = work.scheme;
    Walk { ends: &scheme.walked[axis], radius: scheme.radius, region, skew, depth: work.depth }
}

/// The parts of the second axis of a 3-D grid, one after the other.
fn middle_regions<T: Sealed>(scheme: &Scheme<T>, plan: &Plan) -> impl Iterator<Item = Region> + use<T> {
    let cells = scheme.walked[1].cells;
    let parts = if plan.middle == Skew::NONE || !scheme.walked[1].periodic {
        [Some(Region::WHOLE), None]
    } else {
        [Some(Region { low: Edge::Above(0), high: Edge::Below(cells) }), Some(Region::seam(cells))]
    };
    parts.into_iter().flatten()
}

/// Where part number `part` of `parts` starts.
fn place(cells: isize, part: usize, parts: usize) -> isize {
    cells * part.cast_signed() / parts.cast_signed()
}
