//! Nearest neighbours against their definition and another library.

use std::num::NonZero;

use hexad_density::{DensityError, Neighbours, Normalization, Points, View, direct};
use hexad_testkit::{Random, assert_close};
use kiddo::{ImmutableKdTree, SquaredEuclidean};
use proptest::prelude::*;

#[test]
fn every_number_of_neighbours_is_found() {
    let mut random = Random::new(1);
    let (x, y) = (random.vector(200, -1.0, 2.0), random.vector(200, 0.0, 1.0));
    let points = Points::new(&x, &y).unwrap();
    let neighbours = Neighbours::new(&points).unwrap();
    let view = View::new([-1.0, 0.2, 3.0, 1.0], [13, 7]).unwrap();
    for count in 1..=32 {
        let nearest = direct::nearest(&points, &view, count);
        let score: Vec<f64> = nearest
            .iter()
            .map(|distances| distances.iter().map(|d| (-70.0 * d * d).exp()).sum::<f64>() / count as f64)
            .collect();
        assert_close(neighbours.score(&view, count, 70.0).unwrap().values(), &score, 1e-12);
        if count > 1 {
            let density = |distances: &Vec<f64>| {
                (count - 1) as f64 / (200.0 * std::f64::consts::PI * distances[count - 1].powi(2))
            };
            let wanted: Vec<f64> = nearest.iter().map(density).collect();
            let map = neighbours.density(&view, count, Normalization::Probability).unwrap();
            assert_close(map.values(), &wanted, 1e-12 * map.max().0);
        }
        let centres: Vec<[f64; 2]> = (0..91).map(|index| view.centre(index % 13, index / 13)).collect();
        let (cx, cy): (Vec<f64>, Vec<f64>) = centres.iter().map(|[x, y]| (*x, *y)).unzip();
        let found = neighbours.distances(&Points::new(&cx, &cy).unwrap(), count).unwrap();
        assert_close(&found, &nearest.concat(), 1e-14);
    }
}

#[test]
fn clustered_points_have_the_neighbours_that_kiddo_finds() {
    let mut random = Random::new(2);
    let mut points = Vec::new();
    for _ in 0..20 {
        let (centre, spread) = ([random.unit(), random.unit()], 10_f64.powf(random.uniform(-6.0, -1.0)));
        points.extend(
            (0..700).map(|_| [centre[0] + spread * random.normal(), centre[1] + spread * random.normal()]),
        );
    }
    let (x, y): (Vec<f64>, Vec<f64>) = points.iter().map(|[x, y]| (*x, *y)).unzip();
    let neighbours = Neighbours::new(&Points::new(&x, &y).unwrap()).unwrap();
    let view = View::new([0.0, 0.0, 1.0, 1.0], [61, 47]).unwrap();
    let map = neighbours.density(&view, 5, Normalization::Density).unwrap();
    let tree = ImmutableKdTree::<f64, 2>::new_from_slice(&points).unwrap();
    for (index, value) in map.values().iter().enumerate() {
        let centre = view.centre(index % 61, index / 61);
        let five = NonZero::new(5).unwrap();
        let nearest = tree.query(&centre).nearest_n::<SquaredEuclidean<f64>>(five).execute();
        let wanted = 4.0 / (std::f64::consts::PI * nearest[4].distance);
        assert!((value / wanted - 1.0).abs() < 1e-13, "{index}: {value} {wanted}");
    }
}

#[test]
fn a_density_of_even_points_is_their_number() {
    // (K - 1) / (n pi r^2) is unbiased for a Poisson process; its relative deviation is 1 / sqrt(K - 2).
    let mut random = Random::new(3);
    let (x, y) = (random.vector(40_000, 0.0, 1.0), random.vector(40_000, 0.0, 1.0));
    let neighbours = Neighbours::new(&Points::new(&x, &y).unwrap()).unwrap();
    let view = View::new([0.1, 0.1, 0.9, 0.9], [100, 100]).unwrap();
    for count in [5, 10] {
        let map = neighbours.density(&view, count, Normalization::Probability).unwrap();
        let mean = map.sum() / 10_000.0;
        assert!((mean - 1.0).abs() < 0.03, "{count}: {mean}");
    }
}

#[test]
fn few_points_none_and_impossible_settings() {
    let view = View::new([0.0, 0.0, 1.0, 1.0], [3, 5]).unwrap();
    let missing = [f64::NAN, 0.5, 0.5];
    let points = Points::new(&missing, &[0.5; 3]).unwrap();
    let neighbours = Neighbours::new(&points).unwrap();
    assert_eq!(neighbours.score(&view, 4, 1.0).unwrap().value(1, 2), Some(0.5));
    assert_eq!(neighbours.density(&view, 3, Normalization::Density).unwrap().max().0, 0.0);
    assert_eq!(neighbours.density(&view, 2, Normalization::Density).unwrap().max().0, f64::INFINITY);
    let none = Neighbours::new(&Points::new(&[], &[]).unwrap()).unwrap();
    // exp stops at -708.
    assert!(none.score(&view, 4, 1.0).unwrap().sum() < 1e-300);
    assert_eq!(none.distances(&points, 1).unwrap(), [f64::INFINITY; 3]);
    assert!(neighbours.score(&view, 0, 1.0).is_err() && neighbours.score(&view, 33, 1.0).is_err());
    assert!(neighbours.score(&view, 5, f64::NAN).is_err());
    assert_eq!(
        neighbours.density(&view, 1, Normalization::Density).unwrap_err().to_string(),
        "count must be from 2 to 32, got 1"
    );
    let weighted = points.with_weights(&[1.0; 3]).unwrap();
    assert_eq!(Neighbours::new(&weighted).unwrap_err(), DensityError::WeightsUnknown);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn a_part_of_a_map_is_the_map_of_the_part(
        values in prop::collection::vec((-8_i32..40, -8_i32..40), 1..200), from in (0_usize..20, 0_usize..15)
    ) {
        // Many points in one place, many as far from a pixel as others.
        let (x, y): (Vec<f64>, Vec<f64>) = values.iter().map(|(x, y)| (f64::from(*x), f64::from(*y))).unzip();
        let neighbours = Neighbours::new(&Points::new(&x, &y).unwrap()).unwrap();
        let view = View::new([0.0, 0.0, 32.0, 24.0], [32, 24]).unwrap();
        let size = [32 - from.0, 24 - from.1];
        let part = neighbours.score(&view.cut([from.0, from.1], size).unwrap(), 5, 0.01).unwrap();
        let whole = neighbours.score(&view, 5, 0.01).unwrap();
        for row in 0..size[1] {
            for column in 0..size[0] {
                prop_assert_eq!(part.value(column, row), whole.value(column + from.0, row + from.1));
            }
        }
    }
}
