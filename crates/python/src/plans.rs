//! Plans kept from call to call: for short signals making one takes as long as using it.

use std::sync::{Arc, OnceLock};

/// Longer plans take more memory than they save time.
const LONGEST: usize = 1 << 14;

/// The plan of some settings, once it was needed.
pub(crate) struct Kept<P>(OnceLock<Arc<P>>);

impl<P> Kept<P> {
    /// The plan, for `len` samples, that `make` makes at every call alike.
    pub(crate) fn get<E>(&self, len: usize, make: impl FnOnce() -> Result<P, E>) -> Result<Arc<P>, E> {
        if let Some(plan) = self.0.get() {
            return Ok(Arc::clone(plan));
        }
        let plan = Arc::new(make()?);
        if len <= LONGEST {
            return Ok(Arc::clone(self.0.get_or_init(|| plan)));
        }
        Ok(plan)
    }
}

impl<P> Default for Kept<P> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}
