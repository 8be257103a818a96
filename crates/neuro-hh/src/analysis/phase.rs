//! The neuron in a plane: V against n.

use crate::model::Model;
use crate::state::State;

/// The plane of V and n, with m at rest at every V and h tied to n: `h = sum - n`.
///
/// # References
///
/// V. I. Krinskii and Yu. M. Kokoz, Biophysics 18, 1973; J. Rinzel, Fed. Proc. 44, 1985.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PhasePlane {
    /// The neuron.
    pub model: Model,
    /// Injected current, in uA/cm2.
    pub current: f64,
    /// What h and n add up to.
    pub sum: f64,
}

impl PhasePlane {
    /// With h + n as they are at rest.
    #[must_use]
    pub fn new(model: &Model, current: f64) -> Self {
        let rest = model.resting_state();
        Self { model: *model, current, sum: rest.h + rest.n }
    }

    /// Where n does not change.
    #[must_use]
    pub fn n_nullcline(&self, v_mv: f64) -> f64 {
        self.model.steady_state(v_mv).n
    }

    /// Where V does not change, if there is such an n from 0 to 1.
    #[must_use]
    pub fn v_nullcline(&self, v_mv: f64) -> Option<f64> {
        let (mut low, mut high) = (0.0, 1.0);
        let rising = |n| self.flow(v_mv, n).0 > 0.0;
        if rising(low) == rising(high) {
            return None;
        }
        let at_low = rising(low);
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if rising(middle) == at_low { low = middle } else { high = middle }
        }
        Some(0.5 * (low + high))
    }

    /// Change of V and of n per ms.
    #[must_use]
    pub fn flow(&self, v_mv: f64, n: f64) -> (f64, f64) {
        let [_, _, _, _, open, close] = self.model.rates.map(|rate| self.model.rate_factor * rate.at(v_mv));
        let h = (self.sum - n).clamp(0.0, 1.0);
        let state = State { h, n, ..self.model.steady_state(v_mv) };
        let outward: f64 = self.model.currents(&state).iter().sum();
        ((self.current - outward) / self.model.capacitance_uf_cm2, open * (1.0 - n) - close * n)
    }
}
