//! Rasters as bytes: the same bytes for the same sums, little-endian on every machine.

use super::{LARGEST, Raster, Sums, Tally};
use crate::view::Axis;
use crate::{DensityError, View};

const MAGIC: [u8; 8] = *b"HXRASTR1";
/// Magic, two axes of six numbers, three tallies, unit and size.
const HEADER: usize = 8 + 2 * 48 + 3 * 8 + 16;

impl Raster {
    /// The raster as bytes, to store or send: 144 and 8 a pixel.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(HEADER + 8 * self.view.pixels());
        bytes.extend(MAGIC);
        for axis in [&self.view.x, &self.view.y] {
            let Axis { origin, end, cells, step, first, len } = *axis;
            bytes.extend([origin, end, step].into_iter().flat_map(f64::to_le_bytes));
            bytes.extend([cells, first, len as i64].into_iter().flat_map(i64::to_le_bytes));
        }
        let Tally { points, inside, missing } = self.tally;
        let (unit, size) = match self.sums {
            Sums::Counts { .. } => (0.0, 0),
            Sums::Weights { unit, size, .. } => (unit, size),
        };
        bytes.extend([points, inside, missing, size].into_iter().flat_map(u64::to_le_bytes));
        bytes.extend(f64::to_le_bytes(unit));
        bytes.extend(self.integers().flat_map(i64::to_le_bytes));
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
        let view = View { x: words.axis("x")?, y: words.axis("y")? };
        let tally = Tally { points: words.count()?, inside: words.count()?, missing: words.count()? };
        let (size, unit) = (words.count()?, f64::from_le_bytes(words.next()?));
        let known = tally.inside.checked_add(tally.missing).is_some_and(|known| known <= tally.points);
        let right = known && unit.is_finite() && unit >= 0.0 && size <= LARGEST;
        let pixels = (view.x.len as u64).checked_mul(view.y.len as u64);
        if !right || pixels != Some(words.0.len() as u64 / 8) || words.0.len() % 8 != 0 {
            return Err(DensityError::NotARaster { reason: "their length or header is wrong" });
        }
        let (words, _) = words.0.as_chunks::<8>();
        let integers = words.iter().map(|word| i64::from_le_bytes(*word)).chain([0]);
        let sums = if unit > 0.0 {
            Sums::Weights { unit, size, sums: integers.collect() }
        } else {
            counts(integers, tally.inside)?
        };
        Ok(Self { view, tally, sums })
    }
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

struct Words<'a>(&'a [u8]);

impl Words<'_> {
    fn next(&mut self) -> Result<[u8; 8], DensityError> {
        let (first, rest) =
            self.0.split_first_chunk().ok_or(DensityError::NotARaster { reason: "they end too early" })?;
        self.0 = rest;
        Ok(*first)
    }

    fn count(&mut self) -> Result<u64, DensityError> {
        Ok(u64::from_le_bytes(self.next()?))
    }

    fn axis(&mut self, name: &'static str) -> Result<Axis, DensityError> {
        let wrong = DensityError::NotARaster { reason: "their view is not one" };
        let [origin, end, step] = [
            f64::from_le_bytes(self.next()?),
            f64::from_le_bytes(self.next()?),
            f64::from_le_bytes(self.next()?),
        ];
        let [cells, first, len] = [
            i64::from_le_bytes(self.next()?),
            i64::from_le_bytes(self.next()?),
            i64::from_le_bytes(self.next()?),
        ];
        let cells_there = usize::try_from(cells).map_err(|_| wrong)?;
        let len = usize::try_from(len).map_err(|_| wrong)?;
        // The whole view decides all but which pixels of it are meant.
        let whole = View::new([origin, origin, end, end], [cells_there, 1]).map_err(|_| wrong)?.x;
        let axis = Axis { first, len, ..whole };
        axis.check(name).map_err(|_| wrong)?;
        if axis.step == step && len > 0 { Ok(axis) } else { Err(wrong) }
    }
}
