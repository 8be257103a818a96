//! Where a map is high: areas with their peak, size and share of the points.

use hexad_density::{
    DensityError, EARTH_RADIUS_M, HotSpot, Level as Height, Map, Normalization, Points, Polygon, View,
    histogram, hot_spots, row_areas_km2,
};
use serde::Serialize;

use super::estimate::refused;
use super::plane;
use super::supply::Supply;
use crate::args::density::values::Level;
use crate::error::Outcome;
use hexad_density::Plane;

/// A map as it is shown.
pub struct Shown<'a> {
    /// The plane of the view.
    pub plane: Plane,
    /// The view.
    pub view: &'a View,
    /// Row by row from the bottom.
    pub values: &'a [f64],
    /// Whether a value times its pixel's true area is what the pixel holds; else the value is.
    pub per_area: bool,
}

/// One area.
#[derive(Debug, Clone, Serialize)]
pub struct Spot {
    /// The value on its edge.
    pub level: f64,
    /// The largest value in it.
    pub peak: f64,
    /// Where that stands, in the coordinates of the points.
    pub peak_at: [f64; 2],
    /// In data units squared, or km^2 of ground.
    pub area: f64,
    /// Points in it.
    pub points: u64,
    /// Share of the weight of all points.
    pub share: f64,
    /// Its outline, on the plane.
    #[serde(skip)]
    pub polygon: Polygon,
}

impl Shown<'_> {
    /// The areas of each level, the highest peak first, with the points of `supply` that are in them.
    pub fn spots(&self, levels: &[Level], supply: &mut Supply) -> Outcome<Vec<Vec<Spot>>> {
        let name = supply.name();
        let most = self.values.iter().copied().filter(|value| value.is_finite()).fold(0.0, f64::max);
        if most <= 0.0 {
            return Ok(vec![Vec::new(); levels.len()]);
        }
        let map = self.map(most).map_err(|error| refused(&name, error))?;
        let heights: Vec<f64> = levels.iter().map(|level| self.height(*level, most)).collect();
        let mut found: Vec<Vec<HotSpot>> = vec![Vec::new(); levels.len()];
        let mut weight = 0.0;
        supply.each(|points| {
            let placed = self.plane.place(points);
            let batch: f64 = placed.points().present().map(|(_, _, weight)| weight).sum();
            weight += batch;
            let counted = plane::each(&placed, self.view, 0.0, |points| {
                found.iter_mut().zip(&heights).try_for_each(|(all, height)| {
                    add(all, hot_spots(&map, Height::Height(height / most), points)?, points);
                    Ok(())
                })
            });
            counted.map(drop).map_err(|error| refused(&name, error))
        })?;
        let levels = found.into_iter().zip(heights);
        Ok(levels
            .map(|(spots, level)| spots.into_iter().map(|spot| self.spot(spot, level, weight)).collect())
            .collect())
    }

    /// The values over the largest, as a map that can be traced: a point for every pixel that weighs as much.
    fn map(&self, most: f64) -> Result<Map, DensityError> {
        let [mut x, mut y] = [Vec::with_capacity(self.values.len()), Vec::with_capacity(self.values.len())];
        for row in 0..self.view.height() {
            for column in 0..self.view.width() {
                let [px, py] = self.view.centre(column, row);
                x.push(px);
                y.push(py);
            }
        }
        let weights: Vec<f64> = self.values.iter().map(|value| (value / most).clamp(0.0, 1.0)).collect();
        histogram(&Points::new(&x, &y)?.with_weights(&weights)?, self.view, Normalization::Count)
    }

    fn height(&self, level: Level, most: f64) -> f64 {
        match level {
            Level::Height(height) => height,
            Level::Peak(share) => share * most,
            Level::Mass(share) => self.mass_height(share),
        }
    }

    /// A value between the largest pixels that together hold `share` of all, and the rest: a contour through a
    /// pixel's centre could touch itself there.
    fn mass_height(&self, share: f64) -> f64 {
        let areas =
            if self.per_area && self.plane.is_earth() { row_areas_km2(self.view) } else { Vec::new() };
        let row = |index: usize| areas.get(index / self.view.width()).copied().unwrap_or(1.0);
        let pixels = self.values.iter().enumerate().filter(|(_, value)| **value > 0.0 && value.is_finite());
        let mut held: Vec<(f64, f64)> = pixels.map(|(index, value)| (*value, value * row(index))).collect();
        held.sort_unstable_by(|a, b| b.0.total_cmp(&a.0));
        let wanted = share * held.iter().map(|(_, mass)| mass).sum::<f64>();
        let mut sum = 0.0;
        let is_enough = |(_, mass): &(f64, f64)| {
            sum += mass;
            sum >= wanted
        };
        let last = held.iter().position(is_enough).unwrap_or(held.len().saturating_sub(1));
        let value = held.get(last).map_or(0.0, |(value, _)| *value);
        let below = held[last..].iter().map(|(below, _)| *below).find(|below| *below < value).unwrap_or(0.0);
        below + 0.5 * (value - below)
    }

    fn spot(&self, spot: HotSpot, level: f64, weight: f64) -> Spot {
        let [x, y] = spot.peak_at;
        let pixel = self.view.pixel_of(x, y).map(|[column, row]| row * self.view.width() + column);
        Spot {
            level,
            peak: pixel.map_or(f64::NAN, |pixel| self.values[pixel]),
            peak_at: self.plane.coordinates(spot.peak_at),
            area: if self.plane.is_earth() { ground_area_km2(&spot.polygon) } else { spot.area },
            points: spot.points,
            share: if weight > 0.0 { spot.share / weight } else { 0.0 },
            polygon: spot.polygon,
        }
    }
}

/// Adds what a batch of points has in the areas; shares are weights until all have come.
fn add(all: &mut Vec<HotSpot>, mut more: Vec<HotSpot>, points: &Points<'_>) {
    let weight: f64 = points.present().map(|(_, _, weight)| weight).sum();
    more.iter_mut().for_each(|spot| spot.share *= weight);
    if all.is_empty() {
        *all = more;
        return;
    }
    // Areas come in the same order from the same map.
    for (spot, more) in all.iter_mut().zip(more) {
        spot.points += more.points;
        spot.share += more.share;
    }
}

/// The area on the sphere: that of its image under Lambert's projection, which keeps areas.
fn ground_area_km2(polygon: &Polygon) -> f64 {
    let radius_km = 1e-3 * EARTH_RADIUS_M;
    let place = |[x, y]: [f64; 2]| [x / EARTH_RADIUS_M * radius_km, (y / EARTH_RADIUS_M).tanh() * radius_km];
    let ring = |ring: &[[f64; 2]]| {
        let first = ring.first().copied().map_or([0.0; 2], place);
        let from_first = |at: [f64; 2]| {
            let [x, y] = place(at);
            [x - first[0], y - first[1]]
        };
        let cross = |pair: &[[f64; 2]]| {
            let (a, b) = (from_first(pair[0]), from_first(pair[1]));
            a[0] * b[1] - a[1] * b[0]
        };
        0.5 * ring.windows(2).map(cross).sum::<f64>()
    };
    ring(&polygon.outer) + polygon.holes.iter().map(|hole| ring(hole)).sum::<f64>()
}
