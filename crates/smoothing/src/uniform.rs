//! Evenly spaced samples.
//!
//! A plan holds the convolutions that the fit needs: of the values, always, and of the weights where
//! samples are missing or weighted. Outputs are made in chunks at fixed places, each from its own samples.

mod convolver;
mod fit;
mod grid;
mod kernels;
mod radius;
mod shape;
mod source;
mod windows;

use std::borrow::Cow;
use std::sync::OnceLock;

use hexad_core::{Boundary, Truncation};
use rayon::prelude::*;

use crate::SmoothError;
use crate::convert::signed;
use crate::irregular_plan::IrregularPlan;
use crate::options::{Method, Missing, SmoothOptions};
use convolver::{Convolver, ConvolverScratch};
pub(crate) use convolver::{run_with, widths};
use fit::FitConvolvers;
pub(crate) use grid::Grid;
pub(crate) use kernels::{Convolve, Decimate, Interpolate, Subtract};
pub(crate) use radius::uniform_radius;
pub(crate) use shape::{Shape, Taps};
pub(crate) use source::{Plain, Source};

/// The engines' errors are relative to the largest sample after the offset is taken off: at most twice the
/// largest |y|.
const PLAIN_MARGIN: f64 = 2.0;
/// How much more exact than the tolerance the sums of a fit are, by its degree: a mean near a gap and a
/// line at an edge amplify their errors. Places that amplify more are summed directly.
const FIT_MARGINS: [f64; 2] = [128.0, 512.0];

/// A smoother of evenly spaced samples: distances are in samples, derivatives per sample.
#[derive(Debug, Clone)]
pub(crate) struct UniformPlan {
    options: SmoothOptions,
    taps: Taps,
    len: usize,
    /// Values alone, where that is all the output needs: complete samples and a convolution or a mean.
    plain: Option<Convolver>,
    /// Values and weights, for everything else: planned when first needed.
    fit: OnceLock<Result<FitConvolvers, SmoothError>>,
    /// Outputs of a chunk; chunks start at its multiples.
    chunk: usize,
    /// Sum of the taps of a second derivative: what a truncated one leaves of a constant.
    uncancelled: f64,
    /// For [`Boundary::Renormalize`]: sums of the weights, by power, from the sample to one side.
    partial_sums: Vec<Vec<f64>>,
}

/// Buffers of one thread.
#[derive(Debug, Clone, Default)]
pub(crate) struct UniformScratch {
    convolver: ConvolverScratch,
    /// Of values, by power, then of weights.
    sums: Vec<Vec<f64>>,
    bounds: Vec<f64>,
    piece: Vec<f64>,
}

/// What chunks found.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found {
    /// Largest bound of the error, relative to the largest |y|.
    pub bound: f64,
    /// Whether every sample seen was finite.
    pub complete: bool,
}

impl Found {
    const NOTHING: Self = Self { bound: 0.0, complete: true };

    fn and(self, other: Self) -> Self {
        Self { bound: self.bound.max(other.bound), complete: self.complete && other.complete }
    }
}

impl UniformPlan {
    /// Plans `len` samples for a sigma in samples.
    pub fn new(sigma: f64, len: usize, options: &SmoothOptions) -> Result<Self, SmoothError> {
        let radius = uniform_radius(sigma, len, options)?;
        let taps = Taps::new(sigma, radius, options.side);
        let degree = options.degree();
        let partial_sums = if options.boundary == Boundary::Renormalize {
            (0..=2 * degree).map(|power| taps.partial_sums(power)).collect()
        } else {
            Vec::new()
        };
        let second = options.is_convolution() && options.derivative == 2;
        let uncancelled = if second { taps.of(Shape::Derivative(2)).iter().sum() } else { 0.0 };
        let mut plan = Self {
            options: *options,
            taps,
            len,
            plain: None,
            fit: OnceLock::new(),
            chunk: 0,
            uncancelled,
            partial_sums,
        };
        if options.is_convolution() || degree == 0 {
            let order = if options.is_convolution() { options.derivative } else { 0 };
            plan.plain = Some(plan.convolver(&[Shape::Derivative(order)], options.method, PLAIN_MARGIN)?);
        }
        plan.chunk = plan.main()?.chunk();
        Ok(plan)
    }

    /// The same samples as unevenly spaced ones, in units of samples.
    pub fn as_irregular(&self) -> Result<IrregularPlan<'static>, SmoothError> {
        let x = (0..self.len).map(|index| index as f64).collect();
        let mut options = self.options.with_method(Method::Auto);
        if options.truncation != Truncation::Exact {
            // Half a sample more keeps the last tap whatever the rounding.
            options.truncation = Truncation::Sigmas((self.taps.radius() as f64 + 0.5) / self.taps.sigma);
        }
        IrregularPlan::new(Cow::Owned(x), None, self.taps.sigma, &options)
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn method(&self) -> Method {
        self.main().map_or(Method::Direct, Convolver::method)
    }

    /// The convolver of complete samples.
    fn main(&self) -> Result<&Convolver, SmoothError> {
        match &self.plain {
            Some(plain) => Ok(plain),
            None => Ok(&self.fit()?.values),
        }
    }

    fn fit(&self) -> Result<&FitConvolvers, SmoothError> {
        let degree = self.options.degree();
        let margin = FIT_MARGINS[degree.min(1)];
        // A method that cannot do the fit is refused where the fit is the rule, not where it is the exception.
        let method = if self.plain.is_some() { Method::Auto } else { self.options.method };
        let plan = || {
            let values = self.convolver(&moments(degree).collect::<Vec<_>>(), method, margin)?;
            let weights = self.convolver(&moments(2 * degree).collect::<Vec<_>>(), Method::Auto, margin)?;
            Ok(FitConvolvers { values, weights, taps: OnceLock::new() })
        };
        self.fit.get_or_init(plan).as_ref().map_err(|error| *error)
    }

    fn convolver(&self, shapes: &[Shape], method: Method, margin: f64) -> Result<Convolver, SmoothError> {
        let untruncated = self.options.truncation == Truncation::Exact;
        let tolerance = self.options.tolerance / margin;
        Convolver::new(&self.taps, untruncated, shapes, method, tolerance, self.len)
    }

    /// Outputs of a chunk; chunks start at its multiples.
    pub fn chunk(&self) -> usize {
        self.chunk
    }

    /// Samples that a chunk may need before its first and after its last output.
    pub fn halo(&self) -> Result<(usize, usize), SmoothError> {
        let halos = self.convolvers()?.map(Convolver::halo);
        Ok(halos.fold(self.taps.reach(), |a, b| (a.0.max(b.0), a.1.max(b.1))))
    }

    /// From this length on the plan is the same for every signal.
    pub fn settled_len(&self) -> Result<usize, SmoothError> {
        let settled = self.convolvers()?.map(Convolver::settled_len).max().unwrap_or(0);
        Ok(settled.max(self.taps.radius() + 1))
    }

    fn convolvers(&self) -> Result<impl Iterator<Item = &Convolver>, SmoothError> {
        let fit = self.fit()?;
        Ok(self.plain.iter().chain([&fit.values, &fit.weights]))
    }

    /// Smooths all samples, chunks shared among the scratches.
    pub fn run(
        &self,
        source: &Source<'_>,
        out: &mut [f64],
        scratch: &mut [UniformScratch],
    ) -> Result<Found, SmoothError> {
        self.run_part(source, 0, out, scratch)
    }

    /// Smooths the outputs from `first` on, which begin with a chunk.
    pub fn run_part(
        &self,
        source: &Source<'_>,
        first: usize,
        out: &mut [f64],
        scratch: &mut [UniformScratch],
    ) -> Result<Found, SmoothError> {
        let chunk = self.chunk;
        let chunks = out.len().div_ceil(chunk);
        let share = chunks.div_ceil(scratch.len()) * chunk;
        let span = |(part, (out, scratch)): (usize, (&mut [f64], &mut UniformScratch))| {
            let mut found = Found::NOTHING;
            for (index, out) in out.chunks_mut(chunk).enumerate() {
                let start = first + part * share + index * chunk;
                found = found.and(self.chunk_into(source, start, Some(self.len), out, scratch)?);
            }
            Ok::<Found, SmoothError>(found)
        };
        if scratch.len() == 1 || chunks <= 1 {
            return span((0, (out, &mut scratch[0])));
        }
        let parts = out.par_chunks_mut(share).zip(scratch.par_iter_mut()).enumerate();
        parts.map(span).try_reduce(|| Found::NOTHING, |a, b| Ok(a.and(b)))
    }

    /// Smooths the outputs from `start` on, at most a chunk. `len` is the number of samples if the end is
    /// known.
    pub fn chunk_into(
        &self,
        source: &Source<'_>,
        start: usize,
        len: Option<usize>,
        out: &mut [f64],
        scratch: &mut UniformScratch,
    ) -> Result<Found, SmoothError> {
        let origin = signed(start);
        if let (Some(plain), None) = (&self.plain, source.weights) {
            let mut values = Plain { source, finite: true };
            let offset = if self.options.derivative == 0 { source.offset } else { 0.0 };
            plain.run(origin, &mut [&mut *out], offset, &mut values, &mut scratch.convolver)?;
            if values.finite {
                self.finish_plain(plain.method(), source, start, len, out);
                return Ok(Found { bound: PLAIN_MARGIN * plain.error(), complete: true });
            }
        }
        let found = self.fit_into(source, start, len, out, scratch)?;
        if self.options.missing == Missing::Propagate {
            self.poison(source, origin, out, &mut scratch.piece);
        }
        Ok(found)
    }

    /// What the convolution of complete samples still lacks: weights at the ends that do not sum to 1, and
    /// the part of the offset that a truncated derivative does not cancel.
    fn finish_plain(
        &self,
        method: Method,
        source: &Source<'_>,
        start: usize,
        len: Option<usize>,
        out: &mut [f64],
    ) {
        if self.options.boundary != Boundary::Renormalize {
            if self.options.is_convolution() && self.options.derivative == 2 && method != Method::Decimate {
                out.iter_mut().for_each(|out| *out += self.uncancelled * source.offset);
            }
            return;
        }
        let (before, after) = self.taps.reach();
        let last = start + out.len();
        let sums = &self.partial_sums[0];
        let share = |out: &mut f64, present: f64| *out = source.offset + (*out - source.offset) / present;
        let on_left = start..last.min(before);
        let on_right = len.map_or(last, |len| len.saturating_sub(after)).clamp(start, last)..last;
        if on_left.end > on_right.start {
            // The kernel is wider than the signal: some outputs lack weights on both sides.
            for (index, out) in (start..).zip(&mut *out) {
                share(out, self.present(index, len, 0));
            }
            return;
        }
        for (out, left) in out.iter_mut().zip(sums.get(on_left).unwrap_or_default()) {
            share(out, left + (sums[after] - sums[0]));
        }
        if let Some(len) = len {
            for (index, out) in on_right.clone().zip(&mut out[on_right.start - start..]) {
                share(out, sums[before] - sums[0] + sums[len - 1 - index]);
            }
        }
    }

    /// `M_power` at `index` where no sample is missing: the weights on both sides, and the sample's own.
    fn present(&self, index: usize, len: Option<usize>, power: usize) -> f64 {
        let sums = &self.partial_sums[power];
        let (before, after) = self.taps.reach();
        let sign = if power % 2 == 1 { -1.0 } else { 1.0 };
        let right = len.map_or(after, |len| after.min(len - 1 - index));
        let own = if power == 0 { sums[0] } else { 0.0 };
        sign * sums[before.min(index)] + sums[right] - own
    }

    /// NaN wherever a missing sample is in reach.
    fn poison(&self, source: &Source<'_>, origin: i64, out: &mut [f64], piece: &mut Vec<f64>) {
        let (before, after) = self.taps.reach();
        piece.resize(before + out.len() + after, 0.0);
        source.missing(origin - signed(before), piece);
        let mut in_reach: f64 = piece[..before + after].iter().sum();
        for (place, out) in out.iter_mut().enumerate() {
            in_reach += piece[place + before + after];
            if in_reach > 0.0 {
                *out = f64::NAN;
            }
            in_reach -= piece[place];
        }
    }
}

fn moments(highest: usize) -> impl Iterator<Item = Shape> {
    (0..=highest).map(Shape::Moment)
}
