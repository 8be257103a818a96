//! Longitudes and latitudes on the plane of a map.

use std::convert::Infallible;

use hexad_density::{MercatorPoints, Plane};
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::{Bound, PyResult, Python, pyfunction};

use super::points;
use crate::named::Named;
use crate::run::detached;

/// What coordinates mean.
pub(super) const PLANES: Named<Plane> =
    &[("planar", Plane::Planar), ("mercator", Plane::Mercator), ("lonlat", Plane::LonLat)];

/// Longitudes and latitudes in degrees as metres of EPSG:3857; NaN beyond the map.
#[pyfunction]
pub(crate) fn mercator<'py>(
    py: Python<'py>,
    lon: PyReadonlyArray1<'py, f64>,
    lat: PyReadonlyArray1<'py, f64>,
) -> PyResult<[Bound<'py, PyArray1<f64>>; 2]> {
    let degrees = points(&lon, &lat, None)?;
    let projected = detached(py, degrees.len(), || {
        Ok::<_, Infallible>(MercatorPoints::project(&degrees).into_columns())
    })?;
    Ok(projected.map(|column| column.into_pyarray(py)))
}
