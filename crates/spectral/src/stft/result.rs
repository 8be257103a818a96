//! A short-time transform, and its spectrogram in every scaling.

use hexad_core::Complex64;
use hexad_core::ndarray::{Array2, ArrayView2, ArrayViewMut2};

use super::segments::Segments;
use crate::Window;
use crate::spectrum::{Frame, Scaling};

/// A short-time Fourier transform: frames (segments, in time) by bins (frequencies), one frame after the
/// other.
#[derive(Debug, Clone, PartialEq)]
pub struct Stft {
    pub(super) coefficients: Vec<Complex64>,
    pub(super) frame: Frame,
    pub(super) segments: Segments,
    pub(super) signal_len: usize,
}

impl Stft {
    pub(super) fn new(frame: Frame, segments: Segments) -> Self {
        Self { coefficients: Vec::new(), frame, segments, signal_len: 0 }
    }

    /// Takes on another shape; the coefficients of `frames` frames are to be added to what is returned.
    pub(super) fn restart(
        &mut self,
        frame: Frame,
        segments: Segments,
        signal_len: usize,
        frames: usize,
    ) -> &mut Vec<Complex64> {
        (self.frame, self.segments, self.signal_len) = (frame, segments, signal_len);
        self.coefficients.clear();
        self.coefficients.reserve_exact(frames * frame.bins());
        &mut self.coefficients
    }

    /// Number of frames.
    #[must_use]
    pub fn frames(&self) -> usize {
        self.coefficients.len() / self.bins()
    }

    /// Number of bins.
    #[must_use]
    pub fn bins(&self) -> usize {
        self.frame.bins()
    }

    /// Samples of the signal.
    #[must_use]
    pub fn signal_len(&self) -> usize {
        self.signal_len
    }

    /// Samples of a segment's transform.
    #[must_use]
    pub fn transform_len(&self) -> usize {
        self.frame.transform_len
    }

    /// The time of a frame: that of its window's middle, half a segment behind its first sample.
    ///
    /// With an odd number of samples this lies between two of them; SciPy's `stft` then says half a sample
    /// less where it extends the signal.
    #[must_use]
    pub fn time_s(&self, frame: usize) -> f64 {
        let Segments { len, hop, .. } = self.segments;
        let place = (frame * hop) as f64 + 0.5 * len as f64 - self.segments.lead() as f64;
        self.frame.start_s + place / self.frame.sample_rate_hz
    }

    /// The times of all frames, rising.
    #[must_use]
    pub fn times_s(&self) -> Vec<f64> {
        (0..self.frames()).map(|frame| self.time_s(frame)).collect()
    }

    /// The frequency of a bin.
    #[must_use]
    pub fn frequency_hz(&self, bin: usize) -> f64 {
        self.frame.frequency_hz(bin)
    }

    /// The frequencies of all bins, rising from 0 to half the sample rate.
    #[must_use]
    pub fn frequencies_hz(&self) -> Vec<f64> {
        (0..self.bins()).map(|bin| self.frequency_hz(bin)).collect()
    }

    /// The window of every segment.
    #[must_use]
    pub fn window(&self) -> Window {
        self.frame.window
    }

    /// The coefficients of all frames, one frame after the other.
    #[must_use]
    pub fn coefficients(&self) -> &[Complex64] {
        &self.coefficients
    }

    /// The coefficients to be changed: what [`super::StftPlan::inverse`] makes of them is the signal whose
    /// transform is nearest.
    #[must_use]
    pub fn coefficients_mut(&mut self) -> &mut [Complex64] {
        &mut self.coefficients
    }

    /// The coefficients of all frames, one frame after the other, to be kept.
    #[must_use]
    pub fn into_coefficients(self) -> Vec<Complex64> {
        self.coefficients
    }

    /// The coefficients as an array of frames by bins.
    #[must_use]
    pub fn view(&self) -> ArrayView2<'_, Complex64> {
        let shape = (self.frames(), self.bins());
        // The shape always fits.
        ArrayView2::from_shape(shape, &self.coefficients).unwrap_or((&[[Complex64::ZERO]; 0]).into())
    }

    /// The coefficients as an array of frames by bins, to be changed.
    #[must_use]
    pub fn view_mut(&mut self) -> ArrayViewMut2<'_, Complex64> {
        let shape = (self.frames(), self.bins());
        // The shape always fits.
        ArrayViewMut2::from_shape(shape, &mut self.coefficients)
            .unwrap_or((&mut [[Complex64::ZERO]; 0]).into())
    }

    /// The values of all frames by all bins, each frame scaled as the [`crate::Spectrum`] of its segment.
    #[must_use]
    pub fn spectrogram(&self, scaling: Scaling) -> Array2<f64> {
        let factors: Vec<f64> = (0..self.bins()).map(|bin| self.frame.scaled(scaling, bin, 1.0)).collect();
        let scaled = |(coefficient, factor): (&Complex64, &f64)| {
            let power = coefficient.norm_sqr();
            factor * if scaling.is_square() { power } else { power.sqrt() }
        };
        let mut values = Vec::with_capacity(self.coefficients.len());
        for frame in self.coefficients.chunks_exact(self.bins()) {
            values.extend(frame.iter().zip(&factors).map(scaled));
        }
        // The shape always fits.
        Array2::from_shape_vec((self.frames(), self.bins()), values).unwrap_or_default()
    }
}
