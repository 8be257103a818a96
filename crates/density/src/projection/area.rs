//! True areas.
//!
//! On the sphere `dA = R^2 cos(lat) dlon dlat`; on the plane of Mercator `dx = R dlon`, `dy = R dlat / cos(lat)`.
//! So `dA = cos^2(lat) dx dy`, and since `cos(lat) = sech(y / R)`, a pixel from y0 to y1 has the area
//! `dx R (tanh(y1 / R) - tanh(y0 / R)) = dx R (sin lat1 - sin lat0)`, exactly.

use super::EARTH_RADIUS_M;
use crate::{DensityError, Map, Normalization, View};

/// The true area of a pixel of each row of a view in metres of EPSG:3857, in square kilometres, from the bottom.
#[must_use]
pub fn row_areas_km2(view: &View) -> Vec<f64> {
    let [width, height] = view.pixel_size().map(|size| size / EARTH_RADIUS_M);
    let widest = 1e-6 * EARTH_RADIUS_M * EARTH_RADIUS_M * width * height.sinh();
    // tanh b - tanh a = sinh(b - a) / (cosh a cosh b): no digits are lost in narrow rows.
    let cosh: Vec<f64> = view.y_edges().iter().map(|y| (y / EARTH_RADIUS_M).cosh()).collect();
    cosh.windows(2).map(|edges| widest / (edges[0] * edges[1])).collect()
}

/// The values of a map in metres of EPSG:3857 per square kilometre of the ground, row by row from the bottom:
/// points (weight, probability) per pixel over the pixel's true area, [`row_areas_km2`].
///
/// The sum of value times true area is that of the map's counts, to rounding. Seen as a density at the pixel's
/// centre it is `value per projected m^2 x 1e6 / cos^2(lat)`; the two differ by less than `h^2 / 6` of the value, h the
/// pixel's height over the Earth's radius (1e-4 for the world on 256 pixels, and a quarter with each zoom).
///
/// # Errors
///
/// [`DensityError::NoUnit`] for a map normalized to its peak, and for scores.
///
/// # Examples
///
/// ```
/// use hexad_density::{MercatorPoints, Normalization, Points, histogram, mercator_view, per_km2};
/// let projected = MercatorPoints::project(&Points::new(&[0.5], &[60.0])?);
/// let view = mercator_view([0.0, 59.5, 1.0, 60.5], [1, 1])?;
/// let map = histogram(&projected.points(), &view, Normalization::Count)?;
/// // 111.3 km of a degree, times half of that at 60 degrees north.
/// assert!((1.0 / per_km2(&map)?[0] - 111.32 * 111.32 * 0.5).abs() < 1.0);
/// # Ok::<(), hexad_density::DensityError>(())
/// ```
pub fn per_km2(map: &Map) -> Result<Vec<f64>, DensityError> {
    let view = map.view();
    let per_pixel = match map.normalization() {
        Normalization::Count => 1.0,
        Normalization::Density | Normalization::Probability => view.pixel_area(),
        Normalization::Max | Normalization::Score => return Err(DensityError::NoUnit),
    };
    let rows = map.values().chunks(view.width()).zip(row_areas_km2(view));
    Ok(rows.flat_map(|(row, area)| row.iter().map(move |value| value * (per_pixel / area))).collect())
}
