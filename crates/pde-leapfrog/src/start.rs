//! The velocity half a step after the start.

use crate::arrays::Arrays;
use crate::equations::Equations;

/// How the velocity at dt / 2, where the scheme needs it, comes from what is known at the start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum Start {
    /// The velocity is given at dt / 2.
    Exact,
    /// `u - (dt / 2) (1 / rho) grad p`: the error at the start is of order dt^2, as that of the scheme.
    Taylor1,
    /// And the next term, `(dt^2 / 8) (1 / rho) grad (K div u)`.
    #[default]
    Taylor2,
    /// The velocity at time 0, and at the centres of the cells instead of the faces half a cell further: half a step
    /// late and half a cell off, as programs written with array slices often are. The scheme is of order 1 then.
    Naive,
}

/// Carries the velocity from time 0 to dt / 2; nothing to do for [`Start::Exact`] and [`Start::Naive`]. Sources are
/// silent until then.
pub(crate) fn half_step(equations: Equations<'_>, start: Start, arrays: &mut Arrays<f64>) {
    let mut at_quarter = match start {
        Start::Exact | Start::Naive => return,
        Start::Taylor1 | Start::Taylor2 => arrays.clone(),
    };
    if start == Start::Taylor2 {
        // grad p at dt / 4 is the mean of grad p until dt / 2, to the second order.
        for cell in arrays.cells() {
            let rate = equations.pressure_rate(cell);
            *at_quarter.pressure_mut(cell) -= 0.25 * rate * arrays.divergence(cell);
        }
    }
    for axis in arrays.axes.clone() {
        for face in arrays.faces(axis).filter(|face| at_quarter.moves(axis, *face)) {
            let rate = equations.velocity_rate(axis, face);
            *arrays.velocity_mut(axis, face) -= 0.5 * rate * at_quarter.pressure_difference(axis, face);
        }
    }
}
