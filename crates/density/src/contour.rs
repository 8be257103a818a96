//! Lines of equal height as polygons, and the hot spots inside them.

mod trace;

use hexad_core::{InputError, check_finite};

use crate::{DensityError, Map, Points, View};
use trace::rings;

/// Where a contour runs.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Level {
    /// Where the map has this value.
    Height(f64),
    /// Where the map has this share of its largest value.
    Peak(f64),
    /// Around the densest pixels that together hold this share of the map's sum (Hyndman 1996).
    Mass(f64),
}

/// What a map has at a level or above.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Contour {
    /// The value on the line.
    pub height: f64,
    /// Share of the map's sum that stands in pixels at or above.
    pub mass: f64,
    /// Areas apart from each other, the largest first.
    pub polygons: Vec<Polygon>,
}

/// An area in data units. Rings are closed (the last place is the first) and never touch themselves or each other;
/// the outer one runs counter-clockwise, holes clockwise, where y points up: as GeoJSON wants them (RFC 7946).
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Polygon {
    /// Around the area.
    pub outer: Vec<[f64; 2]>,
    /// Around what is left out of it.
    pub holes: Vec<Vec<[f64; 2]>>,
}

/// One area of a contour.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct HotSpot {
    /// The largest value of the map in it.
    pub peak: f64,
    /// The centre of the pixel that has it.
    pub peak_at: [f64; 2],
    /// Data units squared.
    pub area: f64,
    /// Points in it.
    pub points: u64,
    /// Share of the weight of all points that are not missing.
    pub share: f64,
    /// The area.
    pub polygon: Polygon,
}

/// The contours of a map at some levels. Between the centres of pixels the map is taken to be linear; beyond the
/// view it is taken to be lower, so that every ring closes, along the view's edge if need be.
///
/// # Errors
///
/// [`DensityError::Input`] for a map with infinite values, a level that is not finite, or a share that is not
/// between 0 and 1.
///
/// # Examples
///
/// ```
/// use hexad_density::{GaussianOptions, Level, Points, View, contours, gaussian};
/// let view = View::new([-4.0, -4.0, 4.0, 4.0], [257, 257])?;
/// let map = gaussian(&Points::new(&[0.0], &[0.0])?, &view, [1.0, 1.0], &GaussianOptions::default())?;
/// // A Gaussian is above a share s of its peak within r^2 = -2 ln s.
/// let contour = &contours(&map, &[Level::Peak(0.5)])?[0];
/// assert_eq!(contour.polygons.len(), 1);
/// assert!((contour.polygons[0].area() - std::f64::consts::PI * 2.0 * 2_f64.ln()).abs() < 1e-3);
/// assert!((contour.mass - 0.5).abs() < 1e-2);
/// # Ok::<(), hexad_density::DensityError>(())
/// ```
///
/// # References
///
/// W. E. Lorensen, H. E. Cline, SIGGRAPH 1987 (in two dimensions); R. J. Hyndman, The American Statistician 50(2), 1996.
pub fn contours(map: &Map, levels: &[Level]) -> Result<Vec<Contour>, DensityError> {
    check_finite("map", map.values())?;
    let sum = map.sum();
    let contour = |level: &Level| {
        let height = height(map, *level)?;
        let above: f64 = map.values().iter().filter(|value| **value >= height).sum();
        let mass = if sum > 0.0 { above / sum } else { 0.0 };
        Ok(Contour { height, mass, polygons: polygons(map, height) })
    };
    levels.iter().map(contour).collect()
}

/// The areas of a map at `level` and above with what is in them, the highest peak first.
///
/// # Errors
///
/// As [`contours`].
pub fn hot_spots(map: &Map, level: Level, points: &Points<'_>) -> Result<Vec<HotSpot>, DensityError> {
    check_finite("map", map.values())?;
    let mut spots: Vec<HotSpot> =
        polygons(map, height(map, level)?).into_iter().map(|polygon| empty_spot(map, polygon)).collect();
    let boxes: Vec<[f64; 4]> = spots.iter().map(|spot| around(&spot.polygon.outer)).collect();
    let mut total = 0.0;
    for (x, y, weight) in points.present() {
        total += weight;
        let inside = |(spot, b): &(&mut HotSpot, &[f64; 4])| {
            x >= b[0] && y >= b[1] && x <= b[2] && y <= b[3] && spot.polygon.contains([x, y])
        };
        if let Some((spot, _)) = spots.iter_mut().zip(&boxes).find(inside) {
            spot.points += 1;
            spot.share += weight;
        }
    }
    if total != 0.0 {
        spots.iter_mut().for_each(|spot| spot.share /= total);
    }
    spots.sort_by(|a, b| b.peak.total_cmp(&a.peak));
    Ok(spots)
}

impl Polygon {
    /// Data units squared, holes left out.
    #[must_use]
    pub fn area(&self) -> f64 {
        signed_area(&self.outer) + self.holes.iter().map(|hole| signed_area(hole)).sum::<f64>()
    }

    /// Whether a place is in it. On its rings either answer may come.
    #[must_use]
    pub fn contains(&self, place: [f64; 2]) -> bool {
        ring_contains(&self.outer, place) && !self.holes.iter().any(|hole| ring_contains(hole, place))
    }
}

fn height(map: &Map, level: Level) -> Result<f64, DensityError> {
    let share = |argument: &'static str, value: f64| {
        if value > 0.0 && value <= 1.0 {
            return Ok(value);
        }
        Err(DensityError::from(InputError::OutOfRange { argument, value, allowed: "above 0, and 1 at most" }))
    };
    match level {
        Level::Height(height) if height.is_finite() => Ok(height),
        Level::Height(value) => {
            Err(InputError::OutOfRange { argument: "height", value, allowed: "finite" }.into())
        }
        Level::Peak(part) => Ok(share("peak", part)? * map.max().0),
        Level::Mass(part) => Ok(mass_height(map, share("mass", part)?)),
    }
}

/// The value of the last of the largest pixels that together hold `part` of the sum.
fn mass_height(map: &Map, part: f64) -> f64 {
    let mut sorted = map.values().to_vec();
    sorted.sort_unstable_by(|a, b| b.total_cmp(a));
    let wanted = part * sorted.iter().sum::<f64>();
    let mut sum = 0.0;
    for value in &sorted {
        sum += value;
        if sum >= wanted {
            return *value;
        }
    }
    sorted.last().copied().unwrap_or(0.0)
}

/// Outer rings with the holes that are directly inside them.
fn polygons(map: &Map, height: f64) -> Vec<Polygon> {
    let (outer, holes): (Vec<_>, Vec<_>) = rings(map, height)
        .into_iter()
        .map(|ring| (signed_area(&ring), ring))
        .partition(|(area, _)| *area > 0.0);
    let mut made: Vec<(f64, [f64; 4], Polygon)> = outer
        .into_iter()
        .map(|(area, outer)| (area, around(&outer), Polygon { outer, holes: Vec::new() }))
        .collect();
    made.sort_by(|a, b| b.0.total_cmp(&a.0));
    for (_, hole) in holes {
        // A place between two of its corners is never on another ring's corner.
        let place = [0.5 * (hole[0][0] + hole[1][0]), 0.5 * (hole[0][1] + hole[1][1])];
        let b = around(&hole);
        let holds = |(_, around, polygon): &&mut (f64, [f64; 4], Polygon)| {
            let fits = around[0] <= b[0] && around[1] <= b[1] && around[2] >= b[2] && around[3] >= b[3];
            fits && ring_contains(&polygon.outer, place)
        };
        // The smallest around it: an island in a lake has its own lakes.
        if let Some((_, _, polygon)) = made.iter_mut().rev().find(holds) {
            polygon.holes.push(hole);
        }
    }
    made.into_iter().map(|(_, _, polygon)| polygon).collect()
}

/// A spot without its points.
fn empty_spot(map: &Map, polygon: Polygon) -> HotSpot {
    let view: &View = map.view();
    let (mut peak, mut peak_at) = (f64::NEG_INFINITY, [f64::NAN; 2]);
    let b = around(&polygon.outer);
    for row in 0..view.height() {
        let y = view.centre(0, row)[1];
        if y < b[1] || y > b[3] {
            continue;
        }
        for column in 0..view.width() {
            let place = view.centre(column, row);
            let value = map.values()[row * view.width() + column];
            if value > peak && place[0] >= b[0] && place[0] <= b[2] && polygon.contains(place) {
                (peak, peak_at) = (value, place);
            }
        }
    }
    HotSpot { peak, peak_at, area: polygon.area(), points: 0, share: 0.0, polygon }
}

/// Positive where the ring runs counter-clockwise; places are taken from its first, where digits are not lost.
fn signed_area(ring: &[[f64; 2]]) -> f64 {
    let from_first = |place: &[f64; 2]| [place[0] - ring[0][0], place[1] - ring[0][1]];
    let cross = |pair: &[[f64; 2]]| {
        let (a, b) = (from_first(&pair[0]), from_first(&pair[1]));
        a[0] * b[1] - a[1] * b[0]
    };
    0.5 * ring.windows(2).map(cross).sum::<f64>()
}

/// By the number of sides to its right.
fn ring_contains(ring: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
    let crosses = |pair: &&[[f64; 2]]| {
        let [a, b] = [pair[0], pair[1]];
        (a[1] > y) != (b[1] > y) && x < a[0] + (y - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
    };
    ring.windows(2).filter(crosses).count() % 2 == 1
}

fn around(ring: &[[f64; 2]]) -> [f64; 4] {
    let start = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
    ring.iter().fold(start, |b, [x, y]| [b[0].min(*x), b[1].min(*y), b[2].max(*x), b[3].max(*y)])
}
