//! Damaged binary files may trip an assertion in the library that reads them; that is the file's fault
//! and reported as such.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::error::{Failure, Outcome};

/// Runs `work`; a panic in it becomes an error about `path`.
pub fn guarded<T>(input: &str, work: impl FnOnce() -> Outcome<T>) -> Outcome<T> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|_| Err(damaged(input, "its structure contradicts itself")))
}

/// The error for a file that cannot be what its name says.
pub fn damaged(input: &str, reason: impl std::fmt::Display) -> Failure {
    Failure::work(format!("{input}: is damaged or of another format: {reason}; write it again"))
}
