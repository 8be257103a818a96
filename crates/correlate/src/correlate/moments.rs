//! Means and sums of squares, compensated.

use hexad_core::Sum;
use hexad_core::simd::{Kernel, Simd, Vector, dispatch};
use hexad_core::{InputError, check_finite};

use super::Part;
use crate::CorrelateError;

/// Samples summed plainly; sums of more are compensated.
const PIECE: usize = 2048;

/// What is taken off each sample of a signal, and the sum of squares of what is left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Moments {
    pub mean: f64,
    pub energy: f64,
}

impl Moments {
    /// For sums that need neither.
    pub const NONE: Self = Self { mean: 0.0, energy: f64::NAN };

    /// Of a signal without NaN and infinities.
    pub fn of(argument: &'static str, signal: &[f64], removes_mean: bool) -> Result<Self, InputError> {
        let [sum, energy] = sums(signal, 0.0);
        // An overflow is no fault of a sample.
        if !(sum.is_finite() && energy.is_finite()) {
            check_finite(argument, signal)?;
        }
        if !removes_mean {
            return Ok(Self { mean: 0.0, energy });
        }
        let mean = sum / signal.len() as f64;
        let [_, energy] = sums(signal, mean);
        Ok(Self { mean, energy })
    }

    /// Refuses a signal without energy.
    pub fn check_varies(&self, argument: &'static str, signal: &[f64]) -> Result<(), CorrelateError> {
        // The mean of equal samples is off by at most an ulp.
        let rounding = f64::EPSILON * self.mean;
        if self.energy > rounding * rounding * signal.len() as f64 {
            return Ok(());
        }
        Err(CorrelateError::Constant { argument, value: signal[0] })
    }

    pub fn part<'a>(&self, samples: &'a [f64]) -> Part<'a> {
        Part { samples, mean: self.mean, energy: self.energy }
    }
}

/// The sum of `x - shift` and that of its square.
pub(crate) fn sums(values: &[f64], shift: f64) -> [f64; 2] {
    let mut totals = [Sum::default(); 2];
    for piece in values.chunks(PIECE) {
        let [sum, squares] = dispatch(Both { values: piece, shift });
        totals[0].add(sum);
        totals[1].add(squares);
    }
    totals.map(Sum::total)
}

/// As [`sums`], every term compensated: what is taken off again later leaves nothing behind.
pub(crate) fn exact_sums(values: &[f64], shift: f64) -> [Sum; 2] {
    dispatch(Exact { values, shift })
}

struct Exact<'a> {
    values: &'a [f64],
    shift: f64,
}

impl Kernel<f64, 4> for Exact<'_> {
    type Output = [Sum; 2];

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) -> [Sum; 2] {
        let (fours, rest) = self.values.as_chunks::<4>();
        let shift = simd.splat(self.shift);
        let mut high = [simd.splat(0.0); 2];
        let mut low = high;
        for four in fours {
            let x = simd.load(four) - shift;
            let terms = [x, x * x];
            for which in 0..2 {
                let sum = high[which] + terms[which];
                let added = sum - high[which];
                low[which] = low[which] + ((high[which] - (sum - added)) + (terms[which] - added));
                high[which] = sum;
            }
        }
        let mut sums = [Sum::default(); 2];
        for which in 0..2 {
            for part in [high[which], low[which]] {
                let mut lanes = [0.0; 4];
                part.store(&mut lanes);
                for lane in lanes {
                    sums[which].add(lane);
                }
            }
        }
        for value in rest {
            let x = value - self.shift;
            sums[0].add(x);
            sums[1].add(x * x);
        }
        sums
    }
}

struct Both<'a> {
    values: &'a [f64],
    shift: f64,
}

impl Kernel<f64, 4> for Both<'_> {
    type Output = [f64; 2];

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) -> [f64; 2] {
        let (fours, rest) = self.values.as_chunks::<4>();
        let (blocks, fours) = fours.as_chunks::<4>();
        let shift = simd.splat(self.shift);
        let (mut sums, mut squares) = ([simd.splat(0.0); 4], [simd.splat(0.0); 4]);
        for block in blocks {
            for lane in 0..4 {
                let x = simd.load(&block[lane]) - shift;
                sums[lane] = sums[lane] + x;
                squares[lane] = x.mul_add(x, squares[lane]);
            }
        }
        for four in fours {
            let x = simd.load(four) - shift;
            sums[0] = sums[0] + x;
            squares[0] = x.mul_add(x, squares[0]);
        }
        let mut sum = ((sums[0] + sums[1]) + (sums[2] + sums[3])).sum();
        let mut square = ((squares[0] + squares[1]) + (squares[2] + squares[3])).sum();
        for value in rest {
            let x = value - self.shift;
            sum += x;
            square = x.mul_add(x, square);
        }
        [sum, square]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexad_core::simd::run_portable;

    #[test]
    fn wide_and_portable_give_the_same_bits() {
        let values: Vec<f64> = (0..103).map(|i| f64::from(i * 7919 % 1009) / 504.5 - 1.0).collect();
        for len in [1, 3, 4, 17, 103] {
            let both = || Both { values: &values[..len], shift: 0.3 };
            assert_eq!(dispatch(both()), run_portable(both()));
            let exact = || Exact { values: &values[..len], shift: 0.3 };
            assert_eq!(dispatch(exact()), run_portable(exact()));
        }
    }

    #[test]
    fn a_large_offset_leaves_the_energy() {
        let values: Vec<f64> = (0..10_001).map(|i| 1e8 + f64::from(i % 3)).collect();
        let moments = Moments::of("x", &values, true).unwrap();
        let wanted = 10_001.0 * 2.0 / 3.0;
        assert!((moments.energy - wanted).abs() < 1.0, "{} {wanted}", moments.energy);
    }
}
