//! What `hexad neuron network` says about its work.

use std::fmt;

use serde::Serialize;

use super::config::Config;
use crate::commands::neuron::recording::{Firing, Setting};
use crate::commands::neuron::simulation::{Course, Simulated, Speed};
use crate::report::Written;
use crate::units::four_digits;

/// The JSON object, and in words.
#[derive(Debug, Serialize)]
pub struct Summary {
    model: &'static str,
    neurons: usize,
    connections: usize,
    #[serde(flatten)]
    course: Course,
    populations: Vec<Part>,
    #[serde(flatten)]
    speed: Speed,
    outputs: Vec<Written>,
}

/// One population.
#[derive(Debug, Serialize)]
struct Part {
    name: String,
    first: usize,
    neurons: usize,
    #[serde(flatten)]
    firing: Firing,
}

impl Summary {
    /// What is known at the end.
    pub fn new(
        config: &Config,
        connections: usize,
        setting: &Setting,
        simulated: &Simulated,
        outputs: Vec<Written>,
    ) -> Self {
        let statistics = &simulated.recording.statistics;
        let neurons = config.neurons();
        let part = |population: &super::config::PopulationSpec| Part {
            name: population.name.clone(),
            first: population.neurons.start,
            neurons: population.neurons.len(),
            firing: statistics.firing(population.neurons.clone()),
        };
        Self {
            model: config.model.name,
            neurons,
            connections,
            course: Course::new(
                setting,
                simulated,
                if config.is_single { "f32" } else { "f64" },
                config.seed,
            ),
            populations: config.populations.iter().map(part).collect(),
            speed: simulated.speed(neurons, config.dt_ms),
            outputs,
        }
    }
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { neurons, connections, model, course, .. } = self;
        let precision = course.precision();
        writeln!(f, "network     {neurons} neurons, {connections} connections, {model}, {precision}")?;
        course.describe(f)?;
        if self.populations.len() > 1 {
            for part in &self.populations {
                let cv =
                    part.firing.isi_cv.map_or_else(String::new, |cv| format!(", CV {}", four_digits(cv)));
                let rate = four_digits(part.firing.rate_hz);
                writeln!(
                    f,
                    "  {}: {} neurons, {} spikes, {rate} Hz{cv}",
                    part.name, part.neurons, part.firing.spikes
                )?;
            }
        }
        self.speed.describe(f)?;
        self.outputs.iter().try_for_each(|output| writeln!(f, "wrote       {}", output.path))
    }
}
