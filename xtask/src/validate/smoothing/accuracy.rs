//! The tolerance that the caller sets, against the direct sum.

use std::time::Instant;

use hexad_core::ndarray::ArrayView2;
use hexad_smoothing::scipy::{FilterOptions, gaussian_filter};
use hexad_smoothing::{
    Boundary, Fit, GaussianFilter2d, ImageOptions, SmoothError, SmoothOptions, Smoother, Truncation, direct,
    smooth,
};
use hexad_testkit::Random;

use super::{indices, relative_error};
use crate::validate::chart::Chart;
use crate::validate::claim::{Bound, Claim, Outcome};

/// Tolerances swept: 1e-3 to 1e-12.
fn tolerances() -> impl Iterator<Item = f64> {
    (3..=12).map(|digits| 10.0_f64.powi(-digits))
}

/// Largest error at each tolerance; `error` gives those of a case.
type Sweep = Vec<(f64, f64)>;

/// Exact kernels and the tolerance.
fn exact(tolerance: f64) -> SmoothOptions {
    SmoothOptions::default().with_truncation(Truncation::Exact).with_tolerance(tolerance)
}

pub(super) fn even() -> Outcome {
    let y = noisy_wave(&indices(12_000));
    let boundaries =
        [Boundary::Renormalize, Boundary::Reflect, Boundary::Mirror, Boundary::Nearest, Boundary::Wrap];
    let case = |sigma: f64, boundary: Boundary| -> Result<Sweep, SmoothError> {
        let with = |tolerance| exact(tolerance).with_boundary(boundary);
        let wanted = direct::smooth_uniform(&y, None, 1.0, sigma, &with(1e-12))?;
        let error = |tolerance| {
            let got = Smoother::uniform(y.len(), 1.0, sigma, &with(tolerance))?.apply(&y)?;
            Ok((tolerance, relative_error(&got, &wanted, &y)))
        };
        tolerances().map(error).collect()
    };
    let mut sweeps = Vec::new();
    for sigma in [1.5, 10.0, 100.0] {
        let cases: Result<Vec<Sweep>, _> = boundaries.iter().map(|&boundary| case(sigma, boundary)).collect();
        sweeps.push((format!("sigma {sigma}"), worst_of(&cases?)));
    }
    Ok(claim(
        "On evenly spaced x, without truncation and for every boundary, the error stays below the tolerance \
         asked for, from 1e-3 to 1e-12. Measured: the largest error over its tolerance, three sigmas and \
         five boundaries.",
        "Even x: error at each tolerance",
        sweeps,
    ))
}

pub(super) fn uneven() -> Outcome {
    let x = adversarial_x();
    let y = noisy_wave(&x);
    let mut sweeps = Vec::new();
    for (name, fit) in [("local constant", Fit::Constant), ("local linear", Fit::Linear)] {
        let mut cases = Vec::new();
        for truncation in [Truncation::Exact, Truncation::Sigmas(4.0), Truncation::Reach(0.1)] {
            let with = |tolerance| exact(tolerance).with_truncation(truncation).with_fit(fit);
            let wanted = direct::smooth(&x, &y, None, &x, 1.0, &with(1e-12))?;
            let error = |tolerance| {
                let got = smooth(&x, &y, 1.0, &with(tolerance))?;
                Ok((tolerance, relative_error(&got, &wanted, &y)))
            };
            cases.push(tolerances().map(error).collect::<Result<Sweep, SmoothError>>()?);
        }
        sweeps.push((name.to_owned(), worst_of(&cases)));
    }
    Ok(claim(
        "On x made to hurt, in shuffled order - a third of it duplicates, neighbours from 1e-5 to 10 sigma \
         apart, clusters, a gap of 1,000 sigma - the error stays below the tolerance asked for. Measured: \
         the largest error over its tolerance; exact kernels, four sigmas, reach 0.1.",
        "Uneven x: error at each tolerance",
        sweeps,
    ))
}

pub(super) fn elsewhere() -> Outcome {
    let x = adversarial_x();
    let y = noisy_wave(&x);
    let (low, high) = x.iter().fold((0.0_f64, 0.0_f64), |(low, high), &x| (low.min(x), high.max(x)));
    // Half anywhere, half within six sigmas of a sample, where the weights fade away.
    let mut random = Random::new(5);
    let mut targets = random.vector(1000, low - 10.0, high + 10.0);
    targets.extend(x.iter().step_by(2).map(|x| x + random.uniform(-6.0, 6.0)));
    let wanted = direct::smooth(&x, &y, None, &targets, 1.0, &exact(1e-12))?;
    let error = |tolerance| -> Result<(f64, f64), SmoothError> {
        let got = Smoother::at(&x, &targets, 1.0, &exact(tolerance))?.apply(&y)?;
        Ok((tolerance, relative_error(&got, &wanted, &y)))
    };
    let sweep: Sweep = tolerances().map(error).collect::<Result<_, _>>()?;
    let empty = wanted.iter().filter(|value| value.is_nan()).count();
    Ok(claim(
        "The same samples, smoothed at 2,000 other places, inside the gaps and beyond the ends: below the \
         tolerance, and NaN exactly where the direct sum is, because the weights present sum to less than \
         1e-6. Measured: the largest error over its tolerance.",
        "Between the samples: error at each tolerance",
        vec![("local constant".to_owned(), sweep)],
    )
    .note(format!("{empty} of 2000 places have no sample near enough and are NaN")))
}

pub(super) fn image() -> Outcome {
    const ROWS: usize = 240;
    const COLUMNS: usize = 331;
    let image = noisy_wave(&indices(ROWS * COLUMNS));
    let view = ArrayView2::from_shape((ROWS, COLUMNS), &image)?.into_dyn();
    let mut sweeps = Vec::new();
    for sigma in [[1.5, 4.0], [10.0, 10.0], [50.0, 20.0]] {
        let mut cases = Vec::new();
        for boundary in [Boundary::Reflect, Boundary::Mirror, Boundary::Nearest, Boundary::Wrap] {
            // Nine sigmas: every weight that double precision shows.
            let whole = FilterOptions::default().with_mode(boundary).with_truncate(9.0);
            let wanted: Vec<f64> = gaussian_filter(&view, &sigma, &[0, 0], &whole)?.into_iter().collect();
            let error = |tolerance| -> Result<(f64, f64), SmoothError> {
                let options = ImageOptions::default().with_boundary(boundary).with_tolerance(tolerance);
                let got = GaussianFilter2d::<f64>::new(ROWS, COLUMNS, sigma, &options)?.apply(&image)?;
                Ok((tolerance, relative_error(&got, &wanted, &image)))
            };
            cases.push(tolerances().map(error).collect::<Result<Sweep, _>>()?);
        }
        sweeps.push((format!("sigma {} x {}", sigma[0], sigma[1]), worst_of(&cases)));
    }
    Ok(claim(
        "Images without truncation, a sigma for each axis: the error stays below the tolerance asked for. \
         Measured: the largest error over its tolerance, three pairs of sigmas and four boundaries.",
        "Images: error at each tolerance",
        sweeps,
    ))
}

/// Error at one million samples, at places spread over the array and at its ends; times beside it.
pub(super) fn growth() -> Outcome {
    const SIGMA: f64 = 10.0;
    let options = exact(1e-10);
    let (mut worst, mut times) = (0.0_f64, Vec::new());
    for len in [1_000, 10_000, 100_000, 1_000_000] {
        let x = indices(len);
        let y = noisy_wave(&x);
        let plan = Smoother::uniform(len, 1.0, SIGMA, &options)?;
        let (mut out, mut scratch) = (vec![0.0; len], plan.make_scratch());
        plan.apply_into(&y, None, &mut out, &mut scratch)?;
        let start = Instant::now();
        plan.apply_into(&y, None, &mut out, &mut scratch)?;
        times.push((len as f64, start.elapsed().as_secs_f64()));
        let spots = [0, 1, len / 3, len / 2, len - 2, len - 1];
        let targets = spots.map(|spot| x[spot]);
        let wanted = direct::smooth(&x, &y, None, &targets, SIGMA, &options)?;
        worst = worst.max(relative_error(&spots.map(|spot| out[spot]), &wanted, &y));
    }
    let per_sample: Vec<String> =
        times.iter().map(|&(len, seconds)| format!("{len:.0}: {:.2} ns", 1e9 * seconds / len)).collect();
    let per_sample = format!("time a sample, all cores: {}", per_sample.join(", "));
    let chart = Chart::new("Time grows with the number of samples", "samples", "seconds")
        .log_x()
        .log_y()
        .line("sigma 10, tolerance 1e-10", times);
    Ok(Claim::new(
        "The error does not grow with the number of samples: from 1,000 to 1,000,000, at the ends and \
         inside. Measured: the largest error in units of the largest |y|.",
        worst,
        Bound::AtMost(options.tolerance),
    )
    .time(per_sample)
    .time_chart(chart))
}

/// The largest error over its tolerance, with the sweep as a picture.
fn claim(says: &'static str, title: &str, sweeps: Vec<(String, Sweep)>) -> Claim {
    let points = sweeps.iter().flat_map(|(_, sweep)| sweep);
    let worst = points.map(|(tolerance, error)| error / tolerance).fold(0.0, f64::max);
    let mut chart = Chart::new(title, "tolerance asked for", "largest error, of the largest |y|")
        .log_x()
        .log_y()
        .line("error = tolerance", tolerances().map(|tolerance| (tolerance, tolerance)));
    for (label, sweep) in sweeps {
        chart = chart.line(&label, sweep);
    }
    Claim::new(says, worst, Bound::AtMost(1.0))
        .formula("max_i |fast_i - direct_i| <= tolerance max_j |y_j|")
        .source("direct sums: hexad_smoothing::direct")
        .chart(chart)
}

/// At each tolerance the largest error of the cases.
fn worst_of(cases: &[Sweep]) -> Sweep {
    let at = |(index, tolerance): (usize, f64)| {
        let errors = cases.iter().map(|sweep| sweep[index].1);
        (tolerance, errors.fold(0.0, f64::max))
    };
    tolerances().enumerate().map(at).collect()
}

/// A slow wave, an offset and noise.
fn noisy_wave(x: &[f64]) -> Vec<f64> {
    let mut random = Random::new(3);
    x.iter().map(|x| 0.5 + (0.02 * x).sin() + random.uniform(-0.5, 0.5)).collect()
}

/// 2,000 places in units of sigma, shuffled: duplicates, gaps over six decades, one of 1,000 sigma.
fn adversarial_x() -> Vec<f64> {
    let mut random = Random::new(4);
    let mut place = -300.0;
    let mut x: Vec<f64> = (0..2000)
        .map(|index| {
            let gap = 10.0_f64.powf(random.uniform(-5.0, 1.0));
            place += match index {
                1000 => 1000.0,
                _ if random.unit() < 0.3 => 0.0,
                _ if index % 200 < 100 => 0.01 * gap,
                _ => gap,
            };
            place
        })
        .collect();
    let mut keyed: Vec<(f64, f64)> = x.drain(..).map(|x| (random.unit(), x)).collect();
    keyed.sort_by(|a, b| a.0.total_cmp(&b.0));
    keyed.into_iter().map(|(_, x)| x).collect()
}
