//! What all blocks of a population share.

use hexad_core::InputError;

use crate::current::Current;
use crate::error::NeuroError;
use crate::input::{Mixture, PoissonGroup};
use crate::integrators::Integrator;
use crate::model::{Membrane, Model};
use crate::population::constants::{Gates, Membranes};
use crate::population::kernel::Group;
use crate::population::options::PopulationOptions;
use crate::population::precision::Precision;
use crate::spikes::Threshold;

/// A model at a step, its input and what is recorded.
#[derive(Debug, Clone)]
pub(crate) struct Plan<T> {
    pub membrane: Membrane,
    pub dt_ms: f64,
    pub steps_per_ms: f64,
    pub threshold: Threshold,
    pub membranes: Membranes<T>,
    /// What the leak's reversal moves V by in a step, in mV.
    pub leak_mv: f64,
    mixtures: Vec<Mixture>,
    /// Which mixture each neuron has; empty if there is but one.
    which: Vec<usize>,
    current: Current,
    first_gates: Gates<T>,
    gates: Gates<T>,
    every: Option<u64>,
}

impl<T: Precision> Plan<T> {
    pub fn new(model: &Model, dt_ms: f64, options: &PopulationOptions) -> Result<Self, NeuroError> {
        let membrane = Membrane::new(model)?;
        hexad_core::check_positive("dt_ms", dt_ms)?;
        Integrator::Staggered.check_step(&membrane, dt_ms)?;
        let membranes = Membranes::new(model, dt_ms, &options.threshold);
        let leak = model.g_l_ms_cm2 * (model.e_l_mv - crate::population::kernel::REFERENCE_MV);
        Ok(Self {
            membrane,
            dt_ms,
            steps_per_ms: 1.0 / dt_ms,
            threshold: options.threshold,
            membranes,
            leak_mv: leak * dt_ms / model.capacitance_uf_cm2,
            mixtures: options.inputs.iter().map(|groups| Mixture::all(groups)).collect(),
            which: options.input_of.clone(),
            current: options.current.clone(),
            // Gates stand half a step behind the potentials.
            first_gates: Gates::new(model, 0.5 * dt_ms),
            gates: Gates::new(model, dt_ms),
            every: options.record.as_ref().map(|record| record.every),
        })
    }

    pub fn has_input(&self) -> bool {
        self.mixtures.iter().any(|mixture| !mixture.is_silent())
    }

    pub fn mixture(&self, neuron: usize) -> &Mixture {
        &self.mixtures[self.which.get(neuron).copied().unwrap_or(0)]
    }

    pub fn gates(&self, step: u64) -> &Gates<T> {
        if step == 0 { &self.first_gates } else { &self.gates }
    }

    pub fn is_sampled(&self, step: u64) -> bool {
        self.every.is_some_and(|every| step.is_multiple_of(every))
    }

    pub fn every(&self) -> Option<u64> {
        self.every
    }

    /// What the common current and the leak move V by in `step`, in mV.
    pub fn shared_mv(&self, step: u64) -> f64 {
        let mean = self.current.mean(step as f64 * self.dt_ms, (step + 1) as f64 * self.dt_ms);
        self.leak_mv + mean * self.dt_ms / self.membrane.model.capacitance_uf_cm2
    }

    /// Half of what a neuron's conductance makes of V in a step: dt g / 2 C.
    #[inline]
    pub fn half_conductance(&self, group: &Group<T>, lane: usize, has_synapses: bool) -> f64 {
        let (m, h, n) = (group.m[lane].wide(), group.h[lane].wide(), group.n[lane].wide());
        let sodium = self.membranes.sodium.wide() * ((m * m) * (m * h));
        let potassium = self.membranes.potassium.wide() * ((n * n) * (n * n));
        let synaptic = if has_synapses { group.conductance[lane].wide() } else { 0.0 };
        0.5 * (sodium + potassium + self.membranes.leak.wide() + synaptic)
    }

    /// Whether a potential changes nothing.
    pub fn is_quiet(&self, v_mv: f64, armed: bool) -> bool {
        let range = crate::state::PHYSICAL_RANGE_MV;
        let inside = v_mv >= range.0 && v_mv <= range.1;
        inside && if armed { v_mv < self.threshold.level_mv } else { v_mv >= self.threshold.rearm_mv }
    }
}

pub(crate) fn check_groups(groups: &[PoissonGroup]) -> Result<(), InputError> {
    groups.iter().try_for_each(PoissonGroup::check)
}
