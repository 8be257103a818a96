//! Rasters against their definition, in every order and division.

use hexad_density::{DensityError, Normalization, Points, Raster, View, direct};
use hexad_testkit::Random;
use proptest::prelude::*;

fn counted(view: View, x: &[f64], y: &[f64]) -> Raster {
    let mut raster = Raster::new(view);
    raster.add(&Points::new(x, y).expect("columns alike")).expect("few points");
    raster
}

#[test]
fn counts_are_those_of_the_definition_beyond_a_carry() {
    let mut random = Random::new(1);
    let view = View::new([-1.0, 0.0, 2.0, 1.0], [13, 9]).unwrap();
    let (x, y) = (random.vector(100_000, -1.5, 2.5), random.vector(100_000, -0.2, 1.2));
    let raster = counted(view, &x, &y);
    assert_eq!(raster.values(), direct::histogram(&Points::new(&x, &y).unwrap(), &view));
    assert_eq!(raster.sum(), raster.tally().inside as f64);
    assert!(raster.counts().unwrap().iter().all(|count| *count > 256));
}

#[test]
fn threads_do_not_change_a_raster() {
    let mut random = Random::new(2);
    let view = View::new([0.0, 0.0, 1.0, 1.0], [64, 48]).unwrap();
    let (x, y) = (random.vector(600_001, -0.1, 1.1), random.vector(600_001, -0.1, 1.1));
    let weights = random.vector(600_001, -2.0, 2.0);
    let points = Points::new(&x, &y).unwrap();
    let made = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| {
            let mut weighted = Raster::weighted(view, 2.0).unwrap();
            weighted.add(&points.with_weights(&weights).unwrap()).unwrap();
            (counted(view, &x, &y).to_bytes(), weighted.to_bytes())
        })
    };
    let one = made(1);
    assert!(one == made(2) && one == made(3));
}

#[test]
fn weights_are_kept_to_a_billionth_of_the_largest() {
    let mut random = Random::new(4);
    let view = View::new([0.0, 0.0, 1.0, 1.0], [5, 4]).unwrap();
    let (x, y, weights) =
        (random.vector(999, 0.0, 1.0), random.vector(999, 0.0, 1.0), random.vector(999, -3.0, 7.0));
    let points = Points::new(&x, &y).unwrap().with_weights(&weights).unwrap();
    let mut raster = Raster::weighted(view, 7.0).unwrap();
    raster.add(&points).unwrap();
    // Each weight is half a unit off at most, a unit is 8 / 2^31.
    hexad_testkit::assert_close(&raster.values(), &direct::histogram(&points, &view), 999.0 * 2e-9);
    assert_eq!(raster.counts(), None);
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    let view = View::new([0.0, 0.0, 1.0, 1.0], [5, 4]).unwrap();
    let mut raster = Raster::weighted(view, 1.0).unwrap();
    let points = Points::new(&[0.5; 2], &[0.5; 2]).unwrap();
    let before = raster.clone();
    let error = raster.add(&points.with_weights(&[0.5, 1.5]).unwrap()).unwrap_err();
    assert_eq!(error.to_string(), "weights[1] must be no larger than the largest weight declared, got 1.5");
    assert_eq!(raster, before);
    raster.add(&points.with_weights(&[0.5, f64::NAN]).unwrap()).unwrap();
    assert_eq!((raster.sum(), raster.tally().missing), (0.5, 1));
    assert!(Raster::weighted(view, f64::NAN).is_err() && Raster::weighted(view, 0.0).is_err());
    assert!(Points::new(&[1.0], &[]).is_err());
    let other = Raster::new(view.moved([1, 0]).unwrap());
    assert_eq!(Raster::new(view).merge(&other), Err(DensityError::DifferentRasters));
    assert_eq!(Raster::new(view).merge(&raster), Err(DensityError::DifferentRasters));
}

#[test]
fn weight_is_that_of_all_points_there_also_from_bytes() {
    let view = View::new([0.0, 0.0, 1.0, 1.0], [2, 2]).unwrap();
    let (x, y) = ([0.5, 7.0, f64::NAN, 0.1, -3.0], [0.5, 0.5, 0.5, 0.1, f64::INFINITY]);
    let points = Points::new(&x, &y).unwrap().with_weights(&[1.0, 0.5, 4.0, f64::NAN, 4.0]).unwrap();
    let mut raster = Raster::weighted(view, 4.0).unwrap();
    raster.add(&points).unwrap();
    let mut sent = Raster::from_bytes(&raster.to_bytes()).unwrap();
    assert_eq!((raster.weight(), sent.weight(), sent.sum()), (1.5, 1.5, 1.0));
    sent.merge(&raster).unwrap();
    let map = sent.map(Normalization::Probability);
    assert_eq!((map.weight(), map.sum() * view.pixel_area()), (3.0, 2.0 / 3.0));
    assert_eq!(counted(view, &x, &y).weight(), 3.0);
}

#[test]
fn damaged_bytes_are_refused() {
    let view = View::new([0.0, 0.0, 1.0, 1.0], [5, 4]).unwrap();
    let bytes = counted(view, &[0.1, 0.3, 9.0], &[0.2; 3]).to_bytes();
    assert_eq!(Raster::from_bytes(&bytes).unwrap().tally().inside, 2);
    for end in 0..bytes.len() {
        assert!(Raster::from_bytes(&bytes[..end]).is_err());
    }
    for at in 0..bytes.len() {
        let mut damaged = bytes.clone();
        damaged[at] ^= 0x80;
        let _ = Raster::from_bytes(&damaged);
    }
    let mut huge = bytes;
    huge[8 + 40..8 + 48].fill(0x7f);
    assert!(Raster::from_bytes(&huge).is_err());
}

fn some_points() -> impl Strategy<Value = Vec<(f64, f64)>> {
    // Multiples of 1/64 fall on edges as often as not.
    let value = || prop_oneof![8 => (-40_i32..100).prop_map(|v| f64::from(v) / 64.0), 4 => -1.0..2.0, 1 => Just(f64::NAN)];
    prop::collection::vec((value(), value()), 0..300)
}

proptest! {
    #[test]
    fn any_order_and_division_gives_the_same_bytes(points in some_points(), cut in 0_usize..300, turn in 0_usize..300) {
        let view = View::new([0.0, 0.0, 1.0, 1.0], [16, 8]).unwrap();
        let (x, y): (Vec<f64>, Vec<f64>) = points.iter().copied().unzip();
        let whole = counted(view, &x, &y);
        let place = |wanted: usize| wanted.min(points.len());
        let mut turned = points.clone();
        turned.rotate_left(place(turn));
        let (first, second) = turned.split_at(place(cut));
        let parts = [first, second].map(|part| {
            let (x, y): (Vec<f64>, Vec<f64>) = part.iter().copied().unzip();
            counted(view, &x, &y)
        });
        for [a, b] in [[&parts[0], &parts[1]], [&parts[1], &parts[0]]] {
            let mut merged = Raster::from_bytes(&a.to_bytes()).unwrap();
            merged.merge(b).unwrap();
            prop_assert_eq!(merged.to_bytes(), whole.to_bytes());
        }
        prop_assert_eq!(whole.values(), direct::histogram(&Points::new(&x, &y).unwrap(), &view));
    }

    #[test]
    fn a_part_of_a_raster_is_the_raster_of_the_part(points in some_points(), from in (0_usize..12, 0_usize..6)) {
        let view = View::new([0.0, 0.0, 1.0, 1.0], [16, 8]).unwrap();
        let (x, y): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
        let whole = counted(view, &x, &y).counts().unwrap();
        let size = [16 - from.0, 8 - from.1];
        let part = counted(view.cut([from.0, from.1], size).unwrap(), &x, &y).counts().unwrap();
        for row in 0..size[1] {
            let start = (row + from.1) * 16 + from.0;
            prop_assert_eq!(&part[row * size[0]..(row + 1) * size[0]], &whole[start..start + size[0]]);
        }
    }
}
