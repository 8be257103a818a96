//! Correlation of long signals with fixed taps.

use crate::simd::complex::{conjugate, times};
use crate::simd::{Kernel, Simd, Vector, dispatch_widest, has_eight_lanes};
use crate::{Complex64, InputError, RealFft, check_length};

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
        fft.forward(&scratch.block, &mut scratch.spectrum, &mut scratch.fft)?;
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

    /// `out[i] = offset + sum_k taps[k] input[i + k]`: `input` has `taps - 1` samples more than `out`.
    /// Rounding is about `1e-16 log2(block)` of the largest input of a block times `sum |taps|`.
    ///
    /// # Errors
    ///
    /// [`InputError::LengthMismatch`] if the lengths do not fit. A scratch of another plan is replaced.
    pub fn valid_into(
        &self,
        input: &[f64],
        offset: f64,
        out: &mut [f64],
        scratch: &mut OverlapSaveScratch,
    ) -> Result<(), InputError> {
        check_length("input", input.len(), out.len() + self.taps - 1)?;
        if scratch.block.len() != self.fft.len() {
            *scratch = self.make_scratch();
        }
        let OverlapSaveScratch { block, spectrum, fft } = scratch;
        for (index, out) in out.chunks_mut(self.hop()).enumerate() {
            let mut source = &input[index * self.hop()..][..out.len() + self.taps - 1];
            if source.len() < self.fft.len() {
                block[..source.len()].copy_from_slice(source);
                block[source.len()..].fill(0.0);
                source = block;
            }
            self.fft.forward(source, spectrum, fft)?;
            dispatch_widest(Multiply { spectrum, transfer: &self.transfer });
            self.fft.inverse(spectrum, block, fft)?;
            for (out, value) in out.iter_mut().zip(&block[self.taps - 1..]) {
                *out = offset + value;
            }
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

/// `spectrum *= transfer`.
struct Multiply<'a> {
    spectrum: &'a mut [Complex64],
    transfer: &'a [Complex64],
}

impl<const L: usize> Kernel<f64, L> for Multiply<'_> {
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, L>>(self, simd: S) {
        let conjugate = simd.load(&conjugate());
        let whole = self.spectrum.len() / (L / 2) * (L / 2);
        let (spectrum, spectrum_rest) = self.spectrum.split_at_mut(whole);
        let (transfer, transfer_rest) = self.transfer.split_at(whole);
        let transfer = bytemuck::cast_slice::<_, f64>(transfer).as_chunks::<L>().0;
        let spectrum = bytemuck::cast_slice_mut::<_, f64>(spectrum).as_chunks_mut::<L>().0;
        for (value, transfer) in spectrum.iter_mut().zip(transfer) {
            times(simd.load(value), simd.load(transfer), conjugate).store(value);
        }
        for (value, transfer) in spectrum_rest.iter_mut().zip(transfer_rest) {
            *value *= transfer;
        }
    }
}

/// Longer blocks than this are slower, measured, whatever the length of the signal, and cost more memory and planning.
const LARGEST: usize = 1 << 19;

/// The power of two with the least `F log2 F / (F - taps + 1)`, with a surcharge on the logarithm for blocks up to
/// 2^14, 2^15, 2^16 and beyond, which leave one cache after the other: measured with our transforms and with
/// `rustfft`'s.
fn best_block(taps: usize) -> usize {
    let smallest = (2 * taps).next_power_of_two().max(256);
    let surcharges = if has_eight_lanes() { [4.0, 6.5, 12.5, 18.5] } else { [4.0, 6.0, 6.0, 10.0] };
    let cost = |block: usize| {
        let (size, class) = (block as f64, block.ilog2().saturating_sub(14).min(3));
        size * (size.log2() + surcharges[class as usize]) / (block - taps + 1) as f64
    };
    let candidates =
        (0..4).map(|doubling| smallest << doubling).filter(|block| *block <= LARGEST.max(smallest));
    candidates.min_by(|a, b| cost(*a).total_cmp(&cost(*b))).unwrap_or(smallest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(len: usize) -> Vec<f64> {
        (0..len).map(|i| ((i * 7919 + 13) % 1009) as f64 / 504.5 - 1.0).collect()
    }

    #[test]
    fn overlap_save_is_the_sum() {
        for (taps, outputs) in [(1, 10), (3, 1000), (81, 5000), (801, 3000), (300, 7)] {
            let taps = noise(taps);
            let input = noise(outputs + taps.len() - 1);
            let plan = OverlapSave::new(&taps).unwrap();
            let mut out = vec![f64::NAN; outputs];
            plan.valid_into(&input, 0.0, &mut out, &mut plan.make_scratch()).unwrap();
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
        plan.valid_into(&input, 0.0, &mut whole, &mut scratch).unwrap();
        plan.valid_into(&input[hop..], 0.0, &mut part, &mut scratch).unwrap();
        assert_eq!(whole[hop..], part);
    }

    #[test]
    fn wrong_lengths_are_refused() {
        assert!(OverlapSave::new(&[]).is_err());
        let plan = OverlapSave::new(&[1.0, 2.0]).unwrap();
        assert!(plan.valid_into(&[0.0; 5], 0.0, &mut [0.0; 5], &mut plan.make_scratch()).is_err());
    }
}
