//! How a field is drawn: which plane of it, its axes, and what stands in it.

use std::fmt::Write;
use std::ops::Range;

use hexad_pde_leapfrog::{Model, Side};

use super::setup::Setup;
use crate::picture::{Area, text};
use crate::plot::{AxisScale, Ticks};

/// The most cells that are drawn along an axis; finer fields are averaged.
const FINEST: usize = 1000;
/// Receivers that can be named without a crowd.
const FEW: usize = 12;
/// The share of the width beyond which names stand on the left.
const CROWDED: f64 = 0.8;

/// Width of a letter of a name, about.
const LETTER: f64 = 7.0;

/// A plane of the grid, or the line that a grid of one axis is.
pub struct Scene {
    cells: Vec<usize>,
    /// Axes of the array: along x and, if there are several, along y.
    pub right: usize,
    up: Option<usize>,
    /// The cells that a grid of three axes is cut at: axis, number, place.
    across: Option<(usize, usize, f64)>,
    names: Vec<&'static str>,
    extents: Vec<Range<f64>>,
    boxes: Vec<Outline>,
    layers: Vec<Outline>,
    points: Vec<Point>,
}

/// A box in shares of the plane.
struct Outline {
    x: Range<f64>,
    y: Range<f64>,
    name: Option<String>,
}

/// A source or a receiver.
struct Point {
    x: f64,
    y: f64,
    /// Of a receiver.
    name: Option<String>,
    is_source: bool,
}

/// A plane of a field, row by row from the bottom.
pub struct Plane {
    /// Its values.
    pub values: Vec<f64>,
    /// How many there are in a row.
    pub width: usize,
}

impl Scene {
    /// The plane that pictures of a model show.
    pub fn of(setup: &Setup<'_>) -> Self {
        let grid = setup.model.grid();
        let dims = grid.dims();
        let across = (dims == 3).then(|| {
            let given = setup.snapshots.as_ref().and_then(|snapshots| snapshots.slice);
            let (axis, place) = given.unwrap_or_else(|| {
                let (low, high) = grid.extent(0);
                (0, low.midpoint(high))
            });
            let number = ((place - grid.extent(axis).0) / grid.spacing()).floor();
            let number = index(number).min(grid.cells()[axis] - 1);
            (axis, number, grid.origin()[axis] + number as f64 * grid.spacing())
        });
        let mut shown = (0..dims).filter(|axis| across.is_none_or(|(cut, ..)| cut != *axis)).rev();
        let (right, up) = (shown.next().unwrap_or(0), shown.next());
        let extent = |axis: usize| {
            let (low, high) = grid.extent(axis);
            low..high
        };
        let mut scene = Self {
            cells: grid.cells().to_vec(),
            right,
            up,
            across,
            names: setup.axes.names().to_vec(),
            extents: (0..dims).map(extent).collect(),
            boxes: Vec::new(),
            layers: Vec::new(),
            points: Vec::new(),
        };
        scene.fill(setup);
        scene
    }

    fn fill(&mut self, setup: &Setup<'_>) {
        for region in &setup.regions {
            let misses = |(axis, _, place): (usize, usize, f64)| {
                region.ranges[axis].as_ref().is_some_and(|range| !range.contains(&place))
            };
            if !self.across.is_some_and(misses) {
                let name = region.name.clone();
                self.boxes.push(Outline { name, ..self.outline(&region.ranges) });
            }
        }
        self.layers = layers(&setup.model).iter().map(|ranges| self.outline(ranges)).collect();
        for source in setup.model.sources() {
            let place = source.position();
            // A line or a plane is no point.
            if self.up.into_iter().chain([self.right]).all(|axis| place[axis].is_some()) {
                let place: Vec<f64> = place.iter().map(|place| place.unwrap_or(0.0)).collect();
                self.points.push(self.point(&place, None));
            }
        }
        for (place, name) in setup.model.receivers().iter().zip(&setup.receivers) {
            self.points.push(self.point(place, Some(name.clone())));
        }
    }

    fn outline(&self, ranges: &[Option<Range<f64>>]) -> Outline {
        let along = |axis: usize| {
            let range = ranges[axis].clone().unwrap_or_else(|| self.extents[axis].clone());
            let (a, b) = (self.share(axis, range.start), self.share(axis, range.end));
            a.min(b).clamp(0.0, 1.0)..a.max(b).clamp(0.0, 1.0)
        };
        Outline { x: along(self.right), y: self.up.map_or(0.0..1.0, along), name: None }
    }

    fn point(&self, place: &[f64], name: Option<String>) -> Point {
        let y = self.up.map_or(0.0, |axis| self.share(axis, place[axis]));
        Point { x: self.share(self.right, place[self.right]), y, is_source: name.is_none(), name }
    }

    /// How far along an axis a place is, as drawn; z runs downwards, as depth does.
    fn share(&self, axis: usize, place: f64) -> f64 {
        let extent = &self.extents[axis];
        let share = (place - extent.start) / (extent.end - extent.start);
        if self.falls(axis) { 1.0 - share } else { share }
    }

    fn falls(&self, axis: usize) -> bool {
        self.up == Some(axis) && self.names[axis] == "z"
    }

    /// Whether it is a line.
    pub fn is_line(&self) -> bool {
        self.up.is_none()
    }

    /// Where the cells of a line are.
    pub fn places(&self) -> Vec<f64> {
        let (extent, cells) = (&self.extents[self.right], self.cells[self.right]);
        let step = (extent.end - extent.start) / cells as f64;
        (0..cells).map(|cell| extent.start + (cell as f64 + 0.5) * step).collect()
    }

    /// The plane of a field.
    pub fn plane(&self, field: &[f64]) -> Plane {
        let strides: Vec<usize> =
            (0..self.cells.len()).map(|axis| self.cells[axis + 1..].iter().product()).collect();
        let first = self.across.map_or(0, |(axis, number, _)| number * strides[axis]);
        let (width, height) = (self.cells[self.right], self.up.map_or(1, |axis| self.cells[axis]));
        let mut values = Vec::with_capacity(width * height);
        for row in 0..height {
            let row = if self.up.is_some_and(|axis| self.falls(axis)) { height - 1 - row } else { row };
            let start = first + self.up.map_or(0, |axis| row * strides[axis]);
            values.extend((0..width).map(|column| field[start + column * strides[self.right]]));
        }
        Plane { values, width }.reduced()
    }

    /// Labels of the axes; of a line, `other` is what runs upwards.
    pub fn labels(&self, other: &str) -> [String; 2] {
        let label = |axis: usize| format!("{} [m]", self.names[axis]);
        [label(self.right), self.up.map_or(other.to_string(), label)]
    }

    /// Places and labels of ticks; of a line, `other` is the range upwards.
    pub fn ticks(&self, other: Range<f64>) -> [Vec<(f64, String)>; 2] {
        let along = |axis: usize| {
            let ticks = shares(&self.extents[axis]).into_iter();
            let turned = |(share, label)| (if self.falls(axis) { 1.0 - share } else { share }, label);
            ticks.map(turned).collect()
        };
        [along(self.right), self.up.map_or_else(|| shares(&other), along)]
    }

    /// Where it is cut, in words.
    pub fn cut(&self) -> String {
        self.across.map_or(String::new(), |(axis, _, place)| {
            format!(" at {} = {} m", self.names[axis], crate::units::four_digits(place))
        })
    }

    /// What stands in it, as elements of an SVG.
    pub fn overlay(&self, area: &Area) -> String {
        let mut svg = String::new();
        for (outlines, dash, stroke) in [(&self.layers, "4 4", 0.35), (&self.boxes, "none", 0.75)] {
            for Outline { x, y, name } in outlines {
                let ([left, top], [right, bottom]) = (area.at(x.start, y.end), area.at(x.end, y.start));
                let _ = write!(
                    svg,
                    r##"<rect x="{left:.2}" y="{top:.2}" width="{:.2}" height="{:.2}" fill="none" stroke="#282c34" stroke-opacity="{stroke}" stroke-dasharray="{dash}"/>"##,
                    right - left,
                    bottom - top
                );
                if let Some(name) = name {
                    let fits = LETTER * name.chars().count() as f64 + 7.0 < right - left;
                    svg.push_str(&outlined(if fits { left } else { right } + 7.0, top + 16.0, "start", name));
                }
            }
        }
        let receivers = self.points.iter().filter(|point| !point.is_source).count();
        for point in &self.points {
            svg.push_str(&point.svg(area, receivers <= FEW));
        }
        svg
    }
}

impl Point {
    fn svg(&self, area: &Area, is_named: bool) -> String {
        let [x, y] = area.at(self.x, self.y);
        if self.is_source {
            return format!(
                r##"<circle cx="{x:.2}" cy="{y:.2}" r="4.5" fill="#fff" stroke="#282c34" stroke-width="1.4"/><circle cx="{x:.2}" cy="{y:.2}" r="1.5" fill="#282c34"/>"##
            );
        }
        let mut svg = format!(
            r##"<path d="M{:.2} {:.2}h10l-5 8.5z" fill="#fff" stroke="#282c34" stroke-width="1.4" stroke-linejoin="round"/>"##,
            x - 5.0,
            y - 8.5
        );
        if let Some(name) = self.name.as_ref().filter(|_| is_named) {
            let (x, anchor) = if self.x > CROWDED { (x - 9.0, "end") } else { (x + 9.0, "start") };
            svg.push_str(&outlined(x, y - 1.0, anchor, name));
        }
        svg
    }
}

impl Plane {
    /// Averaged over blocks until it is no finer than it can be drawn.
    fn reduced(self) -> Self {
        let height = self.values.len() / self.width;
        let block = self.width.max(height).div_ceil(FINEST);
        if block == 1 {
            return self;
        }
        let width = self.width.div_ceil(block);
        let mut values = Vec::with_capacity(width * height.div_ceil(block));
        for rows in self.values.chunks(block * self.width) {
            for column in (0..self.width).step_by(block) {
                let end = (column + block).min(self.width);
                let inside = rows.chunks(self.width).flat_map(|row| &row[column..end]);
                let count = (end - column) * (rows.len() / self.width);
                values.push(inside.sum::<f64>() / count as f64);
            }
        }
        Self { values, width }
    }
}

/// The absorbing layers of a model.
fn layers(model: &Model) -> Vec<Vec<Option<Range<f64>>>> {
    let grid = model.grid();
    let mut layers = Vec::new();
    for (axis, sides) in model.sides().iter().enumerate() {
        let (low, high) = grid.extent(axis);
        for (end, side) in sides.iter().enumerate() {
            let Side::Absorbing(layer) = side else { continue };
            let depth = layer.cells as f64 * grid.spacing();
            let mut ranges = vec![None; grid.dims()];
            ranges[axis] = Some(if end == 0 { low..low + depth } else { high - depth..high });
            layers.push(ranges);
        }
    }
    layers
}

/// Ticks of a range, in shares of it.
pub fn shares(range: &Range<f64>) -> Vec<(f64, String)> {
    let ticks = Ticks::new(range, AxisScale::Linear).labelled.into_iter();
    let placed = ticks.map(|(value, label)| ((value - range.start) / (range.end - range.start), label));
    placed.filter(|(share, _)| (-1e-9..=1.0 + 1e-9).contains(share)).collect()
}

/// Words that can be read on any colour.
fn outlined(x: f64, y: f64, anchor: &str, words: &str) -> String {
    let halo = r##" stroke="#fff" stroke-width="3" stroke-opacity="0.85" stroke-linejoin="round""##;
    text(x, y, 12, anchor, halo, words) + &text(x, y, 12, anchor, "", words)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates where it must")]
fn index(number: f64) -> usize {
    number as usize
}
