//! A model with its time step, made ready to run.

use std::ops::Range;

use crate::ends::{Ends, Image};
use crate::equations::Equations;
use crate::kernel::Rate;
use crate::layer::Layers;
use crate::layout::Layout;
use crate::model::Model;
use crate::real::sealed::Sealed;
use crate::taps::taps;
use crate::{Side, WaveError};

/// Stretches that a long row is folded into, and their least length.
pub(crate) const LANES: usize = 8;
const LEAST_PLACES: usize = 16;

/// Everything that a run reads and does not change.
#[derive(Debug, Clone)]
pub(crate) struct Scheme<T> {
    pub layout: Layout,
    /// The axes of the layout that the grid has; the first is the one that is cut for threads.
    pub axes: Range<usize>,
    /// Of the grid.
    pub ends: [Ends; 3],
    /// Of the places that are walked: folded rows go around.
    pub walked: [Ends; 3],
    /// Cells that a difference reaches to each side.
    pub radius: usize,
    pub weights: Vec<T>,
    pub pressure_rate: Factor<T>,
    pub velocity_rate: [Factor<T>; 3],
    /// Images of the pressure beyond the sides of each axis.
    pub pressure_images: [Vec<Copy>; 3],
    /// Images of the velocity along each axis.
    pub velocity_images: [Vec<Copy>; 3],
    pub layers: [Option<Layers<T>>; 3],
    /// By place along the first axis, then by source.
    pub source_taps: Vec<SourceTap<T>>,
    /// By place along the first axis.
    pub receiver_taps: Vec<ReceiverTap>,
    /// The same in the order in which they are summed.
    pub receiver_order: Vec<usize>,
}

/// A number, or one for each cell.
#[derive(Debug, Clone)]
pub(crate) enum Factor<T> {
    Same(T),
    /// Stands as the fields do.
    PerCell(Vec<T>),
}

impl<T: Sealed> Factor<T> {
    /// As a kernel takes it, from element `first` on.
    #[inline]
    pub fn tail(&self, first: usize) -> Rate<'_, T> {
        match self {
            Self::Same(rate) => Rate::Same(*rate),
            Self::PerCell(rates) => Rate::PerCell(&rates[first..]),
        }
    }
}

/// Values to be kept at another place of the axis, too.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Copy {
    pub from: isize,
    pub to: isize,
    /// First lane there and here, and how many.
    pub from_lane: usize,
    pub to_lane: usize,
    pub lanes: usize,
    pub negative: bool,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct SourceTap<T> {
    pub place: [isize; 3],
    pub index: usize,
    pub source: usize,
    pub weight: T,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct ReceiverTap {
    /// Its turn when what is heard is summed.
    pub turn: usize,
    pub place: [isize; 3],
    pub index: usize,
    pub receiver: usize,
    pub weight: f64,
}

impl<T: Sealed> Scheme<T> {
    pub fn new(equations: Equations<'_>) -> Result<Self, WaveError> {
        let model = equations.model;
        let axes = model.layout_axes();
        let (layout, _) = Self::memory(model)?;
        let ends = model.layout_ends();
        let images = |axis: usize, of: fn(&Ends, isize) -> Image, faces: bool| {
            if axes.contains(&axis) {
                images(&layout, axis, &ends[axis], model.order().radius(), of, faces)
            } else {
                Vec::new()
            }
        };
        let receiver_taps = receiver_taps(model, &layout, axes.start);
        let mut walked = ends;
        if layout.lanes > 1 {
            walked[2] = Ends { cells: layout.places[2], periodic: true, release: [false; 2] };
        }
        Ok(Self {
            pressure_rate: pressure_rate(equations, &layout),
            velocity_rate: [0, 1, 2].map(|axis| velocity_rate(equations, &layout, axis)),
            pressure_images: [0, 1, 2].map(|axis| images(axis, Ends::cell, false)),
            velocity_images: [0, 1, 2].map(|axis| images(axis, Ends::face, true)),
            layers: [0, 1, 2]
                .map(|axis| axes.contains(&axis).then(|| Layers::new(equations, &layout, axis)).flatten()),
            source_taps: source_taps(model, &layout, axes.start),
            receiver_order: order_of(&receiver_taps),
            receiver_taps,
            radius: model.order().radius(),
            weights: model.order().weights().iter().map(|weight| T::round(*weight)).collect(),
            layout,
            axes,
            ends,
            walked,
        })
    }

    /// The layout, and the bytes that fields, media and absorbing layers take in it.
    ///
    /// Nothing is allocated if the system says that there are not so many.
    pub fn memory(model: &Model) -> Result<(Layout, u64), WaveError> {
        let axes = model.layout_axes();
        let absent = axes.start;
        let cells: [usize; 3] =
            [0, 1, 2].map(|axis| if axis < absent { 1 } else { model.grid().cells()[axis - absent] });
        let fields = axes.len() + 1;
        let media = if model.medium().is_constant() { 0 } else { fields };
        let layers: f64 = model
            .sides()
            .iter()
            .zip(model.grid().cells())
            .map(|(sides, cells)| 2.0 * (sides[0].layer() + sides[1].layer()) as f64 / *cells as f64)
            .sum();
        let layout = Layout::new(cells, &axes, model.order().radius(), lanes(model));
        let elements = layout.as_ref().map_or(model.grid().total(), |layout| layout.len as f64);
        let bytes = elements * ((fields + media) as f64 + layers) * T::BYTES as f64;
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        let bytes = bytes as u64;
        let fits =
            usize::try_from(bytes).is_ok_and(|bytes| Vec::<u8>::new().try_reserve_exact(bytes).is_ok());
        match layout {
            Some(layout) if fits => Ok((layout, bytes)),
            _ => Err(WaveError::Memory { bytes }),
        }
    }
}

fn pressure_rate<T: Sealed>(equations: Equations<'_>, layout: &Layout) -> Factor<T> {
    let [planes, rows, columns] = equations.ends().map(|ends| 0..ends.cells);
    factor(equations, layout, [planes, rows, columns], |cell| equations.pressure_rate(cell))
}

fn velocity_rate<T: Sealed>(equations: Equations<'_>, layout: &Layout, axis: usize) -> Factor<T> {
    if !equations.model.layout_axes().contains(&axis) {
        return Factor::Same(T::default());
    }
    let ends = equations.ends();
    let ranges = [0, 1, 2].map(|other| if other == axis { ends[axis].faces() } else { 0..ends[other].cells });
    factor(equations, layout, ranges, |cell| equations.velocity_rate(axis, cell))
}

fn factor<T: Sealed>(
    equations: Equations<'_>,
    layout: &Layout,
    ranges: [Range<isize>; 3],
    of: impl Fn([isize; 3]) -> f64,
) -> Factor<T> {
    if equations.model.medium().is_constant() {
        return Factor::Same(T::round(of([0; 3])));
    }
    let mut values = vec![T::default(); layout.len];
    let [planes, rows, columns] = ranges;
    for z in planes {
        for y in rows.clone() {
            for x in columns.clone() {
                values[layout.index([z, y, x])] = T::round(of([z, y, x]));
            }
        }
    }
    Factor::PerCell(values)
}

/// Whether the rows of a 1-D grid are folded: eight stretches of some length each, absorbing layers within one. The
/// low wall must not have a moving face, for it is before the first place.
fn lanes(model: &Model) -> usize {
    let (cells, sides) = (model.grid().cells()[0], model.sides()[0]);
    let layers = sides[0].layer().saturating_add(sides[1].layer());
    let long = cells.is_multiple_of(LANES) && cells / LANES >= LEAST_PLACES.max(layers);
    if model.grid().dims() == 1 && long && sides[0] != Side::PressureRelease { LANES } else { 1 }
}

/// Every value beyond a side that differences reach, with what it is the image of. Between folded stretches that is
/// the neighbouring stretch.
fn images(
    layout: &Layout,
    axis: usize,
    ends: &Ends,
    radius: usize,
    of: fn(&Ends, isize) -> Image,
    faces: bool,
) -> Vec<Copy> {
    let (radius, places) = (radius.cast_signed(), layout.places[axis]);
    let lanes = if axis == 2 { layout.lanes } else { 1 };
    let own = if faces { ends.faces() } else { 0..ends.cells };
    let mut copies: Vec<Copy> = Vec::new();
    for to in (-radius..0).chain(places..places + radius) {
        for to_lane in 0..lanes {
            let cell = to + to_lane.cast_signed() * places;
            let image =
                if own.contains(&cell) { Image { of: cell, negative: false } } else { of(ends, cell) };
            let from_lane =
                if lanes > 1 { image.of.div_euclid(places).clamp(0, 7).cast_unsigned() } else { 0 };
            let from = image.of - from_lane.cast_signed() * places;
            if (from, from_lane) == (to, to_lane) {
                continue;
            }
            let copy = Copy { from, to, from_lane, to_lane, lanes: 1, negative: image.negative };
            match copies.last_mut() {
                Some(last) if last.goes_on(&copy) => last.lanes += 1,
                _ => copies.push(copy),
            }
        }
    }
    copies
}

impl Copy {
    /// Whether `next` is the next lane of the same copy.
    fn goes_on(&self, next: &Self) -> bool {
        let next_lanes = (self.from_lane + self.lanes, self.to_lane + self.lanes);
        (next.from_lane, next.to_lane) == next_lanes
            && (self.from, self.to, self.negative) == (next.from, next.to, next.negative)
    }
}

fn source_taps<T: Sealed>(model: &Model, layout: &Layout, outer: usize) -> Vec<SourceTap<T>> {
    let mut all = Vec::new();
    for (source, position) in model.sources().iter().map(|source| &source.position).enumerate() {
        let taps = taps(model, position).into_iter();
        all.extend(taps.map(|tap| {
            let (place, lane) = layout.locate(tap.cell);
            SourceTap { place, index: layout.at(place) + lane, source, weight: T::round(tap.weight) }
        }));
    }
    all.sort_by_key(|tap| tap.place[outer]);
    all
}

fn receiver_taps(model: &Model, layout: &Layout, outer: usize) -> Vec<ReceiverTap> {
    let mut all = Vec::new();
    for (receiver, position) in model.receivers().iter().enumerate() {
        let position: Vec<_> = position.iter().copied().map(Some).collect();
        let taps = taps(model, &position).into_iter();
        all.extend(taps.map(|tap| {
            let (place, lane) = layout.locate(tap.cell);
            ReceiverTap { turn: 0, place, index: layout.at(place) + lane, receiver, weight: tap.weight }
        }));
    }
    for (turn, tap) in all.iter_mut().enumerate() {
        tap.turn = turn;
    }
    all.sort_by_key(|tap| tap.place[outer]);
    all
}

fn order_of(taps: &[ReceiverTap]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..taps.len()).collect();
    order.sort_by_key(|number| taps[*number].turn);
    order
}
