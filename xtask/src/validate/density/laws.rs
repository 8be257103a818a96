//! What maps keep: mass, marginals, bits.

use std::error::Error;

use hexad_core::{Boundary, Truncation};
use hexad_density::{
    Adaptive, AdaptiveOptions, Covariance, EdgeCorrection, GaussianOptions, GaussianPlan, Kernel, Map,
    Normalization, Points, Raster, Sweep, View, box_map, exact, gaussian, gaussian_tilted, histogram,
};
use hexad_smoothing::{SmoothOptions, smooth};
use hexad_testkit::{Random, max_difference};

use super::{WORLD, different, different_part};
use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Outcome};
use crate::validate::data::cities;

fn in_counts() -> GaussianOptions {
    GaussianOptions::default().with_normalization(Normalization::Count)
}

pub(super) fn mass() -> Outcome {
    let [x, y, _] = cities()?;
    let points = Points::new(&x, &y)?;
    // Wide enough that no kernel reaches beyond.
    let view = View::new([-300.0, -200.0, 300.0, 200.0], [1200, 800])?;
    let (sigma, count) = ([1.0, 0.8], Normalization::Count);
    let adaptive = AdaptiveOptions::default().with_limits([0.8, 5.0]).with_normalization(count);
    let maps: [(&str, Map); 6] = [
        ("counts", histogram(&points, &view, count)?),
        ("box sums", box_map(&points, &view, [3, 3], 4, count)?),
        ("Gaussian", gaussian(&points, &view, sigma, &in_counts())?),
        ("tilted", gaussian_tilted(&points, &view, &Covariance::new(4.0, 1.5, 2.0)?, &in_counts())?),
        ("adaptive", Adaptive::new(&points, sigma, &adaptive)?.map(&view)?),
        ("sweep", Sweep::new(&points, &view, sigma, [1.0, 6.0], &in_counts())?.map(4.0)?),
    ];
    let off = |map: &Map| (map.sum() / points.len() as f64 - 1.0).abs();
    let worst = maps.iter().map(|(_, map)| off(map)).fold(0.0, f64::max);
    let claim = Claim::new(
        "The sum over all pixels is the number of points, for every estimator of a density, from kernels of 1.2 pixels \
         on. Measured: the largest difference over that number.",
        worst,
        Bound::AtMost(1e-12),
    );
    Ok(maps.iter().fold(claim, |claim, (name, map)| claim.note(format!("{name}: {:.1e}", off(map)))))
}

pub(super) fn diggle() -> Outcome {
    let mut random = Random::new(3);
    let (x, y) = (random.vector(1000, 0.0, 1.0), random.vector(1000, 0.0, 1.0));
    let points = Points::new(&x, &y)?;
    let support = [0.0, 0.0, 1.0, 1.0];
    let options = GaussianOptions::default().with_tolerance(1e-9);
    let sums = [64, 128, 256].map(|size| -> Result<f64, Box<dyn Error>> {
        let view = View::new(support, [size, size])?;
        let map = EdgeCorrection::Diggle.map(&points, &view, [0.15, 0.2], support, &options)?;
        Ok(map.sum() * view.pixel_area())
    });
    let [coarse, middle, fine] = sums;
    let (coarse, middle, fine) = (coarse?, middle?, fine?);
    // Twice: the error of sums over pixels has terms of the second and the fourth power of a pixel.
    let (first, second) = (middle + (middle - coarse) / 3.0, fine + (fine - middle) / 3.0);
    let integral = second + (second - first) / 15.0;
    let plain = gaussian(&points, &View::new(support, [256, 256])?, [0.15, 0.2], &in_counts())?.sum();
    Ok(Claim::new(
        "With Diggle's correction the integral over the rectangle is the number of points. Measured: the difference \
         over that number, sums over 64, 128 and 256 pixels taken to the limit.",
        (integral / 1000.0 - 1.0).abs(),
        Bound::AtMost(1e-8),
    )
    .source("Diggle 1985; Richardson 1911")
    .note(format!("without correction {plain:.1} of 1000 points are inside")))
}

pub(super) fn marginal() -> Outcome {
    let [lon, lat, _] = cities()?;
    let view = View::new([-240.0, -150.0, 240.0, 150.0], [1920, 600])?;
    // On the pixels' centres, so that counts lose nothing.
    let snapped: Vec<[f64; 2]> = lon
        .iter()
        .zip(&lat)
        .filter_map(|(x, y)| view.pixel_of(*x, *y).map(|[column, row]| view.centre(column, row)))
        .collect();
    let (x, y): (Vec<f64>, Vec<f64>) = snapped.iter().map(|[x, y]| (*x, *y)).unzip();
    let points = Points::new(&x, &y)?;
    let columns = |map: &Map| -> Vec<f64> {
        let mut sums = vec![0.0; map.view().width()];
        for row in map.values().chunks(map.view().width()) {
            sums.iter_mut().zip(row).for_each(|(sum, value)| *sum += value);
        }
        sums
    };
    let options = in_counts().with_tolerance(1e-8);
    let (sigma, tolerance) = ([2.0, 3.0], options.tolerance);
    let of_map = columns(&gaussian(&points, &view, sigma, &options)?);
    let counts = columns(&histogram(&points, &view, Normalization::Count)?);
    let at: Vec<f64> = (0..view.width()).map(|column| view.centre(column, 0)[0]).collect();
    let line = SmoothOptions::default()
        .with_truncation(Truncation::Exact)
        .with_boundary(Boundary::Constant(0.0))
        .with_tolerance(1e-12);
    let of_line = smooth(&at, &counts, sigma[0], &line)?;
    let peak = of_line.iter().copied().fold(0.0, f64::max);
    let shown = |values: &[f64]| at.iter().copied().zip(values.iter().copied()).collect::<Vec<_>>();
    let chart = Chart::new("Cities by longitude", "degrees east", "cities in 1/4 degree")
        .line("counts", shown(&counts))
        .line("sum of the map's columns", shown(&of_map))
        .line("smooth of the counts", shown(&of_line));
    Ok(Claim::new(
        "Two crates, one answer: the columns of a Gaussian map add up to what hexad-smoothing makes of the counts \
         by longitude. Measured: the largest difference over the peak.",
        max_difference(&of_map, &of_line) / peak,
        Bound::AtMost(tolerance),
    )
    .formula("sum_y f(x, y) dy = sum_i exp(-(x - x_i)^2 / (2 sx^2)) / (sqrt(2 pi) sx)")
    .chart(chart))
}

pub(super) fn moved() -> Outcome {
    let [lon, lat, _] = cities()?;
    // Multiples of 2^-20 degrees, so that the move itself is exact.
    let snapped = |values: &[f64], by: f64| -> Vec<f64> {
        values.iter().map(|value| (value * 1_048_576.0).round() / 1_048_576.0 + by).collect()
    };
    let made = |columns: i32, rows: i32| -> Result<[Map; 3], Box<dyn Error>> {
        let (dx, dy) = (f64::from(columns) * 0.125, f64::from(rows) * 0.125);
        let (x, y) = (snapped(&lon, dx), snapped(&lat, dy));
        let points = Points::new(&x, &y)?;
        let view = View::new([-16.0 + dx, 32.0 + dy, 48.0 + dx, 64.0 + dy], [512, 256])?;
        Ok([
            gaussian(&points, &view, [0.6, 0.4], &in_counts())?,
            box_map(&points, &view, [4, 4], 4, Normalization::Count)?,
            histogram(&points, &view, Normalization::Count)?,
        ])
    };
    let still = made(0, 0)?;
    let mut count = 0;
    for by in [(1, 0), (0, 1), (-7, 13), (200, -300), (1001, 999)] {
        let away = made(by.0, by.1)?;
        count += still.iter().zip(&away).map(|(a, b)| different(a.values(), b.values())).sum::<usize>();
    }
    Ok(Claim::new(
        "Points and view moved by whole pixels, five ways: Gaussian maps, box sums and counts stay the same. \
         Measured: values that differ in a bit.",
        count as f64,
        Bound::AtMost(0.0),
    ))
}

pub(super) fn divided() -> Outcome {
    let [mut x, mut y, mut people] = cities()?;
    let view = View::new([-16.0, 32.0, 48.0, 64.0], [256, 128])?;
    let plan = GaussianPlan::new(view, [0.6, 0.4], &in_counts())?;
    let largest = people.iter().copied().fold(0.0, f64::max);
    let mut random = Random::new(5);
    let mut first: Option<[Vec<f64>; 3]> = None;
    let mut count = 0;
    for _ in 0..20 {
        for index in (1..x.len()).rev() {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
            let other = (random.unit() * (index + 1) as f64) as usize;
            for column in [&mut x, &mut y, &mut people] {
                column.swap(index, other);
            }
        }
        let mut smooth = plan.make_raster();
        let mut rasters = [Raster::new(view), Raster::weighted(view, largest)?];
        let mut from = 0;
        while from < x.len() {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a length")]
            let to = (from + 1 + (random.unit() * 9000.0) as usize).min(x.len());
            let part = Points::new(&x[from..to], &y[from..to])?;
            let mut own = plan.make_raster();
            plan.add(&mut own, &part);
            smooth.merge(&own)?;
            let [counts, sums] = &mut rasters;
            counts.add(&part)?;
            let mut weighed = Raster::weighted(view, largest)?;
            weighed.add(&part.with_weights(&people[from..to])?)?;
            sums.merge(&Raster::from_bytes(&weighed.to_bytes())?)?;
            from = to;
        }
        let [counts, sums] = rasters.map(|raster| raster.values());
        let made = [plan.finish(&smooth).values().to_vec(), counts, sums];
        let first = first.get_or_insert_with(|| made.clone());
        count += first.iter().zip(&made).map(|(a, b)| different(a, b)).sum::<usize>();
    }
    Ok(Claim::new(
        "The cities in 20 random orders, divided at random, each part on its own and merged: Gaussian maps, counts, and \
         sums of people that went through bytes. Measured: values that differ in a bit.",
        count as f64,
        Bound::AtMost(0.0),
    ))
}

pub(super) fn parts() -> Outcome {
    let [x, y, people] = cities()?;
    let points = Points::new(&x, &y)?;
    let whole = View::new(WORLD, [1440, 720])?;
    let (sigma, count) = ([1.1, 0.9], Normalization::Count);
    let kernel = Covariance::new(1.2, 0.7, 0.9)?;
    type Make<'a> = &'a dyn Fn(&View) -> Result<Map, Box<dyn Error>>;
    let makers: [Make<'_>; 6] = [
        &|view| Ok(histogram(&points, view, count)?),
        &|view| Ok(box_map(&points, view, [4, 4], 4, count)?),
        &|view| Ok(gaussian(&points, view, sigma, &in_counts())?),
        &|view| Ok(gaussian(&points.with_weights(&people)?, view, sigma, &in_counts())?),
        &|view| Ok(gaussian_tilted(&points, view, &kernel, &in_counts())?),
        &|view| Ok(exact(&points, view, Kernel::Quartic, [0.4, 0.3], count)?),
    ];
    let mut different = 0;
    for make in makers {
        let map = make(&whole)?;
        for (from, size) in [([0, 0], [300, 200]), ([700, 500], [256, 128]), ([1439, 719], [1, 1])] {
            different += different_part(&make(&whole.cut(from, size)?)?, &map, from);
        }
    }
    Ok(Claim::new(
        "A part cut out of a map of the world is the map of the part: counts, box sums, Gaussian maps of cities and \
         of people, tilted kernels, direct sums. Measured: values that differ in a bit.",
        different as f64,
        Bound::AtMost(0.0),
    ))
}

pub(super) fn threads() -> Outcome {
    let [x, y, people] = cities()?;
    let copies =
        |values: &[f64]| -> Vec<f64> { values.iter().cycle().take(12 * values.len()).copied().collect() };
    let (x, y, people) = (copies(&x), copies(&y), copies(&people));
    let points = Points::new(&x, &y)?;
    let view = View::new([-16.0, 32.0, 48.0, 64.0], [256, 128])?;
    let options = AdaptiveOptions::default().with_limits([0.5, 5.0]);
    let made = || -> Result<[Map; 5], Box<dyn Error + Send + Sync>> {
        Ok([
            histogram(&points, &view, Normalization::Count)?,
            gaussian(&points, &view, [0.6, 0.4], &in_counts())?,
            gaussian(&points.with_weights(&people)?, &view, [0.6, 0.4], &in_counts())?,
            Adaptive::new(&points, [1.0, 1.0], &options)?.map(&view)?,
            Sweep::new(&points, &view, [0.5, 0.5], [1.0, 8.0], &in_counts())?.map(3.0)?,
        ])
    };
    let mut maps = Vec::new();
    for threads in 1..=4 {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        maps.push(pool.install(made).map_err(|error| error.to_string())?);
    }
    let pairs = maps[1..].iter().flat_map(|other| maps[0].iter().zip(other));
    let count: usize = pairs.map(|(a, b)| different(a.values(), b.values())).sum();
    Ok(Claim::new(
        "Counts, Gaussian maps with and without weights, adaptive maps and a sweep of 408,072 points on 1, 2, 3 and 4 \
         threads. Measured: values that differ in a bit.",
        count as f64,
        Bound::AtMost(0.0),
    ))
}
