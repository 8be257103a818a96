//! What is kept of a run while it goes on.

use std::ops::ControlFlow;

use hexad_neuro_hh::Sample;

/// The lowest and the highest V.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Extremes {
    pub lowest_mv: f64,
    pub highest_mv: f64,
}

/// Sees every step.
pub struct Watch {
    pub extremes: Extremes,
}

impl Watch {
    pub fn new() -> Self {
        Self { extremes: Extremes { lowest_mv: f64::INFINITY, highest_mv: f64::NEG_INFINITY } }
    }

    /// A step; ends the run if it cannot be written.
    pub fn see(&mut self, sample: &Sample) -> ControlFlow<()> {
        let Extremes { lowest_mv, highest_mv } = &mut self.extremes;
        *lowest_mv = lowest_mv.min(sample.state.v_mv);
        *highest_mv = highest_mv.max(sample.state.v_mv);
        ControlFlow::Continue(())
    }
}
