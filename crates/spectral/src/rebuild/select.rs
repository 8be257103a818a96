//! The largest weights without sorting them all.

use hexad_core::InputError;

use super::check_weights;

/// A bucket is an exponent and the two leading bits of the fraction.
const SHIFT: u32 = 50;
const BUCKETS: usize = 1 << (63 - SHIFT);

/// Where a list of weights was cut: those above `weight` stay, and of the equal ones those up to `last`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cut {
    count: usize,
    weight: f64,
    last: usize,
}

impl Cut {
    const NOTHING: Self = Self { count: 0, weight: f64::INFINITY, last: 0 };

    /// How many stay.
    #[must_use]
    pub fn count(&self) -> usize {
        self.count
    }

    /// Whether the weight at `index` stays.
    #[must_use]
    #[inline]
    pub fn keeps(&self, index: usize, weight: f64) -> bool {
        weight > self.weight || (weight == self.weight && index <= self.last)
    }
}

/// Finds the fewest weights that hold all but a small part of the sum; holds the buffers.
///
/// Weights are counted and summed by the leading bits of their floating-point form, the sums are added from
/// the small end, and only the bucket in which the limit falls is sorted. Of equal weights the one of the
/// lower index stays. The result does not depend on anything but the weights.
///
/// # Examples
///
/// ```
/// use hexad_spectral::LineSelector;
/// let weights = [4.0, 0.5, 90.0, 0.5, 5.0];
/// // All but a part 0.1^2 of the sum of 100:
/// let cut = LineSelector::default().fewest(&weights, 0.1)?;
/// assert_eq!(cut.count(), 3);
/// assert!(cut.keeps(0, 4.0) && !cut.keeps(1, 0.5));
/// # Ok::<(), hexad_core::InputError>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct LineSelector {
    buckets: Vec<Bucket>,
    split: Vec<(f64, usize)>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Bucket {
    sum: f64,
    count: usize,
}

impl LineSelector {
    /// The fewest `weights` such that the others sum to at most `relative_error^2` of all: for the energies of
    /// orthogonal lines, the fewest lines within that relative error in L2.
    ///
    /// # Errors
    ///
    /// [`InputError::ElementOutOfRange`] for a weight that is negative, NaN or infinite,
    /// [`InputError::OutOfRange`] for an error that is negative or NaN.
    pub fn fewest(&mut self, weights: &[f64], relative_error: f64) -> Result<Cut, InputError> {
        if relative_error.is_nan() || relative_error < 0.0 {
            let (argument, value) = ("error", relative_error);
            return Err(InputError::OutOfRange { argument, value, allowed: ">= 0" });
        }
        self.fill(weights)?;
        let total: f64 = self.buckets.iter().map(|bucket| bucket.sum).sum();
        let allowed = relative_error * relative_error * total;
        let (mut left_out, mut dropped) = (0.0, 0);
        for index in 0..BUCKETS {
            let bucket = self.buckets[index];
            if left_out + bucket.sum <= allowed {
                left_out += bucket.sum;
                dropped += bucket.count;
                continue;
            }
            let split = self.sorted(weights, index);
            let mut first_kept = 0;
            while first_kept + 1 < split.len() && left_out + split[first_kept].0 <= allowed {
                left_out += split[first_kept].0;
                first_kept += 1;
            }
            let (weight, last) = split[first_kept];
            return Ok(Cut { count: weights.len() - dropped - first_kept, weight, last });
        }
        Ok(Cut::NOTHING)
    }

    /// The `count` largest `weights`, or all of them if there are fewer.
    ///
    /// # Errors
    ///
    /// [`InputError::ElementOutOfRange`] for a weight that is negative, NaN or infinite.
    pub fn largest(&mut self, weights: &[f64], count: usize) -> Result<Cut, InputError> {
        self.fill(weights)?;
        let count = count.min(weights.len());
        if count == 0 {
            return Ok(Cut::NOTHING);
        }
        let (mut to_drop, mut index) = (weights.len() - count, 0);
        while to_drop >= self.buckets[index].count {
            to_drop -= self.buckets[index].count;
            index += 1;
        }
        let (weight, last) = self.sorted(weights, index)[to_drop];
        Ok(Cut { count, weight, last })
    }

    fn fill(&mut self, weights: &[f64]) -> Result<(), InputError> {
        check_weights(weights)?;
        self.buckets.clear();
        self.buckets.resize(BUCKETS, Bucket::default());
        for &weight in weights {
            let bucket = &mut self.buckets[bucket_of(weight)];
            bucket.sum += weight;
            bucket.count += 1;
        }
        Ok(())
    }

    /// The weights of one bucket in the order in which they are left out.
    fn sorted(&mut self, weights: &[f64], bucket: usize) -> &[(f64, usize)] {
        self.split.clear();
        for (index, &weight) in weights.iter().enumerate() {
            if bucket_of(weight) == bucket {
                self.split.push((weight, index));
            }
        }
        self.split.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(b.1.cmp(&a.1)));
        &self.split
    }
}

/// Rises with the weight. A negative zero is a zero.
#[inline]
fn bucket_of(weight: f64) -> usize {
    ((weight.to_bits() << 1) >> (SHIFT + 1)) as usize
}
