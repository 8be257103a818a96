//! Many neurons at once.

pub(crate) mod block;
mod calendar;
mod constants;
pub(crate) mod jumps;
pub(crate) mod kernel;
mod options;
mod plan;
pub(crate) mod precision;
mod recorder;
pub(crate) mod synapses;

pub use options::{PopulationOptions, Record};
pub use precision::Precision;
#[cfg(test)]
pub(crate) use precision::Sealed;
pub use recorder::Recorder;
pub use synapses::SynapseKind;

use std::ops::ControlFlow;

use hexad_core::check_positive;
use rayon::prelude::*;

use crate::error::NeuroError;
use crate::input::Train;
use crate::integrators::crank_nicolson_gates;
use crate::model::Model;
use crate::network::Wiring;
use crate::population::block::{Block, Failure, SLOTS, WINDOW, index32};
use crate::population::kernel::{Group, LANES, REFERENCE_MV};
use crate::population::plan::Plan;
use crate::random::StreamKey;
use crate::state::State;
use crate::time::steps_in;

/// Steps between two looks at what uncoupled neurons did.
const CHUNK: u64 = 2048;
/// Steps of neurons for which waking other threads pays.
const WORTH_SHARING: u64 = 30_000;
/// Potentials kept until they are handed out.
const SAMPLES_AT_ONCE: usize = 1 << 22;

/// Neurons of one model, uncoupled or wired, stepped by the staggered scheme in `f64` or `f32`.
///
/// The same spikes to the last bit for any number of threads, any block size, any division of the run into calls of
/// [`Population::run`], and on every machine.
///
/// # Examples
///
/// Four thousand neurons for a tenth of a second, each under its own bombardment.
///
/// ```
/// use hexad_neuro_hh::{Model, Population, PopulationOptions, Spike, bombardment};
/// let options = PopulationOptions::default().with_poisson(bombardment(102, 26, 5.0, 1.0, 2.0, 1.0));
/// let mut population = Population::<f32>::new(&Model::classic(), 4096, 0.025, &options)?;
/// let mut spikes: Vec<Spike> = Vec::new();
/// population.run(100.0, &mut spikes)?;
/// assert!(spikes.len() > 1000);
/// # Ok::<(), hexad_neuro_hh::NeuroError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Population<T: Precision> {
    pub(crate) plan: Plan<T>,
    pub(crate) options: PopulationOptions,
    pub(crate) neurons: usize,
    pub(crate) step: u64,
    pub(crate) blocks: Vec<Block<T>>,
    pub(crate) wiring: Option<Wiring>,
    pub(crate) failure: Option<Failure>,
}

impl<T: Precision> Population<T> {
    /// `neurons` neurons of `model`, stepped by `dt_ms`.
    ///
    /// # Errors
    ///
    /// [`NeuroError::UnstableStep`], with the longest safe one, for a `dt_ms` that is too long; [`hexad_core::InputError`] for
    /// anything that is not finite, out of range or of the wrong length.
    pub fn new(
        model: &Model,
        neurons: usize,
        dt_ms: f64,
        options: &PopulationOptions,
    ) -> Result<Self, NeuroError> {
        options.check(neurons)?;
        let plan = Plan::new(model, dt_ms, options)?;
        let mut population = Self {
            plan,
            options: options.clone(),
            neurons,
            step: 0,
            blocks: Vec::new(),
            wiring: None,
            failure: None,
        };
        population.build_blocks(SLOTS);
        Ok(population)
    }

    /// Number of neurons.
    #[must_use]
    pub fn neurons(&self) -> usize {
        self.neurons
    }

    /// Biological time simulated so far, in ms.
    #[must_use]
    pub fn time_ms(&self) -> f64 {
        self.step as f64 * self.plan.dt_ms
    }

    /// Steps taken so far.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.step
    }

    /// The neurons as they are now.
    #[must_use]
    pub fn states(&self) -> Vec<State> {
        let half_ms = if self.step == 0 { 0.0 } else { 0.5 * self.plan.dt_ms };
        let state = |block: &Block<T>, lane: usize| {
            let (group, within) = (&block.groups[lane / LANES], lane % LANES);
            let (m, h, n) = (group.m[within].wide(), group.h[within].wide(), group.n[within].wide());
            let v_mv = group.v[within].wide() + REFERENCE_MV;
            crank_nicolson_gates(&self.plan.membrane, &State { v_mv, m, h, n }, v_mv, half_ms)
        };
        let lanes = |block| (0..Block::<T>::count(block)).map(move |lane| (block, lane));
        self.blocks.iter().flat_map(lanes).map(|(block, lane)| state(block, lane)).collect()
    }

    /// Simulates `duration_ms` more, to the nearest step, and hands spikes and potentials to `recorder` as it goes.
    ///
    /// A recorder that breaks ends the run early; what was simulated by then stays valid.
    ///
    /// # Errors
    ///
    /// [`NeuroError::LeftRange`] when a potential leaves the physical range: the recorder has had everything up to
    /// that step, and the population can go no further. [`hexad_core::InputError`] unless `duration_ms` is finite and positive.
    pub fn run(&mut self, duration_ms: f64, recorder: &mut impl Recorder) -> Result<(), NeuroError> {
        check_positive("duration_ms", duration_ms)?;
        let end = self.step.saturating_add(steps_in(duration_ms, self.plan.dt_ms));
        while self.step < end {
            self.refuse_failed()?;
            if self.advance(end, recorder).is_break() {
                break;
            }
        }
        self.refuse_failed()
    }

    fn refuse_failed(&self) -> Result<(), NeuroError> {
        match self.failure {
            None => Ok(()),
            Some(Failure { step, neuron, v_mv }) => {
                let neuron = neuron + usize::try_from(self.options.first).unwrap_or(0);
                Err(NeuroError::LeftRange { neuron, time_ms: (step + 1) as f64 * self.plan.dt_ms, v_mv })
            }
        }
    }

    /// One chunk.
    fn advance(&mut self, end: u64, recorder: &mut impl Recorder) -> ControlFlow<()> {
        let (from, until) = (self.step, self.chunk_end(end));
        let plan = &self.plan;
        let work = (until - from).saturating_mul(self.neurons as u64);
        if self.blocks.len() > 1 && work >= WORTH_SHARING && rayon::current_num_threads() > 1 {
            self.blocks.par_iter_mut().for_each(|block| block.advance(plan, from, until));
        } else {
            self.blocks.iter_mut().for_each(|block| block.advance(plan, from, until));
        }
        self.step = until;
        let failures = self.blocks.iter().filter_map(|block| block.failure);
        self.failure = failures.min_by_key(|failure| (failure.step, failure.neuron));
        let mut spikes = Vec::new();
        self.blocks.iter_mut().for_each(|block| spikes.append(&mut block.spikes));
        spikes.sort_unstable_by(|a, b| {
            (a.step.cmp(&b.step)).then(a.offset.total_cmp(&b.offset)).then(a.neuron.cmp(&b.neuron))
        });
        if let Some(failure) = self.failure {
            spikes.retain(|spike| spike.step <= failure.step);
        }
        if let Some(wiring) = &self.wiring {
            wiring.deliver(&spikes, &mut self.blocks, self.plan.dt_ms);
        }
        self.hand_out_samples(from, recorder)?;
        if spikes.is_empty() { ControlFlow::Continue(()) } else { recorder.spikes(&spikes) }
    }

    /// Where the next chunk ends: windows of input are drawn at its start, so it ends with them where neurons are wired.
    fn chunk_end(&self, end: u64) -> u64 {
        let longest = match &self.wiring {
            Some(wiring) => wiring.shortest_delay.min(WINDOW - self.step % WINDOW),
            None => CHUNK.min(self.samples_at_once()),
        };
        end.min(self.step + longest)
    }

    fn samples_at_once(&self) -> u64 {
        let sampled = self.options.record.as_ref().map_or(0, |record| record.neurons.len());
        match self.plan.every() {
            Some(every) if sampled > 0 => every.saturating_mul((SAMPLES_AT_ONCE / sampled).max(1) as u64),
            _ => CHUNK,
        }
    }

    /// Potentials of every sampled step since `from`, up to the first at which not all blocks arrived.
    fn hand_out_samples(&mut self, from: u64, recorder: &mut impl Recorder) -> ControlFlow<()> {
        let (Some(record), Some(every)) = (&self.options.record, self.plan.every()) else {
            return ControlFlow::Continue(());
        };
        let last = self.failure.map_or(self.step, |failure| failure.step + 1);
        let mut row = vec![0.0; record.neurons.len()];
        let mut flow = ControlFlow::Continue(());
        let sampled =
            (from.next_multiple_of(every)..last).step_by(usize::try_from(every).unwrap_or(usize::MAX));
        for (index, step) in sampled.enumerate() {
            let mut taken = vec![0; self.blocks.len()];
            for (value, neuron) in row.iter_mut().zip(&record.neurons) {
                let which = neuron / self.options.block;
                let block = &self.blocks[which];
                *value = block.samples[index * block.sampled.len() + taken[which]];
                taken[which] += 1;
            }
            flow = recorder.potentials(step as f64 * self.plan.dt_ms, &row);
            if flow.is_break() {
                break;
            }
        }
        self.blocks.iter_mut().for_each(|block| block.samples.clear());
        flow
    }

    /// All neurons at their start, in blocks whose calendars have `steps` steps.
    pub(crate) fn build_blocks(&mut self, steps: usize) {
        let model = &self.plan.membrane.model;
        let starts = match &self.options.start[..] {
            [] => vec![model.resting_state()],
            starts => starts.to_vec(),
        };
        let per_step = self.plan.dt_ms / model.capacitance_uf_cm2;
        let mut blocks = Vec::new();
        for first in (0..self.neurons).step_by(self.options.block) {
            let count = self.options.block.min(self.neurons - first);
            let mut groups =
                vec![Group::idle(&starts[0], self.options.threshold.level_mv); count.div_ceil(LANES)];
            for lane in 0..count {
                let start = starts.get(first + lane).unwrap_or(&starts[0]);
                let current = self.options.currents.get(first + lane).copied().unwrap_or(0.0);
                groups[lane / LANES].set(
                    lane % LANES,
                    start,
                    current * per_step,
                    self.options.threshold.level_mv,
                );
            }
            let mut block = Block::new(first, count, groups, steps);
            if self.plan.has_input() {
                let train = |neuron| Train::new(self.plan.mixture(neuron), &self.stream_key(neuron));
                block.trains = (first..first + count).map(train).collect();
            }
            if let Some(record) = &self.options.record {
                let own = record.neurons.iter().filter(|neuron| (first..first + count).contains(neuron));
                block.sampled = own.map(|neuron| index32(neuron - first)).collect();
            }
            blocks.push(block);
        }
        self.blocks = blocks;
    }

    pub(crate) fn stream_key(&self, neuron: usize) -> StreamKey {
        let neuron = self.options.first.wrapping_add(neuron as u64);
        StreamKey { seed: self.options.seed, run: self.options.run, neuron, source: 0 }
    }
}

impl<T> Block<T> {
    fn count(block: &Self) -> usize {
        block.count
    }
}

impl<T: Precision> Group<T> {
    fn idle(state: &State, level_mv: f64) -> Self {
        let none = [T::default(); LANES];
        let mut group = Self {
            v: none,
            m: none,
            h: none,
            n: none,
            current: none,
            side: none,
            conductance: none,
            drive: none,
        };
        for lane in 0..LANES {
            group.set(lane, state, 0.0, level_mv);
        }
        group
    }

    fn set(&mut self, lane: usize, state: &State, current: f64, level_mv: f64) {
        self.v[lane] = T::of(state.v_mv - REFERENCE_MV);
        (self.m[lane], self.h[lane], self.n[lane]) = (T::of(state.m), T::of(state.h), T::of(state.n));
        self.current[lane] = T::of(current);
        self.side[lane] = T::of(if state.v_mv < level_mv { 1.0 } else { -1.0 });
    }
}
