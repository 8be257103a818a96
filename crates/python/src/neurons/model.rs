//! Parameter sets and states.

use std::sync::OnceLock;

use hexad_neuro_hh::{Model, PHYSICAL_RANGE_MV, Rate, RateForm, State};
use pyo3::{Bound, FromPyObject, IntoPyObject, PyResult, pyclass, pyfunction, pymethods};

use crate::named::{Named, named};
use crate::run::refused;

/// A parameter set under Python's names: see `hexad.neurons.Model`.
#[derive(FromPyObject, IntoPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Parameters {
    name: String,
    source: String,
    capacitance_uf_cm2: f64,
    g_na_ms_cm2: f64,
    g_k_ms_cm2: f64,
    g_l_ms_cm2: f64,
    e_na_mv: f64,
    e_k_mv: f64,
    e_l_mv: f64,
    /// Form, rate per ms, midpoint and scale in mV.
    rates: [(String, f64, f64, f64); 6],
    rate_factor: f64,
}

const FORMS: Named<RateForm> =
    &[("exponential", RateForm::Exponential), ("sigmoid", RateForm::Sigmoid), ("linoid", RateForm::Linoid)];

/// A parameter set, and where it rests.
#[pyclass(module = "hexad._hexad", frozen)]
pub(crate) struct NeuronModel {
    pub model: Model,
    rest: OnceLock<Option<State>>,
}

#[pymethods]
impl NeuronModel {
    #[new]
    fn new(asked: Parameters) -> PyResult<Self> {
        Ok(Self { model: asked.model()?, rest: OnceLock::new() })
    }

    fn __getnewargs__(&self) -> (Parameters,) {
        (self.model.into(),)
    }
}

impl NeuronModel {
    /// Where it rests without a current, if runs may be told to start there; found once, which takes as long as a
    /// hundred steps.
    pub(super) fn rest(&self) -> Option<State> {
        *self.rest.get_or_init(|| Some(self.model.resting_state()).filter(is_a_start))
    }
}

fn is_a_start(state: &State) -> bool {
    let (lowest, highest) = PHYSICAL_RANGE_MV;
    (lowest..=highest).contains(&state.v_mv)
        && [state.m, state.h, state.n].iter().all(|gate| (0.0..=1.0).contains(gate))
}

impl Parameters {
    /// Name and source stay in Python.
    fn model(&self) -> PyResult<Model> {
        let mut model = Model {
            name: "",
            source: "",
            capacitance_uf_cm2: self.capacitance_uf_cm2,
            g_na_ms_cm2: self.g_na_ms_cm2,
            g_k_ms_cm2: self.g_k_ms_cm2,
            g_l_ms_cm2: self.g_l_ms_cm2,
            e_na_mv: self.e_na_mv,
            e_k_mv: self.e_k_mv,
            e_l_mv: self.e_l_mv,
            rate_factor: self.rate_factor,
            ..Model::classic()
        };
        for (rate, (form, rate_per_ms, midpoint_mv, scale_mv)) in model.rates.iter_mut().zip(&self.rates) {
            let form = named("form", FORMS, form)?;
            *rate = Rate { form, rate_per_ms: *rate_per_ms, midpoint_mv: *midpoint_mv, scale_mv: *scale_mv };
        }
        Ok(model)
    }
}

impl From<Model> for Parameters {
    fn from(model: Model) -> Self {
        let form = |rate: Rate| match rate.form {
            RateForm::Exponential => "exponential",
            RateForm::Sigmoid => "sigmoid",
            RateForm::Linoid => "linoid",
        };
        Self {
            name: model.name.into(),
            source: model.source.into(),
            capacitance_uf_cm2: model.capacitance_uf_cm2,
            g_na_ms_cm2: model.g_na_ms_cm2,
            g_k_ms_cm2: model.g_k_ms_cm2,
            g_l_ms_cm2: model.g_l_ms_cm2,
            e_na_mv: model.e_na_mv,
            e_k_mv: model.e_k_mv,
            e_l_mv: model.e_l_mv,
            rates: model
                .rates
                .map(|rate| (form(rate).into(), rate.rate_per_ms, rate.midpoint_mv, rate.scale_mv)),
            rate_factor: model.rate_factor,
        }
    }
}

/// The known parameter sets: the classic one, and Traub and Miles'.
#[pyfunction]
pub(crate) fn neuron_models() -> [Parameters; 2] {
    [Model::classic().into(), Model::traub_miles().into()]
}

/// V, m, h, n.
pub(super) type Numbers = (f64, f64, f64, f64);

pub(super) fn state((v_mv, m, h, n): Numbers) -> State {
    State { v_mv, m, h, n }
}

pub(super) fn numbers(state: &State) -> Numbers {
    (state.v_mv, state.m, state.h, state.n)
}

/// Where a neuron rests at a constant current, stably or not.
#[pyfunction]
pub(crate) fn neuron_resting_state(model: &Bound<'_, NeuronModel>, current_ua_cm2: f64) -> PyResult<Numbers> {
    hexad_core::check_finite("current_ua_cm2", &[current_ua_cm2]).map_err(refused)?;
    Ok(numbers(&model.get().model.resting_state_at(current_ua_cm2)))
}
