//! Means and energies of complex signals, compensated.

use hexad_core::simd::{Kernel, Simd, Vector, dispatch};
use hexad_core::{Complex64, InputError, Sum};

use crate::CorrelateError;

/// Samples summed plainly; sums of more are compensated.
const PIECE: usize = 2048;

/// What is taken off each sample of a signal, and the sum of squared sizes of what is left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Moments {
    pub mean: Complex64,
    pub energy: f64,
}

impl Moments {
    /// Of a signal without NaN and infinities.
    pub fn of(argument: &'static str, signal: &[Complex64], removes_mean: bool) -> Result<Self, InputError> {
        let (sum, energy) = sums(signal, Complex64::ZERO);
        // An overflow is no fault of a sample.
        if !(sum.is_finite() && energy.is_finite()) {
            check_complex_finite(argument, signal)?;
        }
        if !removes_mean {
            return Ok(Self { mean: Complex64::ZERO, energy });
        }
        let mean = sum / signal.len() as f64;
        let (_, energy) = sums(signal, mean);
        Ok(Self { mean, energy })
    }

    /// Refuses a signal without energy.
    pub fn check_varies(&self, argument: &'static str, signal: &[Complex64]) -> Result<(), CorrelateError> {
        // The mean of equal samples is off by at most an ulp.
        let rounding = f64::EPSILON * self.mean.norm();
        if self.energy > rounding * rounding * signal.len() as f64 {
            return Ok(());
        }
        Err(CorrelateError::Constant { argument, value: signal[0].re })
    }
}

/// Refuses the first sample that is not finite.
pub(crate) fn check_complex_finite(argument: &'static str, signal: &[Complex64]) -> Result<(), InputError> {
    match signal.iter().position(|z| !z.is_finite()) {
        Some(index) => {
            let Complex64 { re, im } = signal[index];
            let value = if re.is_finite() { im } else { re };
            Err(InputError::NotFinite { argument, index, value })
        }
        None => Ok(()),
    }
}

/// The sum of `z - shift` and that of its squared size.
fn sums(signal: &[Complex64], shift: Complex64) -> (Complex64, f64) {
    let mut totals = [Sum::default(); 3];
    for piece in signal.chunks(PIECE) {
        let parts = dispatch(Parts { signal: piece, shift });
        for (total, part) in totals.iter_mut().zip(parts) {
            total.add(part);
        }
    }
    let [re, im, squares] = totals.map(Sum::total);
    (Complex64::new(re, im), squares)
}

/// Sums of real parts, of imaginary parts and of squares, less a shift.
struct Parts<'a> {
    signal: &'a [Complex64],
    shift: Complex64,
}

impl Kernel<f64, 4> for Parts<'_> {
    type Output = [f64; 3];

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) -> [f64; 3] {
        let Complex64 { re, im } = self.shift;
        let (fours, rest) = bytemuck::cast_slice::<_, f64>(self.signal).as_chunks::<4>();
        let shift = simd.load(&[re, im, re, im]);
        let (mut sum, mut squares) = (simd.splat(0.0), simd.splat(0.0));
        for four in fours {
            let x = simd.load(four) - shift;
            sum = sum + x;
            squares = x.mul_add(x, squares);
        }
        let mut lanes = [0.0; 4];
        sum.store(&mut lanes);
        let mut parts = [lanes[0] + lanes[2], lanes[1] + lanes[3], squares.sum()];
        if let [last_re, last_im] = rest {
            let (x, y) = (last_re - re, last_im - im);
            parts[0] += x;
            parts[1] += y;
            parts[2] += x * x + y * y;
        }
        parts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexad_core::simd::run_portable;

    #[test]
    fn wide_and_portable_give_the_same_bits() {
        let value = |n: i32| Complex64::new(f64::from(n * 7919 % 1009) / 504.5, f64::from(n * 104_729 % 997));
        let signal: Vec<_> = (0..103).map(value).collect();
        for len in [1, 2, 3, 103] {
            let parts = || Parts { signal: &signal[..len], shift: Complex64::new(0.3, -2.0) };
            assert_eq!(dispatch(parts()), run_portable(parts()));
        }
    }
}
