//! Parameter sets: membranes with sodium, potassium and leak.

use hexad_core::{InputError, check_finite, check_not_negative, check_positive};

use crate::rates::{CLASSIC, Rate, SixRates};
use crate::state::{PHYSICAL_RANGE_MV, State};

/// A membrane patch with two gated conductances and a leak:
/// `C dV/dt = I - g_Na m^3 h (V - E_Na) - g_K n^4 (V - E_K) - g_L (V - E_L)`, `dx/dt = alpha (1 - x) - beta x`.
///
/// Parameters of different sources are never mixed: published leaks of -54.3, -54.4, -54.402 and -54.387 mV are four
/// models. Changed values are welcome; say so in `source`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Model {
    /// Name.
    pub name: &'static str,
    /// Where the values come from.
    pub source: &'static str,
    /// Capacitance, in uF/cm2.
    pub capacitance_uf_cm2: f64,
    /// Largest sodium conductance, in mS/cm2.
    pub g_na_ms_cm2: f64,
    /// Largest potassium conductance, in mS/cm2.
    pub g_k_ms_cm2: f64,
    /// Leak conductance, in mS/cm2.
    pub g_l_ms_cm2: f64,
    /// Reversal potential of sodium, in mV.
    pub e_na_mv: f64,
    /// Reversal potential of potassium, in mV.
    pub e_k_mv: f64,
    /// Reversal potential of the leak, in mV.
    pub e_l_mv: f64,
    /// Opening and closing of m, of h and of n.
    pub rates: [Rate; 6],
    /// What all rates are multiplied with for temperature.
    pub rate_factor: f64,
}

impl Model {
    /// The squid giant axon at 6.3 C, with V in absolute mV and rest near -65 mV.
    #[must_use]
    pub const fn classic() -> Self {
        Self {
            name: "Hodgkin-Huxley",
            source: "Hodgkin and Huxley, J. Physiol. 117:500 (1952), V = -65 mV - v, E_L -54.387 mV",
            capacitance_uf_cm2: 1.0,
            g_na_ms_cm2: 120.0,
            g_k_ms_cm2: 36.0,
            g_l_ms_cm2: 0.3,
            e_na_mv: 50.0,
            e_k_mv: -77.0,
            e_l_mv: -54.387,
            rates: CLASSIC,
            rate_factor: 1.0,
        }
    }

    /// The hippocampal neuron of the COBA-HH benchmark: Traub and Miles' rates with V_T -63 mV.
    ///
    /// An area of 20,000 um2 makes 10 nS of leak 0.05 mS/cm2, a synapse of 6 nS 0.03 mS/cm2.
    #[must_use]
    pub const fn traub_miles() -> Self {
        Self {
            name: "Traub-Miles (COBA-HH)",
            source: "Brette et al., J. Comput. Neurosci. 23:349 (2007), benchmark 3; Traub and Miles (1991)",
            capacitance_uf_cm2: 1.0,
            g_na_ms_cm2: 100.0,
            g_k_ms_cm2: 30.0,
            g_l_ms_cm2: 0.05,
            e_na_mv: 50.0,
            e_k_mv: -90.0,
            e_l_mv: -60.0,
            rates: [
                Rate::linoid(0.32 * 4.0, -50.0, 4.0),
                Rate::linoid(0.28 * 5.0, -23.0, -5.0),
                Rate::exponential(0.128, -46.0, -18.0),
                Rate::sigmoid(4.0, -23.0, 5.0),
                Rate::linoid(0.032 * 5.0, -48.0, 5.0),
                Rate::exponential(0.5, -53.0, -40.0),
            ],
            rate_factor: 1.0,
        }
    }

    /// With rates `q10^((celsius - reference_celsius) / 10)` times as fast; 3 and 6.3 C for the squid.
    ///
    /// # Errors
    ///
    /// [`InputError::OutOfRange`] unless `q10` is finite and positive and the temperatures are finite.
    pub fn at_temperature(self, celsius: f64, reference_celsius: f64, q10: f64) -> Result<Self, InputError> {
        check_finite("celsius", &[celsius, reference_celsius])?;
        check_positive("q10", q10)?;
        let rate_factor = libm::pow(q10, (celsius - reference_celsius) / 10.0);
        Ok(Self { rate_factor: check_positive("rate_factor", rate_factor)?, ..self })
    }

    /// Where each gate comes to rest at `v_mv`: `alpha / (alpha + beta)`.
    #[must_use]
    pub fn steady_state(&self, v_mv: f64) -> State {
        let [am, bm, ah, bh, an, bn] = self.rates.map(|rate| rate.at(v_mv));
        State { v_mv, m: am / (am + bm), h: ah / (ah + bh), n: an / (an + bn) }
    }

    /// Current through the membrane with all gates at rest, in uA/cm2: what holds the potential there.
    #[must_use]
    pub fn steady_current(&self, v_mv: f64) -> f64 {
        self.currents(&self.steady_state(v_mv)).iter().sum()
    }

    /// Sodium, potassium and leak current, in uA/cm2; outward is positive.
    #[must_use]
    pub fn currents(&self, state: &State) -> [f64; 3] {
        let State { v_mv: v, m, h, n } = *state;
        [
            self.g_na_ms_cm2 * (m * m * m * h) * (v - self.e_na_mv),
            self.g_k_ms_cm2 * ((n * n) * (n * n)) * (v - self.e_k_mv),
            self.g_l_ms_cm2 * (v - self.e_l_mv),
        ]
    }

    /// Where the neuron rests without input: the lowest potential at which no current flows.
    #[must_use]
    pub fn resting_state(&self) -> State {
        self.resting_state_at(0.0)
    }

    /// Where the neuron rests, stably or not, at a constant `current` in uA/cm2: the lowest potential at which just
    /// that flows out.
    #[must_use]
    pub fn resting_state_at(&self, current: f64) -> State {
        let (lowest, highest) = PHYSICAL_RANGE_MV;
        let shift_mv = current / self.g_l_ms_cm2;
        let mut low = self.e_k_mv.min(self.e_l_mv) + shift_mv.min(0.0).max(lowest);
        let end = self.e_na_mv.max(self.e_l_mv) + shift_mv.max(0.0).min(highest);
        let step = (end - low) / 1000.0;
        while low < end && self.steady_current(low + step) < current {
            low += step;
        }
        let mut high = low + step;
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if self.steady_current(middle) < current { low = middle } else { high = middle }
        }
        self.steady_state(0.5 * (low + high))
    }

    pub(crate) fn check(&self) -> Result<(), InputError> {
        check_positive("capacitance_uf_cm2", self.capacitance_uf_cm2)?;
        check_positive("rate_factor", self.rate_factor)?;
        check_not_negative("conductances", &[self.g_na_ms_cm2, self.g_k_ms_cm2, self.g_l_ms_cm2])?;
        check_finite("reversal_potentials", &[self.e_na_mv, self.e_k_mv, self.e_l_mv])?;
        self.rates.iter().try_for_each(Rate::check)
    }

    pub(crate) fn six_rates(&self) -> SixRates {
        SixRates::new(&self.rates, self.rate_factor)
    }
}

/// A model that was checked, with its rates ready.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Membrane {
    pub model: Model,
    pub rates: SixRates,
    pub per_capacitance: f64,
}

impl Membrane {
    pub fn new(model: &Model) -> Result<Self, InputError> {
        model.check()?;
        Ok(Self { model: *model, rates: model.six_rates(), per_capacitance: 1.0 / model.capacitance_uf_cm2 })
    }

    /// Change per ms at `current` uA/cm2.
    #[inline]
    pub fn derivative(&self, state: &State, current: f64) -> State {
        let [am, bm, ah, bh, an, bn] = self.rates.at(state.v_mv);
        State {
            v_mv: self.slope_mv(state, current),
            m: am * (1.0 - state.m) - bm * state.m,
            h: ah * (1.0 - state.h) - bh * state.h,
            n: an * (1.0 - state.n) - bn * state.n,
        }
    }

    /// Change of V per ms at `current` uA/cm2.
    #[inline]
    pub fn slope_mv(&self, state: &State, current: f64) -> f64 {
        let (conductance, driven) = self.linear(state, current);
        driven - conductance * state.v_mv
    }

    /// g and j of `dV/dt = j - g V` with the gates as they are, in 1/ms and mV/ms.
    #[inline]
    pub fn linear(&self, state: &State, current: f64) -> (f64, f64) {
        let (model, State { m, h, n, .. }) = (&self.model, *state);
        let sodium = (m * m) * (m * (h * model.g_na_ms_cm2));
        let potassium = (n * n) * ((n * n) * model.g_k_ms_cm2);
        let leak = model.g_l_ms_cm2;
        let driven = ((current + leak * model.e_l_mv) + potassium * model.e_k_mv) + sodium * model.e_na_mv;
        (((leak + potassium) + sodium) * self.per_capacitance, driven * self.per_capacitance)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::direct;

    #[test]
    fn the_rates_are_those_of_the_definition_everywhere() {
        let definition = [
            direct::alpha_m,
            direct::beta_m,
            direct::alpha_h,
            direct::beta_h,
            direct::alpha_n,
            direct::beta_n,
        ];
        let model = Model::classic();
        let six = model.six_rates();
        let voltages =
            (-20_000..=12_000).map(|step| f64::from(step) * 0.01).chain([-40.0, -55.0, -40.0 + 1e-9]);
        for v in voltages {
            let together = six.at(v);
            for ((rate, together), definition) in model.rates.iter().zip(together).zip(definition) {
                let wanted = definition(v);
                // A rounding error of V / scale is amplified by up to 14 in its exponential; one of w by 72.
                assert!((rate.at(v) / wanted - 1.0).abs() < 2e-14, "{rate:?} at {v}");
                // Where 1 - exp(-x) is near 0.1, what is left of it is ten times less sure.
                assert!((together / wanted - 1.0).abs() < 4e-13, "{rate:?} at {v}: {together} {wanted}");
            }
        }
    }

    #[test]
    fn the_classic_neuron_rests_where_the_page_says() {
        let rest = Model::classic().resting_state();
        assert!((rest.v_mv + 64.996_379_331_2).abs() < 1e-9, "{rest:?}");
        let rate = direct::derivative(&Model::classic(), &rest, 0.0);
        for rate in [rate.v_mv, rate.m, rate.h, rate.n] {
            assert!(rate.abs() < 1e-12);
        }
    }

    #[test]
    fn warmth_makes_the_rates_faster_and_leaves_rest_where_it_is() {
        let warm = Model::classic().at_temperature(16.3, 6.3, 3.0).unwrap();
        assert!((warm.rate_factor - 3.0).abs() < 1e-12);
        assert_eq!(warm.resting_state(), Model::classic().resting_state());
        assert!(Model::classic().at_temperature(f64::NAN, 6.3, 3.0).is_err());
        assert!(Model::classic().at_temperature(20.0, 6.3, 0.0).is_err());
    }
}
