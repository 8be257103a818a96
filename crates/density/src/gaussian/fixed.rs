//! Sums in fixed point: the same bits in any order and division, whatever the weights.
//!
//! A term of weights up to `2^(44 k)` is rounded to multiples of `2^(44 k - 42)`, its top, and what is left to
//! multiples of 2^-44 of these, its low part. Both are summed apart, as integers. When a weight comes that asks for
//! a larger k, top takes the place of low, and low goes: just what these terms would have left there.

use crate::DensityError;
use crate::bytes::Words;

/// Bits behind the point of the top of a weight of 1.
const TOP_BITS: i32 = 42;
/// Bits from one rung to the next.
const STEP: i32 = 44;
/// The lowest rung: smaller weights would scale to infinity.
const LOWEST: i32 = -20;
/// The highest: that of the largest number there is.
const HIGHEST: i32 = 24;
/// Terms that sums of 64 bits hold.
pub(crate) const ROOM: usize = 1 << 19;
/// Bits that stay in the lower part of a carried sum.
const CARRY: i32 = 42;

/// The unit of the top of weights of 1, and how much finer low is.
pub(crate) const ONE: f64 = power_of_two(TOP_BITS);
pub(crate) const FINER: f64 = power_of_two(STEP);

/// `2^exponent`, within the normal range.
pub(crate) const fn power_of_two(exponent: i32) -> f64 {
    f64::from_bits(((1023 + exponent) as u64) << 52)
}

/// The rung k whose top holds weights up to `largest`.
pub(crate) fn rung_for(largest: f64) -> i32 {
    let mut rung = LOWEST;
    while (STEP * rung) < 1023 && power_of_two(STEP * rung) < largest {
        rung += 1;
    }
    rung
}

/// Units of the top in 1.
pub(crate) fn scale_of(rung: i32) -> f64 {
    power_of_two(TOP_BITS - STEP * rung)
}

/// Sums of integers, 64 bits each until more are needed.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wide {
    pub lower: Vec<i64>,
    upper: Vec<i64>,
}

/// The sums of a grid.
#[derive(Debug, Clone)]
pub(crate) struct Sums {
    cells: usize,
    pub rung: i32,
    pub top: Wide,
    pub low: Wide,
    terms: usize,
    /// The sum of the weights themselves.
    pub weight: [i128; 2],
}

impl Wide {
    fn carry(&mut self) {
        self.upper.resize(self.lower.len(), 0);
        for (upper, lower) in self.upper.iter_mut().zip(&mut self.lower) {
            *upper += *lower >> CARRY;
            *lower &= (1 << CARRY) - 1;
        }
    }

    fn add(&mut self, other: &Self) {
        for (sums, more) in [(&mut self.lower, &other.lower), (&mut self.upper, &other.upper)] {
            if sums.len() < more.len() {
                sums.resize(more.len(), 0);
            }
            sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
        }
    }

    fn clear(&mut self) {
        self.lower.fill(0);
        self.upper.clear();
    }

    /// The sum of each cell, or one 0 for no sums.
    fn put(&self, bytes: &mut Vec<u8>) {
        let sum = |cell: usize, lower: i64| {
            i128::from(lower) + (i128::from(self.upper.get(cell).copied().unwrap_or(0)) << CARRY)
        };
        let sums = self.lower.iter().enumerate().map(|(cell, lower)| sum(cell, *lower));
        if sums.clone().all(|sum| sum == 0) {
            return bytes.extend(u64::to_le_bytes(0));
        }
        bytes.extend(u64::to_le_bytes(self.lower.len() as u64));
        bytes.extend(sums.flat_map(i128::to_le_bytes));
    }

    fn get(&mut self, words: &mut Words<'_>, cells: usize) -> Result<(), DensityError> {
        match words.count()? {
            0 => return Ok(()),
            count if count == cells as u64 && words.0.len() / 16 >= cells => {}
            _ => return Err(DensityError::NotARaster { reason: "their grid is not the kernel's" }),
        }
        for _ in 0..cells {
            let sum = words.long()?;
            let upper = i64::try_from(sum >> CARRY).ok().filter(|upper| upper.abs() < i64::MAX >> 1);
            self.upper
                .push(upper.ok_or(DensityError::NotARaster { reason: "a sum of theirs is too large" })?);
            self.lower.push((sum & ((1 << CARRY) - 1)) as i64);
        }
        Ok(())
    }

    /// Adds the sums times `unit` to `values`, each rounded once.
    fn add_to(&self, unit: f64, values: &mut [f64]) {
        if self.upper.is_empty() {
            values.iter_mut().zip(&self.lower).for_each(|(value, lower)| *value += *lower as f64 * unit);
            return;
        }
        for ((value, lower), upper) in values.iter_mut().zip(&self.lower).zip(&self.upper) {
            *value += ((i128::from(*upper) << CARRY) + i128::from(*lower)) as f64 * unit;
        }
    }
}

impl Sums {
    pub fn new(cells: usize) -> Self {
        let (top, low) = (Wide::default(), Wide::default());
        Self { cells, rung: LOWEST, top, low, terms: 0, weight: [0; 2] }
    }

    /// Nothing again; keeps its memory.
    pub fn clear(&mut self) {
        self.top.clear();
        self.low.clear();
        (self.rung, self.terms, self.weight) = (LOWEST, 0, [0; 2]);
    }

    /// Makes the sums ready for as many terms more, of weights within `rung`.
    pub fn make_room(&mut self, terms: usize, rung: i32, has_low: bool) {
        self.raise(rung);
        if self.terms + terms > ROOM {
            self.top.carry();
            self.low.carry();
            self.terms = 1;
        }
        self.terms += terms;
        self.top.lower.resize(self.cells, 0);
        if has_low {
            self.low.lower.resize(self.cells, 0);
        }
    }

    fn raise(&mut self, rung: i32) {
        if rung <= self.rung {
            return;
        }
        let is_next = rung == self.rung + 1;
        self.weight = [0, if is_next { self.weight[0] } else { 0 }];
        if self.terms > 0 {
            std::mem::swap(&mut self.top, &mut self.low);
            self.top.clear();
            if !is_next {
                self.low.clear();
            }
        }
        self.rung = rung;
    }

    /// Adds the sums of `other`, a grid of as many cells.
    pub fn merge(&mut self, other: &Self) {
        if other.rung < self.rung {
            let mut raised = other.clone();
            raised.raise(self.rung);
            return self.merge(&raised);
        }
        if other.terms > 0 {
            self.make_room(other.terms, other.rung, !other.low.lower.is_empty());
        }
        self.raise(other.rung);
        self.top.add(&other.top);
        self.low.add(&other.low);
        self.weight = [self.weight[0] + other.weight[0], self.weight[1] + other.weight[1]];
    }

    /// Adds the weights of points that weigh 1.
    pub fn add_ones(&mut self, count: u64) {
        self.raise(0);
        let units = i128::from(count) << TOP_BITS;
        if let Some(weight) = usize::try_from(self.rung).ok().and_then(|part| self.weight.get_mut(part)) {
            *weight += units;
        }
    }

    /// Adds a weight.
    pub fn add_weight(&mut self, weight: f64) {
        let scaled = weight * scale_of(self.rung);
        let top = scaled.round_ties_even();
        let low = ((scaled - top) * FINER).round_ties_even();
        #[expect(clippy::cast_possible_truncation, reason = "below 2^44 by the choice of the rung")]
        let parts = [top as i64, low as i64];
        self.weight[0] += i128::from(parts[0]);
        self.weight[1] += i128::from(parts[1]);
    }

    /// The sum of the weights.
    pub fn weight(&self) -> f64 {
        let unit = 1.0 / scale_of(self.rung);
        self.weight[0] as f64 * unit + self.weight[1] as f64 * (unit / FINER)
    }

    /// The sums as bytes.
    pub fn put(&self, bytes: &mut Vec<u8>) {
        bytes.extend(i64::to_le_bytes(self.rung.into()));
        bytes.extend(self.weight.into_iter().flat_map(i128::to_le_bytes));
        self.top.put(bytes);
        self.low.put(bytes);
    }

    /// Takes the sums from bytes, into nothing.
    pub fn get(&mut self, words: &mut Words<'_>) -> Result<(), DensityError> {
        let rung = i32::try_from(words.integer()?).ok().filter(|rung| (LOWEST..=HIGHEST).contains(rung));
        self.rung = rung.ok_or(DensityError::NotARaster { reason: "their unit is not one" })?;
        self.weight = [words.long()?, words.long()?];
        self.top.get(words, self.cells)?;
        self.low.get(words, self.cells)?;
        // What has been carried takes as much room as a term.
        self.terms = usize::from(!self.top.lower.is_empty() || !self.low.lower.is_empty());
        Ok(())
    }

    /// Writes the sums.
    pub fn values_into(&self, values: &mut [f64]) {
        let unit = 1.0 / scale_of(self.rung);
        values.fill(0.0);
        self.top.add_to(unit, values);
        self.low.add_to(unit / FINER, values);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexad_testkit::Random;

    /// Terms as the deposit makes them: one cell.
    #[expect(clippy::cast_possible_truncation, reason = "whole numbers below 2^53")]
    fn summed(weights: &[f64], division: usize) -> Sums {
        let mut all = Sums::new(1);
        for part in weights.chunks(division) {
            let mut sums = Sums::new(1);
            let largest = part.iter().fold(0.0, |most: f64, weight| most.max(weight.abs()));
            sums.make_room(part.len(), rung_for(largest), true);
            for weight in part {
                sums.add_weight(*weight);
                let scaled = weight * scale_of(sums.rung);
                let top = scaled.round_ties_even();
                sums.top.lower[0] += top as i64;
                sums.low.lower[0] += ((scaled - top) * FINER).round_ties_even() as i64;
            }
            all.merge(&sums);
        }
        all
    }

    #[test]
    fn sums_of_weights_of_all_sizes_are_the_same_in_any_order_and_division() {
        let mut random = Random::new(1);
        for spread in [1.0, 20.0, 60.0, 250.0] {
            let mut weights: Vec<f64> =
                (0..3000).map(|_| random.normal() * 10_f64.powf(random.uniform(-spread, spread))).collect();
            let bits = |sums: &Sums| {
                let mut value = [0.0];
                sums.values_into(&mut value);
                [value[0].to_bits(), sums.weight().to_bits(), sums.rung as u64]
            };
            let wanted = bits(&summed(&weights, 3000));
            let largest = weights.iter().fold(0.0, |most: f64, weight| most.max(weight.abs()));
            let sum: f64 = weights.iter().sum();
            assert!((f64::from_bits(wanted[0]) - sum).abs() < 1e-12 * 3000.0 * largest);
            assert_eq!(wanted[0], wanted[1]);
            for division in [1, 7, 1000] {
                weights.rotate_left(division + 13);
                assert_eq!(bits(&summed(&weights, division)), wanted, "{spread}, {division}");
                weights.sort_by(f64::total_cmp);
                assert_eq!(bits(&summed(&weights, division)), wanted, "{spread}, {division}, sorted");
            }
        }
    }

    #[test]
    fn sums_beyond_64_bits_are_carried() {
        let mut sums = Sums::new(1);
        for _ in 0..3 {
            sums.make_room(ROOM, 0, false);
            sums.top.lower[0] += (ROOM as i64) << TOP_BITS;
        }
        let mut value = [0.0];
        sums.values_into(&mut value);
        assert_eq!(value[0], 3.0 * ROOM as f64);
    }
}
