//! hexad-density.

mod bandwidth;
mod estimate;
mod place;
mod polygons;
mod rasters;

use hexad_density::{DensityError, Map, Normalization, Points, Tally, View, per_km2};
use numpy::PyReadonlyArray1;
use pyo3::types::{PyDict, PyTuple};
use pyo3::{Bound, PyResult, Python};

use crate::arrays::{column, optional, table};
use crate::found::found;
use crate::named::{Named, named};
use crate::run::refused;

pub(crate) use estimate::{DensitySettings, density_map};
pub(crate) use place::mercator;
pub(crate) use polygons::{density_contours, density_hot_spots};
pub(crate) use rasters::DensityRaster;

const NORMALIZATIONS: Named<Normalization> = &[
    ("count", Normalization::Count),
    ("density", Normalization::Density),
    ("probability", Normalization::Probability),
    ("max", Normalization::Max),
    ("score", Normalization::Score),
];

fn normalization(name: &str) -> PyResult<Normalization> {
    named("normalize", NORMALIZATIONS, name)
}

/// The columns as points.
fn points<'a>(
    x: &'a PyReadonlyArray1<'_, f64>,
    y: &'a PyReadonlyArray1<'_, f64>,
    weights: Option<&'a PyReadonlyArray1<'_, f64>>,
) -> PyResult<Points<'a>> {
    let points = Points::new(column(x)?, column(y)?).map_err(refused)?;
    match optional(weights)? {
        Some(weights) => points.with_weights(weights).map_err(refused),
        None => Ok(points),
    }
}

/// A map whose values are what was asked for.
struct Finished {
    view: View,
    tally: Tally,
    error_bound: f64,
    weight: f64,
    values: Vec<f64>,
}

impl Finished {
    /// Of a map in counts, or of a score; on the Earth per square kilometre of the ground.
    fn new(map: Map, wanted: Normalization, is_earth: bool) -> Result<Self, DensityError> {
        let (view, tally) = (*map.view(), map.tally());
        let (error_bound, weight) = (map.error_bound(), map.weight());
        let is_per_pixel = matches!(wanted, Normalization::Count | Normalization::Score);
        let values = if is_earth && !is_per_pixel {
            per_ground(map, wanted)?
        } else {
            map.normalized(wanted).into_values()
        };
        Ok(Self { view, tally, error_bound, weight, values })
    }
}

impl Finished {
    /// See `hexad.density.DensityMap`. `widths` are the kernel's two standard deviations or three entries of its
    /// covariance on the plane, if it has them; `beyond` counts points at latitudes that are not on the map.
    fn found<'py>(self, py: Python<'py>, widths: &[f64], beyond: u64) -> PyResult<Bound<'py, PyDict>> {
        let Self { view, tally: Tally { points, inside, missing }, error_bound, weight, values } = self;
        let bandwidth = (!widths.is_empty()).then(|| PyTuple::new(py, widths)).transpose()?;
        Ok(found!(py, {
            values: table(py, (view.height(), view.width()), values)?,
            bounds: PyTuple::new(py, view.bounds())?,
            bandwidth: bandwidth,
            error_bound: error_bound,
            points: points,
            inside: inside,
            missing: missing,
            weight: weight,
            beyond: beyond,
        }))
    }
}

fn per_ground(map: Map, wanted: Normalization) -> Result<Vec<f64>, DensityError> {
    let per_pixel = if wanted == Normalization::Max { Normalization::Density } else { wanted };
    let mut values = per_km2(&map.normalized(per_pixel))?;
    let most = values.iter().copied().fold(0.0, f64::max);
    if wanted == Normalization::Max && most > 0.0 {
        values.iter_mut().for_each(|value| *value /= most);
    }
    Ok(values)
}

fn view(bounds: [f64; 4], shape: [usize; 2]) -> Result<View, DensityError> {
    View::new(bounds, [shape[1], shape[0]])
}
