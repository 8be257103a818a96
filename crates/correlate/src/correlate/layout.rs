//! Which lags, and which samples they need.

use std::ops::{Range, RangeInclusive};

use hexad_core::{InputError, check_length};

use super::Lags;

/// A range of lags and the samples that stand opposite each other at one of them at least.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Layout {
    pub len_a: usize,
    pub len_b: usize,
    pub first: i64,
    pub lags: usize,
    /// Samples needed.
    pub a: Range<usize>,
    pub b: Range<usize>,
    /// The first lag, counted between the first samples needed.
    pub inner_first: i64,
}

impl Layout {
    pub fn new(len_a: usize, len_b: usize, lags: RangeInclusive<i64>) -> Self {
        let (first, last) = (*lags.start(), *lags.end());
        let a = clip(first, len_b as i64 + last, len_a);
        let b = clip(-last, len_a as i64 - first, len_b);
        let inner_first = first - a.start as i64 + b.start as i64;
        Self { len_a, len_b, first, lags: count(&lags), a, b, inner_first }
    }

    /// The last lag, counted between the first samples needed.
    pub fn inner_last(&self) -> i64 {
        self.inner_first + self.lags as i64 - 1
    }

    /// The stretches of a and b that stand opposite each other at a lag.
    pub fn opposite(&self, lag: i64) -> (Range<usize>, Range<usize>) {
        let (a, b) = (self.len_a as i64, self.len_b as i64);
        (clip(lag, b + lag, self.len_a), clip(-lag, a - lag, self.len_b))
    }
}

/// The lags asked for.
pub(crate) fn resolve(len_a: usize, len_b: usize, lags: Lags) -> Result<RangeInclusive<i64>, InputError> {
    for (argument, len) in [("a", len_a), ("b", len_b)] {
        if len == 0 {
            return Err(InputError::TooFew { argument, needed: 1, got: 0 });
        }
    }
    let (a, b) = (len_a as i64, len_b as i64);
    let (least, most) = (1 - b, a - 1);
    match lags {
        Lags::Full => Ok(least..=most),
        Lags::Same => {
            let first = least + (b - 1) / 2;
            Ok(first..=first + a - 1)
        }
        Lags::Valid => Ok((a - b).min(0)..=(a - b).max(0)),
        Lags::Within(largest) if largest < len_a.max(len_b) => {
            let largest = largest as i64;
            Ok(least.max(-largest)..=most.min(largest))
        }
        Lags::Within(largest) => Err(InputError::OutOfRange {
            argument: "max_lag",
            value: largest as f64,
            allowed: "below the samples of the longer signal",
        }),
        Lags::Range(first, last) => {
            check_lag("first lag", first, least <= first && first <= most)?;
            check_lag("last lag", last, least <= last && last <= most)?;
            if first > last {
                let allowed = "at least the first lag";
                return Err(InputError::OutOfRange { argument: "last lag", value: last as f64, allowed });
            }
            Ok(first..=last)
        }
    }
}

/// Refuses signals of other lengths than planned.
pub(crate) fn check_pair(layout: &Layout, len_a: usize, len_b: usize) -> Result<(), InputError> {
    check_length("a", len_a, layout.len_a)?;
    check_length("b", len_b, layout.len_b)
}

fn check_lag(argument: &'static str, lag: i64, exists: bool) -> Result<(), InputError> {
    if exists {
        return Ok(());
    }
    let allowed = "from -(samples of b - 1) to samples of a - 1";
    Err(InputError::OutOfRange { argument, value: lag as f64, allowed })
}

fn count(lags: &RangeInclusive<i64>) -> usize {
    usize::try_from(lags.end() - lags.start() + 1).unwrap_or(0)
}

/// The part of `from..to` within `0..len`.
fn clip(from: i64, to: i64, len: usize) -> Range<usize> {
    let inside = |at: i64| usize::try_from(at).unwrap_or(0).min(len);
    inside(from)..inside(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_needed_are_those_that_meet() {
        for (len_a, len_b) in [(1, 1), (5, 5), (3, 9), (9, 2)] {
            let all = resolve(len_a, len_b, Lags::Full).unwrap();
            for first in all.clone() {
                for last in first..=*all.end() {
                    let layout = Layout::new(len_a, len_b, first..=last);
                    let met = |meets: &dyn Fn(i64, i64) -> i64, len: usize, other: i64| {
                        (0..len as i64)
                            .filter(|n| (first..=last).any(|k| (0..other).contains(&meets(*n, k))))
                            .collect::<Vec<_>>()
                    };
                    let a = met(&|n, k| n - k, len_a, len_b as i64);
                    let b = met(&|n, k| n + k, len_b, len_a as i64);
                    assert_eq!(layout.a.clone().map(|n| n as i64).collect::<Vec<_>>(), a);
                    assert_eq!(layout.b.clone().map(|n| n as i64).collect::<Vec<_>>(), b);
                }
            }
        }
    }
}
