//! Kernels whose width follows the density.

use hexad_density::{
    Adaptive, AdaptiveOptions, DensityError, GaussianOptions, Normalization, Points, View, adaptive, direct,
    gaussian, measure_error_with,
};
use hexad_testkit::{Random, assert_close, max_difference};

/// A dense cluster, a wide one, and a few points on their own.
fn scattered(seed: u64, count: usize) -> [Vec<f64>; 2] {
    let mut random = Random::new(seed);
    let mut axes = [Vec::new(), Vec::new()];
    for index in 0..count {
        let (centre, spread) = [(0.3, 0.02), (0.6, 0.15), (0.5, 0.5)][(index % 7).min(2)];
        axes.iter_mut().for_each(|axis| axis.push(centre + spread * random.normal()));
    }
    axes
}

#[test]
fn maps_are_within_their_tolerance_of_the_sum() {
    let [x, y] = scattered(1, 1500);
    let weights = Random::new(2).vector(1500, 0.0, 3.0);
    let points = Points::new(&x, &y).unwrap();
    let view = View::new([0.0, 0.1, 1.0, 0.7], [75, 46]).unwrap();
    for (tolerance, sensitivity) in [(1e-3, 0.5), (1e-5, 0.5), (1e-5, 1.0), (1e-7, 0.3), (1e-9, 0.5)] {
        let options = AdaptiveOptions::default()
            .with_tolerance(tolerance)
            .with_sensitivity(sensitivity)
            .with_limits([0.25, 6.0]);
        for points in [points, points.with_weights(&weights).unwrap()] {
            let sigma = [0.05, 0.08];
            let factors = direct::factors(&points, sigma, &options);
            let widths = Adaptive::new(&points, sigma, &options).unwrap();
            let ratios: Vec<f64> = widths.factors().iter().zip(&factors).map(|(a, b)| a / b).collect();
            assert_close(&ratios, &vec![1.0; 1500], 1e-8);
            let map = widths.map(&view).unwrap();
            let wanted = direct::adaptive(&points, &view, sigma, &factors);
            // All kernels' peaks together, as stated; in fact the map's own peak will do.
            let peak: f64 =
                points.present().zip(&factors).map(|((_, _, weight), f)| weight / (f * f)).sum::<f64>()
                    / (std::f64::consts::TAU * sigma[0] * sigma[1]);
            assert_close(map.values(), &wanted, tolerance * peak);
            let largest = max_difference(map.values(), &wanted);
            assert!(largest <= tolerance * map.max().0, "{tolerance:e}: {:e}", largest / map.max().0);
            let measured =
                measure_error_with(&map, 40, |pixel| direct::adaptive(&points, pixel, sigma, &factors)[0])
                    .unwrap();
            assert!(measured.largest <= largest * (1.0 + 1e-9) && map.error_bound() == tolerance);
        }
    }
}

#[test]
fn a_lone_point_is_within_the_tolerance_at_every_width() {
    // Two points whose distance sets their density: each is mapped at a width between rungs.
    let view = View::new([-30.0, -30.0, 30.0, 30.0], [60, 60]).unwrap();
    for step in 0..40 {
        let limit = 2.0 * 1.013_f64.powi(step);
        let options = AdaptiveOptions::default().with_limits([limit, limit]);
        let (x, y) = ([0.3], [-0.2]);
        let point = Points::new(&x, &y).unwrap();
        let map = adaptive(&point, &view, [1.0, 1.5], &options).unwrap();
        let peak = 1.0 / (std::f64::consts::TAU * 1.5 * limit * limit);
        assert_close(map.values(), &direct::gaussian(&point, &view, [limit, 1.5 * limit]), 1e-5 * peak);
    }
}

#[test]
fn without_sensitivity_it_is_the_plain_map() {
    let [x, y] = scattered(3, 3000);
    let points = Points::new(&x, &y).unwrap();
    let view = View::new([0.0, 0.0, 1.0, 1.0], [64, 50]).unwrap();
    for normalization in [Normalization::Count, Normalization::Probability, Normalization::Max] {
        let options = AdaptiveOptions::default().with_sensitivity(0.0).with_normalization(normalization);
        let map = adaptive(&points, &view, [0.04, 0.05], &options).unwrap();
        let plain = gaussian(
            &points,
            &view,
            [0.04, 0.05],
            &GaussianOptions::default().with_tolerance(1e-8).with_normalization(normalization),
        )
        .unwrap();
        assert_close(map.values(), plain.values(), 1e-5 * plain.max().0);
        assert_eq!(map.tally(), plain.tally());
    }
}

#[test]
fn mass_is_that_of_the_points_and_widths_follow_abramson() {
    let [x, y] = scattered(4, 2000);
    let points = Points::new(&x, &y).unwrap();
    let options = AdaptiveOptions::default().with_limits([0.4, 10.0]);
    let sigma = [0.06, 0.06];
    let widths = Adaptive::new(&points, sigma, &options).unwrap();
    let view = View::new([-6.0, -6.0, 7.0, 7.0], [1000, 1000]).unwrap();
    let mass = widths.map(&view).unwrap().sum() * view.pixel_area();
    // Shares of a point sum to 1 to rounding; the narrowest kernels are 1.6 pixels wide.
    assert!((mass / 2000.0 - 1.0).abs() < 1e-11, "{mass}");
    // The geometric mean of widths that no limit holds is sigma.
    let free = Adaptive::new(&points, sigma, &options.with_limits([1e-6, 1e6])).unwrap().factors();
    let mean = free.iter().map(|factor| factor.ln()).sum::<f64>() / 2000.0;
    assert!(mean.abs() < 1e-12, "{mean:e}");
    let widest = free.iter().copied().fold(0.0, f64::max);
    assert!(free[0] < 0.4 && widest > 3.0, "{} {widest}", free[0]);
}

#[test]
fn missing_points_have_no_width_and_threads_change_nothing() {
    let [mut x, y] = scattered(5, 20_000);
    x[7] = f64::NAN;
    let points = Points::new(&x, &y).unwrap();
    let view = View::new([0.0, 0.0, 1.0, 1.0], [64, 50]).unwrap();
    let made = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let options = AdaptiveOptions::default().with_limits([0.3, 10.0]);
            let widths = Adaptive::new(&points, [0.03, 0.03], &options).unwrap();
            (widths.factors(), widths.map(&view).unwrap())
        })
    };
    let (factors, map) = made(1);
    let (other_factors, other_map) = made(3);
    assert!(factors[7].is_nan() && other_factors[7].is_nan() && factors[6].is_finite());
    assert_eq!(factors[8..], other_factors[8..]);
    assert_eq!(map, other_map);
    assert_eq!((map.tally().points, map.tally().missing), (20_000, 1));
    let none = Points::new(&[], &[]).unwrap();
    let empty = adaptive(&none, &view, [0.1; 2], &AdaptiveOptions::default()).unwrap();
    assert_eq!(empty.sum(), 0.0);
}

#[test]
fn impossible_settings_are_refused() {
    let points = Points::new(&[0.5, 0.6], &[0.5, 0.5]).unwrap();
    let options = AdaptiveOptions::default();
    let message = |points: &Points<'_>, sigma, options: &AdaptiveOptions| {
        Adaptive::new(points, sigma, options).unwrap_err().to_string()
    };
    assert_eq!(message(&points, [0.0, 1.0], &options), "sigma[0] must be finite and > 0, got 0");
    assert!(message(&points, [1e-13, 1.0], &options).contains("2^-40 of the largest coordinate"));
    assert!(message(&points, [1.0; 2], &options.with_sensitivity(1.5)).contains("from 0 to 1, got 1.5"));
    assert!(message(&points, [1.0; 2], &options.with_tolerance(1e-10)).contains("from 1e-9 to 1e-3"));
    assert!(
        message(&points, [1.0; 2], &options.with_limits([2.0, 1.0])).contains("limits[0] or above, got 1")
    );
    let weighted = points.with_weights(&[1.0, -2.0]).unwrap();
    assert!(message(&weighted, [1.0; 2], &options).contains("weights[1]"));
    let view = View::new([0.0, 0.0, 1.0, 1.0], [100, 100]).unwrap();
    let narrow = adaptive(&points, &view, [0.001, 0.001], &options).unwrap_err();
    assert!(matches!(narrow, DensityError::BandwidthTooSmall { .. }));
}
