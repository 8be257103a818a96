//! How wide kernels are.

use hexad_density::{Bandwidth, Covariance, DensityError, Plane, Points, View, box_radius, box_sigma};
use pyo3::exceptions::PyValueError;
use pyo3::{FromPyObject, PyResult};

/// A rule and its numbers, under Python's names.
#[derive(FromPyObject)]
pub(crate) struct Rule(String, Vec<f64>);

/// What a rule asks for.
#[derive(Debug, Clone, Copy)]
pub(super) enum Width {
    Of(Bandwidth),
    /// On the ground.
    Metres(f64),
    Covariance([f64; 3]),
}

impl Rule {
    pub fn width(&self, plane: Plane) -> PyResult<Width> {
        let unit = plane.unit();
        Ok(match (self.0.as_str(), self.1.as_slice()) {
            ("data", &[sigma]) => Width::Of(Bandwidth::Data(sigma * unit)),
            ("axes", &[x, y]) => Width::Of(Bandwidth::Axes([x * unit, y * unit])),
            ("pixels", &[sigma]) => Width::Of(Bandwidth::Pixels(sigma)),
            ("metres", &[sigma]) if plane.is_earth() => Width::Metres(sigma),
            ("metres", _) => {
                return Err(PyValueError::new_err(
                    "a bandwidth in metres needs crs=\"lonlat\" or \"mercator\"; give it in data units or pixels",
                ));
            }
            ("covariance", entries) if entries.len() == 3 => {
                Width::Covariance([0, 1, 2].map(|at| entries[at] * unit * unit))
            }
            ("scott", _) => Width::Of(Bandwidth::Scott),
            ("scott-tilted", _) => Width::Of(Bandwidth::ScottTilted),
            ("silverman", _) => Width::Of(Bandwidth::Silverman),
            ("isj", _) => Width::Of(Bandwidth::Isj),
            (other, _) => {
                return Err(PyValueError::new_err(format!("no rule for a bandwidth is called {other:?}")));
            }
        })
    }
}

impl Width {
    /// Whether it is known without the points.
    pub fn is_given(self) -> bool {
        matches!(self, Self::Of(Bandwidth::Data(_) | Bandwidth::Axes(_) | Bandwidth::Pixels(_)))
    }

    /// Standard deviations on the plane.
    pub fn sigma(self, points: &Points<'_>, view: &View) -> Result<[f64; 2], DensityError> {
        match self {
            Self::Of(bandwidth) => bandwidth.resolve(points, view),
            Self::Metres(metres) => Ok([Plane::Mercator.ground(view, metres)?; 2]),
            Self::Covariance(_) => Err(DensityError::TiltedBandwidth),
        }
    }

    /// Of a kernel tilted against the axes.
    pub fn tilted(self, points: &Points<'_>, view: &View) -> Result<Option<Covariance>, DensityError> {
        match self {
            Self::Covariance([xx, xy, yy]) => Covariance::new(xx, xy, yy).map(Some),
            Self::Of(Bandwidth::ScottTilted) => Bandwidth::ScottTilted.covariance(points, view).map(Some),
            _ => Ok(None),
        }
    }
}

/// The half-widths of the boxes that come nearest to a standard deviation, and theirs.
pub(super) fn boxes(sigma: [f64; 2], view: &View, passes: usize) -> ([usize; 2], [f64; 2]) {
    let [dx, dy] = view.pixel_size();
    let radius = [box_radius(sigma[0] / dx, passes), box_radius(sigma[1] / dy, passes)];
    (radius, [box_sigma(radius[0], passes) * dx, box_sigma(radius[1], passes) * dy])
}
