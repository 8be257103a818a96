//! Where the spectrum of a residual is highest.

use hexad_core::{Complex64, InputError, RealFft, Workspace};

/// Bins of the padded spectrum per bin of the record, at least.
const PADDING: usize = 4;
/// Most peaks to return.
const PEAKS: usize = 16;

/// Finds peaks of spectra of one length.
#[derive(Debug)]
pub(super) struct PeakFinder {
    fft: RealFft,
    real: Workspace<f64>,
    complex: Workspace<Complex64>,
}

impl PeakFinder {
    pub fn new(len: usize) -> Result<Self, InputError> {
        let fft = RealFft::new((PADDING * len).next_power_of_two())?;
        Ok(Self { fft, real: Workspace::new(), complex: Workspace::new() })
    }

    /// Frequencies, in cycles per sample, of the peaks between 0 and half the sample rate, the highest first:
    /// tops of parabolas through a bin of the padded spectrum and its neighbours.
    pub fn highest(&mut self, signal: &[f64]) -> Result<Vec<f64>, InputError> {
        let bins = self.fft.spectrum_len();
        let [padded] = self.real.fields([self.fft.len()]);
        let [spectrum, scratch] = self.complex.fields([bins, self.fft.scratch_len()]);
        let (start, rest) = padded.split_at_mut(signal.len());
        start.copy_from_slice(signal);
        rest.fill(0.0);
        self.fft.forward(padded, spectrum, scratch)?;

        let power = |bin: usize| spectrum[bin].norm_sqr();
        // A tone of half a cycle, or half a cycle short of every other sample, is highest at the very end.
        let (first, last) = (1, bins - 2);
        let is_peak = |&bin: &usize| {
            (bin == first || power(bin) >= power(bin - 1)) && (bin == last || power(bin) >= power(bin + 1))
        };
        let mut peaks: Vec<usize> = (first..=last).filter(is_peak).collect();
        peaks.sort_unstable_by(|a, b| power(*b).total_cmp(&power(*a)).then(a.cmp(b)));
        peaks.truncate(PEAKS);
        let top = |bin: usize| {
            let [left, middle, right] = [power(bin - 1), power(bin), power(bin + 1)];
            let curvature = left - 2.0 * middle + right;
            let offset = if curvature < 0.0 { 0.5 * (left - right) / curvature } else { 0.0 };
            (bin as f64 + offset.clamp(-0.5, 0.5)) / self.fft.len() as f64
        };
        Ok(peaks.into_iter().map(top).collect())
    }
}
