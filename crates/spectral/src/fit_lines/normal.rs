//! The normal equations of the linearized model.

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};

use super::dirichlet::sums;
use super::model::{Model, PER_TONE, Tone};
use super::samples::Misfit;

/// Below this share of its own square, what a parameter does that the ones before it do not is lost in
/// rounding: the record does not tell them apart.
const SINGULAR: f64 = 1e-12;

/// `J^T J` of the derivatives J of a model, factored, in units of the lengths of the columns of J.
#[derive(Debug, Clone)]
pub(super) struct Normal {
    matrix: DMatrix<f64>,
    factor: Cholesky<f64, Dyn>,
    lengths: DVector<f64>,
}

impl Normal {
    /// None where the record does not tell the parameters apart.
    pub fn new(model: &Model, len: usize) -> Option<Self> {
        let mut matrix = products(model, len);
        let lengths = matrix.diagonal().map(f64::sqrt);
        if !lengths.iter().all(|length| *length > 0.0) {
            return None;
        }
        for (column, mut values) in matrix.column_iter_mut().enumerate() {
            values.component_div_assign(&lengths);
            values /= lengths[column];
        }
        let factor = Cholesky::new(matrix.clone())?;
        let resolved = factor.l_dirty().diagonal().iter().all(|pivot| pivot * pivot >= SINGULAR);
        resolved.then_some(Self { matrix, factor, lengths })
    }

    /// Newton's step with `damping` added to the diagonal; where the squares have no minimum in reach of it,
    /// that of Gauss and Newton, which leaves the second derivatives out.
    pub fn step(&self, misfit: &Misfit, damping: f64) -> Option<DVector<f64>> {
        let mut linear = self.matrix.clone();
        linear.fill_diagonal(1.0 + damping);
        let mut full = linear.clone();
        let first = self.lengths.len() - PER_TONE * misfit.bends.len();
        for (index, bends) in misfit.bends.iter().enumerate() {
            let at = first + PER_TONE * index;
            for (offset, bend) in bends.iter().enumerate() {
                full[(at + 2, at + offset)] -= bend / (self.lengths[at + 2] * self.lengths[at + offset]);
            }
        }
        let factor = Cholesky::new(full).or_else(|| Cholesky::new(linear))?;
        let scaled = misfit.gradient.component_div(&self.lengths);
        Some(factor.solve(&scaled).component_div(&self.lengths))
    }

    /// `(J^T J)^-1`.
    pub fn inverse(&self) -> DMatrix<f64> {
        let mut inverse = self.factor.inverse();
        for (column, mut values) in inverse.column_iter_mut().enumerate() {
            values.component_div_assign(&self.lengths);
            values /= self.lengths[column];
        }
        inverse
    }
}

/// The step to the amplitudes that fit best at the frequencies of `model`: 0 in all frequencies.
pub(super) fn step_of_amplitudes(model: &Model, gradient: &DVector<f64>, len: usize) -> Option<Vec<f64>> {
    let is_amplitude = |&at: &usize| at < model.first_tone() || (at - model.first_tone()) % PER_TONE != 2;
    let amplitudes: Vec<usize> = (0..model.parameters()).filter(is_amplitude).collect();
    let matrix = products(model, len).select_rows(&amplitudes).select_columns(&amplitudes);
    let best = Cholesky::new(matrix)?.solve(&gradient.select_rows(&amplitudes));
    let mut step = vec![0.0; model.parameters()];
    for (at, value) in amplitudes.iter().zip(&best) {
        step[*at] = *value;
    }
    Some(step)
}

/// The products of the columns of J, the lower triangle. Functions that are even about the middle of the
/// record are orthogonal to odd ones; the others are sums of cosines.
fn products(model: &Model, len: usize) -> DMatrix<f64> {
    let mut matrix = DMatrix::zeros(model.parameters(), model.parameters());
    let first = model.first_tone();
    if model.constant.is_some() {
        matrix[(0, 0)] = len as f64;
    }
    for (i, one) in model.tones.iter().enumerate() {
        let row = first + PER_TONE * i;
        if model.constant.is_some() {
            let sums = sums(one.frequency, len);
            matrix[(row, 0)] = sums.cos;
            matrix[(row + 2, 0)] = -one.cos * sums.t_sin;
        }
        for (j, other) in model.tones[..=i].iter().enumerate() {
            matrix
                .fixed_view_mut::<3, 3>(row, first + PER_TONE * j)
                .copy_from(&block(one, other, len).into());
        }
    }
    matrix
}

/// The products of `cos w t`, `sin w t` and `t (sin cos w t - cos sin w t)` of two tones; columns are those of
/// `other`.
fn block(one: &Tone, other: &Tone, len: usize) -> [[f64; 3]; 3] {
    let minus = sums(one.frequency - other.frequency, len);
    let plus = sums(one.frequency + other.frequency, len);
    let cos_cos = 0.5 * (minus.cos + plus.cos);
    let sin_sin = 0.5 * (minus.cos - plus.cos);
    // A sine of the one tone times a cosine of the other, and the other way round.
    let t_sin_cos = 0.5 * (plus.t_sin + minus.t_sin);
    let t_cos_sin = 0.5 * (plus.t_sin - minus.t_sin);
    let t2_cos_cos = 0.5 * (minus.t2_cos + plus.t2_cos);
    let t2_sin_sin = 0.5 * (minus.t2_cos - plus.t2_cos);
    [
        [cos_cos, 0.0, -one.cos * t_sin_cos],
        [0.0, sin_sin, one.sin * t_cos_sin],
        [
            -other.cos * t_cos_sin,
            other.sin * t_sin_cos,
            one.cos * other.cos * t2_sin_sin + one.sin * other.sin * t2_cos_cos,
        ],
    ]
}
