//! What a run of one neuron leaves behind.

use crate::spikes::Spike;
use crate::state::State;

/// A neuron at the start of a step.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sample {
    /// When, in ms.
    pub time_ms: f64,
    /// Membrane potential and gates.
    pub state: State,
    /// Sodium current, in uA/cm2; outward is positive.
    pub i_na: f64,
    /// Potassium current, in uA/cm2.
    pub i_k: f64,
    /// Leak current, in uA/cm2.
    pub i_l: f64,
    /// Sum of the jumps that arrived since the sample before, in mV.
    pub synaptic_mv: f64,
}

/// Spikes and arrivals.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Firing {
    /// The spikes, in order.
    pub spikes: Vec<Spike>,
    /// Arrivals from each group.
    pub arrivals: Vec<u64>,
    /// Where the neuron ended.
    pub end: Option<State>,
}

/// Traces of one neuron, one vector per quantity, and its [`Firing`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Recording {
    /// The traces.
    pub samples: Traces,
    /// Spikes and arrivals.
    pub firing: Firing,
}

/// One vector per quantity of [`Sample`].
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Traces {
    /// Times, in ms.
    pub time_ms: Vec<f64>,
    /// Membrane potential, in mV.
    pub v_mv: Vec<f64>,
    /// Activation of sodium.
    pub m: Vec<f64>,
    /// Inactivation of sodium.
    pub h: Vec<f64>,
    /// Activation of potassium.
    pub n: Vec<f64>,
    /// Sodium current, in uA/cm2.
    pub i_na: Vec<f64>,
    /// Potassium current, in uA/cm2.
    pub i_k: Vec<f64>,
    /// Leak current, in uA/cm2.
    pub i_l: Vec<f64>,
    /// Sum of the jumps that arrived since the sample before, in mV.
    pub synaptic_mv: Vec<f64>,
}

impl Recording {
    /// Empties it, with room for so many samples.
    pub(super) fn clear(&mut self, samples: usize) {
        let Traces { time_ms, v_mv, m, h, n, i_na, i_k, i_l, synaptic_mv } = &mut self.samples;
        for trace in [time_ms, v_mv, m, h, n, i_na, i_k, i_l, synaptic_mv] {
            trace.clear();
            trace.reserve(samples);
        }
        self.firing.spikes.clear();
        self.firing.arrivals.clear();
        self.firing.end = None;
    }
}

impl Traces {
    /// Adds a sample.
    #[inline]
    pub fn push(&mut self, sample: &Sample) {
        let Sample { time_ms, state, i_na, i_k, i_l, synaptic_mv } = *sample;
        self.time_ms.push(time_ms);
        self.v_mv.push(state.v_mv);
        self.m.push(state.m);
        self.h.push(state.h);
        self.n.push(state.n);
        self.i_na.push(i_na);
        self.i_k.push(i_k);
        self.i_l.push(i_l);
        self.synaptic_mv.push(synaptic_mv);
    }
}
