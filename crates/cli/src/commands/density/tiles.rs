//! `hexad density tiles`: a web map of the points, cut into squares.

mod archive;
mod store;
mod summary;
mod survey;

use std::time::Instant;

use hexad_density::{
    DensityError, LonLat, Map, Points, Tally, TileId, TileKernel, TileOptions, TilePyramid, box_radius,
    row_areas_km2,
};

use super::estimate::refused;
use super::supply::{Keep, Supply};
use super::words::thousands;
use crate::args::density::NormalizeKind;
use crate::args::density::points::Crs;
use crate::args::density::tiles::{TileMethod, TilesArgs};
use crate::args::density::values::Width;
use crate::error::{Failure, Outcome};
use crate::memory;
use crate::picture::{Colors, Image, Scale, ScaleKind};
use crate::progress::Progress;
use crate::report;
use crate::threads;
use crate::units::title;
use store::{Description, Store};
use summary::Summary;
use survey::Survey;

/// Bytes per point: read, sorted, and while they are sorted.
const POINT_BYTES: u64 = 60;
/// Bytes of a tile, about, to warn of large pyramids.
const TILE_BYTES: u64 = 5_000;

/// Reads, sorts, looks at all tiles, draws them, reports.
pub fn run(args: &TilesArgs) -> Outcome<()> {
    let started = Instant::now();
    check(args)?;
    let target = store::Target::check(&args.out)?;
    threads::set(args.running.threads)?;
    let progress = Progress::new(args.running.quiet);
    let mut supply = Supply::new(&args.points.0, Keep::Nothing, &progress)?;
    let read = Gathered::read(&mut supply)?;
    progress.step("finding the tiles", 0);
    let mut pyramid = pyramid(args, &read, &supply.name())?;

    let values = Values { kind: args.normalize, weight: read.weight };
    let mut survey = Survey::new(args.scale);
    let scale = match args.scale_max {
        Some(high) => fixed_scale(args.scale, high),
        None => {
            progress.step("measuring", pyramid.tiles().len() as u64);
            pyramid.for_each(|tile, map| {
                progress.at(survey.see(tile, &values.of(map)));
                Ok::<(), Stop>(())
            })?;
            survey.scale()
        }
    };
    // What has no colour anywhere needs no tile.
    pyramid.retain(|tile| survey.max(*tile).is_none_or(|max| scale.index(max) > 0));
    let measured = args.scale_max.is_none();
    if !measured {
        survey = Survey::new(args.scale);
    }

    let store = Store::create(target)?;
    let colors = Colors::new(args.colormap, Some(args.alpha));
    progress.step("drawing", pyramid.tiles().len() as u64);
    pyramid.for_each(|tile, map| {
        let values = values.of(map);
        if !measured {
            survey.see(tile, &values);
        }
        let image = Image::of_map(&values, map.view().width(), &scale, &colors);
        if values.iter().any(|value| scale.index(*value) > 0) {
            progress.at(store.put(tile, &image.to_png()?)?);
        }
        Ok::<(), Stop>(())
    })?;
    let unit = unit(args, supply.names());
    let bbox = read.bbox();
    let description = Description { args, unit: &unit, bounds: bbox, scale: &scale };
    progress.step("writing", 0);
    let done = store.finish(&description)?;
    let summary = Summary::new(args, &read, &survey, &scale, unit, &done);
    done.commit()?;
    drop(progress);
    report::print("density tiles", started, &args.running, &summary)
}

/// Refuses options that contradict each other.
fn check(args: &TilesArgs) -> Outcome<()> {
    if args.points.0.crs == Crs::Planar {
        return Err(Failure::usage("--crs planar: tiles are of the Earth; use lonlat or mercator"));
    }
    if args.method != TileMethod::Histogram && args.bandwidth.is_chosen() {
        return Err(Failure::usage("--bandwidth: tiles need a width, such as 10px or 50km"));
    }
    if args.method == TileMethod::Box && !matches!(args.bandwidth, Width::Pixels(_)) {
        return Err(Failure::usage("--method box: boxes are whole pixels; give --bandwidth in px"));
    }
    match args.scale_max {
        Some(_) if args.scale == ScaleKind::Quantile => {
            Err(Failure::usage("--scale-max: a scale by rank has no end to choose; leave one of them out"))
        }
        Some(_) if args.normalize == NormalizeKind::Max => Err(Failure::usage(
            "--scale-max: with --normalize max the scale ends at 1; leave one of them out",
        )),
        _ => Ok(()),
    }
}

fn kernel(args: &TilesArgs) -> TileKernel {
    let plane = args.points.0.crs.plane();
    match (args.method, args.bandwidth) {
        (TileMethod::Histogram, _) => TileKernel::Counts,
        (TileMethod::Box, Width::Pixels(sigma)) => {
            TileKernel::Boxes { radius: box_radius(sigma, args.passes), passes: args.passes }
        }
        (_, Width::Pixels(sigma)) => TileKernel::Pixels(sigma),
        (_, Width::Metres(metres)) => TileKernel::Ground(metres),
        (_, Width::Data(sigma)) => TileKernel::Metres(sigma * plane.unit()),
        // Refused before.
        (_, Width::Scott | Width::Silverman | Width::Isj) => TileKernel::Counts,
    }
}

fn pyramid(args: &TilesArgs, read: &Gathered, name: &str) -> Outcome<TilePyramid> {
    let options = TileOptions::default().with_tolerance(args.tolerance).with_most_tiles(args.max_tiles);
    let [first, last] = args.zoom;
    let made = read
        .points()
        .and_then(|points| TilePyramid::new(&points, first..=last, kernel(args), &options))
        .map_err(|error| match error {
            DensityError::TooManyTiles { tiles, zoom, most } => Failure::usage(format!(
                "--zoom {first}-{last}: down to zoom {zoom} these points reach {} tiles or more, about {} bytes, and \
                 --max-tiles allows {}; stop at a lower zoom, or raise it",
                thousands(tiles),
                thousands(tiles.saturating_mul(TILE_BYTES)),
                thousands(most)
            )),
            DensityError::BandwidthTooSmall { bandwidth_px, .. } => Failure::usage(format!(
                "--bandwidth: {bandwidth_px:.3} pixels at zoom {last} are below a fifth of one; make it wider, go \
                 deeper, or use --method histogram"
            )),
            error => refused(name, error),
        })?;
    if made.points() == 0 {
        return Err(refused(name, DensityError::NoPoints));
    }
    Ok(made)
}

/// A scale up to a given value.
fn fixed_scale(kind: ScaleKind, high: f64) -> Scale {
    // The smallest number makes a logarithmic scale as long as it may be.
    Scale::fit(kind, [f64::MIN_POSITIVE, high].into_iter())
}

fn unit(args: &TilesArgs, names: &[String]) -> String {
    let counted = names.get(2).map_or("points".to_string(), |weight| title(weight));
    match args.normalize {
        NormalizeKind::Count => format!("{counted} / pixel"),
        NormalizeKind::Density => format!("{counted} / km\u{b2}"),
        NormalizeKind::Probability => "probability / km\u{b2}".to_string(),
        NormalizeKind::Max => "share of the peak".to_string(),
    }
}

/// What the numbers in tiles mean.
struct Values {
    kind: NormalizeKind,
    weight: f64,
}

impl Values {
    /// The values of a map of points per pixel. Shares of the peak are still densities: nobody knows the peak yet.
    fn of(&self, map: &Map) -> Vec<f64> {
        if self.kind == NormalizeKind::Count {
            return map.values().to_vec();
        }
        let weight = if self.kind == NormalizeKind::Probability { self.weight } else { 1.0 };
        let rows = map.values().chunks(map.view().width()).zip(row_areas_km2(map.view()));
        rows.flat_map(|(row, area)| row.iter().map(move |value| value / (area * weight))).collect()
    }
}

/// All points, on the map.
struct Gathered {
    x: Vec<f64>,
    y: Vec<f64>,
    weights: Option<Vec<f64>>,
    tally: Tally,
    beyond: u64,
    weight: f64,
    bounds: [f64; 4],
}

impl Gathered {
    fn read(supply: &mut Supply) -> Outcome<Self> {
        let plane = supply.args().crs.plane();
        let weights = supply.args().weight.is_some().then(Vec::new);
        let bounds = [f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY];
        let (tally, beyond, weight) = (Tally::default(), 0, 0.0);
        let mut read = Self { x: Vec::new(), y: Vec::new(), weights, tally, beyond, weight, bounds };
        let name = supply.name();
        let world = TileId::new(0, 0, 0).map_err(|error| refused(&name, error))?.view();
        supply.each(|points| {
            memory::check(&name, (read.x.len() + points.len()) as u64 * POINT_BYTES)?;
            let placed = plane.place(points);
            read.beyond += placed.beyond();
            read.tally.points += points.len() as u64;
            read.tally.missing += placed.points().missing() as u64;
            for (x, y, weight) in placed.points().present() {
                if world.pixel_of(x, y).is_none() {
                    continue;
                }
                let b = read.bounds;
                read.bounds = [b[0].min(x), b[1].min(y), b[2].max(x), b[3].max(y)];
                read.tally.inside += 1;
                read.weight += weight;
                read.x.push(x);
                read.y.push(y);
                read.weights.iter_mut().for_each(|all| all.push(weight));
            }
            Ok(())
        })?;
        Ok(read)
    }

    fn points(&self) -> Result<Points<'_>, DensityError> {
        let points = Points::new(&self.x, &self.y)?;
        match &self.weights {
            Some(weights) => points.with_weights(weights),
            None => Ok(points),
        }
    }

    /// West, south, east, north of all points, in degrees.
    fn bbox(&self) -> [f64; 4] {
        let [x0, y0, x1, y1] = self.bounds;
        let [low, high] = [[x0, y0], [x1, y1]].map(LonLat::from_mercator_m);
        [low.lon_deg, low.lat_deg, high.lon_deg, high.lat_deg]
    }
}

/// Why the work on tiles stops.
enum Stop {
    Density(DensityError),
    Failure(Failure),
}

impl From<DensityError> for Stop {
    fn from(error: DensityError) -> Self {
        Self::Density(error)
    }
}

impl From<Failure> for Stop {
    fn from(failure: Failure) -> Self {
        Self::Failure(failure)
    }
}

impl From<Stop> for Failure {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Density(error) => refused("tiles", error),
            Stop::Failure(failure) => failure,
        }
    }
}
