//! One signal convolved with one or more shapes, chunk by chunk: the engines and how one is chosen.
//!
//! Chunks start at fixed places and are computed from their own samples alone, so that results depend
//! neither on threads nor on how the samples arrive.

use hexad_core::simd::{Kernel, dispatch, dispatch_widest, has_eight_lanes};
use hexad_core::{InputError, OverlapSave, OverlapSaveScratch, Workspace};

use super::grid::Grid;
use super::kernels::{Convolve, Decimate, Interpolate};
use super::shape::{Shape, Taps};
use super::source::Samples;
use crate::SmoothError;
use crate::convert::signed;
use crate::options::Method;

/// Cost of an output of the overlap-save engine in multiply-adds of the direct one, measured: 5 to 8 ns
/// against 0.045 ns a tap.
const FFT_COST: f64 = 120.0;
/// Coarse filters work on few cells: planning transforms for them pays only from this length on.
const COARSE_FFT_TAPS: usize = 1024;
/// What planning the decimating engine costs, in multiply-adds.
const DECIMATE_PLAN_COST: f64 = 400_000.0;
/// Rounding of the overlap-save engine, relative to the largest |y|.
const FFT_ERROR: f64 = 2e-15;
/// Outputs that an engine works on at a time, so that its buffers stay in the second-level cache.
const PIECE: usize = 8192;
/// A chunk is at least this many times as long as what it needs beyond its ends.
const CHUNK_PER_HALO: usize = 8;

#[derive(Debug, Clone)]
enum Engine {
    Direct(Vec<Vec<f64>>),
    Fft(Vec<OverlapSave>),
    Decimate(Box<Decimating>),
}

#[derive(Debug, Clone)]
struct Decimating {
    grid: Grid,
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

/// See the module.
#[derive(Debug, Clone)]
pub(crate) struct Convolver {
    engine: Engine,
    /// Samples needed before and after a chunk.
    before: usize,
    after: usize,
    settled_len: usize,
}

/// Buffers of [`Convolver::run`].
#[derive(Debug, Clone, Default)]
pub(crate) struct ConvolverScratch {
    workspace: Workspace<f64>,
    fft: Vec<OverlapSaveScratch>,
}

impl Convolver {
    /// Plans `shapes` of the kernel `taps` for signals of `len` samples. `untruncated` allows the
    /// decimating engine, which has no end to its kernel.
    pub fn new(
        taps: &Taps,
        untruncated: bool,
        shapes: &[Shape],
        method: Method,
        tolerance: f64,
        len: usize,
    ) -> Result<Self, SmoothError> {
        let (before, after) = taps.reach();
        let grid = Grid::choose(taps.sigma, tolerance, widths())
            .filter(|_| untruncated && after > 0 && can_decimate(shapes));
        let choice = |len| cheapest(before + after + 1, grid.as_ref(), len, tolerance);
        let mut settled_len = 0;
        let engine = match method {
            Method::Direct => EngineKind::Direct,
            Method::Fft => EngineKind::Fft,
            Method::Decimate => EngineKind::Decimate,
            Method::Auto | Method::Recursive => {
                settled_len = 1;
                while choice(settled_len) != choice(usize::MAX) {
                    settled_len *= 2;
                }
                choice(len)
            }
        };
        let engine = match (engine, grid) {
            (EngineKind::Direct, _) => Engine::Direct(shapes.iter().map(|shape| taps.of(*shape)).collect()),
            (EngineKind::Fft, _) => {
                let plans = shapes.iter().map(|shape| OverlapSave::new(&taps.of(*shape)));
                Engine::Fft(plans.collect::<Result<_, _>>()?)
            }
            (EngineKind::Decimate, Some(grid)) => {
                Engine::Decimate(Box::new(Decimating::new(grid, taps, shapes)?))
            }
            (EngineKind::Decimate, None) => {
                let what = if !untruncated {
                    "a truncated kernel"
                } else if after == 0 {
                    "a one-sided kernel"
                } else if !can_decimate(shapes) {
                    "this derivative with this boundary"
                } else {
                    "a sigma this small at this tolerance"
                };
                return Err(SmoothError::MethodCannot { method: "decimate", what });
            }
        };
        let (before, after) = match &engine {
            Engine::Decimate(plan) => (plan.halo(), plan.halo()),
            _ => (before, after),
        };
        Ok(Self { engine, before, after, settled_len })
    }

    /// Samples needed before the first output of a chunk and after its last.
    pub fn halo(&self) -> (usize, usize) {
        (self.before, self.after)
    }

    /// From this length on the engine is the same for every signal.
    pub fn settled_len(&self) -> usize {
        self.settled_len
    }

    /// The engine's name.
    pub fn method(&self) -> Method {
        match self.engine {
            Engine::Direct(_) => Method::Direct,
            Engine::Fft(_) => Method::Fft,
            Engine::Decimate(_) => Method::Decimate,
        }
    }

    /// Bound of the error of an output of the zeroth shape, relative to the largest sample.
    pub fn error(&self) -> f64 {
        match &self.engine {
            Engine::Direct(_) => 0.0,
            Engine::Fft(_) => FFT_ERROR,
            Engine::Decimate(plan) => plan.grid.error(),
        }
    }

    /// Outputs of a chunk; chunks start at its multiples.
    pub fn chunk(&self) -> usize {
        let halo = self.before + self.after;
        match &self.engine {
            Engine::Direct(_) => PIECE.max(CHUNK_PER_HALO * halo),
            Engine::Fft(plans) => {
                let hop = plans[0].hop();
                PIECE.max(CHUNK_PER_HALO * halo).div_ceil(hop) * hop
            }
            Engine::Decimate(plan) => {
                let group = 8 * plan.grid.block;
                (2 * PIECE).max(2 * CHUNK_PER_HALO * halo).div_ceil(group) * group
            }
        }
    }

    /// Writes `offset + convolution` of the outputs from `start` on, one slice for each shape.
    pub fn run(
        &self,
        start: i64,
        outs: &mut [&mut [f64]],
        offset: f64,
        samples: &mut dyn Samples,
        scratch: &mut ConvolverScratch,
    ) -> Result<(), InputError> {
        match &self.engine {
            Engine::Direct(taps) => {
                self.pieces(PIECE, start, outs, samples, scratch, |shape, input, out, _| {
                    dispatch_widest(Convolve { taps: &taps[shape], input, offset, out });
                    Ok(())
                })
            }
            Engine::Fft(plans) => {
                let piece = PIECE.div_ceil(plans[0].hop()) * plans[0].hop();
                let most = plans.len().max(scratch.fft.len());
                scratch.fft.resize_with(most, || plans[0].make_scratch());
                self.pieces(piece, start, outs, samples, scratch, |shape, input, out, fft| {
                    plans[shape].valid_into(input, offset, out, &mut fft[shape])
                })
            }
            Engine::Decimate(plan) => plan.run(start, outs, offset, samples, scratch),
        }
    }

    /// Fills the samples of one piece after another and hands them to `engine`.
    fn pieces(
        &self,
        piece: usize,
        start: i64,
        outs: &mut [&mut [f64]],
        samples: &mut dyn Samples,
        scratch: &mut ConvolverScratch,
        mut engine: impl FnMut(usize, &[f64], &mut [f64], &mut [OverlapSaveScratch]) -> Result<(), InputError>,
    ) -> Result<(), InputError> {
        let len = outs.first().map_or(0, |out| out.len());
        for at in (0..len).step_by(piece) {
            let count = piece.min(len - at);
            let [input] = scratch.workspace.fields([self.before + count + self.after]);
            samples.fill(start + signed(at) - signed(self.before), input);
            for (shape, out) in outs.iter_mut().enumerate() {
                engine(shape, input, &mut out[at..at + count], &mut scratch.fft)?;
            }
        }
        Ok(())
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum EngineKind {
    Direct,
    Fft,
    Decimate,
}

/// The chooser: the least work for `len` outputs, counted in multiply-adds.
fn cheapest(taps: usize, grid: Option<&Grid>, len: usize, tolerance: f64) -> EngineKind {
    let (taps, len) = (taps as f64, len as f64);
    let direct = taps * len;
    let fft = if tolerance < FFT_ERROR { f64::INFINITY } else { FFT_COST * (len + 2.0 * taps) };
    let decimate = grid.map_or(f64::INFINITY, |grid| DECIMATE_PLAN_COST + (grid.cost() + 6.0) * (len + taps));
    if direct <= fft.min(decimate) {
        EngineKind::Direct
    } else if fft <= decimate {
        EngineKind::Fft
    } else {
        EngineKind::Decimate
    }
}

/// Samples of the vectors that this machine has, widest first.
pub(crate) fn widths() -> &'static [usize] {
    if has_eight_lanes() { &[8, 4] } else { &[4] }
}

/// Runs a kernel with vectors of `lanes`.
pub(crate) fn run_with<K, R>(lanes: usize, kernel: K) -> R
where
    K: Kernel<f64, 4, Output = R> + Kernel<f64, 8, Output = R>,
{
    if lanes == 8 { dispatch::<f64, 8, K>(kernel) } else { dispatch::<f64, 4, K>(kernel) }
}

fn can_decimate(shapes: &[Shape]) -> bool {
    shapes.iter().all(|shape| !matches!(shape, Shape::Moment(3..)))
}

impl Decimating {
    fn new(grid: Grid, taps: &Taps, shapes: &[Shape]) -> Result<Self, InputError> {
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
    fn halo(&self) -> usize {
        // Windows are read from the start of a vector to the end of another.
        (self.reach + self.grid.group_width()) * self.grid.block + 2 * self.grid.lanes
    }

    fn run(
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

#[cfg(test)]
mod tests {
    use super::*;
    use hexad_testkit::{Random, max_difference};

    fn run(convolver: &Convolver, y: &[f64], shapes: usize) -> Vec<Vec<f64>> {
        let mut outs = vec![vec![0.0; y.len()]; shapes];
        let mut slices: Vec<&mut [f64]> = outs.iter_mut().map(|out| &mut out[..]).collect();
        let mut fill = |start: i64, out: &mut [f64]| {
            hexad_core::extend_into(y, hexad_core::Boundary::Renormalize, 0.0, start, out);
        };
        convolver.run(0, &mut slices, 0.0, &mut fill, &mut ConvolverScratch::default()).unwrap();
        outs
    }

    #[test]
    fn every_engine_gives_the_same_sums() {
        let y = Random::new(3).vector(1000, -1.0, 1.0);
        for sigma in [10.0, 11.3, 25.0] {
            let taps = Taps::new(sigma, 90 * 3, crate::Side::Both);
            for shapes in [
                vec![Shape::Moment(0), Shape::Moment(1), Shape::Moment(2)],
                (0..4).map(Shape::Derivative).collect(),
            ] {
                let plan =
                    |method, tolerance| Convolver::new(&taps, true, &shapes, method, tolerance, y.len());
                let direct = run(&plan(Method::Direct, 1e-3).unwrap(), &y, shapes.len());
                for tolerance in [1e-3, 1e-6, 1e-9, 4e-13] {
                    for method in [Method::Fft, Method::Decimate] {
                        let got = run(&plan(method, tolerance).unwrap(), &y, shapes.len());
                        for ((shape, got), direct) in shapes.iter().zip(&got).zip(&direct) {
                            let error = max_difference(got, direct);
                            let allowed = match shape {
                                Shape::Moment(power) => 8.0_f64.powi(crate::convert::to_i32(*power)),
                                Shape::Derivative(order) => {
                                    (3.0 / sigma).powi(crate::convert::to_i32(*order))
                                }
                            };
                            assert!(
                                error <= allowed * tolerance,
                                "{sigma} {tolerance:e} {method:?} {shape:?} {error:e}"
                            );
                        }
                    }
                }
            }
        }
    }
}
