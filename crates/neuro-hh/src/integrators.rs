//! Steps in time.

use crate::error::NeuroError;
use crate::math::{exp, linoid};
use crate::model::Membrane;
use crate::state::State;

/// How a neuron is stepped in time.
///
/// Spikes that arrive inside a step split it, so that every order holds under bombardment; in the staggered scheme
/// they are placed inside it instead.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
#[non_exhaustive]
pub enum Integrator {
    /// Forward Euler, order 1: the question's.
    Euler,
    /// The classic Runge-Kutta scheme, order 4.
    Rk4,
    /// Half a step of V, a step of the gates, half a step of V, each solved exactly: order 2, stable for any step.
    Strang,
    /// V at whole and gates at half steps, both by Crank and Nicolson: order 2, the scheme of populations.
    #[default]
    Staggered,
    /// V and gates relax exponentially with what they were at the start of the step: order 1, stable for any step.
    Exponential,
    /// Runge-Kutta with the step halved until spike times stand still within `tolerance_ms`.
    Auto {
        /// Largest error of a spike time, in ms.
        tolerance_ms: f64,
    },
}

impl Integrator {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Euler => "euler",
            Self::Rk4 => "rk4",
            Self::Strang => "strang",
            Self::Staggered => "staggered",
            Self::Exponential => "exponential",
            Self::Auto { .. } => "auto",
        }
    }

    /// By what power of dt its error falls.
    #[must_use]
    pub fn order(&self) -> u32 {
        match self {
            Self::Euler | Self::Exponential => 1,
            Self::Strang | Self::Staggered => 2,
            Self::Rk4 | Self::Auto { .. } => 4,
        }
    }

    /// The longest safe step for `membrane`, in ms: what the stiffest moment of an action potential allows.
    ///
    /// Euler and Runge-Kutta amplify what relaxes at a rate of more than 2 / dt and 2.785 / dt (their intervals on the
    /// negative real axis); in the staggered scheme gates that relax faster than 2 / dt overshoot.
    pub(crate) fn largest_step_ms(&self, membrane: &Membrane) -> f64 {
        self.largest_step_at(&Stiffness::of_a_spike(membrane))
    }

    fn largest_step_at(&self, stiffest: &Stiffness) -> f64 {
        match self {
            Self::Euler => 2.0 / stiffest.any_per_ms,
            Self::Rk4 | Self::Auto { .. } => 2.785 / stiffest.any_per_ms,
            Self::Staggered => 2.0 / stiffest.gates_per_ms,
            Self::Strang | Self::Exponential => f64::INFINITY,
        }
    }

    pub(crate) fn check_step(&self, membrane: &Membrane, dt_ms: f64) -> Result<(), NeuroError> {
        // Soon told for most steps, without a spike to look at.
        if dt_ms <= self.largest_step_at(&Stiffness::at_most(membrane)) {
            return Ok(());
        }
        let largest_ms = self.largest_step_ms(membrane);
        if dt_ms <= largest_ms {
            return Ok(());
        }
        Err(NeuroError::UnstableStep { integrator: self.name(), dt_ms, largest_ms })
    }
}

/// The fastest relaxations met during an action potential.
struct Stiffness {
    gates_per_ms: f64,
    any_per_ms: f64,
}

impl Stiffness {
    /// A bound of [`Stiffness::of_a_spike`]: V is drawn toward the reversal potentials, every rate rises or falls with V
    /// all along, and no conductance exceeds its largest.
    fn at_most(membrane: &Membrane) -> Self {
        let model = &membrane.model;
        let lowest_mv = model.e_k_mv.min(model.e_l_mv).min(model.e_na_mv);
        let highest_mv = model.e_k_mv.max(model.e_l_mv).max(model.e_na_mv) + Self::KICK_MV;
        let ends = [lowest_mv, highest_mv].map(|v_mv| membrane.rates.at(v_mv));
        let gate =
            |gate: usize| (2 * gate..2 * gate + 2).map(|rate| ends[0][rate].max(ends[1][rate])).sum::<f64>();
        let gates_per_ms = gate(0).max(gate(1)).max(gate(2));
        let conductance = model.g_na_ms_cm2 + model.g_k_ms_cm2 + model.g_l_ms_cm2;
        Self { gates_per_ms, any_per_ms: gates_per_ms.max(conductance * membrane.per_capacitance) }
    }

    /// Makes every membrane spike that can.
    const KICK_MV: f64 = 40.0;

    fn of_a_spike(membrane: &Membrane) -> Self {
        let mut state = membrane.model.resting_state().jumped(Self::KICK_MV);
        let (mut gates_per_ms, mut any_per_ms) = (0.0_f64, 0.0_f64);
        for _ in 0..400 {
            let [am, bm, ah, bh, an, bn] = membrane.rates.at(state.v_mv);
            gates_per_ms = gates_per_ms.max(am + bm).max(ah + bh).max(an + bn);
            any_per_ms = any_per_ms.max(gates_per_ms).max(membrane.linear(&state, 0.0).0);
            state = strang(membrane, &state, 0.02, 0.0);
        }
        Self { gates_per_ms, any_per_ms }
    }
}

/// A current during a step: at its start, middle and end, in uA/cm2.
#[derive(Debug, Clone, Copy)]
pub(crate) struct StepCurrent {
    pub start: f64,
    pub middle: f64,
    pub end: f64,
}

/// One step of `dt_ms` of an integrator that keeps V and gates at the same times.
#[inline]
pub(crate) fn advance(
    integrator: Integrator,
    membrane: &Membrane,
    state: &State,
    dt_ms: f64,
    current: &StepCurrent,
) -> State {
    match integrator {
        Integrator::Euler => state.plus(dt_ms, &membrane.derivative(state, current.start)),
        Integrator::Strang => strang(membrane, state, dt_ms, current.middle),
        Integrator::Exponential => exponential(membrane, state, dt_ms, current.start),
        _ => rk4(membrane, state, dt_ms, current),
    }
}

pub(crate) fn rk4(membrane: &Membrane, state: &State, dt_ms: f64, current: &StepCurrent) -> State {
    let k1 = membrane.derivative(state, current.start);
    let k2 = membrane.derivative(&state.plus(0.5 * dt_ms, &k1), current.middle);
    let k3 = membrane.derivative(&state.plus(0.5 * dt_ms, &k2), current.middle);
    let k4 = membrane.derivative(&state.plus(dt_ms, &k3), current.end);
    let outer = state.plus(dt_ms / 6.0, &k1).plus(dt_ms / 6.0, &k4);
    outer.plus(dt_ms / 3.0, &k2).plus(dt_ms / 3.0, &k3)
}

fn strang(membrane: &Membrane, state: &State, dt_ms: f64, current: f64) -> State {
    let half = relax_v(membrane, state, 0.5 * dt_ms, current);
    relax_v(membrane, &relax_gates(membrane, &half, dt_ms), 0.5 * dt_ms, current)
}

fn exponential(membrane: &Membrane, state: &State, dt_ms: f64, current: f64) -> State {
    let gates = relax_gates(membrane, state, dt_ms);
    State { v_mv: relax_v(membrane, state, dt_ms, current).v_mv, ..gates }
}

/// V after `dt_ms` with the gates held.
#[inline]
fn relax_v(membrane: &Membrane, state: &State, dt_ms: f64, current: f64) -> State {
    let (conductance, driven) = membrane.linear(state, current);
    let z = conductance * dt_ms;
    let [e] = exp([-z]);
    // (1 - exp(-z)) / z = 1 / linoid(z), which is whole at z = 0.
    State { v_mv: state.v_mv + dt_ms * (driven - conductance * state.v_mv) / linoid(z, e), ..*state }
}

/// The gates after `dt_ms` with V held.
#[inline]
fn relax_gates(membrane: &Membrane, state: &State, dt_ms: f64) -> State {
    let [am, bm, ah, bh, an, bn] = membrane.rates.at(state.v_mv);
    let z = [(am + bm) * dt_ms, (ah + bh) * dt_ms, (an + bn) * dt_ms];
    let e = exp([-z[0], -z[1], -z[2]]);
    State {
        m: state.m + (am * dt_ms - z[0] * state.m) / linoid(z[0], e[0]),
        h: state.h + (ah * dt_ms - z[1] * state.h) / linoid(z[1], e[1]),
        n: state.n + (an * dt_ms - z[2] * state.n) / linoid(z[2], e[2]),
        ..*state
    }
}

/// The gates after `dt_ms` by Crank and Nicolson, `v_mv` being V in the middle of the step.
#[inline]
pub(crate) fn crank_nicolson_gates(membrane: &Membrane, state: &State, v_mv: f64, dt_ms: f64) -> State {
    crank_nicolson(state, membrane.rates.parts_at(v_mv), dt_ms)
}

/// From this height on a jump makes the gates take the mean of the rates, which holds the order, and not the rate of
/// the mean V, which is cheaper: below, the difference is under 2 % of a rate in one step.
pub(crate) const LARGE_JUMP_MV: f64 = 4.0;

/// As [`crank_nicolson_gates`], V jumping at places within the step, from 0 to 1 and in order; `v_mv` is V in its
/// middle, after the jumps before it.
pub(crate) fn crank_nicolson_gates_among(
    membrane: &Membrane,
    state: &State,
    v_mv: f64,
    dt_ms: f64,
    jumps: impl Iterator<Item = (f64, f64)> + Clone,
) -> State {
    if jumps.clone().all(|(_, jump_mv)| jump_mv.abs() < LARGE_JUMP_MV) {
        let share = |place: f64| if place < 0.5 { -place } else { 1.0 - place };
        let shift: f64 = jumps.map(|(place, jump_mv)| jump_mv * share(place)).sum();
        return crank_nicolson_gates(membrane, state, v_mv + shift, dt_ms);
    }
    let mut v_mv = v_mv - jumps.clone().filter(|(place, _)| *place < 0.5).map(|(_, jump)| jump).sum::<f64>();
    let (mut mean, mut at) = ([0.0; 6], 0.0);
    for (place, jump_mv) in jumps.chain([(1.0, 0.0)]) {
        for (mean, rate) in mean.iter_mut().zip(membrane.rates.at(v_mv)) {
            *mean += (place - at) * rate;
        }
        (v_mv, at) = (v_mv + jump_mv, place);
    }
    crank_nicolson(state, mean.map(|rate| (rate, 1.0)), dt_ms)
}

#[inline(always)]
fn crank_nicolson(state: &State, [am, bm, ah, bh, an, bn]: [(f64, f64); 6], dt_ms: f64) -> State {
    // Numerators and denominators, so that there is one division a gate.
    let gate = |x: f64, alpha: (f64, f64), beta: (f64, f64)| {
        let opening = dt_ms * (alpha.0 * beta.1);
        let sum = opening + dt_ms * (beta.0 * alpha.1);
        x + (opening - sum * x) / (alpha.1 * beta.1 + 0.5 * sum)
    };
    State { m: gate(state.m, am, bm), h: gate(state.h, ah, bh), n: gate(state.n, an, bn), ..*state }
}

/// Jumps inside a step of the staggered scheme, summed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Jumps {
    /// Their sum, in mV.
    pub total: f64,
    /// The sum of each times how far it lies behind the middle of the step, in steps.
    pub late: f64,
}

/// V after `dt_ms` by Crank and Nicolson, the gates of `state` being those in the middle of the step.
///
/// A jump at the fraction `a` of the step decays for the rest of it: `w (1 + z (a - 1/2)) / (1 + z / 2)`.
#[inline]
pub(crate) fn crank_nicolson_v(
    membrane: &Membrane,
    state: &State,
    dt_ms: f64,
    current: f64,
    jumps: &Jumps,
) -> f64 {
    let (model, State { v_mv, m, h, n }) = (&membrane.model, *state);
    let scale = dt_ms * membrane.per_capacitance;
    let driven_mv = v_mv - jumps.late;
    // The gates come last in every sum and product, for one neuron is as fast as they are waited for.
    let sodium = (m * m) * (m * (h * (scale * model.g_na_ms_cm2)));
    let square = n * n;
    let potassium = (square * square) * (scale * model.g_k_ms_cm2);
    let leak = scale * model.g_l_ms_cm2;
    let passive = (scale * current + jumps.total) + leak * (model.e_l_mv - driven_mv);
    let change = (passive + potassium * (model.e_k_mv - driven_mv)) + sodium * (model.e_na_mv - driven_mv);
    v_mv + change / ((1.0 + 0.5 * leak + 0.5 * potassium) + 0.5 * sodium)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Model;

    #[test]
    fn no_spike_is_stiffer_than_its_bound() {
        let warm = Model::classic().at_temperature(30.0, 6.3, 3.0).unwrap();
        let upside_down = Model { e_na_mv: -77.0, e_k_mv: 50.0, e_l_mv: 90.0, ..Model::classic() };
        for model in [Model::classic(), Model::traub_miles(), warm, upside_down] {
            let membrane = Membrane::new(&model).unwrap();
            let (bound, spike) = (Stiffness::at_most(&membrane), Stiffness::of_a_spike(&membrane));
            assert!(
                bound.gates_per_ms >= spike.gates_per_ms && bound.any_per_ms >= spike.any_per_ms,
                "{model:?}"
            );
            // And not so far above that common steps were to wait for a spike.
            assert!(bound.gates_per_ms < 5.0 * spike.gates_per_ms, "{model:?}");
        }
    }
}
