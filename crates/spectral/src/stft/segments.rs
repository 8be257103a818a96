//! Where the segments of a signal stand.

use std::ops::Range;

use hexad_core::InputError;

use super::Edges;

/// Segments of one length, a hop apart. Places are counted from the first sample of the first segment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Segments {
    pub len: usize,
    pub hop: usize,
    pub edges: Edges,
}

impl Segments {
    /// The place of the signal's first sample.
    pub fn lead(&self) -> usize {
        match self.edges {
            Edges::Zeros => self.len / 2,
            Edges::Inside => 0,
        }
    }

    /// Number of segments of a signal.
    pub fn count(&self, signal_len: usize) -> Result<usize, InputError> {
        if signal_len < self.len {
            return Err(InputError::TooFew { argument: "signal", needed: self.len, got: signal_len });
        }
        Ok(match self.edges {
            Edges::Zeros => (signal_len + 2 * self.lead() - self.len).div_ceil(self.hop) + 1,
            Edges::Inside => (signal_len - self.len) / self.hop + 1,
        })
    }

    /// Which samples of a segment the signal has, and the index of the first of them in the signal.
    pub fn overlap(&self, segment: usize, signal_len: usize) -> (Range<usize>, usize) {
        let (lead, start) = (self.lead(), segment * self.hop);
        let from = lead.saturating_sub(start);
        let to = (signal_len + lead).saturating_sub(start).min(self.len);
        // With a long hop the last segment may stand behind the signal.
        (from..to, (start + from - lead).min(signal_len))
    }

    /// Sum of `value` over all places of a window that meet at one place, if segments went on for ever: by
    /// the place within a hop.
    pub fn overlapped(&self, value: impl Fn(usize) -> f64) -> Vec<f64> {
        (0..self.hop).map(|place| (place..self.len).step_by(self.hop).map(&value).sum()).collect()
    }

    /// The same sum at one place, over the segments that there are.
    pub fn overlapped_at(&self, place: usize, segments: usize, value: impl Fn(usize) -> f64) -> f64 {
        let first = (place + 1).saturating_sub(self.len).div_ceil(self.hop);
        let last = (place / self.hop).min(segments - 1);
        // From the last segment on, as `overlapped`.
        (first..=last).rev().map(|segment| value(place - segment * self.hop)).sum()
    }

    /// The samples of a signal that are in as many segments as they would be in if segments went on for ever.
    pub fn whole(&self, signal_len: usize, segments: usize) -> Range<usize> {
        let start = (self.len - self.hop).saturating_sub(self.lead()).min(signal_len);
        let end = (segments * self.hop).saturating_sub(self.lead()).clamp(start, signal_len);
        start..end
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// For every sample the segments that hold it, found by looking at each.
    fn holders(segments: &Segments, signal_len: usize) -> Vec<Vec<usize>> {
        let mut holders = vec![Vec::new(); signal_len];
        for segment in 0..segments.count(signal_len).unwrap() {
            let (within, start) = segments.overlap(segment, signal_len);
            assert!(within.is_empty() || segment * segments.hop + within.start == start + segments.lead());
            for holder in &mut holders[start..start + within.len()] {
                holder.push(segment);
            }
        }
        holders
    }

    #[test]
    fn every_sample_is_where_the_sums_say() {
        for (len, hop, edges) in (2..9).flat_map(|len| {
            (1..=len).flat_map(move |hop| [Edges::Zeros, Edges::Inside].map(|edges| (len, hop, edges)))
        }) {
            let segments = Segments { len, hop, edges };
            let value = |n: usize| ((n + 1) * (n + 3)) as f64;
            let endless = segments.overlapped(value);
            for signal_len in len..3 * len + 2 {
                let count = segments.count(signal_len).unwrap();
                let whole = segments.whole(signal_len, count);
                for (sample, holders) in holders(&segments, signal_len).iter().enumerate() {
                    let place = sample + segments.lead();
                    let wanted: f64 = holders.iter().map(|segment| value(place - segment * hop)).sum();
                    let sum = segments.overlapped_at(place, count, value);
                    assert_eq!(sum, wanted, "{segments:?} {signal_len} {sample}");
                    assert_eq!(sum == endless[place % hop], whole.contains(&sample));
                    assert!(edges == Edges::Inside || !holders.is_empty());
                }
            }
        }
    }

    #[test]
    fn a_signal_shorter_than_a_segment_is_refused() {
        let segments = Segments { len: 5, hop: 2, edges: Edges::Zeros };
        let wanted = InputError::TooFew { argument: "signal", needed: 5, got: 4 };
        assert_eq!(segments.count(4), Err(wanted));
    }
}
