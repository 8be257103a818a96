//! Web Mercator: places, areas, and views across 180 degrees.

use std::f64::consts::PI;

use hexad_density::{
    DensityError, EARTH_RADIUS_M, GaussianOptions, LonLat, MERCATOR_LIMIT_DEG, MercatorPoints, Normalization,
    Points, View, box_map, direct, gaussian, ground_gaussian, histogram, mercator_sigma_m, mercator_view,
    per_km2, row_areas_km2,
};
use hexad_testkit::{Random, assert_close};
use proptest::prelude::*;

const WORLD_M: f64 = 2.0 * PI * EARTH_RADIUS_M;

/// Places all over the map, crowded about 180 degrees.
fn places(count: usize) -> [Vec<f64>; 2] {
    let mut random = Random::new(7);
    let lon = (0..count)
        .map(|i| if i % 3 == 0 { 180.0 + 4.0 * random.normal() } else { random.uniform(-180.0, 180.0) });
    let lon = lon.collect();
    [lon, random.vector(count, -85.0, 85.0)]
}

#[test]
fn places_are_where_published_tables_put_them() {
    // The example of IOGP Guidance Note 7-2 (2019), section 3.2.2.1.
    let place = LonLat { lon_deg: -(100.0 + 20.0 / 60.0), lat_deg: 24.0 + 22.0 / 60.0 + 54.433 / 3600.0 };
    assert_close(&place.to_mercator_m().unwrap(), &[-11_169_055.58, 2_800_000.00], 0.005);
    // The edge of the world, in the documents of web maps.
    let corner = LonLat::from_mercator_m([-20_037_508.342_789_244, 20_037_508.342_789_244]);
    assert_close(&[corner.lon_deg, corner.lat_deg], &[-180.0, 85.051_128_779_806_59], 1e-12);
}

proptest! {
    #[test]
    fn there_and_back_is_the_same_place(lon_deg in -180.0..180.0, lat_deg in -85.05..85.05) {
        let back = LonLat::from_mercator_m(LonLat { lon_deg, lat_deg }.to_mercator_m().unwrap());
        prop_assert!((back.lon_deg - lon_deg).abs() < 1e-13 && (back.lat_deg - lat_deg).abs() < 1e-13, "{back:?}");
    }
}

#[test]
fn points_beyond_the_map_are_counted_and_never_moved() {
    let lat = [MERCATOR_LIMIT_DEG, -MERCATOR_LIMIT_DEG, 85.06, -89.0, 900.0, f64::NAN, f64::INFINITY, 0.0];
    let lon = [0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, f64::NAN];
    let projected = MercatorPoints::project(&Points::new(&lon, &lat).unwrap());
    assert_eq!((projected.beyond(), projected.points().missing(), projected.points().len()), (3, 6, 8));
    let view = mercator_view([-180.0, -MERCATOR_LIMIT_DEG, 180.0, MERCATOR_LIMIT_DEG], [4, 4]).unwrap();
    let map = histogram(&projected.points(), &view, Normalization::Count).unwrap();
    assert_eq!((map.sum(), map.tally().missing), (2.0, 6));
}

#[test]
fn true_areas_add_up_to_the_zone_between_two_latitudes() {
    for [south, north] in [[-85.0, 85.0], [10.0, 10.001], [-60.0, -59.0]] {
        let view = mercator_view([20.0, south, 50.0, north], [7, 301]).unwrap();
        let sum: f64 = row_areas_km2(&view).iter().sum::<f64>() * 7.0;
        // A zone of the sphere between latitudes: R^2 dlon (sin b - sin a), by 2 cos((a + b) / 2) sin((b - a) / 2).
        let [a, b] = [south, north].map(f64::to_radians);
        let zone = 2.0 * (0.5 * (a + b)).cos() * (0.5 * (b - a)).sin();
        let wanted = 6378.137 * 6378.137 * (30.0 * PI / 180.0) * zone;
        // The bounds themselves are rounded: 4e-9 m of 111 in the narrowest.
        assert!((sum / wanted - 1.0).abs() < 1e-10, "{south} to {north}: {sum} is not {wanted}");
    }
}

#[test]
fn values_per_square_kilometre_times_true_area_are_the_count() {
    let [lon, lat] = places(5000);
    let weights = Random::new(1).vector(5000, 0.0, 2.0);
    let degrees = Points::new(&lon, &lat).unwrap().with_weights(&weights).unwrap();
    let projected = MercatorPoints::project(&degrees);
    let view = mercator_view([-180.0, -85.05, 180.0, 85.05], [300, 280]).unwrap();
    let total = |values: &[f64]| -> f64 {
        values.chunks(300).zip(row_areas_km2(&view)).map(|(row, area)| row.iter().sum::<f64>() * area).sum()
    };
    let weight: f64 = weights.iter().sum();
    for normalization in [Normalization::Count, Normalization::Density] {
        let map = histogram(&projected.points(), &view, normalization).unwrap();
        assert!((total(&per_km2(&map).unwrap()) / weight - 1.0).abs() < 1e-9);
    }
    let options = GaussianOptions::default().with_normalization(Normalization::Probability);
    let smooth = projected.map(&view, 3e6, |points| gaussian(points, &view, [3e5; 2], &options)).unwrap();
    // What the kernel carries beyond the north and south of the view is missing.
    let kept = smooth.sum() * view.pixel_area();
    assert!((total(&per_km2(&smooth).unwrap()) / kept - 1.0).abs() < 1e-12 && kept > 0.97);
    let score = histogram(&projected.points(), &view, Normalization::Max).unwrap();
    assert_eq!(per_km2(&score), Err(DensityError::NoUnit));
}

#[test]
fn per_square_kilometre_is_the_planes_density_over_the_cosine_squared() {
    let projected =
        MercatorPoints::project(&Points::new(&[10.0], &[60.0]).unwrap()).points().columns().map(|c| c[0]);
    let view = mercator_view([9.0, 59.0, 11.0, 61.0], [512, 1024]).unwrap();
    let points = Points::new(&projected[..1], &projected[1..]).unwrap();
    let sigma = mercator_sigma_m(5000.0, 60.0).unwrap();
    assert!((sigma - 10_000.0).abs() < 1e-8);
    let map = gaussian(&points, &view, [sigma; 2], &GaussianOptions::default()).unwrap();
    let peak = per_km2(&map).unwrap().into_iter().fold(0.0, f64::max);
    // A Gaussian of 5 km on the ground; the peak is within half a pixel (217 m of 10 km) of the point.
    let wanted = 1.0 / (2.0 * PI * 25.0);
    assert!((peak / wanted - 1.0).abs() < 1e-3, "{peak} is not {wanted}");
    let pixel = view.pixel_of(projected[0], projected[1]).unwrap();
    let lat = LonLat::from_mercator_m(view.centre(pixel[0], pixel[1])).lat_deg.to_radians();
    let centre = map.value(pixel[0], pixel[1]).unwrap() * 1e6 / lat.cos().powi(2);
    let exact = per_km2(&map).unwrap()[pixel[1] * 512 + pixel[0]];
    let height = view.pixel_size()[1] / EARTH_RADIUS_M;
    assert!((centre / exact - 1.0).abs() < height * height / 6.0);
}

#[test]
fn a_kernel_on_the_ground_is_as_wide_as_its_latitude_asks() {
    let [lon, lat] = places(400);
    let weights = Random::new(9).vector(400, 0.0, 2.0);
    let degrees = Points::new(&lon, &lat).unwrap();
    let ground_m = 2e5;
    for degrees in [degrees, degrees.with_weights(&weights).unwrap()] {
        let projected = MercatorPoints::project(&degrees);
        let points = projected.points();
        let view = mercator_view([-100.0, -80.0, 100.0, 84.0], [90, 130]).unwrap();
        for tolerance in [1e-3, 1e-5, 1e-7] {
            let options = GaussianOptions::default().with_tolerance(tolerance);
            let map = ground_gaussian(&points, &view, ground_m, &options).unwrap();
            let mut wanted = vec![0.0; view.pixels()];
            let mut peaks = 0.0;
            for (x, y, weight) in points.present() {
                let sigma = ground_m * (y / EARTH_RADIUS_M).cosh();
                let point = ([x], [y], [weight]);
                let one = Points::new(&point.0, &point.1).unwrap().with_weights(&point.2).unwrap();
                peaks += weight / (2.0 * PI * sigma * sigma);
                wanted
                    .iter_mut()
                    .zip(direct::gaussian(&one, &view, [sigma; 2]))
                    .for_each(|(sum, value)| *sum += value);
            }
            assert_close(map.values(), &wanted, tolerance * peaks);
            assert_eq!(map.tally().points, 400);
        }
    }
    let options = GaussianOptions::default().with_tolerance(1e-2);
    let view = mercator_view([0.0, 0.0, 10.0, 10.0], [10, 10]).unwrap();
    assert!(ground_gaussian(&degrees, &view, ground_m, &options).is_err());
    assert!(ground_gaussian(&degrees, &view, -1.0, &GaussianOptions::default()).is_err());
}

#[test]
fn kernels_many_times_wider_than_the_world_are_refused() {
    let projected = MercatorPoints::project(&Points::new(&[20.0], &[50.0]).unwrap());
    let view = mercator_view([170.0, -80.0, 190.0, 80.0], [20, 20]).unwrap();
    let even = |ground_m: f64| {
        let reach_m = 5.0 * ground_m;
        projected.map(&view, reach_m, |points| {
            ground_gaussian(points, &view, ground_m, &GaussianOptions::default())
        })
    };
    // Two worlds wide: the same all along a parallel.
    let map = even(2.0 * WORLD_M).unwrap();
    for row in map.values().chunks(20) {
        assert!(row.iter().all(|value| (value / row[0] - 1.0).abs() < 1e-3));
    }
    for ground_m in [30.0 * WORLD_M, 1e20, 1e300] {
        assert!(even(ground_m).unwrap_err().to_string().contains("up to 100 turns around the Earth"));
    }
}

#[test]
fn a_view_across_180_shows_both_sides() {
    let [lon, lat] = places(4000);
    let projected = MercatorPoints::project(&Points::new(&lon, &lat).unwrap());
    // The same view, where nothing wraps: longitudes from 0 to 360.
    let turned: Vec<f64> = lon.iter().map(|lon| lon.rem_euclid(360.0)).collect();
    let plain = mercator_view([150.0, -70.0, 210.0, 80.0], [60, 150]).unwrap();
    let across = mercator_view([150.0, -70.0, -150.0, 80.0], [60, 150]).unwrap();
    assert_eq!(plain, across);
    let y = projected.points().columns()[1];
    let x: Vec<f64> = turned.iter().map(|lon| lon / 360.0 * WORLD_M).collect();
    let points = Points::new(&x, y).unwrap();
    let sigma = [2e5; 2];
    let reach = 12.0 * sigma[0];
    let options = GaussianOptions::default();
    let map = projected.map(&across, reach, |points| gaussian(points, &across, sigma, &options)).unwrap();
    let wanted = gaussian(&points, &plain, sigma, &options).unwrap();
    let peak = 4000.0 / (2.0 * PI * sigma[0] * sigma[1]);
    // Coordinates differ by rounding: 1e-8 m of 200 km, and the quantum of the weights.
    assert_close(map.values(), wanted.values(), 1e-6 * peak);
    assert_eq!(map.tally().inside, wanted.tally().inside);
    assert_eq!((map.tally().points, map.weight()), (4000, 4000.0));
    let counts =
        projected.map(&across, 0.0, |points| histogram(points, &across, Normalization::Count)).unwrap();
    assert_eq!(counts.sum(), wanted.tally().inside as f64);
    let boxes = |points: &Points<'_>| box_map(points, &across, [3, 3], 2, Normalization::Count);
    let wrapped = projected.map(&across, 10.0 * across.pixel_size()[0], boxes).unwrap();
    assert_close(wrapped.values(), boxes(&points).unwrap().values(), 1e-12);
}

#[test]
fn a_kernel_at_the_edge_of_the_world_counts_on_the_other_side() {
    let projected = MercatorPoints::project(&Points::new(&[179.0, -180.0], &[0.0, 0.0]).unwrap());
    let world = mercator_view([-180.0, -85.0, 180.0, 85.0], [360, 200]).unwrap();
    let sigma = [3e5; 2];
    let map = projected
        .map(&world, 4e6, |points| gaussian(points, &world, sigma, &GaussianOptions::default()))
        .unwrap();
    let points = projected.points();
    let [x, y] = points.columns();
    let all: Vec<f64> =
        [-1.0, 0.0, 1.0].iter().flat_map(|turn| x.iter().map(move |x| x + turn * WORLD_M)).collect();
    let wanted = direct::gaussian(&Points::new(&all, &y.repeat(3)).unwrap(), &world, sigma);
    assert_close(map.values(), &wanted, 1e-5 / (2.0 * PI * 9e10));
    let mass = map.sum() * world.pixel_area();
    // The two halves of a kernel meet within the tolerance: their grids are not in step.
    assert!((mass - 2.0).abs() < 1e-5, "{mass}");
    assert_eq!((map.tally().points, map.tally().inside, map.weight()), (2, 2, 2.0));
    // Once, though the last pixel is closed: 180 degrees east are 180 degrees west.
    let counts =
        projected.map(&world, 1e6, |points| histogram(points, &world, Normalization::Count)).unwrap();
    assert_eq!((counts.sum(), counts.value(0, 100)), (2.0, Some(1.0)));
    let probability = GaussianOptions::default().with_normalization(Normalization::Probability);
    let map = projected.map(&world, 4e6, |points| gaussian(points, &world, sigma, &probability)).unwrap();
    assert!((map.sum() * world.pixel_area() - 0.5 * mass).abs() < 1e-14);
}

#[test]
fn a_view_of_two_worlds_shows_every_point_twice() {
    let projected = MercatorPoints::project(&Points::new(&[10.0, -100.0], &[0.0, 50.0]).unwrap());
    let view = View::new([-WORLD_M, -2e7, WORLD_M, 2e7], [8, 4]).unwrap();
    let map = projected.map(&view, 0.0, |points| histogram(points, &view, Normalization::Count)).unwrap();
    assert_eq!((map.sum(), map.tally().inside, map.weight()), (4.0, 2, 2.0));
}

#[test]
fn impossible_places_are_refused_with_the_number() {
    let message = |bounds| mercator_view(bounds, [4, 4]).unwrap_err().to_string();
    assert_eq!(
        message([0.0, -90.0, 10.0, 10.0]),
        "the latitude of a view must be from -85.05112878 to 85.05112878 degrees, got -90"
    );
    assert!(message([0.0, f64::NAN, 10.0, 10.0]).contains("must be finite"));
    assert!(message([0.0, 10.0, 10.0, 10.0]).contains("along y"));
    assert!(message([5.0, 0.0, 5.0, 10.0]).contains("along x"));
    assert!(mercator_sigma_m(0.0, 10.0).is_err() && mercator_sigma_m(5.0, 86.0).is_err());
    let projected = MercatorPoints::project(&Points::new(&[], &[]).unwrap());
    let view = mercator_view([0.0, 0.0, 1.0, 1.0], [1, 1]).unwrap();
    let draw = |points: &Points<'_>| histogram(points, &view, Normalization::Count);
    assert!(projected.map(&view, -1.0, draw).is_err() && projected.map(&view, f64::NAN, draw).is_err());
    assert_eq!(projected.map(&view, 1e9, draw).unwrap().sum(), 0.0);
}
