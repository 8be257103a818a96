//! The first discrete prolate spheroidal sequence.

use std::f64::consts::TAU;

/// `len` samples, the peak 1, of the sequence of `len + 1` (periodic) with half bandwidth `half_bandwidth`.
///
/// It is the eigenvector of the largest eigenvalue of a tridiagonal matrix (Slepian 1978, eq. 14). Just
/// above that eigenvalue the shifted matrix is definite, so that inverse iteration needs no pivots.
pub(super) fn samples(len: usize, half_bandwidth: f64) -> Vec<f64> {
    let size = len + 1;
    let cosine = (TAU * half_bandwidth / size as f64).cos();
    // From -1 to 1 instead of samples: the eigenvector does not change with the scale.
    let scale = size as f64;
    let diagonal: Vec<f64> =
        (0..size).map(|t| (0.5 * (len as f64 - 2.0 * t as f64) / scale).powi(2) * cosine).collect();
    let beside: Vec<f64> = (1..size).map(|t| 0.5 * t as f64 * (size - t) as f64 / (scale * scale)).collect();
    let shift = above_largest_eigenvalue(&diagonal, &beside);
    let mut vector = vec![1.0; size];
    let mut work = vec![0.0; size];
    for _ in 0..6 {
        solve_shifted(&diagonal, &beside, shift, &mut vector, &mut work);
        let peak = vector.iter().fold(0.0_f64, |peak, value| peak.max(value.abs()));
        vector.iter_mut().for_each(|value| *value = value.abs() / peak);
    }
    vector.truncate(len);
    vector
}

/// The largest eigenvalue to rounding, from above, by bisection: a shift is above it if all pivots of the
/// shifted matrix are negative (Sylvester's law of inertia).
fn above_largest_eigenvalue(diagonal: &[f64], beside: &[f64]) -> f64 {
    let is_above = |shift: f64| {
        let mut pivot = diagonal[0] - shift;
        let next = |(d, b): (&f64, &f64)| {
            pivot = d - shift - b * b / pivot;
            pivot < 0.0
        };
        diagonal[0] < shift && diagonal[1..].iter().zip(beside).all(next)
    };
    let (mut below, mut above) = (-2.0, 2.0);
    for _ in 0..60 {
        let middle = 0.5 * (below + above);
        if is_above(middle) { above = middle } else { below = middle }
    }
    above
}

/// Replaces `vector` by the solution of `(T - shift) z = vector`, by elimination without pivoting.
fn solve_shifted(diagonal: &[f64], beside: &[f64], shift: f64, vector: &mut [f64], pivots: &mut [f64]) {
    let last = diagonal.len() - 1;
    pivots[0] = diagonal[0] - shift;
    for i in 1..=last {
        let factor = beside[i - 1] / pivots[i - 1];
        pivots[i] = diagonal[i] - shift - factor * beside[i - 1];
        vector[i] -= factor * vector[i - 1];
    }
    vector[last] /= pivots[last];
    for i in (0..last).rev() {
        vector[i] = (vector[i] - beside[i] * vector[i + 1]) / pivots[i];
    }
}
