//! Signals from short-time transforms, by weighted overlap-add.

use std::ops::Range;

use hexad_core::{Complex64, InputError, check_length};

use super::{Buffers, Stft, StftPlan, StftScratch};
use crate::SpectralError;
use crate::welch::check_all_finite;

impl StftPlan {
    /// Whether every sample is in a window that is not 0 there ("nonzero overlap-add"), so that
    /// [`StftPlan::inverse`] can be: the smallest sum of the squares of overlapping windows is above
    /// [`super::StftOptions::tolerance`] times the largest. The error of an inverse grows as one over the
    /// root of that.
    #[must_use]
    pub fn is_invertible(&self) -> bool {
        self.check_invertible().is_ok()
    }

    /// Whether overlapping windows add up to the same everywhere ("constant overlap-add"): no sum is farther
    /// from the mean than [`super::StftOptions::tolerance`] of it. Segments can then be added up without
    /// another window. [`StftPlan::inverse`] does not need this.
    #[must_use]
    pub fn is_cola(&self) -> bool {
        let sums = self.segments.overlapped(|n| self.window[n]);
        let mean = sums.iter().sum::<f64>() / sums.len() as f64;
        sums.iter().all(|sum| (sum - mean).abs() <= self.tolerance * mean.abs())
    }

    /// The longest stretch of a signal of `signal_len` samples that [`StftPlan::inverse`] gives back: all of
    /// it with [`super::Edges::Zeros`]; with [`super::Edges::Inside`] the samples that a window reaches which
    /// is not 0 there.
    ///
    /// # Errors
    ///
    /// [`InputError::TooFew`] for a signal shorter than a segment, [`SpectralError::NotInvertible`] as
    /// [`StftPlan::inverse`].
    pub fn covered(&self, signal_len: usize) -> Result<Range<usize>, SpectralError> {
        let frames = self.frames(signal_len)?;
        self.check_invertible()?;
        let whole = self.segments.whole(signal_len, frames);
        let reached = |sample: usize| whole.contains(&sample) || self.share_of_squares(sample, frames) > 0.0;
        let (mut longest, mut start) = (0..0, 0);
        for sample in 0..=signal_len {
            if sample == signal_len || !reached(sample) {
                if sample - start > longest.len() {
                    longest = start..sample;
                }
                start = sample + 1;
            }
        }
        Ok(longest)
    }

    /// A short-time transform with these coefficients, one frame after the other, of a signal of `signal_len` samples:
    /// for [`StftPlan::inverse`].
    ///
    /// # Errors
    ///
    /// [`InputError::TooFew`] for a signal shorter than a segment, [`InputError::LengthMismatch`] for other than
    /// [`StftPlan::frames`] times [`StftPlan::bins`] coefficients.
    pub fn stft_of(&self, coefficients: Vec<Complex64>, signal_len: usize) -> Result<Stft, SpectralError> {
        check_length("coefficients", coefficients.len(), self.frames(signal_len)? * self.bins())?;
        Ok(Stft { coefficients, frame: self.frame, segments: self.segments, signal_len })
    }

    /// The signal whose short-time transform is `stft`, exact to rounding.
    ///
    /// Of values that are no signal's transform, as after a change, it is the signal whose transform is
    /// nearest in the sum of squares over all bins of both signs: segments are transformed back, multiplied
    /// with the window again, added up and divided by the sum of the squares of the windows. Imaginary parts
    /// at 0 and at half the sample rate are not read. Samples where every window is 0, within the tolerance,
    /// are 0.
    ///
    /// # Errors
    ///
    /// [`SpectralError::NotInvertible`] if the plan is not [`StftPlan::is_invertible`], with the place within a
    /// hop, counted from the first sample of a segment, that no window reaches; [`InputError::LengthMismatch`] for an `stft` of another plan's shape, [`InputError::NotFinite`] for
    /// one with a NaN or infinity.
    ///
    /// # References
    ///
    /// D. W. Griffin and J. S. Lim, IEEE Trans. ASSP 32(2), 1984, doi:10.1109/TASSP.1984.1164317, eq. 6.
    pub fn inverse(&self, stft: &Stft) -> Result<Vec<f64>, SpectralError> {
        let mut out = vec![0.0; stft.signal_len()];
        self.inverse_into(stft, &mut out, &mut self.make_scratch())?;
        Ok(out)
    }

    /// As [`StftPlan::inverse`], into `out` of [`Stft::signal_len`] samples. Does not allocate.
    ///
    /// # Errors
    ///
    /// As [`StftPlan::inverse`]; [`InputError::LengthMismatch`] for an `out` of another length.
    pub fn inverse_into(
        &self,
        stft: &Stft,
        out: &mut [f64],
        scratch: &mut StftScratch,
    ) -> Result<(), SpectralError> {
        self.check_invertible()?;
        self.check_shape(stft)?;
        check_length("out", out.len(), stft.signal_len())?;
        let Buffers { samples, spectrum, work } = self.buffers(scratch);
        out.fill(0.0);
        for (frame, coefficients) in stft.coefficients().chunks_exact(self.bins()).enumerate() {
            spectrum.copy_from_slice(coefficients);
            self.fft.inverse(spectrum, samples, work)?;
            if check_all_finite("stft", samples).is_err() {
                check_finite_frame(coefficients, frame)?;
            }
            self.add(samples, frame, out);
        }
        self.make_up_for_missing(stft.frames(), out);
        Ok(())
    }

    /// Adds a segment, multiplied with the window over the sum of squares that all segments would have.
    fn add(&self, samples: &[f64], frame: usize, out: &mut [f64]) {
        let (within, start) = self.segments.overlap(frame, out.len());
        let out = &mut out[start..start + within.len()];
        for ((out, x), w) in out.iter_mut().zip(&samples[within.clone()]).zip(&self.synthesis[within]) {
            *out += x * w;
        }
    }

    /// Scales up the samples near the ends, whose segments are not all there.
    fn make_up_for_missing(&self, frames: usize, out: &mut [f64]) {
        let whole = self.segments.whole(out.len(), frames);
        for sample in (0..whole.start).chain(whole.end..out.len()) {
            let share = self.share_of_squares(sample, frames);
            out[sample] = if share > 0.0 { out[sample] / share } else { 0.0 };
        }
    }

    /// The sum of squares of the windows that reach a sample over that of all that would if there were no
    /// ends; 0 if it is within the tolerance of 0.
    fn share_of_squares(&self, sample: usize, frames: usize) -> f64 {
        let place = sample + self.segments.lead();
        let sum = self.segments.overlapped_at(place, frames, |n| self.window[n] * self.window[n]);
        let reached = sum > self.tolerance * largest(&self.square_sums);
        if reached { sum / self.square_sums[place % self.hop()] } else { 0.0 }
    }

    fn check_invertible(&self) -> Result<(), SpectralError> {
        let least = self.tolerance * largest(&self.square_sums);
        match self.square_sums.iter().position(|&sum| sum <= least) {
            Some(place) => Err(SpectralError::NotInvertible { hop: self.hop(), place }),
            None => Ok(()),
        }
    }

    fn check_shape(&self, stft: &Stft) -> Result<(), SpectralError> {
        check_length("transform of stft", stft.transform_len(), self.transform_len())?;
        check_length("frames of stft", stft.frames(), self.frames(stft.signal_len())?)?;
        Ok(())
    }
}

fn largest(values: &[f64]) -> f64 {
    values.iter().copied().fold(0.0, f64::max)
}

fn check_finite_frame(coefficients: &[Complex64], frame: usize) -> Result<(), InputError> {
    match coefficients.iter().position(|value| !value.is_finite()) {
        Some(bin) => {
            let Complex64 { re, im } = coefficients[bin];
            let value = if re.is_finite() { im } else { re };
            Err(InputError::NotFinite { argument: "stft", index: frame * coefficients.len() + bin, value })
        }
        None => Ok(()),
    }
}
