//! What `hexad neuron population` says about its work.

use std::fmt;

use serde::Serialize;

use crate::args::neuron::current;
use crate::args::neuron::population::PopulationArgs;
use crate::commands::neuron::recording::{Firing, Setting, WINDOW_MS};
use crate::commands::neuron::simulation::{Course, Simulated, Speed};
use crate::report::Written;
use crate::units::four_digits;

/// The JSON object, and in words.
#[derive(Debug, Serialize)]
pub struct Summary {
    model: String,
    neurons: usize,
    inputs_excitatory: usize,
    inputs_inhibitory: usize,
    current: String,
    #[serde(flatten)]
    course: Course,
    #[serde(flatten)]
    speed: Speed,
    outputs: Vec<Written>,
}

impl Summary {
    /// What is known at the end.
    pub fn new(
        args: &PopulationArgs,
        setting: &Setting,
        simulated: &Simulated,
        outputs: Vec<Written>,
    ) -> Self {
        let (inputs_excitatory, inputs_inhibitory) = args.source_counts();
        Self {
            model: args.membrane.words(),
            neurons: args.neurons,
            inputs_excitatory,
            inputs_inhibitory,
            current: current::words(&args.current),
            course: Course::new(setting, simulated, args.precision.name(), args.seed),
            speed: simulated.speed(args.neurons, args.dt),
            outputs,
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "neurons     {} of {}, {}", self.neurons, self.model, self.course.precision())?;
        writeln!(
            f,
            "input       {} excitatory and {} inhibitory sources each, {} uA/cm2",
            self.inputs_excitatory, self.inputs_inhibitory, self.current
        )?;
        self.course.describe(f)?;
        self.speed.describe(f)?;
        self.outputs.iter().try_for_each(|output| writeln!(f, "wrote       {}", output.path))
    }
}

impl Firing {
    /// In a few lines.
    pub fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let spread = self.rate_sd_hz.map_or_else(String::new, |sd| format!(" \u{b1} {}", four_digits(sd)));
        let silent = if self.silent > 0 { format!(", {} silent", self.silent) } else { String::new() };
        writeln!(f, "spikes      {}: {}{spread} Hz{silent}", self.spikes, four_digits(self.rate_hz))?;
        let known =
            |name: &str, value: Option<f64>| value.map(|value| format!("{name} {}", four_digits(value)));
        let fano = known(&format!("Fano factor in {WINDOW_MS} ms"), self.fano);
        let words: Vec<_> = known("CV", self.isi_cv).into_iter().chain(fano).collect();
        if words.is_empty() { Ok(()) } else { writeln!(f, "intervals   {}", words.join(", ")) }
    }
}

impl Speed {
    /// In one line, if anything was simulated.
    pub fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Some(factor), Some(rate)) = (self.real_time_factor, self.neuron_steps_per_s) else {
            return writeln!(f, "speed       nothing was left to simulate");
        };
        writeln!(
            f,
            "speed       {} times real time, {} million neuron-steps per s",
            four_digits(factor),
            four_digits(1e-6 * rate)
        )
    }
}
