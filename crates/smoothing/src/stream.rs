//! Evenly spaced samples as they come, piece by piece.

use std::sync::Arc;

use hexad_core::{Boundary, InputError, check_finite, check_positive, check_step};

use crate::SmoothError;
use crate::convert::to_i32;
use crate::options::{Missing, Side, SmoothOptions};
use crate::uniform::{Source, UniformPlan, UniformScratch};

/// A smoother of evenly spaced samples that are pushed in pieces of any size. What comes out is, bit for
/// bit, what [`crate::Smoother::uniform`] gives for the whole signal: outputs come in fixed chunks as soon
/// as the samples that they need are there.
///
/// It keeps the samples of one chunk and two kernel widths, and the beginning of the signal until that is
/// long enough to tell which engine suits it.
///
/// # Examples
///
/// ```
/// use hexad_smoothing::{SmoothOptions, SmoothStream};
/// let mut stream = SmoothStream::new(1.0, 5.0, &SmoothOptions::default())?;
/// let mut smooth = Vec::new();
/// for piece in [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]] {
///     stream.push(&piece, &mut smooth)?;
/// }
/// stream.finish(&mut smooth)?;
/// assert_eq!(smooth.len(), 6);
/// # Ok::<(), hexad_smoothing::SmoothError>(())
/// ```
#[derive(Debug, Clone)]
pub struct SmoothStream {
    plan: Arc<UniformPlan>,
    /// In samples.
    sigma: f64,
    options: SmoothOptions,
    step: f64,
    /// Samples before and after a chunk that it needs.
    halo: (usize, usize),
    /// Length from which on `plan` is the one for every length.
    settled_len: usize,
    scratch: UniformScratch,
    /// Samples that are still needed; the first is sample `first`.
    kept: Vec<f64>,
    first: usize,
    /// The first finite sample: see [`Source::offset`].
    offset: Option<f64>,
    /// Outputs given so far.
    done: usize,
}

/// A length that no stream reaches: plans for it never shorten a kernel.
const ENDLESS: usize = usize::MAX / 4;

impl SmoothStream {
    /// Plans for samples `step` apart and a `sigma` in the same unit.
    ///
    /// # Errors
    ///
    /// As [`crate::Smoother::uniform`]; [`SmoothError::NotStreamable`] for [`Boundary::Wrap`] and for a
    /// causal kernel on a falling axis.
    pub fn new(step: f64, sigma: f64, options: &SmoothOptions) -> Result<Self, SmoothError> {
        options.check()?;
        if options.boundary == Boundary::Wrap {
            return Err(SmoothError::NotStreamable { what: "boundary wrap" });
        }
        if options.side == Side::Past && step < 0.0 {
            return Err(SmoothError::NotStreamable { what: "a causal kernel on a falling axis" });
        }
        check_step("step", step)?;
        check_positive("sigma", sigma)?;
        let sigma = check_positive("sigma", sigma / step.abs())?;
        let plan = Arc::new(UniformPlan::new(sigma, ENDLESS, options)?);
        let (halo, settled_len) = (plan.halo()?, plan.settled_len()?);
        let (scratch, options, kept) = (UniformScratch::default(), *options, Vec::new());
        Ok(Self {
            plan,
            sigma,
            options,
            step,
            halo,
            settled_len,
            scratch,
            kept,
            first: 0,
            offset: None,
            done: 0,
        })
    }

    /// Takes samples and appends to `out` the outputs that can now be given. Returns the largest error
    /// bound of these, in units of the largest |y|.
    ///
    /// # Errors
    ///
    /// A missing y under [`Missing::Error`], by its index in the whole signal; nothing of the piece is then
    /// taken.
    pub fn push(&mut self, y: &[f64], out: &mut Vec<f64>) -> Result<f64, SmoothError> {
        if self.options.missing == Missing::Error
            && let Err(InputError::NotFinite { argument, index, value }) = check_finite("y", y)
        {
            let index = self.first + self.kept.len() + index;
            return Err(InputError::NotFinite { argument, index, value }.into());
        }
        self.kept.extend_from_slice(y);
        self.offset = self.offset.or_else(|| y.iter().copied().find(|y| y.is_finite()));
        let plan = Arc::clone(&self.plan);
        let chunk = plan.chunk();
        let taken = self.first + self.kept.len();
        let mut bound = 0.0_f64;
        while taken >= self.settled_len.max(self.done + chunk + self.halo.1) {
            bound = bound.max(self.give(&plan, chunk, None, out)?);
        }
        Ok(bound)
    }

    /// Appends the outputs that are left. The stream is then as new.
    ///
    /// # Errors
    ///
    /// As [`SmoothStream::push`].
    pub fn finish(&mut self, out: &mut Vec<f64>) -> Result<f64, SmoothError> {
        let len = self.first + self.kept.len();
        let plan = if 0 < len && len < self.settled_len {
            Arc::new(UniformPlan::new(self.sigma, len, &self.options)?)
        } else {
            Arc::clone(&self.plan)
        };
        let mut bound = 0.0_f64;
        while self.done < len {
            bound = bound.max(self.give(&plan, plan.chunk().min(len - self.done), Some(len), out)?);
        }
        (self.first, self.done, self.offset) = (0, 0, None);
        self.kept.clear();
        Ok(bound)
    }

    /// Computes the next chunk, then forgets the samples that no later one needs.
    fn give(
        &mut self,
        plan: &UniformPlan,
        count: usize,
        len: Option<usize>,
        out: &mut Vec<f64>,
    ) -> Result<f64, SmoothError> {
        let given = out.len();
        out.resize(given + count, 0.0);
        let source = Source {
            y: &self.kept,
            first: i64::try_from(self.first).unwrap_or(i64::MAX),
            weights: None,
            boundary: self.options.boundary,
            offset: self.offset.unwrap_or(0.0),
            largest_weight: 1.0,
        };
        let found = plan.chunk_into(&source, self.done, len, &mut out[given..], &mut self.scratch)?;
        if self.options.derivative > 0 {
            let scale = self.step.powi(to_i32(self.options.derivative));
            out[given..].iter_mut().for_each(|out| *out /= scale);
        }
        self.done += count;
        let needed_from = self.done.saturating_sub(self.halo.0);
        if needed_from > self.first {
            self.kept.drain(..needed_from - self.first);
            self.first = needed_from;
        }
        Ok(found.bound)
    }
}
