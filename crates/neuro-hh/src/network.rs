//! Recurrent networks: spikes that reach other neurons after a delay.

mod connections;

pub use connections::{Connections, Projection};

use rayon::prelude::*;

use crate::error::NeuroError;
use crate::network::connections::Rows;
use crate::population::block::{Block, WINDOW, index32};
use crate::population::jumps::Jump;
use crate::population::synapses::{Arrival, Channel, Response, SynapseKind};
use crate::population::{Population, Precision};
use crate::spikes::Spike;

/// All projections of a network, in rows of targets.
#[derive(Debug, Clone)]
pub(crate) struct Wiring {
    rows: Vec<Rows>,
    /// Channel of each projection; none for delta synapses.
    channels: Vec<Option<u32>>,
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
    /// than a step, zero among them, [`NeuroError::DelayTooLong`] for one of more than 2^20 steps, and
    /// [`hexad_core::InputError`] for lengths that differ, weights and time constants
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

fn channel_of(kind: SynapseKind, kinds: &mut Vec<SynapseKind>) -> Option<u32> {
    if kind == SynapseKind::Delta {
        return None;
    }
    let place = kinds.iter().position(|other| *other == kind);
    let place = place.unwrap_or_else(|| {
        kinds.push(kind);
        kinds.len() - 1
    });
    Some(index32(place))
}

impl Wiring {
    /// Enters the arrivals of `spikes` into the calendars: for every target in the order of the spikes.
    pub fn deliver<T: Precision>(&self, spikes: &[Spike], blocks: &mut [Block<T>], dt_ms: f64) {
        let of_spike =
            |spike| (self.rows.iter().zip(&self.channels)).map(move |row| Delivery::new(row, spike, dt_ms));
        let deliveries: Vec<Delivery> = spikes.iter().flat_map(of_spike).collect();
        if blocks.len() > 1 && spikes.len() > 64 && rayon::current_num_threads() > 1 {
            blocks.par_iter_mut().for_each(|block| {
                for delivery in &deliveries {
                    delivery.enter(delivery.rows.first_of(delivery.spike.neuron, block.first), block);
                }
            });
        } else {
            for delivery in &deliveries {
                let first = delivery.rows.of(delivery.spike.neuron).start;
                blocks.iter_mut().fold(first, |next, block| delivery.enter(next, block));
            }
        }
    }
}

/// A spike on its way through one projection.
struct Delivery<'a> {
    rows: &'a Rows,
    /// None for delta synapses.
    channel: Option<u32>,
    spike: &'a Spike,
    dt_ms: f64,
    /// Where all connections have one delay.
    common: Option<Moment>,
}

/// When a spike arrives and what it does there with weight 1.
#[derive(Clone, Copy)]
struct Moment {
    step: u64,
    offset: f64,
    response: Response,
}

impl<'a> Delivery<'a> {
    fn new((rows, channel): (&'a Rows, &Option<u32>), spike: &'a Spike, dt_ms: f64) -> Self {
        let delivery = Self { rows, channel: *channel, spike, dt_ms, common: None };
        Self { common: rows.common_delay().map(|delay| delivery.moment(delay)), ..delivery }
    }

    /// For the connections from `next` on that lead into `block`; returns the first that does not.
    fn enter<T: Precision>(&self, mut next: usize, block: &mut Block<T>) -> usize {
        let (end, past) = (self.rows.of(self.spike.neuron).end, index32(block.first + block.count));
        while next < end && self.rows.target(next) < past {
            let moment = self.common.unwrap_or_else(|| self.moment(self.rows.delay_steps(next)));
            let (lane, weight) = (self.rows.target(next) - index32(block.first), self.rows.weight(next));
            if let Some(channel) = self.channel {
                let response = moment.response.times(weight);
                block.arrivals.enter(moment.step, Arrival { lane, channel, response });
            } else {
                let half = 2 * moment.step + u64::from(moment.offset >= 0.5);
                block.jumps.enter(half, Jump { lane, offset: moment.offset, weight_mv: weight });
            }
            next += 1;
        }
        next
    }

    fn moment(&self, delay: f64) -> Moment {
        let steps = self.spike.offset + delay;
        let offset = steps - steps.floor();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "at least one step")]
        let step = self.spike.step + steps as u64;
        Moment { step, offset, response: self.rows.synapse.response(offset, self.dt_ms) }
    }
}
