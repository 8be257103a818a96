//! Sums of many terms.

/// A sum whose rounding errors are summed beside it: right to a last place or two for any number of terms
/// (D. E. Knuth, The Art of Computer Programming 2, 4.2.2, theorem B).
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Sum {
    high: f64,
    low: f64,
}

impl Sum {
    /// Adds a term.
    #[inline]
    pub fn add(&mut self, term: f64) {
        let sum = self.high + term;
        let added = sum - self.high;
        self.low += (self.high - (sum - added)) + (term - added);
        self.high = sum;
    }

    /// The sum of one term.
    #[inline]
    #[must_use]
    pub fn of(term: f64) -> Self {
        Self { high: term, low: 0.0 }
    }

    /// The rounded sum, and the sum of its rounding errors.
    #[must_use]
    pub fn parts(self) -> [f64; 2] {
        [self.high, self.low]
    }

    /// What [`Sum::parts`] gave.
    #[must_use]
    pub fn from_parts([high, low]: [f64; 2]) -> Self {
        Self { high, low }
    }

    /// Adds another sum.
    #[inline]
    pub fn merge(&mut self, other: Self) {
        self.add(other.high);
        self.low += other.low;
    }

    /// The sum so far; infinite if it left the range of `f64`.
    #[inline]
    #[must_use]
    pub fn total(self) -> f64 {
        // The error of an overflow is NaN.
        if self.high.is_finite() { self.high + self.low } else { self.high }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_digit_is_lost_over_a_million_terms() {
        let mut sum = Sum::default();
        for _ in 0..1_000_000 {
            sum.add(0.1);
        }
        // The double next to 0.1, a million times.
        assert_eq!(sum.total(), 1e5 + 5.551_115_123_125_783e-12);
        let mut cancelled = Sum::default();
        for term in [1.0, 1e100, 1.0, -1e100] {
            cancelled.add(term);
        }
        assert_eq!(cancelled.total(), 2.0);
    }

    #[test]
    fn parts_in_any_order_are_the_whole() {
        let parts = [1e16, 1.0, -3.0, 1e-7].map(|term| {
            let mut part = Sum::default();
            part.add(term);
            part.add(0.3 * term);
            part
        });
        let totals = [[0, 1, 2, 3], [3, 2, 1, 0], [2, 0, 3, 1]].map(|order| {
            let mut all = Sum::default();
            order.into_iter().for_each(|index| all.merge(parts[index]));
            all.total()
        });
        assert!(totals.iter().all(|total| *total == totals[0]));
    }

    #[test]
    fn overflow_is_infinite() {
        let mut sum = Sum::default();
        sum.add(f64::MAX);
        sum.add(f64::MAX);
        assert_eq!(sum.total(), f64::INFINITY);
    }
}
