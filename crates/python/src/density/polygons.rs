//! Contours and hot spots of maps.

use hexad_density::{
    DensityError, HotSpot, Level, Map, Normalization, Plane, Points, Polygon, Tally, contours, hot_spots,
};
use numpy::{IntoPyArray, PyArray2, PyReadonlyArray1, PyReadonlyArray2};
use pyo3::exceptions::PyValueError;
use pyo3::{Bound, PyResult, Python, pyfunction};

use super::place::PLANES;
use super::{points, view};
use crate::arrays::rows;
use crate::named::named;
use crate::run::{detached, refused};

/// Rings as columns of x and y, the outer one first, on the plane.
type Rings<'py> = Vec<Bound<'py, PyArray2<f64>>>;

/// A level's height, the share of the map's sum in it, and its polygons.
type Found<'py> = (f64, f64, Vec<Rings<'py>>);

/// Values, and the plane's x0, y0, x1, y1 that they lie on.
type Shown<'py> = (PyReadonlyArray2<'py, f64>, [f64; 4]);

fn map_of((values, bounds): &Shown<'_>) -> PyResult<Map> {
    let values = rows(values)?;
    let view = view(*bounds, [values.count, values.len]).map_err(refused)?;
    let known = (Tally::default(), 0.0);
    Map::from_values(view, values.all().to_vec(), Normalization::Count, known.0, known.1).map_err(refused)
}

fn level((kind, value): (String, f64)) -> PyResult<Level> {
    match kind.as_str() {
        "height" => Ok(Level::Height(value)),
        "peak" => Ok(Level::Peak(value)),
        "mass" => Ok(Level::Mass(value)),
        _ => Err(PyValueError::new_err(format!("of must be one of height, peak, mass, got {kind:?}"))),
    }
}

fn rings<'py>(py: Python<'py>, polygon: Polygon) -> Rings<'py> {
    let ring = |ring: Vec<[f64; 2]>| hexad_core::ndarray::Array2::from(ring).into_pyarray(py);
    std::iter::once(polygon.outer).chain(polygon.holes).map(ring).collect()
}

/// The contours of values at some levels.
#[pyfunction]
pub(crate) fn density_contours<'py>(
    py: Python<'py>,
    shown: Shown<'py>,
    levels: Vec<(String, f64)>,
) -> PyResult<Vec<Found<'py>>> {
    let map = map_of(&shown)?;
    let levels = levels.into_iter().map(level).collect::<PyResult<Vec<_>>>()?;
    let found = detached(py, map.values().len(), || contours(&map, &levels))?;
    let contour = |contour: hexad_density::Contour| {
        let polygons = contour.polygons.into_iter().map(|polygon| rings(py, polygon)).collect();
        (contour.height, contour.mass, polygons)
    };
    Ok(found.into_iter().map(contour).collect())
}

/// A hot spot: its peak and where that stands, its points, their share of the weight, and its rings.
type Spot<'py> = (f64, [f64; 2], u64, f64, Rings<'py>);

/// The hot spots of values at a level, with the points in them.
#[pyfunction]
pub(crate) fn density_hot_spots<'py>(
    py: Python<'py>,
    shown: Shown<'py>,
    at: (String, f64),
    x: PyReadonlyArray1<'py, f64>,
    y: PyReadonlyArray1<'py, f64>,
    weights: Option<PyReadonlyArray1<'py, f64>>,
    crs: &str,
) -> PyResult<Vec<Spot<'py>>> {
    let (map, level, plane) = (map_of(&shown)?, level(at)?, named("crs", PLANES, crs)?);
    let given = points(&x, &y, weights.as_ref())?;
    let found = detached(py, given.len().max(map.values().len()), || spots(&map, level, plane, &given))?;
    let spot = |spot: HotSpot| (spot.peak, spot.peak_at, spot.points, spot.share, rings(py, spot.polygon));
    Ok(found.into_iter().map(spot).collect())
}

fn spots(map: &Map, level: Level, plane: Plane, given: &Points<'_>) -> Result<Vec<HotSpot>, DensityError> {
    let placed = plane.place(given);
    let mut found = Vec::new();
    // Copies of points beyond the date line count where the view shows them.
    placed.map(map.view(), 0.0, |points| {
        found = hot_spots(map, level, points)?;
        Ok(map.clone())
    })?;
    Ok(found)
}
