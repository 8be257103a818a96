//! Densities beside NumPy, SciPy and KDEpy: counts on edges, kernel densities, nearest neighbours.

use hexad_density::{
    Bandwidth, GaussianOptions, Kernel, Neighbours, Normalization, Points, View, exact, gaussian,
    gaussian_tilted, histogram,
};
use hexad_testkit::assert_close;

struct Table {
    columns: [Vec<f64>; 3],
    view: View,
    counts: Vec<f64>,
    plain: [Vec<f64>; 2],
    weighted: [Vec<f64>; 2],
    score: Vec<f64>,
    fifth: Vec<f64>,
    tilted: [Vec<f64>; 2],
    tilted_weighted: [Vec<f64>; 2],
    radial: [Vec<f64>; 3],
}

fn table() -> Table {
    let mut lines = include_str!("../reference/density.csv").lines().skip(1);
    let mut line = || -> Vec<f64> {
        let fields = lines.next().expect("a line").split(',');
        fields.map(|field| field.parse().expect("a number")).collect()
    };
    let columns = [line(), line(), line()];
    let bounds: [f64; 4] = line().try_into().expect("four bounds");
    line();
    let view = View::new(bounds, [16, 20]).expect("a view");
    Table {
        columns,
        view,
        counts: line(),
        plain: [line(), line()],
        weighted: [line(), line()],
        score: line(),
        fifth: line(),
        tilted: [line(), line()],
        tilted_weighted: [line(), line()],
        radial: [line(), line(), line()],
    }
}

#[test]
fn counts_are_numpys_on_every_edge() {
    let Table { columns: [x, y, _], view, counts, .. } = table();
    let map = histogram(&Points::new(&x, &y).unwrap(), &view, Normalization::Count).unwrap();
    assert_eq!(map.values(), counts);
    assert_eq!(map.tally().missing, 1);
}

#[test]
fn kernel_densities_and_their_bandwidths_are_scipys() {
    let Table { columns: [x, y, weights], view, plain, weighted, .. } = table();
    let points = Points::new(&x, &y).unwrap();
    for (points, [bandwidth, wanted]) in [(points, plain), (points.with_weights(&weights).unwrap(), weighted)]
    {
        // Sums over 300 points on both sides.
        let sigma = Bandwidth::Scott.resolve(&points, &view).unwrap();
        assert_close(&sigma, &bandwidth, 1e-13);
        let map = exact(&points, &view, Kernel::Gaussian, sigma, Normalization::Probability).unwrap();
        assert_close(map.values(), &wanted, 1e-13 * map.max().0);
        for tolerance in [1e-5, 1e-10] {
            let options = GaussianOptions::default()
                .with_tolerance(tolerance)
                .with_normalization(Normalization::Probability);
            let map = gaussian(&points, &view, sigma, &options).unwrap();
            assert_close(map.values(), &wanted, tolerance * map.max().0);
        }
    }
}

#[test]
fn neighbours_are_those_of_ckdtree() {
    let Table { columns: [x, y, _], view, score, fifth, .. } = table();
    let neighbours = Neighbours::new(&Points::new(&x, &y).unwrap()).unwrap();
    assert_close(neighbours.score(&view, 5, 70.0).unwrap().values(), &score, 1e-14);
    let density: Vec<f64> = fifth.iter().map(|r| 4.0 / (300.0 * std::f64::consts::PI * r * r)).collect();
    let map = neighbours.density(&view, 5, Normalization::Probability).unwrap();
    assert_close(map.values(), &density, 1e-12 * map.max().0);
}

#[test]
fn tilted_kernels_and_their_covariance_are_those_of_gaussian_kde() {
    let Table { columns: [x, y, weights], view, tilted, tilted_weighted, .. } = table();
    let points = Points::new(&x, &y).unwrap();
    for (points, [covariance, wanted]) in
        [(points, tilted), (points.with_weights(&weights).unwrap(), tilted_weighted)]
    {
        let kernel = Bandwidth::ScottTilted.covariance(&points, &view).unwrap();
        assert_close(&kernel.entries(), &covariance, 1e-15);
        for tolerance in [1e-5, 2e-10] {
            let options = GaussianOptions::default()
                .with_tolerance(tolerance)
                .with_normalization(Normalization::Probability);
            let map = gaussian_tilted(&points, &view, &kernel, &options).unwrap();
            assert_close(map.values(), &wanted, tolerance * map.max().0);
        }
    }
}

#[test]
fn radial_kernels_are_those_of_kdepy() {
    let Table { columns: [x, y, weights], view, radial, .. } = table();
    let points = Points::new(&x, &y).unwrap().with_weights(&weights).unwrap();
    // KDEpy's bandwidth is the deviation of the kernel in one dimension; in two, along an axis, it is less.
    let kernels =
        [(Kernel::Epanechnikov, 5.0 / 6.0), (Kernel::Quartic, 7.0 / 8.0), (Kernel::Disc, 3.0 / 4.0)];
    for ((kernel, share), wanted) in kernels.into_iter().zip(radial) {
        let sigma = 0.15 * f64::sqrt(share);
        let map = exact(&points, &view, kernel, [sigma; 2], Normalization::Probability).unwrap();
        assert_close(map.values(), &wanted, 1e-13 * map.max().0);
    }
}
