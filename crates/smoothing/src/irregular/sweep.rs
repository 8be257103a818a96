//! One pass along x: the sums of exponentials of all samples behind each target, carried from target to
//! target. "Behind" is x below the target going forward, above it going backward.

use std::ops::Range;

use hexad_core::simd::{Kernel, Simd, Vector};

use super::Samples;
use super::decay::{Decay, Decays, Step};
use super::state::{Arrivals, Ladder, State, load_complex};

/// What a pass walks over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Field<'a> {
    pub samples: Samples<'a>,
    pub targets: &'a [f64],
    pub sigma: f64,
    /// Half-width of the window; infinite if the kernel is not cut.
    pub radius: f64,
}

/// Where a pass starts: behind the target before its first one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Start<'a, const V: usize, const T: usize, const M: usize> {
    pub state: &'a State<V, T, M>,
    /// The target before the first one; NaN if there is none.
    previous: f64,
    /// Samples met so far, in the order of the pass.
    entered: usize,
    /// Samples that have left the window.
    left: usize,
    /// Weighted values and weights at `previous` itself, not yet in the state.
    tie_value: f64,
    tie_weight: f64,
}

impl<'a, const V: usize, const T: usize, const M: usize> Start<'a, V, T, M> {
    /// With the state at the target `previous`.
    pub fn after<const FORWARD: bool>(
        field: &Field,
        previous: Option<f64>,
        state: &'a State<V, T, M>,
    ) -> Self {
        let x = field.samples.x;
        let mut start =
            Self { state, previous: f64::NAN, entered: 0, left: 0, tie_value: 0.0, tie_weight: 0.0 };
        let Some(target) = previous else { return start };
        (start.entered, start.left) = passed::<FORWARD>(x, target, field.radius);
        start.previous = target;
        let here = x.partition_point(|&x| x < target)..x.partition_point(|&x| x <= target);
        for (weight, value) in here.map(|j| field.samples.sample(j)) {
            start.tie_value = weight.mul_add(value, start.tie_value);
            start.tie_weight += weight;
        }
        start
    }
}

/// The kernel sums at one target.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<const T: usize, const M: usize> {
    pub values: [f64; T],
    pub weights: [f64; M],
}

/// The steps between neighbouring targets: `steps[i]` leads to target `first + i`. The steps to the first
/// target of all, and beyond the last, have length 0.
pub(super) struct Steps<'a, const V: usize> {
    pub field: Field<'a>,
    pub decays: &'a Decays<V>,
    pub first: usize,
    pub steps: &'a mut [Step<V>],
}

impl<const V: usize> Kernel<f64, 4> for Steps<'_, V> {
    /// Terms of the polynomial that the steps need.
    type Output = usize;

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) -> usize {
        let Field { targets, sigma, .. } = self.field;
        let mut longest = 0.0_f64;
        for (i, step) in self.steps.iter_mut().enumerate() {
            let to = self.first + i;
            let inside = to > 0 && to < targets.len();
            step.gap = if inside { (targets[to] - targets[to - 1]) / sigma } else { 0.0 };
            longest = longest.max(step.gap);
        }
        let terms = self.decays.terms_for(longest);
        for step in self.steps {
            let decay = self.decays.with_terms(simd, step.gap, terms);
            for v in 0..V {
                decay.re[v].store(&mut step.decay.re[v]);
                decay.im[v].store(&mut step.decay.im[v]);
            }
            step.small = decay.small;
        }
        terms
    }
}

/// A pass over the targets of `range` from the state at the target before them. It fills `rows` going
/// forward, samples at the target itself included, and adds to them going backward.
pub(super) struct Sweep<'a, const V: usize, const T: usize, const M: usize, const FORWARD: bool> {
    pub field: Field<'a>,
    pub decays: &'a Decays<V>,
    pub range: Range<usize>,
    /// One more than targets: see [`Steps`].
    pub steps: &'a [Step<V>],
    pub start: Start<'a, V, T, M>,
    pub rows: &'a mut [Row<T, M>],
    /// Terms of the polynomial that the steps need.
    pub terms: usize,
}

impl<const V: usize, const T: usize, const M: usize, const FORWARD: bool> Kernel<f64, 4>
    for Sweep<'_, V, T, M, FORWARD>
{
    type Output = ();

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) {
        let Field { samples, targets, sigma, radius } = self.field;
        let (x, n) = (samples.x, samples.x.len());
        let count = self.range.len();
        let cut = radius.is_finite();
        let Start { state, mut previous, mut entered, mut left, mut tie_value, mut tie_weight } = self.start;
        let mut values = Ladder::load(simd, &state.values);
        let mut weights = Ladder::load(simd, &state.weights);
        let (pole_re, pole_im) = load_complex(simd, &self.decays.weights);

        for step in 0..count {
            let i = if FORWARD { step } else { count - 1 - step };
            let target = targets[self.range.start + i];
            let step = &self.steps[if FORWARD { i } else { i + 1 }];
            if target != previous {
                let (mut new_values, mut new_weights) = (Arrivals::new(simd), Arrivals::new(simd));
                if cut {
                    if entered == left || (x[place::<FORWARD>(entered - 1, n)] - target).abs() > radius {
                        values = Ladder::zero(simd);
                        weights = Ladder::zero(simd);
                        (tie_value, tie_weight) = (0.0, 0.0);
                        left = entered;
                        while left < n && is_out::<FORWARD>(x[place::<FORWARD>(left, n)], target, radius) {
                            left += 1;
                        }
                        entered = left;
                    }
                    while left < entered {
                        let j = place::<FORWARD>(left, n);
                        let distance = (x[j] - target).abs();
                        if distance <= radius {
                            break;
                        }
                        let decay = self.decays.beyond(simd, distance / sigma, self.terms);
                        let (weight, value) = samples.sample(j);
                        new_values.add(simd, &decay, -(weight * value));
                        new_weights.add(simd, &decay, -weight);
                        left += 1;
                    }
                }
                while entered < n {
                    let j = place::<FORWARD>(entered, n);
                    if !is_behind::<FORWARD>(x[j], target) {
                        break;
                    }
                    let decay = self.decays.at(simd, (x[j] - target).abs() / sigma);
                    let (weight, value) = samples.sample(j);
                    new_values.add(simd, &decay, weight * value);
                    new_weights.add(simd, &decay, weight);
                    entered += 1;
                }
                let (re, im) = load_complex(simd, &step.decay);
                let decay = Decay { re, im, small: step.small, gap: step.gap };
                values.advance(simd, &decay, tie_value, &new_values);
                weights.advance(simd, &decay, tie_weight, &new_weights);
                (tie_value, tie_weight) = (0.0, 0.0);
                previous = target;
                while entered < n {
                    let j = place::<FORWARD>(entered, n);
                    if x[j] != target {
                        break;
                    }
                    let (weight, value) = samples.sample(j);
                    tie_value = weight.mul_add(value, tie_value);
                    tie_weight += weight;
                    entered += 1;
                }
            }
            let row = &mut self.rows[i];
            let behind = values.evaluate(simd, &pole_re, &pole_im);
            put::<FORWARD, T>(&mut row.values, &behind);
            let behind = weights.evaluate(simd, &pole_re, &pole_im);
            put::<FORWARD, M>(&mut row.weights, &behind);
            if FORWARD {
                row.values[0] += tie_value;
                row.weights[0] += tie_weight;
            }
        }
    }
}

/// Moments of `u` from those of `v`: going forward, samples are at negative `u`.
#[inline(always)]
fn put<const FORWARD: bool, const K: usize>(row: &mut [f64; K], behind: &[f64; K]) {
    for (k, (row, behind)) in row.iter_mut().zip(behind).enumerate() {
        match (FORWARD, k % 2) {
            (true, 0) => *row = *behind,
            (true, _) => *row = -*behind,
            (false, _) => *row += behind,
        }
    }
}

/// How many samples a pass has met at `target`, those at the target included, and how many of these it has
/// left behind by more than `radius`.
pub(super) fn passed<const FORWARD: bool>(x: &[f64], target: f64, radius: f64) -> (usize, usize) {
    if FORWARD {
        let left = x.partition_point(|&x| x < target && (x - target).abs() > radius);
        (x.partition_point(|&x| x <= target), left)
    } else {
        let left = x.len() - x.partition_point(|&x| x <= target || (x - target).abs() <= radius);
        (x.len() - x.partition_point(|&x| x < target), left)
    }
}

/// Index of the sample that a pass meets as number `k`.
#[inline(always)]
fn place<const FORWARD: bool>(k: usize, n: usize) -> usize {
    if FORWARD { k } else { n - 1 - k }
}

#[inline(always)]
fn is_behind<const FORWARD: bool>(x: f64, target: f64) -> bool {
    if FORWARD { x < target } else { x > target }
}

#[inline(always)]
fn is_out<const FORWARD: bool>(x: f64, target: f64, radius: f64) -> bool {
    is_behind::<FORWARD>(x, target) && (x - target).abs() > radius
}
