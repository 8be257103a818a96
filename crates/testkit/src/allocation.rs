//! Calls that must not allocate.

use std::alloc::System;

pub use stats_alloc::INSTRUMENTED_SYSTEM as COUNTED;
use stats_alloc::{Region, StatsAlloc};

/// The allocator that counts. A test installs it:
///
/// ```
/// #[global_allocator]
/// static ALLOCATOR: &hexad_testkit::Counting = &hexad_testkit::COUNTED;
/// # fn main() {}
/// ```
pub type Counting = StatsAlloc<System>;

/// Calls after the first, of which one must allocate nothing: the harness has a thread of its own, whose allocations
/// count too.
const CALLS: usize = 4;

/// Asserts that `call` allocates nothing after its first time. One test in a file: every thread's allocations count.
///
/// # Panics
///
/// If it does, or if the counting allocator is not installed.
#[track_caller]
pub fn assert_allocates_nothing(what: &str, mut call: impl FnMut()) {
    let some = allocations(|| drop(std::hint::black_box(vec![0_u8; 64])));
    assert!(some > 0, "no allocations are counted: install hexad_testkit::COUNTED");
    call();
    assert_eq!((0..CALLS).map(|_| allocations(&mut call)).min(), Some(0), "{what}");
}

/// How often `call` allocates.
pub fn allocations(call: impl FnOnce()) -> usize {
    let region = Region::new(&COUNTED);
    call();
    region.change().allocations
}
