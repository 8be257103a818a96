//! `hexad density animate`: a map while its bandwidth grows.

use std::path::Path;
use std::time::Instant;

use hexad_density::{DensityError, Sweep, View};
use serde::Serialize;

use super::estimate::{Counted, REACH, Setting, normalize, options, refused};
use super::plane;
use super::setting::{Extent, view};
use super::supply::{Keep, Supply};
use super::words;
use crate::args::density::animate::AnimateArgs;
use crate::args::density::values::{Kernel, Width};
use crate::args::density::{EstimateArgs, MethodKind};
use crate::error::{Failure, Outcome};
use crate::memory;
use crate::output::{self, Pending};
use crate::picture::{Animation, Colors, Image, Legend, Scale};
use crate::progress::Progress;
use crate::report::{self, Written};
use crate::threads;
use crate::units::four_digits;
use hexad_density::Plane;

/// Reads, maps every frame, draws, writes, reports.
pub fn run(args: &AnimateArgs) -> Outcome<()> {
    let started = Instant::now();
    check_target(&args.out)?;
    threads::set(args.running.threads)?;
    let progress = Progress::new(args.running.quiet);
    let mut supply = Supply::new(&args.points, Keep::Everything, &progress)?;
    let plane = args.points.crs.plane();
    let extent = if args.view.bbox.is_none() { Some(Extent::of(plane, &mut supply)?) } else { None };
    let view = view(args.view.bbox, args.view.size, plane, &supply, extent.as_ref())?;
    let frames = (view.pixels() as u64).saturating_mul(args.frames as u64);
    memory::check(&format!("--frames {}", args.frames), frames.saturating_mul(8))?;

    let radii = radii(args.radius, args.frames);
    progress.step("mapping", args.frames as u64);
    let maps = maps(args, plane, view, &radii, &mut supply, &progress)?;
    progress.step("drawing", args.frames as u64);
    let bytes = drawn(args, plane, &supply, &view, &radii, &maps, &progress)?;
    let pending = output::write(&args.out, |out| out.write_all(&bytes))?;
    let tally = maps.first().map(|map| map.tally).unwrap_or_default();
    let summary = Summary {
        points: tally.points,
        inside: tally.inside,
        missing: tally.missing,
        width: view.width(),
        height: view.height(),
        bbox: plane.bounds(&view),
        frames: args.frames,
        radius_px: args.radius,
        max: maps.iter().map(Counted::max).collect(),
        outputs: vec![Written { path: args.out.display().to_string(), format: "gif" }],
    };
    Pending::commit(pending)?;
    drop(progress);
    report::print("density animate", started, &args.running, &summary)
}

fn check_target(path: &Path) -> Outcome<()> {
    let extension = path.extension().and_then(|extension| extension.to_str());
    if extension.map(str::to_ascii_lowercase).as_deref() != Some("gif") {
        return Err(Failure::usage(format!(
            "--out {}: a moving picture is a GIF; end the name in .gif",
            path.display()
        )));
    }
    output::check_target("--out", path)
}

/// Standard deviations in pixels, each the same factor wider than the one before.
fn radii([first, last]: [f64; 2], frames: usize) -> Vec<f64> {
    let step = (last / first).powf(1.0 / (frames - 1) as f64);
    (0..frames)
        .map(|frame| if frame + 1 == frames { last } else { first * step.powf(frame as f64) })
        .collect()
}

fn estimate(args: &AnimateArgs, radius: f64) -> EstimateArgs {
    EstimateArgs {
        method: MethodKind::Gaussian,
        bandwidth: Width::Pixels(radius),
        kernel: Kernel::Gaussian,
        edge: None,
        passes: 4,
        neighbours: 5,
        decay: 0.0,
        tolerance: args.tolerance,
        normalize: Some(args.normalize),
    }
}

/// A map for each radius, from one pass through the points.
fn maps(
    args: &AnimateArgs,
    plane: Plane,
    view: View,
    radii: &[f64],
    supply: &mut Supply,
    progress: &Progress,
) -> Outcome<Vec<Counted>> {
    let name = supply.name();
    let (narrow, wide) = (args.radius[0].min(args.radius[1]), args.radius[0].max(args.radius[1]));
    let (pixel, options) = (view.pixel_size(), options(&estimate(args, wide)));
    let reach = REACH * wide * pixel[0];
    let placed = plane.place(&supply.all()?);
    let mut sweep = None;
    let once = plane::each(&placed, &view, reach, |points| {
        sweep = Some(Sweep::new(points, &view, pixel, [narrow, wide], &options)?);
        Ok(())
    });
    let once = once.map_err(|error| refused(&name, error))?;
    let setting = Setting { plane, view, sigma: None, largest_weight: None };
    let mut maps = Vec::with_capacity(radii.len());
    for radius in radii {
        let map =
            sweep.as_ref().map_or(Err(DensityError::NoPoints), |sweep| sweep.map(radius.clamp(narrow, wide)));
        let map = map.map_err(|error| refused(&name, error))?;
        let told = if plane.wraps(&view, reach) { &once } else { &map };
        let (tally, weight) = (told.tally(), told.weight());
        let (values, error_bound) = (map.values().to_vec(), map.error_bound());
        let mut counted = Counted { values, tally, weight, beyond: placed.beyond(), error_bound };
        normalize(&mut counted, &setting, args.normalize);
        maps.push(counted);
        progress.at(maps.len() as u64);
    }
    Ok(maps)
}

/// The bytes of the GIF: one scale for all frames, or one for each.
fn drawn(
    args: &AnimateArgs,
    plane: Plane,
    supply: &Supply,
    view: &View,
    radii: &[f64],
    maps: &[Counted],
    progress: &Progress,
) -> Outcome<Vec<u8>> {
    let colors = Colors::new(args.colormap, None);
    let unit = words::unit(plane, &estimate(args, 1.0), supply.names());
    let shared = Scale::fit(args.scale, maps.iter().flat_map(|map| map.values.iter().copied()));
    let draw = |map: &Counted, radius: f64| {
        let own = args.per_frame.then(|| Scale::fit(args.scale, map.values.iter().copied()));
        let scale = own.as_ref().unwrap_or(&shared);
        let image = Image::of_map(&map.values, view.width(), scale, &colors);
        let legend = Legend::new(&unit, scale, &colors).with_caption(format!("sigma {radius:.1} px"));
        legend.beside(&image)
    };
    let images =
        radii.iter().zip(maps).map(|(radius, map)| draw(map, *radius)).collect::<Outcome<Vec<_>>>()?;
    // Legends of scales of their own differ in width.
    let width = images.iter().map(Image::width).max().unwrap_or(0);
    let height = images.first().map_or(0, Image::height);
    let mut animation = Animation::new(width, height, args.pause, &colors)?;
    for (done, image) in images.iter().enumerate() {
        let mut whole = Image::filled(width, height, [255; 4]);
        whole.place(image, 0, 0);
        animation.add(&whole)?;
        progress.at(done as u64 + 1);
    }
    animation.finish()
}

/// The JSON object, and in words.
#[derive(Debug, Serialize)]
struct Summary {
    points: u64,
    inside: u64,
    missing: u64,
    width: usize,
    height: usize,
    bbox: [f64; 4],
    frames: usize,
    radius_px: [f64; 2],
    max: Vec<f64>,
    outputs: Vec<Written>,
}

impl std::fmt::Display for Summary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let [points, inside] = [self.points, self.inside].map(words::thousands);
        writeln!(f, "points   {points}, {inside} inside")?;
        let [first, last] = self.radius_px.map(four_digits);
        writeln!(f, "frames   {}, sigma from {first} to {last} pixels", self.frames)?;
        self.outputs.iter().try_for_each(|output| writeln!(f, "wrote    {}", output.path))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn radii_grow_by_one_factor_from_the_first_to_the_last() {
        let radii = radii([2.0, 32.0], 5);
        assert!(radii.iter().zip([2.0, 4.0, 8.0, 16.0, 32.0]).all(|(a, b)| (a - b).abs() < 1e-12));
        assert_eq!(super::radii([40.0, 2.0], 2), [40.0, 2.0]);
    }
}
