//! Spikes and how they are found.

use hexad_core::{InputError, check_finite};

use crate::integrators::{StepCurrent, crank_nicolson_gates, rk4};
use crate::model::Membrane;
use crate::state::State;

/// When a neuron spikes: V crosses `level_mv` upward, after having been below `rearm_mv`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// What V must cross, in mV. Default 0.
    pub level_mv: f64,
    /// Below what V must have been since the last spike, in mV. Default -30.
    pub rearm_mv: f64,
}

impl Default for Threshold {
    fn default() -> Self {
        Self { level_mv: 0.0, rearm_mv: -30.0 }
    }
}

impl Threshold {
    pub(crate) fn check(&self) -> Result<(), InputError> {
        check_finite("level_mv", &[self.level_mv])?;
        if self.rearm_mv <= self.level_mv {
            return Ok(());
        }
        let allowed = "at most level_mv";
        Err(InputError::OutOfRange { argument: "rearm_mv", value: self.rearm_mv, allowed })
    }
}

/// A spike.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spike {
    /// Index of the neuron.
    pub neuron: usize,
    /// The step in which it happened.
    pub step: u64,
    /// Where in that step, from 0 to 1.
    pub offset: f64,
    /// When, in ms.
    pub time_ms: f64,
}

impl Spike {
    pub(crate) fn new(neuron: usize, step: u64, offset: f64, dt_ms: f64) -> Self {
        Self { neuron, step, offset, time_ms: (step as f64 + offset) * dt_ms }
    }
}

/// The times of `spikes`, in ms.
#[must_use]
pub fn spike_times_ms(spikes: &[Spike]) -> Vec<f64> {
    spikes.iter().map(|spike| spike.time_ms).collect()
}

/// Whether the next crossing counts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Detector {
    threshold: Threshold,
    armed: bool,
}

impl Detector {
    pub fn new(threshold: Threshold, v_mv: f64) -> Self {
        Self { threshold, armed: v_mv < threshold.level_mv }
    }

    /// Whether V, now at `v_mv`, has just crossed.
    #[inline]
    pub fn crosses(&mut self, v_mv: f64) -> bool {
        if self.armed && v_mv >= self.threshold.level_mv {
            self.armed = false;
            return true;
        }
        self.armed |= v_mv < self.threshold.rearm_mv;
        false
    }
}

/// Where in a segment the cubic with these ends and slopes crosses `level`, from 0 to 1; slopes are per segment.
pub(crate) fn crossing(level: f64, [start, end]: [f64; 2], [slope, end_slope]: [f64; 2]) -> f64 {
    if start >= level {
        return 0.0;
    }
    let rise = end - start;
    let (second, third) = (3.0 * rise - 2.0 * slope - end_slope, slope + end_slope - 2.0 * rise);
    let value = |x: f64| start - level + x * (slope + x * (second + x * third));
    let steepness = |x: f64| slope + x * (2.0 * second + x * (3.0 * third));
    // Newton within a bracket that halves where Newton leaves it.
    let (mut low, mut high) = (0.0, 1.0);
    let mut x = (level - start) / rise;
    for _ in 0..60 {
        let error = value(x);
        if error < 0.0 {
            low = x
        } else {
            high = x
        }
        let newton = x - error / steepness(x);
        let next = if newton >= low && newton <= high { newton } else { 0.5 * (low + high) };
        if (next - x).abs() < 1e-15 {
            break;
        }
        x = next;
    }
    x
}

/// A step of the staggered scheme in which V crossed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CrossedStep {
    /// V at its start, and the gates in its middle.
    pub middle: State,
    /// V at its end.
    pub end_mv: f64,
    /// Injected current, in uA/cm2.
    pub current: f64,
    pub dt_ms: f64,
}

impl CrossedStep {
    /// Where in the step V crossed `level_mv`; `jumps` are offsets and heights, in order.
    pub fn offset(&self, membrane: &Membrane, level_mv: f64, jumps: &[(f64, f64)]) -> f64 {
        let start = crank_nicolson_gates(membrane, &self.middle, self.middle.v_mv, -0.5 * self.dt_ms);
        if !jumps.is_empty() {
            return self.offset_among(membrane, level_mv, start, jumps);
        }
        let middle = State { v_mv: self.end_mv, ..self.middle };
        let end = crank_nicolson_gates(membrane, &middle, self.end_mv, 0.5 * self.dt_ms);
        self.between(membrane, level_mv, [&start, &end], self.dt_ms)
    }

    /// The step once more, in pieces from jump to jump.
    fn offset_among(&self, membrane: &Membrane, level_mv: f64, start: State, jumps: &[(f64, f64)]) -> f64 {
        let current = StepCurrent { start: self.current, middle: self.current, end: self.current };
        let (mut state, mut at) = (start, 0.0);
        for (offset, jump_mv) in jumps.iter().copied().chain([(1.0, 0.0)]) {
            let length_ms = (offset - at) * self.dt_ms;
            let next = rk4(membrane, &state, length_ms, &current);
            if next.v_mv >= level_mv {
                return at + (offset - at) * self.between(membrane, level_mv, [&state, &next], length_ms);
            }
            (state, at) = (next.jumped(jump_mv), offset);
            if state.v_mv >= level_mv {
                return offset;
            }
        }
        1.0
    }

    fn between(&self, membrane: &Membrane, level_mv: f64, ends: [&State; 2], length_ms: f64) -> f64 {
        let slopes = ends.map(|state| length_ms * membrane.slope_mv(state, self.current));
        crossing(level_mv, ends.map(|state| state.v_mv), slopes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cubic_is_crossed_where_it_is() {
        let (value, slope) = (|x: f64| x * x * x + x - 1.0, |x: f64| 3.0 * x * x + 1.0);
        let x = crossing(0.0, [value(0.0), value(1.0)], [slope(0.0), slope(1.0)]);
        assert!(value(x).abs() < 1e-14, "{x}");
        assert_eq!(crossing(0.0, [1.0, 2.0], [1.0, 1.0]), 0.0);
        assert_eq!(crossing(0.0, [-1.0, 1.0], [2.0, 2.0]), 0.5);
    }

    #[test]
    fn a_spike_counts_once_until_the_potential_was_low() {
        let mut detector = Detector::new(Threshold::default(), -65.0);
        let crossings = [-10.0, 5.0, -5.0, 3.0, -29.0, 1.0, -31.0, 0.0].map(|v| detector.crosses(v));
        assert_eq!(crossings, [false, true, false, false, false, false, false, true]);
        assert!(!Detector::new(Threshold::default(), 10.0).crosses(20.0));
        assert!(Threshold { level_mv: 0.0, rearm_mv: 1.0 }.check().is_err());
    }
}
