//! Weights as integers: sums that no order changes.

use hexad_core::InputError;

use super::cells::{BLOCK, CellFinder};
use super::{LARGEST, WEIGHT_BITS};
use crate::{DensityError, Points, Tally};

/// Adds the weights of points to their cells; those outside have the last one, those missing none.
pub(super) fn weigh(finder: &CellFinder, points: &Points<'_>, unit: f64, sums: &mut [i64]) -> Tally {
    let outside = sums.len() - 1;
    let mut tally = Tally { points: points.len() as u64, ..Tally::default() };
    let mut cells = [0_u32; BLOCK];
    for start in (0..points.len()).step_by(BLOCK) {
        let part = points.part(start..(start + BLOCK).min(points.len()));
        finder.find(&part, &mut cells, &mut tally);
        for (index, cell) in cells[..part.len()].iter().enumerate() {
            let (cell, weight) = (*cell as usize, part.weights.map_or(1.0, |all| all[index]));
            let is_there = || part.x[index].is_finite() && part.y[index].is_finite() && weight.is_finite();
            if cell != outside || is_there() {
                sums[cell] += in_units(weight, unit);
            }
        }
    }
    tally
}

/// A weight as an integer: to the nearest, ties to even.
fn in_units(weight: f64, unit: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "at most 2^31 by the check of the weights")]
    let units = (weight / unit).round_ties_even() as i64;
    units
}

/// The sum of sizes with those of `points`, if it fits.
pub(super) fn checked_size(points: &Points<'_>, unit: f64, before: u64) -> Result<u64, DensityError> {
    let largest = unit * f64::from(WEIGHT_BITS).exp2();
    let Some(weights) = points.weights else {
        check_weight(0, 1.0, largest)?;
        let each = in_units(1.0, unit).unsigned_abs();
        let sum = each.checked_mul(points.len() as u64).and_then(|sum| sum.checked_add(before));
        return sum.filter(|sum| *sum <= LARGEST).ok_or(DensityError::Overflow);
    };
    let mut size = before;
    for (index, weight) in weights.iter().enumerate().filter(|(_, weight)| weight.is_finite()) {
        check_weight(index, *weight, largest)?;
        size = size.saturating_add(in_units(*weight, unit).unsigned_abs());
    }
    if size <= LARGEST { Ok(size) } else { Err(DensityError::Overflow) }
}

fn check_weight(index: usize, value: f64, largest: f64) -> Result<(), DensityError> {
    if value.abs() <= largest {
        return Ok(());
    }
    let allowed = "no larger than the largest weight declared";
    Err(InputError::ElementOutOfRange { argument: "weights", index, value, allowed }.into())
}
