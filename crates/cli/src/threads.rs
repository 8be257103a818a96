//! How many threads the work may use.

use crate::error::{Failure, Outcome};

/// Sets the size of the pool that all parallel work of the program runs on; all cores if `None`.
pub fn set(count: Option<usize>) -> Outcome<()> {
    let Some(count) = count else { return Ok(()) };
    rayon::ThreadPoolBuilder::new()
        .num_threads(count)
        .build_global()
        .map_err(|error| Failure::work(format!("--threads {count}: {error}; use fewer")))
}
