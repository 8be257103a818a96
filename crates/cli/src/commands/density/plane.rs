//! The plane that points are drawn on: their own, or Web Mercator.

use std::f64::consts::PI;

use hexad_density::{
    DensityError, EARTH_RADIUS_M, LonLat, Map, MercatorPoints, Normalization, Points, View, histogram,
    mercator_sigma_m, mercator_view,
};

use crate::args::density::points::Crs;
use crate::args::density::values::Size;

/// Where a world ends, in metres from its middle.
const HALF_WORLD_M: f64 = PI * EARTH_RADIUS_M;
/// Metres of the plane in a degree of longitude.
const DEGREE_M: f64 = HALF_WORLD_M / 180.0;

/// What coordinates mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plane(pub Crs);

/// Points on the plane.
pub enum Placed<'a> {
    /// As they came.
    Own(Points<'a>),
    /// From degrees.
    Projected(MercatorPoints<'a>),
}

impl Plane {
    /// Whether the plane is a map of the Earth.
    pub fn is_earth(self) -> bool {
        self.0 != Crs::Planar
    }

    /// Puts points on the plane.
    pub fn place<'a>(self, points: &Points<'a>) -> Placed<'a> {
        match self.0 {
            Crs::Lonlat => Placed::Projected(MercatorPoints::project(points)),
            Crs::Planar | Crs::Mercator => Placed::Own(*points),
        }
    }

    /// The view of `bbox`, in the coordinates of the points.
    pub fn view(self, bbox: [f64; 4], size: Size) -> Result<View, DensityError> {
        let view = |size: [usize; 2]| match self.0 {
            Crs::Lonlat => mercator_view(bbox, size),
            Crs::Planar | Crs::Mercator => View::new(bbox, size),
        };
        with_size(size, view)
    }

    /// The view of `bounds`, on the plane.
    pub fn view_of(bounds: [f64; 4], size: Size) -> Result<View, DensityError> {
        with_size(size, |size| View::new(bounds, size))
    }

    /// A place on the plane in the coordinates of the points.
    pub fn coordinates(self, place: [f64; 2]) -> [f64; 2] {
        match self.0 {
            Crs::Lonlat => degrees(place),
            Crs::Planar | Crs::Mercator => place,
        }
    }

    /// A place on the plane as GeoJSON wants it: in degrees, if it is on the Earth.
    pub fn wgs84(self, place: [f64; 2]) -> [f64; 2] {
        if self.is_earth() { degrees(place) } else { place }
    }

    /// Corners of a view in the coordinates of the points.
    pub fn bbox(self, view: &View) -> [f64; 4] {
        let [x0, y0, x1, y1] = view.bounds();
        let ([x0, y0], [x1, y1]) = (self.coordinates([x0, y0]), self.coordinates([x1, y1]));
        [x0, y0, x1, y1]
    }

    /// Length on the plane of a data unit: of a degree of longitude.
    pub fn unit(self) -> f64 {
        if self.0 == Crs::Lonlat { DEGREE_M } else { 1.0 }
    }

    /// Length on the plane of metres on the ground at the middle of a view.
    pub fn ground(self, view: &View, metres: f64) -> Result<f64, DensityError> {
        let [_, y0, _, y1] = view.bounds();
        let middle = LonLat::from_mercator_m([0.0, 0.5 * (y0 + y1)]);
        mercator_sigma_m(metres, middle.lat_deg)
    }

    /// Whether points beyond a date line count in a view.
    pub fn wraps(self, view: &View, reach: f64) -> bool {
        let [west, _, east, _] = view.bounds();
        self.0 == Crs::Lonlat && (west - reach < -HALF_WORLD_M || east + reach > HALF_WORLD_M)
    }
}

impl Placed<'_> {
    /// The points, in units of the plane.
    pub fn points(&self) -> Points<'_> {
        match self {
            Self::Own(points) => *points,
            Self::Projected(projected) => projected.points(),
        }
    }

    /// Points at latitudes that are not on the map.
    pub fn beyond(&self) -> u64 {
        match self {
            Self::Own(_) => 0,
            Self::Projected(projected) => projected.beyond(),
        }
    }

    /// What `draw` makes of the points, and of their copies beyond the date line where they reach into a view.
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

    /// Passes the same points to `take`. The map returned tells, for points with copies, how many there are
    /// without them.
    pub fn each(
        &self,
        view: &View,
        reach: f64,
        take: impl FnOnce(&Points<'_>) -> Result<(), DensityError>,
    ) -> Result<Map, DensityError> {
        self.map(view, reach, |points| {
            take(points)?;
            let one = View::new([0.0, 0.0, 1.0, 1.0], [1, 1])?;
            histogram(&Points::new(&[], &[])?, &one, Normalization::Count)
        })
    }
}

fn degrees(place: [f64; 2]) -> [f64; 2] {
    let LonLat { lon_deg, lat_deg } = LonLat::from_mercator_m(place);
    [lon_deg, lat_deg]
}

/// A view of `size`; square pixels where no height is given.
fn with_size(
    size: Size,
    view: impl Fn([usize; 2]) -> Result<View, DensityError>,
) -> Result<View, DensityError> {
    let height = match size.height {
        Some(height) => height,
        None => {
            let [x0, y0, x1, y1] = view([1, 1])?.bounds();
            let height = size.width as f64 * (y1 - y0) / (x1 - x0);
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "saturates where it must"
            )]
            let rounded = height.round().max(1.0) as usize;
            rounded
        }
    };
    view([size.width, height])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn square_pixels_follow_from_the_width() {
        let size = Size { width: 100, height: None };
        let view = Plane(Crs::Planar).view([0.0, 0.0, 4.0, 1.0], size).unwrap();
        assert_eq!((view.width(), view.height()), (100, 25));
        let world = Plane(Crs::Lonlat).view([-180.0, -85.051_128, 180.0, 85.051_128], size).unwrap();
        assert_eq!((world.width(), world.height()), (100, 100));
    }

    #[test]
    fn corners_come_back_as_they_were_given() {
        let size = Size { width: 64, height: Some(64) };
        for crs in [Crs::Planar, Crs::Lonlat, Crs::Mercator] {
            let plane = Plane(crs);
            let bbox = [-10.0, 35.0, 30.0, 60.0];
            let back = plane.bbox(&plane.view(bbox, size).unwrap());
            // Metres of the Earth are rounded to 1e-9 of a degree's millionth.
            assert!(bbox.iter().zip(back).all(|(a, b)| (a - b).abs() < 1e-12), "{crs:?} {back:?}");
        }
    }
}
