//! Settings of a population.

use hexad_core::{InputError, check_finite, check_length, check_positive};

use crate::current::Current;
use crate::error::NeuroError;
use crate::input::PoissonGroup;
use crate::population::plan::check_groups;
use crate::spikes::Threshold;
use crate::state::State;

/// Which potentials are handed to the [`crate::Recorder`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// The neurons.
    pub neurons: Vec<usize>,
    /// Every how many steps.
    pub every: u64,
}

/// Optional settings of [`crate::Population`].
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct PopulationOptions {
    /// Where the neurons start: none (at rest), one for all, or one each.
    pub start: Vec<State>,
    /// A current that all receive. Default none.
    pub current: Current,
    /// A constant current of each neuron's own, in uA/cm2: the axis of a sweep. Default none.
    pub currents: Vec<f64>,
    /// Kinds of bombardment, drawn superposed. Default none.
    pub inputs: Vec<Vec<PoissonGroup>>,
    /// Which of `inputs` each neuron has; empty if all have the first.
    pub input_of: Vec<usize>,
    /// When they spike. Default: up through 0 mV, after having been below -30 mV.
    pub threshold: Threshold,
    /// Seed of the input. Default 0.
    pub seed: u64,
    /// Which repetition of the input. Default 0.
    pub run: u64,
    /// Number of the first neuron, by which its input is drawn. Default 0. Part of a population, with the number that
    /// it has there, does what it does in the whole.
    pub first: u64,
    /// Neurons that are stepped together, a multiple of 16: changes the speed, never the result. Default 512.
    pub block: usize,
    /// Which potentials are recorded. Default none.
    pub record: Option<Record>,
}

impl Default for PopulationOptions {
    fn default() -> Self {
        Self {
            start: Vec::new(),
            current: Current::default(),
            currents: Vec::new(),
            inputs: Vec::new(),
            input_of: Vec::new(),
            threshold: Threshold::default(),
            seed: 0,
            run: 0,
            first: 0,
            block: 512,
            record: None,
        }
    }
}

impl PopulationOptions {
    /// With all neurons starting from `start`.
    #[must_use]
    pub fn with_start(mut self, start: State) -> Self {
        self.start = vec![start];
        self
    }

    /// With each neuron starting from its own.
    #[must_use]
    pub fn with_starts(mut self, starts: Vec<State>) -> Self {
        self.start = starts;
        self
    }

    /// With a current that all receive.
    #[must_use]
    pub fn with_current(mut self, current: Current) -> Self {
        self.current = current;
        self
    }

    /// With a constant current for each, in uA/cm2.
    #[must_use]
    pub fn with_currents(mut self, currents: Vec<f64>) -> Self {
        self.currents = currents;
        self
    }

    /// With every neuron under bombardment by `groups`, each by its own trains.
    #[must_use]
    pub fn with_poisson(mut self, groups: Vec<PoissonGroup>) -> Self {
        self.inputs = vec![groups];
        self.input_of = Vec::new();
        self
    }

    /// With neuron `i` under bombardment by `inputs[input_of[i]]`.
    #[must_use]
    pub fn with_inputs(mut self, inputs: Vec<Vec<PoissonGroup>>, input_of: Vec<usize>) -> Self {
        (self.inputs, self.input_of) = (inputs, input_of);
        self
    }

    /// With another [`Threshold`].
    #[must_use]
    pub fn with_threshold(mut self, threshold: Threshold) -> Self {
        self.threshold = threshold;
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

    /// With neurons counted from another number on.
    #[must_use]
    pub fn with_first(mut self, first: u64) -> Self {
        self.first = first;
        self
    }

    /// With another number of neurons that are stepped together.
    #[must_use]
    pub fn with_block(mut self, block: usize) -> Self {
        self.block = block;
        self
    }

    /// With the potentials of `neurons` recorded every `every` steps.
    #[must_use]
    pub fn with_record(mut self, neurons: Vec<usize>, every: u64) -> Self {
        self.record = Some(Record { neurons, every });
        self
    }

    pub(super) fn check(&self, neurons: usize) -> Result<(), NeuroError> {
        if neurons == 0 {
            return Err(InputError::TooFew { argument: "neurons", needed: 1, got: 0 }.into());
        }
        self.current.check()?;
        self.threshold.check()?;
        if self.start.len() > 1 {
            check_length("start", self.start.len(), neurons)?;
        }
        self.start.iter().try_for_each(State::check)?;
        if !self.currents.is_empty() {
            check_length("currents", self.currents.len(), neurons)?;
            check_finite("currents", &self.currents)?;
        }
        if self.block == 0 || !self.block.is_multiple_of(16) {
            let allowed = "a multiple of 16 above 0";
            return Err(
                InputError::OutOfRange { argument: "block", value: self.block as f64, allowed }.into()
            );
        }
        self.inputs.iter().try_for_each(|groups| check_groups(groups))?;
        if !self.input_of.is_empty() {
            check_length("input_of", self.input_of.len(), neurons)?;
            check_indices("input_of", &self.input_of, self.inputs.len())?;
        }
        if let Some(record) = &self.record {
            check_positive("every", record.every as f64)?;
            check_indices("record", &record.neurons, neurons)?;
        }
        Ok(())
    }
}

fn check_indices(argument: &'static str, indices: &[usize], count: usize) -> Result<(), InputError> {
    match indices.iter().position(|index| *index >= count) {
        Some(index) => Err(InputError::ElementOutOfRange {
            argument,
            index,
            value: indices[index] as f64,
            allowed: "an index of what there is",
        }),
        None => Ok(()),
    }
}
