//! One axis of an image on its coarse grid.

use super::Pixel;
use crate::convert::signed;
use crate::options::SmoothOptions;
use crate::uniform::{Grid, Shape, Taps};
use crate::{Side, SmoothError, uniform_radius};

/// Cells, the windows to them and from them, and the filter between.
#[derive(Debug, Clone)]
pub(super) struct Axis<T> {
    len: usize,
    /// Relative to the largest pixel.
    pub error: f64,
    /// Pixels of a vector.
    pub lanes: usize,
    pub block: usize,
    /// Cells that a sample reaches.
    pub width: usize,
    /// Blocks interpolated together.
    pub stride: usize,
    /// Cells that a vector of pixels reaches, and a group of blocks.
    pub spread_width: usize,
    group_width: usize,
    /// Pixels from the first of a group to the last that its cells gather.
    gather_reach: usize,
    /// The window, down.
    pub window: Vec<T>,
    /// As the kernels want it, along.
    pub gather: Vec<T>,
    pub spread: Vec<T>,
    /// For each sample of a block, its weights on the cells it reaches.
    pub sample_weights: Vec<T>,
    pub coarse: Vec<T>,
    /// For [`hexad_core::Boundary::Renormalize`]: weights present at each sample.
    pub present: Vec<f64>,
}

impl<T: Pixel> Axis<T> {
    pub fn new(grid: Grid, sigma: f64, len: usize, options: &SmoothOptions) -> Result<Self, SmoothError> {
        let taps = Taps::new(sigma, uniform_radius(sigma, len, options)?, Side::Both);
        let total = sigma * std::f64::consts::TAU.sqrt() / taps.total;
        let window = grid.window();
        let rounded = |values: Vec<f64>| values.into_iter().map(T::from_f64).collect::<Vec<T>>();
        let sums = taps.partial_sums(0);
        let present =
            |i: usize| sums[i.min(taps.radius())] + sums[(len - 1 - i).min(taps.radius())] - sums[0];
        Ok(Self {
            len,
            error: grid.error(),
            lanes: grid.lanes,
            block: grid.block,
            width: grid.width(),
            stride: grid.group(),
            spread_width: grid.spread_width(),
            group_width: grid.group_width(),
            gather_reach: grid.gather_reach(),
            window: rounded(window.clone()),
            gather: rounded(grid.gather(&window)),
            spread: rounded(grid.spread(&window)),
            sample_weights: rounded(grid.sample_weights(&window)),
            coarse: rounded(grid.coarse_taps(Shape::Moment(0), total)?),
            present: (0..len).map(present).collect(),
        })
    }

    /// Samples that the first cell gathers before the first output.
    pub fn before(&self) -> usize {
        (self.coarse.len() / 2 + self.width - 1) * self.block
    }

    /// Cells that the outputs need.
    pub fn filtered(&self) -> usize {
        (self.len.div_ceil(self.block * self.stride) - 1) * self.stride + self.group_width
    }

    /// Cells that these need before the filter: whole groups.
    pub fn gathered(&self) -> usize {
        (self.filtered() + self.coarse.len() - 1).next_multiple_of(self.stride)
    }

    /// Samples that those gather.
    pub fn samples(&self) -> usize {
        (self.gathered() - self.stride) * self.block + self.gather_reach
    }

    /// The first of these samples.
    pub fn first_sample(&self) -> i64 {
        -signed(self.before())
    }
}
