//! The engine that filters cells of samples in place of the samples.

use hexad_core::simd::dispatch_widest;
use hexad_core::{InputError, OverlapSave, OverlapSaveScratch};

use super::super::grid::Grid;
use super::super::kernels::{Convolve, Decimate, Interpolate};
use super::super::shape::{Shape, Taps};
use super::super::source::Samples;
use super::{ConvolverScratch, PIECE, run_with};
use crate::convert::signed;

/// Coarse filters work on few cells: planning transforms for them pays only from this length on.
const COARSE_FFT_TAPS: usize = 1024;

/// Windows from samples to cells and back, and the filters between.
#[derive(Debug, Clone)]
pub(super) struct Decimating {
    pub grid: Grid,
    gather: Vec<f64>,
    spread: Vec<f64>,
    /// For each shape.
    filters: Vec<Coarse>,
    /// Taps of each filter on each side.
    reach: usize,
}

#[derive(Debug, Clone)]
enum Coarse {
    Direct(Vec<f64>),
    Fft(OverlapSave),
}

impl Decimating {
    pub fn new(grid: Grid, taps: &Taps, shapes: &[Shape]) -> Result<Self, InputError> {
        // Where the signal is shorter than the kernel, `taps` are those that can meet a sample.
        let total = taps.sigma * std::f64::consts::TAU.sqrt() / taps.total;
        let coarse = shapes.iter().map(|shape| grid.coarse_taps(*shape, total));
        let taps: Vec<_> = coarse.collect::<Result<_, _>>()?;
        let reach = taps.iter().map(|taps| taps.len() / 2).max().unwrap_or(0);
        let filter = |taps: Vec<f64>| {
            let mut padded = vec![0.0; reach - taps.len() / 2];
            let margin = padded.clone();
            padded.extend(taps);
            padded.extend(margin);
            if padded.len() < COARSE_FFT_TAPS {
                Ok(Coarse::Direct(padded))
            } else {
                OverlapSave::new(&padded).map(Coarse::Fft)
            }
        };
        let filters = taps.into_iter().map(filter).collect::<Result<_, _>>()?;
        let window = grid.window();
        let (gather, spread) = (grid.gather(&window), grid.spread(&window));
        Ok(Self { grid, gather, spread, filters, reach })
    }

    /// Samples needed beyond the ends of a chunk whose last group is not full.
    pub fn halo(&self) -> usize {
        // Windows are read from the start of a vector to the end of another.
        (self.reach + self.grid.group_width()) * self.grid.block + 2 * self.grid.lanes
    }

    pub fn run(
        &self,
        start: i64,
        outs: &mut [&mut [f64]],
        offset: f64,
        samples: &mut dyn Samples,
        scratch: &mut ConvolverScratch,
    ) -> Result<(), InputError> {
        let (block, stride) = (self.grid.block, self.grid.group());
        let (group, width) = (block * stride, self.grid.spread_width());
        let len = outs.first().map_or(0, |out| out.len());
        let filtered = (len.div_ceil(group) - 1) * stride + self.grid.group_width();
        let gathered = (filtered + 2 * self.reach).next_multiple_of(stride);
        let at_once = (self.groups_at_once() - 1) * group + self.grid.gather_reach();
        let [cells, smooth, buffer, last] = scratch.workspace.fields([gathered, filtered, at_once, group]);

        self.gather(start, cells, buffer, samples);
        let cells = &cells[..filtered + 2 * self.reach];
        let most = self.filters.len().max(scratch.fft.len());
        scratch.fft.resize_with(most, || self.filters[0].make_scratch());
        for ((filter, out), fft) in self.filters.iter().zip(outs).zip(&mut scratch.fft) {
            match filter {
                Coarse::Direct(taps) => {
                    dispatch_widest(Convolve { taps, input: cells, offset: 0.0, out: smooth });
                }
                Coarse::Fft(plan) => plan.valid_into(cells, 0.0, smooth, fft)?,
            }
            let (spread, smooth) = (&self.spread[..], &smooth[..]);
            let whole = len / group;
            let (full, rest) = out.split_at_mut(whole * group);
            run_with(
                self.grid.lanes,
                Interpolate { spread, width, block, stride, cells: smooth, offset, out: full },
            );
            if !rest.is_empty() {
                let cells = &smooth[whole * stride..];
                run_with(
                    self.grid.lanes,
                    Interpolate { spread, width, block, stride, cells, offset, out: last },
                );
                rest.copy_from_slice(&last[..rest.len()]);
            }
        }
        Ok(())
    }

    /// Groups of cells whose samples are copied at a time: whole flights of the decimating kernel.
    fn groups_at_once(&self) -> usize {
        let group = self.grid.block * self.grid.group();
        (PIECE / 4 / group).max(1).next_multiple_of(8)
    }

    /// The cells of a chunk, from samples where they stand or, where that cannot be, from a copy of them in `buffer`.
    fn gather(&self, start: i64, cells: &mut [f64], buffer: &mut [f64], samples: &mut dyn Samples) {
        let (block, stride) = (self.grid.block, self.grid.group());
        let (group, reach) = (block * stride, self.grid.gather_reach());
        let groups = self.groups_at_once();
        let mut at = start - signed((self.reach + self.grid.width() - 1) * block);
        for cells in cells.chunks_mut(groups * stride) {
            let count = (cells.len() / stride - 1) * group + reach;
            let window = &self.gather[..];
            if let Some((input, offset)) = samples.in_place(at, count) {
                let finite =
                    run_with(self.grid.lanes, Decimate { window, block, stride, input, offset, cells });
                samples.found(finite);
            } else {
                let input = &mut buffer[..count];
                samples.fill(at, input);
                run_with(self.grid.lanes, Decimate { window, block, stride, input, offset: 0.0, cells });
            }
            at += signed(groups * group);
        }
    }
}

impl Coarse {
    fn make_scratch(&self) -> OverlapSaveScratch {
        match self {
            Coarse::Fft(plan) => plan.make_scratch(),
            Coarse::Direct(_) => OverlapSaveScratch::default(),
        }
    }
}
