//! Rasters as bytes: the same bytes for the same sums, little-endian on every machine.

use super::{LARGEST, MOST_POINTS, Raster, Sums};
use crate::DensityError;
use crate::bytes::{Words, put_tally, put_view};

const MAGIC: [u8; 8] = *b"HXRASTR2";
/// Magic, two axes of six numbers, three tallies, unit and size, and the sum outside.
const HEADER: usize = 8 + 2 * 48 + 3 * 8 + 16 + 8;

impl Raster {
    /// The raster as bytes, to store or send: 152 and 8 a pixel.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + 8 * self.view.pixels());
        bytes.extend(MAGIC);
        put_view(&mut bytes, &self.view);
        put_tally(&mut bytes, self.tally);
        let (unit, size) = match self.sums {
            Sums::Counts { .. } => (0.0, 0),
            Sums::Weights { unit, size, .. } => (unit, size),
        };
        bytes.extend(u64::to_le_bytes(size));
        bytes.extend(f64::to_le_bytes(unit));
        bytes.extend(self.integers().chain([self.sums.at(self.view.pixels())]).flat_map(i64::to_le_bytes));
        bytes
    }

    /// The raster that [`Raster::to_bytes`] wrote.
    ///
    /// # Errors
    ///
    /// [`DensityError::NotARaster`] for other bytes, or some that were changed in a way that shows.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, DensityError> {
        let mut words = Words(bytes);
        if words.next()? != MAGIC {
            return Err(DensityError::NotARaster { reason: "they do not start as one" });
        }
        let (view, tally) = (words.view()?, words.tally()?);
        let (size, unit) = (words.count()?, words.real()?);
        let right = unit.is_finite() && unit >= 0.0 && size <= LARGEST && tally.points <= MOST_POINTS;
        let cells =
            (view.x.len as u64).checked_mul(view.y.len as u64).and_then(|pixels| pixels.checked_add(1));
        if !right || cells != words.left() {
            return Err(DensityError::NotARaster { reason: "their length or header is wrong" });
        }
        let integers = words.rest();
        let sums = if unit > 0.0 {
            Sums::Weights { unit, size, sums: weights(integers, size)? }
        } else {
            counts(integers, tally.inside)?
        };
        Ok(Self { view, tally, sums })
    }
}

fn weights(integers: impl Iterator<Item = i64>, size: u64) -> Result<Vec<i64>, DensityError> {
    let wrong = DensityError::NotARaster { reason: "a weight is larger than all together" };
    integers.map(|sum| if sum.unsigned_abs() <= size { Ok(sum) } else { Err(wrong) }).collect()
}

fn counts(integers: impl Iterator<Item = i64>, inside: u64) -> Result<Sums, DensityError> {
    let wrong = DensityError::NotARaster { reason: "its counts do not add up" };
    let (mut low, mut high, mut sum) = (Vec::new(), Vec::new(), 0_u64);
    for count in integers {
        let count = u64::try_from(count).map_err(|_| wrong)?;
        sum = sum.checked_add(count).ok_or(wrong)?;
        low.push(count.to_le_bytes()[0]);
        high.push(u32::try_from(count >> 8).map_err(|_| wrong)?);
    }
    if sum == inside { Ok(Sums::Counts { low, high }) } else { Err(wrong) }
}
