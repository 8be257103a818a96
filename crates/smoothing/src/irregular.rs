//! Kernel sums of unevenly spaced samples at any targets, block by block.
//!
//! Two engines deliver the same sums. [`window`] adds up every pair within reach; its cost grows with the
//! samples in a window. [`exponentials`] walks along x once each way; its cost does not depend on sigma.

mod bound;
mod decay;
mod exponentials;
mod gather;
mod state;
mod sweep;
#[cfg(test)]
mod tests;
mod window;

use std::ops::Range;

use hexad_core::{GaussianKernel, Truncation};

use crate::fit::KernelSums;
use crate::options::Side;

/// Targets in a block: the unit of work, whose borders never move, so that results do not depend on
/// threads. The longer, the less the states at the borders cost; the steps of a block take 600 KB.
const BLOCK: usize = 4096;

/// Blocks that are worked on together, then handed out in order.
const GROUP: usize = 16;

/// What a step of the exponentials costs, in pairs of a window: with fewer samples than this in the mean
/// window, adding them up is faster. A kernel that is cut costs more, as every sample has to leave too.
/// Measured on Zen 3 at a tolerance of 1e-10.
const STEP_PAIRS: f64 = 7.0;
const CUT_STEP_PAIRS: f64 = 24.0;

/// Targets whose windows are counted to estimate the mean window.
const PROBES: usize = 1024;

/// Samples as the caller has them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Samples<'a> {
    /// Positions, ascending; duplicates are fine.
    pub x: &'a [f64],
    /// Values in the order of the caller; missing where not finite.
    pub y: &'a [f64],
    /// Weights in the order of the caller, finite and >= 0; ones if there are none.
    pub weights: Option<&'a [f64]>,
    /// Where each x came from, if they were not given in rising order.
    pub order: Option<&'a [usize]>,
    /// Taken off every value.
    pub offset: f64,
}

/// Neighbouring samples ready for summing.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Clean<'a> {
    /// Positions, ascending.
    pub x: &'a [f64],
    /// Weights `m_j`; 0 where the sample is missing.
    pub weights: &'a [f64],
    /// Values less the offset; 0 where the sample is missing.
    pub values: &'a [f64],
}

impl Clean<'_> {
    #[inline(always)]
    fn part(&self, range: Range<usize>) -> Self {
        let Self { x, weights, values } = self;
        Self { x: &x[range.clone()], weights: &weights[range.clone()], values: &values[range] }
    }
}

/// Where samples are made ready.
#[derive(Debug, Clone, Default)]
pub(crate) struct CleanScratch {
    weights: Vec<f64>,
    values: Vec<f64>,
}

impl<'a> Samples<'a> {
    /// Weight and value of the `place`-th sample in rising order of x.
    #[inline(always)]
    pub fn sample(&self, place: usize) -> (f64, f64) {
        let origin = match self.order {
            Some(order) => order[place],
            None => place,
        };
        let y = self.y[origin];
        if y.is_finite() {
            (self.weights.map_or(1.0, |weights| weights[origin]), y - self.offset)
        } else {
            (0.0, 0.0)
        }
    }

    /// Makes the samples of `range` ready. A block at a time, so that memory does not grow with their number.
    fn clean<'s>(&self, range: Range<usize>, scratch: &'s mut CleanScratch) -> Clean<'s>
    where
        'a: 's,
    {
        let CleanScratch { weights, values } = scratch;
        weights.clear();
        values.clear();
        if let (None, None) = (self.weights, self.order) {
            let y = &self.y[range.clone()];
            values.extend(y.iter().map(|y| y - self.offset));
            weights.resize(y.len(), 1.0);
            for (place, _) in y.iter().enumerate().filter(|(_, y)| !y.is_finite()) {
                (weights[place], values[place]) = (0.0, 0.0);
            }
        } else {
            for (weight, value) in range.clone().map(|place| self.sample(place)) {
                weights.push(weight);
                values.push(value);
            }
        }
        Clean { x: &self.x[range], weights, values }
    }
}

/// What is to be summed, where, and how well.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Request<'a> {
    /// The samples.
    pub samples: Samples<'a>,
    /// Where the sums are wanted, ascending.
    pub targets: &'a [f64],
    /// The kernel.
    pub kernel: GaussianKernel,
    /// Which samples count.
    pub side: Side,
    /// Degree of the fit, 0 to 3: `M_k` for `k <= 2 degree` and `T_k` for `k <= degree` are delivered.
    pub degree: usize,
    /// Order of the derivative that the fit is wanted for; only the error bound depends on it.
    pub derivative: usize,
    /// Whether `Q_k`, `k <= 2 degree`, are delivered too; degree 0 and 1 only.
    pub squares: bool,
    /// Largest error of the fit, in units of the largest absolute value (per sigma for a derivative).
    pub tolerance: f64,
    /// Targets whose `M_0` is below this are of no interest.
    pub least_weight: f64,
}

/// Kernel sums at consecutive targets: `weights[k][i]` is `M_k` at target `start + i`, likewise `values`
/// (`T_k`) and `squares` (`Q_k`, empty unless asked for).
#[derive(Debug, Clone)]
pub(crate) struct Block {
    /// Index of the first target.
    pub start: usize,
    /// `M_k`.
    pub weights: Vec<Vec<f64>>,
    /// `T_k`.
    pub values: Vec<Vec<f64>>,
    /// `Q_k`.
    pub squares: Vec<Vec<f64>>,
}

/// How the sums are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    /// Every pair within reach.
    Window,
    /// Sums of exponentials.
    Exponentials,
}

impl Block {
    fn zeros(request: &Request, range: Range<usize>) -> Self {
        let moments = |count: usize| vec![vec![0.0; range.len()]; count];
        let highest = 2 * request.degree + 1;
        Self {
            start: range.start,
            weights: moments(highest),
            values: moments(request.degree + 1),
            squares: moments(if request.squares { highest } else { 0 }),
        }
    }

    /// Number of targets.
    pub fn len(&self) -> usize {
        self.weights[0].len()
    }

    /// The targets, by index.
    pub fn range(&self) -> Range<usize> {
        self.start..self.start + self.len()
    }

    /// The sums at target `start + i`.
    pub fn sums(&self, i: usize) -> KernelSums {
        let mut sums = KernelSums::default();
        for (sum, moment) in sums.weights.iter_mut().zip(&self.weights) {
            *sum = moment[i];
        }
        for (sum, moment) in sums.values.iter_mut().zip(&self.values) {
            *sum = moment[i];
        }
        for (sum, moment) in sums.squares.iter_mut().zip(&self.squares) {
            *sum = moment[i];
        }
        sums
    }

    fn set(&mut self, i: usize, sums: &KernelSums) {
        for (sum, moment) in sums.weights.iter().zip(&mut self.weights) {
            moment[i] = *sum;
        }
        for (sum, moment) in sums.values.iter().zip(&mut self.values) {
            moment[i] = *sum;
        }
        for (sum, moment) in sums.squares.iter().zip(&mut self.squares) {
            moment[i] = *sum;
        }
    }
}

impl Request<'_> {
    /// The engine that is faster here.
    pub fn engine(&self) -> Engine {
        if self.degree > 1 {
            return Engine::Window;
        }
        // A recursion steps over the targets and, where these are other places, over the samples too.
        let steps = self.targets.len().max(self.samples.x.len()) as f64;
        let pairs = self.mean_window() * self.targets.len() as f64;
        let cut = self.kernel.truncation() != Truncation::Exact;
        if pairs <= if cut { CUT_STEP_PAIRS } else { STEP_PAIRS } * steps {
            Engine::Window
        } else {
            Engine::Exponentials
        }
    }

    /// Calls `sink` with the blocks in order, and returns the bound on the error of the fit, in the unit of
    /// [`Request::tolerance`]; it is above the tolerance only where keeping that would have cost too much.
    ///
    /// Runs on the current rayon pool; the sums do not depend on its size.
    pub fn run(&self, engine: Engine, sink: &mut dyn FnMut(&Block)) -> f64 {
        match engine {
            Engine::Window => window::run(self, sink),
            Engine::Exponentials => exponentials::run(self, sink),
        }
    }

    /// Estimate of the mean number of samples in a window, from evenly picked targets.
    fn mean_window(&self) -> f64 {
        let stride = self.targets.len().div_ceil(PROBES).max(1);
        let probes = self.targets.iter().step_by(stride);
        let count = probes.len().max(1);
        let pairs: usize = probes.map(|&target| self.window(target).len()).sum();
        pairs as f64 / count as f64
    }

    /// The samples that the kernel sees from `target`, by index.
    fn window(&self, target: f64) -> Range<usize> {
        self.window_of(target, self.kernel.visible_radius())
    }

    /// The samples within `radius` of `target`, by index.
    fn window_of(&self, target: f64, radius: f64) -> Range<usize> {
        let x = self.samples.x;
        let start = x.partition_point(|&x| x < target && (x - target).abs() > radius);
        let end = match self.side {
            Side::Both => x.partition_point(|&x| x <= target || (x - target).abs() <= radius),
            Side::Past => x.partition_point(|&x| x <= target),
        };
        start..end
    }

    /// Largest absolute value; never 0.
    fn largest_value(&self) -> f64 {
        let Samples { y, offset, .. } = self.samples;
        let sizes = y.iter().map(|y| (y - offset).abs()).filter(|size| size.is_finite());
        sizes.fold(f64::MIN_POSITIVE, f64::max)
    }

    fn blocks(&self) -> usize {
        self.targets.len().div_ceil(BLOCK)
    }

    fn block_range(&self, block: usize) -> Range<usize> {
        block * BLOCK..((block + 1) * BLOCK).min(self.targets.len())
    }
}
