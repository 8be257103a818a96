//! Counts of points, or sums of their weights, for every pixel: exact, whatever the order.

mod bytes;
mod cells;
mod count;
mod weigh;

use hexad_core::{InputError, check_positive};
use rayon::prelude::*;

use crate::{DensityError, Map, Normalization, Points, View};
use cells::{BLOCK, CellFinder};
pub(crate) use cells::{NEAREST, low_bits};
use count::{count, count_tiled, is_tiled};
use weigh::{checked_size, weigh};

/// Points from which a second thread pays, and points per cell from which its own raster does.
const PARALLEL_POINTS: usize = 1 << 18;
/// Carries into the upper digit fit 32 bits as long as the points do 40.
const MOST_POINTS: u64 = 1 << 40;
/// A weight is kept to `2^-WEIGHT_BITS` of the largest one declared.
const WEIGHT_BITS: i32 = 31;

/// What has become of the points that were added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Points added.
    pub points: u64,
    /// Points inside the view.
    pub inside: u64,
    /// Points with a NaN or infinite coordinate or weight. The rest is outside.
    pub missing: u64,
}

impl Tally {
    pub(crate) fn add(&mut self, other: Self) {
        self.points += other.points;
        self.inside += other.inside;
        self.missing += other.missing;
    }
}

/// The number of points in each pixel of a view, or the sum of their weights.
///
/// Sums are integers: neither the order of the points, nor their division among calls, threads or rasters that
/// are merged, nor what else is in the view changes a bit. Weights are rounded to 2^-31 of the largest, which is
/// declared.
///
/// # Examples
///
/// ```
/// use hexad_density::{Points, Raster, View};
/// let view = View::new([0.0, 0.0, 2.0, 1.0], [2, 1])?;
/// let mut raster = Raster::new(view);
/// raster.add(&Points::new(&[0.5, 1.0, 2.0, 2.5, f64::NAN], &[0.5; 5])?)?;
/// assert_eq!(raster.counts(), Some(vec![1, 2]));
/// assert_eq!((raster.tally().inside, raster.tally().missing), (3, 1));
/// # Ok::<(), hexad_density::DensityError>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Raster {
    view: View,
    tally: Tally,
    sums: Sums,
}

#[derive(Debug, Clone)]
enum Sums {
    /// A count is `256 high + low`: only `low` is hot, a byte a pixel, and the rare carry goes to `high`.
    Counts { low: Vec<u8>, high: Vec<u32> },
    /// In units of `unit`; `size` is the sum of their sizes, so that no sum can overflow unseen.
    Weights { unit: f64, size: u64, sums: Vec<i64> },
}

impl PartialEq for Sums {
    fn eq(&self, other: &Self) -> bool {
        let unit = |sums: &Self| match sums {
            Self::Counts { .. } => None,
            Self::Weights { unit, .. } => Some(*unit),
        };
        unit(self) == unit(other)
            && self.len() == other.len()
            && (0..self.len()).all(|i| self.at(i) == other.at(i))
    }
}

impl Raster {
    /// An empty raster that counts points.
    #[must_use]
    pub fn new(view: View) -> Self {
        // One cell more than pixels: points outside the view go there.
        let cells = view.pixels() + 1;
        let sums = Sums::Counts { low: vec![0; cells], high: vec![0; cells] };
        Self { view, tally: Tally::default(), sums }
    }

    /// An empty raster that sums weights, none of them larger in size than `largest`.
    ///
    /// # Errors
    ///
    /// [`DensityError::Input`] unless `largest` is finite, positive and not below 1e-280.
    pub fn weighted(view: View, largest: f64) -> Result<Self, DensityError> {
        check_positive("largest", largest)?;
        if !(1e-280..1e290).contains(&largest) {
            let allowed = "between 1e-280 and 1e290";
            return Err(InputError::OutOfRange { argument: "largest", value: largest, allowed }.into());
        }
        let mut unit = largest.log2().ceil().exp2();
        if unit < largest {
            unit *= 2.0;
        }
        unit *= f64::from(-WEIGHT_BITS).exp2();
        let sums = Sums::Weights { unit, size: 0, sums: vec![0; view.pixels() + 1] };
        Ok(Self { view, tally: Tally::default(), sums })
    }

    /// Adds points. Their weights count only in a raster made by [`Raster::weighted`]; there points without
    /// weights weigh 1. Runs on the current rayon pool.
    ///
    /// # Errors
    ///
    /// [`DensityError::Overflow`] for more than 2^40 points, or weights that sum to more than 2^63 units;
    /// [`DensityError::Input`] for a weight larger than declared. The raster is then as it was before.
    pub fn add(&mut self, points: &Points<'_>) -> Result<(), DensityError> {
        if self.tally.points + points.len() as u64 > MOST_POINTS {
            return Err(DensityError::Overflow);
        }
        if let Sums::Weights { unit, size, .. } = &mut self.sums {
            *size = checked_size(points, *unit, *size)?;
        }
        let cells = self.view.pixels();
        if let Sums::Counts { low, high } = &mut self.sums
            && is_tiled(points.len(), cells)
        {
            self.tally.add(count_tiled(&CellFinder::new(&self.view), points, low, high));
            return Ok(());
        }
        let threads = rayon::current_num_threads();
        let worth = points.len() >= PARALLEL_POINTS.max(2 * cells);
        if threads == 1 || !worth {
            self.add_part(points);
            return Ok(());
        }
        let share = points.len().div_ceil(threads).next_multiple_of(BLOCK);
        let starts: Vec<usize> = (share..points.len()).step_by(share).collect();
        let empty = self.emptied();
        let (_, parts) = rayon::join(
            || self.add_part(&points.part(0..share.min(points.len()))),
            || {
                let part = |start: usize| {
                    let mut raster = empty.clone();
                    raster.add_part(&points.part(start..(start + share).min(points.len())));
                    raster
                };
                starts.into_par_iter().map(part).collect::<Vec<_>>()
            },
        );
        parts.iter().for_each(|part| self.fold(part));
        Ok(())
    }

    /// Adds what another raster of the same view holds.
    ///
    /// # Errors
    ///
    /// [`DensityError::DifferentRasters`] if the views differ, or one counts and the other weighs, or in other
    /// units; [`DensityError::Overflow`] as [`Raster::add`].
    pub fn merge(&mut self, other: &Self) -> Result<(), DensityError> {
        let same = match (&self.sums, &other.sums) {
            (Sums::Counts { .. }, Sums::Counts { .. }) => true,
            (Sums::Weights { unit: a, .. }, Sums::Weights { unit: b, .. }) => a == b,
            _ => false,
        };
        if self.view != other.view || !same {
            return Err(DensityError::DifferentRasters);
        }
        if self.tally.points.saturating_add(other.tally.points) > MOST_POINTS {
            return Err(DensityError::Overflow);
        }
        if let (Sums::Weights { size, .. }, Sums::Weights { size: more, .. }) = (&mut self.sums, &other.sums)
        {
            *size = size.checked_add(*more).filter(|sum| *sum <= LARGEST).ok_or(DensityError::Overflow)?;
        }
        self.fold(other);
        Ok(())
    }

    /// The view.
    #[must_use]
    pub fn view(&self) -> &View {
        &self.view
    }

    /// How many points came, and where they went.
    #[must_use]
    pub fn tally(&self) -> Tally {
        self.tally
    }

    /// Points in each pixel, row by row from the bottom; none if this raster sums weights.
    #[must_use]
    pub fn counts(&self) -> Option<Vec<u64>> {
        match &self.sums {
            Sums::Counts { .. } => {
                Some((0..self.view.pixels()).map(|i| self.sums.at(i).cast_unsigned()).collect())
            }
            Sums::Weights { .. } => None,
        }
    }

    /// Points or sum of weights in each pixel, row by row from the bottom.
    #[must_use]
    pub fn values(&self) -> Vec<f64> {
        let unit = self.unit();
        (0..self.view.pixels()).map(|i| self.sums.at(i) as f64 * unit).collect()
    }

    /// Points in the view, or the sum of their weights.
    #[must_use]
    pub fn sum(&self) -> f64 {
        let total: i128 = (0..self.view.pixels()).map(|i| i128::from(self.sums.at(i))).sum();
        total as f64 * self.unit()
    }

    /// Weight of all points that are not missing, in the view or not; their number if this raster counts.
    #[must_use]
    pub fn weight(&self) -> f64 {
        match &self.sums {
            Sums::Counts { .. } => (self.tally.points - self.tally.missing) as f64,
            Sums::Weights { unit, sums, .. } => {
                sums.iter().map(|sum| i128::from(*sum)).sum::<i128>() as f64 * unit
            }
        }
    }

    /// The map of what has been added.
    #[must_use]
    pub fn map(&self, normalization: Normalization) -> Map {
        Map::from_counts(self.view, self.values(), normalization, (self.tally, self.weight()), 0.0)
    }

    /// Sums of a part of the view, as integers in units of [`Raster::unit`].
    pub(crate) fn integers(&self) -> impl Iterator<Item = i64> + '_ {
        (0..self.view.pixels()).map(|i| self.sums.at(i))
    }

    pub(crate) fn unit(&self) -> f64 {
        match &self.sums {
            Sums::Counts { .. } => 1.0,
            Sums::Weights { unit, .. } => *unit,
        }
    }

    fn emptied(&self) -> Self {
        let cells = self.view.pixels() + 1;
        let sums = match &self.sums {
            Sums::Counts { .. } => Sums::Counts { low: vec![0; cells], high: vec![0; cells] },
            Sums::Weights { unit, .. } => Sums::Weights { unit: *unit, size: 0, sums: vec![0; cells] },
        };
        Self { view: self.view, tally: Tally::default(), sums }
    }

    fn add_part(&mut self, points: &Points<'_>) {
        let finder = CellFinder::new(&self.view);
        let tally = match &mut self.sums {
            Sums::Counts { low, high } => count(&finder, points, low, high),
            Sums::Weights { unit, sums, .. } => weigh(&finder, points, *unit, sums),
        };
        self.tally.add(tally);
    }

    fn fold(&mut self, other: &Self) {
        self.tally.add(other.tally);
        match (&mut self.sums, &other.sums) {
            (Sums::Counts { low, high }, Sums::Counts { low: more_low, high: more_high }) => {
                let rows = low.par_chunks_mut(FOLD).zip(high.par_chunks_mut(FOLD));
                rows.zip(more_low.par_chunks(FOLD).zip(more_high.par_chunks(FOLD))).for_each(
                    |((low, high), (more_low, more_high))| {
                        for ((low, high), (more_low, more_high)) in
                            low.iter_mut().zip(high).zip(more_low.iter().zip(more_high))
                        {
                            let (sum, carry) = low.overflowing_add(*more_low);
                            *low = sum;
                            *high += more_high + u32::from(carry);
                        }
                    },
                );
            }
            (Sums::Weights { sums, .. }, Sums::Weights { sums: more, .. }) => {
                sums.iter_mut().zip(more).for_each(|(sum, more)| *sum += more);
            }
            _ => {}
        }
    }
}

/// Cells that a thread folds at a time.
const FOLD: usize = 1 << 16;
/// Largest sum of sizes of weights, in units.
const LARGEST: u64 = i64::MAX.cast_unsigned();

impl Sums {
    fn len(&self) -> usize {
        let cells = match self {
            Self::Counts { low, .. } => low.len(),
            Self::Weights { sums, .. } => sums.len(),
        };
        cells - 1
    }

    #[inline]
    fn at(&self, cell: usize) -> i64 {
        match self {
            Self::Counts { low, high } => (i64::from(high[cell]) << 8) + i64::from(low[cell]),
            Self::Weights { sums, .. } => sums[cell],
        }
    }
}
