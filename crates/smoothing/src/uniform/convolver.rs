//! One signal convolved with one or more shapes, chunk by chunk: the engines and how one is chosen.
//!
//! Chunks start at fixed places and are computed from their own samples alone, so that results depend
//! neither on threads nor on how the samples arrive.

mod decimating;

use hexad_core::simd::{Kernel, dispatch, dispatch_widest, has_eight_lanes};
use hexad_core::{InputError, OverlapSave, OverlapSaveScratch, Workspace};

use super::grid::Grid;
use super::kernels::Convolve;
use super::shape::{Shape, Taps};
use super::source::Samples;
use crate::SmoothError;
use crate::convert::signed;
use crate::options::Method;
use decimating::Decimating;

/// Cost of an output of the overlap-save engine in multiply-adds of the direct one, measured: 5 to 8 ns
/// against 0.045 ns a tap.
const FFT_COST: f64 = 120.0;
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
