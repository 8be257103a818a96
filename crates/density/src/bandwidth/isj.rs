//! The improved Sheather-Jones bandwidth of one axis.

use std::f64::consts::PI;

use crate::{DensityError, Points};

/// Bins, and how far they reach beyond the points on either side, in ranges of the points.
const BINS: usize = 1 << 12;
const MARGIN: f64 = 0.1;
/// Derivatives that the fixed point goes through.
const STAGES: i32 = 7;

/// The root of `t = xi gamma(t)`; the bandwidth is its square root, times the range.
pub(super) fn bandwidth(points: &Points<'_>, axis: usize) -> Result<f64, DensityError> {
    let mut values: Vec<(f64, f64)> = points
        .present()
        .filter(|point| point.2 > 0.0)
        .map(|(x, y, weight)| (if axis == 0 { x } else { y }, weight))
        .collect();
    values.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1)));
    let (Some(low), Some(high)) = (values.first(), values.last()) else { return Err(DensityError::NoPoints) };
    let extent = high.0 - low.0;
    let (start, range) = (low.0 - MARGIN * extent, extent * (1.0 + 2.0 * MARGIN));
    // Equal values say nothing about the width: the rule counts different ones.
    let different = 1 + values.windows(2).filter(|pair| pair[0].0 != pair[1].0).count();
    let total: f64 = values.iter().map(|value| value.1).sum();
    let mut bins = vec![0.0; BINS];
    for (value, weight) in &values {
        let place = (value - start) / range * BINS as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "from 0 to the number of bins"
        )]
        let bin = (place as usize).min(BINS - 1);
        bins[bin] += weight / total;
    }
    let spectrum: Vec<f64> = cosine_transform(&bins).into_iter().skip(1).map(|a| (0.5 * a).powi(2)).collect();
    let root =
        smallest_root(|t| fixed_point(t, different as f64, &spectrum)).ok_or(DensityError::NoBandwidth)?;
    Ok(root.sqrt() * range)
}

/// `t - xi gamma^[l](t)` of Botev et al., section 5; `spectrum` holds the squares of the halved coefficients.
fn fixed_point(t: f64, count: f64, spectrum: &[f64]) -> f64 {
    let norm = |order: i32, time: f64| {
        let term = |(index, square): (usize, &f64)| {
            let k2 = ((index + 1) as f64).powi(2);
            k2.powi(order) * square * (-k2 * PI * PI * time).exp()
        };
        2.0 * PI.powi(2 * order) * spectrum.iter().enumerate().map(term).sum::<f64>()
    };
    let mut f = norm(STAGES, t);
    for order in (2..STAGES).rev() {
        let odd: f64 = (0..order).map(|k| f64::from(2 * k + 1)).product();
        let constant = (1.0 + 0.5_f64.powf(f64::from(order) + 0.5)) / 3.0;
        let time = (2.0 * constant * odd / (count * (PI / 2.0).sqrt() * f))
            .powf(2.0 / (3.0 + 2.0 * f64::from(order)));
        f = norm(order, time);
    }
    t - (2.0 * count * PI.sqrt() * f).powf(-0.4)
}

/// Where `f` first goes from below 0 to above, to the last bits.
fn smallest_root(f: impl Fn(f64) -> f64) -> Option<f64> {
    let mut low = 1e-12;
    if f(low) > 0.0 {
        return None;
    }
    loop {
        let high = low * 1.6;
        if high > 0.1 {
            return None;
        }
        if f(high) > 0.0 {
            return Some(bisect(f, low, high));
        }
        low = high;
    }
}

fn bisect(f: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    for _ in 0..52 {
        let middle = 0.5 * (low + high);
        if f(middle) > 0.0 { high = middle } else { low = middle }
    }
    0.5 * (low + high)
}

/// `a_k = 2 sum_j bins_j cos(pi k (2 j + 1) / (2 n))`, by halving: Lee's recursion.
fn cosine_transform(bins: &[f64]) -> Vec<f64> {
    let mut values: Vec<f64> = bins.iter().map(|bin| 2.0 * bin).collect();
    let mut scratch = vec![0.0; values.len()];
    lee(&mut values, &mut scratch);
    values
}

fn lee(values: &mut [f64], scratch: &mut [f64]) {
    let n = values.len();
    if n == 1 {
        return;
    }
    let half = n / 2;
    for i in 0..half {
        let (a, b) = (values[i], values[n - 1 - i]);
        scratch[i] = a + b;
        scratch[half + i] = (a - b) / (2.0 * (PI * (i as f64 + 0.5) / n as f64).cos());
    }
    let (even, odd) = scratch.split_at_mut(half);
    let (low, high) = values.split_at_mut(half);
    lee(even, low);
    lee(odd, high);
    for i in 0..half {
        values[2 * i] = even[i];
        values[2 * i + 1] = odd[i] + odd.get(i + 1).copied().unwrap_or(0.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use hexad_testkit::{Random, assert_close};

    #[test]
    fn the_cosine_transform_is_its_sum() {
        let bins = Random::new(1).vector(64, 0.0, 1.0);
        let wanted: Vec<f64> = (0..64)
            .map(|k| {
                let term = |j: usize| 2.0 * bins[j] * (PI * k as f64 * (2 * j + 1) as f64 / 128.0).cos();
                (0..64).map(term).sum()
            })
            .collect();
        assert_close(&cosine_transform(&bins), &wanted, 1e-12);
    }
}
