//! Real Fourier transforms and convolution by overlap-save.

use std::fmt;
use std::sync::Arc;

use num_complex::Complex64;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

use crate::{InputError, check_length};

/// Forward and inverse transform of real signals of one length. Neither is scaled: the two in a row
/// multiply by `len`.
#[derive(Clone)]
pub struct RealFft {
    forward: Arc<dyn RealToComplex<f64>>,
    inverse: Arc<dyn ComplexToReal<f64>>,
    len: usize,
}

impl fmt::Debug for RealFft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RealFft").field("len", &self.len).finish()
    }
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
        let mut planner = RealFftPlanner::new();
        Ok(Self { forward: planner.plan_fft_forward(len), inverse: planner.plan_fft_inverse(len), len })
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
        self.forward.get_scratch_len().max(self.inverse.get_scratch_len())
    }

    /// `spectrum[k] = sum_j signal[j] exp(-2 pi i j k / len)` for `k <= len / 2`. Overwrites `signal`.
    ///
    /// # Errors
    ///
    /// [`InputError::LengthMismatch`] for a buffer of another length than planned.
    pub fn forward(
        &self,
        signal: &mut [f64],
        spectrum: &mut [Complex64],
        scratch: &mut [Complex64],
    ) -> Result<(), InputError> {
        self.check(signal, spectrum, scratch)?;
        // Lengths were just checked, the only thing it can refuse.
        let _ = self.forward.process_with_scratch(signal, spectrum, scratch);
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
        // It reports imaginary parts where there can be none, after having dropped them.
        let _ = self.inverse.process_with_scratch(spectrum, signal, scratch);
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

/// Correlation of long signals with fixed taps by overlap-save blocks (Oppenheim and Schafer,
/// Discrete-Time Signal Processing, 8.7.3).
#[derive(Debug, Clone)]
pub struct OverlapSave {
    fft: RealFft,
    /// Transform of the reversed taps, divided by the block length.
    transfer: Vec<Complex64>,
    taps: usize,
}

/// Buffers of [`OverlapSave::valid_into`]; their contents never matter.
#[derive(Debug, Clone, Default)]
pub struct OverlapSaveScratch {
    block: Vec<f64>,
    spectrum: Vec<Complex64>,
    fft: Vec<Complex64>,
}

impl OverlapSave {
    /// Plans for `taps`; the block length is the power of two that costs least per output.
    ///
    /// # Errors
    ///
    /// [`InputError::TooFew`] for no taps.
    pub fn new(taps: &[f64]) -> Result<Self, InputError> {
        if taps.is_empty() {
            return Err(InputError::TooFew { argument: "taps", needed: 1, got: 0 });
        }
        let fft = RealFft::new(best_block(taps.len()))?;
        let mut scratch = OverlapSaveScratch::new(&fft);
        scratch.block[..taps.len()].copy_from_slice(taps);
        scratch.block[..taps.len()].reverse();
        fft.forward(&mut scratch.block, &mut scratch.spectrum, &mut scratch.fft)?;
        let scale = 1.0 / fft.len() as f64;
        let transfer = scratch.spectrum.iter().map(|value| value * scale).collect();
        Ok(Self { fft, transfer, taps: taps.len() })
    }

    /// Outputs per block. Results do not depend on where a call starts if it starts at a multiple of it.
    #[must_use]
    pub fn hop(&self) -> usize {
        self.fft.len() - self.taps + 1
    }

    /// Buffers for [`OverlapSave::valid_into`].
    #[must_use]
    pub fn make_scratch(&self) -> OverlapSaveScratch {
        OverlapSaveScratch::new(&self.fft)
    }

    /// `out[i] = sum_k taps[k] input[i + k]`: `input` has `taps - 1` samples more than `out`.
    /// Rounding is about `1e-16 log2(block)` of the largest input of a block times `sum |taps|`.
    ///
    /// # Errors
    ///
    /// [`InputError::LengthMismatch`] if the lengths do not fit. A scratch of another plan is replaced.
    pub fn valid_into(
        &self,
        input: &[f64],
        out: &mut [f64],
        scratch: &mut OverlapSaveScratch,
    ) -> Result<(), InputError> {
        check_length("input", input.len(), out.len() + self.taps - 1)?;
        if scratch.block.len() != self.fft.len() {
            *scratch = self.make_scratch();
        }
        let OverlapSaveScratch { block, spectrum, fft } = scratch;
        for (index, out) in out.chunks_mut(self.hop()).enumerate() {
            let source = &input[index * self.hop()..][..out.len() + self.taps - 1];
            block[..source.len()].copy_from_slice(source);
            block[source.len()..].fill(0.0);
            self.fft.forward(block, spectrum, fft)?;
            for (value, transfer) in spectrum.iter_mut().zip(&self.transfer) {
                *value *= transfer;
            }
            self.fft.inverse(spectrum, block, fft)?;
            out.copy_from_slice(&block[self.taps - 1..][..out.len()]);
        }
        Ok(())
    }
}

impl OverlapSaveScratch {
    fn new(fft: &RealFft) -> Self {
        Self {
            block: vec![0.0; fft.len()],
            spectrum: vec![Complex64::default(); fft.spectrum_len()],
            fft: vec![Complex64::default(); fft.scratch_len()],
        }
    }
}

/// The power of two with the least `F log2 F / (F - taps + 1)`, with a surcharge for blocks that leave
/// the level-2 cache and a larger one for those that leave it far behind.
fn best_block(taps: usize) -> usize {
    let smallest = (2 * taps).next_power_of_two().max(256);
    let cost = |block: usize| {
        let size = block as f64;
        let surcharge = match block {
            0..=16_384 => 4.0,
            16_385..=65_536 => 6.0,
            _ => 10.0,
        };
        size * (size.log2() + surcharge) / (block - taps + 1) as f64
    };
    let candidates = (0..4).map(|doubling| smallest << doubling);
    candidates.min_by(|a, b| cost(*a).total_cmp(&cost(*b))).unwrap_or(smallest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(len: usize) -> Vec<f64> {
        (0..len).map(|i| ((i * 7919 + 13) % 1009) as f64 / 504.5 - 1.0).collect()
    }

    #[test]
    fn forward_then_inverse_is_len_times_the_signal() {
        for len in [1, 2, 3, 8, 15, 100] {
            let fft = RealFft::new(len).unwrap();
            let signal = noise(len);
            let mut buffer = signal.clone();
            let mut spectrum = vec![Complex64::default(); fft.spectrum_len()];
            let mut scratch = vec![Complex64::default(); fft.scratch_len()];
            fft.forward(&mut buffer, &mut spectrum, &mut scratch).unwrap();
            assert!((spectrum[0].re - signal.iter().sum::<f64>()).abs() < 1e-13);
            fft.inverse(&mut spectrum, &mut buffer, &mut scratch).unwrap();
            for (a, b) in buffer.iter().zip(&signal) {
                assert!((a - b * len as f64).abs() < 1e-13 * len as f64);
            }
        }
    }

    #[test]
    fn overlap_save_is_the_sum() {
        for (taps, outputs) in [(1, 10), (3, 1000), (81, 5000), (801, 3000), (300, 7)] {
            let taps = noise(taps);
            let input = noise(outputs + taps.len() - 1);
            let plan = OverlapSave::new(&taps).unwrap();
            let mut out = vec![f64::NAN; outputs];
            plan.valid_into(&input, &mut out, &mut plan.make_scratch()).unwrap();
            let size: f64 = taps.iter().map(|tap| tap.abs()).sum();
            for (index, value) in out.iter().enumerate() {
                let sum: f64 = taps.iter().zip(&input[index..]).map(|(tap, y)| tap * y).sum();
                assert!((value - sum).abs() < 1e-14 * size, "{index}: {value} {sum}");
            }
        }
    }

    #[test]
    fn blocks_start_anywhere_at_a_multiple_of_the_hop() {
        let taps = noise(50);
        let plan = OverlapSave::new(&taps).unwrap();
        let (hop, outputs) = (plan.hop(), 3 * plan.hop() + 17);
        let input = noise(outputs + 49);
        let mut scratch = plan.make_scratch();
        let (mut whole, mut part) = (vec![0.0; outputs], vec![0.0; outputs - hop]);
        plan.valid_into(&input, &mut whole, &mut scratch).unwrap();
        plan.valid_into(&input[hop..], &mut part, &mut scratch).unwrap();
        assert_eq!(whole[hop..], part);
    }

    #[test]
    fn wrong_lengths_are_refused() {
        assert!(RealFft::new(0).is_err() && OverlapSave::new(&[]).is_err());
        let plan = OverlapSave::new(&[1.0, 2.0]).unwrap();
        assert!(plan.valid_into(&[0.0; 5], &mut [0.0; 5], &mut plan.make_scratch()).is_err());
    }
}
