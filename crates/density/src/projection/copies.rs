//! Points seen again in the worlds to the east and west.

use super::WORLD_M;
use crate::{Points, View};

/// Points that can count in a view, wherever it lies.
pub(super) struct Copies {
    x: Vec<f64>,
    y: Vec<f64>,
    weights: Option<Vec<f64>>,
    /// Points of which at least one copy is inside the view.
    pub inside: u64,
}

impl Copies {
    pub fn points(&self) -> Points<'_> {
        Points { x: &self.x, y: &self.y, weights: self.weights.as_deref() }
    }
}

/// The copies of `points` that are within `reach_m` of the view along x.
pub(super) fn around(points: &Points<'_>, view: &View, reach_m: f64) -> Copies {
    let [west, _, east, _] = view.bounds();
    let mut copies =
        Copies { x: Vec::new(), y: Vec::new(), weights: points.weights.map(|_| Vec::new()), inside: 0 };
    for (x, y, weight) in points.present() {
        let mut turns = ((west - reach_m - x) / WORLD_M).ceil();
        let mut inside = false;
        while x + turns * WORLD_M <= east + reach_m {
            let mut copy = x + turns * WORLD_M;
            // The closed edge of a whole world is its first one again: the point is there already.
            if copy == east && east - WORLD_M >= west {
                copy = copy.next_up();
            }
            inside |= view.pixel_of(copy, y).is_some();
            copies.x.push(copy);
            copies.y.push(y);
            copies.weights.iter_mut().for_each(|all| all.push(weight));
            turns += 1.0;
        }
        copies.inside += u64::from(inside);
    }
    copies
}
