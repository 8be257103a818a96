//! A long correlation cut into blocks of b and the samples of a that meet them.

use std::ops::Range;

/// A block of b and the stretch of a opposite it, from the first lag of its first sample on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Block {
    pub a: Range<usize>,
    /// Place of the first sample of `a` in the stretch; before and behind it there are none.
    pub a_at: usize,
    pub b: Range<usize>,
}

/// Blocks of `len` samples of b, at fixed places.
pub(super) fn blocks(
    len_a: usize,
    len_b: usize,
    first_lag: i64,
    lags: usize,
    len: usize,
) -> impl Iterator<Item = Block> {
    (0..len_b).step_by(len).map(move |start| {
        let b = start..(start + len).min(len_b);
        let from = start as i64 + first_lag;
        let to = from + (b.len() + lags - 1) as i64;
        let inside = |at: i64| usize::try_from(at).unwrap_or(0).min(len_a);
        let a = inside(from)..inside(to);
        let a_at = if a.is_empty() { 0 } else { usize::try_from(-from).unwrap_or(0) };
        Block { a, a_at, b }
    })
}
