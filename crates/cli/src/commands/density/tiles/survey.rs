//! What the values of all tiles are, before any is drawn.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use hexad_density::TileId;

use crate::picture::{Scale, ScaleKind};

/// Bits of a number that tell its bin: sign, exponent, and 7 more, so that bins are less than 1 % wide.
const BIN_SHIFT: u32 = 45;
const BINS: usize = 1 << (63 - BIN_SHIFT);
/// Values that stand for all pixels in a scale by rank.
const RANKS: u64 = 1 << 13;

/// Measures of tiles, from any threads in any order.
pub struct Survey {
    kind: ScaleKind,
    tiles: Mutex<BTreeMap<TileId, Seen>>,
    /// Pixels of each bin; none where ranks do not matter.
    pixels: Vec<AtomicU64>,
}

/// Measures of a tile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Seen {
    /// The largest value.
    pub max: f64,
    /// Its index, the first of equals.
    pub at: usize,
    /// The smallest value above 0.
    pub least: f64,
    /// Of all values.
    pub sum: f64,
}

impl Survey {
    /// Nothing seen yet.
    pub fn new(kind: ScaleKind) -> Self {
        let bins = if kind == ScaleKind::Quantile { BINS } else { 0 };
        let pixels = (0..bins).map(|_| AtomicU64::new(0)).collect();
        Self { kind, tiles: Mutex::new(BTreeMap::new()), pixels }
    }

    /// Measures a tile; returns how many have been.
    pub fn see(&self, tile: TileId, values: &[f64]) -> u64 {
        let mut seen = Seen { max: 0.0, at: 0, least: f64::INFINITY, sum: values.iter().sum() };
        for (at, value) in values.iter().enumerate() {
            if *value > seen.max {
                (seen.max, seen.at) = (*value, at);
            }
            seen.least = if *value > 0.0 { seen.least.min(*value) } else { seen.least };
        }
        if !self.pixels.is_empty() {
            values.iter().filter(|value| **value > 0.0).for_each(|value| {
                self.pixels[bin(*value)].fetch_add(1, Ordering::Relaxed);
            });
        }
        let mut tiles = self.tiles();
        tiles.insert(tile, seen);
        tiles.len() as u64
    }

    /// The largest value of a tile, if it has been seen.
    pub fn max(&self, tile: TileId) -> Option<f64> {
        self.tiles().get(&tile).map(|seen| seen.max)
    }

    /// One scale for all tiles.
    pub fn scale(&self) -> Scale {
        let high = self.tiles().values().fold(0.0, |most: f64, seen| most.max(seen.max));
        let least = self.tiles().values().fold(high, |least, seen| least.min(seen.least));
        match self.kind {
            ScaleKind::Quantile => Scale::fit(self.kind, self.ranks(high).into_iter()),
            _ => Scale::fit(self.kind, [least, high].into_iter()),
        }
    }

    /// The tile with the largest value, the first of equals, and its measures.
    pub fn peak(&self) -> Option<(TileId, Seen)> {
        let mut best: Option<(TileId, Seen)> = None;
        for (tile, seen) in self.tiles().iter() {
            if best.is_none_or(|(_, most)| seen.max > most.max) {
                best = Some((*tile, *seen));
            }
        }
        best
    }

    /// Sum of all values of a zoom.
    pub fn sum(&self, zoom: u8) -> f64 {
        self.tiles().iter().filter(|(tile, _)| tile.zoom() == zoom).map(|(_, seen)| seen.sum).sum()
    }

    /// As many values as there are ranks, the same number of pixels between neighbours.
    fn ranks(&self, high: f64) -> Vec<f64> {
        // What is far smaller than the largest is not worth a colour: as a scale of one map has it.
        let first = bin(1e-6 * high);
        let counts: Vec<u64> = self.pixels.iter().map(|count| count.load(Ordering::Relaxed)).collect();
        let all: u64 = counts[first..].iter().sum();
        let (mut passed, mut rank, mut values) = (0, 0, Vec::new());
        for (bin, count) in counts.iter().enumerate().skip(first) {
            passed += count;
            while rank < RANKS && u128::from(passed) * u128::from(RANKS) > u128::from(rank) * u128::from(all)
            {
                values.push(f64::from_bits((bin as u64) << BIN_SHIFT).max(1e-6 * high));
                rank += 1;
            }
        }
        values.push(high);
        values
    }

    fn tiles(&self) -> MutexGuard<'_, BTreeMap<TileId, Seen>> {
        self.tiles.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn bin(value: f64) -> usize {
    let bin = (value.to_bits() >> BIN_SHIFT) as usize;
    bin.min(BINS - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn surveyed(kind: ScaleKind) -> (Survey, Vec<f64>) {
        let survey = Survey::new(kind);
        let values: Vec<f64> = (0..20_000).map(|i| (f64::from(i) * 5e-4).exp()).collect();
        for (index, part) in values.chunks(5000).enumerate() {
            survey.see(TileId::new(4, u32::try_from(index).unwrap(), 3).unwrap(), part);
        }
        (survey, values)
    }

    #[test]
    fn the_scale_is_that_of_all_values_at_once() {
        for kind in [ScaleKind::Linear, ScaleKind::Sqrt, ScaleKind::Log, ScaleKind::Quantile] {
            let (survey, values) = surveyed(kind);
            let (scale, whole) = (survey.scale(), Scale::fit(kind, values.iter().copied()));
            assert_eq!(scale.high(), whole.high());
            for value in &values {
                let off = (scale.place(*value) - whole.place(*value)).abs();
                // A bin is less than 1 % wide, and 1 % of e^10 is a thousandth of the ranks.
                let allowed = if kind == ScaleKind::Quantile { 2e-3 } else { 0.0 };
                assert!(off <= allowed, "{kind:?} {value}: {off}");
            }
        }
    }

    #[test]
    fn peaks_and_sums_are_found() {
        let (survey, values) = surveyed(ScaleKind::Linear);
        let (tile, seen) = survey.peak().unwrap();
        assert_eq!((tile.column(), seen.at, seen.max), (3, 4999, values[19_999]));
        assert!((survey.sum(4) / values.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert_eq!((survey.sum(3), survey.max(TileId::new(4, 9, 9).unwrap())), (0.0, None));
    }
}
