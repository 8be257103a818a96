//! `hexad density`.

mod animate;
mod drawing;
mod estimate;
mod frame;
mod geojson;
mod grid;
mod outputs;
mod plane;
mod serve;
mod setting;
mod spots;
mod summary;
mod supply;
mod tiles;
mod words;

use std::time::Instant;

use crate::args::density::points::Crs;
use crate::args::density::values::{Kernel, Width};
use crate::args::density::{DensityArgs, DensityCommand, MapArgs, MethodKind, NormalizeKind};
use crate::error::{Failure, Outcome};
use crate::output::Pending;
use crate::picture::Dots;
use crate::progress::Progress;
use crate::report;
use crate::threads;
use drawing::Drawing;
use estimate::{Counted, count, normalize};
use outputs::Outputs;
use setting::{Extent, Setting, needs_extent, setting};
use spots::{Shown, Spot};
use supply::{Keep, Supply};

/// A map, or one of the other pictures.
pub fn run(args: &DensityArgs) -> Outcome<()> {
    match args {
        DensityArgs::Map(args) => map(args),
        DensityArgs::Other(DensityCommand::Animate(args)) => animate::run(args),
        DensityArgs::Other(DensityCommand::Serve(args)) => serve::run(args),
        DensityArgs::Other(DensityCommand::Tiles(args)) => tiles::run(args),
    }
}

/// Reads, maps, draws, writes, reports.
fn map(args: &MapArgs) -> Outcome<()> {
    let started = Instant::now();
    check(args)?;
    let outputs = Outputs::check(&args.output)?;
    threads::set(args.running.threads)?;
    let progress = Progress::new(args.running.quiet);
    let mut supply = Supply::new(&args.points, keep(args), &progress)?;
    let setting = setting(args, &mut supply)?;

    let mut dots = args.picture.points.map(|radius| Dots::new(&setting.view, radius));
    let mut counted = count(&args.estimate, &setting, &mut supply, |points| {
        if let Some(dots) = &mut dots {
            dots.add(points);
        }
    })?;
    let is_score = args.estimate.method == MethodKind::Knn && args.estimate.normalize.is_none();
    let kind = args.estimate.normalize.unwrap_or(NormalizeKind::Density);
    if !is_score {
        normalize(&mut counted, &setting, kind);
    }
    let spots = spots(args, &setting, &counted, &mut supply, !is_score && kind != NormalizeKind::Count)?;

    progress.step("writing", 0);
    let drawing =
        Drawing { args, setting: &setting, counted: &counted, dots, spots: &spots, supply: &supply };
    let pending = drawing.write(&outputs)?;
    let summary = drawing.summary(&outputs);
    pending.into_iter().try_for_each(Pending::commit)?;
    drop(progress);
    report::print("density", started, &args.running, &summary)
}

/// Refuses options that contradict each other.
fn check(args: &MapArgs) -> Outcome<()> {
    let estimate = &args.estimate;
    if estimate.kernel != Kernel::Gaussian && estimate.method != MethodKind::Exact {
        return Err(Failure::usage("--kernel: only --method exact has other kernels than Gaussians"));
    }
    if estimate.edge.is_some() && estimate.method != MethodKind::Gaussian {
        return Err(Failure::usage("--edge: only --method gaussian is corrected"));
    }
    if estimate.method == MethodKind::Knn && args.points.weight.is_some() {
        return Err(Failure::usage("--weight: nearest neighbours are counted, not weighed; leave it out"));
    }
    if estimate.method == MethodKind::Knn && estimate.normalize.is_some() && estimate.neighbours < 2 {
        return Err(Failure::usage(
            "--neighbours 1: a density needs at least 2; leave --normalize out for the score",
        ));
    }
    check_ground(estimate.bandwidth, args.points.crs)
}

/// Refuses lengths on the ground where there is none.
fn check_ground(width: Width, crs: Crs) -> Outcome<()> {
    match width {
        Width::Metres(_) if crs == Crs::Planar => Err(Failure::usage(
            "--bandwidth in metres: says nothing on a plane; add --crs lonlat or mercator, or give data units",
        )),
        _ => Ok(()),
    }
}

/// Which points have to be kept.
fn keep(args: &MapArgs) -> Keep {
    let estimate = &args.estimate;
    let adds_up = matches!(estimate.method, MethodKind::Gaussian | MethodKind::Histogram);
    let looks_back = args.output.contours.is_some() || args.output.hotspots;
    let is_on_ground = matches!(estimate.bandwidth, Width::Metres(_));
    if !adds_up || estimate.edge.is_some() || estimate.bandwidth.is_chosen() || is_on_ground {
        Keep::Everything
    } else if looks_back || needs_extent(args) {
        Keep::Few
    } else {
        Keep::Nothing
    }
}

fn spots(
    args: &MapArgs,
    setting: &Setting,
    counted: &Counted,
    supply: &mut Supply,
    per_area: bool,
) -> Outcome<Vec<Vec<Spot>>> {
    let levels = match (&args.output.contours, args.output.hotspots) {
        (Some(_), _) => args.output.levels.as_slice(),
        (None, true) => &args.output.levels[..1],
        (None, false) => return Ok(Vec::new()),
    };
    let Setting { plane, view, .. } = setting;
    Shown { plane: *plane, view, values: &counted.values, per_area }.spots(levels, supply)
}
