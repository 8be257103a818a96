//! What `hexad neuron fi` says about its work.

use std::fmt;

use serde::Serialize;

use super::curve::Curve;
use crate::args::neuron::fi::FiArgs;
use crate::report::Written;
use crate::units::four_digits;

/// The JSON object, and in words.
#[derive(Debug, Serialize)]
pub struct Summary {
    model: String,
    integrator: &'static str,
    dt_ms: f64,
    duration_ms: f64,
    current: Vec<f64>,
    rate_hz: Vec<f64>,
    spike_counts: Vec<usize>,
    rheobase: Option<f64>,
    onset: Option<f64>,
    onset_rate_hz: Option<f64>,
    rest_stable_below: Option<f64>,
    outputs: Vec<Written>,
}

impl Summary {
    /// What is known of a curve.
    pub fn new(args: &FiArgs, curve: &Curve, outputs: Vec<Written>) -> Self {
        Self {
            model: args.membrane.words(),
            integrator: "staggered",
            dt_ms: args.dt,
            duration_ms: args.duration,
            current: curve.currents.clone(),
            rate_hz: curve.rates_hz.clone(),
            spike_counts: curve.spikes.clone(),
            rheobase: curve.rheobase,
            onset: curve.onset.map(|(current, _)| current),
            onset_rate_hz: curve.onset.map(|(_, rate_hz)| rate_hz),
            rest_stable_below: curve.rest_stable_below,
            outputs,
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "neuron      {}, {} currents of {} to {} uA/cm2 for {} ms each",
            self.model,
            self.current.len(),
            self.current[0],
            self.current[self.current.len() - 1],
            self.duration_ms
        )?;
        match self.rheobase {
            Some(0.0) => writeln!(f, "rheobase    0: it fires without current, for rest is not stable")?,
            Some(current) => writeln!(f, "rheobase    {current:.5} uA/cm2: one spike, switched on at rest")?,
            None => writeln!(f, "rheobase    none up to 1000 uA/cm2")?,
        }
        match (self.onset, self.onset_rate_hz) {
            (Some(current), Some(rate_hz)) => {
                writeln!(
                    f,
                    "onset       {} uA/cm2: it keeps firing, at {} Hz",
                    four_digits(current),
                    four_digits(rate_hz)
                )?;
            }
            _ => writeln!(f, "onset       not within these currents")?,
        }
        if let Some(current) = self.rest_stable_below.filter(|current| *current > 0.0) {
            writeln!(f, "rest        stable below {} uA/cm2", four_digits(current))?;
        }
        let highest = self.rate_hz.iter().copied().fold(0.0, f64::max);
        writeln!(f, "rate        up to {} Hz", four_digits(highest))?;
        self.outputs.iter().try_for_each(|output| writeln!(f, "wrote       {}", output.path))
    }
}
