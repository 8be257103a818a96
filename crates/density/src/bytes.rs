//! Numbers as bytes, little-endian on every machine.

use crate::view::Axis;
use crate::{DensityError, Tally, View};

pub(crate) fn put_view(bytes: &mut Vec<u8>, view: &View) {
    for axis in [&view.x, &view.y] {
        let Axis { origin, end, cells, step, first, len } = *axis;
        bytes.extend([origin, end, step].into_iter().flat_map(f64::to_le_bytes));
        bytes.extend([cells, first, len as i64].into_iter().flat_map(i64::to_le_bytes));
    }
}

pub(crate) fn put_tally(bytes: &mut Vec<u8>, tally: Tally) {
    let Tally { points, inside, missing } = tally;
    bytes.extend([points, inside, missing].into_iter().flat_map(u64::to_le_bytes));
}

/// What has not been read yet.
pub(crate) struct Words<'a>(pub &'a [u8]);

impl<'a> Words<'a> {
    pub fn next<const N: usize>(&mut self) -> Result<[u8; N], DensityError> {
        let (first, rest) =
            self.0.split_first_chunk().ok_or(DensityError::NotARaster { reason: "they end too early" })?;
        self.0 = rest;
        Ok(*first)
    }

    pub fn count(&mut self) -> Result<u64, DensityError> {
        Ok(u64::from_le_bytes(self.next()?))
    }

    pub fn integer(&mut self) -> Result<i64, DensityError> {
        Ok(i64::from_le_bytes(self.next()?))
    }

    pub fn long(&mut self) -> Result<i128, DensityError> {
        Ok(i128::from_le_bytes(self.next()?))
    }

    pub fn real(&mut self) -> Result<f64, DensityError> {
        Ok(f64::from_le_bytes(self.next()?))
    }

    /// Words of eight bytes that are left, if they are whole.
    pub fn left(&self) -> Option<u64> {
        self.0.len().is_multiple_of(8).then_some(self.0.len() as u64 / 8)
    }

    /// All that is left.
    pub fn rest(self) -> impl Iterator<Item = i64> + 'a {
        let (words, _) = self.0.as_chunks::<8>();
        words.iter().map(|word| i64::from_le_bytes(*word))
    }

    pub fn view(&mut self) -> Result<View, DensityError> {
        Ok(View { x: self.axis("x")?, y: self.axis("y")? })
    }

    pub fn tally(&mut self) -> Result<Tally, DensityError> {
        let tally = Tally { points: self.count()?, inside: self.count()?, missing: self.count()? };
        let known = tally.inside.checked_add(tally.missing).is_some_and(|known| known <= tally.points);
        if known { Ok(tally) } else { Err(DensityError::NotARaster { reason: "their tally is wrong" }) }
    }

    fn axis(&mut self, name: &'static str) -> Result<Axis, DensityError> {
        let wrong = DensityError::NotARaster { reason: "their view is not one" };
        let [origin, end, step] = [self.real()?, self.real()?, self.real()?];
        let [cells, first, len] = [self.integer()?, self.integer()?, self.integer()?];
        let cells_there = usize::try_from(cells).map_err(|_| wrong)?;
        let len = usize::try_from(len).map_err(|_| wrong)?;
        // The whole view decides all but which pixels of it are meant.
        let whole = View::new([origin, origin, end, end], [cells_there, 1]).map_err(|_| wrong)?.x;
        let axis = Axis { first, len, ..whole };
        axis.check(name).map_err(|_| wrong)?;
        if axis.step == step && len > 0 { Ok(axis) } else { Err(wrong) }
    }
}
