//! Rules for the bandwidth against closed forms and known cases.

use hexad_density::{Bandwidth, DensityError, Points, View};
use hexad_testkit::Random;

fn view() -> View {
    View::new([0.0, 0.0, 1.0, 1.0], [10, 10]).expect("a view")
}

#[test]
fn normal_points_get_the_normal_rule() {
    let mut random = Random::new(1);
    let x: Vec<f64> = (0..20_000).map(|_| 3.0 * random.normal() + 1e6).collect();
    let y: Vec<f64> = (0..20_000).map(|_| 0.1 * random.normal()).collect();
    let points = Points::new(&x, &y).unwrap();
    let scott = Bandwidth::Scott.resolve(&points, &view()).unwrap();
    let factor = 20_000_f64.powf(-1.0 / 6.0);
    assert!((scott[0] / (3.0 * factor) - 1.0).abs() < 0.02 && (scott[1] / (0.1 * factor) - 1.0).abs() < 0.02);
    assert_eq!(Bandwidth::Silverman.resolve(&points, &view()).unwrap(), scott);
    // For a normal density ISJ comes near the best of one axis, (4 / 3 n)^(1/5).
    let isj = Bandwidth::Isj.resolve(&points, &view()).unwrap();
    let best = (4.0 / 60_000_f64).powf(0.2);
    assert!(
        (isj[0] / (3.0 * best) - 1.0).abs() < 0.15 && (isj[1] / (0.1 * best) - 1.0).abs() < 0.15,
        "{isj:?}"
    );
}

#[test]
fn isj_does_not_oversmooth_two_peaks() {
    let mut random = Random::new(2);
    let x: Vec<f64> = (0..5000).map(|i| random.normal() + f64::from(i % 2) * 50.0).collect();
    let points = Points::new(&x, &x).unwrap();
    let [isj, _] = Bandwidth::Isj.resolve(&points, &view()).unwrap();
    let best = (4.0 / 7500_f64).powf(0.2);
    assert!((isj / best - 1.0).abs() < 0.2, "{isj} {best}");
    assert!(Bandwidth::Scott.resolve(&points, &view()).unwrap()[0] > 20.0 * isj);
}

#[test]
fn equal_weights_are_as_none_and_doubling_scales() {
    let mut random = Random::new(3);
    let (x, y) = (random.vector(500, 0.0, 1.0), random.vector(500, 0.0, 1.0));
    let points = Points::new(&x, &y).unwrap();
    let twice: [Vec<f64>; 2] = [&x, &y].map(|values| values.iter().map(|v| 2.0 * v).collect());
    for rule in [Bandwidth::Scott, Bandwidth::Isj] {
        let plain = rule.resolve(&points, &view()).unwrap();
        let weighted = rule.resolve(&points.with_weights(&[4.0; 500]).unwrap(), &view()).unwrap();
        let doubled = rule.resolve(&Points::new(&twice[0], &twice[1]).unwrap(), &view()).unwrap();
        for axis in 0..2 {
            assert!((weighted[axis] / plain[axis] - 1.0).abs() < 1e-10);
            assert!((doubled[axis] / plain[axis] - 2.0).abs() < 1e-10);
        }
    }
}

#[test]
fn points_without_spread_are_refused() {
    let equal = Points::new(&[1.0; 5], &[1.0, 2.0, 3.0, 4.0, 5.0]).unwrap();
    for rule in [Bandwidth::Scott, Bandwidth::Silverman, Bandwidth::Isj] {
        assert_eq!(rule.resolve(&equal, &view()), Err(DensityError::NoSpread { axis: "x" }));
        assert_eq!(rule.resolve(&Points::new(&[], &[]).unwrap(), &view()), Err(DensityError::NoPoints));
        let one = Points::new(&[1.0], &[1.0]).unwrap();
        assert_eq!(rule.resolve(&one, &view()), Err(DensityError::NoSpread { axis: "x" }));
    }
    assert!(Bandwidth::Data(0.0).resolve(&equal, &view()).is_err());
    assert!(Bandwidth::Axes([1.0, f64::NAN]).resolve(&equal, &view()).is_err());
    assert!(Bandwidth::Pixels(-1.0).resolve(&equal, &view()).is_err());
}
