//! Complex transforms by the fastest way there is for a length.

use std::fmt;
use std::sync::Arc;

use num_complex::Complex64;
use rustfft::{Fft, FftPlanner};

use super::tiles::Tiles;

/// Both directions of one length, unscaled. Buffers must have the lengths asked for.
#[derive(Clone)]
pub(super) enum Engine {
    Tiles(Box<Tiles>),
    Planned { forward: Arc<dyn Fft<f64>>, inverse: Arc<dyn Fft<f64>> },
}

impl fmt::Debug for Engine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Tiles(_) => "tiles",
            Self::Planned { .. } => "rustfft",
        })
    }
}

impl Engine {
    pub fn new(len: usize) -> Self {
        if let Some(tiles) = Tiles::new(len) {
            return Self::Tiles(Box::new(tiles));
        }
        let mut planner = FftPlanner::new();
        Self::Planned { forward: planner.plan_fft_forward(len), inverse: planner.plan_fft_inverse(len) }
    }

    /// Scratch of all transforms.
    pub fn scratch_len(&self) -> usize {
        match self {
            Self::Tiles(tiles) => tiles.scratch_len(),
            Self::Planned { forward, inverse } => [
                forward.get_inplace_scratch_len(),
                inverse.get_inplace_scratch_len(),
                forward.get_immutable_scratch_len(),
                inverse.get_outofplace_scratch_len(),
            ]
            .into_iter()
            .fold(0, usize::max),
        }
    }

    pub fn forward(&self, input: &[Complex64], output: &mut [Complex64], scratch: &mut [Complex64]) {
        match self {
            Self::Tiles(tiles) => tiles.transform::<false>(input, output, scratch),
            Self::Planned { forward, .. } => forward.process_immutable_with_scratch(input, output, scratch),
        }
    }

    /// Overwrites `input` as well.
    pub fn inverse(&self, input: &mut [Complex64], output: &mut [Complex64], scratch: &mut [Complex64]) {
        match self {
            Self::Tiles(tiles) => tiles.transform::<true>(input, output, scratch),
            Self::Planned { inverse, .. } => inverse.process_outofplace_with_scratch(input, output, scratch),
        }
    }

    pub fn forward_in_place(&self, data: &mut [Complex64], scratch: &mut [Complex64]) {
        match self {
            Self::Tiles(tiles) => tiles.transform_in_place::<false>(data, scratch),
            Self::Planned { forward, .. } => forward.process_with_scratch(data, scratch),
        }
    }

    pub fn inverse_in_place(&self, data: &mut [Complex64], scratch: &mut [Complex64]) {
        match self {
            Self::Tiles(tiles) => tiles.transform_in_place::<true>(data, scratch),
            Self::Planned { inverse, .. } => inverse.process_with_scratch(data, scratch),
        }
    }
}
