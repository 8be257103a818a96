//! Maps with kernels tilted against the axes.

use hexad_density::{
    Bandwidth, Covariance, DensityError, GaussianOptions, Normalization, Points, TiltedPlan, View, direct,
    gaussian, gaussian_tilted,
};
use hexad_testkit::{Random, assert_close};
use proptest::prelude::*;

fn scattered(seed: u64, count: usize) -> [Vec<f64>; 2] {
    let mut random = Random::new(seed);
    (0..count)
        .map(|_| {
            let x = random.uniform(-0.3, 1.3);
            (x, 0.6 * x + 0.2 * random.normal())
        })
        .unzip::<f64, f64, Vec<f64>, Vec<f64>>()
        .into()
}

#[test]
fn maps_are_within_their_tolerance_of_the_sum() {
    let [x, y] = scattered(1, 500);
    let weights = Random::new(2).vector(500, -1.0, 3.0);
    let points = Points::new(&x, &y).unwrap();
    let view = View::new([0.0, 0.1, 1.0, 0.7], [61, 46]).unwrap();
    for tolerance in [1e-3, 1e-5, 1e-7, 2e-10] {
        for [sx, sy, correlation] in
            [[0.05, 0.05, 0.5], [0.05, 0.02, -0.9], [0.3, 0.2, 0.999], [0.02, 0.3, 0.3], [0.01, 0.02, 0.9]]
        {
            let kernel = Covariance::new(sx * sx, correlation * sx * sy, sy * sy).unwrap();
            let options = GaussianOptions::default().with_tolerance(tolerance);
            for points in [points, points.with_weights(&weights).unwrap()] {
                let map = gaussian_tilted(&points, &view, &kernel, &options).unwrap();
                let sizes: f64 = points.present().map(|(_, _, weight)| weight.abs()).sum();
                let determinant = 1.0 - correlation * correlation;
                let peak = sizes / (std::f64::consts::TAU * sx * sy * determinant.sqrt());
                assert_close(map.values(), &direct::tilted(&points, &view, &kernel), tolerance * peak);
                assert!(map.error_bound() <= tolerance);
            }
        }
    }
}

#[test]
fn a_lone_point_is_within_the_tolerance_wherever_it_is() {
    let view = View::new([0.0, 0.0, 60.0, 50.0], [60, 50]).unwrap();
    for tolerance in [1e-3, 1e-5, 1e-8] {
        for kernel in [Covariance::new(9.0, 4.0, 4.0).unwrap(), Covariance::new(0.3, -0.2, 0.3).unwrap()] {
            let options = GaussianOptions::default().with_tolerance(tolerance);
            let plan = TiltedPlan::new(view, &kernel, &options).unwrap();
            let [xx, xy, yy] = kernel.entries();
            let peak = 1.0 / (std::f64::consts::TAU * (xx * yy - xy * xy).sqrt());
            for step in 0..30 {
                let (x, y) = (30.0 + f64::from(step) / 30.0, 25.0 + f64::from(step * 7 % 30) / 30.0);
                let (x, y) = ([x], [y]);
                let point = Points::new(&x, &y).unwrap();
                let wanted = direct::tilted(&point, &view, &kernel);
                assert_close(plan.apply(&point).values(), &wanted, tolerance * peak);
            }
        }
    }
}

#[test]
fn without_a_tilt_it_is_the_plain_map() {
    let [x, y] = scattered(3, 2000);
    let points = Points::new(&x, &y).unwrap();
    let view = View::new([0.0, 0.1, 1.0, 0.7], [75, 46]).unwrap();
    let kernel = Covariance::along_axes([0.03, 0.05]).unwrap();
    for normalization in [Normalization::Count, Normalization::Probability, Normalization::Max] {
        let options = GaussianOptions::default().with_tolerance(1e-6).with_normalization(normalization);
        let tilted = gaussian_tilted(&points, &view, &kernel, &options).unwrap();
        let plain = gaussian(&points, &view, [0.03, 0.05], &options.with_tolerance(5e-7)).unwrap();
        assert_close(tilted.values(), plain.values(), 1e-13 * plain.max().0);
        assert_eq!(tilted.tally(), plain.tally());
    }
}

#[test]
fn mass_is_that_of_the_points() {
    let [x, y] = scattered(4, 1000);
    let points = Points::new(&x, &y).unwrap();
    let view = View::new([-4.0, -4.0, 5.0, 5.0], [450, 450]).unwrap();
    for (kernel, off) in [
        // Three columns and more to a standard deviation: rows are shifted, and keep what they hold.
        (Covariance::new(0.04, 0.02, 0.03).unwrap(), 1e-12),
        // Else what is read between columns is within the tolerance.
        (Covariance::new(0.0016, 0.0008, 0.0016).unwrap(), 1e-5),
    ] {
        let map = gaussian_tilted(&points, &view, &kernel, &GaussianOptions::default()).unwrap();
        let mass = map.sum() * view.pixel_area();
        assert!((mass / 1000.0 - 1.0).abs() < off, "{mass}");
    }
}

#[test]
fn the_tilted_rule_follows_the_points() {
    let mut random = Random::new(5);
    let x: Vec<f64> = (0..40_000).map(|_| 3.0 * random.normal() - 1e5).collect();
    let y: Vec<f64> = x.iter().map(|x| 0.5 * (x + 1e5) + random.normal()).collect();
    let points = Points::new(&x, &y).unwrap();
    let view = View::around(&points, [100, 100]).unwrap();
    let [xx, xy, yy] = Covariance::of(&points).unwrap().entries();
    // Sampling errors of variances: sqrt(2 / n) of them, 0.7 %.
    assert!((xx / 9.0 - 1.0).abs() < 0.03 && (xy / 4.5 - 1.0).abs() < 0.03 && (yy / 3.25 - 1.0).abs() < 0.03);
    let factor = 40_000_f64.powf(-1.0 / 3.0);
    let rule = Bandwidth::ScottTilted.covariance(&points, &view).unwrap();
    assert_close(&rule.entries(), &[xx, xy, yy].map(|entry| factor * entry), 1e-15);
    let [scott, other] = Bandwidth::Scott.resolve(&points, &view).unwrap();
    let axes = Bandwidth::Scott.covariance(&points, &view).unwrap().entries();
    assert_close(&axes, &[scott * scott, 0.0, other * other], 1e-15);
    assert_close(&[rule.entries()[0]], &[axes[0]], 1e-15);
    assert_eq!(Bandwidth::Tilted(rule).covariance(&points, &view), Ok(rule));
    assert_eq!(Bandwidth::ScottTilted.resolve(&points, &view), Err(DensityError::TiltedBandwidth));
}

#[test]
fn impossible_kernels_are_refused() {
    let message = |xx, xy, yy| Covariance::new(xx, xy, yy).unwrap_err().to_string();
    assert_eq!(message(0.0, 0.0, 1.0), "covariance xx must be finite and > 0, got 0");
    assert_eq!(message(4.0, -2.0, 1.0), "correlation must be above -1 and below 1, got -1");
    assert_eq!(message(4.0, f64::NAN, 1.0), "correlation must be above -1 and below 1, got NaN");
    let line = Points::new(&[1.0, 2.0, 3.0], &[2.0, 4.0, 6.0]).unwrap();
    assert!(Covariance::of(&line).unwrap_err().to_string().contains("correlation"));
    assert!(Covariance::along_axes([1.0, -1.0]).is_err());
    let view = View::new([0.0, 0.0, 1.0, 1.0], [100, 100]).unwrap();
    let plan = |kernel: &Covariance, tolerance| {
        let options = GaussianOptions::default().with_tolerance(tolerance);
        TiltedPlan::new(view, kernel, &options).unwrap_err().to_string()
    };
    let narrow = Covariance::new(1e-4, 0.999_999e-2, 1.0).unwrap();
    assert!(plan(&narrow, 1e-5).contains("pixels along x is below a fifth"));
    let low = Covariance::new(1.0, 0.0, 1e-8).unwrap();
    assert!(plan(&low, 1e-5).contains("pixels along y is below a fifth"));
    assert!(plan(&Covariance::along_axes([1.0, 1.0]).unwrap(), 1e-10).contains("from 2e-10 to 1e-3"));
    let leaning = Covariance::new(1.0, 0.999_999, 1.000_000_01).unwrap();
    let thin = View::new([0.0, 0.0, 1e-3, 1e7], [2, 2]).unwrap();
    assert!(TiltedPlan::new(thin, &leaning, &GaussianOptions::default()).is_err());
    // Two rows, 5e6 columns of the upright map apart.
    let wide = Covariance::new(1e6, 0.999 * 1e3, 1.0).unwrap();
    let tall = View::new([0.0, 0.0, 20.0, 1e7], [20, 2]).unwrap();
    let tall = TiltedPlan::new(tall, &wide, &GaussianOptions::default()).unwrap_err().to_string();
    assert!(tall.contains("leans less"), "{tall}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(30))]
    #[test]
    fn a_part_of_a_map_is_the_map_of_the_part(
        seed in 0_u64..1000, from in (0_usize..30, 0_usize..20), correlation in -0.95..0.95, width in 0.014..0.1
    ) {
        let [x, y] = scattered(seed, 200);
        let points = Points::new(&x, &y).unwrap();
        let view = View::new([0.1, 0.2, 0.9, 0.8], [40, 30]).unwrap();
        let kernel = Covariance::new(width * width, correlation * width * 0.05, 0.0025).unwrap();
        let options = GaussianOptions::default().with_normalization(Normalization::Count);
        let size = [40 - from.0, 30 - from.1];
        let part = view.cut([from.0, from.1], size).unwrap();
        let whole = gaussian_tilted(&points, &view, &kernel, &options).unwrap();
        let part = gaussian_tilted(&points, &part, &kernel, &options).unwrap();
        for row in 0..size[1] {
            for column in 0..size[0] {
                let (a, b) = (part.value(column, row).unwrap(), whole.value(column + from.0, row + from.1).unwrap());
                prop_assert_eq!(a.to_bits(), b.to_bits(), "{} {}", column, row);
            }
        }
    }
}
