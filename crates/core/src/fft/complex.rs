//! Complex transforms.

use num_complex::Complex64;

use super::engine::Engine;
use crate::{InputError, check_length};

/// Forward and inverse transform of complex signals of one length, in place. Neither is scaled: the two in
/// a row multiply by `len`.
#[derive(Debug, Clone)]
pub struct ComplexFft {
    engine: Engine,
    len: usize,
}

impl ComplexFft {
    /// Plans for signals of `len` samples.
    ///
    /// # Errors
    ///
    /// [`InputError::TooFew`] for a length of 0.
    pub fn new(len: usize) -> Result<Self, InputError> {
        if len == 0 {
            return Err(InputError::TooFew { argument: "len", needed: 1, got: 0 });
        }
        Ok(Self { engine: Engine::new(len), len })
    }

    /// Number of samples.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Never: a plan has at least one sample.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Length of the scratch both transforms need.
    #[must_use]
    pub fn scratch_len(&self) -> usize {
        self.engine.scratch_len()
    }

    /// `signal[k]` becomes `sum_j signal[j] exp(-2 pi i j k / len)`.
    ///
    /// # Errors
    ///
    /// [`InputError::LengthMismatch`] for a buffer of another length than planned.
    pub fn forward(&self, signal: &mut [Complex64], scratch: &mut [Complex64]) -> Result<(), InputError> {
        self.check(signal, scratch)?;
        self.engine.forward_in_place(signal, scratch);
        Ok(())
    }

    /// `spectrum[j]` becomes `sum_k spectrum[k] exp(2 pi i j k / len)`.
    ///
    /// # Errors
    ///
    /// [`InputError::LengthMismatch`] for a buffer of another length than planned.
    pub fn inverse(&self, spectrum: &mut [Complex64], scratch: &mut [Complex64]) -> Result<(), InputError> {
        self.check(spectrum, scratch)?;
        self.engine.inverse_in_place(spectrum, scratch);
        Ok(())
    }

    fn check(&self, data: &[Complex64], scratch: &[Complex64]) -> Result<(), InputError> {
        check_length("data", data.len(), self.len)?;
        if scratch.len() < self.scratch_len() {
            check_length("scratch", scratch.len(), self.scratch_len())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turning_phase_is_one_bin_and_comes_back() {
        for len in [1, 2, 7, 12, 101] {
            let fft = ComplexFft::new(len).unwrap();
            let bin = len / 3;
            let turn = |j: usize| std::f64::consts::TAU * (bin * j % len) as f64 / len as f64;
            let signal: Vec<_> = (0..len).map(|j| Complex64::from_polar(1.0, turn(j))).collect();
            let mut data = signal.clone();
            let mut scratch = vec![Complex64::default(); fft.scratch_len()];
            fft.forward(&mut data, &mut scratch).unwrap();
            for (k, value) in data.iter().enumerate() {
                let wanted = if k == bin { len as f64 } else { 0.0 };
                assert!((value - wanted).norm() < 1e-14 * len as f64);
            }
            fft.inverse(&mut data, &mut scratch).unwrap();
            for (value, wanted) in data.iter().zip(&signal) {
                assert!((value / len as f64 - wanted).norm() < 1e-14);
            }
        }
    }

    #[test]
    fn wrong_lengths_are_refused() {
        assert!(ComplexFft::new(0).is_err());
        let fft = ComplexFft::new(4).unwrap();
        assert!(fft.forward(&mut [Complex64::default(); 3], &mut [Complex64::default(); 64]).is_err());
    }
}
