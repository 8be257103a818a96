//! Maps at many widths from few passes through the points.

use hexad_density::{GaussianOptions, Normalization, Points, Sweep, View, gaussian, measure_error};
use hexad_testkit::{Random, max_difference};

fn scattered(seed: u64, count: usize) -> [Vec<f64>; 2] {
    let mut random = Random::new(seed);
    let mut axes = [Vec::new(), Vec::new()];
    for index in 0..count {
        let (centre, spread) = [(30.0, 2.0), (70.0, 20.0), (50.0, 80.0)][index % 3];
        axes.iter_mut().for_each(|axis| axis.push(centre + spread * random.normal()));
    }
    axes
}

#[test]
fn every_map_is_the_separate_one_within_the_tolerance() {
    // Enough points that all stages are made.
    let [x, y] = scattered(1, 400_000);
    let weights = Random::new(2).vector(400_000, -1.0, 3.0);
    let view = View::new([0.0, 0.0, 100.0, 80.0], [100, 80]).unwrap();
    let points = Points::new(&x, &y).unwrap();
    for tolerance in [1e-3, 1e-5, 1e-8, 1e-9] {
        let options = GaussianOptions::default().with_tolerance(tolerance);
        for points in [points, points.with_weights(&weights).unwrap()] {
            let sweep = Sweep::new(&points, &view, [1.0, 1.3], [1.5, 20.0], &options).unwrap();
            for factor in [1.5, 2.0, 2.999, 3.0, 7.3, 12.0, 20.0] {
                let sigma = [factor, 1.3 * factor];
                let map = sweep.map(factor).unwrap();
                let finest = options.with_tolerance(1e-10);
                let wanted = gaussian(&points, &view, sigma, &finest).unwrap();
                let off = max_difference(map.values(), wanted.values()) / wanted.max().0;
                assert!(off <= tolerance, "{tolerance:e}, {factor}: {off:e}");
                assert_eq!(map.tally(), wanted.tally());
            }
        }
    }
    let sweep = Sweep::new(&points, &view, [1.0, 1.0], [2.0, 9.0], &GaussianOptions::default()).unwrap();
    let map = sweep.map(5.0).unwrap();
    assert!(measure_error(&map, &points, [5.0, 5.0], 20).unwrap().relative <= map.error_bound());
}

#[test]
fn a_lone_point_is_within_the_tolerance_at_every_stage() {
    // One point among many of no weight, so that stages are made.
    let count = 400_000;
    let mut random = Random::new(3);
    let view = View::new([0.0, 0.0, 90.0, 80.0], [90, 80]).unwrap();
    for tolerance in [1e-3, 1e-5, 1e-7] {
        for step in 0..3 {
            let mut x = random.vector(count, 0.0, 90.0);
            let mut y = random.vector(count, 0.0, 80.0);
            (x[0], y[0]) = (45.0 + 0.37 * f64::from(step), 40.0 + 0.21 * f64::from(step));
            let mut weights = vec![0.0; count];
            weights[0] = 1.0;
            let points = Points::new(&x, &y).unwrap().with_weights(&weights).unwrap();
            let options = GaussianOptions::default().with_tolerance(tolerance);
            let sweep = Sweep::new(&points, &view, [1.0, 1.0], [2.0, 30.0], &options).unwrap();
            for factor in [2.0, 3.99, 4.0, 11.0, 16.0, 30.0] {
                let map = sweep.map(factor).unwrap();
                let wanted = gaussian(&points, &view, [factor; 2], &options.with_tolerance(1e-10)).unwrap();
                let peak = 1.0 / (std::f64::consts::TAU * factor * factor);
                let off = max_difference(map.values(), wanted.values()) / peak;
                assert!(off <= tolerance, "{tolerance:e}, {factor}: {off:e}");
            }
        }
    }
}

#[test]
fn mass_and_normalization_are_those_of_the_points() {
    let [x, y] = scattered(4, 300_000);
    let points = Points::new(&x, &y).unwrap();
    let view = View::new([-500.0, -500.0, 600.0, 600.0], [550, 550]).unwrap();
    let options = GaussianOptions::default().with_normalization(Normalization::Probability);
    let sweep = Sweep::new(&points, &view, [2.0, 2.0], [2.0, 16.0], &options).unwrap();
    for factor in [2.0, 5.0, 16.0] {
        let mass = sweep.map(factor).unwrap().sum() * view.pixel_area();
        assert!((mass - 1.0).abs() < 1e-11, "{factor}: {mass}");
    }
    let peak =
        Sweep::new(&points, &view, [2.0; 2], [2.0, 4.0], &options.with_normalization(Normalization::Max));
    assert!((peak.unwrap().map(3.0).unwrap().max().0 - 1.0).abs() < 1e-15);
}

#[test]
fn few_points_are_kept_and_impossible_factors_refused() {
    let points = Points::new(&[1.0, f64::NAN], &[1.0, 2.0]).unwrap();
    let view = View::new([0.0, 0.0, 8.0, 8.0], [16, 16]).unwrap();
    let options = GaussianOptions::default();
    let sweep = Sweep::new(&points, &view, [1.0, 1.0], [0.5, 4.0], &options).unwrap();
    let wanted = gaussian(&points, &view, [2.0, 2.0], &options.with_tolerance(1e-10)).unwrap();
    let map = sweep.map(2.0).unwrap();
    assert!(max_difference(map.values(), wanted.values()) <= 1e-5 * wanted.max().0);
    assert_eq!(map.tally(), wanted.tally());
    for factor in [0.49, 4.1, f64::NAN] {
        assert!(sweep.map(factor).unwrap_err().to_string().contains("that the sweep was made for"));
    }
    let refused =
        |factors, options| Sweep::new(&points, &view, [1.0, 1.0], factors, &options).unwrap_err().to_string();
    assert!(refused([2.0, 1.0], options).contains("factors[0] or above, got 1"));
    assert!(refused([0.0, 1.0], options).contains("factors[0]"));
    assert!(refused([0.01, 1.0], options).contains("below a fifth of a pixel"));
    assert!(refused([1.0, 2.0], options.with_tolerance(1e-10)).contains("from 1e-9 to 1e-3"));
}
