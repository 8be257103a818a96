//! A cross-spectrum and what follows from it.

use hexad_core::{Complex64, Sum, check_fraction};

use crate::spectrum::{Averaging, Frame, Scaling, Spectrum, residual};
use crate::welch::Layout;
use crate::{Sides, SpectralError};

/// Averages of `conj(A) B`, `|A|^2` and `|B|^2` over the segments of two signals.
#[derive(Debug, Clone, PartialEq)]
pub struct CrossSpectrum {
    cross: Vec<Complex64>,
    power_a: Vec<f64>,
    power_b: Vec<f64>,
    frame: Frame,
    averaging: Averaging,
    /// Parseval residuals of a and b.
    residuals: [f64; 2],
}

impl CrossSpectrum {
    /// Number of bins.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cross.len()
    }

    /// Never: a spectrum has at least one bin.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cross.is_empty()
    }

    /// The frequency of a bin. Two-sided spectra begin at the lowest negative one.
    #[must_use]
    pub fn frequency_hz(&self, bin: usize) -> f64 {
        self.frame.frequency_hz(bin)
    }

    /// The frequencies of all bins, rising.
    #[must_use]
    pub fn frequencies_hz(&self) -> Vec<f64> {
        (0..self.len()).map(|bin| self.frequency_hz(bin)).collect()
    }

    /// The cross-spectral density of each bin, `c conj(A) B dt / sum w^2`: in V W/Hz for signals in V and W.
    #[must_use]
    pub fn densities(&self) -> Vec<Complex64> {
        self.scaled(Scaling::Density)
    }

    /// The cross-power of each bin, `c conj(A) B / (sum w)^2`, for tones: in V W for signals in V and W.
    #[must_use]
    pub fn powers(&self) -> Vec<Complex64> {
        self.scaled(Scaling::Power)
    }

    /// The phase of each bin in rad: that of b minus that of a, positive where b leads.
    #[must_use]
    pub fn phases(&self) -> Vec<f64> {
        self.cross.iter().map(|value| value.arg()).collect()
    }

    /// What a linear system turns a into b with, at each bin, if all noise is in b ("H1"):
    /// `mean(conj(A) B) / mean(|A|^2)`. NaN where a has nothing at all.
    #[must_use]
    pub fn transfer(&self) -> Vec<Complex64> {
        self.cross.iter().zip(&self.power_a).map(|(cross, power)| cross / power).collect()
    }

    /// The size of the transfer at each bin.
    #[must_use]
    pub fn gains(&self) -> Vec<f64> {
        self.cross.iter().zip(&self.power_a).map(|(cross, power)| cross.norm() / power).collect()
    }

    /// The share of b's power that a linear system explains by a, at each bin, from 0 to 1 (magnitude squared
    /// coherence): `|mean(conj(A) B)|^2 / (mean(|A|^2) mean(|B|^2))`. 0 where either has nothing at all.
    ///
    /// # Errors
    ///
    /// [`SpectralError::OneSegment`] for one segment: it would be 1 whatever the signals.
    pub fn coherence(&self) -> Result<Vec<f64>, SpectralError> {
        self.check_segments()?;
        let one = |((cross, a), b): ((&Complex64, &f64), &f64)| {
            // Roots first: products of small powers would vanish.
            let share = cross.norm() / a.sqrt() / b.sqrt();
            if share.is_nan() { 0.0 } else { (share * share).min(1.0) }
        };
        Ok(self.cross.iter().zip(&self.power_a).zip(&self.power_b).map(one).collect())
    }

    /// The coherence that two unrelated noises exceed at a bin with probability `chance`:
    /// `1 - chance^(1 / (n - 1))`, `n` being the effective number of segments. At 0 and at half the sample rate
    /// they exceed it more often.
    ///
    /// # Errors
    ///
    /// [`hexad_core::InputError::OutOfRange`] for a chance that is not between 0 and 1,
    /// [`SpectralError::OneSegment`] for one segment.
    ///
    /// # References
    ///
    /// N. R. Goodman, 1957; G. C. Carter, C. H. Knapp and A. H. Nuttall, IEEE Trans. Audio Electroacoust. 21(4),
    /// 1973, doi:10.1109/TAU.1973.1162496, for no overlap.
    pub fn coherence_level(&self, chance: f64) -> Result<f64, SpectralError> {
        check_fraction("chance", chance)?;
        self.check_segments()?;
        Ok(-(chance.ln() / (self.averaging.effective - 1.0)).exp_m1())
    }

    /// The average spectrum of a: that of [`crate::WelchPlan`], but for rounding.
    #[must_use]
    pub fn spectrum_a(&self) -> Spectrum {
        self.spectrum_of(&self.power_a, self.residuals[0])
    }

    /// The average spectrum of b.
    #[must_use]
    pub fn spectrum_b(&self) -> Spectrum {
        self.spectrum_of(&self.power_b, self.residuals[1])
    }

    /// Which frequencies are shown.
    #[must_use]
    pub fn sides(&self) -> Sides {
        self.frame.sides
    }

    /// Segments averaged.
    #[must_use]
    pub fn segments(&self) -> u64 {
        self.averaging.segments
    }

    /// As many independent segments would spread as much as the overlapping ones did.
    #[must_use]
    pub fn effective_segments(&self) -> f64 {
        self.averaging.effective
    }

    /// Without bins.
    pub(super) fn empty(frame: Frame) -> Self {
        let (power_a, power_b) = (Vec::new(), Vec::new());
        let averaging = Averaging::ONE;
        Self { cross: Vec::new(), power_a, power_b, frame, averaging, residuals: [0.0; 2] }
    }

    /// Fills in the means of sums over the lower half of the bins, four numbers each, and over squares of samples.
    pub(super) fn fill(&mut self, layout: &Layout, averaging: Averaging, totals: &[Sum]) {
        let (bins, squares) = totals.as_chunks::<4>();
        let frame = layout.frame;
        (self.frame, self.averaging) = (frame, averaging);
        self.residuals = [0, 1].map(|which| {
            let bin_squares = layout.bin_squares(|bin| bins[bin][which].total());
            residual(&frame, bin_squares, squares[which].total())
        });
        self.cross.clear();
        self.power_a.clear();
        self.power_b.clear();
        for bin in 0..frame.bins() {
            let [a, b, re, im] =
                bins[frame.lower_bin(bin)].map(|sum| sum.total() / averaging.segments as f64);
            let sign = if frame.frequency_hz(bin) < 0.0 { -1.0 } else { 1.0 };
            self.cross.push(Complex64::new(re, sign * im));
            self.power_a.push(a);
            self.power_b.push(b);
        }
    }

    fn spectrum_of(&self, power: &[f64], parseval_residual: f64) -> Spectrum {
        Spectrum {
            power: power.to_vec(),
            transform: None,
            frame: self.frame,
            averaging: self.averaging,
            parseval_residual,
        }
    }

    fn check_segments(&self) -> Result<(), SpectralError> {
        // Neighbours that overlap by nearly all are hardly more than one.
        if self.averaging.effective > 1.0 { Ok(()) } else { Err(SpectralError::OneSegment) }
    }

    fn scaled(&self, scaling: Scaling) -> Vec<Complex64> {
        let scaled = |(bin, value)| value * self.frame.scaled(scaling, bin, 1.0);
        self.cross.iter().copied().enumerate().map(scaled).collect()
    }
}
