//! Rebuilds, tried until one is near enough.

use hexad_core::Complex64;

use super::{Cut, LineSelector, Rebuild, RebuildPlan};
use crate::SpectralError;

/// Which lines stay.
#[derive(Clone, Copy)]
pub(super) enum Keep {
    Cut(Cut),
    /// Amplitude over the scale.
    Above(f64),
    Between(f64, f64),
}

/// A spectrum from which rebuilds are tried. Everything in it is of the signal over `scale`.
pub(super) struct Trial<'a> {
    pub plan: &'a RebuildPlan,
    pub signal: &'a [f64],
    pub scale: f64,
    pub spectrum: &'a [Complex64],
    pub kept: &'a mut [Complex64],
    pub fft: &'a mut [Complex64],
    pub samples: &'a mut [f64],
    pub weights: &'a [f64],
}

impl Trial<'_> {
    /// Bisects the number of lines along one fixed tree of halvings, so that a larger error never takes a
    /// branch to more lines. Where the residual's root mean square is too large already, or the amplitudes
    /// left out cannot add up to the error, no rebuild is needed.
    pub fn fewest_in_max_norm(
        &mut self,
        selector: &mut LineSelector,
        relative: f64,
        largest: f64,
    ) -> Result<Cut, SpectralError> {
        let allowed = relative * largest / self.scale;
        let len = self.plan.len() as f64;
        let (mut too_few, mut enough) = (0, self.plan.lines());
        if largest <= allowed * self.scale {
            return Ok(selector.largest(self.weights, 0)?);
        }
        while enough - too_few > 1 {
            let middle = too_few + (enough - too_few) / 2;
            let cut = selector.largest(self.weights, middle)?;
            let (energy, amplitudes) = self.left_out(cut);
            // The bounds hold up to rounding; near it the rebuild decides.
            let fits = if energy.sqrt() / len > allowed * (1.0 + 1e-9) {
                false
            } else if amplitudes / len < allowed * (1.0 - 1e-9) {
                true
            } else {
                self.rebuild(Keep::Cut(cut))?;
                self.largest_residual() <= allowed
            };
            if fits { enough = middle } else { too_few = middle }
        }
        Ok(selector.largest(self.weights, enough)?)
    }

    /// Sum of the weights and of the amplitudes (times N) that `cut` leaves out.
    fn left_out(&self, cut: Cut) -> (f64, f64) {
        let (mut energy, mut amplitudes) = (0.0, 0.0);
        for (bin, &weight) in self.weights.iter().enumerate() {
            if !cut.keeps(bin, weight) {
                energy += weight;
                amplitudes += (self.plan.images(bin) as f64 * weight).sqrt();
            }
        }
        (energy, amplitudes)
    }

    fn largest_residual(&self) -> f64 {
        let residuals =
            self.signal.iter().zip(&*self.samples).map(|(x, rebuilt)| (x / self.scale - rebuilt).abs());
        residuals.fold(0.0, f64::max)
    }

    fn keeps(&self, keep: Keep, bin: usize) -> bool {
        match keep {
            Keep::Cut(cut) => cut.keeps(bin, self.weights[bin]),
            Keep::Above(amplitude) => self.plan.line(bin, self.spectrum[bin], 1.0).amplitude >= amplitude,
            Keep::Between(low_hz, high_hz) => {
                let hz = bin as f64 * self.plan.sample_rate_hz / self.plan.len() as f64;
                (low_hz..=high_hz).contains(&hz)
            }
        }
    }

    /// `samples` become the sum of the lines kept.
    fn rebuild(&mut self, keep: Keep) -> Result<(), SpectralError> {
        let per_sample = 1.0 / self.plan.len() as f64;
        for bin in 0..self.spectrum.len() {
            let kept = self.keeps(keep, bin);
            self.kept[bin] = if kept { self.spectrum[bin] * per_sample } else { Complex64::default() };
        }
        Ok(self.plan.fft.inverse(self.kept, self.samples, self.fft)?)
    }

    pub fn finish(mut self, keep: Keep, out: &mut Rebuild) -> Result<(), SpectralError> {
        let (plan, scale) = (self.plan, self.scale);
        out.lines.clear();
        out.complex_bins = 0;
        let (mut energy_kept, mut energy) = (0.0, 0.0);
        for bin in 0..self.spectrum.len() {
            energy += self.weights[bin];
            if self.keeps(keep, bin) {
                energy_kept += self.weights[bin];
                out.lines.push(plan.line(bin, self.spectrum[bin], scale));
                out.complex_bins += plan.images(bin);
            }
        }
        out.lines.sort_unstable_by(|a, b| b.amplitude.total_cmp(&a.amplitude).then(a.bin.cmp(&b.bin)));
        out.energy_fraction = if energy > 0.0 { energy_kept / energy } else { 1.0 };

        self.rebuild(keep)?;
        let [mut squares, mut residual_squares, mut largest, mut largest_residual] = [0.0_f64; 4];
        out.samples.clear();
        out.residual.clear();
        for (x, rebuilt) in self.signal.iter().zip(&*self.samples) {
            let x = x / scale;
            let residual = x - rebuilt;
            squares = x.mul_add(x, squares);
            residual_squares = residual.mul_add(residual, residual_squares);
            largest = largest.max(x.abs());
            largest_residual = largest_residual.max(residual.abs());
            out.samples.push(rebuilt * scale);
            out.residual.push(residual * scale);
        }
        let silent = largest == 0.0;
        out.relative_l2_error = if silent { 0.0 } else { (residual_squares / squares).sqrt() };
        out.relative_max_error = if silent { 0.0 } else { largest_residual / largest };
        Ok(())
    }
}
