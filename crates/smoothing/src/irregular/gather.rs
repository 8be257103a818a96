//! What a range of samples adds to the state at one target. Where samples stand close, lanes are samples:
//! the polynomial of the decay is applied to the moments of a cluster, once.

use std::ops::Range;

use hexad_core::simd::{Kernel, Simd, Vector};

use super::Clean;
use super::decay::{Decays, HALF_ROW, TERMS};
use super::state::{Arrivals, Ladder, State};

/// Most samples in a cluster; smaller ones than the smallest are added one by one.
const LARGEST_CLUSTER: usize = 32;
const SMALLEST_CLUSTER: usize = 4;

/// Adds the samples, times `sign`, to the state at `target`.
pub(super) struct Gather<'a, const V: usize, const T: usize, const M: usize> {
    pub samples: Clean<'a>,
    pub sigma: f64,
    pub decays: &'a Decays<V>,
    pub target: f64,
    pub sign: f64,
    pub state: State<V, T, M>,
}

impl<const V: usize, const T: usize, const M: usize> Kernel<f64, 4> for Gather<'_, V, T, M> {
    type Output = State<V, T, M>;

    #[inline(always)]
    fn run<S: Simd<f64, 4>>(self, simd: S) -> State<V, T, M> {
        let mut values = Ladder::load(simd, &self.state.values);
        let mut weights = Ladder::load(simd, &self.state.weights);
        let mut start = 0;
        while start < self.samples.x.len() {
            let cluster = start..self.cluster_end(start);
            start = cluster.end;
            let (mut new_values, mut new_weights) = (Arrivals::new(simd), Arrivals::new(simd));
            if cluster.len() >= SMALLEST_CLUSTER {
                let sums = self.cluster_sums(simd, cluster);
                let decay = self.decays.at(simd, sums.middle);
                for (k, moments) in sums.values.iter().enumerate() {
                    let inner = self.decays.expand(simd, moments, sums.terms);
                    new_values.add_cluster(simd, k, &decay, inner);
                }
                for (k, moments) in sums.weights.iter().enumerate() {
                    let inner = self.decays.expand(simd, moments, sums.terms);
                    new_weights.add_cluster(simd, k, &decay, inner);
                }
            } else {
                for j in cluster {
                    let decay = self.decays.at(simd, self.distance(j));
                    let weight = self.sign * self.samples.weights[j];
                    new_values.add(simd, &decay, weight * self.samples.values[j]);
                    new_weights.add(simd, &decay, weight);
                }
            }
            values.take(&new_values);
            weights.take(&new_weights);
        }
        State { values: values.store(), weights: weights.store() }
    }
}

/// `sum_j a_j v_j^k r_j^n`, `r_j` being the distance less `middle`: `[k][n]`, for weighted values and for
/// weights.
struct ClusterSums<const T: usize, const M: usize> {
    middle: f64,
    terms: usize,
    values: [[f64; TERMS + 1]; T],
    weights: [[f64; TERMS + 1]; M],
}

impl<const V: usize, const T: usize, const M: usize> Gather<'_, V, T, M> {
    /// Distance of sample `j`, in sigmas.
    #[inline(always)]
    fn distance(&self, j: usize) -> f64 {
        (self.samples.x[j] - self.target).abs() / self.sigma
    }

    /// End of the samples from `start` on that the polynomial of the decay covers.
    #[inline(always)]
    fn cluster_end(&self, start: usize) -> usize {
        let x = &self.samples.x[start..];
        let x = &x[..x.len().min(LARGEST_CLUSTER)];
        let widest = 2.0 * HALF_ROW * self.sigma;
        let mut end = 1;
        while end < x.len() && x[end] - x[0] <= widest {
            end += 1;
        }
        start + end
    }

    #[inline(always)]
    fn cluster_sums<S: Simd<f64, 4>>(&self, simd: S, cluster: Range<usize>) -> ClusterSums<T, M> {
        let (first, last) = (self.distance(cluster.start), self.distance(cluster.end - 1));
        let Clean { x, weights, values } = self.samples;
        let middle = 0.5 * (first + last);
        let terms = self.decays.terms_for(0.5 * (last - first).abs());
        let mut value_sums = [[simd.splat(0.0); TERMS + 1]; T];
        let mut weight_sums = [[simd.splat(0.0); TERMS + 1]; M];
        for at in cluster.clone().step_by(4) {
            let until = (at + 4).min(cluster.end);
            let place = load_padded(simd, &x[at..until], x[at]);
            let value = load_padded(simd, &values[at..until], 0.0);
            let weight = load_padded(simd, &weights[at..until], 0.0);
            let offset = place - simd.splat(self.target);
            let distance = offset.max(-offset).div(simd.splat(self.sigma));
            let rest = distance - simd.splat(middle);
            let mut power = weight * simd.splat(self.sign);
            for k in 0..M {
                add_powers(&mut weight_sums[k], power, rest, terms);
                if k < T {
                    add_powers(&mut value_sums[k], power * value, rest, terms);
                }
                power = power * distance;
            }
        }
        let mut sums =
            ClusterSums { middle, terms, values: [[0.0; TERMS + 1]; T], weights: [[0.0; TERMS + 1]; M] };
        for (sums, lanes) in sums.values.iter_mut().zip(&value_sums) {
            sum_lanes(sums, lanes);
        }
        for (sums, lanes) in sums.weights.iter_mut().zip(&weight_sums) {
            sum_lanes(sums, lanes);
        }
        sums
    }
}

/// Up to four numbers, the rest filled up with `padding`.
#[inline(always)]
fn load_padded<S: Simd<f64, 4>>(simd: S, numbers: &[f64], padding: f64) -> S::V {
    if let Some(lanes) = numbers.first_chunk() {
        return simd.load(lanes);
    }
    let mut lanes = [padding; 4];
    for (lane, number) in lanes.iter_mut().zip(numbers) {
        *lane = *number;
    }
    simd.load(&lanes)
}

/// Adds `amount rest^n` to `sums[n]`, for `n` up to `terms`.
#[inline(always)]
fn add_powers<F: Vector<f64, 4>>(sums: &mut [F; TERMS + 1], mut amount: F, rest: F, terms: usize) {
    for sum in &mut sums[..=terms] {
        *sum = *sum + amount;
        amount = amount * rest;
    }
}

#[inline(always)]
fn sum_lanes<F: Vector<f64, 4>>(sums: &mut [f64; TERMS + 1], lanes: &[F; TERMS + 1]) {
    for (sum, lanes) in sums.iter_mut().zip(lanes) {
        *sum = lanes.sum();
    }
}
