//! Steps of the gates from a table: neither an exponential nor a division stands between one V and the next.

use crate::integrators::crank_nicolson_gates;
use crate::model::Membrane;
use crate::state::{PHYSICAL_RANGE_MV, State};

/// Coefficients of a polynomial of fifth degree.
type Polynomial = [f64; 6];

/// The gates' step by Crank and Nicolson over V: `x' = x + opening - closing x`, where
/// `opening = alpha dt / (1 + (alpha + beta) dt / 2)` and `closing = (alpha + beta) dt / (1 + (alpha + beta) dt / 2)`.
///
/// Both are polynomials within cells of V, and a cell is made when V first comes there, so that a table costs what it
/// is used for. Outside the physical range the formulas themselves are taken.
#[derive(Debug)]
pub(crate) struct GateTable<'a> {
    membrane: &'a Membrane,
    dt_ms: f64,
    cells_per_mv: f64,
    reach_mv: f64,
    cells: Vec<Cell>,
}

/// The polynomials of both coefficients for m, h and n, in mV from the centre.
#[derive(Debug, Clone, Copy)]
struct Cell {
    /// Not a number until the cell is made, so that no V is near it.
    centre_mv: f64,
    opening: [Polynomial; 3],
    closing: [Polynomial; 3],
}

impl<'a> GateTable<'a> {
    /// Cells per scale of the steepest rate. A cell reaches a twentieth of a scale; of what changes e-fold in s mV, its
    /// polynomial leaves out `(reach / s)^6 / (6! 2^5)`. With the classic rates s is 6.4 mV at worst, and that is 1e-11.
    const CELLS_PER_SCALE: f64 = 15.0;
    /// How far from its centre a cell holds, in cells: more than half of one, for V is only foretold.
    const REACH: f64 = 0.75;
    /// Rates so steep that there would be more do without a table.
    const MOST_CELLS: f64 = 16_384.0;

    pub fn new(membrane: &'a Membrane, dt_ms: f64) -> Self {
        let scales = membrane.model.rates.iter().map(|rate| rate.scale_mv.abs());
        let cells_per_mv = Self::CELLS_PER_SCALE / scales.fold(f64::INFINITY, f64::min);
        let count = ((PHYSICAL_RANGE_MV.1 - PHYSICAL_RANGE_MV.0) * cells_per_mv).ceil();
        let count = if count <= Self::MOST_CELLS { count } else { 0.0 };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a count, checked")]
        let cells = vec![Cell::NOT_MADE; count as usize];
        Self { membrane, dt_ms, cells_per_mv, reach_mv: Self::REACH / cells_per_mv, cells }
    }

    /// The gates of `state` a step later, `v_mv` being V in the middle of the step. `near_mv` says where V is about to
    /// be and is known before it, so that the search for a cell is not waited for.
    #[inline(always)]
    pub fn step(&mut self, state: &State, v_mv: f64, near_mv: f64) -> State {
        if let Some(cell) = self.cells.get(self.place(near_mv))
            && (v_mv - cell.centre_mv).abs() <= self.reach_mv
        {
            return cell.step(state, v_mv);
        }
        self.step_elsewhere(*state, v_mv)
    }

    #[cold]
    fn step_elsewhere(&mut self, state: State, v_mv: f64) -> State {
        let place = self.place(v_mv);
        let in_range = v_mv >= PHYSICAL_RANGE_MV.0 && v_mv <= PHYSICAL_RANGE_MV.1;
        let Some(cell) = self.cells.get_mut(place).filter(|_| in_range) else {
            return crank_nicolson_gates(self.membrane, &state, v_mv, self.dt_ms);
        };
        if cell.centre_mv.is_nan() {
            let centre_mv = PHYSICAL_RANGE_MV.0 + (place as f64 + 0.5) / self.cells_per_mv;
            *cell = Cell::new(self.membrane, self.dt_ms, centre_mv, self.reach_mv);
        }
        cell.step(&state, v_mv)
    }

    #[inline(always)]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "rounding down, to 0 at least"
    )]
    fn place(&self, v_mv: f64) -> usize {
        ((v_mv - PHYSICAL_RANGE_MV.0) * self.cells_per_mv) as usize
    }
}

impl Cell {
    const NOT_MADE: Self = Self { centre_mv: f64::NAN, opening: [[0.0; 6]; 3], closing: [[0.0; 6]; 3] };

    fn new(membrane: &Membrane, dt_ms: f64, centre_mv: f64, reach_mv: f64) -> Self {
        let mut values = [[0.0; 6]; 6];
        for (node, place) in NODES.iter().enumerate() {
            let coefficients = coefficients(membrane, dt_ms, centre_mv + place * reach_mv);
            for (values, coefficient) in values.iter_mut().zip(coefficients) {
                values[node] = coefficient;
            }
        }
        let [om, cm, oh, ch, on, cn] = values.map(|values| through(values, 1.0 / reach_mv));
        Self { centre_mv, opening: [om, oh, on], closing: [cm, ch, cn] }
    }

    #[inline(always)]
    fn step(&self, state: &State, v_mv: f64) -> State {
        let x = v_mv - self.centre_mv;
        let (x2, x4) = (x * x, (x * x) * (x * x));
        let gate = |which: usize, gate: f64| {
            // The gate is known before V: its share of each coefficient is not waited for.
            let (opening, closing) = (&self.opening[which], &self.closing[which]);
            let c = |power: usize| opening[power] - closing[power] * gate;
            gate + (((c(0) + c(1) * x) + x2 * (c(2) + c(3) * x)) + x4 * (c(4) + c(5) * x))
        };
        State { m: gate(0, state.m), h: gate(1, state.h), n: gate(2, state.n), ..*state }
    }
}

/// Opening and closing of m, of h and of n at `v_mv`.
fn coefficients(membrane: &Membrane, dt_ms: f64, v_mv: f64) -> [f64; 6] {
    let [am, bm, ah, bh, an, bn] = membrane.rates.at(v_mv);
    let gate = |alpha: f64, beta: f64| {
        let scale = dt_ms / (1.0 + 0.5 * dt_ms * (alpha + beta));
        [alpha * scale, (alpha + beta) * scale]
    };
    let ([om, cm], [oh, ch], [on, cn]) = (gate(am, bm), gate(ah, bh), gate(an, bn));
    [om, cm, oh, ch, on, cn]
}

/// Squares of the nodes: `(2 - sqrt 3) / 4`, `1 / 2` and `(2 + sqrt 3) / 4`.
const SQUARES: [f64; 3] = [0.066_987_298_107_780_68, 0.5, 0.933_012_701_892_219_3];

/// Chebyshev's nodes: `cos(pi (2 k + 1) / 12)`, by size, each before its negative.
const NODES: Polynomial = [
    0.258_819_045_102_520_76,
    -0.258_819_045_102_520_76,
    std::f64::consts::FRAC_1_SQRT_2,
    -std::f64::consts::FRAC_1_SQRT_2,
    0.965_925_826_289_068_3,
    -0.965_925_826_289_068_3,
];

/// The polynomial of `x / unit` through `values` at the nodes, `scale` being one over the unit.
fn through(values: [f64; 6], scale: f64) -> Polynomial {
    let (mut even, mut odd) = ([0.0; 3], [0.0; 3]);
    for pair in 0..3 {
        let (right, left) = (values[2 * pair], values[2 * pair + 1]);
        even[pair] = 0.5 * (right + left);
        odd[pair] = 0.5 * (right - left) / NODES[2 * pair];
    }
    let ([c0, c2, c4], [c1, c3, c5]) = (parabola(even), parabola(odd));
    let (mut polynomial, mut power) = ([c0, c1, c2, c3, c4, c5], 1.0);
    for coefficient in &mut polynomial {
        *coefficient *= power;
        power *= scale;
    }
    polynomial
}

/// The parabola through `values` at [`SQUARES`], by Newton's divided differences.
fn parabola([near, middle, far]: [f64; 3]) -> [f64; 3] {
    let [a, b, c] = SQUARES;
    let slope = (middle - near) * (1.0 / (b - a));
    let curvature = ((far - middle) * (1.0 / (c - b)) - slope) * (1.0 / (c - a));
    [near - a * slope + a * b * curvature, slope - (a + b) * curvature, curvature]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::Model;
    use crate::rates::Rate;

    fn models() -> [Model; 3] {
        let warm = Model::classic().at_temperature(30.0, 6.3, 3.0).unwrap();
        [Model::classic(), Model::traub_miles(), warm]
    }

    /// By how much a cell is off at `v_mv`, as a share of each coefficient itself.
    fn errors(model: &Model, dt_ms: f64, cell: &Cell, v_mv: f64) -> [f64; 6] {
        let rates = model.rates.map(|rate| model.rate_factor * rate.at(v_mv));
        let x = v_mv - cell.centre_mv;
        let mut errors = [0.0; 6];
        for gate in 0..3 {
            let (alpha, beta) = (rates[2 * gate], rates[2 * gate + 1]);
            let scale = dt_ms / (1.0 + 0.5 * dt_ms * (alpha + beta));
            let wanted = [alpha * scale, (alpha + beta) * scale];
            for (which, polynomial) in [cell.opening[gate], cell.closing[gate]].into_iter().enumerate() {
                let got = polynomial.iter().rev().fold(0.0, |sum, c| sum * x + c);
                errors[2 * gate + which] = (got / wanted[which] - 1.0).abs();
            }
        }
        errors
    }

    #[test]
    fn the_coefficients_are_right_to_1e_11_over_the_whole_physical_range() {
        for model in models() {
            let membrane = Membrane::new(&model).unwrap();
            for dt_ms in [1e-4, 0.01, 0.025, 0.2] {
                let table = GateTable::new(&membrane, dt_ms);
                for place in 0..table.cells.len() {
                    let centre_mv = PHYSICAL_RANGE_MV.0 + (place as f64 + 0.5) / table.cells_per_mv;
                    let cell = Cell::new(&membrane, dt_ms, centre_mv, table.reach_mv);
                    for within in -8..=8 {
                        let v_mv = centre_mv + f64::from(within) / 8.0 * table.reach_mv;
                        // What the polynomial leaves out; below it the 4e-13 of the rates themselves.
                        let errors = errors(&model, dt_ms, &cell, v_mv);
                        assert!(errors.iter().all(|error| *error < 1e-11), "{v_mv} mV: {errors:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn polynomials_go_through_their_values() {
        let wanted = [3.0, -1.0, 0.5, 2.0, -4.0, 7.0];
        let values = NODES.map(|x| wanted.iter().rev().fold(0.0, |sum, c| sum * x + c));
        for (power, (got, wanted)) in through(values, 0.5).into_iter().zip(wanted).enumerate() {
            // Differences of nodes magnify a rounding of values up to 17 by 4 and 4 again.
            assert!((got * f64::from(1 << power) - wanted).abs() < 300.0 * f64::EPSILON, "{power}: {got}");
        }
    }

    proptest! {
        #[test]
        fn a_step_is_that_of_the_formulas_whatever_was_foretold(
            v_mv in -260.0..180.0_f64,
            gates in [0.0..1.0, 0.0..1.0, 0.0..1.0_f64],
            astray_mv in prop::collection::vec(-400.0..400.0_f64, 6),
            which in 0..3_usize,
            dt_ms in 1e-4..0.2_f64,
        ) {
            let membrane = Membrane::new(&models()[which]).unwrap();
            let mut table = GateTable::new(&membrane, dt_ms);
            let [m, h, n] = gates;
            let state = State { v_mv: -65.0, m, h, n };
            let wanted = crank_nicolson_gates(&membrane, &state, v_mv, dt_ms);
            for astray_mv in astray_mv.into_iter().chain([0.0, 0.1, -0.1, f64::NAN, f64::INFINITY]) {
                let got = table.step(&state, v_mv, v_mv + astray_mv);
                prop_assert_eq!(got.v_mv, state.v_mv);
                for (got, wanted) in [(got.m, wanted.m), (got.h, wanted.h), (got.n, wanted.n)] {
                    // Both coefficients are below 2.
                    prop_assert!((got - wanted).abs() < 4e-11, "{} {}", got, wanted);
                }
            }
        }
    }

    #[test]
    fn the_formulas_are_taken_outside_the_physical_range_and_for_rates_too_steep() {
        let mut steep = Model::classic();
        steep.rates[3] = Rate::sigmoid(1.0, -35.0, 1e-9);
        for (model, voltages) in
            [(Model::classic(), [-400.0, -200.1, 120.1, 300.0]), (steep, [-90.0, -35.0, 0.0, 50.0])]
        {
            let membrane = Membrane::new(&model).unwrap();
            let mut table = GateTable::new(&membrane, 0.01);
            for v_mv in voltages {
                let state = State { v_mv, ..State::QUESTION };
                let wanted = crank_nicolson_gates(&membrane, &state, v_mv, 0.01);
                assert_eq!(table.step(&state, v_mv, v_mv), wanted, "{v_mv}");
            }
        }
    }
}
