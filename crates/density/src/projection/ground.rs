//! Kernels of one width on the ground.

use hexad_core::{InputError, check_positive};

use super::{EARTH_RADIUS_M, HALF_WORLD_M};
use crate::{Adaptive, AdaptiveOptions, DensityError, GaussianOptions, Map, Points, View};

/// The map of points in metres of EPSG:3857 with a Gaussian of `ground_m` metres *on the ground* on each: wherever
/// a point stands, its kernel is `ground_m / cos(latitude)` wide on the map.
///
/// Against a Gaussian on the sphere the shape is right to about `(ground_m / R) tan(latitude)` of the peak, R the Earth's
/// radius: 0.8 % for 50 km at 45 degrees. Its mass is 1. The tolerance is from 1e-9 to 1e-3; threads do not change a
/// bit, the order of the points changes last ones.
///
/// # Errors
///
/// [`DensityError::Input`] for a width or tolerance out of range; [`DensityError::BandwidthTooSmall`] if kernels are
/// below about a third of a pixel at the lowest latitude of a point.
///
/// # Examples
///
/// ```
/// use hexad_density::{GaussianOptions, MercatorPoints, Points, ground_gaussian, mercator_view, per_km2};
/// // Kampala and Helsinki: the same peak per square kilometre, though one is twice as wide on the map.
/// let projected = MercatorPoints::project(&Points::new(&[32.6, 24.9], &[0.3, 60.2])?);
/// let view = mercator_view([10.0, -10.0, 50.0, 70.0], [400, 1000])?;
/// let map = ground_gaussian(&projected.points(), &view, 100_000.0, &GaussianOptions::default())?;
/// let per_km2 = per_km2(&map)?;
/// let [south, north] = [&per_km2[..400 * 400], &per_km2[400 * 400..]].map(|half| half.iter().copied().fold(0.0, f64::max));
/// assert!((south / north - 1.0).abs() < 0.01);
/// # Ok::<(), hexad_density::DensityError>(())
/// ```
pub fn ground_gaussian(
    points: &Points<'_>,
    view: &View,
    ground_m: f64,
    options: &GaussianOptions,
) -> Result<Map, DensityError> {
    check_positive("ground_m", ground_m)?;
    let tolerance = options.tolerance;
    if !(1e-9..=1e-3).contains(&tolerance) {
        let allowed = "from 1e-9 to 1e-3";
        return Err(InputError::OutOfRange { argument: "tolerance", value: tolerance, allowed }.into());
    }
    let present: Vec<[f64; 3]> = points.present().map(|(x, y, weight)| [x, y, weight]).collect();
    let stretches: Vec<f64> = present.iter().map(|[_, y, _]| stretch(*y)).collect();
    let options =
        AdaptiveOptions::default().with_tolerance(tolerance).with_normalization(options.normalization);
    Adaptive::of_factors(points, &present, &stretches, [ground_m; 2], &options).map(view)
}

/// How much longer lengths are on the map than on the ground: `1 / cos(latitude) = cosh(y / R)`. Beyond the edge of
/// the map, as at the edge.
pub(crate) fn stretch(y_m: f64) -> f64 {
    (y_m.abs().min(HALF_WORLD_M) / EARTH_RADIUS_M).cosh()
}
