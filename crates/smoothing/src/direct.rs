//! The definitions, written as sums: slow, obvious, and what every fast path is tested against.
//!
//! Nothing here is clever. Costs are outputs times samples.

use hexad_core::{
    Boundary, GaussianKernel, Truncation, check_finite, check_length, check_not_negative, check_positive,
};

use crate::convert::to_i32;
use crate::fit::{KernelSums, own_share, solve, spread};
use crate::options::{Missing, Side, SmoothOptions};
use crate::statistics::{Statistics, check_statistics};
use crate::{InputError, SmoothError, seed, uniform_radius};

/// Smooth of the samples `(x_j, y_j)` at each of `targets`: the weighted least-squares fit about the target,
/// of the degree that the options ask for, with Gaussian weights in x. `x` may come in any order and with
/// duplicates; `weights` defaults to ones. The boundary must be [`Boundary::Renormalize`].
///
/// # Errors
///
/// As [`crate::Smoother`].
pub fn smooth(
    x: &[f64],
    y: &[f64],
    weights: Option<&[f64]>,
    targets: &[f64],
    sigma: f64,
    options: &SmoothOptions,
) -> Result<Vec<f64>, SmoothError> {
    options.check()?;
    let kernel = GaussianKernel::new(sigma, options.truncation)?;
    let samples = Samples::new(x, y, weights, options.missing)?;
    check_finite("targets", targets)?;
    let at =
        |target: &f64| finish(&samples.sums(*target, &kernel, options.side), samples.largest, sigma, options);
    Ok(targets.iter().map(at).collect())
}

/// Kernel sums of the samples at `target`: see [`KernelSums`].
///
/// # Errors
///
/// As [`smooth`].
pub fn kernel_sums(
    x: &[f64],
    y: &[f64],
    weights: Option<&[f64]>,
    target: f64,
    sigma: f64,
    options: &SmoothOptions,
) -> Result<KernelSums, SmoothError> {
    let kernel = GaussianKernel::new(sigma, options.truncation)?;
    Ok(Samples::new(x, y, weights, options.missing)?.sums(target, &kernel, options.side))
}

/// Smooth of evenly spaced samples at the samples, for every boundary: `sigma` and `step` are in the unit
/// of x, distances are whole numbers of steps.
///
/// # Errors
///
/// As [`crate::Smoother`].
pub fn smooth_uniform(
    y: &[f64],
    weights: Option<&[f64]>,
    step: f64,
    sigma: f64,
    options: &SmoothOptions,
) -> Result<Vec<f64>, SmoothError> {
    options.check()?;
    let sigma = check_positive("sigma", sigma / step.abs())?;
    let radius = uniform_radius(sigma, y.len(), options)?;
    let reach = i64::try_from(radius).unwrap_or(i64::MAX);
    let index: Vec<f64> = (0..y.len()).map(|i| i as f64).collect();
    let samples = Samples::new(&index, y, weights, options.missing)?;
    let is_convolution = options.is_convolution()
        && (options.derivative == 0 || samples.weights.iter().all(|&weight| weight == samples.largest));
    let taps = gaussian_taps(sigma, radius, options.derivative);
    let mut out = Vec::with_capacity(y.len());
    for i in 0..i64::try_from(y.len()).unwrap_or(i64::MAX) {
        let mut sums = KernelSums::default();
        let (mut sum, mut present) = (0.0, 0.0);
        for d in -reach..=reach {
            if options.side == Side::Past && (d as f64 * step.signum()) > 0.0 {
                continue;
            }
            let (value, weight) = match options.boundary.source_index(i + d, y.len()) {
                Some(source) => (samples.y[source], samples.weights[source]),
                None if options.boundary == Boundary::Renormalize => continue,
                None => (options.boundary.fill_value(), samples.largest),
            };
            let u = d as f64 / sigma;
            add(&mut sums, u, (-0.5 * u * u).exp(), weight, value);
            let tap = taps[usize::try_from(d + reach).unwrap_or(0)];
            sum += tap * weight * value;
            present += tap * weight;
        }
        let value = match (is_convolution, options.derivative) {
            (true, 0) if sums.weights[0] >= options.min_weight * samples.largest => sum / present,
            (true, 0) => f64::NAN,
            (true, _) => sum / samples.largest,
            (false, _) => {
                finish(&sums, samples.largest, 1.0, options) / sigma.powi(to_i32(options.derivative))
            }
        };
        out.push(value / step.powi(to_i32(options.derivative)));
    }
    Ok(out)
}

/// SciPy's taps for a Gaussian of `sigma` samples: `2 radius + 1` weights that sum to 1, times the
/// polynomial of the derivative of order `derivative`, in the order in which they meet the samples
/// `i - radius ..= i + radius` (`scipy.ndimage.gaussian_filter1d`).
#[must_use]
pub fn gaussian_taps(sigma: f64, radius: usize, derivative: usize) -> Vec<f64> {
    let offsets = || (0..=2 * radius).map(|k| k as f64 - radius as f64);
    let weight = |d: f64| (-0.5 * (d / sigma) * (d / sigma)).exp();
    let sum: f64 = offsets().map(weight).sum();
    offsets().map(|d| derivative_factor(d, sigma, derivative) * weight(d) / sum).collect()
}

/// `w^(order)(d)` mirrored, over `w(d)`: the Hermite polynomial by which the weight at the offset `d` is
/// multiplied.
pub(crate) fn derivative_factor(d: f64, sigma: f64, order: usize) -> f64 {
    let u = d / sigma;
    match order {
        0 => 1.0,
        1 => u / sigma,
        2 => (u * u - 1.0) / (sigma * sigma),
        _ => u * (u * u - 3.0) / (sigma * sigma * sigma),
    }
}

/// Standard error and effective number of samples at each sample: see [`Statistics`].
///
/// # Errors
///
/// As [`crate::Smoother::statistics`].
pub fn statistics(
    x: &[f64],
    y: &[f64],
    weights: Option<&[f64]>,
    sigma: f64,
    options: &SmoothOptions,
) -> Result<Statistics, SmoothError> {
    options.check()?;
    check_statistics(options)?;
    let kernel = GaussianKernel::new(sigma, options.truncation)?;
    let samples = Samples::new(x, y, weights, options.missing)?;
    let degree = options.degree();
    let (mut spreads, mut residual, mut freedom) = (Vec::new(), 0.0, 0.0);
    for ((&x, &y), &weight) in x.iter().zip(&samples.y).zip(&samples.weights) {
        let sums = samples.sums(x, &kernel, options.side);
        let (per_sd, effective_n) = spread(&sums, degree);
        spreads.push(if sums.weights[0] >= options.min_weight * samples.largest {
            (per_sd, effective_n)
        } else {
            (f64::NAN, f64::NAN)
        });
        if weight > 0.0 {
            let difference = y - solve(&sums, degree, 0);
            residual += weight * difference * difference;
            freedom += 1.0 - 2.0 * weight * own_share(&sums, degree) + weight * per_sd * per_sd;
        }
    }
    Ok(Statistics::new(residual, freedom, spreads))
}

/// Leave-one-out error of the smooth: the weighted mean of `(y_i - smooth without sample i)^2`.
/// Samples that nothing else reaches are left out; NaN if that is all of them.
///
/// # Errors
///
/// As [`crate::Smoother`].
pub fn leave_one_out(
    x: &[f64],
    y: &[f64],
    weights: Option<&[f64]>,
    sigma: f64,
    options: &SmoothOptions,
) -> Result<f64, SmoothError> {
    let kernel = GaussianKernel::new(sigma, options.truncation)?;
    let mut samples = Samples::new(x, y, weights, options.missing)?;
    let (mut sum, mut total) = (0.0, 0.0);
    for (i, &x) in x.iter().enumerate() {
        let weight = std::mem::take(&mut samples.weights[i]);
        let sums = samples.sums(x, &kernel, options.side);
        if weight > 0.0 && sums.weights[0] >= options.min_weight * samples.largest {
            sum += weight * (samples.y[i] - solve(&sums, options.degree(), 0)).powi(2);
            total += weight;
        }
        samples.weights[i] = weight;
    }
    Ok(sum / total)
}

/// The question's program to the letter, linear searches, loops and all: see [`crate::seed`].
///
/// # Errors
///
/// As [`crate::seed::flatten`].
pub fn flatten(
    x: &[f64],
    y: &[f64],
    reach: f64,
    sigma: f64,
    phi: f64,
    amplitude: f64,
) -> Result<Vec<f64>, SmoothError> {
    let radius = seed::check(x, y, reach, sigma, phi, amplitude)?;
    let out = (0..x.len()).map(|i| {
        let start = seed::nearest(x, x[i] - radius);
        let end = seed::nearest(x, x[i] + radius);
        seed::weighted_mean(&y[start..end.max(start)], start, i, sigma)
    });
    Ok(out.collect())
}

/// The samples with missing ones turned into zero weights.
struct Samples<'a> {
    x: &'a [f64],
    y: Vec<f64>,
    weights: Vec<f64>,
    largest: f64,
}

impl<'a> Samples<'a> {
    fn new(x: &'a [f64], y: &[f64], weights: Option<&[f64]>, missing: Missing) -> Result<Self, SmoothError> {
        check_finite("x", x)?;
        check_length("y", y.len(), x.len())?;
        if x.is_empty() {
            return Err(InputError::TooFew { argument: "x", needed: 1, got: 0 }.into());
        }
        let mut weights = match weights {
            Some(weights) => {
                check_length("weights", weights.len(), x.len())?;
                check_not_negative("weights", weights)?;
                weights.to_vec()
            }
            None => vec![1.0; x.len()],
        };
        let largest = weights.iter().copied().fold(0.0, f64::max);
        let mut y = y.to_vec();
        match missing {
            Missing::Error => check_finite("y", &y)?,
            // NaN then reaches every sum that its weight enters.
            Missing::Propagate => y.iter_mut().filter(|y| !y.is_finite()).for_each(|y| *y = f64::NAN),
            Missing::Skip => {
                for (y, weight) in y.iter_mut().zip(&mut weights).filter(|(y, _)| !y.is_finite()) {
                    (*y, *weight) = (0.0, 0.0);
                }
            }
        }
        Ok(Self { x, y, weights, largest })
    }

    fn sums(&self, target: f64, kernel: &GaussianKernel, side: Side) -> KernelSums {
        let mut sums = KernelSums::default();
        for ((&x, &y), &weight) in self.x.iter().zip(&self.y).zip(&self.weights) {
            let d = x - target;
            let in_reach = kernel.truncation() == Truncation::Exact || d.abs() <= kernel.radius();
            if in_reach && !(side == Side::Past && d > 0.0) {
                add(&mut sums, d / kernel.sigma(), kernel.weight(d), weight, y);
            }
        }
        sums
    }
}

/// Adds one sample to the sums. A weight that underflows to 0 keeps NaN from spreading everywhere.
pub(crate) fn add(sums: &mut KernelSums, u: f64, kernel: f64, weight: f64, y: f64) {
    if kernel < f64::EPSILON / 2.0 && y.is_nan() {
        return;
    }
    let mut power = kernel * weight;
    for k in 0..sums.weights.len() {
        sums.weights[k] += power;
        if k < sums.values.len() {
            sums.values[k] += power * y;
        }
        if k < sums.squares.len() {
            sums.squares[k] += power * kernel;
        }
        power *= u;
    }
}

fn finish(sums: &KernelSums, largest: f64, sigma: f64, options: &SmoothOptions) -> f64 {
    if sums.weights[0] < options.min_weight * largest {
        return f64::NAN;
    }
    solve(sums, options.degree(), options.derivative) / sigma.powi(to_i32(options.derivative))
}
