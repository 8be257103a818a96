//! Whether a neuron that rests stays at rest.

use hexad_core::{InputError, check_positive};

use crate::direct;
use crate::model::Model;
use crate::state::State;

/// The least current from 0 to `up_to`, in uA/cm2, at which the neuron's resting state loses its stability: raised
/// slowly to there, the current makes it fire. `None` if it does not by then.
///
/// A current that is switched on may make it fire on below: between there and here the neuron does either, as it came.
///
/// ```
/// use hexad_neuro_hh::{Model, rest_loses_stability};
/// let current = rest_loses_stability(&Model::classic(), 50.0)?;
/// assert!((current.unwrap() - 9.78).abs() < 0.01);
/// # Ok::<(), hexad_core::InputError>(())
/// ```
///
/// # Errors
///
/// [`InputError`] unless `up_to` is finite and positive.
///
/// # References
///
/// B. Hassard, J. Theor. Biol. 71:401, 1978; J. Rinzel and R. N. Miller, Math. Biosci. 49:27, 1980.
pub fn rest_loses_stability(model: &Model, up_to: f64) -> Result<Option<f64>, InputError> {
    const STEPS: u32 = 500;
    check_positive("up_to", up_to)?;
    let at = |step: u32| up_to * f64::from(step) / f64::from(STEPS);
    let Some(first) = (0..=STEPS).find(|step| !rests_stably(model, at(*step))) else { return Ok(None) };
    let (mut low, mut high) = (at(first.saturating_sub(1)), at(first));
    for _ in 0..40 {
        let middle = 0.5 * (low + high);
        if rests_stably(model, middle) { low = middle } else { high = middle }
    }
    Ok(Some(high))
}

/// Whether all eigenvalues of the linearized equations at rest have negative real parts: Routh and Hurwitz' conditions.
fn rests_stably(model: &Model, current: f64) -> bool {
    let [a3, a2, a1, a0] = characteristic(&jacobian(model, &model.resting_state_at(current), current));
    a3 > 0.0 && a1 > 0.0 && a0 > 0.0 && a3 * a2 * a1 > a1 * a1 + a3 * a3 * a0
}

type Matrix = [[f64; 4]; 4];

/// How the change of V, m, h, n depends on each of them, by central differences.
fn jacobian(model: &Model, state: &State, current: f64) -> Matrix {
    const STEP: f64 = 1e-5;
    let mut matrix = [[0.0; 4]; 4];
    for (column, unit) in UNITS.iter().enumerate() {
        let rate = |step| direct::derivative(model, &state.plus(step, unit), current);
        let (before, after) = (rate(-STEP), rate(STEP));
        let change = [after.v_mv - before.v_mv, after.m - before.m, after.h - before.h, after.n - before.n];
        for (row, change) in change.into_iter().enumerate() {
            matrix[row][column] = change / (2.0 * STEP);
        }
    }
    matrix
}

const UNITS: [State; 4] = [
    State { v_mv: 1.0, m: 0.0, h: 0.0, n: 0.0 },
    State { v_mv: 0.0, m: 1.0, h: 0.0, n: 0.0 },
    State { v_mv: 0.0, m: 0.0, h: 1.0, n: 0.0 },
    State { v_mv: 0.0, m: 0.0, h: 0.0, n: 1.0 },
];

/// The coefficients of x^3, x^2, x and 1 of the characteristic polynomial, by Faddeev and Le Verrier.
fn characteristic(matrix: &Matrix) -> [f64; 4] {
    let (mut power, mut coefficients) = (*matrix, [0.0; 4]);
    for (index, divisor) in [1.0, 2.0, 3.0, 4.0].into_iter().enumerate() {
        let trace: f64 = (0..4).map(|i| power[i][i]).sum();
        coefficients[index] = -trace / divisor;
        for (i, row) in power.iter_mut().enumerate() {
            row[i] += coefficients[index];
        }
        power = product(matrix, &power);
    }
    coefficients
}

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    let entry = |row: usize, column: usize| (0..4).map(|k| a[row][k] * b[k][column]).sum();
    std::array::from_fn(|row| std::array::from_fn(|column| entry(row, column)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_current_is_where_an_eigenvalue_crosses_whatever_the_temperature() {
        // NumPy 2.4: eigenvalues along the curve of rest; the differences of both Jacobians are good to 1e-6.
        for (celsius, wanted) in [(6.3, 9.775_438), (15.0, 14.658_502), (18.5, 18.559_826)] {
            let model = Model::classic().at_temperature(celsius, 6.3, 3.0).unwrap();
            let current = rest_loses_stability(&model, 50.0).unwrap().unwrap();
            assert!((current - wanted).abs() < 1e-5, "{celsius} C: {current}");
        }
    }

    #[test]
    fn a_characteristic_polynomial_has_the_eigenvalues_as_roots() {
        // Triangular: the eigenvalues are 1, 2, 3 and 4.
        let matrix =
            [[1.0, 5.0, -2.0, 7.0], [0.0, 2.0, 3.0, 1.0], [0.0, 0.0, 3.0, 4.0], [0.0, 0.0, 0.0, 4.0]];
        assert_eq!(characteristic(&matrix), [-10.0, 35.0, -50.0, 24.0]);
    }
}
