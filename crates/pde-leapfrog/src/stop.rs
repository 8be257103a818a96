//! A way to end what takes long.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::WaveError;

/// A flag that ends a study early, from another thread; its clones are the same flag.
#[derive(Debug, Clone, Default)]
pub struct Stop(Arc<AtomicBool>);

/// Steps from one look at the flag to the next.
pub(crate) const LOOK_STEPS: u64 = 64;

impl Stop {
    /// Ends what looks at this flag, with [`WaveError::Stopped`].
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Refuses to go on once stopped.
    pub(crate) fn check(&self) -> Result<(), WaveError> {
        if self.0.load(Ordering::Relaxed) { Err(WaveError::Stopped) } else { Ok(()) }
    }
}

impl PartialEq for Stop {
    /// Always: a study that could be ended otherwise is the same study.
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
