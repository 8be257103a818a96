//! Kernel sums by sums of exponentials (Jiang and Greengard, Commun. Comput. Phys. 31(1), 2022): one
//! recursion forward, one backward, whatever sigma is.
//!
//! What each block adds to the state is summed first, and chained, which gives the states at the borders of
//! blocks; then every block is swept from there, in any order. A kernel that is cut is the state less the
//! samples that left the window. Targets where the exponentials are not good enough are summed pair by
//! pair, as long as that stays cheap.

use std::f64::consts::FRAC_1_SQRT_2;
use std::ops::Range;

use hexad_core::simd::dispatch;
use rayon::prelude::*;

use super::bound::{Bounds, TableError, Verdict};
use super::decay::{Decays, Step};
use super::gather::Gather;
use super::state::{Carry, State};
use super::sweep::{Field, Row, Start, Steps, Sweep, passed};
use super::{BLOCK, Block, CleanScratch, GROUP, Request, window};
use crate::options::Side;
use crate::soe_tables::{GENERAL, SoeTable, WINDOW_4};

/// Pairs that may be summed to repair targets: per target and sample, and in any case.
const REPAIR_PAIRS_EACH: usize = 64;
const REPAIR_PAIRS: usize = 1 << 22;

/// Targets that share one estimate of the weights in reach.
const NEIGHBOURS: usize = 64;

/// Exponents in the fastest sweep.
const ONE_VECTOR: usize = 4;

/// The fastest sweep is taken if its typical error is below this share of the tolerance, so that few
/// targets need repair.
const FAST_SHARE: f64 = 0.25;

/// Delivers all blocks; returns the bound on the error of the fit.
pub(super) fn run(request: &Request, sink: &mut dyn FnMut(&Block)) -> f64 {
    let (count, radius) = (request.samples.x.len(), request.kernel.truncation().sigmas());
    let fast = best_table(count, radius, ONE_VECTOR);
    let one_vector = fast.1.typical() <= FAST_SHARE * request.tolerance;
    let (table, error) = if one_vector { fast } else { best_table(count, radius, 2 * ONE_VECTOR) };
    match (one_vector, request.degree) {
        (true, 0) => run_with::<1, 1, 1>(request, table, error, sink),
        (true, _) => run_with::<1, 2, 3>(request, table, error, sink),
        (false, 0) => run_with::<2, 1, 1>(request, table, error, sink),
        (false, _) => run_with::<2, 2, 3>(request, table, error, sink),
    }
}

/// The best table for samples seen through a kernel cut at `radius` sigmas (or infinity), among those of at
/// most `most` exponents, and its error.
fn best_table(count: usize, radius: f64, most: usize) -> (&'static SoeTable, TableError) {
    let tables: &[SoeTable] = if radius <= 4.0 { &WINDOW_4 } else { &GENERAL };
    let mut best = (&tables[0], TableError::new(&tables[0], count, radius));
    for table in tables[1..].iter().filter(|table| table.decay.len() <= most) {
        let error = TableError::new(table, count, radius);
        if error.typical() < best.1.typical() {
            best = (table, error);
        }
    }
    best
}

/// A target whose sums are not good enough.
struct Doubt {
    index: usize,
    bound: f64,
}

fn run_with<const V: usize, const T: usize, const M: usize>(
    request: &Request,
    table: &SoeTable,
    error: TableError,
    sink: &mut dyn FnMut(&Block),
) -> f64 {
    let bounds = Bounds::new(request, error);
    let plan = Plan::<V, T, M>::new(request, request.kernel.sigma(), table, error.vanishing);
    // The squared kernel is a Gaussian too.
    let squares = request.squares.then(|| {
        let sigma = request.kernel.sigma() * FRAC_1_SQRT_2;
        let radius = request.kernel.radius() / sigma;
        let (table, error) = best_table(request.samples.x.len(), radius, 2 * ONE_VECTOR);
        Plan::<2, T, M>::new(request, sigma, table, error.vanishing)
    });
    let mut pairs_left = REPAIR_PAIRS_EACH * (request.samples.x.len() + request.targets.len()) + REPAIR_PAIRS;
    let mut worst = 0.0_f64;
    for first in (0..request.blocks()).step_by(GROUP) {
        let group = first..(first + GROUP).min(request.blocks());
        let mut blocks: Vec<_> = group
            .into_par_iter()
            .map_init(Default::default, |(scratch, squares_scratch), block| {
                let range = request.block_range(block);
                let mut sums = Block::zeros(request, range.clone());
                plan.fill(block, range.clone(), scratch, &mut sums.values, &mut sums.weights);
                if let Some(squares) = &squares {
                    squares.fill(block, range, squares_scratch, &mut [], &mut sums.squares);
                    for (k, moment) in sums.squares.iter_mut().enumerate() {
                        let scale = FRAC_1_SQRT_2.powi(i32::try_from(k).unwrap_or(0));
                        moment.iter_mut().for_each(|sum| *sum *= scale);
                    }
                }
                let (bound, doubts) = judge(request, &bounds, &sums);
                (sums, bound, doubts)
            })
            .collect();
        for (_, _, doubts) in &mut blocks {
            doubts.retain(|doubt| {
                let pairs = request.window(request.targets[doubt.index]).len();
                let affordable = pairs <= pairs_left;
                if affordable {
                    pairs_left -= pairs;
                } else {
                    worst = worst.max(doubt.bound);
                }
                affordable
            });
        }
        blocks.par_iter_mut().for_each_init(CleanScratch::default, |scratch, (sums, bound, doubts)| {
            for doubt in doubts.iter() {
                let target = request.targets[doubt.index];
                let repaired = window::sums_at(request, target, scratch);
                let rounding = window::rounding(request.window(target).len());
                *bound = bound.max(rounding * window::condition(request, &repaired, bounds.largest_value));
                sums.set(doubt.index - sums.start, &repaired);
            }
        });
        for (sums, bound, _) in &blocks {
            worst = worst.max(*bound);
            sink(sums);
        }
    }
    worst
}

/// The bound over the targets of a block that need no repair, and those that do.
fn judge(request: &Request, bounds: &Bounds, sums: &Block) -> (f64, Vec<Doubt>) {
    let mut worst = 0.0_f64;
    let mut doubts = Vec::new();
    for start in (0..sums.len()).step_by(NEIGHBOURS) {
        let neighbours = start..(start + NEIGHBOURS).min(sums.len());
        let target = |i: usize| request.targets[sums.start + i];
        let mass = bounds.mass(target(neighbours.start), target(neighbours.end - 1));
        // A mean is worst where the least weight is.
        if request.degree == 0 {
            let least = sums.weights[0][neighbours.clone()].iter().copied().fold(f64::INFINITY, f64::min);
            if let Verdict::Within(bound) = bounds.verdict(&bounds.worst_case(least), mass)
                && bound <= request.tolerance
            {
                worst = worst.max(bound);
                continue;
            }
        }
        for i in neighbours {
            let row = sums.sums(i);
            let mut verdict = bounds.verdict(&row, mass);
            if !is_fine(verdict, request.tolerance) {
                verdict = bounds.verdict(&row, bounds.mass(target(i), target(i)));
            }
            match verdict {
                Verdict::Within(bound) if bound <= request.tolerance => {
                    let rounding = f64::EPSILON * window::condition(request, &row, bounds.largest_value);
                    worst = worst.max(bound).max(rounding);
                }
                Verdict::Nothing => {}
                Verdict::Within(bound) => doubts.push(Doubt { index: sums.start + i, bound }),
                Verdict::Unknown => doubts.push(Doubt { index: sums.start + i, bound: f64::INFINITY }),
            }
        }
    }
    (worst, doubts)
}

fn is_fine(verdict: Verdict, tolerance: f64) -> bool {
    match verdict {
        Verdict::Within(bound) => bound <= tolerance,
        Verdict::Nothing => true,
        Verdict::Unknown => false,
    }
}

/// Buffers of one thread.
struct Scratch<const V: usize, const T: usize, const M: usize> {
    steps: Vec<Step<V>>,
    rows: Vec<Row<T, M>>,
}

impl<const V: usize, const T: usize, const M: usize> Default for Scratch<V, T, M> {
    fn default() -> Self {
        Self { steps: Vec::new(), rows: Vec::new() }
    }
}

/// The states at the borders of all blocks, ready for the second sweep.
struct Plan<'a, const V: usize, const T: usize, const M: usize> {
    field: Field<'a>,
    side: Side,
    decays: Decays<V>,
    /// State at the last target before each block.
    forward: Vec<State<V, T, M>>,
    /// State at the first target after each block.
    backward: Vec<State<V, T, M>>,
}

impl<'a, const V: usize, const T: usize, const M: usize> Plan<'a, V, T, M> {
    fn new(request: &Request<'a>, sigma: f64, table: &SoeTable, vanishing: f64) -> Self {
        let (radius, count) = (request.kernel.radius(), request.blocks());
        let field = Field { samples: request.samples, targets: request.targets, sigma, radius };
        let mut plan = Self {
            field,
            side: request.side,
            decays: Decays::new(table, vanishing, radius / sigma),
            forward: vec![State::ZERO; count],
            backward: vec![State::ZERO; count],
        };
        // A single block needs no borders.
        if count < 2 {
            return plan;
        }
        plan.forward = plan.borders::<true>((1..count).map(|block| block * BLOCK - 1).collect());
        if request.side == Side::Both {
            plan.backward = plan.borders::<false>((1..count).rev().map(|block| block * BLOCK).collect());
            plan.backward.reverse();
        }
        plan
    }

    /// The states at the targets `at`, in the order of the pass, after an empty one.
    fn borders<const FORWARD: bool>(&self, at: Vec<usize>) -> Vec<State<V, T, M>> {
        let Field { samples, targets, sigma, radius } = self.field;
        let horizon = radius.min(self.decays.limit * sigma);
        // Samples that are behind the target, and that are out of its sight.
        let behind = |target: f64| {
            let ties =
                samples.x.partition_point(|&x| x <= target) - samples.x.partition_point(|&x| x < target);
            let (entered, left) = passed::<FORWARD>(samples.x, target, horizon);
            (entered - ties, left)
        };
        let gather =
            |scratch: &mut CleanScratch, met: Range<usize>, target, sign, mut state: State<V, T, M>| {
                for first in met.clone().step_by(BLOCK) {
                    let (from, to) = (first, met.end.min(first + BLOCK));
                    let n = samples.x.len();
                    let range = if FORWARD { from..to } else { n - to..n - from };
                    let samples = samples.clean(range, scratch);
                    state = dispatch(Gather { samples, sigma, decays: &self.decays, target, sign, state });
                }
                state
            };
        let changes: Vec<(State<V, T, M>, bool)> = (0..at.len())
            .into_par_iter()
            .map_init(CleanScratch::default, |scratch, border| {
                let target = targets[at[border]];
                let (entered, left) = behind(target);
                let (entered_before, left_before) = match border {
                    0 => (0, 0),
                    _ => behind(targets[at[border - 1]]),
                };
                let leaving = if radius.is_finite() { left.max(left_before) - left_before } else { 0 };
                let afresh = entered - left <= entered - entered_before + leaving;
                if afresh {
                    return (gather(scratch, left..entered, target, 1.0, State::ZERO), true);
                }
                let state = gather(scratch, entered_before..entered, target, 1.0, State::ZERO);
                (gather(scratch, left_before..left_before + leaving, target, -1.0, state), false)
            })
            .collect();
        let mut states = vec![State::ZERO];
        for (border, (change, afresh)) in changes.into_iter().enumerate() {
            let mut state = change;
            if !afresh && border > 0 {
                let gap = (targets[at[border]] - targets[at[border - 1]]).abs() / sigma;
                state = dispatch(Carry { decays: &self.decays, from: &states[border], gap, to: &change });
            }
            states.push(state);
        }
        states
    }

    /// Writes the sums of a block.
    fn fill(
        &self,
        block: usize,
        range: Range<usize>,
        scratch: &mut Scratch<V, T, M>,
        values: &mut [Vec<f64>],
        weights: &mut [Vec<f64>],
    ) {
        let Scratch { steps, rows } = scratch;
        let terms = self.find_steps(range.clone(), steps);
        rows.resize(range.len(), Row { values: [0.0; T], weights: [0.0; M] });
        let start = Start::after::<true>(&self.field, self.before(&range), &self.forward[block]);
        dispatch(self.sweep::<true>(range.clone(), steps, terms, start, rows));
        if self.side == Side::Both {
            let start = Start::after::<false>(&self.field, self.after(&range), &self.backward[block]);
            dispatch(self.sweep::<false>(range, steps, terms, start, rows));
        }
        for (k, moment) in values.iter_mut().enumerate() {
            moment.iter_mut().zip(rows.iter()).for_each(|(sum, row)| *sum = row.values[k]);
        }
        for (k, moment) in weights.iter_mut().enumerate() {
            moment.iter_mut().zip(rows.iter()).for_each(|(sum, row)| *sum = row.weights[k]);
        }
    }

    /// The target before a block.
    fn before(&self, range: &Range<usize>) -> Option<f64> {
        range.start.checked_sub(1).map(|before| self.field.targets[before])
    }

    /// The target after a block.
    fn after(&self, range: &Range<usize>) -> Option<f64> {
        self.field.targets.get(range.end).copied()
    }

    /// Fills `steps` with the steps within and around a range of targets; returns the terms they need.
    fn find_steps(&self, range: Range<usize>, steps: &mut Vec<Step<V>>) -> usize {
        steps.resize(range.len() + 1, Step::NONE);
        dispatch(Steps { field: self.field, decays: &self.decays, first: range.start, steps })
    }

    fn sweep<'b, const FORWARD: bool>(
        &'b self,
        range: Range<usize>,
        steps: &'b [Step<V>],
        terms: usize,
        start: Start<'b, V, T, M>,
        rows: &'b mut [Row<T, M>],
    ) -> Sweep<'b, V, T, M, FORWARD> {
        Sweep { field: self.field, decays: &self.decays, range, steps, start, rows, terms }
    }
}
