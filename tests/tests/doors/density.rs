use hexad_density::{
    AdaptiveOptions, Bandwidth, Covariance, EdgeCorrection, GaussianOptions, Kernel, Level, Map, Neighbours,
    Normalization, Points, Raster, SmoothRaster, Sweep, TileId, TileKernel, TileOptions, TilePyramid, View,
    adaptive, box_map, box_radius, box_sigma, contours, exact, gaussian, gaussian_tilted, ground_gaussian,
    histogram, hot_spots, measure_error, mercator_view, per_km2,
};
use hexad_density::{GaussianPlan, MercatorPoints};
use proptest::prelude::*;

use crate::awkward::{Draw, draws, few};

struct Columns([Vec<f64>; 3]);

impl Columns {
    fn new(draw: &mut Draw) -> Self {
        let len = draw.length();
        let len_y = draw.about(len);
        let weights = draw.signal(len).iter().map(|weight| weight.abs()).collect();
        Self([draw.places(len), draw.places(len_y), weights])
    }

    fn points(&self, draw: &mut Draw) -> Option<Points<'_>> {
        let [x, y, weights] = &self.0;
        let points = Points::new(x, y).ok()?;
        if draw.once_in(3) { points.with_weights(weights).ok() } else { Some(points) }
    }
}

fn view(draw: &mut Draw, points: &Points<'_>) -> Option<View> {
    let size = [draw.length().min(31), draw.length().min(31)];
    if draw.once_in(2) {
        return View::around(points, size).ok();
    }
    let mut bounds = [-3.0, -3.0, 3.0, 3.0];
    if draw.once_in(3) {
        let at = draw.below(4);
        bounds[at] = draw.number();
    }
    View::new(bounds, size).ok()
}

fn normalization(draw: &mut Draw) -> Normalization {
    draw.pick(&[
        Normalization::Density,
        Normalization::Count,
        Normalization::Probability,
        Normalization::Max,
        Normalization::Score,
    ])
}

fn options(draw: &mut Draw) -> GaussianOptions {
    GaussianOptions::default().with_tolerance(draw.tolerance()).with_normalization(normalization(draw))
}

/// A view of few pixels may need many sheared ones.
fn fits_in_memory(covariance: &Covariance, view: &View) -> bool {
    let pixels = view.pixel_size().iter().all(|size| (1e-2..1e2).contains(size));
    pixels && covariance.entries().iter().all(|entry| (1e-2..1e2).contains(&entry.abs()))
}

fn check(map: &Map) -> Result<(), TestCaseError> {
    prop_assert_eq!(map.values().len(), map.view().pixels());
    let _ = (map.max(), map.sum(), map.clone().normalized(Normalization::Max));
    Ok(())
}

proptest! {
    #![proptest_config(few())]

    #[test]
    fn maps_have_a_value_for_each_pixel(mut draw in draws()) {
        let columns = Columns::new(&mut draw);
        let Some(points) = columns.points(&mut draw) else { return Ok(()) };
        let Some(view) = view(&mut draw, &points) else { return Ok(()) };
        let (sigma, options) = ([draw.number(), draw.number()], options(&mut draw));
        let kernel = draw.pick(&[Kernel::Gaussian, Kernel::Epanechnikov, Kernel::Quartic, Kernel::Disc]);
        let adaptation = AdaptiveOptions::default()
            .with_sensitivity(draw.fraction())
            .with_limits([draw.number(), draw.number()])
            .with_tolerance(draw.tolerance());
        let radius = [draw.length(), draw.length()];
        let passes = draw.pick(&[1, 0, 3]);
        let maps = [
            histogram(&points, &view, options.normalization),
            box_map(&points, &view, radius, passes, options.normalization),
            gaussian(&points, &view, sigma, &options),
            exact(&points, &view, kernel, sigma, options.normalization),
            adaptive(&points, &view, sigma, &AdaptiveOptions::default()),
            adaptive(&points, &view, sigma, &adaptation),
            EdgeCorrection::Uniform.map(&points, &view, sigma, [-3.0, -3.0, 3.0, draw.number()], &options),
            EdgeCorrection::Diggle.map(&points, &view, sigma, [-3.0, -3.0, 3.0, draw.number()], &options),
            Sweep::new(&points, &view, sigma, [draw.number(), draw.number()], &options)
                .and_then(|sweep| sweep.map(draw.number())),
        ];
        for map in maps.iter().flatten() {
            check(map)?;
        }
        let _ = (box_sigma(draw.count(), passes), box_radius(draw.number(), passes));
    }

    #[test]
    fn tilted_maps_and_maps_of_the_ground_have_a_value_for_each_pixel(mut draw in draws()) {
        let columns = Columns::new(&mut draw);
        let Some(points) = columns.points(&mut draw) else { return Ok(()) };
        let Some(view) = view(&mut draw, &points) else { return Ok(()) };
        let options = options(&mut draw);
        let bandwidths = [
            Bandwidth::Scott,
            Bandwidth::ScottTilted,
            Bandwidth::Silverman,
            Bandwidth::Isj,
            Bandwidth::Data(draw.number()),
            Bandwidth::Pixels(draw.number()),
            Bandwidth::Axes([draw.number(), draw.number()]),
        ];
        for bandwidth in bandwidths {
            let _ = bandwidth.resolve(&points, &view);
            if let Ok(covariance) = bandwidth.covariance(&points, &view)
                && fits_in_memory(&covariance, &view)
            {
                let _ = gaussian_tilted(&points, &view, &covariance, &options);
            }
        }
        if let Ok(covariance) = Covariance::new(draw.number(), draw.number() - 1.0, draw.number())
            && fits_in_memory(&covariance, &view)
            && let Ok(map) = gaussian_tilted(&points, &view, &covariance, &options)
        {
            check(&map)?;
        }
        let projected = MercatorPoints::project(&points);
        let degrees = draw.pick(&[[0.0, 0.0, 9.0, 9.0], [170.0, -80.0, 190.0, 85.0], [0.0; 4], [f64::NAN, 0.0, 1e308, 90.0], [0.0, 0.0, 1e12, 9.0], [1e300, 0.0, 1.1e300, 9.0]]);
        if let Ok(view) = mercator_view(degrees, [13, 7]) {
            let ground = draw.pick(&[1e5, 4e5, 0.0, -1.0, f64::NAN, f64::INFINITY]);
            let drawn = projected.map(&view, draw.number(), |points| ground_gaussian(points, &view, ground, &options));
            if let Ok(map) = drawn {
                check(&map)?;
                let _ = per_km2(&map);
            }
        }
    }

    #[test]
    fn neighbours_are_found_or_refused(mut draw in draws()) {
        let columns = Columns::new(&mut draw);
        let Some(points) = columns.points(&mut draw) else { return Ok(()) };
        let Some(view) = view(&mut draw, &points) else { return Ok(()) };
        let Ok(neighbours) = Neighbours::new(&points) else { return Ok(()) };
        let count = draw.count();
        let maps = [
            neighbours.score(&view, count, draw.number()),
            neighbours.density(&view, count, normalization(&mut draw)),
        ];
        for map in maps.iter().flatten() {
            check(map)?;
        }
        if let Ok(distances) = neighbours.distances(&points, count) {
            prop_assert_eq!(distances.len(), count * points.len());
        }
    }

    #[test]
    fn contours_are_drawn_of_any_values(mut draw in draws()) {
        let size = [draw.length().min(31), draw.length().min(31)];
        let Ok(view) = View::new([-3.0, -3.0, 3.0, 3.0], size) else { return Ok(()) };
        let columns = Columns::new(&mut draw);
        let len = draw.about(view.pixels());
        let values = draw.signal(len);
        let drawn = Map::from_values(view, values, Normalization::Density, hexad_density::Tally::default(), draw.number());
        let Ok(map) = drawn else { return Ok(()) };
        let levels = [Level::Height(draw.number()), Level::Peak(draw.fraction()), Level::Mass(draw.fraction())];
        let _ = contours(&map, &levels);
        if let Some(points) = columns.points(&mut draw) {
            for level in levels {
                let _ = contours(&map, &[level]);
                let _ = hot_spots(&map, level, &points);
            }
            let _ = measure_error(&map, &points, [draw.number(), draw.number()], 5);
        }
    }

    #[test]
    fn damaged_rasters_are_refused(mut draw in draws()) {
        let columns = Columns::new(&mut draw);
        let Some(points) = columns.points(&mut draw) else { return Ok(()) };
        let Some(view) = view(&mut draw, &points) else { return Ok(()) };
        let mut raster = match points.weights() {
            Some(_) => match Raster::weighted(view, draw.number()) {
                Ok(raster) => raster,
                Err(_) => return Ok(()),
            },
            None => Raster::new(view),
        };
        let _ = raster.add(&points);
        if let Ok(mut read) = Raster::from_bytes(&draw.damaged(raster.to_bytes())) {
            prop_assert_eq!(read.values().len(), read.view().pixels());
            let _ = (read.merge(&raster), read.add(&points), read.map(normalization(&mut draw)));
        }
        let sigma = [draw.number(), draw.number()];
        let Ok(plan) = GaussianPlan::new(view, sigma, &options(&mut draw)) else { return Ok(()) };
        let mut raster = plan.make_raster();
        plan.add(&mut raster, &points);
        if let Ok(mut read) = SmoothRaster::from_bytes(&draw.damaged(raster.to_bytes())) {
            let _ = read.merge(&raster);
            if let Ok(plan) = read.plan(Normalization::Density) {
                check(&plan.finish(&read))?;
            }
        }
    }

    #[test]
    fn tiles_have_a_value_for_each_pixel(mut draw in draws()) {
        let columns = Columns::new(&mut draw);
        let Some(points) = columns.points(&mut draw) else { return Ok(()) };
        let kernel = match draw.below(5) {
            0 => TileKernel::Counts,
            1 => TileKernel::Pixels(draw.number()),
            2 => TileKernel::Boxes { radius: draw.length(), passes: draw.below(4) },
            3 => TileKernel::Metres(draw.number() * 1e5),
            _ => TileKernel::Ground(draw.number() * 1e5),
        };
        let options = TileOptions::default().with_tolerance(draw.tolerance()).with_most_tiles(20);
        let (first, last) = (draw.pick(&[0, 1, 2, 30, 255]), draw.pick(&[2, 0, 1, 30, 255]));
        if let Ok(pyramid) = TilePyramid::new(&points, first..=last, kernel, &options) {
            for &tile in pyramid.tiles().iter().take(2) {
                if let Ok(map) = pyramid.tile(tile) {
                    check(&map)?;
                }
            }
        }
        if let Ok(tile) = TileId::new(draw.pick(&[0, 3, 30, 31, 255]), draw.pick(&[0, 7, u32::MAX]), 0) {
            let _ = (tile.view(), tile.bounds_deg(), tile.parent());
        }
    }
}

#[test]
fn views_of_the_earth_without_end_are_refused() {
    let places = Points::new(&[0.0], &[0.0]).unwrap();
    let projected = MercatorPoints::project(&places);
    let map = |degrees: [f64; 4], reach_m: f64| {
        let view = mercator_view(degrees, [8, 8]).unwrap();
        projected.map(&view, reach_m, |points| histogram(points, &view, Normalization::Count))
    };
    assert_eq!(map([-3600.0, -10.0, 3590.0, 10.0], 0.0).unwrap().sum(), 20.0);
    assert!(map([0.0, -10.0, 1e12, 10.0], 0.0).is_err());
    assert!(map([1e300, -10.0, 1.1e300, 10.0], 0.0).is_err());
    assert!(map([0.0, -10.0, 10.0, 10.0], 1e300).is_err());
    let boxes = |radius| TileKernel::Boxes { radius, passes: 3 };
    for kernel in
        [TileKernel::Pixels(1e9), TileKernel::Metres(1e13), TileKernel::Ground(1e300), boxes(usize::MAX)]
    {
        assert!(TilePyramid::new(&projected.points(), 0..=1, kernel, &TileOptions::default()).is_err());
    }
}

#[test]
fn an_endless_bandwidth_has_the_largest_radius() {
    assert_eq!(box_radius(f64::INFINITY, 1), usize::MAX);
}

#[test]
fn rasters_of_more_points_than_there_can_be_are_refused() {
    let view = View::new([0.0, 0.0, 1.0, 1.0], [2, 2]).unwrap();
    let mut bytes = Raster::new(view).to_bytes();
    bytes[104..112].copy_from_slice(&u64::MAX.to_le_bytes());
    assert!(Raster::from_bytes(&bytes).is_err());
    let points = Points::new(&[0.5], &[0.5]).unwrap().with_weights(&[1.0]).unwrap();
    let mut raster = Raster::weighted(view, 1.0).unwrap();
    raster.add(&points).unwrap();
    let mut bytes = raster.to_bytes();
    bytes[152..160].copy_from_slice(&i64::MAX.to_le_bytes());
    assert!(Raster::from_bytes(&bytes).is_err());
}
