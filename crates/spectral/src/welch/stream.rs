//! Averages of signals that come in pieces.

use super::kernels::check_all_finite;
use super::pairs::{PairScratch, PairSums, Pairs};
use super::{Layout, WelchOptions, WelchPlan};
use crate::SpectralError;
use crate::spectrum::{Averaging, Spectrum};

/// The mean spectrum of a signal that comes in pieces, in memory for a few segments: bit for bit that of
/// [`WelchPlan::apply`] on the whole, however it is cut. A median needs all segments at once.
///
/// # Examples
///
/// ```
/// use hexad_spectral::{WelchStream, WelchOptions, WelchPlan};
/// let signal: Vec<f64> = (0..10_000).map(|n| f64::from(n * n % 101)).collect();
/// let options = WelchOptions::default();
/// let mut stream = WelchStream::new(256, 1000.0, &options)?;
/// for piece in signal.chunks(777) {
///     stream.push(piece)?;
/// }
/// assert_eq!(stream.spectrum()?, WelchPlan::new(256, 1000.0, &options)?.apply(&signal)?);
/// # Ok::<(), hexad_spectral::SpectralError>(())
/// ```
#[derive(Debug, Clone)]
pub struct WelchStream {
    layout: Layout,
    pairs: Pairs,
    sums: PairSums,
    /// Samples from the beginning of the next pair of segments.
    kept: Vec<f64>,
    /// Segments of stretches merged, and the spread of their sums.
    merged_segments: u64,
    merged_spread: f64,
    scratch: PairScratch,
}

impl WelchStream {
    /// Begins an average over segments of `segment_len` samples at `sample_rate_hz`.
    ///
    /// # Errors
    ///
    /// As [`WelchPlan::new`]; [`SpectralError::MeanOnly`] for a median.
    pub fn new(
        segment_len: usize,
        sample_rate_hz: f64,
        options: &WelchOptions,
    ) -> Result<Self, SpectralError> {
        WelchPlan::new(segment_len, sample_rate_hz, options)?.stream()
    }

    pub(super) fn of_plan(layout: Layout, pairs: Pairs) -> Self {
        let mut sums = PairSums::default();
        sums.clear(&layout);
        let kept = Vec::with_capacity(2 * layout.span());
        let scratch = PairScratch::default();
        Self { layout, pairs, sums, kept, merged_segments: 0, merged_spread: 0.0, scratch }
    }

    /// Goes on with the next samples, any number of them.
    ///
    /// # Errors
    ///
    /// [`hexad_core::InputError::NotFinite`] for a NaN or infinity, with its index in `samples`, none of which
    /// is taken then.
    pub fn push(&mut self, samples: &[f64]) -> Result<(), SpectralError> {
        check_all_finite("samples", samples)?;
        let Self { layout, pairs, sums, kept, scratch, .. } = self;
        // Pairs that begin in what was kept reach less than a span into the samples.
        let before = kept.len();
        kept.extend_from_slice(&samples[..samples.len().min(layout.span() - 1)]);
        let done = pairs.add_pairs(layout, kept, sums, scratch)?;
        if done < before {
            kept.drain(..done);
            return Ok(());
        }
        let rest = &samples[done - before..];
        let done = pairs.add_pairs(layout, rest, sums, scratch)?;
        kept.clear();
        kept.extend_from_slice(&rest[done..]);
        Ok(())
    }

    /// The average so far. Samples behind the last whole segment wait for the rest of theirs.
    ///
    /// # Errors
    ///
    /// [`SpectralError::NoAverage`] before the first whole segment.
    pub fn spectrum(&self) -> Result<Spectrum, SpectralError> {
        if self.segments() == 0 {
            return Err(SpectralError::NoAverage);
        }
        let mut out = self.layout.empty();
        self.finished()?.write(&self.layout, &mut out);
        let segments = self.segments();
        out.averaging = Averaging { segments, effective: (segments as f64).powi(2) / self.spread() };
        Ok(out)
    }

    /// Segments averaged so far.
    #[must_use]
    pub fn segments(&self) -> u64 {
        self.own_segments() + self.merged_segments
    }

    /// Takes in the average of another stretch of signal, made with the same plan: the result is the average
    /// over the segments of both. Samples of `other` behind its last whole segment are left out; this stretch
    /// can go on. Averages merged in another order differ by rounding.
    ///
    /// # Errors
    ///
    /// [`SpectralError::DifferentPlans`] for another segment length, overlap, sample rate, window, trend,
    /// padding or side.
    pub fn merge(&mut self, other: &Self) -> Result<(), SpectralError> {
        if !self.layout.is_same(&other.layout) {
            return Err(SpectralError::DifferentPlans);
        }
        self.merged_spread += other.spread();
        self.merged_segments += other.segments();
        self.sums.merge(other.finished()?);
        Ok(())
    }

    /// The sums with the segment that waits for another to make a pair.
    fn finished(&self) -> Result<PairSums, SpectralError> {
        let mut sums = self.sums.clone();
        self.pairs.finish(&self.layout, &self.kept, &mut sums, &mut PairScratch::default())?;
        Ok(sums)
    }

    /// Segments of this stretch: those summed came from here or from stretches merged.
    fn own_segments(&self) -> u64 {
        self.sums.segments() + self.layout.segments(self.kept.len()) as u64 - self.merged_segments
    }

    fn spread(&self) -> f64 {
        self.layout.correlations.spread(self.own_segments()) + self.merged_spread
    }
}
