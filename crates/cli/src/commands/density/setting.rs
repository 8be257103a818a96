//! What has to be known before points are counted.

use hexad_density::{DensityError, Points, View};

use super::estimate::refused;
use super::plane;
use super::supply::Supply;
use crate::args::density::values::Size;
use crate::args::density::{MapArgs, MethodKind};
use crate::error::{Failure, Outcome};
use crate::memory;
use hexad_density::Plane;

pub use super::estimate::Setting;

/// Whether something has to be known of all points before they are counted.
pub fn needs_extent(args: &MapArgs) -> bool {
    args.view.bbox.is_none() || args.points.weight.is_some() && args.estimate.method == MethodKind::Histogram
}

/// What has to be known before points are counted: from the options, or from a first pass.
pub fn setting(args: &MapArgs, supply: &mut Supply) -> Outcome<Setting> {
    let plane = args.points.crs.plane();
    let extent = if needs_extent(args) { Some(Extent::of(plane, supply)?) } else { None };
    let view = view(args.view.bbox, args.view.size, plane, supply, extent.as_ref())?;
    let name = supply.name();
    let sigma = if args.estimate.bandwidth.is_chosen() {
        let placed = plane.place(&supply.all()?);
        Setting::bandwidth(&args.estimate, plane, &view, &placed.points())
    } else {
        let none = Points::new(&[], &[]).map_err(|error| refused(&name, error))?;
        Setting::bandwidth(&args.estimate, plane, &view, &none)
    };
    let sigma = sigma.map_err(|error| refused(&name, error))?;
    check_memory(&view, sigma.filter(|_| args.estimate.method == MethodKind::Gaussian))?;
    let largest_weight = args.points.weight.as_ref().and(extent).map(|extent| extent.largest_weight);
    Ok(Setting { plane, view, sigma, largest_weight })
}

/// The view asked for, or that around all points.
pub fn view(
    bbox: Option<[f64; 4]>,
    size: Size,
    plane: Plane,
    supply: &Supply,
    extent: Option<&Extent>,
) -> Outcome<View> {
    let name = supply.name();
    if let Some(bbox) = bbox {
        return plane::view(plane, bbox, size).map_err(|error| match error {
            DensityError::Input(_) | DensityError::PixelsTooSmall { .. } => {
                Failure::usage(format!("--bbox: {error}"))
            }
            _ => refused(&name, error),
        });
    }
    let bounds = extent.map_or([f64::NAN; 4], |extent| extent.bounds);
    for (axis, column) in [&supply.args().x, &supply.args().y].into_iter().enumerate() {
        if bounds[axis] == bounds[axis + 2] {
            let place = plane.coordinates([bounds[0], bounds[1]])[axis];
            return Err(Failure::work(format!(
                "{name}: all points have the same {column}, {place}; give --bbox X0,Y0,X1,Y1"
            )));
        }
    }
    let view = plane::view_of(bounds, size).map_err(|error| refused(&name, error))?;
    check_height(supply, size, &view)?;
    Ok(view)
}

/// Refuses pictures that nobody asked for: one point far out makes a strip of millions of rows.
fn check_height(supply: &Supply, size: Size, view: &View) -> Outcome<()> {
    /// Rows that may follow for each column.
    const TALLEST: usize = 1_000;
    if size.height.is_some() || view.height() / TALLEST < view.width() {
        return Ok(());
    }
    Err(Failure::work(format!(
        "{}: the points reach so far along {} that the map would be {}x{} pixels; give --bbox X0,Y0,X1,Y1 or --size WxH",
        supply.name(),
        supply.args().y,
        view.width(),
        view.height()
    )))
}

/// Refuses maps that do not fit: values, indices of colours, and the grid that Gaussians are summed on.
fn check_memory(view: &View, sigma: Option<[f64; 2]>) -> Outcome<()> {
    /// Nodes of the grid per standard deviation, at most; narrower ones than this many to a pixel are refused.
    const NODES: f64 = 4.0;
    const FINEST: f64 = 20.0;
    let [dx, dy] = view.pixel_size();
    let finer = |size: f64, sigma: f64| (NODES * size / sigma).clamp(1.0, FINEST);
    let grid = sigma.map_or(0.0, |[x, y]| finer(dx, x) * finer(dy, y));
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates where it must")]
    let bytes = (view.pixels() as f64 * (16.0 + 16.0 * grid)) as u64;
    memory::check(&format!("--size {}x{}", view.width(), view.height()), bytes)
}

/// What a first pass finds.
pub struct Extent {
    /// On the plane.
    pub bounds: [f64; 4],
    /// Of points that are not missing.
    pub largest_weight: f64,
}

impl Extent {
    /// Reads all points.
    pub fn of(plane: Plane, supply: &mut Supply) -> Outcome<Self> {
        let start = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        let mut extent = Self { bounds: start, largest_weight: 0.0 };
        supply.each(|points| {
            for (x, y, weight) in plane.place(points).points().present() {
                let b = extent.bounds;
                extent.bounds = [b[0].min(x), b[1].min(y), b[2].max(x), b[3].max(y)];
                extent.largest_weight = extent.largest_weight.max(weight);
            }
            Ok(())
        })?;
        if extent.bounds[0] > extent.bounds[2] {
            return Err(refused(&supply.name(), DensityError::NoPoints));
        }
        Ok(extent)
    }
}
