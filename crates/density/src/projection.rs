//! Web Mercator: longitude and latitude on a plane, and what its values are per square kilometre of the Earth.

mod area;
mod copies;
mod forward;
mod ground;

use hexad_core::{InputError, check_finite, check_positive};
use rayon::prelude::*;

use crate::{DensityError, Map, Normalization, Points, Tally, View};
pub use area::{per_km2, row_areas_km2};
pub use ground::ground_gaussian;
pub(crate) use ground::stretch;

/// Radius of the sphere of EPSG:3857.
pub const EARTH_RADIUS_M: f64 = 6_378_137.0;
/// The latitude where the world is a square. Points beyond it are not on the map.
pub const MERCATOR_LIMIT_DEG: f64 = 85.051_128_78;
/// From the middle of the world to its edges.
pub(crate) const HALF_WORLD_M: f64 = std::f64::consts::PI * EARTH_RADIUS_M;
pub(crate) const WORLD_M: f64 = 2.0 * HALF_WORLD_M;
/// Turns around the Earth beyond which there are no copies of points: their number must not grow without end.
const MOST_TURNS: f64 = 100.0;
/// Points projected at a time.
const BLOCK: usize = 1 << 14;

/// A place on the sphere.
///
/// # Examples
///
/// ```
/// use hexad_density::LonLat;
/// let place = LonLat { lon_deg: -100.333_333_333, lat_deg: 24.381_786_944 };
/// let [x_m, y_m] = place.to_mercator_m().unwrap();
/// assert!((x_m + 11_169_055.58).abs() < 0.01 && (y_m - 2_800_000.0).abs() < 0.01);
/// assert!(LonLat { lon_deg: 0.0, lat_deg: 86.0 }.to_mercator_m().is_none());
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LonLat {
    /// Longitude in degrees, east positive.
    pub lon_deg: f64,
    /// Latitude in degrees, north positive.
    pub lat_deg: f64,
}

impl LonLat {
    /// `[x, y]` in metres of EPSG:3857, longitudes wrapped to `[-180, 180)`; none beyond
    /// [`MERCATOR_LIMIT_DEG`] or for coordinates that are not finite.
    #[must_use]
    pub fn to_mercator_m(self) -> Option<[f64; 2]> {
        let (mut x, mut y) = ([0.0], [0.0]);
        forward::project(&[self.lon_deg], &[self.lat_deg], &mut x, &mut y);
        (x[0].is_finite() && y[0].is_finite()).then_some([x[0], y[0]])
    }

    /// The place of `[x, y]` in metres of EPSG:3857. Longitudes are not wrapped: where a view goes on
    /// beyond 180, so do they.
    #[must_use]
    pub fn from_mercator_m([x_m, y_m]: [f64; 2]) -> Self {
        let lat_deg = (y_m / EARTH_RADIUS_M).sinh().atan().to_degrees();
        Self { lon_deg: x_m / HALF_WORLD_M * 180.0, lat_deg }
    }
}

/// The standard deviation in metres of EPSG:3857 that is `ground_m` metres on the ground at a latitude:
/// `ground_m / cos(latitude)`, since the map is stretched by that, the same in all directions.
///
/// Elsewhere it is another length on the ground: the map's scale changes by `tan(latitude)` percent per percent of
/// the Earth's radius (64 km) that one goes north.
///
/// # Errors
///
/// [`DensityError::Input`] unless `ground_m` is finite and positive and the latitude on the map.
pub fn mercator_sigma_m(ground_m: f64, lat_deg: f64) -> Result<f64, DensityError> {
    check_positive("ground_m", ground_m)?;
    Ok(ground_m / checked_latitude("lat_deg", lat_deg)?.to_radians().cos())
}

/// The view of `bounds_deg = [west, south, east, north]` with `size = [width, height]` pixels, in metres of
/// EPSG:3857. An east that is west of `west` is meant to lie beyond 180: `[170, -60, -170, 70]` is 20 degrees wide.
///
/// # Errors
///
/// [`DensityError::Input`] for bounds that are not finite, or a latitude beyond the map; else as [`View::new`].
///
/// # Examples
///
/// ```
/// use hexad_density::mercator_view;
/// let view = mercator_view([170.0, -60.0, -170.0, 70.0], [256, 512])?;
/// let [west, _, east, _] = view.bounds();
/// assert!(((east - west) / 40_075_016.685_578_49 * 360.0 - 20.0).abs() < 1e-12);
/// # Ok::<(), hexad_density::DensityError>(())
/// ```
pub fn mercator_view(bounds_deg: [f64; 4], size: [usize; 2]) -> Result<View, DensityError> {
    check_finite("bounds_deg", &bounds_deg)?;
    let [west, south, mut east, north] = bounds_deg;
    if east < west {
        east += 360.0;
    }
    let height = |lat_deg: f64| {
        let lat_deg = checked_latitude("the latitude of a view", lat_deg)?;
        let mut y = [0.0];
        forward::project(&[0.0], &[lat_deg], &mut [0.0], &mut y);
        Ok::<_, DensityError>(y[0])
    };
    let x = |lon_deg: f64| lon_deg / 180.0 * HALF_WORLD_M;
    View::new([x(west), height(south)?, x(east), height(north)?], size)
}

fn checked_latitude(argument: &'static str, lat_deg: f64) -> Result<f64, DensityError> {
    if lat_deg.abs() <= MERCATOR_LIMIT_DEG {
        return Ok(lat_deg);
    }
    let allowed = "from -85.05112878 to 85.05112878 degrees";
    Err(InputError::OutOfRange { argument, value: lat_deg, allowed }.into())
}

/// Refuses a place, or a way, that is farther away than points have copies.
pub(crate) fn check_turns(argument: &'static str, value: f64) -> Result<(), DensityError> {
    if value.abs() <= MOST_TURNS * WORLD_M {
        return Ok(());
    }
    let allowed = "up to 100 turns around the Earth, 4.0075e9 m";
    Err(InputError::OutOfRange { argument, value, allowed }.into())
}

/// Points on the plane of EPSG:3857.
///
/// # Examples
///
/// ```
/// use hexad_density::{MercatorPoints, Normalization, Points, histogram, mercator_view};
/// // Fiji, on either side of 180; and the pole, which is not on the map.
/// let places = Points::new(&[178.44, -179.9, 0.0], &[-18.14, -17.0, 90.0])?;
/// let projected = MercatorPoints::project(&places);
/// assert_eq!(projected.beyond(), 1);
/// let view = mercator_view([177.0, -20.0, -178.0, -16.0], [2, 2])?;
/// let map = projected.map(&view, 0.0, |points| histogram(points, &view, Normalization::Count))?;
/// assert_eq!((map.sum(), map.tally().inside), (2.0, 2));
/// # Ok::<(), hexad_density::DensityError>(())
/// ```
#[derive(Debug, Clone)]
pub struct MercatorPoints<'a> {
    x_m: Vec<f64>,
    y_m: Vec<f64>,
    weights: Option<&'a [f64]>,
    beyond: u64,
}

impl<'a> MercatorPoints<'a> {
    /// Projects points whose x is the longitude and y the latitude, in degrees. Longitudes wrap to
    /// `[-180, 180)`. Points beyond [`MERCATOR_LIMIT_DEG`] become missing ones and are counted by
    /// [`MercatorPoints::beyond`]; none is moved. Runs on the current rayon pool.
    #[must_use]
    pub fn project(degrees: &Points<'a>) -> Self {
        let (mut x_m, mut y_m) = (vec![0.0; degrees.len()], vec![0.0; degrees.len()]);
        let [lon, lat] = degrees.columns();
        let blocks = lon.par_chunks(BLOCK).zip(lat.par_chunks(BLOCK));
        let blocks = blocks.zip(x_m.par_chunks_mut(BLOCK).zip(y_m.par_chunks_mut(BLOCK)));
        let beyond = blocks.map(|((lon, lat), (x, y))| forward::project(lon, lat, x, y)).sum();
        Self { x_m, y_m, weights: degrees.weights, beyond }
    }

    /// The points, in metres of EPSG:3857, in the order given.
    #[must_use]
    pub fn points(&self) -> Points<'_> {
        Points { x: &self.x_m, y: &self.y_m, weights: self.weights }
    }

    /// The columns x and y of [`MercatorPoints::points`].
    #[must_use]
    pub fn into_columns(self) -> [Vec<f64>; 2] {
        [self.x_m, self.y_m]
    }

    /// Points with a finite latitude beyond [`MERCATOR_LIMIT_DEG`], impossible ones beyond 90 degrees among
    /// them: so many of those that a map calls missing.
    #[must_use]
    pub fn beyond(&self) -> u64 {
        self.beyond
    }

    /// What `draw` makes of the points and of their copies in the worlds to the east and west, as far as they
    /// are in the view or within `reach_m` of it. Tally and weight of the map count each point once.
    ///
    /// # Errors
    ///
    /// Those of `draw`, and [`DensityError::Input`] for a reach that is negative or not finite, or a view that goes on,
    /// with the reach, for more than 100 turns around the Earth.
    pub fn map(
        &self,
        view: &View,
        reach_m: f64,
        draw: impl FnOnce(&Points<'_>) -> Result<Map, DensityError>,
    ) -> Result<Map, DensityError> {
        if !(reach_m.is_finite() && reach_m >= 0.0) {
            let allowed = "finite and >= 0";
            return Err(InputError::OutOfRange { argument: "reach_m", value: reach_m, allowed }.into());
        }
        let [west, _, east, _] = view.bounds();
        if west - reach_m >= -HALF_WORLD_M && east + reach_m <= HALF_WORLD_M {
            return draw(&self.points());
        }
        check_turns("the west of the view and the reach of the kernel", west - reach_m)?;
        check_turns("the east of the view and the reach of the kernel", east + reach_m)?;
        let copies = copies::around(&self.points(), view, reach_m);
        let map = draw(&copies.points())?;
        Ok(self.counted_once(map, copies.inside))
    }

    /// The map with the tally and the weight of these points, not of their copies.
    fn counted_once(&self, mut map: Map, inside: u64) -> Map {
        let points = self.points();
        let (mut present, mut weight) = (0, 0.0);
        points.present().for_each(|point| {
            present += 1;
            weight += point.2;
        });
        if map.normalization == Normalization::Probability && weight != 0.0 {
            let factor = map.weight / weight;
            map.values.iter_mut().for_each(|value| *value *= factor);
        }
        let count = points.len() as u64;
        map.tally = Tally { points: count, inside, missing: count - present };
        map.weight = weight;
        map
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_longitude_is_wrapped() {
        for size in [180.0, 540.0, 1e9, 1e15, 1e17, 3e200, 1e300, f64::MAX] {
            for lon_deg in [size, -size] {
                let [x, _] = LonLat { lon_deg, lat_deg: 10.0 }.to_mercator_m().unwrap();
                assert!((-HALF_WORLD_M..HALF_WORLD_M).contains(&x), "{lon_deg}: {x}");
            }
        }
        for lon_deg in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(LonLat { lon_deg, lat_deg: 10.0 }.to_mercator_m().is_none());
        }
    }

    #[test]
    fn the_limit_is_where_the_world_is_square() {
        let edge = LonLat { lon_deg: -180.0, lat_deg: MERCATOR_LIMIT_DEG }.to_mercator_m().unwrap();
        assert_eq!(edge, [-HALF_WORLD_M, HALF_WORLD_M]);
        let back = LonLat::from_mercator_m([HALF_WORLD_M, HALF_WORLD_M]);
        assert!((back.lat_deg - MERCATOR_LIMIT_DEG).abs() < 2e-9, "{back:?}");
        assert!(LonLat { lon_deg: 0.0, lat_deg: MERCATOR_LIMIT_DEG.next_up() }.to_mercator_m().is_none());
    }
}
