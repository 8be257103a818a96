//! From points to the map that was asked for.

use hexad_density::{
    AdaptiveOptions, Bandwidth, DensityError, EdgeCorrection, GaussianOptions, GaussianPlan, Kernel as Shape,
    Map, Neighbours, Normalization, Points, Raster, SmoothRaster, Tally, View, adaptive, box_map, box_radius,
    box_sigma, exact, ground_gaussian, row_areas_km2,
};

use super::plane;
use super::supply::Supply;
use crate::args::density::values::{Kernel, Width};
use crate::args::density::{EdgeKind, EstimateArgs, MethodKind, NormalizeKind};
use crate::error::{Failure, Outcome};
use hexad_density::Plane;

/// Beyond so many standard deviations a Gaussian is below 1e-14 of its peak.
pub const REACH: f64 = 8.0;

/// No kernel of the adaptive method is as many times wider than sigma.
const WIDEST: f64 = 10.0;

/// A metre on the ground is no longer on the map: 1 / cos of its last latitude.
const MOST_STRETCHED: f64 = 11.6;

/// What is known before the points are counted.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// The plane.
    pub plane: Plane,
    /// The view, on it.
    pub view: View,
    /// Standard deviations along x and y, on it; none for counts and neighbours.
    pub sigma: Option<[f64; 2]>,
    /// The largest weight, where weights are counted.
    pub largest_weight: Option<f64>,
}

/// Points or weight per pixel, or a score; and where the points have gone.
#[derive(Debug, Clone)]
pub struct Counted {
    /// Row by row from the bottom.
    pub values: Vec<f64>,
    /// Each point once, also where a view shows it on both sides of the date line.
    pub tally: Tally,
    /// Weight of the points that are not missing, each once.
    pub weight: f64,
    /// Points at latitudes that are not on the map.
    pub beyond: u64,
    /// What a lone point may be off by, relative to its peak.
    pub error_bound: f64,
}

impl Setting {
    /// The standard deviations that `width` asks for, on the plane; those of the boxes that come nearest.
    pub fn bandwidth(
        args: &EstimateArgs,
        plane: Plane,
        view: &View,
        points: &Points<'_>,
    ) -> Result<Option<[f64; 2]>, DensityError> {
        let rule = match args.bandwidth {
            _ if matches!(args.method, MethodKind::Histogram | MethodKind::Knn) => return Ok(None),
            Width::Data(sigma) => Bandwidth::Data(sigma * plane.unit()),
            Width::Pixels(sigma) => Bandwidth::Pixels(sigma),
            Width::Metres(metres) => Bandwidth::Data(plane.ground(view, metres)?),
            Width::Scott => Bandwidth::Scott,
            Width::Silverman => Bandwidth::Silverman,
            Width::Isj => Bandwidth::Isj,
        };
        let sigma = rule.resolve(points, view)?;
        if args.method != MethodKind::Box {
            return Ok(Some(sigma));
        }
        let radius = radius(sigma, view, args.passes);
        let [dx, dy] = view.pixel_size();
        Ok(Some([box_sigma(radius[0], args.passes) * dx, box_sigma(radius[1], args.passes) * dy]))
    }

    /// How far along x points beyond the view count.
    fn reach(&self, args: &EstimateArgs) -> f64 {
        let sigma = match args.bandwidth {
            Width::Metres(metres) if args.method == MethodKind::Gaussian => MOST_STRETCHED * metres,
            _ => self.sigma.map_or(0.0, |sigma| sigma[0]),
        };
        match args.method {
            MethodKind::Histogram => 0.0,
            // A rectangle that points cannot leave has no copies of them beside it.
            MethodKind::Gaussian if args.edge.is_some() => 0.0,
            MethodKind::Gaussian => REACH * sigma,
            MethodKind::Adaptive => WIDEST * REACH * sigma,
            MethodKind::Box => 2.0 * sigma * (3.0_f64 * args.passes as f64).sqrt(),
            MethodKind::Exact => shape(args.kernel).reach() * sigma,
            // The nearest point may be anywhere on the Earth.
            MethodKind::Knn => 180.0 * self.plane.unit(),
        }
    }
}

impl Counted {
    /// The largest value.
    pub fn max(&self) -> f64 {
        self.values.iter().copied().fold(0.0, f64::max)
    }
}

/// Maps the points of `supply`, and shows every batch to `look`, on the plane.
pub fn count(
    args: &EstimateArgs,
    setting: &Setting,
    supply: &mut Supply,
    mut look: impl FnMut(&Points<'_>),
) -> Outcome<Counted> {
    let name = supply.name();
    let (view, sigma) = (&setting.view, setting.sigma.unwrap_or([0.0; 2]));
    let mut all = |draw: &dyn Fn(&Points<'_>) -> Result<Map, DensityError>| {
        let placed = setting.plane.place(&supply.all()?);
        let map = placed.map(view, setting.reach(args), |points| {
            look(points);
            draw(points)
        });
        let map = map.map_err(|error| refused(&name, error))?;
        let (tally, weight, error_bound) = (map.tally(), map.weight(), map.error_bound());
        Ok(Counted { values: map.values().to_vec(), tally, weight, beyond: placed.beyond(), error_bound })
    };
    if let (MethodKind::Gaussian, Some(edge)) = (args.method, args.edge) {
        let edge = match edge {
            EdgeKind::Uniform => EdgeCorrection::Uniform,
            EdgeKind::Diggle => EdgeCorrection::Diggle,
        };
        return all(&|points| edge.map(points, view, sigma, view.bounds(), &options(args)));
    }
    if let (MethodKind::Gaussian, Width::Metres(metres)) = (args.method, args.bandwidth) {
        return all(&|points| ground_gaussian(points, view, metres, &options(args)));
    }
    match args.method {
        MethodKind::Adaptive => {
            let options = AdaptiveOptions::default()
                .with_limits([1.0 / WIDEST, WIDEST])
                .with_tolerance(args.tolerance)
                .with_normalization(Normalization::Count);
            all(&|points| adaptive(points, view, sigma, &options))
        }
        MethodKind::Gaussian | MethodKind::Histogram => {
            let mut sums = Sums::new(args, setting).map_err(|error| refused(&name, error))?;
            supply.each(|points| sums.add(points, &mut look).map_err(|error| refused(&name, error)))?;
            Ok(sums.finish())
        }
        MethodKind::Box => {
            let radius = radius(sigma, view, args.passes);
            all(&|points| box_map(points, view, radius, args.passes, Normalization::Count))
        }
        MethodKind::Exact => {
            all(&|points| exact(points, view, shape(args.kernel), sigma, Normalization::Count))
        }
        // D counts in squares of the data's unit.
        MethodKind::Knn if args.normalize.is_none() => {
            let decay = args.decay / setting.plane.unit().powi(2);
            all(&|points| Neighbours::new(points)?.score(view, args.neighbours, decay))
        }
        MethodKind::Knn => {
            all(&|points| Neighbours::new(points)?.density(view, args.neighbours, Normalization::Count))
        }
    }
}

/// What the values mean that were asked for.
pub fn normalize(counted: &mut Counted, setting: &Setting, kind: NormalizeKind) {
    let view = &setting.view;
    let areas = match kind {
        NormalizeKind::Count => return,
        _ if setting.plane.is_earth() => row_areas_km2(view),
        _ => vec![view.pixel_area(); view.height()],
    };
    let weight = if kind == NormalizeKind::Probability { counted.weight } else { 1.0 };
    for (row, area) in counted.values.chunks_mut(view.width()).zip(areas) {
        row.iter_mut().for_each(|value| *value /= area * weight);
    }
    let most = counted.max();
    if kind == NormalizeKind::Max && most > 0.0 {
        counted.values.iter_mut().for_each(|value| *value /= most);
    }
}

/// Maps that are added up from batches.
struct Sums<'s> {
    setting: &'s Setting,
    reach: f64,
    /// Whether points are copied beyond the date line: the raster's own tally counts the copies.
    wraps: bool,
    raster: AnyRaster,
    tally: Tally,
    weight: f64,
    beyond: u64,
}

enum AnyRaster {
    Smooth(Box<GaussianPlan>, Box<SmoothRaster>),
    Counts(Raster),
}

impl<'s> Sums<'s> {
    fn new(args: &EstimateArgs, setting: &'s Setting) -> Result<Self, DensityError> {
        let view = setting.view;
        let raster = match (setting.sigma, setting.largest_weight) {
            (Some(sigma), _) => {
                let plan = Box::new(GaussianPlan::new(view, sigma, &options(args))?);
                let raster = Box::new(plan.make_raster());
                AnyRaster::Smooth(plan, raster)
            }
            (None, Some(largest)) if largest > 0.0 => AnyRaster::Counts(Raster::weighted(view, largest)?),
            (None, Some(_)) => AnyRaster::Counts(Raster::weighted(view, 1.0)?),
            (None, None) => AnyRaster::Counts(Raster::new(view)),
        };
        let reach = setting.reach(args);
        let wraps = setting.plane.wraps(&view, reach);
        Ok(Self { setting, reach, wraps, raster, tally: Tally::default(), weight: 0.0, beyond: 0 })
    }

    fn add(&mut self, points: &Points<'_>, look: &mut impl FnMut(&Points<'_>)) -> Result<(), DensityError> {
        let placed = self.setting.plane.place(points);
        self.beyond += placed.beyond();
        let raster = &mut self.raster;
        let once = plane::each(&placed, &self.setting.view, self.reach, |points| {
            look(points);
            match raster {
                AnyRaster::Smooth(plan, raster) => {
                    plan.add(raster, points);
                    Ok(())
                }
                AnyRaster::Counts(raster) => raster.add(points),
            }
        })?;
        if self.wraps {
            let Tally { points, inside, missing, .. } = once.tally();
            self.tally.points += points;
            self.tally.inside += inside;
            self.tally.missing += missing;
            self.weight += once.weight();
        } else if matches!(self.raster, AnyRaster::Counts(_)) {
            self.weight += placed.points().present().map(|(_, _, weight)| weight).sum::<f64>();
        }
        Ok(())
    }

    fn finish(self) -> Counted {
        let Self { wraps, mut tally, mut weight, beyond, .. } = self;
        let (values, error_bound) = match &self.raster {
            AnyRaster::Smooth(plan, raster) => {
                let map = plan.finish(raster);
                if !wraps {
                    (tally, weight) = (map.tally(), map.weight());
                }
                (map.values().to_vec(), map.error_bound())
            }
            AnyRaster::Counts(raster) => {
                if !wraps {
                    tally = raster.tally();
                }
                (raster.values(), 0.0)
            }
        };
        Counted { values, tally, weight, beyond, error_bound }
    }
}

/// What the library is asked for.
pub fn options(args: &EstimateArgs) -> GaussianOptions {
    GaussianOptions::default().with_tolerance(args.tolerance).with_normalization(Normalization::Count)
}

/// The half-widths of the boxes that come nearest to a standard deviation.
fn radius(sigma: [f64; 2], view: &View, passes: usize) -> [usize; 2] {
    let [dx, dy] = view.pixel_size();
    [box_radius(sigma[0] / dx, passes), box_radius(sigma[1] / dy, passes)]
}

fn shape(kernel: Kernel) -> Shape {
    match kernel {
        Kernel::Gaussian => Shape::Gaussian,
        Kernel::Epanechnikov => Shape::Epanechnikov,
        Kernel::Quartic => Shape::Quartic,
        Kernel::Disc => Shape::Disc,
    }
}

/// The library's refusal: the data's fault, or the command line's.
pub fn refused(name: &str, error: DensityError) -> Failure {
    match error {
        DensityError::BandwidthTooSmall { axis, bandwidth_px } => Failure::usage(format!(
            "--bandwidth: {bandwidth_px:.3} pixels along {axis} are below a fifth of one; zoom in with --bbox or \
             --size, make it wider, or use --method exact"
        )),
        DensityError::EmptyView { axis, low, high } => Failure::usage(format!(
            "--bbox: must end above where it starts along {axis}, got {low} to {high}"
        )),
        DensityError::NoPoints => {
            Failure::work(format!("{name}: holds no point with finite coordinates; check the columns"))
        }
        DensityError::WeightsUnknown => {
            Failure::usage("--weight: nearest neighbours are counted, not weighed; leave it out")
        }
        DensityError::Input(input) if !input.is_about_data() => Failure::usage(error.to_string()),
        DensityError::NoSpread { axis } => Failure::work(format!(
            "{name}: the points do not spread along {axis}, so no rule can give a bandwidth; give --bandwidth B"
        )),
        DensityError::NoBandwidth => Failure::work(format!(
            "{name}: the ISJ rule finds no bandwidth for these points; use --bandwidth scott, or give one"
        )),
        DensityError::TooLarge { .. } => Failure::usage(format!("--size: {error}")),
        DensityError::GridTooLarge { .. } => Failure::usage(format!("--bandwidth: {error}")),
        _ => Failure::work(format!("{name}: {error}")),
    }
}
