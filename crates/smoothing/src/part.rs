//! Parts of a line, each smoothed where the others are not.

use hexad_core::{Boundary, InputError, check_length, check_not_negative};

use crate::convert::signed;
use crate::options::{Missing, SmoothOptions};
use crate::smoother::Smoother;
use crate::uniform::{Source, UniformPlan};
use crate::{SmoothError, SmoothReport, SmoothScratch};

/// Where parts of a line begin, and what they need of their neighbours: see [`Smoother::part_layout`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartLayout {
    /// Parts begin at multiples of this.
    pub chunk: usize,
    /// Samples needed before the first output of a part.
    pub before: usize,
    /// Samples needed behind its last.
    pub after: usize,
}

/// Samples of a line, as many as a part of its outputs needs.
#[derive(Debug, Clone, Copy)]
pub struct Part<'a> {
    /// The samples.
    pub y: &'a [f64],
    /// Their weights, 0 or more; ones if left out.
    pub weights: Option<&'a [f64]>,
    /// Index of the first of them in the line. Below 0 only with [`Boundary::Wrap`], where the line goes on before its
    /// start with its end, and behind its end with its start.
    pub first: i64,
    /// The first finite sample of the line, 0 if there is none.
    pub offset: f64,
    /// The largest weight of the line, 1 without weights.
    pub largest_weight: f64,
}

impl Smoother<'_> {
    /// How a line is cut into parts that can be smoothed far from each other: see [`Smoother::apply_part_into`].
    ///
    /// # Errors
    ///
    /// [`SmoothError::MethodCannot`] for the recursive method, and [`SmoothError::NotStreamable`] for uneven x: their
    /// sums run over the whole line.
    pub fn part_layout(&self) -> Result<PartLayout, SmoothError> {
        let plan = self.even()?;
        let (before, after) = plan.halo()?;
        Ok(PartLayout { chunk: plan.chunk(), before, after })
    }

    /// The outputs from `start` on of a line of which only `part` is here: the bits that
    /// [`Smoother::apply_into`] gives for the whole line. The plan is that of the whole line. The report counts the
    /// missing samples among those smoothed.
    ///
    /// # Examples
    ///
    /// ```
    /// use hexad_smoothing::{Part, SmoothOptions, Smoother};
    /// let line: Vec<f64> = (0..100_000).map(|n| f64::from(n % 1013)).collect();
    /// let plan = Smoother::uniform(line.len(), 1.0, 5.0, &SmoothOptions::default())?;
    /// let layout = plan.part_layout()?;
    /// let start = 3 * layout.chunk;
    /// let first = start - layout.before;
    /// let y = &line[first..start + layout.chunk + layout.after];
    /// let part = Part { y, weights: None, first: first as i64, offset: line[0], largest_weight: 1.0 };
    /// let mut out = vec![0.0; layout.chunk];
    /// plan.apply_part_into(&part, start, &mut out, &mut plan.make_scratch())?;
    /// assert_eq!(out, plan.apply(&line)?[start..start + layout.chunk]);
    /// # Ok::<(), hexad_smoothing::SmoothError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As [`Smoother::part_layout`] and [`Smoother::apply_into`]; [`InputError::OutOfRange`] for a start that is not a
    /// multiple of the chunk, outputs that end within a chunk before the end of the line, and samples that do not
    /// reach as far as the outputs need.
    pub fn apply_part_into(
        &self,
        part: &Part<'_>,
        start: usize,
        out: &mut [f64],
        scratch: &mut SmoothScratch,
    ) -> Result<SmoothReport, SmoothError> {
        let (plan, options) = (self.even()?, self.options());
        self.part_layout()?.check(part, start..start + out.len(), plan.len(), options.boundary)?;
        part.check(options)?;
        let Part { y, weights, first, offset, largest_weight } = *part;
        let source = Source { y, first, weights, boundary: options.boundary, offset, largest_weight };
        let found = plan.run_part(&source, start, out, scratch.threads())?;
        self.scale_derivative(out);
        let own = usize::try_from(signed(start) - first).unwrap_or(0);
        let own = y.get(own..own + out.len()).unwrap_or(y);
        let missing = if found.complete { 0 } else { own.iter().filter(|y| !y.is_finite()).count() };
        Ok(SmoothReport { missing, error_bound: found.bound + self.spacing_error() })
    }

    fn even(&self) -> Result<&UniformPlan, SmoothError> {
        match self.uniform_plan() {
            Some(plan) => Ok(plan),
            None if self.axis().is_some() => {
                Err(SmoothError::MethodCannot { method: "recursive", what: "parts of a line" })
            }
            None => Err(SmoothError::NotStreamable { what: "a line with uneven x" }),
        }
    }
}

impl PartLayout {
    fn check(
        &self,
        part: &Part<'_>,
        outputs: std::ops::Range<usize>,
        len: usize,
        boundary: Boundary,
    ) -> Result<(), InputError> {
        let refuse = |argument, value: i64, allowed| {
            Err(InputError::OutOfRange { argument, value: value as f64, allowed })
        };
        let (start, end) = (signed(outputs.start), signed(outputs.end));
        if !outputs.start.is_multiple_of(self.chunk) {
            return refuse("start", start, "a multiple of the chunk");
        }
        if outputs.end > len || (outputs.end < len && !outputs.end.is_multiple_of(self.chunk)) {
            return refuse("end", end, "a multiple of the chunk, or the end of the line");
        }
        let (first, last) = (part.first, part.first.saturating_add(signed(part.y.len())));
        let whole = first == 0 && part.y.len() == len;
        let (mut from, mut until) = (start - signed(self.before), end + signed(self.after));
        if boundary != Boundary::Wrap {
            (from, until) = (from.max(0), until.min(signed(len)));
            if first < 0 || last > signed(len) {
                return refuse("first", first, "samples within the line");
            }
        }
        if !whole && (first > from || last < until) {
            return refuse("first", first, "samples that reach as far as the outputs need");
        }
        Ok(())
    }
}

impl Part<'_> {
    fn check(&self, options: &SmoothOptions) -> Result<(), InputError> {
        if let Some(weights) = self.weights {
            check_length("weights", weights.len(), self.y.len())?;
            check_not_negative("weights", weights)?;
        }
        let missing = self.y.iter().position(|y| !y.is_finite());
        if let (Missing::Error, Some(place)) = (options.missing, missing) {
            let index = usize::try_from(self.first.saturating_add(signed(place))).unwrap_or(place);
            return Err(InputError::NotFinite { argument: "y", index, value: self.y[place] });
        }
        Ok(())
    }
}
