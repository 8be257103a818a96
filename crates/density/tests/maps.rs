//! Smooth maps against their definitions, and what must not change them.
#![allow(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use hexad_density::{
    DensityError, GaussianOptions, GaussianPlan, Kernel, Map, Normalization, Points, SmoothRaster, View,
    box_map, direct, exact, gaussian, histogram, measure_error,
};
use hexad_testkit::{Random, assert_close, max_difference};
use proptest::prelude::*;

/// Points in clusters, some far outside.
fn clustered(seed: u64, count: usize) -> [Vec<f64>; 2] {
    let mut random = Random::new(seed);
    let centres: Vec<[f64; 3]> = (0..12)
        .map(|_| [random.uniform(-0.2, 1.2), random.uniform(-0.2, 1.2), random.uniform(0.005, 0.2)])
        .collect();
    let mut axes = [Vec::new(), Vec::new()];
    for index in 0..count {
        let [x, y, spread] = centres[index % 12];
        axes[0].push(x + spread * random.normal());
        axes[1].push(y + spread * random.normal());
    }
    axes
}

fn bits(map: &Map) -> Vec<u64> {
    map.values().iter().map(|value| value.to_bits()).collect()
}

#[test]
fn maps_are_within_their_tolerance_of_the_sum() {
    let [x, y] = clustered(1, 2000);
    let weights = Random::new(2).vector(2000, 0.0, 3.0);
    let points = Points::new(&x, &y).unwrap();
    let view = View::new([0.0, 0.1, 1.0, 0.7], [75, 46]).unwrap();
    for tolerance in [1e-3, 1e-5, 1e-7, 1e-9, 1e-10] {
        for sigma in [[0.01, 0.02], [0.05, 0.05], [0.1, 0.09], [0.3, 0.004], [2.0, 3.0]] {
            let options = GaussianOptions::default().with_tolerance(tolerance);
            for points in [points, points.with_weights(&weights).unwrap()] {
                let map = gaussian(&points, &view, sigma, &options).unwrap();
                let wanted = direct::gaussian(&points, &view, sigma);
                let peak = map.weight() / (std::f64::consts::TAU * sigma[0] * sigma[1]);
                assert_close(map.values(), &wanted, tolerance * peak);
                // Many points share their errors out: relative to the map's own peak it holds as well.
                let measured = measure_error(&map, &points, sigma, 50).unwrap();
                let largest = max_difference(map.values(), &wanted);
                assert!(
                    measured.largest <= largest + 1e-13 * peak && measured.relative < tolerance,
                    "{measured:?}"
                );
            }
        }
    }
}

#[test]
fn points_far_beyond_the_view_change_no_bit() {
    let [mut x, mut y] = clustered(9, 500);
    let view = View::new([0.0, 0.0, 1.0, 1.0], [96, 80]).unwrap();
    for sigma in [[0.01, 0.01], [0.1, 0.08]] {
        let plan = GaussianPlan::new(view, sigma, &GaussianOptions::default()).unwrap();
        let near = plan.apply(&Points::new(&x[..500], &y[..500]).unwrap());
        // Where numbers are no longer all whole, or all even, when counted in cells; and none at all.
        let far = (30..70).flat_map(|power| [1.0, -0.7].map(|sign| sign * f64::from(power).exp2()));
        for value in far.chain([f64::MAX, f64::MIN, f64::NAN, f64::INFINITY, f64::NEG_INFINITY]) {
            x.extend([value, 0.5, value]);
            y.extend([0.5, value, value]);
        }
        let all = plan.apply(&Points::new(&x, &y).unwrap());
        assert_eq!(bits(&all), bits(&near));
        assert_eq!((all.tally().inside, all.tally().missing), (near.tally().inside, 9));
        x.truncate(500);
        y.truncate(500);
    }
}

#[test]
fn mass_is_that_of_the_points() {
    let [x, y] = clustered(3, 5000);
    let points = Points::new(&x, &y).unwrap();
    let view = View::new([-4.0, -4.0, 5.0, 5.0], [900, 900]).unwrap();
    for tolerance in [1e-3, 1e-5, 1e-8] {
        for sigma in [0.015, 0.04, 0.3] {
            let options = GaussianOptions::default().with_tolerance(tolerance);
            let map = gaussian(&points, &view, [sigma; 2], &options).unwrap();
            let mass = map.sum() * view.pixel_area();
            assert!((mass / 5000.0 - 1.0).abs() < 1e-12, "{tolerance:e}, {sigma}: {mass}");
            let probability = map.normalized(Normalization::Probability);
            assert!((probability.sum() * view.pixel_area() - 1.0).abs() < 1e-12);
        }
    }
}

#[test]
fn threads_order_and_division_do_not_change_a_bit() {
    let [x, y] = clustered(4, 300_001);
    let view = View::new([0.0, 0.0, 1.0, 1.0], [96, 80]).unwrap();
    for sigma in [[0.02, 0.03], [0.1, 0.08]] {
        same_on_any_threads_in_any_order(&x, &y, view, sigma);
    }
}

fn same_on_any_threads_in_any_order(x: &[f64], y: &[f64], view: View, sigma: [f64; 2]) {
    let plan = GaussianPlan::new(view, sigma, &GaussianOptions::default()).unwrap();
    let whole = plan.apply(&Points::new(x, y).unwrap());
    for threads in [1, 3] {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        assert_eq!(pool.install(|| bits(&plan.apply(&Points::new(x, y).unwrap()))), bits(&whole));
    }
    let reversed = |values: &[f64]| values.iter().rev().copied().collect::<Vec<_>>();
    let (rx, ry) = (reversed(x), reversed(y));
    let (mut first, mut second) = (plan.make_raster(), plan.make_raster());
    plan.add(&mut first, &Points::new(&rx[..70_001], &ry[..70_001]).unwrap());
    plan.add(&mut second, &Points::new(&rx[70_001..], &ry[70_001..]).unwrap());
    let mut second = SmoothRaster::from_bytes(&second.to_bytes()).unwrap();
    second.merge(&SmoothRaster::from_bytes(&first.to_bytes()).unwrap()).unwrap();
    assert_eq!(bits(&plan.finish(&second)), bits(&whole));
    first.merge(&plan.make_raster()).unwrap();
    assert_eq!(SmoothRaster::from_bytes(&first.to_bytes()).unwrap().to_bytes(), first.to_bytes());
    assert_eq!(plan.finish(&second).tally(), whole.tally());
    let other = GaussianPlan::new(view, [0.02, 0.02], &GaussianOptions::default()).unwrap().make_raster();
    assert_eq!(second.merge(&other), Err(DensityError::DifferentRasters));
    assert!(plan.finish(&plan.make_raster()).values().iter().all(|value| *value == 0.0));
}

#[test]
fn weighted_maps_are_the_same_bits_in_any_order_and_division() {
    let [x, y] = clustered(5, 5_001);
    let mut random = Random::new(6);
    for spread in [0.0, 3.0, 40.0] {
        let weights: Vec<f64> = (0..5_001)
            .map(|_| random.uniform(-1.0, 3.0) * 10_f64.powf(random.uniform(-spread, spread)))
            .collect();
        let view = View::new([0.0, 0.0, 1.0, 1.0], [96, 80]).unwrap();
        for (sigma, tolerance) in [([0.02, 0.03], 1e-5), ([0.1, 0.2], 1e-5), ([0.05, 0.05], 1e-9)] {
            let options = GaussianOptions::default().with_tolerance(tolerance);
            let plan = GaussianPlan::new(view, sigma, &options).unwrap();
            let points = |x, y, weights| Points::new(x, y).unwrap().with_weights(weights).unwrap();
            let whole = plan.apply(&points(&x, &y, &weights));
            let reversed = |values: &[f64]| values.iter().rev().copied().collect::<Vec<_>>();
            let [rx, ry, rw] = [&x, &y, &weights].map(|values| reversed(values));
            let mut rasters = [plan.make_raster(), plan.make_raster(), plan.make_raster()];
            for (index, start) in (0..5_001).step_by(277).enumerate() {
                let part = start..(start + 277).min(5_001);
                let part = points(&rx[part.clone()], &ry[part.clone()], &rw[part]);
                plan.add(&mut rasters[index % 3], &part);
            }
            let [first, second, third] = rasters;
            let mut first = SmoothRaster::from_bytes(&first.to_bytes()).unwrap();
            first.merge(&SmoothRaster::from_bytes(&second.to_bytes()).unwrap()).unwrap();
            first.merge(&third).unwrap();
            let merged = plan.finish(&first);
            assert_eq!(bits(&merged), bits(&whole), "{spread}, {sigma:?}");
            assert_eq!(merged.weight().to_bits(), whole.weight().to_bits());
            let largest = weights.iter().fold(0.0, |most: f64, weight| most.max(weight.abs()));
            let peak = 5_001.0 * largest / (std::f64::consts::TAU * sigma[0] * sigma[1]);
            assert_close(
                whole.values(),
                &direct::gaussian(&points(&x, &y, &weights), &view, sigma),
                tolerance * peak,
            );
        }
    }
}

#[test]
fn bytes_that_are_no_smooth_raster_are_refused() {
    let view = View::new([0.0, 0.0, 1.0, 1.0], [12, 10]).unwrap();
    for sigma in [[0.1, 0.1], [1.0, 1.0]] {
        let plan = GaussianPlan::new(view, sigma, &GaussianOptions::default()).unwrap();
        let mut raster = plan.make_raster();
        plan.add(&mut raster, &Points::new(&[0.5, 0.25], &[0.5, 2.0]).unwrap());
        let bytes = raster.to_bytes();
        for end in (0..bytes.len()).step_by(97) {
            assert!(matches!(SmoothRaster::from_bytes(&bytes[..end]), Err(DensityError::NotARaster { .. })));
        }
        assert!(SmoothRaster::from_bytes(&[&bytes[..], &[0; 8]].concat()).is_err());
        for at in (0..bytes.len()).step_by(101) {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0x80;
            assert!(SmoothRaster::from_bytes(&damaged).is_err());
        }
    }
}

#[test]
fn points_with_and_without_weights_share_a_raster() {
    let [x, y] = clustered(9, 2000);
    let view = View::new([0.0, 0.0, 1.0, 1.0], [96, 80]).unwrap();
    for (sigma, tolerance) in [([0.02, 0.03], 1e-5), ([0.1, 0.2], 1e-5), ([0.05, 0.05], 1e-9)] {
        for heavy in [1e-20, 0.5, 7.0, 1e12, 1e30] {
            let options = GaussianOptions::default().with_tolerance(tolerance);
            let plan = GaussianPlan::new(view, sigma, &options).unwrap();
            let weights = vec![heavy; 1000];
            let light = Points::new(&x[..1000], &y[..1000]).unwrap();
            let heavy = Points::new(&x[1000..], &y[1000..]).unwrap().with_weights(&weights).unwrap();
            let made = |order: [&Points<'_>; 2]| {
                let mut raster = plan.make_raster();
                order.into_iter().for_each(|points| plan.add(&mut raster, points));
                plan.finish(&raster)
            };
            let map = made([&light, &heavy]);
            assert_eq!(bits(&map), bits(&made([&heavy, &light])));
            let weights: Vec<f64> = (0..2000).map(|i| if i < 1000 { 1.0 } else { weights[0] }).collect();
            let all = Points::new(&x, &y).unwrap().with_weights(&weights).unwrap();
            let peak = map.weight() / (std::f64::consts::TAU * sigma[0] * sigma[1]);
            assert_close(map.values(), &direct::gaussian(&all, &view, sigma), tolerance * peak);
        }
    }
}

#[test]
fn any_number_of_points_in_one_place_is_as_many_times_one() {
    let view = View::new([0.0, 0.0, 1.0, 1.0], [64, 64]).unwrap();
    let options = GaussianOptions::default().with_normalization(Normalization::Count);
    let plan = GaussianPlan::new(view, [0.15, 0.15], &options).unwrap();
    let one = plan.apply(&Points::new(&[0.41], &[0.59]).unwrap());
    for count in [1_000, 1_151, 2_050, 10_000] {
        // Among them as many that reach nothing.
        let [mut x, mut y] = [vec![0.41; count], vec![0.59; count]];
        x.resize(2 * count, 50.0);
        y.resize(2 * count, -7.0);
        let map = plan.apply(&Points::new(&x, &y).unwrap());
        let times: Vec<f64> = one.values().iter().map(|value| count as f64 * value).collect();
        assert_close(map.values(), &times, 1e-12 * times.iter().fold(0.0, |a: f64, b| a.max(*b)));
    }
}

#[test]
fn box_sums_are_those_of_the_definition_and_keep_mass() {
    let [x, y] = clustered(7, 3000);
    let points = Points::new(&x, &y).unwrap();
    let view = View::new([0.0, 0.0, 1.0, 1.0], [60, 50]).unwrap();
    for (radius, passes) in [([2, 3], 3), ([0, 5], 1), ([15, 15], 4)] {
        let map = box_map(&points, &view, radius, passes, Normalization::Count).unwrap();
        assert_close(map.values(), &direct::box_map(&points, &view, radius, passes), 1e-10);
        let wide = View::new([-9.0, -9.0, 10.0, 10.0], [300, 300]).unwrap();
        let sum = box_map(&points, &wide, radius, passes, Normalization::Count).unwrap().sum();
        assert!((sum - 3000.0).abs() < 3000.0 * 1e-12);
    }
    assert!(box_map(&points, &view, [1, 1], 0, Normalization::Count).is_err());
    assert_eq!(
        box_map(&points, &view, [30_000, 1], 8, Normalization::Count).unwrap_err(),
        DensityError::Overflow
    );
}

#[test]
fn four_boxes_are_within_a_twelfth_of_the_gaussian() {
    let view = View::new([0.0, 0.0, 201.0, 201.0], [201, 201]).unwrap();
    let points = Points::new(&[100.5], &[100.5]).unwrap();
    let boxes = box_map(&points, &view, [15, 15], 4, Normalization::Density).unwrap();
    let smooth = direct::gaussian(&points, &view, [17.8885, 17.8885]);
    let off = max_difference(boxes.values(), &smooth) / smooth[100 * 201 + 100];
    // Each axis is off by 3.5 % at the peak (the fourth cumulant: 3 kurtosis / 24 = 0.15 / 4).
    assert!((0.06..0.08).contains(&off), "{off}");
}

#[test]
fn exact_kernels_integrate_to_one_and_have_their_width() {
    let view = View::new([-9.0, -9.0, 9.0, 9.0], [600, 600]).unwrap();
    let points = Points::new(&[0.1], &[-0.2]).unwrap();
    // The sum over pixels of a kernel with an edge is as good as its edge is smooth.
    for (kernel, off) in [
        (Kernel::Gaussian, 1e-5),
        (Kernel::Epanechnikov, 1e-3),
        (Kernel::Quartic, 1e-4),
        (Kernel::Disc, 1e-2),
    ] {
        let map = exact(&points, &view, kernel, [1.0, 1.2], Normalization::Count).unwrap();
        let moment = |f: &dyn Fn([f64; 2]) -> f64| {
            map.values().iter().enumerate().map(|(i, v)| v * f(view.centre(i % 600, i / 600))).sum::<f64>()
        };
        let found =
            [moment(&|_| 1.0), moment(&|[x, _]| (x - 0.1).powi(2)), moment(&|[_, y]| (y + 0.2).powi(2))];
        assert_close(&found, &[1.0, 1.0, 1.44], off);
    }
    let [x, y] = clustered(8, 500);
    let points = Points::new(&x, &y).unwrap();
    let view = View::new([0.0, 0.0, 1.0, 1.0], [30, 20]).unwrap();
    let map = exact(&points, &view, Kernel::Gaussian, [0.01, 0.1], Normalization::Density).unwrap();
    assert_close(map.values(), &direct::gaussian(&points, &view, [0.01, 0.1]), 1e-12 * map.max().0);
}

#[test]
fn impossible_settings_are_refused() {
    let view = View::new([0.0, 0.0, 1.0, 1.0], [100, 100]).unwrap();
    let message =
        |sigma, options: GaussianOptions| GaussianPlan::new(view, sigma, &options).unwrap_err().to_string();
    let options = GaussianOptions::default();
    assert_eq!(message([0.0, 1.0], options), "sigma[0] must be finite and > 0, got 0");
    assert!(message([1.0, 0.001], options).contains("1.000e-1 pixels along y is below a fifth"));
    assert!(message([1.0, 1.0], options.with_tolerance(1e-12)).contains("from 1e-10 to 1e-3"));
    // 40 nodes a pixel and axis: 3.4 GB of f64.
    let large = View::new([0.0, 0.0, 512.0, 512.0], [512, 512]).unwrap();
    let refused = GaussianPlan::new(large, [0.2; 2], &options.with_tolerance(1e-10)).unwrap_err().to_string();
    assert!(refused.contains("a grid of 20566 x 20566 nodes, 3.3"), "{refused}");
    assert!(GaussianPlan::new(large, [0.2; 2], &options).is_ok());
    let empty = Points::new(&[], &[]).unwrap();
    let map = gaussian(&empty, &view, [0.1; 2], &options.with_normalization(Normalization::Max)).unwrap();
    assert_eq!((map.sum(), map.max(), map.tally().points), (0.0, (0.0, [0, 0]), 0));
    let missing = Points::new(&[f64::NAN, 0.5], &[0.5, f64::INFINITY]).unwrap();
    let map = gaussian(&missing, &view, [0.1; 2], &options).unwrap();
    assert_eq!((map.sum(), map.tally().missing), (0.0, 2));
    let weighted = missing.with_weights(&[3.0, 2.0]).unwrap();
    assert_eq!(gaussian(&weighted, &view, [0.1; 2], &options).unwrap().weight(), 0.0);
    let counts = histogram(&missing, &view, Normalization::Count).unwrap();
    assert_eq!((counts.sum(), counts.tally().missing), (0.0, 2));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn a_part_of_a_map_is_the_map_of_the_part(
        seed in 0_u64..1000, from in (0_usize..30, 0_usize..20), tolerance in prop_oneof![Just(1e-4), Just(1e-8)]
    ) {
        let [x, y] = clustered(seed, 200);
        let points = Points::new(&x, &y).unwrap();
        let view = View::new([0.1, 0.2, 0.9, 0.8], [40, 30]).unwrap();
        let size = [40 - from.0, 30 - from.1];
        let part = view.cut([from.0, from.1], size).unwrap();
        let options = GaussianOptions::default().with_tolerance(tolerance).with_normalization(Normalization::Count);
        let made: [&dyn Fn(&View) -> Map; 4] = [
            &|view| gaussian(&points, view, [0.05, 0.04], &options).unwrap(),
            &|view| gaussian(&points, view, [0.13, 0.2], &options).unwrap(),
            &|view| box_map(&points, view, [3, 2], 3, Normalization::Count).unwrap(),
            &|view| exact(&points, view, Kernel::Quartic, [0.05, 0.04], Normalization::Count).unwrap(),
        ];
        for make in made {
            let (whole, part) = (make(&view), make(&part));
            for row in 0..size[1] {
                for column in 0..size[0] {
                    let (a, b) = (part.value(column, row).unwrap(), whole.value(column + from.0, row + from.1).unwrap());
                    prop_assert_eq!(a.to_bits(), b.to_bits(), "{} {}", column, row);
                }
            }
        }
    }

    #[test]
    fn moving_points_and_view_by_whole_pixels_changes_no_bit(seed in 0_u64..1000, by in (-50_i32..50, -50_i32..50)) {
        // Multiples of 2^-20, so that the move itself is exact.
        let on_grid = |values: Vec<f64>, by: i32| -> Vec<f64> {
            values.iter().map(|v| (v * 1048576.0).round() / 1048576.0 + f64::from(by) / 32.0).collect()
        };
        let made = |by: (i32, i32), sigma: [f64; 2]| {
            let [x, y] = clustered(seed, 300);
            let (x, y) = (on_grid(x, by.0), on_grid(y, by.1));
            let (x0, y0) = (f64::from(by.0) / 32.0, f64::from(by.1) / 32.0);
            let view = View::new([x0, y0, x0 + 1.0, y0 + 1.0], [32, 32]).unwrap();
            bits(&gaussian(&Points::new(&x, &y).unwrap(), &view, sigma, &GaussianOptions::default()).unwrap())
        };
        for sigma in [[0.07, 0.03], [0.2, 0.25]] {
            prop_assert_eq!(made((0, 0), sigma), made(by, sigma));
        }
    }
}
