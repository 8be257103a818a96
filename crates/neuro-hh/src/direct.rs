//! The definition, as in the paper: slow, and obviously that.
//!
//! Hodgkin and Huxley, J. Physiol. 117, 1952, with V in absolute mV (V = -65 - v of the paper) at 6.3 C.

use crate::{Model, State};

/// `0.1 (V + 40) / (1 - exp(-(V + 40) / 10))`, in 1/ms, as `x / expm1(x)`.
#[must_use]
pub fn alpha_m(v_mv: f64) -> f64 {
    x_over_expm1(-(v_mv + 40.0) / 10.0)
}

/// `4 exp(-(V + 65) / 18)`, in 1/ms.
#[must_use]
pub fn beta_m(v_mv: f64) -> f64 {
    4.0 * (-(v_mv + 65.0) / 18.0).exp()
}

/// `0.07 exp(-(V + 65) / 20)`, in 1/ms.
#[must_use]
pub fn alpha_h(v_mv: f64) -> f64 {
    0.07 * (-(v_mv + 65.0) / 20.0).exp()
}

/// `1 / (1 + exp(-(V + 35) / 10))`, in 1/ms.
#[must_use]
pub fn beta_h(v_mv: f64) -> f64 {
    1.0 / (1.0 + (-(v_mv + 35.0) / 10.0).exp())
}

/// `0.01 (V + 55) / (1 - exp(-(V + 55) / 10))`, in 1/ms, as `x / expm1(x)`.
#[must_use]
pub fn alpha_n(v_mv: f64) -> f64 {
    0.1 * x_over_expm1(-(v_mv + 55.0) / 10.0)
}

/// `0.125 exp(-(V + 65) / 80)`, in 1/ms.
#[must_use]
pub fn beta_n(v_mv: f64) -> f64 {
    0.125 * (-(v_mv + 65.0) / 80.0).exp()
}

/// `x / (exp(x) - 1)`, 1 at 0.
fn x_over_expm1(x: f64) -> f64 {
    if x.abs() < 1e-5 { 1.0 - 0.5 * x + x * x / 12.0 } else { x / x.exp_m1() }
}

/// Change of the state per ms at `current` uA/cm2. The rates of the classic model are the six above.
#[must_use]
pub fn derivative(model: &Model, state: &State, current: f64) -> State {
    let State { v_mv: v, m, h, n } = *state;
    let sodium = model.g_na_ms_cm2 * m.powi(3) * h * (v - model.e_na_mv);
    let potassium = model.g_k_ms_cm2 * n.powi(4) * (v - model.e_k_mv);
    let leak = model.g_l_ms_cm2 * (v - model.e_l_mv);
    let [alpha_m, beta_m, alpha_h, beta_h, alpha_n, beta_n] =
        model.rates.map(|rate| model.rate_factor * rate.at(v));
    State {
        v_mv: (current - sodium - potassium - leak) / model.capacitance_uf_cm2,
        m: alpha_m * (1.0 - m) - beta_m * m,
        h: alpha_h * (1.0 - h) - beta_h * h,
        n: alpha_n * (1.0 - n) - beta_n * n,
    }
}

/// One forward Euler step of `dt_ms`: what the question's program does.
#[must_use]
pub fn euler(model: &Model, state: &State, current: f64, dt_ms: f64) -> State {
    let rate = derivative(model, state, current);
    State {
        v_mv: state.v_mv + dt_ms * rate.v_mv,
        m: state.m + dt_ms * rate.m,
        h: state.h + dt_ms * rate.h,
        n: state.n + dt_ms * rate.n,
    }
}
