//! How a signal is cut into segments.

use hexad_core::InputError;

use super::WelchOptions;
use super::effective::Correlations;
use crate::SpectralError;
use crate::spectrum::{Frame, SpectrumOptions, frame};
use crate::sums::SEGMENTS_IN_BLOCK;

/// How a signal is cut into segments, and what is done with each.
#[derive(Debug, Clone)]
pub(crate) struct Layout {
    pub frame: Frame,
    pub window: Vec<f64>,
    /// Samples from segment to segment.
    pub hop: usize,
    pub correlations: Correlations,
}

impl Layout {
    pub(crate) fn new(
        segment_len: usize,
        sample_rate_hz: f64,
        options: &WelchOptions,
    ) -> Result<Self, SpectralError> {
        let refuse = |argument, value, allowed| InputError::OutOfRange { argument, value, allowed };
        if segment_len < 2 {
            return Err(refuse("segment_len", segment_len as f64, "at least 2 samples").into());
        }
        if !(0.0..1.0).contains(&options.overlap) {
            return Err(refuse("overlap", options.overlap, "at least 0 and below 1").into());
        }
        let window = options.window.samples(segment_len)?;
        let one = SpectrumOptions::default()
            .with_window(options.window)
            .with_detrend(options.detrend)
            .with_sides(options.sides)
            .with_padding(options.padding);
        let hop = hop(segment_len, options.overlap);
        Ok(Self {
            frame: frame(&window, sample_rate_hz, &one)?,
            correlations: Correlations::new(&window, hop),
            window,
            hop,
        })
    }

    /// Samples of two neighbouring segments.
    pub(super) fn span(&self) -> usize {
        self.frame.len + self.hop
    }

    pub(crate) fn segments(&self, len: usize) -> usize {
        if len < self.frame.len { 0 } else { (len - self.frame.len) / self.hop + 1 }
    }

    pub(crate) fn check_long_enough(&self, argument: &'static str, signal: &[f64]) -> Result<(), InputError> {
        let (needed, got) = (self.frame.len, signal.len());
        if got < needed { Err(InputError::TooFew { argument, needed, got }) } else { Ok(()) }
    }

    /// The error about a stretch that begins with a block, as one about the whole signal.
    pub(crate) fn in_whole(&self, error: InputError, first_block: u64) -> InputError {
        match error {
            InputError::NotFinite { argument, index, value } => {
                let block = usize::try_from(first_block).unwrap_or(usize::MAX);
                let before = block.saturating_mul(SEGMENTS_IN_BLOCK * self.hop);
                InputError::NotFinite { argument, index: before.saturating_add(index), value }
            }
            other => other,
        }
    }

    /// Whether averages of both may be merged.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.frame == other.frame && self.hop == other.hop
    }
}

/// `len - floor(overlap * len)`, at least 1, where a product just below a whole number counts as that.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "from 0 to len")]
fn hop(len: usize, overlap: f64) -> usize {
    let shared = overlap * len as f64 * (1.0 + 2.0 * f64::EPSILON);
    len.saturating_sub(shared as usize).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hop_is_what_the_overlap_leaves() {
        for (len, overlap, wanted) in [
            (256, 0.5, 128),
            (255, 0.5, 128),
            (256, 0.75, 64),
            (100, 0.29, 71),
            (100, 0.7, 30),
            (7, 0.0, 7),
            (3, 1.0 - f64::EPSILON, 1),
            (1000, 0.661, 339),
        ] {
            assert_eq!(hop(len, overlap), wanted, "{len} {overlap}");
        }
    }
}
