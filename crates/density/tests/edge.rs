//! Points that can only be inside a rectangle.

use hexad_density::{
    DensityError, EdgeCorrection, GaussianOptions, Normalization, Points, View, direct, gaussian,
};
use hexad_testkit::{Random, assert_close, max_difference};

const BOTH: [EdgeCorrection; 2] = [EdgeCorrection::Uniform, EdgeCorrection::Diggle];

/// Points at the middles of cells of a rectangle: sums over them are integrals over it.
fn even(bounds: [f64; 4], count: usize) -> [Vec<f64>; 2] {
    let [x0, y0, x1, y1] = bounds;
    let at = |index: usize, low: f64, high: f64| low + (high - low) * (index as f64 + 0.5) / count as f64;
    let places = (0..count * count).map(|index| (at(index % count, x0, x1), at(index / count, y0, y1)));
    places.unzip::<f64, f64, Vec<f64>, Vec<f64>>().into()
}

#[test]
fn even_points_give_an_even_map() {
    let support = [1.0, 2.0, 3.0, 3.0];
    let [x, y] = even(support, 200);
    let points = Points::new(&x, &y).unwrap();
    let view = View::new([0.5, 1.5, 3.5, 3.5], [60, 40]).unwrap();
    let options = GaussianOptions::default().with_normalization(Normalization::Probability);
    let map = EdgeCorrection::Uniform.map(&points, &view, [0.2, 0.15], support, &options).unwrap();
    for (index, value) in map.values().iter().enumerate() {
        let [cx, cy] = view.centre(index % 60, index / 60);
        let inside = (1.0..=3.0).contains(&cx) && (2.0..=3.0).contains(&cy);
        // Sums over cells of 0.01 and 0.005: (h / sigma)^2 / 24 at an end.
        let wanted = if inside { 0.5 } else { 0.0 };
        assert!((value - wanted).abs() < 2e-4, "{cx} {cy}: {value}");
    }
    // Without correction a corner has a quarter.
    let plain = gaussian(&points, &view, [0.2, 0.15], &options).unwrap();
    assert!((plain.value(10, 10).unwrap() / 0.5 - 0.25).abs() < 0.15);
}

#[test]
fn every_point_counts_as_one_inside() {
    let mut random = Random::new(1);
    let (x, y) = (random.vector(300, 0.0, 1.0), random.vector(300, 0.0, 2.0));
    let points = Points::new(&x, &y).unwrap();
    let support = [0.0, 0.0, 1.0, 2.0];
    let options = GaussianOptions::default().with_tolerance(1e-9);
    let mass = |size: usize, correction: EdgeCorrection| {
        let view = View::new(support, [size, size]).unwrap();
        correction.map(&points, &view, [0.2, 0.3], support, &options).unwrap().sum() * view.pixel_area()
    };
    // Sums over pixels miss an integral by the square of the pixel, then its fourth power.
    let sums = [50, 100, 200].map(|size| mass(size, EdgeCorrection::Diggle));
    let order = ((sums[0] - sums[1]) / (sums[1] - sums[2])).log2();
    assert!((order - 2.0).abs() < 0.02, "{order}");
    let integral = sums[2] + (sums[2] - sums[1]) / 3.0;
    assert!((integral - 300.0).abs() < 300.0 * 1e-7, "{integral}");
    assert!((mass(200, EdgeCorrection::Uniform) - 300.0).abs() > 0.1);
}

#[test]
fn maps_are_within_their_tolerance_of_the_sum() {
    let mut random = Random::new(2);
    let (x, y) = (random.vector(800, -0.2, 1.2), random.vector(800, -0.2, 1.2));
    let weights = random.vector(800, -1.0, 3.0);
    let points = Points::new(&x, &y).unwrap();
    let view = View::new([-0.1, 0.1, 1.0, 0.7], [75, 46]).unwrap();
    let support = [0.0, 0.05, 0.9, 1.1];
    for tolerance in [1e-3, 1e-5, 1e-8] {
        let options = GaussianOptions::default().with_tolerance(tolerance);
        for sigma in [[0.02, 0.05], [0.3, 0.2]] {
            for (points, correction) in [points, points.with_weights(&weights).unwrap()]
                .into_iter()
                .flat_map(|points| BOTH.map(|correction| (points, correction)))
            {
                let map = correction.map(&points, &view, sigma, support, &options).unwrap();
                let wanted = direct::within(&points, &view, sigma, support, correction);
                let sizes: f64 = points.present().map(|(_, _, weight)| weight.abs()).sum();
                let peak = sizes / (std::f64::consts::TAU * sigma[0] * sigma[1]);
                assert!(
                    max_difference(map.values(), &wanted) <= tolerance * peak,
                    "{correction:?} {sigma:?}"
                );
                assert_eq!(map.error_bound(), tolerance);
            }
        }
    }
}

#[test]
fn far_from_the_edges_nothing_is_corrected() {
    let [x, y] = even([4.0, 4.0, 6.0, 6.0], 10);
    let points = Points::new(&x, &y).unwrap();
    let view = View::new([3.0, 3.0, 7.0, 7.0], [40, 40]).unwrap();
    let options = GaussianOptions::default().with_tolerance(1e-8);
    let plain = gaussian(&points, &view, [0.2, 0.2], &options).unwrap();
    for correction in BOTH {
        let map = correction.map(&points, &view, [0.2, 0.2], [0.0, 0.0, 10.0, 10.0], &options).unwrap();
        assert_close(map.values(), plain.values(), 2e-8 * plain.max().0);
    }
}

#[test]
fn points_outside_do_not_count_and_an_empty_rectangle_is_refused() {
    let points = Points::new(&[0.5, 1.5, f64::NAN], &[0.5, 0.5, 0.5]).unwrap();
    let view = View::new([0.0, 0.0, 2.0, 1.0], [20, 10]).unwrap();
    let options = GaussianOptions::default();
    let map = EdgeCorrection::Diggle.map(&points, &view, [0.1, 0.1], [0.0, 0.0, 1.0, 1.0], &options).unwrap();
    assert_eq!((map.weight(), map.tally().inside, map.tally().missing), (1.0, 2, 1));
    assert_eq!(map.value(15, 5), Some(0.0));
    let refused = |support, sigma, options: &GaussianOptions| {
        EdgeCorrection::Uniform.map(&points, &view, sigma, support, options).unwrap_err()
    };
    let empty = refused([0.0, 0.0, 0.0, 1.0], [0.1; 2], &options);
    assert_eq!(empty, DensityError::EmptyView { axis: "x", low: 0.0, high: 0.0 });
    let unbounded = refused([0.0, 0.0, f64::INFINITY, 1.0], [0.1; 2], &options);
    assert_eq!(unbounded.to_string(), "support[2] must be finite, got inf");
    assert!(refused([0.0, 0.0, 1.0, 1.0], [-0.1; 2], &options).to_string().contains("sigma[0]"));
    let fine = refused([0.0, 0.0, 1.0, 1.0], [0.1; 2], &options.with_tolerance(2e-10));
    assert!(fine.to_string().contains("at a corner"), "{fine}");
}
