//! What `hexad neuron run` says about its work.

use std::fmt;

use hexad_neuro_hh::{Firing, interval_statistics, spike_times_ms};
use serde::Serialize;

use super::watch::Extremes;
use crate::args::neuron::current;
use crate::args::neuron::run::{RunArgs, SynapseKind};
use crate::report::Written;
use crate::units::four_digits;

/// The JSON object, and in words.
#[derive(Debug, Serialize)]
pub struct Summary {
    model: String,
    integrator: &'static str,
    dt_ms: f64,
    duration_ms: f64,
    steps: u64,
    seed: u64,
    current: String,
    synapse: &'static str,
    jump_excitatory_mv: f64,
    jump_inhibitory_mv: f64,
    arrivals_excitatory: u64,
    arrivals_inhibitory: u64,
    spikes: Vec<f64>,
    rate_hz: f64,
    isi_mean_ms: Option<f64>,
    isi_cv: Option<f64>,
    v_min: f64,
    v_max: f64,
    outputs: Vec<Written>,
}

impl Summary {
    /// What is known of a run of `steps` steps.
    pub fn new(
        args: &RunArgs,
        steps: u64,
        firing: &Firing,
        extremes: Extremes,
        outputs: Vec<Written>,
    ) -> Self {
        let spikes = spike_times_ms(&firing.spikes);
        let intervals = interval_statistics(&spikes);
        let known = |value: f64| value.is_finite().then_some(value);
        let arrivals = |group: usize| firing.arrivals.get(group).copied().unwrap_or(0);
        let duration_ms = steps as f64 * args.dt;
        let [jump_excitatory_mv, jump_inhibitory_mv] = args.jumps_mv();
        Self {
            model: args.membrane.words(),
            integrator: args.integrator.integrator(1.0).name(),
            dt_ms: args.dt,
            duration_ms,
            steps,
            seed: args.seed,
            current: current::words(&args.current),
            synapse: match args.synapse {
                SynapseKind::Delta => "delta",
                SynapseKind::Seed => "seed",
            },
            jump_excitatory_mv,
            jump_inhibitory_mv,
            arrivals_excitatory: arrivals(0),
            arrivals_inhibitory: arrivals(1),
            rate_hz: 1000.0 * spikes.len() as f64 / duration_ms,
            isi_mean_ms: known(intervals.mean_ms),
            isi_cv: known(intervals.cv),
            spikes,
            v_min: extremes.lowest_mv,
            v_max: extremes.highest_mv,
            outputs,
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "neuron      {}, {} ms in {} steps of {} ms, {}",
            self.model, self.duration_ms, self.steps, self.dt_ms, self.integrator
        )?;
        writeln!(f, "current     {} uA/cm2", self.current)?;
        writeln!(
            f,
            "arrivals    {} of {} mV, {} of {} mV",
            self.arrivals_excitatory,
            four_digits(self.jump_excitatory_mv),
            self.arrivals_inhibitory,
            four_digits(self.jump_inhibitory_mv)
        )?;
        if self.synapse == "seed" {
            writeln!(f, "            jumps are weight * dt: --synapse delta moves V by the weight itself")?;
        }
        match self.spikes.first() {
            Some(first) => writeln!(
                f,
                "spikes      {}, the first at {} ms: {} Hz",
                self.spikes.len(),
                four_digits(*first),
                four_digits(self.rate_hz)
            )?,
            None => writeln!(f, "spikes      0")?,
        }
        if let Some(mean_ms) = self.isi_mean_ms {
            let cv = self.isi_cv.map_or_else(String::new, |cv| format!(", CV {}", four_digits(cv)));
            writeln!(f, "intervals   {} ms{cv}", four_digits(mean_ms))?;
        }
        writeln!(f, "voltage     {} to {} mV", four_digits(self.v_min), four_digits(self.v_max))?;
        self.outputs.iter().try_for_each(|output| writeln!(f, "wrote       {}", output.path))
    }
}
