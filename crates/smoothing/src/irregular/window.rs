//! Kernel sums pair by pair: every sample within reach of every target; lanes are samples.

use std::ops::Range;

use hexad_core::Truncation;
use hexad_core::simd::{Kernel, Simd, Vector, dispatch, exp};
use rayon::prelude::*;

use super::{Block, Clean, CleanScratch, GROUP, Request};
use crate::direct::add;
use crate::fit::{KernelSums, SINGULAR};
use crate::options::Side;

/// Beyond this many sigmas a weight is 0 in double precision.
const WEIGHTLESS: f64 = 38.7;

/// With fewer samples than this in its window, or a variance below this many sigmas squared, a fit may hang
/// on samples outside.
const FEW: usize = 32;
const NARROW: f64 = 0.25;

/// Delivers all blocks; returns the bound on the error of the fit.
pub(super) fn run(request: &Request, sink: &mut dyn FnMut(&Block)) -> f64 {
    let largest_value = request.largest_value();
    let mut worst = rounding(0);
    for first in (0..request.blocks()).step_by(GROUP) {
        let group = first..(first + GROUP).min(request.blocks());
        let blocks: Vec<_> = group
            .into_par_iter()
            .map_init(CleanScratch::default, |scratch, block| {
                let (block, longest) = sum_block(request, request.block_range(block), scratch);
                let condition = worst_condition(request, &block, largest_value);
                (block, rounding(longest) * condition)
            })
            .collect();
        for (block, bound) in &blocks {
            worst = worst.max(*bound);
            sink(block);
        }
    }
    worst
}

/// Bound on the error of sums of `pairs` terms: a few roundings a term, of random sign.
pub(super) fn rounding(pairs: usize) -> f64 {
    f64::EPSILON * (8.0 + (pairs as f64).sqrt())
}

/// By how much the fit of a line enlarges the relative errors of its sums, in units of the largest value.
pub(super) fn condition(request: &Request, sums: &KernelSums, largest_value: f64) -> f64 {
    let ([m0, m1, m2, ..], [t0, t1, ..]) = (sums.weights, sums.values);
    let determinant = m0 * m2 - m1 * m1;
    if request.degree != 1 || m0 < request.least_weight || determinant <= SINGULAR * m0 * m2 {
        return 1.0;
    }
    let sums = match request.derivative {
        0 => (t0 * m2).abs() + (t1 * m1).abs(),
        _ => (t1 * m0).abs() + (t0 * m1).abs(),
    };
    let solution = sums / (determinant * largest_value);
    (solution * m0 * m2 / determinant).max(1.0)
}

fn worst_condition(request: &Request, block: &Block, largest_value: f64) -> f64 {
    if request.degree != 1 {
        return 1.0;
    }
    (0..block.len()).map(|i| condition(request, &block.sums(i), largest_value)).fold(1.0, f64::max)
}

/// The sums at one target.
pub(super) fn sums_at(request: &Request, target: f64, scratch: &mut CleanScratch) -> KernelSums {
    let window = request.window(target);
    let mut sums = KernelSums::default();
    let samples = request.samples.clean(window.clone(), scratch);
    each_target(request, samples, &[target], 0..window.len(), &mut |_, found| sums = found);
    sums
}

/// The sums over every sample whose weight is not 0 in double precision.
fn sum_to_the_end(request: &Request, target: f64) -> KernelSums {
    let (samples, sigma) = (request.samples, request.kernel.sigma());
    let mut sums = KernelSums::default();
    for j in request.window_of(target, WEIGHTLESS * sigma) {
        let (d, (weight, value)) = (samples.x[j] - target, samples.sample(j));
        add(&mut sums, d / sigma, request.kernel.weight(d), weight, value);
    }
    sums
}

/// One block, and the number of samples in its largest window.
fn sum_block(request: &Request, range: Range<usize>, scratch: &mut CleanScratch) -> (Block, usize) {
    let mut block = Block::zeros(request, range.clone());
    let targets = &request.targets[range];
    let (Some(&first), Some(&last)) = (targets.first(), targets.last()) else { return (block, 0) };
    let (first, last) = (request.window(first), request.window(last));
    let samples = request.samples.clean(first.start..last.end, scratch);
    let longest = each_target(request, samples, targets, 0..first.len(), &mut |i, sums| block.set(i, &sums));
    (block, longest)
}

/// Hands the sums at each of the ascending `targets` to `sink`, `window` being that of the first; returns the
/// number of samples in the largest.
fn each_target<F: FnMut(usize, KernelSums)>(
    request: &Request,
    samples: Clean,
    targets: &[f64],
    window: Range<usize>,
    sink: &mut F,
) -> usize {
    let windows = Windows { request, samples, targets, window, sink };
    match (request.degree, request.squares) {
        (0, false) => dispatch(Moments::<_, 1, 1, 0>(windows)),
        (0, true) => dispatch(Moments::<_, 1, 1, 1>(windows)),
        (1, false) => dispatch(Moments::<_, 2, 3, 0>(windows)),
        (1, true) => dispatch(Moments::<_, 2, 3, 3>(windows)),
        (2, _) => dispatch(Moments::<_, 3, 5, 0>(windows)),
        _ => dispatch(Moments::<_, 4, 7, 0>(windows)),
    }
}

struct Windows<'a, F> {
    request: &'a Request<'a>,
    samples: Clean<'a>,
    targets: &'a [f64],
    window: Range<usize>,
    sink: &'a mut F,
}

/// `T` sums of values, `M` of weights and `Q` of squared kernels.
struct Moments<'a, F, const T: usize, const M: usize, const Q: usize>(Windows<'a, F>);

impl<F: FnMut(usize, KernelSums), const T: usize, const M: usize, const Q: usize> Kernel<f64, 4>
    for Moments<'_, F, T, M, Q>
{
    type Output = usize;

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) -> usize {
        let Windows { request, samples, targets, mut window, sink } = self.0;
        let (x, sigma) = (samples.x, request.kernel.sigma());
        let radius = request.kernel.visible_radius();
        let reach = if request.side == Side::Past { 0.0 } else { radius };
        // Where a kernel without end does not see enough for a slope, that hangs on the nearest samples,
        // however little they weigh.
        let endless = request.kernel.truncation() == Truncation::Exact && request.degree > 0;
        let mut longest = 0;
        for (i, &target) in targets.iter().enumerate() {
            while window.start < x.len()
                && x[window.start] < target
                && (x[window.start] - target).abs() > radius
            {
                window.start += 1;
            }
            while window.end < x.len() && (x[window.end] <= target || (x[window.end] - target).abs() <= reach)
            {
                window.end += 1;
            }
            longest = longest.max(window.len());
            let mut sums = sum_window::<S, T, M, Q>(simd, samples.part(window.clone()), target, sigma);
            let [m0, m1, m2, ..] = sums.weights;
            if endless && (window.len() < FEW || m0 * m2 - m1 * m1 < NARROW * m0 * m0) {
                sums = sum_to_the_end(request, target);
            }
            sink(i, sums);
        }
        longest
    }
}

#[inline(always)]
fn sum_window<S: Simd<f64, 4>, const T: usize, const M: usize, const Q: usize>(
    simd: S,
    samples: Clean,
    target: f64,
    sigma: f64,
) -> KernelSums {
    let (x, x_rest) = samples.x.as_chunks::<4>();
    let (m, m_rest) = samples.weights.as_chunks::<4>();
    let (a, a_rest) = samples.values.as_chunks::<4>();
    let mut sums = Lanes {
        target: simd.splat(target),
        sigma: simd.splat(sigma),
        values: [simd.splat(0.0); T],
        weights: [simd.splat(0.0); M],
        squares: [simd.splat(0.0); Q],
    };
    for ((x, m), a) in x.iter().zip(m).zip(a) {
        sums.add(simd, simd.load(x), simd.load(m), simd.load(a));
    }
    if !x_rest.is_empty() {
        let (mut x, mut m, mut a) = ([target; 4], [0.0; 4], [0.0; 4]);
        x[..x_rest.len()].copy_from_slice(x_rest);
        m[..m_rest.len()].copy_from_slice(m_rest);
        a[..a_rest.len()].copy_from_slice(a_rest);
        sums.add(simd, simd.load(&x), simd.load(&m), simd.load(&a));
    }
    let mut total = KernelSums::default();
    for k in 0..T {
        total.values[k] = sums.values[k].sum();
    }
    for k in 0..M {
        total.weights[k] = sums.weights[k].sum();
    }
    for k in 0..Q {
        total.squares[k] = sums.squares[k].sum();
    }
    total
}

struct Lanes<V, const T: usize, const M: usize, const Q: usize> {
    target: V,
    sigma: V,
    values: [V; T],
    weights: [V; M],
    squares: [V; Q],
}

impl<V: Vector<f64, 4>, const T: usize, const M: usize, const Q: usize> Lanes<V, T, M, Q> {
    #[inline(always)]
    fn add<S: Simd<f64, 4, V = V>>(&mut self, simd: S, x: V, m: V, a: V) {
        let u = (x - self.target).div(self.sigma);
        let kernel = exp(simd, u * u * simd.splat(-0.5));
        let mut power = kernel * m;
        for k in 0..M {
            self.weights[k] = self.weights[k] + power;
            if k < T {
                self.values[k] = power.mul_add(a, self.values[k]);
            }
            if k < Q {
                self.squares[k] = power.mul_add(kernel, self.squares[k]);
            }
            power = power * u;
        }
    }
}
