//! The same spikes, whoever computes them and in how many pieces.

use std::error::Error;

use hexad_neuro_hh::{
    Connections, Model, NeuroError, Population, PopulationOptions, Precision, Projection, Spike, SynapseKind,
    bombardment,
};

use crate::validate::claim::{Bound, Claim, Outcome};

const NEURONS: usize = 1000;
const DURATION_MS: f64 = 100.0;

pub(super) fn spikes() -> Outcome {
    let mut tally = Tally::default();
    tally.count::<f64>(false)?;
    tally.count::<f32>(false)?;
    tally.count::<f64>(true)?;
    tally.count::<f32>(true)?;
    Ok(Claim::new(
        "1,000 neurons under bombardment, alone and wired by four kinds of synapses, in f64 and f32: with 1, 2 and 3 \
         threads, in blocks of 64 to 4,096, run in five pieces, stopped at three moments and resumed from bytes in a \
         population of other blocks. Measured: spikes that are not the same by neuron, step and time to the last bit.",
        tally.different as f64,
        Bound::AtMost(0.0),
    )
    .note(format!("{} runs of {} spikes in all", tally.runs, tally.spikes)))
}

#[derive(Default)]
struct Tally {
    runs: usize,
    spikes: usize,
    different: usize,
}

impl Tally {
    fn count<T: Precision>(&mut self, wired: bool) -> Result<(), Box<dyn Error>> {
        let wanted = run(&mut population::<T>(512, wired)?, &[DURATION_MS])?;
        for block in [64, 128, 1024, 4096] {
            self.compare(&run(&mut population::<T>(block, wired)?, &[DURATION_MS])?, &wanted);
        }
        for threads in 1..=3 {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
            let mut population = population::<T>(64, wired)?;
            self.compare(&pool.install(|| run(&mut population, &[DURATION_MS]))?, &wanted);
        }
        let pieces = [0.025, 12.0, 1.6, 0.05, 86.325];
        self.compare(&run(&mut population::<T>(256, wired)?, &pieces)?, &wanted);
        for stop_ms in [0.4, 7.025, 63.3] {
            let mut first = population::<T>(512, wired)?;
            let mut spikes = run(&mut first, &[stop_ms])?;
            let mut second = population::<T>(64, wired)?;
            second.resume(&first.checkpoint())?;
            spikes.extend(run(&mut second, &[DURATION_MS - stop_ms])?);
            self.compare(&spikes, &wanted);
        }
        Ok(())
    }

    fn compare(&mut self, got: &[Spike], wanted: &[Spike]) {
        self.runs += 1;
        self.spikes += got.len();
        self.different += got.len().abs_diff(wanted.len());
        self.different += got.iter().zip(wanted).filter(|(got, wanted)| got != wanted).count();
    }
}

fn population<T: Precision>(block: usize, wired: bool) -> Result<Population<T>, NeuroError> {
    let options = PopulationOptions::default()
        .with_poisson(bombardment(102, 26, 5.0, 0.9, 3.0, 1.0))
        .with_currents((0..NEURONS).map(|neuron| 0.006 * neuron as f64).collect())
        .with_seed(8)
        .with_block(block);
    let population = Population::new(&Model::classic(), NEURONS, 0.025, &options)?;
    if wired { population.connected(&wiring()?) } else { Ok(population) }
}

/// Delays from a few steps to a few milliseconds, hardly one a whole step.
fn wiring() -> Result<Vec<Projection>, NeuroError> {
    let kinds = [
        (SynapseKind::Delta, 0.3),
        (SynapseKind::ExponentialCurrent { tau_ms: 2.0 }, 0.8),
        (SynapseKind::AlphaCurrent { tau_ms: 1.5 }, 0.5),
        (SynapseKind::Conductance { tau_ms: 5.0, reversal_mv: -80.0 }, 0.02),
    ];
    let projection = |(seed, (synapse, weight)): (u64, (SynapseKind, f64))| {
        let mut connections = Connections::random(0..NEURONS, 0..NEURONS, 0.01, weight, 1.5, seed)?;
        let count = connections.sources.len();
        connections.delays_ms = (0..count).map(|index| 0.31 + (index % 50) as f64 * 0.0713).collect();
        Ok(Projection { synapse, connections })
    };
    (0..).zip(kinds).map(projection).collect()
}

fn run<T: Precision>(population: &mut Population<T>, pieces: &[f64]) -> Result<Vec<Spike>, NeuroError> {
    let mut spikes = Vec::new();
    for duration_ms in pieces {
        population.run(*duration_ms, &mut spikes)?;
    }
    Ok(spikes)
}
