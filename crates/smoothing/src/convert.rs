//! Counts as other integers.

/// A count as an offset.
pub(crate) fn signed(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

/// A small count as a power.
pub(crate) fn to_i32(order: usize) -> i32 {
    i32::try_from(order).unwrap_or(i32::MAX)
}
