//! From kernel sums to the smooth: weighted least squares with a polynomial about the output's x.
//!
//! With `u_j = (x_j - x) / sigma`, kernel weights `w_j` and sample weights `m_j`, the polynomial
//! `sum_k beta_k u^k` that minimizes `sum_j w_j m_j (y_j - p(u_j))^2` follows from the sums
//! `M_k = sum w m u^k` (`k <= 2 degree`) and `T_k = sum w m y u^k` (`k <= degree`); the derivative of
//! order `d` is `d! beta_d / sigma^d` (Fan and Gijbels 1996, section 3.1).

use nalgebra::{SMatrix, SVector};

use crate::options::MAX_DERIVATIVE;

/// Sums of weights needed by the highest degree.
pub(crate) const MAX_MOMENTS: usize = 2 * MAX_DERIVATIVE + 1;

/// Below this share of the largest possible determinant the samples in reach count as standing at one
/// place, and a line cannot be fitted.
pub(crate) const SINGULAR: f64 = 1e-10;

/// Kernel sums at one output.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct KernelSums {
    /// `M_k = sum_j w_j m_j u_j^k`.
    pub weights: [f64; MAX_MOMENTS],
    /// `T_k = sum_j w_j m_j y_j u_j^k`.
    pub values: [f64; MAX_DERIVATIVE + 1],
    /// `Q_k = sum_j w_j^2 m_j u_j^k`, for the standard error.
    pub squares: [f64; 3],
}

/// The fitted derivative of order `derivative` per `sigma^derivative`; NaN where the samples present do
/// not determine it. Where a line is not determined, the value falls back to the mean.
pub(crate) fn solve(sums: &KernelSums, degree: usize, derivative: usize) -> f64 {
    let KernelSums { weights: m, values: t, .. } = sums;
    if m[0].is_nan() || m[0] <= 0.0 {
        return f64::NAN;
    }
    match (degree, derivative) {
        (0, _) => t[0] / m[0],
        (1, _) => {
            let determinant = m[0] * m[2] - m[1] * m[1];
            match (determinant > SINGULAR * m[0] * m[2], derivative) {
                (true, 0) => (t[0] * m[2] - t[1] * m[1]) / determinant,
                (true, _) => (t[1] * m[0] - t[0] * m[1]) / determinant,
                (false, 0) => t[0] / m[0],
                (false, _) => f64::NAN,
            }
        }
        (2, _) => solve_polynomial::<3>(sums, derivative),
        _ => solve_polynomial::<4>(sums, derivative),
    }
}

/// Normal equations of degree `N - 1`, scaled to a unit diagonal.
fn solve_polynomial<const N: usize>(sums: &KernelSums, derivative: usize) -> f64 {
    let scale = SVector::<f64, N>::from_fn(|k, _| sums.weights[2 * k].sqrt().recip());
    let matrix = SMatrix::<f64, N, N>::from_fn(|i, j| sums.weights[i + j] * scale[i] * scale[j]);
    let right = SVector::<f64, N>::from_fn(|i, _| sums.values[i] * scale[i]);
    let Some(factor) = matrix.cholesky() else { return f64::NAN };
    let pivots = factor.l_dirty().diagonal();
    if pivots.iter().any(|pivot| pivot * pivot < SINGULAR) {
        return f64::NAN;
    }
    let factorial: f64 = (1..=derivative).map(|k| k as f64).product();
    factor.solve(&right)[derivative] * scale[derivative] * factorial
}

/// Standard error over the residual standard deviation, and the effective number of samples
/// `(sum w m)^2 / sum w^2 m` (Kish 1965), at an output fitted with degree 0 or 1.
pub(crate) fn spread(sums: &KernelSums, degree: usize) -> (f64, f64) {
    let KernelSums { weights: m, squares: q, .. } = sums;
    let effective_n = m[0] * m[0] / q[0];
    let determinant = m[0] * m[2] - m[1] * m[1];
    let variance = if degree == 0 || determinant <= SINGULAR * m[0] * m[2] {
        q[0] / (m[0] * m[0])
    } else {
        (m[2] * m[2] * q[0] - 2.0 * m[1] * m[2] * q[1] + m[1] * m[1] * q[2]) / (determinant * determinant)
    };
    (variance.max(0.0).sqrt(), effective_n)
}

/// Weight of the sample itself in its own output, per unit of its sample weight: `w(0)` is 1.
pub(crate) fn own_share(sums: &KernelSums, degree: usize) -> f64 {
    let m = &sums.weights;
    let determinant = m[0] * m[2] - m[1] * m[1];
    if degree == 0 || determinant <= SINGULAR * m[0] * m[2] { 1.0 / m[0] } else { m[2] / determinant }
}
