//! The rows of hexad-smoothing.

use std::error::Error;

use hexad_smoothing::seed::flatten;
use hexad_smoothing::{
    Boundary, GaussianFilter2d, ImageOptions, SmoothError, SmoothOptions, Smoother, Truncation, direct,
    smooth,
};
use hexad_testkit::{Random, max_difference};
use serde_json::json;

use super::clock::time;
use super::growth::Job;
use super::peers::{Environment, share};
use super::row::{Make, Other, Row, Target, Work, work};

const MILLION: usize = 1_000_000;

/// The table of what must be reached. A row is made when its turn comes, so that one row's arrays are in
/// memory at a time.
pub(crate) fn rows() -> Vec<(String, Make)> {
    let mut rows: Vec<(String, Make)> = Vec::new();
    let mut add = |name: String, make: Make| rows.push((name, make));
    for (tolerance, goals) in [(1e-6, [15.0, 150.0, 1500.0]), (1e-12, [10.0, 100.0, 1000.0])] {
        for (sigma, goal) in [10.0, 100.0, 1000.0].into_iter().zip(goals) {
            let name = format!("1e6 even, sigma {sigma}, exact kernel, tolerance {tolerance:e}");
            add(name, Box::new(move || scipy_row(sigma, Truncation::Exact, tolerance, goal)));
        }
    }
    for (sigma, goal) in [(10.0, 4.0), (100.0, 40.0), (1000.0, 300.0)] {
        let name = format!("1e6 even, sigma {sigma}, SciPy's kernel, tolerance 1e-13");
        add(name, Box::new(move || scipy_row(sigma, Truncation::default(), 1e-13, goal)));
    }
    for boundary in
        [Boundary::Renormalize, Boundary::Reflect, Boundary::Mirror, Boundary::Nearest, Boundary::Wrap]
    {
        let name = format!("1e6 even, sigma 1e4 over sigma 10, plan included, {boundary:?}");
        add(name, Box::new(move || sigma_row(boundary)));
    }
    add("the question's 10,000 points, sigma 10, reach 0.001".to_owned(), Box::new(question_row));
    add("the same, by the question's own definition".to_owned(), Box::new(seed_row));
    for sigma in [1.0, 10.0, 1000.0] {
        let name = format!("1e6 uneven, sigma {sigma}, exact kernel, tolerance 1e-10");
        add(name, Box::new(move || uneven_row(sigma)));
    }
    for (sigma, goal) in [(10.0, 15.0), (50.0, 100.0)] {
        let name = format!("2048 x 2048 image, sigma {sigma}, exact kernel, tolerance 1e-6");
        add(name, Box::new(move || image_row(sigma, goal)));
    }
    rows
}

pub(crate) const GROWTH: Job = Job {
    what: "sigma 10, exact kernel, tolerance 1e-10",
    items: "samples",
    sizes: [100_000, MILLION, 10_000_000, 100_000_000],
    run: |len| {
        let y: Vec<f64> = (0..len).map(|i| (0.01 * i as f64).sin()).collect();
        let mut out = vec![0.0; len];
        let options = SmoothOptions::default().with_truncation(Truncation::Exact);
        time(|| {
            let plan = Smoother::uniform(len, 1.0, 10.0, &options)?;
            plan.apply_into(&y, None, &mut out, &mut plan.make_scratch())?;
            Ok(())
        })
    },
};

/// A slow wave in noise.
fn signal(len: usize) -> Vec<f64> {
    let mut random = Random::new(1);
    (0..len).map(|i| (1e-3 * i as f64).sin() + random.uniform(-1.0, 1.0)).collect()
}

/// One million samples, reflected at the ends, beside SciPy.
fn scipy_row(sigma: f64, truncation: Truncation, tolerance: f64, goal: f64) -> Result<Row, Box<dyn Error>> {
    let options = SmoothOptions::default()
        .with_boundary(Boundary::Reflect)
        .with_truncation(truncation)
        .with_tolerance(tolerance);
    let y = signal(MILLION);
    let input = share("million", &[MILLION], &y)?;
    let plan = Smoother::uniform(MILLION, 1.0, sigma, &options)?;
    let error = spot_error(&plan.apply(&y)?, &y, sigma, &options);
    Ok(Row {
        items: MILLION,
        ours: apply(plan, y),
        other: Other::Peer(
            Environment::Common,
            "gaussian_filter1d",
            json!({ "call": "gaussian_filter1d", "input": input, "sigma": sigma }),
        ),
        target: Target::TimesFaster(goal),
        error,
        flops: None,
    })
}

/// Sigma 1e4 beside sigma 10, plan included.
fn sigma_row(boundary: Boundary) -> Result<Row, Box<dyn Error>> {
    let options = SmoothOptions::default().with_boundary(boundary).with_truncation(Truncation::Exact);
    let y = signal(MILLION);
    let planned = |sigma: f64| -> Work {
        let (y, mut out) = (y.clone(), vec![0.0; MILLION]);
        work(move || {
            let plan = Smoother::uniform(MILLION, 1.0, sigma, &options)?;
            plan.apply_into(&y, None, &mut out, &mut plan.make_scratch()).map(drop)
        })
    };
    let out = Smoother::uniform(MILLION, 1.0, 1e4, &options)?.apply(&y)?;
    Ok(Row {
        items: MILLION,
        ours: planned(1e4),
        other: Other::Ours("sigma 10", planned(10.0)),
        target: Target::AtMostTimes(1.3),
        error: spot_error(&out, &y, 1e4, &options),
        flops: None,
    })
}

/// The question's settings, beside the accepted answer.
const QUESTION_LEN: usize = 10_000;
const QUESTION_SIGMA: f64 = 10.0;
const QUESTION_REACH: f64 = 0.001;

/// The question's points by the right definition; the plan is made in every call.
fn question_row() -> Result<Row, Box<dyn Error>> {
    let options = SmoothOptions::default().with_truncation(Truncation::Reach(QUESTION_REACH));
    let wanted = |x: &[f64], y: &[f64]| direct::smooth(x, y, None, x, QUESTION_SIGMA, &options);
    beside_the_answer(move |x, y| smooth(x, y, QUESTION_SIGMA, &options), wanted)
}

/// The same by the question's own definition.
fn seed_row() -> Result<Row, Box<dyn Error>> {
    let wanted = |x: &[f64], y: &[f64]| direct::flatten(x, y, QUESTION_REACH, QUESTION_SIGMA, 0.0, 1.0);
    beside_the_answer(|x, y| flatten(x, y, QUESTION_REACH, QUESTION_SIGMA, 0.0, 1.0), wanted)
}

fn beside_the_answer(
    ours: impl Fn(&[f64], &[f64]) -> Result<Vec<f64>, SmoothError> + Send + 'static,
    wanted: impl Fn(&[f64], &[f64]) -> Result<Vec<f64>, SmoothError>,
) -> Result<Row, Box<dyn Error>> {
    let x: Vec<f64> = (0..QUESTION_LEN).map(|i| i as f64).collect();
    let y = Random::new(2).vector(QUESTION_LEN, -4.0, 4.0);
    let input = share("question", &[QUESTION_LEN], &y)?;
    let call = json!({ "call": "flatten", "input": input, "sigma": QUESTION_SIGMA, "reach": QUESTION_REACH });
    let error = max_difference(&ours(&x, &y)?, &wanted(&x, &y)?) / 4.0;
    Ok(Row {
        items: QUESTION_LEN,
        ours: work(move || ours(&x, &y).map(drop)),
        other: Other::Peer(Environment::Common, "accepted answer", call),
        target: Target::TimesFaster(2000.0),
        error,
        flops: None,
    })
}

/// One million points at random places in rising order, on average one apart.
fn uneven_row(sigma: f64) -> Result<Row, Box<dyn Error>> {
    let mut x = Random::new(3).vector(MILLION, 0.0, MILLION as f64);
    x.sort_by(f64::total_cmp);
    let y = signal(MILLION);
    let options = SmoothOptions::default().with_truncation(Truncation::Exact);
    let out = smooth(&x, &y, sigma, &options)?;
    let spots: Vec<usize> = (0..20).map(|k| k * (MILLION - 1) / 19).collect();
    let targets: Vec<f64> = spots.iter().map(|&spot| x[spot]).collect();
    let wanted = direct::smooth(&x, &y, None, &targets, sigma, &options)?;
    let got: Vec<f64> = spots.iter().map(|&spot| out[spot]).collect();
    let mut smoothed = out;
    // The plan borrows x, so x lives as long as the bench.
    let plan = Smoother::new(Vec::leak(x), sigma, &options)?;
    let mut scratch = plan.make_scratch();
    Ok(Row {
        items: MILLION,
        error: max_difference(&got, &wanted) / 2.0,
        ours: work(move || plan.apply_into(&y, None, &mut smoothed, &mut scratch).map(drop)),
        other: Other::Nothing,
        target: Target::NsPerItem(100.0),
        flops: None,
    })
}

/// An image, reflected at its edges, beside SciPy.
fn image_row(sigma: f64, goal: f64) -> Result<Row, Box<dyn Error>> {
    const SIDE: usize = 2048;
    let image = signal(SIDE * SIDE);
    let input = share("image", &[SIDE, SIDE], &image)?;
    let plan = GaussianFilter2d::<f64>::new(SIDE, SIDE, [sigma; 2], &ImageOptions::default())?;
    let mut out = plan.apply(&image)?;
    let error = image_error(&out, &image, SIDE, sigma);
    let mut scratch = plan.make_scratch();
    Ok(Row {
        items: SIDE * SIDE,
        ours: work(move || plan.apply_into(&image, &mut out, &mut scratch)),
        other: Other::Peer(
            Environment::Common,
            "gaussian_filter",
            json!({ "call": "gaussian_filter", "input": input, "sigma": sigma }),
        ),
        target: Target::TimesFaster(goal),
        error,
        flops: None,
    })
}

/// Largest error at corners, edges and centre of a square image, in units of the largest pixel.
fn image_error(out: &[f64], image: &[f64], side: usize, sigma: f64) -> f64 {
    let options =
        SmoothOptions::default().with_truncation(Truncation::Exact).with_boundary(Boundary::Reflect);
    let spots = [0, 1, side / 2, side - 1];
    let largest = image.iter().fold(0.0, |largest: f64, y| largest.max(y.abs()));
    let mut worst: f64 = 0.0;
    for column in spots {
        let sums: Vec<f64> =
            image.chunks_exact(side).map(|row| spot_sum(row, column, sigma, &options)).collect();
        for row in spots {
            let error = (out[row * side + column] - spot_sum(&sums, row, sigma, &options)).abs();
            worst = worst.max(error / largest);
        }
    }
    worst
}

/// One smooth with the plan and its buffers made before.
fn apply(plan: Smoother<'static>, y: Vec<f64>) -> Work {
    let (mut out, mut scratch) = (vec![0.0; y.len()], plan.make_scratch());
    work(move || plan.apply_into(&y, None, &mut out, &mut scratch).map(drop))
}

/// Largest error at places spread over the samples, both ends included, in units of the largest |y|.
fn spot_error(out: &[f64], y: &[f64], sigma: f64, options: &SmoothOptions) -> f64 {
    let last = y.len() - 1;
    let spots = (0..=16).map(|k| k * last / 16).chain([1, last - 1]);
    let largest = y.iter().fold(0.0, |largest: f64, y| largest.max(y.abs()));
    spots.map(|spot| (out[spot] - spot_sum(y, spot, sigma, options)).abs() / largest).fold(0.0, f64::max)
}

/// The definition at one sample.
fn spot_sum(y: &[f64], spot: usize, sigma: f64, options: &SmoothOptions) -> f64 {
    let reach = match options.truncation {
        Truncation::Exact => (9.0 * sigma).ceil(),
        truncation => (truncation.sigmas() * sigma + 0.5).floor(),
    };
    let (mut sum, mut total, mut offset) = (0.0, 0.0, -reach);
    while offset <= reach {
        let weight = (-0.5 * (offset / sigma).powi(2)).exp();
        #[expect(clippy::cast_possible_truncation, reason = "whole and far below 2^53")]
        let source = options.boundary.source_index(spot as i64 + offset as i64, y.len());
        if let Some(source) = source {
            sum += weight * y[source];
            total += weight;
        }
        offset += 1.0;
    }
    sum / total
}
