//! Real transforms: of even length by a complex one of half of it.

mod split;

use num_complex::Complex64;

use super::engine::Engine;
use crate::simd::dispatch_widest;
use crate::{InputError, check_length};
use split::{Join, Split, half_turns};

/// Forward and inverse transform of real signals of one length. Neither is scaled: the two in a row
/// multiply by `len`.
///
/// Speed depends on where the buffers stand: take all three from one [`crate::Workspace`].
#[derive(Debug, Clone)]
pub struct RealFft {
    /// Of half the length if that is even.
    engine: Engine,
    /// For even lengths, see [`half_turns`].
    turns: Vec<Complex64>,
    len: usize,
}

impl RealFft {
    /// Plans for signals of `len` samples.
    ///
    /// # Errors
    ///
    /// [`InputError::TooFew`] for a length of 0.
    pub fn new(len: usize) -> Result<Self, InputError> {
        if len == 0 {
            return Err(InputError::TooFew { argument: "len", needed: 1, got: 0 });
        }
        let (complex_len, turns) = if is_even(len) { (len / 2, half_turns(len)) } else { (len, Vec::new()) };
        Ok(Self { engine: Engine::new(complex_len), turns, len })
    }

    /// Number of real samples.
    #[must_use]
    pub fn len(&self) -> usize {
        self.len
    }

    /// Never: a plan has at least one sample.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }

    /// Number of complex values of a spectrum: `len / 2 + 1`.
    #[must_use]
    pub fn spectrum_len(&self) -> usize {
        self.len / 2 + 1
    }

    /// Length of the scratch both transforms need.
    #[must_use]
    pub fn scratch_len(&self) -> usize {
        let whole = if is_even(self.len) { 0 } else { self.len };
        whole + self.engine.scratch_len()
    }

    /// `spectrum[k] = sum_j signal[j] exp(-2 pi i j k / len)` for `k <= len / 2`.
    ///
    /// # Errors
    ///
    /// [`InputError::LengthMismatch`] for a buffer of another length than planned.
    pub fn forward(
        &self,
        signal: &[f64],
        spectrum: &mut [Complex64],
        scratch: &mut [Complex64],
    ) -> Result<(), InputError> {
        self.check(signal, spectrum, scratch)?;
        if is_even(self.len) {
            let pairs = bytemuck::cast_slice(signal);
            self.engine.forward(pairs, &mut spectrum[..self.len / 2], scratch);
            split(spectrum, &self.turns);
        } else {
            let (whole, work) = scratch.split_at_mut(self.len);
            for (value, x) in whole.iter_mut().zip(signal) {
                *value = Complex64::new(*x, 0.0);
            }
            self.engine.forward_in_place(whole, work);
            spectrum.copy_from_slice(&whole[..self.spectrum_len()]);
        }
        Ok(())
    }

    /// `signal[j] = sum_k spectrum[k] exp(2 pi i j k / len)` over all `k`, the upper half being the
    /// conjugate of the lower. Overwrites `spectrum`; the imaginary parts at 0 and at `len / 2` are
    /// taken as 0.
    ///
    /// # Errors
    ///
    /// [`InputError::LengthMismatch`] for a buffer of another length than planned.
    pub fn inverse(
        &self,
        spectrum: &mut [Complex64],
        signal: &mut [f64],
        scratch: &mut [Complex64],
    ) -> Result<(), InputError> {
        self.check(signal, spectrum, scratch)?;
        if is_even(self.len) {
            join(spectrum, &self.turns);
            let pairs = bytemuck::cast_slice_mut(signal);
            self.engine.inverse(&mut spectrum[..self.len / 2], pairs, scratch);
        } else {
            let (whole, work) = scratch.split_at_mut(self.len);
            whole[0] = Complex64::new(spectrum[0].re, 0.0);
            for (k, value) in spectrum.iter().enumerate().skip(1) {
                whole[k] = *value;
                whole[self.len - k] = value.conj();
            }
            self.engine.inverse_in_place(whole, work);
            for (x, value) in signal.iter_mut().zip(whole) {
                *x = value.re;
            }
        }
        Ok(())
    }

    fn check(&self, signal: &[f64], spectrum: &[Complex64], scratch: &[Complex64]) -> Result<(), InputError> {
        check_length("signal", signal.len(), self.len)?;
        check_length("spectrum", spectrum.len(), self.spectrum_len())?;
        if scratch.len() < self.scratch_len() {
            check_length("scratch", scratch.len(), self.scratch_len())?;
        }
        Ok(())
    }
}

fn is_even(len: usize) -> bool {
    len.is_multiple_of(2)
}

/// From the transform of pairs, `z_n = x_2n + i x_(2n+1)`, to that of the samples.
fn split(spectrum: &mut [Complex64], turns: &[Complex64]) {
    let half = spectrum.len() - 1;
    let Complex64 { re, im } = spectrum[0];
    spectrum[0] = Complex64::new(re + im, 0.0);
    spectrum[half] = Complex64::new(re - im, 0.0);
    dispatch_widest(Split { inner: &mut spectrum[1..half], turns });
}

/// Back: twice the transform of pairs.
fn join(spectrum: &mut [Complex64], turns: &[Complex64]) {
    let half = spectrum.len() - 1;
    let (first, last) = (spectrum[0].re, spectrum[half].re);
    spectrum[0] = Complex64::new(first + last, first - last);
    dispatch_widest(Join { inner: &mut spectrum[1..half], turns });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(len: usize) -> Vec<f64> {
        (0..len).map(|i| ((i * 7919 + 13) % 1009) as f64 / 504.5 - 1.0).collect()
    }

    fn transform(fft: &RealFft, signal: &[f64]) -> Vec<Complex64> {
        let mut spectrum = vec![Complex64::default(); fft.spectrum_len()];
        let mut scratch = vec![Complex64::new(f64::NAN, 1.0); fft.scratch_len()];
        fft.forward(signal, &mut spectrum, &mut scratch).unwrap();
        spectrum
    }

    #[test]
    fn the_transform_is_its_sum() {
        for len in (1..=40).chain([96, 97, 100, 250, 1009]) {
            let signal = noise(len);
            let spectrum = transform(&RealFft::new(len).unwrap(), &signal);
            for (k, value) in spectrum.iter().enumerate() {
                let turn = |j: usize| -std::f64::consts::TAU * (j * k % len) as f64 / len as f64;
                let terms = signal.iter().enumerate().map(|(j, x)| Complex64::from_polar(*x, turn(j)));
                let wanted: Complex64 = terms.sum();
                assert!((value - wanted).norm() < 1e-14 * (2 * len) as f64, "{len} {k}: {value} {wanted}");
            }
        }
    }

    #[test]
    fn forward_then_inverse_is_len_times_the_signal() {
        for len in (1..=40).chain([100, 4096, 10_007, 65_536]) {
            let fft = RealFft::new(len).unwrap();
            let signal = noise(len);
            let mut spectrum = transform(&fft, &signal);
            // What stands where a real signal has nothing is not read.
            spectrum[0].im = 5.0;
            if is_even(len) {
                spectrum[len / 2].im = 5.0;
            }
            let mut back = vec![f64::NAN; len];
            let mut scratch = vec![Complex64::default(); fft.scratch_len()];
            fft.inverse(&mut spectrum, &mut back, &mut scratch).unwrap();
            for (back, x) in back.iter().zip(&signal) {
                let rounding = 1e-15 * (len as f64).log2().max(1.0);
                assert!((back / len as f64 - x).abs() <= rounding, "{len}: {back} {x}");
            }
        }
    }

    #[test]
    fn wrong_lengths_are_refused() {
        assert!(RealFft::new(0).is_err());
        let fft = RealFft::new(4).unwrap();
        let (mut spectrum, mut scratch) = ([Complex64::default(); 3], [Complex64::default(); 64]);
        assert!(fft.forward(&[0.0; 5], &mut spectrum, &mut scratch).is_err());
        assert!(fft.forward(&[0.0; 4], &mut spectrum[..2], &mut scratch).is_err());
        assert!(fft.inverse(&mut spectrum, &mut [0.0; 4], &mut scratch).is_ok());
    }
}
