//! Medians over the powers of single segments.

use hexad_core::{Complex64, RealFft, Sum, Workspace};

use super::Layout;
use super::effective::median_bias;
use super::kernels::{check_all_finite, windowed_into};
use crate::SpectralError;
use crate::spectrum::{Spectrum, residual};

/// Bins whose powers are gathered at a time: a cache line of each segment's.
const TILE: usize = 8;

/// The transform of single segments: in one with a loud neighbour a quiet one would lose its digits.
#[derive(Debug, Clone)]
pub(super) struct Medians {
    fft: RealFft,
}

/// Buffers; their contents never matter.
#[derive(Debug, Clone, Default)]
pub(super) struct MedianScratch {
    real: Workspace<f64>,
    complex: Workspace<Complex64>,
    /// Powers of all segments, segment by segment.
    powers: Vec<f64>,
    /// Powers of all segments at one bin, for a few bins.
    columns: [Vec<f64>; TILE],
    medians: Vec<f64>,
}

impl Medians {
    pub(super) fn new(fft: RealFft) -> Self {
        Self { fft }
    }

    /// Writes the medians over the segments of `signal`, over their expectation for noise of power 1.
    pub(super) fn apply(
        &self,
        layout: &Layout,
        signal: &[f64],
        out: &mut Spectrum,
        scratch: &mut MedianScratch,
    ) -> Result<(), SpectralError> {
        check_all_finite("signal", signal)?;
        out.parseval_residual = self.transform(layout, signal, scratch)?;
        let MedianScratch { powers, columns, medians, .. } = scratch;
        let bins = self.fft.spectrum_len();
        let bias = median_bias(powers.len() / bins);
        medians.clear();
        for first in (0..bins).step_by(TILE) {
            let columns = &mut columns[..TILE.min(bins - first)];
            columns.iter_mut().for_each(Vec::clear);
            for segment in powers.chunks_exact(bins) {
                for (column, power) in columns.iter_mut().zip(&segment[first..]) {
                    column.push(*power);
                }
            }
            medians.extend(columns.iter_mut().map(|column| median(column) / bias));
        }
        layout.write(|bin| medians[bin], out);
        Ok(())
    }

    /// The powers of all segments; returns the Parseval residual of them together.
    fn transform(
        &self,
        layout: &Layout,
        signal: &[f64],
        scratch: &mut MedianScratch,
    ) -> Result<f64, SpectralError> {
        let MedianScratch { real, complex, powers, .. } = scratch;
        let [samples] = real.fields([self.fft.len()]);
        let [spectrum, work] = complex.fields([self.fft.spectrum_len(), self.fft.scratch_len()]);
        let (mut bin_squares, mut squares) = (Sum::default(), Sum::default());
        powers.clear();
        for segment in signal.windows(layout.frame.len).step_by(layout.hop) {
            squares.add(windowed_into(segment, layout.frame.detrend, &layout.window, samples));
            self.fft.forward(samples, spectrum, work)?;
            let first = powers.len();
            powers.extend(spectrum.iter().map(|value| value.norm_sqr()));
            bin_squares.add(layout.bin_squares(|bin| powers[first + bin]));
        }
        Ok(residual(&layout.frame, bin_squares.total(), squares.total()))
    }
}

/// The middle value, or the mean of the two in the middle; sorts in part.
fn median(values: &mut [f64]) -> f64 {
    let middle = values.len() / 2;
    let is_odd = !values.len().is_multiple_of(2);
    let (below, upper, _) = values.select_nth_unstable_by(middle, f64::total_cmp);
    if is_odd { *upper } else { 0.5 * (*upper + below.iter().fold(0.0, |most, value| value.max(most))) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn medians_of_few_values() {
        assert_eq!(median(&mut [3.0]), 3.0);
        assert_eq!(median(&mut [5.0, 3.0]), 4.0);
        assert_eq!(median(&mut [9.0, 1.0, 4.0]), 4.0);
        assert_eq!(median(&mut [9.0, 1.0, 4.0, 0.0]), 2.5);
    }
}
