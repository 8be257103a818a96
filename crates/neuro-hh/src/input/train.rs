//! One Poisson train: all superposed groups of a neuron, or one source.

use crate::input::{Drawing, PoissonGroup};
use crate::random::{Stream, StreamKey};

/// What a [`Train`] draws from: one or more groups, in shares of their peak rates.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Mixture {
    gap_ms: f64,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, PartialEq)]
struct Part {
    /// The part is chosen by numbers in `[0, 1)` below this and not below the part before.
    until: f64,
    group: usize,
    weight_mv: f64,
    modulated: Option<PoissonGroup>,
}

impl Mixture {
    /// All superposed groups as one train.
    pub fn superposed(groups: &[PoissonGroup]) -> Self {
        let chosen = groups.iter().enumerate().filter(|(_, group)| group.drawing == Drawing::Superposed);
        Self::new(chosen.map(|(index, group)| (index, group, group.sources as f64)).collect())
    }

    /// All groups as one train, whatever their [`Drawing`].
    pub fn all(groups: &[PoissonGroup]) -> Self {
        Self::new(
            groups.iter().enumerate().map(|(index, group)| (index, group, group.sources as f64)).collect(),
        )
    }

    /// One source of `group`.
    pub fn single(index: usize, group: &PoissonGroup) -> Self {
        Self::new(vec![(index, group, 1.0)])
    }

    fn new(chosen: Vec<(usize, &PoissonGroup, f64)>) -> Self {
        let rates: Vec<f64> = chosen.iter().map(|(_, group, count)| count * group.peak_per_ms()).collect();
        let total: f64 = rates.iter().sum();
        let mut until = 0.0;
        let mut parts = Vec::new();
        for ((group, spec, _), rate) in chosen.into_iter().zip(rates) {
            if rate > 0.0 {
                until += rate / total;
                let modulated = spec.modulation.is_some().then(|| spec.clone());
                parts.push(Part { until, group, weight_mv: spec.weight_mv, modulated });
            }
        }
        if let Some(last) = parts.last_mut() {
            last.until = f64::INFINITY;
        }
        Self { gap_ms: 1.0 / total, parts }
    }

    pub fn is_silent(&self) -> bool {
        self.parts.is_empty()
    }

    /// Group and weight of a candidate at `time_ms`, or `None` if thinning rejects it.
    #[inline]
    fn choose(&self, stream: &mut Stream, time_ms: f64) -> Option<(usize, f64)> {
        // Counted, not searched for: which part it is cannot be foretold, so no branch may depend on it.
        let index = match &self.parts[..] {
            [_] => 0,
            parts => {
                let u = stream.unit();
                parts.iter().map(|part| usize::from(u >= part.until)).sum()
            }
        };
        let part = self.parts.get(index)?;
        match &part.modulated {
            Some(group) if stream.unit() >= group.share(time_ms) => None,
            _ => Some((part.group, part.weight_mv)),
        }
    }
}

/// A Poisson train, drawn event by event. Two events are known ahead: whoever asks for the next has not to wait for the
/// one after it to be drawn.
#[derive(Debug, Clone)]
pub(crate) struct Train {
    stream: Stream,
    next_ms: [f64; 2],
}

impl Train {
    pub fn new(mixture: &Mixture, key: &StreamKey) -> Self {
        let mut train = Self { stream: Stream::new(key), next_ms: [0.0; 2] };
        if mixture.is_silent() {
            train.next_ms = [f64::INFINITY; 2];
        } else {
            train.draw(mixture);
            train.draw(mixture);
        }
        train
    }

    /// As it was when [`Train::position`] was taken.
    pub fn at(key: &StreamKey, (next_ms, position): ([f64; 2], u128)) -> Self {
        Self { stream: Stream::at(key, position), next_ms }
    }

    pub fn position(&self) -> ([f64; 2], u128) {
        (self.next_ms, self.stream.position())
    }

    /// Time of the next candidate, in ms; infinite if there is none.
    #[inline]
    pub fn next_ms(&self) -> f64 {
        self.next_ms[0]
    }

    /// Takes the next candidate: its time, and its group and weight unless thinning rejects it.
    #[inline]
    pub fn take(&mut self, mixture: &Mixture) -> (f64, Option<(usize, f64)>) {
        let time_ms = self.next_ms[0];
        let chosen = mixture.choose(&mut self.stream, time_ms);
        self.draw(mixture);
        (time_ms, chosen)
    }

    #[inline]
    fn draw(&mut self, mixture: &Mixture) {
        let gap_ms = mixture.gap_ms * self.stream.exponential();
        self.next_ms = [self.next_ms[1], self.next_ms[1] + gap_ms];
    }
}
