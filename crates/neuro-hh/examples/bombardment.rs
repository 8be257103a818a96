//! The question that this crate answers: a Hodgkin-Huxley neuron under Poisson spike trains, each spike transmitted
//! with probability 0.5. With 100 inputs it works, with 5,000 "it takes forever to run".

use std::time::Instant;

use hexad_neuro_hh::{
    Current, Model, NeuroError, Neuron, NeuronOptions, State, Synapse, bombardment, interval_statistics,
    spike_times_ms,
};

const DURATION_MS: f64 = 300.0;
const STEP_MS: f64 = 0.01;

fn main() -> Result<(), NeuroError> {
    println!("inputs    arrivals    spikes    mean interval (ms)    CV    time (ms)");
    for inputs in [100, 1_000, 5_000] {
        let options = question(inputs);
        let begun = Instant::now();
        let firing = Neuron::new(&Model::classic(), STEP_MS, &options)?.run(DURATION_MS)?.firing;
        let took_ms = 1e3 * begun.elapsed().as_secs_f64();
        let arrivals: u64 = firing.arrivals.iter().sum();
        let intervals = interval_statistics(&spike_times_ms(&firing.spikes));
        let (spikes, mean_ms, cv) = (firing.spikes.len(), intervals.mean_ms, intervals.cv);
        println!("{inputs:6} {arrivals:11} {spikes:9} {mean_ms:21.2} {cv:5.2} {took_ms:12.2}");
    }
    let seed = question(100).with_synapse(Synapse::Seed);
    let firing = Neuron::new(&Model::classic(), STEP_MS, &seed)?.run(DURATION_MS)?.firing;
    println!("\nThe question's program multiplies each input by its step: 0.01 mV in place of 1 mV.");
    println!(
        "With 100 inputs that leaves {} spike, at {:.3} ms.",
        firing.spikes.len(),
        firing.spikes[0].time_ms
    );
    Ok(())
}

/// Four fifths excite by 1 mV, the others inhibit by 4 mV, each at 10 Hz; a current of 3 uA/cm2.
fn question(inputs: usize) -> NeuronOptions {
    NeuronOptions::default()
        .with_start(State::QUESTION)
        .with_current(Current::constant(3.0))
        .with_poisson(bombardment(inputs / 5 * 4, inputs / 5, 10.0, 0.5, 1.0, 4.0))
}
