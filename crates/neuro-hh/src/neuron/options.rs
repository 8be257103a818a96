//! Settings of one neuron.

use hexad_core::{InputError, check_positive};

use crate::current::Current;
use crate::input::{Arrival, PoissonGroup};
use crate::integrators::Integrator;
use crate::spikes::Threshold;
use crate::state::State;

/// What an arriving spike does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Synapse {
    /// It moves V by its weight, in mV, at its own time, whatever the step.
    #[default]
    Delta,
    /// The question's program: the weight is a current for the step in which the spike falls, so that V moves by only
    /// `weight * dt`.
    Seed,
}

/// Where the spikes come from.
#[derive(Debug, Clone, PartialEq, Default)]
#[non_exhaustive]
pub enum SynapticInput {
    /// Nowhere.
    #[default]
    None,
    /// Poisson trains.
    Poisson(Vec<PoissonGroup>),
    /// This list, in order of time.
    Given(Vec<Arrival>),
}

/// Optional settings of [`crate::Neuron`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct NeuronOptions {
    /// How it is stepped. Default [`Integrator::Staggered`].
    pub integrator: Integrator,
    /// Where it starts. Default: at rest.
    pub start: Option<State>,
    /// Injected current. Default none.
    pub current: Current,
    /// Arriving spikes. Default none.
    pub input: SynapticInput,
    /// What they do. Default [`Synapse::Delta`].
    pub synapse: Synapse,
    /// When it spikes. Default: up through 0 mV, after having been below -30 mV.
    pub threshold: Threshold,
    /// Every how many steps it is recorded. Default 1.
    pub every: u64,
    /// Seed of the input. Default 0.
    pub seed: u64,
    /// Which repetition of the input. Default 0.
    pub run: u64,
    /// Which neuron's input, and the index in its spikes. Default 0.
    pub neuron: u64,
}

impl Default for NeuronOptions {
    fn default() -> Self {
        Self {
            integrator: Integrator::default(),
            start: None,
            current: Current::default(),
            input: SynapticInput::None,
            synapse: Synapse::Delta,
            threshold: Threshold::default(),
            every: 1,
            seed: 0,
            run: 0,
            neuron: 0,
        }
    }
}

impl NeuronOptions {
    /// With another [`Integrator`].
    #[must_use]
    pub fn with_integrator(mut self, integrator: Integrator) -> Self {
        self.integrator = integrator;
        self
    }

    /// Starting from `start`.
    #[must_use]
    pub fn with_start(mut self, start: State) -> Self {
        self.start = Some(start);
        self
    }

    /// With an injected current.
    #[must_use]
    pub fn with_current(mut self, current: Current) -> Self {
        self.current = current;
        self
    }

    /// Under bombardment by `groups`.
    #[must_use]
    pub fn with_poisson(mut self, groups: Vec<PoissonGroup>) -> Self {
        self.input = SynapticInput::Poisson(groups);
        self
    }

    /// With the arrivals listed, in order of time.
    #[must_use]
    pub fn with_arrivals(mut self, arrivals: Vec<Arrival>) -> Self {
        self.input = SynapticInput::Given(arrivals);
        self
    }

    /// With another [`Synapse`].
    #[must_use]
    pub fn with_synapse(mut self, synapse: Synapse) -> Self {
        self.synapse = synapse;
        self
    }

    /// With another [`Threshold`].
    #[must_use]
    pub fn with_threshold(mut self, threshold: Threshold) -> Self {
        self.threshold = threshold;
        self
    }

    /// Recorded every `every` steps.
    #[must_use]
    pub fn with_every(mut self, every: u64) -> Self {
        self.every = every;
        self
    }

    /// With the input of `seed`.
    #[must_use]
    pub fn with_seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// With another repetition of the input.
    #[must_use]
    pub fn with_run(mut self, run: u64) -> Self {
        self.run = run;
        self
    }

    /// With the input of that neuron.
    #[must_use]
    pub fn with_neuron(mut self, neuron: u64) -> Self {
        self.neuron = neuron;
        self
    }

    pub(super) fn check(&self) -> Result<(), InputError> {
        self.current.check()?;
        self.threshold.check()?;
        self.start.map_or(Ok(()), |start| start.check())?;
        check_positive("every", self.every as f64)?;
        if let Integrator::Auto { tolerance_ms } = self.integrator {
            check_positive("tolerance_ms", tolerance_ms)?;
        }
        match &self.input {
            SynapticInput::None => Ok(()),
            SynapticInput::Poisson(groups) => groups.iter().try_for_each(PoissonGroup::check),
            SynapticInput::Given(arrivals) => check_arrivals(arrivals),
        }
    }
}

fn check_arrivals(arrivals: &[Arrival]) -> Result<(), InputError> {
    let refuse = |argument, index, value, allowed| {
        Err(InputError::ElementOutOfRange { argument, index, value, allowed })
    };
    let mut last_ms = 0.0;
    for (index, arrival) in arrivals.iter().enumerate() {
        if !arrival.weight_mv.is_finite() {
            return refuse("weight_mv", index, arrival.weight_mv, "finite");
        }
        if !(arrival.time_ms >= last_ms && arrival.time_ms.is_finite()) {
            return refuse("time_ms", index, arrival.time_ms, "finite, >= 0 and in order");
        }
        last_ms = arrival.time_ms;
    }
    Ok(())
}
