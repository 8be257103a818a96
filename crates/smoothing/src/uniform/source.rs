//! The samples as the engines see them: extended past the ends, with an offset taken off and missing
//! samples turned into zero weights.

use hexad_core::simd::dispatch_widest;
use hexad_core::{Boundary, extend_into};

use super::kernels::Subtract;

/// What a convolver asks for, by the place of the first sample.
pub(crate) trait Samples {
    /// Writes the samples from `start` on.
    fn fill(&mut self, start: i64, out: &mut [f64]);

    /// `len` samples from `start` on as they stand in memory, and what must be taken off them; none where they are
    /// more than that.
    fn in_place(&self, _start: i64, _len: usize) -> Option<(&[f64], f64)> {
        None
    }

    /// Takes note of whether samples given by [`Samples::in_place`] were finite.
    fn found(&mut self, _finite: bool) {}
}

impl<F: FnMut(i64, &mut [f64])> Samples for F {
    fn fill(&mut self, start: i64, out: &mut [f64]) {
        self(start, out);
    }
}

/// The values of a source without weights.
#[derive(Debug)]
pub(crate) struct Plain<'a> {
    pub source: &'a Source<'a>,
    /// Whether all values so far were finite.
    pub finite: bool,
}

impl Samples for Plain<'_> {
    fn fill(&mut self, start: i64, out: &mut [f64]) {
        self.finite &= self.source.values(start, out);
    }

    fn in_place(&self, start: i64, len: usize) -> Option<(&[f64], f64)> {
        let start = usize::try_from(self.source.local(start)).ok()?;
        Some((self.source.y.get(start..start + len)?, self.source.offset))
    }

    fn found(&mut self, finite: bool) {
        self.finite &= finite;
    }
}

/// Evenly spaced samples, or the part of them that is here.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source<'a> {
    pub y: &'a [f64],
    /// Index of `y[0]` in the whole signal.
    pub first: i64,
    pub weights: Option<&'a [f64]>,
    pub boundary: Boundary,
    /// Taken off every value: the first finite sample, so that constants come back exactly and a large
    /// common offset costs no digits.
    pub offset: f64,
    /// Weight of a place filled with [`Boundary::Constant`].
    pub largest_weight: f64,
}

impl<'a> Source<'a> {
    pub fn new(y: &'a [f64], weights: Option<&'a [f64]>, boundary: Boundary) -> Self {
        let offset = y.iter().copied().find(|y| y.is_finite()).unwrap_or(0.0);
        let largest_weight = weights.map_or(1.0, |weights| weights.iter().copied().fold(0.0, f64::max));
        Self { y, first: 0, weights, boundary, offset, largest_weight }
    }

    /// The value that stands where there is no sample, before the offset is taken off.
    fn outside(&self) -> f64 {
        if let Boundary::Constant(value) = self.boundary { value } else { self.offset }
    }

    /// `start`, counted from the samples that are here.
    fn local(&self, start: i64) -> i64 {
        start - self.first
    }

    /// Writes `weight * (y - offset)` from `start` on; missing samples give 0. Tells whether all were
    /// finite.
    pub fn values(&self, start: i64, out: &mut [f64]) -> bool {
        let start = self.local(start);
        let inside = usize::try_from(start).ok().and_then(|start| self.y.get(start..start + out.len()));
        let finite = if let Some(source) = inside {
            dispatch_widest(Subtract { source, offset: self.offset, out })
        } else {
            extend_into(self.y, self.boundary, self.outside(), start, out);
            let finite = out.iter().all(|value| value.is_finite());
            out.iter_mut().for_each(|value| *value -= self.offset);
            finite
        };
        if !finite {
            out.iter_mut().filter(|value| !value.is_finite()).for_each(|value| *value = 0.0);
        }
        self.each_weight(start, out, |value, weight| *value *= weight);
        finite
    }

    /// Writes the weights from `start` on: 0 for a missing sample and where [`Boundary::Renormalize`] has
    /// none.
    pub fn weights(&self, start: i64, out: &mut [f64]) {
        let start = self.local(start);
        let fill = if self.boundary == Boundary::Renormalize { f64::NAN } else { 0.0 };
        extend_into(self.y, self.boundary, fill, start, out);
        let present = |value: &mut f64, weight: f64| *value = if value.is_finite() { weight } else { 0.0 };
        match self.weights {
            Some(_) => self.each_weight(start, out, present),
            None => out.iter_mut().for_each(|value| present(value, self.largest_weight)),
        }
    }

    /// Calls `each` with the values from `start` on, counted from the samples that are here, and their weights,
    /// if there are any.
    fn each_weight(&self, start: i64, out: &mut [f64], each: impl Fn(&mut f64, f64)) {
        let Some(weights) = self.weights else { return };
        let inside = usize::try_from(start).ok().and_then(|start| weights.get(start..start + out.len()));
        if let Some(inside) = inside {
            return out.iter_mut().zip(inside).for_each(|(value, weight)| each(value, *weight));
        }
        for (place, value) in (start..).zip(out) {
            let source = self.boundary.source_index(place, weights.len());
            each(value, source.map_or(self.largest_weight, |source| weights[source]));
        }
    }

    /// Marks with 1 the missing samples from `start` on.
    pub fn missing(&self, start: i64, out: &mut [f64]) {
        extend_into(self.y, self.boundary, 0.0, self.local(start), out);
        out.iter_mut().for_each(|out| *out = if out.is_finite() { 0.0 } else { 1.0 });
    }
}
