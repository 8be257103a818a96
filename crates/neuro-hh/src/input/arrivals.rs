//! The arrivals at one neuron, in order of time.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use hexad_core::InputError;

use crate::input::{Arrival, Drawing, Mixture, PoissonGroup, Train};
use crate::random::StreamKey;

/// The spikes that arrive at one neuron, in order of time, without end: the same for every step and every chunk.
///
/// ```
/// use hexad_neuro_hh::{Arrivals, PoissonGroup, StreamKey};
/// let groups = [PoissonGroup::new(80, 10.0, 1.0).with_release(0.5)];
/// let arrivals = Arrivals::new(&groups, &StreamKey::default())?;
/// let count = arrivals.take_while(|arrival| arrival.time_ms < 10_000.0).count();
/// assert!((3_700..4_300).contains(&count));
/// # Ok::<(), hexad_core::InputError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Arrivals {
    kinds: Vec<Mixture>,
    trains: Vec<(Train, usize, Option<usize>)>,
    /// The next candidate of every train; bits of times that are not negative are ordered as the times are.
    queue: BinaryHeap<Reverse<(u64, usize)>>,
}

impl Arrivals {
    /// The arrivals of `groups` at the neuron that `key` names; its `source` is not used.
    ///
    /// # Errors
    ///
    /// [`InputError`] for a rate or weight that is not finite, a negative rate or a release outside `[0, 1]`.
    pub fn new(groups: &[PoissonGroup], key: &StreamKey) -> Result<Self, InputError> {
        groups.iter().try_for_each(PoissonGroup::check)?;
        let mut kinds = vec![Mixture::superposed(groups)];
        let mut trains = vec![(Train::new(&kinds[0], &StreamKey { source: 0, ..*key }), 0, None)];
        let mut source = 0;
        for (index, group) in
            groups.iter().enumerate().filter(|(_, group)| group.drawing == Drawing::PerSource)
        {
            let mixture = Mixture::single(index, group);
            for within in 0..group.sources {
                source += 1;
                let train = Train::new(&mixture, &StreamKey { source, ..*key });
                trains.push((train, kinds.len(), Some(within)));
            }
            kinds.push(mixture);
        }
        let finite = trains.iter().enumerate().filter(|(_, (train, ..))| train.next_ms().is_finite());
        let queue = finite.map(|(index, (train, ..))| Reverse((train.next_ms().to_bits(), index))).collect();
        Ok(Self { kinds, trains, queue })
    }
}

impl Iterator for Arrivals {
    type Item = Arrival;

    fn next(&mut self) -> Option<Arrival> {
        loop {
            let mut first = self.queue.peek_mut()?;
            let index = first.0.1;
            let (train, kind, source) = &mut self.trains[index];
            let (time_ms, chosen) = train.take(&self.kinds[*kind]);
            *first = Reverse((train.next_ms().to_bits(), index));
            if let Some((group, weight_mv)) = chosen {
                return Some(Arrival { time_ms, weight_mv, group, source: *source });
            }
        }
    }
}
