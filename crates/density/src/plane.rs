//! The plane that points are drawn on: their own, or Web Mercator.

use crate::projection::HALF_WORLD_M;
use crate::{DensityError, LonLat, Map, MercatorPoints, Points, View, mercator_sigma_m, mercator_view};

/// What the coordinates of points mean.
///
/// # Examples
///
/// ```
/// use hexad_density::{GaussianOptions, Plane, Points, gaussian};
/// let (lon_deg, lat_deg) = ([2.35, 4.84], [48.86, 45.76]);
/// let placed = Plane::LonLat.place(&Points::new(&lon_deg, &lat_deg)?);
/// let view = Plane::LonLat.view([-5.0, 42.0, 8.0, 51.0], [64, 64])?;
/// let sigma_m = Plane::LonLat.ground(&view, 50e3)?;
/// let map = placed.map(&view, 4.0 * sigma_m, |points| {
///     gaussian(points, &view, [sigma_m; 2], &GaussianOptions::default())
/// })?;
/// assert_eq!(map.tally().inside, 2);
/// # Ok::<(), hexad_density::DensityError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Plane {
    /// Places on a plane, in any unit.
    #[default]
    Planar,
    /// Metres of Web Mercator (EPSG:3857).
    Mercator,
    /// Longitudes and latitudes in degrees, drawn in Web Mercator.
    LonLat,
}

/// Points on the plane they are drawn on.
#[derive(Debug)]
pub enum Placed<'a> {
    /// As they came.
    Own(Points<'a>),
    /// From degrees.
    Projected(MercatorPoints<'a>),
}

impl Plane {
    /// Whether the plane is a map of the Earth.
    #[must_use]
    pub fn is_earth(self) -> bool {
        self != Self::Planar
    }

    /// Puts points on the plane.
    #[must_use]
    pub fn place<'a>(self, points: &Points<'a>) -> Placed<'a> {
        match self {
            Self::LonLat => Placed::Projected(MercatorPoints::project(points)),
            Self::Planar | Self::Mercator => Placed::Own(*points),
        }
    }

    /// The view of `bounds` (`[x0, y0, x1, y1]` in the coordinates of the points) with `size` pixels, across and up.
    ///
    /// # Errors
    ///
    /// As [`View::new`] and [`mercator_view`].
    pub fn view(self, bounds: [f64; 4], size: [usize; 2]) -> Result<View, DensityError> {
        match self {
            Self::LonLat => mercator_view(bounds, size),
            Self::Planar | Self::Mercator => View::new(bounds, size),
        }
    }

    /// A place on the plane in the coordinates of the points.
    #[must_use]
    pub fn coordinates(self, place: [f64; 2]) -> [f64; 2] {
        match self {
            Self::LonLat => degrees(place),
            Self::Planar | Self::Mercator => place,
        }
    }

    /// A place on the plane as GeoJSON wants it: in degrees, if it is on the Earth.
    #[must_use]
    pub fn wgs84(self, place: [f64; 2]) -> [f64; 2] {
        if self.is_earth() { degrees(place) } else { place }
    }

    /// Corners `[x0, y0, x1, y1]` of a view, in the coordinates of the points.
    #[must_use]
    pub fn bounds(self, view: &View) -> [f64; 4] {
        let [x0, y0, x1, y1] = view.bounds();
        let ([x0, y0], [x1, y1]) = (self.coordinates([x0, y0]), self.coordinates([x1, y1]));
        [x0, y0, x1, y1]
    }

    /// Length on the plane of a unit of the coordinates: for degrees, metres of Web Mercator in one of longitude.
    #[must_use]
    pub fn unit(self) -> f64 {
        if self == Self::LonLat { HALF_WORLD_M / 180.0 } else { 1.0 }
    }

    /// Metres on the plane of `metres` on the ground at the middle of a view.
    ///
    /// # Errors
    ///
    /// As [`mercator_sigma_m`].
    pub fn ground(self, view: &View, metres: f64) -> Result<f64, DensityError> {
        let [_, y0, _, y1] = view.bounds();
        mercator_sigma_m(metres, LonLat::from_mercator_m([0.0, 0.5 * (y0 + y1)]).lat_deg)
    }

    /// Whether points beyond a date line count in a view of kernels that reach so far on the plane.
    #[must_use]
    pub fn wraps(self, view: &View, reach: f64) -> bool {
        let [west, _, east, _] = view.bounds();
        self == Self::LonLat && (west - reach < -HALF_WORLD_M || east + reach > HALF_WORLD_M)
    }
}

impl Placed<'_> {
    /// The points, in units of the plane.
    #[must_use]
    pub fn points(&self) -> Points<'_> {
        match self {
            Self::Own(points) => *points,
            Self::Projected(projected) => projected.points(),
        }
    }

    /// Points at latitudes that are not on the map.
    #[must_use]
    pub fn beyond(&self) -> u64 {
        match self {
            Self::Own(_) => 0,
            Self::Projected(projected) => projected.beyond(),
        }
    }

    /// What `draw` makes of the points, and of their copies beyond the date line where kernels that reach so far on
    /// the plane count in a view.
    ///
    /// # Errors
    ///
    /// Those of `draw`.
    pub fn map(
        &self,
        view: &View,
        reach: f64,
        draw: impl FnOnce(&Points<'_>) -> Result<Map, DensityError>,
    ) -> Result<Map, DensityError> {
        match self {
            Self::Own(points) => draw(points),
            Self::Projected(projected) => projected.map(view, reach, draw),
        }
    }
}

fn degrees(place: [f64; 2]) -> [f64; 2] {
    let LonLat { lon_deg, lat_deg } = LonLat::from_mercator_m(place);
    [lon_deg, lat_deg]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn corners_come_back_as_they_were_given() {
        for plane in [Plane::Planar, Plane::LonLat, Plane::Mercator] {
            let bounds = [-10.0, 35.0, 30.0, 60.0];
            let back = plane.bounds(&plane.view(bounds, [64, 64]).unwrap());
            // Metres of the Earth are rounded to 1e-9 of a degree's millionth.
            assert!(bounds.iter().zip(back).all(|(a, b)| (a - b).abs() < 1e-12), "{plane:?} {back:?}");
        }
    }
}
