//! The rows of hexad-density.

use std::error::Error;

use hexad_density::{
    DensityError, GaussianOptions, GaussianPlan, Map, Neighbours, Normalization, Points, Raster, View,
    direct, gaussian, measure_error,
};
use hexad_testkit::{Random, max_difference};
use serde_json::{Value, json};

use super::clock::time;
use super::growth::Job;
use super::peers::{Environment, share};
use super::row::{Make, Other, Row, Target, pool, work};

const SMALL: usize = 256;
const SIGMA_PX: f64 = 10.0;
/// Pixels at which a map is compared with the sum.
const LOOKED_AT: usize = 200;

pub(crate) fn rows() -> Vec<(String, Make)> {
    let mut rows: Vec<(String, Make)> = Vec::new();
    let mut add = |name: &str, make: Make| rows.push((name.to_owned(), make));
    add("map of 30,000 points, 256 x 256, sigma 10 pixels", Box::new(map_row));
    add("map of 30,000 points, 256 x 256, sigma 10 pixels, plan and memory new", Box::new(whole_map_row));
    add("density of 1e6 points, 256 x 256, sigma 10 pixels", Box::new(kde_row));
    let name = "density of 1e6 points row by row, 256 x 256, sigma 10 pixels";
    add(name, Box::new(kde_by_rows_row));
    for (size, least, on_two) in [(SMALL, 1.3, 2.2), (2048, 4.0, 6.0)] {
        let name = format!("counts of 1e7 points, {size} x {size}");
        add(&name, Box::new(move || counts_row(size, 1, Target::TimesFaster(least))));
        add(&format!("{name}, two cores"), Box::new(move || counts_row(size, 2, Target::OnTwoCores(on_two))));
    }
    let name = "5 nearest of 30,000 points, 256 x 256 places";
    add(name, Box::new(|| nearest_row(1, Target::TimesFaster(6.0))));
    add(&format!("{name}, two cores"), Box::new(|| nearest_row(2, Target::OnTwoCores(11.0))));
    rows
}

pub(crate) const GROWTH: Job = Job {
    what: "Gaussians of 10 pixels on 256 x 256, tolerance 1e-5",
    items: "points",
    sizes: [100_000, 1_000_000, 10_000_000, 100_000_000],
    run: |len| {
        let mut random = Random::new(7);
        let (x, y) = (random.vector(len, 0.0, 1.0), random.vector(len, 0.0, 1.0));
        let sigma = [SIGMA_PX / SMALL as f64; 2];
        time(|| {
            gaussian(&Points::new(&x, &y)?, &square(SMALL)?, sigma, &GaussianOptions::default())?;
            Ok(())
        })
    },
};

/// Even points of the unit square, the same for both sides.
struct Shared {
    x: Vec<f64>,
    y: Vec<f64>,
    call: Value,
}

fn shared(len: usize, call: &str, size: usize) -> Result<Shared, Box<dyn Error>> {
    let mut random = Random::new(7);
    let (x, y) = (random.vector(len, 0.0, 1.0), random.vector(len, 0.0, 1.0));
    let call = json!({
        "call": call, "size": size,
        "input": share(&format!("points_x_{len}"), &[len], &x)?,
        "y": share(&format!("points_y_{len}"), &[len], &y)?,
    });
    Ok(Shared { x, y, call })
}

fn square(size: usize) -> Result<View, Box<dyn Error>> {
    Ok(View::new([0.0, 0.0, 1.0, 1.0], [size, size])?)
}

fn map_row() -> Result<Row, Box<dyn Error>> {
    let Shared { x, y, mut call } = shared(30_000, "histogram_gaussian", SMALL)?;
    call["sigma"] = json!(SIGMA_PX);
    let sigma = [SIGMA_PX / SMALL as f64; 2];
    let plan = GaussianPlan::new(square(SMALL)?, sigma, &GaussianOptions::default())?;
    let (mut map, mut scratch) = (plan.make_map(), plan.make_scratch());
    let points = Points::new(&x, &y)?;
    plan.apply_into(&points, &mut map, &mut scratch);
    let error = measure_error(&map, &points, sigma, LOOKED_AT)?.relative;
    Ok(Row {
        items: x.len(),
        ours: work(move || {
            plan.apply_into(&Points::new(&x, &y)?, &mut map, &mut scratch);
            Ok::<(), Box<dyn Error>>(())
        }),
        other: Other::Peer(Environment::Common, "numpy.histogram2d, scipy.ndimage.gaussian_filter", call),
        target: Target::TimesFaster(20.0),
        error,
        flops: None,
    })
}

fn whole_map_row() -> Result<Row, Box<dyn Error>> {
    gaussian_row(
        30_000,
        "histogram_gaussian",
        json!(SIGMA_PX),
        "numpy.histogram2d, scipy.ndimage.gaussian_filter",
    )
}

fn kde_row() -> Result<Row, Box<dyn Error>> {
    gaussian_row(1_000_000, "fftkde", json!(SIGMA_PX / SMALL as f64), "KDEpy FFTKDE")
}

/// Points as rows of an array, as KDEpy documents them: ours are parted into columns some at a time.
fn kde_by_rows_row() -> Result<Row, Box<dyn Error>> {
    const SOME: usize = 4096;
    let Shared { x, y, .. } = shared(1_000_000, "fftkde", SMALL)?;
    let rows: Vec<[f64; 2]> = x.iter().zip(&y).map(|(x, y)| [*x, *y]).collect();
    let call = json!({
        "call": "fftkde_rows", "size": SMALL, "sigma": SIGMA_PX / SMALL as f64,
        "input": share("points_rows_1000000", &[rows.len(), 2], rows.as_flattened())?,
    });
    let (view, sigma) = (square(SMALL)?, [SIGMA_PX / SMALL as f64; 2]);
    let density = move |rows: &[[f64; 2]]| {
        let plan = GaussianPlan::new(view, sigma, &GaussianOptions::default())?;
        let mut raster = plan.make_raster();
        let (mut x, mut y) = (Vec::with_capacity(SOME), Vec::with_capacity(SOME));
        for some in rows.chunks(SOME) {
            x.clear();
            y.clear();
            x.extend(some.iter().map(|[x, _]| x));
            y.extend(some.iter().map(|[_, y]| y));
            plan.add(&mut raster, &Points::new(&x, &y)?);
        }
        Ok::<Map, DensityError>(plan.finish(&raster))
    };
    let error = measure_error(&density(&rows)?, &Points::new(&x, &y)?, sigma, LOOKED_AT)?.relative;
    Ok(Row {
        items: rows.len(),
        ours: work(move || density(&rows).map(drop)),
        other: Other::Peer(Environment::Common, "KDEpy FFTKDE", call),
        target: Target::TimesFaster(20.0),
        error,
        flops: None,
    })
}

/// A map made from nothing; `unit` is sigma in the unit of the other side.
fn gaussian_row(len: usize, call: &str, unit: Value, other: &'static str) -> Result<Row, Box<dyn Error>> {
    let Shared { x, y, mut call } = shared(len, call, SMALL)?;
    call["sigma"] = unit;
    let (view, sigma) = (square(SMALL)?, [SIGMA_PX / SMALL as f64; 2]);
    let options = GaussianOptions::default();
    let points = Points::new(&x, &y)?;
    let error =
        measure_error(&gaussian(&points, &view, sigma, &options)?, &points, sigma, LOOKED_AT)?.relative;
    Ok(Row {
        items: len,
        ours: work(move || gaussian(&Points::new(&x, &y)?, &view, sigma, &options).map(drop)),
        other: Other::Peer(Environment::Common, other, call),
        target: Target::TimesFaster(20.0),
        error,
        flops: None,
    })
}

fn counts_row(size: usize, threads: usize, target: Target) -> Result<Row, Box<dyn Error>> {
    let Shared { x, y, call } = shared(10_000_000, "datashader_points", size)?;
    let (view, pool) = (square(size)?, pool(threads)?);
    let count = move |x: &[f64], y: &[f64]| {
        let mut raster = Raster::new(view);
        let mut add = || raster.add(&Points::new(x, y)?);
        if threads == 1 {
            add()?
        } else {
            pool.install(add)?
        }
        Ok::<Raster, Box<dyn Error>>(raster)
    };
    let some = (&x[..100_000], &y[..100_000]);
    let wanted = direct::histogram(&Points::new(some.0, some.1)?, &view);
    let error = max_difference(&count(some.0, some.1)?.values(), &wanted);
    Ok(Row {
        items: x.len(),
        ours: work(move || count(&x, &y).map(drop)),
        other: Other::Peer(Environment::Common, "datashader Canvas.points", call),
        target,
        error,
        flops: None,
    })
}

/// The tree included.
fn nearest_row(threads: usize, target: Target) -> Result<Row, Box<dyn Error>> {
    const COUNT: usize = 5;
    let Shared { x, y, mut call } = shared(30_000, "nearest", SMALL)?;
    call["count"] = json!(COUNT);
    let (view, pool) = (square(SMALL)?, pool(threads)?);
    let find = move |x: &[f64], y: &[f64], view: &View| {
        let find = || Neighbours::new(&Points::new(x, y)?)?.density(view, COUNT, Normalization::Probability);
        if threads == 1 { find() } else { pool.install(find) }
    };
    let some = View::new([0.3, 0.3, 0.5, 0.5], [20, 20])?;
    let nearest = direct::nearest(&Points::new(&x, &y)?, &some, COUNT);
    let scale = (COUNT - 1) as f64 / (x.len() as f64 * std::f64::consts::PI);
    let wanted: Vec<f64> = nearest.iter().map(|all| scale / all[COUNT - 1].powi(2)).collect();
    let map = find(&x, &y, &some)?;
    let error = max_difference(map.values(), &wanted) / map.max().0;
    Ok(Row {
        items: view.pixels(),
        ours: work(move || find(&x, &y, &view).map(drop)),
        other: Other::Peer(Environment::Common, "scipy.spatial.cKDTree", call),
        target,
        error,
        flops: None,
    })
}
