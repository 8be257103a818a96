//! What is kept of a run while it goes on.

use std::ops::ControlFlow;

use hexad_neuro_hh::{Sample, State};

use super::envelope::{Curve, Envelope};
use crate::error::{Failure, Outcome};
use crate::output::Pending;
use crate::progress::Progress;
use crate::table::Stream;

/// The columns of the trace.
pub const COLUMNS: [&str; 8] = ["t", "V", "m", "h", "n", "I_Na", "I_K", "I_L"];

/// Steps between two moves of the progress bar.
const PACE: u64 = 1 << 16;

/// Sees every step.
pub struct Watch<'a> {
    every: u64,
    seen: u64,
    extremes: Extremes,
    trace: Option<Stream>,
    curves: Option<Envelope<7>>,
    failure: Option<Failure>,
    progress: &'a Progress,
}

/// The lowest and the highest V, and when the run ended.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extremes {
    pub lowest_mv: f64,
    pub highest_mv: f64,
    pub end_ms: f64,
}

/// What is left of a run.
pub struct Seen {
    pub extremes: Extremes,
    pub trace: Option<Pending>,
    /// V, I_Na, I_K, I_L, m, h, n.
    pub curves: Option<[Curve; 7]>,
}

impl<'a> Watch<'a> {
    /// Writes every `every`-th step to `trace`; keeps curves of all `steps` if they are `drawn`.
    pub fn new(trace: Option<Stream>, every: u64, drawn: bool, steps: u64, progress: &'a Progress) -> Self {
        let extremes = Extremes { lowest_mv: f64::INFINITY, highest_mv: f64::NEG_INFINITY, end_ms: 0.0 };
        let curves = drawn.then(|| Envelope::new(steps + 1));
        Self { every, seen: 0, extremes, trace, curves, failure: None, progress }
    }

    /// A step; ends the run if it cannot be written.
    pub fn see(&mut self, sample: &Sample) -> ControlFlow<()> {
        let Sample { time_ms, state, i_na, i_k, i_l, .. } = *sample;
        let State { v_mv, m, h, n } = state;
        let Extremes { lowest_mv, highest_mv, end_ms } = &mut self.extremes;
        (*lowest_mv, *highest_mv) = (lowest_mv.min(v_mv), highest_mv.max(v_mv));
        *end_ms = time_ms;
        if let Some(curves) = &mut self.curves {
            curves.see(time_ms, [v_mv, i_na, i_k, i_l, m, h, n]);
        }
        if let Some(trace) = &mut self.trace
            && self.seen.is_multiple_of(self.every)
            && let Err(failure) = trace.push(&[time_ms, v_mv, m, h, n, i_na, i_k, i_l])
        {
            self.failure = Some(failure);
            return ControlFlow::Break(());
        }
        self.seen += 1;
        if self.seen.is_multiple_of(PACE) {
            self.progress.at(self.seen);
        }
        ControlFlow::Continue(())
    }

    /// Ends the trace. One that goes to standard output is printed only if the run was `whole`.
    pub fn finish(self, whole: bool) -> Outcome<Seen> {
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        let trace = self.trace.filter(|trace| whole || !trace.is_printed());
        let trace = trace.map(Stream::finish).transpose()?.flatten();
        Ok(Seen { extremes: self.extremes, trace, curves: self.curves.map(Envelope::finish) })
    }
}
