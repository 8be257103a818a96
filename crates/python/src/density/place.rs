//! The plane that points are drawn on: their own, or Web Mercator.

use std::convert::Infallible;

use hexad_density::{
    DensityError, EARTH_RADIUS_M, LonLat, Map, MercatorPoints, Points, View, mercator_sigma_m, mercator_view,
};
use numpy::{IntoPyArray, PyArray1, PyReadonlyArray1};
use pyo3::{Bound, PyResult, Python, pyfunction};

use super::points;
use crate::named::Named;
use crate::run::detached;

/// Metres of Web Mercator in a degree of longitude.
const DEGREE_M: f64 = std::f64::consts::PI * EARTH_RADIUS_M / 180.0;

/// What coordinates mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Plane {
    Planar,
    Mercator,
    LonLat,
}

pub(super) const PLANES: Named<Plane> =
    &[("planar", Plane::Planar), ("mercator", Plane::Mercator), ("lonlat", Plane::LonLat)];

/// Points on the plane.
pub(super) enum Placed<'a> {
    Own(Points<'a>),
    Projected(MercatorPoints<'a>),
}

impl Plane {
    pub fn is_earth(self) -> bool {
        self != Self::Planar
    }

    pub fn place<'a>(self, points: &Points<'a>) -> Placed<'a> {
        match self {
            Self::LonLat => Placed::Projected(MercatorPoints::project(points)),
            Self::Planar | Self::Mercator => Placed::Own(*points),
        }
    }

    /// The view of `bounds`, in the coordinates of the points.
    pub fn view(self, bounds: [f64; 4], [rows, columns]: [usize; 2]) -> Result<View, DensityError> {
        match self {
            Self::LonLat => mercator_view(bounds, [columns, rows]),
            Self::Planar | Self::Mercator => View::new(bounds, [columns, rows]),
        }
    }

    /// Length on the plane of a data unit: of a degree of longitude.
    pub fn unit(self) -> f64 {
        if self == Self::LonLat { DEGREE_M } else { 1.0 }
    }

    /// Length on the plane of metres on the ground at the middle of a view.
    pub fn ground(view: &View, metres: f64) -> Result<f64, DensityError> {
        let [_, y0, _, y1] = view.bounds();
        mercator_sigma_m(metres, LonLat::from_mercator_m([0.0, 0.5 * (y0 + y1)]).lat_deg)
    }
}

impl Placed<'_> {
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
}

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
