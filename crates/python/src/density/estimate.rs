//! From points to the map that was asked for.

use std::sync::Arc;

use hexad_density::{
    AdaptiveOptions, DensityError, EdgeCorrection, GaussianOptions, GaussianPlan, Kernel, Map, Neighbours,
    Normalization, Placed, Plane, Points, Raster, Tally, View, adaptive, box_map, exact, gaussian,
    gaussian_tilted, ground_gaussian,
};
use numpy::PyReadonlyArray1;
use pyo3::types::PyDict;
use pyo3::{Bound, PyResult, Python, pyclass, pyfunction, pymethods};

use super::bandwidth::{Rule, Width, boxes};
use super::place::PLANES;
use super::{Finished, normalization, points};
use crate::named::{Named, named};
use crate::plans::Kept;
use crate::run::{detached, pool, refused, released};

/// Beyond so many standard deviations a Gaussian is below 1e-14 of its peak.
const REACH: f64 = 8.0;
/// A metre on the ground is no longer on the map: 1 / cos of its last latitude.
const MOST_STRETCHED: f64 = 11.6;
/// Points and values of kernels worked on between looks at whether Ctrl-C was pressed.
const STEP: usize = 1 << 24;
const EXACT_STEP: usize = 1 << 30;

/// What to draw and how.
#[pyclass(module = "hexad._hexad", frozen)]
pub(crate) struct DensitySettings {
    bounds: Option<[f64; 4]>,
    shape: [usize; 2],
    plane: Plane,
    method: Method,
    width: Width,
    tolerance: f64,
    normalization: Normalization,
    kernel: Kernel,
    passes: usize,
    neighbours: usize,
    decay: f64,
    edge: Option<EdgeCorrection>,
    sensitivity: f64,
    limits: [f64; 2],
    /// Of the view and the bandwidth, if both are known without the points.
    plan: Kept<GaussianPlan>,
}

#[pymethods]
impl DensitySettings {
    #[new]
    #[expect(clippy::too_many_arguments, reason = "as many as there are")]
    fn new(
        bounds: Option<[f64; 4]>,
        shape: [usize; 2],
        crs: &str,
        method: &str,
        bandwidth: Rule,
        tolerance: f64,
        normalize: &str,
        kernel: &str,
        passes: usize,
        neighbours: usize,
        decay: f64,
        edge: Option<&str>,
        sensitivity: f64,
        limits: [f64; 2],
    ) -> PyResult<Self> {
        let plane = named("crs", PLANES, crs)?;
        Ok(Self {
            bounds,
            shape,
            plane,
            method: named("method", METHODS, method)?,
            width: bandwidth.width(plane)?,
            tolerance,
            normalization: normalization(normalize)?,
            kernel: named("kernel", KERNELS, kernel)?,
            passes,
            neighbours,
            decay,
            edge: edge.map(|edge| named("edge", EDGES, edge)).transpose()?,
            sensitivity,
            limits,
            plan: Kept::default(),
        })
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Method {
    Gaussian,
    Histogram,
    Box,
    Exact,
    Neighbours,
    Adaptive,
}

const METHODS: Named<Method> = &[
    ("gaussian", Method::Gaussian),
    ("histogram", Method::Histogram),
    ("box", Method::Box),
    ("exact", Method::Exact),
    ("knn", Method::Neighbours),
    ("adaptive", Method::Adaptive),
];
const KERNELS: Named<Kernel> = &[
    ("gaussian", Kernel::Gaussian),
    ("epanechnikov", Kernel::Epanechnikov),
    ("quartic", Kernel::Quartic),
    ("disc", Kernel::Disc),
];
const EDGES: Named<EdgeCorrection> =
    &[("uniform", EdgeCorrection::Uniform), ("diggle", EdgeCorrection::Diggle)];

/// The map of points.
#[pyfunction]
pub(crate) fn density_map<'py>(
    py: Python<'py>,
    x: PyReadonlyArray1<'py, f64>,
    y: PyReadonlyArray1<'py, f64>,
    weights: Option<PyReadonlyArray1<'py, f64>>,
    asked: &Bound<'py, DensitySettings>,
) -> PyResult<Bound<'py, PyDict>> {
    let given = points(&x, &y, weights.as_ref())?;
    let asked = asked.get();
    let (placed, view, widths) = detached(py, asked.elements_read(given.len()), || {
        let placed = asked.plane.place(&given);
        let [rows, columns] = asked.shape;
        let view = match asked.bounds {
            Some(bounds) => asked.plane.view(bounds, [columns, rows])?,
            None => View::around(&placed.points(), [columns, rows])?,
        };
        let widths = asked.widths(&placed.points(), &view)?;
        Ok::<_, DensityError>((placed, view, widths))
    })?;
    let map = asked.map(py, &placed, &view, &widths)?;
    let (wanted, is_earth) = (asked.normalization, asked.plane.is_earth());
    let finished = released(py, view.pixels(), || Finished::new(map, wanted, is_earth))?;
    finished.found(py, &widths, placed.beyond())
}

impl DensitySettings {
    /// Of so many points those that are looked at before there is a map.
    fn elements_read(&self, points: usize) -> usize {
        if self.is_fixed() && self.plane != Plane::LonLat { 0 } else { points }
    }

    /// Whether view and widths are the same for any points.
    fn is_fixed(&self) -> bool {
        self.width.is_given() && self.bounds.is_some()
    }

    /// Two standard deviations, or three entries of a covariance; nothing where the method has no width.
    fn widths(&self, points: &Points<'_>, view: &View) -> Result<Vec<f64>, DensityError> {
        match self.method {
            Method::Histogram | Method::Neighbours => return Ok(Vec::new()),
            Method::Gaussian => {
                if let Some(covariance) = self.width.tilted(points, view)? {
                    return Ok(covariance.entries().to_vec());
                }
            }
            _ => {}
        }
        let sigma = self.width.sigma(points, view)?;
        let sigma = if self.method == Method::Box { boxes(sigma, view, self.passes).1 } else { sigma };
        Ok(sigma.to_vec())
    }

    /// The map in counts, or the score.
    fn map(&self, py: Python<'_>, placed: &Placed<'_>, view: &View, widths: &[f64]) -> PyResult<Map> {
        let points = placed.points();
        let is_plain = matches!(self.width, Width::Of(_)) && self.edge.is_none() && widths.len() < 3;
        match (placed, self.method) {
            (Placed::Own(_), Method::Histogram) => self.histogram(py, &points, view),
            (Placed::Own(_), Method::Gaussian) if is_plain => self.gaussian(py, &points, view, widths),
            (Placed::Own(_), Method::Exact) => self.exact(py, &points, view, widths),
            _ => detached(py, points.len().max(view.pixels()), || {
                placed.map(view, self.reach(widths), |points| self.draw(points, view, widths))
            }),
        }
    }

    /// How far along x points beyond the view count.
    fn reach(&self, widths: &[f64]) -> f64 {
        let sigma = match (self.width, widths) {
            (Width::Metres(metres), _) if self.method == Method::Gaussian => MOST_STRETCHED * metres,
            (_, [xx, _, _]) => xx.sqrt(),
            (_, [sigma, ..]) => *sigma,
            _ => 0.0,
        };
        match self.method {
            Method::Histogram => 0.0,
            // A rectangle that points cannot leave has no copies of them beside it.
            Method::Gaussian if self.edge.is_some() => 0.0,
            Method::Gaussian => REACH * sigma,
            Method::Adaptive => self.limits[1] * REACH * sigma,
            Method::Box => 2.0 * sigma * (3.0 * self.passes as f64).sqrt(),
            Method::Exact => self.kernel.reach() * sigma,
            // The nearest point may be anywhere on the Earth.
            Method::Neighbours => 180.0 * self.plane.unit(),
        }
    }

    fn draw(&self, points: &Points<'_>, view: &View, widths: &[f64]) -> Result<Map, DensityError> {
        let sigma = [widths.first(), widths.get(1)].map(|sigma| sigma.copied().unwrap_or(0.0));
        match self.method {
            Method::Histogram => hexad_density::histogram(points, view, Normalization::Count),
            Method::Box => {
                let radius = boxes(sigma, view, self.passes).0;
                box_map(points, view, radius, self.passes, Normalization::Count)
            }
            Method::Exact => exact(points, view, self.kernel, sigma, Normalization::Count),
            // The decay counts in squares of the data's unit.
            Method::Neighbours if self.normalization == Normalization::Score => {
                let decay = self.decay / self.plane.unit().powi(2);
                Neighbours::new(points)?.score(view, self.neighbours, decay)
            }
            Method::Neighbours => {
                Neighbours::new(points)?.density(view, self.neighbours, Normalization::Count)
            }
            Method::Adaptive => {
                let options = AdaptiveOptions::default()
                    .with_sensitivity(self.sensitivity)
                    .with_limits(self.limits)
                    .with_tolerance(self.tolerance)
                    .with_normalization(Normalization::Count);
                adaptive(points, view, sigma, &options)
            }
            Method::Gaussian => self.draw_gaussian(points, view, sigma),
        }
    }

    fn draw_gaussian(&self, points: &Points<'_>, view: &View, sigma: [f64; 2]) -> Result<Map, DensityError> {
        let options = self.options();
        if let Some(covariance) = self.width.tilted(points, view)? {
            return gaussian_tilted(points, view, &covariance, &options);
        }
        match (self.edge, self.width) {
            (Some(edge), _) => edge.map(points, view, sigma, view.bounds(), &options),
            (None, Width::Metres(metres)) => ground_gaussian(points, view, metres, &options),
            (None, _) => gaussian(points, view, sigma, &options),
        }
    }

    fn options(&self) -> GaussianOptions {
        GaussianOptions::default().with_tolerance(self.tolerance).with_normalization(Normalization::Count)
    }

    /// As the crate's, in steps.
    fn histogram(&self, py: Python<'_>, points: &Points<'_>, view: &View) -> PyResult<Map> {
        let mut raster = empty_raster(points, *view)?;
        for part in steps(points)? {
            py.check_signals()?;
            detached(py, part.len(), || raster.add(&part))?;
        }
        Ok(raster.map(Normalization::Count))
    }

    /// As the crate's, in steps.
    fn gaussian(&self, py: Python<'_>, points: &Points<'_>, view: &View, widths: &[f64]) -> PyResult<Map> {
        let new = || GaussianPlan::new(*view, [widths[0], widths[1]], &self.options()).map_err(refused);
        let plan = if self.is_fixed() {
            self.plan.get(view.width() + view.height(), new)?
        } else {
            Arc::new(new()?)
        };
        let mut raster = plan.make_raster();
        let mut steps = steps(points)?;
        let last = steps.pop().unwrap_or(*points);
        for part in steps {
            py.check_signals()?;
            detached(py, part.len(), || {
                plan.add(&mut raster, &part);
                Ok::<_, DensityError>(())
            })?;
        }
        let elements = last.len().max(view.pixels());
        let work = || {
            plan.add(&mut raster, &last);
            Ok::<_, DensityError>(plan.finish(&raster))
        };
        if plan.is_shared(last.len()) { detached(py, usize::MAX, work) } else { released(py, elements, work) }
    }

    /// As the crate's, in bands of rows.
    fn exact(&self, py: Python<'_>, points: &Points<'_>, view: &View, widths: &[f64]) -> PyResult<Map> {
        // Rows are shared among threads.
        let least = pool()?.current_num_threads();
        let rows = (EXACT_STEP / (points.len() * view.width()).max(1)).max(least).min(view.height());
        let (mut values, mut tally, mut weight) = (Vec::with_capacity(view.pixels()), Tally::default(), 0.0);
        for first in (0..view.height()).step_by(rows) {
            py.check_signals()?;
            let size = [view.width(), rows.min(view.height() - first)];
            let band = detached(py, usize::MAX, || self.draw(points, &view.cut([0, first], size)?, widths))?;
            values.extend_from_slice(band.values());
            (tally, weight) =
                (Tally { inside: tally.inside + band.tally().inside, ..band.tally() }, band.weight());
        }
        Map::from_values(*view, values, Normalization::Count, tally, weight).map_err(refused)
    }
}

/// A raster of the kind that the crate's histogram fills.
fn empty_raster(points: &Points<'_>, view: View) -> PyResult<Raster> {
    if points.weights().is_none() {
        return Ok(Raster::new(view));
    }
    let largest = points.present().fold(0.0, |most: f64, (_, _, weight)| most.max(weight.abs()));
    Raster::weighted(view, if largest > 0.0 { largest } else { 1.0 }).map_err(refused)
}

/// The points, some at a time.
fn steps<'a>(points: &Points<'a>) -> PyResult<Vec<Points<'a>>> {
    let [x, y] = points.columns();
    let part = |start: usize| {
        let range = start..(start + STEP).min(points.len());
        let part = Points::new(&x[range.clone()], &y[range.clone()])?;
        points.weights().map_or(Ok(part), |weights| part.with_weights(&weights[range]))
    };
    (0..points.len()).step_by(STEP).map(|start| part(start).map_err(refused)).collect()
}
