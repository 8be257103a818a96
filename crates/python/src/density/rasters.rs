//! Rasters: maps of points that come in pieces.

use hexad_density::{
    DensityError, GaussianOptions, GaussianPlan, Normalization, Points, Raster, SmoothRaster, Tally, View,
};
use numpy::PyReadonlyArray1;
use pyo3::exceptions::PyTypeError;
use pyo3::types::{PyBytes, PyDict};
use pyo3::{Bound, PyRef, PyResult, Python, pyclass, pymethods};

use super::{Finished, normalization, points, view};
use crate::run::{detached, refused};

/// Counts, sums of weights, or a smooth map in the making.
#[pyclass(module = "hexad._hexad")]
pub(crate) struct DensityRaster {
    kind: Kind,
}

enum Kind {
    Counts(Raster),
    Smooth(Box<GaussianPlan>, Box<SmoothRaster>),
}

#[pymethods]
impl DensityRaster {
    #[new]
    fn new(
        bounds: [f64; 4],
        shape: [usize; 2],
        sigma: Option<[f64; 2]>,
        largest: Option<f64>,
        tolerance: f64,
    ) -> PyResult<Self> {
        let view = view(bounds, shape).map_err(refused)?;
        let kind = match (sigma, largest) {
            (Some(sigma), _) => Kind::smooth(view, sigma, tolerance),
            (None, Some(largest)) => Raster::weighted(view, largest).map(Kind::Counts),
            (None, None) => Ok(Kind::Counts(Raster::new(view))),
        };
        Ok(Self { kind: kind.map_err(refused)? })
    }

    #[staticmethod]
    fn from_bytes(bytes: &[u8]) -> PyResult<Self> {
        let smooth = || {
            let raster = SmoothRaster::from_bytes(bytes)?;
            Ok(Kind::Smooth(Box::new(raster.plan(Normalization::Count)?), Box::new(raster)))
        };
        let kind = if bytes.starts_with(b"HXSMOOT") {
            smooth()
        } else {
            Raster::from_bytes(bytes).map(Kind::Counts)
        };
        Ok(Self { kind: kind.map_err(refused)? })
    }

    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        let bytes = match &self.kind {
            Kind::Counts(raster) => raster.to_bytes(),
            Kind::Smooth(_, raster) => raster.to_bytes(),
        };
        PyBytes::new(py, &bytes)
    }

    #[pyo3(signature = (x, y, weights=None))]
    fn add(
        &mut self,
        py: Python<'_>,
        x: PyReadonlyArray1<'_, f64>,
        y: PyReadonlyArray1<'_, f64>,
        weights: Option<PyReadonlyArray1<'_, f64>>,
    ) -> PyResult<()> {
        let points = points(&x, &y, weights.as_ref())?;
        let kind = &mut self.kind;
        detached(py, points.len(), || kind.add(&points))
    }

    fn merge(&mut self, py: Python<'_>, other: PyRef<'_, Self>) -> PyResult<()> {
        let (kind, other) = (&mut self.kind, &other.kind);
        match (kind, other) {
            (Kind::Counts(raster), Kind::Counts(other)) => {
                detached(py, other.view().pixels(), || raster.merge(other))
            }
            (Kind::Smooth(_, raster), Kind::Smooth(_, other)) => {
                detached(py, other.view().pixels(), || raster.merge(other))
            }
            _ => {
                Err(PyTypeError::new_err("a raster with a bandwidth merges with one with the same bandwidth"))
            }
        }
    }

    fn map<'py>(&self, py: Python<'py>, normalize: &str, is_earth: bool) -> PyResult<Bound<'py, PyDict>> {
        let wanted = normalization(normalize)?;
        let finished = detached(py, self.kind.view().pixels(), || {
            let map = match &self.kind {
                Kind::Counts(raster) => raster.map(Normalization::Count),
                Kind::Smooth(plan, raster) => plan.finish(raster),
            };
            Finished::new(map, wanted, is_earth)
        })?;
        finished.found(py, self.sigma().as_ref().map_or(&[], <[f64; 2]>::as_slice), 0)
    }

    #[getter]
    fn bounds(&self) -> [f64; 4] {
        self.kind.view().bounds()
    }

    #[getter]
    fn shape(&self) -> (usize, usize) {
        (self.kind.view().height(), self.kind.view().width())
    }

    #[getter]
    fn sigma(&self) -> Option<[f64; 2]> {
        match &self.kind {
            Kind::Counts(_) => None,
            Kind::Smooth(_, raster) => Some(raster.sigma()),
        }
    }

    /// Points added, inside the view, and missing.
    #[getter]
    fn tally(&self) -> (u64, u64, u64) {
        let Tally { points, inside, missing } = match &self.kind {
            Kind::Counts(raster) => raster.tally(),
            Kind::Smooth(_, raster) => raster.tally(),
        };
        (points, inside, missing)
    }
}

impl Kind {
    fn smooth(view: View, sigma: [f64; 2], tolerance: f64) -> Result<Self, DensityError> {
        let options =
            GaussianOptions::default().with_tolerance(tolerance).with_normalization(Normalization::Count);
        let plan = GaussianPlan::new(view, sigma, &options)?;
        let raster = Box::new(plan.make_raster());
        Ok(Self::Smooth(Box::new(plan), raster))
    }

    fn add(&mut self, points: &Points<'_>) -> Result<(), DensityError> {
        match self {
            Self::Counts(raster) => raster.add(points),
            Self::Smooth(plan, raster) => {
                plan.add(raster, points);
                Ok(())
            }
        }
    }

    fn view(&self) -> &View {
        match self {
            Self::Counts(raster) => raster.view(),
            Self::Smooth(_, raster) => raster.view(),
        }
    }
}
