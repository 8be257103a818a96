//! Contours against closed forms, and what every ring must be.

use hexad_density::{
    Contour, GaussianOptions, Kernel, Level, Neighbours, Normalization, Points, Polygon, View, contours,
    exact, gaussian, histogram, hot_spots,
};
use hexad_testkit::Random;
use proptest::prelude::*;

fn one(contours: Vec<Contour>) -> Contour {
    contours.into_iter().next().expect("one level")
}

fn signed_area(ring: &[[f64; 2]]) -> f64 {
    ring.windows(2).map(|p| 0.5 * (p[0][0] * p[1][1] - p[0][1] * p[1][0])).sum()
}

#[test]
fn one_pixel_is_a_diamond_and_all_pixels_are_the_view() {
    let view = View::new([0.0, 0.0, 3.0, 3.0], [3, 3]).unwrap();
    let map = histogram(&Points::new(&[1.5], &[1.5]).unwrap(), &view, Normalization::Count).unwrap();
    let contour = one(contours(&map, &[Level::Height(0.5)]).unwrap());
    assert_eq!(contour.polygons.len(), 1);
    assert_eq!(contour.polygons[0].area(), 0.5);
    assert_eq!(contour.mass, 1.0);
    let all = one(contours(&map, &[Level::Height(0.0)]).unwrap());
    assert_eq!((all.polygons.len(), all.polygons[0].holes.len()), (1, 0));
    // The corners of the view are cut off from the edge's middle to the centre's height.
    assert_eq!(all.polygons[0].area(), 9.0 - 4.0 * 0.125);
    assert!(one(contours(&map, &[Level::Height(1.5)]).unwrap()).polygons.is_empty());
}

#[test]
fn an_island_in_a_lake_has_its_own_lake() {
    // Squares one inside the other: 9 x 9 with a hole of 7 x 7, an island of 5 x 5 with a hole of 3 x 3.
    let view = View::new([0.0, 0.0, 11.0, 11.0], [11, 11]).unwrap();
    let mut places = Vec::new();
    for row in 1..10_i32 {
        for column in 1..10_i32 {
            let from_middle = (row - 5).abs().max((column - 5).abs());
            if from_middle % 2 == 0 {
                places.push([f64::from(column) + 0.5, f64::from(row) + 0.5]);
            }
        }
    }
    let (x, y): (Vec<f64>, Vec<f64>) = places.iter().map(|[x, y]| (*x, *y)).unzip();
    let points = Points::new(&x, &y).unwrap();
    let map = histogram(&points, &view, Normalization::Count).unwrap();
    let contour = one(contours(&map, &[Level::Height(0.5)]).unwrap());
    let holes: Vec<usize> = contour.polygons.iter().map(|polygon| polygon.holes.len()).collect();
    assert_eq!(holes, [1, 1, 0]);
    let contained = |polygon: &Polygon| places.iter().filter(|place| polygon.contains(**place)).count();
    assert_eq!(contour.polygons.iter().map(contained).collect::<Vec<_>>(), [32, 16, 1]);
    let spots = hot_spots(&map, Level::Height(0.5), &points).unwrap();
    assert_eq!(spots.iter().map(|spot| spot.points).sum::<u64>(), 49);
    assert!((spots.iter().map(|spot| spot.share).sum::<f64>() - 1.0).abs() < 1e-12);
}

#[test]
fn a_gaussian_encloses_what_it_must() {
    let view = View::new([-6.0, -6.0, 6.0, 6.0], [400, 400]).unwrap();
    let map =
        gaussian(&Points::new(&[0.3], &[-0.2]).unwrap(), &view, [1.0, 1.0], &GaussianOptions::default())
            .unwrap();
    for share in [0.5, 0.9] {
        let contour = one(contours(&map, &[Level::Mass(share)]).unwrap());
        // 1 - exp(-r^2 / 2) is inside r; a ring of pixels is 2 pi r dx of the area.
        let wanted = -std::f64::consts::TAU * (1.0 - share).ln();
        assert!((contour.polygons[0].area() / wanted - 1.0).abs() < 2e-3);
        assert!((contour.mass - share).abs() < 1e-3);
    }
    let spot = &hot_spots(&map, Level::Peak(0.1), &Points::new(&[0.3], &[-0.2]).unwrap()).unwrap()[0];
    assert!((spot.peak_at[0] - 0.3).abs() < 0.03 && (spot.peak_at[1] + 0.2).abs() < 0.03);
    assert_eq!((spot.points, spot.share), (1, 1.0));
}

#[test]
fn hot_spots_come_by_their_peaks_with_their_points() {
    let mut random = Random::new(1);
    let cluster = |random: &mut Random, at: f64, count: usize| {
        (0..count).map(|_| at + 0.3 * random.normal()).collect::<Vec<f64>>()
    };
    let x = [cluster(&mut random, 2.0, 1000), cluster(&mut random, 7.0, 3000)].concat();
    let y = [cluster(&mut random, 3.0, 1000), cluster(&mut random, 6.0, 3000)].concat();
    let points = Points::new(&x, &y).unwrap();
    let view = View::new([0.0, 0.0, 10.0, 10.0], [200, 200]).unwrap();
    let map = gaussian(&points, &view, [0.2; 2], &GaussianOptions::default()).unwrap();
    let spots = hot_spots(&map, Level::Height(map.max().0 * 0.01), &points).unwrap();
    assert_eq!(spots.len(), 2);
    assert!(spots[0].peak > spots[1].peak && spots[0].points > 2900 && spots[1].points > 900);
    assert!((spots[0].share - spots[0].points as f64 / 4000.0).abs() < 1e-12);
}

#[test]
fn what_has_no_contour_is_refused() {
    let view = View::new([0.0, 0.0, 2.0, 2.0], [2, 2]).unwrap();
    let points = Points::new(&[0.5; 3], &[0.5; 3]).unwrap();
    let infinite = Neighbours::new(&points).unwrap().density(&view, 3, Normalization::Density).unwrap();
    assert_eq!(
        contours(&infinite, &[Level::Mass(0.5)]).unwrap_err().to_string(),
        "map[0] must be finite, got inf"
    );
    let map = histogram(&points, &view, Normalization::Count).unwrap();
    assert!(contours(&map, &[Level::Mass(0.0)]).is_err() && contours(&map, &[Level::Peak(1.1)]).is_err());
    assert!(contours(&map, &[Level::Height(f64::NAN)]).is_err());
}

proptest! {
    #[test]
    fn rings_are_closed_turn_the_right_way_and_part_the_pixels(
        counts in prop::collection::vec(0_u8..4, 8 * 7), level in prop_oneof![Just(0.5), Just(1.0), Just(1.7), Just(3.0)]
    ) {
        let view = View::new([1.0, -2.0, 9.0, 5.0], [8, 7]).unwrap();
        let mut places = Vec::new();
        for (index, count) in counts.iter().enumerate() {
            places.extend(std::iter::repeat_n(view.centre(index % 8, index / 8), usize::from(*count)));
        }
        let (x, y): (Vec<f64>, Vec<f64>) = places.iter().map(|[x, y]| (*x, *y)).unzip();
        let points = Points::new(&x, &y).unwrap();
        let map = exact(&points, &view, Kernel::Disc, [0.1, 0.1], Normalization::Max).unwrap();
        let _ = contours(&map, &[Level::Mass(0.5)]).unwrap();
        let map = histogram(&points, &view, Normalization::Count).unwrap();
        let contour = one(contours(&map, &[Level::Height(level)]).unwrap());
        // No place twice, in one ring or in two: rings do not touch.
        let rings = contour.polygons.iter().flat_map(|polygon| polygon.holes.iter().chain([&polygon.outer]));
        let mut corners: Vec<[f64; 2]> = rings.flat_map(|ring| ring[1..].to_vec()).collect();
        corners.sort_by(|a, b| a[0].total_cmp(&b[0]).then(a[1].total_cmp(&b[1])));
        prop_assert!(corners.windows(2).all(|pair| pair[0] != pair[1]));
        for polygon in &contour.polygons {
            prop_assert_eq!(polygon.outer.first(), polygon.outer.last());
            prop_assert!(signed_area(&polygon.outer) > 0.0);
            for hole in &polygon.holes {
                prop_assert_eq!(hole.first(), hole.last());
                prop_assert!(signed_area(hole) < 0.0);
            }
            for [x, y] in polygon.holes.iter().chain([&polygon.outer]).flatten() {
                prop_assert!((1.0..=9.0).contains(x) && (-2.0..=5.0).contains(y));
            }
        }
        // Strictly above is in one polygon, below in none; on the line either.
        for (index, count) in counts.iter().enumerate() {
            let centre = view.centre(index % 8, index / 8);
            let holding = contour.polygons.iter().filter(|polygon| polygon.contains(centre)).count();
            if f64::from(*count) > level { prop_assert_eq!(holding, 1); }
            if f64::from(*count) < level { prop_assert_eq!(holding, 0); }
        }
    }
}
