//! Recurrent networks: spikes that reach other neurons after a delay.

mod connections;

pub use connections::{Connections, Projection};

use rayon::prelude::*;

use crate::error::NeuroError;
use crate::network::connections::Rows;
use crate::population::block::{Block, Event, WINDOW, index32, slot};
use crate::population::synapses::{Channel, SynapseKind};
use crate::population::{Population, Precision};
use crate::spikes::Spike;

/// All projections of a network, in rows of targets.
#[derive(Debug, Clone)]
pub(crate) struct Wiring {
    rows: Vec<Rows>,
    /// Channel of each projection: 0 for delta synapses, else one more than its index.
    channels: Vec<u32>,
    /// Steps that any spike takes at least.
    pub shortest_delay: u64,
}

impl<T: Precision> Population<T> {
    /// Wires the neurons, before the first step.
    ///
    /// Neurons then advance together by the shortest delay before spikes are exchanged; a spike reaches its targets at
    /// its own time plus the delay, within a step.
    ///
    /// # Errors
    ///
    /// [`NeuroError::Dangling`] for a neuron that does not exist, [`NeuroError::DelayTooShort`] for a delay of less
    /// than a step, zero among them, and [`hexad_core::InputError`] for lengths that differ, weights and time constants
    /// that are not finite or not positive, or a population that has already run.
    pub fn connected(mut self, projections: &[Projection]) -> Result<Self, NeuroError> {
        if self.step > 0 {
            let (value, allowed) = (self.step as f64, "0: wire a population before it runs");
            return Err(hexad_core::InputError::OutOfRange { argument: "step", value, allowed }.into());
        }
        let mut kinds: Vec<SynapseKind> = Vec::new();
        let (mut rows, mut channels) = (Vec::new(), Vec::new());
        for projection in projections {
            projection.synapse.check()?;
            rows.push(Rows::new(projection, self.neurons, self.plan.dt_ms)?);
            channels.push(channel_of(projection.synapse, &mut kinds));
        }
        let shortest = rows.iter().map(Rows::shortest_delay).min().unwrap_or(WINDOW);
        let longest = rows.iter().map(Rows::longest_delay).max().unwrap_or(0);
        // A spike of this chunk arrives by the end of the chunk plus the longest delay.
        self.build_blocks(usize::try_from(WINDOW + longest + 2).unwrap_or(usize::MAX));
        let capacitance = self.plan.membrane.model.capacitance_uf_cm2;
        for block in &mut self.blocks {
            let channel =
                |kind: &SynapseKind| Channel::new(*kind, block.groups.len(), self.plan.dt_ms, capacitance);
            block.channels = kinds.iter().map(channel).collect();
        }
        self.wiring = Some(Wiring { rows, channels, shortest_delay: shortest });
        Ok(self)
    }

    /// Number of connections.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.wiring.as_ref().map_or(0, |wiring| wiring.rows.iter().map(Rows::len).sum())
    }
}

fn channel_of(kind: SynapseKind, kinds: &mut Vec<SynapseKind>) -> u32 {
    if kind == SynapseKind::Delta {
        return 0;
    }
    let place = kinds.iter().position(|other| *other == kind);
    let place = place.unwrap_or_else(|| {
        kinds.push(kind);
        kinds.len() - 1
    });
    index32(place + 1)
}

impl Wiring {
    /// Enters the arrivals of `spikes` into the calendars: for every target in the order of the spikes.
    pub fn deliver<T: Precision>(&self, spikes: &[Spike], blocks: &mut [Block<T>], dt_ms: f64) {
        if spikes.is_empty() {
            return;
        }
        let work = |block: &mut Block<T>| {
            for spike in spikes {
                for (rows, channel) in self.rows.iter().zip(&self.channels) {
                    enter(rows, *channel, spike, block, dt_ms);
                }
            }
        };
        if blocks.len() > 1 && spikes.len() > 64 && rayon::current_num_threads() > 1 {
            blocks.par_iter_mut().for_each(work);
        } else {
            blocks.iter_mut().for_each(work);
        }
    }
}

fn enter<T: Precision>(rows: &Rows, kind: u32, spike: &Spike, block: &mut Block<T>, dt_ms: f64) {
    let slots = block.calendar.len() as u64;
    let own = rows.of(spike.neuron, block.first..block.first + block.count);
    let mut known = (f64::NAN, 0, rows.synapse.response(0.0, dt_ms));
    for synapse in own {
        let delay = rows.delay_steps(synapse);
        if delay != known.0 {
            let steps = spike.offset + delay;
            let whole = steps.floor();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at least one step")]
            let arrival = spike.step + whole as u64;
            known = (delay, slot(arrival, slots), rows.synapse.response(steps - whole, dt_ms));
        }
        let (weight, response) = (rows.weight(synapse), &known.2);
        let lane = rows.target(synapse) - index32(block.first);
        let first = if kind == 0 { response.first } else { weight * response.first };
        let (second, third) = (weight * response.second, weight * response.third);
        block.calendar[known.1].push(Event { lane, kind, first, second, third });
    }
}
