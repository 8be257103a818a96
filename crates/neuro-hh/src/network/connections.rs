//! Who is connected with whom.

use std::ops::Range;

use hexad_core::{InputError, check_finite, check_length};

use crate::error::NeuroError;
use crate::population::SynapseKind;
use crate::population::block::index32;
use crate::random::{Stream, StreamKey};

/// Longest delay in steps: every block of neurons keeps a bucket for each of them.
const LONGEST_DELAY: f64 = 1_048_576.0;

/// Connections of one kind of synapse.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    /// What a spike does.
    pub synapse: SynapseKind,
    /// From which neurons to which.
    pub connections: Connections,
}

/// Pairs of neurons with weights and delays; the same pair may stand more than once.
#[derive(Debug, Clone, PartialEq)]
pub struct Connections {
    /// Neurons whose spikes travel.
    pub sources: Vec<usize>,
    /// Neurons that they reach.
    pub targets: Vec<usize>,
    /// One weight for all, or one each; its unit is the synapse's.
    pub weights: Vec<f64>,
    /// One delay for all, or one each, in ms.
    pub delays_ms: Vec<f64>,
}

impl Connections {
    /// Every pair of two different neurons from `sources` and `targets` with `probability`, each row drawn from a
    /// stream of its source's own.
    ///
    /// # Errors
    ///
    /// [`InputError::OutOfRange`] unless `probability` is from 0 to 1.
    pub fn random(
        sources: Range<usize>,
        targets: Range<usize>,
        probability: f64,
        weight: f64,
        delay_ms: f64,
        seed: u64,
    ) -> Result<Self, InputError> {
        if !(0.0..=1.0).contains(&probability) {
            let allowed = "a probability from 0 to 1";
            return Err(InputError::OutOfRange { argument: "probability", value: probability, allowed });
        }
        let mut pairs = Self {
            sources: Vec::new(),
            targets: Vec::new(),
            weights: vec![weight],
            delays_ms: vec![delay_ms],
        };
        for source in sources {
            let key = StreamKey { seed, run: u64::MAX, neuron: source as u64, source: targets.start as u64 };
            pairs.draw_row(source, targets.clone(), probability, &mut Stream::new(&key));
        }
        Ok(pairs)
    }

    /// Gaps between successes are geometric: exponential ones, rounded down.
    fn draw_row(&mut self, source: usize, targets: Range<usize>, probability: f64, stream: &mut Stream) {
        let mean_gap = -1.0 / libm::log1p(-probability);
        let mut target = targets.start;
        loop {
            if probability < 1.0 {
                let gap = (stream.exponential() * mean_gap).floor();
                if gap >= targets.len() as f64 {
                    return;
                }
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the row")]
                let gap = gap as usize;
                target += gap;
            }
            if target >= targets.end {
                return;
            }
            if target != source {
                self.sources.push(source);
                self.targets.push(target);
            }
            target += 1;
        }
    }
}

/// Connections in rows, one per source, sorted by target.
#[derive(Debug, Clone)]
pub(crate) struct Rows {
    pub synapse: SynapseKind,
    starts: Vec<usize>,
    targets: Vec<u32>,
    weights: Vec<f64>,
    delays: Vec<f64>,
}

impl Rows {
    pub fn new(projection: &Projection, neurons: usize, dt_ms: f64) -> Result<Self, NeuroError> {
        let Connections { sources, targets, weights, delays_ms } = &projection.connections;
        check_length("targets", targets.len(), sources.len())?;
        for (argument, values) in [("weights", weights), ("delays_ms", delays_ms)] {
            if values.len() != 1 {
                check_length(argument, values.len(), sources.len())?;
            }
            check_finite(argument, values)?;
        }
        check_neurons("sources", sources, neurons)?;
        check_neurons("targets", targets, neurons)?;
        let delays: Vec<f64> = delays_ms.iter().map(|delay_ms| delay_ms / dt_ms).collect();
        if let Some(index) = delays.iter().position(|delay| *delay < 1.0) {
            return Err(NeuroError::DelayTooShort { index, delay_ms: delays_ms[index], dt_ms });
        }
        if let Some(index) = delays.iter().position(|delay| *delay > LONGEST_DELAY) {
            let (delay_ms, longest_ms) = (delays_ms[index], LONGEST_DELAY * dt_ms);
            return Err(NeuroError::DelayTooLong { index, delay_ms, longest_ms });
        }
        let mut order: Vec<usize> = (0..sources.len()).collect();
        order.sort_by_key(|connection| (sources[*connection], targets[*connection]));
        let mut starts = vec![0; neurons + 1];
        for source in sources {
            starts[source + 1] += 1;
        }
        for neuron in 0..neurons {
            starts[neuron + 1] += starts[neuron];
        }
        let arranged = |values: Vec<f64>| match values[..] {
            [_] => values,
            _ => order.iter().map(|connection| values[*connection]).collect(),
        };
        Ok(Self {
            synapse: projection.synapse,
            starts,
            targets: order.iter().map(|connection| index32(targets[*connection])).collect(),
            weights: arranged(weights.clone()),
            delays: arranged(delays),
        })
    }

    pub fn len(&self) -> usize {
        self.targets.len()
    }

    /// Connections of `source`.
    pub fn of(&self, source: usize) -> Range<usize> {
        self.starts[source]..self.starts[source + 1]
    }

    /// The first connection of `source` with a target from `target` on.
    pub fn first_of(&self, source: usize, target: usize) -> usize {
        let own = self.of(source);
        own.start + self.targets[own].partition_point(|other| (*other as usize) < target)
    }

    /// The delay in steps that all have in common.
    pub fn common_delay(&self) -> Option<f64> {
        if let [delay] = self.delays[..] { Some(delay) } else { None }
    }

    pub fn target(&self, connection: usize) -> u32 {
        self.targets[connection]
    }

    pub fn weight(&self, connection: usize) -> f64 {
        if let [weight] = self.weights[..] { weight } else { self.weights[connection] }
    }

    pub fn delay_steps(&self, connection: usize) -> f64 {
        self.common_delay().unwrap_or_else(|| self.delays[connection])
    }

    /// Whole steps that every spike takes at least.
    pub fn shortest_delay(&self) -> u64 {
        whole(self.delays.iter().copied().fold(f64::INFINITY, f64::min).min(1e6))
    }

    pub fn longest_delay(&self) -> u64 {
        whole(self.delays.iter().copied().fold(0.0, f64::max).ceil())
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "steps, at least one")]
fn whole(steps: f64) -> u64 {
    steps as u64
}

fn check_neurons(argument: &'static str, indices: &[usize], neurons: usize) -> Result<(), NeuroError> {
    match indices.iter().position(|neuron| *neuron >= neurons) {
        Some(index) => Err(NeuroError::Dangling { argument, index, neuron: indices[index], neurons }),
        None => Ok(()),
    }
}
