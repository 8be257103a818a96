//! Where a population's results go while it runs.

use std::ops::ControlFlow;

use crate::spikes::Spike;

/// Takes what a [`crate::Population`] finds, in order of time; files are its affair.
///
/// Breaking ends the run: a recorder that fails keeps its own error.
pub trait Recorder {
    /// Spikes since the last call, in order of time, then of neuron.
    fn spikes(&mut self, spikes: &[Spike]) -> ControlFlow<()>;

    /// Potentials at `time_ms` of the neurons asked for, in mV, in the order asked for.
    fn potentials(&mut self, time_ms: f64, v_mv: &[f64]) -> ControlFlow<()> {
        let _ = (time_ms, v_mv);
        ControlFlow::Continue(())
    }
}

/// Keeps the spikes.
impl Recorder for Vec<Spike> {
    fn spikes(&mut self, spikes: &[Spike]) -> ControlFlow<()> {
        self.extend_from_slice(spikes);
        ControlFlow::Continue(())
    }
}
